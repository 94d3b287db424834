"""Sets of conjunctions of positive literals, and how they are joined (docs/language.md §3.1).

A literal is ("has"|"absent"|"unknown"|"clean"|"dirty", field), ("eq"|"ne"|"lt"|"le"|"gt"|"ge",
attribute, constant), ("field", comparison, attribute, attribute), ("pre", leaf, verdict 0|1|2) or
("pre", table, 1) where a table too large for the network has no row for the subject's key.
An attribute is (field, part): part "" is the value, "lo" and "hi" the ends of an interval,
"lo-", "lo+", "hi-", "hi+" those ends in millionths rounded down (-) or up (+).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kehou.language.conditions import Table

#: No rule that fits the network comes near so many pairs of conjunctions at once.
MOST_PAIRS = 4_000

Literal = tuple[Any, ...]
Conjunction = frozenset[Literal]
Dnf = tuple[Conjunction, ...]
Triple = tuple[Dnf, Dnf, Dnf]

FALSE: Dnf = ()
TRUE: Dnf = (frozenset(),)
#: The states of a field as bits: it has a value, is absent, is unknown and clean, or dirty.
_STATES = {"has": 8, "absent": 4, "clean": 2, "dirty": 1, "unknown": 3}
_HAS, _ANY_STATE = _STATES["has"], 15


class TooLarge(ValueError):
    """A condition whose normal form would take too long to work out."""


def one(*literals: Literal) -> Conjunction:
    """A conjunction of some literals."""
    return frozenset(literals)


def consistent(conjunction: Conjunction) -> bool:
    """Whether a conjunction can hold at all, judged by states, equalities and limits."""
    if len(conjunction) < 2:
        return True
    states: dict[str, int] = {}
    limits: dict[Any, list[tuple[str, Any]]] = {}
    verdicts: dict[Any, Any] = {}
    for literal in conjunction:
        kind = literal[0]
        if kind in _STATES:
            states[literal[1]] = states.get(literal[1], _ANY_STATE) & _STATES[kind]
        elif kind == "pre":
            if verdicts.setdefault(literal[1], literal[2]) != literal[2]:
                return False
        elif kind == "field":
            for name, _ in literal[2:]:
                states[name] = states.get(name, _ANY_STATE) & _HAS
        else:
            name = literal[1][0]
            states[name] = states.get(name, _ANY_STATE) & _HAS
            limits.setdefault(literal[1], []).append((kind, literal[2]))
    return 0 not in states.values() and all(
        len(found) == 1 or _satisfiable(found) for found in limits.values()
    )


def _satisfiable(limits: list[tuple[str, Any]]) -> bool:
    equal = {value for kind, value in limits if kind == "eq"}
    if len(equal) > 1:
        return False
    if equal:
        (value,) = equal
        return all(_holds(kind, value, limit) for kind, limit in limits)
    low = max((v for k, v in limits if k in ("ge", "gt")), default=None)
    high = min((v for k, v in limits if k in ("le", "lt")), default=None)
    if low is None or high is None:
        return True
    strict = ("gt", low) in limits or ("lt", high) in limits
    return bool(low < high or (low == high and not strict))


def _holds(kind: str, value: Any, limit: Any) -> bool:
    if kind == "eq":
        return bool(value == limit)
    if kind == "ne":
        return bool(value != limit)
    if kind in ("le", "lt"):
        return bool(value < limit or (kind == "le" and value == limit))
    return bool(value > limit or (kind == "ge" and value == limit))


@lru_cache(maxsize=4096)
def order(literal: Literal) -> str:
    """What literals are sorted by, so that a ruleset is the same in every process."""
    if literal[0] == "pre":
        leaf = literal[1]
        if isinstance(leaf, Table):
            return f"pre table {leaf.by} {literal[2]}"
        return f"pre {leaf.op} {leaf.left} {leaf.right} {literal[2]}"
    return repr(literal)


def tidy(conjunctions: set[Conjunction]) -> Dnf:
    """Drop supersets; the shorter conjunctions come first, otherwise in no order (`in_order`)."""
    if len({len(conjunction) for conjunction in conjunctions}) < 2:
        return tuple(conjunctions)
    kept: list[Conjunction] = []
    shorter = 0
    for conjunction in sorted(conjunctions, key=len):
        if kept and len(kept[-1]) < len(conjunction):
            shorter = len(kept)
        if not any(other < conjunction for other in kept[:shorter]):
            kept.append(conjunction)
    return tuple(kept)


def in_order(dnf: Dnf) -> Dnf:
    """The same conjunctions in an order that does not change from process to process."""
    return tuple(sorted(dnf, key=lambda found: (len(found), sorted(map(order, found)))))


def conjoin(a: Dnf, b: Dnf) -> Dnf:
    """All pairs of conjunctions of two DNFs; raises TooLarge where there are too many."""
    if a == TRUE or not b:
        return b
    if b == TRUE or not a:
        return a
    if len(a) * len(b) > MOST_PAIRS:
        raise TooLarge(f"{len(a)} × {len(b)}")
    joined = {x | y for x in a for y in b}
    return tidy({conjunction for conjunction in joined if consistent(conjunction)})


def disjoin(*dnfs: Dnf) -> Dnf:
    """Union of DNFs."""
    filled = [dnf for dnf in dnfs if dnf]
    if len(filled) < 2:
        return filled[0] if filled else FALSE
    return tidy({c for dnf in dnfs for c in dnf})
