"""A guess at what somebody meant is never the opposite, nor another number or day."""

from __future__ import annotations

import json

import pytest

from kehou.fields import load_schema
from kehou.fields.allowed_values import meant
from kehou.model.opposites import alike

WEEK = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@pytest.mark.parametrize(
    ("word", "known", "guess"),
    [
        ("最早时间", ["最晚时间"], ""),
        ("最早时问", ["最晚时间", "最早时间"], "最早时间"),
        ("开始时间段", ["结束时间段"], ""),
        ("不收费", ["收费"], ""),
        ("免费", ["收费"], ""),
        ("三年级", ["二年级", "四年级"], ""),
        ("小学3年级", ["小学三年级"], "小学三年级"),
        ("周七", WEEK, ""),
        ("校内活动", ["校外活动"], ""),
        ("收入合计", ["支出合计"], ""),
        ("延时托菅", ["延时托管"], "延时托管"),
    ],
)
def test_what_is_guessed(word: str, known: list[str], guess: str) -> None:
    assert alike(word, known, 0.5) == guess


def test_several_days_in_one_are_told_one_by_one() -> None:
    """From Tuesday to Sunday is no misspelt Sunday."""
    labels = dict(zip("abcdefg", WEEK, strict=True))
    days = {"title": "开放星期", "type": "string", "enum": list(labels), "x-labels": labels}
    schema = load_schema(
        json.dumps({"type": "object", "title": "表", "properties": {"days": days}})
    )
    field = schema.field("days")
    assert field is not None
    six = "“周二”、“周三”、“周四”、“周五”、“周六”、“周日”"
    assert meant(field, "周二至周日") == f"写了几个，请一个一个写：{six}"
    assert meant(field, "周二和周日") == "写了几个，请一个一个写：“周二”、“周日”"
    assert meant(field, "周七") == ""
