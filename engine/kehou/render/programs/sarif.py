"""SARIF 2.1.0, for programs that collect results: one run for each submission.

A result is one finding that asks something of somebody. Code hosting platforms look neither at
``kind`` nor at suppressions: every result is an alert there. So what passes, does not apply, is
waived, waits for the bureau or is only suggested is left out, what is not settled (材料不足,
存疑) is a ``fail`` of level ``warning`` with the outcome in its properties, and what could not be
read or evaluated is a result as well as a notification.

With ``everything`` a result is any finding. ``kind`` says the outcome: ``fail``, ``pass``,
``review``, ``open`` (材料不足 and 未评), ``notApplicable``; ``informational`` is an inference.
``level`` is ``none`` unless the kind is ``fail`` (SARIF §3.27.10); what is waived is a ``fail``
with a suppression. What could not be read is a notification alone, and the run is not successful.

A log has at most 20 runs, the most that GitHub takes from a file: beyond that a run holds several
submissions in their order, and its properties those of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kehou.fields import MASK
from kehou.model.outcomes import Outcome, Severity, counted_as
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
#: Outcomes that somebody has something to do about.
_TO_DO = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
#: Most runs in a log (docs.github.com, “SARIF support for code scanning”, limits).
SARIF_RUNS = 20
#: A finding's state since an earlier report → SARIF's; what was fixed then is new when it is back.
_BASELINE = {"new": "new", "reopened": "new", "open": "unchanged"}


def render(
    reports: Sequence[Report],
    language: str | None = None,
    everything: bool = False,
    clauses_page: str = "",
) -> str:
    """All reports as one SARIF log, in ``language`` or that of each report.

    ``clauses_page`` is the address of the page of ``kehou clauses -o html``: a rule's ``helpUri``.
    """
    size = -(-len(reports) // SARIF_RUNS) or 1
    runs = [
        _run(reports[at : at + size], language, everything, clauses_page)
        for at in range(0, len(reports), size)
    ]
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _run(
    reports: Sequence[Report], language: str | None, everything: bool, clauses_page: str
) -> dict[str, Any]:
    first = reports[0]
    language = language or first.run.language
    rules, clauses, described = describe(reports, everything)
    told = [_told(report, described, language, everything) for report in reports]
    stage, path = first.run.stage.value, statement.safe(first.submission.path)
    properties = [_run_properties(report) for report in reports]
    return {
        "tool": {"driver": driver(first, rules, clauses, described, language, clauses_page)},
        "translations": translations(rules, clauses, first, language),
        "taxonomies": taxonomies(described, clauses),
        "language": TAGS[language],
        "automationDetails": {"id": f"kehou/{stage}/{path}/"},
        "columnKind": "unicodeCodePoints",
        "redactionTokens": [MASK],
        "invocations": [invocation for invocation, _ in told],
        "artifacts": [artifact for report in reports for artifact in _artifacts(report)],
        "results": [result for _, results in told for result in results],
        "properties": properties[0] if len(reports) == 1 else {"submissions": properties},
    }


def _told(
    report: Report, described: Described, language: str, everything: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The invocation and the results of one submission."""
    words = catalogue.of_reports([report], language)
    invocation = _invocation(report, described, words)
    if not everything:
        results = [
            _unread(report, told, described)
            for told in invocation["toolExecutionNotifications"]
            if told["level"] == "error"
        ]
        results += [
            _to_do(_result(report, result, finding, described, words))
            for result, finding in _findings(report)
            if _outcome(result, finding) in _TO_DO and result.severity is not Severity.ADVICE
        ]
        return invocation, results
    results = [
        _result(report, result, finding, described, words)
        for result, finding in _findings(report)
        if _outcome(result, finding) is not Outcome.ERROR
    ]
    results += [_inferred(report, inference, described) for inference in report.inferences]
    return invocation, results


def _findings(report: Report) -> Iterator[tuple[RuleResult, Finding | None]]:
    for result in report.results:
        for finding in statement.findings_or_rule(result):
            yield result, finding


def _outcome(result: RuleResult, finding: Finding | None) -> Outcome:
    """The outcome that is told: what nobody has confirmed is open, and no breach."""
    return counted_as(finding.outcome, finding.unconfirmed) if finding else result.outcome


def _to_do(result: dict[str, Any]) -> dict[str, Any]:
    """A result as a platform takes it that knows fails alone."""
    if result["kind"] == "fail":
        return result
    return {**result, "kind": "fail", "level": "warning"}


def _unread(report: Report, notification: dict[str, Any], described: Described) -> dict[str, Any]:
    """What could not be read or evaluated, as a result."""
    name = notification["descriptor"]["id"]
    rule = notification.get("associatedRule") or _reference(name, described)
    return {
        "ruleId": rule["id"],
        "ruleIndex": rule["index"],
        "kind": "fail",
        "level": "error",
        "message": notification["message"],
        "locations": notification.get("locations") or [location(report, None)],
        "properties": {"outcome": Outcome.ERROR.value},
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
                statement.lines(finding, result, report, words)
                if finding
                else [statement.safe(result.title)]
            )
            place = finding.location if finding else None
            notification = _notification(report, "not-evaluated", "error", lines, place)
            notification["associatedRule"] = _reference(result.rule, described)
            told.append(notification)
    successful = not told
    prose = tuple(f"{one}：" for one in report.submission.prose)
    for name in report.submission.unread_files:
        key = "unread_in_text" if name.startswith(prose) else "unread_files"
        lines = [words[key].format(names=statement.safe(name))]
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
    outcome = _outcome(result, finding)
    kind = _KINDS[outcome]
    because = {reason.rule: reason.because for reason in report.not_judged}
    lines = (
        statement.lines(finding, result, report, words)
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
        if finding.unconfirmed:
            found["unconfirmed"] = True
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
