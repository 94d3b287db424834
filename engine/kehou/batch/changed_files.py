"""Which submissions changed files belong to, and which of the files nobody can read.

A folder is what a run over many takes it for (`kehou.batch.inputs`): with a plan, a form or parts
of a submission it is one, with all that lies in it; elsewhere a file may be one of its own. A file
that may be a submission and cannot be read is one, so that it is told; another one is `left`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kehou.batch.archives import is_archive
from kehou.batch.inputs import DOCUMENTS, Found, part_of, search_names
from kehou.fields import Schema
from kehou.readers import ReadError, read_path
from kehou.readers.door import contents, listed, shown
from kehou.readers.files import BOOKS, FORMATS, TABLES

#: The most bytes of a file that is looked into; readers refuse larger ones anyhow.
_MOST: Final = 200_000_000
#: A key of a tree, quoted or not, with its colon.
_KEY: Final = re.compile(r"([\w（）()]+)[\"']?\s*[:：]")


@dataclass(frozen=True, slots=True)
class Changed:
    """``paths`` of submissions, each once in the order of the files; ``left`` are not looked at."""

    paths: tuple[str, ...]
    left: tuple[str, ...]


def submissions_of(changed: Iterable[str], schema: Schema) -> Changed:
    """The submissions that changed files belong to; one that was deleted belongs to its folder."""
    paths: dict[str, None] = {}
    left: dict[str, None] = {}
    searched: dict[Path, Found] = {}
    for name in changed:
        place = Path(name)
        home = _home(place, schema)
        if home is None and _is_handed_in(place):
            folder = place.parent
            if folder not in searched:
                searched[folder] = search_names(folder, schema)
            home = _of_folder(place, searched[folder], schema)
            if home is None and _is_unread(place, schema):
                left.setdefault(name)
        if home is not None:
            paths.setdefault(str(home))
    return Changed(tuple(paths), tuple(left))


def _home(place: Path, schema: Schema) -> Path | None:
    """The innermost folder above a file that holds the file of a whole submission."""
    for folder in place.parents:
        try:
            entries = listed(folder)
        except ReadError:
            continue
        if any(part_of(entry, schema) == "" for entry in entries):
            return folder
    return None


def _is_handed_in(place: Path) -> bool:
    suffix = place.suffix.lower()
    known = suffix in FORMATS or suffix in DOCUMENTS or suffix == ".zip"
    return known and os.path.isdir(place.parent)


def _of_folder(place: Path, found: Found, schema: Schema) -> Path | None:
    """What a file belongs to by what its folder was found to hold: the folder, or itself."""
    inputs = {one.place for one in found.inputs}
    if str(place.parent) in inputs:
        books = [e for e in listed(place.parent) if FORMATS.get(e.suffix.lower()) in BOOKS]
        own = [entry for entry in listed(place.parent) if part_of(entry, schema)]
        if own or not books or any(_may_be_form(book, schema) for book in books):
            return place.parent
        return None
    if not os.path.isfile(place):
        return None
    if is_archive(place):
        return place
    form = FORMATS.get(place.suffix.lower())
    if str(place) not in inputs or form is None:
        return None
    looked = _may_be_form if form in BOOKS else _may_be_tree
    return place if looked(place, schema) else None


def _may_be_form(place: Path, schema: Schema) -> bool:
    """Whether a workbook is a form, may be one that lost its marks, or cannot be read."""
    from kehou.forms import is_form
    from kehou.tables import open_book

    try:
        book = open_book(shown(place.name), contents(place, _MOST))
    except ReadError:
        return True
    own = (schema.part_of_stem(sheet.name) for sheet in book.sheets)
    return is_form(book) or any(part is not None and _is_own(part, schema) for part in own)


def _may_be_tree(place: Path, schema: Schema) -> bool:
    """Whether a file is written as a submission is: parts and nothing else, or with their rows."""
    try:
        tree = read_path(place).tree
    except ReadError:
        return _speaks_of_parts(place, schema)
    if not isinstance(tree, Mapping) or not tree:
        return False
    own = {key: _names_part(str(key), schema) for key in tree}
    if all(own.values()):
        return True
    return any(own[key] and isinstance(value, Mapping | list) for key, value in tree.items())


def _speaks_of_parts(place: Path, schema: Schema) -> bool:
    """Whether a file that cannot be read names a part of a submission, or is no text at all."""
    try:
        text = contents(place, _MOST).decode("utf-8")
    except (ReadError, UnicodeDecodeError):
        return True
    return any(_names_part(key, schema) for key in _KEY.findall(text))


def _names_part(key: str, schema: Schema) -> bool:
    field = schema.root.child(key)
    return field is not None and _is_own(field.name, schema)


def _is_own(part: str, schema: Schema) -> bool:
    if not part:
        return True
    field = schema.root.fields.get(part)
    return field is not None and not (field.bureau or field.reader)


def _is_unread(place: Path, schema: Schema) -> bool:
    """Whether a file that belongs to no submission is one that nobody could look into."""
    suffix = place.suffix.lower()
    if not os.path.isfile(place) or FORMATS.get(suffix) in TABLES - BOOKS:
        return False
    if suffix in DOCUMENTS or FORMATS.get(suffix) in BOOKS:
        return True
    try:
        read_path(place)
    except ReadError:
        return True
    return False
