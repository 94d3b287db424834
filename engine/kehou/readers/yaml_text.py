"""YAML 1.2 text for libyaml, which reads some of it otherwise: the same length, other signs.

Tabs that separate and do not indent, names of anchors in any script, and plain text in brackets
that begins with ``?`` or ``:`` are put so that libyaml reads them; its events are put back. As no
character moves, every place that it names holds for the text as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]  # not in the stubs' __all__
except ImportError:  # PyYAML without libyaml: slower, the same events
    from yaml import SafeLoader as _Parser  # type: ignore[assignment]

__all__ = [
    "AliasEvent",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingStartEvent",
    "NodeEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "StreamEndEvent",
    "YAMLError",
    "events",
]

#: Anchors and aliases with the name that YAML 1.2 gives them, a colon at its end left out. One
#: with a quote or a backslash is not among them: in a text these are its end or its escape.
_NAMED = re.compile(r"(?<![^\s\[{,:])[&*]([^\s,\[\]{}\"'\\]+?)(?=:?(?:[\s,\[\]{}]|\Z))")
_PROPERTIES = re.compile(r"(?:[&!]\S+\s+)*")
_NAME = re.compile(r"[0-9A-Za-z_-]+")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#: Plain text that begins with an indicator which is none, as something stands right behind it.
_QUESTION = re.compile(r"(?<![^\s\[{,:])\?(?=[^\s,\[\]{}])")
_COLON = re.compile(r"(?<=[\[{,:])(\s*):(?=[^\s,\[\]{}])")
#: Tabs in a line of nothing else, or before a comment in a line of its own.
_BLANK_LINE = re.compile(r"^ *(\t[ \t]*)(?=#|$)", re.MULTILINE)
#: Tabs behind the indicator of an item, a key or a value.
_AFTER_SIGN = re.compile(r"^ *(?:[-?:] +)*[-?:]( *\t[ \t]*)(?=(.*))", re.MULTILINE)
#: A mapping or a list in the line of an item is indented by what stands before it.
_INDENTED = re.compile(
    r"[-?](?:\s|$)|(?:\"[^\"]*\"\s*|'[^']*'\s*|[^\"'\[{#\s](?:[^#:]|:(?=\S)|(?<=\S)#)*):(?:\s|$)"
)
#: Events of a first reading that are looked at.
_MOST_EVENTS: Final = 1_000_000
_PRIVATE_USE: Final = range(0xE000, 0xF900)
_Change = tuple[int, int, str, str]


def events(text: str) -> Callable[[], Any]:
    """The parser's next event, again and again; raises what the parser raises."""
    changes = [*_tabs(text), *_names(text)] if "\t" in text or _NAMED.search(text) else []
    signs = _signs(text)
    if not changes and not signs:
        return _Parser(text).get_event
    shown = _put(text, signs)
    if changes:
        inside = _scalars(_put(shown, changes))
        changes = [change for change in changes if not _is_content(change, inside)]
    names = {new: text[at:end] for at, end, new, kind in changes if kind == "name"}
    back = {new: text[at:end] for at, end, new, _ in signs}
    get = _Parser(_put(shown, changes)).get_event

    def event() -> Any:
        found: Any = get()
        if type(found) is ScalarEvent:
            for new, old in back.items():
                found.value = found.value.replace(new, old)
        if (anchor := getattr(found, "anchor", None)) in names:
            found.anchor = names[anchor]
        return found

    return event


def _put(text: str, changes: list[_Change]) -> str:
    """The text with each stretch of ``changes`` as it is to be read."""
    pieces, last = [], 0
    for at, end, new, _kind in sorted(changes):
        pieces += [text[last:at], new]
        last = end
    return "".join([*pieces, text[last:]])


def _tabs(text: str) -> Iterator[_Change]:
    """Tabs where YAML has blanks that separate."""
    for match in _BLANK_LINE.finditer(text):
        kind = "line" if match.start(1) > match.start() else "edge"
        yield *match.span(1), " " * len(match[1]), kind
    for match in _AFTER_SIGN.finditer(text):
        if not _INDENTED.match(match[2]):
            yield *match.span(1), " " * len(match[1]), "sign"


def _names(text: str) -> Iterator[_Change]:
    """Names of anchors that libyaml does not read, each with another of its length."""
    taken = {match[1] for match in _NAMED.finditer(text) if _NAME.fullmatch(match[1])}
    given: dict[str, str] = {}
    for match in _NAMED.finditer(text):
        name = match[1]
        if _NAME.fullmatch(name) or name[0] in "&*":
            continue
        if name not in given:
            new = next((n for n in islice(_spelled(len(name)), 100_000) if n not in taken), "")
            if not new:
                continue
            taken.add(new)
            given[name] = new
        yield *match.span(1), given[name], "name"


def _spelled(length: int) -> Iterator[str]:
    """Names of a length, one after another."""
    number = 0
    while True:
        rest, name = number, ""
        for _ in range(length):
            rest, letter = divmod(rest, len(_LETTERS))
            name += _LETTERS[letter]
        if rest:
            return
        yield name
        number += 1


def _signs(text: str) -> list[_Change]:
    """Indicators that are none, each with a character that the text has not."""
    found: list[_Change] = []
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    for sign, pattern in (("?", _QUESTION), (":", _COLON)):
        ends = [match.end() for match in pattern.finditer(text)] if sign in text else []
        new = next(free, "") if ends else ""
        found += [(end - 1, end, new, "sign") for end in ends if new]
    return found


def _scalars(text: str) -> list[tuple[int, int, bool]]:
    """Where scalars stand and whether they are blocks of lines, up to the first fault."""
    found: list[tuple[int, int, bool]] = []
    get: Any = _Parser(text).get_event
    try:
        for _ in range(_MOST_EVENTS):
            event = get()
            if type(event) is ScalarEvent:
                first: Any = event.start_mark
                last: Any = event.end_mark
                start = first.index
                if event.anchor is not None and (named := _PROPERTIES.match(text, start)):
                    start = named.end()
                found.append((start, last.index, event.style in ("|", ">")))
            elif type(event) is StreamEndEvent:
                break
    except YAMLError:
        pass
    return found


def _is_content(change: _Change, scalars: list[tuple[int, int, bool]]) -> bool:
    """Whether a stretch is part of a text; blank lines of a text in quotes say the same anyhow."""
    from bisect import bisect_right

    at, _, _, kind = change
    if kind == "edge":
        return False
    index = bisect_right(scalars, (at, at + 1_000_000_000, True)) - 1
    if index < 0 or at >= scalars[index][1]:
        return False
    return kind != "line" or scalars[index][2]  # and none at the edge of the page is
