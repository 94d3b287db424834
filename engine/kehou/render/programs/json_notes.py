"""What became of waivers, attestations and confirmations, as the JSON report holds it."""

from __future__ import annotations

from typing import Any

from kehou.model.report import AttestationNote, Finding, Report


def waiver(finding: Finding) -> dict[str, Any] | None:
    """Why a finding is waived; None where it is not."""
    used = finding.waiver
    if used is None:
        return None
    return {
        "reason": used.reason,
        "office": used.office,
        "document": used.document,
        "until": used.until,
    }


def attestation_note(note: AttestationNote) -> dict[str, Any]:
    """What became of an attestation."""
    return {
        "rule": note.rule,
        "subject": note.subject,
        "state": note.state,
        "place": note.place,
        "before": note.before.value if note.before else None,
        "verdict": note.verdict.value,
        "seen": note.seen,
        "evidence": note.evidence,
        "office": note.office,
        "date": note.date,
        "until": note.until,
    }


def attestation(finding: Finding) -> dict[str, Any] | None:
    """What settled a finding; None where nothing did."""
    used = finding.attestation
    if used is None:
        return None
    return {
        "before": used.before.value,
        "message": used.message,
        "seen": used.seen,
        "evidence": used.evidence,
        "office": used.office,
        "date": used.date,
        "until": used.until,
    }


def confirmations(report: Report) -> dict[str, Any]:
    """What became of each record of confirmation; nothing where there is none."""
    said = report.confirmed
    if not (said.notes or said.given):
        return {}
    return {
        "confirmations": [
            {
                "state": note.state,
                "decision": note.decision,
                "title": note.title,
                "read": note.shown,
                "instead": note.instead,
                "sentence": note.sentence,
                "file": note.file,
                "paragraph": note.paragraph,
                "by": note.by,
                "date": note.on,
                "whose": note.whose,
                "place": note.place,
            }
            for note in said.notes
        ],
        "confirmation_files": [
            {"name": name, "sha256": digest} for name, digest in said.given.items()
        ],
    }
