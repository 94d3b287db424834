"""What a drafted rule makes of 无 where two days or times are held against each other.

Nothing has begun where the first is stated to be none: the rule is not of it. Where only the last
is, the submission does not tell what is not done yet from what is not to be done: people are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kehou.authoring.proposal import Proposal
from kehou.language import ROOT
from kehou.packs import Pack

_SPANS: Final = ("days_between", "minutes_between")
_TIMED: Final = ("date", "time", "month")


def beginning(pack: Pack, made: Proposal) -> str:
    """The day or time that a requirement runs from, where it may be stated to be none; else ""."""
    formula = made.formula
    if formula is not None and formula.kind in _SPANS:
        return formula.a if _where(pack, made.each, formula.a) else ""
    timed = made.other and made.field.kind in _TIMED
    return made.other if timed and _where(pack, made.each, made.other) else ""


def ending(pack: Pack, made: Proposal) -> str:
    """The last day or time of a span that may be none where its first is stated; else ""."""
    formula = made.formula
    if formula is None or formula.kind not in _SPANS:
        return ""
    there = _where(pack, made.each, formula.b)
    return formula.b if there and there != _where(pack, made.each, formula.a) else ""


def states_none(pack: Pack, each: str, name: str) -> tuple[str, ...]:
    """The steps to what has to be 无 for a field to be none: the field, or the part it is in."""
    return tuple(_where(pack, each, name).split("."))


def _where(pack: Pack, each: str, name: str) -> str:
    field = pack.field_of(each, name)
    if field is None:
        return ""
    if field.absent:
        return name
    root = each == ROOT or pack.type_of(each, name)[1]
    return next((part for part in _parts(name) if root and _may_be_none(pack, part)), "")


def _parts(name: str) -> Iterator[str]:
    """The parts that a field of the whole submission is in, the nearest first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _may_be_none(pack: Pack, part: str) -> bool:
    found = pack.schema.field(part)
    return found is not None and bool(found.absent)


__all__ = ["beginning", "ending", "states_none"]
