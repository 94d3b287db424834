"""Lexicons: families of words that texts are searched for, with the near misses that mask them.

A text is searched in one pass. Full-width and half-width, capital and small letters, and any
spaces between characters count as alike; a word of Latin letters is found only as a word of its
own. Source: docs/language.md §2.24.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words to be found in a text; equal only to itself.

    ``names`` are the lexicons it is made of, ``but`` those that are excepted. A word that stands
    inside a mask (a near miss, or a word of an excepted lexicon) is not found.
    """

    names: tuple[str, ...]
    title: str
    words: tuple[str, ...]
    masks: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"词库“{self.title}”"

    def hits(self, text: str) -> tuple[str, ...]:
        """The words that a text mentions, as the lexicon writes them, in the text's order."""
        return _hits(self, text)

    @cached_property
    def _words(self) -> Index:
        return _index(self.words)

    @cached_property
    def _masks(self) -> Index:
        return _index(self.masks)


#: Folded words by their first character, longest first, each with how it is written.
Index = dict[str, tuple[tuple[str, str], ...]]


class _Span(NamedTuple):
    start: int
    end: int
    word: str


@lru_cache(maxsize=4096)
def _hits(lexicon: Lexicon, text: str) -> tuple[str, ...]:
    letters, apart = _folded(text)
    found = _found(lexicon._words, letters, apart)
    if not found:
        return ()
    masks = _found(lexicon._masks, letters, apart)
    seen = [span for span in found if not any(_within(span, mask) for mask in masks)]
    longest = [
        span for span in seen if not any(_within(span, o) and o[:2] != span[:2] for o in seen)
    ]
    return tuple(dict.fromkeys(span.word for span in longest))


def _within(inner: _Span, outer: _Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def folded(text: str) -> str:
    """A text as it is compared: compatible characters alike, small letters, no spaces."""
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, list[bool]]:
    """(a text as it is compared, whether something stood between each character and the last)."""
    letters: list[str] = []
    apart: list[bool] = []
    gap = True
    for letter in unicodedata.normalize("NFKC", text).casefold():
        if letter.isspace():
            gap = True
        elif unicodedata.category(letter) != "Cf":
            letters.append(letter)
            apart.append(gap)
            gap = False
    return "".join(letters), apart


def _index(words: Iterable[str]) -> Index:
    found: dict[str, dict[str, str]] = {}
    for word in words:
        key = folded(word)
        if key:
            found.setdefault(key[0], {}).setdefault(key, word)
    return {
        first: tuple(sorted(some.items(), key=lambda pair: -len(pair[0])))
        for first, some in found.items()
    }


def _found(index: Index, letters: str, apart: list[bool]) -> list[_Span]:
    """Every place where a word of an index stands in a folded text."""
    spans = []
    for start, letter in enumerate(letters):
        for key, written in index.get(letter, ()):
            end = start + len(key)
            if letters.startswith(key, start) and _alone(letters, apart, start, end):
                spans.append(_Span(start, end, written))
    return spans


def _alone(letters: str, apart: list[bool], start: int, end: int) -> bool:
    """Whether no Latin letter goes on into the word, or out of it."""
    before = start > 0 and not apart[start] and _latin(letters[start - 1], letters[start])
    after = end < len(letters) and not apart[end] and _latin(letters[end - 1], letters[end])
    return not before and not after


def _latin(*letters: str) -> bool:
    return all(letter.isascii() and letter.isalpha() for letter in letters)
