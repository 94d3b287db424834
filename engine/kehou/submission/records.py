"""Records of several submitters in one file or folder: which one is whose (``x-whose``).

Source: docs/language.md §2.13.

A record that the authority gives names whose submission it is of. It is used for that one alone;
one without a name is used where a single submission is checked, and told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.fields import ABSENT_WORDS, Field
from kehou.model.values import RecordNote
from kehou.readers import Document, ReadError
from kehou.readers.copied_text import as_code
from kehou.readers.door import listed, shown
from kehou.readers.files import FORMATS

#: Reads one file of a part; the part is told as rows where the file may be a table.
Read = Callable[[Path, Field], Document]
#: Files whose records are kept, by part, name, length and time of the last change.
_MOST_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: ``index`` is its row in a list, ``whose`` the id that it names."""

    document: Document
    index: int | None
    whose: str

    @property
    def start(self) -> str:
        """The document's pointer of the record; "" where it is the whole."""
        return "" if self.index is None else f"/{self.index}"

    @property
    def tree(self) -> Any:
        """The record as it is written."""
        return self.document.tree if self.index is None else self.document.tree[self.index]


@dataclass(frozen=True, slots=True)
class Given:
    """All records of one ``--data`` argument, and the files that could not be read."""

    records: tuple[Record, ...]
    failed: tuple[tuple[str, ReadError], ...] = ()


#: With the part's node, which nothing else may take the place of while it is kept.
_KEPT: dict[tuple[object, ...], tuple[Given, object]] = {}


def of_many(part: Field) -> bool:
    """Whether a part is a record that names whose submission it is of."""
    return part.record and part.kind == "record" and part.names_whose is not None


def records(part: Field, place: Path, read: Read) -> Given:
    """The records of a file or of the files of a folder; raises ``ReadError`` for one file."""
    if not os.path.isdir(place):
        return Given(_in_file(part, place, read))
    found: list[Record] = []
    failed: list[tuple[str, ReadError]] = []
    for entry in listed(place):
        if entry.name.startswith((".", "~$")) or entry.suffix.lower() not in FORMATS:
            continue
        try:
            found += _in_file(part, entry, read)
        except ReadError as error:
            failed.append((shown(entry.name), error))
    return Given(tuple(found), tuple(failed))


def _in_file(part: Field, file: Path, read: Read) -> tuple[Record, ...]:
    """The records of one file, read once as long as it is not changed."""
    try:
        state = os.stat(file)
    except OSError:
        read(file, part)  # tells why nobody can open it
        raise
    key = (part.path, id(part.node), os.path.abspath(file), state.st_size, state.st_mtime_ns)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        document = read(file, part)
        tree = document.tree
        rows = list(enumerate(tree)) if isinstance(tree, list) else [(None, tree)]
        given = Given(tuple(Record(document, i, _whose(part, row)) for i, row in rows))
        _KEPT[key] = given, part.node
    return _KEPT[key][0].records


def _whose(part: Field, tree: Any) -> str:
    """The id that a record names, as a submission would have it; "" where it names none."""
    if not isinstance(tree, Mapping):
        return ""
    for key, value in tree.items():
        if isinstance(value, str) and (child := part.child(key)) is not None and child.whose:
            text = as_code(value.strip())
            return "" if text in ABSENT_WORDS else text
    return ""


def chosen(
    part: Field, given: Given, names: Collection[str]
) -> tuple[list[Record], list[RecordNote]]:
    """(records of a submission with these names, what is told of the others).

    Of several the caller tells that nobody knows which holds.
    """
    own = [one for one in given.records if one.whose in names]
    unnamed = [one for one in given.records if not one.whose]
    told: list[RecordNote] = []

    def tell(state: str, ones: Collection[Record]) -> None:
        first = next(iter(ones), None)
        if first is not None:
            files = dict.fromkeys(one.document.name for one in ones)
            named = dict.fromkeys(one.whose for one in ones if one.whose)
            told.append(
                RecordNote(part.name, part.title, state, tuple(files), tuple(named), len(ones))
            )

    if not own and len(given.records) == 1 and unnamed:
        tell("unnamed", unnamed)
        return unnamed, told
    if not own:
        tell("other", [one for one in given.records if one.whose])
    tell("left_out", unnamed)
    for name, _ in given.failed:
        told.append(RecordNote(part.name, part.title, "unread", (name,)))
    return own, told
