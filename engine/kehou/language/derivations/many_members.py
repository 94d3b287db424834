"""Functions of many members, which may be unknown or may not belong (docs/language.md §2.10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kehou.language.derivations.values import bounds, ends, is_open
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

#: (value as read from the row, or a verdict; whether the row certainly belongs)
Member = tuple[Any, bool]


class Limits(NamedTuple):
    """What a field may hold: the ends of its kind, the least its schema allows, whether a list."""

    ends: tuple[Any, Any] = (-INF, INF)
    least: Any = None
    many: bool = False


class Members(NamedTuple):
    """The members of one subject.

    ``more`` says that there may be members nobody has seen; ``paths`` settle all of it, and
    ``closable`` that nothing at all was supplied. ``limits`` are those of the field that is read.
    """

    values: Sequence[Member]
    more: bool = False
    paths: tuple[str, ...] = ()
    closable: bool = False
    limits: Limits = Limits()

    @property
    def unknown(self) -> Unknown:
        """What they make where nothing can be told of them."""
        return Unknown(self.paths, self.closable)


def count(found: Members) -> Any:
    """How many members there are."""
    sure = sum(1 for _, certain in found.values if certain)
    return bounds(sure, INF if found.more else len(found.values), found.paths)


def total(found: Members) -> Any:
    """Sum of the members, open below where the field has no least value."""
    floor = found.limits.least
    least = -INF if floor is None else min(floor, 0)
    low = high = 0
    for value, certain in found.values:
        if value is ABSENT:
            continue
        # What is not known may be stated to be none, and then adds nothing.
        a, b = (least, INF) if is_open(value) else ends(value)
        low += a if certain else min(a, 0)
        high += b if certain else max(b, 0)
    if found.more:
        low, high = low + (-INF if least < 0 else 0), INF
    return bounds(max(low, -INF), min(high, INF), found.paths)


def smallest(found: Members) -> Any:
    """The least of the members; absent over none, unknown where there may be none."""
    known = _known_ends(found)
    if not known.sure:
        return found.unknown if known.uncertain else ABSENT
    least = found.limits.ends[0] if found.more else min(known.low)
    return bounds(least, min(b for _, b in known.sure), found.paths)


def largest(found: Members) -> Any:
    """The greatest of the members; absent over none, unknown where there may be none."""
    known = _known_ends(found)
    if not known.sure:
        return found.unknown if known.uncertain else ABSENT
    most = found.limits.ends[1] if found.more else max(known.high)
    return bounds(max(a for a, _ in known.sure), most, found.paths)


class _Ends(NamedTuple):
    """The ends of what members may be, and of those that certainly belong and are known."""

    low: list[Any]
    high: list[Any]
    sure: list[tuple[Any, Any]]
    uncertain: bool


def _known_ends(found: Members) -> _Ends:
    low, high, sure = [], [], []
    uncertain = found.more
    for value, certain in found.values:
        if value is ABSENT:
            continue
        unknown = is_open(value)
        a, b = found.limits.ends if unknown else ends(value)
        low.append(a)
        high.append(b)
        if unknown or not certain:
            uncertain = True
        else:
            sure.append((a, b))
    return _Ends(low, high, sure, uncertain)


def collect(found: Members) -> Any:
    """The distinct values of the members in order, lists joined; open where more may belong."""
    items: dict[Any, None] = {}
    is_partial = found.more
    for value, certain in found.values:
        if value is ABSENT:
            continue
        if is_open(value) or isinstance(value, Bounds) or not certain:
            is_partial = True
            continue
        if isinstance(value, Open):
            is_partial = True
            value = value.items
        for item in value if isinstance(value, tuple) else (value,):
            items.setdefault(item)
    if found.more and not items:
        return found.unknown
    return Open(tuple(items), found.paths) if is_partial else tuple(items)


def distinct(found: Members) -> Any:
    """How many different values the members have, of which each may hold several."""
    known = [(v, certain) for v, certain in found.values if v is not ABSENT]
    seen = {item for v, certain in known if certain for item in _items(v)}
    unseen = sum(len(set(_items(v)) - seen) for v, certain in known if not certain)
    vague = [certain for v, certain in known if is_open(v) or isinstance(v, (Bounds, Open))]
    open_ended = found.more or (found.limits.many and bool(vague))
    most = INF if open_ended else len(seen) + unseen + len(vague)
    bounded = any(certain and isinstance(v, Bounds) for v, certain in known)
    return bounds(len(seen) or int(bounded), most, found.paths)


def _items(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Open):
        return value.items
    if is_open(value) or isinstance(value, Bounds):
        return ()
    return value if isinstance(value, tuple) else (value,)


def has(found: Members) -> Any:
    """Whether some member fits; members are verdicts (Kleene)."""
    return _quantified(found, True)


def every(found: Members) -> Any:
    """Whether all members fit; members are verdicts (Kleene)."""
    return _quantified(found, False)


def _quantified(found: Members, decisive: bool) -> Any:
    uncertain = found.more
    for verdict, certain in found.values:
        if verdict is decisive and certain:
            return decisive
        if verdict is not (not decisive):
            uncertain = True
    return found.unknown if uncertain else not decisive


def lookup(values: Sequence[Any], places: Sequence[str], open_: Unknown | None, takes: bool) -> Any:
    """What the rows that match all say; where no value is taken, whether there are such rows.

    ``places`` are those of several values, ``open_`` what would settle whether other rows match.
    """
    if not values:
        return open_ if open_ is not None else ABSENT if takes else False
    first = values[0]
    if len(values) > 1 and any(value != first for value in values):
        return Unknown(tuple(places))
    return first
