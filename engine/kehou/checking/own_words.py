"""What was written where a choice was read from another word: a finding says it beside its own.

A clerk writes 减免 and is told of 减收: without the word that stands in the cell nobody finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kehou.fields import show
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding
from kehou.model.values import Location
from kehou.submission import Submission

_Place = tuple[str, int | None, int | None, str | None]


def with_own_words(
    findings: Mapping[str, Sequence[Finding]], submission: Submission, language: str
) -> dict[str, list[Finding]]:
    """Findings by rule, what fails or is doubtful with the words that its choices stand for."""
    told = _told(submission, language)
    if not told:
        return {rule: list(those) for rule, those in findings.items()}
    return {rule: [_told_of(one, told) for one in those] for rule, those in findings.items()}


def _told(submission: Submission, language: str) -> dict[_Place, str]:
    """What to say of each place where a choice was read from another word."""
    told = {}
    for change in submission.normalised:
        field = submission.schema.at(change.path) if change.path else None
        if field is None or field.private:
            continue
        value = next((v for v, label in field.labels.items() if label == change.read), None)
        if value is None:  # no choice: a time or an amount, which says the same in other digits
            continue
        read = show(value, field, language)
        if language == "en":
            said = f" (written “{change.written}”, read as “{read}”)"
        else:
            said = f"（原文写作“{change.written}”，照“{read}”读）"
        told[_place(change.location)] = said
    return told


def _told_of(finding: Finding, told: Mapping[_Place, str]) -> Finding:
    if finding.outcome not in (Outcome.FAIL, Outcome.REVIEW) or finding.location is None:
        return finding
    places = map(_place, (finding.location, *finding.related))
    said = dict.fromkeys(told[place] for place in places if place in told)
    return replace(finding, message=finding.message + "".join(said)) if said else finding


def _place(at: Location) -> _Place:
    return at.file, at.line, at.column, at.cell
