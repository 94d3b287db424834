"""The limits that a sentence of a policy sets, found in its words alone: 不得少于2人, 9:00以前.

A limit is a number or a time with its unit and the way it bounds. What has another number after it
(2小时以内的报告) or is reckoned for each person (每人不少于…) is left to people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kehou.fields import BadScalar, Field, fold
from kehou.fields.allowed_values import arabic
from kehou.fields.scalars import read

#: Units that stand after a number, the longest first; other words there are no unit.
_UNITS: Final = (
    "摄氏度|周岁|平方米|平米|㎡|m²|立方米|㎥|m³|分钟|小时|毫克|毫升|公里|厘米|个月|天|日|人|名|万元|元|次|本|册|米"
    "|克|升|岁|个|项|周|年|节|门|份|位|台|间|度|℃|°C|[%％]|[^\\W\\d]时(?!间)"
)
_NUMBER: Final = r"(?:\d++(?:\.\d++)?+|[一二两三四五六七八九十百]++)"
NUMBER_AND_UNIT: Final = rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNITS})?"
_CLOCK: Final = r"(?:上午|早上|下午|晚上|晚)?\d{1,2}(?:[:：]\d{2}|[时点](?:半|整|\d{1,2}分?)?)"
#: A time, or a number with its unit.
VALUE: Final = rf"(?P<clock>{_CLOCK})|{NUMBER_AND_UNIT}"
_VALUE: Final = (
    r"(?:每[^\d\s，。；,;人名位个生一二两三四五六七八九十百]{1,3})?"
    rf"(?:(?P<clock>{_CLOCK})"
    rf"|{NUMBER_AND_UNIT})"
)
_MOST: Final = "超过|高于|多于|大于|晚于|迟于|长于"
_LEAST: Final = "少于|低于|早于|小于|短于"
#: A verb may stand between the word and the number: 至少配备2名.
_VERB: Final = r"(?:[^\d，。；,;每的一二两三四五六七八九十百]{0,4})"
_BEFORE: Final = re.compile(
    rf"(?:不(?:得|应|能|宜|准|可)?(?:(?P<upper>{_MOST})|(?P<lower>{_LEAST}))"
    rf"|(?P<at_most>最多|至多|最高|最晚|最迟|控制在){_VERB}|(?P<at_least>最少|至少|最低|最早){_VERB}"
    rf"|(?P<full>(?<![不未充])满))(?:为|是)?\s*{_VALUE}(?!\s*[至到~～—-]\s*\d)"
)
_AFTER: Final = re.compile(
    rf"{_VALUE}\s*(?:\([^()]*\)|（[^（）]*）)?(?:(?P<lower>以上|以后|之后)"
    rf"|(?P<upper>以下|以内|以前|之前|之内|为限)|(?P<before>前(?![后往期])))(?!的)"
)
#: 不超过50人的 says of whom, 不得超过50人的 what is asked.
_OF_WHOM: Final = re.compile("[^，,；;0-9]{0,2}的")
_ASKED: Final = re.compile("不[得应能宜准可]|最|至|控")
#: A share for each of some people or things: no field holds it.
_EACH: Final = re.compile(
    r"每(?:人|名|位|个|生)[^，,；;]{0,4}$|每\s*(?:\d+|[一二两三四五六七八九十百千]+)\s*[^，,；;]{1,8}$"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound: ``op`` is at_most or at_least; ``text`` as a field of ``kind`` reads it."""

    op: str
    text: str
    unit: str
    kind: str
    start: int
    end: int = 0


def limits(sentence: str, each: bool = False) -> Iterator[Limit]:
    """The limits of a sentence in their order; words of one are not read twice.

    Those that are reckoned for each person are among them where ``each`` is asked for.
    """
    taken: list[tuple[int, int]] = []
    found: list[Limit] = []
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(sentence):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            if match.groupdict().get("before") and not match["clock"]:
                continue  # 三天前 says when, not how much
            if _OF_WHOM.match(sentence, end) and not _ASKED.match(match[0]):
                continue
            taken.append((start, end))
            if each or not _EACH.search(sentence[:start]):
                found.append(_limit(match))
    yield from sorted(found, key=lambda limit: limit.start)


def _limit(match: re.Match[str]) -> Limit:
    named = match.groupdict()
    least = bool(named.get("lower") or named.get("at_least") or named.get("full"))
    op = "at_least" if least else "at_most"
    if named["clock"]:
        return Limit(op, named["clock"], "", "time", *match.span())
    number, unit = arabic(named["number"]), named["unit"] or ""
    if unit == "万元":
        yuan = Fraction(number) * 10_000
        number, unit = str(yuan) if yuan.denominator == 1 else f"{float(yuan):.2f}", "元"
    if unit == "元":
        return Limit(op, number, unit, "money", *match.span())
    if unit in ("%", "％"):
        return Limit(op, f"{number}%", unit, "share", *match.span())
    return Limit(op, number, unit, "number", *match.span())


#: A title that has its unit, and one of something that can be measured at all.
_COUNTS: Final = re.compile("(分钟|小时|[天日周人名位次本册节岁项门份台间])数")
_COUNTING: Final = re.compile("分钟|小时|个月|[天日周年节人名位次本册个岁项门份台间元]|周岁")
_QUANTITY: Final = re.compile("[数量长度积额率重高宽深距龄离]$|时间$|比例$")

#: Units that are the same or a whole number of others, in the smallest of their family.
_FAMILIES: Final = (
    {"分钟": 1, "小时": 60},
    {"天": 1, "日": 1, "周": 7},
    {"人": 1, "名": 1, "位": 1},
    {"厘米": 1, "米": 100},
    {"本": 1, "册": 1},
    {"平方米": 1, "㎡": 1, "m²": 1, "平米": 1},
    {"立方米": 1, "㎥": 1, "m³": 1},
    {"℃": 1, "°C": 1, "摄氏度": 1, "度": 1},
)


def in_unit(number: str, unit: str, units: tuple[str, ...]) -> str | None:
    """A number with its unit in one of the units of a field; None where they do not go together.

    A field without units takes any number.
    """
    if not units or not unit or any(fold(one).startswith(fold(unit)) for one in units):
        return number
    family = next((family for family in _FAMILIES if unit in family), {})
    own = next((one for one in units if one in family), None)
    if own is None:
        return None
    value = Fraction(number) * family[unit] / family[own]
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def values_of(field: Field, limit: Limit) -> Iterator[Any]:
    """The value of a limit as a field has it; none where the field cannot have it."""
    text: str | None = limit.text
    if limit.kind == "number":
        text = in_unit(limit.text, limit.unit, units_of(field))
    try:
        yield read(field, text or "")[0]
    except BadScalar:
        return


def units_of(field: Field) -> tuple[str, ...]:
    """The units of a field: its own, else the one that its title has (天数, 人数)."""
    found = _COUNTS.search(field.title)
    return field.units or ((found[1],) if found else ())


def may_count(title: str, unit: str) -> bool:
    """Whether something without units may be counted in one: 年级 of 天 is not."""
    return not _COUNTING.fullmatch(unit) or bool(_QUANTITY.search(title))


__all__ = [
    "NUMBER_AND_UNIT",
    "VALUE",
    "Limit",
    "in_unit",
    "limits",
    "may_count",
    "units_of",
    "values_of",
]
