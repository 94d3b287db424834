"""The values that decided an outcome and what was wanted of them, as JSON holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from kehou.facts import Fact, FactBase
from kehou.fields import MASK, Field, show
from kehou.fields.display import known_ends, show_money, show_time
from kehou.language import FieldArg, Leaf, Type
from kehou.language.conditions import UNSET, read_operand
from kehou.language.lexicons import Lexicon
from kehou.model.rules import Const
from kehou.model.values import ABSENT, Bounds, Open, Unknown


def values_found(leaves: Iterable[Leaf], base: FactBase, fact: Fact) -> dict[str, Any]:
    """The values that decided, by field."""
    values: dict[str, Any] = {}
    for leaf in leaves:
        for operand in (leaf.left, leaf.right):
            if isinstance(operand, FieldArg):
                # A lookup of the engine's own is told by the value that it looked for.
                reference = base.pack.known.get((fact.entity, operand.name))
                name = operand.name if reference is None else reference.field
                kind = (
                    operand.type if reference is None else base.pack.type_of(fact.entity, name)[0]
                )
                values[name] = plain(base.read(fact, name), kind)
    return values


def values_required(leaves: Iterable[Leaf], base: FactBase, fact: Fact) -> dict[str, Any]:
    """What the tests that decided wanted of each field, by operator."""
    limits: dict[str, Any] = {}
    for leaf in leaves:
        if not isinstance(leaf.left, FieldArg):
            continue
        if (fact.entity, leaf.left.name) in base.pack.known:
            continue
        value = read_operand(leaf.right, fact.values, base.root.values)
        kind = leaf.left.type
        if not isinstance(leaf.right, Const) and value is UNSET:
            continue
        if leaf.op == "exists":
            kind = Type("boolean")
        if isinstance(value, Lexicon):
            value = words_hit(leaf, base, fact)
        limits.setdefault(leaf.left.name, {})[leaf.op] = plain(value, kind)
    return limits


def shown_found(
    leaves: Iterable[Leaf],
    base: FactBase,
    fact: Fact,
    titled: Callable[[Field], str],
    language: str,
) -> dict[str, str]:
    """``values_found`` for people: what each field is called, and its value in plain words.

    What is worked out and has no name of its own is left out; the finding's message tells it.
    """
    told: dict[str, str] = {}
    for leaf in leaves:
        for operand in (leaf.left, leaf.right):
            if not isinstance(operand, FieldArg):
                continue
            reference = base.pack.known.get((fact.entity, operand.name))
            name = operand.name if reference is None else reference.field
            field = base.pack.vocabulary.shown_field(fact.entity, name)
            if field is None:
                continue
            private = field.private or operand.type.private
            value = base.read(fact, name)
            told[titled(field)] = MASK if private else show(value, field, language)
    return told


def shown_required(
    leaves: Iterable[Leaf],
    base: FactBase,
    fact: Fact,
    titled: Callable[[Field], str],
    language: str,
) -> dict[str, dict[str, str]]:
    """``values_required`` for people: by what a field is called, operator and limit in words."""
    told: dict[str, dict[str, str]] = {}
    for leaf in leaves:
        left = leaf.left
        if not isinstance(left, FieldArg) or (fact.entity, left.name) in base.pack.known:
            continue
        field = base.pack.vocabulary.shown_field(fact.entity, left.name)
        value = read_operand(leaf.right, fact.values, base.root.values)
        if field is None or (value is UNSET and not isinstance(leaf.right, Const)):
            continue
        if isinstance(value, Lexicon):
            value = words_hit(leaf, base, fact)
        limit = show(value, None if leaf.op == "exists" else field, language)
        told.setdefault(titled(field), {})[leaf.op] = MASK if field.private else limit
    return told


def words_hit(leaf: Leaf, base: FactBase, fact: Fact) -> tuple[str, ...]:
    """The words of a lexicon that a leaf found in a text; none of a private one."""
    field, wanted = leaf.left, leaf.right
    if not (isinstance(field, FieldArg) and isinstance(wanted, Const)) or field.type.private:
        return ()
    value = base.read(fact, field.name)
    if not (isinstance(wanted.value, Lexicon) and isinstance(value, str)):
        return ()
    return wanted.value.hits(value)


def plain(value: Any, kind: Type) -> Any:
    """A value for JSON: times ``18:30``, money in yuan as text, ratios as text, 无 for absent.

    Of a value known in part, only the ends that are known.
    """
    if kind.private:
        return MASK
    if value is None or value is UNSET or isinstance(value, Unknown):
        return None
    if value is ABSENT:
        return "无"
    if isinstance(value, Bounds):
        ends = zip(("at_least", "at_most"), known_ends(value, kind.kind), strict=True)
        return {name: plain(end, kind) for name, end in ends if end is not None} or None
    if isinstance(value, Open):
        return {"at_least": [plain(item, kind) for item in value.items]}
    if isinstance(value, (tuple, list, frozenset)):
        return [plain(item, kind) for item in value]
    if isinstance(value, bool):
        return value
    if kind.kind == "time" and isinstance(value, int):
        return show_time(value)
    if kind.kind == "money" and isinstance(value, int):
        return show_money(value).removesuffix("元")
    return str(value) if isinstance(value, Fraction) else value
