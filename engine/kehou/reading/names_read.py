"""Rows known by a name out of a paper: who is named in full and takes part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from kehou.documents import Paper, Paragraph, sentences
from kehou.readers.blocks import Kind
from kehou.reading.library import Library
from kehou.reading.listed_rows import Listed, Where, is_stated, where_of
from kehou.reading.names_library import Names

#: Names of one sentence that are looked at.
_MOST: Final = 20


def names_of(made: Paper, names: Names, library: Library) -> list[Listed]:
    """The rows of a paper's names, each once."""
    found: dict[str, Listed] = {}
    for paragraph in made.paragraphs:
        if paragraph.block.kind is not Kind.FURNITURE:
            for name, where in _of_paragraph(paragraph, names, library):
                row = Listed(names.path, {names.column: name}, where, sets=names.sets)
                found.setdefault(name, row)
    return list(found.values())


def _of_paragraph(
    paragraph: Paragraph, names: Names, library: Library
) -> Iterator[tuple[str, Where]]:
    for sentence in sentences(paragraph.text):
        said = paragraph.text[sentence.start : sentence.end]
        if not names.ours.search(said) or names.other.search(said):
            continue
        for match in islice(names.search.finditer(said), _MOST):
            begins = max((one.end() for one in names.after.finditer(match[0])), default=0)
            start, end = sentence.start + match.start() + begins, sentence.start + match.end()
            told = names.search.fullmatch(paragraph.text, start, end)
            if told is not None and is_stated(library.scope, paragraph, start, end):
                yield paragraph.text[start:end], where_of(paragraph, start, end)
