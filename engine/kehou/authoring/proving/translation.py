"""Conditions and rules as formulas: where each is true, false, and what outcome a rule comes to.

The meaning is that of the direct engine, docs/language.md §1.5, §2.3, §2.5 and §2.6, written down a
second time; tests hold it against the plain reference reading of the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import z3

from kehou.authoring.proving.world import FALSE, TRUE, Formula, World
from kehou.judging import BoundRule
from kehou.language import Bound, FieldArg, Leaf, Table
from kehou.language.conditions import Operand, Truth, tables
from kehou.language.lexicons import Lexicon
from kehou.language.operators import OPERATORS, verdict
from kehou.model.outcomes import Outcome
from kehou.model.rules import Any_, Const, Not

#: Outcomes as the solver's numbers, in the order of the lines of docs/language.md §2.5.
OUTCOMES: Final = (
    Outcome.NOT_APPLICABLE,
    Outcome.NOT_JUDGED,
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.PASS,
    Outcome.INSUFFICIENT,
)
NUMBER: Final = {outcome: number for number, outcome in enumerate(OUTCOMES)}
#: A member that no list of a pack has.
ANOTHER: Final = "\x00another"
#: Operators that are the reverse of another where both sides have values.
_REVERSED: Final = {"is_not": "is", "not_in": "in", "contains_none": "contains_any"}


class Sides(NamedTuple):
    """Where something is true and where it is false; elsewhere it is unknown."""

    true: Formula
    false: Formula

    def reversed(self) -> Sides:
        """Where it is not so."""
        return Sides(self.false, self.true)


def either(*found: Formula) -> Formula:
    """Disjunction; nothing of none."""
    return z3.Or(*found) if found else FALSE


def both(*found: Formula) -> Formula:
    """Conjunction; anything of none."""
    return z3.And(*found) if found else TRUE


def condition(world: World, cond: Bound | None) -> Sides:
    """Kleene value of a bound condition; one left out is true."""
    if cond is None:
        return Sides(TRUE, FALSE)
    if isinstance(cond, Truth):
        return Sides(z3.BoolVal(cond.value), z3.BoolVal(not cond.value))
    if isinstance(cond, Leaf):
        return leaf(world, cond)
    if isinstance(cond, Not):
        return condition(world, cond.item).reversed()
    parts = [condition(world, item) for item in cond.items]
    if isinstance(cond, Any_):
        return Sides(either(*[p.true for p in parts]), both(*[p.false for p in parts]))
    return Sides(both(*[p.true for p in parts]), either(*[p.false for p in parts]))


def outcome(world: World, rule: BoundRule) -> Formula:
    """What a rule comes to on the subject: the place in `OUTCOMES` of the first line that holds."""
    when, require = condition(world, rule.when), condition(world, rule.require)
    looks = [condition(world, review.when) for review in rule.reviews]
    found: Formula = z3.IntVal(NUMBER[Outcome.INSUFFICIENT])
    lines: Sequence[tuple[Outcome, Formula]] = (
        (Outcome.PASS, both(require.true, *[look.false for look in looks])),
        (Outcome.REVIEW, either(*[look.true for look in looks])),
        (Outcome.FAIL, both(when.true, require.false)),
        (Outcome.NOT_JUDGED, unset(world, rule)),
        (Outcome.NOT_APPLICABLE, when.false),
    )
    for result, holds in lines:
        found = z3.If(holds, NUMBER[result], found)
    return found


def unset(world: World, rule: BoundRule) -> Formula:
    """Whether what the requirement needs has not been set, for anyone or for this subject."""
    if rule.unset:
        return TRUE
    return either(*[_side(world, table).unset for table in tables(rule.require)])


def unset_row(world: World, table: Table) -> Formula:
    """Whether a parameter that is looked up by fields has no row for the subject."""
    return _side(world, table).unset


def is_outcome(found: Formula, *outcomes: Outcome) -> Formula:
    """Whether an outcome is one of some."""
    return either(*[found == NUMBER[one] for one in outcomes])


# --- one test ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """One side of a test: whether it has a value, is absent, has no row; what it may then be.

    ``choices`` are (guard, field or constant): of a table the row that the guard picks.
    """

    has: Formula
    absent: Formula
    unset: Formula
    choices: tuple[tuple[Formula, Any], ...]
    kind: str = ""


def leaf(world: World, test: Leaf) -> Sides:
    """Where one test is true and false."""
    x, y = _side(world, test.left), _side(world, test.right)
    if test.op == "exists":
        return _exists(x, test)
    absent = z3.Or(x.absent, y.absent)
    present = both(x.has, y.has)
    kind = x.kind or y.kind
    met: list[Formula] = []
    broken: list[Formula] = []
    for guard, a in x.choices:
        for other, b in y.choices:
            true, false = _compare(world, test.op, a, b, kind)
            met.append(both(guard, other, true))
            broken.append(both(guard, other, false))
    when_absent = OPERATORS[test.op].when_absent
    unset = both(z3.Not(absent), z3.Or(x.unset, y.unset))
    true, false = both(present, either(*met)), both(present, either(*broken))
    if when_absent:
        return Sides(z3.Or(absent, true), z3.Or(unset, false))
    return Sides(true, either(absent, unset, false))


def _exists(x: _Side, test: Leaf) -> Sides:
    assert isinstance(test.right, Const)
    # A parameter's row that nobody set makes any test false, whichever way it asks.
    found = Sides(x.has, x.absent) if test.right.value else Sides(x.absent, x.has)
    return Sides(found.true, z3.Or(found.false, x.unset))


def _side(world: World, operand: Operand) -> _Side:
    if isinstance(operand, FieldArg):
        kind = operand.type.kind
        has, absent = world.has(operand), world.absent(operand)
        return _Side(has, absent, FALSE, ((TRUE, operand),), kind)
    if isinstance(operand, Const):
        has = z3.BoolVal(operand.value is not None)
        choices = () if operand.value is None else ((TRUE, operand.value),)
        return _Side(has, FALSE, FALSE, choices)
    return _table(world, operand)


def _table(world: World, table: Table) -> _Side:
    """A parameter looked up by fields: the row with the fewest stars that fits the key."""
    known, none = [], []
    for arg in table.by:
        partly = world.slot(arg).partly
        known.append(z3.Or(world.absent(arg), both(world.has(arg), z3.Not(partly))))
        none.append(world.absent(arg))
    rows: list[tuple[Formula, Any]] = []
    earlier: list[Formula] = []
    for key in sorted(table.rows, key=lambda key: key.count("*")):
        fits = both(
            *[world.equals(a, part) for a, part in zip(table.by, key, strict=True) if part != "*"]
        )
        rows.append((both(fits, z3.Not(either(*earlier))), table.rows[key]))
        earlier.append(fits)
    if table.default is not None:
        rows.append((z3.Not(either(*earlier)), table.default))
        earlier.append(TRUE)
    settled, absent, hit = both(*known), either(*none), either(*earlier)
    has = both(settled, z3.Not(absent), hit)
    unset = both(settled, z3.Or(absent, z3.Not(hit)))
    return _Side(has, FALSE, unset, tuple(rows), table.kind)


# --- two values ----------------------------------------------------------------------------


def _compare(world: World, op: str, a: Any, b: Any, kind: str) -> Sides:
    """``a op b`` of two operands that have values: each a field or a constant."""
    if op in _REVERSED:
        return _compare(world, _REVERSED[op], a, b, kind).reversed()
    if not isinstance(a, FieldArg) and not isinstance(b, FieldArg):
        settled = verdict(op, a, b)
        return Sides(z3.BoolVal(settled is True), z3.BoolVal(settled is False))
    if OPERATORS[op].left == "ordered" or op == "is":
        return _ends(op, world, a, b, kind)
    if isinstance(a, FieldArg) and not isinstance(b, FieldArg):
        return _with_constant(world, op, a, b)
    return _unknown(world, op, a, b)


def _ends(op: str, world: World, x: Any, y: Any, kind: str) -> Sides:
    (a, b), (c, d) = (_low_and_high(world, side, kind) for side in (x, y))
    if op == "is":
        return Sides(both(a == b, b == c, c == d), z3.Or(b < c, a > d))
    if op == "at_most":
        return Sides(b <= c, a > d)
    if op == "less_than":
        return Sides(b < c, a >= d)
    if op == "at_least":
        return Sides(d <= a, c > b)
    return Sides(d < a, c >= b)  # more_than


def _low_and_high(world: World, side: Any, kind: str) -> tuple[Formula, Formula]:
    if isinstance(side, FieldArg):
        slot = world.slot(side)
        return slot.low, slot.high
    number = world.number(FieldArg("", _kind(kind)), side)
    return (z3.IntVal(number), z3.IntVal(number)) if isinstance(number, int) else (number, number)


def _kind(kind: str) -> Any:
    from kehou.language import Type

    return Type(kind)


@dataclass(frozen=True, eq=False)
class SomeOf:
    """A list of which the solver is free to say what belongs to it: (member, whether it does)."""

    members: tuple[tuple[Any, Formula], ...]


def _with_constant(world: World, op: str, a: FieldArg, b: Any) -> Sides:
    """A field against a constant list, lexicon or pattern."""
    if op == "matches":
        return _certain(world.fits(a, b))
    if op == "mentions" and isinstance(b, Lexicon):
        return _certain(world.mentions(a, b))
    items = b.members if isinstance(b, SomeOf) else tuple((item, TRUE) for item in b)
    if op == "mentions":
        return _certain(either(*[both(there, world.mentions(a, (word,))) for word, there in items]))
    if op == "in":
        each = [(there, _ends("is", world, a, item, a.type.kind)) for item, there in items]
        true = either(*[both(there, e.true) for there, e in each])
        return Sides(true, both(*[z3.Or(z3.Not(there), e.false) for there, e in each]))
    certain = z3.Not(world.slot(a).partly)
    if op == "contains_all":
        every = both(*[z3.Implies(there, world.contains(a, item)) for item, there in items])
        return Sides(every, both(z3.Not(every), certain))
    any_of = either(*[both(there, world.contains(a, item)) for item, there in items])
    # What may still join the list is none of an empty one.
    nothing = z3.Not(either(*[there for _, there in items]))
    return Sides(any_of, both(z3.Not(any_of), z3.Or(certain, nothing)))


def _certain(holds: Formula) -> Sides:
    return Sides(holds, z3.Not(holds))


def _unknown(world: World, op: str, a: Any, b: Any) -> Sides:
    """A test on two fields or on a parameter that the model knows nothing of."""
    fields = [side for side in (a, b) if isinstance(side, FieldArg)]
    unsure = either(*[world.slot(arg).partly for arg in fields])
    return Sides(*world.verdict((op, _told(a), _told(b)), unsure))


def _told(side: Any) -> tuple[str, Any]:
    return ("field", side.name) if isinstance(side, FieldArg) else ("constant", side)
