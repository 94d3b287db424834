"""Sentences of a normalised text; what stands in quotation marks or brackets is not cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_ENDS: Final = frozenset("。;!?\n")
_OPENS: Final = {"“": "”", "《": "》", "(": ")"}
#: A quotation longer than this was left open by its writer.
_LONGEST: Final = 300
#: A sentence without an end is cut at a comma after so many characters, or anywhere after more:
#: what is read of a mention looks at all that stands before it.
_CUT_AT_COMMA: Final = 500
_CUT: Final = 800


class Sentence(NamedTuple):
    """A stretch of a text; ``end`` is exclusive and takes the mark that ends it."""

    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, in order; every character is in one."""
    start, inside, since = 0, "", 0
    for at, letter in enumerate(text):
        if at - start >= _CUT or (letter == "," and at - start >= _CUT_AT_COMMA):
            yield Sentence(start, at + 1)
            start, inside = at + 1, ""
            continue
        if inside:
            if letter == inside or at - since > _LONGEST:
                inside = ""
            continue
        if letter in _OPENS and text.find(_OPENS[letter], at, at + _LONGEST) > 0:
            inside, since = _OPENS[letter], at
        elif letter in _ENDS:
            yield Sentence(start, at + 1)
            start = at + 1
    if start < len(text):
        yield Sentence(start, len(text))
