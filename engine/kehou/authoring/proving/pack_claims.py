"""What is proved of the rules of a pack together: each can speak, none is against another.

A parameter that nobody set counts as any value of its kind: what is proved holds whatever is set.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import z3

from kehou.authoring.proving.claims import (
    LAWFUL,
    MOST_STEPS,
    Claim,
    Setting,
    State,
    ask,
    possible,
    read_by,
)
from kehou.authoring.proving.translation import (
    ANOTHER,
    NUMBER,
    SomeOf,
    condition,
    either,
    is_outcome,
    outcome,
)
from kehou.authoring.proving.world import Formula, World
from kehou.judging import BoundReview, BoundRule
from kehou.language import FieldArg, Parameter, Type, bind
from kehou.language.condition_parts import references
from kehou.model.outcomes import Outcome
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param, Rule
from kehou.packs import ParameterDef

# --- parameters as variables -----------------------------------------------------------------


def with_any(
    setting: Setting, rule: Rule, parameters: Mapping[str, Parameter], free: Mapping[str, Any]
) -> BoundRule:
    """A rule bound with some parameters left to the solver: name → the operand that stands for it.

    An operand is the name of a variable, or a `SomeOf` for a list.
    """
    pack, closed = setting.pack, frozenset(rule.closed.get(setting.stage, ()))
    kinds = {name: parameters[name].type for name in free}

    def typer(name: str) -> tuple[Type, bool]:
        if name.startswith("param:"):
            return kinds[name.removeprefix("param:").rstrip("'")], True
        return pack.type_of(rule.each, name)

    def bound(cond: Cond) -> Any:
        return bind(_freed(cond, free), typer, parameters, closed)

    return BoundRule(
        rule,
        None if rule.when is None else bound(rule.when),
        None if rule.require is None else bound(rule.require),
        tuple(BoundReview(bound(review.when), review.reason) for review in rule.review),
    )


def _freed(cond: Cond, free: Mapping[str, Any]) -> Cond:
    if isinstance(cond, Not):
        return Not(_freed(cond.item, free))
    if isinstance(cond, (All, Any_)):
        return type(cond)(tuple(_freed(item, free) for item in cond.items))

    def other(operand: Any) -> Any:
        if not isinstance(operand, Param) or operand.name not in free:
            return operand
        found = free[operand.name]
        return FieldRef(found) if isinstance(found, str) else Const(found)

    return replace(cond, subject=other(cond.subject), args=tuple(map(other, cond.args)))


def named_parameters(rule: Rule) -> list[str]:
    """The parameters that a rule's conditions name themselves."""
    conditions = (rule.when, rule.require, *(review.when for review in rule.review))
    named = (r.name for cond in conditions for r in references(cond) if isinstance(r, Param))
    return list(dict.fromkeys(named))


# --- each rule can speak -----------------------------------------------------------------------


def each_can_speak(settings: Iterable[Setting]) -> Iterator[Claim]:
    """Some subject is judged by a rule, some one is against it, some one passes it.

    It is enough that there is one at some stage and date.
    """
    by_rule: dict[str, list[tuple[Setting, BoundRule]]] = {}
    for setting in settings:
        in_force = setting.in_force()
        for rule in setting.rules:
            free = {n: f"param:{n}" for n in named_parameters(rule.rule) if not in_force[n].is_set}
            if free:
                lists = [n for n in free if in_force[n].type.many]
                ours = with_any(
                    setting,
                    rule.rule,
                    in_force,
                    {**free, **{n: _any_list(n, "", ()) for n in lists}},
                )
            else:
                ours = replace(rule, unset=(), reviews_off=())
            by_rule.setdefault(rule.rule.id, []).append((setting, ours))
    for bound in by_rule.values():
        yield from _speaks(bound)


def _speaks(bound: list[tuple[Setting, BoundRule]]) -> Iterator[Claim]:
    wanted: dict[str, Callable[[Formula, Formula], Formula]] = {
        "applies": lambda when, found: when,
        "objects": lambda when, found: is_outcome(found, Outcome.FAIL, Outcome.REVIEW),
        "passes": lambda when, found: z3.And(when, is_outcome(found, Outcome.PASS)),
    }
    for name, meets in wanted.items():
        claim: Claim | None = None
        for setting, rule in bound:
            world = World()
            found = outcome(world, rule)
            there = meets(condition(world, rule.when).true, found)
            state, _, why = ask(world, *possible(world, setting, rule.rule.each), there)
            # Here a subject is what proves the claim, and none what refutes it.
            turned = {State.REFUTED: State.PROVED, State.PROVED: State.REFUTED}
            claim = Claim(name, rule, setting, turned.get(state, state), why=why)
            if claim.state is State.PROVED:
                break
        if claim is not None:
            yield claim


def _any_list(name: str, mark: str, members: Iterable[Any]) -> SomeOf:
    """Any list of some members and one that is none of them."""
    known = list(dict.fromkeys((*members, ANOTHER)))
    return SomeOf(tuple((m, z3.Bool(f"param:{name}{mark}∋{i}")) for i, m in enumerate(known)))


# --- none is against another -------------------------------------------------------------------


@dataclass(frozen=True)
class _Spoken:
    """A rule in a world that the rules of its entity share."""

    rule: BoundRule
    fields: frozenset[str]
    applies: Formula
    passes: Formula


def none_against_another(setting: Setting) -> Iterator[Claim]:
    """No two rules are such that whoever they both apply to can pass each, but never both."""
    by_entity: dict[str, list[BoundRule]] = {}
    for rule in setting.rules:
        if rule.rule.require is not None and not rule.unset:
            by_entity.setdefault(rule.rule.each, []).append(rule)
    for entity, rules in by_entity.items():
        world = World()
        spoken = [_spoken(world, rule) for rule in rules]
        solver = z3.Solver()
        solver.set("rlimit", MOST_STEPS)
        for one in spoken:
            solver.add(z3.Bool(_applies(one)) == one.applies, z3.Bool(_passes(one)) == one.passes)
        solver.add(*world.laws(), *possible(world, setting, entity))
        for a, b in itertools.combinations(spoken, 2):
            if a.fields & b.fields:
                yield _pair(setting, solver, a, b, world)


def _spoken(world: World, rule: BoundRule) -> _Spoken:
    found = outcome(world, rule)
    when = condition(world, rule.when).true
    passes = z3.And(when, is_outcome(found, Outcome.PASS))
    required = replace(rule, when=None, reviews=())
    return _Spoken(rule, frozenset(read_by(required)), when, passes)


def _applies(one: _Spoken) -> str:
    return f"{one.rule.rule.id} applies"


def _passes(one: _Spoken) -> str:
    return f"{one.rule.rule.id} passes"


def _pair(setting: Setting, solver: Any, a: _Spoken, b: _Spoken, world: World) -> Claim:
    def can(*named: str) -> Any:
        return solver.check(*[z3.Bool(name) for name in named])

    about = b.rule.rule.id
    together = can(_passes(a), _passes(b))
    if together == z3.sat:
        return Claim("pairs", a.rule, setting, State.PROVED, about)
    if together == z3.unknown:
        return Claim("pairs", a.rule, setting, State.UNKNOWN, about, why=solver.reason_unknown())
    each = [
        can(_applies(a), _applies(b), _passes(a)),
        can(_applies(a), _applies(b), _passes(b)),
    ]
    if z3.unsat in each:  # they never apply together, or one of them cannot be met there
        return Claim("pairs", a.rule, setting, State.PROVED, about)
    against = z3.And(a.applies, b.applies, a.passes, *possible(world, setting, a.rule.rule.each))
    before = outcome(world, a.rule)
    after = outcome(world, b.rule)
    return Claim("pairs", a.rule, setting, State.REFUTED, about, world, against, before, after)


# --- a tighter parameter never loosens -----------------------------------------------------------


def tighter_never_loosens(setting: Setting, rule: BoundRule) -> Iterator[Claim]:
    """Whatever value an overlay without authority may give a parameter, no outcome is milder.

    A value that the pack only assumes an overlay may change either way, and a fixed one not at
    all; of both nothing is claimed.
    """
    pack, in_force = setting.pack, setting.in_force()
    for name, fields in behind_derived(setting, rule).items():
        why = f"只经过派生值 {'、'.join(fields)} 用到，派生值的算法不在求证之内"
        yield Claim("tighter", rule, setting, State.UNKNOWN, name, why=why)
    for name in named_parameters(rule.rule):
        definition = pack.parameters[name]
        if not _may_be_tightened(setting, name):
            continue
        unset = {n for n in named_parameters(rule.rule) if not in_force[n].is_set}
        others: dict[str, Any] = {
            n: _any_list(n, "", ()) if in_force[n].type.many else f"param:{n}"
            for n in sorted(unset - {name})
        }
        old, new, tight = _tightened(definition, in_force[name].type)
        before_rule = with_any(setting, rule.rule, in_force, {**others, name: old})
        after_rule = with_any(setting, rule.rule, in_force, {**others, name: new})
        world = World()
        before, after = outcome(world, before_rule), outcome(world, after_rule)
        real = possible(world, setting, rule.rule.each)
        against = z3.And(*real, tight(world), loosened(before, after))
        state, _, why = ask(world, against)
        if state is State.REFUTED:
            told = _stricter_elsewhere(setting, rule, {**others, name: new}, world, against, before)
            state, why = (State.PROVED, told) if told else (state, why)
        given = {**{n: (v, v) for n, v in others.items()}, name: (old, new)}
        yield Claim(
            "tighter", rule, setting, state, name, world, against, before, after, why, given
        )


def _may_be_tightened(setting: Setting, name: str) -> bool:
    """Whether an overlay may give a parameter a value in one direction only."""
    definition = setting.pack.parameters[name]
    now = definition.on(setting.as_of)
    return definition.tighter != "fixed" and (now is None or not now.assumption)


def behind_derived(setting: Setting, rule: BoundRule) -> dict[str, list[str]]:
    """The parameters that a rule rests on by derived fields only, and by which of them."""
    pack, found = setting.pack, dict[str, list[str]]()
    named = set(named_parameters(rule.rule))
    for field in read_by(rule):
        for name in sorted(pack.inputs_behind(rule.rule.each, [field])):
            free = name in pack.parameters and name not in named
            if free and _may_be_tightened(setting, name):
                found.setdefault(name, []).append(field)
    return found


def _stricter_elsewhere(
    setting: Setting,
    rule: BoundRule,
    free: Mapping[str, Any],
    world: World,
    against: Formula,
    before: Formula,
) -> str:
    """The rule that, with the tightened value, is as strict wherever this one became milder."""
    in_force = setting.in_force()
    for other in setting.rules:
        named = set(named_parameters(other.rule))
        if other is rule or other.rule.each != rule.rule.each or not named & set(free):
            continue
        if other.unset:
            continue
        theirs = with_any(
            setting, other.rule, in_force, {n: v for n, v in free.items() if n in named}
        )
        if ask(world, against, loosened(before, outcome(world, theirs)))[0] is State.PROVED:
            return other.rule.id
    return ""


def _tightened(definition: ParameterDef, kind: Type) -> tuple[Any, Any, Callable[[World], Formula]]:
    """What stands for a parameter before and after, and that the second is at least as tight."""
    name = definition.name
    if kind.many:
        members = tuple(definition.every_value())
        lists = _any_list(name, "", members), _any_list(name, "'", members)
        return *lists, lambda world: _list_tightened(definition.tighter, *lists)
    old, new = f"param:{name}", f"param:{name}'"

    def tight(world: World) -> Formula:
        before, after = (world.slot(FieldArg(n, kind, True)).low for n in (old, new))
        return after <= before if definition.tighter == "lower" else after >= before

    return old, new, tight


def _list_tightened(tighter: str, old: SomeOf, new: SomeOf) -> Formula:
    pairs = [(a, b) for (_, a), (_, b) in zip(old.members, new.members, strict=True)]
    if tighter == "more":
        return z3.And(*[z3.Implies(a, b) for a, b in pairs])
    return z3.And(*[z3.Implies(b, a) for a, b in pairs])


def loosened(before: Formula, after: Formula) -> Formula:
    """Whether an outcome is milder than another: a breach less, or nobody looks any more."""
    fail, looked_at = NUMBER[Outcome.FAIL], (Outcome.REVIEW, Outcome.INSUFFICIENT)
    return either(
        z3.And(before == fail, after != fail),
        z3.And(is_outcome(before, *looked_at), is_outcome(after, *LAWFUL, Outcome.NOT_JUDGED)),
    )
