"""Functions of derived values on what is known in part, each worked by hand (language.md §2)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kehou.language import derivations as fn
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

P = ("/x",)
UNKNOWN = Unknown(P, True)
FAULTY = Unknown(P)
SURE, MAYBE = True, False
FIRST: Any = "2021-08-31"
LAST: Any = "2021-09-01"
DAYS = Bounds(FIRST, LAST, P)


@pytest.mark.parametrize(
    ("function", "members", "more", "expected"),
    [
        ("count", [], False, 0),
        ("count", [(None, SURE), (None, SURE)], False, 2),
        ("count", [(None, SURE), (None, MAYBE)], False, Bounds(1, 2, P)),
        ("count", [(None, SURE)], True, Bounds(1, INF, P)),
        ("sum", [], False, 0),
        ("sum", [(2, SURE), (ABSENT, SURE), (3, SURE)], False, 5),
        ("sum", [(2, SURE), (3, MAYBE)], False, Bounds(2, 5, P)),
        ("sum", [(2, SURE), (UNKNOWN, SURE)], False, Bounds(2, INF, P)),
        ("sum", [(2, SURE), (Bounds(1, 4, P), MAYBE)], False, Bounds(2, 6, P)),
        ("sum", [(2, SURE)], True, Bounds(2, INF, P)),
        ("max", [], False, ABSENT),
        ("max", [(ABSENT, SURE)], False, ABSENT),
        ("max", [(2, SURE), (5, SURE)], False, 5),
        ("max", [(2, SURE), (5, MAYBE)], False, Bounds(2, 5, P)),
        ("max", [(5, SURE), (2, MAYBE)], False, 5),
        ("max", [(2, MAYBE)], False, UNKNOWN),
        ("max", [(UNKNOWN, SURE)], False, UNKNOWN),
        ("max", [(2, SURE), (UNKNOWN, SURE)], False, Bounds(2, 9, P)),
        ("max", [(2, SURE)], True, Bounds(2, 9, P)),
        ("min", [(2, SURE), (5, SURE)], False, 2),
        ("min", [(2, MAYBE), (5, SURE)], False, Bounds(2, 5, P)),
        ("min", [(5, SURE)], True, Bounds(-9, 5, P)),
        ("collect", [("a", SURE), ("b", SURE), ("a", SURE)], False, ("a", "b")),
        ("collect", [(("a", "b"), SURE), (ABSENT, SURE)], False, ("a", "b")),
        ("collect", [("a", SURE), ("b", MAYBE)], False, Open(("a",), P)),
        ("collect", [("a", SURE), (UNKNOWN, SURE)], False, Open(("a",), P)),
        ("collect", [(Open(("a",), P), SURE)], False, Open(("a",), P)),
        ("collect", [(3, SURE), (Bounds(1, 2, P), SURE)], False, Open((3,), P)),
        ("collect", [("a", SURE)], True, Open(("a",), P)),
        ("distinct", [("a", SURE), ("a", SURE), ("b", SURE)], False, 2),
        ("distinct", [("a", SURE), ("b", MAYBE)], False, Bounds(1, 2, P)),
        ("distinct", [("a", SURE), ("a", MAYBE)], False, 1),
        ("distinct", [(UNKNOWN, SURE)], False, Bounds(0, 1, P)),
        ("distinct", [(3, SURE), (Bounds(1, 4, P), SURE)], False, Bounds(1, 2, P)),
        ("distinct", [(Bounds(1, 4, P), SURE)], False, 1),
        ("distinct", [(("a", "b"), SURE)], False, 2),
        ("distinct", [("a", SURE)], True, Bounds(1, INF, P)),
    ],
)
def test_aggregates(function: str, members: Any, more: bool, expected: Any) -> None:
    found = {
        "count": lambda: fn.count(members, more, P),
        "sum": lambda: fn.total(members, more, P, 0),
        "max": lambda: fn.extreme("max", members, more, P, (-9, 9)),
        "min": lambda: fn.extreme("min", members, more, P, (-9, 9)),
        "collect": lambda: fn.collect(members, more, P, False),
        "distinct": lambda: fn.distinct(members, more, P),
    }[function]()
    same = isinstance(found, Unknown) and isinstance(expected, Unknown)
    assert same or found == expected


def test_a_sum_whose_unknown_member_may_be_none_starts_from_the_others() -> None:
    """A field of at least 100 fen may still be stated to be none, and then adds nothing."""
    assert fn.total([(200, SURE), (UNKNOWN, SURE)], False, P, 100) == Bounds(200, INF, P)


def test_a_sum_without_a_least_value_is_open_below() -> None:
    assert fn.total([(200, SURE), (UNKNOWN, SURE)], False, P, None) == Bounds(-INF + 200, INF, P)


def test_lists_not_known_may_hold_any_number_of_values() -> None:
    assert fn.distinct([(("a",), SURE), (UNKNOWN, SURE)], False, P, True) == Bounds(1, INF, P)
    assert fn.distinct([(Open(("a",), P), SURE)], False, P, True) == Bounds(1, INF, P)


@pytest.mark.parametrize(
    ("function", "members", "more", "expected"),
    [
        ("has", [(False, SURE), (True, SURE)], True, True),
        ("has", [(False, SURE), (True, MAYBE)], False, UNKNOWN),
        ("has", [(None, SURE)], False, UNKNOWN),
        ("has", [(False, SURE), (False, MAYBE)], False, False),
        ("has", [], True, UNKNOWN),
        ("has", [], False, False),
        ("every", [(True, SURE), (False, SURE)], True, False),
        ("every", [(True, SURE), (False, MAYBE)], False, UNKNOWN),
        ("every", [(True, SURE), (None, SURE)], False, UNKNOWN),
        ("every", [(True, SURE), (True, MAYBE)], False, True),
        ("every", [], False, True),
    ],
)
def test_quantifiers(function: str, members: Any, more: bool, expected: Any) -> None:
    assert fn.quantified(function, members, more, P, True) == expected


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
    assert fn.arithmetic(function, a, b) == expected


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
    assert fn.minutes_between(a, b, overnight) == expected


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
    assert fn.first(values) == expected


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
    assert fn.by_unit(named, FACTORS) == expected
