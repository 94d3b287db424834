"""OSCAL assessment results 1.2.1 (NIST): one result for each submission.

Clause parts stand where OSCAL has controls, rules where it has objectives. Each finding of ours
is an observation; a rule that could be judged, or should have been, is a finding: satisfied,
not satisfied, or not satisfied for another reason (材料不足, 存疑待核, 未能评定). What is waived
is not satisfied with an approved deviation. Advice and 未评 are observations only, 不适用 is
told in the remarks. UUIDs come from fingerprints and times from the dates of the check at
midnight in China, so that the same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Fault
from kehou.render.programs.json import dumps
from kehou.render.programs.oscal_types import line, markup, props, token
from kehou.render.words import catalogue, statement
from kehou.render.words.statement import identity
from kehou.render.words.wording import Words, compact, verdict

_VERSION = "1.2.1"
#: Outcome → (state, reason) of a finding's target; what is not here is no finding.
_STATES = {
    Outcome.PASS: ("satisfied", "pass"),
    Outcome.FAIL: ("not-satisfied", "fail"),
    Outcome.WAIVED: ("not-satisfied", "fail"),
    Outcome.REVIEW: ("not-satisfied", "other"),
    Outcome.INSUFFICIENT: ("not-satisfied", "other"),
    Outcome.ERROR: ("not-satisfied", "other"),
}


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one document, in ``language`` or that of the first."""
    words = catalogue.of_reports(reports, language)
    keys = [_key(number, report) for number, report in enumerate(reports)]
    resources = {r["uuid"]: r for report in reports for r in _packs(report)}
    for key, report in zip(keys, reports, strict=True):
        resources |= {r["uuid"]: r for r in _files(key, report)}
    tool = identity("tool", reports[0].run.tool_version if reports else "")
    resources[tool] = {"uuid": tool, "title": "kehou"}
    document = {
        "uuid": identity("assessment-results", *keys),
        "metadata": {
            "title": words["page.titles"].format(n=len(reports)),
            "last-modified": max((_time(report) for report in reports), default=_time(None)),
            "version": reports[0].run.tool_version if reports else "0",
            "oscal-version": _VERSION,
            "remarks": markup(words["page.footer"]),
        },
        "import-ap": {"href": f"#{tool}"},
        **_objectives(reports),
        "results": [_result(key, report, words) for key, report in zip(keys, reports, strict=True)],
        "back-matter": {"resources": list(resources.values())},
    }
    return dumps({"assessment-results": document})


def _key(number: int, report: Report) -> str:
    """What tells one submission of a run from another, and the same one from itself never."""
    hashes = [
        f"{item.name}:{item.sha256}" for item in (*report.submission.files, *report.packs.data)
    ]
    hashes += [pack.sha256 for pack in report.packs.used]
    return identity(
        "run", number, report.run.stage, report.run.as_of, report.submission.path, *hashes
    )


def _time(report: Report | None) -> str:
    """The day of a check, or of the policy applied; the first day of all where neither is known."""
    day = (report.run.check_date or report.run.as_of) if report else ""
    return f"{day or '1970-01-01'}T00:00:00+08:00"


# --- what was checked, against what --------------------------------------------------------------


def _packs(report: Report) -> Iterator[dict[str, Any]]:
    for pack in report.packs.used:
        yield {
            "uuid": identity("pack", pack.id, pack.version, pack.sha256),
            "title": line(pack.title),
            "props": props(id=pack.id, version=pack.version, sha256=pack.sha256),
        }


def _files(key: str, report: Report) -> Iterator[dict[str, Any]]:
    for item in report.submission.files:
        path = quote(statement.path_of(report, item.name), safe="/", errors="backslashreplace")
        yield {
            "uuid": identity(key, "file", item.name),
            "title": line(item.name),
            "rlinks": [{"href": path, "hashes": [{"algorithm": "SHA-256", "value": item.sha256}]}],
        }
    if statement.main_file(report) not in {item.name for item in report.submission.files}:
        yield {
            "uuid": identity(key, "file", statement.main_file(report)),
            "title": line(statement.main_file(report)),
        }


def _objectives(reports: Sequence[Report]) -> dict[str, Any]:
    """Every declared rule as an objective of each clause part that it checks.

    Its first place holds the id that findings refer to.
    """
    parts: dict[str, dict[str, dict[str, Any]]] = {}
    for report in reports:
        for rule in (rule for pack in report.packs.used for rule in pack.rules):
            title = rule.titles.get(report.run.language) or rule.titles["zh"]
            for clause in rule.clauses:
                identified = {"id": token(rule.id)} if clause == rule.clauses[0] else {}
                parts.setdefault(clause, {})[rule.id] = {
                    **identified,
                    "name": "objective",
                    "title": line(title),
                    "props": props(rule=rule.id, severity=rule.severity.value),
                }
    listed = [
        {"control-id": token(clause), "parts": list(rules.values())}
        for clause, rules in parts.items()
    ]
    return {"local-definitions": {"objectives-and-methods": listed}} if listed else {}


def _reviewed(report: Report, words: Words) -> dict[str, Any]:
    clauses = dict.fromkeys(token(c.id) for result in report.results for c in result.clauses)
    if not clauses:
        return {"control-selections": [{"description": words["nothing"], "include-all": {}}]}
    controls = [{"control-id": clause} for clause in clauses]
    return {"control-selections": [{"include-controls": controls}]}


# --- what was found -----------------------------------------------------------------------------


def _result(key: str, report: Report, words: Words) -> dict[str, Any]:
    observations = [
        _fault(key, n, fault, report, words) for n, fault in enumerate(report.submission.faults)
    ]
    findings, risks = [], []
    for result in report.results:
        seen = list(_observations(key, report, result, words))
        observations += seen
        if result.severity is Severity.ADVICE or result.outcome not in _STATES:
            continue
        finding = _finding(key, result, [one["uuid"] for one in seen], words)
        if result.outcome is Outcome.WAIVED:
            risk = _risk(key, result, words)
            finding["related-risks"] = [{"risk-uuid": risk["uuid"]}]
            risks.append(risk)
        findings.append(finding)
    lists = {"observations": observations, "risks": risks, "findings": findings}
    stage = words[f"stage.{report.run.stage.value}"]
    submitter = report.submission.name or words["whose_unknown"]
    return {
        "uuid": identity(key, "result"),
        "title": line(f"{submitter} · {stage}"),
        "description": markup(verdict(report, words)),
        "start": _time(report),
        "props": props(
            **{
                "stage": report.run.stage.value,
                "as-of": report.run.as_of,
                "decision": report.decision.value if report.decision else "",
                "cross-checked": str(report.run.cross_checked).lower(),
                "not-at-this-stage": str(report.not_at_this_stage),
                "plan-sha256": report.submission.content_sha256 or "",
            }
        ),
        "reviewed-controls": _reviewed(report, words),
        **{name: members for name, members in lists.items() if members},
        "remarks": _remarks(report, words),
    }


def _remarks(report: Report, words: Words) -> str:
    lines = [markup(verdict(report, words)), ""]
    for sentence in statement.foremost(report, words):
        lines += [markup(sentence), ""]
    aside = [r for r in report.results if r.outcome is Outcome.NOT_APPLICABLE]
    if aside:
        lines += [words["program.not_applicable"], ""]
        lines += [f"- {r.rule} ({r.severity.value}) {line(r.title)}" for r in aside]
    for inference in report.inferences:
        text = words["program.inference"].format(
            label=inference.label, mark=inference.mark, because=inference.because
        )
        lines += ["", markup(statement.safe(text))]
    for note in statement.waiver_notes(report, words):
        lines += ["", markup(note)]
    return "\n".join(lines).strip()


def _observations(
    key: str, report: Report, result: RuleResult, words: Words
) -> Iterator[dict[str, Any]]:
    same: dict[tuple[str, Outcome], int] = {}
    because = [r.because for r in report.not_judged if r.rule == result.rule]
    for finding in statement.findings_or_rule(result):
        outcome = finding.outcome if finding else result.outcome
        if outcome is Outcome.NOT_APPLICABLE:
            continue
        mark = (finding.fingerprint if finding else "", outcome)
        same[mark] = number = same.get(mark, -1) + 1
        lines = (
            statement.lines(finding, result, report, words)
            if finding
            else [statement.safe(text) for text in (because or [result.title])]
        )
        found: dict[str, Any] = {
            "uuid": identity(key, "observation", result.rule, *mark, number),
            "title": line(result.title),
            "description": markup("\n".join(lines)),
            "props": props(
                **{
                    "rule": result.rule,
                    "outcome": outcome.value,
                    "severity": result.severity.value,
                    "area": result.area,
                    "count": str(finding.count) if finding else "",
                    "fingerprint": finding.fingerprint if finding else "",
                    "owner": finding.owner.value if finding and finding.owner else "",
                }
            ),
            "methods": ["EXAMINE"],
            "types": ["control-objective"],
            "collected": _time(report),
        }
        if finding:
            found |= _about(key, report, finding)
        yield found


def _about(key: str, report: Report, finding: Finding) -> dict[str, Any]:
    """Subject and evidence of an observation: the file, and the place in it."""
    names = {item.name for item in report.submission.files}
    file = finding.location.file if finding.location else statement.main_file(report)
    resource = identity(key, "file", file if file in names else statement.main_file(report))
    label = finding.subject.label or finding.subject.pointer or "/"
    subject = {
        "subject-uuid": resource,
        "type": "resource",
        "title": line(statement.safe(label)),
        "props": props(entity=finding.subject.entity, pointer=finding.subject.pointer),
    }
    places = [place for place in (finding.location, *finding.related) if place]
    evidence = [
        {
            "href": f"#{identity(key, 'file', place.file)}",
            "description": markup(statement.safe(compact(place))),
        }
        for place in places
        if place.file in names
    ]
    return {"subjects": [subject], **({"relevant-evidence": evidence} if evidence else {})}


def _fault(key: str, number: int, fault: Fault, report: Report, words: Words) -> dict[str, Any]:
    return {
        "uuid": identity(key, "fault", number),
        "title": words["program.fault"],
        "description": markup("\n".join(statement.fault_lines(fault, words))),
        "props": props(outcome="fault", place=compact(fault.location), path=fault.path),
        "methods": ["EXAMINE"],
        "types": ["fault"],
        "collected": _time(report),
    }


def _finding(
    key: str, result: RuleResult, observations: Sequence[str], words: Words
) -> dict[str, Any]:
    state, reason = _STATES[result.outcome]
    outcome = words[f"outcome.{result.outcome.value}"]
    found = {
        "uuid": identity(key, "finding", result.rule),
        "title": line(result.title),
        "description": markup("\n".join([outcome, *statement.clauses(result, words)])),
        "props": props(outcome=result.outcome.value, severity=result.severity.value),
        "target": {
            "type": "objective-id",
            "target-id": token(result.rule),
            "title": line(result.title),
            "status": {"state": state, "reason": reason, "remarks": outcome},
        },
    }
    if observations:
        found["related-observations"] = [{"observation-uuid": uuid} for uuid in observations]
    return found


def _risk(key: str, result: RuleResult, words: Words) -> dict[str, Any]:
    told = [statement.message(f, result, words) for f in result.findings]
    excuses = [text for f in result.findings if (text := statement.excuse(f, words))]
    ends = [f.waiver.until for f in result.findings if f.waiver]
    text = markup("\n".join(told or [result.title]))
    return {
        "uuid": identity(key, "risk", result.rule),
        "title": line(result.title),
        "description": text,
        "statement": markup("\n".join(excuses)) if excuses else text,
        "status": "deviation-approved",
        **({"deadline": f"{min(ends)}T00:00:00+08:00"} if ends else {}),
    }
