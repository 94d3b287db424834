"""Documents of prose among the files of a submission."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kehou.fields import Schema
from kehou.readers import DEFAULT, Document
from kehou.readers.door import contents, kind, shown
from kehou.readers.files import READ_PROSE


def prose_document(place: Path, schema: Schema) -> Document:
    """What a document of prose says, as the document of a submission; raises ``ReadError``."""
    from kehou.reading import read_prose

    name = shown(place.name)
    return read_prose(name, contents(place, DEFAULT.table_bytes, name), schema)


def whole_in_prose(entries: Sequence[Path], place: Path, schema: Schema) -> list[Path]:
    """The documents of prose that stand for the whole where no other file does.

    Those named so; else a Word document, where there is one alone. Of several nobody can tell.
    """
    if schema.statements is None:
        return []
    files = [entry for entry in entries if entry.suffix.lower() in READ_PROSE]
    files = [entry for entry in files if kind(entry, place) == "file"]
    named = [entry for entry in files if schema.part_of_stem(shown(entry.stem)) == ""]
    word = [entry for entry in files if READ_PROSE[entry.suffix.lower()] == "docx"]
    return named or (word if len(word) == 1 else [])
