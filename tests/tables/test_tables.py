"""Ledgers, rosters and other tables from elsewhere: what a column is, which rows are records.

A wrong column or a total counted as a payment would condemn a school, or clear it, for nothing.
"""

from __future__ import annotations

import datetime
import io
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from kehou import data
from kehou.fields import Field
from kehou.fields.fields import read_schema
from kehou.model.values import Fault
from kehou.readers import DEFAULT, read
from kehou.readers.files import open_text
from kehou.readers.grids import CsvGrid
from kehou.submission import Submission, load
from kehou.tables import read as tables
from kehou.tables.rows import Table

SCHEMA = read_schema(data.schemas(), "submission")
Row = Sequence[object]


def book(rows: Sequence[Row], merged: Sequence[str] = (), title: str = "表", **more: Any) -> bytes:
    """A workbook of one sheet with these rows; ``more`` sheets by name."""
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = title
    for row in rows:
        first.append(list(row))
    for area in merged:
        first.merge_cells(area)
    for name, others in more.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def given(tmp_path: Path, **files: str | bytes) -> Submission:
    """A submission of these files; ``ledger__xlsx`` is ledger.xlsx."""
    for name, content in files.items():
        path = tmp_path / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(tmp_path, SCHEMA)


def notes(submission: Submission) -> dict[str, str]:
    return {n.written: n.read for n in submission.normalised}


def only(submission: Submission) -> Fault:
    assert len(submission.faults) == 1, submission.faults
    return submission.faults[0]


def place(fault: Fault) -> str | int | None:
    return fault.location.cell or fault.location.line


LEDGER = [
    ("序号", "日期", "收支", "收支项目", "类别", "金额", "账户"),
    (1, datetime.date(2021, 9, 28), "收入", "九月费用", "家长缴费", 50, "学校账户"),
    (2, datetime.date(2021, 9, 29), "支出", "九月水费", "水费", 20.5, "学校账户"),
]
SPLIT = "序号,日期,摘要,收入,支出\n1,2021-09-28,服务费,50,\n2,2021-09-29,水费,,20.50\n"


# --- files that have always been read ------------------------------------------------------------


def tables_of_examples() -> list[Path]:
    folder = Path(__file__).parents[2] / "examples"
    found = [path for path in folder.rglob("*.csv") if path.stem in SCHEMA.parts]
    return [p for p in found if "broken" not in p.parts]


@pytest.mark.checkout
@pytest.mark.parametrize("path", tables_of_examples(), ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_table_of_the_schemas_headings_reads_as_it_always_has(path: Path) -> None:
    """Read by headings, the rows and their places are those of the plain reader."""
    part = SCHEMA.root.fields[SCHEMA.parts[path.stem]]
    target = tables.rows_of(part)
    assert target is not None
    plain = read(path.name, path.read_bytes())
    table = Table(
        CsvGrid(open_text(path.name, path.read_bytes()), DEFAULT), part, target, SCHEMA.columns
    )
    assert table.ordinary
    document = table.document()
    assert (document.tree, document.header) == (plain.tree, plain.header)
    assert (document.notes, document.problems, document.dropped) == ((), (), ())
    for pointer in ("/0", f"/1/{plain.header[0]}", f"/2/{plain.header[-1]}"):
        assert document.span(pointer) == plain.span(pointer)
        assert document.key_span(pointer) == plain.key_span(pointer)


@pytest.mark.checkout
def test_the_same_table_in_a_workbook_says_the_same(tmp_path: Path) -> None:
    """Every table of the example, its cells as text, gives the tree that its .csv file gives."""
    import csv

    source = Path(__file__).parents[2] / "examples" / "folder-with-evidence"
    for path in sorted(source.glob("*.csv")):
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        ours, theirs = tmp_path / f"{path.stem}-x", tmp_path / f"{path.stem}-c"
        for place in (ours, theirs):
            place.mkdir()
            (place / "plan.yaml").write_text("fee: {mode: free}\n", "utf-8")
        (ours / f"{path.stem}.xlsx").write_bytes(book(rows))
        (theirs / path.name).write_bytes(path.read_bytes())
        a, b = load(ours, SCHEMA), load(theirs, SCHEMA)
        assert (a.tree, a.faulted) == (b.tree, b.faulted)
        assert len(a.faults) == len(b.faults)


# --- headings ------------------------------------------------------------------------------------


def test_headings_in_other_words_are_mapped_and_shown(tmp_path: Path) -> None:
    text = "学籍号*,行政班,性别,是否参加（是/否）,报名日期\n01,三年级1班,男,是,2021-09-01\n"
    submission = given(tmp_path, roster__csv=text)
    assert submission.faults == ()
    (row,) = submission.tree["roster"]
    assert row == {
        "student_id": "01",
        "class": "三年级1班",
        "grade": 3,
        "wants_service": True,
        "application_date": "2021-09-01",
    }
    assert notes(submission) == {
        "学籍号*": "学生编号",
        "行政班": "班级",
        "是否参加（是/否）": "是否需要服务",
        "报名日期": "申请日期",
        "性别": "未读（检查用不到的列）",
        "没有“年级”列": "年级由班级得出",
    }
    at = submission.locate("/roster/0/application_date")
    assert (at.line, at.cell, at.excerpt) == (2, "报名日期", "报名日期：2021-09-01")


def test_titles_above_the_headings_are_passed_over_and_not_quoted(tmp_path: Path) -> None:
    rows = [
        ("示例小学学生名册",),
        ("填表人：张三丰", None, "2021年9月"),
        (),
        ("学号", "班级"),
        ("01", "三年级1班"),
    ]
    submission = given(tmp_path, roster__xlsx=book(rows, ["A1:B1"], "名册"))
    assert submission.faults == ()
    assert submission.tree["roster"][0]["student_id"] == "01"
    assert "张三丰" not in str(submission.normalised)
    assert notes(submission)["第2行：表头上方的标题"] == "未读（不是记录）"
    assert submission.locate("/roster/0/class").cell == "名册!B5"


def test_headings_over_two_rows_are_read_together(tmp_path: Path) -> None:
    rows = [
        ("序号", "日期", "金额", None, "余额"),
        (None, None, "收入", "支出", None),
        (1, "2021-09-28", 50, None, 50),
        (2, "2021-09-29", None, 20.5, 29.5),
    ]
    merged = ["A1:A2", "B1:B2", "C1:D1", "E1:E2"]
    submission = given(tmp_path, ledger__xlsx=book(rows, merged))
    assert submission.faults == ()
    first, second = submission.tree["ledger"]["rows"]
    assert (first["direction"], first["amount"], first["balance"]) == ("income", 5000, 5000)
    assert (second["direction"], second["amount"]) == ("expense", 2050)
    assert submission.locate("/ledger/rows/1/amount").cell == "表!D4"
    told = {n.written: n.location.cell for n in submission.normalised}
    assert told == {"收入": "表!C2", "支出": "表!D2"}


def test_headings_over_two_rows_of_a_csv_file_are_read_together(tmp_path: Path) -> None:
    text = "序号,日期,金额,,余额\n,,收入,支出,\n1,2021-09-28,50,,50\n2,2021-09-29,,20.5,29.5\n"
    rows = given(tmp_path, ledger__csv=text).tree["ledger"]["rows"]
    assert [(r["direction"], r["amount"]) for r in rows] == [("income", 5000), ("expense", 2050)]


def test_two_columns_for_one_field_are_told_once_and_neither_is_believed(tmp_path: Path) -> None:
    rows = [("学生编号", "学籍号", "班级"), *[(f"{i}", f"G{i}", "三年级1班") for i in range(2000)]]
    submission = given(tmp_path, roster__xlsx=book(rows, title="名册"))
    fault = only(submission)
    assert fault.found == "“学生编号”、“学籍号”都像是“学生编号”（另一列在 名册!B1）"
    assert (place(fault), fault.hint) == ("名册!A1", "只留一列；另一列请删去，或改成别的列名")
    assert "student_id" not in submission.tree["roster"][7]
    assert {"/roster/0/student_id", "/roster/1999/student_id"} <= submission.faulted
    assert "/roster/0/class" not in submission.faulted


@pytest.mark.parametrize("heading", ["借方", "贷方", "借方金额", "收支类别"])
def test_a_heading_of_two_meanings_is_not_chosen_between(tmp_path: Path, heading: str) -> None:
    text = f"序号,日期,{heading},金额\n1,2021-09-28,50,50\n"
    submission = given(tmp_path, ledger__csv=text)
    assert f"列名“{heading}”" in only(submission).found
    assert "请把列名改成" in only(submission).hint
    lost = {"收支类别": {"direction", "category"}}.get(heading, {"amount", "direction"})
    assert submission.faulted == {f"/ledger/rows/0/{name}" for name in lost}
    assert not lost & set(submission.tree["ledger"]["rows"][0])


@pytest.mark.parametrize(
    ("part", "text", "heading", "way"),
    [
        ("roster", "学号,年级,申请表\nX001,三年级,有\n", "申请表", "申请是否签字"),
        ("roster", "学号,年级,协议\nX001,三年级,有\n", "协议", "协议编号"),
        ("roster", "学号,年级,是否建档立卡\nX001,三年级,是\n", "是否建档立卡", "减免类别"),
        ("attendance", "日期,教师,人数\n2021-09-07,某,30\n", "人数", "应到人数"),
        ("attendance", "日期,工号,时间\n2021-09-07,T1,16:30\n", "时间", "时段编号"),
    ],
)
def test_everyday_headings_of_no_one_meaning_lead_to_the_right_ones(
    tmp_path: Path, part: str, text: str, heading: str, way: str
) -> None:
    fault = only(given(tmp_path, **{f"{part}__csv": text}))
    assert f"列名“{heading}”" in fault.found
    assert fault.hint is not None and f"“{way}”" in fault.hint


def test_remarks_and_running_numbers_cost_nobody_an_exit_code(tmp_path: Path) -> None:
    text = "序号,学号,年级,备注\n1,X001,三年级,转入\n"
    assert given(tmp_path, roster__csv=text).faults == ()


@pytest.mark.parametrize("headings", ["收支,收入,支出", "金额,收入,支出", "收入,收入金额,支出"])
def test_money_told_twice_is_believed_nowhere(tmp_path: Path, headings: str) -> None:
    submission = given(tmp_path, ledger__csv=f"序号,日期,{headings}\n1,2021-09-28,收入,50,\n")
    assert "都像是" in submission.faults[0].found
    assert {"/ledger/rows/0/amount", "/ledger/rows/0/direction"} <= submission.faulted
    assert set(submission.tree["ledger"]["rows"][0]) == {"row_no", "date"}


def test_what_has_no_heading_is_told_as_left_over(tmp_path: Path) -> None:
    rows = [
        ("学号", None, "班级"),
        ("1", "x", "三年级1班", None, "记得核对"),
        ("2", None, "三年级1班"),
    ]
    submission = given(tmp_path, roster__xlsx=book(rows))
    assert submission.faults == ()
    told = {n.written: n.location.cell for n in submission.normalised}
    assert (told["没有列名的一列"], told["表格右边的内容"]) == ("表!B1", "表!E1")


def test_blank_headings_at_the_right_of_a_csv_file_mean_nothing(tmp_path: Path) -> None:
    submission = given(tmp_path, roster__csv="名册,,,\n学籍号,班级,,\n1,三年级1班\n2,三年级1班,,\n")
    assert submission.faults == ()
    assert len(submission.tree["roster"]) == 2


def test_a_misspelt_heading_is_a_fault_as_it_always_was(tmp_path: Path) -> None:
    rows = [("学籍号", "是否须要服务", "午餐口味"), ("01", "是", "辣")]
    submission = given(tmp_path, roster__xlsx=book(rows))
    first, second = submission.faults
    assert (first.found, first.hint) == (
        "“是否须要服务”",
        "是否想写“是否需要服务”（wants_service）",
    )
    assert (place(first), place(second), second.found) == ("表!B1", "表!C1", "“午餐口味”")
    assert "/roster/0/wants_service" in submission.faulted


@pytest.mark.parametrize(
    "rows",
    [
        [("序号", "日期", "收支", "金额（万元）"), (1, "2021-09-28", "收入", 5)],
        [
            ("收支台账", None, None, "单位：万元"),
            ("序号", "日期", "收支", "金额"),
            (1, "2021-09-28", "收入", 5),
        ],
        [("序号", "日期", "收入/万元", "支出/万元"), (1, "2021-09-28", 5, None)],
    ],
)
def test_ten_thousand_yuan_are_not_read_as_one(tmp_path: Path, rows: list[Row]) -> None:
    submission = given(tmp_path, ledger__xlsx=book(rows))
    assert submission.faults
    assert all("请换算成元" in f.hint and "万" in f.found for f in submission.faults)
    assert "amount" not in submission.tree["ledger"]["rows"][0]
    assert "/ledger/rows/0/amount" in submission.faulted


# --- money ---------------------------------------------------------------------------------------


def test_income_and_expense_in_two_columns(tmp_path: Path) -> None:
    submission = given(tmp_path, ledger__csv=SPLIT)
    assert submission.faults == ()
    rows = submission.tree["ledger"]["rows"]
    assert [(r["direction"], r["amount"], r["item"]) for r in rows] == [
        ("income", 5000, "服务费"),
        ("expense", 2050, "水费"),
    ]
    at = submission.locate("/ledger/rows/1/amount")
    assert (at.line, at.column, at.cell) == (3, 18, "支出")


def test_a_row_with_income_and_expense_is_told(tmp_path: Path) -> None:
    rows = [
        ("序号", "日期", "收入金额", "支出金额"),
        (1, "2021-09-28", 50, 20),
        (2, "2021-09-28", 0, 20),
        (3, "2021-09-28", "-", "¥1,200.00"),
    ]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    fault = only(submission)
    assert fault.found == "第2行同时填了“收入金额”和“支出金额”"
    assert place(fault) == "表!C2"
    first, second, third = submission.tree["ledger"]["rows"]
    assert "amount" not in first and "direction" not in first
    assert (second["direction"], second["amount"]) == ("expense", 2000)
    assert (third["direction"], third["amount"]) == ("expense", 120000)
    assert {"/ledger/rows/0/amount", "/ledger/rows/0/direction"} == submission.faulted


def test_one_column_with_a_sign(tmp_path: Path) -> None:
    text = "序号,日期,收支金额\n1,2021-09-28,50.00\n2,2021-09-29,-20.5元\n合计,,29.50\n"
    submission = given(tmp_path, ledger__csv=text)
    assert submission.faults == ()
    rows = submission.tree["ledger"]["rows"]
    assert [(r["direction"], r["amount"]) for r in rows] == [("income", 5000), ("expense", 2050)]
    assert notes(submission)["收支金额"] == "金额（收入为正，支出为负）"


def test_a_sign_without_such_a_heading_is_an_amount_and_no_side(tmp_path: Path) -> None:
    rows = given(tmp_path, ledger__csv="序号,日期,金额\n1,2021-09-28,-50\n").tree["ledger"]["rows"]
    assert rows == [{"row_no": "1", "date": "2021-09-28", "amount": -5000}]


@pytest.mark.parametrize("heading", ["金额", "金额（元）"])
def test_an_amount_above_and_below_zero_without_sides_is_told(tmp_path: Path, heading: str) -> None:
    """Expenses taken off the sums of expenses would tell of a difference that there is not."""
    text = f"序号,日期,{heading}\n1,2021-09-28,50.00\n2,2021-09-29,-20.50\n合计,,29.50\n"
    submission = given(tmp_path, ledger__csv=text)
    [fault] = submission.faults
    assert "看不出负数是支出还是退款" in fault.found and "“收支金额”" in fault.hint
    assert {"/ledger/rows/0/amount", "/ledger/rows/1/amount"} <= submission.faulted
    assert all("amount" not in row for row in submission.tree["ledger"]["rows"])


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1,234.50", 123450),
        ("¥1,234.50", 123450),
        ("1,234.50元", 123450),
        ("￥300", 30000),
        ("１，２００", 120000),
        ("45.1", 4510),
        (45.1, 4510),
        (0.1 + 0.2, 30),
        (1200, 120000),
        ("12元", 1200),
        ("-1,000", -100000),
    ],
)
def test_money_is_read_as_people_write_it(tmp_path: Path, written: object, fen: int) -> None:
    rows = [("序号", "日期", "金额"), (1, "2021-09-28", written)]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    assert submission.faults == ()
    assert submission.tree["ledger"]["rows"][0]["amount"] == fen


@pytest.mark.parametrize("written", ["1,23", "1,2345", "12,34.5", "三百", "1.234", 1.234, True])
def test_money_of_no_one_meaning_is_refused(tmp_path: Path, written: object) -> None:
    submission = given(
        tmp_path, ledger__xlsx=book([("序号", "日期", "金额"), (1, "2021-09-28", written)])
    )
    assert place(only(submission)) == "表!C2"
    assert "amount" not in submission.tree["ledger"]["rows"][0]


def test_an_unknown_category_is_a_fault_with_what_was_meant(tmp_path: Path) -> None:
    rows = [*LEDGER[:2], (2, datetime.date(2021, 9, 29), "支出", "费", "教师补帖", 20, "学校账户")]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    fault = only(submission)
    assert (fault.found, place(fault)) == ("教师补帖", "表!E3")
    assert fault.hint == "是否想写“教师及相关人员补助”"


# --- rows that are no records --------------------------------------------------------------


@pytest.mark.parametrize("word", ["合计", "合 计", "总计：", "小计", "本页合计", "累计"])
def test_a_total_is_not_a_payment(tmp_path: Path, word: str) -> None:
    rows = [*LEDGER, (word, None, None, None, None, 70.5, None)]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    assert submission.faults == ()
    assert len(submission.tree["ledger"]["rows"]) == 2
    assert any(word in written for written in notes(submission))


def test_a_total_that_disagrees_is_a_fault_with_both_places(tmp_path: Path) -> None:
    rows = [("台账",), *LEDGER, ("合计", None, None, None, None, 100, None)]
    submission = given(tmp_path, ledger__xlsx=book(rows, title="收支"))
    fault = only(submission)
    assert fault.found == "“合计”的“金额”写的是 100.00，收支!F3 至 F4 共 2 行相加是 70.50"
    assert place(fault) == "收支!F5"
    assert {"/ledger/rows/0/amount", "/ledger/rows/1/amount"} == submission.faulted
    assert all("amount" not in row for row in submission.tree["ledger"]["rows"])


def test_a_total_may_be_what_is_left_over(tmp_path: Path) -> None:
    rows = [*LEDGER, ("合计", None, None, None, None, 29.5, None)]
    assert given(tmp_path, ledger__xlsx=book(rows)).faults == ()


def test_totals_of_two_columns_are_compared_apart(tmp_path: Path) -> None:
    submission = given(tmp_path, ledger__csv=SPLIT + "合计,,,50.00,21.00\n")
    fault = only(submission)
    assert fault.found == "“合计”的“支出”写的是 21.00，第2行 至 第3行 共 2 行相加是 20.50"
    assert fault.location.line == 4
    first, second = submission.tree["ledger"]["rows"]
    assert first["amount"] == 5000
    assert "amount" not in second


def test_totals_of_classes_grades_and_all(tmp_path: Path) -> None:
    head = ("日期", "时段编号", "人员编号", "应到人数", "实到人数")
    day = datetime.date(2021, 9, 6)
    rows: list[Row] = [
        head,
        (day, "S1", "T1", 30, 29),
        (day, "S2", "T2", 20, 20),
        ("小计", None, None, 50, 49),
        (day, "S3", "T3", 10, 10),
        ("小计", None, None, 10, 10),
        ("年级小计", None, None, 60, 59),
        (day, "S4", "T4", 5, 5),
        ("总计", None, None, 65, 64),
    ]
    assert given(tmp_path, attendance__xlsx=book(rows)).faults == ()
    rows[5] = ("小计", None, None, 11, 10)
    fault = only(given(tmp_path, attendance__xlsx=book(rows)))
    assert fault.found == "“小计”的“应到人数”写的是 11，表!D5 至 D5 共 1 行相加是 10"


def test_a_total_with_the_date_of_a_record_is_told_and_kept(tmp_path: Path) -> None:
    rows = [*LEDGER, ("合计", datetime.date(2021, 9, 30), "支出", "本月", "其他", 20, "学校账户")]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    assert "分不清是合计还是一条记录" in only(submission).found
    assert len(submission.tree["ledger"]["rows"]) == 3


def test_balances_carried_remarks_and_repeated_headings_are_no_records(tmp_path: Path) -> None:
    rows = [
        LEDGER[0],
        ("承前页", None, None, None, None, 999, None),
        LEDGER[1],
        LEDGER[0],
        LEDGER[2],
        ("过次页", None, None, None, None, 1, None),
        ("制表人：张三丰", None, None, "审核：李四", None, None, None),
    ]
    submission = given(tmp_path, ledger__xlsx=book(rows))
    assert submission.faults == ()
    assert [r["row_no"] for r in submission.tree["ledger"]["rows"]] == ["1", "2"]
    assert "张三丰" not in str(submission.normalised)
    assert notes(submission)["第4行：重复的表头"] == "未读（表头，不是记录）"


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (datetime.date(2021, 9, 1), "2021-09-01"),
        (44440, "2021-09-01"),
        ("2021/9/1", "2021-09-01"),
        ("2021年9月1日", "2021-09-01"),
        ("2021.9.1", "2021-09-01"),
        ("2021-09-01 18:30:05", "2021-09-01"),
        (datetime.datetime(2021, 9, 1, 18, 30), "2021-09-01"),
        ("-", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(
    tmp_path: Path, written: object, read: str | None
) -> None:
    submission = given(tmp_path, roster__xlsx=book([("学号", "申请日期"), ("1", written)]))
    assert submission.faults == ()
    assert submission.tree["roster"][0].get("application_date") == read


@pytest.mark.parametrize("written", ["-", "——", "/"])
def test_a_dash_is_a_blank_in_both_formats(tmp_path: Path, written: str) -> None:
    rows = [("学生编号", "申请日期", "退出日期"), ("1", "2021-09-01 08:30", written)]
    text = "\n".join(",".join(row) for row in rows) + "\n"
    for name, content in (("csv", text.encode()), ("xlsx", book(rows))):
        place = tmp_path / name
        place.mkdir()
        submission = given(place, **{f"roster__{name}": content})
        assert submission.faults == (), name
        (row,) = submission.tree["roster"]
        assert row["application_date"] == "2021-09-01"
        assert repr(row["withdrawn_date"]) == "ABSENT"


@pytest.mark.parametrize(
    "written",
    [
        *(20210901, 12, "9月1日", datetime.time(18, 30), "2021-09-31"),
        *("2021-09-06T25:00", "2021-09-06 17:60", "2021-09-06 08:30:61"),
    ],
)
def test_a_date_of_no_one_meaning_is_refused(tmp_path: Path, written: object) -> None:
    submission = given(tmp_path, roster__xlsx=book([("学号", "申请日期"), ("1", written)]))
    assert place(only(submission)) == "表!B2"
    assert "/roster/0/application_date" in submission.faulted


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("三（2）班", 3),
        ("三(2)班", 3),
        ("三年级2班", 3),
        ("三年级二班", 3),
        ("三2班", 3),
        ("3.2班", 3),
        ("3-2", 3),
        ("七（12）班", 7),
        ("初一(3)班", 7),
        ("高二（1）班", 11),
        ("二三班", 2),
        ("302班", None),
        ("十二班", None),
        ("一班", None),
        ("2019级3班", None),
        ("32", None),
        ("向日葵班", None),
    ],
)
def test_a_class_tells_its_grade_where_it_has_one(
    tmp_path: Path, written: str, grade: int | None
) -> None:
    submission = given(tmp_path, roster__csv=f"学籍号,班级\n1,{written}\n")
    assert submission.faults == ()
    row = submission.tree["roster"][0]
    assert (row["class"], row.get("grade")) == (written, grade)


def test_a_column_of_grades_is_believed_before_the_class(tmp_path: Path) -> None:
    row = given(tmp_path, roster__csv="学籍号,班级,年级\n1,三（2）班,四年级\n").tree["roster"][0]
    assert row["grade"] == 4


def test_a_class_merged_over_its_pupils_is_each_ones(tmp_path: Path) -> None:
    rows = [("班级", "学号"), ("三（1）班", "1"), (None, "2"), (None, "3"), ("三（2）班", "4")]
    submission = given(tmp_path, roster__xlsx=book(rows, ["A2:A4"]))
    assert [r["class"] for r in submission.tree["roster"]] == ["三（1）班"] * 3 + ["三（2）班"]


def test_an_amount_merged_over_rows_is_not_paid_thrice(tmp_path: Path) -> None:
    rows = [
        ("序号", "日期", "收支", "金额"),
        (1, "2021-09-28", "支出", "300"),
        (2, "2021-09-28", "支出", None),
    ]
    submission = given(tmp_path, ledger__xlsx=book(rows, ["D2:D3"]))
    assert "把几行合并成一格" in only(submission).found
    assert [r.get("amount") for r in submission.tree["ledger"]["rows"]] == [30000, None]


def test_what_excel_has_spoilt_is_told_not_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "名册"
    sheet.append(["学号", "班级", "年级"])
    sheet.append([1508020012345678, datetime.date(2021, 3, 2), "=A1"])
    sheet.append([7, "三（2）班", 3])
    sheet["A3"].number_format = "0000"
    stream = io.BytesIO()
    made.save(stream)
    submission = given(tmp_path, roster__xlsx=stream.getvalue())
    told = [(place(f), f.found) for f in submission.faults]
    assert told == [
        ("名册!A2", "“学号”是 15 位以上的数字，Excel 已把后面的改成 0"),
        ("名册!B2", "“班级”里有被 Excel 当成日期的内容（例如“3-2”会变成3月2日）"),
        ("名册!C2", "“年级”是公式，文件里没有它的计算结果"),
    ]
    assert submission.tree["roster"] == [
        {},
        {"student_id": "0007", "class": "三（2）班", "grade": 3},
    ]


def test_ticks_are_yes_and_no(tmp_path: Path) -> None:
    rows = [
        ("学号", "是否需要服务", "协议是否签字"),
        ("1", "√", True),
        ("2", "×", False),
        ("3", "已报", None),
    ]
    submission = given(tmp_path, roster__xlsx=book(rows))
    first, second, third = submission.tree["roster"]
    assert (first["wants_service"], first["agreement_signed"]) == (True, True)
    assert (second["wants_service"], second["agreement_signed"]) == (False, False)
    assert "wants_service" not in third
    assert place(only(submission)) == "表!B4"


# --- workbooks ------------------------------------------------------------------------------------


def test_the_sheet_named_like_the_part_is_read(tmp_path: Path) -> None:
    rows = [("学号", "班级"), ("1", "三年级1班")]
    content = book(
        [("学号", "班级"), ("9", "九年级1班")], title="去年", 学生名册=rows, 说明=[("说明",)]
    )
    submission = given(tmp_path, roster__xlsx=content)
    assert [r["student_id"] for r in submission.tree["roster"]] == ["1"]
    assert notes(submission)["去年"] == "未读（另一张工作表）"


def test_the_only_sheet_with_the_headings_is_read(tmp_path: Path) -> None:
    content = book(
        [("说明", "请如实填写"), ("1", "2")],
        title="说明",
        数据=[("学号", "班级"), ("1", "三年级1班")],
    )
    assert len(given(tmp_path, roster__xlsx=content).tree["roster"]) == 1


def test_two_sheets_that_could_be_it_are_not_chosen_between(tmp_path: Path) -> None:
    rows = [("学号", "班级"), ("1", "三年级1班")]
    content = book(rows, title="一年级", 二年级=rows)
    submission = given(tmp_path, plan__yaml="fee: {mode: free}\n", roster__xlsx=content)
    fault = only(submission)
    assert fault.found == "有 2 张工作表都像“学生名册”：“一年级”、“二年级”"
    assert fault.hint == "合到一张表里；或只把要检查的一张命名为“学生名册”"
    assert "/roster" in submission.faulted


def test_none_and_headings_alone(tmp_path: Path) -> None:
    submission = given(
        tmp_path,
        plan__yaml="fee: {mode: free}\n",
        attendance__xlsx=book([("无",)]),
        subsidy__xlsx=book([("人员编号", "月份"), ("无",)]),
        roster__xlsx=book([("学生编号", "班级")]),
    )
    assert submission.faults == ()
    assert repr(submission.tree["attendance"]) == repr(submission.tree["subsidy"]) == "ABSENT"
    assert "roster" not in submission.tree


def test_a_ledger_in_a_workbook_joins_its_balances(tmp_path: Path) -> None:
    submission = given(tmp_path, ledger__yaml="opening_balance: 0\n", 台账__xlsx=book(LEDGER))
    assert submission.faults == ()
    assert submission.tree["ledger"]["opening_balance"] == 0
    assert len(submission.tree["ledger"]["rows"]) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [("approval__xlsx", "不是一张表格"), ("plan__xlsx", "只能用来提供表格")],
)
def test_a_workbook_of_what_is_no_table_is_refused_with_what_to_do(
    tmp_path: Path, name: str, said: str
) -> None:
    submission = given(tmp_path, **{name: book(LEDGER)}, roster__csv="学号,班级\n1,三年级1班\n")
    assert any(said in fault.found for fault in submission.faults)
    assert all(fault.hint for fault in submission.faults)
    assert len(submission.tree["roster"]) == 1


def test_a_bureaus_table_may_be_a_workbook(tmp_path: Path) -> None:
    rows = [("备选清单（示例）",), ("机构全称", "信用代码"), ("示例艺术中心", "52150800MJY0000001")]
    (tmp_path / "list.xlsx").write_bytes(book(rows))
    (tmp_path / "plan.yaml").write_text("fee: {mode: free}\n", "utf-8")
    submission = load(tmp_path / "plan.yaml", SCHEMA, data={"county_list": tmp_path / "list.xlsx"})
    assert submission.faults == ()
    entry = {"name": "示例艺术中心", "uscc": "52150800MJY0000001"}
    assert submission.tree["county_list"] == [{"entries": [entry]}]
    assert submission.locate("/county_list/0/entries/0/uscc").cell == "表!B3"


# --- the declared words --------------------------------------------------------------------


def item_of(name: str) -> Field:
    target = tables.rows_of(SCHEMA.root.fields[name])
    assert target is not None and target.item is not None
    return target.item


def test_every_synonym_is_of_a_field_and_of_one_only() -> None:
    from kehou.tables.declared_columns import key

    for name, own in SCHEMA.columns["parts"].items():
        item, seen = item_of(name), dict[str, str]()
        spelt = {key(word): child for word, child in item.keys.items()}
        words = [(w, c) for c, all_ in own["columns"].items() for w in all_]
        split = own.get("split", {})
        words += [(w, role) for role, all_ in split.get("columns", {}).items() for w in all_]
        words += [(w, "signed") for w in split.get("signed", ())]
        words += [(w, "unclear") for w in own.get("unclear", {})]
        assert set(own["columns"]) | set(own.get("sums", ())) <= set(item.fields)
        for word, meaning in words:
            assert key(word) not in seen, (name, word, seen[key(word)], meaning)
            assert spelt.get(key(word)) in (None, meaning), (name, word)
            seen[key(word)] = meaning


# --- many ledgers ------------------------------------------------------------------------------

ENTRY = st.tuples(
    st.sampled_from(["income", "expense"]),
    st.integers(1, 10_000_000),
    st.dates(datetime.date(2021, 9, 1), datetime.date(2022, 1, 31)),
)


@given_(st.lists(ENTRY, min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_ledger_says_the_same_however_it_is_laid_out(
    entries: list[tuple[str, int, datetime.date]], rng: random.Random
) -> None:
    """A column of sides, two columns of amounts or one with a sign; numbers, texts, totals."""
    words = {"income": "收入", "expense": "支出"}

    def money(fen: int) -> object:
        yuan = f"{fen // 100}.{fen % 100:02d}"
        return rng.choice([fen / 100, yuan, f"{yuan}元", f"{fen // 100:,}.{fen % 100:02d}"])

    def day(date: datetime.date) -> object:
        return rng.choice(
            [
                date,
                date.isoformat(),
                f"{date.year}年{date.month}月{date.day}日",
                f"{date.year}/{date.month}/{date.day} 08:30:00",
            ]
        )

    sums = {side: sum(fen for s, fen, _ in entries if s == side) for side in words}
    layout = rng.choice(["sided", "split", "signed"])
    if layout == "sided":
        head: Row = ("序号", "日期", "收支", "金额")
        rows: list[Row] = [(i, day(d), words[s], money(f)) for i, (s, f, d) in enumerate(entries)]
        total: Row = ("合计", None, None, money(sum(sums.values())))
    elif layout == "split":
        head = ("序号", "日期", "收入金额", "支出金额")
        rows = [
            (i, day(d), *((money(f), None) if s == "income" else (None, money(f))))
            for i, (s, f, d) in enumerate(entries)
        ]
        total = ("合 计", None, money(sums["income"]), money(sums["expense"]))
    else:
        head = ("序号", "日期", "收支金额")
        rows = [
            (i, day(d), f / 100 if s == "income" else -f / 100)
            for i, (s, f, d) in enumerate(entries)
        ]
        total = ("总计", None, (sums["income"] - sums["expense"]) / 100)
    title: list[Row] = [("收支台账（示例）",)] * rng.randint(0, 2)
    tail: list[Row] = [total] * rng.randint(0, 1)
    content = book([*title, head, *rows, *tail])
    part = SCHEMA.root.fields["ledger"]
    read_book = tables.read_book(tables.open_book("a.xlsx", content), content, part, SCHEMA)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "ledger.xlsx").write_bytes(content)
        submission = load(folder, SCHEMA)
    assert read_book.problems == ()
    assert submission.faults == ()
    found = submission.tree["ledger"]["rows"]
    assert [(r["direction"], r["amount"], r["date"]) for r in found] == [
        (s, f, d.isoformat()) for s, f, d in entries
    ]


@given_(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_roster_says_the_same_whatever_people_do_to_its_sheet(rng: random.Random) -> None:
    """Columns moved and renamed, blank rows, titles, remarks, totals, spare notes, other sheets."""
    names = {
        "学生编号": ["学号", "学籍号*", "学 号", "学籍号（必填）"],
        "班级": ["班级", "行政班", "班 级："],
        "是否需要服务": ["是否参加课后服务", "是否需要服务"],
        "申请日期": ["报名日期", "申请日期", "申请\n日期"],
    }
    pupils: list[tuple[object, ...]] = [
        (
            f"X{i:02}",
            f"{'一二三'[i % 3]}（{i % 2 + 1}）班",
            rng.choice(["是", "否"]),
            datetime.date(2021, 9, 1 + i),
        )
        for i in range(rng.randint(1, 9))
    ]
    order = rng.sample(range(4), 4)
    keys = list(names)
    width = 4
    spare = rng.choice([None, "记得核对"])
    rows: list[Row] = [("示例小学学生名册", None, "制表：某某")] * rng.randint(0, 2)
    rows += [()] * rng.randint(0, 1)
    rows += [tuple(rng.choice(names[keys[i]]) for i in order)]
    for pupil in pupils:
        rows += [()] * (rng.random() < 0.2)
        rows += [(*(pupil[i] for i in order), None, spare)]
    rows += [("合计", *[None] * (width - 1))] * rng.randint(0, 1)
    rows += [("填表人：某某",)] * rng.randint(0, 1)
    others: dict[str, Any] = {"填写说明": [("一、", "如实填写")]} if rng.random() < 0.5 else {}
    content = book(rows, title="Sheet1", **others)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "学生名册.xlsx").write_bytes(content)
        submission = load(folder, SCHEMA)
    assert submission.faults == ()
    assert [
        (r["student_id"], r["class"], r["wants_service"], r["application_date"])
        for r in submission.tree["roster"]
    ] == [(p[0], p[1], p[2] == "是", str(p[3])) for p in pupils]
    assert [r["grade"] for r in submission.tree["roster"]] == [
        "一二三".index(str(p[1])[0]) + 1 for p in pupils
    ]


@pytest.mark.checkout
def test_the_same_evidence_in_workbooks_gets_the_same_outcomes(tmp_path: Path) -> None:
    """The whole example, every table a workbook with a title: the same findings, other places."""
    import csv
    import json
    import shutil

    from kehou.cli import main as cli

    root = Path(__file__).parents[2] / "examples"
    place = tmp_path / "folder-with-evidence"
    shutil.copytree(root / "folder-with-evidence", place)
    for path in place.glob("*.csv"):
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        path.with_suffix(".xlsx").write_bytes(book([["示例"], *rows]))
        path.unlink()
    told = {}
    for name, folder in (("csv", root / "folder-with-evidence"), ("xlsx", place)):
        bureau = root / "bureau"
        given_data = [
            f"inspection={bureau / 'folder-inspection.yaml'}",
            f"approval={bureau / 'folder-approval.yaml'}",
            f"county_list={bureau / 'county_list.yaml'}",
        ]
        options = [part for each in given_data for part in ("--data", each)]
        out = tmp_path / f"{name}.json"
        code = cli.main(
            [
                "check",
                str(folder),
                "--stage",
                "inspection",
                "--engine",
                "direct",
                *options,
                "-o",
                f"json={out}",
            ]
        )
        report = json.loads(out.read_text("utf-8"))
        told[name] = (
            code,
            report["summary"],
            [
                (r["rule"], r["outcome"], [f["message"] for f in r["findings"]])
                for r in report["results"]
            ],
        )
    assert told["csv"] == told["xlsx"]
