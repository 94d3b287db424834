"""``kehou explain RULE [PATH]``."""

from __future__ import annotations

import argparse

import kehou
from kehou.cli import outputs
from kehou.commands import many
from kehou.commands.choices import check_options, chosen_settings, find_rule, pack_names
from kehou.errors import EXIT_OK


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rule", metavar="RULE", help="command.explain.rule")
    parser.add_argument("path", nargs="?", metavar="PATH", help="cli.path")
    parser.add_argument("-v", "--verbose", action="store_true", help="cli.with_ids")


def run(options: argparse.Namespace) -> int:
    """``kehou explain RULE [PATH]``."""
    from kehou.render.screen import explain as rendering

    chosen = chosen_settings(options.path)
    packs = [kehou.load_pack(n) for n in pack_names(options, chosen)]
    language = options.lang or chosen.language or "zh"
    for pack in packs:
        for one in pack.off:
            if one.rule == options.rule and one.rule not in pack.rules:
                outputs.emit(rendering.switched_off(one, pack, language))
                return EXIT_OK
    rule, pack = find_rule(options.rule, packs)
    subjects = None
    if options.path is not None:
        from kehou.checking import explain

        checked = check_options(options, chosen)
        with many.alone(options.path, options, chosen) as place:
            subjects = explain(place, rule.id, checked)
    manner = rendering.Manner(language, options.verbose)
    outputs.emit(rendering.render(rule, pack, options.as_of, subjects, manner))
    return EXIT_OK
