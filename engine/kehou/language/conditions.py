"""Conditions: one operator table with types, three-valued meaning, scalar form and network form.

A condition of a rule file (`model.Test`, `All`, `Any_`, `Not`) is *bound* to typed fields and to
the parameters in force, giving a tree of `Leaf`. The direct engine turns a leaf into a closure
with `closure`; the rete engine turns it into three sets of conjunctions (`truth_sets`). Both
come from the entry of the leaf's operator in `OPERATORS`.

Source: docs/language.md §1.5 and §2.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kehou.language.operators import Verdict, verdict
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Test
from kehou.model.values import ABSENT, Bounds, Open, Unknown


@dataclass(frozen=True, slots=True)
class Type:
    """Type of a field: ``kind`` of its scalars, ``many`` for lists, ``interval`` if it may be open.

    ``domain`` is the closed set of values an enum, boolean or small integer can have.
    """

    kind: str
    many: bool = False
    interval: bool = False
    domain: tuple[Any, ...] | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is in force: ``value``, or ``table`` by the values of ``by`` fields.

    A parameter that nobody set has neither. ``"*"`` in a key stands for any value. ``ground`` is
    what a county's layer says it rests on, and empty where the value is the policy's own.
    """

    name: str
    type: Type
    value: Any = None
    by: tuple[str, ...] = ()
    table: Mapping[tuple[Any, ...], Any] = field(default_factory=dict)
    ground: str = ""

    @property
    def is_set(self) -> bool:
        """Whether a value, or at least one row of a table, is in force."""
        return self.value is not None or bool(self.table)


@dataclass(frozen=True, slots=True)
class FieldArg:
    """A field of the same subject (or of the submission) as an operand."""

    name: str
    type: Type
    root: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A parameter looked up by fields of the subject; the default may be unset (None)."""

    by: tuple[FieldArg, ...]
    rows: Mapping[tuple[Any, ...], Any]
    default: Any
    kind: str
    many: bool
    parameter: str = ""


Operand = Const | FieldArg | Table


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One test bound to typed operands, with the test it comes from; equal only to itself."""

    op: str
    left: Operand
    right: Operand
    source: Test | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """A test that no subject can change, such as one on a parameter."""

    value: bool


Bound = Leaf | Truth | All["Bound"] | Any_["Bound"] | Not["Bound"]
#: Gives the type of a field name, and whether it is the submission's rather than the subject's.
Typer = Callable[[str], tuple[Type, bool]]


def bind(
    cond: Cond, typer: Typer, parameters: Mapping[str, Parameter], closed: frozenset[str]
) -> Bound:
    """Bind a condition to field types and the parameters in force.

    ``within`` becomes two comparisons; a test on a parameter becomes a `Truth` unless it is
    looked up by fields. Raises KeyError for an unknown field or parameter, which the pack
    loader has refused before.
    """
    if isinstance(cond, All):
        return All(tuple(bind(c, typer, parameters, closed) for c in cond.items))
    if isinstance(cond, Any_):
        return Any_(tuple(bind(c, typer, parameters, closed) for c in cond.items))
    if isinstance(cond, Not):
        return Not(bind(cond.item, typer, parameters, closed))
    left = _operand(cond.subject, typer, parameters, closed)
    rights = [_operand(arg, typer, parameters, closed) for arg in cond.args]
    if cond.op == "within":
        both = (Leaf("at_least", left, rights[0], cond), Leaf("at_most", left, rights[1], cond))
        return All(both)
    leaf = Leaf(cond.op, left, rights[0], cond)
    if isinstance(left, Const) and isinstance(rights[0], Const):
        settled = verdict(cond.op, left.value, rights[0].value)
        return leaf if settled is None else Truth(settled)
    return leaf


def _operand(
    arg: Any, typer: Typer, parameters: Mapping[str, Parameter], closed: frozenset[str]
) -> Operand:
    if isinstance(arg, Const):
        return arg
    if isinstance(arg, FieldRef):
        return FieldArg(arg.name, *typer(arg.name), arg.name in closed)
    parameter = parameters[arg.name]
    if not parameter.by:
        return Const(parameter.value)
    # An overlay may look a parameter up by more fields than the rule's author knew of.
    names = arg.by if len(arg.by) == len(parameter.by) else parameter.by
    by = tuple(FieldArg(n, *typer(n), n in closed) for n in names)
    rows, default = _exact_rows(parameter, by)
    return Table(by, rows, default, parameter.type.kind, parameter.type.many, parameter.name)


def _exact_rows(
    parameter: Parameter, by: tuple[FieldArg, ...]
) -> tuple[dict[tuple[Any, ...], Any], Any]:
    table = {
        tuple(_typed_part(part, arg.type.kind) for part, arg in zip(key, by, strict=True)): value
        for key, value in parameter.table.items()
    }
    stars = ("*",) * len(by)
    domains = [arg.type.domain for arg in by]
    if any(d is None for d in domains):
        return {key: v for key, v in table.items() if key != stars}, table.get(stars)
    keys = itertools.product(*(d for d in domains if d is not None))
    found = {key: find_row(table, key) for key in keys}
    return {key: value for key, value in found.items() if value is not None}, None


def _typed_part(part: Any, kind: str) -> Any:
    """A part of a key, which a pack states as text, as the value of a field of that kind."""
    if not isinstance(part, str) or part == "*":
        return part
    if kind == "boolean":
        return part == "true"
    return int(part) if kind == "integer" and part.isdecimal() else part


def stated_row(table: Mapping[tuple[Any, ...], Any], key: tuple[Any, ...]) -> Any:
    """The row of a table as a pack states it, with text for keys, for the values of fields."""
    found = find_row(table, key)
    if found is not None:
        return found
    texts = (str(part).lower() if isinstance(part, bool) else str(part) for part in key)
    return find_row(table, tuple(texts))


def find_row(table: Mapping[tuple[Any, ...], Any], key: tuple[Any, ...]) -> Any:
    """The value of the row that fits a key with the fewest ``*``, or None."""
    if key in table:
        return table[key]
    fitting = [row for row in table if all(p in ("*", k) for p, k in zip(row, key, strict=True))]
    return table[min(fitting, key=lambda row: row.count("*"))] if fitting else None


def bound_fields(cond: Bound | None) -> list[FieldArg]:
    """Every field a bound condition reads, in order, without repetition."""
    seen: dict[str, FieldArg] = {}
    for leaf in leaves(cond):
        for operand in (leaf.left, leaf.right):
            args = operand.by if isinstance(operand, Table) else (operand,)
            for arg in args:
                if isinstance(arg, FieldArg):
                    seen.setdefault(arg.name, arg)
    return list(seen.values())


def leaves(cond: Bound | None) -> list[Leaf]:
    """The leaves of a bound condition from left to right."""
    if cond is None or isinstance(cond, Truth):
        return []
    if isinstance(cond, Leaf):
        return [cond]
    if isinstance(cond, Not):
        return leaves(cond.item)
    return [leaf for item in cond.items for leaf in leaves(item)]


def tables(cond: Bound | None) -> list[Table]:
    """The tables (parameters looked up by fields) that a bound condition uses."""
    found = []
    for leaf in leaves(cond):
        found += [o for o in (leaf.left, leaf.right) if isinstance(o, Table)]
    return found


def read_field(arg: FieldArg, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """Value of a field of the subject or of the submission."""
    value = roots.get(arg.name) if arg.root else values.get(arg.name)
    if arg.closed and (value is None or (type(value) is Unknown and value.closable)):
        return ABSENT
    return value


def read_operand(operand: Operand, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """Value of an operand; UNSET where a table has no row for the subject."""
    if isinstance(operand, Const):
        return operand.value
    if isinstance(operand, FieldArg):
        return read_field(operand, values, roots)
    return read_table(operand, values, roots)


class _Unset:
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"


#: A table was asked for a key that nobody set.
UNSET = _Unset()


def read_table(table: Table, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """The row of a table for the subject, None if a key is unknown, UNSET if there is no row."""
    key = []
    for arg in table.by:
        value = read_field(arg, values, roots)
        if value is None or type(value) in (Unknown, Bounds, Open):
            return None
        key.append(value)
    if ABSENT in key:
        return UNSET
    found = find_row(table.rows, tuple(key))
    if found is None:
        found = table.default
    return UNSET if found is None else found


def decide(leaf: Leaf, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
    """Verdict of a leaf on a subject, the plain way; an unset table makes a test false."""
    x = read_operand(leaf.left, values, roots)
    y = read_operand(leaf.right, values, roots)
    if x is ABSENT or y is ABSENT:
        return verdict(leaf.op, x, y)
    if x is UNSET or y is UNSET:
        return False
    return verdict(leaf.op, x, y)


def evaluate(cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
    """Kleene value of a bound condition; a condition left out is true."""
    if cond is None:
        return True
    if isinstance(cond, Truth):
        return cond.value
    if isinstance(cond, Leaf):
        return decide(cond, values, roots)
    if isinstance(cond, Not):
        inner = evaluate(cond.item, values, roots)
        return None if inner is None else not inner
    stop = isinstance(cond, Any_)
    result: Verdict = not stop
    for item in cond.items:
        value = evaluate(item, values, roots)
        if value is stop:
            return stop
        if value is None:
            result = None
    return result


def deciding_leaves(
    cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any], wanted: Verdict
) -> Iterator[Leaf]:
    """The leaves that make a condition true, false or unknown (``wanted``) on a subject."""
    if cond is None or isinstance(cond, Truth):
        return
    if isinstance(cond, Leaf):
        if decide(cond, values, roots) is wanted:
            yield cond
    elif isinstance(cond, Not):
        inner = None if wanted is None else not wanted
        yield from deciding_leaves(cond.item, values, roots, inner)
    else:
        for item in cond.items:
            if evaluate(item, values, roots) is wanted:
                yield from deciding_leaves(item, values, roots, wanted)


def is_unset(cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any]) -> bool:
    """Whether a table in a condition has no row for the subject's known key."""
    return any(read_table(table, values, roots) is UNSET for table in tables(cond))
