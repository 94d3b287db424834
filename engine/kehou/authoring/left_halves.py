"""The parts of a clause that ask something and that none of its lines is of: told, not dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

from kehou.authoring.clause_words import takes_back
from kehou.authoring.drafted_rule import with_every_list
from kehou.authoring.phrases import parsed
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import asks, spoken
from kehou.authoring.quote_members import spoken_of
from kehou.authoring.sentence_limits import limits, values_of
from kehou.authoring.unlike_quote import confirmed
from kehou.fields.allowed_values import arabic
from kehou.packs import Pack

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+")
_FORBIDS: Final = re.compile("不[得应能可宜准]|严禁|禁止")
#: How much of a column's title has to be spoken of.
_ENOUGH: Final = 0.5


def left_halves(folder: Path, clause: str, phrases: Sequence[str]) -> str | None:
    """The parts of a clause that its lines do not carry, “one”“other”; "" where they carry all.

    None where that cannot be seen: no part is known to be of a line.
    """
    with with_every_list(folder) as pack:
        quote = pack.clauses[clause].quote
        parts = [one for one in re.split("[,，;；]", quote) if _asks(one) and not takes_back(one)]
        if len(parts) < 2 or len(phrases) >= len(parts):
            return None
        lines = [parsed(pack, clause, confirmed(phrase)[0]) for phrase in phrases]
        left = [part for part in parts if not any(_carries(pack, one, part) for one in lines)]
    if len(left) == len(parts):
        return None
    return "".join(f"“{part}”" for part in left)


def _asks(part: str) -> bool:
    """Whether a part asks something, also where it only holds one column against another."""
    return asks(part) or _FORBIDS.search(part) is not None


def _carries(pack: Pack, made: Proposal, part: str) -> bool:
    """Whether a line is of a part of its clause."""
    if made.formula is not None and made.formula.kind == "ratio":
        numbers = {Fraction(arabic(one)) for one in _NUMBER.findall(part)}
        shares = {a / b for a in numbers for b in numbers if b}
        return bool({made.low, made.high} & (numbers | shares))
    if made.bounded:
        own = (made.low, made.high)
        found = limits(part, each=True)
        return any(v in own for one in found for v in values_of(made.field, one))
    if made.among and any(spoken_of(made.field, one, part) for one in made.among):
        return True
    other = pack.field_of(made.each, made.other) if made.other else None
    if other is not None:
        return min(spoken(made.field.title, part), spoken(other.title, part)) >= _ENOUGH
    return spoken(made.field.title, part) >= _ENOUGH


__all__ = ["left_halves"]
