"""``kehou recheck NOTICE REPLY PATH``: new material held against a notice, item by item."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kehou.cli import date, output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings
from kehou.commands.notice import FORMATS
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, UsageError

if TYPE_CHECKING:
    from kehou.checking import Past
    from kehou.packs import Pack
    from kehou.rectification.looks import Look


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
    from kehou.rectification import closures, looks, recorded
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
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
        attested_since=looks.since_of(of),
    )
    answers, faults = rectification.read_reply(options.reply, of)
    closed = closures.closed_in(options.previous, of) if options.previous else frozenset()
    tree = checked(options.path, options, chosen, checking)
    now = recorded.with_recorded(comparison.past_of(tree, ""), tree)
    _same_school(of["school"], now, options.path)
    loaded = packs_of([tree])
    seen = _looks(checking.attestations, loaded, tree)
    found = closures.closure(of, answers, now, closed, options.received or "", seen)
    words = catalogue.official(words_of(loaded))
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


def _looks(files: Sequence[str], loaded: Mapping[str, Pack], tree: Mapping[str, Any]) -> list[Look]:
    """What inspectors saw of the school of a report, as far as it holds on the day of the check."""
    from kehou.checking import attestations
    from kehou.readers.copied_text import as_code
    from kehou.rectification.looks import look_of

    rules = {name: rule for pack in loaded.values() for name, rule in pack.rules.items()}
    own = tree["submission"]["school"]
    names = {as_code(own[key]) for key in ("id", "name") if own[key]}
    on = tree["check_date"] or tree["as_of"]
    return [
        look_of(
            one.rule,
            one.clause,
            one.subject,
            one.members,
            {
                "verdict": str(one.verdict),
                "seen": one.seen,
                "evidence": one.evidence,
                "office": one.office,
                "day": one.date,
            },
        )
        for file in files
        for one in attestations.load(file, rules)
        if one.whose in names and one.is_in_force(on)
    ]


def _same_school(school: dict[str, str | None], now: Past, path: str) -> None:
    """Material of another school must not close a notice. Raises UsageError."""
    by_code = school.get("id") and now.id
    told = (school.get("id"), now.id) if by_code else (school.get("name"), now.name)
    if told[0] and told[0] != told[1]:
        raise UsageError(
            "other-school", say("command.recheck.another"), path, say("command.recheck.look")
        )
