"""A matcher that goes back and tries again as Python's `re` does, and counts what it tries.

It reads the pattern as parsed and knows no cleverness: nothing is remembered, skipped or looked up
ahead, so that `re` never takes more steps than it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any


class TooManyStepsError(Exception):
    """More steps than were allowed."""


class CountingMatcher:
    """Whole matches of one pattern, with the ``steps`` of the last."""

    def __init__(self, pattern: str, most: int) -> None:
        self.tree = list(_parser.parse(pattern))
        self.most = most
        self.steps = 0

    def matches(self, text: str) -> bool:
        """Whether the whole text fits; raises TooManyStepsError."""
        self.steps = 0
        return any(end == len(text) for end in self._sequence(self.tree, text, 0))

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyStepsError

    def _sequence(self, items: Sequence[Any], text: str, at: int) -> Iterator[int]:
        """Every end that matching the items from a place may have, one after another."""
        if not items:
            yield at
            return
        for middle in self._item(items[0], text, at):
            yield from self._sequence(items[1:], text, middle)

    def _item(self, item: Any, text: str, at: int) -> Iterator[int]:
        op, given = item
        self._step()
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            least, most, inner = given
            yield from self._repeat(least, most, list(inner), text, at)
        elif op is _constants.SUBPATTERN:
            yield from self._sequence(list(given[-1]), text, at)
        elif op is _constants.BRANCH:
            for way in given[1]:
                yield from self._sequence(list(way), text, at)
        elif op is _constants.AT:
            here = {_constants.AT_BEGINNING: at == 0, _constants.AT_END: at == len(text)}
            if here[given]:
                yield at
        elif at < len(text) and _fits(item, text[at]):
            yield at + 1

    def _repeat(self, least: int, most: Any, inner: list[Any], text: str, at: int) -> Iterator[int]:
        """As many as there can be first, then one fewer at a time."""
        if most == 0:
            yield at
            return
        for middle in self._sequence(inner, text, at):
            if middle > at:
                fewer = most if most is _constants.MAXREPEAT else most - 1
                yield from self._repeat(max(least - 1, 0), fewer, inner, text, middle)
        if least == 0:
            yield at


def _fits(item: Any, character: str) -> bool:
    """Whether one character fits; what a class holds is left to `re`."""
    op, given = item
    if op is _constants.LITERAL:
        return bool(ord(character) == given)
    if op is _constants.NOT_LITERAL:
        return bool(ord(character) != given)
    if op is _constants.ANY:
        return character != "\n"
    state = _parser.State()
    state.str = ""
    one = _parser.SubPattern(state, [item])
    return re.Pattern.fullmatch(_compiler.compile(one), character) is not None
