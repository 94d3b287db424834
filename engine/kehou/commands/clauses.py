"""``kehou clauses``: the policy's text with what carries each part, and what nothing does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import kehou
from kehou.cli import output_option, outputs, say
from kehou.commands.choices import chosen_settings, pack_names
from kehou.errors import EXIT_OK, UsageError

if TYPE_CHECKING:
    from kehou.packs import Pack


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    output_option(parser, ("text", "json", "html"), "command.clauses.output", several=False)
    parser.add_argument("--ambiguities", action="store_true", help="command.clauses.ambiguities")
    parser.add_argument("--against", metavar="FILE", help="command.clauses.against")


def run(options: argparse.Namespace) -> int:
    """``kehou clauses [-o text|json|html] [--ambiguities]``."""
    from kehou.render.screen import clauses as rendering

    chosen = chosen_settings()
    output = options.output
    outputs.check_targets([output], [])
    loaded = [kehou.load_pack(name) for name in pack_names(options, chosen)]
    language = options.lang or chosen.language or "zh"
    if options.against:
        text = _against(options, loaded, language)
    elif options.ambiguities:
        text = rendering.render_ambiguities(loaded, output.format, language)
    elif output.format == "json":
        text = rendering.render_json(loaded)
    elif output.format == "html":
        from kehou.render.page import clauses_html

        text = clauses_html.render(loaded, {p.id: _cases(p) for p in loaded}, language)
    else:
        text = rendering.render_text(loaded, language)
    outputs.write(output, text)
    outputs.tell_written([output])
    return EXIT_OK


def _against(options: argparse.Namespace, loaded: list[Pack], language: str) -> str:
    """What another text of the policy changes for the clauses of one pack, and for their rules."""
    from kehou.authoring import reissued_text
    from kehou.authoring.new_pack import text_of
    from kehou.authoring.reissued import compare

    if len(loaded) != 1:
        hint = say("command.clauses.name_pack")
        raise UsageError("one-pack", say("command.clauses.one_pack"), "--against", hint)
    if options.output.format == "html":
        hint = say("command.clauses.text_or_json")
        raise UsageError("output-format", say("command.clauses.no_html"), "-o", hint)
    found = compare(loaded[0], text_of(Path(options.against)))
    if options.output.format == "json":
        return reissued_text.render_json(found)
    return reissued_text.render_text(loaded[0], found, language)


def _cases(pack: Pack) -> dict[str, list[tuple[str, list[str]]]]:
    """Names and expected outcomes of each rule's cases."""
    from kehou.packs.casefiles import read_cases

    return {
        rule.id: [(case.name, list(case.expect)) for case in read_cases(pack, rule).cases]
        for rule in pack.rules.values()
    }
