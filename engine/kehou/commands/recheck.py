"""``kehou recheck NOTICE REPLY PATH``: new material held against a notice, item by item."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from kehou.cli import attestations_option, date, outputs, shared_options, submission_options
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, UsageError
from kehou.render.words import visible

if TYPE_CHECKING:
    from kehou.checking import Past


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("notice", metavar="NOTICE", help="通知书的数据文件（json 或 yaml）")
    parser.add_argument("reply", metavar="REPLY", help="学校填好的整改回复表")
    parser.add_argument("path", metavar="PATH", help="整改后的材料")
    parser.add_argument(
        "--received", type=date, metavar="DATE", help="收到回复的日期，用来看是否逾期"
    )
    parser.add_argument("--previous", metavar="FILE", help="上一次的整改情况表（json），用来看重现")
    parser.add_argument("--waivers", metavar="FILE", help="主管部门的豁免文件 waivers.yaml")
    attestations_option(parser)
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、html、docx、json 或 yaml；可写几次",
    )
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """0 all closed; 1 some open; 3 some cannot be told; 4 faults in the reply or the material."""
    from kehou.checking import comparison as memory
    from kehou.commands.diff import rendered
    from kehou.model.outcomes import Stage
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    wanted = [outputs.parse(o, list(rendering.FORMATS)) for o in options.output or ["text"]]
    outputs.check_targets(wanted, [options.notice, options.reply, options.path])
    of = rectification.read_notice(options.notice)
    if not options.pack:
        options.pack = [str(name) for name in of["packs"]]
    checking = check_options(options, chosen_settings(), track=True)
    checking = replace(
        checking,
        stage=Stage(options.stage or of["stage"]),
        as_of=options.as_of or of["as_of"],
    )
    answers, faults = rectification.read_reply(options.reply, of)
    closed = rectification.closed_in(options.previous, of) if options.previous else frozenset()
    tree = json.loads(rendered(options.path, checking))
    now = memory.past_of(tree, "")
    _same_school(of["school"], now, options.path)
    found = rectification.closure(of, answers, now, closed, options.received or "")
    words = catalogue.official(words_of(packs_of([tree])))
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found, words))
    for place, message, hint in faults:
        outputs.complain(visible(f"{place}：{message}" + (f"（{hint}）" if hint else "")))
    results = {row["result"] for row in found["items"]}
    if faults or tree["faults"]:
        return EXIT_UNREADABLE
    if results & {"open", "partly", "reopened"}:
        return EXIT_FAIL
    return EXIT_UNSETTLED if results & {"review", "insufficient", "disputed"} else EXIT_OK


def _same_school(school: dict[str, str | None], now: Past, path: str) -> None:
    """Material of another school must not close a notice. Raises UsageError."""
    by_code = school.get("id") and now.id
    told = (school.get("id"), now.id) if by_code else (school.get("name"), now.name)
    if told[0] and told[0] != told[1]:
        raise UsageError("other-school", "材料与通知书不是同一所学校的", path, "请核对文件")
