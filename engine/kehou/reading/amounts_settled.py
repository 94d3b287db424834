"""Amounts that a paper states several times, as rows: each fee once, its tiers told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kehou.reading.amounts_library import Amounts
from kehou.reading.listed_rows import Where


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount of a unit; ``against`` is where it is stated otherwise, and then it has none.

    ``values`` are its row. ``whom`` are all numbers told around it (grades, days), ``kinds`` of
    whom or of what else it is (住宿生, A段), ``called`` the word for it that stands near, be it a
    name or not, ``tier`` the words and numbers of the tier that it is for.
    """

    values: dict[str, Any]
    whom: frozenset[str]
    kinds: frozenset[str]
    called: str
    tier: tuple[str, tuple[int, ...]] | None
    where: Where
    against: Where | None = None


def settled(rows: Sequence[Priced], amounts: Amounts) -> list[Priced]:
    """The rows without those that only repeat one for all, with their tiers where they have some.

    One for all is told of nobody in particular. Others of its name and unit repeat it where every
    one of them has its amount: else nobody can tell which of them it meant, and all stay.
    """
    left = list(rows)
    for one in rows:
        if not _is_for_all(one, amounts) or all(one is not each for each in left):
            continue
        same = [other for other in left if other is not one and _is_alike(one, other, amounts)]
        amount = one.values.get(amounts.amount)
        if all(other.values.get(amounts.amount) == amount for other in same):
            left = [other for other in left if all(other is not each for each in same)]
    return [_in_tiers(one, left, amounts) for one in left]


def _is_for_all(one: Priced, amounts: Amounts) -> bool:
    named = one.called == one.values[amounts.name]
    told = one.against or one.kinds or one.tier or amounts.by in one.values
    return named and not told


def _is_alike(one: Priced, other: Priced, amounts: Amounts) -> bool:
    """Whether two rows are of one name and unit; what is told of a kind is another fee."""
    keys = (amounts.name, amounts.unit)
    return not other.kinds and all(one.values[key] == other.values[key] for key in keys)


def _in_tiers(one: Priced, rows: Sequence[Priced], amounts: Amounts) -> Priced:
    """A row with its tier in its name where another of that name is of another tier."""
    tier = one.tier
    if tier is None:
        return one
    alike = (other for other in rows if _is_alike(one, other, amounts))
    if all(other.tier is None or other.tier[1] == tier[1] for other in alike):
        return one
    name = f"{one.values[amounts.name]}（{tier[0]}）"
    return replace(one, values={**one.values, amounts.name: name})


__all__ = ["Priced", "settled"]
