"""GitLab's code quality report: findings on the lines of a merge request.

One JSON array of issues with the keys that GitLab needs (docs.gitlab.com, Code Quality report
format): ``description``, ``check_name``, ``fingerprint``, ``severity`` (info, minor, major,
critical, blocker) and ``location`` with ``path`` and ``lines.begin``. Where a finding has no line,
the first line of the file stands for it. An error is a blocker, never nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kehou.model.outcomes import Outcome, Severity, counted_as
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Fault, Location
from kehou.render.programs.json import dumps
from kehou.render.words import catalogue, statement
from kehou.render.words.summary import SUGGESTED
from kehou.render.words.visible_text import shortened
from kehou.render.words.wording import Words

#: Severity of a breach; anything softer than a breach is told one step lower.
BREACH: Final = {
    Severity.CRITICAL: "critical",
    Severity.MAJOR: "major",
    Severity.MINOR: "minor",
    Severity.ADVICE: "info",
}
_TOLD: Final = (Outcome.REVIEW, Outcome.INSUFFICIENT)
_INFO: Final = (Outcome.NOT_JUDGED, Outcome.WAIVED)
#: Characters of a description that a merge request shows well.
_MOST: Final = 1000


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All issues of all reports; an empty array where there is nothing to tell."""
    words = catalogue.of_reports(reports, language)
    issues = [issue for report in reports for issue in _issues(report, words)]
    return dumps(_apart(issues))


def severity(rule: Severity, outcome: Outcome) -> str | None:
    """GitLab's severity of an outcome; None for what has nothing to tell."""
    if outcome is Outcome.ERROR:
        return "blocker"
    if outcome in _INFO or (rule is Severity.ADVICE and outcome in SUGGESTED):
        return "info"
    if outcome is Outcome.FAIL:
        return BREACH[rule]
    if outcome in _TOLD:
        return "info" if rule is Severity.MINOR else "minor"
    return None


def _issues(report: Report, words: Words) -> Iterator[dict[str, Any]]:
    for fault in report.submission.faults:
        yield _of_fault(report, fault, words)
    because = {reason.rule: reason.because for reason in report.not_judged}
    for result in report.results:
        for finding in statement.findings_or_rule(result):
            outcome = (
                counted_as(finding.outcome, finding.unconfirmed) if finding else result.outcome
            )
            level = severity(result.severity, outcome)
            if level is None:
                continue
            lines = (
                tuple(statement.lines(finding, result, report, words))
                if finding
                else (because.get(result.rule) or result.title,)
            )
            lines = statement.in_cell(finding.location if finding else None, lines)
            yield _issue(report, result, finding, outcome, level, lines, words)
    for note in report.attestations.notes:
        told = words["colon"].join((words["attestation"], statement.attested(note, report, words)))
        yield _of_note(report, told, "attestation", note.rule, note.place, note.subject)
    for said in report.confirmed.notes:
        told = words["colon"].join((words["confirmation"], statement.confirmed(said, words)))
        yield _of_note(report, told, "confirmation", said.state, said.place, said.shown)


def _of_note(report: Report, told: str, kind: str, *known_by: str) -> dict[str, Any]:
    """What became of an attestation or a confirmation: it is no finding, or none any more."""
    return {
        "description": shortened(told, _MOST),
        "check_name": kind,
        "fingerprint": _fingerprint(report, kind, *known_by),
        "severity": "info",
        "location": _location(report, None),
        "categories": ["Style"],
    }


def _issue(
    report: Report,
    result: RuleResult,
    finding: Finding | None,
    outcome: Outcome,
    level: str,
    lines: Sequence[str],
    words: Words,
) -> dict[str, Any]:
    titled = words["program.titled"].format(
        outcome=words[f"outcome.{outcome.value}"],
        severity=words[f"severity.{result.severity.value}"],
        title=statement.safe(result.title),
    )
    told = words["colon"].join((titled, " ".join(statement.safe(line) for line in lines)))
    identity = finding.fingerprint if finding else result.rule
    return {
        "description": shortened(told, _MOST),
        "check_name": result.rule,
        "fingerprint": _fingerprint(report, result.rule, identity, outcome.value),
        "severity": level,
        "location": _location(report, finding.location if finding else None),
        "categories": ["Compatibility" if outcome is Outcome.ERROR else "Style"],
    }


def _of_fault(report: Report, fault: Fault, words: Words) -> dict[str, Any]:
    told = statement.in_cell(fault.location, tuple(statement.fault_lines(fault, words)))
    lines = " ".join(statement.safe(line) for line in told)
    return {
        "description": shortened(words["colon"].join((words["program.fault"], lines)), _MOST),
        "check_name": "unreadable-value",
        "fingerprint": _fingerprint(report, "unreadable-value", fault.path, fault.found),
        "severity": "blocker",
        "location": _location(report, fault.location),
        "categories": ["Compatibility"],
    }


def _fingerprint(report: Report, *parts: str) -> str:
    """Stable while lines move: of the submitter's submission, the rule and the finding."""
    text = "\0".join(
        (report.submission.id or report.submission.name or report.submission.path, *parts)
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _apart(issues: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same issues with no fingerprint twice: GitLab shows only one of equals."""
    seen: dict[str, int] = {}
    found = []
    for issue in issues:
        own = issue["fingerprint"]
        seen[own] = seen.get(own, 0) + 1
        if seen[own] > 1:
            own = hashlib.sha256(f"{own}\0{seen[own]}".encode()).hexdigest()
        found.append({**issue, "fingerprint": own})
    return found


def _location(report: Report, place: Location | None) -> dict[str, Any]:
    file = (
        place.file
        if place
        else (report.submission.files[0].name if report.submission.files else "")
    )
    path = statement.path_of(report, file) if file else report.submission.path
    region = statement.region_of(place) if place else None
    first = place.line if place and place.line else 1
    line, _, end_line, _ = region or (first, None, None, None)
    lines = {"begin": line, **({"end": end_line} if end_line and end_line > line else {})}
    return {"path": statement.safe(path), "lines": lines}
