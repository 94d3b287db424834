"""``kehou worksheet REPORT...``: what inspectors still have to look at, as sheets to fill in."""

from __future__ import annotations

import argparse

import kehou
from kehou.cli import choice, outputs
from kehou.cli.settings import LANGUAGES
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, UsageError

FORMATS = ("text", "json", "html", "xlsx", "docx")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "reports", nargs="+", metavar="REPORT", help="kehou check … -o json=文件 生成的报告"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        metavar="FORMAT[=FILE]",
        help="text（默认）、json、html、docx（打印）或 xlsx（填写）；可写几次，等号后写文件名",
    )
    parser.add_argument("--sample", type=int, metavar="N", help="从这些学校中抽 N 所")
    parser.add_argument(
        "--seed", metavar="TEXT", help="抽样的种子，任意文字；同一种子总抽到同样的学校"
    )
    parser.add_argument(
        "--by",
        metavar="NAMES",
        default="county,township,levels",
        help="抽样按什么分层：county、township、levels，逗号分开（默认三项都用）",
    )
    parser.add_argument("--lang", type=choice(LANGUAGES), metavar="LANG", help="zh（默认）或 en")


def run(options: argparse.Namespace) -> int:
    """Make the sheets of all schools, or of a sample of them."""
    from kehou import packs
    from kehou.inspection import worksheet_formats as worksheet
    from kehou.inspection import worksheets
    from kehou.render.words import catalogue

    wanted = [outputs.parse(text, list(FORMATS)) for text in options.output or ["text"]]
    outputs.check_targets(wanted, options.reports)
    found = worksheets.schools(options.reports)
    strata: list[tuple[str, int, int]] = []
    if options.sample is not None:
        by = [name.strip() for name in options.by.split(",") if name.strip()]
        _check_sample(options, by)
        found, strata = worksheets.sample(found, options.sample, options.seed, by)
    names = dict.fromkeys(name for school in found for name in school.packs)
    loaded = {name: kehou.load_pack(name) for name in names if name in packs.available()}
    sheets = [worksheets.worksheet(school, loaded) for school in found]
    words = catalogue.load(options.lang or chosen_settings().language or "zh")
    for output in wanted:
        outputs.write(output, worksheet.render(sheets, strata, output.format, words))
    return EXIT_OK


def _check_sample(options: argparse.Namespace, by: list[str]) -> None:
    from kehou.inspection.worksheets import STRATA
    from kehou.language import suggest

    if options.sample < 1:
        raise UsageError("sample", "--sample 要抽至少一所", hint="写作 --sample 10")
    if not options.seed:
        raise UsageError("sample", "抽样要写种子 --seed", hint="任意文字，如 --seed 2021秋季第一次")
    for name in by:
        if name not in STRATA:
            raise UsageError("sample", f"不能按“{name}”分层", "--by", suggest(name, STRATA))
