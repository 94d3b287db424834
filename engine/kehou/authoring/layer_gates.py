"""Quality gates on a layer, in itself and against what lies below: orders nobody can follow both.

What can be seen without a solver: two rules of the same rows that cannot both be met, and a limit
that is looser than the one below, which goes on. `kehou lint --prove` sees the rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from kehou.authoring.condition_gates import (
    contradict,
    in_one_time,
    same_condition,
    say_the_same,
    settings_of,
)
from kehou.authoring.neighbours import written_as
from kehou.language import ROOT
from kehou.language.condition_parts import references
from kehou.model.rules import Const, FieldRef, Param, Rule, Test
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites
from kehou.packs.uses import behind_rule

_LIMITS: Final = ("at_most", "at_least")


def against_below(whole: Pack, sites: Sites) -> Iterator[Found]:
    """What a layer's rules and values say against the rules that stay in force below it."""
    own = set(whole.topmost().rules)
    set_here = {
        name
        for name, one in whole.parameters.items()
        if any(value.layer == whole.layers[-1].id for value in one.values)
    }
    rules = {name: rule for name, rule in whole.rules.items() if rule.require is not None}
    touched = [
        rule
        for name, rule in rules.items()
        if name in own or set_here & set(behind_rule(whole, rule).parameters)
    ]
    for mine in touched:
        for theirs in rules.values():
            if theirs.id in own or (theirs in touched and theirs.id <= mine.id):
                continue
            yield from _pair(whole, sites, mine, theirs, mine.id in own)


def within(whole: Pack, sites: Sites) -> Iterator[Found]:
    """What rules of the layer itself say against one another, or say twice."""
    own = set(whole.topmost().rules)
    rules = [rule for name, rule in whole.rules.items() if name in own]
    for a, b in itertools.combinations(rules, 2):
        if not _share(a, b) or not in_one_time(a, b):
            continue
        alike = _of_the_same(whole, a, b)
        if alike is None:
            continue
        if say_the_same(*alike):
            yield (
                sites.of(b, "id"),
                f"与规则 {a.id} 重复：对象、条件和阶段相同",
                f"请合并为一条，clauses 同时写上两处的条款；另一条见 {a.file}",
            )
        elif contradict(whole, *alike):
            yield (
                sites.of(b, "require"),
                f"与规则 {a.id} 的 require 不能同时成立，上下限互相矛盾",
                f"请核对两条规则的界限；另一条见 {sites.of(a, 'require')}",
            )


def _pair(whole: Pack, sites: Sites, mine: Rule, theirs: Rule, own: bool) -> Iterator[Found]:
    if not _share(mine, theirs) or not in_one_time(mine, theirs):
        return
    alike = _of_the_same(whole, mine, theirs)
    if alike is None:
        return
    place = sites.of(mine, "require") if own else sites.at("pack.yaml", "parameters")
    told = f"{theirs.id}（{theirs.title}）"
    if contradict(whole, *alike):
        yield (
            place,
            f"规则 {mine.id} 和下层规则 {told}的要求不能同时做到，上下限互相矛盾",
            f"请核对数值；以这一层为准的，在 off 里停用 {theirs.id}，写明有权停用的文件",
        )
    elif own and (values := _looser(whole, *alike)):
        yield (
            place,
            f"比下层规则 {told}宽：下层是 {values[1]}，这里是 {values[0]}；下层的照旧适用",
            f"请删去这条规则；有权放宽的，改下层的参数并写 authority，或在 off 里停用 {theirs.id}",
        )


def _share(a: Rule, b: Rule) -> bool:
    """Whether two rules require something of a field of one name."""
    one, other = (
        {r.name for r in references(rule.require) if isinstance(r, FieldRef)} for rule in (a, b)
    )
    return bool(one & other)


def _of_the_same(pack: Pack, a: Rule, b: Rule) -> tuple[Rule, Rule] | None:
    """Two rules as rules of the same rows; None where neither can be said of the other's.

    A rule of rows can be said of what is made of them one by one, where that has the same fields.
    """
    if a.each == b.each:
        return a, b
    if _fits(pack, a, b.each):
        return replace(a, each=b.each), b
    if _fits(pack, b, a.each):
        return a, replace(b, each=a.each)
    return None


def _fits(pack: Pack, rule: Rule, each: str) -> bool:
    """Whether every field that a rule reads is the same field of the rows of another entity."""
    if ROOT in (rule.each, each):
        return False
    mine, theirs = pack.vocabulary.own_fields(rule.each), pack.vocabulary.own_fields(each)
    conditions = (rule.when, rule.require, *(review.when for review in rule.review))
    names = {r.name for c in conditions for r in references(c) if isinstance(r, FieldRef)}
    return all(
        pack.is_root(name) or (name in mine and name in theirs and mine[name] == theirs[name])
        for name in names
    )


def _looser(pack: Pack, a: Rule, b: Rule) -> tuple[str, str] | None:
    """The limits of two rules of the same condition, where the first is the looser at all times."""
    one, other = a.require, b.require
    if not isinstance(one, Test) or not isinstance(other, Test) or one.op not in _LIMITS:
        return None
    if (one.subject, one.op) != (other.subject, other.op) or not same_condition(a.when, b.when):
        return None
    found = []
    for parameters in settings_of(pack, a):
        values = [_value(test.args[0], parameters) for test in (one, other)]
        found += [values] if None not in values else []
    wider = all(x > y if one.op == "at_most" else x < y for x, y in found)
    if not found or not wider or not isinstance(one.subject, FieldRef):
        return None
    kind = pack.type_of(a.each, one.subject.name)[0].kind
    mine, theirs = (written_as(value, kind) for value in found[-1])
    return mine, theirs


def _value(arg: Any, parameters: Any) -> Any:
    if isinstance(arg, Const):
        return arg.value
    return parameters[arg.name].value if isinstance(arg, Param) and not arg.by else None


__all__ = ["against_below", "within"]
