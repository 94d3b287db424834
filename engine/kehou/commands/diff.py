"""``kehou diff OLD NEW``: what changed between two reports or submissions."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kehou import outputs
from kehou.arguments import shared_options, submission_options
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK

if TYPE_CHECKING:
    from kehou.memory import Past
    from kehou.settings import Settings


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("old", metavar="OLD", help="以前的 JSON 报告，或方案文件、文件夹")
    parser.add_argument("new", metavar="NEW", help="后来的 JSON 报告，或方案文件、文件夹")
    parser.add_argument(
        "-o", "--output", metavar="FORMAT[=FILE]", default="text", help="text 或 json"
    )
    submission_options(parser)
    shared_options(parser)


def run(options: argparse.Namespace) -> int:
    """``kehou diff OLD NEW``: what changed between two reports, or since one."""
    from kehou import memory
    from kehou.render import changes as rendering

    chosen = chosen_settings()
    output = outputs.parse(options.output, ["text", "json"])
    outputs.check_targets([output], [options.old, options.new])
    later = _held(options.new, options, chosen)
    found = memory.between(_held(options.old, options, chosen, later.school), later)
    language = options.lang or chosen.language or "zh"
    render = rendering.render_json if output.format == "json" else rendering.render_text
    outputs.write(output, render(found, language))
    worse = any(change.state in ("new", "reopened") for change in found.changes)
    return EXIT_FAIL if worse else EXIT_OK


def _held(
    path: str, options: argparse.Namespace, chosen: Settings, school: str | None = None
) -> Past:
    """What a report holds, or what a check of a submission finds now."""
    from kehou import memory

    if memory.is_report(path):
        return memory.read_past(path, school)
    from kehou import check as checking

    return memory.past_of(checking.check(path, check_options(options, chosen)))
