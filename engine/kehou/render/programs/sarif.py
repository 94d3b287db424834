"""SARIF 2.1.0, for programs that collect results: one run for each submission.

A result is one finding. ``kind`` says the outcome: ``fail``, ``pass``, ``review``, ``open``
(材料不足 and 未评), ``notApplicable``; ``informational`` is an inference. ``level`` is ``none``
unless the kind is ``fail`` (SARIF §3.27.10); what is waived is a ``fail`` with a suppression. What
could not be read or evaluated is no result but a notification, and the run is not successful.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou.fields import MASK
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding, Inference, Report, RuleResult
from kehou.model.values import Location
from kehou.render.programs.json import dumps, plain
from kehou.render.programs.sarif_places import artifact, location
from kehou.render.programs.sarif_tool import (
    LEVELS,
    NOTIFICATIONS,
    TAGS,
    Described,
    describe,
    driver,
    taxonomies,
    translations,
)
from kehou.render.words import catalogue, statement
from kehou.render.words.summary import summarise
from kehou.render.words.wording import Words

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_KINDS = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.WAIVED: "fail",
    Outcome.REVIEW: "review",
    Outcome.INSUFFICIENT: "open",
    Outcome.NOT_JUDGED: "open",
    Outcome.NOT_APPLICABLE: "notApplicable",
}
#: A finding's state since an earlier report → SARIF's; what was fixed then is new when it is back.
_BASELINE = {"new": "new", "reopened": "new", "open": "unchanged"}


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one SARIF log, in ``language`` or that of each report."""
    return log_of([run_of(report, language or report.run.language) for report in reports])


def log_of(runs: Sequence[dict[str, Any]]) -> str:
    """Some runs as one SARIF log."""
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def run_of(report: Report, language: str) -> dict[str, Any]:
    """One report as a SARIF run, whose results are in the order of the report."""
    rules, clauses, described = describe(report)
    words = catalogue.of_reports([report], language)
    results = [
        _result(report, result, finding, described, words)
        for result in report.results
        for finding in statement.findings_or_rule(result)
        if (finding.outcome if finding else result.outcome) is not Outcome.ERROR
    ]
    results += [_inferred(report, inference, described) for inference in report.inferences]
    stage = report.run.stage.value
    return {
        "tool": {"driver": driver(report, rules, clauses, described, language)},
        "translations": translations(rules, clauses, report, language),
        "taxonomies": taxonomies(report, clauses),
        "language": TAGS[language],
        "automationDetails": {"id": f"kehou/{stage}/{statement.safe(report.submission.path)}/"},
        "columnKind": "unicodeCodePoints",
        "redactionTokens": [MASK],
        "invocations": [_invocation(report, described, words)],
        "artifacts": _artifacts(report),
        "results": results,
        "properties": _run_properties(report),
    }


def _run_properties(report: Report) -> dict[str, Any]:
    decision = report.decision
    return {
        "stage": report.run.stage.value,
        "asOf": report.run.as_of or None,
        "checkDate": report.run.check_date,
        "checkDateFrom": report.run.check_date_from,
        "crossChecked": report.run.cross_checked,
        "notAtThisStage": report.not_at_this_stage,
        "gaps": summarise(report).gaps,
        "decision": decision.value if decision else None,
        "reasons": [statement.safe(r.because) for r in decision.reasons] if decision else [],
        "school": {
            "id": statement.safe(report.submission.id or "") or None,
            "name": statement.safe(report.submission.name or "") or None,
        },
        "planSha256": report.submission.content_sha256,
        **({"toolSha256": report.run.tool_sha256} if report.run.tool_sha256 else {}),
        "packs": [
            {"id": pack.id, "version": pack.version, "sha256": pack.sha256}
            for pack in report.packs.used
        ],
        "data": [{"name": item.name, "sha256": item.sha256} for item in report.packs.data],
    }


def _artifacts(report: Report) -> list[dict[str, Any]]:
    found = [
        {
            "location": artifact(report, item.name),
            "roles": ["analysisTarget"],
            "hashes": {"sha-256": item.sha256},
        }
        for item in report.submission.files
    ]
    return found + [{"location": artifact(report, name)} for name in report.submission.unread_files]


# --- what went wrong ------------------------------------------------------------------------


def _invocation(report: Report, described: Described, words: Words) -> dict[str, Any]:
    told = [
        _notification(
            report, "unreadable-value", "error", statement.fault_lines(fault, words), fault.location
        )
        for fault in report.submission.faults
    ]
    for result in report.results:
        for finding in statement.findings_or_rule(result):
            if (finding.outcome if finding else result.outcome) is not Outcome.ERROR:
                continue
            lines = (
                statement.lines(finding, result, words)
                if finding
                else [statement.safe(result.title)]
            )
            place = finding.location if finding else None
            notification = _notification(report, "not-evaluated", "error", lines, place)
            notification["associatedRule"] = _reference(result.rule, described)
            told.append(notification)
    successful = not told
    for name in report.submission.unread_files:
        lines = [words["unread_files"].format(names=statement.safe(name))]
        told.append(_notification(report, "file-not-read", "note", lines, Location(name)))
    ran = {result.rule for result in report.results} | {i.rule for i in report.inferences}
    off = [
        {"descriptor": _reference(rule, described), "configuration": {"enabled": False}}
        for rule in described.rules
        if rule not in ran
    ]
    return {
        "executionSuccessful": successful,
        **({"ruleConfigurationOverrides": off} if off else {}),
        "toolExecutionNotifications": told,
        "toolConfigurationNotifications": [
            _notification(report, "waiver", "warning", [text], None)
            for text in statement.waiver_notes(report, words)
        ],
    }


def _notification(
    report: Report, name: str, level: str, lines: Sequence[str], place: Location | None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "descriptor": {"id": name, "index": NOTIFICATIONS.index(name)},
        "level": level,
        "message": {"text": "\n".join(line for line in lines if line)},
    }
    if place is not None:
        found["locations"] = [location(report, place)]
    return found


def _reference(rule: str, described: Described) -> dict[str, Any]:
    return {"id": rule, "index": described.rules[rule]}


# --- results ---------------------------------------------------------------------------------


def _result(
    report: Report,
    result: RuleResult,
    finding: Finding | None,
    described: Described,
    words: Words,
) -> dict[str, Any]:
    outcome = finding.outcome if finding else result.outcome
    kind = _KINDS[outcome]
    because = {reason.rule: reason.because for reason in report.not_judged}
    lines = (
        statement.lines(finding, result, words)
        if finding
        else [statement.safe(part) for part in (result.title, because.get(result.rule)) if part]
    )
    taxa = [taxon for clause in result.clauses if (taxon := described.taxon(clause.id))]
    found: dict[str, Any] = {
        "ruleId": result.rule,
        "ruleIndex": described.rules[result.rule],
        "kind": kind,
        "level": LEVELS[result.severity] if kind == "fail" else "none",
        "message": {"text": "\n".join(lines)},
        "locations": [location(report, finding.location if finding else None, finding)],
    }
    if finding and finding.related:
        places = [place for place in finding.related if place != finding.location]
        found["relatedLocations"] = [
            {"id": number, **location(report, place)} for number, place in enumerate(places, 1)
        ]
    if finding:
        found["partialFingerprints"] = {"kehouFinding/v1": finding.fingerprint}
        found["occurrenceCount"] = finding.count
    if finding and finding.state in _BASELINE:
        found["baselineState"] = _BASELINE[finding.state]
    if outcome is Outcome.WAIVED:
        found["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": (statement.excuse(finding, words) if finding else "") or lines[0],
            }
        ]
    if taxa:
        found["taxa"] = taxa
    found["properties"] = _properties(result, finding, outcome)
    return found


def _properties(result: RuleResult, finding: Finding | None, outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outcome": outcome.value,
        "severity": result.severity.value,
        "area": result.area,
    }
    if finding:
        subject = finding.subject
        found["subject"] = {
            "entity": subject.entity,
            "key": statement.safe(subject.key),
            "pointer": statement.safe(subject.pointer),
        }
        for name, values in (("found", finding.found), ("required", finding.required)):
            if values:
                found[name] = _shown(values)
        if finding.owner is not None:
            found["owner"] = finding.owner.value
        for name, texts in (("missing", finding.missing), ("assumptions", finding.assumptions)):
            if texts:
                found[name] = [statement.safe(text) for text in texts]
    return found


def _shown(value: Any) -> Any:
    """A displayed value with its texts made safe to show."""
    value = plain(value)
    if isinstance(value, str):
        return statement.safe(value)
    if isinstance(value, dict):
        return {statement.safe(name): _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _inferred(report: Report, inference: Inference, described: Described) -> dict[str, Any]:
    text = f"{inference.label} {inference.mark}\n{inference.because}"
    return {
        "ruleId": inference.rule,
        "ruleIndex": described.rules[inference.rule],
        "kind": "informational",
        "level": "none",
        "message": {"text": "\n".join(statement.safe(line) for line in text.split("\n"))},
        "locations": [location(report, None)],
        "properties": {
            "mark": inference.mark,
            "subject": {"key": statement.safe(inference.subject)},
        },
    }
