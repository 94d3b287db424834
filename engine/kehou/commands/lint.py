"""``kehou lint``: every fault of every pack with its place."""

from __future__ import annotations

import argparse

from kehou.cli import listed, outputs, say
from kehou.commands.choices import chosen_settings, pack_names
from kehou.errors import EXIT_OK, EXIT_USAGE


def add_options(parser: argparse.ArgumentParser) -> None:
    """Nothing but what commands share."""


def run(options: argparse.Namespace) -> int:
    """``kehou lint``: every fault of every pack with its place; exit 2 where there is one."""
    from kehou.authoring import lint as linting

    total = native = tests = 0
    names = pack_names(options, chosen_settings())
    for name in names:
        found = linting.lint(name)
        if not found:
            share = linting.native_share(name)
            native, tests = native + share[0], tests + share[1]
        for place, message, hint in found:
            total += 1
            outputs.emit(outputs.fault(place, message, hint) + "\n")
    good = say("command.lint.good", native=native, others=tests - native)
    summary = say("command.lint.faults", n=total) if total else good
    outputs.emit(say("cli.place", place=listed(names), told=summary) + "\n")
    return EXIT_USAGE if total else EXIT_OK
