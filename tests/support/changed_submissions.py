"""Submissions of the shipped packs, good ones and probes, changed and judged three times.

Every rule of a pack is judged by the direct engine, the network and the naive reading: those that a
person wrote, the references and the agreements. ``python -m tests.support.changed_submissions
--pairs 100000`` runs any number of pairs of a submission and a rule, ``--rules FILE`` only rules
that stand in a file, one a line.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.verdicts.judged import Judge
from benchmarks.verdicts.probes import (
    Base,
    Faults,
    Probe,
    as_case,
    patched_with,
    read_bases,
    read_set,
    set_names,
)
from tests.support.agreement import Disagreement, Tally, compare
from tests.support.deletions import scalars, without
from tests.support.generators import chance
from tests.support.reference import Reference

from kehou.authoring.run_cases import submission_of
from kehou.checking import check_values, date_of
from kehou.checking.dates import law_date
from kehou.errors import UsageError
from kehou.facts import FactBase
from kehou.judging import bind_rules
from kehou.judging.program import Program
from kehou.model.outcomes import Outcome, Stage
from kehou.packs import Pack

#: What is written in place of a value: none, nothing that can be read, none of the tables' numbers.
_INSTEAD = ("无", "？", "X-999", "0", "1", "2021-09-01", "2022-01-14", "17:00", "是", "否")
#: So many changes are made to one submission at most; some are left as they are.
MOST_CHANGES = 20
#: The rules and the naive reading of a pack at a stage, by what they depend on.
_KEPT: dict[tuple[str, Stage, str, frozenset[str], frozenset[str]], tuple[Program, Reference]] = {}


@cache
def _bench() -> tuple[dict[str, Base], list[Probe], Judge]:
    faults = Faults()
    bases = read_bases(faults)
    probes = [probe for name in set_names() for probe in read_set(name, faults)]
    assert not faults.found, faults.found[0]
    return bases, probes, Judge(bases)


def _drawn(rng: Random) -> tuple[Base, Any]:
    """A base, or a probe on it, changed at random."""
    bases, probes, _ = _bench()
    if chance(rng, 40):
        base = bases[rng.choice(list(bases))]
        return base, changed(base.tree, rng)
    probe = rng.choice(probes)
    base = bases[probe.base]
    return base, changed(patched_with(base.tree, probe.changes, probe.drop), rng)


def changed(tree: Any, rng: Random) -> Any:
    """The tree with some scalars left out, written otherwise, or changed with one of their kind."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(0, MOST_CHANGES)):
        known = list(scalars(tree))
        pointer = rng.choice(known)
        if chance(rng, 30):
            tree = without(tree, pointer)
        elif chance(rng, 50):
            tree = _with(tree, pointer, rng.choice(_INSTEAD))
        else:
            last = pointer.rpartition("/")[2]
            alike = [p for p in known if p.rpartition("/")[2] == last]
            tree = _with(tree, pointer, _at(tree, rng.choice(alike)))
    if chance(rng, 25):
        tree = _with_rows(tree, rng)
    return tree


def _with_rows(tree: Any, rng: Random) -> Any:
    """The tree with one list doubled in a row, emptied, or not handed in."""
    lists = [p for p in _lists(tree, "") if p]
    pointer = rng.choice(lists)
    rows = _at(tree, pointer)
    kind = rng.randrange(3)
    if kind == 0 and rows:
        return _with(tree, pointer, [*rows, copy.deepcopy(rng.choice(rows))])
    return _with(tree, pointer, "无") if kind == 1 else without(tree, pointer)


def _lists(tree: Any, pointer: str) -> Iterator[str]:
    if isinstance(tree, list):
        yield pointer
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in steps:
        if isinstance(value, (dict, list)):
            yield from _lists(value, f"{pointer}/{key}")


def _at(tree: Any, pointer: str) -> Any:
    for step in pointer[1:].split("/"):
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    return tree


def _with(tree: Any, pointer: str, value: Any) -> Any:
    head, _, last = pointer.rpartition("/")
    holder = _at(tree, head) if head else tree
    holder[int(last) if isinstance(holder, list) else last] = value
    return tree


def judged(
    rng: Random, tally: Tally, met: Counter[str], wanted: frozenset[str] = frozenset()
) -> Iterator[Disagreement]:
    """Judge one changed submission under every pack in force, at each stage of its base.

    ``wanted`` are the rules, as pack/rule; none means all. ``met`` counts them.
    """
    judge = _bench()[2]
    base, tree = _drawn(rng)
    for stage in base.stages:
        try:
            first = judge.pack(base.packs[0])
            submission = submission_of(first, tree, as_case(base.id, stage, {}, ()))
            as_of = law_date([first], submission.tree)
        except UsageError:
            continue
        for pack in judge.in_force(base, as_of):
            on = date_of(submission.schema, submission.tree, stage)
            check = check_values(submission, stage, on)
            parameters = pack.in_force(as_of)
            facts = FactBase(pack, submission.tree, parameters, check, submission.faulted)
            rules, reference = _readings(pack, stage, as_of, frozenset(submission.bureau), wanted)
            reference.seen.clear()
            reference.states.clear()
            names = {bound.rule.id: {"id": f"{pack.id}/{bound.rule.id}"} for bound in rules}
            met.update(tree["id"] for tree in names.values())
            yield from compare(rules, facts, reference, tally, names)


def _readings(
    pack: Pack, stage: Stage, as_of: str, loaded: frozenset[str], wanted: frozenset[str]
) -> tuple[Program, Reference]:
    key = (pack.id, stage, as_of, loaded, wanted)
    if key not in _KEPT:
        _KEPT[key] = _made(pack, stage, as_of, loaded, wanted)
    return _KEPT[key]


def _made(
    pack: Pack, stage: Stage, as_of: str, loaded: frozenset[str], wanted: frozenset[str]
) -> tuple[Program, Reference]:
    rules = bind_rules(pack, stage, as_of, loaded)[0]
    kept = [bound for bound in rules if not wanted or f"{pack.id}/{bound.rule.id}" in wanted]
    return Program(kept), Reference(pack, stage, as_of, loaded)


def run(
    pairs: int,
    seed: int,
    tally: Tally,
    met: Counter[str],
    wanted: frozenset[str] = frozenset(),
) -> Iterator[Disagreement]:
    """Judge changed submissions, each of its own seed, until there were so many pairs."""
    while met.total() < pairs:
        yield from judged(Random(seed), tally, met, wanted)
        seed += 1


def main() -> int:
    """Run by hand; exit code 1 where any two readings differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1_000_000)
    parser.add_argument("--rules", type=Path, help="pack/rule, one a line: these alone")
    options = parser.parse_args()
    wanted = frozenset(options.rules.read_text("utf-8").split()) if options.rules else frozenset()
    tally, met, start, differing = Tally(), Counter[str](), perf_counter(), 0
    for found in run(options.pairs, options.seed, tally, met, wanted):
        differing += 1
        if differing <= 5:
            print(found)
    print(f"{met.total():,} pairs of a submission and one of {len(met)} rules")
    print(f"{tally.pairs:,} pairs of a subject and a rule")
    for outcome in Outcome:
        print(f"  {outcome:16}{tally.outcomes[outcome]:10,}")
    for rule in sorted(wanted - set(met)):
        print(f"never met: {rule}")
    print(f"{differing:,} disagreements, {perf_counter() - start:.1f} s")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
