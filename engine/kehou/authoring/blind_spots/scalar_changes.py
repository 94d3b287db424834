"""What one written value may be changed into: a unit, a limit, another word, another's id."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kehou.authoring.neighbours import neighbours, written_as
from kehou.checking.declared_values import value_at
from kehou.fields import Field
from kehou.language import Type
from kehou.model.values import ABSENT

#: The kind of a change to 无.
NONE = "none"
#: What another text is changed into, and what makes an id one that does not exist.
OTHER_TEXT = "另外写的内容"
UNKNOWN_MARK = "-X"
#: Spans that lead out of half a year and out of the year.
_ACROSS = {"half a year": datetime.timedelta(180), "a year": datetime.timedelta(365)}
#: (what a limit is called, its typed value)
Limit = tuple[str, Any]
#: (kind, value as it is written)
Changed = Iterator[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What conditions hold fields against, by their dotted paths: values and other fields.

    ``tree`` is the submission, in which fields that stand in no row are looked up.
    """

    values: Mapping[str, tuple[Any, ...]]
    fields: Mapping[str, tuple[str, ...]]
    tree: Mapping[str, Any]

    def of(self, path: str, row: Mapping[str, Any]) -> tuple[Limit, ...]:
        """The limits of a field; of other fields those of its row and those of no row."""
        found: dict[str, Any] = {}
        for other in self.fields.get(path, ()):
            holder, _, name = other.rpartition(".")
            beside = holder == path.rpartition(".")[0]
            value = row.get(name) if beside else value_at(self.tree, other)
            if value is not None and value is not ABSENT:
                found[other] = value
        return (*(("", value) for value in self.values.get(path, ())), *found.items())


@dataclass(frozen=True, slots=True)
class References:
    """What may be named elsewhere: fields of lists by their paths, in the order of the rows.

    ``to`` has for a field the paths that its schema says it refers to (``x-refers``).
    """

    keys: Mapping[str, tuple[Any, ...]]
    to: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, root: Field, typed: Any) -> References:
        """The single keys (``x-key``), and what fields refer to, of what a submission holds."""
        to = dict(_refers(root))
        named = {path for paths in to.values() for path in paths}
        found: dict[str, dict[Any, None]] = {}
        _gather(root, typed, named, found)
        return cls({path: tuple(values) for path, values in found.items()}, to)

    def others(self, at: Field, value: Any) -> tuple[str, Any] | None:
        """(path there, another value there) of what a text refers to or is key of; else None.

        Of several lists that a field may refer to, the one that has the value.
        """
        named = (*self.to.get(at.path, ()), at.path)
        paths = [path for path in named if path in self.keys]
        if not paths:
            return None
        path = next((path for path in paths if value in self.keys[path]), paths[0])
        return path, next((key for key in self.keys[path] if key != value), None)


def _refers(at: Field) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each field that refers to others, and their paths."""
    if at.refers is not None:
        yield at.path, at.refers.to
    for child in at.fields.values():
        yield from _refers(child)


def _gather(
    at: Field, typed: Any, named: Collection[str], found: dict[str, dict[Any, None]]
) -> None:
    if at.kind == "record" and isinstance(typed, dict):
        for name, child in at.fields.items():
            _gather(child, typed.get(name), named, found)
    elif at.kind == "rows" and isinstance(typed, (list, tuple)):
        for row in typed:
            for name, child in at.fields.items():
                value = row.get(name) if isinstance(row, dict) else None
                is_key = at.key == (name,) or child.path in named
                if is_key and child.kind == "text" and isinstance(value, str):
                    found.setdefault(child.path, {}).setdefault(value)
                _gather(child, value, named, found)


def changed_scalar(
    at: Field, value: Any, limits: Iterable[Limit], references: References
) -> Changed:
    """Every other value of a field, each with its kind; () where it has none to change."""
    if value is ABSENT or value is None:
        return
    ways = {
        "enum": _enum,
        "boolean": _flag,
        "integer": _number,
        "money": _number,
        "decimal": _number,
        "time": _time,
        "date": _date,
        "month": _month,
    }
    seen = {written(at, value)}
    way = ways.get(at.kind)
    found = way(at, value) if way is not None else _text(at, value, references)
    for kind, new in (*_limits(at, limits), *found):
        if new not in seen and _fits(at, new):
            seen.add(new)
            yield kind, new


def changed_member(item: Field, typed: Any) -> Changed:
    """What may be added to a list: each word that it lacks, or the next number."""
    if item.kind == "enum":
        for word in item.labels:
            if word not in typed:
                yield f"with {word}", word
    elif item.kind == "integer":
        most = max(typed)
        if item.maximum is None or most < item.maximum:
            yield "a member more", str(most + 1)


def written(at: Field, value: Any) -> str:
    """A typed value as a file writes it."""
    return written_as(value, at.kind)


def _fits(at: Field, text: str) -> bool:
    if at.kind not in ("integer", "money", "decimal"):
        return True
    value = Fraction(text)
    low = at.minimum is None or value >= at.minimum
    return low and (at.maximum is None or value <= at.maximum)


def _enum(at: Field, value: Any) -> Changed:
    for word in at.labels:
        yield f"→{word}", word


def _flag(at: Field, value: Any) -> Changed:
    yield "flipped", "false" if value else "true"


def _number(at: Field, value: Any) -> Changed:
    integer = at.kind in ("integer", "money")
    yield "×2", written(at, value * 2)
    yield "÷2", written(at, value // 2 if integer else value / 2)
    yield "0", written(at, 0 if integer else Fraction(0))


def _time(at: Field, value: Any) -> Changed:
    for kind, moved in (("earlier", value - 60), ("later", value + 60)):
        if 0 <= moved < 24 * 60:
            yield f"1 hour {kind}", written(at, moved)


def _date(at: Field, value: Any) -> Changed:
    day = datetime.date.fromisoformat(value)
    for told, span in _ACROSS.items():
        yield f"{told} earlier", (day - span).isoformat()
        yield f"{told} later", (day + span).isoformat()


def _month(at: Field, value: Any) -> Changed:
    year, month = int(value[:4]), int(value[5:])
    for told, span in (("1 month", 1), ("a year", 12)):
        for kind, sign in (("earlier", -1), ("later", 1)):
            y, m = divmod(year * 12 + month - 1 + sign * span, 12)
            yield f"{told} {kind}", f"{y:04d}-{m + 1:02d}"


def _text(at: Field, value: Any, references: References) -> Changed:
    if at.form == "year_pair":
        first = int(value[:4])
        yield "a year earlier", f"{first - 1}-{first}"
        yield "a year later", f"{first + 1}-{first + 2}"
        return
    known = references.others(at, value)
    if known is None:
        yield "other text", OTHER_TEXT
        return
    yield "unknown id", f"{value}{UNKNOWN_MARK}"
    if known[1] is not None:
        yield "another id", known[1]


def _limits(at: Field, limits: Iterable[Limit]) -> Changed:
    """Each limit of a field, and the values one unit below and above it."""
    for name, limit in limits:
        told = name or written(at, limit)
        yield f"at {told}", written(at, limit)
        for kind, moved in zip(("below", "above"), neighbours(limit, Type(at.kind)), strict=False):
            yield f"just {kind} {told}", written(at, moved)
