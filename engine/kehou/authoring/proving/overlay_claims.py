"""Whether a layer that is laid over a pack without authority makes any outcome milder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import z3

from kehou.authoring.proving.claims import Claim, Setting, State, ask, possible
from kehou.authoring.proving.pack_claims import behind_derived, loosened
from kehou.authoring.proving.translation import outcome
from kehou.authoring.proving.versions import without_layer
from kehou.authoring.proving.world import World
from kehou.judging import BoundRule, bind_rule
from kehou.packs import Pack
from kehou.packs.uses import behind_rule


def below(pack: Pack, tree: Any) -> Pack | None:
    """The pack below its topmost layer, whose ``pack.yaml`` is ``tree``; None where none is laid.

    What the layer has authority for counts as set below: nothing is claimed of it.
    """
    if not pack.layers or not isinstance(tree, dict):
        return None
    parameters = tree.get("parameters") or {}
    authorised = {
        name
        for name, body in parameters.items()
        if tree.get("authority") or any(v.get("authority") for v in body.get("values") or ())
    }
    return without_layer(pack, pack.layers[-1].id, frozenset(authorised))


def touched(pack: Pack) -> frozenset[str]:
    """The rules that the topmost layer adds, or that read a parameter which it sets or defines."""
    layer = pack.layers[-1].id
    own = {
        name
        for name, one in pack.parameters.items()
        if one.layer == layer
        or any(value.layer == layer for value in one.values)
        or (one.readings is not None and one.readings.layer == layer)
    }
    return frozenset(
        rule.id
        for rule in pack.rules.values()
        if rule.id in pack.added or own & set(behind_rule(pack, rule).parameters)
    )


def layer_never_loosens(pack: Pack, under: Pack, settings: list[Setting]) -> Iterator[Claim]:
    """With the layer no subject is judged milder than without, rule by rule."""
    for setting in settings:
        lower = under.in_force(setting.as_of, setting.reading)
        if repr(lower) == repr(setting.in_force()):
            continue
        for rule in setting.rules:
            if rule.rule.id not in under.rules:  # the layer's own: it can but find more
                continue
            old = bind_rule(
                under, rule.rule, setting.stage, lower, setting.as_of, list(pack.tables)
            )
            if repr(old) != repr(rule):
                yield _claim(under, setting, old, rule)
            for name, fields in behind_derived(setting, rule).items():
                if repr(lower[name]) != repr(setting.in_force()[name]):
                    why = f"{name} 只经过派生值 {'、'.join(fields)} 用到，派生值的算法不在求证之内"
                    yield Claim("overlay", rule, setting, State.UNKNOWN, name, why=why)


def _claim(under: Pack, setting: Setting, old: BoundRule, new: BoundRule) -> Claim:
    world = World()
    before, after = outcome(world, old), outcome(world, new)
    real = possible(world, setting, new.rule.each)
    against = z3.And(*real, loosened(before, after))
    state, _, why = ask(world, against)
    there = replace(setting, pack=under)
    return Claim("overlay", old, there, state, "", world, against, before, after, why)
