from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import kehou
from kehou.batch import read_register
from kehou.errors import UsageError

SCHEMA = kehou.load_pack("bayannur-2021").schema
HEAD = ["学校标识码", "校名", "旗县区", "乡镇", "学段", "应报送", "报送期限"]
FIRST = ["1508020001", "红星小学（示例）", "临河区", "东镇", "小学", "是", "2021年9月10日"]
SECOND = ["1508020002", "九年学校（示例）", "临河区", "西镇", "九年一贯制", "否", ""]


def table(folder: Path, *rows: list[str], name: str = "名单.csv") -> str:
    file = folder / name
    file.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    return str(file)


def test_rows_are_read_as_in_a_submission(tmp_path: Path) -> None:
    found = read_register(table(tmp_path, HEAD, FIRST, SECOND), SCHEMA)
    first, second = found.rows
    assert (first.id, first.name, first.until) == ("1508020001", "红星小学（示例）", "2021-09-10")
    assert first.strata == {"levels": "小学", "county": "临河区", "township": "东镇"}
    assert second.strata["levels"] == "小学、初中"
    assert (first.expected, second.expected) == (True, False)


def test_a_workbook_and_yaml_say_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEAD, FIRST, SECOND):
        sheet.append(row)
    book.save(tmp_path / "名单.xlsx")
    lines = [dict(zip(HEAD, row, strict=True)) for row in (FIRST, SECOND)]
    text = "".join(
        f"- {{{', '.join(f'{k}: {chr(34)}{v}{chr(34)}' for k, v in row.items() if v)}}}\n"
        for row in lines
    )
    (tmp_path / "名单.yaml").write_text(text, "utf-8")
    rows = read_register(table(tmp_path, HEAD, FIRST, SECOND), SCHEMA).rows
    assert read_register(str(tmp_path / "名单.xlsx"), SCHEMA).rows == rows
    assert read_register(str(tmp_path / "名单.yaml"), SCHEMA).rows == rows


def test_a_column_of_its_own_is_listed_and_harms_nobody(tmp_path: Path) -> None:
    found = read_register(table(tmp_path, [*HEAD, "联系人"], [*FIRST, "某某"]), SCHEMA)
    assert len(found.rows) == 1
    assert found.notes == ("名单中没有用到的栏目：联系人",)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEAD, FIRST, FIRST], "1508020001：2 行"),
        ([HEAD, ["", "", "临河区", "", "小学", "", ""]], "第 1 行没有标识码"),
        ([HEAD, [*FIRST[:4], "大学", "是", ""]], "大学"),
        ([HEAD, [*FIRST[:6], "九月"]], "九月"),
        ([HEAD], "名单"),
    ],
)
def test_a_register_that_is_half_understood_is_refused(
    tmp_path: Path, rows: list[list[str]], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        read_register(table(tmp_path, *rows), SCHEMA)


def test_a_school_without_a_code_is_found_by_a_name_that_only_one_has(tmp_path: Path) -> None:
    again = ["1508020003", *FIRST[1:]]
    one = read_register(table(tmp_path, HEAD, FIRST, SECOND), SCHEMA)
    two = read_register(table(tmp_path, HEAD, FIRST, again), SCHEMA)
    assert one.row_of("", "红星小学（示例）") == one.rows[0]
    assert two.row_of("", "红星小学（示例）") is None
    assert one.row_of("9999999999", "红星小学（示例）") is None, "另一个标识码就是另一所"
