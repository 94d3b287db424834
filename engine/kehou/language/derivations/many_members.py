"""Functions of many members, which may be unknown or may not belong (docs/language.md §2.10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
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


class Possible:
    """Members that may belong, summed up once for all the subjects that they may belong to.

    ``values`` are what was read from their rows, or verdicts. A thousand rows without a key may
    belong to each of a thousand subjects: what a function needs of them is worked out here when it
    is first asked for, and not again for each subject.
    """

    def __init__(self, values: Sequence[Any], limits: Limits) -> None:
        self.values = values
        self.limits = limits
        self._kinds: dict[tuple[Possible, ...], int] = {}

    @cached_property
    def present(self) -> Sequence[Any]:
        """The values that are not stated to be none."""
        return [value for value in self.values if value is not ABSENT]

    @cached_property
    def added(self) -> tuple[Any, Any]:
        """The least and the most that they may add to a sum."""
        spans = [_summand(value, self.limits) for value in self.present]
        return sum(min(a, 0) for a, _ in spans), sum(max(b, 0) for _, b in spans)

    @cached_property
    def span(self) -> tuple[Any, Any] | None:
        """The least and the greatest that any of them may be; None where all are none."""
        spans = [self.limits.ends if is_open(v) else ends(v) for v in self.present]
        return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None

    @cached_property
    def items(self) -> frozenset[Any]:
        """The different values they hold, as far as these are known."""
        return frozenset(item for value in self.present for item in _items(value))

    def kinds_with(self, others: tuple[Possible, ...]) -> int:
        """How many different values they and others hold."""
        if others not in self._kinds:
            *fewer, most = sorted((self, *others), key=lambda one: len(one.items))
            further = set[Any]().union(*(one.items for one in fewer))
            self._kinds[others] = len(most.items) + sum(x not in most.items for x in further)
        return self._kinds[others]

    @cached_property
    def vague(self) -> int:
        """How many members are not known, or in part."""
        return sum(map(_is_vague, self.present))

    @cached_property
    def verdicts(self) -> frozenset[bool | None]:
        """The verdicts among them."""
        return frozenset(self.values)


class Members(NamedTuple):
    """The members of one subject.

    ``more`` says that there may be members nobody has seen; ``paths`` settle all of it, and
    ``closable`` that nothing at all was supplied. ``limits`` are those of the field that is read.
    ``shared`` are further members, none of which certainly belongs.
    """

    values: Sequence[Member]
    more: bool = False
    paths: tuple[str, ...] = ()
    closable: bool = False
    limits: Limits = Limits()
    shared: tuple[Possible, ...] = ()

    @property
    def unknown(self) -> Unknown:
        """What they make where nothing can be told of them."""
        return Unknown(self.paths, self.closable)

    @property
    def sure(self) -> list[Any]:
        """The values, those of the members that certainly belong."""
        return [value for value, certain in self.values if certain]

    @property
    def present(self) -> list[Any]:
        """The same without what is stated to be none."""
        return [value for value, certain in self.values if certain and value is not ABSENT]

    def possible(self) -> Iterator[Possible]:
        """The members that may belong."""
        own = [value for value, certain in self.values if not certain]
        if own:
            yield Possible(own, self.limits)
        if self.shared:
            yield from self.shared


def count(found: Members) -> Any:
    """How many members there are."""
    sure = len(found.sure)
    most = sure + sum(len(one.values) for one in found.possible())
    return bounds(sure, INF if found.more else most, found.paths)


def _summand(value: Any, limits: Limits) -> tuple[Any, Any]:
    """The least and the most that a member may add to a sum."""
    # What is not known may be stated to be none, and then adds nothing.
    return (_floor(limits), INF) if is_open(value) else ends(value)


def _floor(limits: Limits) -> Any:
    return -INF if limits.least is None else min(limits.least, 0)


def total(found: Members) -> Any:
    """Sum of the members, open below where the field has no least value."""
    low = high = 0
    for value in found.present:
        a, b = (value, value) if type(value) is int else _summand(value, found.limits)
        low += a
        high += b
    for a, b in (one.added for one in found.possible()):
        low += a
        high += b
    if found.more:
        low, high = low + (-INF if _floor(found.limits) < 0 else 0), INF
    return bounds(max(low, -INF), min(high, INF), found.paths)


def smallest(found: Members) -> Any:
    """The least of the members; absent over none, unknown where there may be none."""
    known = _known_ends(found)
    if not known.sure:
        return found.unknown if known.uncertain else ABSENT
    least = found.limits.ends[0] if found.more else min(a for a, _ in known.all)
    return bounds(least, min(b for _, b in known.sure), found.paths)


def largest(found: Members) -> Any:
    """The greatest of the members; absent over none, unknown where there may be none."""
    known = _known_ends(found)
    if not known.sure:
        return found.unknown if known.uncertain else ABSENT
    most = found.limits.ends[1] if found.more else max(b for _, b in known.all)
    return bounds(max(a for a, _ in known.sure), most, found.paths)


class _Ends(NamedTuple):
    """The ends of what members may be, and of those that certainly belong and are known."""

    all: list[tuple[Any, Any]]
    sure: list[tuple[Any, Any]]
    uncertain: bool


def _known_ends(found: Members) -> _Ends:
    known = [ends(value) for value in found.present if not is_open(value)]
    unknown = [found.limits.ends for value in found.present if is_open(value)]
    possible = [one.span for one in found.possible() if one.span is not None]
    return _Ends([*known, *unknown, *possible], known, bool(found.more or unknown or possible))


def collect(found: Members) -> Any:
    """The distinct values of the members in order, lists joined; open where more may belong."""
    items: dict[Any, None] = {}
    is_partial = found.more or any(one.present for one in found.possible())
    for value in found.present:
        is_partial = is_partial or _is_vague(value)
        for item in _items(value):
            items.setdefault(item)
    if found.more and not items:
        return found.unknown
    return Open(tuple(items), found.paths) if is_partial else tuple(items)


def distinct(found: Members) -> Any:
    """How many different values the members have, of which each may hold several."""
    sure = found.present
    seen = {item for value in sure for item in _items(value)}
    most = len(seen)
    vague = sum(map(_is_vague, sure))
    if pools := tuple(found.possible()):
        most = pools[0].kinds_with(pools[1:])
        most += sum(not any(item in one.items for one in pools) for item in seen)
        vague += sum(one.vague for one in pools)
    open_ended = found.more or (found.limits.many and vague > 0)
    bounded = any(isinstance(value, Bounds) for value in sure)
    return bounds(len(seen) or int(bounded), INF if open_ended else most + vague, found.paths)


def _is_vague(value: Any) -> bool:
    return is_open(value) or isinstance(value, (Bounds, Open))


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
    sure = set(found.sure)
    if decisive in sure:
        return decisive
    other = not decisive
    uncertain = found.more or sure - {other} or any(p.verdicts - {other} for p in found.possible())
    return found.unknown if uncertain else other


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
