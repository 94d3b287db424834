"""``kehou circular REPORT...``: the 通报 of an inspection round."""

from __future__ import annotations

import argparse

from kehou.cli import date, outputs
from kehou.errors import EXIT_OK, UsageError

FORMATS = ("text", "json", "html", "docx", "csv")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="各校不定期检查的 JSON 报告")
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、json、html、docx 或 csv（问题清单）；可写几次，等号后写文件名",
    )
    parser.add_argument("--due", type=date, metavar="DATE", help="整改时限；不写则留待填写")


def run(options: argparse.Namespace) -> int:
    """One line a finding, schools in code order."""
    from kehou.inspection import circular as making
    from kehou.inspection import circular_formats as circular
    from kehou.inspection.worksheets import submitters
    from kehou.model.outcomes import Stage

    wanted = [outputs.parse(text, list(FORMATS)) for text in options.output or ["text"]]
    outputs.check_targets(wanted, options.reports)
    found = submitters(options.reports)
    for school in found:
        if school.stage is not Stage.INSPECTION:
            raise UsageError(
                "not-inspected",
                f"学校 {school.id} 的报告不是不定期检查的报告",
                school.source,
                "请用 kehou check … --stage inspection -o json=文件 生成",
            )
    made = making.circular(found, options.due)
    texts = circular.texts_of(found)
    for output in wanted:
        outputs.write(output, circular.FORMATS[output.format](made, texts))
    return EXIT_OK
