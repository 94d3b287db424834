"""Next term's form begins with last term's: the old term's own is emptied, the rest is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

import kehou
from kehou.cli.main import main
from kehou.errors import UsageError
from kehou.packs import Pack
from kehou.render.form import period_of
from kehou.submission import load

pytestmark = pytest.mark.checkout

EVIDENCE = Path(__file__).parents[3] / "examples" / "folder-with-evidence"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return kehou.load_pack("bayannur-2021")


@pytest.mark.parametrize(
    ("words", "year", "term"),
    [
        ("2022春", "2021-2022", "春季学期"),
        ("2022年春季学期", "2021-2022", "春季学期"),
        ("2021-2022学年第二学期", "2021-2022", "春季学期"),
        ("2021—2022学年度下学期", "2021-2022", "春季学期"),
        ("2022秋", "2022-2023", "秋季学期"),
        ("２０２２年秋季", "2022-2023", "秋季学期"),
        ("2022-2023第一学期", "2022-2023", "秋季学期"),
    ],
)
def test_a_term_is_read_as_people_write_it(pack: Pack, words: str, year: str, term: str) -> None:
    assert period_of([pack], words) == {"plan.school_year": year, "plan.term": term}


@pytest.mark.parametrize("words", ["春", "2022", "2041春", "下学期", "2021-2023第二学期"])
def test_what_could_be_another_term_is_refused(pack: Pack, words: str) -> None:
    with pytest.raises(UsageError, match="不知道"):
        period_of([pack], words)


def test_the_old_terms_own_is_emptied_and_the_rest_is_marked(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "新学期.xlsx"
    arguments = ["form", "--from", str(EVIDENCE), "--term", "2022春", "-o", str(file)]
    assert main(arguments) == 0
    found = load(file, pack.schema)
    assert found.faults == ()
    assert not found.tree.keys() & {"roster", "attendance", "ledger", "subsidy", "approval"}
    plan = found.tree["plan"]
    assert (plan["school_year"], plan["term"]) == ("2021-2022", "spring")
    assert not plan.keys() & {"version", "term_start", "service_start", "filed_on", "publicity"}
    assert plan["sessions"][0]["start"] and found.tree["safety"]["insurance"][0]["end"]
    assert all("consent_date" not in row for row in found.tree["staff"])

    book = load_workbook(file)
    green = {
        f"{page.title}!{cell.coordinate}"
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == "00E2EFDA"
    }
    told = "\n".join(str(cell.value) for row in book["填表说明"].iter_rows() for cell in row)
    name, year = found.locate("/school/name").cell, found.locate("/plan/school_year").cell
    assert name in green and year not in green
    assert f"浅绿色的 {len(green)} 格" in told and "沿用" in told
