"""Functions of many members, known in part, each worked by hand (docs/language.md §2.10)."""

from __future__ import annotations

from typing import Any

import pytest

from kehou.language.derivations import FUNCTIONS
from kehou.language.derivations.many_members import Limits, Members, distinct, total
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

P = ("/x",)
UNKNOWN = Unknown(P, True)
SURE, MAYBE = True, False
#: A field that holds lists.
LISTS = Limits(many=True)


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
    found = FUNCTIONS[function].compute(Members(members, more, P, limits=Limits((-9, 9), 0)))
    same = isinstance(found, Unknown) and isinstance(expected, Unknown)
    assert same or found == expected


def test_a_sum_whose_unknown_member_may_be_none_starts_from_the_others() -> None:
    """A field of at least 100 fen may still be stated to be none, and then adds nothing."""
    assert total(
        Members([(200, SURE), (UNKNOWN, SURE)], False, P, limits=Limits(least=100))
    ) == Bounds(200, INF, P)


def test_a_sum_without_a_least_value_is_open_below() -> None:
    assert total(Members([(200, SURE), (UNKNOWN, SURE)], False, P)) == Bounds(-INF + 200, INF, P)


def test_lists_not_known_may_hold_any_number_of_values() -> None:
    assert distinct(Members([(("a",), SURE), (UNKNOWN, SURE)], False, P, limits=LISTS)) == Bounds(
        1, INF, P
    )
    assert distinct(Members([(Open(("a",), P), SURE)], False, P, limits=LISTS)) == Bounds(1, INF, P)


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
    assert FUNCTIONS[function].compute(Members(members, more, P, True)) == expected
