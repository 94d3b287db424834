"""docs/library.md: its examples run in the order of the page and print what it says."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
from pathlib import Path

import pytest

import kehou

ROOT = Path(os.environ.get("KEHOU_CHECKOUT") or Path(__file__).parents[2])
PAGE = ROOT / "docs" / "library.md"


def blocks(page: str) -> list[tuple[int, str, str]]:
    """(line, code, output) of each example; the output is the ``text`` block that follows it."""
    found = re.finditer(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", page, re.M | re.S)
    return [(page.count("\n", 0, m.start()) + 1, m[1], m[2] or "") for m in found]


def run(page: str) -> list[tuple[int, str, str]]:
    """(line, printed, promised) of each example that prints something else than the page says."""
    names: dict[str, object] = {}
    wrong = []
    for line, code, promised in blocks(page):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * line + code, str(PAGE), "exec"), names)
        if printed.getvalue() != promised:
            wrong.append((line, printed.getvalue(), promised))
    return wrong


@pytest.fixture
def _beside_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_beside_the_examples")
def test_every_example_runs_and_prints_what_the_page_says() -> None:
    assert run(PAGE.read_text("utf-8")) == []


def test_an_example_that_prints_something_else_is_found() -> None:
    example = "```python\nprint({0})\n```\n\n```text\n{1}\n```\n\n"
    page = example.format(1, 1) + example.format(2, 3)
    assert run(page) == [(9, "2\n", "3\n")]


def test_every_name_of_the_face_is_in_the_page() -> None:
    page = PAGE.read_text("utf-8")
    named = set(re.findall(r"\bkehou\.(\w+)", page)) | set(re.findall(r"`(\w+)", page))
    assert {name for name in kehou.__all__ if name[0] != "_"} - named == set()
