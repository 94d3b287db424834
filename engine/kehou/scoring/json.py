"""Score sheets and rankings as JSON: every point with its findings, every number exact.

A number is text: a decimal where it ends, else a fraction (``22/3``); ``shown`` is how it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou import __version__
from kehou.render.programs import dumps
from kehou.scoring.decimals import plain
from kehou.scoring.ranking import FORMAT as RANKING
from kehou.scoring.ranking import Former, Place, Ranking
from kehou.scoring.reports_in import RuleSeen
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Line, Range, Sheet, VetoLine
from kehou.scoring.sheet_rows import Numbers

SCORES = "kehou-scores/1"


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """All sheets of a run."""
    model = found[0].model if found else "scheme"
    return dumps(
        {
            "format": SCORES,
            "tool": {"name": "kehou", "version": __version__},
            "scheme": _scheme(scheme),
            "model": model,
            "sheets": [_sheet(scheme, sheet) for sheet in found],
        }
    )


def _scheme(scheme: Scheme) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "title": scheme.title,
        "version": scheme.version,
        "sha256": scheme.sha256,
        "example": scheme.example,
        "total": plain(scheme.total),
        "rounding": {"digits": scheme.digits, "mode": scheme.rounding},
        "not_applicable": scheme.not_applicable,
        "waived": scheme.waived,
        "grades": [
            {"name": g.name, "from": None if g.least is None else plain(g.least)}
            for g in scheme.grades
        ],
    }


def _range(found: Range) -> dict[str, str]:
    return {"certain": plain(found.low), "possible": plain(found.high)}


def _school(sheet: Sheet) -> dict[str, Any]:
    school = sheet.school
    return {
        "id": school.id or None,
        "name": school.name or None,
        "county": school.county or None,
        "township": school.township or None,
        "levels": list(school.levels),
        "source": school.source,
    }


def _sheet(scheme: Scheme, sheet: Sheet) -> dict[str, Any]:
    show = Numbers(scheme)
    school = sheet.school
    return {
        "school": _school(sheet),
        "report": {
            "stage": school.stage,
            "as_of": school.as_of or None,
            "cross_checked": school.cross_checked,
            "faults": school.faults,
            "packs": [{"id": i, "version": v, "sha256": s} for i, v, s in school.packs],
        },
        "rated": sheet.rated,
        "total": _range(sheet.total)
        | {"shown": [show.total(sheet.total.low), show.total(sheet.total.high)]},
        "full": _range(sheet.full),
        "bonus": _range(sheet.bonus),
        "rate": _range(sheet.rate),
        "grades": list(sheet.grades),
        "areas": [
            {
                "area": a.area,
                "title": a.title,
                "points": plain(a.points),
                "score": _range(a.part),
                "worth": _range(a.worth),
                "not_applicable": plain(a.not_applicable),
            }
            for a in sheet.areas
        ],
        "indicators": [_line(line) for line in sheet.lines],
        "vetoes": [_veto(line) for line in sheet.vetoes],
        "next": [
            {
                "kind": n.kind,
                "what": n.what,
                "path": n.path or None,
                "indicators": list(n.indicators),
                "rules": list(n.rules),
                "points": plain(n.points),
            }
            for n in sheet.next
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    one, counted = line.indicator, line.counted
    return {
        "id": one.id,
        "title": one.title,
        "area": one.area,
        "bonus": one.bonus,
        "points": plain(one.points),
        "kind": one.method.kind,
        "state": line.state,
        "may_not_apply": line.optional,
        "score": _range(line.own),
        "part": _range(line.part),
        "worth": _range(line.worth),
        "xccdf_result": line.result,
        "counted": {
            "unit": one.method.count,
            "fail": counted.fails,
            "open": counted.open,
            "pass": counted.passes,
        },
        "clauses": list(one.clauses),
        "evidence": list(one.evidence),
        "given": None
        if line.given is None
        else {
            "value": None if line.given.value is None else plain(line.given.value),
            "evidence": line.given.evidence,
            "note": line.given.note,
            "place": line.given.place,
        },
        "rules": [_rule(rule) for rule in line.rules],
    }


def _rule(rule: RuleSeen) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "title": rule.title,
        "state": rule.state,
        "clauses": [{"id": c, "citation": citation} for c, citation in rule.clauses],
        "findings": [
            {
                "outcome": f.outcome,
                "counts": f.counts,
                "subjects": f.subjects,
                "bounded": f.bounded,
                "subject": f.subject,
                "place": f.place or None,
                "message": f.message,
                "missing": list(f.missing),
                "fingerprint": f.fingerprint,
            }
            for f in rule.findings
        ],
    }


def _veto(line: VetoLine) -> dict[str, Any]:
    return {
        "id": line.veto.id,
        "title": line.veto.title,
        "state": line.state,
        "effect": line.veto.effect,
        "evidence": line.given.evidence if line.given else None,
        "rules": [_rule(rule) for rule in line.rules],
    }


# --- ranking -------------------------------------------------------------------------------


def ranking(scheme: Scheme, found: Ranking) -> str:
    """A ranking; next year's ``--previous`` reads it."""
    every = [p.sheet for p in found.places] + list(found.unrated)
    return dumps(
        {
            "format": RANKING,
            "tool": {"name": "kehou", "version": __version__},
            "scheme": _scheme(scheme),
            "model": every[0].model if every else "scheme",
            "schools": [_place(place) for place in found.places],
            "unrated": [_school(sheet) for sheet in found.unrated],
            "not_scored": list(found.not_scored),
            "grades": [
                {"name": g.name, "certain": g.certain, "possible": g.possible} for g in found.grades
            ],
            "distribution": [
                {
                    "from": plain(b.low),
                    "below": plain(b.high),
                    "certain": b.certain,
                    "possible": b.possible,
                }
                for b in found.bins
            ],
            "indicators": [
                {
                    "id": i.id,
                    "title": i.title,
                    "points": plain(i.points),
                    "schools": i.schools,
                    "not_applicable": i.not_applicable,
                    "open": i.open,
                    "share": _range(i.share),
                }
                for i in found.indicators
            ],
            "clauses": [_clause(c) for c in found.clauses],
            "places": [
                {
                    "name": p.name,
                    "schools": p.schools,
                    "mean": _range(p.mean),
                    "clauses": [_clause(c) for c in p.clauses],
                }
                for p in found.by_place
            ],
            "near": [
                {
                    "school": n.sheet.school.id or n.sheet.school.name,
                    "grade": n.grade,
                    "from": plain(n.least),
                    "end": n.end,
                    "distance": plain(n.distance),
                }
                for n in found.near
            ],
            "previous": None
            if found.past is None
            else {
                "scheme": found.past.scheme,
                "version": found.past.version,
                "sha256": found.past.sha256,
                "same_scheme": found.past.sha256 == scheme.sha256,
                "changes": [
                    {"before": _former(s.before), "now": None if s.now is None else _place(s.now)}
                    for s in found.shifts
                ],
            },
        }
    )


def _place(place: Place) -> dict[str, Any]:
    sheet = place.sheet
    return {
        **_school(sheet),
        "rank": place.rank,
        "ranks": [place.best, place.worst],
        "rate": _range(sheet.rate),
        "total": _range(sheet.total),
        "grades": list(sheet.grades),
        "vetoes": [{"id": v.veto.id, "state": v.state} for v in sheet.vetoes],
    }


def _former(former: Former | None) -> dict[str, Any] | None:
    if former is None:
        return None
    return {
        "id": former.id or None,
        "name": former.name or None,
        "rank": former.rank,
        "rate": {"certain": plain(former.low), "possible": plain(former.high)},
        "grades": list(former.grades),
    }


def _clause(clause: Any) -> dict[str, Any]:
    return {
        "clause": clause.clause,
        "citation": clause.citation,
        "schools": clause.schools,
        "findings": clause.findings,
    }
