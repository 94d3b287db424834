"""A ranking as JSON, numbers as in the JSON of sheets; next year's ``--previous`` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou import __version__
from kehou.render.programs import dumps
from kehou.scoring.decimals import plain
from kehou.scoring.json import range_tree, scheme_tree, subject_tree
from kehou.scoring.ranking import FORMAT, SUBJECTS, ClauseCount, Former, Place, Ranking
from kehou.scoring.reports_in import SUBJECT
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet
from kehou.scoring.shown import Shown


def ranking(scheme: Scheme, found: Ranking) -> str:
    """A ranking with everything that its tables show."""
    every = found.sheets
    return dumps(
        {
            "format": FORMAT,
            "tool": {"name": "kehou", "version": __version__},
            "scheme": scheme_tree(scheme),
            "model": every[0].model if every else "scheme",
            SUBJECTS: [_place(place) for place in found.places],
            "vetoed": [_vetoed(sheet) for sheet in found.vetoed],
            "unrated": [subject_tree(sheet) for sheet in found.unrated],
            "not_scored": list(found.not_scored),
            **_counts(found),
            "indicators": _indicators(found),
            "clauses": _clauses(found.clauses),
            "places": _by_place(scheme, found),
            "near": _near(found),
            "previous": _previous(scheme, found),
        }
    )


def _counts(found: Ranking) -> dict[str, Any]:
    """How many have which grade and which score."""
    return {
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
    }


def _indicators(found: Ranking) -> list[dict[str, Any]]:
    return [
        {
            "id": i.id,
            "title": i.title,
            "points": plain(i.points),
            SUBJECTS: i.submitters,
            "not_applicable": i.not_applicable,
            "open": i.open,
            "share": range_tree(i.share),
        }
        for i in found.indicators
    ]


def _by_place(scheme: Scheme, found: Ranking) -> list[dict[str, Any]]:
    return [
        {
            "name": p.name or Shown(scheme).unplaced,
            SUBJECTS: p.submitters,
            "mean": range_tree(p.mean),
            "clauses": _clauses(p.clauses),
        }
        for p in found.by_place
    ]


def _near(found: Ranking) -> list[dict[str, Any]]:
    return [
        {
            SUBJECT: n.sheet.submitter.id or n.sheet.submitter.name,
            "grade": n.grade,
            "from": plain(n.least),
            "end": n.end,
            "distance": plain(n.distance),
        }
        for n in found.near
    ]


def _previous(scheme: Scheme, found: Ranking) -> dict[str, Any] | None:
    """What became of each since the earlier ranking; None where there is none."""
    if found.past is None:
        return None
    return {
        "scheme": found.past.scheme,
        "version": found.past.version,
        "sha256": found.past.sha256,
        "same_scheme": found.past.sha256 == scheme.sha256,
        "changes": [{"before": _former(s.before), "now": _present(s.now)} for s in found.shifts],
    }


def _place(place: Place) -> dict[str, Any]:
    sheet = place.sheet
    return {
        **subject_tree(sheet),
        "rank": place.rank if place.settled else None,
        "ranks": [place.best, place.worst],
        **_scored(sheet),
    }


def _present(now: Place | Sheet | None) -> dict[str, Any] | None:
    if now is None:
        return None
    return _place(now) if isinstance(now, Place) else _vetoed(now)


def _vetoed(sheet: Sheet) -> dict[str, Any]:
    """One that stands apart, with what the scheme says follows."""
    return {**subject_tree(sheet), **_scored(sheet), "effects": list(sheet.effects)}


def _scored(sheet: Sheet) -> dict[str, Any]:
    return {
        "rate": range_tree(sheet.rate),
        "total": range_tree(sheet.total),
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


def _clauses(found: Sequence[ClauseCount]) -> list[dict[str, Any]]:
    return [
        {
            "clause": clause.clause,
            "citation": clause.citation,
            SUBJECTS: clause.submitters,
            "findings": clause.findings,
        }
        for clause in found
    ]
