"""``kehou completion bash|zsh|fish``: print a script that completes the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from kehou.cli import choice, outputs
from kehou.cli.completion import SHELLS
from kehou.errors import EXIT_OK


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("shell", type=choice(SHELLS), metavar="SHELL", help="bash、zsh 或 fish")


def run(options: argparse.Namespace) -> int:
    """``kehou completion bash|zsh|fish``; ``options.parsers`` gives the parsers of all commands."""
    from kehou.cli import completion

    parser, each = options.parsers()
    found = completion.commands(parser, each, _known())
    outputs.emit(completion.script(options.shell, found), plain=False)
    return EXIT_OK


def _known() -> dict[str, Sequence[str]]:
    """Words by metavar, from what comes with kehou; nothing is loaded that is not listed."""
    from kehou import data, packs
    from kehou.fields import load_schema
    from kehou.fields import validation as jsonschemas
    from kehou.render.formats import ALL, BINARY

    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    tables = [field.name for field in schema.root.fields.values() if field.bureau or field.record]
    return {
        "FORMAT": list(ALL),
        "BINARY": list(BINARY),
        "NAME=FILE": tables,
        "NAME": jsonschemas.names(),
        "PACK": packs.available(),
        "RULE": sorted({name for pack in packs.available() for name in packs.rule_names(pack)}),
    }
