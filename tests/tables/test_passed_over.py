"""Rows of a table that are none: remarks and signatures in any words, headings again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kehou import packs
from kehou.submission import Submission, load

SCHEMA = packs.load().schema
#: Headings and records by part.
TABLES = {
    "roster": [
        ["学生编号", "班级", "年级", "是否需要服务", "申请日期"],
        ["20211101", "一年级1班", "一年级", "是", "2021-08-29"],
        ["20211102", "一年级1班", "一年级", "是", "2021-08-30"],
        ["20211103", "一年级2班", "一年级", "是", "2021-08-30"],
    ],
    "ledger": [
        ["序号", "日期", "凭证号", "收支", "收支项目", "类别", "金额"],
        ["1", "2021-09-28", "JZ1", "收入", "九月", "家长缴费", "50.00"],
        ["2", "2021-09-28", "JZ2", "收入", "九月", "家长缴费", "50.00"],
        ["3", "2021-09-28", "JZ3", "收入", "九月", "家长缴费", "50.00"],
    ],
}
ASIDES = [
    ["经办人签名："],
    ["校长签字：", "", "", "盖章："],
    ["学校（公章）"],
    ["年　月　日"],
    ["", "", "", "年   月   日"],
    ["联系人：甲", "联系电话：0478-0000000"],
    ["制表人", "甲", "审核人", "乙"],
    ["审核人", "", "乙"],
    ["填表人（签名）", "", "审核人（签名）"],
    ["会计主管：", "出纳：", "制单："],
    ["—— 1 ——"],
    ["=========="],
    ["以下为空"],
    ["①以上人数含借读生"],
    ["以上人员均已通过审核"],
    ["END"],
    ["备注"],
    ["共 12 条记录"],
]


def read(folder: Path, part: str, form: str, rows: list[list[str]]) -> Submission:
    (folder / "plan.yaml").write_text("学校: {学校名称: 甲校（示例）}\n", "utf-8")
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    if form == "csv":
        text = "".join(",".join(row) + "\n" for row in rows)
        (folder / f"{part}.csv").write_text(text, "utf-8")
    else:
        book = openpyxl.Workbook()
        page: Any = book.active
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row, 1):
                if cell:
                    page.cell(at, column, cell).data_type = "s"
        book.save(folder / f"{part}.xlsx")
    return load(folder, SCHEMA)


def records(found: Submission, part: str) -> list[Any]:
    tree = found.tree[part]
    return list(tree["rows"] if part == "ledger" else tree)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("part", TABLES)
def test_a_remark_in_any_words_is_listed_and_no_record(
    tmp_path: Path, part: str, form: str
) -> None:
    plain = records(read(tmp_path, part, form, TABLES[part]), part)
    for aside in ASIDES:
        found = read(tmp_path, part, form, [*TABLES[part], aside])
        assert records(found, part) == plain, aside
        assert not found.faults, aside
        [listed] = [n for n in found.normalised if n.read.startswith("未读")]
        assert (listed.location.line or listed.location.cell) in (5, "Sheet!A5")


@pytest.mark.parametrize(
    "row", [["20211104"], ["20211104", "一年级1班"], ["", "一年级1班", "一年级"]]
)
def test_a_record_that_says_little_stays_one(tmp_path: Path, row: list[str]) -> None:
    found = read(tmp_path, "roster", "csv", [*TABLES["roster"], row])
    assert len(records(found, "roster")) == 4 and records(found, "roster")[3]
    assert not found.faults


def test_what_may_be_a_record_or_a_remark_is_told_and_not_believed(tmp_path: Path) -> None:
    found = read(tmp_path, "roster", "csv", [*TABLES["roster"], ["总人数", "3"]])
    [fault] = found.faults
    assert fault.location.line == 5 and "分不清是记录还是说明" in fault.found
    assert records(found, "roster")[3] == {}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_headings_again_with_a_mark_or_without_a_cell_are_headings(
    tmp_path: Path, form: str
) -> None:
    head, *rows = TABLES["roster"]
    marked = ["\u200b" + cell for cell in head]
    for again in (marked, head[:-1], ["", *head[1:]], [head[0], "班", *head[2:]]):
        found = read(tmp_path, "roster", form, [head, *rows[:1], again, *rows[1:]])
        assert len(records(found, "roster")) == 3 and not found.faults, again
        listed = [n.written for n in found.normalised if n.read.startswith("未读")]
        assert listed == ["第3行：重复的表头"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_headings_in_another_order_end_what_can_be_read(tmp_path: Path, form: str) -> None:
    head, *rows = TABLES["roster"]
    turned = [[row[i] for i in (1, 0, 2, 4, 3)] for row in [head, *rows]]
    found = read(tmp_path, "roster", form, [head, *rows, *turned])
    told = [fault.found for fault in found.faults]
    assert len(told) == 4 and all("列的次序与上面不同" in one for one in told)
    assert records(found, "roster")[3:] == [{}] * 4
