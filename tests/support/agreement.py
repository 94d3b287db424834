"""Random rules on random submissions, judged three times: direct, network, reference.

``python -m tests.support.agreement --pairs 100000`` runs any number of pairs of a rule and a
subject and prints how often each operator, entity, outcome and pattern group was met.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.support import generators, synthetic
from tests.support.generators import AS_OF, chance
from tests.support.reference import Reference
from tests.support.rulemaker import Names, Rules
from tests.support.synthetic import Tree

from kehou import packs
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare, rete
from kehou.judging.network import MOST_PATTERNS_OF_RULE, rule_patterns
from kehou.language.dnf import TooLarge
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome, Stage
from kehou.packs import Pack
from kehou.submission import Submission, from_tree

#: The outcome that each group of patterns of the network stands for.
GROUPS = {
    Outcome.NOT_APPLICABLE: "when false",
    Outcome.NOT_JUDGED: "unset",
    Outcome.FAIL: "fail",
    Outcome.REVIEW: "review",
    Outcome.PASS: "pass",
}
STATES = ("known", "absent", "missing", "bounded", "open", "no row")
FORMS = ("list", "inner", "expand", "group", "pairs", "overlaps", "submission")
RULES_OF_PROGRAM = 60
SUBMISSIONS_OF_PROGRAM = 3


@dataclass(frozen=True)
class Disagreement:
    """Where the readings of one rule on one subject differ."""

    rule: Tree
    subject: str
    values: Mapping[str, Any]
    direct: Outcome
    rete: Outcome
    reference: Outcome

    def __str__(self) -> str:
        return (
            f"{self.rule}\n  {self.subject} direct {self.direct}, rete {self.rete}, "
            f"reference {self.reference}\n  {self.values}"
        )


@dataclass
class Tally:
    """What was met: tests by (operator, verdict), operands, pairs by entity, outcome, group."""

    tests: Counter[tuple[str, bool | None]] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    rules: int = 0
    refused: int = 0

    @property
    def pairs(self) -> int:
        """Pairs of a rule and a subject."""
        return self.outcomes.total()

    def counts(self) -> dict[str, int]:
        """Every count by a readable name, those that are nought included."""
        words = {True: "true", False: "false", None: "unknown"}
        found = {f"{op} {words[v]}": self.tests[op, v] for op in OPERATORS for v in words}
        found |= {f"operand {state}": self.states[state] for state in STATES}
        found |= {f"entity {form}": self.forms[form] for form in FORMS}
        found |= {
            f"outcome {outcome}": self.outcomes[outcome]
            for outcome in (*GROUPS, Outcome.INSUFFICIENT)
        }
        return found | {f"patterns {group}": self.groups[group] for group in GROUPS.values()}

    def __str__(self) -> str:
        lines = [f"{name:24}{count:10,}" for name, count in self.counts().items()]
        head = f"{self.rules:,} rules ({self.refused:,} too large), {self.pairs:,} pairs"
        return "\n".join([head, *lines])


class Workshop:
    """Makes programs and submissions of random draws in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        synthetic.write_pack(folder, generators.parameters(Random(0)), [])
        self.names = Names(packs.load(str(folder)).vocabulary)

    def pack(self, rng: Random, count: int, stage: Stage) -> tuple[Pack, dict[str, Tree]]:
        """A pack of random parameters and rules, through the real loader, and its rule files."""
        rules = Rules(rng, self.names)
        trees = [rules.rule(number, stage) for number in range(count)]
        synthetic.write_pack(self.folder, generators.parameters(rng), trees)
        return packs.load(str(self.folder)), {tree["id"]: tree for tree in trees}


def base_of(
    pack: Pack, submission: Submission, stage: Stage, as_of: str, day: str | None
) -> FactBase:
    """The facts of a submission, still without derived values."""
    check = {"check.stage": str(stage)} | ({"check.date": day} if day else {})
    return FactBase(pack, submission.tree, pack.in_force(as_of), check, submission.faulted)


def _shape(rule: BoundRule) -> tuple[str, tuple[str, ...], int]:
    return rule.rule.id, rule.unset, len(rule.reviews)


def is_small(rule: BoundRule) -> bool:
    """Whether the network may hold a rule (docs/language.md §3)."""
    try:
        return len(rule_patterns(rule)) <= MOST_PATTERNS_OF_RULE
    except TooLarge:
        return False


def program(
    workshop: Workshop,
    rng: Random,
    tally: Tally,
    rules: int = RULES_OF_PROGRAM,
    submissions: int = SUBMISSIONS_OF_PROGRAM,
) -> Iterator[Disagreement]:
    """Judge one random pack on some random submissions; yields where the readings differ."""
    stage = rng.choice(list(Stage))
    as_of = rng.choice(AS_OF)
    pack, trees = workshop.pack(rng, rules, stage)
    small: dict[tuple[str, tuple[str, ...], int], bool] = {}
    for _ in range(submissions):
        raw = generators.submission(rng, pack.schema.root)
        found = from_tree(raw, pack.schema, stage=stage)
        day = None if chance(rng, 30) else rng.choice(generators.POOLS["date"])
        base = base_of(pack, found, stage, as_of, day)
        bound = bind_rules(pack, stage, as_of, found.bureau)[0]
        for rule in bound:
            if (shape := _shape(rule)) not in small:
                small[shape] = is_small(rule)
        kept = [rule for rule in bound if small[_shape(rule)]]
        tally.rules += len(kept)
        tally.refused += len(bound) - len(kept)
        yield from compare(kept, base, Reference(pack, stage, as_of, found.bureau), tally, trees)


def compare(
    rules: Sequence[BoundRule],
    base: FactBase,
    reference: Reference,
    tally: Tally,
    trees: Mapping[str, Tree],
) -> Iterator[Disagreement]:
    """Judge bound rules on a base by all three readings."""
    prepare(base, rules)
    roots = base.root.values
    with rete.start(rules, base) as running:
        plain = direct.run(rules, base)
        naive = {
            bound.rule.id: [
                reference.outcome(bound.rule, fact.values, roots)
                for fact in base.entities[bound.rule.each]
            ]
            for bound in rules
        }
        network = running.outcomes()
    tally.tests += reference.seen
    tally.states += reference.states
    for bound in rules:
        rule = bound.rule
        entity = base.pack.entities.get(rule.each)
        tally.forms[entity.form if entity else rule.each] += len(naive[rule.id])
        readings = zip(plain[rule.id], network[rule.id], naive[rule.id], strict=True)
        for fact, (a, b, c) in zip(base.entities[rule.each], readings, strict=True):
            tally.outcomes[c] += 1
            if b in GROUPS and not bound.unset:
                tally.groups[GROUPS[b]] += 1
            if not a == b == c:
                yield Disagreement(
                    trees[rule.id], f"{fact.entity} {fact.pointer}", dict(fact.values), a, b, c
                )


def run(pairs: int, seed: int, tally: Tally, folder: Path) -> Iterator[Disagreement]:
    """Judge programs, each of its own seed, until there were so many pairs."""
    workshop = Workshop(folder)
    while tally.pairs < pairs:
        yield from program(workshop, Random(seed), tally)
        seed += 1


def main() -> int:
    """Run by hand; exit code 1 where any two readings differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1_000_000)
    parser.add_argument("--show", type=int, default=5, help="disagreements to print")
    options = parser.parse_args()
    tally, start, differing = Tally(), perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for found in run(options.pairs, options.seed, tally, Path(folder)):
            differing += 1
            if differing <= options.show:
                print(found)
    print(tally)
    print(f"{differing:,} disagreements, {perf_counter() - start:.1f} s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
