"""Whether a line that a person says for a clause asks another thing than the clause's words do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from kehou.authoring.neighbours import written_as
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import proposals
from kehou.authoring.sentence_limits import VALUE, Limit, in_unit, limits, units_of
from kehou.errors import UsageError
from kehou.fields import BadScalar, Field
from kehou.fields.allowed_values import arabic
from kehou.fields.scalars import read
from kehou.packs import Pack

_CONFIRMED: Final = re.compile(r"(?P<line>.*?)\s*[（(]与原文不同[：:]\s*(?P<why>.*?)\s*[）)]\s*")
_ANY: Final = re.compile(VALUE)
_TOLD: Final = {"at_most": "不超过（不晚于）", "at_least": "不少于（不早于）"}


def confirmed(phrase: str) -> tuple[str, str]:
    """A line without what a person adds where it is meant to differ, and the reason given."""
    match = _CONFIRMED.fullmatch(phrase)
    return (match["line"], match["why"]) if match else (phrase, "")


def held_to_quote(pack: Pack, made: Proposal, phrase: str) -> None:
    """Refuse a line whose number or direction is not its clause's. Raises UsageError."""
    quote = pack.clauses[made.clause].quote
    told = _bounds(made, quote) or _answer(pack, made, quote)
    if told:
        hint = f"请照引文改；真要这样写的，在这一行后面写明：{phrase}（与原文不同：理由）"
        raise UsageError("unlike-quote", f"“{phrase}”{told}", hint=hint)


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
        yield from ((limit.op, value) for value in _read(field, limit))
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
        yield from (("", value) for value in _read(field, limit))


def _read(field: Field, limit: Limit) -> Iterator[Any]:
    text: str | None = limit.text
    if limit.kind == "number":
        text = in_unit(limit.text, limit.unit, units_of(field))
    try:
        yield read(field, text or "")[0]
    except BadScalar:
        return


def _answer(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with a yes or no where the quote is seen to ask the other; "" for nothing."""
    if made.is_ is None:
        return ""
    for one in proposals(pack, made.clause, quote):
        if (one.each, one.name) == (made.each, made.name) and one.is_ is (not made.is_):
            return f"与引文“{quote}”相反"
    return ""


__all__ = ["confirmed", "held_to_quote"]
