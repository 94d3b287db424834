"""Typed values as people read them in Chinese: 18:30, 12.50元, 周一至周五, 一至六年级.

In English: ``display_english``.
Private values are never shown: ``MASK`` stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from kehou.fields.display_parts import ENDS, MASK, known_ends, show_money, show_time
from kehou.fields.fields import Field
from kehou.model.values import ABSENT, Bounds, Open, Unknown


def show(value: Any, field: Field | str | None = None, language: str = "zh") -> str:
    """One value in plain Chinese; ``field`` is its field or the name of its kind.

    Minutes of the day need kind ``time`` and fen kind ``money`` to be told from other integers.
    None is 未提供, ``ABSENT`` is 无, a private value ``MASK``. In English (``en``) they are “not
    supplied” and “none”, and values of an enumeration are told by their ids.
    """
    if language == "en":
        from kehou.fields.display_english import shown

        return shown(value, field)
    if value is None or isinstance(value, Unknown):
        return "未提供"
    if value is ABSENT:
        return "无"
    known = field if isinstance(field, Field) else None
    if known is not None and known.private:
        return MASK
    kind = field.kind if isinstance(field, Field) else field
    if isinstance(value, Bounds):
        return _between(value, field, kind or "")
    if isinstance(value, Open):
        return show(value.items, field) + "等" if value.items else "未提供"
    if isinstance(value, (tuple, list, set, frozenset)):
        return _members(list(value), known, kind)
    if isinstance(value, dict):
        return _record(value, known)
    if known is not None and known.kind == "list":
        return show(value, known.item)
    return _scalar(value, known, kind)


def _between(value: Bounds, field: Field | str | None, kind: str) -> str:
    lo, hi = known_ends(value, kind)
    before, after = ("不晚于", "不早于") if kind in ENDS else ("不多于", "不少于")
    if lo is None and hi is None:
        return "未提供"
    if lo is None:
        return before + show(hi, field)
    if hi is None:
        return after + show(lo, field)
    return f"{show(lo, field)}至{show(hi, field)}"


def _worded(numbers: Sequence[int], field: Field) -> str:
    """Whole numbers by the words that their field has for them, runs of three and more joined.

    Of several words the first counts. Words that end with a unit of the field stand together, the
    unit once at their end: ``周一至周五``, ``一至六年级、高一``.
    """
    named: dict[int, str] = {}
    for word, number in field.words.items():
        named.setdefault(number, word)
    groups: dict[str, list[int]] = {}
    for number in sorted(set(numbers)):
        word = named.get(number, str(number))
        unit = next((unit for unit in field.units if word.endswith(unit)), "")
        groups.setdefault(unit, []).append(number)
    return "、".join(_runs(group, named, unit) for unit, group in groups.items())


def _runs(numbers: list[int], named: Mapping[int, str], unit: str) -> str:
    """Names without their unit joined by 、, with first 至 last for three or more in a row."""

    def name(number: int) -> str:
        return named.get(number, str(number)).removesuffix(unit)

    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [
        f"{name(run[0])}至{name(run[-1])}" if len(run) > 2 else "、".join(name(n) for n in run)
        for run in runs
    ]
    return "、".join(parts) + unit


def _members(values: list[Any], field: Field | None, kind: str | None) -> str:
    if not values:
        return "无"
    item = field.item if field is not None and field.kind in ("list", "rows") else field
    words = item.words if item is not None else {}
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if whole and item is not None and item.kind == "integer" and words:
        return _worded(values, item)
    shown = [show(value, item if item is not None else kind) for value in values]
    return "、".join(shown)


def _record(value: dict[str, Any], field: Field | None) -> str:
    children = field.fields if field is not None else {}
    return "，".join(
        f"{children[name].title if name in children else name}：{show(inner, children.get(name))}"
        for name, inner in value.items()
        if inner is not None
    )


def _scalar(value: Any, field: Field | None, kind: str | None) -> str:
    if isinstance(value, bool):
        word = field.labels.get("true" if value else "false") if field is not None else None
        return word or ("是" if value else "否")
    if isinstance(value, int):
        return _integer(value, field, kind)
    if isinstance(value, Fraction):
        return _fraction(value)
    if field is not None and value in field.labels:
        return field.labels[value]
    return str(value)


def _integer(value: int, field: Field | None, kind: str | None) -> str:
    if kind == "time":
        return show_time(value)
    if kind == "money":
        return show_money(value)
    if field is not None and value in field.words.values():
        return _worded([value], field)
    return str(value)


def _fraction(value: Fraction) -> str:
    """In decimals: exact up to four places, else rounded half up to four and marked 约."""
    scaled = abs(value) * 10_000
    digits = str(int(scaled + Fraction(1, 2))).rjust(5, "0")
    text = f"{digits[:-4]}.{digits[-4:]}".rstrip("0").rstrip(".")
    return ("约" if scaled.denominator != 1 else "") + ("-" if value < 0 else "") + text


__all__ = ["MASK", "known_ends", "show", "show_money", "show_time"]
