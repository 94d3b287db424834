"""One indicator of a sheet: what it earns at worst and at best, and as an XCCDF result."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.scoring.decimals import Range
from kehou.scoring.kinds import KINDS
from kehou.scoring.reports_in import Count, RuleSeen, Submitter, absent, count
from kehou.scoring.scheme import Indicator
from kehou.scoring.scores_file import Given, Values, given_to
from kehou.scoring.sheet import NOT_APPLICABLE, ZERO, Line

EMPTY = Range(ZERO, ZERO)


def line(one: Indicator, submitter: Submitter, values: Values) -> Line:
    """One indicator by the submitter's findings, or by the value that people gave."""
    given = given_to(values, submitter, one.id)
    rules = tuple(submitter.rules.get(name) or absent(name) for name in one.rules)
    if one.method.given:
        own, optional, state = _by_people(one, given)
        counted = Count(0, 0, 0)
    else:
        counted = count(rules, one.method.count)
        found = {finding.counts for rule in rules for finding in rule.findings}
        earned = KINDS[one.method.kind].earned
        assert earned is not None
        own = earned(one, counted)
        # One subject that passes or fails makes the indicator apply, whatever else is open.
        optional = not found & {"fail", "pass"} and "open" in found
        state = "scored" if own.settled and not optional else "open"
        if not found & {"fail", "pass", "open"}:
            own, state = EMPTY, NOT_APPLICABLE
    result = _result(one, state, own, rules)
    return Line(one, state, own, optional, EMPTY, EMPTY, rules, counted, given, result)


def _by_people(one: Indicator, given: Given | None) -> tuple[Range, bool, str]:
    if given is None:
        return Range(one.lowest, one.points), True, "open"
    if given.value is None:
        return EMPTY, False, NOT_APPLICABLE
    valued = KINDS[one.method.kind].valued
    assert valued is not None
    points = valued(one, given.value)
    return Range(points, points), False, "scored"


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
