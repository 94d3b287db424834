"""A loaded pack as plain words and numbers, and the pack that they stand for.

The form is what `marshal` keeps: numbers, texts, None, tuples, dicts. A tuple begins with what it
stands for, a number of `_KINDS` or of `_RECORDS`. It names no module and no function, and nothing
of it is ever called or run: what is not in the tables below is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from importlib.resources.abc import Traversable
from pathlib import Path
from sys import intern
from typing import Any, Final

from kehou.fields import load_schema
from kehou.language import Derivation, EntityDef, Parameter, Type
from kehou.language.lexicons import Lexicon
from kehou.language.vocabulary import Vocabulary
from kehou.model import rules
from kehou.model.outcomes import ClauseStatus, Severity, Stage
from kehou.model.report import PackUsed
from kehou.packs.lexicons import LexiconFile, folders
from kehou.packs.pack import Pack, Period, TableDef
from kehou.packs.parameters import ParameterDef, ParameterValue, Readings
from kehou.readers.source import Plain

#: The records that a pack is made of; a new one is put last.
_RECORDS: Final[tuple[type, ...]] = (
    rules.FieldRef,
    rules.Test,
    rules.Const,
    rules.All,
    rules.Any_,
    rules.Not,
    rules.Param,
    rules.Review,
    rules.Rule,
    rules.Clause,
    rules.Pattern,
    rules.Reference,
    rules.DecisionRule,
    Derivation,
    EntityDef,
    Type,
    Parameter,
    ParameterDef,
    ParameterValue,
    Readings,
    Period,
    TableDef,
    LexiconFile,
    Lexicon,
    PackUsed,
)
_ENUMS: Final[tuple[type[Enum], ...]] = (Severity, Stage, ClauseStatus)
#: Records that are equal only to themselves: each is made once, and met again by its number.
_ALONE: Final = Lexicon
_PLAIN_TUPLE, _TUPLE, _DICT, _LIST, _FROZENSET, _FRACTION, _ENUM, _PLAIN, _AGAIN, _FOLDER = range(
    10
)
_FIRST_RECORD: Final = 16
_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
#: Fields of a pack that are kept in another form than their own.
_APART: Final = frozenset({"root", "vocabulary"})


class UnkeptError(Exception):
    """Something that has no plain form, or no form that stands for something."""


def plain(pack: Pack) -> tuple[Any, ...]:
    """The plain form of a pack; raises UnkeptError where it holds what has none."""
    v = pack.vocabulary
    written = _Writer(pack.root).of
    own = {f.name: written(getattr(pack, f.name)) for f in fields(pack) if f.name not in _APART}
    schema = (dict(v.schema.root.node), dict(v.schema.columns))
    words = (dict(v.entities), dict(v.derivations), dict(v.parameters))
    return own, schema, tuple(map(written, words))


def pack_of(form: Any, root: Path | Traversable) -> Pack:
    """The pack that a plain form stands for, its folder being ``root``."""
    own, schema, words = form
    read = _Reader(root).of
    parts = {name: read(value) for name, value in own.items()}
    vocabulary = Vocabulary(load_schema(*schema), *map(read, words))
    return Pack(**parts, root=root, vocabulary=vocabulary)


class _Writer:
    """Writes values; one that is equal only to itself is written once."""

    def __init__(self, root: Path | Traversable) -> None:
        self._folders = [str(folder) for folder in folders(root)]
        self._alone: dict[int, int] = {}

    def of(self, value: Any) -> Any:
        """The plain form of a value."""
        kind = type(value)
        if kind is str:
            return intern(value)  # written once, and met by what it is when it names a field
        if kind in _SCALARS:
            return value
        if kind is tuple:
            if all(type(item) in _SCALARS for item in value):
                return (_PLAIN_TUPLE, tuple(map(self.of, value)))
            return (_TUPLE, *map(self.of, value))
        if kind is dict:
            return (_DICT, *((self.of(k), self.of(v)) for k, v in value.items()))
        if kind is list or kind is frozenset:
            items = value if kind is list else sorted(value)
            return (_LIST if kind is list else _FROZENSET, *map(self.of, items))
        if kind in _RECORDS:
            return self._record(value)
        if kind is Fraction:
            return (_FRACTION, value.numerator, value.denominator)
        if kind in _ENUMS:
            return (_ENUM, _ENUMS.index(kind), value.name)
        if kind is Plain:
            return (_PLAIN, str(value))
        if isinstance(value, Path) and str(value.parent) in self._folders:
            return (_FOLDER, self._folders.index(str(value.parent)), value.name)
        raise UnkeptError(kind.__name__)

    def _record(self, value: Any) -> Any:
        kind = type(value)
        if kind is _ALONE:
            if id(value) in self._alone:
                return (_AGAIN, self._alone[id(value)])
            self._alone[id(value)] = len(self._alone)
        parts = (self.of(getattr(value, f.name)) for f in fields(kind))
        return (_FIRST_RECORD + _RECORDS.index(kind), *parts)


class _Reader:
    """Reads what `_Writer` wrote."""

    def __init__(self, root: Path | Traversable) -> None:
        self._root = root
        self._alone: list[Any] = []
        self._kinds: Mapping[int, Callable[[Sequence[Any]], Any]] = {
            _PLAIN_TUPLE: lambda form: form[1],
            _TUPLE: lambda form: tuple([self.of(item) for item in form[1:]]),
            _DICT: lambda form: {self.of(k): self.of(v) for k, v in form[1:]},
            _LIST: lambda form: [self.of(item) for item in form[1:]],
            _FROZENSET: lambda form: frozenset([self.of(item) for item in form[1:]]),
            _FRACTION: lambda form: Fraction(form[1], form[2]),
            _ENUM: lambda form: _ENUMS[form[1]][form[2]],
            _PLAIN: lambda form: Plain(form[1]),
            _AGAIN: lambda form: self._alone[form[1]],
            _FOLDER: lambda form: list(folders(self._root))[form[1]].joinpath(form[2]),
        }

    def of(self, form: Any) -> Any:
        """The value that a plain form stands for."""
        if type(form) is not tuple:
            return form
        kind = form[0]
        if kind < _FIRST_RECORD:
            return self._kinds[kind](form)
        of = self.of
        made = _RECORDS[kind - _FIRST_RECORD]
        found = made(*[x if type(x) is not tuple else of(x) for x in form[1:]])
        if made is _ALONE:
            self._alone.append(found)
        return found
