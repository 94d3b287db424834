"""Which files make up a submission: one file, a folder, or standard input (DESIGN §3).

In a folder the file named ``plan`` (or 实施方案) holds the whole submission; a file named like a
part (``roster.csv``, ``学生名册.csv``) holds that part; the rest is listed, not read.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path
from typing import Final

from kehou.errors import UnreadableError, UsageError
from kehou.fields import Field, Schema
from kehou.readers import FORMATS, Document, ReadError, read, read_path

#: A folder with more entries than this is no submission.
MOST_FILES: Final = 1000
_STDIN: Final = "标准输入"
#: Extensions of files that may be a filled-in form.
WORKBOOKS: Final = (".xlsx", ".xlsm")


@dataclass
class Sources:
    """The documents of a submission, not yet typed.

    ``parts`` are parts with their documents. ``failed`` are unreadable files as (part or "" for
    the whole, file name, error); ``misplaced`` are (part, file name) of parts a school may not
    bring; ``doubled`` are (part, file names) of parts given by several files.
    """

    name: str
    root: Document | None = None
    parts: list[tuple[str, Document]] = attribute(default_factory=list)
    failed: list[tuple[str, str, ReadError]] = attribute(default_factory=list)
    misplaced: list[tuple[str, str]] = attribute(default_factory=list)
    doubled: list[tuple[str, list[str]]] = attribute(default_factory=list)
    unread: list[str] = attribute(default_factory=list)


def collect(path: str | Path, schema: Schema) -> Sources:
    """Find and read the files of a submission.

    Raises ``UsageError`` where there is no such path, ``UnreadableError`` where none of its
    files gives a tree.
    """
    if str(path) == "-":
        return _standard_input()
    place = Path(path)
    if place.is_dir():
        found = _folder(place, schema)
    elif place.exists():
        found = _single(place, schema)
    else:
        raise UsageError("path-not-found", f"找不到“{path}”", hint="请核对文件名和所在的文件夹")
    if found.root is None and not found.parts:
        raise _unreadable(found, place)
    return found


def read_data(name: str, path: str | Path, schema: Schema) -> tuple[Field, Document | ReadError]:
    """Read a bureau's table or record given with ``--data NAME=FILE``.

    Raises ``UsageError`` where the name is not one a bureau may give, or there is no such file.
    """
    part = schema.root.fields.get(schema.parts.get(name, ""))
    if part is None or not (part.bureau or part.record):
        given = [field for field in schema.root.fields.values() if field.bureau or field.record]
        known = "、".join(f"{field.name}（{field.title}）" for field in given)
        raise UsageError(
            "data-unknown", f"“{name}”不是教育局可以提供的数据", hint=f"可以提供：{known}"
        )
    place = Path(path)
    if not place.is_file():
        message = f"找不到“{part.title}”的文件“{path}”"
        raise UsageError("data-not-found", message, hint="请核对文件名")
    try:
        return part, read_path(place)
    except ReadError as error:
        return part, error


def _standard_input() -> Sources:
    data = sys.stdin.buffer.read(_stdin_limit() + 1)
    form = ".json" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else ".yaml"
    try:
        return Sources(_STDIN, root=read(_STDIN + form, data))
    except ReadError as error:
        raise _as_unreadable(error) from error


def _stdin_limit() -> int:
    from kehou.readers import DEFAULT

    return DEFAULT.tree_bytes


def _single(place: Path, schema: Schema) -> Sources:
    found = Sources(place.name)
    try:
        document = _form(place, schema) or read_path(place)
    except ReadError as error:
        raise _as_unreadable(error) from error
    part = schema.parts.get(_stem(place))
    if document.header and part is not None:
        found.parts.append((part, document))
    else:
        found.root = document
    return found


def _folder(place: Path, schema: Schema) -> Sources:
    found = Sources(schema.root_stems[0] + ".yaml" if schema.root_stems else place.name)
    inside = place.resolve()
    named: dict[str, list[Path]] = {}
    filled: dict[Path, Document] = {}
    for count, entry in enumerate(sorted(place.iterdir())):
        if count >= MOST_FILES:
            raise UsageError(
                "folder-too-large",
                f"“{place}”里有 {MOST_FILES} 个以上的文件",
                hint="请只放这一所学校的方案和佐证材料",
            )
        if entry.name.startswith((".", "~$")):
            continue
        part = _part_of(entry, schema)
        target = entry.resolve()
        if target.is_file() and target.is_relative_to(inside):
            form = _form_in_folder(found, entry, part, schema)
            if form is not None:
                filled[entry], part = form, ""
            elif any(error.where.startswith(entry.name) for _, _, error in found.failed):
                continue
        if part is None or not target.is_file() or not target.is_relative_to(inside):
            found.unread.append(entry.name + ("/" if entry.is_dir() else ""))
        elif part and (schema.root.fields[part].bureau or schema.root.fields[part].reader):
            found.misplaced.append((part, entry.name))
        else:
            named.setdefault(part, []).append(entry)
    for part, entries in named.items():
        if len(entries) > 1 and not _complementary(schema, part, entries):
            found.doubled.append((part, [entry.name for entry in entries]))
            continue
        for entry in entries:
            _read_into(found, part, entry, filled.get(entry))
    return found


def _form(place: Path, schema: Schema) -> Document | None:
    """A workbook that is a form of ours; None for any other file. Raises ``ReadError``."""
    if place.suffix.lower() not in WORKBOOKS:
        return None
    from kehou.form_reader import open_form
    from kehou.readers import DEFAULT

    try:
        with place.open("rb") as stream:
            data = stream.read(DEFAULT.table_bytes + 1)
    except OSError:
        return None  # told by whoever reads the file as what its name says
    return open_form(data, place.name, schema)


def _form_in_folder(
    found: Sources, entry: Path, part: str | None, schema: Schema
) -> Document | None:
    """A form beside other files; one that cannot be read is told if its name says it matters."""
    try:
        return _form(entry, schema)
    except ReadError as error:
        if part is not None:
            found.failed.append((part, entry.name, error))
        return None


def _complementary(schema: Schema, part: str, entries: list[Path]) -> bool:
    """Whether two files give a part's rows and its other fields: ledger.csv and ledger.yaml."""
    field = schema.root.fields.get(part)
    tables = sum(FORMATS.get(entry.suffix.lower()) == "csv" for entry in entries)
    return len(entries) == 2 and tables == 1 and field is not None and field.csv is not None


def _part_of(entry: Path, schema: Schema) -> str | None:
    """The part a file's name stands for, "" for the whole submission, None if unknown."""
    if entry.suffix.lower() not in (*FORMATS, *WORKBOOKS):
        return None
    stem = _stem(entry)
    return "" if stem in schema.root_stems else schema.parts.get(stem)


def _stem(place: Path) -> str:
    return unicodedata.normalize("NFC", place.stem).strip()


def _read_into(found: Sources, part: str, entry: Path, form: Document | None = None) -> None:
    try:
        document = form or read_path(entry)
    except ReadError as error:
        found.failed.append((part, entry.name, error))
        return
    if part:
        found.parts.append((part, document))
    else:
        found.root, found.name = document, document.name


def _unreadable(found: Sources, place: Path) -> UnreadableError:
    """Why a folder gives nothing at all."""
    for part, names in found.doubled:
        if not part:
            return UnreadableError(
                "plan-twice", f"方案给了两份：{'、'.join(names)}", str(place), "请只留一份"
            )
    if found.failed:
        return _as_unreadable(found.failed[0][2])
    return UnreadableError(
        "nothing-to-read",
        "文件夹里没有方案文件",
        str(place),
        "请把方案写在 plan.yaml（或 实施方案.yaml、plan.json）里",
    )


def _as_unreadable(error: ReadError) -> UnreadableError:
    """The same error for a submission; its cause keeps every problem that the file has."""
    found = UnreadableError("unreadable", str(error.message), error.where, error.hint)
    found.__cause__ = error
    return found
