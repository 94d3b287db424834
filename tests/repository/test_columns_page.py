"""docs/columns.md says what the program knows."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.checkout
def test_the_page_of_headings_is_generated() -> None:
    page = runpy.run_path(str(ROOT / "scripts/columns-page"))["page"]
    assert (ROOT / "docs/columns.md").read_text("utf-8") == page(), "请运行 scripts/columns-page"
