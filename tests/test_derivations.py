"""Derived values and outcomes against a second plain implementation, and against completions.

On a fully known submission both implementations give the same. Where something is not known,
every way of filling it in must lie within what was said before: a plain value stays, bounds hold
the value, an open list holds its items, an outcome that was settled stays settled.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kehou import direct, packs
from kehou.facts import FactBase
from kehou.model import ABSENT, Bounds, Open, Outcome, Stage, Unknown
from kehou.packs import Pack
from kehou.program import BoundRule, bind_rules, prepare
from kehou.rows import Fact
from tests import generators, synthetic
from tests.completions import complete, known, punch
from tests.generators import Names, Rules
from tests.plain import UNDECIDED, Row, View, World
from tests.reference import Reference, operands

STAGE, AS_OF = Stage.APPROVAL, "2021-09-01"
CHECK = {"check.stage": str(STAGE), "check.date": "2021-09-01"}
#: Known trees, and trees with holes; fillings of each of the latter.
TREES, FILLINGS = 120, 24
#: Rules are made anew with so many trees.
RULES = 60


def packs_of(folder: Path) -> Iterator[tuple[random.Random, Pack]]:
    """A pack of random parameters and rules for each tree, drawn from the tree's own seed."""
    synthetic.write_pack(folder, generators.parameters(random.Random(0)), [])
    names = Names(packs.load(str(folder)).vocabulary)
    for seed in range(TREES):
        rng = random.Random(seed)
        if seed % 10 == 0:
            rules = Rules(rng, names)
            trees = [rules.rule(number, STAGE) for number in range(RULES)]
            synthetic.write_pack(folder, generators.parameters(rng), trees)
            pack = packs.load(str(folder))
        yield rng, pack


def base_of(pack: Pack, tree: Any, faulted: set[str]) -> FactBase:
    return FactBase(pack, tree, pack.in_force(AS_OF), CHECK, faulted)


def world_of(pack: Pack, tree: Any) -> World:
    return World(pack, tree, Reference(pack, STAGE, AS_OF, {"county"}), CHECK)


def fields_of(pack: Pack, entity: str) -> list[str]:
    """The derived fields of an entity."""
    return [name for owner, name in pack.derivations if owner == entity]


def id_of(pack: Pack, fact: Fact) -> tuple[Any, ...]:
    """What tells a subject from the others in every completion (`plain.Row.id`)."""
    if fact.entity == "submission":
        return ()
    d = pack.entities[fact.entity]
    if d.form == "overlaps":
        return tuple(part for member in fact.members for part in id_of(pack, member))
    if d.form == "group":
        return tuple(fact.values.get(name) for name in d.by)
    if d.form == "pairs":
        return (fact.pointer[1:].replace("/", "."),)
    return (fact.pointer, *(fact.values[new] for new, _ in d.over))


def covers(pack: Pack, fact: Fact, row: Row) -> bool:
    """Whether a row of a completion may be what a fact stands for."""
    own = id_of(pack, fact)
    if own == row.id:
        return True
    form = pack.entities[fact.entity].form if fact.entity != "submission" else ""
    if form in ("group", "overlaps"):
        return fact.phantom is not None
    if fact.phantom is not None:
        return f"{row.pointer}/".startswith(f"{fact.pointer}/")
    same = zip(own, row.id, strict=True)
    return all(mine == theirs or isinstance(mine, Unknown) for mine, theirs in same)


def holds(partial: Any, whole: Any) -> bool:
    """Whether a value known in part allows the value known in whole."""
    if isinstance(partial, Unknown) or whole is None:
        return isinstance(partial, Unknown)
    if whole is UNDECIDED:
        return False
    if isinstance(partial, Bounds):
        return whole is not ABSENT and partial.lo <= whole <= partial.hi
    if isinstance(partial, Open):
        return isinstance(whole, tuple) and set(partial.items) <= set(whole)
    if isinstance(partial, tuple) and isinstance(whole, tuple):
        return set(partial) == set(whole)
    return partial is whole or bool(partial == whole)


# --- fully known ---------------------------------------------------------------------------


def test_both_implementations_agree_on_known_submissions(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for rng, pack in packs_of(tmp_path):
        tree = known(rng, pack.schema.root)
        base, world = base_of(pack, tree, set()), world_of(pack, tree)
        for entity in ("submission", *pack.entities):
            if entity != "submission":
                base.rows(entity)
            facts = {id_of(pack, fact): fact for fact in base.entities[entity]
                     if fact.phantom is None}
            rows = {row.id: row for row in world.rows(entity)}
            if not any(fact.phantom for fact in base.entities[entity]):
                assert facts.keys() == rows.keys(), entity
            for name in fields_of(pack, entity):
                for own, fact in facts.items():
                    found, wanted = base.read(fact, name), world.value(rows[own], name)
                    seen[pack.derivations[entity, name].fn] += 1
                    if wanted is UNDECIDED:
                        assert isinstance(found, (Unknown, Bounds, Open)), (entity, name, found)
                    else:
                        assert holds(found, wanted) and not isinstance(
                            found, (Unknown, Bounds, Open)), (entity, name, found, wanted)
    assert min(seen.values()) >= 100 and set(seen) == FUNCTIONS, seen


FUNCTIONS = {"count", "sum", "min", "max", "collect", "distinct", "has", "every", "lookup",
             "first", "plus", "minus", "times", "ratio", "minutes_between", "days_between",
             "per_term"}


# --- known in part ---------------------------------------------------------------------------


def is_first(pack: Pack, entity: str, name: str) -> bool:
    """Whether a field rests on ``first`` or on a lookup's next key, which what is supplied later
    may precede: the one place where more evidence may change a settled value."""
    pending, seen = [(entity, name)], set()
    while pending:
        owner, field = pending.pop()
        root = field.partition(".")[0] in (*pack.schema.root.fields, "submission", "check")
        key = ("submission" if root and "." in field else owner,
               field.removeprefix("submission."))
        d = pack.derivations.get(key)
        if d is None or key in seen:
            continue
        seen.add(key)
        if d.fn == "first" or (d.fn == "lookup" and d.take):
            return True
        pending += packs._inputs(d)
    return False


def rests_on_first(pack: Pack, bound: BoundRule) -> bool:
    entity = pack.entities.get(bound.rule.each)
    where = [entity.by] if entity else []
    named = [name for cond in bound.conditions_as_written for name in packs.field_names(cond)]
    return any(is_first(pack, bound.rule.each, name) for name in [*named, *sum(where, ())])


def test_every_completion_lies_within_what_was_said_before(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for rng, pack in packs_of(tmp_path):
        whole = known(rng, pack.schema.root)
        tree, faulted, holes = punch(rng, pack.schema.root, whole, rng.randint(1, 3))
        base = base_of(pack, tree, faulted)
        entities = ("submission", *pack.entities)
        for entity in entities[1:]:
            base.rows(entity)
        names = {entity: [n for n in fields_of(pack, entity) if not is_first(pack, entity, n)]
                 for entity in entities}
        for filled in complete(rng, tree, holes, FILLINGS):
            world = world_of(pack, filled)
            for entity in entities:
                for row in world.rows(entity):
                    facts = [f for f in base.entities[entity] if covers(pack, f, row)]
                    if not facts:
                        wrong.setdefault(f"{entity} not covered", (row.id, holes))
                    for fact in facts:
                        for name in names[entity]:
                            found = base.read(fact, name)
                            value = world.value(row, name)
                            seen[type(found).__name__] += 1
                            if not holds(found, value):
                                wrong.setdefault(f"{entity}.{name}", (found, value, row.id, holes, faulted))
    assert not wrong, wrong
    print(seen)
