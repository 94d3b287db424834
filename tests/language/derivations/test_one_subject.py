"""Functions of one subject, known in part, each worked by hand (docs/language.md §2.10)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kehou.language.derivations import FUNCTIONS
from kehou.language.derivations.one_subject import (
    after,
    by_unit,
    days_between,
    first,
    minutes_between,
    weekday_of,
)
from kehou.model.values import ABSENT, Bounds, Unknown

P = ("/x",)
UNKNOWN = Unknown(P, True)
FAULTY = Unknown(P)
FIRST: Any = "2021-08-31"
LAST: Any = "2021-09-01"
DAYS = Bounds(FIRST, LAST, P)


@pytest.mark.parametrize(
    ("function", "a", "b", "expected"),
    [
        ("plus", 2, Bounds(1, 3, P), Bounds(3, 5, P)),
        ("plus", 2, ABSENT, ABSENT),
        ("plus", UNKNOWN, ABSENT, ABSENT),
        ("plus", 2, UNKNOWN, UNKNOWN),
        ("plus", "2021-08-31", 1, "2021-09-01"),
        ("plus", "2021-08-31", Bounds(0, 1, P), DAYS),
        ("minus", "2021-09-01", 1, "2021-08-31"),
        ("minus", Bounds(1, 3, P), Bounds(1, 2, P), Bounds(-1, 2, P)),
        ("times", Bounds(-1, 3, P), 2, Bounds(-2, 6, P)),
        ("times", Bounds(-1, 3, P), -2, Bounds(-6, 2, P)),
        ("ratio", 1, 3, Fraction(1, 3)),
        ("ratio", 1, 0, ABSENT),
        ("ratio", UNKNOWN, 0, UNKNOWN),
        ("ratio", 6, Bounds(2, 3, P), Bounds(Fraction(2), Fraction(3), P)),
        ("ratio", 6, Bounds(0, 3, P), FAULTY),
    ],
)
def test_arithmetic(function: str, a: Any, b: Any, expected: Any) -> None:
    assert FUNCTIONS[function].compute(a, b) == expected


@pytest.mark.parametrize(
    ("a", "b", "overnight", "expected"),
    [
        (480, 510, False, 30),
        (510, 480, False, -30),
        (1320, 390, True, 510),
        (480, Bounds(500, 510, P), False, Bounds(20, 30, P)),
        (1320, Bounds(360, 390, P), True, Bounds(480, 510, P)),
        (480, Bounds(470, 490, P), True, FAULTY),
        (480, ABSENT, False, ABSENT),
        (480, UNKNOWN, True, UNKNOWN),
    ],
)
def test_minutes_between(a: Any, b: Any, overnight: bool, expected: Any) -> None:
    assert minutes_between(a, b, overnight) == expected


@pytest.mark.parametrize(
    ("a", "b", "inclusive", "expected"),
    [
        ("2021-09-06", "2021-09-06", True, 1),
        ("2021-09-06", "2021-09-10", True, 5),
        ("2021-09-06", "2021-09-10", False, 4),
        ("2021-09-06", ABSENT, True, ABSENT),
        ("2021-09-06", UNKNOWN, True, UNKNOWN),
    ],
)
def test_days_between(a: Any, b: Any, inclusive: bool, expected: Any) -> None:
    assert days_between(a, b, inclusive) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2021-09-06", 1),
        ("2021-10-16", 6),
        ("2021-10-17", 7),
        (DAYS, Bounds(1, 7, P)),
        (ABSENT, ABSENT),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_weekday_of(date: Any, expected: Any) -> None:
    assert weekday_of(date) == expected


@pytest.mark.parametrize(
    ("text", "front", "expected"),
    [
        ("临河区向阳小学", "临河区", "向阳小学"),
        ("向阳小学", "临河区", "向阳小学"),
        ("向阳小学临河区", "临河区", "向阳小学临河区"),
        ("临河区", "临河区", "临河区"),
        (ABSENT, "临河区", ABSENT),
        ("向阳小学", ABSENT, ABSENT),
        ("向阳小学", UNKNOWN, UNKNOWN),
    ],
)
def test_after(text: Any, front: Any, expected: Any) -> None:
    assert after(text, front) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([UNKNOWN, 3], 3),
        ([ABSENT, 3], 3),
        ([FAULTY, 3], FAULTY),
        ([2, 3], 2),
        ([ABSENT, UNKNOWN], UNKNOWN),
        ([ABSENT, ABSENT], ABSENT),
        ([Bounds(1, 2, P), 3], Bounds(1, 2, P)),
    ],
)
def test_first(values: Any, expected: Any) -> None:
    assert first(values) == expected


#: What an amount of each unit is multiplied by; nothing makes a whole of one per use.
FACTORS = {
    "per_term": (),
    "per_month": ("months",),
    "per_day": ("days",),
    "per_period": ("periods_per_day", "days"),
}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"amount": 30000, "unit": "per_term"}, 30000),
        ({"amount": 6000, "unit": "per_month", "months": 5}, 30000),
        ({"amount": 300, "unit": "per_day", "days": 90}, 27000),
        ({"amount": 200, "unit": "per_period", "periods_per_day": 2, "days": 90}, 36000),
        ({"amount": 300, "unit": "per_day"}, Unknown(())),
        ({"amount": 300, "unit": "per_day", "days": ABSENT}, Unknown(())),
        ({"amount": 300, "unit": "per_use", "days": 90}, Unknown(())),
        ({"amount": ABSENT, "unit": "per_day", "days": 90}, ABSENT),
        ({"amount": 300, "unit": UNKNOWN, "days": 90}, UNKNOWN),
        ({"amount": Bounds(300, 400, P), "unit": "per_day", "days": 10}, Bounds(3000, 4000, P)),
    ],
)
def test_by_unit(named: dict[str, Any], expected: Any) -> None:
    assert by_unit(named, FACTORS) == expected
