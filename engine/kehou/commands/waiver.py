"""``kehou waiver list|lint|prune FILE``: what a bureau has excused, and whether it still stands."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import choice, outputs, shared_options, submission_options
from kehou.commands.choices import check_options, chosen_settings, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, PackError, UsageError
from kehou.render.words import visible

if TYPE_CHECKING:
    from kehou.checking import Waiver
    from kehou.model.rules import Rule

ACTIONS = ("list", "lint", "prune")
_STATES = {"in_force": "有效", "expired": "已过期", "not_yet": "尚未生效"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "action",
        type=choice(ACTIONS),
        metavar="ACTION",
        help="list 逐项列出、lint 查错、prune 去掉过期和没有用到的（不改原文件）",
    )
    parser.add_argument("file", metavar="FILE", help="豁免文件 waivers.yaml")
    parser.add_argument(
        "--against",
        action="append",
        metavar="PATH",
        help="材料或 JSON 报告，用来看哪些豁免没有用到；可写几次",
    )
    parser.add_argument(
        "-o", "--output", metavar="FORMAT[=FILE]", default="text", help="text；prune 写到文件时用"
    )
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """List: exit 0. Lint: 1 where anything is to be mended. Prune: 0."""
    from kehou.checking import waivers

    if options.on is None:
        raise UsageError("usage", "缺少 --on", hint="写上按哪一天看，如 --on 2021-10-01")
    output = outputs.parse(options.output, ["text"])
    outputs.check_targets([output], [options.file, *(options.against or ())])
    chosen = chosen_settings()
    loaded = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    rules = {name: rule for pack in loaded for name, rule in pack.rules.items()}
    try:
        found = waivers.load(options.file, rules)
    except PackError as error:
        told = [
            f"{place}：{words}" + (f"（{hint}）" if hint else "")
            for place, words, hint in error.faults
        ]
        told.append(f"豁免文件有 {len(error.faults)} 处错误，请改好再用")
        outputs.emit("".join(visible(line) + "\n" for line in told))
        return EXIT_FAIL if options.action == "lint" else error.exit_code
    used = _used(found, options, chosen) if options.against else {}
    if options.action == "list":
        lines = [_listed(w, rules[w.rule], options.on, used) for w in found]
        outputs.write(output, "\n".join(lines) + "\n" if lines else "没有豁免\n")
        return EXIT_OK
    if options.action == "lint":
        told = [line for w in found for line in _faults(w, options.on, used)]
        told.append(f"{len(found)} 项豁免，{len(told)} 处要处理")
        outputs.write(output, "".join(visible(line) + "\n" for line in told))
        return EXIT_FAIL if len(told) > 1 else EXIT_OK
    date = options.on
    gone = [i for i, w in enumerate(found) if w.state(date) == "expired" or not used.get(w, True)]
    outputs.write(output, waivers.pruned(options.file, gone))
    outputs.complain(f"去掉 {len(gone)} 项，留下 {len(found) - len(gone)} 项；原文件没有改")
    return EXIT_OK


def _listed(waiver: Waiver, rule: Rule, on: str, used: Mapping[Waiver, bool]) -> str:
    from kehou.render.words import catalogue

    state = _STATES[waiver.state(on)]
    days = waiver.days_left(on)
    left = f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"
    seen = {True: "，用到", False: "，没有用到", None: ""}[used.get(waiver)]
    school = f"学校 {waiver.school}；" if waiver.school else ""
    outcome = catalogue.load("zh")[f"outcome.{waiver.outcome.value}"]
    return visible(
        f"{waiver.place}  {state}（至 {waiver.until}，{left}{seen}）  {rule.title}  {waiver.rule}\n"
        f"  {school}对象 {waiver.subject}；豁免 {outcome}；"
        f"批准 {waiver.office} {waiver.document or '（无文号）'}；理由 {waiver.reason}",
        keep="\n",
    )


def _faults(waiver: Waiver, on: str, used: Mapping[Waiver, bool]) -> list[str]:
    at = f"{waiver.place}：{waiver.rule}"
    told = []
    if waiver.state(on) == "expired":
        told.append(f"{at} 的豁免在 {waiver.until} 到期，已不起作用（请续批，或用 prune 去掉）")
    if waiver.is_broad:
        told.append(f"{at} 的豁免涵盖所有对象（请写明一个对象的键或指纹）")
    if not used.get(waiver, True):
        told.append(f"{at} 的豁免在材料中没有用到（请核对 subject，或用 prune 去掉）")
    return told


def _used(found: list[Waiver], options: argparse.Namespace, chosen: Any) -> dict[Waiver, bool]:
    """Whether some finding of the given submissions or reports answers to each waiver.

    A waiver of a school that none of them is of is left out: nothing is known of its use.
    """
    import json
    from dataclasses import replace

    from kehou.checking import comparison as memory
    from kehou.commands.diff import rendered

    wanted = replace(check_options(options, chosen), waivers=None)
    used: dict[Waiver, bool] = {}
    for path in options.against:
        if memory.is_report(path):
            trees = memory.report_trees(path)[0]
        else:
            trees = [json.loads(rendered(path, wanted))]
        for tree in trees:
            school = tree["submission"]["school"]
            names = {school["id"], school["name"]} - {None}
            for waiver in found:
                if waiver.is_of(names):
                    used[waiver] = used.get(waiver, False) or _answered(waiver, tree)
    return used


def _answered(waiver: Waiver, tree: Mapping[str, Any]) -> bool:
    return any(
        r["rule"] == waiver.rule and waiver.answers(f)
        for r in tree["results"]
        for f in r["findings"]
    )
