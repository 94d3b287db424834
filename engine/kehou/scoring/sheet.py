"""A school's score: every indicator as an interval of exact points, from certain to possible.

Certain is what remains if everything open turns out badly, possible what there is if it turns out
well. What does not apply is told apart from what is lost; vetoes are told apart and change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kehou.scoring import xccdf
from kehou.scoring.decimals import Member, chosen, nested
from kehou.scoring.decimals import mean as mean_of
from kehou.scoring.reports_in import Count, RuleSeen, School, absent, count
from kehou.scoring.scheme import Band, Indicator, Scheme, Veto
from kehou.scoring.scores_file import Given, Values

ZERO = Fraction(0)
#: The scheme's own way of adding up, and the models of XCCDF 1.2 §7.3 in its place.
MODELS = ("scheme", *xccdf.MODELS)


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


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's score.

    ``state`` is scored, open, or not_applicable. ``own`` counts in the indicator's own points,
    ``part`` what it brings to the total once the points of what does not apply are shared out:
    the lines' ``part`` add up to the total, at either end. ``worth`` are its points then.
    """

    indicator: Indicator
    state: str
    own: Range
    optional: bool
    part: Range
    worth: Range
    rules: tuple[RuleSeen, ...]
    counted: Count
    given: Given | None
    result: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area's subtotal; ``points`` are declared, the rest after sharing out."""

    area: str
    title: str
    points: Fraction
    part: Range
    worth: Range
    not_applicable: Fraction


@dataclass(frozen=True, slots=True)
class VetoLine:
    """A veto item: ``state`` is triggered, possible, clear or not_applicable."""

    veto: Veto
    state: str
    rules: tuple[RuleSeen, ...]
    given: Given | None


@dataclass(frozen=True, slots=True)
class Next:
    """What would settle points: ``kind`` is evidence, review, bureau, fault or value."""

    kind: str
    what: str
    path: str
    indicators: tuple[str, ...]
    rules: tuple[str, ...]
    points: Fraction


@dataclass(frozen=True, slots=True)
class Sheet:
    """A school's whole score sheet.

    ``total`` are points with ``bonus`` in it, ``full`` what they are out of; ``rate`` is the
    score out of the scheme's total, by which ``grades`` (worst and best possible) are given.
    ``model`` is what added it up. Where nothing applies ``rated`` is false.
    """

    school: School
    model: str
    lines: tuple[Line, ...]
    areas: tuple[AreaLine, ...]
    total: Range
    bonus: Range
    full: Range
    rate: Range
    grades: tuple[str, str]
    rated: bool
    vetoes: tuple[VetoLine, ...]
    next: tuple[Next, ...]


def score(scheme: Scheme, school: School, values: Values, model: str = "scheme") -> Sheet:
    """The sheet of one school; ``values`` are those of the scores file."""
    lines = [_line(one, school, values) for one in scheme.indicators]
    regular = [line for line in lines if not line.indicator.bonus and line.state != NOT_APPLICABLE]
    low, high = _shared(scheme, regular, False), _shared(scheme, regular, True)
    bonus = _bonus(scheme, [line for line in lines if line.indicator.bonus])
    parts = {
        key: (
            Range(low.get(key, _NONE)[1], high.get(key, _NONE)[1]),
            Range(low.get(key, _NONE)[0], high.get(key, _NONE)[0]),
        )
        for key in {*low, *high}
    } | {key: (part, Range(ZERO, ZERO)) for key, part in bonus.items()}
    lines = [
        replace(line, part=parts[line.indicator.id][0], worth=parts[line.indicator.id][1])
        if line.indicator.id in parts
        else line
        for line in lines
    ]
    extra = Range(
        sum((b.low for b in bonus.values()), ZERO), sum((b.high for b in bonus.values()), ZERO)
    )
    total = Range(sum((n.part.low for n in lines), ZERO), sum((n.part.high for n in lines), ZERO))
    full = Range(sum((n.worth.low for n in lines), ZERO), sum((n.worth.high for n in lines), ZERO))
    rate = _rate(scheme, regular, total, extra)
    if model != "scheme":
        total, full, rate = xccdf_total(scheme, lines, model)
        extra = Range(ZERO, ZERO)
    return Sheet(
        school=school,
        model=model,
        lines=tuple(lines),
        areas=tuple(_area(a.id, a.title, lines) for a in scheme.areas),
        total=total,
        bonus=extra,
        full=full,
        rate=rate,
        grades=(grade(scheme, rate.low), grade(scheme, rate.high)) if regular else ("", ""),
        rated=bool(regular),
        vetoes=tuple(_veto(one, school, values) for one in scheme.vetoes),
        next=tuple(_next(scheme, school, lines)),
    )


NOT_APPLICABLE = "not_applicable"
_NONE = (ZERO, ZERO)
_EMPTY = Range(ZERO, ZERO)


def grade(scheme: Scheme, value: Fraction) -> str:
    """The grade of a score: the first whose least score it reaches, exactly."""
    return next(
        g.name
        for g in scheme.grades
        if g.least is None or value >= g.least or g is scheme.grades[-1]
    )


# --- one indicator -------------------------------------------------------------------------


def _line(one: Indicator, school: School, values: Values) -> Line:
    given = values.get((school.id, one.id)) if school.id else None
    rules = tuple(school.rules.get(name) or absent(name) for name in one.rules)
    if one.method.given:
        own, optional, state = _by_people(one, given)
        counted = Count(0, 0, 0)
    else:
        counted = count(rules, one.method.count)
        found = {finding.counts for rule in rules for finding in rule.findings}
        own = earned(one, counted)
        # One subject that passes or fails makes the indicator apply, whatever else is open.
        optional = not found & {"fail", "pass"} and "open" in found
        state = "scored" if own.settled and not optional else "open"
        if not found & {"fail", "pass", "open"}:
            own, state = _EMPTY, NOT_APPLICABLE
    result = _result(one, state, own, rules)
    return Line(one, state, own, optional, _EMPTY, _EMPTY, rules, counted, given, result)


def _by_people(one: Indicator, given: Given | None) -> tuple[Range, bool, str]:
    if given is None:
        return Range(ZERO if not one.method.bands else one.lowest, one.points), True, "open"
    if given.value is None:
        return _EMPTY, False, NOT_APPLICABLE
    if one.method.kind == "manual":
        points = given.value
    elif one.method.kind == "survey":
        points = one.points * given.value / one.method.full
    else:
        points = _in_band(one.method.bands, given.value)
    return Range(points, points), False, "scored"


def earned(one: Indicator, counted: Count) -> Range:
    """The points of an indicator by its rules: the worst and the best that can come of it.

    An open finding may turn out as a breach, as a pass, or as not applicable; the ends are
    breach and pass, because leaving it out lies between them wherever something else applies.
    """
    method, fails, undecided = one.method, counted.fails, counted.open
    worst = None if undecided is None else fails + undecided
    if method.kind == "all_pass":
        low = ZERO if worst is None or worst else one.points
        return Range(low, ZERO if fails else one.points)
    if method.kind == "per_failure":
        return Range(one.lowest if worst is None else _deducted(one, worst), _deducted(one, fails))
    if method.measure == "failures":
        low = method.bands[-1].points if worst is None else _few(method.bands, worst)
        return Range(low, _few(method.bands, fails))
    low_share, high_share = shares(counted)
    if method.kind == "ratio":
        return Range(one.points * low_share, one.points * high_share)
    return Range(_in_band(method.bands, low_share), _in_band(method.bands, high_share))


def shares(counted: Count) -> tuple[Fraction, Fraction]:
    """The least and the greatest share of passes; with no end to the open ones, 0 and 1."""
    fails, undecided, passes = counted.fails, counted.open, counted.passes
    if undecided is None:
        return ZERO, Fraction(1)
    every = fails + undecided + passes
    if not every:
        return ZERO, Fraction(1)
    return Fraction(passes, every), Fraction(passes + undecided, every)


def _deducted(one: Indicator, failures: int) -> Fraction:
    return max(one.lowest, one.points - one.method.deduct * failures)


def _few(bands: Sequence[Band], failures: int) -> Fraction:
    return next(b.points for b in bands if b.bound is None or failures <= b.bound)


def _in_band(bands: Sequence[Band], value: Fraction) -> Fraction:
    return next((b.points for b in bands if b.bound is None or value >= b.bound), bands[-1].points)


def _result(one: Indicator, state: str, own: Range, rules: Sequence[RuleSeen]) -> str:
    """The indicator as an XCCDF result: only all points are a pass (1.2, §6.6.4)."""
    if state == NOT_APPLICABLE:
        return "notapplicable"
    if own.high < one.points:
        return "fail"
    if state == "scored":
        return "pass"
    outcomes = {f.outcome for r in rules for f in r.findings if f.counts == "open"}
    if "error" in outcomes:
        return "error"
    return "unknown" if outcomes & {"review", "insufficient"} else "notchecked"


# --- the total -----------------------------------------------------------------------------


def _shared(
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


def _bonus(scheme: Scheme, lines: Sequence[Line]) -> dict[str, Range]:
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


def _rate(scheme: Scheme, lines: Sequence[Line], total: Range, bonus: Range) -> Range:
    """The score out of the scheme's whole total, from which the grade follows."""
    if scheme.not_applicable != "drop":
        return total
    members = [_member(line) for line in lines]
    low, high = mean_of(members, False), mean_of(members, True)
    if low is None or high is None:
        return total
    return Range(scheme.total * low + bonus.low, scheme.total * high + bonus.high)


def _area(name: str, title: str, lines: Sequence[Line]) -> AreaLine:
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


# --- vetoes, and what to hand in next --------------------------------------------------------


def _veto(one: Veto, school: School, values: Values) -> VetoLine:
    rules = tuple(school.rules.get(name) or absent(name) for name in one.rules)
    given = values.get((school.id, one.id)) if school.id else None
    if not one.rules:
        state = "possible" if given is None else "triggered" if given.veto else "clear"
    else:
        states = {rule.state for rule in rules}
        named = {"fail": "triggered", "open": "possible", "pass": "clear"}
        state = next((named[s] for s in named if s in states), NOT_APPLICABLE)
    return VetoLine(one, state, rules, given)


def _next(scheme: Scheme, school: School, lines: Sequence[Line]) -> list[Next]:
    """What is to be handed in or settled, by the points in question, most first.

    A thing counts all open points of every indicator that it bears on: what it could settle.
    """
    found: list[Next] = []
    undecided = [line for line in lines if line.state == "open"]

    def touched(rules: set[str]) -> list[Line]:
        return [n for n in undecided if rules & {r.rule for r in n.rules}]

    def add(kind: str, what: str, path: str, rules: set[str], on: Sequence[Line]) -> None:
        if on:
            points = sum((n.own.width for n in on), ZERO)
            names = tuple(n.indicator.id for n in on)
            told = tuple(sorted(r.rule for n in on for r in n.rules if r.rule in rules))
            found.append(Next(kind, what, path, names, tuple(dict.fromkeys(told)), points))

    waiting = {
        kind: {
            r.rule: r
            for n in undecided
            for r in n.rules
            if any(f.counts == "open" and f.outcome == outcome for f in r.findings)
        }
        for kind, outcome in (
            ("evidence", "insufficient"),
            ("review", "review"),
            ("bureau", "not_judged"),
            ("fault", "error"),
        )
    }
    for item in school.wanted:
        rules = set(item.rules) & set(waiting["evidence"])
        add("evidence", item.label or item.path, item.path, rules, touched(rules))
    for kind in ("review", "bureau", "fault"):
        for name, rule in waiting[kind].items():
            told = school.not_judged.get(name, "") if kind == "bureau" else ""
            if kind == "bureau" and not rule.title:
                told = "报告中没有这条规则的结论，请用现在的规则包重新核查"
            add(
                kind,
                f"{rule.title or name}{f'（{told}）' if told else ''}",
                "",
                {name},
                touched({name}),
            )
    for line in undecided:
        if line.indicator.method.given:
            add("value", line.indicator.title, "", set(), [line])
    return sorted(found, key=lambda n: (-n.points, KINDS.index(n.kind), n.what, n.path))


KINDS = ("evidence", "review", "fault", "value", "bureau")
