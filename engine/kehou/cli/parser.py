"""The parsers: argparse in the language of the call, and commands from their table.

The texts given to a parser are keys: ``command.NAME`` is a row's line, any other stands in the
catalogues. They are looked up when help is printed.
"""

from __future__ import annotations

import argparse
import copy
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from kehou import __version__
from kehou.cli.arguments import add_shared, language_option
from kehou.cli.command_table import COMMANDS
from kehou.cli.language import listed, nearest, say, spoken
from kehou.cli.translations import argparse_translated, in_our_language
from kehou.errors import UsageError


def text_of(key: str) -> str:
    """What a parser says under a key, in the language of the call."""
    row = COMMANDS.get(key.removeprefix("command."))
    if row is None:
        return say(key)
    return row.en if spoken() == "en" else row.zh


def help_of(action: argparse.Action) -> str:
    """The help of an option or place, with the formats it takes."""
    if not action.help:
        return ""
    formats: Sequence[str] = getattr(action.type, "formats", ())
    if not formats:
        return text_of(action.help)
    first = say("cli.default", word=formats[0])
    return say(action.help, formats=listed([first, *formats[1:]]))


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose texts are keys, under headings that argparse names."""

    def _get_help_string(self, action: argparse.Action) -> str:
        return help_of(action)

    def start_section(self, heading: str | None) -> None:
        """A heading: one of argparse's own."""
        super().start_section(heading and in_our_language(heading))


class Parser(argparse.ArgumentParser):
    """Errors as ours, in the language of the call; a word that is none is met with the nearest."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", Formatter)
        super().__init__(add_help=False, allow_abbrev=False, **settings)
        self.add_argument("-h", "--help", action="help", help="cli.help")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does, in the language of the call."""
        with argparse_translated():
            return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """The help in the language of the call."""
        shown = copy.copy(self)
        shown.description = self.description and text_of(self.description)
        shown.epilog = self.epilog and text_of(self.epilog)
        with argparse_translated():
            return super(Parser, shown).format_help()

    def _print_message(self, message: str, file: Any = None) -> None:
        """Help and version, on a terminal of any encoding."""
        from kehou.cli.outputs import complain, emit

        if file is sys.stderr:
            complain(message.rstrip("\n"))
        else:
            emit(message)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of leaving the program."""
        raise UsageError("usage", message, hint=say("cli.see_help", program=self.prog))

    def refuse(self, words: Sequence[str]) -> NoReturn:
        """Raise UsageError for words that are no options or places of this parser."""
        names = [name for action in self._actions for name in action.option_strings]
        word = words[0].partition("=")[0]
        hint = nearest(word, names) if word.startswith("-") else ""
        raise UsageError(
            "usage",
            in_our_language("unrecognized arguments: %s") % " ".join(words),
            hint=hint or say("cli.see_help", program=self.prog),
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            hint = nearest(str(value), list(action.choices))
            raise UsageError("usage", say("cli.no_such_command", name=value), hint=hint)


def bare() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and the parser of each command, still without its options."""
    parser = Parser(prog="kehou", description="cli.description", epilog="cli.exit_codes")
    version = f"kehou {__version__}"
    parser.add_argument("--version", action="version", version=version, help="cli.version")
    language_option(parser)
    commands = parser.add_subparsers(
        title="subcommands", dest="command", metavar="COMMAND", parser_class=Parser
    )
    for name in COMMANDS:
        key = f"command.{name}"
        commands.add_parser(name, help=key, description=key, epilog="cli.exit_codes")
    return parser, dict(commands.choices)


def complete(name: str, parser: Parser) -> None:
    """Give a command's parser its options: its own, the shared ones of its row, ``--lang``."""
    module_of(name).add_options(parser)
    add_shared(parser, COMMANDS[name].shared)
    language_option(parser, argparse.SUPPRESS)  # else it would undo a --lang before the command


def parsers() -> tuple[Parser, dict[str, Parser]]:
    """The whole parser and that of each command with its options, for tables and completion."""
    parser, each = bare()
    for name, one in each.items():
        complete(name, one)
    return parser, each


def module_of(command: str) -> ModuleType:
    """The module of a command, imported only now."""
    return importlib.import_module(f"kehou.commands.{COMMANDS[command].module}")
