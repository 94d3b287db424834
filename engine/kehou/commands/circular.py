"""``kehou circular REPORT...``: the 通报 of an inspection round."""

from __future__ import annotations

import argparse

from kehou.cli import date, output_option, outputs, say
from kehou.errors import EXIT_OK, UsageError

FORMATS = ("text", "json", "html", "docx", "csv")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="command.circular.reports")
    output_option(parser, FORMATS, "command.circular.output")
    parser.add_argument("--due", type=date, metavar="DATE", help="command.circular.due")


def run(options: argparse.Namespace) -> int:
    """One line a finding, schools in code order."""
    from kehou.batch.given_reports import report_files
    from kehou.inspection import circular as making
    from kehou.inspection import circular_formats as circular
    from kehou.inspection.worksheets import submitters
    from kehou.model.outcomes import Stage

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, options.reports)
    found = submitters(report_files(options.reports))
    for school in found:
        if school.stage is not Stage.INSPECTION:
            raise UsageError(
                "not-inspected",
                say("command.circular.not_inspected", id=school.id),
                school.source,
                say("command.circular.inspect"),
            )
    made = making.circular(found, options.due)
    texts = circular.texts_of(found)
    for output in wanted:
        outputs.write(output, circular.FORMATS[output.format](made, texts))
    return EXIT_OK
