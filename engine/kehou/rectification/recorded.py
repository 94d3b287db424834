"""What inspectors recorded of what no rule decides: items of a notice, known by their clause.

Only another attestation settles such an item: without one a re-check cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kehou.checking import Past
from kehou.checking.comparison import Item
from kehou.model.clause_breaches import REMEDY, clause_breaches, name_of
from kehou.model.outcomes import Outcome, Severity


def breaches(
    report: Mapping[str, Any], areas: Sequence[str], whose: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(result, finding) of each breach that was recorded, as if a rule had found it.

    ``whose`` is what the submitter is called.
    """
    for note in clause_breaches(report.get("attestations") or ()):
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
                "remedy": REMEDY,
                "location": None,
            },
        )


def with_recorded(past: Past, tree: Mapping[str, Any]) -> Past:
    """What a report holds, with what was recorded beside the rules: breaches and passes."""
    items, judged = dict(past.items), dict(past.judged)
    notes = tree.get("attestations") or ()
    for note in clause_breaches(notes):
        name = name_of(note["rule"])
        items[name] = Item(
            note["rule"], name, Outcome.FAIL, note["rule"], note["seen"], note["evidence"]
        )
    for note in notes:
        if note["state"] == "recorded" and note["verdict"] == Outcome.PASS:
            judged[name_of(note["rule"])] = Outcome.PASS
    for name in items:
        judged.pop(name, None)
    return replace(past, items=items, judged=judged)


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
