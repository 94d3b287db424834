"""Whether a line that a person says for a clause asks another thing than the clause's words do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from kehou.authoring.list_columns import domain, label
from kehou.authoring.neighbours import written_as
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import proposals, spoken
from kehou.authoring.quote_members import inner, open_ended, spoken_of, ways
from kehou.authoring.ratio_gates import another_share
from kehou.authoring.sentence_limits import VALUE, Limit, limits, values_of
from kehou.authoring.unlike_conditions import any_time, unlike_conditions
from kehou.errors import UsageError
from kehou.fields import Field
from kehou.fields.allowed_values import arabic
from kehou.packs import Pack

_CONFIRMED: Final = re.compile(r"(?P<line>.*?)\s*[（(]与原文不同[：:]\s*(?P<why>.*?)\s*[）)]\s*")
_ANY: Final = re.compile(VALUE)
_TOLD: Final = {"at_most": "不超过（不晚于）", "at_least": "不少于（不早于）"}


def confirmed(phrase: str) -> tuple[str, str]:
    """A line without what a person adds where it is meant to differ, and the reason given."""
    match = _CONFIRMED.fullmatch(phrase)
    return (match["line"], match["why"]) if match else (phrase, "")


def held_to_quote(pack: Pack, made: Proposal, phrase: str) -> None:
    """Refuse a line whose number, direction or condition is not its clause's. Raises UsageError."""
    quote = pack.clauses[made.clause].quote
    told = (
        _share(pack, made, quote)
        or _bounds(made, quote)
        or _answer(pack, made, quote)
        or _members(pack, made, quote)
        or _columns(pack, made, quote)
        or unlike_conditions(pack, made, quote)
    )
    if told:
        hint = f"请照引文改；真要这样写的，在这一行后面写明：{phrase}（与原文不同：理由）"
        raise UsageError("unlike-quote", f"“{phrase}”{told}", hint=hint)
    time, column = any_time(pack, made, quote)
    if time:
        told = f"引文写“每{time}”，“{phrase}”把哪一{time}的都计进去"
        first = f"前面写从哪天起的才计：{column} 不早于 2025-09-01 时，（每{time}改一次）"
        hint = (
            f"{first}；材料只填一{time}的，在后面写明：{phrase}（与原文不同：材料只填一{time}的）"
        )
        raise UsageError("any-time", told, hint=hint)


def _share(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with a share of two columns; "" where the quote says nothing of the two."""
    formula = made.formula
    if formula is None or formula.kind != "ratio":
        return ""
    a, b = (pack.field_of(made.each, name) for name in (formula.a, formula.b))
    for op, value in (("at_least", made.low), ("at_most", made.high)):
        if value is not None and a is not None and b is not None:
            told = another_share(quote, a, b, op, Fraction(value))
            if told:
                return told
    return ""


def _bounds(made: Proposal, quote: str) -> str:
    """What is not of the quote in a limit; "" where it is, or the quote has none to compare."""
    if not made.bounded:
        return ""
    said = list(_said(made.field, quote))
    if made.formula is not None and made.formula.kind == "ratio":
        numbers = {Fraction(value) for _, value in said}
        said += [("", a / b) for a, b in permutations(numbers, 2) if b]
    for op, value in (("at_least", made.low), ("at_most", made.high)):
        ways = {way for way, one in said if one == value}
        if value is None or not said or "" in ways or op in ways:
            continue
        if not ways:
            return f"的 {written_as(value, made.field.kind)} 不在引文“{quote}”里"
        return f"与引文“{quote}”的方向相反：引文是{_TOLD[ways.pop()]}"
    return ""


def _said(field: Field, quote: str) -> Iterator[tuple[str, Any]]:
    """The values of a quote as a field has them, each with the way it bounds, or ""."""
    taken: list[tuple[int, int]] = []
    for limit in limits(quote, each=True):
        taken.append((limit.start, limit.end))
        yield from ((limit.op, value) for value in values_of(field, limit))
    for match in _ANY.finditer(quote):
        start, end = match.span()
        if any(start < b and a < end for a, b in taken):
            continue
        number, unit = match["number"], match["unit"] or ""
        if match["clock"]:
            limit = Limit("", match["clock"], "", "time", start, end)
        elif unit in ("元", "万元"):
            amount = Fraction(arabic(number)) * (10_000 if unit == "万元" else 1)
            limit = Limit("", f"{float(amount):g}", "元", "money", start, end)
        else:
            share = unit in ("%", "％")
            text = arabic(number) + ("%" if share else "")
            limit = Limit("", text, unit, "share" if share else "number", start, end)
        yield from (("", value) for value in values_of(field, limit))


def _answer(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with a yes or no where the quote is seen to ask the other; "" for nothing."""
    if made.is_ is None:
        return ""
    for one in proposals(pack, made.clause, quote):
        if (one.each, one.name) == (made.each, made.name) and one.is_ is (not made.is_):
            return f"与引文“{quote}”相反"
    return ""


# --- members of a choice or a list -----------------------------------------------------------


def _members(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with the members that a line asks or denies; "" for nothing to be seen.

    The members that a clause does not forbid are those that it asks, and the other way round.
    """
    if not made.among:
        return ""
    every = domain(made.field) or list(inner(made.field).labels)
    only = made.told.startswith("应只有")
    asked = only or not (made.unlike or made.holding == "contains_none")
    mine = [one for one in every if (one in made.among) is not only]
    said = ways(pack, made.field, quote)
    way, other = ("asked", "denied") if asked else ("denied", "asked")
    against = [one for one in mine if said.get(one) == {other}]
    if against:
        return f"与引文“{quote}”的方向相反"
    firm = [one for one, found in said.items() if found & {way, other}]
    turned = [one for one in firm if said[one] == {other}]
    rest = [one for one in every if one not in turned]
    if turned and ((set(mine) <= set(rest) and not asked) or set(mine) == set(rest)):
        return ""
    unnamed = [m for m in mine if m not in said and not spoken_of(made.field, m, quote)]
    if firm and unnamed and not open_ended(pack, made.field, quote):
        words = "、".join(label(made.field, one) for one in unnamed)
        return f"的 {words} 不在引文“{quote}”里"
    return ""


# --- a column against another ----------------------------------------------------------------

_COMPARED: Final = re.compile(
    r"(?P<a>[^，,；;。]{2,}?)(?P<no>不得?|不应|不能|不可|不宜|不准|应当?|须|必须|要)(?:在)?"
    r"(?P<way>超过|多于|大于|高于|晚于|迟于|长于|少于|低于|小于|早于|短于)?"
    r"(?P<b>[^，,；;。\d]{2,}?)(?P<after>(?:以|之)?[前后])?(?=[，,；;。]|$)"
)
_MORE: Final = ("超过", "多于", "大于", "高于", "晚于", "迟于", "长于")
#: How much both titles have to be spoken of, on their own sides of the words between.
_BOTH: Final = 1.0


def _columns(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with the way that one column is held against another."""
    if not made.other:
        return ""
    other = pack.field_of(made.each, made.other)
    if other is None:
        return ""
    mine = "at_most" if made.side == "high" else "at_least"
    for found in _COMPARED.finditer(quote):
        way = _compared(found)
        straight = spoken(made.field.title, found["a"]) + spoken(other.title, found["b"])
        turned = spoken(made.field.title, found["b"]) + spoken(other.title, found["a"])
        if not way or max(straight, turned) < _BOTH or straight == turned:
            continue
        if turned > straight:
            way = {"at_most": "at_least", "at_least": "at_most"}[way]
        if way != mine:
            return f"与引文“{quote}”的方向相反：引文是{made.field.title}{_TOLD[way]}{other.title}"
    return ""


def _compared(found: re.Match[str]) -> str:
    """Which way a part of a clause holds what it speaks of first against the other."""
    if found["way"]:
        more = found["way"] in _MORE
    elif found["after"]:
        more = found["after"].endswith("后")
    else:
        return ""
    return "at_least" if more is not found["no"].startswith("不") else "at_most"


__all__ = ["confirmed", "held_to_quote"]
