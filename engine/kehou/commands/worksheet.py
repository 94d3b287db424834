"""``kehou worksheet REPORT...``: what inspectors still have to look at, as sheets to fill in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kehou.cli import nearest, number, output_option, outputs, say
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kehou.inspection.worksheets import Submitter

FORMATS = ("text", "json", "html", "xlsx", "docx")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="command.worksheet.reports")
    output_option(parser, FORMATS, "command.worksheet.output")
    parser.add_argument("--sample", type=number, metavar="N", help="command.worksheet.sample")
    parser.add_argument("--seed", metavar="TEXT", help="command.worksheet.seed")
    parser.add_argument("--by", metavar="NAMES", help="command.worksheet.by")


def run(options: argparse.Namespace) -> int:
    """Make the sheets of all schools, or of a sample of them."""
    from kehou.inspection import worksheet_formats as worksheet
    from kehou.inspection import worksheets
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, options.reports)
    found = worksheets.submitters(options.reports)
    strata: list[tuple[str, int, int]] = []
    if options.sample is not None:
        by = _strata(options, found)
        found, strata = worksheets.sample(found, options.sample, options.seed, by)
    loaded = packs_of(school.report for school in found)
    language = options.lang or chosen_settings().language or "zh"
    words = catalogue.load(language, words_of(loaded, language))
    sheets = [worksheets.worksheet(school, loaded, words) for school in found]
    for output in wanted:
        outputs.write(output, worksheet.FORMATS[output.format](sheets, strata, words))
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
