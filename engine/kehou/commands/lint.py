"""``kehou lint``: every fault of every pack with its place."""

from __future__ import annotations

import argparse

from kehou.cli import outputs, pack_option
from kehou.commands.choices import chosen_settings, pack_names
from kehou.errors import EXIT_OK, EXIT_USAGE
from kehou.render.words import visible


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be written after the command."""
    pack_option(parser)


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
            told = f"{place}：{message}" + (f"（{hint}）" if hint else "")
            outputs.emit(visible(told) + "\n")
    good = f"没有错误；规则网络直接判定 {native} 项条件，其余 {tests - native} 项预先算出"
    summary = f"{total} 处错误" if total else good
    outputs.emit(f"{'、'.join(names)}：{summary}\n")
    return EXIT_USAGE if total else EXIT_OK
