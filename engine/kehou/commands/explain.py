"""``kehou explain RULE [PATH]``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

import kehou
from kehou.cli import outputs, say
from kehou.commands import many
from kehou.commands.choices import check_options, chosen_settings, find_rule, pack_names
from kehou.errors import EXIT_OK, UsageError

if TYPE_CHECKING:
    from kehou.packs import Pack


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="command.explain.rule")
    parser.add_argument("path", nargs="?", metavar="PATH", help="cli.path")
    parser.add_argument("-v", "--verbose", action="store_true", help="cli.with_ids")
    parser.add_argument("--fields", metavar="WORDS", help="command.explain.fields")


def run(options: argparse.Namespace) -> int:
    """``kehou explain RULE [PATH]``."""
    from kehou.render.screen import explain as rendering

    chosen = chosen_settings(options.path)
    packs = [kehou.load_pack(n) for n in pack_names(options, chosen)]
    language = options.lang or chosen.language or "zh"
    if options.fields is not None:
        return _fields(options, packs, language)
    if options.rule is None:
        hint = say("command.explain.how")
        raise UsageError("usage", say("command.explain.what"), hint=hint)
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


def _fields(options: argparse.Namespace, packs: Sequence[Pack], language: str) -> int:
    """``--fields WORDS``: the fields, values, parameters and rules that are called so."""
    from kehou.render.screen.fields import spoken_of

    if options.rule is not None:
        told = say("command.explain.fields_alone")
        raise UsageError("usage", told, "--fields", say("command.explain.how"))
    for pack in packs:
        if len(packs) > 1:
            outputs.emit(f"{pack.id}\n")
        outputs.emit(spoken_of(pack, options.fields, language))
    return EXIT_OK
