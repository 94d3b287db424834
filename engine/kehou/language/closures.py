"""Conditions as closures over a subject's values: what the direct engine runs."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kehou.language.conditions import Bound, FieldArg, Leaf, Truth, decide
from kehou.language.operators import OPERATORS, Verdict
from kehou.model.rules import Any_, Const, Not
from kehou.model.values import ABSENT, Unknown

Closure = Callable[[Mapping[str, Any], Mapping[str, Any]], Verdict]
_PLAIN = {
    "integer": int,
    "time": int,
    "money": int,
    "date": str,
    "month": str,
    "text": str,
    "enum": str,
    "boolean": bool,
    "decimal": Fraction,
}


def closure(cond: Bound | None) -> Closure:
    """A function of (subject's values, submission's values) with the meaning of ``evaluate``."""
    if cond is None:
        return lambda values, roots: True
    if isinstance(cond, Truth):
        constant = cond.value
        return lambda values, roots: constant
    if isinstance(cond, Leaf):
        return _leaf_closure(cond)
    if isinstance(cond, Not):
        return _not_closure(closure(cond.item))
    parts = [closure(item) for item in cond.items]
    if len(parts) == 1:
        return parts[0]
    return _fold_closure(parts, isinstance(cond, Any_))


def _not_closure(inner: Closure) -> Closure:
    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = inner(values, roots)
        return None if value is None else not value

    return test


def _fold_closure(parts: Sequence[Closure], stop: bool) -> Closure:
    if len(parts) == 2:
        return _pair_closure(parts[0], parts[1], stop)

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        result: Verdict = not stop
        for part in parts:
            value = part(values, roots)
            if value is stop:
                return stop
            if value is None:
                result = None
        return result

    return test


def _pair_closure(first: Closure, second: Closure, stop: bool) -> Closure:
    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        one = first(values, roots)
        if one is stop:
            return stop
        other = second(values, roots)
        if other is stop:
            return stop
        return None if one is None or other is None else not stop

    return test


#: What operators mean of two plain values, without a look for bounds.
_EXACT: Mapping[str, Callable[[Any, Any], Verdict]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_most": operator.le,
    "at_least": operator.ge,
    "less_than": operator.lt,
    "more_than": operator.gt,
    "in": lambda x, y: x in y,
    "not_in": lambda x, y: x not in y,
}


def _leaf_closure(leaf: Leaf) -> Closure:
    """A leaf as a closure: quick on plain values and on what is not supplied, else `decide`."""
    left, right, op = leaf.left, leaf.right, leaf.op
    if isinstance(left, FieldArg) and isinstance(right, Const) and right.value is not None:
        return _exists_closure(leaf, left) if op == "exists" else _constant_closure(leaf, left)
    if isinstance(left, FieldArg) and isinstance(right, FieldArg) and op in _EXACT:
        return _fields_closure(leaf, left, right)
    return lambda values, roots: decide(leaf, values, roots)


def _plain_type(arg: FieldArg) -> type:
    return tuple if arg.type.many else _PLAIN[arg.type.kind]


def _exists_closure(leaf: Leaf, left: FieldArg) -> Closure:
    name, root, closed = left.name, left.root, left.closed
    assert isinstance(leaf.right, Const)
    wanted = bool(leaf.right.value)

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = roots.get(name) if root else values.get(name)
        if value is ABSENT:
            return not wanted
        if value is not None and type(value) is not Unknown:
            return wanted
        return decide(leaf, values, roots) if closed else None

    return test


def _constant_closure(leaf: Leaf, left: FieldArg) -> Closure:
    assert isinstance(leaf.right, Const)
    name, root, closed, plain = left.name, left.root, left.closed, _plain_type(left)
    constant = leaf.right.value
    if leaf.op in ("in", "not_in"):
        constant = frozenset(constant)
    exact = _EXACT.get(leaf.op) or OPERATORS[leaf.op].scalar

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = roots.get(name) if root else values.get(name)
        kind = type(value)
        if kind is plain:
            return exact(value, constant)
        if not closed and (value is None or kind is Unknown):
            return None
        return decide(leaf, values, roots)

    return test


def _fields_closure(leaf: Leaf, left: FieldArg, right: FieldArg) -> Closure:
    exact, plain, other = _EXACT[leaf.op], _plain_type(left), _plain_type(right)
    name, root, named, rooted = left.name, left.root, right.name, right.root

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        x = roots.get(name) if root else values.get(name)
        y = roots.get(named) if rooted else values.get(named)
        if type(x) is plain and type(y) is other:
            return exact(x, y)
        return decide(leaf, values, roots)

    return test
