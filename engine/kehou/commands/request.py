"""``kehou request PATH``: the list of missing evidence as a letter, with stubs to paste."""

from __future__ import annotations

import argparse

from kehou.cli import output_option, outputs
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_OK, EXIT_UNREADABLE

_FORMATS = ("text", "html", "docx", "yaml", "json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("path", metavar="PATH", help="cli.path")
    output_option(parser, _FORMATS, "command.request.output")


def run(options: argparse.Namespace) -> int:
    """``kehou request PATH``; exit 4 where something could not be read, which the letter tells."""
    from kehou.remedy import letter as rendering
    from kehou.remedy.missing_evidence import letter

    wanted = options.output or [outputs.Output("text")]
    outputs.check_targets(wanted, [options.path])
    found = letter(
        options.path, check_options(options, chosen_settings(options.path), language="zh")
    )
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found))
    return EXIT_UNREADABLE if found.report.submission.faults else EXIT_OK
