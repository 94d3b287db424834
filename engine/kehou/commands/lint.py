"""``kehou lint``: every fault of every pack with its place; ``--prove``: proofs about its rules."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.util import find_spec

from kehou.cli import listed, outputs, say
from kehou.commands.choices import chosen_settings, pack_names
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNSETTLED, EXIT_USAGE, UsageError


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    parser.add_argument("--prove", action="store_true", help="command.lint.prove")


def run(options: argparse.Namespace) -> int:
    """``kehou lint``: every fault of every pack with its place; exit 2 where there is one.

    With ``--prove`` also exit 1 where a claim is refuted, 3 where one can be neither proved nor
    refuted.
    """
    from kehou.authoring import lint as linting

    total = native = tests = 0
    names = pack_names(options, chosen_settings())
    if options.prove:
        need_solver()
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
    if total or not options.prove:
        return EXIT_USAGE if total else EXIT_OK
    return _prove(names)


def need_solver() -> None:
    """Refuse what needs proofs where the solver is not installed. Raises UsageError."""
    if find_spec("z3") is None:
        hint = say("command.lint.install_solver")
        raise UsageError("no-solver", say("command.lint.no_solver"), "--prove", hint)


def _prove(names: Sequence[str]) -> int:
    """Every claim that is refuted or unknown, what it is refuted by, and how many of each."""
    from kehou.authoring.proving import prove as proving
    from kehou.authoring.proving.claims import State
    from kehou.render.words import visible

    found = proving.prove(names)
    for place, message, hint, against in found.told:
        outputs.emit(outputs.fault(place, message, hint) + "\n" + visible(against, keep="\n"))
    for place, message, hint in found.stale:
        outputs.emit(outputs.fault(place, message, hint) + "\n")
    for name, title in proving.CLAIMS.items():
        numbers = {state.value: found.number(state, name) for state in State}
        outputs.emit(say("command.lint.claim", claim=title, **numbers) + "\n")
    if found.left_out:
        outputs.emit(say("command.lint.left_out", n=found.left_out) + "\n")
    numbers = {state.value: found.number(state) for state in State}
    told = say("command.lint.proofs", **numbers)
    outputs.emit(say("cli.place", place=listed(names), told=told) + "\n")
    if found.stale:
        return EXIT_USAGE
    if numbers["refuted"]:
        return EXIT_FAIL
    return EXIT_UNSETTLED if numbers["unknown"] else EXIT_OK
