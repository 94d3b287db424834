"""Typed records made from a submission's schema: what a record may hold to be judged quickly.

A record that does not fit goes to the reader of `check`, which alone says what is wrong with it;
so a type may be narrower than what the reader takes, and never wider. Names of the schema are keys
of the records only: attributes are numbered, so that no text but ours stands in generated code.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal, NamedTuple, Union

import msgspec
from msgspec import UNSET, UnsetType

from kehou.fields import ABSENT_WORDS, BadScalar, Field
from kehou.fields.scalars import read
from kehou.language import ROOT
from kehou.model.values import ABSENT
from kehou.packs import Pack
from kehou.readers.copied_text import as_meant

#: Days that are read quickly; others are read by the reader.
_FIRST_YEAR, _LAST_YEAR = 1990, 2059
#: Numbers beyond are the reader's, which says that they are too large.
_MOST: Final = 10**12
#: A part with a thousand faults is given up whole: a list that could have so many is the reader's.
_MOST_TEXTS: Final = 1000


class Column(NamedTuple):
    """A field of a subject as it stands in a record.

    ``path`` are the numbered attributes from the record of the subject, ``meaning`` what each text
    or flag that it may hold means, None where these are not listed. ``field`` is the schema's.
    """

    name: str
    path: tuple[str, ...]
    field: Field
    meaning: Mapping[Any, Any] | None

    @property
    def kind(self) -> str:
        """The kind of its values, ``list`` where there may be several."""
        return self.field.kind


class Refused(ValueError):
    """What a rule reads that no typed record holds, as ``kind:what`` (``derivation:lookup``)."""


class Records:
    """The record types of one schema, and where in them the fields of subjects stand.

    ``read`` are the fields that rules read, by entity; with ``strict`` all fields are declared and
    keys that nobody declares refused, else what is not read is skipped unseen.
    """

    def __init__(self, pack: Pack, read: Mapping[str, Collection[str]], strict: bool) -> None:
        self._strict = strict
        self._wanted = frozenset(_paths(pack, read))
        self.phantoms: dict[str, Any] = {}
        self.type = self._struct(pack.schema.root)

    def _struct(self, record: Field) -> Any:
        columns, keys = [], {}
        for attribute, child in _numbered(record):
            kind = self._type(child)
            if kind is not None:
                default = UNSET
                if child.kind == "rows":
                    default = self.phantoms.setdefault(child.path, (self._struct(child)(),))
                    kind = kind(type(default[0]))
                elif child.kind == "record":
                    default = self._struct(child)() if self._is_read(child) else UNSET
                columns.append((attribute, kind, default))
                keys[attribute] = child.name
        return msgspec.defstruct(
            "Record",
            columns,
            rename=keys,
            frozen=True,
            gc=False,
            omit_defaults=True,
            forbid_unknown_fields=self._strict,
        )

    def _is_read(self, child: Field) -> bool:
        within = f"{child.path}."
        return any(path == child.path or path.startswith(within) for path in self._wanted)

    def _type(self, child: Field) -> Any:
        read = self._is_read(child)
        if not read and not self._strict:
            return None
        if child.bureau or child.reader:
            return None  # not a submission's to give: the reader tells
        if child.kind == "record":
            return self._struct(child) if read else _or_none(child, self._struct(child))
        if child.kind == "rows":
            return _rows(child)
        if child.kind == "decimal":
            # Read by no rule: a column of it is refused.
            kinds = _number(child, int), _number(child, float)
            return Union[(*kinds, None, UnsetType)]
        return Union[_scalar(child), None, UnsetType]  # noqa: UP007 - made of values


def _rows(field: Field) -> Callable[[Any], Any]:
    texts = sum(one.kind == "text" for one in _all(field)) or 1

    def of(row: Any) -> Any:
        least = 0 if field.absent else 1
        bounds = msgspec.Meta(min_length=least, max_length=_MOST_TEXTS // texts)
        return _or_none(field, Annotated[list.__class_getitem__(row), bounds])

    return of


def _all(field: Field) -> list[Field]:
    return [one for child in field.fields.values() for one in (child, *_all(child))]


def _numbered(record: Field) -> list[tuple[str, Field]]:
    return [(f"f{number}", child) for number, child in enumerate(record.fields.values())]


def _scalar(field: Field) -> Any:
    """The type of a scalar, or of a list of scalars, that the reader takes as it stands."""
    if field.kind == "list":
        assert field.item is not None
        inner: Any = int if field.ranged else _scalar(field.item)
        bounds = msgspec.Meta(min_length=0 if field.absent else 1)
        return _or_none(field, Annotated[list.__class_getitem__(inner), bounds])
    if field.kind == "text":
        return str
    if field.kind == "boolean":
        return _or_none(field, bool)
    meaning = meaning_of(field)
    return _or_none(field, _number(field, int)) if meaning is None else Literal[tuple(meaning)]


def _number(field: Field, kind: type[int] | type[float]) -> Any:
    least = -_MOST if field.minimum is None else max(field.minimum, -_MOST)
    most = _MOST if field.maximum is None else min(field.maximum, _MOST)
    return Annotated[kind, msgspec.Meta(ge=kind(least), le=kind(most))]


def _or_none(field: Field, kind: Any) -> Any:
    """A type or, where the schema lets a field be stated to be none, a word for that."""
    words = _none_words(field)
    return Union[kind, Literal[words]] if words else kind  # noqa: UP007 - made of values


def _none_words(field: Field) -> tuple[str, ...]:
    return (*sorted(ABSENT_WORDS), *sorted(field.absent_words)) if field.absent else ()


def meaning_of(field: Field) -> Mapping[Any, Any] | None:
    """What each value of a field that lists them means; None for numbers and texts."""
    none = dict.fromkeys(_none_words(field), ABSENT)
    if field.kind == "boolean":
        return {True: True, False: False, **none}
    if field.kind == "enum":
        return {
            spelling: value
            for spelling, value in field.spellings.items()
            if isinstance(value, str)
            and as_meant(spelling) == spelling
            and spelling not in ABSENT_WORDS
            and spelling not in field.absent_words
        } | none
    if field.kind == "time":
        first = field.earliest or 0
        return {f"{at // 60:02d}:{at % 60:02d}": at for at in range(first, 1440)} | none
    if field.kind not in ("date", "month"):
        return None
    days = _days() if field.kind == "date" else _months()
    return {**days, **none} if none else days


@cache
def _days() -> Mapping[str, str]:
    first = datetime.date(_FIRST_YEAR, 1, 1).toordinal()
    last = datetime.date(_LAST_YEAR, 12, 31).toordinal()
    days = (datetime.date.fromordinal(n).isoformat() for n in range(first, last + 1))
    return {day: day for day in days}


@cache
def _months() -> Mapping[str, str]:
    months = (f"{y}-{m:02d}" for y in range(_FIRST_YEAR, _LAST_YEAR + 1) for m in range(1, 13))
    return {month: month for month in months}


# --- where the fields of subjects stand ----------------------------------------------------


def rows_path(pack: Pack, entity: str) -> tuple[str, ...]:
    """The numbered attributes that lead to an entity's list; raises ``Refused``."""
    if entity == ROOT:
        return ()
    definition = pack.entities[entity]
    if definition.form != "list":
        raise Refused(f"entity:{definition.form}")
    found = _walk(pack.schema.root, definition.path)
    if found[1].kind != "rows":
        raise Refused("entity:list of scalars")
    return found[0]


def column(pack: Pack, entity: str, name: str) -> Column:
    """Where a field that is handed in stands; raises ``Refused`` where it is none such."""
    if (entity, name.removeprefix("submission.")) in pack.derivations:
        derivation = pack.derivations[entity, name.removeprefix("submission.")]
        raise Refused(f"derivation:{derivation.fn}")
    if name.startswith("check."):
        raise Refused(f"field:{name}")
    record = pack.schema.root
    if entity != ROOT:
        listed = pack.schema.field(pack.entities[entity].path)
        assert listed is not None
        record = listed
    path, field = _walk(record, name)
    _refuse_odd(record, field, name)
    return Column(name, path, field, meaning_of(field))


def _walk(record: Field, name: str) -> tuple[tuple[str, ...], Field]:
    path: list[str] = []
    found = record
    for step in name.split("."):
        children = list(found.fields)
        if step not in children or (path and found.kind == "rows"):
            raise Refused("field:inside rows")
        path.append(f"f{children.index(step)}")
        found = found.fields[step]
        if found.bureau or found.reader:
            raise Refused("field:not given by the submission")
        if found.record and (found.given_by is not None or found.names_whose is not None):
            raise Refused("field:of a record that says whose it is")
    return tuple(path), found


def _refuse_odd(record: Field, field: Field, name: str) -> None:
    """Refuse what the reader takes from elsewhere or checks against something else."""
    holder = record
    for step in name.split(".")[:-1]:
        holder = holder.fields[step]
    told = {
        "record or rows": field.kind in ("record", "rows"),
        "decimal": field.kind == "decimal",
        "text of fixed form": field.form is not None,
        "list with ranges": field.ranged,
        "x-fill": field.fill is not None,
        "x-default": field.default is not None,
        "x-after": any(field in span for span in holder.spans),
        "x-refers": field.refers is not None,
        "text beside private values": field.kind == "text"
        and record.kind == "rows"
        and any(child.private for child in record.fields.values()),
        "list with a word for none among its values": field.kind == "list"
        and field.item is not None
        and not field.absent_words.isdisjoint(field.item.spellings),
        "list of texts": field.kind == "list" and (field.item is None or field.item.kind != "enum"),
    }
    for reason, holds in told.items():
        if holds:
            raise Refused(f"field:{reason}")


def _paths(pack: Pack, read: Mapping[str, Collection[str]]) -> list[str]:
    found = []
    for entity, names in read.items():
        head = "" if entity == ROOT else pack.entities[entity].path
        found += [f"{head}.{name}" if head else name for name in names]
        found += [head] if head else []
    return found


def typed(at: Column, value: Any) -> Any:
    """The value that the reader would give for what stands in a record; None where nothing does.

    Raises ``Refused`` for a text that the reader reads otherwise than it stands.
    """
    if value is None or value is UNSET:
        return None
    if at.meaning is not None:
        return at.meaning[value]
    if at.kind != "text" and value.__class__ is str:
        return ABSENT
    if at.kind == "list":
        if not value:
            return ABSENT
        assert at.field.item is not None
        meaning = meaning_of(at.field.item)
        assert meaning is not None
        return tuple(dict.fromkeys(meaning[member] for member in value))
    if at.kind == "text":
        if not is_plain(at.field, value):
            raise Refused("value:text")
        return value
    return value * 100 if at.kind == "money" else value


def is_plain(field: Field, text: str) -> bool:
    """Whether the reader gives a text as it stands."""
    if text.strip() != text or not text or as_meant(text) in ABSENT_WORDS | field.absent_words:
        return False
    try:
        value, _ = read(field, text)
    except BadScalar:
        return False
    return value is not ABSENT and value == text


__all__ = ["Column", "Records", "Refused", "column", "is_plain", "meaning_of", "rows_path", "typed"]
