"""A loaded pack: one policy with its parameters, clauses, entities and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kehou.fields import Field, Schema
from kehou.language import ROOT, Derivation, EntityDef, Parameter, Type
from kehou.language.condition_parts import field_names, references, tests
from kehou.language.vocabulary import Vocabulary
from kehou.model.nouns import Words
from kehou.model.outcomes import Severity
from kehou.model.report import PackUsed
from kehou.model.rules import (
    Clause,
    Cond,
    DecisionRule,
    FieldRef,
    Off,
    Param,
    Reference,
    Rule,
)
from kehou.packs.lexicons import LexiconFile
from kehou.packs.parameters import ParameterDef, ParameterValue, valued


@dataclass(frozen=True, slots=True)
class TableDef:
    """A dated table that belongs to the bureau, such as the county's list of vendors."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Period:
    """A row of ``periods``: from which day the law holds where a submission names this period.

    ``keys`` are those that the schema's ``x-dates`` names under ``period``, with their values.
    """

    keys: Mapping[str, str]
    start: str


class Remembered(dict[Any, Any]):
    """What a pack keeps for the next check; another process that the pack is handed to starts
    without, for what is compiled here cannot be handed over.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Nothing of it is pickled."""
        return Remembered, ()


@dataclass(frozen=True)
class Pack:
    """A loaded pack; everything in it has been checked against everything else.

    ``policy_title`` is what the policy calls itself, ``citation`` what it is called for short.
    """

    id: str
    title: str
    version: str
    citation: str
    sha256: str
    policy_title: str
    effective_from: str | None
    effective_to: str | None
    areas: Mapping[str, str]
    periods: tuple[Period, ...]
    parameters: Mapping[str, ParameterDef]
    tables: Mapping[str, TableDef]
    clauses: Mapping[str, Clause]
    rules: Mapping[str, Rule]
    decisions: tuple[DecisionRule, ...]
    blocking: frozenset[Severity]
    not_judged: str
    order: tuple[str, ...]
    vocabulary: Vocabulary
    english: Mapping[str, Any]
    nouns: Words
    stages: Words
    notes: tuple[str, ...]
    base: str
    source: str = field(repr=False)
    root: Path | Traversable = field(repr=False)
    layers: tuple[PackUsed, ...] = ()
    #: Lookups that generated rules ask, by (entity, derived field).
    known: Mapping[tuple[str, str], Reference] = field(default_factory=dict)
    #: Derived fields that generated rules brought, by (entity, name).
    generated: frozenset[tuple[str, str]] = frozenset()
    #: Why the fields of which a derived one takes the first may differ, by ``entity.name``.
    differ: Mapping[str, str] = field(default_factory=dict)
    lexicons: Mapping[str, LexiconFile] = field(default_factory=dict, repr=False)
    #: Ids of the rules whose files could not be read, and ``clauses.yaml`` where that could not;
    #: none in a pack that loads.
    unread: frozenset[str] = frozenset()
    #: (layer, folder) of the rules that a layer brought, by id.
    homes: Mapping[str, tuple[str, Path | Traversable]] = field(default_factory=dict, repr=False)
    #: Rules that layers took out of force.
    off: tuple[Off, ...] = ()
    #: The folder of the topmost layer, and the ids of its rules and clauses; None where there is
    #: no layer.
    top: Path | Traversable | None = field(default=None, repr=False)
    added: frozenset[str] = frozenset()
    #: What is called how in English, rules apart (``i18n/en-names.yaml``).
    names: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def topmost(self) -> Pack:
        """What the topmost layer says itself; the pack, where nothing lies over it."""
        if self.top is None:
            return self
        rules = {name: rule for name, rule in self.rules.items() if name in self.added}
        clauses = {name: one for name, one in self.clauses.items() if name in self.added}
        return replace(self, rules=rules, clauses=clauses)

    def home(self, rule: Rule) -> Path | Traversable:
        """The folder of the pack or layer that a rule's file and its cases stand in."""
        return self.homes[rule.id][1] if rule.id in self.homes else self.root

    @property
    def used(self) -> tuple[PackUsed, ...]:
        """This pack and what is laid over it, each with the rules that it switches off some day."""
        return (PackUsed(self.id, self.title, self.version, self.sha256), *self.layers_on(None))

    def off_on(self, as_of: str | None) -> tuple[Off, ...]:
        """The rules that layers have taken out of force on a day; on any day where it is None."""
        return tuple(
            one for one in self.off if as_of is None or one.start is None or one.start <= as_of
        )

    def layers_on(self, as_of: str | None, language: str = "zh") -> tuple[PackUsed, ...]:
        """The layers, each named with the rules that it has switched off on a day."""
        return tuple(self._layer_on(layer, as_of, language) for layer in self.layers)

    def _layer_on(self, layer: PackUsed, as_of: str | None, language: str) -> PackUsed:
        rules = [one.rule for one in self.off_on(as_of) if one.layer == layer.id]
        if not rules:
            return layer
        if language == "en":
            told = f" ({len(rules)} rules off: {', '.join(rules)})"
        else:
            told = f"（停用 {len(rules)} 条规则：{'、'.join(rules)}）"
        return replace(layer, title=layer.title + told)

    @property
    def schema(self) -> Schema:
        """The submission schema that the pack names."""
        return self.vocabulary.schema

    @property
    def entities(self) -> Mapping[str, EntityDef]:
        """Entities by name."""
        return self.vocabulary.entities

    @property
    def derivations(self) -> Mapping[tuple[str, str], Derivation]:
        """Derived fields by (entity, name)."""
        return self.vocabulary.derivations

    def told_in(self, language: str) -> Pack:
        """The pack with its names in a language: itself in Chinese, as ``english`` has it else."""
        return self if language == "zh" else self._english

    def cited(self, ground: str, language: str = "zh") -> str:
        """A ground as people look it up: a clause by its document and words, else as written."""
        clause = self.told_in(language).clauses.get(ground)
        if clause is None:
            return ground
        between = ": " if language == "en" else "："
        return f"{clause.citation}{between}“{clause.quote}”"

    def ground_told(self, value: ParameterValue, language: str = "zh") -> str:
        """What a value rests on, in words, with the document that it may loosen by."""
        cited = self.cited(value.ground, language)
        ground = value.ground if cited == value.ground else f"{value.ground} {cited}"
        apart = "; " if language == "en" else "；"
        return f"{ground}{apart}{value.authority}" if value.authority else ground

    @cached_property
    def _english(self) -> Pack:
        from kehou.packs.english import in_english

        return in_english(self)

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What was worked out from the pack alone, for the next submission that asks the same."""
        return Remembered()

    @cached_property
    def carriers(self) -> dict[str, list[str]]:
        """Rule ids by the clause parts that they cite."""
        found: dict[str, list[str]] = {clause: [] for clause in self.clauses}
        for rule_id, found_rule in self.rules.items():
            for clause in found_rule.clauses:
                found.setdefault(clause, []).append(rule_id)
        return found

    @cached_property
    def parameter_fields(self) -> dict[str, Field]:
        """The enumerated field that each parameter is compared with, for its labels."""
        found: dict[str, Field] = {}
        for one in self.rules.values():
            for cond in (one.when, one.require, *(review.when for review in one.review)):
                for test in tests(cond):
                    compared = test.subject
                    for arg in test.args:
                        if isinstance(arg, Param) and isinstance(compared, FieldRef):
                            shown = self.vocabulary.shown_field(one.each, compared.name)
                            shown = shown.item if shown is not None and shown.item else shown
                            if shown is not None and shown.labels:
                                found.setdefault(arg.name, shown)
        return found

    def told_values(
        self, definition: ParameterDef, value: ParameterValue, language: str
    ) -> list[tuple[str, str]]:
        """A value of a parameter in words, by what it is looked up by (`told_parameters`)."""
        from kehou.packs.told_parameters import told_values

        return told_values(self, definition, value, language)

    def in_force(self, as_of: str, reading: str = "") -> dict[str, Parameter]:
        """Parameters as they are on a date; unset ones stand there without a value.

        ``reading`` may be ``strict`` or ``lenient``: vague words are then read that way.
        """
        result = {}
        for definition in self.parameters.values():
            value = definition.on(as_of)
            vague = definition.readings_on(as_of) if reading else None
            other = getattr(vague, reading) if vague is not None else None
            if other is not None:
                result[definition.name] = valued(definition, other)
                continue
            result[definition.name] = Parameter(
                definition.name,
                definition.type,
                value.value if value else None,
                definition.by,
                value.table if value else {},
                value.ground if value and value.layer not in ("", self.id) else "",
            )
        return result

    # The vocabulary's answers, which facts ask for all the time.

    def is_root(self, field_name: str) -> bool:
        """Whether a dotted name is the submission's."""
        return self.vocabulary.is_root(field_name)

    def type_of(self, entity_name: str, field_name: str) -> tuple[Type, bool]:
        """(type, whether it is the submission's) of a name."""
        return self.vocabulary.type_of(entity_name, field_name)

    def field_of(self, entity_name: str, field_name: str) -> Field | None:
        """The schema field behind a name, or None."""
        return self.vocabulary.field_of(entity_name, field_name)

    def fields_below(self, entity_name: str, field_name: str) -> Iterator[str]:
        """Own names inside a nested record."""
        return self.vocabulary.fields_below(entity_name, field_name)

    def stands_for(self, entity_name: str, field_name: str) -> Mapping[str, tuple[Any, ...]]:
        """Values that stand for several others."""
        return self.vocabulary.stands_for(entity_name, field_name)

    def minimum(self, entity_name: str, field_name: str) -> Any:
        """The least value a field may have, or None."""
        return self.vocabulary.minimum(entity_name, field_name)

    def title_of(self, field_name: str) -> str:
        """Chinese label of a root name."""
        return self.vocabulary.title_of(field_name)

    # What a rule rests on.

    def names_in(self, cond: Cond | None) -> Iterator[FieldRef | Param]:
        """Every field and parameter that a condition mentions."""
        return references(cond)

    def inputs_behind(self, entity_name: str, names: Sequence[str]) -> set[str]:
        """The bureau's tables and the parameters that fields of an entity are derived from."""
        return set().union(*(self._inputs_behind(entity_name, name) for name in names))

    @cached_property
    def _known_inputs(self) -> dict[tuple[str, str], set[str]]:
        return {}

    def _inputs_behind(self, entity_name: str, name: str) -> set[str]:
        known = self._known_inputs.get((entity_name, name))
        if known is not None:
            return known
        found: set[str] = set()
        pending = [(entity_name, name)]
        seen = set(pending)
        while pending:
            owner, field_name = pending.pop()
            holder = ROOT if self.is_root(field_name) else owner
            found |= self._tables_of_entity(holder, field_name)
            kind = self.entities.get(holder)
            if kind is not None:
                found |= {r.name for r in references(kind.where) if isinstance(r, Param)}
            for step in self._steps_of_entity(holder):
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
            d = self.derivations.get((holder, field_name.removeprefix("submission.")))
            if d is not None:
                conditions = (*references(d.where), *references(d.that))
                arguments = (*d.arguments, *conditions)
                found |= {a.name for a in arguments if isinstance(a, Param)}
            for step in inputs_of(d) if d else ():
                if step not in seen:
                    seen.add(step)
                    pending.append(step)
        self._known_inputs[(entity_name, name)] = found
        return found

    def _steps_of_entity(self, entity_name: str) -> list[tuple[str, str]]:
        """(entity, field) of what decides which rows an entity has."""
        d = self.entities.get(entity_name)
        if d is None or not d.of:
            return []
        names = [*d.by, *d.same, *field_names(d.where), *(old for _, old in d.over)]
        return [(d.of, n) for n in names]

    def _tables_of_entity(self, entity_name: str, field_name: str) -> set[str]:
        if entity_name == ROOT:
            head = field_name.partition(".")[0]
            return {head} & set(self.tables)
        d = self.entities[entity_name]
        while d.of:
            d = self.entities[d.of]
        return {d.path.partition(".")[0]} & set(self.tables)


def inputs_of(d: Derivation) -> list[tuple[str, str]]:
    """(entity, field) of everything a derived field is computed from."""
    theirs = d.their_fields + field_names(d.where) + field_names(d.that)
    if d.over and not theirs:
        theirs = [""]
    return [(d.entity, n) for n in d.own_fields] + [(d.over, n) for n in theirs]
