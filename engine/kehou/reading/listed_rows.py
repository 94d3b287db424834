"""Rows of a list of a submission as prose states them, whatever reads them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kehou.documents import Paragraph, Sentence, sentences
from kehou.reading.library import Scope
from kehou.reading.scope import sense

_NOT_STATED: Final = ("asked", "quoted", "reported", "conditional", "rejected", "excepted")


class Where(NamedTuple):
    """The words that something was read from: offsets in a block's text as shown."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list at ``path``; ``twice`` is its field that ``against`` states otherwise.

    ``sets`` are other fields of the submission that the row tells, by path.
    """

    path: str
    values: Mapping[str, Any]
    where: Where
    twice: str = ""
    against: Where | None = None
    sets: Mapping[str, str] = field(default_factory=dict)


def where_of(paragraph: Paragraph, start: int, end: int) -> Where:
    """A stretch of a paragraph's normalised text as a place in what is shown."""
    return Where(paragraph.index, *paragraph.normal.original(start, end))


def sentence_at(paragraph: Paragraph, offset: int) -> Sentence:
    """The sentence of a paragraph that an offset lies in."""
    found = _sentences(paragraph.text)
    at = bisect_right(found, offset, key=lambda one: one.start) - 1
    return found[at] if found else Sentence(0, 0)


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[Sentence, ...]:
    return tuple(sentences(text))


def is_stated(
    scope: Scope, paragraph: Paragraph, start: int, end: int, even_denied: bool = False
) -> bool:
    """Whether a stretch is stated, not asked, quoted, forbidden, of the past or only supposed.

    A ban before the comma holds for it only where the rest of the sentence does not take it up.
    """
    sentence = sentence_at(paragraph, start)
    whole = sense(scope, paragraph, sentence, start, end)
    if whole.polarity in _NOT_STATED:
        return False
    if whole.polarity != "forbidden" or even_denied:
        return True
    comma = max(paragraph.text.rfind(",", sentence.start, start), sentence.start - 1) + 1
    part = sense(scope, paragraph, sentence._replace(start=comma), start, end)
    return comma > sentence.start and part.polarity != "forbidden"
