"""Changes of single values of a submission: made in its typed tree, and in the text of its files.

The files themselves are never written; a changed text differs from the submitter's only where an
edit says so, comments and order included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kehou.errors import KehouError
from kehou.fields import Field, Schema, show, write
from kehou.model.values import ABSENT, Location, at_pointer
from kehou.readers import Document, segments
from kehou.remedy.sheet_edits import Written, in_cell, in_rows, with_cells
from kehou.submission import Mount, Places

#: Text that YAML may take for something else, or that ends a value, in plain style.
_UNSAFE = re.compile(r"""^[\s\-?:,\[\]{}#&*!|>'"%@`]|[,\[\]{}]|: |:$| #|\s$|^$""")


class UnwritableEdit(KehouError):
    """An edit that has no place in the submitter's files."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: a value set at ``pointer``, or ``rows`` put at the end of the list there.

    ``value`` is typed; a list is a tuple, rows are tuples of (field, value) pairs.
    """

    pointer: str
    value: Any
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An edit in a file's text: ``replacement`` for the characters ``start`` to ``end``.

    ``old`` and ``new`` are the values as people read them; ``old`` is empty where there was none.
    In a workbook it is ``cells`` instead, and ``start`` only an order.
    """

    edit: Edit
    document: Document
    start: int
    end: int
    replacement: str
    old: str
    new: str
    location: Location
    cells: tuple[Written, ...] = ()


# --- the typed tree ------------------------------------------------------------------------


def applied(tree: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """A submission's typed tree with edits made; what they do not touch is shared, not copied."""
    found: Any = tree
    for edit in edits:
        found = _put(found, segments(edit.pointer), edit)
    return dict(found)


def _put(value: Any, path: Sequence[str], edit: Edit) -> Any:
    if not path:
        if not edit.rows:
            return edit.value
        before = value if isinstance(value, list) else []
        return [*before, *(dict(row) for row in edit.value)]
    head, rest = path[0], path[1:]
    if isinstance(value, list):
        at = int(head)
        return [*value[:at], _put(value[at], rest, edit), *value[at + 1 :]]
    inner = value if isinstance(value, Mapping) else {}
    return {**inner, head: _put(inner.get(head), rest, edit)}


def plain(root: Field, edit: Edit) -> Any:
    """An edit's value as JSON that a submission may hold; of rows, the list of those added."""
    field = Schema(root).at(edit.pointer)
    assert field is not None
    if edit.rows:
        return write(field, [dict(row) for row in edit.value])
    return write(field, edit.value)


# --- the text of the files -----------------------------------------------------------------


def change(places: Places, root: Field, edit: Edit, tree: Mapping[str, Any]) -> Change:
    """An edit as a change of its file's text; raises ``UnwritableEdit`` where it has no place."""
    found = places.source(edit.pointer)
    field = Schema(root).at(edit.pointer)
    if found is None or field is None:
        raise _unwritable(edit)
    mount, raw, complete = found
    if mount.document.cells is not None:
        return _in_form(mount, places, root, field, edit, at_pointer(tree, edit.pointer))
    range_ = mount.document.find(segments(raw))
    if range_ is None:
        raise _unwritable(edit)
    (start, end), _ = range_
    before = at_pointer(tree, edit.pointer)
    new = _rows_shown(field, edit.value) if edit.rows else show(edit.value, field)
    old = "" if before is None or edit.rows else _written(mount, start, end, show(before, field))
    place = places.locate(edit.pointer)
    document = mount.document
    if edit.rows and complete and isinstance(before, list) and before:
        at, text = _appended(mount, field, start, end, edit)
        return Change(edit, document, at, at, text, old, new, place)
    if complete:
        text = _replaced(mount, field, start, end, edit)
        return Change(edit, document, start, end, text, old, new, place)
    parent = edit.pointer.rpartition("/")[0]
    again = places.source(parent)
    if again is None or not again[2] or again[1] != raw or document.header:
        raise _unwritable(edit)
    at, text = _inserted(document, field, raw, edit)
    return Change(edit, document, at, at, text, old, new, place)


def _in_form(
    mount: Mount, places: Places, root: Field, field: Field, edit: Edit, before: Any
) -> Change:
    """An edit as texts in cells of a form."""
    document, path = mount.document, segments(edit.pointer)
    place = places.locate(edit.pointer)
    order = [one.path for one in Schema(root).walk()].index(field.path)
    if not place.cell or not document.name.lower().endswith((".xlsx", ".xlsm")):
        raise _unwritable(edit)
    if edit.rows:
        item = field.item
        assert item is not None
        rows = [{n: _words(item.fields[n], value) for n, value in row} for row in edit.value]
        cells = in_rows(document, path, rows)
        if cells is None:
            raise _unwritable(edit)
        shown = _rows_shown(field, edit.value)
        where = replace(place, cell=f"{cells[0].sheet}!{cells[0].cell}" if cells else place.cell)
        return Change(edit, document, order, order, "", "", shown, where, cells)
    words = _words(field, edit.value)
    old = "" if before is None else show(before, field)
    new = show(edit.value, field)
    cells = (in_cell(place.cell, words),)
    return Change(edit, document, order, order, words, old, new, place, cells)


def _written(mount: Mount, start: int, end: int, shown: str) -> str:
    """A value in the submitter's own words where they stand on one line."""
    text = mount.document.text[start:end].strip()
    if not text or "\n" in text or text[0] in "[{|>&*!":
        return shown
    return text.strip("\"'")


def patched(document: Document, changes: Iterable[Change]) -> str:
    """The text of a document with the changes that are its own, made from the back.

    A workbook has none.
    """
    if document.cells is not None:
        return ""
    text = document.text
    own = [c for c in changes if c.document is document]
    for made in sorted(own, key=lambda c: (c.start, c.end), reverse=True):
        text = text[: made.start] + made.replacement + text[made.end :]
    return text


def rewritten(document: Document, text: str, changes: Iterable[Change]) -> bytes:
    """A document's file with its changes: its changed text, or the workbook with its cells."""
    if document.cells is None:
        return encoded(document, text)
    cells = [cell for made in changes if made.document is document for cell in made.cells]
    return with_cells(document.source.data, cells)


def encoded(document: Document, text: str) -> bytes:
    """A text as the bytes of the file it came from: same line ends, encoding and mark."""
    data = document.source.data
    if b"\r\n" in data:
        text = text.replace("\n", "\r\n")
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + text.encode(document.encoding)


def _unwritable(edit: Edit) -> UnwritableEdit:
    return UnwritableEdit("edit-place", f"{edit.pointer} 在文件中没有可以改写的位置")


def _is_json(document: Document) -> bool:
    return document.name.lower().endswith(".json")


def _replaced(mount: Mount, field: Field, start: int, end: int, edit: Edit) -> str:
    document, text = mount.document, mount.document.text
    old = text[start:end]
    if edit.rows:
        return _flow_rows(document, field, edit.value, english=False)
    if document.header:
        return _cell(_words(field, edit.value))
    listed = isinstance(edit.value, tuple)
    english = old.strip("\"'") in field.labels
    if listed and old[:1] in "[-":
        item = field.item
        assert item is not None
        members = [_quoted(document, _words(item, member)) for member in edit.value]
        return "[" + ", ".join(members) + "]"
    new = show(edit.value, field) if listed else _words(field, edit.value, english)
    if old[:1] in "\"'" and old[:1] == old[-1:]:
        return json.dumps(new, ensure_ascii=False) if old[0] == '"' else f"'{new}'"
    return _quoted(document, new)


def _inserted(document: Document, field: Field, raw: str, edit: Edit) -> tuple[int, str]:
    """Where a new key of a mapping goes, and its text."""
    found = document.find(segments(raw))
    assert found is not None
    (start, end), _ = found
    text = document.text
    tree = at_pointer(document.tree, raw)
    first = next(iter(tree), "") if isinstance(tree, dict) else ""
    english = first.isascii() and bool(first)
    key = field.name if english else field.title
    if edit.rows:
        value = _flow_rows(document, field, edit.value, english)
    else:
        value = _quoted(document, _words(field, edit.value))
    if text[start : start + 1] == "{":
        lead = ", " if tree else ""
        return end - 1, f"{lead}{_quoted(document, key)}: {value}"
    at = _line_end(text, end)
    indent = start - (text.rfind("\n", 0, start) + 1)
    return at, f"\n{' ' * indent}{key}: {value}"


def _appended(mount: Mount, field: Field, start: int, end: int, edit: Edit) -> tuple[int, str]:
    """Where new rows of a list go, and their text."""
    document, text = mount.document, mount.document.text
    if document.header:
        item = field.item
        assert item is not None
        lines = []
        for row in edit.value:
            given = {name: _words(item.fields[name], value) for name, value in row}
            children = [item.child(head) for head in document.header]
            lines.append(",".join(_cell(given.get(c.name, "") if c else "") for c in children))
        body = text.rstrip("\n")
        return len(body), "".join("\n" + line for line in lines)
    last = document.tree
    for token in segments(_raw_of(mount, edit)):
        last = last[int(token)] if isinstance(last, list) else last[token]
    keys = list(last[-1]) if isinstance(last, list) and isinstance(last[-1], dict) else []
    english = bool(keys) and all(key.isascii() for key in keys)
    rows = [_flow_row(document, field, row, english) for row in edit.value]
    if text[start : start + 1] == "[":
        return end - 1, "".join(f", {row}" for row in rows)
    indent = start - (text.rfind("\n", 0, start) + 1)
    return _line_end(text, end), "".join(f"\n{' ' * indent}- {row}" for row in rows)


def _raw_of(mount: Mount, edit: Edit) -> str:
    found = Places((mount,), "").source(edit.pointer)
    assert found is not None
    return found[1]


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _flow_rows(document: Document, field: Field, rows: Any, english: bool) -> str:
    return "[" + ", ".join(_flow_row(document, field, row, english) for row in rows) + "]"


def _flow_row(document: Document, field: Field, row: Any, english: bool) -> str:
    cells = []
    for name, value in row:
        child = field.fields[name]
        key = name if english else child.title
        cells.append(f"{_quoted(document, key)}: {_quoted(document, _words(child, value))}")
    return "{" + ", ".join(cells) + "}"


def _rows_shown(field: Field, rows: Any) -> str:
    told = []
    for row in rows:
        cells = [f"{field.fields[n].title} {show(value, field.fields[n])}" for n, value in row]
        told.append("，".join(cells))
    return "；".join(told)


def _words(field: Field, value: Any, english: bool = False) -> str:
    """A typed value as a submitter writes it: labels for choices, 是 and 否, 18:30, 12.50."""
    if value is ABSENT:
        return "无"
    if isinstance(value, tuple):
        return "、".join(_words(field.item or field, member) for member in value)
    if field.kind == "enum":
        return str(value) if english else field.labels.get(value, str(value))
    if isinstance(value, bool):
        return field.labels.get(str(value).lower(), "是" if value else "否")
    for word, number in field.words.items():
        if number == value and field.kind == "integer":
            return word
    return str(write(field, value))


def _quoted(document: Document, text: str) -> str:
    if _is_json(document) or _UNSAFE.search(text):
        return json.dumps(text, ensure_ascii=False)
    return text


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search('[,"\n]', text) else text


__all__ = [
    "Change",
    "Edit",
    "UnwritableEdit",
    "applied",
    "change",
    "encoded",
    "patched",
    "plain",
    "rewritten",
]
