"""Which rows of an entity overlap in time, certainly or perhaps, found without trying every pair.

Rows whose key and times are known are put in order by their start; one that lacks any of these is
held against the rows it agrees with on what both know, and only until enough is told of what is
missing (docs/language.md §2.8).
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kehou.facts.known_keys import Entry, KeyIndex, Pool
from kehou.language import EntityDef
from kehou.language.derivations import VAGUE, join_paths, paths_of
from kehou.model.values import ABSENT, Unknown

if TYPE_CHECKING:
    from kehou.facts.subjects import Base, Fact

#: The positions of two rows, the earlier first.
Pair = tuple[int, int]


def overlapping(
    base: Base, d: EntityDef, rows: Sequence[Fact]
) -> tuple[list[tuple[Fact, Fact]], Unknown | None]:
    """(the pairs that overlap, in order; what would settle the pairs of which it is not known)."""
    pairs, told = _Pairs(base, d, rows), _Told()
    found: list[tuple[Fact, Fact]] = []
    known = ((i, j, True) for i, j in pairs.timed())
    for i, j, timed in heapq.merge(known, pairs.untimed(told)):
        a, b = rows[i], rows[j]
        if a.origin is b.origin and a.phantom is None:
            continue
        tests = pairs.tests(i, j, timed)
        if False in tests:
            continue
        if None in tests:
            told.add(pairs.paths(i, j))
        else:
            found.append((a, b))
    return found, told.unknown()


class _Told:
    """Pointers of what is missing, as many as are kept."""

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}
        #: Another one whenever more is told.
        self.version = 0
        self._any = self._full = False

    def add(self, paths: Sequence[str]) -> None:
        """Tell of a pair that cannot be decided."""
        if not self.tells(paths):
            self._any = True
            self.version += 1
            self.paths = dict.fromkeys(join_paths([tuple(self.paths), paths]))
            self._full = not all(path in self.paths for path in paths)

    def tells(self, paths: Sequence[str]) -> bool:
        """Whether a pair of which this is missing would add nothing."""
        return self._any and (self._full or all(path in self.paths for path in paths))

    def unknown(self) -> Unknown | None:
        """What all of the pairs make together."""
        return Unknown(tuple(self.paths)) if self._any else None


class _Pairs:
    """The rows with the values that tell whether two of them overlap."""

    def __init__(self, base: Base, d: EntityDef, rows: Sequence[Fact]) -> None:
        self._rows = rows
        self._at = {id(row): i for i, row in enumerate(rows)}
        self._keys = [tuple(base.read(row, name) for name in d.same) for row in rows]
        self._times = [(base.read(row, d.start), base.read(row, d.end)) for row in rows]
        self._dates = [tuple(base.read(row, name) for name in d.valid) for row in rows]
        both = zip(self._keys, self._times, strict=True)
        every = [(*key, *times) for key, times in both]
        self._possible = [i for i, values in enumerate(every) if ABSENT not in values]
        self._timed = [i for i in self._possible if _is_known(every[i])]
        timed = set(self._timed)
        self._untimed = [i for i in self._possible if i not in timed]

    def timed(self) -> list[Pair]:
        """The pairs of known keys and times that are equal in the one and overlap in the other."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for i in self._timed:
            groups.setdefault(self._keys[i], []).append(i)
        found = []
        for group in groups.values():
            group.sort(key=lambda i: self._times[i][0])
            for n, i in enumerate(group):
                start, end = self._times[i]
                for j in itertools.islice(group, n + 1, None):
                    if self._times[j][0] >= end:
                        break
                    if start < self._times[j][1]:
                        found.append((min(i, j), max(i, j)))
        return sorted(found)

    def untimed(self, told: _Told) -> Iterator[tuple[int, int, bool]]:
        """Pairs in order of which a row lacks its key or its times, while they add to ``told``."""
        if not self._untimed:
            return
        timed, untimed = self._index(self._timed), self._index(self._untimed)
        lacking = set(self._untimed)
        own = {i: self._own(i) for i in self._possible}
        rest, seen = list(self._possible), 0
        for i in self._possible:
            if told.version != seen:
                seen = told.version
                rest = [j for j in rest if not told.tells(own[j])]
            if not rest:
                return
            partners: Iterable[int] = rest
            if not told.tells(own[i]):
                indexes = (timed, untimed) if i in lacking else (untimed,)
                partners = sorted(j for index in indexes for j in self._agreeing(index, i))
            for j in partners:
                lacks = j > i and (i in lacking or j in lacking)
                if lacks and not (told.tells(own[i]) and told.tells(own[j])):
                    yield i, j, False

    def _own(self, i: int) -> tuple[str, ...]:
        return join_paths(map(paths_of, (*self._keys[i], *self._times[i], *self._dates[i])))

    def _index(self, positions: Sequence[int]) -> KeyIndex:
        index = KeyIndex()
        for i in positions:
            index.add(self._keys[i], Entry(self._rows[i]))
        return index

    def _agreeing(self, index: KeyIndex, i: int) -> Iterator[int]:
        """The rows that are equal to one on what both know of their keys, at no other time."""
        key = self._keys[i]
        whole = _is_known(key)
        for entry in index.certain.get(key, ()) if whole else ():
            yield self._at[id(entry.row)]
        for pool in index.pools(key, whole):
            yield from self._at_its_time(pool, i)

    def _at_its_time(self, pool: Pool, i: int) -> Iterator[int]:
        """The rows of a pool that are not known to be at another time than one."""
        if "by start" not in pool.told:
            at = [self._at[id(entry.row)] for entry in pool.entries]
            known = sorted(
                (j for j in at if _is_known(self._times[j])), key=lambda j: self._times[j][0]
            )
            latest = list(itertools.accumulate((self._times[j][1] for j in known), max))
            starts = [self._times[j][0] for j in known]
            pool.told["by start"] = (known, starts, latest)
            pool.told["without times"] = [j for j in at if not _is_known(self._times[j])]
        known, starts, latest = pool.told["by start"]
        yield from pool.told["without times"]
        if not _is_known(self._times[i]):
            yield from known
            return
        start, end = self._times[i]
        n = bisect.bisect_left(starts, end)
        while n and latest[n - 1] > start:
            n -= 1
            yield known[n]

    def tests(self, i: int, j: int, timed: bool) -> list[bool | None]:
        """Whether a pair meets what is asked for, ``timed`` where only dates are in question."""
        found: list[bool | None] = []
        if not timed:
            same = zip(self._keys[i], self._keys[j], strict=True)
            found = [_compared(x, y, x == y) for x, y in same]
            (start, end), (other_start, other_end) = self._times[i], self._times[j]
            found += [_before(start, other_end), _before(other_start, end)]
        return found + [_not_after(x, y) for x, y in self._windows(i, j)]

    def paths(self, i: int, j: int) -> tuple[str, ...]:
        """Pointers of what is not known of a pair."""
        (start, end), (other_start, other_end) = self._times[i], self._times[j]
        same = zip(self._keys[i], self._keys[j], strict=True)
        pairs = [*same, (start, other_end), (other_start, end), *self._windows(i, j)]
        return join_paths(paths_of(value) for pair in pairs for value in pair)

    def _windows(self, i: int, j: int) -> list[tuple[Any, Any]]:
        """The first day of either row and the last of the other, if rows hold for a time."""
        if not self._dates[i]:
            return []
        (first, last), (other_first, other_last) = self._dates[i], self._dates[j]
        return [(first, other_last), (other_first, last)]


def _is_known(values: Iterable[Any]) -> bool:
    return not any(isinstance(value, VAGUE) for value in values)


def _compared(a: Any, b: Any, verdict: bool) -> bool | None:
    return None if isinstance(a, VAGUE) or isinstance(b, VAGUE) else verdict


def _before(a: Any, b: Any) -> bool | None:
    return None if isinstance(a, VAGUE) or isinstance(b, VAGUE) else bool(a < b)


def _not_after(first: Any, last: Any) -> bool | None:
    """Whether a first day is not after a last day; one that is stated to be none sets no bound."""
    if first is ABSENT or last is ABSENT:
        return True
    if isinstance(first, VAGUE) or isinstance(last, VAGUE):
        return None
    return bool(first <= last)
