"""``kehou request PATH``: the list of missing evidence as a letter, with stubs to paste."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import kehou
from kehou.cli import output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings, register_of
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, UnreadableError, UsageError

if TYPE_CHECKING:
    from kehou import CheckOptions
    from kehou.packs import Pack

_FORMATS = ("text", "html", "docx", "yaml", "json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="cli.paths")
    output_option(parser, _FORMATS, "command.request.output")
    parser.add_argument("--annex", action="store_true", help="command.request.annex")


def run(options: argparse.Namespace) -> int:
    """``kehou request PATH``; exit 4 where something could not be read, which the letter tells."""
    from kehou.batch.entry import NOTHING
    from kehou.commands import many

    wanted = options.output or [outputs.Output("text")]
    chosen = chosen_settings(*options.paths)
    asked = check_options(options, chosen, language="zh")
    if len(options.paths) > 1 or many.has_slots(wanted):
        return _many(options, wanted, asked, register_of(options, chosen))
    with many.the_one(options.paths[0], options, chosen) as place:
        if place is None:
            return _many(options, wanted, asked, register_of(options, chosen))
        asked = many.known(place, options, chosen, asked)
        outputs.check_targets(wanted, options.paths)
        files = [(output.format, output) for output in wanted]
        code = write_one(place, files, asked, annex=options.annex)
    if code == NOTHING:
        outputs.remark("batch.nothing_asked", path=options.paths[0])
        return EXIT_OK
    outputs.tell_written(wanted)
    return code


def _many(
    options: argparse.Namespace,
    wanted: Sequence[outputs.Output],
    asked: CheckOptions,
    register: str | None,
) -> int:
    """A letter for each; raises UsageError where their names have no slot."""
    from kehou.commands import many

    if not all(output.path and many.has_slots([output]) for output in wanted):
        hint = say("command.request.write_each")
        raise UsageError("output-file", say("cli.one_each"), "-o", hint)
    each = [(output.format, str(output.path)) for output in wanted]
    work = "write_whole" if options.annex else "write_one"
    return many.for_each(f"kehou.commands.request:{work}", options, asked, each, register)


def write_one(
    path: str,
    files: Sequence[tuple[str, str | outputs.Output]],
    options: CheckOptions,
    shelf: dict[str, Pack] | None = None,
    annex: bool = False,
) -> int:
    """Write the letter of one submission to files, each as (format, file); its exit code.

    A letter that would ask for nothing is not written: `NOTHING`, unless a program gets its file.
    ``shelf`` keeps loaded packs by name, for whoever writes many.
    """
    from kehou.batch.entry import NOTHING
    from kehou.remedy import letter as rendering
    from kehou.remedy.missing_evidence import Letter, letter

    try:
        found = letter(path, options, shelf=shelf)
    except UnreadableError as error:
        found = Letter(kehou.unread_report(path, error, options, shelf), (), ())
    if not found.items and not found.report.submission.faults:
        files = [(format, file) for format, file in files if format == "json"]
        if not files:
            return NOTHING
    for format, file in files:
        output = outputs.Output(format, Path(file)) if isinstance(file, str) else file
        outputs.write(output, rendering.FORMATS[format](found, annex))
    return EXIT_UNREADABLE if found.report.submission.faults else EXIT_OK


def write_whole(
    path: str, files: Sequence[tuple[str, str]], options: CheckOptions, shelf: dict[str, Pack]
) -> int:
    """As `write_one`, with the annex."""
    return write_one(path, files, options, shelf, annex=True)
