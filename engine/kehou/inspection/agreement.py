"""Two inspectors on one worksheet: agreement by clause, Cohen's κ, and where they differ.

Percent agreement and κ (Cohen 1960) are exact fractions. κ is None where both gave the same
verdict to everything: chance would then agree as well, and κ is not defined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one inspector found on one item: ``pass``, ``fail``, or empty where not filled in."""

    key: str
    clause: str
    item: str
    verdict: str
    seen: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on the items that both filled in; ``clause`` is empty for all together."""

    clause: str
    items: int
    agreed: int
    kappa: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """Agreed items among all, or None where there are none."""
        return Fraction(self.agreed, self.items) if self.items else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole, each clause, the pairs that differ, and the keys only one filled in."""

    whole: Agreement
    clauses: tuple[Agreement, ...]
    differing: tuple[tuple[Verdict, Verdict], ...]
    only_first: tuple[Verdict, ...]
    only_second: tuple[Verdict, ...]


def compare(first: Sequence[Verdict], second: Sequence[Verdict]) -> Comparison:
    """Hold two inspectors' verdicts against each other, item by item."""
    mine = {one.key: one for one in first if one.verdict}
    theirs = {one.key: one for one in second if one.verdict}
    pairs = [(mine[key], theirs[key]) for key in mine if key in theirs]
    clauses = dict.fromkeys(one.clause for one, _ in pairs)
    by_clause = [
        _agreement(clause, [pair for pair in pairs if pair[0].clause == clause])
        for clause in clauses
    ]
    by_clause.sort(key=lambda one: (one.share or Fraction(0), one.clause))
    return Comparison(
        _agreement("", pairs),
        tuple(by_clause),
        tuple(pair for pair in pairs if pair[0].verdict != pair[1].verdict),
        _only(mine, theirs),
        _only(theirs, mine),
    )


def _only(mine: Mapping[str, Verdict], theirs: Mapping[str, Verdict]) -> tuple[Verdict, ...]:
    return tuple(one for key, one in mine.items() if key not in theirs)


def _agreement(clause: str, pairs: Sequence[tuple[Verdict, Verdict]]) -> Agreement:
    agreed = sum(a.verdict == b.verdict for a, b in pairs)
    return Agreement(clause, len(pairs), agreed, kappa([(a.verdict, b.verdict) for a, b in pairs]))


def kappa(pairs: Sequence[tuple[str, str]]) -> Fraction | None:
    """Cohen's κ = (po − pe) / (1 − pe) of pairs of verdicts; None where pe is 1 or none given."""
    total = len(pairs)
    if not total:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = Fraction(sum(a == b for a, b in pairs), total)
    chance = sum((Fraction(first[v] * second[v], total * total) for v in first), Fraction(0))
    return None if chance == 1 else (observed - chance) / (1 - chance)
