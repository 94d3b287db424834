"""The limit of a sentence as a parameter holds its value, so that the two can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from kehou.authoring.sentence_limits import VALUE, Limit, in_unit, limits
from kehou.fields.allowed_values import arabic
from kehou.packs import ParameterDef

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "time": ("time",),
    "money": ("money",),
    "share": ("decimal",),
    "number": ("integer", "decimal"),
}
#: The way that a parameter tightens, by what a sentence bounds.
_WAYS: Final = {"at_most": "lower", "at_least": "higher"}
_LED_TO: Final = re.compile(rf"(?:到|至|延长|增加|提高|放宽|减少|降低|为)\s*(?:{VALUE})")
_CLOCK: Final = re.compile(r"(上午|早上|下午|晚上|晚)?(\d{1,2})[:：时点](半|\d{1,2})?[分整]?")


def may_be_of(definition: ParameterDef, limit: Limit) -> bool:
    """Whether a limit bounds the way that a parameter does, and is of its kind."""
    if definition.by or definition.type.many:
        return False
    return definition.tighter == _WAYS[limit.op] and definition.type.kind in _KINDS[limit.kind]


def typed(definition: ParameterDef, limit: Limit) -> Any:
    """The value of a limit as the parameter has it; None where its unit is another."""
    if limit.kind == "time":
        return _minutes(limit.text)
    text: str | None = limit.text.rstrip("%")
    if limit.kind == "number":
        text = in_unit(limit.text, limit.unit, (definition.unit,) if definition.unit else ())
    if text is None:
        return None
    number = Fraction(text) / (100 if limit.kind == "share" else 1)
    if definition.type.kind == "money":
        number *= 100
    if definition.type.kind == "decimal":
        return number
    return int(number) if number.denominator == 1 else None


def values_in(definition: ParameterDef, text: str) -> Iterator[tuple[Any, str]]:
    """The values that a text's limits give a parameter, each with its words (8米, 200元).

    Amounts of money are as often said for each person, so those are taken too.
    """
    for limit in limits(text, each=definition.type.kind == "money"):
        value = typed(definition, limit) if may_be_of(definition, limit) else None
        if value is not None:
            counted = limit.kind in ("number", "money")
            yield value, f"{limit.text}{limit.unit}" if counted else limit.text


def said_value(definition: ParameterDef, text: str) -> Any:
    """The value that a person writes for a parameter; None where it is none of its kind."""
    money = definition.type.kind == "money" and re.fullmatch(r"[\d.]+", text)
    unit = "元" if money else ""
    for limit in limits(f"不超过{text}{unit}", each=True):
        whole = limit.end == len(f"不超过{text}{unit}")
        if whole and definition.type.kind in _KINDS[limit.kind]:
            return typed(definition, limit)
    return None


def led_to(definition: ParameterDef, text: str) -> Iterator[tuple[Any, str]]:
    """The values that a text leads up to (推迟到20:00, 26至30): a bound, if none of its limits."""
    op = next((op for op, way in _WAYS.items() if way == definition.tighter), "at_most")
    for match in _LED_TO.finditer(text):
        unit = match["unit"] or ""
        kind = "time" if match["clock"] else "money" if unit in ("元", "万元") else "number"
        said = match["clock"] or arabic(match["number"])
        if unit == "万元":
            said = str(Fraction(said) * 10_000)
        limit = Limit(op, said, unit, kind, match.start(), match.end())
        value = typed(definition, limit) if may_be_of(definition, limit) else None
        if value is not None:
            yield value, match[0]


def _minutes(text: str) -> int | None:
    """A time of the day in minutes: 9时 is 540, 18点半 is 1110; one said otherwise is left."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour = int(found[2])
    if found[1] in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    return hour * 60 + (30 if found[3] == "半" else int(found[3] or 0))


__all__ = ["led_to", "may_be_of", "said_value", "typed", "values_in"]
