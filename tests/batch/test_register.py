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


def test_a_name_may_leave_out_the_county_that_its_row_says(tmp_path: Path) -> None:
    whole = ["1508020003", "临河区解放小学（示例）", "临河区", "东镇", "小学", "是", ""]
    other = ["1508250003", "五原县胜利小学（示例）", "五原县", "西镇", "小学", "是", ""]
    found = read_register(table(tmp_path, HEAD, whole, other), SCHEMA)
    first, second = found.rows
    assert found.row_of("", "解放小学（示例）") is first
    assert found.row_of("", "小学（示例）") is None
    assert found.row_within("各校材料/10解放小学（示例）/申报表.xlsx") is first
    assert found.row_within("各校材料/胜利小学（示例）") is second
    assert found.row_within("各校材料/小学（示例）") is None


def test_a_short_name_of_two_counties_is_nobodys(tmp_path: Path) -> None:
    rows = [
        [f"15080{n}0003", f"{county}解放小学（示例）", county, "东镇", "小学", "是", ""]
        for n, county in ((20, "临河区"), (25, "五原县"))
    ]
    found = read_register(table(tmp_path, HEAD, *rows), SCHEMA)
    assert found.row_of("", "解放小学（示例）") is None
    assert found.row_within("各校材料/解放小学（示例）") is None
