"""What two versions of kehou say differently of the same probes, by rule and clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.verdicts.judged import Found
from benchmarks.verdicts.scores import Scored

#: What is said of a rule that has nothing adverse.
NOTHING = "—"


def recorded(results: Iterable[Scored], bases: Mapping[str, Sequence[Found]]) -> dict[str, Any]:
    """Results and bases as JSON, to be held against those of another version."""
    return {
        "probes": {
            r.probe.ref: {
                "head": r.probe.head,
                "kind": "lawful" if r.probe.lawful else "breach",
                "wrong": list(r.wrong),
                "found": _found(r.found),
            }
            for r in results
        },
        "bases": {name: {"found": _found(found)} for name, found in bases.items()},
    }


def _found(found: Iterable[Found]) -> dict[str, Any]:
    return {
        each.rule: {
            "clauses": list(each.clauses),
            "severity": str(each.severity),
            "outcomes": [str(outcome) for outcome in each.outcomes],
            "subjects": {name: str(outcome) for name, outcome in sorted(each.subjects.items())},
            "message": each.message,
        }
        for each in sorted(found, key=lambda each: each.rule)
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Lines that tell which verdicts changed: rule by rule, then probes that came right or wrong.

    Only what both records hold is compared; how much else there is, is told last.
    """
    by_rule: dict[str, dict[tuple[str, str], list[str]]] = {}
    clauses: dict[str, list[str]] = {}
    righted: list[str] = []
    wronged: list[str] = []
    for part in ("probes", "bases"):
        for name in sorted(before[part].keys() & after[part].keys()):
            old, new = before[part][name], after[part][name]
            for rule in sorted(old["found"].keys() | new["found"].keys()):
                was, now = _worst(old, rule), _worst(new, rule)
                if was != now:
                    by_rule.setdefault(rule, {}).setdefault((was, now), []).append(name)
                    known = new["found"].get(rule) or old["found"][rule]
                    clauses[rule] = known["clauses"]
            if part == "probes" and bool(old["wrong"]) != bool(new["wrong"]):
                (wronged if new["wrong"] else righted).append(name)
    lines = []
    for rule in sorted(by_rule, key=lambda rule: (clauses[rule], rule)):
        lines.append(f"* {'、'.join(clauses[rule])} `{rule}`")
        for (was, now), names in sorted(by_rule[rule].items()):
            lines.append(f"  * {was} → {now}：{len(names)} 题（{'、'.join(names)}）")
    lines += [f"* 改对 {len(righted)} 题：{'、'.join(righted)}"] if righted else []
    lines += [f"* 改错 {len(wronged)} 题：{'、'.join(wronged)}"] if wronged else []
    if not lines:
        lines.append("* 没有一个结论改变")
    only = [
        len(one["probes"].keys() - other["probes"].keys())
        for one, other in ((before, after), (after, before))
    ]
    if any(only):
        lines.append(f"* 不能比较：只在前一版 {only[0]} 题，只在后一版 {only[1]} 题")
    return lines


def _worst(record: Mapping[str, Any], rule: str) -> str:
    found = record["found"].get(rule)
    return str(found["outcomes"][0]) if found and found["outcomes"] else NOTHING
