"""Two versions of a rule: on every subject the same outcome, or a subject on which they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import z3

from kehou.authoring.proving.claims import Claim, Setting, State, ask, possible, read_by
from kehou.authoring.proving.pack_claims import loosened
from kehou.authoring.proving.translation import outcome
from kehou.authoring.proving.world import World
from kehou.judging import BoundRule
from kehou.language import ROOT
from kehou.language.conditions import bound_fields
from kehou.packs import Pack
from kehou.packs.pack import inputs_of


class Verdict(StrEnum):
    """How the newer of two versions stands to the older, over all subjects."""

    SAME = "same"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    BOTH = "both"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Difference:
    """What became of a rule: the verdict, why where it is unknown, and the subjects that show it.

    Each shown is a refuted claim that the two versions come to the same.
    """

    verdict: Verdict
    why: str = ""
    shown: tuple[Claim, ...] = ()


def difference(pairs: Sequence[tuple[Setting, BoundRule, Setting, BoundRule]]) -> Difference:
    """How a rule's newer version stands to the older, over each stage and date of both.

    ``pairs`` are (older setting, older rule, newer setting, newer rule), at one stage and date.
    """
    found: dict[str, Claim] = {}
    why = ""
    for old_setting, old, new_setting, new in pairs:
        if _alike(old, new) and not (told := _other_meaning(old_setting, old, new_setting, new)):
            continue
        if told := _other_meaning(old_setting, old, new_setting, new):
            why = why or told
            continue
        for verdict, claim in _compared(old_setting, old, new_setting, new):
            if claim.state is State.UNKNOWN:
                why = why or claim.why
            elif claim.state is State.REFUTED:
                found.setdefault(verdict, claim)
        if {"tightened", "loosened"} <= set(found):
            break
    shown = tuple(found[v] for v in ("loosened", "tightened", "changed") if v in found)
    if why:
        return Difference(Verdict.UNKNOWN, why, shown)
    if "tightened" in found and "loosened" in found:
        return Difference(Verdict.BOTH, "", shown)
    for verdict in (Verdict.TIGHTENED, Verdict.LOOSENED, Verdict.CHANGED):
        if verdict.value in found:
            return Difference(verdict, "", shown[:1])
    return Difference(Verdict.SAME)


def _alike(old: BoundRule, new: BoundRule) -> bool:
    """Whether two versions are bound to the same conditions, letter by letter."""
    return _conditions(old) == _conditions(new)


def _conditions(rule: BoundRule) -> str:
    text = repr((rule.when, rule.require, [r.when for r in rule.reviews], rule.unset))
    return re.sub(r"line=\d+", "", text)


def _compared(
    setting: Setting, old: BoundRule, new_setting: Setting, new: BoundRule
) -> Iterator[tuple[str, Claim]]:
    """Claims that no subject is judged milder, none stricter, none otherwise.

    The subjects are those of either version: a later schema may know more options.
    """
    world = World()
    theirs = read_by(new)
    for name, arg in read_by(old).items():
        mine = arg.type.domain
        other = theirs[name].type.domain if name in theirs else None
        if mine and other:
            options = tuple(dict.fromkeys((*mine, *other)))
            world.slot(replace(arg, type=replace(arg.type, domain=options)))
    before, after = outcome(world, old), outcome(world, new)
    entity = old.rule.each
    real = z3.Or(*[z3.And(*possible(world, s, entity)) for s in (setting, new_setting)])
    milder, stricter = loosened(before, after), loosened(after, before)
    seen = False
    for verdict, against in (
        ("loosened", milder),
        ("tightened", stricter),
        ("changed", before != after),
    ):
        if verdict == "changed" and seen:
            return
        wrong = z3.And(real, against)
        state, _, why = ask(world, wrong)
        seen = seen or state is State.REFUTED
        yield verdict, Claim("version", old, setting, state, "", world, wrong, before, after, why)


# --- what the fields mean -----------------------------------------------------------------------


def _other_meaning(
    old_setting: Setting, old: BoundRule, new_setting: Setting, new: BoundRule
) -> str:
    """Why two versions cannot be compared on one subject: what they read means something else."""
    if old.rule.each != new.rule.each:
        return f"对象从 {old.rule.each} 改成 {new.rule.each}"
    fields, others = read_by(old), read_by(new)
    for name in sorted(fields.keys() & others.keys()):
        kinds = [replace(arg[name].type, domain=None) for arg in (fields, others)]
        if kinds[0] != kinds[1]:
            return f"字段 {name} 的类型改了"
    before, after = behind(old_setting, old), behind(new_setting, new)
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            return f"{name} 的算法或取值改了"
    return ""


def behind(setting: Setting, rule: BoundRule) -> Mapping[str, str]:
    """How everything that a rule reads is derived: name → definition, with what it is made of."""
    pack, in_force = setting.pack, setting.pack.in_force(setting.as_of)
    fields = {arg.name for cond in rule.conditions for arg in bound_fields(cond)}
    pending = [(rule.rule.each, name) for name in fields]
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    while pending:
        step = pending.pop()
        if step in seen:
            continue
        seen.add(step)
        owner = ROOT if pack.is_root(step[1]) else step[0]
        if owner in pack.entities:
            found[f"实体 {owner}"] = _plain(pack.entities[owner])
        derivation = pack.derivations.get((owner, step[1].removeprefix("submission.")))
        if derivation is not None:
            found[f"派生值 {owner}.{step[1]}"] = _plain(derivation)
            pending += [s for s in inputs_of(derivation) if s[1]]
    for name in sorted(pack.inputs_behind(rule.rule.each, sorted(fields))):
        if name in in_force:
            found[f"参数 {name}"] = _plain((in_force[name].value, dict(in_force[name].table)))
    return found


def _plain(value: Any) -> str:
    return re.sub(r"line=\d+", "", repr(value))


# --- an overlay ---------------------------------------------------------------------------------


def without_layer(pack: Pack, layer: str, authorised: frozenset[str]) -> Pack:
    """The pack as it is below a layer, but for what the layer may set as it likes.

    That is what was open or only assumed there, and the parameters that it has authority for.
    """
    below = {}
    for name, definition in pack.parameters.items():
        own = tuple(value for value in definition.values if value.layer != layer)
        free = name in authorised or not own or all(value.assumption for value in own)
        below[name] = definition if free else replace(definition, values=own)
    return replace(pack, parameters=below)
