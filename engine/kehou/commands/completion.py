"""``kehou completion bash|zsh|fish``: print a script that completes the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from kehou.cli import choice, outputs
from kehou.cli.completion import SHELLS
from kehou.errors import EXIT_OK


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument(
        "shell", type=choice(SHELLS), metavar="SHELL", help="command.completion.shell"
    )


def run(options: argparse.Namespace) -> int:
    """``kehou completion bash|zsh|fish``."""
    from kehou.cli import completion

    found = completion.commands(_known())
    outputs.emit(completion.script(options.shell, found), plain=False)
    return EXIT_OK


def _known() -> dict[str, Sequence[str]]:
    """Words by metavar, from what comes with kehou; nothing is loaded that is not listed."""
    from kehou import data, packs
    from kehou.fields import load_schema
    from kehou.fields import validation as jsonschemas

    schema = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
    tables = [field.name for field in schema.root.fields.values() if field.bureau or field.record]
    return {
        "NAME=FILE": tables,
        "NAME": jsonschemas.names(),
        "PACK": packs.available(),
        "RULE": sorted({name for pack in packs.available() for name in packs.rule_names(pack)}),
    }
