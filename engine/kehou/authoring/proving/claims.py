"""What is proved of a rule on every subject: the claims, each by one question to the solver.

A claim holds where no subject is against it; the solver gives such a subject or says that there is
none. What a subject can be at all is told by `possible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import z3

from kehou.authoring.domains import Domains
from kehou.authoring.proving import normal_forms
from kehou.authoring.proving.translation import is_outcome, outcome
from kehou.authoring.proving.world import ABSENT, HAS, Formula, World
from kehou.judging import BoundRule
from kehou.language import ROOT, FieldArg, Parameter
from kehou.language.conditions import bound_fields
from kehou.language.dnf import TooLarge
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.packs import Pack

#: Steps that the solver may take for one claim, some seconds' worth; no clock has a say in it.
MOST_STEPS: Final = 50_000_000
#: What is against the subject, and what is for it.
ADVERSE: Final = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
LAWFUL: Final = (Outcome.PASS, Outcome.NOT_APPLICABLE)


class State(StrEnum):
    """What became of a claim; ``excused`` is refuted, with a reason beside the rule."""

    PROVED = "proved"
    REFUTED = "refuted"
    EXCUSED = "excused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Setting:
    """A pack's rules of a stage on a date, bound; vague words read as usual or as ``reading``."""

    pack: Pack
    stage: Stage
    as_of: str
    rules: Sequence[BoundRule]
    reading: str = ""

    def in_force(self) -> dict[str, Parameter]:
        """The parameters that the rules are bound with."""
        return self.pack.in_force(self.as_of, self.reading)


@dataclass(frozen=True)
class Claim:
    """One claim about a rule in a setting, and what became of it.

    ``name`` is the kind of claim, ``about`` the field or the other rule it is about. A refuted one
    is refuted by every subject of ``world`` that meets ``against``, which the rule takes from the
    outcome ``before`` to ``after`` (one value less, another engine, another version). ``why`` is
    the reason where it is unknown or excused, and the other rule by which it holds, if so.
    ``given`` are parameters left to the solver: name → the operands that stand for the value
    before and after (`pack_claims.with_any`).
    """

    name: str
    rule: BoundRule
    setting: Setting
    state: State
    about: str = ""
    world: World | None = field(default=None, repr=False)
    against: Formula = field(default=None, repr=False)
    before: Formula = field(default=None, repr=False)
    after: Formula = field(default=None, repr=False)
    why: str = ""
    given: Mapping[str, tuple[Any, Any]] = field(default_factory=dict, repr=False)


def ask(world: World, *against: Formula) -> tuple[State, Any, str]:
    """(what became of a claim, the model of a subject against it, why it is unknown)."""
    solver = z3.Solver()
    solver.set("rlimit", MOST_STEPS)
    solver.add(*world.laws(), *against)
    found = solver.check()
    if found == z3.unsat:
        return State.PROVED, None, ""
    if found == z3.sat:
        return State.REFUTED, solver.model(), ""
    return State.UNKNOWN, None, solver.reason_unknown()


def read_by(rule: BoundRule) -> dict[str, FieldArg]:
    """The fields that a rule reads, by name."""
    return {arg.name: arg for cond in rule.conditions for arg in bound_fields(cond)}


def possible(world: World, setting: Setting, entity: str) -> list[Formula]:
    """What the fields of an entity can be at all, by the schema and by what they are derived from.

    Asked once everything about the subject was asked. Of a field that the pack does not have, only
    another version of it, nothing is said.
    """
    domains = Domains(setting.pack, entity)
    found: list[Formula] = []
    for name, slot in world.slots.items():
        if name == "check.stage":
            stage = world.codes.number(str(setting.stage), "text")
            found += [slot.state == HAS, slot.low == stage]
        elif name == "check.form_complete":  # true or unknown, never false (docs/language.md §2.1)
            found.append(z3.Implies(slot.state == HAS, slot.low == 1))
        if name.startswith("param:"):
            found.append(slot.state == HAS)
            continue
        if not _has_field(setting.pack, entity, name):
            continue
        if not domains.may_be_absent(name):
            found.append(slot.state != ABSENT)
        for end, holds in zip(domains.ends(name), (True, False), strict=True):
            if end is not None and not slot.type.many:
                number = world.codes.number(end, slot.type.kind)
                found.append(slot.low >= number if holds else slot.high <= number)
    return found


def _has_field(pack: Pack, entity: str, name: str) -> bool:
    try:
        pack.type_of(entity, name)
    except (KeyError, ValueError):
        return False
    return True


# --- the engines -----------------------------------------------------------------------------


def engines_agree(setting: Setting, rule: BoundRule) -> Claim:
    """The network's normal forms mean what the direct engine means, on every subject."""
    world = World()
    direct = outcome(world, rule)
    try:
        network = normal_forms.outcome(world, rule)
    except TooLarge:
        told = "条件展开后的模式太多，网络不收这条规则"
        return Claim("engines", rule, setting, State.UNKNOWN, why=told)
    differ = direct != network
    state, _, why = ask(world, differ)
    return Claim("engines", rule, setting, state, "", world, differ, direct, network, why)


# --- one value less --------------------------------------------------------------------------


def less_never_helps(setting: Setting, rule: BoundRule) -> Iterator[Claim]:
    """With one value less an adverse outcome never becomes lawful, field by field.

    It may where another rule of the pack then asks for that very value: the claim says which.
    """
    world = World()
    before = outcome(world, rule)
    adverse = is_outcome(before, *ADVERSE)
    for name, arg in read_by(rule).items():
        if not can_be_left_out(setting.pack, rule.rule.each, name):
            continue
        after = outcome(world.without(name), rule)
        helped = z3.And(world.slot(arg).state == HAS, adverse, is_outcome(after, *LAWFUL))
        state, _, why = ask(world, helped)
        if state is State.REFUTED:
            real = possible(world, setting, rule.rule.each)
            state, _, why = ask(world, *real, helped)
            helped = z3.And(*real, helped)
        if state is State.REFUTED:
            told = _told_by(setting, rule, name, world, helped)
            state, why = (State.PROVED, told) if told else (state, why)
        yield Claim("less", rule, setting, state, name, world, helped, before, after, why)


def can_be_left_out(pack: Pack, entity: str, name: str) -> bool:
    """Whether a field can be not supplied: the program itself gives some, others have a default."""
    if name.startswith(("check.", "param:")):
        return False
    shown = pack.field_of(entity, name)
    return shown is None or not (shown.default is not None or shown.giver or shown.reader)


def _told_by(setting: Setting, rule: BoundRule, name: str, world: World, helped: Formula) -> str:
    """The rule of the pack that is adverse wherever the missing value helped this one, or ""."""
    entity = rule.rule.each
    required = _required(setting, entity, name)
    for other in setting.rules:
        if other is rule or other.rule.each not in (entity, ROOT):
            continue
        if other.rule.severity is Severity.ADVICE:
            continue
        reads = read_by(other)
        gone = {name, "check.form_complete"} if required else {name}
        if not gone & set(reads):
            continue
        silent = z3.Not(is_outcome(outcome(world.without(*gone), other), *ADVERSE))
        if ask(world, helped, silent)[0] is State.PROVED:
            return other.rule.id
    return ""


def _required(setting: Setting, entity: str, name: str) -> bool:
    shown = setting.pack.field_of(entity, name)
    return shown is not None and str(setting.stage) in shown.required


def distinct(settings: Iterable[Setting]) -> Iterator[tuple[Setting, BoundRule]]:
    """Every rule as it is bound at each stage and date, each way of being bound once."""
    seen: set[str] = set()
    for setting in settings:
        for rule in setting.rules:
            key = repr((rule.rule.id, rule.when, rule.require, rule.reviews, rule.unset))
            if key not in seen:
                seen.add(key)
                yield setting, rule


__all__ = [
    "ADVERSE",
    "LAWFUL",
    "MOST_STEPS",
    "Claim",
    "Setting",
    "State",
    "ask",
    "can_be_left_out",
    "distinct",
    "engines_agree",
    "less_never_helps",
    "possible",
    "read_by",
]
