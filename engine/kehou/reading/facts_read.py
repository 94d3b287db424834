"""The facts that a paper states in so many words; what it states in two ways is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kehou.documents import Paper, Paragraph, paper
from kehou.readers.blocks import Block, Kind
from kehou.reading.facts_library import FactPattern
from kehou.reading.library import Library, Scope
from kehou.reading.listed_rows import is_stated, sentence_at
from kehou.reading.mentions import Statement

#: The title of a document stands in so many first paragraphs, and is no sentence.
_TITLE = 4


@dataclass(frozen=True, slots=True)
class Read:
    """A value by the path of its field; ``start`` and ``end`` as of `mentions.Statement`.

    ``unless`` is the topic that contradicts it where it is planned.
    """

    path: str
    value: str
    paragraph: int
    start: int
    end: int
    unless: str = ""


def facts_of(made: Paper, library: Library) -> tuple[list[Read], list[str]]:
    """(each fact once, paths of those that are stated in two ways)."""
    found: dict[str, Read] = {}
    values: dict[str, set[str]] = {}
    for one in _all(made, library):
        found.setdefault(one.path, one)
        values.setdefault(one.path, set()).add(one.value)
    twice = [path for path, several in values.items() if len(several) > 1]
    return [one for path, one in found.items() if path not in twice], twice


def facts_in(text: str, library: Library) -> dict[str, str]:
    """What one text states, as the cases of facts.yaml are run."""
    read, _ = facts_of(paper("", [Block(Kind.PARAGRAPH, text)]), library)
    return {one.path: one.value for one in read}


def _all(made: Paper, library: Library) -> Iterator[Read]:
    plain = [p for p in made.paragraphs if p.block.kind is not Kind.FURNITURE]
    titles = {p.index for p in plain[:_TITLE] if "。" not in p.text}
    for pattern in library.facts.patterns:
        for paragraph in plain:
            if not pattern.from_title or paragraph.index in titles:
                yield from _of(pattern, paragraph, library.scope)
                if pattern.from_title and pattern.search.search(paragraph.text):
                    break  # the first line that has it is the title


def _of(pattern: FactPattern, paragraph: Paragraph, scope: Scope) -> Iterator[Read]:
    if pattern.stated and paragraph.is_heading:
        return
    for match in pattern.search.finditer(paragraph.text):
        if pattern.stated and not _is_said(pattern, paragraph, match, scope):
            continue
        start, end = paragraph.normal.original(*match.span())
        for path, value in pattern.values(match).items():
            value = value.replace("(", "（").replace(")", "）")  # as Chinese writes them
            yield Read(path, value, paragraph.index, start, end, pattern.unless)


def _is_said(
    pattern: FactPattern, paragraph: Paragraph, match: re.Match[str], scope: Scope
) -> bool:
    """Whether a fact is said as so, and of nobody whom its pattern leaves out."""
    sentence = sentence_at(paragraph, match.start())
    named = list(scope.who.finditer(paragraph.text, sentence.start, match.end()))
    if pattern.not_of and named and named[-1].lastgroup == pattern.not_of:
        return False
    return is_stated(scope, paragraph, *match.span(), pattern.denies)


def against(
    facts: Sequence[Read], found: Sequence[Statement]
) -> Iterator[tuple[Read, int, Statement]]:
    """Facts that a planned statement contradicts, each with the statement's number."""
    for fact in facts:
        for index, one in enumerate(found):
            if fact.unless and one.topic == fact.unless and one.polarity == "planned":
                yield fact, index, one
                break
