"""What changed since an earlier report: new, still open, fixed, reopened, no longer applicable.

Findings are told apart by fingerprint (rule, entity, key, ordinal among equals), so that moving
lines, re-ordering a list or renaming a file changes nothing. Every subject of a merged finding is
compared on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from kehou.checking.report_files import read_reports
from kehou.errors import UsageError
from kehou.model.outcomes import Outcome
from kehou.model.places import marked
from kehou.model.report import Change, Finding, Memory, Report, RuleResult

#: Outcomes that are open until something is done.
OPEN = frozenset({Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT})
#: States of what is no longer open; what comes back from any of them is reopened.
CLOSED = frozenset({"fixed", "gone", "waived", "unjudged", "unseen"})
#: Outcomes that are not open, from the least to the most cautious.
_CAUTION = (
    *(Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.NOT_JUDGED, Outcome.INSUFFICIENT),
    *(Outcome.REVIEW, Outcome.WAIVED),
)
#: What has become of a finding whose subject is there and is judged otherwise. Only a pass is
#: “fixed”, and one that a program read from prose is a doubt till a person confirms it; a subject
#: that is no longer there proves nothing.
_BECAME = {
    Outcome.PASS: "fixed",
    Outcome.REVIEW: "open",
    Outcome.INSUFFICIENT: "unseen",
    Outcome.NOT_APPLICABLE: "gone",
    Outcome.WAIVED: "waived",
    Outcome.NOT_JUDGED: "unjudged",
}
#: Hexadecimal digits of a fingerprint that tell subjects apart within a report.
SHORT = 16


@dataclass(frozen=True, slots=True)
class Item:
    """One open subject of one rule; ``shown`` is what was seen, for people, by field title.

    ``at`` is its location as the report has it; ``unconfirmed`` where a program read it from prose.
    """

    rule: str
    fingerprint: str
    outcome: Outcome
    title: str
    message: str
    place: str
    shown: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, Any] | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier report held: its open items, what had been fixed, and which rules ran.

    ``only_read`` are the locations of what passes by what a program read from prose alone.
    """

    sha256: str
    items: Mapping[str, Item]
    fixed: frozenset[str]
    rules: Mapping[str, Outcome]
    judged: Mapping[str, Outcome]
    name: str = ""
    id: str = ""
    only_read: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_past(path: str, name: str | None = None) -> Past:
    """Read a report written with ``-o json``; of several, that of whose name it is.

    Raises UsageError where it is no report, or holds several and none is of that name.
    """
    found = read_all(path)
    if len(found) > 1 and name is not None:
        found = [past for past in found if past.name == name]
    if len(found) != 1:
        raise UsageError(
            "no-baseline",
            f"{path} 中找不到{f'“{name}”的' if name else ''}一份报告",
            hint="请用 kehou check … -o json=文件 生成的报告",
        )
    return found[0]


def read_all(path: str) -> list[Past]:
    """Every report of a file written with ``-o json``; raises UsageError where it is none."""
    import hashlib

    trees, data = report_trees(path)
    digest = hashlib.sha256(data).hexdigest()
    return [past_of(tree, digest) for tree in trees]


def report_trees(path: str) -> tuple[list[dict[str, Any]], bytes]:
    """(the reports of a JSON file as trees, its bytes); raises UsageError where it is none."""
    return read_reports(path, code="no-baseline")


def past_of(tree: Mapping[str, Any], sha256: str) -> Past:
    """What a report's tree holds; raises UsageError where it is damaged."""
    try:
        return _past(tree, sha256)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            "no-baseline",
            "报告已损坏，缺少应有的内容",
            hint="请重新用 kehou check … -o json=文件 生成",
        ) from error


def _past(tree: Mapping[str, Any], sha256: str) -> Past:
    items: dict[str, Item] = {}
    rules: dict[str, Outcome] = {}
    judged: dict[str, Outcome] = {}
    only_read: dict[str, Mapping[str, Any]] = {}
    of_prose = bool(tree["submission"].get("prose"))
    for result in tree["results"]:
        rules[result["rule"]] = _settled(Outcome(result["outcome"]), of_prose)
        for f in result["findings"]:
            if Outcome(f["outcome"]) not in OPEN:
                names = _named(f["members"], f["fingerprint"], f["count"])
                only = bool(f.get("unconfirmed")) and Outcome(f["outcome"]) is Outcome.PASS
                outcome = Outcome.REVIEW if only else _settled(Outcome(f["outcome"]), of_prose)
                _note(judged, names, outcome)
                if only:
                    only_read |= dict.fromkeys(names, f["location"] or {})
                continue
            for one in f.get("members") or [f["fingerprint"][:SHORT]]:
                items[one] = Item(
                    result["rule"],
                    one,
                    Outcome(f["outcome"]),
                    result["title"],
                    f["message"],
                    marked(f["location"]),
                    f.get("found_shown") or {},
                    f["location"],
                    bool(f.get("unconfirmed")),
                )
    before = tree.get("memory") or {}
    changes = before.get("changes", [])
    fixed = {c["fingerprint"] for c in changes if c["state"] in CLOSED}
    fixed |= set(before.get("fixed_before", []))
    whose = tree["submission"]["school"]
    return Past(
        sha256,
        items,
        frozenset(fixed),
        rules,
        judged,
        whose["name"] or "",
        whose["id"] or "",
        only_read,
    )


def _settled(outcome: Outcome, of_prose: bool) -> Outcome:
    """What an outcome settles: that a rule does not apply is no more than not read in prose."""
    unread = of_prose and outcome is Outcome.NOT_APPLICABLE
    return Outcome.INSUFFICIENT if unread else outcome


def _named(members: Sequence[str], fingerprint: str, count: int) -> Sequence[str]:
    """The subjects of a finding by name: of several that were not listed, none is known."""
    return members or ([fingerprint[:SHORT]] if count == 1 else [])


def _note(judged: dict[str, Outcome], names: Sequence[str], outcome: str) -> None:
    """Of the slots of one row, the least favourable outcome counts, never the pass."""
    for one in names:
        said = Outcome(outcome)
        if one in judged:
            said = max(said, judged[one], key=_CAUTION.index)
        judged[one] = said


def items_of(report: Report) -> dict[str, Item]:
    """The open items of a report by fingerprint."""
    found: dict[str, Item] = {}
    for result in report.results:
        for finding in result.findings:
            if finding.outcome in OPEN:
                for one in _members(finding):
                    found[one] = _item(result, finding, one)
    return found


def _members(finding: Finding) -> Sequence[str]:
    return finding.members or (finding.fingerprint[:SHORT],)


def _item(result: RuleResult, finding: Finding, fingerprint: str) -> Item:
    place = finding.location
    where = marked(asdict(place)) if place is not None else ""
    return Item(result.rule, fingerprint, finding.outcome, result.title, finding.message, where)


def since(past: Past, report: Report) -> Memory:
    """What changed from an earlier report to this one."""
    now = items_of(report)
    judged: dict[str, Outcome] = {}
    of_prose = bool(report.submission.prose)
    for result in report.results:
        for f in result.findings:
            if f.outcome not in OPEN:
                only = f.unconfirmed and f.outcome is Outcome.PASS
                outcome = Outcome.REVIEW if only else _settled(f.outcome, of_prose)
                _note(judged, _named(f.members, f.fingerprint, f.count), outcome)
    rules = {r.rule: _settled(r.outcome, of_prose) for r in report.results}
    changes = tuple(_changes(past, now, judged, rules))
    return Memory(past.sha256, changes, tuple(sorted(past.fixed - set(now))))


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


def _changes(
    past: Past,
    now: Mapping[str, Item],
    judged: Mapping[str, Outcome],
    rules: Mapping[str, Outcome],
) -> Iterator[Change]:
    for one, item in now.items():
        before = past.items.get(one)
        fresh = "reopened" if one in past.fixed else "new"
        state = "open" if before is not None else fresh
        was = before.outcome if before else None
        yield Change(one, item.rule, item.title, state, was, item.outcome, item.message, item.place)
    for one, item in past.items.items():
        if one not in now:
            state, after = became(item.rule, one, judged, rules)
            yield Change(
                one, item.rule, item.title, state, item.outcome, after, item.message, item.place
            )


def became(
    rule: str, fingerprint: str, judged: Mapping[str, Outcome], rules: Mapping[str, Outcome]
) -> tuple[str, Outcome | None]:
    """(state, outcome) of what is no longer open."""
    outcome = judged.get(fingerprint)
    if outcome is not None:
        return _BECAME[outcome], outcome
    if rule not in rules:
        return "unjudged", None
    if rules[rule] is Outcome.NOT_APPLICABLE:
        return "gone", Outcome.NOT_APPLICABLE
    return "unseen", None


def between(past: Past, later: Past) -> Memory:
    """What changed from one report to a later one."""
    changes = tuple(_changes(past, later.items, later.judged, later.rules))
    return Memory(past.sha256, changes, tuple(sorted(past.fixed - set(later.items))))
