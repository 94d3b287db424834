"""Automatic numbers are counted and written as Word shows them."""

from __future__ import annotations

import pytest

from kehou.readers.docx.numbering import Level, Lists, chinese, written


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (103, "一百零三"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (0, "0"),
    ],
)
def test_whole_numbers_in_chinese(number: int, said: str) -> None:
    assert chinese(number) == said


@pytest.mark.parametrize(
    ("number", "format", "said"),
    [
        (3, "chineseCounting", "三"),
        (3, "decimal", "3"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (12, "ideographDigital", "一二"),
        (2, "heavenlyStem", "乙"),
        (5, "none", ""),
        (7, "of another kind", "7"),
    ],
)
def test_formats_of_numbers(number: int, format: str, said: str) -> None:
    assert written(number, format) == said


def test_a_deeper_level_begins_anew_under_each_of_the_outer() -> None:
    levels = {0: Level("chineseCounting", "%1、"), 1: Level("chineseCounting", "（%2）")}
    lists = Lists({"1": levels})
    given = [lists.next("1", level) for level in (0, 1, 1, 0, 1)]
    assert given == ["一、", "（一）", "（二）", "二、", "（一）"]


def test_a_number_of_several_levels_shows_them_all() -> None:
    lists = Lists({"1": {0: Level("decimal", "%1."), 1: Level("decimal", "%1.%2")}})
    assert [lists.next("1", level) for level in (0, 1, 1)] == ["1.", "1.1", "1.2"]


def test_bullets_show_no_number() -> None:
    assert Lists({"1": {0: Level("bullet", "•")}}).next("1", 0) == ""


def test_a_list_that_is_not_there_shows_nothing() -> None:
    assert Lists().next("9", 0) == ""
