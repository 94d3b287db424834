"""Values derived from the rows of an entity: aggregates with bounds, and lookups.

Membership is three-valued: a row whose joined field is unknown may belong to every group that it
could match, and its pointers are kept as what would settle the value (docs/language.md §2.10).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from kehou.facts.known_keys import Entry, KeyIndex, Pool
from kehou.facts.subjects import Base, Fact
from kehou.language.derivations import (
    FIRST_DATE,
    LAST_DATE,
    VAGUE,
    Derivation,
    join_paths,
    paths_of,
    unknown_of,
    unplaced_of,
)
from kehou.language.derivations.many_members import Limits, Members, Possible
from kehou.language.derivations.values import MOST_PATHS
from kehou.model.values import ABSENT, INF, Unknown

_ENDS = {"date": (FIRST_DATE, LAST_DATE), "month": ("0001-01", "9999-12"), "time": (0, 1439)}
_OTHER_ENDS = (-INF, INF)


def rows_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The members of one subject as such."""
    found = members(base, fact, d)
    own = [(None, entry.sure) for entry in found.own]
    shared = tuple(_told(pool, _rows_in).possible for pool in found.pools)
    return Members(own, found.more, paths_of(found.left_open()), shared=shared)


def values_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The value of a field on each member."""
    found = members(base, fact, d)
    limits = _limits(base, d)
    values = [base.read(entry.row, d.of) for entry in found.own]
    pooled = [_told(pool, lambda e: _values_in(base, d, limits, e)) for pool in found.pools]
    unknown = unknown_of([found.left_open(), *values, *(one.unknown for one in pooled)]) or Unknown(
        ()
    )
    own = [(value, entry.sure) for value, entry in zip(values, found.own, strict=True)]
    bounded = [*map(paths_of, values), *(one.paths for one in pooled)]
    paths = join_paths([unknown.paths, *bounded])
    shared = tuple(one.possible for one in pooled)
    return Members(own, found.more, paths, unknown.closable, limits, shared)


def verdicts_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The verdict of the condition ``that`` on each member."""
    found = members(base, fact, d)
    verdicts, unsettled = _verdicts(base, d, found.own)
    pooled = [_told(pool, lambda e: _verdicts_in(base, d, e)) for pool in found.pools]
    unknown = unknown_of([found.left_open(), *unsettled, *(one.unknown for one in pooled)])
    own = [(verdict, entry.sure) for verdict, entry in zip(verdicts, found.own, strict=True)]
    shared = tuple(one.possible for one in pooled)
    told = unknown or Unknown(())
    return Members(own, found.more, told.paths, told.closable, shared=shared)


class _Pooled(NamedTuple):
    """What a pool of rows comes to: its members, what none of them tells, all their pointers."""

    possible: Possible
    unknown: Unknown | None = None
    paths: tuple[str, ...] = ()


def _told(pool: Pool, work_out: Callable[[Sequence[Entry]], _Pooled]) -> _Pooled:
    """What a pool comes to, worked out for the first subject that asks.

    An index, and so its pools, is that of one derivation: there is one thing to ask.
    """
    found = pool.told.get("members")
    if found is None:
        seen = [entry for entry in pool.entries if entry.row.phantom is None]
        found = pool.told["members"] = work_out(seen)
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
    that = base.where(d.that, d.over)
    verdicts = [that(entry.row) for entry in entries]
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

    @property
    def more(self) -> bool:
        """Whether there may be rows that nobody has seen."""
        return any(_is_open_ended(pool) for pool in self.pools)

    def left_open(self) -> Unknown | None:
        """What would settle which rows belong."""
        if not self.pools and all(entry.sure for entry in self.own):
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


def members(base: Base, fact: Fact, d: Derivation) -> Found:
    """The rows that an aggregate reads for one subject."""
    mine = tuple(base.read(fact, name) for _, name in d.same)
    if ABSENT in mine:
        return Found()
    index = _index(base, d)
    unplaced = unplaced_of(mine)
    own = () if unplaced else index.certain.get(mine, ())
    pools = index.pools(mine, unplaced is None)
    if d.at:
        date = base.read(fact, d.at)
        own = _in_force(base, d, date, own)
        pools = tuple(_pool_in_force(base, d, date, pool) for pool in pools)
    return Found(own, pools, unplaced)


def _in_force(base: Base, d: Derivation, date: Any, entries: Sequence[Entry]) -> list[Entry]:
    """Those of some entries whose window a date lies in, or may lie in."""
    found: list[Entry] = []
    for entry in entries:
        window = _window(base, entry.row, d)
        valid = _valid(window, date)
        if valid:
            found.append(entry)
        elif valid is None:
            open_ = unknown_of([entry.why, Unknown(join_paths(map(paths_of, [date, *window])))])
            found.append(Entry(entry.row, False, open_))
    return found


def _pool_in_force(base: Base, d: Derivation, date: Any, pool: Pool) -> Pool:
    asked = ("in force", date)
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
    found: dict[Any, list[Fact]] | None = pool.told.get("by value")
    if found is None:
        found = pool.told["by value"] = {}
        for entry in pool.entries:
            if entry.row.phantom is None:
                found.setdefault(base.read(entry.row, d.of), []).append(entry.row)
    return found


def _index(base: Base, d: Derivation) -> KeyIndex:
    key = (d.entity, d.name)
    if key not in base.indexes:
        where = base.where(d.where, d.over)
        index = KeyIndex()
        for row in base.rows(d.over):
            verdict = where(row)
            if verdict is False:
                continue
            theirs = tuple(base.read(row, name) for name, _ in d.same)
            unsettled = base.unsettled(d.where, row) if verdict is None else None
            open_ = unknown_of([unplaced_of(theirs), unsettled])
            why = Unknown(open_.paths) if open_ is not None else None
            index.add(theirs, Entry(row, verdict is True, why))
        base.indexes[key] = index
    return base.indexes[key]


def entries_of(
    base: Base, fact: Fact, d: Derivation
) -> tuple[Sequence[Any], Sequence[str], Unknown | None]:
    """(value taken from each row found, places of the values, what would settle other rows).

    Found are the rows that match by the first key that finds any; where no field is taken the value
    is True, and the rest is told only where no row is found.
    """
    rows = base.rows(d.over)
    open_paths: list[tuple[str, ...]] = []
    for mine_name, theirs_name in d.match or (("", ""),):
        hits, undecided = _hits(base, fact, d, mine_name, theirs_name, rows)
        open_paths += undecided
        if hits:
            if not d.take:
                return (True,), (), None
            places = [row.path(d.take) for row in hits] if len(hits) > 1 else ()
            return [base.read(row, d.take) for row in hits], places, None
    if not open_paths:
        return (), (), None
    unsupplied = (r.phantom is not None and r.phantom.closable for r in rows)
    closable = bool(d.take) and bool(rows) and all(unsupplied)
    return (), (), Unknown(join_paths(open_paths), closable)


def _hits(
    base: Base, fact: Fact, d: Derivation, mine_name: str, theirs_name: str, rows: Sequence[Fact]
) -> tuple[list[Fact], list[tuple[str, ...]]]:
    """(rows that match by one key, where there are none the pointers of what would settle it)."""
    pairs = [(mine, theirs) for theirs, mine in d.same]
    if mine_name:
        pairs.append((mine_name, theirs_name))
    mine = tuple(base.read(fact, name) for name, _ in pairs)
    if ABSENT in mine:
        return [], []
    index = _lookup_index(base, d, tuple(theirs for _, theirs in pairs), rows)
    unplaced = unplaced_of(mine)
    certain = () if unplaced else index.certain.get(mine, ())
    date = base.read(fact, d.at) if d.at else None
    hits: list[Fact] = []
    undecided: list[tuple[str, ...]] = []
    for row in (entry.row for entry in certain):
        window = _window(base, row, d)
        valid = _valid(window, date) if d.at else True
        if valid:
            hits.append(row)
        elif valid is None:
            undecided.append(join_paths(map(paths_of, [date, *window])))
    if not hits:
        for pool in index.pools(mine, unplaced is None):
            paths = _undecided(base, pool, d, pairs, date)
            if paths is not None:
                undecided.append(join_paths([*map(paths_of, mine), paths, paths_of(date)]))
    return hits, undecided


def _window(base: Base, row: Fact, d: Derivation) -> tuple[Any, Any]:
    start, end = (base.read(row, name) for name in d.valid) if d.at else (ABSENT, ABSENT)
    return start, end


def _undecided(
    base: Base, pool: Pool, d: Derivation, pairs: Sequence[tuple[str, str]], date: Any
) -> tuple[str, ...] | None:
    """Pointers of the rows of a pool that may match on a date; None where none of them may."""
    asked = ("undecided", d.valid, None if isinstance(date, VAGUE) else date)
    if asked not in pool.told:
        found = None
        for row in (entry.row for entry in pool.entries):
            window = _window(base, row, d)
            if not d.at or _valid(window, date) is not False:
                theirs = [base.read(row, name) for _, name in pairs]
                open_ = [*theirs, *window, row.phantom]
                found = join_paths([found or (), *map(paths_of, open_)])
                if len(found) >= MOST_PATHS:
                    break
        pool.told[asked] = found
    told = pool.told[asked]
    assert told is None or isinstance(told, tuple)
    return told


def _lookup_index(
    base: Base, d: Derivation, names: tuple[str, ...], rows: Sequence[Fact]
) -> KeyIndex:
    slot = ("lookup", d.over, *names)
    if slot not in base.indexes:
        index = base.indexes[slot] = KeyIndex()
        for row in rows:
            index.add(tuple(base.read(row, name) for name in names), Entry(row))
    return base.indexes[slot]


def _valid(window: tuple[Any, Any], date: Any) -> bool | None:
    """Whether a date lies in a validity window; an end stated to be none is open."""
    start, end = window
    if date is ABSENT:
        return False
    # A date that is not known may turn out to be none, at which nothing is valid.
    tests: list[bool | None] = [None] if isinstance(date, VAGUE) else []
    for a, b in ((start, date), (date, end)):
        if a is ABSENT or b is ABSENT:
            continue
        tests.append(None if isinstance(a, VAGUE) or isinstance(b, VAGUE) else a <= b)
    return False if False in tests else None if None in tests else True
