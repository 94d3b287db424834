"""``kehou worksheet REPORT...``: what inspectors still have to look at, as sheets to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kehou.cli import nearest, number, output_option, outputs, say
from kehou.commands import many
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kehou.inspection.worksheets import Submitter, Worksheet
    from kehou.packs import Pack

FORMATS = ("text", "json", "html", "xlsx", "docx")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="cli.reports")
    output_option(parser, FORMATS, "command.worksheet.output")
    parser.add_argument("--sample", type=number, metavar="N", help="command.worksheet.sample")
    parser.add_argument("--seed", metavar="TEXT", help="command.worksheet.seed")
    parser.add_argument("--by", metavar="NAMES", help="command.worksheet.by")


def run(options: argparse.Namespace) -> int:
    """Make the sheets of all schools, or of a sample of them."""
    from kehou.batch.given_reports import report_files
    from kehou.inspection import worksheet_formats as worksheet
    from kehou.inspection import worksheets
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    wanted = options.output or [outputs.Output("text")]
    each = many.has_slots(wanted)
    if not each:
        outputs.check_targets(wanted, options.reports)
    found = worksheets.submitters(report_files(options.reports))
    strata: list[tuple[str, int, int]] = []
    if options.sample is not None:
        by = _strata(options, found)
        found, strata = worksheets.sample(found, options.sample, options.seed, by)
    loaded = packs_of(school.report for school in found)
    language = options.lang or chosen_settings().language or "zh"
    words = catalogue.load(language, words_of(loaded, language))
    sheets = [worksheets.worksheet(school, loaded, words) for school in found]
    if each:
        return _one_each(wanted, sheets, loaded, words)
    for output in wanted:
        outputs.write(output, worksheet.FORMATS[output.format](sheets, strata, words))
    return EXIT_OK


def _one_each(
    wanted: Sequence[outputs.Output],
    sheets: Sequence[Worksheet],
    loaded: Mapping[str, Pack],
    words: Mapping[str, str],
) -> int:
    """A file of its own for each submitter's sheet."""
    from kehou.batch.given_reports import Given, named
    from kehou.inspection import worksheet_formats as worksheet

    schema = next((pack.schema for pack in loaded.values()), None)
    if schema is None or not all(many.has_slots([output]) for output in wanted):
        hint = say("command.worksheet.write_each")
        raise UsageError("output-file", say("cli.one_each"), "-o", hint)
    whose = [
        Given(s.submitter.source, i, s.submitter.report, "").whose for i, s in enumerate(sheets)
    ]
    names = named(whose, [str(output.path) for output in wanted], schema)
    for one, sheet in zip(whose, sheets, strict=True):
        for output, name in zip(wanted, names[one.path], strict=True):
            target = outputs.Output(output.format, Path(name))
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            outputs.write(target, worksheet.FORMATS[output.format]([sheet], [], words))
    for output in wanted:
        outputs.remark("command.notice.written", file=str(output.path), n=len(sheets))
    return EXIT_OK


def _strata(options: argparse.Namespace, found: Sequence[Submitter]) -> list[str]:
    """What the sample is drawn evenly over: what was asked for, else all that a report divides by.

    Raises UsageError where no such sample can be drawn.
    """

    if options.sample < 1:
        raise UsageError(
            "sample",
            say("command.worksheet.at_least_one"),
            hint=say("command.worksheet.write_sample"),
        )
    if not options.seed:
        raise UsageError(
            "sample", say("command.worksheet.no_seed"), hint=say("command.worksheet.write_seed")
        )
    known = list(dict.fromkeys(name for school in found for name in school.strata))
    if options.by is None:
        return known
    by = [name.strip() for name in options.by.split(",") if name.strip()]
    for name in by:
        if name not in known:
            told = say("command.worksheet.no_stratum", name=name)
            raise UsageError("sample", told, "--by", nearest(name, known))
    return by
