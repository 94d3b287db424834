"""Tables that schools really hand in: a mark nobody sees, a note below, a heading again.

Each is read as what it looks like and listed, or told where it stands; none condemns a school.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from tests.support.reported import DATA, changed, checked, outcomes, read_as, told

from kehou import packs
from kehou.submission import Submission, load

SCHEMA = packs.load().schema


def test_a_mark_that_nobody_sees_is_no_part_of_an_id() -> None:
    report = checked(DATA / "invisible-mark-in-id")
    assert outcomes(report)["ref-subsidy-staff-id"] == "pass"
    assert ("staff.csv:2", "T01\u200e", "T01") in read_as(report)


def test_a_text_kept_from_a_spreadsheet_is_that_text() -> None:
    report = checked(DATA / "excel-text-wrapper")
    found = outcomes(report)
    assert found["ref-subsidy-staff-id"] == found["ref-ledger-rows-student-id"] == "pass"
    assert ("staff.csv:2", '="T01"等 2 处', "T01") in read_as(report)
    assert ("roster.csv:2", '="20211101"等 4 处', "20211101") in read_as(report)


def test_an_id_made_a_power_of_ten_is_told_where_it_stands() -> None:
    report = checked(DATA / "scientific-id-csv")
    [(place, found)] = told(report)
    assert (place, found) == ("roster.csv:4", "2.02111E+07")
    [fault] = report.submission.faults
    assert fault.path == "/roster/2/student_id"
    assert "科学计数法" in fault.hint and "文本" in fault.hint
    assert outcomes(report)["ref-ledger-rows-student-id"] not in ("fail", "review")


def test_what_a_merged_cell_covers_is_not_taken_in_silence() -> None:
    report = checked(DATA / "hidden-under-merge")
    [(place, found)] = told(report)
    assert place == "roster.xlsx:名册!D3" and "D2" in found and "盖住" in found
    assert [fault.path for fault in report.submission.faults] == ["/roster/1/exempt_categories"]
    assert "取消合并" in report.submission.faults[0].hint


def test_notes_and_signatures_below_a_table_are_no_records(tmp_path: Path) -> None:
    report = checked(DATA / "note-below-table")
    assert not report.submission.faults
    said = [(place, read) for place, _, read in read_as(report)]
    assert said == [
        ("ledger.csv:6", "未读（说明，不是记录）"),
        ("roster.csv:6", "未读（说明，不是记录）"),
    ]
    for name in ("ledger.csv", "roster.csv"):
        lines = (DATA / "note-below-table" / name).read_text("utf-8").splitlines(keepends=True)
        (folder := tmp_path / "plain").mkdir(exist_ok=True)
        (folder / name).write_text("".join(lines[:5]), "utf-8")
    (folder / "plan.yaml").write_bytes((DATA / "note-below-table" / "plan.yaml").read_bytes())
    assert outcomes(report) == outcomes(checked(folder))


def test_headings_again_amid_a_table_are_no_record(tmp_path: Path) -> None:
    report = checked(DATA / "repeated-header")
    assert not report.submission.faults
    assert [row for row in read_as(report) if "表头" in row[1]] == [
        ("roster.csv:4", "第4行：重复的表头", "未读（表头，不是记录）")
    ]
    heading = (DATA / "repeated-header" / "roster.csv").read_text("utf-8").splitlines()[0] + "\n"
    text = (DATA / "repeated-header" / "roster.csv").read_text("utf-8")
    folder = changed("repeated-header", tmp_path)
    (folder / "roster.csv").write_text(heading + text.replace(heading, ""), "utf-8")
    assert outcomes(report) == outcomes(checked(folder))


ROSTER = "学生编号,班级,年级,减免类别,是否需要服务,申请日期\n"
ROW = "20211101,一年级1班,一年级,无,是,2021-08-29\n"
LEDGER = "序号,日期,凭证号,收支,收支项目,类别,学生编号,金额,账户\n"
ENTRY = "1,2021-09-28,JZ001,收入,九月费用,家长缴费,20211101,50.00,学校账户\n"
ATTENDANCE = "日期,时段编号,人员编号,应到人数,实到人数,交接是否签字\n"
DAY = "2021-09-28,S1,T01,40,40,是\n"
ASIDES = [
    "注：以上金额单位为元",
    "注1：以上为九月的数",
    "（注：本表一式两份）",
    "备注:本表由本校填写,,,",
    "附注：见附件",
    "填表人：甲,,审核人：乙,,日期：2021年11月17日",
    "填表人：,甲,审核人：,乙,填表日期：,2021-11-17",
    "制表人 甲",
    "校长（签字）：,,,,,",
    "※ 本表不含退费",
    "第 1 页 共 2 页",
    ",,以下空白,,",
    "以上各项均与原始凭证一致，如有不符由本校负责",
]


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize(
    ("name", "heading", "row"),
    [
        ("roster", ROSTER, ROW),
        ("ledger", LEDGER, ENTRY),
        ("attendance", ATTENDANCE, DAY),
    ],
)
def test_a_row_that_is_none_is_passed_over_and_listed_in_any_table(
    tmp_path: Path, name: str, heading: str, row: str, aside: str
) -> None:
    width = heading.count(",")
    aside += "," * (width - aside.count(","))
    path = tmp_path / f"{name}.csv"
    path.write_text(f"{heading}{row}{aside}\n{heading}{row}".replace("JZ001", "JZ002"), "utf-8")
    found = load(tmp_path, SCHEMA)
    rows = found.tree[name]["rows"] if name == "ledger" else found.tree[name]
    assert len(rows) == 2 and not found.faults
    said = [(n.location.line, n.read) for n in found.normalised if n.read.startswith("未读")]
    assert said == [(3, "未读（说明，不是记录）"), (4, "未读（表头，不是记录）")]


@pytest.mark.parametrize(
    "row",
    [
        "2,2021-09-29,JZ002,支出,说明：退费,退费,,50.00,学校账户",
        "备注：退费,2021-09-29,JZ002,支出,退费,退费,,50.00,学校账户",
        "3,,,,,,,,",
    ],
)
def test_a_row_that_may_be_a_record_stays_one(tmp_path: Path, row: str) -> None:
    (tmp_path / "ledger.csv").write_text(f"{LEDGER}{ENTRY}{row}\n注：甲,,,,,,,,\n", "utf-8")
    assert len(load(tmp_path, SCHEMA).tree["ledger"]["rows"]) == 2


# --- cells that a merged one covers ---------------------------------------------------------------


def merged(tmp_path: Path, area: str, under: dict[str, str]) -> Submission:
    """A roster whose cells in an area are merged, some of them with a value underneath."""
    made = openpyxl.Workbook()
    page: Any = made.active
    for line in (ROSTER, ROW, ROW.replace("01,", "02,", 1), ROW.replace("01,", "03,", 1)):
        page.append(line.strip().split(","))
    page.merge_cells(area)
    for at, value in under.items():
        row, column = page[at].row, page[at].column
        page._cells[row, column] = Cell(page, row, column, value)
    made.save(tmp_path / "roster.xlsx")
    return load(tmp_path, SCHEMA)


def test_what_is_covered_and_the_same_is_filled_down(tmp_path: Path) -> None:
    found = merged(tmp_path, "D2:D4", {"D3": "无"})
    assert not found.faults
    assert len({str(row["exempt_categories"]) for row in found.tree["roster"]}) == 1


@pytest.mark.parametrize(
    ("area", "under", "field"),
    [
        ("D2:D4", "D4", "exempt_categories"),
        ("C2:D2", "D2", "exempt_categories"),
        ("A2:F4", "E3", "wants_service"),
    ],
)
def test_what_is_covered_and_differs_is_believed_nowhere(
    tmp_path: Path, area: str, under: str, field: str
) -> None:
    value = {"exempt_categories": "残疾学生", "wants_service": "否"}[field]
    found = merged(tmp_path, area, {under: value})
    assert [fault.location.cell for fault in found.faults if "盖住" in fault.found] == [
        f"Sheet!{under}"
    ]
    assert field not in found.tree["roster"][int(under[1]) - 2]


def test_a_heading_that_is_covered_names_no_column(tmp_path: Path) -> None:
    found = merged(tmp_path, "C1:D1", {"D1": "减免类别"})
    unseen = [fault.location.cell for fault in found.faults if "看不见" in fault.found]
    assert unseen == ["Sheet!D1"]
    assert all("exempt_categories" not in row for row in found.tree["roster"])
