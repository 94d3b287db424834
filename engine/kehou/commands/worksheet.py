"""``kehou worksheet REPORT...``: what inspectors still have to look at, as sheets to fill in."""

from __future__ import annotations

import argparse

import kehou
from kehou.cli import nearest, number, output_option, outputs, say
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, UsageError

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
    from kehou import packs
    from kehou.inspection import worksheet_formats as worksheet
    from kehou.inspection import worksheets
    from kehou.render.words import catalogue

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, options.reports)
    found = worksheets.schools(options.reports)
    strata: list[tuple[str, int, int]] = []
    if options.sample is not None:
        asked = worksheets.STRATA if options.by is None else options.by.split(",")
        by = [name.strip() for name in asked if name.strip()]
        _check_sample(options, by)
        found, strata = worksheets.sample(found, options.sample, options.seed, by)
    names = dict.fromkeys(name for school in found for name in school.packs)
    loaded = {name: kehou.load_pack(name) for name in names if name in packs.available()}
    sheets = [worksheets.worksheet(school, loaded) for school in found]
    words = catalogue.load(options.lang or chosen_settings().language or "zh")
    for output in wanted:
        outputs.write(output, worksheet.render(sheets, strata, output.format, words))
    return EXIT_OK


def _check_sample(options: argparse.Namespace, by: list[str]) -> None:
    from kehou.inspection.worksheets import STRATA

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
    for name in by:
        if name not in STRATA:
            told = say("command.worksheet.no_stratum", name=name)
            raise UsageError("sample", told, "--by", nearest(name, STRATA))
