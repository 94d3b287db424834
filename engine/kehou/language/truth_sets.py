"""Network form of conditions: where each is true, false and unknown, as sets of conjunctions.

All literals are positive: the network needs neither negation nor null (docs/language.md §3.1).
"""

from __future__ import annotations

from kehou.language.conditions import Bound, Leaf, Truth, tables
from kehou.language.dnf import FALSE, TRUE, Dnf, Triple, conjoin, disjoin, one
from kehou.language.leaf_sets import is_native_table, leaf_triple, table_keys
from kehou.model.rules import Any_, Not


def triple(cond: Bound | None) -> Triple:
    """Where a bound condition is true, false and unknown, each as a DNF of positive literals."""
    if cond is None:
        return TRUE, FALSE, FALSE
    if isinstance(cond, Truth):
        return (TRUE, FALSE, FALSE) if cond.value else (FALSE, TRUE, FALSE)
    if isinstance(cond, Leaf):
        return leaf_triple(cond)
    if isinstance(cond, Not):
        true, false, unknown = triple(cond.item)
        return false, true, unknown
    parts = [triple(item) for item in cond.items]
    if isinstance(cond, Any_):
        parts = [(false, true, unknown) for true, false, unknown in parts]
    result = parts[0]
    for part in parts[1:]:
        result = _and(result, part)
    true, false, unknown = result
    return (false, true, unknown) if isinstance(cond, Any_) else result


def sides(cond: Bound | None) -> tuple[Dnf, Dnf]:
    """Where a bound condition is true and where it is false, without `triple`'s unknown.

    The unknown side of n tests has up to 2^n - 1 conjunctions, and no outcome needs it.
    """
    if cond is None:
        return TRUE, FALSE
    if isinstance(cond, (Truth, Leaf)):
        return triple(cond)[:2]
    if isinstance(cond, Not):
        true, false = sides(cond.item)
        return false, true
    parts = [sides(item) for item in cond.items]
    if isinstance(cond, Any_):
        parts = [(false, true) for true, false in parts]
    result = parts[0]
    for part in parts[1:]:
        result = conjoin(result[0], part[0]), disjoin(result[1], part[1])
    return (result[1], result[0]) if isinstance(cond, Any_) else result


def _and(a: Triple, b: Triple) -> Triple:
    return (
        conjoin(a[0], b[0]),
        disjoin(a[1], b[1]),
        disjoin(conjoin(a[2], b[0]), conjoin(a[0], b[2]), conjoin(a[2], b[2])),
    )


def unset_dnf(cond: Bound | None) -> Dnf:
    """Where a table in a condition has no row for the subject's known key."""
    return disjoin(
        *(
            table_keys(table)[1] if is_native_table(table) else (one(("pre", table, 1)),)
            for table in tables(cond)
        )
    )
