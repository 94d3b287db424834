"""A hard limit of a clause that only becomes a value: what the rules that read it make of it.

不得超过30人 as the value of a parameter that one rule puts to people fails nobody: that is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kehou.authoring.columns import Columns
from kehou.errors import UsageError
from kehou.language.condition_parts import tests
from kehou.model.outcomes import Severity
from kehou.model.rules import FieldRef, Param, Rule
from kehou.packs import Pack, ParameterDef
from kehou.packs.uses import behind_rule

_BINDING: Final = ("PROHIBIT", "MUST", "LIMIT")
_STRICT: Final = (Severity.CRITICAL, Severity.MAJOR)
_MOST_NAMED: Final = 3


def milder(pack: Pack, definition: ParameterDef, modality: str) -> str:
    """How the rules that read a parameter fall short of a clause that binds; "" where they do not.

    A rule that fails nobody for the value only asks; one of little weight is told with it.
    """
    if modality not in _BINDING:
        return ""
    name = definition.name
    readers = [r for r in pack.rules.values() if name in behind_rule(pack, r).parameters]
    hard = [r for r in readers if r.require is not None and _fails_by(pack, r, name)]
    if not readers or any(rule.severity in _STRICT for rule in hard):
        return ""
    named = "、".join(rule.id for rule in (hard or readers)[:_MOST_NAMED])
    return f"不符合只算一般：{named}" if hard else f"只会提请核查，不会判不符合：{named}"


def fallen_short(
    pack: Pack, definition: ParameterDef, modality: str, value: str
) -> tuple[str, str]:
    """What ``milder`` tells of a value, and how a rule is written that fails for it."""
    told = milder(pack, definition, modality)
    return told, _harder(pack, definition, value) if told else ""


def _harder(pack: Pack, definition: ParameterDef, value: str) -> str:
    """How a rule that fails for a limit is written: a line of the sheet, else of a rule file."""
    way = "不超过" if definition.tighter == "lower" else "不少于"
    op = "at_most" if definition.tighter == "lower" else "at_least"
    named = Columns(pack)
    told = ""
    for rule in pack.rules.values():
        for field in _held(rule, definition.name):
            called = field if pack.is_root(field) else f"{rule.each}.{field}"
            try:
                named.subject(called)
            except UsageError:
                each = "" if pack.is_root(field) else f"each: {rule.each}，"
                there = f"{{field: {field}, {op}: {{param: {definition.name}}}}}"
                told = told or f"照 docs/rules.md 的四步另写一条规则，{each}require: {there}"
            else:
                return f"删去“数值”，写 要求: {called} {way} {value}{definition.unit or ''}"
    return told or "删去“数值”，写 要求: 栏目 怎样 多少"


def _fails_by(pack: Pack, rule: Rule, name: str) -> bool:
    """Whether more than the reviews of a rule rest on a parameter."""
    return name in behind_rule(pack, replace(rule, review=())).parameters


def _held(rule: Rule, name: str) -> Iterator[str]:
    """The fields that a rule holds against a parameter."""
    for cond in (rule.require, *(review.when for review in rule.review)):
        for test in tests(cond):
            against = any(isinstance(arg, Param) and arg.name == name for arg in test.args)
            if against and isinstance(test.subject, FieldRef):
                yield test.subject.name


__all__ = ["fallen_short", "milder"]
