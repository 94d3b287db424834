"""``kehou.yaml``: the settings of a folder and of all below it; a flag outranks it.

Keys: stage, pack, data, waivers, attestations, fail_on, lang, engine, clauses_page (the address of
the page of clauses, for formats that link to it). File names in ``pack``, ``data``, ``waivers`` and
``attestations`` are relative to the file itself. The file is looked for from the current folder
upward, never in a folder that is checked and never beside the file that holds a whole submission:
what is handed in does not set how it is checked. One that says nothing sets nothing.
"""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kehou.cli.arguments import ENGINES, GATES, STAGES, gate_titles, named, stage_titles
from kehou.cli.language import LANGUAGES, nearest, say
from kehou.errors import KehouError, UsageError
from kehou.readers import Document, ReadError, read_path
from kehou.readers.door import listed, shown
from kehou.readers.files import FORMATS, READ_PROSE, read_bytes

if TYPE_CHECKING:
    from kehou.fields import Schema

FILE_NAME = "kehou.yaml"
#: So many bytes at the beginning of a file tell a report of ours.
_HEAD = 4096
#: Commands whose files are submissions, each with what else stands before the first of them.
_OF_SUBMISSIONS = {"check": 1, "explain": 2, "request": 1, "fix": 1, "bundle": 1, "read": 1}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a kehou.yaml says; None and empty where it says nothing."""

    stage: str | None = None
    packs: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    fail_on: str | None = None
    language: str | None = None
    engine: str | None = None
    waivers: str | None = None
    attestations: tuple[str, ...] = ()
    clauses_page: str | None = None


def find(start: Path, checked: Sequence[str] = ()) -> Path | None:
    """The nearest kehou.yaml in ``start`` or a folder above it, but for those of ``checked``."""
    passed_over = handed_in(start, checked)
    return next((path for path in _upward(start) if path not in passed_over), None)


def handed_in(start: Path, checked: Sequence[str]) -> list[Path]:
    """Every kehou.yaml from ``start`` upward that a submission brought with it.

    It lies in a folder which is to be checked, or beside the file that is; or beside the file that
    holds a whole submission, whatever is checked. Beside a report it is the user's.
    """
    folders = [os.path.realpath(path) for path in checked if os.path.isdir(path)]
    beside = [os.path.dirname(os.path.realpath(path)) for path in checked if _is_handed_in(path)]
    return [
        path
        for path in _upward(start)
        if (home := os.path.realpath(path.parent)) in beside
        or any(Path(home).is_relative_to(folder) for folder in folders)
        or _holds_a_submission(path.parent)
    ]


def _holds_a_submission(folder: Path) -> bool:
    """Whether a folder has a file with the name of those that hold a whole submission."""
    try:
        entries = [entry for entry in listed(folder) if _is_told_by_name(entry)]
    except ReadError:
        return False
    if not entries:
        return False
    stem_of = _shipped_schema().part_of_stem
    return any(stem_of(shown(entry.stem)) == "" for entry in entries)


def _is_told_by_name(entry: Path) -> bool:
    suffix = entry.suffix.lower()
    return suffix in FORMATS or suffix in READ_PROSE


@cache
def _shipped_schema() -> Schema:
    """The schema of the submissions that kehou comes with."""
    from kehou import data
    from kehou.fields import load_schema

    text = data.schemas().joinpath("submission.schema.json").read_text("utf-8")
    return load_schema(text, "", False)


def _is_handed_in(path: str) -> bool:
    """Whether a path is a file of a submission: a table or a tree, and no report of ours."""
    suffix = Path(path).suffix.lower()
    if not os.path.isfile(path) or suffix in READ_PROSE:
        return os.path.isfile(path)
    if suffix not in FORMATS:
        return False
    try:
        return b'"kehou-' not in read_bytes(Path(path))[:_HEAD]
    except ReadError:
        return False


def _upward(start: Path) -> list[Path]:
    found = (folder / FILE_NAME for folder in (start, *start.parents))
    return [path for path in found if os.path.isfile(path)]


def language_here(words: Sequence[str] = ()) -> str:
    """The language of the settings in force here; zh where they say nothing or are faulty.

    ``words`` are those of the call: what lies in a folder that one of them names sets nothing.
    What is wrong with the settings is told by whoever needs the settings themselves.
    """
    try:
        path = find(Path.cwd(), [*filter(os.path.isdir, words), *_files_of(words)])
        return (load(path).language if path else None) or LANGUAGES[0]
    except (KehouError, OSError):
        return LANGUAGES[0]


def _files_of(words: Sequence[str]) -> list[str]:
    """The words of a call that are files to be checked, as far as that can be told so early."""
    first = _OF_SUBMISSIONS.get(words[0]) if words else None
    if first is None:
        return []
    pairs = zip(words[first - 1 :], words[first:], strict=False)
    return [word for before, word in pairs if not before.startswith("-")]


def load(path: Path) -> Settings:
    """Read a kehou.yaml; raises UsageError that tells all its faults at once."""
    try:
        document = read_path(path)
    except ReadError as error:
        if says_nothing(path):
            return Settings()
        raise UsageError("settings", error.message, error.where, error.hint) from error
    tree = document.tree
    if not isinstance(tree, dict):
        raise UsageError("settings", say("cli.settings.mapping"), str(path))
    reader = _Reader(path.parent, document)
    values: dict[str, Any] = {}
    for key, value in tree.items():
        if key not in _KEYS:
            reader.fault(f"/{key}", say("cli.settings.unknown", key=key), nearest(key, list(_KEYS)))
        elif value is not None:
            name, read = _KEYS[key]
            values[name] = read(reader, f"/{key}", value)
    if reader.faults:
        told = say("cli.settings.faults")
        raise UsageError("settings", told, str(path), details=reader.faults)
    return Settings(**values)


def says_nothing(path: Path) -> bool:
    """Whether a file has nothing but comments and blank lines: every setting is left out."""
    try:
        lines = read_bytes(path).removeprefix(BOM_UTF8).splitlines()
    except ReadError:
        return False
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)


class _Reader:
    """Checks values one by one, noting every fault with its place."""

    def __init__(self, folder: Path, document: Document) -> None:
        self.folder = folder
        self.document = document
        self.faults: list[str] = []

    def fault(self, pointer: str, message: str, hint: str = "") -> None:
        """Note a fault at a value or, for an unknown key, at the key."""
        span = self.document.key_span(pointer) or self.document.span(pointer)
        place = f"{FILE_NAME}:{span.line}:{span.column}" if span else ""
        told = say("cli.place", place=place, told=message) if place else message
        self.faults.append(f"  {told}" + (say("cli.brackets", hint=hint) if hint else ""))

    def choice(self, pointer: str, value: Any, allowed: Sequence[str]) -> str | None:
        """One of the allowed words."""
        if isinstance(value, str) and value in allowed:
            return str(value)
        self.fault(
            pointer, say("cli.settings.not_allowed", value=value), nearest(str(value), allowed)
        )
        return None

    def packs(self, pointer: str, value: Any) -> tuple[str, ...]:
        """One pack or a list of them, each an id or a folder."""
        members = value if isinstance(value, list) else [value]
        if not all(isinstance(member, str) for member in members):
            self.fault(pointer, say("cli.settings.packs"))
            return ()
        return tuple(self._pack(str(member)) for member in members)

    def _pack(self, name: str) -> str:
        own = self.folder / name
        return str(own) if own.joinpath("pack.yaml").is_file() else name

    def file(self, pointer: str, value: Any) -> str | None:
        """A file beside the settings."""
        if isinstance(value, str):
            return str(self.folder / value)
        self.fault(pointer, say("cli.settings.file"))
        return None

    def files(self, pointer: str, value: Any) -> tuple[str, ...]:
        """One file beside the settings or a list of them."""
        members = value if isinstance(value, list) else [value]
        found = (self.file(pointer, member) for member in members)
        return tuple(name for name in found if name is not None)

    def address(self, pointer: str, value: Any) -> str | None:
        """The address of a page."""
        if isinstance(value, str) and re.fullmatch(r"https?://[!-~]+", value):
            return value
        self.fault(pointer, say("cli.settings.address"))
        return None

    def data(self, pointer: str, value: Any) -> dict[str, str]:
        """Names of tables and the files they stand in."""
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return {str(name): str(self.folder / file) for name, file in value.items()}
        self.fault(pointer, say("cli.settings.data"))
        return {}


_KEYS: dict[str, tuple[str, Callable[[_Reader, str, Any], Any]]] = {
    "stage": ("stage", lambda r, p, v: r.choice(p, named(v, stage_titles) or v, STAGES)),
    "pack": ("packs", _Reader.packs),
    "data": ("data", _Reader.data),
    "waivers": ("waivers", _Reader.file),
    "attestations": ("attestations", _Reader.files),
    "fail_on": ("fail_on", lambda r, p, v: r.choice(p, named(v, gate_titles) or v, GATES)),
    "lang": ("language", lambda r, p, v: r.choice(p, v, LANGUAGES)),
    "clauses_page": ("clauses_page", _Reader.address),
    "engine": ("engine", lambda r, p, v: r.choice(p, v, ENGINES)),
}
