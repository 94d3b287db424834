"""Everything that was read from a document of prose, as a person is asked to confirm it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from kehou.documents import normal, sentences
from kehou.fields import Field, Schema, show
from kehou.model.confirmations import WHOLE
from kehou.readers import Document, segments

#: Hexadecimal digits by which a reading is known again.
_SEAL: Final = 16
#: Between the fields of a row, and between the name of one and its value.
APART, IS = "；", "："
#: Between what a reading may be else.
APART_FROM: Final = "、"


@dataclass(frozen=True)
class Reading:
    """One thing that was read: a value, a row of a list, a statement, or that a list is complete.

    ``values`` are (title, text) of its fields, of a single value without title. ``paragraph``
    counts from 1, ``number`` of ``total`` where the same stands there several times. ``sure`` says
    how sure the program is, ``others`` what it may be else: what another sentence says of the same
    belongs to what is decided on. Of a list, ``basis`` is the seal of the whole text. ``pointer``
    is the document's.
    """

    kind: str
    pointer: str
    field: Field
    values: tuple[tuple[str, str], ...]
    words: str
    sentence: str
    paragraph: int
    sure: str
    others: tuple[str, ...] = ()
    number: int = 1
    total: int = 1
    basis: str = ""

    @property
    def title(self) -> str:
        """What the field or the list is called."""
        return self.field.title

    @cached_property
    def shown(self) -> str:
        """What was read, in one line."""
        return APART.join(f"{title}{IS}{text}" if title else text for title, text in self.values)

    @cached_property
    def seal(self) -> str:
        """What a record names the reading by; any change of it or of its sentence changes that."""
        same = self.number, self.total
        basis = self.basis or APART_FROM.join(self.others)
        return seal(self.title, self.shown, self.words, self.sentence, *same, basis)


def seal(*parts: object) -> str:
    """The start of the SHA-256 of what a reading is."""
    text = json.dumps(parts, ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SEAL]


def readings(document: Document, schema: Schema) -> list[Reading]:
    """What a person is asked about: values, then plans, then all else that is said."""
    found = [*_values(document, schema), *_statements(document, schema)]
    found = _counted(found)
    return [*found, *_lists(document, schema)]


def _counted(found: list[Reading]) -> list[Reading]:
    """The same readings, those alike numbered in reading order."""
    totals = Counter(one.seal for one in found)
    seen: Counter[str] = Counter()
    counted = []
    for one in found:
        seen[one.seal] += 1
        counted.append(replace(one, number=seen[one.seal], total=totals[one.seal]))
    return counted


# --- values and rows ------------------------------------------------------------------------------


def _values(document: Document, schema: Schema) -> Iterator[Reading]:
    part = schema.statements
    for key, value in document.tree.items():
        if part is None or key != part.name:
            yield from _below(document, schema, value, f"/{key}")


def _below(document: Document, schema: Schema, value: Any, pointer: str) -> Iterator[Reading]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _below(document, schema, inner, f"{pointer}/{key}")
        return
    field = schema.field(".".join(segments(pointer)))
    if field is None:
        return
    if isinstance(value, list):
        for n, row in enumerate(value):
            yield from _reading(document, "row", f"{pointer}/{n}", field, _of_row(field, row))
    else:
        yield from _reading(document, "value", pointer, field, (("", text_of(field, value)),))


def _of_row(field: Field, row: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(row, Mapping):
        return (("", text_of(field.item or field, row)),)
    return tuple(
        (field.fields[name].title, text_of(field.fields[name], value))
        for name, value in row.items()
        if name in field.fields
    )


def text_of(field: Field, value: Any) -> str:
    """A value of the document's tree in plain words, as it can be written again."""
    if isinstance(value, list):
        item = field.item or field
        if item.kind == "integer":
            return show(tuple(map(int, value)), field)
        return "、".join(text_of(item, one) for one in value)
    if field.kind == "boolean":
        return show(value == "true", field)
    return field.labels.get(value, str(value))


def _reading(
    document: Document,
    kind: str,
    pointer: str,
    field: Field,
    values: tuple[tuple[str, str], ...],
) -> Iterator[Reading]:
    span = document.span(pointer)
    if span is None:
        return
    line = document.line(span.line)
    words = line[span.column - 1 : span.end_column - 1]
    told = [one for one in document.twice if one.pointer.startswith(f"{pointer}/")]
    yield Reading(
        kind,
        pointer,
        field,
        values,
        words,
        sentence(line, span.column - 1, span.end_column - 1),
        span.line,
        "低（写了两种，没有采用）" if told else "一般",
        tuple(value for one in told for value in one.values),
    )


def sentence(line: str, start: int, end: int) -> str:
    """The sentence or sentences of a paragraph in which a stretch of it stands."""
    found = [one for one in cut(line) if one[0] < end and one[1] > start]
    return line[found[0][0] : found[-1][1]].strip() if found else line.strip()


def cut(line: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a paragraph starts and ends."""
    folded = normal(line)
    for one in sentences(folded.text):
        yield folded.original(one.start, one.end)


# --- statements -----------------------------------------------------------------------------------


def _statements(document: Document, schema: Schema) -> list[Reading]:
    part = schema.statements
    if part is None:
        return []
    role = part.statement
    found = []
    for n, row in enumerate(document.tree.get(part.name) or ()):
        labels = {
            member: part.fields[role[member]].labels.get(row.get(role[member]), "")
            for member in ("topic", "polarity", "tier")
        }
        polarity = part.fields[role["polarity"]]
        values = tuple((part.fields[role[m]].title, labels[m]) for m in ("topic", "polarity"))
        unsure = row.get(role["tier"]) != next(iter(part.fields[role["tier"]].labels), "")
        others = [one for one in polarity.labels.values() if one != labels["polarity"]]
        for one in _reading(document, "statement", f"/{part.name}/{n}", part, values):
            alternatives = tuple(others) if unsure else ()
            found.append(replace(one, sure=labels["tier"], others=alternatives))
    first = next(iter(part.fields[role["polarity"]].labels.values()), "")
    return sorted(found, key=lambda one: one.values[1][1] != first)


# --- lists that hold all there is -----------------------------------------------------------------


def _lists(document: Document, schema: Schema) -> Iterator[Reading]:
    """Lists of which rows were read, to be confirmed as complete in this very text."""
    basis = seal(document.text)
    for pointer in document.open_lists:
        rows: Any = document.tree
        for step in segments(pointer):
            rows = rows.get(step) if isinstance(rows, Mapping) else None
        field = schema.field(".".join(segments(pointer)))
        if rows and field is not None:
            told = (("", f"以上{len(rows)}项，全文没有别的"),)
            yield Reading("list", pointer, field, told, "", WHOLE, 0, "请读全文", basis=basis)


__all__ = [
    "APART",
    "APART_FROM",
    "IS",
    "WHOLE",
    "Reading",
    "cut",
    "readings",
    "seal",
    "sentence",
    "text_of",
]
