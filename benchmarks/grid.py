"""Cost by rules and facts: field20's twenty rules in variants, on plans of many sizes.

Every variant has other constants, as if ten counties had each set their own, so that nothing is
shared between them. What is measured is judging alone: rules compiled, facts built, no child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from benchmarks.field20.compare import OPTIONS, load_pack
from benchmarks.field20.generate import SIZES, make, text
from benchmarks.stages import in_child
from benchmarks.timing import rounds, shown
from kehou.checking import check_values
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.model.rules import All, Any_, Const, Not
from kehou.packs import Pack
from kehou.submission.submission import load_text

RULES = (20, 80, 200)
FACTS = (30, 100, 300, 1000)


def report(full: bool) -> Iterator[str]:
    """A line for each number of rules and facts."""
    pack = load_pack()
    yield "  rules  facts   pairs     direct   a pair       rete   a pair   compiled  rete:direct"
    for count in RULES if full else RULES[:2]:
        for facts in FACTS if full else FACTS[:2]:
            yield _line(pack, count, facts)


def _line(pack: Pack, count: int, facts: int) -> str:
    rules = variants(pack, count)
    base = facts_of(pack, rules, facts)
    roots = base.root.values
    pairs = sum(len(base.entities[rule.rule.each]) for rule in rules)
    judges = [direct.judge(rule) for rule in rules]

    def judge() -> list[list[Any]]:
        return [
            [one(fact.values, roots) for fact in base.entities[rule.rule.each]]
            for rule, one in zip(rules, judges, strict=True)
        ]

    mine = rounds({"direct": judge}, 7)["direct"]
    theirs = in_child(rules, base)
    judged = theirs["rete: judged"]
    found = sum(len(base.entities[name]) for name in {rule.rule.each for rule in rules})
    return (
        f"  {count:5}  {found:5}  {pairs:6}  {shown(mine):>9}  {shown(mine / pairs):>7}"
        f"  {shown(judged):>9}  {shown(judged / pairs):>7}  {shown(theirs['rete: compiled']):>9}"
        f"  {judged / mine:11.1f}"
    )


def variants(pack: Pack, count: int) -> list[BoundRule]:
    """So many rules bound: each of the twenty, then again with every constant moved."""
    moved = {}
    for number in range(-(-count // len(pack.rules))):
        for rule in pack.rules.values():
            name = f"{rule.id}-v{number}"
            moved[name] = replace(rule, id=name, require=_moved(rule.require, number))
    many = replace(pack, rules=dict(list(moved.items())[:count]))
    bound, _ = bind_rules(many, OPTIONS.stage, OPTIONS.as_of or "", frozenset())
    return bound


def _moved(cond: Any, by: int) -> Any:
    """A condition with its constants moved: numbers raised, lists lengthened."""
    if isinstance(cond, Not):
        return Not(_moved(cond.item, by))
    if isinstance(cond, (All, Any_)):
        return type(cond)(tuple(_moved(item, by) for item in cond.items))
    return None if cond is None else replace(cond, args=tuple(_other(arg, by) for arg in cond.args))


def _other(arg: Any, by: int) -> Any:
    if not isinstance(arg, Const) or isinstance(arg.value, bool) or not by:
        return arg
    if isinstance(arg.value, int):
        return Const(arg.value - by)
    return Const((*arg.value, f"x{by}")) if isinstance(arg.value, tuple) else arg


def facts_of(pack: Pack, rules: list[BoundRule], count: int) -> FactBase:
    """The facts of a plan with about ``count`` rows, in the proportions of a usual one."""
    usual = sum(SIZES.values())
    sizes = {name: max(1, round(size * (count - 1) / usual)) for name, size in SIZES.items()}
    read = load_text(text(make(7, 1, sizes)), pack.schema, "plan.json")
    base = FactBase(
        pack,
        read.tree,
        pack.in_force(OPTIONS.as_of or ""),
        check_values(read, OPTIONS.stage, None),
        read.faulted,
    )
    prepare(base, rules)
    return base


__all__ = ["facts_of", "report", "variants"]
