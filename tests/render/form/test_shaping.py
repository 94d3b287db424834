"""A few answers leave out what does not apply, and what they state is stated in the file."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import kehou
from kehou.cli.main import main
from kehou.commands.form import workbook
from kehou.errors import UsageError
from kehou.fields.asks import answered, asks
from kehou.model.outcomes import Outcome, Stage
from kehou.packs import Pack
from kehou.packs import available as available_packs
from kehou.submission import carry, load

pytestmark = pytest.mark.checkout

EXAMPLE = Path(__file__).parents[3] / "examples" / "primary-compliant"
PLAIN = {"学段": "小学", "机构": "否", "寄宿": "否", "供餐": "否", "校外": "否"}
APPROVAL = Stage.APPROVAL


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    return [kehou.load_pack(name) for name in available_packs()]


@pytest.fixture(scope="module")
def plain(packs: list[Pack]) -> dict[str, Any]:
    """The example without its vendor: nothing of the sheets that the answers leave out."""
    tree = copy.deepcopy(carry(load(EXAMPLE, packs[0].schema, APPROVAL)).tree)
    vendors = {row["vendor_id"] for row in tree.pop("vendors")}
    plan = tree["plan"]
    del plan["vendor_mechanisms"]
    plan["uses_vendors"] = "否"
    gone = {row["course_id"] for row in plan["courses"] if row["vendor_id"] in vendors}
    for rows in (plan["sessions"], plan["courses"], tree["staff"]):
        rows[:] = [row for row in rows if row.get("vendor_id") not in vendors]
        for row in rows:
            row.pop("vendor_id", None)
    plan["sessions"][:] = [row for row in plan["sessions"] if row.get("course_id") not in gone]
    return tree


def sheets(data: bytes) -> list[str]:
    return [page.title for page in load_workbook(io.BytesIO(data)) if page.sheet_state == "visible"]


def test_a_plain_primary_school_has_twelve_sheets_to_fill(packs: list[Pack]) -> None:
    found = sheets(workbook(packs, APPROVAL, {}, PLAIN))
    assert len(found) == 1 + 12 and "机构" not in found


def test_what_a_table_s_whole_cell_empties_is_the_table_and_not_the_sheet(
    packs: list[Pack],
) -> None:
    """A short form puts tables on the sheet of the plan: whoever obeyed emptied all of it."""
    book = load_workbook(io.BytesIO(workbook(packs, APPROVAL, {}, PLAIN)))
    told = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    hints = [text for text in told if "其余各格留空" in text]
    assert hints
    assert not [text for text in hints if "这张表的其余各格" in text]


def test_what_is_left_out_is_missed_by_nothing(
    packs: list[Pack], plain: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "申报表.xlsx"
    file.write_bytes(workbook(packs, APPROVAL, plain, PLAIN))
    options = kehou.CheckOptions(stage=APPROVAL, engine="direct", packs=tuple(available_packs()))
    report = kehou.check(str(file), options)
    asked = {
        pointer
        for result in report.results
        for finding in result.findings
        if finding.outcome is Outcome.INSUFFICIENT
        for pointer in finding.missing
        if "vendor" in pointer or pointer.startswith(("/plan/bed", "/plan/wake", "/plan/covers"))
    }
    assert report.submission.faults == () and asked == set()
    kept = carry(load(file, packs[0].schema, APPROVAL)).tree
    assert kept["vendors"] == "无" and kept["plan"]["vendor_mechanisms"] == "无"


def test_numbered_lines_are_read_as_the_rows_they_are(
    packs: list[Pack], plain: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "申报表.xlsx"
    file.write_bytes(workbook(packs, APPROVAL, plain, PLAIN))
    kept = carry(load(file, packs[0].schema, APPROVAL)).tree
    for name in ("publicity", "leading_group", "dismissal_times", "homework_goal"):
        assert len(kept["plan"][name]) == len(plain["plan"][name]), name
    assert kept["plan"]["publicity"] == plain["plan"]["publicity"]
    assert kept["safety"]["insurance"] == plain["safety"]["insurance"]


def test_a_line_left_out_between_two_is_no_row(packs: list[Pack], tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(workbook(packs, APPROVAL, {}, PLAIN)))
    lines = {row[0].value: row[1] for row in book["安全"].iter_rows(min_row=4)}
    lines["责任人1·职务"].value, lines["责任人3·职务"].value = "校长", "安全副校长"
    file = tmp_path / "申报表.xlsx"
    book.save(file)
    found = load(file, packs[0].schema, APPROVAL)
    assert found.tree["safety"]["responsible_persons"] == [
        {"post": "校长"},
        {"post": "安全副校长"},
    ]
    place = found.locate("/safety/responsible_persons/1/post")
    assert place.cell == f"安全!{lines['责任人3·职务'].coordinate}"


def test_an_answer_does_not_silence_what_is_there(packs: list[Pack]) -> None:
    tree = carry(load(EXAMPLE, packs[0].schema, APPROVAL)).tree
    with pytest.raises(UsageError, match="回答说没有"):
        workbook(packs, APPROVAL, tree, PLAIN)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (("学段", "小学、初中"), "小学、初中"),
        (("寄宿", "是"), "是"),
        (("机构", ""), "否"),
        (("收费", ""), "免费"),
    ],
)
def test_answers_are_read_as_the_field_is(
    packs: list[Pack], given: tuple[str, str], found: str
) -> None:
    assert answered(asks(packs[0].schema), [given]) == {given[0]: found}


@pytest.mark.parametrize("words", ["机场=否", "收费=随便", "学段="])
def test_a_wrong_answer_is_told_with_what_may_be_written(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["form", "--answer", words, "-o", str(tmp_path / "表.xlsx")]) == 2
    assert "请：" in capsys.readouterr().err
