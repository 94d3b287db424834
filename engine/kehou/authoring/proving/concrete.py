"""Between a subject of a submission and the solver's variables: what it is, and how to write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import z3

from kehou.authoring.domains import Domains
from kehou.authoring.neighbours import written_as
from kehou.authoring.proving.translation import ANOTHER, SomeOf
from kehou.authoring.proving.world import (
    ABSENT,
    CLEAN,
    DIRTY,
    FALSE,
    HAS,
    Formula,
    Slot,
    World,
    answer,
)
from kehou.authoring.run_cases import Trial
from kehou.facts import Fact, FactBase
from kehou.language import ROOT, Type
from kehou.language.condition_parts import field_names, references
from kehou.language.operators import verdict
from kehou.model import values as plain
from kehou.model.rules import Param, Rule
from kehou.packs import Pack
from kehou.packs.casefiles import Case
from kehou.packs.uses import conditions

_WORDS = {ABSENT: "无", CLEAN: "（没有填）", DIRTY: "（填写有误）"}
#: What stands where any text would do.
_ANY_TEXT = "示例"


def as_it_is(world: World, base: FactBase, fact: Fact, name: str) -> Formula:
    """That a field of the world is what a subject of a submission has."""
    slot, value = world.slots[name], base.read(fact, name)
    if value is plain.ABSENT:
        return slot.state == ABSENT
    if value is None or type(value) is plain.Unknown:
        closable = value is None or value.closable
        return slot.state == (CLEAN if closable else DIRTY)
    found = [slot.state == HAS]
    if slot.type.many:
        found.append(slot.partly == z3.BoolVal(type(value) is plain.Open))
    elif type(value) is plain.Bounds:
        low, high = (_number(world, end, slot) for end in (value.lo, value.hi))
        found += [slot.low == low, slot.high == high, slot.partly]
    else:
        number = _number(world, value, slot)
        found += [slot.low == number, slot.high == number]
        if not z3.is_false(slot.partly):
            found.append(z3.Not(slot.partly))
    for (other, what), holds in world.held().items():
        if other == name:
            found.append(holds == z3.BoolVal(_holds(world, what, value, slot)))
    return z3.And(*found)


def tests_as_they_are(world: World, base: FactBase, fact: Fact) -> list[Formula]:
    """That the tests the model knows nothing of come to what they come to on the subject."""

    def read(side: tuple[str, Any]) -> Any:
        value = base.read(fact, side[1]) if side[0] == "field" else side[1]
        return None if type(value) is plain.Unknown else value

    found = []
    for (op, left, right), holds in world.verdicts().items():
        x, y = read(left), read(right)
        if x is not None and y is not None and plain.ABSENT not in (x, y):
            settled = verdict(op, x, y)
            found.append(holds == (2 if settled is None else int(settled)))
    return found


def _number(world: World, value: Any, slot: Slot) -> Any:
    number = world.codes.number(value, slot.type.kind)
    return z3.Q(number.numerator, number.denominator) if type(number) is Fraction else number


def _holds(world: World, what: tuple[Any, ...], value: Any, slot: Slot) -> bool:
    if what[0] in ("word", "pattern", "lexicon"):
        return answer(what, str(value))
    items = value.items if type(value) is plain.Open else value
    if not isinstance(items, tuple):  # an empty list, or rows that nobody looks into
        return False
    if what[0] == "some":
        return bool(items)
    return what[1] in {world.codes.number(item, slot.type.kind) for item in items}


def changeable(trial: Trial, fact: Fact, name: str) -> str | None:
    """The pointer at which a case may change a field; None where it is derived or the program's."""
    pack = trial.pack
    if name == "check.date":
        return name
    if name.startswith(("check.", "param:")) or fact.phantom is not None:
        return None
    root = trial.base.is_root(fact.entity, name)
    owner = ROOT if root else fact.entity
    if (owner, name.removeprefix("submission.")) in pack.derivations:
        return None
    if not root and not _stands_in_a_row(pack, fact.entity, name):
        return None
    shown = pack.field_of(fact.entity, name)
    if shown is None or shown.reader or shown.giver or shown.kind in ("record", "rows"):
        return None
    return trial.base.places(fact, name)[0]


def _stands_in_a_row(pack: Pack, entity: str, name: str) -> bool:
    """Whether a field is read from a row as it stands there, not made, copied or expanded."""
    definition = pack.entities[entity]
    if definition.form == "expand":
        made = name in dict(definition.over) or (definition.of, name) in pack.derivations
        return not made and _stands_in_a_row(pack, definition.of, name)
    if definition.form == "inner":
        return name not in dict(definition.copy)
    return definition.form == "list"


@dataclass
class Changes:
    """What a case changes of another: pointer → value; ``impossible`` where none can be written."""

    values: dict[str, Any] = field(default_factory=dict)
    check_date: str | None = None
    impossible: bool = False

    def add(self, world: World, model: Any, trial: Trial, name: str, pointer: str) -> None:
        """Note what a field is to be."""
        slot = world.slots[name]
        state = model.eval(slot.state, model_completion=True).as_long()
        value = written(world, model, name, slot) if state == HAS else None
        if name == "check.date":
            self.check_date, self.impossible = value, self.impossible or value is None
        elif state == HAS:
            self.values[pointer] = value
            self.impossible = self.impossible or value is None
        elif state == ABSENT:
            root = trial.base.is_root(trial.bound.rule.each, name)
            entity = ROOT if root else trial.bound.rule.each
            self.values[pointer] = "无"
            self.impossible = self.impossible or not Domains(trial.pack, entity).may_be_absent(name)
        elif state == CLEAN:
            self.values[pointer] = None
        else:
            self.impossible = True

    def on(self, case: Case) -> Case:
        """A case with these changes."""
        kept = {p: v for p, v in case.changes.items() if p not in self.values}
        dates = case.check_date if self.check_date is None else self.check_date
        return replace(case, changes={**kept, **self.values}, check_date=dates)


def parameter(world: World, model: Any, operand: Any, kind: Type, depth: int) -> Any:
    """A parameter as a case sets it, for all keys alike; None where it cannot be written."""
    if isinstance(operand, SomeOf):
        value: Any = [
            written_as(_ANY_TEXT if member == ANOTHER else member, kind.kind)
            for member, there in operand.members
            if z3.is_true(model.eval(there, model_completion=True))
        ]
    else:
        value = written(world, model, operand, world.slots[operand])
    for _ in range(depth):
        value = {"*": value}
    return value


def reading_as_params(pack: Pack, reading: str, rule: Rule, as_of: str) -> dict[str, Any]:
    """The parameters that a rule rests on as a case sets them to another reading of vague words."""
    named: set[str] = set()
    for cond in conditions(rule):
        named |= {r.name for r in references(cond) if isinstance(r, Param)}
        named |= pack.inputs_behind(rule.each, field_names(cond))
    found = {}
    for name in sorted(named & pack.parameters.keys()):
        definition = pack.parameters[name]
        vague = definition.readings_on(as_of) if reading else None
        other = getattr(vague, reading) if vague is not None else None
        if other is not None:
            found[name] = _as_param(other, definition.type.kind)
    return found


def _as_param(value: Any, kind: str) -> Any:
    """A value or table of a parameter as a pack or a case writes it."""
    if isinstance(value, dict):
        tree: dict[str, Any] = {}
        for (*outer, last), one in value.items():
            at = tree
            for key in outer:
                at = at.setdefault(str(key), {})
            at[str(last)] = _as_param(one, kind)
        return tree
    if isinstance(value, (list, tuple)):
        return [written_as(one, kind) for one in value]
    return written_as(value, kind)


def written(world: World, model: Any, name: str, slot: Slot) -> Any:
    """A value as a submission writes it; None where no text does what the solver wants."""
    kind = slot.type.kind
    if slot.type.many:
        members = _asked(world, model, name, "member")
        if any(world.codes.value(number, kind) is None for number in members):
            return None
        values = [world.codes.value(number, kind) for number in members]
        found = [_ANY_TEXT if v == ANOTHER else written_as(v, kind) for v in values]
        some = world.held().get((name, ("some",)))
        if some is None or found or not z3.is_true(model.eval(some)):
            return found or "无"
        return None
    number = model.eval(slot.low, model_completion=True)
    value = world.codes.value(
        Fraction(number.numerator_as_long(), number.denominator_as_long())
        if z3.is_rational_value(number) and not z3.is_int_value(number)
        else number.as_long(),
        kind,
    )
    if value is None:
        return _text(world, model, name)
    try:
        return written_as(value, kind)
    except ValueError:
        return None


def _asked(world: World, model: Any, name: str, kind: str) -> list[Any]:
    """What of a kind is asked of a field and holds."""
    return [
        what[1]
        for (other, what), holds in world.held().items()
        if other == name and what[0] == kind and z3.is_true(model.eval(holds))
    ]


def _text(world: World, model: Any, name: str) -> str | None:
    """A text that nobody wrote, made of the words that it is to hold."""
    words = _asked(world, model, name, "word")
    words += [min(w, key=len) for w in _asked(world, model, name, "lexicon") if w]
    text = "、".join(dict.fromkeys(words)) or _ANY_TEXT
    for (other, what), holds in world.held().items():
        asked = other == name and what[0] in ("word", "lexicon", "pattern")
        if asked and answer(what, text) != z3.is_true(model.eval(holds, model_completion=True)):
            return None
    return text


def table(world: World, model: Any, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The fields of a subject with their values as a person reads them."""
    found = []
    for name in names:
        slot = world.slots.get(name)
        if slot is None:
            continue
        state = model.eval(slot.state, model_completion=True).as_long()
        found.append((name, _WORDS.get(state) or _shown(world, model, name, slot)))
    return tuple(found)


def _shown(world: World, model: Any, name: str, slot: Slot) -> str:
    value = written(world, model, name, slot)
    if z3.is_true(model.eval(slot.partly, model_completion=True)) and slot.partly is not FALSE:
        low, high = (model.eval(end, model_completion=True) for end in (slot.low, slot.high))
        return f"{value}（可能还有）" if slot.type.many else f"{low}至{high}"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "（某个值）" if value is None else str(value)
