"""``kehou notice REPORT --due DATE``: the 限期整改通知书 of a report, and the form of the reply."""

from __future__ import annotations

import argparse

from kehou.cli import date, output_option, outputs, say
from kehou.errors import EXIT_OK, UsageError

#: What a notice and a closure table are written in (kehou.rectification.letters.FORMATS).
FORMATS = ("text", "html", "docx", "json", "yaml")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("report", metavar="REPORT", help="command.notice.report")
    parser.add_argument("--due", type=date, metavar="DATE", help="command.notice.due")
    parser.add_argument("--reply", metavar="FILE", help="command.notice.reply")
    output_option(parser, FORMATS, "command.notice.output")


def run(options: argparse.Namespace) -> int:
    """Write the notice in every format asked for, and the empty reply."""
    import hashlib

    from kehou.checking import comparison as memory
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
    from kehou.rectification import reply_sheets
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    if options.due is None:
        raise UsageError(
            "usage", say("command.notice.no_due"), hint=say("command.notice.write_due")
        )
    wanted = options.output or [outputs.Output("text")]
    kind = "xlsx" if str(options.reply or "").lower().endswith(".xlsx") else "yaml"
    form = [outputs.parse(f"{kind}={options.reply}", [kind])] if options.reply else []
    outputs.check_targets([*wanted, *form], [options.report])
    trees, data = memory.report_trees(options.report)
    if len(trees) != 1:
        raise UsageError(
            "notice-several",
            say("command.notice.several"),
            options.report,
            say("command.notice.one_each"),
        )
    memory.past_of(trees[0], "")
    found = rectification.notice(trees[0], hashlib.sha256(data).hexdigest(), options.due)
    words = catalogue.official(words_of(packs_of(trees)))
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found, words))
    for output in form:
        if output.format == "xlsx":
            outputs.write(output, reply_sheets.workbook(found))
        else:
            outputs.write(output, rendering.yaml(rectification.reply(found)))
    return EXIT_OK
