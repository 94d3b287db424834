"""A school's submission: its typed tree, what could not be read, and where everything stands.

``load`` reads files; ``from_tree`` takes a tree of text that cases and tests have patched. Both
go through the same normalising, in full, even where one file of several cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kehou.errors import UnreadableError
from kehou.fields import Field, Schema, load_schema, write
from kehou.model.confirmations import NOTHING, Confirmed
from kehou.model.outcomes import Stage
from kehou.model.report import Hashed
from kehou.model.values import ABSENT, Fault, Location, Normalised, RecordNote
from kehou.readers import Document, read
from kehou.submission.assembly import Assembly
from kehou.submission.files import Sources, collect
from kehou.submission.reading_notes import Gathered
from kehou.submission.source_map import Places, cell_order
from kehou.submission.unreadable import why_no_root

__all__ = ["Schema", "Submission", "from_tree", "load", "load_document", "load_schema", "load_text"]


@dataclass(frozen=True)
class Submission:
    """What a school handed in, typed by the schema.

    ``tree`` holds dicts, lists of rows, tuples of scalars, typed scalars and ``ABSENT``; what
    was not supplied is not in it. ``faulted`` are pointers of what was given but invalid.
    ``bureau`` names the tables and records that a bureau gave. ``files`` and ``data_files``
    carry the hashes of what was read, ``unread_files`` the names of what was not; ``unreadable``
    is why the file that holds the whole gives nothing, where there is one that does not.
    ``records`` tell what became of the bureau's records. Lists at the pointers ``open_lists`` were
    read from prose, which may say of more rows.
    """

    schema: Schema
    tree: dict[str, Any]
    stage: Stage | None = None
    files: tuple[Hashed, ...] = ()
    unread_files: tuple[str, ...] = ()
    data_files: tuple[Hashed, ...] = ()
    bureau: frozenset[str] = frozenset()
    faulted: frozenset[str] = frozenset()
    gathered: Gathered = field(default_factory=Gathered, repr=False)
    places: Places = field(default_factory=lambda: Places((), ""), repr=False)
    early: tuple[Fault, ...] = field(default=(), repr=False)
    table_notes: tuple[Normalised, ...] = field(default=(), repr=False)
    records: tuple[RecordNote, ...] = ()
    unreadable: UnreadableError | None = field(default=None, repr=False)
    open_lists: frozenset[str] = frozenset()

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that could not be read, in the order of the files and their lines."""
        order = {hashed.name: index for index, hashed in enumerate(self.files)}

        found = [*self.early, *self.gathered.placed(self.places.locate)]
        sheets: dict[str, int] = {}
        for fault in found:
            sheets.setdefault((fault.location.cell or "").rpartition("!")[0], len(sheets))

        def place(fault: Fault) -> tuple[int, int, int, int]:
            at = fault.location
            file = order.get(at.file, len(order))
            if at.line or not at.cell:
                return file, 0, at.line or 0, at.column or 0
            return file, sheets[at.cell.rpartition("!")[0]], *cell_order(at.cell)

        return tuple(sorted(found, key=place))

    @cached_property
    def normalised(self) -> tuple[Normalised, ...]:
        """Everything that was read otherwise than it was written, tables' headings first."""
        return self.table_notes + tuple(
            Normalised(n.pointer, self.places.locate(n.pointer, n.at_key), n.written, n.read)
            for n in self.gathered.notes
        )

    @cached_property
    def prose_files(self) -> tuple[str, ...]:
        """The files of prose that it was read from, and forms that nobody looked through since."""
        documents = [one.document for one in self.places.mounts]
        names = (one.name for one in documents if one.is_prose or one.unconfirmed)
        return tuple(dict.fromkeys(names))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it was read from prose itself."""
        return any(mount.document.is_prose for mount in self.places.mounts)

    @property
    def open_world(self) -> bool:
        """Whether there may be more than was read: what is not there is not known to be absent."""
        return bool(self.prose_files)

    def is_unconfirmed(self, pointer: str) -> bool:
        """Whether what stands at a pointer was read from prose and nobody has confirmed it."""
        if not self.open_world:
            return False
        part = self.schema.root.fields.get(pointer.split("/")[1] if "/" in pointer else "")
        found = self.places.source(pointer)
        if part is None or found is None:
            return False
        mount, raw, _ = found
        document = mount.document
        read = document.is_prose or document.unconfirmed
        return read and bool(raw) and not document.confirmed.covers(raw)

    @cached_property
    def confirmed(self) -> Confirmed:
        """What people said of the values that were read from prose."""
        found = (mount.document.confirmed for mount in self.places.mounts)
        return next((one for one in found if one is not NOTHING), NOTHING)

    @cached_property
    def content_sha256(self) -> str | None:
        """SHA-256 of canonical JSON of what was handed in; None where its first part was not.

        It covers the parts that the schema's ``x-hash`` names, without what ``x-unhashed`` says
        is filled in later (docs/language.md §2.16).
        """
        names = self.schema.hashed_parts
        if not names or names[0] not in self.tree:
            return None
        import hashlib
        import json

        parts = {
            name: write(
                self.schema.root.fields[name],
                _hashed(self.schema.root.fields[name], self.tree[name]),
            )
            for name in names
            if name in self.tree
        }
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def locate(self, pointer: str) -> Location:
        """Where a value stands, or its nearest existing parent; excerpts hide what is private."""
        return self.places.locate(pointer)


def _hashed(field: Field, value: Any) -> Any:
    """A value without what is filled in later or says only its default (``x-unhashed``)."""
    if field.kind == "rows" and isinstance(value, list) and field.item is not None:
        return [_hashed(field.item, row) for row in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        child = field.fields[name]
        left = _hashed(child, inner)
        out = inner == child.default if child.unhashed == "default" else child.unhashed
        if not out and (left or not isinstance(inner, dict)):
            kept[name] = left
    return kept


def load(
    path: str | Path,
    schema: Schema,
    stage: Stage | None = None,
    data: Mapping[str, str | Path] | None = None,
    confirmations: Sequence[str] = (),
    known_as: str = "",
) -> Submission:
    """Read a submission from a file, a folder or ``-`` (standard input).

    ``data`` names a bureau's tables and records and their files, ``confirmations`` the files of
    what it says of values read from prose, ``known_as`` the id that a register knows it by, in
    case it states none. Raises ``UsageError`` for a
    path or a name that does not exist, ``UnreadableError`` where nothing gives a tree.
    """
    sources = collect(path, schema, confirmations, known_as)
    assembly = Assembly(schema, sources.name, known=known_as)
    assembly.add_sources(sources)
    for name, place in (data or {}).items():
        assembly.add_data(name, place)
    found = _finished(assembly, stage, tuple(sources.unread))
    return replace(found, unreadable=why_no_root(sources, path, schema))


def load_text(text: str, schema: Schema, name: str = "") -> Submission:
    """Read a submission from the text of one file; raises ``ReadError``."""
    stem = schema.root_stems[0] if schema.root_stems else "submission"
    return load_document(read(name or f"{stem}.yaml", text.encode()), schema)


def load_document(
    document: Document,
    schema: Schema,
    stage: Stage | None = None,
    data: Mapping[str, str | Path] | None = None,
) -> Submission:
    """A submission of one document that was read before; ``data`` as of `load`."""
    assembly = Assembly(schema, document.name)
    assembly.add_sources(Sources(document.name, root=document))
    for name, place in (data or {}).items():
        assembly.add_data(name, place)
    return _finished(assembly, stage)


def from_tree(
    raw: Mapping[str, Any],
    schema: Schema,
    stage: Stage | None = None,
    data: Mapping[str, Any] | None = None,
    document: Document | None = None,
) -> Submission:
    """A submission from a tree of text, as cases patch it; ``document`` is where it came from.

    The tree may hold what else only a bureau or the program gives: tables, ``source``,
    ``conflicts``. ``data`` are trees of a bureau's tables and records by name.
    """
    assembly = Assembly(schema, document.name if document is not None else "", trusted=True)
    assembly.add_tree(_texts(raw), document)
    for name, tree in (data or {}).items():
        assembly.add_data_tree(name, _texts(tree))
    return _finished(assembly, stage)


def _finished(assembly: Assembly, stage: Stage | None, unread: tuple[str, ...] = ()) -> Submission:
    tree = assembly.finish()
    return Submission(
        assembly.schema,
        tree,
        stage,
        tuple(assembly.files),
        (*unread, *assembly.unread),
        tuple(assembly.data_files),
        frozenset(assembly.bureau),
        frozenset(assembly.gathered.faulted),
        assembly.gathered,
        assembly.places,
        tuple(assembly.early),
        tuple(assembly.notes),
        tuple(assembly.records),
        open_lists=frozenset(assembly.open_lists),
    )


def _texts(raw: Any) -> Any:
    """Numbers and flags of a tree as the text that a file would hold."""
    if isinstance(raw, Mapping):
        return {key: _texts(value) for key, value in raw.items()}
    if isinstance(raw, (list, tuple)):
        return [_texts(value) for value in raw]
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if raw is ABSENT:
        return "无"
    return raw if raw is None or isinstance(raw, str) else str(raw)
