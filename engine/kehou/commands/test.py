"""``kehou test``: the cases beside the rules, on both engines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import kehou
from kehou.cli import outputs, pack_option
from kehou.commands.choices import chosen_settings, find_rule, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_USAGE
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rules", nargs="*", metavar="RULE", help="只运行这些规则的用例")
    parser.add_argument(
        "--mutate",
        action="store_true",
        help="把规则逐处改错，看用例能不能发现；以 mutation score 结束",
    )
    pack_option(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou test``: the cases beside the rules, on both engines; exit 1 where one fails."""
    from kehou.authoring import run_cases as cases

    failed = passed = 0
    names = pack_names(options, chosen_settings())
    if options.rules:
        loaded = [kehou.load_pack(name) for name in names]
        options.rules = [find_rule(rule, loaded)[0].id for rule in options.rules]
    if options.mutate:
        return _mutate(names, options.rules)
    for name in names:
        run = cases.run(name, options.rules or None)
        passed += run.passed
        failed += len(run.failures)
        for place, case, problem in run.failures:
            outputs.emit(visible(f"{place}：{case}：{problem}") + "\n")
        if not run.cross_checked:
            outputs.complain("kehou：这台机器上没有 durable_rules，只在一个引擎上运行了用例")
    outputs.emit(f"{'、'.join(names)}：用例通过 {passed} 个，不通过 {failed} 个\n")
    if failed:
        return EXIT_FAIL
    return EXIT_OK if passed else EXIT_USAGE


def _mutate(names: Sequence[str], rules: Sequence[str]) -> int:
    """``kehou test --mutate``: exit 1 where a mutant lives that no case file excuses."""
    from kehou.authoring.mutation import run as mutating

    run = mutating.MutationRun()
    for name in names:
        run.add(mutating.mutate(name, rules or None))
    for place, problem in run.failing:
        outputs.emit(visible(f"{place}：用例本身不通过，先改好：{problem}") + "\n")
    for place, message in run.untested:
        outputs.emit(visible(f"{place}：{message}（请先写用例）") + "\n")
    for s in run.survived:
        told = f"{s.place}：[{s.mutant}] {s.words}，没有用例发现（{s.kill}）"
        outputs.emit(visible(told) + "\n")
    for place, message in run.unused:
        outputs.emit(visible(f"{place}：{message}") + "\n")
    if run.survived:
        written = "survivors: [{mutant: 方括号中的编号, reason: 理由}]"
        outputs.emit(f"等价或不必发现的，写进所属规则的用例文件：{written}\n")
    outputs.emit(
        f"{'、'.join(names)}：改错 {run.total} 处，用例发现 {run.killed} 处，"
        f"没有发现而写明理由 {run.excused} 处，没有写明 {run.alive} 处\n"
        f"mutation score: {run.score:.1f} %\n"
    )
    return EXIT_FAIL if run.alive or run.failing else EXIT_OK
