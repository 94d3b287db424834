"""``kehou schema NAME``: print a JSON Schema."""

from __future__ import annotations

import argparse

from kehou import data, outputs
from kehou.errors import EXIT_OK, UsageError
from kehou.grammar import suggest

_SUFFIX = ".schema.json"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="名称；不写则列出全部")


def run(options: argparse.Namespace) -> int:
    """``kehou schema NAME``; without a name, what there is."""
    names = sorted(
        path.name.removesuffix(_SUFFIX)
        for path in data.schemas().iterdir()
        if path.name.endswith(_SUFFIX)
    )
    if options.name is None:
        outputs.emit("\n".join(names) + "\n")
        return EXIT_OK
    name = options.name.removesuffix(_SUFFIX)
    if name not in names:
        raise UsageError("schema-not-found", f"没有名为 {name} 的结构", hint=suggest(name, names))
    outputs.emit(data.schemas().joinpath(name + _SUFFIX).read_text("utf-8"), plain=False)
    return EXIT_OK
