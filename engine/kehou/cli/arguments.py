"""Options that several commands take, and the types of what is written after them.

Nothing but argparse is imported here before an option is used.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence


def choice(allowed: Sequence[str]) -> Callable[[str], str]:
    """An argparse type: one of the allowed words, with the nearest one where it is none."""

    def read(text: str) -> str:
        if text in allowed:
            return text
        from kehou.language import suggest

        raise argparse.ArgumentTypeError(f"不能是“{text}”（{suggest(text, allowed)}）")

    read.allowed = tuple(allowed)  # type: ignore[attr-defined] # completion lists them
    return read


def date(text: str) -> str:
    """An argparse type: an ISO date that exists."""
    from datetime import date as calendar

    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return calendar.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"“{text}”不是日期（写作 2021-09-01）")


def table(text: str) -> tuple[str, str]:
    """An argparse type: ``NAME=FILE``."""
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise argparse.ArgumentTypeError(f"“{text}”应写作 名称=文件（如 county_list=清单.yaml）")
    return name, file


def submission_options(parser: argparse.ArgumentParser) -> None:
    """How a submission is to be checked: stage, dates, the bureau's tables."""
    from kehou.cli.settings import STAGES

    parser.add_argument(
        "--stage",
        type=choice(STAGES),
        metavar="STAGE",
        help="approval 方案备案（默认）、inspection 不定期检查、assessment 年终考核",
    )
    parser.add_argument("--as-of", type=date, metavar="DATE", help="适用哪一天有效的规定")
    parser.add_argument("--on", type=date, metavar="DATE", help="检查日期，判断“已经”时用")
    parser.add_argument(
        "--data",
        action="append",
        type=table,
        metavar="NAME=FILE",
        help="主管部门的表或记录，可写几次",
    )


def shared_options(parser: argparse.ArgumentParser) -> None:
    """Packs and language."""
    from kehou.cli.settings import LANGUAGES

    pack_option(parser)
    parser.add_argument("--lang", type=choice(LANGUAGES), metavar="LANG", help="zh（默认）或 en")


def pack_option(parser: argparse.ArgumentParser) -> None:
    """Packs by id or folder."""
    parser.add_argument(
        "--pack", action="append", metavar="PACK", help="规则包的编号或文件夹，可写几次"
    )


def attestations_option(parser: argparse.ArgumentParser) -> None:
    """What inspectors saw."""
    parser.add_argument(
        "--attestations",
        action="append",
        metavar="FILE",
        help="检查人员的核实记录 attestations.yaml，可写几次",
    )
