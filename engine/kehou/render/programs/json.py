"""JSON: the report itself (``schemas/report.schema.json``), for programs and for CI."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from kehou.model.outcomes import Outcome, Severity
from kehou.model.places import tree_of
from kehou.model.report import (
    Decision,
    Finding,
    Memory,
    Report,
    RuleResult,
    SubmissionRecord,
)
from kehou.model.values import ABSENT, Fault, Normalised
from kehou.render.programs import json_notes
from kehou.render.words.summary import summarise

#: Characters that JSON lets through raw and a terminal or an editor would obey.
_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def render(reports: Sequence[Report]) -> str:
    """One report as an object, several under ``kehou-reports/1``; ends with a line break."""
    documents = [document(report) for report in reports]
    whole: Any = (
        documents[0]
        if len(documents) == 1
        else {
            "format": "kehou-reports/1",
            "reports": documents,
        }
    )
    return dumps(whole)


def dumps(value: Any) -> str:
    """``value`` as JSON text in the manner of this project; deterministic."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return _UNSAFE.sub(lambda match: json.dumps(match.group())[1:-1], text) + "\n"


def document(report: Report) -> dict[str, Any]:
    """A report as plain JSON values, keys in the order of its schema, sealed with its digest."""
    found = _document(report)
    return {**found, "digest": digest(found)}


def digest(tree: Mapping[str, Any]) -> str:
    """SHA-256 of a report's canonical JSON without ``digest``: it tells a change, not by whom."""
    import hashlib

    bare = {name: value for name, value in tree.items() if name != "digest"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _document(report: Report) -> dict[str, Any]:
    return {**_made(report), **_found(report), **_applied(report)}


def _made(report: Report) -> dict[str, Any]:
    """How the check was made: by what, of what, on which dates."""
    run = report.run
    return {
        "format": "kehou-report/1",
        "tool": {"name": "kehou", "version": run.tool_version, "sha256": run.tool_sha256},
        "run": _run(report),
        "stage": run.stage.value,
        "as_of": run.as_of or None,
        "check_date": run.check_date,
        "check_date_from": run.check_date_from,
        "language": run.language,
        "cross_checked": run.cross_checked,
        **({"single_engine": run.single_engine} if run.single_engine else {}),
        "packs": [
            {"id": p.id, "title": p.title, "version": p.version, "sha256": p.sha256}
            for p in report.packs.used
        ],
        "parameters": [
            {
                "name": p.name,
                "value": plain(p.value),
                "ground": p.ground,
                "assumption": p.assumption,
                "layer": p.layer,
                **({"title": p.title} if p.title else {}),
                **({"told": p.told} if p.told else {}),
            }
            for p in report.packs.parameters
        ],
        "data": [{"name": d.name, "sha256": d.sha256} for d in report.packs.data],
        "submission": _submission(report),
    }


def _found(report: Report) -> dict[str, Any]:
    """What the check found."""
    return {
        "faults": [_fault(f) for f in report.submission.faults],
        "decision": _decision(report.decision),
        "inferences": [
            {
                "mark": i.mark,
                "subject": i.subject,
                "label": i.label,
                "rule": i.rule,
                "because": i.because,
            }
            for i in report.inferences
        ],
        "summary": _summary(report),
        "results": [_result(r) for r in report.results],
        "missing_evidence": [
            {
                "path": m.path,
                "label": m.label,
                "settles": list(m.settles),
                "location": tree_of(m.location),
                "owner": m.owner.value,
                **({"paper": m.paper} if m.paper else {}),
                **({"read": m.read} if m.read is not None else {}),
            }
            for m in report.missing_evidence
        ],
        "not_judged": [{"rule": r.rule, "because": r.because} for r in report.not_judged],
        "reviews_off": [{"rule": r.rule, "because": r.because} for r in report.reviews_off],
    }


def _applied(report: Report) -> dict[str, Any]:
    """What the packs say of themselves, and what waivers, attestations and time changed."""
    return {
        "areas": dict(report.packs.areas),
        "notes": list(report.packs.notes),
        "reading": _reading(report),
        "waivers": [
            {"rule": n.rule, "subject": n.subject, "state": n.state, "place": n.place}
            for n in report.waivers.notes
        ],
        "waivers_sha256": report.waivers.sha256,
        "attestations": [json_notes.attestation_note(n) for n in report.attestations.notes],
        "attestation_files": [
            {"name": f.name, "sha256": f.sha256} for f in report.attestations.files
        ],
        **json_notes.confirmations(report),
        "memory": memory_document(report.memory) if report.memory else None,
    }


def _given(name: str, files: tuple[str, ...]) -> dict[str, Any]:
    """Files that a check was given, where there are any."""
    return {name: list(files)} if files else {}


def _run(report: Report) -> dict[str, Any] | None:
    if report.run.record is None:
        return None
    return {
        "engine": report.run.record.engine,
        "packs": list(report.run.record.packs),
        "data": [{"name": name, "path": path} for name, path in report.run.record.data],
        "waivers": report.run.record.waivers,
        "baseline": report.run.record.baseline,
        "attestations": list(report.run.record.attestations),
        **_given("confirmations", report.run.record.confirmations),
    }


def _reading(report: Report) -> dict[str, Any] | None:
    if report.reading is None:
        return None
    return {
        "name": report.reading.name,
        "changes": [
            {
                "rule": c.rule,
                "title": c.title,
                "outcome": c.outcome.value,
                "instead": c.instead.value,
                "words": list(c.words),
            }
            for c in report.reading.changes
        ],
    }


#: Strata that the published format names itself: whether it holds a list of values, or one.
_NAMED_STRATA = {"levels": True, "county": False, "township": False}


def _whose(submission: SubmissionRecord) -> dict[str, Any]:
    """Whose the submission is; strata that the format does not name stand under ``strata``."""
    found: dict[str, Any] = {"id": submission.id, "name": submission.name}
    if submission.from_register:
        found["from_register"] = list(submission.from_register)
    for name, several in _NAMED_STRATA.items():
        values = submission.strata.get(name, ())
        found[name] = list(values) if several else next(iter(values), None)
    others = {k: list(v) for k, v in submission.strata.items() if k not in _NAMED_STRATA}
    return {**found, "strata": others} if others else found


def _submission(report: Report) -> dict[str, Any]:
    return {
        "school": _whose(report.submission),
        **({"period": dict(report.submission.period)} if report.submission.period else {}),
        "path": report.submission.path,
        "files": [{"path": f.name, "sha256": f.sha256} for f in report.submission.files],
        "unread_files": list(report.submission.unread_files),
        **({"prose": list(report.submission.prose)} if report.submission.prose else {}),
        "plan_sha256": report.submission.content_sha256,
        "normalised": [_normalised(n) for n in report.submission.normalised],
        **_records(report.submission),
    }


def _records(submission: SubmissionRecord) -> dict[str, Any]:
    """What became of the authority's records; nothing where there is nothing to tell."""
    told = [
        {
            "name": note.part,
            "title": note.title,
            "state": note.state,
            "files": list(note.files),
            "whose": list(note.whose),
            "count": note.count,
        }
        for note in submission.records
    ]
    return {"records": told} if told else {}


def _summary(report: Report) -> dict[str, Any]:
    summary = summarise(report)
    return {
        "rules": summary.rules,
        "advice": summary.advice,
        "advice_rules": summary.advice_rules,
        "not_at_this_stage": summary.not_at_this_stage,
        "clauses": summary.clauses,
        "gaps": summary.gaps,
    }


def _result(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "title": result.title,
        "severity": Severity(result.severity).value,
        "area": result.area,
        "clauses": [{"id": c.id, "citation": c.citation, "quote": c.quote} for c in result.clauses],
        "outcome": Outcome(result.outcome).value,
        "findings": [_finding(f) for f in result.findings],
        "counterpart": result.counterpart,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    subject = finding.subject
    return {
        "outcome": Outcome(finding.outcome).value,
        "subject": {
            "entity": subject.entity,
            "key": subject.key,
            "pointer": subject.pointer,
            "label": subject.label,
        },
        "count": finding.count,
        "location": tree_of(finding.location),
        "related": [tree_of(place) for place in finding.related],
        "message": finding.message,
        "remedy": finding.remedy,
        "found": {name: plain(value) for name, value in finding.found.items()},
        "required": {name: plain(value) for name, value in finding.required.items()},
        "missing": list(finding.missing),
        "assumptions": list(finding.assumptions),
        "fingerprint": finding.fingerprint,
        "others": list(finding.others),
        "waiver": json_notes.waiver(finding),
        "members": list(finding.members),
        "state": finding.state,
        "attestation": json_notes.attestation(finding),
        **({"owner": finding.owner.value} if finding.owner else {}),
        **({"found_shown": finding.found_shown} if finding.found_shown else {}),
        **({"required_shown": finding.required_shown} if finding.required_shown else {}),
        **({"unconfirmed": True} if finding.unconfirmed else {}),
    }


def _normalised(change: Normalised) -> dict[str, Any]:
    return {
        "path": change.path,
        "location": tree_of(change.location),
        "written": change.written,
        "read": change.read,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "location": tree_of(fault.location),
        "path": fault.path,
        "found": fault.found,
        "allowed": fault.allowed,
        "hint": fault.hint,
    }


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "value": decision.value,
        "reasons": [{"rule": r.rule, "because": r.because} for r in decision.reasons],
        **({"also": list(decision.also)} if decision.also else {}),
    }


def plain(value: Any) -> Any:
    """A displayed value as JSON: sequences as lists, exact fractions and 无 as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if value is ABSENT:
        return "无"
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)


def memory_document(memory: Memory) -> dict[str, Any]:
    """The JSON form, as a report carries it under ``memory``."""
    return {
        "sha256": memory.sha256,
        "changes": [
            {
                "fingerprint": c.fingerprint,
                "rule": c.rule,
                "title": c.title,
                "state": c.state,
                "before": c.before.value if c.before else None,
                "after": c.after.value if c.after else None,
                "message": c.message,
                "place": c.place,
            }
            for c in memory.changes
        ],
        "fixed_before": list(memory.fixed_before),
    }
