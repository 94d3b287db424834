"""Which files make up a submission: one file, a folder, or standard input.

Source: docs/architecture.md §3.

In a folder the file named ``plan`` (or 实施方案) holds the whole submission; a file named like a
part (``roster.csv``, ``学生名册.csv``) holds that part; the rest is listed, not read. A workbook
that is a form of ours holds the whole submission, whatever its name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kehou.errors import UnreadableError, UsageError
from kehou.fields import Field, Schema
from kehou.readers import DEFAULT, Document, ReadError, read, read_path
from kehou.readers.door import kind, listed, shown
from kehou.readers.files import BOOKS, FORMATS, READ_PROSE, TABLES, read_bytes
from kehou.submission.prose_files import (
    is_named_whole,
    named_alike,
    papers,
    prose_document,
    whole_in_prose,
    with_records,
)
from kehou.submission.records import Given, of_many, records
from kehou.submission.unreadable import as_unreadable, nothing_read

if TYPE_CHECKING:
    from kehou.readers.xlsx import Workbook

    #: A workbook and its bytes.
    Book = tuple[Workbook, bytes]

#: A folder with more entries than this is no submission.
MOST_FILES: Final = 1000
_STDIN: Final = "标准输入"
#: Why something with the name of a part is not read, by its kind (`kehou.readers.door`).
_NOT_READ: Final = {
    "outside": ("这个链接指到文件夹外，不读", "请把文件本身放进来"),
    "loop": ("这个链接绕成了圈，指不到文件", "请把文件本身放进来"),
    "folder": ("这不是一个文件，是文件夹", "请把里面要用的文件放到外面来"),
    "other": ("这不是一个文件，也没有指到文件", "请把文件本身放进来"),
}


@dataclass
class Sources:
    """The documents of a submission, not yet typed.

    ``parts`` are parts with their documents. ``failed`` are unreadable files as (part or "" for
    the whole, file name, error); ``prose`` is the root's path where that is prose; ``misplaced``
    are (part, file name) of parts a school may not bring; ``doubled`` are (part, file names) of
    parts given by several files. ``torn`` are workbooks of no known name that cannot be opened:
    one of them may be the whole.
    """

    name: str
    root: Document | None = None
    parts: list[tuple[str, Document]] = attribute(default_factory=list)
    failed: list[tuple[str, str, ReadError]] = attribute(default_factory=list)
    misplaced: list[tuple[str, str]] = attribute(default_factory=list)
    doubled: list[tuple[str, list[str]]] = attribute(default_factory=list)
    unread: list[str] = attribute(default_factory=list)
    torn: list[ReadError] = attribute(default_factory=list)
    prose: Path | None = None


def collect(
    path: str | Path, schema: Schema, confirmations: Sequence[str] = (), known_as: str = ""
) -> Sources:
    """Find and read the files of a submission; ``confirmations`` are files of an authority's.

    ``known_as`` is the id that a register knows it by, in case it states none.

    Raises ``UsageError`` where there is no such path, ``UnreadableError`` where none of its
    files gives a tree.
    """
    if str(path) == "-":
        return _standard_input()
    place = Path(path)
    if os.path.isdir(place):
        found = _folder(place, schema)
    elif os.path.lexists(place):
        found = _single(place, schema)
    else:
        raise UsageError("path-not-found", f"找不到“{path}”", hint="请核对文件名和所在的文件夹")
    if found.root is None and not found.parts:
        raise nothing_read(found, place, schema)
    if found.root is not None and found.prose is not None:
        found.root = with_records(found.root, found.prose, schema, confirmations, known_as)
        own = found.root.confirmed
        told = {*own.beside, *(where.partition(":")[0] for where, _, _ in own.faults)}
        found.unread = [name for name in found.unread if name not in told]
    return found


def may_hold_many(folder: str, schema: Schema) -> bool:
    """Whether the names in a folder allow that it holds several submissions rather than one."""
    entries = [e for e in listed(Path(folder)) if not e.name.startswith((".", "~$"))]
    parts = [part_of(entry, schema) for entry in entries]
    if "" in parts or any(is_named_whole(entry, schema) for entry in entries):
        return bool(named_alike(entries, schema))
    wholes = [
        entry
        for entry, part in zip(entries, parts, strict=True)
        if part is None and FORMATS.get(entry.suffix.lower(), "csv") != "csv"
    ]
    documents = papers(entries, schema)
    if (not wholes and not any(parts) and len(documents) > 1) or (wholes and documents):
        return True
    return len(wholes) > 1 or any(e.suffix.lower() == ".zip" or os.path.isdir(e) for e in entries)


def read_data(
    name: str, path: str | Path, schema: Schema
) -> tuple[Field, Document | Given | ReadError]:
    """Read a bureau's table or records given with ``--data NAME=FILE``, or a folder of records.

    Raises ``UsageError`` where the name is not one a bureau may give, or there is no such file.
    """
    part = schema.root.fields.get(schema.parts.get(name, ""))
    if part is None or not (part.bureau or part.record):
        given = [field for field in schema.root.fields.values() if field.bureau or field.record]
        known = "、".join(f"{field.name}（{field.title}）" for field in given)
        authority = schema.declared.nouns["zh"]["authority"]
        raise UsageError(
            "data-unknown", f"“{name}”不是{authority}可以提供的数据", hint=f"可以提供：{known}"
        )
    place = Path(path)
    if not os.path.lexists(place):
        message = f"找不到“{part.title}”的文件“{path}”"
        raise UsageError("data-not-found", message, hint="请核对文件名")
    try:
        if of_many(part):
            return part, records(part, place, lambda file, one: read_record(file, one, schema))
        return part, _document(place, part, schema)
    except ReadError as error:
        return part, error


def read_record(file: Path, part: Field, schema: Schema) -> Document:
    """A file of a record of the authority's: one record, or a list or table of several."""
    form = FORMATS.get(file.suffix.lower())
    return _document(file, part.many if form in TABLES or form in BOOKS else part, schema)


def refuse_unnamed(data: Mapping[str, str | Path], schema: Schema) -> None:
    """Raise UsageError where several submissions are checked with a record that names none."""
    subject_id = schema.declared.nouns["zh"]["subject_id"]
    for name, path in data.items():
        part = schema.root.fields.get(schema.parts.get(name, ""))
        if part is None or not of_many(part) or not os.path.lexists(path):
            continue
        try:
            given = records(part, Path(path), lambda file, one: read_record(file, one, schema))
        except (ReadError, OSError):
            continue  # told when it is read for each
        unnamed = [one for one in given.records if not one.whose]
        if unnamed:
            child = part.names_whose
            assert child is not None
            raise UsageError(
                "data-unnamed",
                f"“{part.title}”没有写{subject_id}，不知道是谁的：{unnamed[0].document.name}",
                str(path),
                f"一次核查几份材料时，每份{part.title}都要写“{child.title}”（{child.name}）",
            )


def _standard_input() -> Sources:
    if sys.stdin is None:
        raise UsageError("stdin-closed", "标准输入关着，没有可读的内容", hint="请写文件名")
    try:
        data = sys.stdin.buffer.read(_stdin_limit() + 1)
    except OSError as error:
        raise UnreadableError("unreadable", "标准输入读不出来", hint="请写文件名") from error
    form = ".json" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else ".yaml"
    try:
        return Sources(_STDIN, root=read(_STDIN + form, data))
    except ReadError as error:
        raise as_unreadable(error) from error


def _stdin_limit() -> int:
    return DEFAULT.tree_bytes


def _single(place: Path, schema: Schema) -> Sources:
    found = Sources(shown(place.name))
    part = schema.part_of_stem(shown(place.stem))
    try:
        document = _document(place, schema.root.fields[part] if part else None, schema)
    except ReadError as error:
        raise as_unreadable(error) from error
    if document.header and part is not None:
        found.parts.append((part, document))
    else:
        found.root = document
        found.prose = place if document.is_prose else None
    return found


def _folder(place: Path, schema: Schema) -> Sources:
    found = Sources(schema.root_stems[0] + ".yaml" if schema.root_stems else place.name)
    named: dict[str, list[Path]] = {}
    books: dict[Path, Book] = {}
    for entry in _entries(place, schema):
        part, name = part_of(entry, schema), shown(entry.name)
        what = kind(entry, place)
        if what == "file" and FORMATS.get(entry.suffix.lower()) in BOOKS:
            book = _book_in_folder(found, entry, part)
            if book is None:
                continue
            books[entry] = book
            part = "" if is_whole(book) else part
        if part is None:
            found.unread.append(name + ("/" if os.path.isdir(entry) else ""))
        elif what != "file":
            found.failed.append((part, name, _not_read(name, what)))
        elif part and (schema.root.fields[part].bureau or schema.root.fields[part].reader):
            found.misplaced.append((part, name))
        else:
            named.setdefault(part, []).append(entry)
    if "" not in named and (prose := whole_in_prose(_entries(place, schema), place, schema)):
        named[""] = prose
        taken = [shown(entry.name) for entry in prose]
        found.unread = [name for name in found.unread if name not in taken]
    _tell_closed_plans(found, named.get("", []), place, schema)
    for part, entries in named.items():
        if len(entries) > 1 and not _complementary(schema, part, entries):
            found.doubled.append((part, [shown(entry.name) for entry in entries]))
            continue
        for entry in entries:
            _read_into(found, part, entry, schema, books.get(entry))
    return found


def _tell_closed_plans(found: Sources, wholes: list[Path], place: Path, schema: Schema) -> None:
    """Documents beside the whole that are named like one and cannot be read: each may be one."""
    for entry in named_alike(_entries(place, schema), schema) if wholes else ():
        name = shown(entry.name)
        if entry in wholes or kind(entry, place) != "file":
            continue
        try:
            prose_document(entry, schema)
        except ReadError as error:
            found.failed.append(("", name, error))
            found.unread.remove(name)


def _entries(place: Path, schema: Schema) -> list[Path]:
    """What is in a folder, but for hidden files; raises UnreadableError, or UsageError if many."""
    try:
        found = listed(place)
    except ReadError as error:
        raise as_unreadable(error) from error
    if len(found) > MOST_FILES:
        raise UsageError(
            "folder-too-large",
            f"“{place}”里有 {MOST_FILES} 个以上的文件",
            hint="请只放一份{main_file}和它的佐证材料".format_map(schema.declared.nouns["zh"]),
        )
    return [entry for entry in found if not entry.name.startswith((".", "~$"))]


def _not_read(name: str, what: str) -> ReadError:
    message, hint = _NOT_READ[what]
    error = ReadError(message, hint=hint)
    error.locate(name)
    return error


def is_whole(book: Book) -> bool:
    """Whether a workbook is a form of ours, which holds a whole submission."""
    from kehou.forms import is_form

    return is_form(book[0])


def _book_in_folder(found: Sources, entry: Path, part: str | None) -> Book | None:
    """A workbook beside other files; one that cannot be read is told if its name matters."""
    try:
        return _opened(entry)
    except ReadError as error:
        if part is None:
            found.unread.append(shown(entry.name))
            found.torn.append(error)
        else:
            found.failed.append((part, shown(entry.name), error))
        return None


def _complementary(schema: Schema, part: str, entries: list[Path]) -> bool:
    """Whether two files give a part's rows and its other fields: ledger.csv and ledger.yaml."""
    field = schema.root.fields.get(part)
    tables = sum(FORMATS.get(entry.suffix.lower()) in TABLES for entry in entries)
    return len(entries) == 2 and tables == 1 and field is not None and field.csv is not None


def part_of(entry: Path, schema: Schema) -> str | None:
    """The part a file's name stands for, "" for the whole submission, None if unknown."""
    if entry.suffix.lower() not in FORMATS:
        return None
    return schema.part_of_stem(shown(entry.stem))


def _document(
    place: Path, part: Field | None, schema: Schema, book: Book | None = None
) -> Document:
    """Read one file; a table that gives a part is read by the headings of that part."""
    form = FORMATS.get(place.suffix.lower())
    if place.suffix.lower() in READ_PROSE:
        return prose_document(place, schema)
    if form in BOOKS:
        return _workbook(place, part, schema, book)
    if form in TABLES and part is not None:
        from kehou.tables import read_table

        return read_table(place, part, schema)
    return read_path(place)


def _workbook(place: Path, part: Field | None, schema: Schema, book: Book | None) -> Document:
    """A form that was filled in, or the table of a part; raises ``ReadError``."""
    from kehou.forms import is_form, read_form
    from kehou.tables import read_book

    opened, data = book or _opened(place)
    try:
        if is_form(opened):
            return read_form(opened, data, schema)
        if part is None:
            read(shown(place.name), data)  # tells what a workbook may be used for
        assert part is not None
        return read_book(opened, data, part, schema)
    except ReadError as error:
        error.locate(shown(place.name))
        raise


def _opened(place: Path) -> Book:
    from kehou.tables import open_book

    data, name = read_bytes(place), shown(place.name)
    try:
        return open_book(name, data), data
    except ReadError as error:
        error.locate(name)
        raise


def _read_into(found: Sources, part: str, entry: Path, schema: Schema, book: Book | None) -> None:
    try:
        document = _document(entry, schema.root.fields[part] if part else None, schema, book)
    except ReadError as error:
        found.failed.append((part, shown(entry.name), error))
        return
    if part:
        found.parts.append((part, document))
    else:
        found.root, found.name = document, document.name
        found.prose = entry if document.is_prose else None
