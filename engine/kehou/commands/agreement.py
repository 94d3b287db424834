"""``kehou agreement SHEET SHEET``: how far two inspectors agree on one worksheet."""

from __future__ import annotations

import argparse

from kehou.cli import output_option, outputs
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, EXIT_UNREADABLE


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("first", metavar="SHEET", help="command.agreement.first")
    parser.add_argument("second", metavar="SHEET", help="command.agreement.second")
    output_option(parser, ("text", "json"), "cli.formats", several=False)


def run(options: argparse.Namespace) -> int:
    """Percent and Cohen's κ by clause, and the list of disagreements."""
    from kehou.inspection import agreement as concordance
    from kehou.inspection import worksheet_formats as worksheet
    from kehou.render.words import catalogue

    output = options.output
    outputs.check_targets([output], [options.first, options.second])
    both = [worksheet.verdicts(path) for path in (options.first, options.second)]
    faults = [fault for _, found in both for fault in found]
    for fault in faults:
        outputs.remark_fault(f"{fault.file} {fault.cell}", fault.message, fault.hint)
    found = concordance.compare(both[0][0], both[1][0])
    words = catalogue.load(options.lang or chosen_settings().language or "zh")
    outputs.write(output, worksheet.comparison(found, output.format, words))
    outputs.tell_written([output])
    return EXIT_UNREADABLE if faults else EXIT_OK
