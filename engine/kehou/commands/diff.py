"""``kehou diff OLD NEW``: what changed between two reports, submissions or versions of a pack."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import kehou
from kehou.cli import output_option, outputs, say
from kehou.commands import many
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNSETTLED, UsageError

if TYPE_CHECKING:
    from kehou.checking import Past
    from kehou.cli.settings import Settings


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("old", metavar="OLD", help="command.diff.old")
    parser.add_argument("new", metavar="NEW", help="command.diff.new")
    parser.add_argument("--packs", action="store_true", help="command.diff.packs")
    output_option(parser, ("text", "json", "html"), "cli.formats", several=False)
    parser.add_argument("-v", "--verbose", action="store_true", help="cli.with_ids")


def run(options: argparse.Namespace) -> int:
    """Schools of files with several reports are paired by their code, else by name."""
    from kehou.checking import comparison as memory
    from kehou.render.screen import changes as rendering

    if options.packs:
        return _versions(options)
    chosen = chosen_settings(options.old, options.new)
    output = options.output
    if output.format == "html":
        raise UsageError("output-format", say("command.diff.pages"), "-o")
    outputs.check_targets([output], [options.old, options.new])
    wanted = check_options(options, chosen, track=True)
    old = pasts(options.old, options, chosen, wanted)
    new = pasts(options.new, options, chosen, wanted)
    language = options.lang or chosen.language or "zh"
    if len(old) == len(new) == 1:
        found = [("", memory.between(old[0], new[0]))]
        text = rendering.render_text(found[0][1], language, options.verbose)
        if output.format == "json":
            text = rendering.render_json(found[0][1], language)
        outputs.write(output, text)
        if old[0].id and new[0].id and old[0].id != new[0].id:
            outputs.remark("command.diff.others", old=old[0].id, new=new[0].id)
        alone = []
    else:
        before, after = _by_school(old, options.old), _by_school(new, options.new)
        found = [
            (after[s].name or s, memory.between(before[s], after[s])) for s in after if s in before
        ]
        alone = sorted(set(before) ^ set(after))
        several = rendering.render_several(found, output.format, language, options.verbose)
        outputs.write(output, several)
    for school in alone:
        outputs.remark("command.diff.alone", name=school)
    worse = any(c.state in ("new", "reopened") for _, one in found for c in one.changes)
    return EXIT_FAIL if worse else EXIT_UNSETTLED if alone else EXIT_OK


def _versions(options: argparse.Namespace) -> int:
    """Two versions of a pack: exit 1 where a rule is loosened or withdrawn, 3 where none can tell.

    Who compares them wants to know of nothing sooner.
    """
    from kehou.authoring import pack_changes, pack_changes_formats
    from kehou.commands.lint import need_solver

    need_solver()
    chosen = chosen_settings()
    outputs.check_targets([options.output], [])
    found = pack_changes.between(kehou.load_pack(options.old), kehou.load_pack(options.new))
    language = options.lang or chosen.language or "zh"
    outputs.write(
        options.output, pack_changes_formats.render(found, options.output.format, language)
    )
    kinds = {change.kind for change in found.changes if change.part == "rule"}
    if kinds & {"loosened", "both", "withdrawn"}:
        return EXIT_FAIL
    return EXIT_UNSETTLED if "unknown" in kinds else EXIT_OK


def pasts(
    path: str, options: argparse.Namespace, chosen: Settings, asked: kehou.CheckOptions
) -> list[Past]:
    """The reports of a file, or that of a submission checked now."""
    from kehou.checking import comparison as memory
    from kehou.checking.report_files import is_report

    if is_report(path):
        return memory.read_all(path)
    return [memory.past_of(checked(path, options, chosen, asked), "")]


def checked(
    path: str, options: argparse.Namespace, chosen: Settings, asked: kehou.CheckOptions
) -> Any:
    """The report of the one submission at a path as a tree; raises what a check raises."""
    with many.alone(path, options, chosen) as place:
        return json.loads(kehou.render_report(kehou.check(place, asked), "json"))


def _by_school(found: list[Past], path: str) -> dict[str, Past]:
    named: dict[str, Past] = {}
    for past in found:
        name = past.id or past.name
        if not name or name in named:
            told = say("command.diff.several", name=name) if name else say("command.diff.nameless")
            raise UsageError("diff-schools", told, path, say("command.diff.one_each"))
        named[name] = past
    return named
