"""What inspectors recorded of what no rule decides: items of a notice, known by their clause.

Only another attestation settles such an item: without one a re-check cannot tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kehou.checking import Past
from kehou.checking.comparison import SHORT, Item
from kehou.model.outcomes import Outcome, Severity

_REMEDY: Final = "照所引条款整改，附上佐证；由检查人员再次核实"


def breaches(
    report: Mapping[str, Any], areas: Sequence[str], whose: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(result, finding) of each breach that was recorded, as if a rule had found it.

    ``whose`` is what the submitter is called.
    """
    for note in _recorded(report):
        if note["verdict"] != Outcome.FAIL:
            continue
        area, clause = _cited(note["rule"], report, areas)
        result = {
            "rule": note["rule"],
            "title": clause["citation"],
            "severity": Severity.MINOR.value,
            "area": area,
            "clauses": [clause] if clause["quote"] else [],
        }
        yield (
            result,
            {
                "outcome": Outcome.FAIL.value,
                "fingerprint": name_of(note["rule"]),
                "members": [],
                "subject": {"label": whose},
                "message": note["seen"],
                "found": {},
                "required": {},
                "missing": [],
                "remedy": _REMEDY,
                "location": None,
            },
        )


def with_recorded(past: Past, tree: Mapping[str, Any]) -> Past:
    """What a report holds, with what was recorded beside the rules: breaches and passes."""
    items, judged = dict(past.items), dict(past.judged)
    for note in _recorded(tree):
        name = name_of(note["rule"])
        if note["verdict"] == Outcome.FAIL:
            items[name] = Item(
                note["rule"], name, Outcome.FAIL, note["rule"], note["seen"], note["evidence"]
            )
        elif note["verdict"] == Outcome.PASS and name not in items:
            judged[name] = Outcome.PASS
    for name in items:
        judged.pop(name, None)
    return replace(past, items=items, judged=judged)


def name_of(clause: str) -> str:
    """What an item of a clause is known by; of one submitter there is one."""
    return hashlib.sha256(f"recorded {clause}".encode()).hexdigest()[:SHORT]


def _recorded(report: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The attestations of clauses, of several of one clause the gravest first and alone."""
    notes = [n for n in report.get("attestations") or () if n["state"] == "recorded"]
    notes.sort(key=lambda note: note["verdict"] != Outcome.FAIL)
    seen = set()
    for note in notes:
        if note["rule"] not in seen:
            seen.add(note["rule"])
            yield note


def _cited(
    clause: str, report: Mapping[str, Any], areas: Sequence[str]
) -> tuple[str, dict[str, str]]:
    """The area of a clause and its words, where a rule of the report cites it."""
    for result in report["results"]:
        for one in result["clauses"]:
            if one["id"] == clause:
                return result["area"], {
                    "citation": one["citation"],
                    "quote": one["quote"],
                }
    return areas[0] if areas else "", {"citation": clause, "quote": ""}


__all__ = ["breaches", "name_of", "with_recorded"]
