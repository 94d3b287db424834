"""What the lines of a sheet add up to: points shared out, bonuses, areas, the models of XCCDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kehou.scoring import xccdf
from kehou.scoring.decimals import Member, Range, chosen, nested
from kehou.scoring.decimals import mean as mean_of
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import NOT_APPLICABLE, ZERO, AreaLine, Line


def shared(
    scheme: Scheme, lines: Sequence[Line], best: bool
) -> dict[str, tuple[Fraction, Fraction]]:
    """By indicator, (points it is worth, what it brings) at one end, points shared out."""
    members = [_member(line) for line in lines]
    ends = {m.key: m.high if best else m.low for m in members}
    if scheme.not_applicable == "drop":
        kept = [m for m in members if not m.optional or (ends[m.key] > 0) is best]
        return {m.key: (m.weight, ends[m.key]) for m in kept}
    if scheme.not_applicable == "overall":
        taken = chosen(members, best)
        return _scaled(taken, ends, scheme.total)
    area_of = {line.indicator.id: line.indicator.area for line in lines}
    weights = {area.id: area.points for area in scheme.areas}
    groups = chosen(nested(members, lambda m: area_of[m.key], weights), best)
    whole = sum((g.weight for g in groups), ZERO)
    result: dict[str, tuple[Fraction, Fraction]] = {}
    for group in groups:
        inside = chosen([m for m in members if area_of[m.key] == group.key], best)
        result |= _scaled(inside, ends, scheme.total * group.weight / whole)
    return result


def _member(line: Line) -> Member:
    one = line.indicator
    return Member(one.id, one.points, line.own.low, line.own.high, line.optional)


def _scaled(
    members: Sequence[Member], ends: Mapping[str, Fraction], points: Fraction
) -> dict[str, tuple[Fraction, Fraction]]:
    """The members' own points stretched to ``points`` in all."""
    weight = sum((m.weight for m in members), ZERO)
    return {m.key: (m.weight * points / weight, ends[m.key] * points / weight) for m in members}


def bonus(scheme: Scheme, lines: Sequence[Line]) -> dict[str, Range]:
    """What each bonus brings, in the order of the scheme, until the limit is used up."""
    result = {}
    limit = scheme.bonus_limit
    left = [limit, limit]
    for line in lines:
        ends = []
        for at, points in enumerate((line.own.low, line.own.high)):
            if line.state == NOT_APPLICABLE:
                points = ZERO
            elif line.optional:
                points = min(points, ZERO) if at == 0 else max(points, ZERO)
            room = left[at]
            if room is not None:
                points = min(points, room)
                left[at] = room - points
            ends.append(points)
        result[line.indicator.id] = Range(*ends)
    return result


def rate(scheme: Scheme, lines: Sequence[Line], total: Range, bonus: Range) -> Range:
    """The score out of the scheme's whole total, from which the grade follows."""
    if scheme.not_applicable != "drop":
        return total
    members = [_member(line) for line in lines]
    low, high = mean_of(members, False), mean_of(members, True)
    if low is None or high is None:
        return total
    return Range(scheme.total * low + bonus.low, scheme.total * high + bonus.high)


def area(name: str, title: str, lines: Sequence[Line]) -> AreaLine:
    """An area's subtotal over its lines."""
    mine = [line for line in lines if line.indicator.area == name and not line.indicator.bonus]
    return AreaLine(
        name,
        title,
        sum((n.indicator.points for n in mine), ZERO),
        Range(sum((n.part.low for n in mine), ZERO), sum((n.part.high for n in mine), ZERO)),
        Range(sum((n.worth.low for n in mine), ZERO), sum((n.worth.high for n in mine), ZERO)),
        sum((n.indicator.points for n in mine if n.state == NOT_APPLICABLE), ZERO),
    )


# --- the models of XCCDF -------------------------------------------------------------------


def benchmark(scheme: Scheme, lines: Sequence[Line]) -> xccdf.Group:
    """The sheet as an XCCDF benchmark: areas as groups, indicators as rules, points as weights."""
    groups = []
    for area in scheme.areas:
        rules = tuple(
            xccdf.Rule(n.indicator.id, n.indicator.points, n.result, n.optional)
            for n in lines
            if n.indicator.area == area.id and not n.indicator.bonus
        )
        groups.append(xccdf.Group(area.id, area.points, rules))
    return xccdf.Group("benchmark", Fraction(1), tuple(groups))


def xccdf_total(scheme: Scheme, lines: Sequence[Line], model: str) -> tuple[Range, Range, Range]:
    """(score, maximum, score out of the scheme's total) under a model of XCCDF."""
    tree = benchmark(scheme, lines)
    (low, low_full), (high, high_full) = xccdf.extremes(tree, model)
    rates = xccdf.rates(tree, model)
    return (
        Range(low, high),
        Range(low_full, high_full),
        Range(rates[0] * scheme.total, rates[1] * scheme.total),
    )
