"""``kehou notice REPORT --due DATE``: the 限期整改通知书 of a report, and the form of the reply."""

from __future__ import annotations

import argparse

from kehou.cli import date, outputs
from kehou.errors import EXIT_OK, UsageError


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("report", metavar="REPORT", help="一所学校的 JSON 报告")
    parser.add_argument("--due", type=date, metavar="DATE", help="整改期限（必写）")
    parser.add_argument("--reply", metavar="FILE", help="另把整改回复表（YAML）写到这个文件")
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、html、docx、json 或 yaml；可写几次；复查要用 json 或 yaml",
    )


def run(options: argparse.Namespace) -> int:
    """Write the notice in every format asked for, and the empty reply."""
    import hashlib

    from kehou.checking import comparison as memory
    from kehou.rectification import letters as rendering
    from kehou.rectification import notices as rectification
    from kehou.render.words import catalogue
    from kehou.render.words.report_packs import packs_of, words_of

    if options.due is None:
        raise UsageError("usage", "缺少 --due", hint="写上整改期限，如 --due 2021-10-01")
    wanted = [outputs.parse(o, list(rendering.FORMATS)) for o in options.output or ["text"]]
    form = [outputs.parse(f"yaml={options.reply}", ["yaml"])] if options.reply else []
    outputs.check_targets([*wanted, *form], [options.report])
    trees, data = memory.report_trees(options.report)
    if len(trees) != 1:
        raise UsageError(
            "notice-several",
            "这个文件里有几所学校的报告",
            options.report,
            "请一校一份：kehou check 一所学校的材料 -o json=文件",
        )
    memory.past_of(trees[0], "")
    found = rectification.notice(trees[0], hashlib.sha256(data).hexdigest(), options.due)
    words = catalogue.official(words_of(packs_of(trees)))
    for output in wanted:
        outputs.write(output, rendering.FORMATS[output.format](found, words))
    for output in form:
        outputs.write(output, rendering.yaml(rectification.reply(found)))
    return EXIT_OK
