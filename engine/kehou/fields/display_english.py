"""Typed values in plain English: 18:30, 12.50 yuan, Mon–Fri, grade 1–6; choices by their ids.

Texts stay as they were handed in. Private values are never shown: ``MASK`` stands for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from kehou.fields.display_parts import MASK, known_ends, show_money, show_time
from kehou.fields.fields import Field
from kehou.model.values import ABSENT, Bounds, Open, Unknown

_UNKNOWN = "not supplied"


def shown(value: Any, field: Field | str | None = None) -> str:
    """One value in plain English; ``field`` is its field or the name of its kind."""
    if value is None or isinstance(value, Unknown):
        return _UNKNOWN
    if value is ABSENT:
        return "none"
    known = field if isinstance(field, Field) else None
    if known is not None and known.private:
        return MASK
    kind = known.kind if known is not None else field
    if isinstance(value, Bounds):
        return _between(value, field, str(kind or ""))
    if isinstance(value, Open):
        return shown(value.items, field) + " and others" if value.items else _UNKNOWN
    if isinstance(value, (tuple, list, set, frozenset)):
        return _members(list(value), field)
    if isinstance(value, dict):
        return _record(value, known)
    if known is not None and known.kind == "list":
        return shown(value, known.item)
    return _scalar(value, known, str(kind or ""))


def _scalar(value: Any, field: Field | None, kind: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _integer(value, field, kind)
    if isinstance(value, Fraction):
        return _fraction(value)
    if field is not None and isinstance(value, str) and value in field.labels:
        return value.replace("_", " ")
    return str(value)


def _integer(value: int, field: Field | None, kind: str) -> str:
    if kind == "time":
        return show_time(value)
    if kind == "money":
        return f"{show_money(value).removesuffix('元')} yuan"
    return field.words_en.get(value, str(value)) if field is not None else str(value)


def _fraction(value: Fraction) -> str:
    """In decimals: exact up to four places, else rounded half up to four and marked “about”."""
    tenths = abs(value) * 10_000
    digits = str(int(tenths + Fraction(1, 2))).rjust(5, "0")
    text = f"{digits[:-4]}.{digits[-4:]}".rstrip("0").rstrip(".")
    return ("about " if tenths.denominator != 1 else "") + ("-" if value < 0 else "") + text


def _between(value: Bounds, field: Field | str | None, kind: str) -> str:
    lo, hi = known_ends(value, kind)
    days = kind in ("date", "month", "time")
    before, after = (
        ("no later than", "no earlier than") if days else ("no more than", "no less than")
    )
    if lo is None and hi is None:
        return _UNKNOWN
    if lo is None:
        return f"{before} {shown(hi, field)}"
    if hi is None:
        return f"{after} {shown(lo, field)}"
    return f"{shown(lo, field)} to {shown(hi, field)}"


def _members(values: list[Any], field: Field | str | None) -> str:
    if not values:
        return "none"
    item = field
    if isinstance(field, Field) and field.kind in ("list", "rows"):
        item = field.item
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if whole and isinstance(item, Field) and item.words_en:
        return ", ".join(_runs(sorted(set(values)), item.words_en))
    return ", ".join(shown(value, item) for value in values)


def _runs(numbers: Sequence[int], words: dict[int, str]) -> Iterable[str]:
    """Words of numbers, three and more in a row as the first and the last: ``grade 1–6``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        told = [words.get(number, str(number)) for number in run]
        if len(run) < 3:
            yield from told
            continue
        head = told[0].rpartition(" ")[0] + " "
        yield f"{told[0]}–{told[-1].removeprefix(head)}"


def _record(value: dict[str, Any], field: Field | None) -> str:
    children = field.fields if field is not None else {}
    told = []
    for name, inner in value.items():
        child = children.get(name)
        if inner is not None:
            title = child.title_en or child.title if child is not None else name
            told.append(f"{title}: {shown(inner, child)}")
    return ", ".join(told)


__all__ = ["shown"]
