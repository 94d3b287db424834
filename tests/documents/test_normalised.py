"""Texts are compared alike however they are typed, and lead back to the exact characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.documents import normal


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ("１７：３０－１８：３０", "17:30-18:30"),
        ("17∶30——18﹕30", "17:30-18:30"),
        ("讲 新\u3000课", "讲新课"),
        ("集体\u200b补课", "集体补课"),
        ("l8:3O结束", "18:30结束"),
        ("Wi Fi room", "Wi Fi room"),
        ("严禁集\n体补课", "严禁集体补课"),
        ("结束。\n二、内容", "结束。\n二、内容"),
        ("内容\n（一）作业", "内容\n(一)作业"),
        ("①作业", "①作业"),
    ],
)
def test_one_way_of_writing(typed: str, alike: str) -> None:
    assert normal(typed).text == alike


def test_letters_that_are_no_digits_of_a_time_stay() -> None:
    assert normal("ol:Il").text == "ol:Il"


@given(st.text(alphabet="讲新课，。１7:—\n \u200b\u3000(（O", max_size=40))
def test_each_character_leads_back(text: str) -> None:
    made = normal(text)
    assert len(made.at) == len(made.text) + 1
    assert list(made.at) == sorted(made.at)
    for i in range(len(made.text)):
        start, end = made.original(i, i + 1)
        assert 0 <= start < end <= len(text)
