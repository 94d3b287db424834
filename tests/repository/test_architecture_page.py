"""The picture of the house is drawn from the imports as they are now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.checkout


def test_the_picture_is_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "architecture-picture", "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_every_package_is_in_the_picture_and_the_page_names_it() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    picture = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    for init in (ROOT / "engine" / "kehou").glob("*/__init__.py"):
        assert f">{init.parent.name}</text>" in picture
        assert f"`{init.parent.name}" in page, f"docs/architecture.md 没有说到 {init.parent.name}"
