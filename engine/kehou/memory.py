"""What changed since an earlier report: new, still open, fixed, reopened, no longer applicable.

Findings are told apart by fingerprint (rule, entity, key, ordinal among equals), so that moving
lines, re-ordering a list or renaming a file changes nothing. Every subject of a merged finding is
compared on its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kehou.errors import UsageError
from kehou.model import Change, Finding, Memory, Outcome, Report, RuleResult

#: Outcomes that are open until something is done.
OPEN = frozenset({Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT})
#: Hexadecimal digits of a fingerprint that tell subjects apart within a report.
SHORT = 16
#: Hexadecimal digits that tell whether a subject passes.
PASSED = 8
FORMAT = "kehou-report/1"
MANY = "kehou-reports/1"


@dataclass(frozen=True, slots=True)
class Item:
    """One open subject of one rule."""

    rule: str
    fingerprint: str
    outcome: Outcome
    title: str
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a report held: open items, what had been fixed, each rule's outcome, who passed.

    ``passed`` are short fingerprints by rule, None in reports of versions that did not keep them.
    """

    sha256: str
    items: Mapping[str, Item]
    fixed: frozenset[str]
    rules: Mapping[str, Outcome]
    passed: Mapping[str, frozenset[str]] | None
    waived: frozenset[str]
    school: str | None = None


def read_past(path: str, school: str | None = None) -> Past:
    """Read a report written with ``-o json``; of several, that of ``school``.

    Raises UsageError where it is no report, or holds several and none is of the school.
    """
    import hashlib

    file = Path(path)
    try:
        data = file.read_bytes()
        tree = json.loads(data)
    except OSError as error:
        raise UsageError("no-baseline", f"打不开报告 {path}", hint="请核对文件名") from error
    except ValueError as error:
        raise UsageError("no-baseline", f"{path} 不是 JSON 报告",
                         hint="请用 kehou check … -o json=文件 生成的报告") from error  # fmt: skip
    reports = tree.get("reports", [tree]) if isinstance(tree, dict) else []
    found = [r for r in reports if isinstance(r, dict) and r.get("format") == FORMAT]
    if len(found) > 1 and school is not None:
        found = [r for r in found if r["submission"]["school"]["name"] == school]
    if len(found) != 1:
        raise UsageError("no-baseline", f"{path} 中找不到这所学校的一份报告",
                         hint="请用 kehou check … -o json=文件 生成的报告")  # fmt: skip
    return _past(found[0], hashlib.sha256(data).hexdigest())


def _past(tree: Mapping[str, Any], sha256: str) -> Past:
    items: dict[str, Item] = {}
    rules: dict[str, Outcome] = {}
    waived: set[str] = set()
    for result in tree["results"]:
        rules[result["rule"]] = Outcome(result["outcome"])
        for f in result["findings"]:
            own = f.get("members") or [f["fingerprint"][:SHORT]]
            if Outcome(f["outcome"]) is Outcome.WAIVED:
                waived.update(own)
            if Outcome(f["outcome"]) not in OPEN:
                continue
            place = f["location"] or {}
            where = place.get("file", "") + (f":{place['line']}" if place.get("line") else "")
            for one in own:
                items[one] = Item(result["rule"], one, Outcome(f["outcome"]), result["title"],
                                  f["message"], where)  # fmt: skip
    kept = all("passed" in result for result in tree["results"])
    passed = {r["rule"]: frozenset(r["passed"].split()) for r in tree["results"]} if kept else None
    before = tree.get("memory") or {}
    changes = before.get("changes", [])
    fixed = {c["fingerprint"] for c in changes if c["state"] in ("fixed", "gone")}
    fixed |= set(before.get("fixed_before", []))
    return Past(sha256, items, frozenset(fixed), rules, passed, frozenset(waived),
                tree["submission"]["school"]["name"])  # fmt: skip


def past_of(report: Report) -> Past:
    """What a report that was just made holds, as if it had been kept and read again."""
    items: dict[str, Item] = {}
    waived: set[str] = set()
    for result in report.results:
        for finding in result.findings:
            if finding.outcome is Outcome.WAIVED:
                waived.update(_members(finding))
            if finding.outcome in OPEN:
                for one in _members(finding):
                    items[one] = _item(result, finding, one)
    changes = report.memory.changes if report.memory else ()
    fixed = {c.fingerprint for c in changes if c.state in ("fixed", "gone")}
    fixed |= set(report.memory.fixed_before if report.memory else ())
    return Past(
        "",
        items,
        frozenset(fixed),
        {r.rule: r.outcome for r in report.results},
        {r.rule: frozenset(r.passed()) for r in report.results},
        frozenset(waived),
        report.school_name,
    )


def _members(finding: Finding) -> Sequence[str]:
    return finding.members or (finding.fingerprint[:SHORT],)


def _item(result: RuleResult, finding: Finding, fingerprint: str) -> Item:
    place = finding.location
    where = "" if place is None else place.file + (f":{place.line}" if place.line else "")
    return Item(result.rule, fingerprint, finding.outcome, result.title, finding.message, where)


def since(past: Past, report: Report) -> Memory:
    """What changed from an earlier report to this one."""
    return between(past, past_of(report))


def compare(past: Past, report: Report) -> Report:
    """The report with what changed since ``past``, and each finding's state."""
    memory = since(past, report)
    state_of = {c.fingerprint: c.state for c in memory.changes}
    results = tuple(
        replace(r, findings=tuple(_with_state(f, state_of) for f in r.findings))
        for r in report.results
    )
    return replace(report, results=results, memory=memory)


def _with_state(finding: Finding, state_of: Mapping[str, str]) -> Finding:
    if finding.outcome not in OPEN:
        return finding
    states = {state_of.get(one, "new") for one in _members(finding)}
    worst = next((s for s in ("reopened", "new", "open") if s in states), None)
    return replace(finding, state=worst)


def _changes(past: Past, later: Past) -> Iterator[Change]:
    for one, item in later.items.items():
        before = past.items.get(one)
        fresh = "reopened" if one in past.fixed else "new"
        state = "open" if before is not None else fresh
        was = before.outcome if before else None
        yield Change(one, item.rule, item.title, state, was, item.outcome, item.message, item.place)
    for one, item in past.items.items():
        if one not in later.items:
            state, after = _closed(item, later)
            yield Change(one, item.rule, item.title, state, item.outcome, after, item.message,
                         item.place)  # fmt: skip


def _closed(item: Item, later: Past) -> tuple[str, Outcome | None]:
    """What became of an item that is not open any more; only what passes is called fixed."""
    outcome = later.rules.get(item.rule)
    if item.fingerprint in later.waived:
        return "waived", Outcome.WAIVED
    if later.passed is None:
        applies = outcome not in (None, Outcome.NOT_APPLICABLE)
        return ("fixed", None) if applies else ("gone", outcome)
    if item.fingerprint[:PASSED] in later.passed.get(item.rule, ()):
        return "fixed", Outcome.PASS
    if outcome in (Outcome.NOT_JUDGED, Outcome.ERROR):
        return "unsettled", outcome
    return "gone", Outcome.NOT_APPLICABLE if outcome is Outcome.NOT_APPLICABLE else None


def between(past: Past, later: Past) -> Memory:
    """What changed from one report to a later one."""
    changes = tuple(_changes(past, later))
    return Memory(past.sha256, changes, tuple(sorted(past.fixed - set(later.items))))


def is_report(path: str) -> bool:
    """Whether a file is a report of kehou rather than a submission in JSON."""
    try:
        tree = json.loads(Path(path).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(tree, dict) and tree.get("format") in (FORMAT, MANY)
