"""The patterns of the network as formulas: what a rule comes to where they are matched.

The first letter of which some conjunction holds is the outcome (docs/language.md §3.3). A test
that reaches the network as a verdict worked out beforehand is the formula of that test.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import z3

from kehou.authoring.proving import translation
from kehou.authoring.proving.translation import NUMBER, both, either
from kehou.authoring.proving.world import ABSENT, CLEAN, DIRTY, HAS, Formula, World
from kehou.judging import BoundRule, network
from kehou.language import FieldArg, Table
from kehou.language.conditions import bound_fields
from kehou.language.dnf import Conjunction, Literal
from kehou.language.leaf_sets import SCALE

_STATES: Final = {
    "has": (HAS,),
    "absent": (ABSENT,),
    "unknown": (CLEAN, DIRTY),
    "clean": (CLEAN,),
    "dirty": (DIRTY,),
}


def outcome(world: World, rule: BoundRule) -> Formula:
    """What a rule comes to by the network's patterns, as a place in `translation.OUTCOMES`.

    Raises `dnf.TooLarge` where there are too many patterns.
    """
    fields = {arg.name: arg for cond in rule.conditions for arg in bound_fields(cond)}
    fired: dict[str, list[Formula]] = {}
    for letter, conjunction in network.rule_patterns(rule):
        fired.setdefault(letter, []).append(_conjunction(world, conjunction, fields))
    default = "b" if rule.unset else "x"
    found: Formula = z3.IntVal(NUMBER[network.OUTCOMES[default]])
    for letter in sorted(fired, reverse=True):
        found = z3.If(either(*fired[letter]), NUMBER[network.OUTCOMES[letter]], found)
    return found


def _conjunction(world: World, conjunction: Conjunction, fields: dict[str, FieldArg]) -> Formula:
    literals: Iterable[Literal] = sorted(conjunction, key=repr)
    return both(*[_literal(world, literal, fields) for literal in literals])


def _literal(world: World, literal: Literal, fields: dict[str, FieldArg]) -> Formula:
    word = literal[0]
    if word in _STATES:
        state = world.state(fields[literal[1]])
        return either(*[state == one for one in _STATES[word]])
    if word == "pre":
        return _worked_out(world, literal[1], literal[2])
    if word == "field":
        comparison, (one, x), (other, y) = (
            literal[1],
            *(_attribute(world, attribute, fields) for attribute in literal[2:]),
        )
        return both(one, other, _compared(comparison, x, y))
    given, x = _attribute(world, literal[1], fields)
    name, part = literal[1]
    constant = literal[2] if part[-1:] in ("-", "+") else world.number(fields[name], literal[2])
    return both(given, _compared(word, x, constant))


def _worked_out(world: World, test: Any, verdict: int) -> Formula:
    if isinstance(test, Table):
        unset = translation.unset_row(world, test)
        return unset if verdict else z3.Not(unset)
    sides = translation.leaf(world, test)
    if verdict == 2:
        return z3.Not(z3.Or(sides.true, sides.false))
    return sides.true if verdict else sides.false


def _attribute(
    world: World, attribute: tuple[str, str], fields: dict[str, FieldArg]
) -> tuple[Formula, Formula]:
    """(whether an attribute is there, its value as the network has it)."""
    name, part = attribute
    arg = fields[name]
    slot = world.slot(arg)
    if not part:  # a number that only its bounds are known of has no value of its own
        return both(world.has(arg), z3.Not(slot.partly)), slot.low
    value = slot.low if part.startswith("lo") else slot.high
    if part.endswith("-"):
        value = z3.ToInt(value * SCALE)
    elif part.endswith("+"):
        value = -z3.ToInt(-value * SCALE)
    return world.has(arg), value


def _compared(comparison: str, x: Formula, y: Formula) -> Formula:
    tests = {
        "eq": lambda: x == y,
        "ne": lambda: x != y,
        "lt": lambda: x < y,
        "le": lambda: x <= y,
        "gt": lambda: x > y,
        "ge": lambda: x >= y,
    }
    return tests[comparison]()
