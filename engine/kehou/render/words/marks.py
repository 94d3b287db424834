"""A document of prose with what was read marked in place, for a page and for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kehou.fields import Schema, show
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Location, Passage
from kehou.readers import Document
from kehou.readers.source import segments
from kehou.render.words.wording import Words

#: Marks of what needs somebody come before those of what only was read.
_FIRST: Final = (Outcome.FAIL, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing read: its stretch of the paragraph, what it is, and what was found on it.

    ``outcome`` is empty where nothing is to be done about it; ``findings`` are each a rule's
    result with its finding. One whose words are marked already is not ``drawn``.
    """

    number: int
    start: int
    end: int
    told: str
    outcome: str = ""
    findings: tuple[tuple[RuleResult, Finding], ...] = ()
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its number from 1, its text cut at the marks, and the marks themselves."""

    number: int
    pieces: tuple[tuple[str, Mark | None], ...]
    marks: tuple[Mark, ...]


def lines(document: Document, report: Report, schema: Schema, words: Words) -> list[Line]:
    """The paragraphs of a document with their marks, numbered in reading order."""
    found, placed = _findings(report, schema)
    by_line: dict[int, list[tuple[int, int, str, list[tuple[RuleResult, Finding]]]]] = {}
    for pointer, told in _values(document, schema, words):
        span = document.span(pointer)
        if span is not None and span.line == span.end_line:
            words_there = document.line(span.line)[span.column - 1 : span.end_column - 1]
            findings = [*found.get(pointer, []), *placed.get((span.line, words_there), [])]
            mark = (span.column - 1, span.end_column - 1, told, findings)
            by_line.setdefault(span.line, []).append(mark)
    made, count = [], 0
    for number, text in enumerate(document.text.split("\n"), 1):
        marks: list[Mark] = []
        for start, end, told, findings in sorted(by_line.get(number, ())):
            count += 1
            outcomes = {finding.outcome for _, finding in findings}
            outcome = next((str(one) for one in _FIRST if one in outcomes), "")
            drawn = not marks or start >= max(one.end for one in marks)
            marks.append(Mark(count, start, end, told, outcome, tuple(findings), drawn))
        made.append(Line(number, tuple(_pieces(text, marks)), tuple(marks)))
    return made


def place_of(document: Document, line: int) -> Location:
    """Where a line of a document stands in it."""
    passage = document.passages[line - 1] if document.passages else Passage()
    return Location(document.name, paragraph=line, passage=passage)


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, Mark | None]]:
    """A text cut at the marks that are drawn."""
    at = 0
    for mark in marks:
        if not mark.drawn:
            continue
        if mark.start > at:
            yield text[at : mark.start], None
        yield text[mark.start : mark.end], mark
        at = mark.end
    if at < len(text):
        yield text[at:], None


_Found = list[tuple[RuleResult, Finding]]


def _findings(
    report: Report, schema: Schema
) -> tuple[dict[str, _Found], dict[tuple[int | None, str | None], _Found]]:
    """Findings that somebody has to look at, by the pointer of their subject.

    Those on two places that contradict each other by the paragraph and the words of the first.
    """
    found: dict[str, _Found] = {}
    placed: dict[tuple[int | None, str | None], _Found] = {}
    conflicts = f"/{schema.conflicts.path}/" if schema.conflicts is not None else ""
    for result in report.results:
        for finding in result.findings:
            if finding.outcome not in _FIRST:
                continue
            at = finding.location
            if conflicts and finding.subject.pointer.startswith(conflicts) and at is not None:
                placed.setdefault((at.paragraph, at.excerpt), []).append((result, finding))
            else:
                found.setdefault(finding.subject.pointer, []).append((result, finding))
    return found, placed


def _values(document: Document, schema: Schema, words: Words) -> Iterator[tuple[str, str]]:
    """(pointer, what is told of it) of each statement and each fact."""
    part = schema.statements
    for key, value in document.tree.items():
        if part is not None and key == part.name:
            for i, row in enumerate(value):
                yield f"/{key}/{i}", _stated(row, part.statement, part.fields, words)
        else:
            yield from _facts(value, f"/{key}", schema, words)


def _stated(row: Mapping[str, Any], role: Mapping[str, str], fields: Any, words: Words) -> str:
    shown = {
        member: fields[role[member]].labels.get(row.get(role[member]), "")
        for member in ("topic", "polarity", "tier")
    }
    return words["reading.stated"].format(**shown)


def _facts(value: Any, pointer: str, schema: Schema, words: Words) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _facts(inner, f"{pointer}/{key}", schema, words)
        return
    path = ".".join(segments(pointer))
    field = schema.field(path)
    title = field.title if field is not None else pointer
    if isinstance(value, list):
        for i, row in enumerate(value):
            told = _row(row, path, schema, words)
            yield f"{pointer}/{i}", words["reading.fact"].format(title=title, value=told)
        return
    shown = field.labels.get(value, value) if field is not None else value
    yield pointer, words["reading.fact"].format(title=title, value=shown)


def _row(row: Mapping[str, Any], path: str, schema: Schema, words: Words) -> str:
    """The fields of a row with their titles, in one line."""
    told = []
    for name, value in row.items():
        field = schema.field(f"{path}.{name}")
        if field is None:
            continue
        if isinstance(value, list) and field.item is not None and field.item.kind == "integer":
            shown = show(tuple(map(int, value)), field)
        elif field.kind == "boolean":
            shown = show(value == "true", field)
        else:
            values = value if isinstance(value, list) else [value]
            labels = field.labels or (field.item.labels if field.item is not None else {})
            shown = words["list"].join(labels.get(one, one) for one in values)
        told.append(f"{field.title}{words['colon']}{shown}")
    return words["semicolon"].join(told)
