"""Score sheets as JSON: every point with its findings, every number exact.

A number is text: a decimal where it ends, else a fraction (``22/3``); ``shown`` is how it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou import __version__
from kehou.render.programs import dumps
from kehou.scoring.decimals import Range, plain
from kehou.scoring.reports_in import SUBJECT, RuleSeen
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Line, Sheet, VetoLine
from kehou.scoring.shown import Shown

SCORES = "kehou-scores/1"


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """All sheets of a run."""
    model = found[0].model if found else "scheme"
    return dumps(
        {
            "format": SCORES,
            "tool": {"name": "kehou", "version": __version__},
            "scheme": scheme_tree(scheme),
            "model": model,
            "sheets": [_sheet(scheme, sheet) for sheet in found],
        }
    )


def scheme_tree(scheme: Scheme) -> dict[str, Any]:
    """The scheme as scores and rankings tell it."""
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


def range_tree(found: Range) -> dict[str, str]:
    """From what is certain to what is possible."""
    return {"certain": plain(found.low), "possible": plain(found.high)}


def subject_tree(sheet: Sheet) -> dict[str, Any]:
    """Whose sheet it is."""
    submitter = sheet.submitter
    return {
        "id": submitter.id or None,
        "name": submitter.name or None,
        **{k: list(v) if isinstance(v, tuple) else v or None for k, v in submitter.strata.items()},
        "source": submitter.source,
    }


def _sheet(scheme: Scheme, sheet: Sheet) -> dict[str, Any]:
    show = Shown(scheme)
    submitter = sheet.submitter
    return {
        SUBJECT: subject_tree(sheet),
        "report": {
            "stage": submitter.stage,
            "as_of": submitter.as_of or None,
            "cross_checked": submitter.cross_checked,
            "faults": submitter.faults,
            "packs": [{"id": i, "version": v, "sha256": s} for i, v, s in submitter.packs],
        },
        "rated": sheet.rated,
        "total": range_tree(sheet.total)
        | {"shown": [show.total(sheet.total.low), show.total(sheet.total.high)]},
        "full": range_tree(sheet.full),
        "bonus": range_tree(sheet.bonus),
        "rate": range_tree(sheet.rate),
        "grades": list(sheet.grades),
        "effects": list(sheet.effects),
        "areas": [
            {
                "area": a.area,
                "title": a.title,
                "points": plain(a.points),
                "score": range_tree(a.part),
                "worth": range_tree(a.worth),
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
        "score": range_tree(line.own),
        "part": range_tree(line.part),
        "worth": range_tree(line.worth),
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
