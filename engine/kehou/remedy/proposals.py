"""Which single edits may turn a failing rule: taken from the tests that are not met.

Only fields marked ``x-proposable`` in the submission's schema are ever proposed: what a submitter
decides by writing its plan (an end time, an activity, who is exempted). A fact about the world (an
insurance, a signature, a timetable, what a register recorded) is not decided by writing it down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kehou.facts import Fact, FactBase, member_rows
from kehou.fields import Field
from kehou.judging import BoundRule
from kehou.language import Bound, Derivation, FieldArg, Leaf
from kehou.language.condition_parts import field_names
from kehou.language.conditions import Truth, evaluate, read_operand
from kehou.language.derivations import FUNCTIONS
from kehou.language.operators import OPERATORS, ORDERED
from kehou.model.rules import All, FieldRef, Not
from kehou.model.values import ABSENT, at_pointer
from kehou.remedy.edits import Edit

#: Marks in the schema what may be proposed: true, a list of values, or of a row's fields.
MARK = "x-proposable"
#: Derived values are traced back through so many steps, to so many sources.
_DEEPEST = 8
_MOST_SOURCES = 60

#: Whether a tree with one value put at a pointer would no longer fail.
Cures = Callable[[Edit], bool]


#: A comparison as seen from its right side.
_MIRRORED = {
    "at_most": "at_least",
    "at_least": "at_most",
    "less_than": "more_than",
    "more_than": "less_than",
    "contains_all": "",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a test asks of one of its operands: to be ``op`` ``limit``, or not to be."""

    op: str
    wanted: bool
    limit: Any
    operand: FieldArg


@dataclass(frozen=True, slots=True)
class Proposals:
    """Edits that may help one subject, and the pointers of what its unmet tests rest on.

    ``record`` is whether one of those is a record of what happened: then nothing may be edited, the
    plan no more than the record.
    """

    edits: tuple[Edit, ...]
    sources: tuple[str, ...]
    record: bool = False


def proposals(rule: BoundRule, base: FactBase, fact: Fact, cures: Cures) -> Proposals:
    """Candidate edits for one failing subject of a rule, the ones to be preferred first.

    Besides the requirement the reasons to look that hold now must go: a doubt is no pass.
    """
    sources: dict[str, None] = {}
    if rule.require is None:
        return Proposals((), ())
    pool = _pool(rule.require, True, base, fact, cures, sources)
    record = any(_is_record(base, pointer) for pointer in sources)
    if not pool or record:
        return Proposals((), tuple(sources), record)
    for review in rule.reviews:
        pool += _pool(review.when, False, base, fact, cures, {}) or []
    return Proposals(tuple(dict.fromkeys(pool)), tuple(sources))


def _is_record(base: FactBase, pointer: str) -> bool:
    """Whether a pointer is in a part that is wanted only once a service has begun."""
    part = base.pack.schema.root.fields.get(pointer.split("/")[1] if pointer else "")
    if part is None:
        return False
    return part.record or bool(part.required and "approval" not in part.required)


def _pool(
    cond: Bound, wanted: bool, base: FactBase, fact: Fact, cures: Cures, sources: dict[str, None]
) -> list[Edit] | None:
    """Edits that bear on what keeps a condition from being ``wanted``; None where none can."""
    if isinstance(cond, Truth):
        return [] if cond.value is wanted else None
    if evaluate(cond, fact.values, base.root.values) is wanted:
        return []
    if isinstance(cond, Leaf):
        return _of_leaf(cond, wanted, base, fact, cures, sources) or None
    if isinstance(cond, Not):
        return _pool(cond.item, not wanted, base, fact, cures, sources)
    pools = [_pool(item, wanted, base, fact, cures, sources) for item in cond.items]
    if isinstance(cond, All) is wanted:  # every one of them is needed
        return None if None in pools else [e for pool in pools for e in pool or []]
    alive = [edit for pool in pools for edit in pool or []]
    return alive or None


def _of_leaf(
    leaf: Leaf, wanted: bool, base: FactBase, fact: Fact, cures: Cures, sources: dict[str, None]
) -> list[Edit]:
    found: list[Edit] = []
    for operand, other, op in (
        (leaf.left, leaf.right, leaf.op),
        (leaf.right, leaf.left, _MIRRORED.get(leaf.op, leaf.op)),
    ):
        if not isinstance(operand, FieldArg):
            continue
        limit = read_operand(other, fact.values, base.root.values)
        asked = _Asked(op, wanted, limit, operand)
        for pointer, how in _traced(base, fact, operand.name):
            sources.setdefault(pointer)
            found += _edits(base, fact, asked, pointer, how, cures)
        found += _rows_lacking(base, fact, asked)
    return found


# --- where a value comes from --------------------------------------------------------------

#: How a field rests on a value: it is that value; it is computed from it; or it only tells whether
#: there is such a row, which is no reason to turn one row into another.
_SAME, _COMPUTED, _COUNTED = range(3)


def _traced(base: FactBase, fact: Fact, name: str) -> list[tuple[str, int]]:
    return list(dict.fromkeys(_sources(base, fact, name, 0)))[:_MOST_SOURCES]


def _sources(base: FactBase, fact: Fact, name: str, depth: int) -> Iterator[tuple[str, int]]:
    """Pointers that a field is read or derived from, and how it rests on each."""
    holder = base.root if base.is_root(fact.entity, name) else fact
    derivation = base.pack.derivations.get((holder.entity, name.removeprefix("submission.")))
    if depth > _DEEPEST or holder.phantom is not None or name.startswith("check."):
        return
    if derivation is not None:
        for pointer, how in _derived(base, holder, derivation, depth + 1):
            yield pointer, max(how, _COMPUTED)
        return
    inherited = base.inherited(holder, name)
    if inherited is not None and name not in holder.values:
        yield from _sources(base, inherited, name, depth + 1)
        return
    yield holder.path(name), _SAME if depth == 0 else _COMPUTED


def _derived(base: FactBase, fact: Fact, d: Derivation, depth: int) -> Iterator[tuple[str, int]]:
    entity = base.pack.entities.get(d.over)
    shape = FUNCTIONS[d.fn].takes.shape
    if d.over and shape != "entries":
        names = [*([d.of] if d.of else []), *field_names(d.that)]
        least = _COUNTED if FUNCTIONS[d.fn].gives == "number" else _COMPUTED
        for row in islice(member_rows(base, fact, d), _MOST_SOURCES):
            for name in names:
                for pointer, how in _sources(base, row, name, depth):
                    yield pointer, max(how, least)
            if not names:
                yield row.pointer, _COUNTED
    elif shape == "entries":
        for mine, _ in d.match:
            yield from _sources(base, fact, mine, depth)
    else:
        for arg in d.arguments:
            if isinstance(arg, FieldRef):
                yield from _sources(base, fact, arg.name, depth)
    if entity is not None and entity.path:
        yield "/" + entity.path.replace(".", "/"), _COUNTED


# --- what may be written there -------------------------------------------------------------


def _edits(
    base: FactBase, fact: Fact, asked: _Asked, pointer: str, how: int, cures: Cures
) -> Iterator[Edit]:
    field = base.pack.schema.at(pointer)
    marked = None if field is None else field.node.get(MARK)
    if field is None or not marked or how == _COUNTED:
        return
    current = at_pointer(base.tree, pointer)
    if field.kind == "list":
        yield from _of_list(fact, asked, pointer, current)
    elif isinstance(marked, list) and field.kind != "rows":
        for value in marked:
            typed = ABSENT if value == "无" else value
            if typed != current:
                yield Edit(pointer, typed)
    elif field.kind in ORDERED and isinstance(current, int):
        if how == _SAME:
            value = _at_limit(asked)
            if value is not None and value != current:
                yield Edit(pointer, value)
        else:
            yield from _nearest(field, pointer, current, cures)


def _at_limit(asked: _Asked) -> int | None:
    """The value at the limit that a comparison allows."""
    op, limit = asked.op, asked.limit
    if not isinstance(limit, int) or isinstance(limit, bool):
        return None
    if asked.wanted:
        steps = {"is": 0, "at_most": 0, "at_least": 0, "less_than": -1, "more_than": 1}
    else:
        steps = {"less_than": 0, "more_than": 0, "at_most": 1, "at_least": -1}
    return limit + steps[op] if op in steps else None


def _nearest(field: Field, pointer: str, current: int, cures: Cures) -> Iterator[Edit]:
    """The value nearest to the present one that cures, below it, then above it."""
    lowest = (field.minimum or 0) * (100 if field.kind == "money" else 1)
    highest = 1439 if field.kind == "time" else max(4 * current, 4)
    for end in (lowest, highest):
        if end == current or not cures(Edit(pointer, end)):
            continue
        good, bad = end, current
        while abs(good - bad) > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if cures(Edit(pointer, middle)) else (good, middle)
        if good > 0:
            yield Edit(pointer, good)


def _of_list(fact: Fact, asked: _Asked, pointer: str, current: Any) -> Iterator[Edit]:
    """A list with what it lacks, or without the member that an expanded subject stands for."""
    have = current if isinstance(current, tuple) else ()
    limit = asked.limit
    if asked.op == "contains_all" and asked.wanted and isinstance(limit, tuple):
        lacking = [member for member in limit if member not in have]
        if lacking:
            yield Edit(pointer, _in_order([*have, *lacking]))
        return
    if fact.values.get(asked.operand.name) in have:
        # every row expanded from the list is judged alike: what one may not hold, none may
        test = OPERATORS[asked.op].scalar
        kept = tuple(member for member in have if test(member, limit) is asked.wanted)
        if kept and len(kept) < len(have):
            yield Edit(pointer, kept)


def _in_order(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(sorted(values) if all(isinstance(v, int) for v in values) else values)


def _rows_lacking(base: FactBase, fact: Fact, asked: _Asked) -> Iterator[Edit]:
    """Rows that a list lacks, where a row is determined by the value that is asked for."""
    if asked.op != "contains_all" or not asked.wanted or not isinstance(asked.limit, tuple):
        return
    name = asked.operand.name
    entity = base.root.entity if base.is_root(fact.entity, name) else fact.entity
    d = base.pack.derivations.get((entity, name.removeprefix("submission.")))
    rows = base.pack.entities.get(d.over) if d is not None else None
    if d is None or rows is None or rows.form != "list":
        return
    pointer = "/" + rows.path.replace(".", "/")
    field = base.pack.schema.at(pointer)
    if field is None or d.of not in (field.node.get(MARK) or ()):
        return
    have = read_operand(asked.operand, fact.values, base.root.values)
    given = tuple(
        (own, child.node[MARK][0])
        for own, child in field.fields.items()
        if child.required and own != d.of and child.node.get(MARK)
    )
    known = have if isinstance(have, tuple) else ()
    lacking = tuple(((d.of, member), *given) for member in asked.limit if member not in known)
    if lacking:
        yield Edit(pointer, lacking, rows=True)


__all__ = ["MARK", "Proposals", "proposals"]
