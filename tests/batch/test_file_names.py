from __future__ import annotations

import pytest

import kehou
from kehou.batch.file_names import names_of, refuse_unknown
from kehou.batch.survey import Surveyed
from kehou.errors import UsageError

SCHEMA = kehou.load_pack("bayannur-2021").schema
STRATA = (("levels", "小学"), ("county", "临河区"), ("township", "东镇"))


def one(path: str, id: str = "", name: str = "") -> Surveyed:
    return Surveyed(path, path, "", id, name, STRATA if id else ())


A, B = one("甲", "1508020001", "甲校"), one("乙", "1508020002", "乙校")


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("意见/{学校标识码}.docx", "意见/1508020001.docx"),
        ("{旗县区}/{乡镇}/{校名}.docx", "临河区/东镇/甲校.docx"),
        ("{id}-{school_name}.docx".replace("school_name", "name"), "1508020001-甲校.docx"),
        ("{学段}{学校名称}.docx", "小学甲校.docx"),
    ],
)
def test_slots_are_filled_in_both_languages(file: str, first: str) -> None:
    assert names_of(file, [A, B], SCHEMA)["甲"] == first


def test_what_nobody_can_read_is_called_by_where_it_lies() -> None:
    unread = one("各校材料/04丁校")
    assert names_of("{学校标识码}.docx", [A, unread], SCHEMA)[unread.path] == "各校材料_04丁校.docx"


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("../../外面", "不能用作文件名"),
        ("a/b", "不能用作文件名"),
        ("a\\b", "不能用作文件名"),
        ("con", "不能用作文件名"),
        ("末尾.", "不能用作文件名"),
        ("a\u202eb", "不能用作文件名"),
        ("长" * 100, "太长"),
    ],
)
def test_a_code_that_is_no_file_name_is_refused_before_anything_runs(id: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        names_of("意见/{学校标识码}.docx", [A, one("丙", id)], SCHEMA)


def test_two_schools_never_share_a_file() -> None:
    with pytest.raises(UsageError, match="都要写到"):
        names_of("{旗县区}.docx", [A, B], SCHEMA)
    upper, lower = one("大", "A1"), one("小", "a1")
    with pytest.raises(UsageError, match="都要写到"):
        names_of("{id}.docx", [upper, lower], SCHEMA)


def test_a_slot_that_is_none_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="学校代码"):
        refuse_unknown("{学校代码}.docx", SCHEMA)
