"""What is taken for a person's own, and how it is told without being shown."""

from __future__ import annotations

import pytest

from kehou import packs
from kehou.fields.privacy import (
    code_or_none,
    has_number,
    holds_name,
    is_like_name,
    is_of_the_field,
    is_of_the_words,
    names_somebody,
    quoted_unshown,
    shape,
    sheet_name,
    spoken_of,
    unshown,
)


@pytest.mark.parametrize(
    "text",
    [
        "13900001234",
        "电话：13900001234",
        "１３９００００１２３４",
        "150802201201010011",
        "11010519491231002X",
        "11010519491231002x（父）",
        "15047812345　18612345678",  # two in a cell, a blank between
        "15047812345 18612345678",
        "微信 15047812345",
        "QQ 15047812345",
        "150 4781 2345",
        "150-4781-2345",
        "150802 20120101 0011",
        "15080220120101001113900001234",  # one behind the other
        "11010519491231002X13900001234",
        "1504781234518612345678",
    ],
)
def test_phone_and_identity_numbers_are_seen(text: str) -> None:
    assert has_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "1508020001",  # a school's code
        "20211101",  # a pupil's number
        "2021-09-01",
        "0478-8212345",  # a landline, which schools publish
        "110105194912310020",  # a wrong check digit: a number of something else
        "110105194913310026",  # no such day
        "4200001234202109281234567890",  # of a payment
        "9007199254740993139000012341234",
        "91150802MA0N000001",  # a unified social credit code
        "12900001234",  # no mobile number begins so
        "1508020001 2021",  # a school's code and a year
        "150802 0001 2021",
        "2021-09-06 17:30:00",
    ],
)
def test_other_numbers_are_no_persons(text: str) -> None:
    assert not has_number(text)


def test_names_and_words() -> None:
    assert all(map(is_like_name, ("张某", "欧阳某某", "李某某")))
    assert not any(map(is_like_name, ("备注", "午餐口味", "身份证号", "合计", "一年级1班", "T01")))
    words = ("时间安排", "项目名称", "高一", "金额", "管理制度", "强制")
    assert not any(map(is_like_name, words))
    assert is_like_name("高一某")


def test_an_id_that_begins_as_a_name_does_is_an_id() -> None:
    assert all(map(holds_name, ("X003 张某", "张某/李某某", "张某")))
    assert not any(map(holds_name, ("江南001", "X003", "方圆班3", "")))


def test_what_begins_as_a_title_does_is_no_name() -> None:
    root = packs.load().schema.root
    assert all(is_of_the_words(text, root) for text in ("方案说明", "费用说明", "安全管理"))
    assert not any(is_of_the_words(text, root) for text in ("张某某", "王安全", "其其格", "方"))


def test_mongolian_names_have_no_surname() -> None:
    names = (
        "其其格",
        "斯琴图雅",
        "乌云娜",
        "格日勒图",
        "那日苏",
        "巴特尔",
        "娜仁图雅",
        "阿拉坦其其格",
    )
    assert all(map(is_like_name, names))
    words = ("图画", "特长", "古筝", "木工", "拉丁舞", "乌拉特前旗", "巴彦淖尔", "根据", "花式跳绳")
    assert not any(map(is_like_name, words))


def test_words_may_name_somebody_among_others() -> None:
    assert all(
        map(names_somebody, ("张某", "张某的表", "填表人 张某", "其其格2", "电话13900001234"))
    )
    assert not any(map(names_somebody, ("联系电话", "家长签字", "备注", "附件2", "")))


def test_a_sheet_called_after_somebody_is_told_by_its_number() -> None:
    assert [sheet_name(name, 3) for name in ("张某", "附件2")] == ["第 3 张工作表", "附件2"]


def test_what_a_reader_quotes_is_told_by_its_shape_where_it_names_somebody() -> None:
    told = quoted_unshown("“联系方式:张某某”被读成了一个没有值的键")
    assert told == "“8 个字符”被读成了一个没有值的键"
    assert quoted_unshown("键“13900001234”重复：第 3 行已经写过") == (
        "键“11 位数字”重复：第 3 行已经写过"
    )
    for message in ("“end:18:30”被读成了一个没有值的键", "键“年级”重复", "这里应当是“]”，却是“}”"):
        assert quoted_unshown(message) == message


def test_what_is_always_shown_holds_no_persons_number() -> None:
    shown = [unshown(text) for text in ("沙枣小学（示例）", "13900001234", None)]
    assert shown == ["沙枣小学（示例）", "11 位数字", None]


def test_a_shape_says_how_long_and_of_what() -> None:
    assert shape("13900001234") == "11 位数字"
    assert shape("张 某") == "2 个汉字"
    assert shape("T-1 张") == "4 个字符"


def test_an_odd_spelling_of_what_belongs_there_is_shown() -> None:
    schema = packs.load("bayannur-2021").schema
    date, flag = schema.field("roster.application_date"), schema.field("roster.wants_service")
    assert date is not None and flag is not None
    assert is_of_the_field(date, "2021-13-45") and is_of_the_field(date, "9月1日")
    assert not is_of_the_field(date, "13900001234") and not is_of_the_field(date, "张某")
    assert not is_of_the_field(flag, "李某某")


@pytest.mark.parametrize("code", ["1508020001", "X003", "152801-07", "方圆-2", ""])
def test_a_code_stands_as_it_is_written(code: str) -> None:
    assert code_or_none(code) == code


@pytest.mark.parametrize("code", ["尉迟彧", " 尉迟彧 ", "X003 尉迟彧", "13912345678", None])
def test_what_is_a_person_s_own_is_no_code(code: str | None) -> None:
    assert code_or_none(code) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("18:40还有学生在校，班主任王某在场", ["班主任王某"]),
        ("张某某老师说作业多", ["张某某老师"]),
        ("副校长李某值班，赵某某老师没有到", ["校长李某", "赵某某老师"]),
        ("班主任在场，没有教师讲课", []),
        ("任课教师未到，值班老师不在岗", []),
        ("高年级学生在做数学试卷", []),
        ("家长高兴，学生成绩没有公布", []),
        ("发生安全事故，卫生没有打扫，保安员在岗", []),
    ],
)
def test_a_name_beside_a_post_is_told(text: str, named: list[str]) -> None:
    assert spoken_of(text) == named
