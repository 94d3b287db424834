"""What a possible submission is before anything is judged: its digest, and whose it is.

A file that holds nothing of ours is no submission; one that cannot be read may be one, and is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kehou.batch.inputs import Input
from kehou.checking.declared_values import strata_shown, text_at
from kehou.errors import KehouError
from kehou.fields import Schema
from kehou.readers import ReadError
from kehou.readers.door import contents, kind, listed, shown
from kehou.readers.files import BOOKS, FORMATS, READ_PROSE
from kehou.reading.confirmations import beside
from kehou.submission import collect, from_tree

#: The most bytes of one file that a digest covers whole; readers refuse larger ones anyhow.
_MOST: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Surveyed:
    """An input as it is before it is judged.

    ``digest`` covers all that a check would read of it. ``strata`` are what submissions are
    divided by, as people read them: name → text. A ``stray`` is no submission. ``known_as`` is its
    id and name in the register. ``lost`` is why nothing came of looking at it, in words for people.
    """

    path: str
    place: str
    digest: str
    id: str = ""
    name: str = ""
    strata: tuple[tuple[str, str], ...] = ()
    stray: bool = False
    known_as: tuple[str, str] = ("", "")
    lost: str = ""


def survey(one: Input, schema: Schema) -> Surveyed:
    """Look at an input; what cannot be read has no id and no name, and is told when judged."""
    digest = digest_of(one.place)
    bare = Surveyed(one.path, one.place, digest)
    try:
        if not one.asked and _holds_nothing(Path(one.place), schema):
            return Surveyed(one.path, one.place, digest, stray=True)
        sources = collect(one.place, schema)
        tree = sources.root.tree if sources.root is not None else None
        if not isinstance(tree, Mapping):
            return bare
        return _identified(bare, tree, schema)
    except (KehouError, ReadError):
        return bare


def is_stray(one: Input, schema: Schema) -> bool:
    """Whether an input that nobody asked for by its name holds nothing of a submission."""
    try:
        return not one.asked and _holds_nothing(Path(one.place), schema)
    except (KehouError, ReadError):
        return False


def _identified(bare: Surveyed, tree: Mapping[str, Any], schema: Schema) -> Surveyed:
    """Whose a tree says it is, typed as a check types it."""
    whose = schema.declared.whose
    paths = [path for path in (whose.id, whose.name, *whose.strata.values()) if path]
    parts = {path.split(".")[0] for path in paths}
    kept: dict[str, Any] = {}
    for key, value in tree.items():
        field = schema.root.child(str(key))
        if field is not None and field.name in parts:
            kept[field.name] = value
    typed = from_tree(kept, schema).tree
    strata = zip(whose.strata, strata_shown(schema, typed, "zh"), strict=True)
    return Surveyed(
        bare.path,
        bare.place,
        bare.digest,
        (text_at(typed, whose.id) or "").strip(),
        (text_at(typed, whose.name) or "").strip(),
        tuple((name, "、".join(stratum.values)) for name, stratum in strata),
    )


def _holds_nothing(place: Path, schema: Schema) -> bool:
    """Whether a file can be read and holds no part of a submission."""
    form = FORMATS.get(place.suffix.lower())
    if os.path.isdir(place) or form is None:
        return False
    if form in BOOKS:
        from kehou.forms import is_form
        from kehou.tables import open_book

        return not is_form(open_book(shown(place.name), contents(place, _MOST)))
    from kehou.readers import read_path

    tree = read_path(place).tree
    if not isinstance(tree, Mapping):
        return True
    own = (schema.root.child(str(key)) for key in tree)
    return bool(tree) and not any(f is not None and not (f.bureau or f.reader) for f in own)


def digest_of(place: str) -> str:
    """SHA-256 over the names of all files of an input and the contents of those that are read."""
    digest = hashlib.sha256()
    for name, file in _files(Path(place)):
        digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
        if file is not None:
            digest.update(_content_digest(file))
    return digest.hexdigest()


def _files(place: Path) -> Iterator[tuple[str, Path | None]]:
    """(name, the file where its content counts) of an input, in name order."""
    if not os.path.isdir(place):
        yield place.name, place
        if place.suffix.lower() in READ_PROSE:
            yield from ((file.name, file) for file in beside(place))
        return
    try:
        entries = listed(place)
    except ReadError:
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        known = entry.suffix.lower() in (FORMATS.keys() | READ_PROSE.keys())
        read = known and kind(entry, place) == "file"
        yield entry.name, entry if read else None


def _content_digest(file: Path) -> bytes:
    try:
        return hashlib.sha256(contents(file, _MOST)).digest()
    except ReadError as error:
        return str(error.message).encode()
