"""The fields of a submission, as its JSON Schema declares them (docs/architecture.md §3).

``submission.schema.json`` is the one source of names, Chinese labels, kinds and bounds. Here it
becomes a tree of ``Field``; everything that reads, checks or shows a value goes through it.
A field's children are built when first asked for, because a run touches few of the hundreds.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, Final

from kehou.fields.owners import owner
from kehou.fields.reference_words import (
    Fill,
    Refers,
    fill_of,
    lists_around,
    reference_faults,
    refers,
    with_codes,
)
from kehou.fields.root_words import OWNERS, Declared, declared, faults, owner_words
from kehou.fields.shapes import beside, kind_of, mended, shape_faults
from kehou.model.outcomes import Owner
from kehou.readers import segments
from kehou.readers.copied_text import without_marks

#: What ``x-owner`` may say where the root declares no words for it.
_PLAIN: Final = owner_words({})


@dataclass(frozen=True)
class Field:
    """One field: its name, labels, kind and bounds.

    ``kind`` is ``record`` (named children), ``rows`` (a list of records), ``list`` (a list of
    scalars) or one of ``SCALAR_KINDS``. ``path`` is dotted, without row numbers
    (``plan.sessions.end``); the root's is empty. ``labels`` maps an enumeration's values to
    their Chinese labels. ``minimum`` and ``maximum`` are in the unit of the JSON Schema
    (yuan, not fen); ``earliest`` is minutes of the day. ``form`` names a text of fixed form
    (``year_pair``). ``giver`` tells which values of a field say whose record it is (``subject`` or
    ``authority``), ``conflict`` which fields of a row hold what of a contradiction (``field``,
    ``values``, ``places``), ``approximate`` whether a flag says that a time beside it is about.
    ``owner`` is whose gap a missing value is where the field itself says so (``x-owner``),
    ``whose`` marks the field of a record that names whose submission it is of (``x-whose``).
    """

    name: str
    path: str
    kind: str
    title: str
    title_en: str = ""
    description: str = ""
    names: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    absent: bool = False
    private: bool = False
    blank_absent: bool = False
    default: Any = None
    labels: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    earliest: int | None = None
    after: str | None = None
    form: str | None = None
    ranged: bool = False
    stands_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fill: Fill | None = None
    csv: str | None = None
    key: tuple[str, ...] = ()
    owner: Owner | None = None
    record: bool = False
    whose: bool = False
    reader: bool = False
    approximate: bool = False
    giver: Mapping[str, str] = field(default_factory=dict)
    conflict: Mapping[str, str] = field(default_factory=dict)
    statement: Mapping[str, str] = field(default_factory=dict)
    node: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    defs: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Children by name, in the schema's order; of ``rows`` those of one row, else empty."""
        holder = self.node.get("items", {}) if self.kind == "rows" else self.node
        prefix = f"{self.path}." if self.path else ""
        return {
            name: _field(name, prefix + name, node, self.defs)
            for name, node in holder.get("properties", {}).items()
        }

    @property
    def bureau(self) -> bool:
        """Whether this is a table of the authority's, which a submission cannot bring."""
        return self.owner is Owner.AUTHORITY and not self.record and self.path == self.name

    @cached_property
    def names_whose(self) -> Field | None:
        """The child that says whose submission a record is of, if there is one."""
        return next((child for child in self.fields.values() if child.whose), None)

    @cached_property
    def many(self) -> Field:
        """The same record as rows, as a table or a list of several submitters' holds them."""
        node = {"type": "array", "items": self.node, "title": self.title}
        return _field(self.name, self.path, node, self.defs)

    @cached_property
    def item(self) -> Field | None:
        """What one member is: a record for ``rows``, a scalar for ``list``, else None."""
        if self.kind not in ("rows", "list"):
            return None
        node = {**self.node["items"], "x-private": self.private}
        return _field(self.name, self.path, node, self.defs, self.title)

    @cached_property
    def refers(self) -> Refers | None:
        """What the field names elsewhere, as the schema says."""
        return refers(self.node)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Every accepted spelling of a child's key and the child's name."""
        found: dict[str, str] = {}
        for name, child in self.fields.items():
            for spelling in (name, child.title, *child.names):
                found[spelling] = name
        return found

    @cached_property
    def folded_keys(self) -> dict[str, str]:
        """``keys`` with full-width forms and blanks folded away."""
        return {fold(spelling): name for spelling, name in self.keys.items()}

    def child(self, key: str) -> Field | None:
        """The child that a key names, in any accepted spelling."""
        name = self.keys.get(key) or self.folded_keys.get(fold(key))
        return self.fields[name] if name is not None else None

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Children that the reader sets where they are left out."""
        return {n: child.default for n, child in self.fields.items() if child.default is not None}

    @cached_property
    def about(self) -> Field | None:
        """The child that says that a time of the record is approximate, if there is one."""
        return next((child for child in self.fields.values() if child.approximate), None)

    @cached_property
    def given_by(self) -> Field | None:
        """The child that says whether the subject or the authority gave a record."""
        return next((child for child in self.fields.values() if child.giver), None)

    @cached_property
    def spans(self) -> tuple[tuple[Field, Field], ...]:
        """Pairs of children (from, to) of which the second must not come before the first."""
        return tuple(
            (self.fields[child.after], child)
            for child in self.fields.values()
            if child.after is not None
        )

    @property
    def unhashed(self) -> bool | str:
        """Whether it is filled in later; ``default``: while it is its default (``x-unhashed``)."""
        return self.node.get("x-unhashed", False)  # type: ignore[no-any-return]

    @cached_property
    def absent_words(self) -> frozenset[str]:
        """The field's own words for 无, beside the common ones: ``x-absent`` as a list."""
        own = self.node.get("x-absent")
        return frozenset(own) if isinstance(own, list) else frozenset()

    @cached_property
    def words_en(self) -> dict[int, str]:
        """What whole numbers are called in English: ``x-words-en``."""
        return {int(number): word for number, word in self.node.get("x-words-en", {}).items()}

    @cached_property
    def spellings(self) -> dict[str, Any]:
        """Every spelling of an enumeration's value: the value, its label, its aliases."""
        found: dict[str, Any] = dict(self.aliases)
        for value, label in self.labels.items():
            found[label] = value
            found[value] = value
        return found

    @cached_property
    def holds_private(self) -> bool:
        """Whether this field or one below it is never shown."""
        return self.private or any(child.holds_private for child in self.fields.values())


@dataclass(frozen=True)
class Schema:
    """The whole tree; ``root.fields`` are the parts of a submission.

    ``columns`` are the headings that tables may have (``<schema>.columns.json``), as they stand;
    ``misshapen`` is why it is no schema at all, if it is none.
    """

    root: Field
    columns: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    misshapen: tuple[tuple[str, str, str], ...] = ()

    def field(self, path: str) -> Field | None:
        """The field at a dotted path, through rows (``plan.sessions.end``); None if unknown."""
        found: Field | None = self.root
        for name in path.split("."):
            if found is None:
                return None
            found = found.fields.get(name)
        return found

    def at(self, pointer: str) -> Field | None:
        """The field at a JSON pointer (``/plan/sessions/2/end``), a row or member included."""
        found: Field | None = self.root
        for token in segments(pointer):
            if found is None:
                return None
            inner = found.fields.get(token)
            if inner is None and found.kind in ("rows", "list") and token.isdecimal():
                inner = found.item
            found = inner
        return found

    def owner(self, tree: Mapping[str, Any], pointer: str) -> Owner:
        """Whose gap it is that a submission's typed tree has no value at a JSON pointer."""
        return owner(self, tree, pointer)

    def names(self, tree: Mapping[str, Any], known_as: str = "") -> set[str]:
        """The id (else ``known_as``, a register's) and the name of whose a typed tree is."""
        found: set[str] = set()
        for known, path in ((known_as, self.declared.whose.id), ("", self.declared.whose.name)):
            value: Any = tree
            for step in path.split(".") if path else ("",):
                value = value.get(step) if isinstance(value, Mapping) else None
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
                found.add(str(value))
            elif known:
                found.add(known)
        return found

    @property
    def root_stems(self) -> tuple[str, ...]:
        """Stems of the file that holds the whole submission (``plan``, ``实施方案``)."""
        return self.root.names

    @property
    def hashed_parts(self) -> tuple[str, ...]:
        """The parts whose normalised content an approval refers to (``x-hash``)."""
        return tuple(self.root.node.get("x-hash", ()))

    @cached_property
    def declared(self) -> Declared:
        """Whose a submission is, its dates and its nouns, as the root says."""
        return declared(self.root.node)

    def faults(self) -> list[tuple[str, str, str]]:
        """(JSON pointer, message, way out) of all that is wrong with what the schema declares."""
        if self.misshapen and not self.root.fields:
            return list(self.misshapen)
        rest = [*faults(self), *reference_faults(self)]
        return [*self.misshapen, *beside(rest, self.misshapen)]

    def lists_around(self, path: str) -> tuple[str, ...]:
        """Paths of the lists that a field stands in, outermost first, and its own if it is one."""
        return lists_around(self, path)

    @cached_property
    def conflicts(self) -> Field | None:
        """The part whose rows are what two places state differently, if there is one."""
        return next((part for part in self.root.fields.values() if part.conflict), None)

    @cached_property
    def statements(self) -> Field | None:
        """The part whose rows are what prose says, if there is one."""
        return next((part for part in self.root.fields.values() if part.statement), None)

    def walk(self) -> Iterator[Field]:
        """Every field, parents first, in the schema's order."""
        pending = list(self.root.fields.values())[::-1]
        while pending:
            found = pending.pop()
            yield found
            pending.extend(list(found.fields.values())[::-1])

    @cached_property
    def parts(self) -> dict[str, str]:
        """Accepted stems of part files (``roster``, ``学生名册``) and the part they name."""
        return self.root.keys

    @cached_property
    def _stems(self) -> dict[str, str]:
        """Stems of all files, without widths, blanks and capitals, and what each holds."""
        parts = {fold(stem).lower(): name for stem, name in self.parts.items()}
        return parts | {fold(stem).lower(): "" for stem in self.root_stems}

    def part_of_stem(self, stem: str) -> str | None:
        """The part that a file's or a sheet's name stands for; "" for the whole, None unknown.

        Widths, blanks and capitals count for nothing, as they do where files are copied from.
        """
        return self._stems.get(fold(stem).lower())


def load_schema(
    text: str | Mapping[str, Any], columns: str | Mapping[str, Any] = "", own: bool = False
) -> Schema:
    """A submission schema and headings, texts or JSON that was read; ``ValueError`` if neither.

    One that is somebody's ``own``, and not of those that come with kehou, may have no shape of a
    schema: its ``faults`` say why, beside what is wrong with the rest of it.
    """
    node = json.loads(text) if isinstance(text, str) else text
    headings = json.loads(columns or "{}") if isinstance(columns, str) else columns
    wrong = tuple(shape_faults(node)) if own else ()
    if wrong:
        node, headings = mended(node, wrong), {}
    defs = with_codes({**node.get("$defs", {}), OWNERS: owner_words(node)}, node)
    return Schema(_field("", "", node, defs), headings, wrong)


def read_schema(folder: Traversable, name: str) -> Schema:
    """The schema ``<name>.schema.json`` of a folder, with the headings of tables beside it."""
    headings = folder.joinpath(f"{name}.columns.json")
    return load_schema(
        folder.joinpath(f"{name}.schema.json").read_text("utf-8"),
        headings.read_text("utf-8") if headings.is_file() else "",
    )


def fold(text: str) -> str:
    """Full-width forms as ASCII (NFKC), without blanks and marks that nobody sees."""
    text = without_marks(text)
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("∶", ":")


def _field(
    name: str, path: str, node: Mapping[str, Any], defs: Mapping[str, Any], title: str = ""
) -> Field:
    if "$ref" in node:
        shared = defs[node["$ref"].rpartition("/")[2]]
        aliases = {**shared.get("x-aliases", {}), **node.get("x-aliases", {})}
        node = {**shared, **node, **({"x-aliases": aliases} if aliases else {})}
    get = node.get
    kind, form = kind_of(node)
    earliest = get("x-earliest")
    fill = get("x-fill")
    return Field(
        name,
        path,
        kind,
        get("title", title),
        get("x-title-en", ""),
        get("description", ""),
        tuple(get("x-names", ())),
        frozenset(get("x-required", ())),
        bool(get("x-absent", False)),
        get("x-private", False),
        get("x-blank") == "absent",
        get("x-default"),
        get("x-labels", {}),
        get("x-aliases", {}),
        get("x-words", {}),
        tuple(get("x-units", ())),
        get("minimum"),
        get("maximum"),
        int(earliest[:2]) * 60 + int(earliest[3:]) if earliest else None,
        get("x-after"),
        form,
        get("x-range", False),
        {k: tuple(v) for k, v in get("x-stands-for", {}).items()},
        fill_of(fill) if fill else None,
        get("x-csv"),
        tuple(get("x-key", ())),
        defs.get(OWNERS, _PLAIN).get(get("x-owner")),
        get("x-record", False),
        get("x-whose", False),
        get("x-reader", False),
        get("x-approximate", False),
        get("x-giver", {}),
        get("x-conflicts", {}),
        get("x-statements", {}),
        node,
        defs,
    )
