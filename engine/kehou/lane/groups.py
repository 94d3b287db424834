"""Rules of a pack in groups for fused code: those on the same subjects that read the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou.judging import BoundRule
from kehou.lane.records import Column, Refused, column, rows_path
from kehou.lane.sums import Derived, is_derived
from kehou.language import ROOT, Bound, FieldArg, Leaf, Parameter
from kehou.language.conditions import Truth, bound_fields
from kehou.model.rules import Not
from kehou.packs import Pack


@dataclass
class Group:
    """Rules on one kind of subject with the same ``when`` that read the same fields."""

    entity: str
    when: Bound | None
    own: tuple[Column, ...]
    roots: tuple[Column, ...]
    derived: tuple[str, ...]
    rules: list[BoundRule] = field(default_factory=list)

    @property
    def of_root(self) -> bool:
        """Whether ``when`` asks nothing of the subject itself, but of the submission."""
        fields = bound_fields(self.when)
        return self.entity != ROOT and bool(fields) and all(one.root for one in fields)


@dataclass
class Grouped:
    """The groups by entity, the derived fields that they read, and the rules that none could take.

    ``refused`` says why, by rule.
    """

    groups: dict[str, list[Group]]
    derived: Derived
    refused: dict[str, str]

    @property
    def read(self) -> dict[str, list[str]]:
        """The fields that are handed in and read, by entity."""
        found: dict[str, dict[str, None]] = {}
        for groups in self.groups.values():
            for group in groups:
                found.setdefault(group.entity, {}).update({c.name: None for c in group.own})
                found.setdefault(ROOT, {}).update({c.name: None for c in group.roots})
        for entity, name in self.derived.columns:
            found.setdefault(entity, {})[name] = None
        return {entity: list(names) for entity, names in found.items()}


def grouped(pack: Pack, rules: Sequence[BoundRule], parameters: Mapping[str, Parameter]) -> Grouped:
    """Put rules into groups; those that read what no typed record holds are refused."""
    found: dict[str, dict[Any, Group]] = {}
    derived = Derived(pack, parameters)
    refused = {}
    for rule in rules:
        entity = rule.rule.each
        try:
            rows_path(pack, entity)
            parts = _read(pack, rule, derived)
        except Refused as reason:
            refused[rule.rule.id] = str(reason)
            continue
        own, roots, made = parts
        columns = [c.name for c in own], [c.name for c in roots], made
        key = repr((key_of(rule.when), columns, bool(rule.unset)))
        group = found.setdefault(entity, {}).setdefault(key, Group(entity, rule.when, *parts))
        group.rules.append(rule)
    return Grouped({e: list(of.values()) for e, of in found.items()}, derived, refused)


def _read(
    pack: Pack, rule: BoundRule, derived: Derived
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[str, ...]]:
    own: dict[str, Column] = {}
    roots: dict[str, Column] = {}
    made: dict[str, None] = {}
    fields = {f.name: f for cond in rule.conditions for f in bound_fields(cond)}
    for one in fields.values():
        if is_derived(pack, one, rule.rule.each):
            if rule.rule.each != ROOT:
                raise Refused("derivation:of the submission, read by rows")
            derived.add(one.name)
            made[one.name] = None
        elif one.root or rule.rule.each == ROOT:
            roots[one.name] = column(pack, ROOT, one.name)
        else:
            own[one.name] = column(pack, rule.rule.each, one.name)
    _refuse_owners(pack, (*own.values(), *roots.values()))
    return tuple(own.values()), tuple(roots.values()), tuple(made)


def _refuse_owners(pack: Pack, columns: Sequence[Column]) -> None:
    """Refuse fields of a part that says itself whether the submission or the authority gave it."""
    for one in columns:
        part = pack.schema.root.fields[one.field.path.split(".")[0]]
        if part.record and part.given_by is not None:
            raise Refused("field:of a record that says whose it is")


def key_of(cond: Bound | None) -> Any:
    """A condition without the places that it was written at: equal where it asks the same."""
    if cond is None or isinstance(cond, Truth):
        return cond
    if isinstance(cond, Leaf):
        return cond.op, _operand(cond.left), _operand(cond.right)
    if isinstance(cond, Not):
        return "not", key_of(cond.item)
    return type(cond).__name__, tuple(key_of(item) for item in cond.items)


def _operand(operand: Any) -> Any:
    if isinstance(operand, FieldArg):
        return "field", operand.name, operand.closed
    return operand if not hasattr(operand, "rows") else ("table", id(operand))


__all__ = ["Group", "Grouped", "grouped", "key_of"]
