"""Formulas against the plain reference reading: random rules on random subjects.

A proof about formulas that do not mean what the rules mean would prove nothing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tests.support import generators
from tests.support.agreement import Workshop, base_of, is_small
from tests.support.generators import AS_OF
from tests.support.reference import Reference
from tests.support.share import reached, share

from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule, bind_rules, prepare
from kehou.model.outcomes import Outcome, Stage
from kehou.submission import from_tree

z3 = pytest.importorskip("z3", reason="the solver is an extra (prove)")


def told(rule: BoundRule, base: FactBase, fact: Fact, engine: str) -> set[Outcome]:
    """Every outcome that the formulas allow on a subject as it is."""
    from kehou.authoring.proving import normal_forms, translation
    from kehou.authoring.proving.concrete import as_it_is, tests_as_they_are
    from kehou.authoring.proving.world import World

    world = World()
    module = translation if engine == "direct" else normal_forms
    found = module.outcome(world, rule)
    solver = z3.Solver()
    solver.add(*(as_it_is(world, base, fact, name) for name in world.slots))
    solver.add(*tests_as_they_are(world, base, fact), *world.laws())
    outcomes = set()
    while solver.check() == z3.sat:
        number = solver.model().eval(found, model_completion=True).as_long()
        outcomes.add(translation.OUTCOMES[number])
        solver.add(found != number)
    return outcomes


def test_formulas_mean_what_the_reference_reads(tmp_path: Path) -> None:
    """Both the conditions themselves and the network's patterns, one outcome a subject."""
    workshop, seen = Workshop(tmp_path), Counter[Outcome]()
    seed = 77
    while seen.total() < share(1_200):
        rng = Random(seed)
        seed += 1
        stage, as_of = rng.choice(list(Stage)), rng.choice(AS_OF)
        pack, trees = workshop.pack(rng, 12, stage)
        found = from_tree(generators.submission(rng, pack.schema.root), pack.schema, stage=stage)
        base = base_of(pack, found, stage, as_of, rng.choice(generators.POOLS["date"]))
        rules = [r for r in bind_rules(pack, stage, as_of, found.bureau)[0] if is_small(r)]
        prepare(base, rules)
        reference = Reference(pack, stage, as_of, found.bureau)
        for rule in rules:
            for fact in base.entities[rule.rule.each][:4]:
                right = reference.outcome(rule.rule, fact.values, base.root.values)
                seen[right] += 1
                for engine in ("direct", "network"):
                    assert told(rule, base, fact, engine) == {right}, (
                        engine,
                        trees[rule.rule.id],
                        dict(fact.values),
                    )
    wanted = (Outcome.FAIL, Outcome.PASS, Outcome.INSUFFICIENT, Outcome.NOT_APPLICABLE)
    assert all(seen[outcome] >= reached(40) for outcome in wanted), seen
