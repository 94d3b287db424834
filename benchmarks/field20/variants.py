"""Ten times as many rules: each as it is, and nine times with another constant where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kehou.judging import BoundRule
from kehou.language import Bound, Leaf
from kehou.model.rules import Const, Not


def many(rules: Sequence[BoundRule], times: int) -> list[BoundRule]:
    """The rules and their variants."""
    return [_variant(rule, k) for k in range(times) for rule in rules]


def _variant(rule: BoundRule, k: int) -> BoundRule:
    if not k:
        return rule
    named = replace(rule.rule, id=f"{rule.rule.id}-{k}")
    return replace(rule, rule=named, require=_changed(rule.require, k))


def _changed(cond: Bound | None, k: int) -> Any:
    if isinstance(cond, Not):
        return Not(_changed(cond.item, k))
    if isinstance(cond, Leaf) and isinstance(cond.right, Const):
        return replace(cond, right=Const(_constant(cond.op, cond.right.value, k)))
    return cond


def _constant(op: str, value: Any, k: int) -> Any:
    """A minute later, a minute less, another word in a list, a word less in what is asked."""
    if op == "contains_all":
        return value[: len(value) - k % 3]
    if op in ("in", "not_in"):
        return (*value, f"x{k}")
    if type(value) is int:
        return value + k if op == "at_most" else value - k
    return value
