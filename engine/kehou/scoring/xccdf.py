"""The four scoring models of XCCDF 1.2 (NISTIR 7275 r4, §7.3), with their extremes.

default: a group's score is the weighted mean of its members', out of 100. flat: the weights of the
rules that pass, out of the weights of all that count. flat-unweighted: the same with each weight
as 1. absolute: all or nothing. Results that say nothing (notapplicable, notchecked,
notselected, informational) do not count; error and unknown count as not passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kehou.scoring.decimals import Member, mean

MODELS = ("default", "flat", "flat-unweighted", "absolute")
PASSES = frozenset({"pass", "fixed"})
UNCOUNTED = frozenset({"notapplicable", "notchecked", "notselected", "informational"})
#: Results that are still open.
OPEN = frozenset({"error", "unknown", "notchecked"})
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its result; ``optional`` where an open one may turn out not to apply."""

    id: str
    weight: Fraction
    result: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rules and groups."""

    id: str
    weight: Fraction
    members: tuple[Rule | Group, ...]


def score(tree: Group, model: str) -> tuple[Fraction, Fraction]:
    """(score, maximum) as the specification computes them from the results as they stand."""
    if model == "default":
        found = _default(tree)
        return (ZERO if found is None else found), HUNDRED
    counted = [rule for rule in rules(tree) if rule.result not in UNCOUNTED]
    weights = [ONE if model == "flat-unweighted" else rule.weight for rule in counted]
    most = sum(weights, ZERO)
    got = sum((w for w, r in zip(weights, counted, strict=True) if r.result in PASSES), ZERO)
    if model == "absolute":
        return (ONE if got == most else ZERO), ONE
    return got, most


def rules(tree: Group) -> Iterator[Rule]:
    """The rules of a tree in order."""
    for member in tree.members:
        if isinstance(member, Group):
            yield from rules(member)
        else:
            yield member


def _default(tree: Group) -> Fraction | None:
    """A group's score out of 100; None where nothing in it counts."""
    weight = points = ZERO
    for member in tree.members:
        if isinstance(member, Group):
            found = _default(member)
        elif member.result in UNCOUNTED:
            found = None
        else:
            found = HUNDRED if member.result in PASSES else ZERO
        if found is not None:
            weight += member.weight
            points += member.weight * found
    return points / weight if weight else None


# --- what may still come of it -----------------------------------------------------------------


def extremes(
    tree: Group, model: str
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
    """((score, maximum) at worst, the same at best) over what the open results may become."""
    low, high = _settled(tree, "fail"), _settled(tree, "pass")
    if model == "default":
        ends = _ends(tree)
        return (
            ((ends[0] * HUNDRED, HUNDRED), (ends[1] * HUNDRED, HUNDRED))
            if ends
            else ((ZERO, HUNDRED), (ZERO, HUNDRED))
        )
    if model == "absolute":
        worst = all(r.result in PASSES | UNCOUNTED for r in rules(low))
        best = all(r.result in PASSES | UNCOUNTED for r in rules(high))
        return (Fraction(worst), ONE), (Fraction(best), ONE)
    return score(low, model), score(high, model)


def rates(tree: Group, model: str) -> tuple[Fraction, Fraction]:
    """The worst and the best score as a share of its maximum; 0 where nothing counts."""
    if model in ("default", "absolute"):
        (low, full), (high, _) = extremes(tree, model)
        return low / full, high / full
    members = [_member(r, ONE if model == "flat-unweighted" else r.weight) for r in rules(tree)]
    kept = [m for m in members if m is not None]
    ends = mean(kept, False), mean(kept, True)
    return (ends[0] or ZERO, ends[1] or ZERO)


def _settled(tree: Group, result: str) -> Group:
    members: list[Rule | Group] = []
    for member in tree.members:
        if isinstance(member, Group):
            members.append(_settled(member, result))
        elif member.result in OPEN:
            members.append(replace(member, result=result))
        else:
            members.append(member)
    return Group(tree.id, tree.weight, tuple(members))


def _member(rule: Rule, weight: Fraction) -> Member | None:
    if rule.result in OPEN:
        return Member(rule.id, weight, ZERO, weight, rule.optional)
    if rule.result in UNCOUNTED:
        return None
    points = weight if rule.result in PASSES else ZERO
    return Member(rule.id, weight, points, points)


def _ends(tree: Group) -> tuple[Fraction, Fraction] | None:
    """The worst and the best weighted mean of a group; None where nothing in it can count."""
    kept = _members(tree.members)
    low, high = mean(kept, False), mean(kept, True)
    return None if low is None or high is None else (low, high)


def _members(members: Sequence[Rule | Group]) -> list[Member]:
    kept = []
    for member in members:
        if isinstance(member, Rule):
            found = _member(member, member.weight)
        else:
            ends = _ends(member)
            found = (
                None
                if ends is None
                else Member(
                    member.id,
                    member.weight,
                    ends[0] * member.weight,
                    ends[1] * member.weight,
                    all(m.optional for m in _members(member.members)),
                )
            )
        if found is not None:
            kept.append(found)
    return kept
