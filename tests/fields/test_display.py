"""How values are shown: what a headteacher reads in a finding, and what must never be shown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kehou import data
from kehou.fields import MASK, Field, load_schema, show
from kehou.fields.display import show_money, show_time
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("plan.sessions.end", 1110, "18:30"),
        ("plan.sessions.end", 485, "08:05"),
        ("fee.items.amount", 30000, "300元"),
        ("fee.items.amount", 1250, "12.50元"),
        ("ledger.rows.amount", -5, "-0.05元"),
        ("plan.sessions.activity", "collective_lesson", "集体授课"),
        ("plan.sessions.activity", ("homework", "reading"), "作业、阅读"),
        ("school.levels", ("primary", "junior"), "小学、初中"),
        ("plan.sessions.weekdays", (1, 2, 3, 4, 5), "周一至周五"),
        ("plan.sessions.weekdays", (1, 3), "周一、周三"),
        ("plan.sessions.weekdays", 2, "周二"),
        ("plan.sessions.grades", (1, 2, 3, 4, 5, 6), "一至六年级"),
        ("plan.sessions.grades", (7, 8, 9), "七至九年级"),
        ("plan.sessions.grades", (1, 2, 5), "一、二、五年级"),
        ("plan.sessions.grades", (9, 10, 11, 12), "九年级、高一至高三"),
        ("roster.grade", 7, "七年级"),
        ("school.boarding", True, "是"),
        ("school.boarding", False, "否"),
        ("vendors.bad_record", False, "无"),
        ("plan.feedback.satisfaction", Fraction(19, 20), "0.95"),
        ("plan.service_start", "2021-09-01", "2021-09-01"),
        ("plan.sessions.season", "all", "全年"),
        ("school.students_total", 450, "450"),
        ("plan.eligibility.capacity", ABSENT, "无"),
        ("plan.sessions.end", None, "未提供"),
        ("plan.sessions.end", Unknown(("/plan",)), "未提供"),
        ("fee.items.amount", Bounds(100, 30000), "1元至300元"),
        ("plan.sessions.activity", Open(("homework",)), "作业等"),
        ("plan.sessions.activity", Open(()), "未提供"),
    ],
)
def test_values_are_shown_by_their_field(path: str, value: Any, shown: str) -> None:
    field = SCHEMA.field(path)
    assert field is not None
    assert show(value, field) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("time", 1110, "18:30"),
        ("money", 30050, "300.50元"),
        ("integer", 45, "45"),
        ("boolean", True, "是"),
        ("decimal", Fraction(1, 3), "约0.3333"),
        ("decimal", Fraction(-1, 2), "-0.5"),
        ("decimal", Fraction(2), "2"),
        ("text", "甲", "甲"),
        ("text", ("甲", "乙"), "甲、乙"),
        (None, (), "无"),
    ],
)
def test_values_are_shown_by_their_kind(kind: str | None, value: Any, shown: str) -> None:
    assert show(value, kind) == shown


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("staff.name", "甲乙"),
        ("ledger.rows.counterparty", "甲乙"),
        ("inspection.inspectors", ("甲乙", "丙丁")),
    ],
)
def test_private_values_are_never_shown(path: str, value: Any) -> None:
    field = SCHEMA.field(path)
    assert field is not None
    assert show(value, field) == MASK
    assert show(value, field.item or field) == MASK


def test_private_values_inside_a_record_are_never_shown() -> None:
    record = {"type": "教师资格证", "no": "20211234567", "valid_to": None}
    assert (
        show(record, SCHEMA.field("staff.qualification_doc"))
        == "证件类型：教师资格证，证件号码：███"
    )


def test_none_and_absent_are_told_apart_even_where_private() -> None:
    field = SCHEMA.field("roster.reject_reason")
    assert show(None, field) == "未提供"
    assert show(ABSENT, field) == "无"


def test_the_small_ones() -> None:
    assert show_time(0) == "00:00"
    assert show_money(0) == "0元"


@pytest.mark.parametrize(
    ("path", "values", "shown"),
    [
        ("plan.sessions.weekdays", (5, 1, 1), "周一、周五"),
        ("plan.sessions.weekdays", (1, 2, 3, 6, 7), "周一至周三、周六、周日"),
        ("plan.eligibility.grades", (12,), "高三"),
        ("plan.eligibility.grades", (1, 2, 3, 7, 10, 11, 12), "一至三、七年级、高一至高三"),
    ],
)
def test_numbers_that_have_words_are_shown_by_them(
    path: str, values: tuple[int, ...], shown: str
) -> None:
    assert show(values, SCHEMA.field(path)) == shown


def test_words_and_unit_are_the_schemas_own() -> None:
    schema = load_schema(
        '{"properties": {"floors": {"title": "楼层", "type": "array", "items": {"type": "integer",'
        ' "x-units": ["层"], "x-words": {"地下": -1, "一层": 1, "二层": 2, "三层": 3}}}},'
        ' "type": "object"}'
    )
    assert show((1, 2, 3, -1), schema.field("floors")) == "地下、一至三层"
    assert show((4,), schema.field("floors")) == "4"


@pytest.mark.parametrize(
    ("path", "least", "most", "shown"),
    [
        ("plan.filed_on", "2021-08-01", "2021-08-28", "2021-08-01至2021-08-28"),
        ("plan.filed_on", "0001-01-01", "2021-08-28", "不晚于2021-08-28"),
        ("plan.filed_on", "2021-08-28", "9999-12-31", "不早于2021-08-28"),
        ("plan.filed_on", "0001-01-01", "9999-12-31", "未提供"),
        ("plan.sessions.end", 0, 1110, "不晚于18:30"),
        ("school.students_total", 3, INF, "不少于3"),
        ("school.students_total", -INF, 3, "不多于3"),
    ],
)
def test_an_end_that_is_not_known_is_not_shown(
    path: str, least: Any, most: Any, shown: str
) -> None:
    assert show(Bounds(least, most), SCHEMA.field(path)) == shown


def test_in_english_what_nobody_supplied_and_what_there_is_none_of_are_told_in_english() -> None:
    kind = Field("kind", "kind", "text", "类别", labels={"lunch_care": "午间看护"})
    for value, field, shown in (
        (None, None, "not supplied"),
        (ABSENT, None, "none"),
        (False, "boolean", "no"),
        ("lunch_care", kind, "lunch care"),
        (("lunch_care",), kind, "lunch care"),
        ((), None, "none"),
        (1250, "money", "12.50 yuan"),
        (1110, "time", "18:30"),
    ):
        assert show(value, field, "en") == shown
