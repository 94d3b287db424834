"""``kehou attest SHEET...``: filled-in worksheets as attestations."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from kehou.cli import date, output_option, outputs, say
from kehou.errors import EXIT_OK, EXIT_UNREADABLE, KehouError, UsageError
from kehou.readers.door import listed


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("sheets", nargs="+", metavar="SHEET", help="command.attest.sheets")
    output_option(parser, ("yaml",), "command.attest.output", several=False)
    parser.add_argument("--office", metavar="NAME", help="command.attest.office")
    parser.add_argument("--date", type=date, metavar="DATE", help="command.attest.date")
    parser.add_argument("--until", type=date, metavar="DATE", help="command.attest.until")


def run(options: argparse.Namespace) -> int:
    """Every row that can be taken is taken; each cell that cannot be is told."""
    from kehou.fields.privacy import spoken_of
    from kehou.inspection import filled_worksheets as inspected
    from kehou.inspection import worksheet_formats as worksheet

    output = options.output
    outputs.check_targets([output], options.sheets)
    given = {k: v for k in ("office", "date", "until") if (v := getattr(options, k))}
    filled: list[inspected.Filled] = []
    left = wrong = 0
    for path in _sheets(options.sheets):
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
        for one in read.filled:
            if named := spoken_of(f"{one.seen}\n{one.evidence}"):
                told = say(
                    "command.attest.named", words=say("list").join(f"“{word}”" for word in named)
                )
                outputs.remark_fault(one.place, told, say("command.attest.write_posts"))
    outputs.write(output, inspected.attestations(filled))
    outputs.tell_written([output])
    outputs.remark("command.attest.taken", n=len(filled), left=left, wrong=wrong)
    return EXIT_UNREADABLE if wrong else EXIT_OK


def _sheets(paths: Sequence[str]) -> list[str]:
    """The workbooks at some paths: a file as it is, all of a folder, what else it has told."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = listed(Path(path))
        sheets = [str(one) for one in inside if one.suffix.lower() == ".xlsx"]
        sheets = [one for one in sheets if not os.path.basename(one).startswith((".", "~$"))]
        if not sheets:
            told, hint = say("command.attest.no_sheet"), say("command.attest.write_sheet")
            raise UsageError("no-sheet", told, path, hint)
        for one in inside:
            if str(one) not in sheets and not one.name.startswith((".", "~$")):
                outputs.remark("command.attest.left", name=str(one))
        found += sheets
    return list(dict.fromkeys(found))
