"""Derived values and outcomes against a second plain implementation, and against completions.

On a fully known submission both implementations give the same. Where something is not known,
every way of filling it in must lie within what was said before: a plain value stays, bounds hold
the value, an open list holds its items, an outcome that was settled stays settled.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from tests.support import generators, synthetic
from tests.support.completions import Hole, complete, known, punch
from tests.support.plain import UNDECIDED, Row, View, World
from tests.support.plain_open import AGGREGATES, OpenRow, OpenWorld
from tests.support.reference import Reference, operands
from tests.support.rulemaker import Names, Rules
from tests.support.share import reached, share

from kehou import packs
from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.language import Derivation
from kehou.language.derivations import FUNCTIONS
from kehou.model.outcomes import Outcome, Stage
from kehou.model.rules import FieldRef, Param
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown
from kehou.packs import Pack

STAGE, AS_OF = Stage.APPROVAL, "2021-09-01"
CHECK = {"check.stage": str(STAGE), "check.date": "2021-09-01"}
#: Known trees, and trees with holes; fillings of each of the latter.
TREES, FILLINGS = share(120), 24
#: How often everything that is compared must at least have been met.
LEAST = reached(100)
#: Rules of a pack; pairs of a rule and a subject followed into each tree's completions.
RULES, PAIRS = 60, 12
#: What a settled outcome may be once more is known: a rule passes although its ``when`` is open.
STAYS = {
    Outcome.FAIL: {Outcome.FAIL},
    Outcome.NOT_APPLICABLE: {Outcome.NOT_APPLICABLE},
    Outcome.PASS: {Outcome.PASS, Outcome.NOT_APPLICABLE},
}


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
            facts = {
                id_of(pack, fact): fact for fact in base.entities[entity] if fact.phantom is None
            }
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
                            found, (Unknown, Bounds, Open)
                        ), (entity, name, found, wanted)
    assert min(seen.values()) >= LEAST and set(seen) == set(FUNCTIONS), seen


# --- known in part ---------------------------------------------------------------------------


def behind(pack: Pack, entity: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every (entity, field) that fields rest on, themselves included."""
    roots = (*pack.schema.root.fields, "submission", "check")
    pending, seen = [(entity, name) for name in names], set()
    while pending:
        owner, name = pending.pop()
        if "." in name and name.partition(".")[0] in roots:
            owner, name = "submission", name.removeprefix("submission.")
        if (owner, name) not in seen:
            seen.add((owner, name))
            yield owner, name
            if (owner, name) in pack.derivations:
                pending += inputs(pack.derivations[owner, name])


def inputs(d: Derivation) -> list[tuple[str, str]]:
    """(entity, field) of what a derived field is worked out from."""
    mine = [n for _, n in d.same] + [n for n, _ in d.match] + [d.at]
    mine += [arg.name for arg in (*d.args, *(a for _, a in d.named)) if isinstance(arg, FieldRef)]
    theirs = [n for n, _ in d.same] + [n for _, n in d.match] + [d.of, d.take]
    theirs += [
        o.name for cond in (d.where, d.that) for o in operands(cond) if isinstance(o, FieldRef)
    ]
    return [(d.entity, n) for n in mine if n] + [(d.over, n) for n in theirs if n]


def may_change(pack: Pack, entity: str, names: Iterable[str]) -> bool:
    """Whether more evidence may change a settled value, as docs/language.md §2 has it.

    ``first`` and the next key of a ``lookup`` pass over what is not supplied, and what is handed
    in later goes before.
    """
    found = [pack.derivations.get(key) for key in behind(pack, entity, names)]
    return any(d is not None and (d.fn == "first" or (d.fn == "lookup" and d.take)) for d in found)


@dataclass
class Partial:
    """A submission with holes, and its completions."""

    pack: Pack
    base: FactBase
    holes: list[Hole]
    completions: list[World]


def partials(folder: Path) -> Iterator[tuple[random.Random, Partial]]:
    """Submissions with one to three holes, mostly in what derived values are worked out from."""
    for rng, pack in packs_of(folder):
        telling = {name for d in pack.derivations.values() for _, name in inputs(d)}
        telling |= {"items", "people", "parts", "grades", "season", "owner", "county", "entries"}
        root = pack.schema.root
        tree, faulted, holes = punch(rng, root, known(rng, root), rng.randint(1, 3), telling)
        base = base_of(pack, tree, faulted)
        for entity in pack.entities:
            base.rows(entity)
        worlds = [world_of(pack, filled) for filled in complete(rng, tree, holes, FILLINGS)]
        yield rng, Partial(pack, base, holes, worlds)


def test_every_completion_lies_within_what_was_said_before(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for _, partial in partials(tmp_path):
        pack, base = partial.pack, partial.base
        for entity in ("submission", *pack.entities):
            names = [n for n in fields_of(pack, entity) if not may_change(pack, entity, [n])]
            for world in partial.completions:
                for row in world.rows(entity):
                    facts = [f for f in base.entities[entity] if covers(pack, f, row)]
                    if not facts:
                        wrong.setdefault(f"{entity} not foreseen", (row.id, partial.holes))
                    for fact, name in product(facts, names):
                        found, whole = base.read(fact, name), world.value(row, name)
                        seen[type(found).__name__] += 1
                        if not holds(found, whole):
                            wrong.setdefault(name, (fact, found, whole, partial.holes))
    assert not wrong
    assert min(seen[kind.__name__] for kind in (Unknown, Bounds, Open)) >= LEAST, seen


def test_a_settled_outcome_stays_in_every_completion(tmp_path: Path) -> None:
    wrong = []
    seen: Counter[Outcome] = Counter()
    for rng, partial in partials(tmp_path):
        settled = [pair for pair in settled_pairs(partial) if pair[2] in STAYS]
        for bound, fact, before in rng.sample(settled, min(PAIRS, len(settled))):
            for world in partial.completions:
                rows = [r for r in world.rows(fact.entity) if covers(partial.pack, fact, r)]
                for row in rows:
                    roots = View(world, world.root)
                    after = world.reference.outcome(bound.rule, View(world, row), roots)
                    seen[before] += 1
                    if after not in STAYS[before]:
                        wrong.append((before, after, bound.rule, fact, partial.holes))
    assert not wrong, wrong[0]
    assert min(seen[outcome] for outcome in STAYS) >= LEAST, seen


def settled_pairs(partial: Partial) -> list[tuple[BoundRule, Fact, Outcome]]:
    """(rule, subject, outcome) of the rules that promise to stay.

    Not promised where missing reads as absent (``closed``), where ``first`` decides, where a
    parameter is looked up by a field (the key that is supplied later may have no row), and where
    a review waits for a bureau's table.
    """
    pack, base = partial.pack, partial.base
    loaded = {"county"} & base.tree.keys()
    kept = []
    for bound in bind_rules(pack, STAGE, AS_OF, loaded)[0]:
        rule = bound.rule
        conditions = (rule.when, rule.require, *(review.when for review in rule.review))
        used = [o for cond in conditions for o in operands(cond)]
        names = [o.name for o in used if isinstance(o, FieldRef)]
        by_field = any(isinstance(o, Param) and pack.parameters[o.name].by for o in used)
        waits = any(name in pack.tables for _, name in bound.reviews_off)
        if not (rule.closed or by_field or waits or may_change(pack, rule.each, names)):
            kept.append(bound)
    prepare(base, kept)
    outcomes = direct.run(kept, base)
    return [
        (bound, fact, outcome)
        for bound in kept
        for fact, outcome in zip(
            base.entities[bound.rule.each], outcomes[bound.rule.id], strict=True
        )
    ]


# --- aggregates known in part ------------------------------------------------------------------


def without_paths(value: Any) -> Any:
    """A value as the plain implementation says it; an end that is open is as open as any other."""
    if isinstance(value, Unknown):
        return Unknown()
    if isinstance(value, Bounds):
        return Bounds(*map(_end, (value.lo, value.hi)))
    return Open(value.items) if isinstance(value, Open) else value


def _end(value: Any) -> Any:
    return value if isinstance(value, str) or abs(value) < INF // 2 else INF if value > 0 else -INF


def alike(found: Any, wanted: Any) -> bool:
    """Whether two values are the same, a list in whatever order."""
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return set(found) == set(wanted)
    if isinstance(found, Open) and isinstance(wanted, Open):
        return set(found.items) == set(wanted.items)
    return type(found) is type(wanted) and bool(found == wanted)


def aggregates_of(pack: Pack, entity: str) -> list[str]:
    """The derived fields of an entity that rest on aggregates and plain fields alone."""
    return [
        name
        for name in fields_of(pack, entity)
        if all(
            pack.derivations[key].fn in AGGREGATES
            for key in behind(pack, entity, [name])
            if key in pack.derivations
        )
    ]


def test_aggregates_of_what_is_known_in_part_are_those_of_the_plain_implementation(
    tmp_path: Path,
) -> None:
    """Bounds and lists are the same and not merely wide enough, with blank keys among them."""
    seen: Counter[tuple[str, str]] = Counter()
    for rng, pack in packs_of(tmp_path):
        root = pack.schema.root
        telling = {name for d in pack.derivations.values() for _, name in inputs(d)}
        telling |= {"items", "people", "parts", "grades", "season"}
        holes = rng.randint(1, 6)
        tree, faulted, _ = punch(rng, root, known(rng, root, 4), holes, telling)
        base = base_of(pack, tree, faulted)
        reference = Reference(pack, STAGE, AS_OF, {"county"})
        world = OpenWorld(pack, tree, reference, CHECK, faulted)
        for entity in ("submission", *pack.entities):
            facts = [base.root] if entity == "submission" else base.rows(entity)
            rows = world.rows(entity)
            assert [f.phantom is not None for f in facts] == [
                isinstance(r, OpenRow) and r.phantom for r in rows
            ], (entity, tree)
            for name, (fact, row) in product(
                aggregates_of(pack, entity), zip(facts, rows, strict=True)
            ):
                found, wanted = (
                    without_paths(base.read(fact, name)),
                    without_paths(world.value(row, name)),
                )
                seen[pack.derivations[entity, name].fn, type(found).__name__] += 1
                assert alike(found, wanted), (entity, name, found, wanted, tree)
    kinds = Counter[str]()
    for (_, kind), n in seen.items():
        kinds[kind] += n
    assert {fn for fn, _ in seen} == AGGREGATES
    assert min(kinds[kind.__name__] for kind in (Unknown, Bounds, Open)) >= LEAST, seen
