"""Times of the day are found however they are written, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from tests.support.prose import library

from kehou.documents import normal
from kehou.reading.clock_times import after_noon, clock_times, intervals

HOURS = library().hours
assert HOURS is not None
SIGNS = HOURS.signs


def times(text: str) -> list[str]:
    """The times of a text after noon, as 17:30."""
    found = (after_noon(one, 9).minutes for one in clock_times(normal(text).text, SIGNS))
    return [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in found]


@pytest.mark.parametrize(
    "text",
    [
        "17:30",
        "17∶30",
        "17：30",
        "１７：３０",
        "17时30分",
        "17点30分",
        "17点半",
        "5:30",
        "下午5时30分",
        "下午5:30",
        "五点半",
        "下午五点三十分",
        "五点三十",
        "十七点三十分",
        "17.30",
        "1730",
        "5:30pm",
        "17:3O",
        "17:30:00",
    ],
)
def test_one_time_in_its_spellings(text: str) -> None:
    assert times(f"至{text}结束") == ["17:30"]


@pytest.mark.parametrize(
    "text",
    [
        "三点半课堂",
        "四点半学校",
        "师生比1:20",
        "每节1小时30分钟",
        "2021—2022学年",
        "2021.09.01",
        "2.5小时",
        "3时段",
        "1500元",
        "24:10",
        "18:75",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert times(text) == []


def test_a_range_has_the_half_of_the_day_of_its_begin() -> None:
    [one] = intervals("下午4:30至6:00", SIGNS)
    assert one.last is not None
    assert (one.first.minutes, one.last.minutes) == (16 * 60 + 30, 18 * 60)


def test_an_hour_alone_is_a_time_only_in_a_range() -> None:
    assert list(intervals("做到以下五点", SIGNS)) == []
    assert len(list(intervals("四点至六点", SIGNS))) == 1
    assert list(intervals("3.15—4.20", SIGNS)) == []  # days of the year
