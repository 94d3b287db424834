"""Which fields each rule reads, however far behind its conditions, and what it holds them against.

A rule that reads nothing of what a change touches keeps its outcomes: it need not be judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from kehou.authoring.blind_spots.changes import Change
from kehou.authoring.blind_spots.scalar_changes import Limits
from kehou.fields import Field
from kehou.language import ROOT, Parameter
from kehou.language.condition_parts import tests
from kehou.language.operators import ORDERED
from kehou.model.rules import Cond, Const, FieldRef, Param, Rule
from kehou.packs import Pack
from kehou.packs.uses import behind_rule, conditions

#: Whether the form is complete hangs on every field that is asked for.
_COMPLETE: Final = "check.form_complete"


@dataclass(frozen=True, slots=True)
class RuleReads:
    """Dotted paths of the fields and the lists that a rule reads.

    ``everything`` tells of a rule that asks whether the whole is complete, or reads no field.
    """

    fields: frozenset[str]
    lists: frozenset[str]
    everything: bool


class Reads:
    """What every rule of a pack reads."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.by_rule = {rule.id: self._of(rule) for rule in pack.rules.values()}
        self._known: dict[tuple[tuple[str, ...], bool], frozenset[str]] = {}

    def concerned(self, change: Change) -> frozenset[str]:
        """Ids of the rules whose outcomes a change may alter; of all where it moves a date."""
        key = (change.touched, change.rows)
        if key not in self._known:
            self._known[key] = frozenset(
                name for name, reads in self.by_rule.items() if self._meets(reads, change)
            )
        return self._known[key]

    def under(self, path: str) -> frozenset[str]:
        """Ids of the rules that read a part or what is in it."""
        return frozenset(
            name
            for name, reads in self.by_rule.items()
            if any(_related(path, field) for field in reads.fields | reads.lists)
        )

    def _meets(self, reads: RuleReads, change: Change) -> bool:
        if reads.everything or any(path in self._dates for path in change.touched):
            return True
        for path in change.touched:
            if any(_related(path, field) for field in reads.fields):
                return True
            if change.rows and any(_related(path, rows) for rows in reads.lists):
                return True
        return False

    @cached_property
    def _dates(self) -> frozenset[str]:
        dates = self.pack.schema.declared.dates
        named = (dates.as_of, *dates.period.values(), *dates.check.values())
        return frozenset(path for path in named if path)

    def _of(self, rule: Rule) -> RuleReads:
        uses = behind_rule(self.pack, rule)
        fields = set()
        for entity, name in uses.fields:
            found = self._field(entity, name)
            if found is None:
                continue
            fields.add(found.path)
            if found.fill is not None:  # left out, it is taken from another list
                fields.add(found.fill.source)
        everything = (ROOT, _COMPLETE) in uses.fields or not uses.fields
        lists = {path for name in uses.entities if (path := self._list(name))}
        paths = {p for name in uses.entities for p in self.pack.entities[name].pairs}
        return RuleReads(frozenset(fields | paths), frozenset(lists), everything)

    def _field(self, entity: str, name: str) -> Field | None:
        if entity != ROOT and entity not in self.pack.entities:
            return None
        return self.pack.field_of(entity, name)

    def _list(self, entity: str) -> str:
        """The dotted path of the list whose rows an entity comes from."""
        d = self.pack.entities[entity]
        if d.form == "inner":
            inner = self.pack.vocabulary.own_fields(d.of).get(d.field)
            return inner.path if inner is not None else ""
        return d.path if d.form == "list" else self._list(d.of) if d.of else ""


def _related(one: str, other: str) -> bool:
    """Whether two paths are the same or one lies within the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def limits(pack: Pack, parameters: Mapping[str, Parameter], tree: Mapping[str, Any]) -> Limits:
    """What conditions of a pack hold fields of the schema against, for a submission."""
    values: dict[str, dict[Any, None]] = {}
    fields: dict[str, dict[str, None]] = {}
    for entity, cond in _conditions(pack):
        for test in tests(cond):
            shown = _ordered(pack, entity, test.subject)
            if shown is None:
                continue
            for value in _values(test.args, parameters):
                if value is not None and not isinstance(value, (bool, tuple)):
                    values.setdefault(shown.path, {}).setdefault(value)
            for arg in test.args:
                other = _ordered(pack, entity, arg)
                if other is not None and other.kind == shown.kind:
                    fields.setdefault(shown.path, {}).setdefault(other.path)
                    fields.setdefault(other.path, {}).setdefault(shown.path)
    return Limits(
        {path: tuple(found) for path, found in values.items()},
        {path: tuple(found) for path, found in fields.items()},
        tree,
    )


def _ordered(pack: Pack, entity: str, reference: Any) -> Field | None:
    """The schema's field that a reference names, where its values have an order."""
    if not isinstance(reference, FieldRef):
        return None
    shown = pack.field_of(entity, reference.name)
    return shown if shown is not None and shown.kind in ORDERED else None


def _conditions(pack: Pack) -> Iterator[tuple[str, Cond]]:
    for rule in pack.rules.values():
        for cond in conditions(rule):
            yield rule.each, cond
    for d in pack.entities.values():
        if d.where is not None:
            yield d.of, d.where
    for derivation in pack.derivations.values():
        for inner in (derivation.where, derivation.that):
            if inner is not None:
                yield derivation.over or derivation.entity, inner


def _values(args: Iterable[Any], parameters: Mapping[str, Parameter]) -> Iterator[Any]:
    for arg in args:
        if isinstance(arg, Const):
            yield arg.value
        elif isinstance(arg, Param) and arg.name in parameters:
            parameter = parameters[arg.name]
            if not parameter.type.many:
                yield from (parameter.value, *parameter.table.values())
