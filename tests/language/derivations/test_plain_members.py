"""What is made plainly of members that all belong is what is made of them in general."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.language.derivations import FUNCTIONS
from kehou.language.derivations.many_members import Limits, Members
from kehou.model.values import ABSENT, INF

_NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.integers(-3 * INF, 3 * INF),
    st.fractions(-3, 3, max_denominator=4),
)
_TEXTS = st.sampled_from(["", "2021-09-01", "2021-09-02", "甲"])
_LISTS = st.lists(st.integers(0, 3), max_size=3).map(tuple)
_VALUES = st.one_of(*(st.lists(st.just(ABSENT) | kind, max_size=6) for kind in (_NUMBERS, _TEXTS)))
_OF_VALUES = ["min", "max", "collect", "distinct"]


def _in_general(name: str, values: list[Any]) -> Any:
    members = Members([(value, True) for value in values], limits=Limits((-INF, INF), 0))
    return FUNCTIONS[name].compute(members)


def _plainly(name: str, values: list[Any]) -> Any:
    plainly = FUNCTIONS[name].plainly
    assert plainly is not None
    return plainly([value for value in values if value is not ABSENT])


@pytest.mark.parametrize("name", _OF_VALUES)
@given(values=_VALUES)
def test_values_come_to_the_same(name: str, values: list[Any]) -> None:
    found = _plainly(name, values)
    assert found == _in_general(name, values)
    assert type(found) is type(_in_general(name, values))


@given(values=st.lists(st.just(ABSENT) | _NUMBERS, max_size=6))
def test_sums_come_to_the_same(values: list[Any]) -> None:
    assert _plainly("sum", values) == _in_general("sum", values)


@pytest.mark.parametrize("name", ["collect", "distinct"])
@given(values=st.lists(st.just(ABSENT) | _LISTS | st.integers(0, 3), max_size=6))
def test_lists_come_to_the_same(name: str, values: list[Any]) -> None:
    assert _plainly(name, values) == _in_general(name, values)


@pytest.mark.parametrize("name", ["has", "every"])
@given(verdicts=st.lists(st.booleans(), max_size=4))
def test_verdicts_come_to_the_same(name: str, verdicts: list[bool]) -> None:
    assert _plainly(name, verdicts) is _in_general(name, verdicts)


@given(number=st.integers(0, 9))
def test_rows_come_to_their_number(number: int) -> None:
    plainly = FUNCTIONS["count"].plainly
    assert plainly is not None
    assert plainly(number) == _in_general("count", [None] * number)


def test_every_function_of_members_has_a_plain_form() -> None:
    shapes = {name: row.takes.shape for name, row in FUNCTIONS.items()}
    of_members = {n for n, shape in shapes.items() if shape in ("rows", "values", "verdicts")}
    assert {name for name, row in FUNCTIONS.items() if row.plainly is not None} == of_members


def test_fractions_stay_exact() -> None:
    assert _plainly("sum", [Fraction(1, 3), Fraction(2, 3)]) == 1
