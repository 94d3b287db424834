"""The score sheet as texts, from which every format of it is made.

Columns 考核指标 to 备注 with what was scored beside what was lost; subtotals by area, the range
from certain to possible, what is not scored and why, vetoes only where the bureau's file has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kehou.render.words import safe
from kehou.scoring.decimals import Range, plain
from kehou.scoring.indicator_rows import MOST_TOLD, breach, cells, why_open
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import NOT_APPLICABLE, AreaLine, Sheet, VetoLine
from kehou.scoring.shown import Shown

COLUMNS = (
    "indicator",
    "points",
    "criteria",
    "clauses",
    "verdict",
    "lost",
    "scored",
    "evidence",
    "remarks",
)
VETO_COLUMNS = ("veto", "state", "ground", "effect")
UNSCORED_COLUMNS = ("indicator", "open", "why")
NEXT_COLUMNS = ("do", "what", "indicators", "at_stake")
_SIGNED = ("by", "checked", "subject", "date")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet: ``kind`` is indicator, bonus, subtotal or total."""

    kind: str
    cells: tuple[str, ...]


def signatures(show: Shown) -> tuple[str, ...]:
    """The lines to sign on."""
    return tuple(show.say(f"signed.{name}") for name in _SIGNED)


def grade_range(sheet: Sheet, show: Shown) -> str:
    """The grade, or from which to which it may still be, and what a veto proposes instead."""
    if not sheet.rated:
        return show.say("unrated")
    told = grades_told(*sheet.grades, show)
    if sheet.vetoed:
        effect = effects(sheet, show)
        key = "grade_vetoed" if effect else "grade_vetoed_open"
        return show.say(key, grade=told, effect=effect)
    return show.say("grade_may_be_vetoed", grade=told) if sheet.may_be_vetoed else told


def effects(sheet: Sheet, show: Shown) -> str:
    """What the scheme says follows from the veto items triggered, for a person to decide."""
    return show.words["semicolon"].join(safe(effect) for effect in sheet.effects)


def grades_told(worst: str, best: str, show: Shown) -> str:
    """One grade, or from which to which it may still be."""
    return worst if worst == best else show.say("grade_range", worst=worst, best=best)


def subject_name(sheet: Sheet) -> str:
    """What the one whose sheet it is is called on it."""
    return safe(sheet.submitter.name) or safe(sheet.submitter.id) or safe(sheet.submitter.source)


def about(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str]]:
    """What stands over the table."""
    show, submitter = Shown(scheme), sheet.submitter
    places = (submitter.stratum(name) for name in scheme.called.places)
    comma = show.words["list"]
    titles = scheme.called.packs
    packs = comma.join(
        f"{safe(titles.get(name) or name)} {safe(version)}" for name, version, _ in submitter.packs
    )
    if submitter.as_of:
        packs = show.say("packs_as_of", packs=packs, date=safe(submitter.as_of))
    told = {
        "subject": subject_name(sheet),
        "subject_id": safe(submitter.id),
        "place": comma.join(safe(x) for x in places if x),
        "source": safe(submitter.source),
        "scheme": show.version(),
        "issuer": safe(scheme.issuer),
        "packs": packs,
        "not_applicable": show.say(f"not_applicable.{scheme.not_applicable}"),
        "model": show.say(f"model.{sheet.model}"),
        "engines": "" if submitter.cross_checked else show.say("single_engine"),
        "faults": show.say("faults", n=submitter.faults) if submitter.faults else "",
    }
    return [(show.say(f"about.{name}"), text) for name, text in told.items() if text]


def headline(scheme: Scheme, sheet: Sheet) -> str:
    """The result in a line: 总分范围, full marks, grade."""
    show = Shown(scheme)
    if not sheet.rated:
        return show.say("nothing")
    full = show.range(
        Range(min(sheet.full.low, sheet.full.high), max(sheet.full.low, sheet.full.high))
    )
    low, high = show.total(sheet.total.low), show.total(sheet.total.high)
    text = show.say(
        "total" if sheet.total.settled else "total_range", low=low, high=high, full=full
    )
    if sheet.rate != sheet.total:
        text += show.say("rate", total=plain(scheme.total), rate=show.totals(sheet.rate))
    if sheet.bonus.high:
        text += show.say("of_it_bonus", points=show.range(sheet.bonus))
    key = "grade" if sheet.model == "scheme" else "grade_compared"
    return text + show.say(key, grade=safe(grade_range(sheet, show)))


def rows(scheme: Scheme, sheet: Sheet, places: bool = True) -> Iterator[Row]:
    """The rows of the table; breaches with their places where ``places``."""
    show = Shown(scheme)
    for area in sheet.areas:
        for line in sheet.lines:
            if line.indicator.area == area.area and not line.indicator.bonus:
                yield Row("indicator", cells(line, show, places))
        yield Row("subtotal", _subtotal(area, show))
    for line in sheet.lines:
        if line.indicator.bonus:
            yield Row("bonus", cells(line, show, places))
    total = show.totals(added_up(sheet))
    yield Row("total", (show.say("sum"), plain(scheme.total), "", "", "", "", total, "", ""))


def added_up(sheet: Sheet) -> Range:
    """What the lines add up to, whatever the model of the headline."""
    return Range(
        sum((n.part.low for n in sheet.lines), Fraction(0)),
        sum((n.part.high for n in sheet.lines), Fraction(0)),
    )


def _subtotal(area: AreaLine, show: Shown) -> tuple[str, ...]:
    head = show.say("subtotal", area=area.title)
    note = ""
    if area.not_applicable:
        note = show.say("not_applicable_points", points=show.points(area.not_applicable))
    return (head, show.points(area.points), "", "", "", "", show.range(area.part), "", note)


def unscored(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str, str]]:
    """未计分项: (indicator, points, why) of what does not apply or is not settled."""
    show = Shown(scheme)
    found = []
    for line in sheet.lines:
        one = line.indicator
        if line.state == NOT_APPLICABLE:
            how = show.say(f"not_applicable.{scheme.not_applicable}")
            why = show.say("not_lost", how=how)
            if one.bonus:
                why = show.words["outcome.not_applicable"]
            found.append((safe(one.title), show.points(one.points), why))
        elif line.state == "open":
            found.append((safe(one.title), show.points(line.own.width), why_open(line, show)))
    return found


def vetoes(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """(veto item, state, ground, what the bureau's file says follows)."""
    show = Shown(scheme)
    return [
        (
            safe(v.veto.title),
            show.say(f"veto.{v.state}"),
            _ground(v, show),
            safe(v.veto.effect),
        )
        for v in sheet.vetoes
    ]


def _ground(line: VetoLine, show: Shown) -> str:
    if not line.veto.rules:
        return safe(line.given.evidence) if line.given else show.say("veto_not_given")
    found = [breach(r, f, show) for r in line.rules for f in r.findings if f.counts == "fail"]
    if found:
        return "\n".join(found[:MOST_TOLD])
    undecided = [safe(r.title) or r.rule for r in line.rules if r.state == "open"]
    return show.words["semicolon"].join(undecided)


def next_rows(scheme: Scheme, sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """(what to do, what, indicators, points that it could settle), most points first."""
    show = Shown(scheme)
    titles = {line.indicator.id: safe(line.indicator.title) for line in sheet.lines}
    return [
        (
            show.say(f"next.{n.kind}"),
            safe(n.what),
            show.words["list"].join(titles[i] for i in n.indicators),
            show.points(n.points),
        )
        for n in sheet.next
    ]
