"""How fields and values are written for durable_rules: flat names, typed scalars, no surprises.

The library tells attributes apart by a 32-bit hash, nests dotted names, keeps ``id``, ``sid`` and
``$s`` for itself, coerces types, saturates at 64 bits and compares a text that is a prefix of
another wrongly. Every name and value therefore passes through here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kehou.errors import KehouError
from kehou.language import Leaf, Table
from kehou.language.conditions import UNSET, decide, read_table
from kehou.language.leaf_sets import SCALE
from kehou.model.values import ABSENT, Bounds, Unknown

#: Numbers beyond this, such as an open bound in millionths, are cut off; constants may not be.
LARGEST: Final = 1 << 61
#: Longer text is hashed (bytes of UTF-8); constants may not be longer (characters).
MOST_TEXT: Final = 2_000
#: Attribute endings for the states of a field (`leaf_sets`).
STATE_MARKS: Final = {"has": "?", "absent": "~", "unknown": "!", "clean": "+", "dirty": "-"}

_RESERVED = ("id", "sid", "kind", "_", "$s")
_DATED = re.compile(r"\d{4}-\d\d(-\d\d)?")


class LintError(KehouError):
    """Rules that durable_rules cannot be trusted with."""

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__("rules-not-compilable", message, where, hint)


def attribute(name: str, mark: str = "") -> str:
    """Attribute of a field: never a reserved word, and without the dots that would nest it."""
    return f"f/{name.replace('.', '/')}{mark and ':' + mark}"


def fnv1a(text: str) -> int:
    """32-bit FNV-1a of UTF-8 text, by which alone durable_rules tells attributes apart."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def lint_vocabulary(names: Iterable[str]) -> None:
    """Refuse two attributes with one hash, which the library would take for one another."""
    hashes: dict[int, str] = {}
    for name in (*_RESERVED, *names):
        other = hashes.setdefault(fnv1a(name), name)
        if other != name:
            raise LintError(
                f"属性 {other} 与 {name} 的散列相同，引擎分不清", hint="给其中一个字段改名"
            )


def constant_fault(value: Any, kind: str) -> str | None:
    """Why a constant of a field's kind may not reach the network, or None."""
    if not isinstance(value, (bool, int, str)):
        return f"常量 {value!r} 不是布尔、整数或文字"
    if isinstance(value, int) and abs(value) > LARGEST:
        return f"常量 {value} 太大，绝对值应不超过 2^61"
    if isinstance(value, str) and len(value) > MOST_TEXT:
        return f"常量“{value[:20]}……”有 {len(value)} 字，应不超过 {MOST_TEXT} 字"
    if kind in ("date", "month") and not (isinstance(value, str) and _DATED.fullmatch(value)):
        return f"常量 {value!r} 不是日期或月份"
    return None


def scalar(value: Any, kind: str) -> int | float | str:
    """A value of a field's kind as the network compares it.

    Booleans are 1 and 0. Numbers are cut off just beyond ±2^61; half a unit stands for any
    fraction of one, which compares alike with every integer. Text can only be equal: the letter
    in front keeps ``7``, ``true`` and the empty text text, and text that is long or that JSON
    would escape is hashed. Dates are ordered as they are. Raises ValueError for another's kind.
    """
    if isinstance(value, str):
        return _text(value, kind)
    whole = value // 1
    if whole != value and abs(whole) < 1 << 50:
        return float(whole) + 0.5
    return max(-LARGEST - 1, min(LARGEST + 1, int(whole)))


def _text(value: str, kind: str) -> str:
    if kind in ("date", "month"):
        if not _DATED.fullmatch(value):
            raise ValueError(f"{value!r} 不是日期或月份")
        return str(value)
    data = value.encode("utf-8", "surrogatepass")
    if len(data) <= MOST_TEXT and value.isprintable() and not {'"', "\\"} & set(value):
        return "t" + value
    return "h" + hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Column:
    """A field of one kind of fact, with the attributes that some pattern reads.

    ``marks`` maps a state mark to its attribute, ``parts`` pairs a part of the value ("" or an
    end of an interval, see `leaf_sets`) with its attribute.
    """

    name: str
    kind: str
    root: bool
    marks: Mapping[str, str]
    parts: tuple[tuple[str, str], ...]


def column(name: str, kind: str, root: bool, endings: Iterable[str]) -> Column:
    """A column from the endings of its attributes: state marks and parts alike."""
    marks = frozenset(STATE_MARKS.values())
    ordered = sorted(endings)
    return Column(
        name,
        kind,
        root,
        {e: attribute(name, e) for e in ordered if e in marks},
        tuple((e, attribute(name, e)) for e in ordered if e not in marks),
    )


def encode(
    columns: Iterable[Column],
    precomputed: Iterable[tuple[str, Leaf | Table]],
    values: Mapping[str, Any],
    roots: Mapping[str, Any],
) -> dict[str, Any]:
    """A subject as flat attributes: its own fields, the submission's, precomputed verdicts."""
    out: dict[str, Any] = {}
    for col in columns:
        value = roots.get(col.name) if col.root else values.get(col.name)
        for mark in _marks(value):
            if mark in col.marks:
                out[col.marks[mark]] = 1
        if value is None or value is ABSENT or type(value) is Unknown:
            continue
        for part, name in col.parts:
            if part:
                out[name] = _end(value, part, col.kind)
            elif type(value) is not Bounds:
                out[name] = scalar(value, col.kind)
    for name, leaf in precomputed:
        if isinstance(leaf, Table):
            out[name] = int(read_table(leaf, values, roots) is UNSET)
        else:
            verdict = decide(leaf, values, roots)
            out[name] = 2 if verdict is None else int(verdict)
    return out


def _marks(value: Any) -> str:
    """Marks of the states that a value is in; what was not supplied at all is clean."""
    if value is ABSENT:
        return "~"
    if value is None:
        return "!+"
    if type(value) is Unknown:
        return "!+" if value.closable else "!-"
    return "?"


def _end(value: Any, part: str, kind: str) -> int | float | str:
    if type(value) is Bounds:
        value = value.lo if part.startswith("lo") else value.hi
    if part.endswith("-"):
        return scalar(Fraction(value) * SCALE // 1, "integer")
    if part.endswith("+"):
        return scalar(-(-Fraction(value) * SCALE // 1), "integer")
    return scalar(value, kind)
