"""What of some paths may be a submission: folders, single files, and what is in archives.

A folder that holds the file of a whole submission is one, and not searched for others, but for
documents that are the plans of others (`kehou.batch.other_plans`). Any other folder is searched: a
workbook or a tree in it may be a submission of its own. Else nothing is read here but names and
archives; what a file holds is seen by `kehou.batch.survey`. What is no submission is listed, never
judged.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kehou.batch.archives import is_archive, unpacked
from kehou.errors import KehouError, UnreadableError, UsageError
from kehou.fields import Schema
from kehou.readers import ReadError
from kehou.readers.door import kind, listed, shown
from kehou.readers.files import BOOKS, FORMATS
from kehou.reading.confirmations import beside, is_record
from kehou.submission.prose_files import is_named_whole, named_alike, papers

#: Files that systems and programs leave behind, by their names in small letters.
_LEFT_BEHIND: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini", "kehou.yaml"})
#: Documents that people write: where they stand alone, something is handed in, whether or not
#: anybody can judge it.
DOCUMENTS: Final = frozenset({".docx", ".doc", ".wps", ".pdf", ".ofd", ".rtf", ".odt"})
#: How deep folders are searched.
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Input:
    """What may be a submission: ``path`` is how it is told, ``place`` where it is read.

    One that was ``asked`` for by its own path is a submission whatever is in it.
    """

    path: str
    place: str
    asked: bool = False


@dataclass
class Found:
    """What was found: inputs in the order of their paths, strays, and what cannot be looked into.

    ``failed`` are (path, error) of folders and archives that may hold submissions. ``bare`` are
    folders with nothing in them that can be read.
    """

    inputs: list[Input] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    failed: list[tuple[str, KehouError]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)


def is_one(folder: str, schema: Schema) -> bool:
    """Whether a folder is one submission, or holds nothing that may be one; nothing is unpacked."""
    found = Found()
    _search(found, Path(folder), folder, schema, None, 0)
    return not found.failed and [one.path for one in found.inputs] in ([folder], [])


def find(paths: Iterable[str], schema: Schema, scratch: Path) -> Found:
    """Everything below ``paths`` that may be a submission; archives are unpacked in ``scratch``."""
    found = Found()
    for path in paths:
        place = Path(path)
        if path == "-":
            found.inputs.append(Input(path, path, asked=True))
        elif not os.path.lexists(place):
            error = UsageError(
                "path-not-found", f"找不到“{path}”", hint="请核对文件名和所在的文件夹"
            )
            found.failed.append((path, error))
        elif os.path.isdir(place):
            _search(found, place, path, schema, scratch, 0)
        elif is_archive(place):
            _search_archive(found, place, path, schema, scratch)
        else:
            found.inputs.append(Input(path, path, asked=True))
    once: dict[str, Input] = {}
    for one in found.inputs:
        once.setdefault(os.path.realpath(one.place), one)
    found.inputs = sorted(once.values(), key=lambda one: one.path)
    _tell_bare(found, schema)
    return found


def _tell_bare(found: Found, schema: Schema) -> None:
    """Folders from which nothing came, each outermost once: somebody may have forgotten to fill it.

    One that lies in a submission is its own.
    """
    main_file = schema.declared.nouns["zh"]["main_file"]
    taken: list[str] = [one.path for one in found.inputs]
    for path in sorted(found.bare, key=len):
        if any(path.startswith(one + os.sep) for one in taken):
            continue
        taken.append(path)
        hint = f"请放进{main_file}或填好的表格；不是一份材料的，请把它移到别处"
        error = UnreadableError("nothing-to-read", "文件夹里没有可以检查的材料", path, hint)
        found.failed.append((path, error))


def search_names(folder: Path, schema: Schema) -> Found:
    """What is in a folder by names alone; no archive is unpacked, each is told as failed."""
    found = Found()
    _search(found, folder, str(folder), schema, None, 0)
    return found


def _search(
    found: Found, folder: Path, path: str, schema: Schema, scratch: Path | None, depth: int
) -> None:
    """Add what is in a folder; ``path`` is how the folder is told."""
    try:
        entries, orphans = _apart(_entries(folder))
    except ReadError as error:
        told = UnreadableError("unreadable", error.message, path, error.hint)
        found.failed.append((path, told))
        return
    found.strays += [os.path.join(path, shown(entry.name)) for entry in orphans]
    if any(part_of(e, schema) == "" or is_named_whole(e, schema) for e in entries):
        _add_one(found, folder, path, named_alike(entries, schema), schema)
        return
    before = len(found.inputs) + len(found.failed)
    kinds = {entry: kind(entry, folder) for entry in entries}
    for entry in entries:
        inner = os.path.join(path, shown(entry.name))
        if kinds[entry] == "folder" and depth < _DEEPEST:
            _search(found, entry, inner, schema, scratch, depth + 1)
        elif kinds[entry] == "file" and is_archive(entry):
            _search_archive(found, entry, inner, schema, scratch)
        elif kinds[entry] != "file":
            found.strays.append(inner)
    files = [e for e in entries if kinds[e] == "file" and not is_archive(e)]
    if depth and not any(e.suffix.lower() in FORMATS for e in files):
        inside = [e for e in entries if kinds[e] == "folder"]
        bare = all(os.path.join(path, shown(e.name)) in found.bare for e in inside)
        if bare and not any(is_archive(e) for e in entries) and not _only_documents(files, []):
            found.bare.append(path)
    wholes = [entry for entry in files if _may_be_whole(entry, schema)]
    parts = [entry for entry in files if _is_own_part(entry, schema)]
    each = papers(files, schema)
    if len(wholes) > 1 or (not depth and not parts and not wholes and len(each) > 1):
        # a folder of plans, one of each, beside forms or not; deeper they are papers of one
        wholes += [entry for entry in each if entry not in wholes]
    alone = len(found.inputs) + len(found.failed) == before
    one_form = len(wholes) == 1 and FORMATS.get(wholes[0].suffix.lower()) in BOOKS
    if alone and ((parts and not wholes) or one_form or _only_documents(files, wholes)):
        beside = (each if not depth else named_alike(each, schema)) if one_form else []
        _add_one(found, folder, path, beside, schema)
        return
    left = [entry for entry in each if entry not in wholes]
    wholes += _other_plans(wholes[0] if len(wholes) == 1 else None, left, schema)
    for entry in files:
        inner = os.path.join(path, shown(entry.name))
        if entry in wholes:
            found.inputs.append(Input(inner, str(entry)))
        else:
            found.strays.append(inner)


def _add_one(found: Found, folder: Path, path: str, beside: list[Path], schema: Schema) -> None:
    """A folder that is one submission, and of the documents in it the plans of others."""
    found.inputs.append(Input(path, str(folder)))
    for entry in _other_plans(folder, beside, schema):
        found.inputs.append(Input(os.path.join(path, shown(entry.name)), str(entry)))


def _other_plans(own: Path | None, documents: list[Path], schema: Schema) -> list[Path]:
    """Of some documents those that are plans, but for those of the submission ``own``."""
    if not documents:
        return []
    from kehou.batch.other_plans import plans_of_others

    return plans_of_others(own, documents, schema)


def _only_documents(files: list[Path], wholes: list[Path]) -> bool:
    return not wholes and any(entry.suffix.lower() in DOCUMENTS for entry in files)


def _search_archive(
    found: Found, archive: Path, path: str, schema: Schema, scratch: Path | None
) -> None:
    try:
        folder = unpacked(archive, scratch or _refused(path))
    except KehouError as error:
        error.where = error.where or path
        found.failed.append((path, error))
        return
    before = len(found.inputs) + len(found.failed)
    _search(found, folder, path, schema, scratch, 0)
    if len(found.inputs) + len(found.failed) == before:
        empty = UnreadableError("nothing-to-read", "压缩包里没有可以检查的材料", path, "请核对文件")
        found.failed.append((path, empty))


def _refused(path: str) -> Path:
    raise UnreadableError("archive", "没有打开", path)


def _entries(folder: Path) -> list[Path]:
    return [
        entry
        for entry in listed(folder)
        if not entry.name.startswith((".", "~$")) and entry.name.lower() not in _LEFT_BEHIND
    ]


def _apart(entries: list[Path]) -> tuple[list[Path], list[Path]]:
    """The entries without records of confirmation, which go with their documents; and those of
    the records whose document is not there.
    """
    if not any(is_record(entry.name) for entry in entries):
        return entries, []
    theirs = {file for entry in entries if not is_record(entry.name) for file in beside(entry)}
    records = [entry for entry in entries if is_record(entry.name)]
    others = [entry for entry in entries if entry not in records]
    return others, [entry for entry in records if entry not in theirs]


def part_of(entry: Path, schema: Schema) -> str | None:
    """The part that a file's name stands for, "" for the whole, None for another file."""
    if entry.suffix.lower() not in FORMATS:
        return None
    return schema.part_of_stem(shown(entry.stem))


def _is_own_part(entry: Path, schema: Schema) -> bool:
    part = part_of(entry, schema)
    if not part:
        return False
    return not (schema.root.fields[part].bureau or schema.root.fields[part].reader)


def _may_be_whole(entry: Path, schema: Schema) -> bool:
    """Whether a file may hold a whole submission under a name of its own."""
    form = FORMATS.get(entry.suffix.lower())
    return form is not None and form != "csv" and part_of(entry, schema) is None
