"""Where one test is true, false and unknown, as the network says it (docs/language.md §3.2)."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

from kehou.language.conditions import FieldArg, Leaf, Operand, Table
from kehou.language.dnf import FALSE, TRUE, Conjunction, Dnf, Literal, Triple, conjoin, disjoin, one
from kehou.language.operators import OPERATORS
from kehou.model.rules import Const

#: Decimal fields reach the network as integers of millionths, rounded down and up.
SCALE = 1_000_000
#: ``in`` and ``not_in`` of more values than this are precomputed (docs/language.md §3).
MOST_NATIVE_MEMBERS = 12
#: A parameter by fields is precomputed where the fields can have more combinations than this.
MOST_NATIVE_KEYS = 12
_INVERSE = {"eq": "ne", "ne": "eq", "le": "gt", "gt": "le", "lt": "ge", "ge": "lt"}


def is_native(leaf: Leaf) -> bool:
    """Whether the network itself can say a leaf; the rest is one precomputed attribute.

    Precomputed are sets, ``mentions``, ``matches``, ``in`` over a dozen values or of a field,
    a parameter as the tested thing, lists looked up by fields, tables of more than a dozen
    keys, a parameter nobody set, and decimals other than ordered against a constant of at most
    six places.
    """
    if not isinstance(leaf.left, FieldArg) or (leaf.left.type.many and leaf.op != "exists"):
        return False
    if leaf.op == "exists":
        return True
    compare = OPERATORS[leaf.op].compare
    if compare is None or (isinstance(leaf.right, Const) and leaf.right.value is None):
        return False
    if compare in ("in", "not_in"):
        return (
            isinstance(leaf.right, Const)
            and len(leaf.right.value) <= MOST_NATIVE_MEMBERS
            and leaf.left.type.kind != "decimal"
            and not leaf.left.type.interval
        )
    if isinstance(leaf.right, Table) and (leaf.right.many or not is_native_table(leaf.right)):
        return False
    kinds = (
        {leaf.left.type.kind, leaf.right.type.kind}
        if isinstance(leaf.right, FieldArg)
        else {leaf.left.type.kind}
    )
    if "decimal" in kinds:
        constants = _constants(leaf.right)
        return (
            compare not in ("eq", "ne")
            and not isinstance(leaf.right, FieldArg)
            and all((Fraction(c) * SCALE).denominator == 1 for c in constants)
        )
    return True


def is_native_table(table: Table) -> bool:
    """Whether the network can say which row of a table a subject has."""
    if any(arg.type.many or arg.type.interval or arg.type.kind == "decimal" for arg in table.by):
        return False
    if any("*" in key for key in table.rows):
        return False
    domains = [arg.type.domain for arg in table.by]
    if any(domain is None for domain in domains):
        # Not to be in any row is a choice of one differing field for each row.
        choices: int = len(table.by) ** len(table.rows)
        return max(len(table.rows), choices) <= MOST_NATIVE_KEYS
    keys = math.prod(len(domain) for domain in domains if domain is not None)
    return keys <= MOST_NATIVE_KEYS


def _constants(operand: Operand) -> list[Any]:
    if isinstance(operand, Const):
        return [operand.value]
    if isinstance(operand, Table):
        extra = [] if operand.default is None else [operand.default]
        return [*operand.rows.values(), *extra]
    return []


def _states(arg: FieldArg) -> tuple[Dnf, Dnf, Dnf]:
    """(has a value, reads as absent, unknown) of a field as this rule reads it."""
    has = (one(("has", arg.name)),)
    absent: Dnf = (one(("absent", arg.name)),)
    if arg.closed:
        return has, (*absent, one(("clean", arg.name))), (one(("dirty", arg.name)),)
    return has, absent, (one(("unknown", arg.name)),)


def leaf_triple(leaf: Leaf) -> Triple:
    """Where a test is true, false and unknown."""
    if not is_native(leaf):
        return (one(("pre", leaf, 1)),), (one(("pre", leaf, 0)),), (one(("pre", leaf, 2)),)
    left = leaf.left
    assert isinstance(left, FieldArg)
    has, absent, unknown = _states(left)
    if leaf.op == "exists":
        assert isinstance(leaf.right, Const)
        return (has, absent, unknown) if leaf.right.value else (absent, has, unknown)
    operator = OPERATORS[leaf.op]
    true, false, open_ = _values_triple(leaf, left)
    if isinstance(leaf.right, FieldArg):
        _, right_absent, right_unknown = _states(leaf.right)
        right_has = _states(leaf.right)[0]
        absent = disjoin(absent, right_absent)
        unknown = disjoin(
            conjoin(unknown, disjoin(right_has, right_unknown)), conjoin(has, right_unknown)
        )
    elif isinstance(leaf.right, Table):
        known, unset, open_key = table_keys(leaf.right)
        # An absent subject decides even where the key is unknown; an unset key makes a test false.
        unset_false = conjoin(unset, disjoin(has, unknown))
        false = disjoin(false, unset_false)
        unknown = disjoin(conjoin(unknown, disjoin(known, open_key)), conjoin(has, open_key))
    if operator.when_absent:
        true = disjoin(true, absent)
    else:
        false = disjoin(false, absent)
    return true, false, disjoin(open_, unknown)


def table_keys(table: Table) -> Triple:
    """(a row exists, no row, key unknown) for a table."""
    rows = tuple(_key(table, key) for key in table.rows)
    has_all: Dnf = TRUE
    some_absent: Dnf = FALSE
    open_key: Dnf = FALSE
    for arg in table.by:
        has, absent, unknown = _states(arg)
        open_key = disjoin(open_key, unknown)
        some_absent = disjoin(some_absent, absent)
        has_all = conjoin(has_all, has)
    others = conjoin(has_all, _not_in_rows(table))
    not_open: Dnf = TRUE
    for arg in table.by:
        has, absent, _ = _states(arg)
        not_open = conjoin(not_open, disjoin(has, absent))
    some_absent = conjoin(some_absent, not_open)
    if table.default is not None:
        return disjoin(rows, others), some_absent, open_key
    return rows, disjoin(some_absent, others), open_key


def _key(table: Table, key: tuple[Any, ...]) -> Conjunction:
    pairs = zip(table.by, key, strict=True)
    return frozenset(("eq", (arg.name, ""), value) for arg, value in pairs)


def _not_in_rows(table: Table) -> Dnf:
    domains = [arg.type.domain for arg in table.by]
    if all(domain is not None for domain in domains):
        keys = itertools.product(*(d for d in domains if d is not None))
        return tuple(_key(table, key) for key in keys if key not in table.rows)
    result: Dnf = TRUE
    for key in table.rows:
        pairs = list(zip(table.by, key, strict=True))
        result = conjoin(result, tuple(one(("ne", (a.name, ""), v)) for a, v in pairs))
    return result


def _values_triple(leaf: Leaf, left: FieldArg) -> Triple:
    """Where both operands have values: true, false, and open (an interval straddles the limit)."""
    compare = OPERATORS[leaf.op].compare
    assert compare is not None
    right = leaf.right
    if compare in ("in", "not_in"):
        assert isinstance(right, Const)
        attribute = (left.name, "")
        inside = tuple(one(("eq", attribute, v)) for v in dict.fromkeys(right.value))
        differ = {("ne", attribute, v) for v in right.value}
        outside: Dnf = (frozenset({("has", left.name), *differ}),)
        return (inside, outside, FALSE) if compare == "in" else (outside, inside, FALSE)
    if isinstance(right, FieldArg):
        return _field_triple(compare, left, right)
    if isinstance(right, Const):
        return _constant_triple(compare, left, right.value)
    result: list[Dnf] = [FALSE, FALSE, FALSE]
    for key, value in right.rows.items():
        parts = _constant_triple(compare, left, value)
        result = [
            disjoin(r, conjoin(p, (_key(right, key),))) for r, p in zip(result, parts, strict=True)
        ]
    if right.default is not None:
        others = conjoin(_not_in_rows(right), (frozenset(("has", a.name) for a in right.by),))
        parts = _constant_triple(compare, left, right.default)
        result = [disjoin(r, conjoin(p, others)) for r, p in zip(result, parts, strict=True)]
    return result[0], result[1], result[2]


def _ends_of(arg: FieldArg) -> tuple[tuple[str, str], ...]:
    """Attributes (lo for ≥ <, lo for ≤ >, hi for ≥ <, hi for ≤ >) of a field."""
    if arg.type.kind == "decimal":
        return tuple((arg.name, part) for part in ("lo-", "lo+", "hi-", "hi+"))
    if arg.type.interval:
        return tuple((arg.name, part) for part in ("lo", "lo", "hi", "hi"))
    return ((arg.name, ""),) * 4


def _constant_triple(compare: str, left: FieldArg, value: Any) -> Triple:
    if left.type.kind == "decimal":
        value = int(Fraction(value) * SCALE)
    low_down, low_up, high_down, high_up = _ends_of(left)
    if compare in ("eq", "ne"):
        if not left.type.interval:
            same: Dnf = (one(("eq", low_up, value)),)
            other: Dnf = (one(("ne", low_up, value)),)
            return (same, other, FALSE) if compare == "eq" else (other, same, FALSE)
        same = (one(("eq", low_up, value), ("eq", high_up, value)),)
        other = (one(("lt", high_up, value)), one(("gt", low_up, value)))
        straddle: Dnf = (
            one(("lt", low_up, value), ("ge", high_up, value)),
            one(("eq", low_up, value), ("gt", high_up, value)),
        )
        return (same, other, straddle) if compare == "eq" else (other, same, straddle)
    # True when the end that is nearest to breaking still holds, false when the other end breaks.
    near, far = {
        "le": (high_up, low_up),
        "lt": (high_down, low_down),
        "ge": (low_down, high_down),
        "gt": (low_up, high_up),
    }[compare]
    inverse = _INVERSE[compare]
    straddle = FALSE if near == far else (one((inverse, near, value), (compare, far, value)),)
    return (one((compare, near, value)),), (one((inverse, far, value)),), straddle


def _field_triple(compare: str, left: FieldArg, right: FieldArg) -> Triple:
    guard = {("has", left.name), ("has", right.name)}
    _, low, _, high = _ends_of(left)
    _, right_low, _, right_high = _ends_of(right)

    def test(comparison: str, a: tuple[str, str], b: tuple[str, str]) -> Literal:
        return ("field", comparison, a, b)

    interval = left.type.interval or right.type.interval
    if compare in ("eq", "ne"):
        if not interval:
            same: Dnf = (frozenset({*guard, test("eq", low, right_low)}),)
            other: Dnf = (frozenset({*guard, test("ne", low, right_low)}),)
            return (same, other, FALSE) if compare == "eq" else (other, same, FALSE)
        exact = {test("eq", low, right_high), test("eq", high, right_low)}
        same = (frozenset(guard | exact),)
        other = (
            frozenset({*guard, test("lt", high, right_low)}),
            frozenset({*guard, test("gt", low, right_high)}),
        )
        # The ranges meet, but are not one and the same point.
        meet = {*guard, test("ge", high, right_low), test("le", low, right_high)}
        straddle: Dnf = (
            frozenset({*meet, test("ne", low, right_high)}),
            frozenset({*meet, test("ne", high, right_low)}),
        )
        return (same, other, straddle) if compare == "eq" else (other, same, straddle)
    if compare in ("le", "lt"):
        near, far = (high, right_low), (low, right_high)
    else:
        near, far = (low, right_high), (high, right_low)
    inverse = _INVERSE[compare]
    true: Dnf = (frozenset({*guard, test(compare, *near)}),)
    false: Dnf = (frozenset({*guard, test(inverse, *far)}),)
    straddle = (
        FALSE if not interval else (frozenset({*guard, test(inverse, *near), test(compare, *far)}),)
    )
    return true, false, straddle
