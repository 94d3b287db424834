"""Values derived from the rows of an entity: aggregates with bounds, and lookups.

Membership is three-valued: a row whose joined field is unknown may belong to every group that it
could match, and its pointers are kept as what would settle the value (docs/language.md §2.10).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from kehou.facts.subjects import Base, Fact, Index, equal
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
from kehou.language.derivations.many_members import Limits, Members
from kehou.model.values import ABSENT, INF, Unknown

_ENDS = {"date": (FIRST_DATE, LAST_DATE), "month": ("0001-01", "9999-12"), "time": (0, 1439)}
_OTHER_ENDS = (-INF, INF)


def rows_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The members of one subject as such."""
    found, more, open_ = members(base, fact, d)
    return Members([(None, sure) for _, sure in found], more, paths_of(open_))


def values_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The value of a field on each member."""
    found, more, open_ = members(base, fact, d)
    values = [(base.read(row, d.of), sure) for row, sure in found]
    unknown = unknown_of([open_, *(value for value, _ in values)]) or Unknown(())
    bounded = [paths_of(value) for value, _ in values]
    paths = join_paths([unknown.paths, *bounded])
    return Members(values, more, paths, unknown.closable, _limits(base, d))


def verdicts_of(base: Base, fact: Fact, d: Derivation) -> Members:
    """The verdict of the condition ``that`` on each member."""
    found, more, open_ = members(base, fact, d)
    that = base.where(d.that, d.over)
    verdicts = [(that(row), sure) for row, sure in found]
    undecided = zip(verdicts, found, strict=True)
    unsettled = [base.unsettled(d.that, row) for (v, _), (row, _) in undecided if v is None]
    unknown = unknown_of([open_, *unsettled]) or Unknown(())
    return Members(verdicts, more, unknown.paths, unknown.closable)


def _limits(base: Base, d: Derivation) -> Limits:
    key = (d.over, d.of)
    found = base.limits.get(key)
    if found is None:
        kind = base.pack.type_of(*key)[0]
        ends = _ENDS.get(kind.kind, _OTHER_ENDS)
        found = base.limits[key] = Limits(ends, base.pack.minimum(*key), kind.many)
    return found


def members(
    base: Base, fact: Fact, d: Derivation
) -> tuple[list[tuple[Fact, bool]], bool, Unknown | None]:
    """(rows with whether they certainly belong, whether more may, what would settle it)."""
    mine = [base.read(fact, name) for _, name in d.same]
    if ABSENT in mine:
        return [], False, None
    index = _index(base, d)
    unknown = unplaced_of(mine)
    certain = [] if unknown else index.placed.get(tuple(mine), [])
    candidates = [*certain, *index.loose]
    if unknown:
        candidates = [*itertools.chain.from_iterable(index.placed.values()), *index.loose]
    found: list[tuple[Fact, bool]] = []
    # Not knowing whom to look for is not the same as nothing having been supplied.
    open_: list[Unknown | None] = [Unknown(unknown.paths)] if unknown and candidates else []
    more = False
    for row, sure, why in candidates:
        if not sure and not _may_match(base, row, d, mine):
            continue
        if row.phantom is not None:
            more = True
            open_.append(row.phantom)
            continue
        found.append((row, sure and not unknown))
        if not sure:
            open_.append(why)
    return found, more, unknown_of(open_)


def _index(base: Base, d: Derivation) -> Index:
    key = (d.entity, d.name)
    if key not in base.indexes:
        where = base.where(d.where, d.over)
        index = Index()
        for row in base.rows(d.over):
            verdict = where(row)
            if verdict is False:
                continue
            theirs = tuple(base.read(row, name) for name, _ in d.same)
            if ABSENT in theirs:
                continue
            unplaced = unplaced_of(theirs)
            unsettled = base.unsettled(d.where, row) if verdict is None else None
            open_ = unknown_of([unplaced, unsettled])
            why = Unknown(open_.paths) if open_ is not None else None
            if row.phantom is not None or unplaced:
                index.loose.append((row, False, why))
            else:
                index.placed.setdefault(theirs, []).append((row, verdict is True, why))
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
    """(rows that match by one key, for each undecided row the pointers of what would settle it)."""
    pairs = [(mine, theirs) for theirs, mine in d.same]
    if mine_name:
        pairs.append((mine_name, theirs_name))
    mine = [base.read(fact, name) for name, _ in pairs]
    if ABSENT in mine:
        return [], []
    certain, others = _lookup_rows(base, d, pairs, mine, rows)
    if not d.at and not others:
        return certain, []
    hits: list[Fact] = []
    undecided: list[tuple[str, ...]] = []
    date = base.read(fact, d.at) if d.at else None
    for row in itertools.chain(certain, others):
        theirs = [base.read(row, name) for _, name in pairs]
        tests = [equal(a, b) for a, b in zip(mine, theirs, strict=True)]
        read = [*mine, *theirs]
        if d.at:
            start, end = (base.read(row, name) for name in d.valid)
            window = (start, end)
            tests.append(_valid(window, date))
            read += [date, *window]
        if False in tests:
            continue
        if None in tests:
            undecided.append(join_paths(map(paths_of, read)))
        else:
            hits.append(row)
    return hits, undecided


def _lookup_rows(
    base: Base,
    d: Derivation,
    pairs: Sequence[tuple[str, str]],
    mine: Sequence[Any],
    rows: Sequence[Fact],
) -> tuple[list[Fact], Sequence[Fact]]:
    """(rows that are equal on every key, other rows that may match: an unknown key)."""
    if not pairs or unplaced_of(mine):
        return [], rows
    names = tuple(theirs for _, theirs in pairs)
    slot = ("lookup", d.over, *names)
    index = base.indexes.get(slot)
    if index is None:
        index = base.indexes[slot] = Index()
        for row in rows:
            theirs = tuple(base.read(row, name) for name in names)
            if unplaced_of(theirs):
                index.loose.append((row, False, None))
            else:
                index.placed.setdefault(theirs, []).append((row, True, None))
    certain = [row for row, _, _ in index.placed.get(tuple(mine), ())]
    return certain, [row for row, _, _ in index.loose]


def _may_match(base: Base, row: Fact, d: Derivation, mine: Sequence[Any]) -> bool:
    pairs = zip((base.read(row, name) for name, _ in d.same), mine, strict=True)
    return all(equal(a, b) is not False for a, b in pairs)


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
