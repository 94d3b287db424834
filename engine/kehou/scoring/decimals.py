"""Exact numbers: how they are shown, and weighted means of which some members may fall away.

No binary float is used. A member of a mean may be *optional*: it is not yet known whether it
applies. The extremes of the mean are found over every choice of the optional members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """From what is certain to what is possible."""

    low: Fraction
    high: Fraction

    @property
    def settled(self) -> bool:
        """Whether nothing is open."""
        return self.low == self.high

    @property
    def width(self) -> Fraction:
        """How much is open."""
        return self.high - self.low


def rounded(value: Fraction, digits: int, mode: str = "half_up") -> str:
    """``value`` with ``digits`` decimals; ``half_up``, ``half_even`` or ``down`` (toward zero)."""
    scaled = abs(value) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = twice > scaled.denominator
    if twice == scaled.denominator:
        up = mode == "half_up" or (mode == "half_even" and whole % 2 == 1)
    if up and mode != "down":
        whole += 1
    text = str(whole).rjust(digits + 1, "0")
    shown = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{shown}" if value < 0 and whole else shown


def plain(value: Fraction | int) -> str:
    """An exact number: as a decimal where that ends, else as a fraction such as 22/3."""
    value = Fraction(value)
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(value)
    digits = max(twos, fives)
    return rounded(value, digits)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a weighted mean: ``low``–``high`` of at most ``weight``, perhaps left out."""

    key: str
    weight: Fraction
    low: Fraction
    high: Fraction
    optional: bool = False


def chosen(members: Iterable[Member], best: bool) -> tuple[Member, ...]:
    """The members that make Σ score / Σ weight greatest (``best``) or least; () where none is.

        Those that are not optional are always in it. Of the optional ones the most extreme comes
    first; each is taken as long as it moves the mean on. At least one member is taken.
    """
    members = tuple(members)
    taken = [m for m in members if not m.optional]
    left = sorted((m for m in members if m.optional), key=lambda m: _rate(m, best), reverse=best)
    score = sum((_end(m, best) for m in taken), Fraction(0))
    weight = sum((m.weight for m in taken), Fraction(0))
    for member in left:
        rate = _rate(member, best)
        mean = score / weight if weight else None
        if mean is None or (rate >= mean if best else rate <= mean):
            taken.append(member)
            score, weight = score + _end(member, best), weight + member.weight
    order = {m.key: i for i, m in enumerate(members)}
    return tuple(sorted(taken, key=lambda m: order[m.key]))


def mean(members: Sequence[Member], best: bool) -> Fraction | None:
    """The greatest or least Σ score / Σ weight over the optional members; None of no member."""
    taken = chosen(members, best)
    weight = sum((m.weight for m in taken), Fraction(0))
    return sum((_end(m, best) for m in taken), Fraction(0)) / weight if weight else None


def _end(member: Member, best: bool) -> Fraction:
    return member.high if best else member.low


def _rate(member: Member, best: bool) -> Fraction:
    return _end(member, best) / member.weight


def nested(
    members: Sequence[Member], group: Callable[[Member], str], weights: dict[str, Fraction]
) -> list[Member]:
    """Each group as one member: its mean at both ends, times the group's own weight.

    A group is optional where all its members are.
    """
    result = []
    for name in dict.fromkeys(group(m) for m in members):
        inside = [m for m in members if group(m) == name]
        low, high = mean(inside, False), mean(inside, True)
        assert low is not None and high is not None
        weight = weights[name]
        optional = all(m.optional for m in inside)
        result.append(Member(name, weight, low * weight, high * weight, optional))
    return result
