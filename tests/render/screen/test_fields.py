"""``kehou explain --fields``: the field that there is, before another is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import command_line

EXAMPLE = str(Path(__file__).parents[3] / "docs" / "pack-example")


def told(*arguments: str) -> str:
    code, out, error = command_line.here("explain", "--fields", *arguments)
    assert code == 0, error
    return out


def test_a_derived_value_is_found_by_the_words_of_the_rules_that_read_it() -> None:
    """Nobody finds school_grade.service_weekdays by its name."""
    out = told("每周", "--pack", "bayannur-2021")
    assert "each: school_grade  service_weekdays  去重计数（服务时段、年级、星期）" in out
    assert "schedule-five-days" in out and "weekly_service_days" in out
    assert "已有的规则" in out


def test_a_derived_value_says_which_rows_it_leaves_out() -> None:
    """Who writes “每周不超过五天” with it has to see that it never counts a Saturday."""
    limited = "只算类别 是 下午课后服务、星期 不超过 周五的"
    assert limited in told("service_weekdays", "--pack", "bayannur-2021")
    code, out, _ = command_line.here("explain", "schedule-five-days")
    assert code == 0 and limited in out.partition("算出来的值")[2]


def test_a_field_is_told_once_with_its_entity_its_kind_and_its_units() -> None:
    out = told("结束时间", "--pack", EXAMPLE)
    assert out.count("sitting  end  供餐时段 · 结束时间  time") == 1
    assert "supper_latest_end  晚餐最晚结束时间 = 19:00" in out


@pytest.mark.parametrize("words", ["餐 时间", "时间 餐"])
def test_several_words_have_all_to_fit(words: str) -> None:
    assert "结束时间" in told(words, "--pack", EXAMPLE)
    assert "没有叫“时间 月球”" in told("时间 月球", "--pack", EXAMPLE)


def test_it_is_told_in_english_too() -> None:
    out = told("清校", "--pack", "bayannur-2021", "--lang", "en")
    assert "read by schedule-clearing-planned" in out and "取第一个" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain"], "没有写规则"),
        (["explain", "food-salt", "--fields", "盐"], "不和规则编号一起写"),
    ],
)
def test_neither_and_both_are_refused(arguments: list[str], said: str) -> None:
    code, _, error = command_line.here(*arguments, "--pack", EXAMPLE)
    assert code == 2 and said in error


@pytest.mark.parametrize("words", ["开始时间到结束时间", "开始至结束"])
def test_a_span_is_found_by_its_two_ends(words: str) -> None:
    """Whoever looks for how long something lasts names its beginning and its end."""
    out = told(words, "--pack", "bayannur-2021")
    assert "each: session  clock_minutes  相隔分钟（开始时间、结束时间）" in out
    assert "服务时段 · 开始时间" in out and "服务时段 · 结束时间" in out
    assert "没有叫“月球到结束”" in told("月球到结束", "--pack", "bayannur-2021")
