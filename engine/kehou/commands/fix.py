"""``kehou fix --suggest PATH``: the fewest edits that would do, computed, proven, never applied."""

from __future__ import annotations

import argparse
from dataclasses import replace

from kehou.cli import output_option, outputs, say
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, UsageError

_FORMATS = ("text", "json", "patch")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("path", metavar="PATH", help="cli.path")
    parser.add_argument("--suggest", action="store_true", help="command.fix.suggest")
    output_option(parser, _FORMATS, "command.fix.output", several=False)


def run(options: argparse.Namespace) -> int:
    """``kehou fix --suggest PATH``; exit 0 where edits would do, 1 where fails are left."""
    from kehou.commands import many
    from kehou.remedy import suggest
    from kehou.remedy import suggestion_text as rendering

    if not options.suggest:
        raise UsageError(
            "fix-suggest", say("command.fix.only_lists"), hint=say("command.fix.add_suggest")
        )
    output = options.output
    outputs.check_targets([output], [options.path])
    chosen = chosen_settings(options.path)
    asked = check_options(options, chosen)
    with many.alone(options.path, options, chosen) as place:
        found = suggest(place, many.known(place, options, chosen, asked))
    told = replace(found.before.submission, path=options.path)
    found = replace(found, before=replace(found.before, submission=told))
    outputs.write(output, rendering.FORMATS[output.format](found))
    outputs.tell_written([output])
    if found.before.submission.faults:
        outputs.remark("command.fix.unread")
        return EXIT_UNREADABLE
    if found.left and output.format == "patch":
        outputs.remark("command.fix.left", n=len(found.left))
    return EXIT_FAIL if found.left else EXIT_OK
