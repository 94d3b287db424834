"""``kehou new``: scaffold a rule and its cases, or a pack or a layer from a policy's text."""

from __future__ import annotations

import argparse
from pathlib import Path

from kehou.cli import outputs, say
from kehou.commands.choices import chosen_settings
from kehou.errors import EXIT_OK, EXIT_USAGE, UsageError
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rule", metavar="RULE-ID", help="command.new.rule")
    parser.add_argument("name", nargs="?", metavar="NAME", help="command.new.name")
    parser.add_argument("--area", metavar="AREA", help="command.new.area")
    parser.add_argument("--each", metavar="ENTITY", help="command.new.each")
    parser.add_argument("--clause", metavar="CLAUSE", help="command.new.clause")
    parser.add_argument("--require", metavar="WORDS", help="command.new.require")
    parser.add_argument("--pack", metavar="PACK", help="command.new.pack")
    parser.add_argument("--source", metavar="FILE", help="command.new.source")
    parser.add_argument("--schema", metavar="FILE", help="command.new.schema")
    parser.add_argument("--over", metavar="PACK", help="command.new.over")


def run(options: argparse.Namespace) -> int:
    """``kehou new RULE-ID``: a rule and its cases that load, lint and run at once."""
    from kehou.authoring.scaffold import scaffold

    if options.rule == "pack":
        return _pack(options)
    if options.rule == "overlay":
        return _overlay(options)
    if options.rule == "answers":
        return _answers(options)
    if options.name or options.source or options.schema or options.over:
        raise UsageError("new-pack", say("command.new.only_pack"), hint=say("command.new.how_pack"))
    chosen = chosen_settings()
    made = scaffold(
        options.rule,
        pack=options.pack or (chosen.packs[0] if chosen.packs else ""),
        area=options.area,
        each=options.each,
        clause=options.clause,
        phrase=options.require,
    )
    outputs.write_together(made.files)
    for line in made.told:
        outputs.emit(visible(line) + "\n")
    return EXIT_OK


def _pack(options: argparse.Namespace) -> int:
    """``kehou new pack NAME --source FILE [--schema FILE]``: a pack to begin from."""
    from kehou.authoring.new_pack import new_pack

    if not options.name or not options.source or options.over:
        raise UsageError("new-pack", say("command.new.what"), hint=say("command.new.how_pack"))
    schema = Path(options.schema) if options.schema else None
    for line in new_pack(Path(options.name), Path(options.source), schema):
        outputs.emit(visible(line) + "\n")
    return EXIT_OK


def _overlay(options: argparse.Namespace) -> int:
    """``kehou new overlay NAME --over PACK [--source FILE]``: a layer to begin from."""
    from kehou.authoring.new_overlay import new_overlay

    if not options.name or not options.over:
        told = say("command.new.what_overlay")
        raise UsageError("new-overlay", told, hint=say("command.new.how_overlay"))
    source = Path(options.source) if options.source else None
    for line in new_overlay(Path(options.name), options.over, source):
        outputs.emit(visible(line) + "\n")
    return EXIT_OK


def _answers(options: argparse.Namespace) -> int:
    """``kehou new answers PACK``: what was answered on the sheet of a pack, done to it."""
    from kehou.authoring.answers import answers

    if not options.name:
        raise UsageError("new-answers", say("command.new.what_answers"))
    told, done = answers(Path(options.name))
    for line in told:
        outputs.emit(visible(line) + "\n")
    return EXIT_OK if done else EXIT_USAGE
