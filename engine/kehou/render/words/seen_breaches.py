"""Breaches of what no rule decides, as results: they are told and counted beside those of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kehou.model.clause_breaches import REMEDY, clause_breaches, name_of
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import (
    AttestationUsed,
    CitedClause,
    Finding,
    Report,
    RuleResult,
    Subject,
)
from kehou.model.sentences import english


def seen_breaches(report: Report) -> tuple[RuleResult, ...]:
    """One result a clause, as if a rule had found it; ``rule`` is the id of the clause.

    The title is the clause's own words, what was seen where the report does not have them.
    """
    cited = {c.id: CitedClause(c.id, c.citation, c.quote) for c in _clauses(report)}
    areas = {c.id: result.area for result in report.results for c in result.clauses}
    notes = (asdict(note) for note in report.attestations.notes)
    return tuple(
        _result(note, cited.get(note["rule"]), areas.get(note["rule"], ""), report)
        for note in clause_breaches(notes)
    )


def _clauses(report: Report) -> list[Any]:
    packs = [clause for pack in report.packs.used for clause in pack.clauses]
    return [*packs, *(clause for result in report.results for clause in result.clauses)]


def _result(
    note: Mapping[str, Any], clause: CitedClause | None, area: str, report: Report
) -> RuleResult:
    used = AttestationUsed(
        Outcome.NOT_JUDGED, "", *(note[k] for k in ("seen", "evidence", "office", "date", "until"))
    )
    told = english if report.run.language == "en" else str
    finding = Finding(
        outcome=Outcome.FAIL,
        subject=Subject("", "", "", report.submission.name or ""),
        count=1,
        location=None,
        related=(),
        message=told(f"检查人员核实：{note['seen']}"),
        remedy=told(REMEDY),
        found={},
        required={},
        missing=(),
        assumptions=(),
        fingerprint=name_of(note["rule"]),
        attestation=used,
    )
    return RuleResult(
        note["rule"],
        clause.quote if clause else note["seen"],
        Severity.MINOR,
        area,
        (clause,) if clause else (),
        Outcome.FAIL,
        (finding,),
    )
