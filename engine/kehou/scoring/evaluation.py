"""The sheet of one submitter by a scheme: indicators, total, vetoes, and what to hand in next."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kehou.scoring.decimals import Range
from kehou.scoring.indicator_lines import line as scored
from kehou.scoring.next_steps import next_steps
from kehou.scoring.reports_in import Submitter, absent
from kehou.scoring.scheme import Scheme, Veto
from kehou.scoring.scores_file import Values, given_to
from kehou.scoring.sheet import NOT_APPLICABLE, ZERO, Sheet, VetoLine
from kehou.scoring.totals import area as area_line
from kehou.scoring.totals import bonus as bonuses
from kehou.scoring.totals import rate as rated
from kehou.scoring.totals import shared, xccdf_total

_NONE = (ZERO, ZERO)


def score(scheme: Scheme, submitter: Submitter, values: Values, model: str = "scheme") -> Sheet:
    """The sheet of one submitter; ``values`` are those of the scores file."""
    lines = [scored(one, submitter, values) for one in scheme.indicators]
    regular = [line for line in lines if not line.indicator.bonus and line.state != NOT_APPLICABLE]
    low, high = shared(scheme, regular, False), shared(scheme, regular, True)
    bonus = bonuses(scheme, [line for line in lines if line.indicator.bonus])
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
    rate = rated(scheme, regular, total, extra)
    if model != "scheme":
        total, full, rate = xccdf_total(scheme, lines, model)
        extra = Range(ZERO, ZERO)
    return Sheet(
        submitter=submitter,
        model=model,
        lines=tuple(lines),
        areas=tuple(area_line(a.id, a.title, lines) for a in scheme.areas),
        total=total,
        bonus=extra,
        full=full,
        rate=rate,
        grades=(grade(scheme, rate.low), grade(scheme, rate.high)) if regular else ("", ""),
        rated=bool(regular),
        vetoes=tuple(_veto(one, submitter, values) for one in scheme.vetoes),
        next=next_steps(submitter, lines),
    )


def grade(scheme: Scheme, value: Fraction) -> str:
    """The grade of a score: the first whose least score it reaches, exactly."""
    return next(
        g.name
        for g in scheme.grades
        if g.least is None or value >= g.least or g is scheme.grades[-1]
    )


def _veto(one: Veto, submitter: Submitter, values: Values) -> VetoLine:
    rules = tuple(submitter.rules.get(name) or absent(name) for name in one.rules)
    given = given_to(values, submitter, one.id)
    if not one.rules:
        state = "possible" if given is None else "triggered" if given.veto else "clear"
    else:
        states = {rule.state for rule in rules}
        named = {"fail": "triggered", "open": "possible", "pass": "clear"}
        state = next((named[s] for s in named if s in states), NOT_APPLICABLE)
    return VetoLine(one, state, rules, given)
