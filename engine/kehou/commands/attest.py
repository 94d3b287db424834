"""``kehou attest SHEET...``: filled-in worksheets as attestations."""

from __future__ import annotations

import argparse

from kehou.cli import date, output_option, outputs
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, KehouError


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("sheets", nargs="+", metavar="SHEET", help="command.attest.sheets")
    output_option(parser, ("yaml",), "command.attest.output", several=False)
    parser.add_argument("--office", metavar="NAME", help="command.attest.office")
    parser.add_argument("--date", type=date, metavar="DATE", help="command.attest.date")
    parser.add_argument("--until", type=date, metavar="DATE", help="command.attest.until")


def run(options: argparse.Namespace) -> int:
    """Every row that can be taken is taken; each cell that cannot be is told."""
    from kehou.inspection import filled_worksheets as inspected
    from kehou.inspection import worksheet_formats as worksheet

    output = options.output
    outputs.check_targets([output], options.sheets)
    given = {k: v for k in ("office", "date", "until") if (v := getattr(options, k))}
    filled: list[inspected.Filled] = []
    left = wrong = 0
    for path in options.sheets:
        try:
            read = worksheet.read(path, given)
        except KehouError as error:
            outputs.complain_of(error)
            wrong += 1
            continue
        filled += read.filled
        left += len(read.open)
        wrong += len(read.faults)
        for fault in read.faults:
            outputs.remark_fault(f"{fault.file} {fault.cell}", fault.message, fault.hint)
    outputs.write(output, inspected.attestations(filled))
    outputs.tell_written([output])
    outputs.remark("command.attest.taken", n=len(filled), left=left, wrong=wrong)
    return EXIT_UNREADABLE if wrong else EXIT_OK
