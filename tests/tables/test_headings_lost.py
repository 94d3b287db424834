"""A table that begins with its first record: told once, with the columns, and none of its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kehou import packs
from kehou.submission import load

SCHEMA = packs.load().schema
#: Rows without headings by part, with what must not be told.
ROWS = {
    "roster": [
        ["20211101", "张镞彧", "一年级1班", "一年级", "", "是", "2021-08-29", "13912345678"]
    ],
    "attendance": [["2021-09-06", "S1", "T01", "30", "29", "是", "是"]],
    "ledger": [["1", "2021-09-28", "JZ1", "收入", "九月", "家长缴费", "20211101", "50.00"]],
    "staff": [["T01", "张镞彧", "本校教师", "辅导教师"], ["T02", "李镞彧", "本校教师", "辅导教师"]],
    "subsidy": [["T01", "2021-09", "34", "30.00", "1020.00", "是"]],
    "fee_exemptions": [["残疾学生", "全免", "是"]],
}


def written(folder: Path, part: str, form: str, rows: list[list[str]]) -> None:
    if form == "csv":
        text = "".join(",".join(row) + "\n" for row in rows)
        (folder / f"{part}.csv").write_text(text, "utf-8")
        return
    book = openpyxl.Workbook()
    page: Any = book.active
    for row in rows:
        page.append([cell or None for cell in row])
    book.save(folder / f"{part}.xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("part", ROWS)
def test_a_table_without_headings_is_told_once(tmp_path: Path, part: str, form: str) -> None:
    (tmp_path / "plan.yaml").write_text("学校: {学校名称: 甲校（示例）}\n", "utf-8")
    written(tmp_path, part, form, ROWS[part] * 3)
    found = load(tmp_path, SCHEMA)
    [fault] = found.faults
    told = fault.found + fault.allowed + fault.hint
    assert "第一行像是数据，没有列名" in told
    field = SCHEMA.root.fields[part]
    item = (field.fields["rows"] if part == "ledger" else field).item
    assert item is not None and next(iter(item.fields.values())).title in fault.hint
    assert (fault.location.line or fault.location.cell) in (1, "Sheet!A1")
    assert not [cell for row in ROWS[part] for cell in row if len(cell) > 2 and cell in told]
    assert part not in found.tree


@pytest.mark.parametrize(
    "head", ["学生编码1,姓名x,班级9", "编码,名字,组别", "2021年秋季学期名册,,\n学生编号,姓名,班级"]
)
def test_headings_that_nobody_knows_or_a_title_are_no_record(tmp_path: Path, head: str) -> None:
    (tmp_path / "plan.yaml").write_text("学校: {学校名称: 甲校（示例）}\n", "utf-8")
    (tmp_path / "roster.csv").write_text(f"{head}\n20211101,张镞彧,一年级1班\n", "utf-8")
    assert not [f for f in load(tmp_path, SCHEMA).faults if "第一行像是数据" in f.found]
