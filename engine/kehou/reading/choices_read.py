"""Rows of a choice out of a paper: each value that is named, with what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from kehou.documents import Paper, Paragraph, sentences
from kehou.readers.blocks import Kind
from kehou.reading.choices_library import Choices
from kehou.reading.hours_context import Tables, context
from kehou.reading.library import Library
from kehou.reading.listed_rows import Listed, Where, is_stated, where_of

#: Values of one sentence that are looked at.
_MOST: Final = 60


def choices_of(made: Paper, choices: Choices, library: Library) -> list[Listed]:
    """The rows of a paper's choices, each value once; what is said in two ways is left out."""
    tables = Tables(made)
    found: dict[str, Listed] = {}
    said: dict[str, str] = {}
    for paragraph in made.paragraphs:
        if paragraph.block.kind is Kind.FURNITURE:
            continue
        for values, where in _of_paragraph(paragraph, tables, choices, library):
            value, says = values[choices.column], values[choices.says]
            before = found.get(value)
            if before is None:
                found[value] = Listed(choices.path, values, where)
                said[value] = says
            elif before.against is None and said[value] != says:
                left = {choices.column: value}
                found[value] = Listed(choices.path, left, before.where, choices.says, where)
    return list(found.values())


def _of_paragraph(
    paragraph: Paragraph, tables: Tables, choices: Choices, library: Library
) -> Iterator[tuple[dict[str, Any], Where]]:
    text = choices.near_misses.sub(lambda match: "□" * len(match[0]), paragraph.text)
    for sentence in sentences(text):
        stretch = text[sentence.start : sentence.end]
        if choices.other.search(stretch):
            continue
        for match in islice(choices.search.finditer(stretch), _MOST):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            around = context(paragraph, sentence, start, end, tables)
            saying = choices.saying.search(stretch, match.end())
            if saying is None:
                near = (stretch[: match.start()], *around.beside, *around.above)
                saying = next(filter(None, (_last(choices.saying, one) for one in near)), None)
            if saying is None or not is_stated(library.scope, paragraph, start, end, True):
                continue
            row = {choices.column: choices.values[match[0]], choices.says: choices.said[saying[0]]}
            row.update(_share(choices, row[choices.says], saying))
            yield row, where_of(paragraph, start, end)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _share(choices: Choices, says: str, saying: re.Match[str]) -> dict[str, str]:
    """How much, where what is said tells it in a word."""
    name, of, words = choices.share
    if says != of:
        return {}
    here = saying.string[saying.start() : saying.end() + 6]
    return next(({name: value} for value, search in words if search.search(here)), {})
