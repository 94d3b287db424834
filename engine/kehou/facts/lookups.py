"""Values that are looked up in the rows that match a subject, by one key after another.

What rows match a key that is known on a date that is known is worked out once for all the subjects
that ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kehou.facts.known_keys import Key, KeyIndex, Pool, key_column, key_reader
from kehou.facts.subjects import Base, Fact
from kehou.facts.validity import is_valid, window
from kehou.language.derivations import (
    VAGUE,
    Derivation,
    Function,
    join_paths,
    paths_of,
    unplaced_of,
)
from kehou.language.derivations.values import MOST_PATHS
from kehou.model.values import ABSENT, Unknown

Pairs = Sequence[tuple[str, str]]


class _Hits(NamedTuple):
    """The value made of the rows that match by a key, else the pointers of what would settle it."""

    found: bool
    value: Any = None
    undecided: Sequence[tuple[str, ...]] = ()


_NONE = _Hits(False)


def looked_up(base: Base, d: Derivation, function: Function) -> Callable[[Fact], Any]:
    """A function of a subject that gives what the rows say that match it.

    Those by the first key that finds any; where no field is taken the value is True, and what
    would settle further rows is told only where no row is found.
    """
    takes = bool(d.take)

    def value_of(rows: Sequence[Fact]) -> Any:
        if not takes:
            return function.compute((True,), (), None, takes)
        places = [row.path(d.take) for row in rows] if len(rows) > 1 else ()
        return function.compute([base.read(row, d.take) for row in rows], places, None, takes)

    ways = [
        _by_key(base, d, mine_name, theirs_name, value_of)
        for mine_name, theirs_name in d.match or (("", ""),)
    ]

    def compute(fact: Fact) -> Any:
        open_paths: list[tuple[str, ...]] = []
        for way in ways:
            hits = way(fact)
            if hits.found:
                return hits.value
            open_paths += hits.undecided
        if not open_paths:
            return function.compute((), (), None, takes)
        rows = base.rows(d.over)
        unsupplied = (r.phantom is not None and r.phantom.closable for r in rows)
        closable = takes and bool(rows) and all(unsupplied)
        return function.compute((), (), Unknown(join_paths(open_paths), closable), takes)

    return compute


def _by_key(
    base: Base,
    d: Derivation,
    mine_name: str,
    theirs_name: str,
    value_of: Callable[[Sequence[Fact]], Any],
) -> Callable[[Fact], _Hits]:
    """What one of the keys finds for a subject."""
    pairs = [(mine, theirs) for theirs, mine in d.same]
    if mine_name:
        pairs.append((mine_name, theirs_name))
    key_of = key_reader(base, d.entity, [mine for mine, _ in pairs])
    known: dict[tuple[Key, Any], _Hits] = {}

    def find(fact: Fact) -> _Hits:
        mine = key_of(fact)
        if ABSENT in mine:
            return _NONE
        date = base.read(fact, d.at) if d.at else None
        if isinstance(date, VAGUE) or unplaced_of(mine):
            return _hits(base, d, pairs, mine, date, value_of)
        asked = (mine, date)
        found = known.get(asked)
        if found is None:
            found = known[asked] = _hits(base, d, pairs, mine, date, value_of)
        return found

    return find


def _hits(
    base: Base,
    d: Derivation,
    pairs: Pairs,
    mine: Key,
    date: Any,
    value_of: Callable[[Sequence[Fact]], Any],
) -> _Hits:
    """What one key finds; where nothing matches, the pointers of what would settle it."""
    index = _index(base, d, tuple(theirs for _, theirs in pairs))
    unplaced = unplaced_of(mine)
    certain = () if unplaced else index.certain.get(mine, ())
    rows: list[Fact] = []
    undecided: list[tuple[str, ...]] = []
    for row in (entry.row for entry in certain):
        ends = window(base, row, d)
        valid = is_valid(ends, date) if d.at else True
        if valid:
            rows.append(row)
        elif valid is None:
            undecided.append(join_paths(map(paths_of, [date, *ends])))
    if rows:
        return _Hits(True, value_of(rows))
    for pool in index.pools(mine, unplaced is None):
        paths = _undecided(base, pool, d, pairs, date)
        if paths is not None:
            undecided.append(join_paths([*map(paths_of, mine), paths, paths_of(date)]))
    return _Hits(False, None, undecided)


def _undecided(
    base: Base, pool: Pool, d: Derivation, pairs: Pairs, date: Any
) -> tuple[str, ...] | None:
    """Pointers of the rows of a pool that may match on a date; None where none of them may."""
    asked = ("undecided", d.valid, None if isinstance(date, VAGUE) else date)
    if asked not in pool.told:
        found = None
        for row in (entry.row for entry in pool.entries):
            ends = window(base, row, d)
            if not d.at or is_valid(ends, date) is not False:
                theirs = [base.read(row, name) for _, name in pairs]
                open_ = [*theirs, *ends, row.phantom]
                found = join_paths([found or (), *map(paths_of, open_)])
                if len(found) >= MOST_PATHS:
                    break
        pool.told[asked] = found
    told = pool.told[asked]
    assert told is None or isinstance(told, tuple)
    return told


def _index(base: Base, d: Derivation, names: tuple[str, ...]) -> KeyIndex:
    slot = ("lookup", d.over, *names)
    index = base.indexes.get(slot)
    if index is None:
        index = base.indexes[slot] = KeyIndex()
        for (key, certain, entry), _ in key_column(base, d.over, names).those(None):
            if certain:
                index.certain.setdefault(key, []).append(entry)
            else:
                index.add(key, entry)
    return index
