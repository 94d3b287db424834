"""What is asked for by paper: everything that is missing, on as few pages as somebody reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.conftest import CHECKOUT
from tests.support.office import printed

from kehou.checking import CheckOptions
from kehou.model.outcomes import Owner, Stage
from kehou.packs import Pack
from kehou.remedy import letter_papers
from kehou.remedy.letter import as_docx, as_text
from kehou.remedy.missing_evidence import Letter, letter

EXAMPLES = CHECKOUT / "examples"
#: The most pages of an inspection's letter to a school that handed in a plan, and to one with half.
PAGES = {"primary-compliant": 3, "first-check": 3, "nine-year-incomplete": 4}
SHELF: dict[str, Pack] = {}

pytestmark = pytest.mark.checkout


def asked(name: str) -> Letter:
    options = CheckOptions(packs=("bayannur-2021",), stage=Stage.INSPECTION, engine="direct")
    return letter(str(EXAMPLES / name), options, shelf=SHELF)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_missing_field_and_every_red_line_stands_in_the_letter(
    name: str, tmp_path: Path
) -> None:
    found = asked(name)
    wanted = [m for m in found.report.missing_evidence if m.owner is Owner.SUBJECT]
    assert wanted
    (tmp_path / "信.docx").write_bytes(as_docx(found))
    with ZipFile(tmp_path / "信.docx") as parts:
        document = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    results = {result.rule: result for result in found.report.results}
    for told in (as_text(found), document):
        for missing in wanted:
            assert missing.label.split("·")[-1].strip() in told
            for rule in missing.settles:
                if results[rule].severity == "critical":
                    assert results[rule].title in told


def test_a_red_line_is_named_once_and_after_that_with_the_paper_that_has_it() -> None:
    told = as_text(asked("nine-year-incomplete"))
    title = "机构的课程不是学科类"
    assert len(re.findall(f"[：；]{title}[；。]", told)) == 1
    assert re.search(r"4\.机构（plan\.yaml）：整份没有.*\n.*其中红线3项：3项见第1份", told)


def test_each_paper_is_a_row_and_says_how_many_wait_for_it() -> None:
    found = asked("primary-compliant")
    texts = [paper for paper in letter_papers.papers(found)]
    lines = as_text(found).splitlines()
    for number, paper in enumerate(texts, 1):
        at = next(n for n, line in enumerate(lines) if f"{number}.{paper.title}（" in line)
        assert lines[at + 1].strip().startswith(f"补上可判定{len(paper.results)}项")


@pytest.mark.needs("soffice", "pdfinfo", "pdftotext")
@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_letter_is_no_longer_than_somebody_reads(
    name: str, tmp_path: Path, program: Callable[[str], str]
) -> None:
    file = tmp_path / "信.docx"
    file.write_bytes(as_docx(asked(name)))
    assert len(printed(file, program)) <= PAGES[name]
