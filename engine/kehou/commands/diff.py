"""``kehou diff OLD NEW``: what changed between two reports, or since one."""

from __future__ import annotations

import argparse

from kehou import outputs
from kehou.arguments import shared_options, submission_options
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("old", metavar="OLD", help="以前的 JSON 报告")
    parser.add_argument("new", metavar="NEW", help="后来的 JSON 报告，或方案文件、文件夹")
    parser.add_argument(
        "-o", "--output", metavar="FORMAT[=FILE]", default="text", help="text 或 json"
    )
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou diff OLD NEW``: what changed between two reports, or since one."""
    from kehou import check as checking
    from kehou import memory
    from kehou.render import changes as rendering

    chosen = chosen_settings()
    output = outputs.parse(options.output, ["text", "json"])
    outputs.check_targets([output], [options.old, options.new])
    past = memory.read_past(options.old)
    if memory.is_report(options.new):
        found = memory.between(past, memory.read_past(options.new))
    else:
        found = memory.since(past, checking.check(options.new, check_options(options, chosen)))
    language = options.lang or chosen.language or "zh"
    render = rendering.render_json if output.format == "json" else rendering.render_text
    outputs.write(output, render(found, language))
    worse = any(change.state in ("new", "reopened") for change in found.changes)
    return EXIT_FAIL if worse else EXIT_OK
