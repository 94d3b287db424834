"""The plain implementation on submissions that are known in part: aggregates by trying every row.

Written from docs/language.md §2.3, §2.8 and §2.10 alone, with no index and no sharing: whether a
row belongs is asked of every row for every subject. Paths are left out; ``Unknown()`` stands for
what nobody can tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from tests.support.plain import Row, World
from tests.support.reference import Reference, every

from kehou.language import Derivation, EntityDef
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown
from kehou.packs import Pack

UNKNOWN = Unknown()
#: Functions that read the rows of an entity.
AGGREGATES = frozenset({"count", "sum", "min", "max", "collect", "distinct", "has", "every"})
#: What a value of a kind may be at least and at most.
_ENDS = {
    "date": ("0001-01-01", "9999-12-31"),
    "month": ("0001-01", "9999-12"),
    "time": (0, 23 * 60 + 59),
}


@dataclass
class OpenRow(Row):
    """A row that may be a phantom: one nobody has seen, or more than one."""

    phantom: bool = False


class OpenWorld(World):
    """Everything about one submission with holes; ``faulted`` are pointers of unreadable rows."""

    def __init__(
        self,
        pack: Pack,
        tree: Mapping[str, Any],
        reference: Reference,
        check: Mapping[str, Any],
        faulted: Collection[str],
    ) -> None:
        self.faulted = faulted
        self._rows: dict[str, list[Row]] = {}
        super().__init__(pack, tree, reference, check)

    def value(self, subject: Row, name: str) -> Any:
        """A field of a subject or of the submission; of a phantom only what stands beside it."""
        head, dot, _ = name.partition(".")
        roots = (*self.pack.schema.root.fields, "check", "submission")
        if isinstance(subject, OpenRow) and subject.phantom and not (dot and head in roots):
            return subject.values.get(name, UNKNOWN)
        found = super().value(subject, name)
        return UNKNOWN if found is None else found

    # --- rows ----------------------------------------------------------------------------------

    def rows(self, entity: str) -> list[Row]:
        """The subjects of an entity, phantoms among them."""
        if entity not in self._rows:
            self._rows[entity] = super().rows(entity)
        return self._rows[entity]

    def _records(self, entity: str, records: Any, pointer: str) -> Iterator[Row]:
        if records is None:
            yield OpenRow(entity, pointer, {}, (), phantom=True)
            return
        for n, row in enumerate(super()._records(entity, records, pointer)):
            unread = f"{pointer}/{n}" in self.faulted
            yield OpenRow(entity, row.pointer, row.values, row.id, row.origin, row.raw, unread)

    def _list(self, d: EntityDef) -> Iterator[Row]:
        return self._records(d.name, self.tree.get(d.path), f"/{d.path}")

    def _inner(self, d: EntityDef) -> Iterator[Row]:
        for outer in self.rows(d.of):
            held = None if _is_phantom(outer) else outer.raw.get(d.field)
            for inner in self._records(d.name, held, f"{outer.pointer}/{d.field}"):
                inner.values |= {new: self.value(outer, old) for new, old in d.copy}
                yield inner

    def _expand(self, d: EntityDef) -> Iterator[Row]:
        for base in self.rows(d.of):
            choices = []
            for _, old in d.over:
                value = self.value(base, old)
                several = None
                if isinstance(value, str):
                    several = self.pack.stands_for(d.of, old).get(value)
                choices.append(several or (value if isinstance(value, tuple) else (value,)))
            for chosen in product(*choices):
                new = {name: v for (name, _), v in zip(d.over, chosen, strict=True)}
                yield OpenRow(
                    d.name,
                    base.pointer,
                    base.values | new,
                    (),
                    base.origin,
                    phantom=_is_phantom(base),
                )

    def _group(self, d: EntityDef) -> Iterator[Row]:
        keys: dict[Any, dict[str, Any]] = {}
        unplaced = False
        for member in self.rows(d.of):
            key = tuple(self.value(member, name) for name in d.by)
            holds = self.holds(d.where, member)
            if holds is False or ABSENT in key:
                continue
            if holds is None or any(map(_is_vague, key)):
                unplaced = True
            else:
                keys[key] = dict(zip(d.by, key, strict=True))
        for key, values in keys.items():
            yield OpenRow(d.name, "", values, key)
        if unplaced:
            yield OpenRow(d.name, "", {}, (), phantom=True)

    def _overlaps(self, d: EntityDef) -> Iterator[Row]:
        rows = self.rows(d.of)
        unplaced = any(map(_is_phantom, rows))
        for a, b in combinations(rows, 2):
            if a.origin == b.origin and not _is_phantom(a):
                continue
            start, end, other_start, other_end = (
                self.value(row, name) for row in (a, b) for name in (d.start, d.end)
            )
            tests = [_equal(self.value(a, n), self.value(b, n)) for n in d.same]
            tests += [_before(start, other_end), _before(other_start, end)]
            if d.valid:
                windows = [[self.value(row, name) for name in d.valid] for row in (a, b)]
                (first, last), (other_first, other_last) = windows
                tests += [_bounded(first, other_last), _bounded(other_first, last)]
            verdict = every(tests)
            if verdict is None:
                unplaced = True
            elif verdict:
                yield OpenRow(d.name, a.pointer, a.values)
        if unplaced:
            yield OpenRow(d.name, "", {}, (), phantom=True)

    # --- aggregates ----------------------------------------------------------------------------

    def _aggregate(self, subject: Row, d: Derivation) -> Any:
        certain: list[Row] = []
        possible: list[Row] = []
        more = False
        for row in self.rows(d.over):
            tests = [
                _equal(self.value(row, theirs), self.value(subject, mine))
                for theirs, mine in d.same
            ]
            if d.at:
                day = self.value(subject, d.at)
                first, last = (self.value(row, name) for name in d.valid)
                # A day that is stated to be none lies in no window; an unknown one may be none.
                tests.append(False if day is ABSENT else None if _is_vague(day) else True)
                tests += [_bounded(first, day), _bounded(day, last)]
            belongs = every([*tests, self.holds(d.where, row)])
            if belongs is False:
                continue
            if _is_phantom(row):
                more = True
            else:
                (certain if belongs else possible).append(row)
        if d.fn in ("has", "every"):
            return self._quantified(d, certain, possible, more)
        if d.fn == "count":
            return _range(len(certain), INF if more else len(certain) + len(possible))
        sure = [v for row in certain if (v := self.value(row, d.of)) is not ABSENT]
        maybe = [v for row in possible if (v := self.value(row, d.of)) is not ABSENT]
        if d.fn == "sum":
            return self._sum(d, sure, maybe, more)
        if d.fn in ("min", "max"):
            return self._extreme(d, sure, maybe, more)
        known = [item for v in sure for item in _items(v)]
        vague = [v for v in sure if _is_vague(v)]
        if d.fn == "collect":
            if more and not known:
                return UNKNOWN
            items = tuple(dict.fromkeys(known))
            return Open(items) if more or maybe or vague else items
        further = {item for v in maybe for item in _items(v)} | set(known)
        vague += [v for v in maybe if _is_vague(v)]
        many = self.pack.type_of(d.over, d.of)[0].many
        least = len(set(known)) or any(isinstance(v, Bounds) for v in sure)
        return _range(int(least), INF if more or (many and vague) else len(further) + len(vague))

    def _quantified(
        self, d: Derivation, certain: list[Row], possible: list[Row], more: bool
    ) -> Any:
        decisive = d.fn == "has"
        verdicts = [self.holds(d.that, row) for row in certain]
        if decisive in verdicts:
            return decisive
        verdicts += [self.holds(d.that, row) for row in possible]
        return UNKNOWN if more or {decisive, None} & set(verdicts) else not decisive

    def _sum(self, d: Derivation, sure: list[Any], maybe: list[Any], more: bool) -> Any:
        least = self.pack.minimum(d.over, d.of)
        floor = -INF if least is None else min(least, 0)

        def ends(value: Any) -> tuple[Any, Any]:
            if isinstance(value, Bounds):
                return value.lo, value.hi
            return (floor, INF) if isinstance(value, Unknown) else (value, value)

        low = sum(ends(v)[0] for v in sure) + sum(min(ends(v)[0], 0) for v in maybe)
        high = sum(ends(v)[1] for v in sure) + sum(max(ends(v)[1], 0) for v in maybe)
        if more:
            low, high = (low if floor == 0 else -INF), INF
        return _range(low, high)

    def _extreme(self, d: Derivation, sure: list[Any], maybe: list[Any], more: bool) -> Any:
        first, last = _ENDS.get(self.pack.type_of(d.over, d.of)[0].kind, (-INF, INF))

        def ends(value: Any) -> tuple[Any, Any]:
            if isinstance(value, Bounds):
                return value.lo, value.hi
            return (first, last) if isinstance(value, Unknown) else (value, value)

        # A value that is not known may be stated to be none: that row may not count either.
        known = [ends(v) for v in sure if not isinstance(v, Unknown)]
        if not known:
            return UNKNOWN if sure or maybe or more else ABSENT
        rows = [ends(v) for v in (*sure, *maybe)]
        if d.fn == "min":
            return _range(first if more else min(a for a, _ in rows), min(b for _, b in known))
        return _range(max(a for a, _ in known), last if more else max(b for _, b in rows))


def _is_phantom(row: Row) -> bool:
    return isinstance(row, OpenRow) and row.phantom


def _is_vague(value: Any) -> bool:
    return isinstance(value, (Unknown, Bounds, Open))


def _items(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Open):
        return value.items
    if _is_vague(value):
        return ()
    return value if isinstance(value, tuple) else (value,)


def _equal(a: Any, b: Any) -> bool | None:
    if a is ABSENT or b is ABSENT:
        return False
    return None if _is_vague(a) or _is_vague(b) else bool(a == b)


def _before(a: Any, b: Any) -> bool | None:
    if a is ABSENT or b is ABSENT:
        return False
    return None if _is_vague(a) or _is_vague(b) else bool(a < b)


def _bounded(first: Any, last: Any) -> bool | None:
    if first is ABSENT or last is ABSENT:
        return True
    return None if _is_vague(first) or _is_vague(last) else bool(first <= last)


def _range(low: Any, high: Any) -> Any:
    if low == high:
        return low
    if isinstance(low, str):
        return Bounds(low, high)  # type: ignore[arg-type]
    return Bounds(max(low, -INF), min(high, INF))
