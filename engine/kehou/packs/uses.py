"""What a rule rests on: the derived fields, entities and parameters behind its conditions.

Mutation testing asks which rules' cases can see a change to a derived field; lint asks what
nothing uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kehou.language import ROOT, Derivation, EntityDef
from kehou.language.condition_parts import references
from kehou.model.rules import Arg, Cond, DecisionRule, FieldRef, Param, Rule
from kehou.packs.pack import Pack

_SLOT = re.compile(r"\{([^{}]+)\}")


@dataclass
class Uses:
    """Derived fields and all fields by (entity, name), entities and parameters by name."""

    derived: set[tuple[str, str]] = field(default_factory=set)
    fields: set[tuple[str, str]] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)

    def add(self, other: Uses) -> None:
        """Take in what another uses."""
        self.derived |= other.derived
        self.entities |= other.entities
        self.parameters |= other.parameters
        self.fields |= other.fields


def behind_rule(pack: Pack, rule: Rule, shown: bool = False) -> Uses:
    """What a rule's outcomes depend on; with ``shown``, what its texts and labels name as well."""
    walk = _Walk(pack, shown)
    walk.entity(rule.each)
    for cond in conditions(rule):
        walk.condition(cond, rule.each)
    if shown:
        texts = (rule.message, rule.remedy, *(review.reason for review in rule.review))
        walk.slots(texts, rule.each)
    return walk.uses


def behind_fields(pack: Pack, rule: Rule) -> Uses:
    """What a rule's subjects and derived fields depend on, its own parameters left out."""
    walk = _Walk(pack, False)
    walk.entity(rule.each)
    for cond in conditions(rule):
        for name in named_fields(pack, cond):
            walk.field(rule.each, name)
    return walk.uses


def behind_decision(pack: Pack, decision: DecisionRule) -> Uses:
    """What the entity patterns of a decision rule depend on."""
    walk = _Walk(pack, True)
    for pattern in decision.when:
        kind, _, entity = pattern.kind.partition(":")
        if kind != "entity":
            continue
        walk.entity(entity)
        for name in (*(n for n, _ in pattern.equals), *(n for n, _, _ in pattern.same)):
            walk.field(entity, name)
    for pattern in decision.when:
        for _, variable, name in pattern.same:
            for other in decision.when:
                if other.var == variable and other.kind.startswith("entity:"):
                    walk.field(other.kind.partition(":")[2], name)
    return walk.uses


def value_carriers(pack: Pack) -> dict[str, list[str]]:
    """Rule ids by the clause that a parameter which they rest on takes its value from."""
    grounds: dict[str, set[str]] = {}
    for name, definition in pack.parameters.items():
        for value in definition.values:
            if value.ground in pack.clauses and not value.assumption:
                grounds.setdefault(value.ground, set()).add(name)
    read = {one.id: behind_rule(pack, one).parameters for one in pack.rules.values()}
    return {
        clause: [rule for rule, used in read.items() if used & names]
        for clause, names in grounds.items()
    }


def conditions(rule: Rule) -> Iterator[Cond]:
    """The conditions of a rule that are there."""
    for cond in (rule.when, rule.require, *(review.when for review in rule.review)):
        if cond is not None:
            yield cond


def named_fields(pack: Pack, cond: Cond | None) -> Iterator[str]:
    """The fields that a condition reads, those its parameters are looked up by included."""
    for reference in references(cond):
        if isinstance(reference, FieldRef):
            yield reference.name
        else:
            yield from _keys(pack, reference)


def _keys(pack: Pack, param: Param) -> tuple[str, ...]:
    definition = pack.parameters.get(param.name)
    return param.by or (definition.by if definition is not None else ())


class _Walk:
    """Goes from fields and entities to what they are made of, each once."""

    def __init__(self, pack: Pack, shown: bool) -> None:
        self.pack = pack
        self.shown = shown
        self.uses = Uses()
        self._seen: set[tuple[str, str]] = set()

    def condition(self, cond: Cond | None, entity: str) -> None:
        for reference in references(cond):
            self._argument(reference, entity)

    def slots(self, texts: Iterable[str | None], entity: str) -> None:
        """Fields and parameters that texts name in braces."""
        for text in texts:
            for name in _SLOT.findall(text or ""):
                if name in self.pack.parameters:
                    self.uses.parameters.add(name)
                elif name not in ("label", "ordinal"):
                    self.field(entity, name)

    def entity(self, name: str) -> None:
        """An entity and what its rows come from."""
        d = self.pack.entities.get(name)
        if d is None or name in self.uses.entities:
            return
        self.uses.entities.add(name)
        if d.of:
            self.entity(d.of)
            read = [*d.by, *d.same, *(old for _, old in d.over), d.start, d.end, *d.valid, d.field]
            for field_name in filter(None, read):
                self.field(d.of, field_name)
            self.condition(d.where, d.of)
        for path in d.pairs:
            self.field(ROOT, path)
        if self.shown:
            for field_name in d.key:
                self.field(name, field_name)
            self.slots([d.label], name)

    def field(self, entity: str, name: str) -> None:
        """A field and what it is derived or copied from."""
        holder = ROOT if self.pack.is_root(name) else entity
        name = name.removeprefix("submission.")
        if (holder, name) in self._seen:
            return
        self._seen.add((holder, name))
        self.uses.fields.add((holder, name))
        derivation = self.pack.derivations.get((holder, name))
        if derivation is not None:
            self.uses.derived.add((holder, name))
            self._derivation(derivation)
        elif holder in self.pack.entities:
            d = self.pack.entities[holder]
            source = _source(d, name)
            if source is not None:
                self.field(d.of, source)

    def _derivation(self, d: Derivation) -> None:
        for arg in d.arguments:
            self._argument(arg, d.entity)
        for name in d.own_fields:
            self.field(d.entity, name)
        if d.over:
            self.entity(d.over)
            for name in d.their_fields:
                self.field(d.over, name)
            self.condition(d.where, d.over)
            self.condition(d.that, d.over)

    def _argument(self, arg: Arg, entity: str) -> None:
        if isinstance(arg, FieldRef):
            self.field(entity, arg.name)
        elif isinstance(arg, Param):
            self.uses.parameters.add(arg.name)
            for name in _keys(self.pack, arg):
                self.field(entity, name)


def _source(d: EntityDef, name: str) -> str | None:
    """The field of the outer entity that an entity's field is taken from."""
    if d.form == "inner":
        return dict(d.copy).get(name)
    return dict(d.over).get(name, name) if d.of else None
