"""``kehou new RULE-ID``: scaffold a rule and its cases."""

from __future__ import annotations

import argparse

from kehou.cli import outputs
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rule", metavar="RULE-ID", help="command.new.rule")
    parser.add_argument("--area", metavar="AREA", help="command.new.area")
    parser.add_argument("--each", metavar="ENTITY", help="command.new.each")
    parser.add_argument("--clause", metavar="CLAUSE", help="command.new.clause")
    parser.add_argument("--pack", metavar="PACK", help="command.new.pack")


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
    outputs.write_together(made.files)
    for line in made.told:
        outputs.emit(visible(line) + "\n")
    return EXIT_OK
