"""``kehou test``: the cases beside the rules, on both engines."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import kehou
from kehou.cli import STAGES, choice, listed, outputs, say
from kehou.commands.choices import chosen_settings, find_rule, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_USAGE, UsageError
from kehou.model.outcomes import Stage

if TYPE_CHECKING:
    from kehou.authoring.mutation.run import MutationRun
    from kehou.model.rules import Rule

#: Rules whose cases take long enough for somebody to ask whether anything goes on.
_MANY = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rules", nargs="*", metavar="RULE", help="command.test.rules")
    parser.add_argument("--mutate", action="store_true", help="command.test.mutate")
    parser.add_argument("--patterns", action="store_true", help="command.test.patterns")
    parser.add_argument("--blind-spots", action="store_true", help="command.test.blind_spots")
    parser.add_argument("--stage", type=choice(STAGES), metavar="STAGE", help="command.test.stage")


def run(options: argparse.Namespace) -> int:
    """``kehou test``: the cases beside the rules, on both engines; exit 1 where one fails."""
    from kehou.authoring import run_cases as cases

    failed = passed = of_lexicons = 0
    names = pack_names(options, chosen_settings())
    if options.patterns and (not options.mutate or options.rules or options.blind_spots):
        raise UsageError("test-patterns", say("command.test.patterns_with"), "--patterns")
    if options.blind_spots:
        return _blind_spots(names, options)
    if options.stage:
        raise UsageError("test-stage", say("command.test.stage_alone"), "--stage")
    if options.rules:
        loaded = [kehou.load_pack(name) for name in names]
        options.rules = [find_rule(rule, loaded)[0].id for rule in options.rules]
    if options.mutate:
        return _mutate(names, options.rules, options.patterns)
    for name in names:
        run = cases.run(name, options.rules or None, watch=_watched)
        passed += run.passed
        of_lexicons += run.of_lexicons
        failed += len(run.failures)
        for place, case, problem in run.failures:
            outputs.emit(outputs.fault(place, say("cli.place", place=case, told=problem)) + "\n")
        if not run.cross_checked:
            outputs.remark("command.test.one_engine")
    own = passed - of_lexicons
    told = say("command.test.counted", passed=own, failed=failed)
    if of_lexicons:
        told = say("command.test.counted_words", passed=own, words=of_lexicons, failed=failed)
    outputs.emit(say("cli.place", place=listed(names), told=told) + "\n")
    if failed:
        return EXIT_FAIL
    return EXIT_OK if passed else EXIT_USAGE


def _watched(rules: Sequence[Rule]) -> Iterable[Rule]:
    """The rules as their cases are run: of many what is going on is told, with a bar."""
    from kehou.batch.progress import watched

    if len(rules) < _MANY:
        return rules
    outputs.remark("command.test.many", n=len(rules))
    title, left = say("command.test.title"), say("command.test.left", time="{time}")
    return watched(rules, len(rules), title, say("command.test.unit"), left)


def _mutate(names: Sequence[str], rules: Sequence[str], patterns: bool) -> int:
    """``kehou test --mutate``: exit 1 where a mutant lives that no case file excuses."""
    from kehou.authoring.mutation import run as mutating

    run = mutating.MutationRun()
    if patterns:
        _of_patterns(names, run)
    for name in () if patterns else names:
        run.add(mutating.mutate(name, rules or None))
    for place, problem in run.failing:
        outputs.emit(outputs.fault(place, say("command.test.failing", problem=problem)) + "\n")
    for place, message in run.untested:
        outputs.emit(outputs.fault(place, message, say("command.test.write_cases")) + "\n")
    for s in run.survived:
        told = say("command.test.alive", mutant=s.mutant, words=s.words)
        outputs.emit(outputs.fault(s.place, told, s.kill) + "\n")
    for place, message in run.unused:
        outputs.emit(outputs.fault(place, message) + "\n")
    if run.survived and not patterns:
        outputs.emit(say("command.test.excuse") + "\n")
    told = say(
        "command.test.mutants",
        n=run.total,
        killed=run.killed,
        excused=run.excused,
        alive=run.alive,
    )
    outputs.emit(say("cli.place", place=listed(names), told=told) + "\n")
    outputs.emit(f"mutation score: {run.score:.1f} %\n")
    return EXIT_FAIL if run.alive or run.failing else EXIT_OK


def _of_patterns(names: Sequence[str], run: MutationRun) -> None:
    """Add what the mutants came to of the patterns of the packs' schemas, each folder once."""
    from kehou.authoring.mutation.pattern_mutants import mutate_patterns
    from kehou.authoring.reading_gates import library_of

    outputs.remark("command.test.patterns_long")
    done: set[str] = set()
    for name in names:
        library, faults = library_of(kehou.load_pack(name).schema)
        run.failing += [(place, message) for place, message, _ in faults]
        if library is not None and library.sha256 not in done:
            done.add(library.sha256)
            run.add(mutate_patterns(library))


def _blind_spots(names: Sequence[str], options: argparse.Namespace) -> int:
    """``kehou test --blind-spots``: exit 1 where a change that no rule notices has no reason."""
    from kehou.authoring.blind_spots import run as blind_spots

    if options.rules or options.mutate:
        raise UsageError("test-blind-spots", say("command.test.blind_spots_alone"))
    stages = (Stage(options.stage),) if options.stage else tuple(Stage)
    found = blind_spots.find(names, stages)
    for place, message in found.faults:
        outputs.emit(outputs.fault(place, message) + "\n")
    for u in found.unexplained:
        told = say(
            "command.test.unnoticed", kind=u.kind, words=u.words, times=u.times, tried=u.tried
        )
        outputs.emit(outputs.fault(u.place, told) + "\n")
    for place, message in found.stale:
        outputs.emit(outputs.fault(place, message) + "\n")
    if found.unexplained:
        outputs.emit(say("command.test.give_reasons") + "\n")
    counts = f"{found.total} changes, {found.unnoticed} unnoticed"
    outputs.emit(f"blind spots: {counts}, {found.without_reason} without reason\n")
    return EXIT_FAIL if found.without_reason or found.faults else EXIT_OK
