"""What a sheet tells of one indicator: points, verdict with its breaches, evidence, remarks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kehou.render.words import safe
from kehou.scoring.decimals import Range, plain, rounded
from kehou.scoring.kinds import KINDS
from kehou.scoring.reports_in import RuleSeen, Seen
from kehou.scoring.sheet import NOT_APPLICABLE, Line
from kehou.scoring.shown import Shown

DASH = "—"
#: Outcomes in the order in which they are counted.
OUTCOMES = (
    "fail",
    "review",
    "insufficient",
    "not_judged",
    "error",
    "waived",
    "pass",
    "not_applicable",
)
#: Breaches of an indicator that the table lists; the page and JSON have all.
MOST_TOLD = 4


def cells(line: Line, show: Shown, places: bool) -> tuple[str, ...]:
    """The cells of an indicator's row; breaches with their places where ``places``."""
    one = line.indicator
    applies = line.state != NOT_APPLICABLE
    lost = DASH
    if applies and not one.bonus:
        lost = show.range(Range(one.points - line.own.high, one.points - line.own.low))
    scored = show.range(line.own) if applies else show.words["outcome.not_applicable"]
    if applies and line.part != line.own and not one.bonus:
        scored += "\n" + show.say("shared", points=show.range(line.part))
    title = safe(one.title)
    return (
        show.say("bonus_title", title=title) if one.bonus else title,
        points_told(line, show),
        safe(one.criteria) or KINDS[one.method.kind].criteria(one, show.words),
        "\n".join(clauses(line)),
        verdict(line, show, places),
        lost,
        scored,
        "\n".join(evidence(line, show)),
        "\n".join(remarks(line, show)),
    )


def points_told(line: Line, show: Shown) -> str:
    """An indicator's points, and what they are worth once others' points are shared out."""
    told = show.points(line.indicator.points)
    plus = "+" if line.indicator.bonus else ""
    worth = {line.worth.low, line.worth.high} - {line.indicator.points, Fraction(0)}
    if worth and not plus:
        told += "\n" + show.say("worth", points=show.range(Range(min(worth), max(worth))))
    return plus + told


def clauses(line: Line) -> list[str]:
    """The clauses that the scheme cites, else those of its rules."""
    if line.indicator.clauses:
        return [safe(c) for c in line.indicator.clauses]
    return list(dict.fromkeys(safe(c) for rule in line.rules for c, _ in rule.clauses))


def verdict(line: Line, show: Shown, places: bool = True) -> str:
    """How many rules came out how, and the breaches one by one with their places."""
    if line.indicator.method.given:
        if line.given is None:
            return show.say("not_given")
        if line.given.value is None:
            return show.words["outcome.not_applicable"]
        manual = line.indicator.method.kind == "manual"
        return show.say("marked" if manual else "valued", value=plain(line.given.value))
    told = [show.words["semicolon"].join(_counted(line, show))]
    breaches = [(r, f) for r in line.rules for f in r.findings if f.counts == "fail"]
    if places:
        told += [breach(rule, finding, show) for rule, finding in breaches[:MOST_TOLD]]
        if len(breaches) > MOST_TOLD:
            told.append(show.say("more_breaches", n=len(breaches) - MOST_TOLD))
    return "\n".join(told)


def _counted(line: Line, show: Shown) -> Iterator[str]:
    states: dict[str, int] = {}
    for rule in line.rules:
        states[rule_outcome(rule)] = states.get(rule_outcome(rule), 0) + 1
    for outcome in OUTCOMES:
        if n := states.get(outcome):
            yield show.say("counted", outcome=show.words[f"outcome.{outcome}"], n=n)


def rule_outcome(rule: RuleSeen) -> str:
    """A rule's outcome in words of the sheet: a breach is told before what is open."""
    if rule.state == "open":
        found = {f.outcome for f in rule.findings if f.counts == "open"}
        return next(o for o in ("error", "review", "insufficient", "not_judged") if o in found)
    if rule.state == "pass" and all(f.waived for f in rule.findings if f.counts == "pass"):
        return "waived"
    return rule.state


def breach(rule: RuleSeen, finding: Seen, show: Shown) -> str:
    """A finding with what it says and its place."""
    many = show.say("subjects", n=finding.subjects) if finding.subjects > 1 else ""
    place = f"〔{safe(finding.place)}〕" if finding.place else ""
    said = safe(finding.message) or safe(rule.title)
    return f"· {said}{many}{place}"


def evidence(line: Line, show: Shown) -> list[str]:
    """Evidence that the scheme wants, then what people named."""
    told = [safe(text) for text in line.indicator.evidence]
    if line.given is not None and line.given.evidence:
        told.append(show.say("had", evidence=safe(line.given.evidence)))
    return told


def remarks(line: Line, show: Shown) -> list[str]:
    """The scheme's note, the scorer's note, waivers, and why something is open."""
    told = [safe(line.indicator.note)] if line.indicator.note else []
    if line.given is not None and line.given.note:
        told.append(safe(line.given.note))
    waived = [safe(r.title) or r.rule for r in line.rules for f in r.findings if f.waived]
    if waived:
        rules = show.words["list"].join(dict.fromkeys(waived))
        told.append(show.say("waived", n=len(waived), rules=rules))
    if line.state == "open":
        told.append(show.say("open", points=_width(line)))
    return told


def _width(line: Line) -> str:
    """The points that are open."""
    width = line.own.width
    return plain(width) if width.denominator in (1, 2, 4, 5, 10, 20) else rounded(width, 2)


def why_open(line: Line, show: Shown) -> str:
    """Why an indicator is not settled, from what is open in it."""
    if line.indicator.method.given:
        return show.say("no_value")
    told = []
    for rule in line.rules:
        for finding in rule.findings:
            if finding.counts == "open":
                outcome = show.words[f"outcome.{finding.outcome}"]
                said = safe(finding.message) or outcome
                title = safe(rule.title) or rule.rule
                told.append(show.say("why", outcome=outcome, title=title, said=said))
    told = list(dict.fromkeys(told))
    more = show.say("more_why", n=len(told) - MOST_TOLD) if len(told) > MOST_TOLD else ""
    return show.words["semicolon"].join(told[:MOST_TOLD]) + more
