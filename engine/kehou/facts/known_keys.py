"""Rows found by a key of which some parts may not be known, on either side.

A row whose key is known in part may belong to whatever it agrees with on the parts that both sides
know, and to nothing else (docs/language.md §2.10). Rows are kept by which parts are known and
looked up by these, so that a subject costs what it may have and not what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kehou.language.derivations import VAGUE
from kehou.model.values import ABSENT, Unknown

if TYPE_CHECKING:
    from kehou.facts.subjects import Base, Fact

Key = tuple[Any, ...]
Positions = tuple[int, ...]


class Entry(NamedTuple):
    """A row under a key: whether it certainly belongs where the key is met, else what is open."""

    row: Fact
    sure: bool = True
    why: Unknown | None = None


@dataclass(eq=False, slots=True)
class Pool:
    """Entries that may belong to every subject that knows as much of the key.

    ``told`` keeps what was worked out from all of them, by what it is for.
    """

    entries: list[Entry] = field(default_factory=list)
    told: dict[Any, Any] = field(default_factory=dict)


def known_positions(key: Sequence[Any]) -> Positions:
    """Which parts of a key can be met exactly; bounds and open lists cannot."""
    return tuple(i for i, part in enumerate(key) if not isinstance(part, VAGUE))


def is_known(key: Sequence[Any]) -> bool:
    """Whether every part of a key can be met exactly."""
    for part in key:  # noqa: SIM110 - a generator for each key of each row costs as much again
        if isinstance(part, VAGUE):
            return False
    return True


def key_reader(base: Base, entity: str, names: Sequence[str]) -> Callable[[Fact], Key]:
    """A function of a subject of an entity that gives the values of some fields, as a key."""
    if not names:
        return lambda fact: ()
    if len(names) == 1:
        only = base.reader(entity, names[0])
        return lambda fact: (only(fact),)
    if len(names) == 2:
        first, second = (base.reader(entity, name) for name in names)
        return lambda fact: (first(fact), second(fact))
    readers = [base.reader(entity, name) for name in names]
    return lambda fact: tuple([read(fact) for read in readers])


class Keyed(NamedTuple):
    """A row with its key; ``certain`` where it was seen and its whole key is known and not none."""

    key: Key
    certain: bool
    entry: Entry


class KeyColumn:
    """The rows of an entity in their order, each with its key once this is asked for.

    One for all the indexes by the same fields. A key is not read before: it may be derived from
    what an index of other rows tells.
    """

    __slots__ = ("_keyed", "_rows", "_whose")

    def __init__(self, base: Base, entity: str, names: Sequence[str]) -> None:
        self._rows = base.rows(entity)
        self._keyed: list[Keyed | None] = [None] * len(self._rows)
        self._whose = key_reader(base, entity, names)

    def those(self, where: Callable[[Fact], bool | None] | None) -> Iterator[tuple[Keyed, bool]]:
        """The rows that a condition does not leave out, and whether it certainly takes them."""
        keyed = self._keyed
        for at, row in enumerate(self._rows):
            verdict = True if where is None else where(row)
            if verdict is not False:
                yield keyed[at] or self._key(at), verdict is True

    def _key(self, at: int) -> Keyed:
        row = self._rows[at]
        key = self._whose(row)
        certain = row.phantom is None and ABSENT not in key and is_known(key)
        found = self._keyed[at] = Keyed(key, certain, Entry(row))
        return found


def key_column(base: Base, entity: str, names: tuple[str, ...]) -> KeyColumn:
    """The keys of an entity's rows by some fields."""
    found = base.columns.get((entity, names))
    if found is None:
        found = base.columns[entity, names] = KeyColumn(base, entity, names)
    return found


#: The parts of a key to look by, and the pools by the values of these.
Way = tuple[Positions, dict[Key, Pool]]


def _pools_in(way: Iterable[Way], key: Key) -> tuple[Pool, ...]:
    found = [pools.get(tuple([key[i] for i in shared])) for shared, pools in way]
    return tuple([pool for pool in found if pool is not None])


class KeyIndex:
    """Rows by key. A key with a part that is stated to be none meets nothing and is left out."""

    __slots__ = ("_pools", "_same", "_vague", "_ways", "certain")

    def __init__(self) -> None:
        #: Rows that were seen and whose whole key is known.
        self.certain: dict[Key, list[Entry]] = {}
        self._vague: dict[Positions, list[tuple[Key, Entry]]] = {}
        self._pools: dict[tuple[Positions | None, Positions], dict[Key, Pool]] = {}
        self._ways: dict[int, list[Way]] = {}
        self._same: dict[int, tuple[Pool, ...]] = {}

    def add(self, key: Key, entry: Entry) -> None:
        """Put a row under its key; all are put before any is looked up."""
        if ABSENT in key:
            return
        if entry.row.phantom is None and is_known(key):
            self.certain.setdefault(key, []).append(entry)
        else:
            self._vague.setdefault(known_positions(key), []).append((key, entry))

    def pools(self, key: Key, whole: bool) -> tuple[Pool, ...]:
        """The rows that may belong to a subject, none of them certainly by its key."""
        if not whole:
            return _pools_in(self._way(known_positions(key), (None, *self._vague)), key)
        if not self._vague:
            return ()
        same = self._same.get(len(key))
        return _pools_in(self._way_whole(len(key)), key) if same is None else same

    def _way_whole(self, parts: int) -> list[Way]:
        found = self._ways.get(parts)
        if found is None:
            found = self._ways[parts] = self._way(tuple(range(parts)), self._vague)
            if not any(shared for shared, _ in found):
                # Whatever the key, it is the same rows that may belong.
                self._same[parts] = _pools_in(found, ())
        return found

    def _way(self, known: Positions, kinds: Iterable[Positions | None]) -> list[Way]:
        """Where to look for the rows that may belong to a key of which some parts are known."""
        found = []
        for kind in kinds:
            shared = known if kind is None else tuple(i for i in known if i in kind)
            found.append((shared, self._pools_of(kind, shared)))
        return found

    def _pools_of(self, kind: Positions | None, shared: Positions) -> dict[Key, Pool]:
        found = self._pools.get((kind, shared))
        if found is None:
            found = self._pools[kind, shared] = {}
            for theirs, entry in self._of_kind(kind):
                met = tuple(theirs[i] for i in shared)
                found.setdefault(met, Pool()).entries.append(entry)
        return found

    def _of_kind(self, kind: Positions | None) -> Iterator[tuple[Key, Entry]]:
        if kind is not None:
            yield from self._vague[kind]
            return
        for key, entries in self.certain.items():
            for entry in entries:
                yield key, entry
