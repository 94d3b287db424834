"""A second, plain implementation of entities and derived values, on fully known submissions.

Nothing is missing here, so there are no bounds, no indexes and no order of evaluation: every value
is worked out again each time it is asked for. What nobody can tell even then, such as a price
per use or two hits of a lookup that differ, is `UNDECIDED`. Source: docs/language.md §1 and §2.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any

from tests.support.reference import MISSING, NO_ROW, Reference, row

from kehou.language import Derivation, EntityDef
from kehou.model.rules import Const, FieldRef, Param
from kehou.model.values import ABSENT, Unknown
from kehou.packs import Pack

#: What cannot be told although everything was supplied.
UNDECIDED = Unknown(("undecided",))

Id = tuple[Any, ...]


@dataclass
class Row:
    """One subject; ``id`` tells it from the others of its entity in every completion."""

    entity: str
    pointer: str
    values: dict[str, Any]
    id: Id = ()
    origin: int = 0
    raw: Mapping[str, Any] = field(default_factory=dict)


class View(dict[str, Any]):
    """The values of a row as `Reference` reads them, derived ones worked out when asked for."""

    def __init__(self, world: World, subject: Row) -> None:
        self.world, self.subject = world, subject

    def get(self, name: str, default: Any = None) -> Any:
        """Value of a field, or the default where there is none."""
        found = self.world.value(self.subject, name)
        return default if found is None else found


class World:
    """Everything about one fully known submission."""

    def __init__(
        self, pack: Pack, tree: Mapping[str, Any], reference: Reference, check: Mapping[str, Any]
    ) -> None:
        self.pack, self.tree, self.reference = pack, tree, reference
        values = dict(check)
        self._flatten("submission", tree, "", values)
        self.root = Row("submission", "", values)

    # --- values --------------------------------------------------------------------------------

    def value(self, subject: Row, name: str) -> Any:
        """A field of a subject or of the submission; None for a name without a value."""
        head, dot, _ = name.partition(".")
        if dot and head in (*self.pack.schema.root.fields, "check", "submission"):
            subject, name = self.root, name.removeprefix("submission.")
        d = self.pack.derivations.get((subject.entity, name))
        if d is not None and name not in subject.values:
            return self.derived(subject, d)
        return subject.values.get(name)

    def _flatten(self, entity: str, raw: Mapping[str, Any], prefix: str, into: Any) -> None:
        for key, value in raw.items():
            name = prefix + key
            into[name] = True if isinstance(value, (dict, list)) else value
            if isinstance(value, dict):
                self._flatten(entity, value, name + ".", into)
            elif value is ABSENT:
                into |= dict.fromkeys(self.pack.fields_below(entity, name), ABSENT)

    def holds(self, cond: Any, subject: Row) -> bool | None:
        """Whether a condition of facts.yaml holds on a row."""

        def read(name: str) -> Any:
            found = self.value(subject, name)
            return MISSING if found is None or isinstance(found, Unknown) else found

        return self.reference._holds(cond, read)

    # --- rows ----------------------------------------------------------------------------------

    def rows(self, entity: str) -> list[Row]:
        """The subjects of an entity."""
        if entity == "submission":
            return [self.root]
        d = self.pack.entities[entity]
        builders: dict[str, Callable[[EntityDef], Iterator[Row]]] = {
            "list": self._list,
            "inner": self._inner,
            "expand": self._expand,
            "group": self._group,
            "pairs": self._pairs,
            "overlaps": self._overlaps,
        }
        return list(builders[d.form](d))

    def _records(self, entity: str, records: Any, pointer: str) -> Iterator[Row]:
        for n, record in enumerate([] if records is ABSENT else records):
            values: dict[str, Any] = {}
            raw = record if isinstance(record, dict) else {"value": record}
            self._flatten(entity, raw, "", values)
            place = f"{pointer}/{n}"
            yield Row(entity, place, values, (place,), id(record), raw)

    def _list(self, d: EntityDef) -> Iterator[Row]:
        return self._records(d.name, self.tree[d.path], f"/{d.path}")

    def _inner(self, d: EntityDef) -> Iterator[Row]:
        for outer in self.rows(d.of):
            for inner in self._records(d.name, outer.raw[d.field], f"{outer.pointer}/{d.field}"):
                inner.values |= {new: self.value(outer, old) for new, old in d.copy}
                yield inner

    def _expand(self, d: EntityDef) -> Iterator[Row]:
        for base in self.rows(d.of):
            choices = []
            for _, old in d.over:
                value = self.value(base, old)
                several = self.pack.stands_for(d.of, old).get(value) if value != () else None
                choices.append(several or (value if isinstance(value, tuple) else (value,)))
            for chosen in product(*choices):
                new = {name: v for (name, _), v in zip(d.over, chosen, strict=True)}
                yield Row(
                    d.name, base.pointer, base.values | new, (base.pointer, *chosen), base.origin
                )

    def _group(self, d: EntityDef) -> Iterator[Row]:
        keys = {}
        for member in self.rows(d.of):
            key = tuple(self.value(member, name) for name in d.by)
            if self.holds(d.where, member) and ABSENT not in key:
                keys[key] = dict(zip(d.by, key, strict=True))
        for key, values in keys.items():
            yield Row(d.name, "", values, key)

    def _pairs(self, d: EntityDef) -> Iterator[Row]:
        for earlier, later in pairwise(d.pairs):
            steps = {"earlier": earlier, "later": later}
            values = {name: self.value(self.root, path) for name, path in steps.items()}
            titles = {f"{name}_step": self.pack.title_of(path) for name, path in steps.items()}
            yield Row(d.name, "/" + later.replace(".", "/"), values | titles, (later,))

    def _overlaps(self, d: EntityDef) -> Iterator[Row]:
        for a, b in combinations(self.rows(d.of), 2):
            ends = [self.value(row, name) for row in (a, b) for name in (d.start, d.end)]
            same = [(self.value(a, name), self.value(b, name)) for name in d.same]
            known = ABSENT not in ends and all(x == y and x is not ABSENT for x, y in same)
            meet = not d.valid or (self._meet(a, b, d) and self._meet(b, a, d))
            if a.origin != b.origin and known and meet and ends[0] < ends[3] and ends[2] < ends[1]:
                yield Row(d.name, a.pointer, a.values, (*a.id, *b.id))

    def _meet(self, a: Row, b: Row, d: EntityDef) -> bool:
        first, last = self.value(a, d.valid[0]), self.value(b, d.valid[1])
        return first is ABSENT or last is ABSENT or bool(first <= last)

    # --- derived values ------------------------------------------------------------------------

    def derived(self, subject: Row, d: Derivation) -> Any:
        """The value of a derived field."""
        if d.fn == "lookup":
            return self._lookup(subject, d)
        if d.over:
            return self._aggregate(subject, d)
        if d.fn == "by_unit":
            given = {name: self._argument(subject, arg) for name, arg in d.named}
            return by_unit(given, dict(d.factors))
        args = [self._argument(subject, arg) for arg in d.args]
        if d.fn == "first":
            return next((arg for arg in args if arg is not ABSENT), ABSENT)
        if ABSENT in args:
            return ABSENT
        if UNDECIDED in args:
            return UNDECIDED
        if d.fn == "weekday_of":
            return _day(args[0]).isoweekday()
        if d.fn == "after":
            text, front = args
            return text[len(front) :] if text.startswith(front) and text != front else text
        return args[0][:7] if d.fn == "month_of" else calculate(d, *args)

    def _argument(self, subject: Row, arg: Any) -> Any:
        if isinstance(arg, Const):
            return arg.value
        if isinstance(arg, FieldRef):
            return self.value(subject, arg.name)
        assert isinstance(arg, Param)
        definition = self.pack.parameters[arg.name]
        now = definition.on(self.reference.as_of)
        if now is None or not definition.by:
            return UNDECIDED if now is None or now.value is None else now.value
        key = [self.value(subject, name) for name in arg.by or definition.by]
        found = NO_ROW if UNDECIDED in key else row(now.table, key)
        return UNDECIDED if found is NO_ROW else found

    def _aggregate(self, subject: Row, d: Derivation) -> Any:
        found = [
            r
            for r in self.rows(d.over)
            if self.holds(d.where, r) is not False
            and all(self._equal(r, theirs, subject, mine) for theirs, mine in d.same)
        ]
        if d.at and found:
            day = self.value(subject, d.at)
            windows = [self.value(r, name) for r in found for name in d.valid]
            if UNDECIDED in (day, *windows):
                return UNDECIDED
            found = [r for r in found if self._valid(r, d, day)]
        if any(self.holds(d.where, r) is None for r in found):
            return UNDECIDED
        if d.fn in ("has", "every"):
            verdicts = [self.holds(d.that, r) for r in found]
            decisive = d.fn == "has"
            if decisive in verdicts:
                return decisive
            return UNDECIDED if None in verdicts else not decisive
        if d.fn == "count":
            return len(found)
        values = [v for r in found if (v := self.value(r, d.of)) is not ABSENT]
        if UNDECIDED in values:
            return UNDECIDED
        if d.fn == "sum":
            return sum(values)
        if d.fn in ("min", "max"):
            return (min if d.fn == "min" else max)(values, default=ABSENT)
        flat = [item for v in values for item in (v if isinstance(v, tuple) else (v,))]
        return len(set(flat)) if d.fn == "distinct" else tuple(dict.fromkeys(flat))

    def _equal(self, a: Row, name: str, b: Row, other: str) -> bool:
        x, y = self.value(a, name), self.value(b, other)
        return x is not ABSENT and y is not ABSENT and bool(x == y)

    def _lookup(self, subject: Row, d: Derivation) -> Any:
        for mine, theirs in d.match or (("", ""),):
            pairs = [(t, m) for t, m in d.same] + ([(theirs, mine)] if mine else [])
            known = [(t, m) for t, m in pairs if self.value(subject, m) is not UNDECIDED]
            if len(known) < len(pairs) and any(
                all(self.value(r, t) is not ABSENT for t, _ in pairs)
                and all(self._equal(r, t, subject, m) for t, m in known)
                for r in self.rows(d.over)
            ):
                return UNDECIDED
            hits = [
                r
                for r in self.rows(d.over)
                if all(self._equal(r, t, subject, m) for t, m in pairs)
                and (not d.at or self._valid(r, d, self.value(subject, d.at)))
            ]
            if hits:
                taken = [self.value(r, d.take) for r in hits] if d.take else [True]
                return taken[0] if all(v == taken[0] for v in taken) else UNDECIDED
        return ABSENT if d.take else False

    def _valid(self, entry: Row, d: Derivation, day: Any) -> bool:
        start, end = (self.value(entry, name) for name in d.valid)
        return (
            day is not ABSENT
            and (start is ABSENT or start <= day)
            and (end is ABSENT or day <= end)
        )


def by_unit(named: Mapping[str, Any], units: Mapping[str, Sequence[str]]) -> Any:
    """The whole of an amount per unit; of another unit, or without a factor, nobody can tell."""
    if named["amount"] is ABSENT or named["unit"] is ABSENT:
        return ABSENT
    factors = units.get(named["unit"])
    given = [named.get(name, ABSENT) for name in factors or ()]
    if factors is None or any(v is ABSENT or v is UNDECIDED for v in [named["amount"], *given]):
        return UNDECIDED
    total = named["amount"]
    for factor in given:
        total *= factor
    return total


def calculate(d: Derivation, a: Any, b: Any) -> Any:
    """Arithmetic on two known values."""
    if d.fn == "minutes_between":
        return b - a + (1440 if d.overnight and b < a else 0)
    if d.fn == "days_between":
        return (_day(b) - _day(a)).days + d.inclusive
    if d.fn == "ratio":
        return Fraction(a) / Fraction(b) if b else ABSENT
    if d.fn == "times":
        return a * b
    if isinstance(a, str):
        days = datetime.timedelta(days=b if d.fn == "plus" else -b)
        return (_day(a) + days).isoformat()
    return a + b if d.fn == "plus" else a - b


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
