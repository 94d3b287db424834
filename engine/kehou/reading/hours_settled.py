"""Readings of times as rows of a submission: each once, and of two that contradict neither.

Two ends of the whole service for the same pupils, days and season contradict each other, and so
does a part of it that ends after the whole. Both places are told; the row has no end then.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.documents import Paper
from kehou.reading.facts_read import facts_of
from kehou.reading.hours_library import Hours
from kehou.reading.hours_read import Hour, hours_of
from kehou.reading.library import Library

_WEEK: Final = ("1", "2", "3", "4", "5")
#: Of so many that are named each is meant; more are the general rule, of which one is excepted.
_FEW: Final = 3
#: The service begins within so many minutes after the lessons end.
_SOON: Final = 60


@dataclass(frozen=True, slots=True)
class HourRow:
    """A row by field, its reading, and ``against``: a reading that says otherwise of its end."""

    values: dict[str, Any]
    read: Hour
    against: Hour | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """A reading with the value that each of its fields has."""

    hour: Hour
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)


def hour_rows(made: Paper, library: Library) -> list[HourRow]:
    """The rows of a paper's times, in reading order."""
    hours = library.hours
    if hours is None:
        return []
    facts, _ = facts_of(made, library)
    own = next((one.value for one in facts if one.path == hours.by_name.of), "")
    found = [_named(hours, hour, own) for hour in hours_of(made, hours, library.scope, own)]
    return list(_settled(hours, found))


def _named(hours: Hours, hour: Hour, own: str) -> _Named:
    """A reading with what the name of whose paper it is tells, where nothing nearer does."""
    said = {name: one.values for name, one in hour.said.items()}
    level = hours.by_name
    numbered = hours.numbers[0].field if hours.numbers else ""
    if level.field not in said and numbered not in said:
        value = next((v for v, search in level.values if search.search(own)), "")
        if value:
            said[level.field] = (value,)
    return _Named(hour, said)


def _settled(hours: Hours, found: Sequence[_Named]) -> Iterator[HourRow]:
    hints = [one for one in found if one.hour.hint]
    found = [one for one in found if not one.hour.hint]
    dropped = set(_of_lessons(found))
    against = dict(_left_otherwise(hours, found, hints))
    for (i, one), (j, other) in itertools.combinations(enumerate(found), 2):
        if i in dropped or j in dropped:
            continue
        a, b = one.hour, other.hour
        if not _of_the_same(hours, one, other):
            if _contradict(a, b) and _of_the_same(hours, one, other, some=True):
                against.setdefault(i, b)
                dropped.add(j)
            continue
        if a.limit != b.limit and (b if a.limit else a).whole:
            bounded, exact = (i, j) if a.limit else (j, i)
            if found[exact].hour.last <= found[bounded].hour.last:
                dropped.add(bounded)
                continue
        if _same_times(a, b):
            dropped.add(j if a.first is not None or b.first is None else i)
        elif _contradict(a, b):
            against.setdefault(i, b)
            dropped.add(j)
    begins: dict[int, int] = {}
    for part, whole in list(_taken_in(hours, found, dropped)):
        dropped.add(part)
        first = found[part].hour.first
        if first is not None:
            begins[whole] = min(first, begins.get(whole, first))
    for i, one in enumerate(found):
        if i not in dropped:
            for values in _rows(hours, one, i in against, begins.get(i)):
                yield HourRow(values, one.hour, against.get(i))


def _of_lessons(found: Sequence[_Named]) -> Iterator[int]:
    """Ends alone after which the service of the same pupils begins: those of the lessons."""
    begins = [(other.hour.first, other) for other in found if other.hour.first is not None]
    for i, one in enumerate(found):
        if one.hour.first is None and any(
            0 <= first - one.hour.last <= _SOON and _is_of(one, other) for first, other in begins
        ):
            yield i


def _is_of(one: _Named, other: _Named) -> bool:
    """Whether a reading is of pupils and days of which another is, in whatever both name."""
    return one.hour.kind == other.hour.kind and all(
        set(values) & set(other.said.get(name, ())) for name, values in one.said.items()
    )


def _taken_in(
    hours: Hours, found: Sequence[_Named], dropped: Set[int]
) -> Iterator[tuple[int, int]]:
    """Readings of a part, each with the reading of the whole that it lies in."""
    for j, part in enumerate(found):
        if j in dropped or part.hour.whole or part.hour.first is None:
            continue
        for i, one in enumerate(found):
            a, b = one.hour, part.hour
            begins = a.first is None or (b.first is not None and a.first <= b.first)
            if i == j or i in dropped or a.limit or not a.whole:
                continue
            if begins and b.last <= a.last and _of_the_same(hours, one, part):
                yield j, i
                break


def _left_otherwise(
    hours: Hours, found: Sequence[_Named], hints: Sequence[_Named]
) -> Iterator[tuple[int, Hour]]:
    """Ends of the whole during which, or after which, the same pupils are said to leave."""
    for i, one in enumerate(found):
        a = one.hour
        if not a.whole or a.limit or a.soft or a.first is None:
            continue
        for other in hints:
            b = other.hour
            if a.first < b.last != a.last and _of_the_same(hours, one, other, some=True):
                yield i, b
                break


def _of_the_same(hours: Hours, one: _Named, other: _Named, some: bool = False) -> bool:
    """Whether two readings are of one kind, the same pupils, days and season.

    With ``some``, also where one is of some of the few that the other names: 八年级 of 七、八年级.
    """
    if one.hour.kind != other.hour.kind or one.hour.groups != other.hour.groups:
        return False
    for name in hours.fields:
        mine, theirs = one.said.get(name), other.said.get(name)
        if _is_week(hours, name, mine) and _is_week(hours, name, theirs):
            continue
        if some and mine and theirs and name == hours.numbers[0].field:
            fewer, more = sorted((set(mine), set(theirs)), key=len)
            if fewer <= more and len(more) <= _FEW:
                continue
        if mine != theirs and not {mine, theirs} <= {None, hours.every.get(name)}:
            return False
    return True


def _is_week(hours: Hours, name: str, values: tuple[str, ...] | None) -> bool:
    """Whether days are all that a week has lessons on; not to name them is to mean all."""
    days = hours.numbers[-1].field if hours.numbers else ""
    return name == days and values in (None, _WEEK)


def _same_times(a: Hour, b: Hour) -> bool:
    same_begin = a.first == b.first or a.first is None or b.first is None
    return a.last == b.last and same_begin and (a.whole == b.whole or a.first == b.first)


def _contradict(a: Hour, b: Hour) -> bool:
    """Two ends of the whole, or a part that ends after the whole does."""
    if a.limit and b.limit:
        return False
    if a.whole and b.whole:
        in_turn = any(x.first is not None and x.first >= y.last for x, y in ((a, b), (b, a)))
        return a.last != b.last and not in_turn
    if a.whole or b.whole:
        whole, part = (a, b) if a.whole else (b, a)
        return part.last > whole.last
    return False


def _rows(
    hours: Hours, one: _Named, contradicted: bool, begin: int | None
) -> Iterator[dict[str, Any]]:
    """The rows of a reading: one for each value of a field that takes one.

    ``begin`` is where its first part begins, of a whole that does not say so itself.
    """
    begin = one.hour.first if one.hour.first is not None else begin
    several = dict.fromkeys(field.field for field in hours.numbers)
    single = [name for name in hours.fields if name not in several and name in one.said]
    for chosen in itertools.product(*(one.said[name] for name in single)):
        row: dict[str, Any] = {
            hours.kinds.field: one.hour.kind,
            **dict(zip(single, chosen, strict=True)),
        }
        row.update({name: list(one.said[name]) for name in several if name in one.said})
        if begin is not None and not contradicted:
            row[hours.begin] = clock(begin)
        if not contradicted:
            row[hours.until] = clock(one.hour.last)
        if one.hour.soft:
            row[hours.approximate] = "true"
        yield row


def clock(minutes: int) -> str:
    """Minutes of the day as 17:30."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
