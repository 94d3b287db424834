"""``kehou fix --suggest PATH``: the fewest edits that would do, computed, proven, never applied."""

from __future__ import annotations

import argparse

from kehou.cli import outputs, pack_option, submission_options
from kehou.commands.choices import check_options, chosen_settings
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, UsageError

_FORMATS = ("text", "json", "patch")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("path", metavar="PATH", help="方案文件或文件夹")
    parser.add_argument(
        "--suggest",
        action="store_true",
        help="算出使红线、重大的不符合都改为符合的最少修改；只列出来，不改文件",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FORMAT[=FILE]",
        default="text",
        help="text（默认）、json 或 patch（可以核对后自己套用的补丁）",
    )
    submission_options(parser)
    pack_option(parser)
    parser.set_defaults(lang="zh")


def run(options: argparse.Namespace) -> int:
    """``kehou fix --suggest PATH``; exit 0 where edits would do, 1 where fails are left."""
    from kehou.remedy import suggest
    from kehou.remedy import suggestion_text as rendering

    if not options.suggest:
        raise UsageError("fix-suggest", "kehou 不改学校的文件，只能列出建议", hint="加上 --suggest")
    output = outputs.parse(options.output, _FORMATS)
    outputs.check_targets([output], [options.path])
    found = suggest(options.path, check_options(options, chosen_settings()))
    outputs.write(output, rendering.FORMATS[output.format](found))
    if found.before.submission.faults:
        outputs.complain("kehou：有读不出的内容，请先改正；以上建议只看读得出的部分")
        return EXIT_UNREADABLE
    return EXIT_FAIL if found.left else EXIT_OK
