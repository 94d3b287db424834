"""Quality gates on conditions: what can never hold, what always does, and what contradicts itself.

Judged on the network's normal forms, with what fields can be at all (`domains`) and the
parameters of each date in force. What is too large to work out is not judged.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kehou.authoring.domains import Domains
from kehou.language import Bound, Parameter, Type, bind
from kehou.language.condition_parts import references
from kehou.language.dnf import Dnf, TooLarge, conjoin
from kehou.language.operators import OPERATORS
from kehou.language.truth_sets import sides
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param, Rule, Test
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites
from kehou.packs.uses import named_fields


@dataclass(frozen=True)
class _Setting:
    """A rule's conditions bound for one stage and one date."""

    pack: Pack
    rule: Rule
    stage: str
    parameters: Mapping[str, Parameter]

    def bound(self, cond: Cond) -> Bound:
        """A condition bound, a parameter that is tested itself taken as any value."""
        closed = frozenset(self.rule.closed.get(self.stage, ()))
        return bind(_opaque(cond), self._typer, self.parameters, closed)

    def _typer(self, name: str) -> tuple[Type, bool]:
        if name.startswith("param:"):
            return self.parameters[name.removeprefix("param:")].type, True
        return self.pack.type_of(self.rule.each, name)

    def judged(self, cond: Cond) -> bool:
        """Whether every parameter that a condition is compared with has a value."""
        return all(self.parameters[r.name].is_set for r in references(cond) if isinstance(r, Param))

    def sides(self, cond: Cond | None) -> tuple[Dnf, Dnf]:
        """Where a condition can be true and where it can be false."""
        if cond is None:
            return sides(None)
        true, false = sides(self.bound(cond))
        domains = Domains(self.pack, self.rule.each)
        return domains.possible(true), domains.possible(false)

    def both(self, a: Dnf, b: Dnf) -> Dnf:
        """Where two things can hold at once."""
        return Domains(self.pack, self.rule.each).possible(conjoin(a, b))


def _opaque(cond: Cond) -> Cond:
    """A condition in which a parameter that is tested itself is a field of any value."""
    if isinstance(cond, Not):
        return Not(_opaque(cond.item))
    if isinstance(cond, (All, Any_)):
        return type(cond)(tuple(_opaque(item) for item in cond.items))
    if isinstance(cond.subject, Param):
        return replace(cond, subject=FieldRef(f"param:{cond.subject.name}"))
    return cond


def _settings(pack: Pack, rule: Rule) -> list[_Setting]:
    """Every stage of a rule on every date on which a parameter changes."""
    starts = {v.valid_from for p in pack.parameters.values() for v in p.values}
    dates = sorted(starts | {pack.effective_from or "2021-09-01"})
    found: dict[str, Mapping[str, Parameter]] = {}
    for as_of in dates:
        in_force = pack.in_force(as_of)
        found.setdefault(repr(sorted(in_force.items())), in_force)
    return [
        _Setting(pack, rule, str(stage), parameters)
        for parameters in found.values()
        for stage in rule.stages
    ]


# --- one rule ------------------------------------------------------------------------------


def conditions(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Conditions that never hold or always do, and rules that cannot fail or cannot be met."""
    for rule in pack.rules.values():
        settings = _settings(pack, rule)
        told = False
        for pointer, message, hint in dict.fromkeys(_parts(rule, settings)):
            told = True
            yield sites.in_rule(rule, pointer), message, hint
        if not told and not rule.pointer:  # of a generated rule only the entry's own words count
            for pointer, message, hint in _whole(rule, settings):
                yield sites.in_rule(rule, pointer), message, hint


def _parts(rule: Rule, settings: list[_Setting]) -> Iterator[tuple[str, str, str]]:
    for pointer, cond in (
        ("/when", rule.when),
        ("/require", rule.require),
        *((f"/review/{i}/when", review.when) for i, review in enumerate(rule.review)),
    ):
        if cond is not None:
            yield from _nodes(cond, pointer, settings)


def _nodes(cond: Cond, pointer: str, settings: list[_Setting]) -> list[tuple[str, str, str]]:
    """Faults of the innermost nodes of a condition, else of the whole."""
    if isinstance(cond, Not):
        return _nodes(cond.item, f"{pointer}/not", settings)
    if isinstance(cond, (All, Any_)):
        word = "all" if isinstance(cond, All) else "any"
        found = [
            fault
            for i, item in enumerate(cond.items)
            for fault in _nodes(item, f"{pointer}/{word}/{i}", settings)
        ]
        if found:
            return found
    return [(pointer, *fault) for fault in _node(cond, settings)]


def _node(cond: Cond, settings: list[_Setting]) -> list[tuple[str, str]]:
    judged = [s for s in settings if s.judged(cond)]
    try:
        found = [setting.sides(cond) for setting in judged]
    except TooLarge:
        return []
    if not found or (isinstance(cond, Test) and cond.op == "exists"):
        return []
    if all(not true for true, _ in found):
        hint = "请核对两端的值" if _bounds(cond) else "请核对字段的取值范围，或删去"
        return [("上下限互相矛盾，条件永远不会成立" if _bounds(cond) else "条件永远不会成立", hint)]
    if all(not false for _, false in found):
        return [("条件永远成立，写了等于没写", "请核对字段的取值范围，或删去")]
    return []


def _bounds(cond: Cond) -> bool:
    """Whether a condition that cannot hold is a pair of limits."""
    if isinstance(cond, Test):
        return cond.op == "within"
    if not isinstance(cond, All):
        return False
    tests = [item for item in cond.items if isinstance(item, Test)]
    return sum(OPERATORS[test.op].left == "ordered" for test in tests) > 1


def _whole(rule: Rule, settings: list[_Setting]) -> Iterator[tuple[str, str, str]]:
    """What a rule's conditions come to together, at every stage and date."""
    every = [c for c in (rule.when, rule.require) if c is not None]
    settings = [s for s in settings if all(s.judged(cond) for cond in every)]
    if not settings:
        return
    try:
        yield from _outcomes(rule, settings)
    except TooLarge:
        return


def _outcomes(rule: Rule, settings: list[_Setting]) -> Iterator[tuple[str, str, str]]:
    met, broken = [], []
    looks: list[list[Dnf]] = [[] for _ in rule.review]
    for setting in settings:
        applies, _ = setting.sides(rule.when)
        true, false = setting.sides(rule.require)
        met.append(setting.both(applies, true))
        broken.append(setting.both(applies, false))
        for i, review in enumerate(rule.review):
            if setting.judged(review.when):
                looks[i].append(setting.both(applies, setting.sides(review.when)[0]))
    if rule.require is not None and not any(broken):
        yield (
            "/require",
            "when 成立时 require 不会不成立，规则永远得不出“不符合”",
            "不能写“无”的字段，exists 不会为假；条款以没有为不符合的用 closed，否则请改 require",
        )
    if rule.require is not None and not any(met):
        yield "/require", "when 成立时 require 永远不成立，没有材料能符合", "请核对 when 与 require"
    for i, found in enumerate(looks):
        if found and not any(found):
            hint = "请核对它与 when 的取值"
            yield f"/review/{i}/when", "when 成立时这一条 review 永远不会成立", hint


# --- two rules -----------------------------------------------------------------------------


def pairs(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Rules that say the same, and rules that no subject can meet together."""
    for a, b in itertools.combinations(pack.rules.values(), 2):
        if a.each != b.each or not in_one_time(a, b):
            continue
        if say_the_same(a, b):
            yield (
                sites.of(b, "id"),
                f"与规则 {a.id} 重复：对象、条件和阶段相同",
                f"请合并为一条，clauses 同时写上两处的条款；另一条见 {a.file}",
            )
        elif contradict(pack, a, b):
            yield (
                sites.of(b, "require"),
                f"与规则 {a.id} 的 require 不能同时成立，上下限互相矛盾",
                f"请核对两条规则的界限；另一条见 {sites.of(a, 'require')}",
            )


def say_the_same(a: Rule, b: Rule) -> bool:
    """Whether two rules ask the same of the same subjects at one stage on one date."""
    return a.each == b.each and in_one_time(a, b) and _said(a) == _said(b)


def in_one_time(a: Rule, b: Rule) -> bool:
    """Whether two rules are judged at one stage on one date."""
    if not set(a.stages) & set(b.stages):
        return False
    start = max(a.valid_from or "", b.valid_from or "")
    end = min(a.valid_to or "9999", b.valid_to or "9999")
    return start <= end


def same_condition(a: Cond | None, b: Cond | None) -> bool:
    """Whether two conditions are one, however they are written."""
    return _canonical(a) == _canonical(b)


def settings_of(pack: Pack, rule: Rule) -> list[Mapping[str, Parameter]]:
    """The parameters of each date on which one changes."""
    return [setting.parameters for setting in _settings(pack, rule)]


def _said(rule: Rule) -> object:
    """What a rule says of its subjects, however it is written."""
    reviews = frozenset(_canonical(r.when) for r in rule.review) if rule.require is None else None
    closed = frozenset((stage, frozenset(names)) for stage, names in rule.closed.items())
    return _canonical(rule.when), _canonical(rule.require), reviews, closed


def _canonical(cond: Cond | None) -> object:
    """A condition without its order, repetitions and brackets around one member."""
    if cond is None:
        return None
    if isinstance(cond, Not):
        inner = _canonical(cond.item)
        return inner[1] if isinstance(inner, tuple) and inner[0] == "not" else ("not", inner)
    if isinstance(cond, (All, Any_)):
        word = "all" if isinstance(cond, All) else "any"
        items: set[object] = set()
        for item in map(_canonical, cond.items):
            same = isinstance(item, tuple) and item[0] == word
            items |= set(item[1]) if same and isinstance(item, tuple) else {item}
        return next(iter(items)) if len(items) == 1 else (word, frozenset(items))
    args = tuple(
        frozenset(arg.value) if isinstance(arg, Const) and isinstance(arg.value, tuple) else arg
        for arg in cond.args
    )
    return ("test", cond.subject, cond.op, args)


def contradict(pack: Pack, a: Rule, b: Rule) -> bool:
    """Whether no subject to which two rules apply can meet both, though it can meet each."""
    if a.require is None or b.require is None:
        return False
    if not set(named_fields(pack, a.require)) & set(named_fields(pack, b.require)):
        return False
    settings = [
        (s, replace(s, rule=b))
        for s in _settings(pack, a)
        if s.stage in {str(stage) for stage in b.stages}
        and all(s.judged(c) for c in (a.when, b.when, a.require, b.require) if c is not None)
    ]
    try:
        return bool(settings) and all(_no_common(mine, theirs) for mine, theirs in settings)
    except TooLarge:
        return False


def _no_common(a: _Setting, b: _Setting) -> bool:
    applies = a.both(a.sides(a.rule.when)[0], b.sides(b.rule.when)[0])
    met_a = a.both(applies, a.sides(a.rule.require)[0])
    met_b = a.both(applies, b.sides(b.rule.require)[0])
    return bool(met_a and met_b) and not a.both(met_a, met_b)


__all__ = [
    "conditions",
    "contradict",
    "in_one_time",
    "pairs",
    "same_condition",
    "say_the_same",
    "settings_of",
]
