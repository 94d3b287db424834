"""Breaches that an inspector saw of what no rule decides: so many count, a clause each.

Report, opinion, summary, circular and notice count by this, so that they never differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kehou.model.outcomes import Outcome

#: Hexadecimal digits by which a finding is told apart (`kehou.checking.comparison.SHORT`).
_DIGITS: Final = 16
#: What is asked where no rule says how to put it right.
REMEDY: Final = "照所引条款整改，附上佐证；由检查人员再次核实"


def clause_breaches(notes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each clause that was seen broken the note of the latest look, in the order of the notes.

    ``notes`` are a report's, as its JSON has them. Of several looks that agree all that was seen
    and all that was kept stands in the one.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        if note["state"] == "recorded" and note["verdict"] == Outcome.FAIL:
            found.setdefault(note["rule"], []).append(note)
    told = []
    for looks in found.values():
        last = max(looks, key=lambda note: note.get("date", ""))
        told.append({**last, **{key: _joined(looks, key) for key in ("seen", "evidence")}})
    return told


def _joined(looks: Iterable[Mapping[str, Any]], key: str) -> str:
    return "；".join(dict.fromkeys(text for one in looks if (text := one[key])))


def name_of(clause: str) -> str:
    """What a breach of a clause is known by; of one submitter there is one."""
    return hashlib.sha256(f"recorded {clause}".encode()).hexdigest()[:_DIGITS]
