"""Which submissions some changed files belong to, as a commit or a pull request names them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kehou.fields import Schema
from kehou.readers import ReadError, read_path
from kehou.readers.door import listed, shown
from kehou.readers.files import BOOKS, FORMATS, read_bytes
from kehou.submission.files import is_whole, may_hold_many, part_of


def submissions_of(changed: Iterable[str], schema: Schema) -> list[str]:
    """The submissions that changed files belong to, each once, in their order.

    A folder with a plan is one submission with all its evidence; elsewhere a file that holds
    parts of one is, and a form that was filled in. Other files (settings, a bureau's tables, a
    pack) belong to none; an archive is named, for what is in it is not passed over.
    """
    found: dict[str, None] = {}
    for name in changed:
        place = Path(name)
        ending = place.suffix.lower()
        if not os.path.isfile(place) or (ending not in FORMATS and ending != ".zip"):
            continue
        if ending == ".zip":
            found.setdefault(name)
        elif _has_a_whole(place.parent, schema):
            found.setdefault(str(place.parent))
        elif FORMATS[ending] in BOOKS:
            if _may_be_form(place):
                found.setdefault(name)
        elif FORMATS[ending] != "csv" and _holds_parts(place, schema):
            found.setdefault(name)
    return list(found)


def _has_a_whole(folder: Path, schema: Schema) -> bool:
    """Whether a folder is one submission: it has a plan, or one form and parts beside it."""
    entries = [entry for entry in listed(folder) if not entry.name.startswith((".", "~$"))]
    parts = [part_of(entry, schema) for entry in entries]
    if "" in parts:
        return True
    if not any(parts) or may_hold_many(str(folder), schema):
        return False
    books = [e for e in entries if FORMATS.get(e.suffix.lower()) in BOOKS]
    return any(_may_be_form(entry) for entry in books)


def _may_be_form(place: Path) -> bool:
    """Whether a workbook is a form of ours; one that cannot be opened is told when checked."""
    from kehou.tables import open_book

    try:
        data = read_bytes(place)
        return is_whole((open_book(shown(place.name), data), data))
    except ReadError:
        return True


def _holds_parts(place: Path, schema: Schema) -> bool:
    """Whether a file is written as a whole submission is; one that cannot be read is not."""
    try:
        tree = read_path(place).tree
    except ReadError:
        return False
    own = {name for name, part in schema.root.fields.items() if not (part.bureau or part.reader)}
    keys = [schema.root.child(key) for key in tree] if isinstance(tree, dict) else []
    return bool(keys) and all(part is not None and part.name in own for part in keys)
