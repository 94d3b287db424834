"""``kehou waiver list|lint|prune FILE``: what a bureau has excused, and whether it still stands."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import choice, output_option, outputs, say, spoken
from kehou.commands.choices import check_options, chosen_settings, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, KehouError, PackError, UsageError
from kehou.readers.copied_text import without_marks
from kehou.render.words import visible

if TYPE_CHECKING:
    from kehou.checking import Waiver
    from kehou.model.rules import Rule

ACTIONS = ("list", "lint", "prune")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "action", type=choice(ACTIONS), metavar="ACTION", help="command.waiver.action"
    )
    parser.add_argument("file", metavar="FILE", help="command.waiver.file")
    parser.add_argument("--against", action="append", metavar="PATH", help="command.waiver.against")
    output_option(parser, ("text",), "command.waiver.output", several=False)


def run(options: argparse.Namespace) -> int:
    """List: exit 0. Lint: 1 where anything is to be mended. Prune: 0."""
    from kehou.checking import waivers
    from kehou.render.words import catalogue

    if not (options.on or options.against or options.action == "lint"):
        raise UsageError("usage", say("command.waiver.no_on"), hint=say("command.waiver.write_on"))
    output = options.output
    outputs.check_targets([output], [options.file, *(options.against or ())])
    chosen = chosen_settings(*(options.against or ()))
    loaded = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    rules = {name: rule for pack in loaded for name, rule in pack.rules.items()}
    try:
        found = waivers.load(options.file, rules)
    except PackError as error:
        told = [outputs.fault(*each) for each in error.faults]
        told.append(say("command.waiver.faults", n=len(error.faults)))
        outputs.emit("".join(visible(line) + "\n" for line in told))
        return EXIT_FAIL if options.action == "lint" else error.exit_code
    used, latest = _used(found, _judged(options, chosen) if options.against else ())
    date = options.on or latest
    if not date and options.action != "lint":  # none of the submissions could be dated
        raise UsageError("usage", say("command.waiver.no_on"), hint=say("command.waiver.write_on"))
    if options.action == "list":
        words = catalogue.of_packs(loaded, spoken())
        lines = [_listed(w, rules[w.rule], date, used, words) for w in found]
        outputs.write(output, "\n".join(lines or [say("command.waiver.none")]) + "\n")
        return EXIT_OK
    if options.action == "lint":
        told = [line for w in found for line in _faults(w, date, used)]
        told.append(say("command.waiver.linted", n=len(found), faults=len(told)))
        if not date:
            outputs.remark("command.waiver.no_date")
        outputs.write(output, "".join(visible(line) + "\n" for line in told))
        return EXIT_FAIL if len(told) > 1 else EXIT_OK
    gone = [i for i, w in enumerate(found) if w.state(date) == "expired" or not used.get(w, True)]
    text = waivers.pruned(options.file, gone)
    outputs.write(
        output, text if output.path else without_marks("\n".join(text.splitlines()) + "\n")
    )
    left = len(found) - len(gone)
    outputs.complain(say("command.waiver.pruned", n=len(gone), left=left))
    return EXIT_OK


def _listed(
    waiver: Waiver, rule: Rule, on: str, used: Mapping[Waiver, bool], words: Mapping[str, str]
) -> str:
    days = waiver.days_left(on)
    use = {True: "used", False: "unused"}.get(used.get(waiver, None))  # type: ignore[arg-type]
    told = say(
        "command.waiver.listed",
        place=waiver.place,
        state=say(f"command.waiver.{waiver.state(on)}"),
        until=waiver.until,
        left=say("command.waiver.left" if days >= 0 else "command.waiver.past", n=abs(days)),
        used=say(f"command.waiver.{use}") if use else "",
        title=rule.title,
        rule=waiver.rule,
        whose=words["command.waiver.whose"].format(name=waiver.whose) if waiver.whose else "",
        subject=waiver.subject,
        outcome=words[f"outcome.{waiver.outcome.value}"],
        office=waiver.office,
        document=waiver.document or say("command.waiver.no_document"),
        reason=waiver.reason,
    )
    return visible(told, keep="\n")


def _faults(waiver: Waiver, on: str, used: Mapping[Waiver, bool]) -> list[str]:
    at = say("cli.place", place=waiver.place, told=waiver.rule)
    told = []
    if on and waiver.state(on) == "expired":
        told.append(say("command.waiver.is_expired", at=at, until=waiver.until))
    if waiver.is_broad:
        told.append(say("command.waiver.is_broad", at=at))
    if not used.get(waiver, True):
        told.append(say("command.waiver.is_unused", at=at))
    return told


def _judged(options: argparse.Namespace, chosen: Any) -> Iterator[Mapping[str, Any]]:
    """The reports that ``--against`` names, and those of the submissions it names, as trees.

    Of a folder or an archive of many each is judged in turn; one that cannot be read is told,
    and the waivers of whom it is of are left undecided.
    """
    from dataclasses import replace

    from kehou.checking import comparison as memory
    from kehou.checking.report_files import is_report
    from kehou.commands import many

    wanted = replace(check_options(options, chosen), waivers=None)
    for path in options.against:
        if is_report(path):
            yield from memory.report_trees(path)[0]
            continue
        with many.each_of(path, options, chosen) as places:
            for place in places:
                try:
                    asked = many.known(place, options, chosen, wanted)
                    tree = json.loads(kehou.render_report(kehou.check(place, asked), "json"))
                except KehouError as error:
                    if len(places) == 1:
                        raise
                    outputs.complain_of(error, place)
                    continue
                yield tree


def _used(
    found: list[Waiver], trees: Iterable[Mapping[str, Any]]
) -> tuple[dict[Waiver, bool], str]:
    """Whether some finding of the given reports answers to each waiver; the latest check date.

    A waiver of a school that none of them is of is left out: nothing is known of its use.
    """
    used: dict[Waiver, bool] = {}
    latest = ""
    for tree in trees:
        latest = max(latest, tree["check_date"] or "")
        school = tree["submission"]["school"]
        names = {school["id"], school["name"]} - {None}
        for waiver in found:
            if waiver.is_of(names):
                used[waiver] = used.get(waiver, False) or _answered(waiver, tree)
    return used, latest


def _answered(waiver: Waiver, tree: Mapping[str, Any]) -> bool:
    return any(
        r["rule"] == waiver.rule and waiver.answers(f)
        for r in tree["results"]
        for f in r["findings"]
    )
