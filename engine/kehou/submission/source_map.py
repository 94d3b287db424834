"""The source map: from a JSON pointer of the submission to a place in a file.

Source: docs/architecture.md §3.

Nothing is computed until a place is asked for. Excerpts never show private values: those and
the values of unknown keys are masked, and of a table only the column concerned is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from kehou.fields import MASK, Field
from kehou.fields.privacy import may_be_own
from kehou.model.values import Location, Passage
from kehou.readers import Document, Span, escape, segments

#: A source line longer than this (a whole file on one line) is not quoted.
_WIDEST: Final = 2000
_CELL = re.compile(r"!([A-Z]{1,3})([0-9]{1,7})$")
#: In a longer mapping a key in full-width forms is not searched for.
_MOST_KEYS: Final = 1000


@dataclass(frozen=True)
class Mount:
    """A document and where its root stands in the submission (``/ledger/rows`` of ledger.csv).

    ``near`` are pointers of unknown keys whose values may be shown all the same, ``own`` those of
    keys that are not shown themselves; ``start`` is the document's own pointer of what is mounted,
    where that is one row of it.
    """

    base: tuple[str, ...]
    document: Document
    field: Field
    near: frozenset[str] | set[str] = frozenset()
    own: frozenset[str] | set[str] = frozenset()
    start: str = ""

    @cached_property
    def hidden(self) -> dict[int, list[tuple[int, int]]]:
        """Stretches of each line that are never shown: (first column, column after)."""
        found: dict[int, list[tuple[int, int]]] = {}
        pointer = "".join(f"/{token}" for token in self.base)
        for raw, at_key in self._never_shown(self.field, self.document.tree, "", pointer):
            span = self.document.key_span(raw) if at_key else self.document.span(raw)
            if span is None:
                continue
            for line in range(span.line, span.end_line + 1):
                first = span.column if line == span.line else 1
                last = span.end_column if line == span.end_line else 1 << 30
                found.setdefault(line, []).append((first, last))
        return found

    def _never_shown(
        self, field: Field, value: Any, raw: str, pointer: str, among: bool = False
    ) -> Iterator[tuple[str, bool]]:
        """(the document's pointer, whether its key is meant) of all below that is never shown.

        ``among`` rows with a private column a text may have slipped out of it.
        """
        if isinstance(value, list):
            item = field.item or field
            among = among or _of_persons(field)
            for index, member in enumerate(value):
                yield from self._never_shown(
                    item, member, f"{raw}/{index}", f"{pointer}/{index}", among
                )
        elif field.private or (field.holds_private and isinstance(value, str)):
            yield raw, False
        elif isinstance(value, str):
            if may_be_own(field, value, among):
                yield raw, False
        elif isinstance(value, dict):
            if field.kind == "rows" and field.item is not None:
                field = field.item
            for key, inner in value.items():
                child, token = field.child(key), escape(key)
                if child is not None:
                    yield from self._never_shown(
                        child, inner, f"{raw}/{token}", f"{pointer}/{child.name}", among
                    )
                elif f"{pointer}/{token}" not in self.near:
                    yield f"{raw}/{token}", False
                    if f"{pointer}/{token}" in self.own:
                        yield f"{raw}/{token}", True


@dataclass(frozen=True)
class Places:
    """All mounts of a submission; ``name`` is the file that a part nobody gave belongs in."""

    mounts: tuple[Mount, ...]
    name: str

    def locate(self, pointer: str, at_key: bool = False) -> Location:
        """Where a value stands, or its nearest existing parent; ``at_key`` wants its key."""
        path = segments(pointer)
        mount = self._mount(path)
        if mount is None:
            return Location(self._nearest_file(path))
        if mount.document.cells is not None:
            return _cell_location(mount, path[len(mount.base) :])
        raw, value, complete = _resolve(mount, path[len(mount.base) :])
        if not raw:
            return Location(mount.document.name)
        document = mount.document
        if document.cell_of is not None:
            return _table_location(mount, raw, None, at_key)
        if document.is_prose and not complete and not raw.rpartition("/")[2].isdecimal():
            return Location(document.name)  # what was not read stands nowhere
        span = None
        if at_key or not complete or isinstance(value, (dict, list)):
            span = document.key_span(raw)
        span = span or document.span(raw)
        if span is None:
            return Location(document.name)
        if document.header:
            return _table_location(mount, raw, span, at_key)
        if document.is_prose:
            return _paragraph_location(document, span)
        return _line_location(mount, span)

    def say(self, pointer: str) -> str:
        """A place in words, ``plan.yaml:12``; the pointer itself where no file is known."""
        at = self.locate(pointer)
        if not at.file:
            return pointer
        if at.line is None and at.cell:
            return f"{at.file}!{at.cell}"
        return at.file + (f":{at.line}" if at.line else "")

    def source(self, pointer: str) -> tuple[Mount, str, bool] | None:
        """The mount that holds a value, the document's own pointer for it as far as it goes, and
        whether it goes whole; None where no file is concerned.
        """
        path = segments(pointer)
        mount = self._mount(path)
        if mount is None:
            return None
        raw, _, complete = _resolve(mount, path[len(mount.base) :])
        return mount, raw, complete

    def _nearest_file(self, path: list[str]) -> str:
        """The file of a part's table, for what its part lacks; else the one it belongs in."""
        for length in range(len(path), 0, -1):
            for mount in self.mounts:
                if list(mount.base[:length]) == path[:length]:
                    return mount.document.name
        return self.name

    def _mount(self, path: list[str]) -> Mount | None:
        """The mount with the longest base above a path."""
        fitting = [m for m in self.mounts if path[: len(m.base)] == list(m.base)]
        return max(fitting, key=lambda m: len(m.base), default=None)


def _resolve(mount: Mount, path: list[str]) -> tuple[str, Any, bool]:
    """The document's own pointer for a path as far as it goes, the value, and if it went whole."""
    raw, field, value = mount.start, mount.field, mount.document.tree
    for token in segments(raw):
        value = value[int(token)]
    for token in path:
        if isinstance(value, dict) and field.kind == "rows" and token == "0" and field.item:
            field = field.item  # a bureau's table given as its one row
            continue
        if isinstance(value, dict):
            key = token if token in value else _raw_key(field, value, token)
            if key is None:
                return raw, value, False
            field, value = field.child(key) or field, value[key]
            raw += "/" + escape(key)
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            field, value = field.item or field, value[int(token)]
            raw += "/" + token
        else:
            return raw, value, False
    return raw, value, True


def _raw_key(field: Field, value: dict[str, Any], name: str) -> str | None:
    """The key by which a mapping names a child."""
    child = field.fields.get(name)
    if child is None:
        return None
    for spelling in (child.title, *child.names):
        if spelling in value:
            return spelling
    if len(value) > _MOST_KEYS:
        return None
    return next((key for key in value if field.child(key) is child), None)


def _cell_location(mount: Mount, path: list[str]) -> Location:
    """The cell of a form, of what is missing the one where it belongs."""
    cells, name = mount.document.cells, mount.document.name
    found = cells.place(path) if cells is not None else None
    if found is None:
        belongs = cells.belongs if cells is not None else None
        return Location(name, sheet=belongs(path) if belongs is not None else "")
    place, label = found
    _, value, complete = _resolve(mount, path)
    excerpt = ""
    if complete and isinstance(value, str) and label:
        holder, field, among = mount.field, mount.field, False
        for token in path:
            holder, field = field, field.child(token) or field.item or field
            among = among or (holder.kind == "rows" and _of_persons(holder))
        hidden = field.private or holder.private or may_be_own(field, value, among)
        excerpt = f"{label}：{MASK if hidden else value[:_WIDEST]}"
    return Location(name, cell=place, excerpt=excerpt)


def _of_persons(rows: Field) -> bool:
    """Whether rows have a private column, so that its texts may have slipped into another."""
    return any(child.private for child in (rows.item or rows).fields.values())


def _line_location(mount: Mount, span: Span) -> Location:
    line = mount.document.line(span.line)
    end_line, end_column = span.end_line, span.end_column
    if end_line > span.line:
        end_line, end_column = span.line, len(line) + 1
    excerpt = ""
    if len(line) <= _WIDEST:
        excerpt = _masked(line, mount.hidden.get(span.line, []))
        if mount.document.has_comments:
            excerpt = _without_comment(excerpt)
    return Location(
        mount.document.name, span.line, span.column, end_line, end_column, excerpt=excerpt
    )


def _paragraph_location(document: Document, span: Span) -> Location:
    """A paragraph, and what of it a value was read from."""
    text = document.line(span.line)[span.column - 1 : span.end_column - 1]
    passage = document.passages[span.line - 1] if document.passages else Passage()
    return Location(document.name, paragraph=span.line, excerpt=text, passage=passage)


def _without_comment(line: str) -> str:
    """A line up to its comment, in which people write to each other, also of other people.

    A quotation mark opens a quoted text only where a value may begin, as in YAML.
    """
    quote, may_begin = "", True
    for at, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and may_begin:
            quote = char
        elif char == "#" and (at == 0 or line[at - 1].isspace()):
            return line[:at].rstrip()
        if not char.isspace():
            may_begin = char in ":-[{,?"
    return line


def _masked(line: str, hidden: list[tuple[int, int]]) -> str:
    """A line with its hidden stretches masked.

    A mask is at least as wide as ``MASK``; where it is wider than what it hides, it takes the
    blanks in front, so that what follows keeps its column.
    """
    for start, end in sorted(hidden, reverse=True):
        first, last = start - 1, min(end - 1, len(line))
        while last - first < len(MASK) and first > 0 and line[first - 1] == " ":
            first -= 1
        line = line[:first] + MASK[0] * max(len(MASK), last - first) + line[last:]
    return line


def _table_location(mount: Mount, raw: str, span: Span | None, at_key: bool) -> Location:
    """A cell or a row of a table: only the column concerned, or the row's key, is quoted.

    A .csv file (with a ``span``) names the column by its heading, a workbook the cell.
    """
    written = mount.document.written
    index, *column = segments(raw)
    row = mount.document.tree[int(index)]
    item = mount.field.item or mount.field
    among = _of_persons(mount.field)
    pointer = "".join(f"/{token}" for token in mount.base) + raw
    hidden = pointer in mount.own
    cells = []
    for key in column or row:
        child = item.child(key)
        if column or (child is not None and child.name in mount.field.key):
            value = row.get(key) or ""
            if child is None or child.private or may_be_own(child, value, among):
                value = MASK
            heading = MASK if child is None and hidden else written.get(key, key)
            cells.append(heading if at_key else f"{heading}：{value[:_WIDEST]}")
    excerpt = "，".join(cells)
    if span is None:
        cell = mount.document.cell(raw, at_key) or None
        return Location(mount.document.name, cell=cell, excerpt=excerpt)
    cell = written.get(column[0], column[0]) if column and not hidden else None
    return Location(mount.document.name, *span, cell=cell, excerpt=excerpt)


def cell_order(cell: str) -> tuple[int, int]:
    """Row and column of ``名册!B7``, to sort by; (0, 0) of what is no cell."""
    match = _CELL.search(cell)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
