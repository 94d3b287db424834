"""What code, a message or a page refers to is in the repository, and so is the chapter it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHERE = ("engine", "schemas", "scripts", "tests", "benchmarks", "docs", "reports", "rules")
ALSO = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "pyproject.toml", ".ci/run")
SUFFIXES = {".py", ".md", ".json", ".yaml", ".yml", ".j2", ".xml", ".toml", ".txt", ""}
#: A page named in passing; what stands before it may be a folder.
_PAGE = re.compile(r"(?<![\w*{}<./-])((?:\.\./|[\w.-]+/)*[\w-]+\.md)\b(?!\w)")
#: A chapter: it must be of a page that is named just before, or of one more of the same page.
_CHAPTER = re.compile(r"§ ?(\d+(?:\.\d+)*)")
_OF_PAGE = re.compile(
    r"([\w./-]+\.md)\)?(?:[`\]）)]|\s|#[^)\s]*)*[(（]?(?:§ ?[\d.]+(?:、|,? and |, ?| ))*$"
)
#: Published standards, whose chapters are looked up in them.
_STANDARD = re.compile(r"SARIF|XCCDF|ECMA-376|JUnit|OSCAL|XML 1.0|GB/T")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
pytestmark = pytest.mark.checkout


def files() -> Iterator[Path]:
    for top in WHERE:
        for path in sorted((ROOT / top).rglob("*")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts[-3:])
            golden = "golden" in path.parts
            if path.is_file() and path.suffix in SUFFIXES and not (hidden or golden):
                yield path
    yield from (ROOT / name for name in ALSO)


def page(name: str, of: Path) -> Path | None:
    """The page that a name means: from the root, beside what names it, or in docs/."""
    for base in (ROOT, of.parent, ROOT / "docs"):
        found = base / name
        if found.is_file():
            return found
    return None


def test_every_page_that_is_named_exists() -> None:
    strays = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files()
        for name in _PAGE.findall(path.read_text("utf-8", "replace"))
        if page(name, path) is None
    ]
    assert strays == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    strays = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in files()
        if path.suffix == ".md"
        for target in _LINK.findall(path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert strays == []


def test_every_chapter_that_is_named_is_a_heading_of_its_page() -> None:
    strays = []
    for path in files():
        text = path.read_text("utf-8", "replace")
        for found in _CHAPTER.finditer(text):
            before = re.sub(r"\n\s*#?:?\s*", " ", text[max(0, found.start() - 160) : found.start()])
            named = _OF_PAGE.search(before)
            if not named and _STANDARD.search(before):
                continue
            where = page(named[1], path) if named else path if path.suffix == ".md" else None
            headings = where.read_text("utf-8") if where else ""
            if not re.search(rf"^#+ {re.escape(found[1])}[ .、]", headings, re.M):
                line = text.count("\n", 0, found.start()) + 1
                strays.append(f"{path.relative_to(ROOT)}:{line}: §{found[1]}")
    assert strays == []
