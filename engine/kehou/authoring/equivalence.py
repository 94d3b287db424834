"""Whether two bound rules provably come to the same outcome on every subject."""

from __future__ import annotations

from typing import Any

from kehou.judging import BoundRule
from kehou.language.dnf import Dnf, Literal, TooLarge, conjoin
from kehou.language.truth_sets import sides


def same_outcomes(a: BoundRule, b: BoundRule) -> bool:
    """Whether the four normal forms that decide an outcome (docs/language.md §3) are the same.

    False where they differ only in the way they are written, or are too large to work out.
    """
    if a.unset or b.unset:
        return False
    try:
        return _forms(a) == _forms(b)
    except TooLarge:
        return False


def _forms(bound: BoundRule) -> list[set[frozenset[str]]]:
    """Where a rule is not applicable, fails, is to be looked at, and holds."""
    applies, not_applicable = sides(bound.when)
    met, broken = sides(bound.require)
    looks: list[Dnf] = []
    for review in bound.reviews:
        look, settled = sides(review.when)
        looks.append(look)
        met = conjoin(met, settled)
    forms = [not_applicable, conjoin(applies, broken), tuple(c for d in looks for c in d), met]
    return [{frozenset(map(plainly, conjunction)) for conjunction in form} for form in forms]


def plainly(literal: Literal) -> str:
    """A literal by what it says: a leaf that is bound twice is not the same object."""
    if literal[0] != "pre":
        return repr(literal)
    leaf = literal[1]
    return repr(("pre", getattr(leaf, "op", ""), _operands(leaf), literal[2]))


def _operands(leaf: Any) -> str:
    return repr((leaf.left, leaf.right)) if hasattr(leaf, "left") else repr(leaf)
