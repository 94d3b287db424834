"""Options that several commands take, and the types of what is written after them.

The ``help`` of an option is the key of its text in the catalogues. Nothing but argparse and the
vocabularies of the options is imported here before an option is used.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kehou.cli.language import LANGUAGES, nearest, say, spoken
from kehou.model.outcomes import Severity, Stage

if TYPE_CHECKING:
    from kehou.cli.outputs import Output

ENGINES: Final = ("both", "direct", "rete")
_GRAVE: Final = tuple(severity.value for severity in Severity if severity is not Severity.ADVICE)
#: Gates of ``--fail-on``; advice never decides an exit code. ``new`` is ``new:major``.
GATES: Final = (*_GRAVE, "new", *(f"new:{severity}" for severity in _GRAVE), "none")
STAGES: Final = tuple(stage.value for stage in Stage)
READINGS: Final = ("strict", "lenient")


def choice(
    allowed: Sequence[str], titles: Callable[[], Mapping[str, str]] | None = None
) -> Callable[[str], str]:
    """An argparse type: one of the allowed words, with the nearest one where it is none.

    ``titles`` gives what the words are called; a title, or a part of one alone, will do.
    """

    def read(text: str) -> str:
        found = text if text in allowed else named(text, titles)
        if found in allowed:
            return found
        raise argparse.ArgumentTypeError(
            say(
                "cli.not_allowed",
                text=text,
                hint=nearest(text, allowed if text.isascii() else _shown(allowed, titles)),
            )
        )

    read.allowed = tuple(allowed)  # type: ignore[attr-defined] # completion lists them
    return read


def _shown(allowed: Sequence[str], titles: Callable[[], Mapping[str, str]] | None) -> Sequence[str]:
    """What may be written: the titles where people speak Chinese, else the words."""
    if titles is None or spoken() != "zh":
        return allowed
    every = titles()
    return [every.get(word, word) for word in allowed]


def named(text: object, titles: Callable[[], Mapping[str, str]] | None) -> str:
    """The word that a title, or a part that one title alone has, stands for; else empty."""
    if titles is None or not isinstance(text, str) or text.isascii():
        return ""
    every = titles()
    found = {word for word, title in every.items() if text == title}
    found = found or {word for word, title in every.items() if text in title}
    return found.pop() if len(found) == 1 else ""


def gate_titles() -> Mapping[str, str]:
    """What the gates are called."""
    from kehou.render.words import catalogue

    words = catalogue.load("zh")
    grave = {gate: words[f"severity.{gate}"] for gate in _GRAVE}
    fresh = words["cli.only_new"]
    new = {f"new:{gate}": f"{fresh}{title}" for gate, title in grave.items()}
    return {**grave, "new": fresh, **new, "none": words["cli.never"]}


def stage_titles() -> Mapping[str, str]:
    """What the stages are called where no other pack says otherwise."""
    from kehou import packs
    from kehou.readers import ReadError, read
    from kehou.readers.door import MOST_OF_PACK, contents

    try:
        file = packs.find(packs.DEFAULT_PACK).joinpath("pack.yaml")
        tree = read("pack.yaml", contents(file, MOST_OF_PACK)).tree
    except ReadError:
        return {}
    stages = tree.get("stages") if isinstance(tree, dict) else None
    stages = stages if isinstance(stages, dict) else {}
    return {name: str(one["title"]) for name, one in stages.items() if isinstance(one, dict)}


def written(formats: Sequence[str], option: str = "-o") -> Callable[[str], Output]:
    """An argparse type: ``FORMAT[=FILE]`` in one of the formats, which ``option`` takes."""

    def read(text: str) -> Output:
        from kehou.cli import outputs

        return outputs.parse(text, formats, option)

    read.formats = tuple(formats)  # type: ignore[attr-defined] # for help and completion
    return read


def date(text: str) -> str:
    """An argparse type: a day that exists, as people write it, as an ISO date."""
    from kehou.model.values import is_day

    if is_day(text):
        return text
    from kehou.fields.dates import day_written

    if found := day_written(text):
        return found
    raise argparse.ArgumentTypeError(say("cli.not_a_date", text=text))


def number(text: str) -> int:
    """An argparse type: a whole number."""
    if re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        return int(text)
    raise argparse.ArgumentTypeError(say("cli.not_a_number", text=text))


def table(text: str) -> tuple[str, str]:
    """An argparse type: ``NAME=FILE``."""
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise argparse.ArgumentTypeError(say("cli.not_a_table", text=text))
    return name, file


@dataclass(frozen=True, slots=True)
class Option:
    """A shared option: its flag and what else argparse is told of it."""

    flag: str
    metavar: str
    help: str
    told: Mapping[str, Any] = field(default_factory=dict)


_SEVERAL: Final = MappingProxyType({"action": "append"})

#: Options that mean the same in every command that takes them; command_table names them.
SHARED: Final[Mapping[str, Option]] = MappingProxyType(
    {
        "stage": Option("--stage", "STAGE", "cli.stage", {"type": choice(STAGES, stage_titles)}),
        "as_of": Option("--as-of", "DATE", "cli.as_of", {"type": date}),
        "on": Option("--on", "DATE", "cli.on", {"type": date}),
        "data": Option("--data", "NAME=FILE", "cli.data", {"type": table, **_SEVERAL}),
        "pack": Option("--pack", "PACK", "cli.pack", _SEVERAL),
        "engine": Option("--engine", "ENGINE", "cli.engine", {"type": choice(ENGINES)}),
        "baseline": Option("--baseline", "REPORT", "cli.baseline"),
        "waivers": Option("--waivers", "FILE", "cli.waivers"),
        "attestations": Option("--attestations", "FILE", "cli.attestations", _SEVERAL),
        "confirmations": Option("--confirmations", "FILE", "cli.confirmations", _SEVERAL),
        "reading": Option("--reading", "READING", "cli.reading", {"type": choice(READINGS)}),
    }
)


def add_shared(parser: argparse.ArgumentParser, names: Sequence[str]) -> None:
    """The shared options of these names, after the command's own."""
    for option in (SHARED[name] for name in names):
        parser.add_argument(option.flag, metavar=option.metavar, help=option.help, **option.told)


def language_option(parser: argparse.ArgumentParser, default: object = None) -> None:
    """``--lang``, which every command takes and which may stand before it."""
    parser.add_argument(
        "--lang", type=choice(LANGUAGES), metavar="LANG", help="cli.lang", default=default
    )


class _Once(argparse.Action):
    """Takes a value once; a second is refused, for the first would go unheeded."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Keep the value; ends the program where there is one already."""
        if getattr(namespace, self.dest, self.default) is not self.default:
            raise argparse.ArgumentError(self, say("cli.once"))
        setattr(namespace, self.dest, values)


def output_option(
    parser: argparse.ArgumentParser, formats: Sequence[str], help: str, several: bool = True
) -> None:
    """``-o FORMAT[=FILE]``, once or several times; the text of ``help`` may list ``{formats}``.

    ``options.output`` is one Output, in the first format and on the screen where nothing is
    written; a list of them, or None, where it may be written several times.
    """
    once = {"action": _Once, "default": formats[0]}
    how: dict[str, Any] = {"action": "append"} if several else once
    parser.add_argument(
        "-o", "--output", metavar="FORMAT[=FILE]", type=written(formats), help=help, **how
    )
