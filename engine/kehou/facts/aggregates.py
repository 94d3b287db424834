"""Values derived from the rows of an entity: aggregates with bounds, and lookups.

Membership is three-valued: a row whose joined field is unknown may belong to every group that it
could match, and its pointers are kept as what would settle the value (docs/language.md §2.10).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from kehou.facts.known_keys import Entry, Key, KeyIndex, Pool, is_known, key_column, key_reader
from kehou.facts.subjects import Base, Fact
from kehou.facts.validity import is_valid, window
from kehou.language.derivations import (
    FIRST_DATE,
    LAST_DATE,
    VAGUE,
    Derivation,
    Function,
    join_paths,
    paths_of,
    unknown_of,
    unplaced_of,
)
from kehou.language.derivations.many_members import Limits, Members, Possible
from kehou.language.derivations.signature import Shape
from kehou.model.values import ABSENT, INF, Unknown

_ENDS = {"date": (FIRST_DATE, LAST_DATE), "month": ("0001-01", "9999-12"), "time": (0, 1439)}
_OTHER_ENDS = (-INF, INF)


def gathered(base: Base, d: Derivation, function: Function) -> Callable[[Fact], Any]:
    """A function of a subject that gives what its members come to.

    Members are found by a subject's key and date and by nothing else of it: what these come to is
    worked out once for all the subjects that have the same.
    """
    find = finder(base, d)
    of = _GATHERED[function.takes.shape](base, d, function)
    key_of, date_of = find.key, find.date
    known: dict[Any, Any] = {}

    def compute(fact: Fact) -> Any:
        key = key_of(fact)
        value = known.get(key)
        if value is None:
            value = of(find.found(key, None))
            if is_known(key):
                known[key] = value
        return value

    def compute_at_date(fact: Fact) -> Any:
        asked = key_of(fact), date_of(fact)
        value = known.get(asked)
        if value is None:
            value = of(find.found(*asked))
            if not isinstance(asked[1], VAGUE) and is_known(asked[0]):
                known[asked] = value
        return value

    return compute_at_date if d.at else compute


def _of_rows(base: Base, d: Derivation, function: Function) -> Gathering:
    """What the members of one subject come to as such."""
    compute, plainly = function.compute, function.plainly
    assert plainly is not None
    what = object()

    def of(found: Found) -> Any:
        if found.is_settled():
            return plainly(len(found.own))
        return found.once(what, (len(found.own),), vaguely)

    def vaguely(found: Found, _: Sequence[Any]) -> Any:
        own = [(None, entry.sure) for entry in found.own]
        shared = tuple(_told(pool, "rows", _rows_in).possible for pool in found.pools)
        return compute(Members(own, found.more, paths_of(found.left_open()), shared=shared))

    return of


def _of_values(base: Base, d: Derivation, function: Function) -> Gathering:
    """What the value of a field on each member comes to."""
    compute, plainly = function.compute, function.plainly
    assert plainly is not None
    read = base.reader(d.over, d.of)
    limits = _limits(base, d)
    what = object()

    def of(found: Found) -> Any:
        values = [read(entry.row) for entry in found.own]
        if not is_known(values):
            return vaguely(found, values)
        if found.is_settled():
            return plainly([value for value in values if value is not ABSENT])
        return found.once(what, values, vaguely)

    def vaguely(found: Found, values: Sequence[Any]) -> Any:
        pooled = [
            _told(pool, ("values", d.of), lambda e: _values_in(base, d, limits, e))
            for pool in found.pools
        ]
        unknown = unknown_of([found.left_open(), *values, *(one.unknown for one in pooled)])
        told = unknown or Unknown(())
        own = [(value, entry.sure) for value, entry in zip(values, found.own, strict=True)]
        bounded = [*map(paths_of, values), *(one.paths for one in pooled)]
        paths = join_paths([told.paths, *bounded])
        shared = tuple(one.possible for one in pooled)
        return compute(Members(own, found.more, paths, told.closable, limits, shared))

    return of


def _of_verdicts(base: Base, d: Derivation, function: Function) -> Gathering:
    """What the verdict of the condition ``that`` on each member comes to."""
    compute, plainly = function.compute, function.plainly
    assert plainly is not None
    what = object()

    def of(found: Found) -> Any:
        verdicts, unsettled = _verdicts(base, d, found.own)
        if unsettled:
            return vaguely(found, verdicts, unsettled)
        if found.is_settled():
            return plainly(verdicts)
        return found.once(what, verdicts, vaguely)

    def vaguely(
        found: Found, verdicts: Sequence[bool | None], unsettled: Sequence[Unknown | None] = ()
    ) -> Any:
        own = [(verdict, entry.sure) for verdict, entry in zip(verdicts, found.own, strict=True)]
        pooled = [
            _told(pool, ("verdicts", d.that), lambda e: _verdicts_in(base, d, e))
            for pool in found.pools
        ]
        unknown = unknown_of([found.left_open(), *unsettled, *(one.unknown for one in pooled)])
        shared = tuple(one.possible for one in pooled)
        told = unknown or Unknown(())
        return compute(Members(own, found.more, told.paths, told.closable, shared=shared))

    return of


Gathering = Callable[["Found"], Any]
#: What makes a value of the members, by what the function takes.
_GATHERED: dict[Shape, Callable[[Base, Derivation, Function], Gathering]] = {
    "rows": _of_rows,
    "values": _of_values,
    "verdicts": _of_verdicts,
}


class _Pooled(NamedTuple):
    """What a pool of rows comes to: its members, what none of them tells, all their pointers."""

    possible: Possible
    unknown: Unknown | None = None
    paths: tuple[str, ...] = ()


def _told(pool: Pool, what: Any, work_out: Callable[[Sequence[Entry]], _Pooled]) -> _Pooled:
    """What a pool comes to, worked out for the first subject that asks."""
    found = pool.told.get(("members", what))
    if found is None:
        seen = [entry for entry in pool.entries if entry.row.phantom is None]
        found = pool.told["members", what] = work_out(seen)
    assert isinstance(found, _Pooled)
    return found


def _rows_in(entries: Sequence[Entry]) -> _Pooled:
    return _Pooled(Possible([None] * len(entries), Limits()))


def _values_in(base: Base, d: Derivation, limits: Limits, entries: Sequence[Entry]) -> _Pooled:
    values = [base.read(entry.row, d.of) for entry in entries]
    paths = join_paths(map(paths_of, values))
    return _Pooled(Possible(values, limits), unknown_of(values), paths)


def _verdicts_in(base: Base, d: Derivation, entries: Sequence[Entry]) -> _Pooled:
    verdicts, unsettled = _verdicts(base, d, entries)
    return _Pooled(Possible(verdicts, Limits()), unknown_of(unsettled))


def _verdicts(
    base: Base, d: Derivation, entries: Sequence[Entry]
) -> tuple[list[bool | None], list[Unknown | None]]:
    """The verdicts on rows, and for those that are undecided what would settle them."""
    if d.that is None:
        return [True] * len(entries), []
    that = base.where(d.that, d.over)
    verdicts = [that(entry.row) for entry in entries]
    if None not in verdicts:
        return verdicts, []
    undecided = zip(verdicts, entries, strict=True)
    return verdicts, [base.unsettled(d.that, e.row) for verdict, e in undecided if verdict is None]


def _limits(base: Base, d: Derivation) -> Limits:
    key = (d.over, d.of)
    found = base.limits.get(key)
    if found is None:
        kind = base.pack.type_of(*key)[0]
        ends = _ENDS.get(kind.kind, _OTHER_ENDS)
        found = base.limits[key] = Limits(ends, base.pack.minimum(*key), kind.many)
    return found


class Found(NamedTuple):
    """The rows of a subject: its own by the whole key, and pools of rows that may belong.

    ``unplaced`` is what is not known of the subject's own key.
    """

    own: Sequence[Entry] = ()
    pools: tuple[Pool, ...] = ()
    unplaced: Unknown | None = None

    def is_settled(self) -> bool:
        """Whether it is certain which rows belong."""
        if self.pools:
            return False
        for entry in self.own:  # noqa: SIM110 - asked for every subject
            if not entry.sure:
                return False
        return True

    def once(
        self, what: object, own: Sequence[Any], work_out: Callable[[Found, Sequence[Any]], Any]
    ) -> Any:
        """What the rows come to, worked out once for the subjects with the same pools.

        ``own`` is all that is read of a subject's own rows, and known. It is kept with the pool
        and so no longer than this.
        """
        if self.unplaced is not None or not all([entry.sure for entry in self.own]):
            return work_out(self, own)
        kept = self.pools[0].told
        asked = what, self.pools[1:], tuple(own)
        value = kept.get(asked)
        if value is None:
            value = kept[asked] = work_out(self, own)
        return value

    @property
    def more(self) -> bool:
        """Whether there may be rows that nobody has seen."""
        return any(_is_open_ended(pool) for pool in self.pools)

    def left_open(self) -> Unknown | None:
        """What would settle which rows belong."""
        if self.is_settled():
            return None
        whys = [entry.why for entry in self.own if not entry.sure]
        # Not knowing whom to look for is not the same as nothing having been supplied.
        mine = [Unknown(self.unplaced.paths)] if self.unplaced and self.pools else []
        return unknown_of([*mine, *whys, *map(_open_of, self.pools)])


def _is_open_ended(pool: Pool) -> bool:
    if "more" not in pool.told:
        pool.told["more"] = any(entry.row.phantom is not None for entry in pool.entries)
    return bool(pool.told["more"])


def _open_of(pool: Pool) -> Unknown | None:
    if "open" not in pool.told:
        whys = (e.why if e.row.phantom is None else e.row.phantom for e in pool.entries)
        pool.told["open"] = unknown_of(why for why in whys if why is not None)
    found = pool.told["open"]
    assert found is None or isinstance(found, Unknown)
    return found


_NOTHING = Found()


class Finder:
    """The rows that an aggregate reads, by a subject's key and the date at which they hold."""

    def __init__(self, base: Base, d: Derivation) -> None:
        self._base, self._d = base, d
        self._index: KeyIndex | None = None
        #: The key of a subject.
        self.key = key_reader(base, d.entity, [name for _, name in d.same])
        #: Its date, where rows hold for a time only.
        self.date = base.reader(d.entity, d.at) if d.at else _no_date

    def found(self, mine: Key, date: Any) -> Found:
        """What there is for a key at a date."""
        if ABSENT in mine:
            return _NOTHING
        index = self._index
        if index is None:
            index = self._index = _index(self._base, self._d)
        unplaced = unplaced_of(mine)
        own: Sequence[Entry] = () if unplaced else index.certain.get(mine, ())
        pools = index.pools(mine, unplaced is None)
        if self._d.at:
            own = _in_force(self._base, self._d, date, own)
            pools = tuple(_pool_in_force(self._base, self._d, date, pool) for pool in pools)
        return Found(own, pools, unplaced)


def _no_date(fact: Fact) -> None:
    return None


def finder(base: Base, d: Derivation) -> Finder:
    """What finds the members of a derivation."""
    return Finder(base, d)


def members(base: Base, fact: Fact, d: Derivation) -> Found:
    """The rows that an aggregate reads for one subject."""
    find = finder(base, d)
    return find.found(find.key(fact), find.date(fact))


def _in_force(base: Base, d: Derivation, date: Any, entries: Sequence[Entry]) -> list[Entry]:
    """Those of some entries whose window a date lies in, or may lie in."""
    found: list[Entry] = []
    for entry in entries:
        ends = window(base, entry.row, d)
        valid = is_valid(ends, date)
        if valid:
            found.append(entry)
        elif valid is None:
            open_ = unknown_of([entry.why, Unknown(join_paths(map(paths_of, [date, *ends])))])
            found.append(Entry(entry.row, False, open_))
    return found


def _pool_in_force(base: Base, d: Derivation, date: Any, pool: Pool) -> Pool:
    asked = ("in force", d.valid, date)
    if isinstance(date, VAGUE):
        return Pool(_in_force(base, d, date, pool.entries))
    if asked not in pool.told:
        pool.told[asked] = Pool(_in_force(base, d, date, pool.entries))
    found = pool.told[asked]
    assert isinstance(found, Pool)
    return found


def member_rows(base: Base, fact: Fact, d: Derivation, value: Any = None) -> Iterator[Fact]:
    """The rows that an aggregate reads, one after another, those that certainly belong first.

    Of a ``value`` given, rows whose field is that value come before the others.
    """
    found = members(base, fact, d)
    own = [entry.row for entry in found.own]
    if value is None or isinstance(value, VAGUE):
        yield from own
        for pool in found.pools:
            yield from (entry.row for entry in pool.entries if entry.row.phantom is None)
        return
    yield from (row for row in own if base.read(row, d.of) == value)
    sorted_ = [_by_value(base, pool, d) for pool in found.pools]
    for rows in sorted_:
        yield from rows.get(value, ())
    yield from (row for row in own if base.read(row, d.of) != value)
    for rows in sorted_:
        yield from itertools.chain.from_iterable(v for k, v in rows.items() if k != value)


def _by_value(base: Base, pool: Pool, d: Derivation) -> dict[Any, list[Fact]]:
    found: dict[Any, list[Fact]] | None = pool.told.get(("by value", d.of))
    if found is None:
        found = pool.told["by value", d.of] = {}
        for entry in pool.entries:
            if entry.row.phantom is None:
                found.setdefault(base.read(entry.row, d.of), []).append(entry.row)
    return found


def _index(base: Base, d: Derivation) -> KeyIndex:
    """The rows that may be members, by their part of the key; one for all that ask the same."""
    names = tuple(name for name, _ in d.same)
    slot = ("members", d.over, d.where, names)
    index = base.indexes.get(slot)
    if index is None:
        index = KeyIndex()
        where = None if d.where is None else base.where(d.where, d.over)
        for (key, certain, entry), taken in key_column(base, d.over, names).those(where):
            if certain and taken:
                index.certain.setdefault(key, []).append(entry)
                continue
            unsettled = None if taken else base.unsettled(d.where, entry.row)
            open_ = unknown_of([unplaced_of(key), unsettled])
            why = Unknown(open_.paths) if open_ is not None else None
            index.add(key, Entry(entry.row, taken, why))
        base.indexes[slot] = index
    return index
