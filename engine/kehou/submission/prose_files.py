"""Documents of prose among the files of a submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from kehou.errors import PackError, UsageError
from kehou.fields import Schema
from kehou.readers import DEFAULT, Document, ReadError
from kehou.readers.door import contents, kind, shown
from kehou.readers.files import PAPERS, READ_PROSE


def prose_document(place: Path, schema: Schema) -> Document:
    """What a document of prose says, as the document of a submission; raises ``ReadError``."""
    from kehou.reading import read_prose

    name = shown(place.name)
    return read_prose(name, contents(place, DEFAULT.table_bytes, name), schema)


def with_records(
    document: Document,
    place: Path,
    schema: Schema,
    given: Sequence[str] = (),
    known_as: str = "",
) -> Document:
    """A document of prose as the records beside it leave it, and those that an authority gave.

    What is wrong with the former is told with the submission; the latter raise ``UsageError``
    where there is none that can be read, ``PackError`` with every fault.
    """
    from kehou.reading.confirmations import beside, load, settled

    records, faults = [], []
    found: dict[str, str] = {}
    for file in beside(place):
        name = shown(file.name)
        try:
            own, told, data = load(file)
        except ReadError as error:
            faults += [
                (f"{name}:{one.span.line}" if one.span else name, one.message, one.hint)
                for one in error.problems
            ]
            continue
        found[name] = sha256(data).hexdigest()
        records += [] if told else own
        faults += told
    theirs: dict[str, str] = {}
    for path in given:
        try:
            own, told, data = load(Path(path), authority=True)
        except ReadError as error:
            code, where = "confirmations-unreadable", error.where or path
            raise UsageError(code, error.message, where, error.hint) from error
        if told:
            raise PackError(told, "确认记录")
        theirs[shown(Path(path).name)] = sha256(data).hexdigest()
        records += own
    made = settled(document, schema, records, known_as)
    told_of = replace(made.confirmed, beside=found, given=theirs, faults=tuple(faults))
    return replace(made, confirmed=told_of)


def papers(entries: Iterable[Path], schema: Schema) -> list[Path]:
    """The documents (Word, WPS, PDF) among entries, each of which may hold a whole submission."""
    if schema.statements is None:
        return []
    return [entry for entry in entries if READ_PROSE.get(entry.suffix.lower()) in PAPERS]


def named_alike(entries: Iterable[Path], schema: Schema) -> list[Path]:
    """The documents whose names have the word for the whole in them, but are not named so."""
    words = [stem for stem in schema.root_stems if not stem.isascii()]
    return [
        entry
        for entry in papers(entries, schema)
        if any(word in shown(entry.stem) for word in words) and not is_named_whole(entry, schema)
    ]


def is_named_whole(entry: Path, schema: Schema) -> bool:
    """Whether a document of prose has the name of the file that holds a whole submission."""
    if schema.statements is None or entry.suffix.lower() not in READ_PROSE:
        return False
    return schema.part_of_stem(shown(entry.stem)) == ""


def whole_in_prose(entries: Sequence[Path], place: Path, schema: Schema) -> list[Path]:
    """The documents of prose that stand for the whole where no other file does.

    Those named so; else a document, where there is one alone. Of several nobody can tell.
    """
    files = [entry for entry in entries if kind(entry, place) == "file"]
    named = [entry for entry in files if is_named_whole(entry, schema)]
    alone = papers(files, schema)
    return named or (alone if len(alone) == 1 else [])
