"""``kehou waiver list|lint|prune FILE``: what a waivers.yaml holds and what no longer serves."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kehou import outputs
from kehou.arguments import choice, date, pack_option
from kehou.commands.choices import chosen_settings, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_USAGE, PackError, UsageError
from kehou.render.visible import visible

if TYPE_CHECKING:
    from kehou.model import Rule
    from kehou.waiver_file import Standing

ACTIONS = ("list", "lint", "prune")
_STATES = {"in_force": "生效中", "expired": "已到期", "not_yet": "尚未生效", "open": "未定日期"}
_USED = {None: "", True: "用到", False: "没有用到"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "action",
        type=choice(ACTIONS),
        metavar="ACTION",
        help="list 列出、lint 检查、prune 删去到期和没有用到的",
    )
    parser.add_argument("file", metavar="FILE", help="豁免文件 waivers.yaml")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FORMAT[=FILE]",
        default="text",
        help="list：text 或 json；prune：yaml，等号后写文件名（不写则显示在屏幕上）",
    )
    parser.add_argument("--on", type=date, metavar="DATE", help="以哪一天看是否到期")
    parser.add_argument(
        "--report",
        action="append",
        metavar="REPORT",
        help="JSON 报告，据此看有没有用到；可写几次",
    )
    pack_option(parser)


def run(options: argparse.Namespace) -> int:
    """List, lint or prune; the file itself is never changed in place."""
    rules = _rules(options)
    if options.action == "lint":
        return _lint(options, rules)
    return _prune(options, rules) if options.action == "prune" else _list(options, rules)


def _rules(options: argparse.Namespace) -> dict[str, Rule]:
    from kehou import packs

    names = pack_names(options, chosen_settings())
    return {name: rule for pack in map(packs.load, names) for name, rule in pack.rules.items()}


def _list(options: argparse.Namespace, rules: dict[str, Rule]) -> int:
    from kehou import waiver_file

    output = outputs.parse(options.output, ["text", "json"])
    outputs.check_targets([output], [options.file])
    found = waiver_file.standings(options.file, rules, options.on, options.report or [])
    outputs.write(output, _json(found) if output.format == "json" else _text(found))
    return EXIT_OK


def _text(found: Sequence[Standing]) -> str:
    lines = []
    for one in found:
        w = one.waiver
        left = f"，还有 {one.days_left} 天" if one.state == "in_force" else ""
        used = f"，{_USED[one.used]}" if one.used is not None else ""
        lines.append(f"{w.place}  {_STATES[one.state]}{left}{used}  {one.title}  {w.rule}")
        school = f"{w.school}  " if w.school else ""
        lines.append(f"    {school}{w.subject}（{w.outcome}）：{w.reason}")
        since = f"{w.since} 至 {w.until}" if w.since else f"至 {w.until}"
        lines.append(f"    {w.office}，{w.document or '无文号'}，{since}")
    if not found:
        lines.append("没有豁免")
    return "".join(visible(line) + "\n" for line in lines)


def _json(found: Sequence[Standing]) -> str:
    from kehou.render.json import dumps

    rows = []
    for one in found:
        w = one.waiver
        rows.append(
            {
                "place": w.place, "school": w.school or None, "rule": w.rule, "title": one.title,
                "subject": w.subject, "members": list(w.members), "outcome": w.outcome.value,
                "reason": w.reason, "office": w.office, "document": w.document or None,
                "from": w.since, "until": w.until, "state": one.state,
                "days_left": one.days_left, "used": one.used,
            }
        )  # fmt: skip
    return dumps({"waivers": rows})


def _lint(options: argparse.Namespace, rules: dict[str, Rule]) -> int:
    from kehou import waiver_file

    try:
        found = waiver_file.standings(options.file, rules, options.on, options.report or [])
    except PackError as error:
        for place, message, hint in error.faults:
            outputs.emit(visible(f"{place}：{message}" + (f"（{hint}）" if hint else "")) + "\n")
        outputs.emit(f"{options.file}：{len(error.faults)} 处错误\n")
        return EXIT_USAGE
    told = list(waiver_file.remarks(found))
    for place, message, hint in told:
        outputs.emit(visible(f"{place}：{message}（{hint}）") + "\n")
    summary = f"{len(told)} 处要看" if told else "没有要看的"
    outputs.emit(f"{options.file}：豁免 {len(found)} 项，{summary}\n")
    return EXIT_FAIL if told else EXIT_OK


def _prune(options: argparse.Namespace, rules: dict[str, Rule]) -> int:
    from kehou import waiver_file

    if options.on is None and not options.report:
        raise UsageError(
            "prune",
            "不知道哪些该删去",
            hint="请写 --on 日期（删去到期的）或 --report 报告（删去没有用到的）",
        )
    output = outputs.parse("yaml" if options.output == "text" else options.output, ["yaml"])
    outputs.check_targets([output], [options.file])
    found = waiver_file.standings(options.file, rules, options.on, options.report or [])
    drop = [one.waiver.place for one in found if not one.serves]
    outputs.write(output, waiver_file.pruned(options.file, rules, drop))
    outputs.complain(f"kehou：删去 {len(drop)} 项，留下 {len(found) - len(drop)} 项")
    return EXIT_OK
