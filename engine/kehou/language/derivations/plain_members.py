"""Functions of many members that all certainly belong and of which all is known.

Each gives what its namesake in `many_members` gives of the same members; where a value may be none,
those that are none are left out before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from kehou.language.derivations.values import bounds
from kehou.model.values import ABSENT, INF


def count(number: int) -> int:
    """How many members there are."""
    return number


def total(values: Sequence[Any]) -> Any:
    """Sum of the members."""
    found = sum(values)
    return found if -INF <= found <= INF else bounds(max(found, -INF), min(found, INF), ())


def smallest(values: Sequence[Any]) -> Any:
    """The least of the members; absent over none."""
    return min(values) if values else ABSENT


def largest(values: Sequence[Any]) -> Any:
    """The greatest of the members; absent over none."""
    return max(values) if values else ABSENT


def collect(values: Sequence[Any]) -> tuple[Any, ...]:
    """The distinct values of the members in order, lists joined."""
    return tuple(dict.fromkeys(_items(values)))


def distinct(values: Sequence[Any]) -> int:
    """How many different values the members have, of which each may hold several."""
    return len(set(_items(values)))


def has(verdicts: Sequence[bool]) -> bool:
    """Whether some member fits."""
    return True in verdicts


def every(verdicts: Sequence[bool]) -> bool:
    """Whether all members fit."""
    return False not in verdicts


def _items(values: Sequence[Any]) -> Sequence[Any]:
    if any(type(value) is tuple for value in values):
        return list(chain.from_iterable(v if type(v) is tuple else (v,) for v in values))
    return values
