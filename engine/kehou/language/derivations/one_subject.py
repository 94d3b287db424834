"""Functions of one subject's values: arithmetic, dates and times, the first that is supplied.

Absent makes absent, and else unknown makes unknown; of bounds come bounds (docs/language.md §2.10).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kehou.language.derivations.values import bounds, ends, gap_of, join_paths, paths_of, unknown_of
from kehou.model.values import ABSENT, Unknown


def plus(a: Any, b: Any) -> Any:
    """The sum of two numbers; of a date and a number of days, a date."""
    if type(a) is int and type(b) is int:
        return a + b
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    (a0, a1), (b0, b1) = ends(a), ends(b)
    if isinstance(a0, str):
        return bounds(add_days(a0, b0), add_days(a1, b1), _paths(a, b))
    return bounds(a0 + b0, a1 + b1, _paths(a, b))


def minus(a: Any, b: Any) -> Any:
    """The difference of two numbers; of a date and a number of days, a date."""
    if type(a) is int and type(b) is int:
        return a - b
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    (a0, a1), (b0, b1) = ends(a), ends(b)
    if isinstance(a0, str):
        return bounds(add_days(a0, -b1), add_days(a1, -b0), _paths(a, b))
    return bounds(a0 - b1, a1 - b0, _paths(a, b))


def times(a: Any, b: Any) -> Any:
    """The product of two numbers."""
    if type(a) is int and type(b) is int:
        return a * b
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    corners = [x * y for x in ends(a) for y in ends(b)]
    return bounds(min(corners), max(corners), _paths(a, b))


def ratio(a: Any, b: Any) -> Any:
    """The quotient of two numbers, exact; absent over zero, unknown over what may be zero."""
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    b0, b1 = ends(b)
    if b0 == b1 == 0:
        return ABSENT
    if b0 <= 0 <= b1:
        return Unknown(_paths(a, b))
    corners = [Fraction(x) / Fraction(y) for x in ends(a) for y in (b0, b1)]
    return bounds(min(corners), max(corners), _paths(a, b))


def _paths(a: Any, b: Any) -> tuple[str, ...]:
    ours, theirs = paths_of(a), paths_of(b)
    if not theirs or theirs is ours:
        return ours
    return join_paths((ours, theirs)) if ours else theirs


def add_days(date: str, days: int) -> str:
    """ISO date some days later, held within years 1 to 9999."""
    ordinal = datetime.date.fromisoformat(date).toordinal() + days
    last = datetime.date.max.toordinal()
    return datetime.date.fromordinal(min(max(ordinal, 1), last)).isoformat()


def minutes_between(a: Any, b: Any, overnight: bool = False) -> Any:
    """Minutes from time ``a`` to time ``b``; past midnight where ``overnight`` and b is earlier."""
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    (a0, a1), (b0, b1) = ends(a), ends(b)
    paths = _paths(a, b)
    if not overnight or b0 >= a1:
        return bounds(b0 - a1, b1 - a0, paths)
    if b1 < a0:
        return bounds(b0 - a1 + 1440, b1 - a0 + 1440, paths)
    return Unknown(paths)


def days_between(a: Any, b: Any, inclusive: bool = False) -> Any:
    """Days from date ``a`` to date ``b``; negative where b is earlier, both ends if inclusive."""
    gap = gap_of(a, b)
    if gap is not None:
        return gap
    (a0, a1), (b0, b1) = ends(a), ends(b)
    more = int(inclusive)
    return bounds(_days(a1, b0) + more, _days(a0, b1) + more, _paths(a, b))


def _days(a: str, b: str) -> int:
    start, end = datetime.date.fromisoformat(a), datetime.date.fromisoformat(b)
    return (end - start).days


def month_of(date: Any) -> Any:
    """The month that a date lies in, as ``2021-09``."""
    if date is ABSENT or isinstance(date, Unknown):
        return date
    first, last = ends(date)
    return bounds(first[:7], last[:7], paths_of(date))


def weekday_of(date: Any) -> Any:
    """The day of the week of a date, Monday 1 to Sunday 7."""
    if date is ABSENT or isinstance(date, Unknown):
        return date
    first, last = ends(date)
    if first != last:
        return bounds(1, 7, paths_of(date))
    return datetime.date.fromisoformat(first).isoweekday()


def after(text: Any, front: Any) -> Any:
    """A text without another one that it begins with; all of it where it does not, or is that."""
    gap = gap_of(text, front)
    if gap is not None:
        return gap
    rest = text.removeprefix(front)
    return rest or text


def by_unit(named: Mapping[str, Any], factors: Mapping[str, Sequence[str]]) -> Any:
    """The whole of an ``amount`` that is given per ``unit``: times the factors of that unit.

    ``factors`` are the names, in ``named``, of what each unit is multiplied by. A unit that they
    do not list, or a factor that is not supplied, leaves the whole unknown.
    """
    amount, unit = named["amount"], named["unit"]
    gap = gap_of(amount, unit)
    if gap is not None:
        return gap
    if unit not in factors:
        return Unknown(())
    total = amount
    for name in factors[unit]:
        factor = named.get(name)
        if factor is None or factor is ABSENT:
            return Unknown(())
        total = times(total, factor)
    return total


def lacking_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments that would settle an amount: those that are none, else its unit."""
    lacking = [name for name, value in fields.items() if value is None or value is ABSENT]
    return tuple(lacking) or ("unit",)


def first(values: Iterable[Any]) -> Any:
    """The first value that is supplied; a faulty one stops the search, absent ones are passed."""
    seen: list[Any] = []
    for value in values:
        if isinstance(value, Unknown):
            if not value.closable:
                return value
            seen.append(value)
        elif value is not ABSENT and value is not None:
            return value
    return unknown_of(seen) or ABSENT
