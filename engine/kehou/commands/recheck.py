"""``kehou recheck NOTICE REPLY PATH``: new material held against a notice, item by item."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from kehou.cli import date, output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings
from kehou.commands.notice import FORMATS
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, UsageError

if TYPE_CHECKING:
    from kehou.checking import Past


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("notice", metavar="NOTICE", help="command.recheck.notice")
    parser.add_argument("reply", metavar="REPLY", help="command.recheck.reply")
    parser.add_argument("path", metavar="PATH", help="command.recheck.path")
    parser.add_argument("--received", type=date, metavar="DATE", help="command.recheck.received")
    parser.add_argument("--previous", metavar="FILE", help="command.recheck.previous")
    output_option(parser, FORMATS, "command.recheck.output")


def run(options: argparse.Namespace) -> int:
    """0 all closed; 1 some open; 3 some cannot be told; 4 faults in the reply or the material."""
    from kehou.checking import comparison
    from kehou.commands.diff import checked
    from kehou.model.outcomes import Stage
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
    from kehou.rectification import recorded
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, [options.notice, options.reply, options.path])
    of = rectification.read_notice(options.notice)
    if not options.pack:
        options.pack = [str(name) for name in of["packs"]]
    chosen = chosen_settings(options.path)
    checking = check_options(options, chosen, track=True)
    checking = replace(
        checking,
        stage=Stage(options.stage or of["stage"]),
        as_of=options.as_of or of["as_of"],
    )
    answers, faults = rectification.read_reply(options.reply, of)
    closed = rectification.closed_in(options.previous, of) if options.previous else frozenset()
    tree = checked(options.path, options, chosen, checking)
    now = recorded.with_recorded(comparison.past_of(tree, ""), tree)
    _same_school(of["school"], now, options.path)
    found = rectification.closure(of, answers, now, closed, options.received or "")
    words = catalogue.official(words_of(packs_of([tree])))
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found, words))
    outputs.tell_written(wanted)
    for place, message, hint in faults:
        outputs.complain(outputs.fault(place, message, hint))
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
        raise UsageError(
            "other-school", say("command.recheck.another"), path, say("command.recheck.look")
        )
