"""``kehou new RULE-ID``: scaffold a rule and its cases."""

from __future__ import annotations

import argparse

from kehou.cli import outputs
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "rule", metavar="RULE-ID", help="规则编号：<领域>-<对象>-<要求>，如 schedule-noon-end"
    )
    parser.add_argument("--area", metavar="AREA", help="放在哪个方面的文件夹；不写则按编号推断")
    parser.add_argument(
        "--each", metavar="ENTITY", help="对每一个什么评定（facts.yaml 的实体）；不写即整份材料"
    )
    parser.add_argument("--clause", metavar="CLAUSE", help="依据的条款编号；不写则请随后改写")
    parser.add_argument("--pack", metavar="PACK", help="规则包的文件夹，或自带规则包的编号")


def run(options: argparse.Namespace) -> int:
    """``kehou new RULE-ID``: a rule and its cases that load, lint and run at once."""
    from kehou.authoring.scaffold import scaffold

    chosen = chosen_settings()
    made = scaffold(
        options.rule,
        pack=options.pack or (chosen.packs[0] if chosen.packs else ""),
        area=options.area,
        each=options.each,
        clause=options.clause,
    )
    for line in made:
        outputs.emit(visible(line) + "\n")
    return EXIT_OK
