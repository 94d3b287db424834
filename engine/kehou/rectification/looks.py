"""What inspectors saw of the items of a notice: after it, it decides; before it, it does not.

That a sentence or a row is gone from the new material proves nothing; that somebody went there and
saw does. Of several looks those of the latest day count, and two of one day that contradict each
other settle nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kehou.checking.comparison import SHORT
from kehou.rectification.recorded import name_of

#: What a look, or several of one day, come to: its verdict, or why it decides nothing.
PASS, FAIL = "pass", "fail"
CONFLICT: Final = "conflict"
BEFORE: Final = "before"


@dataclass(frozen=True, slots=True)
class Look:
    """An attestation of one submitter as a re-check needs it; ``day`` is an ISO date.

    ``rule`` is a rule, or the clause where no rule decides; ``subjects`` are short fingerprints.
    """

    rule: str
    subjects: tuple[str, ...]
    verdict: str
    seen: str
    evidence: str
    office: str
    day: str


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks that are in force, and the day of the notice: after it they count."""

    all: Sequence[Look] = ()
    since: str = ""

    def at(self, rule: str, subject: str) -> tuple[str, list[Look]]:
        """What the looks at one subject come to, and those of the latest day; ("", []) if none."""
        mine = [one for one in self.all if one.rule == rule and subject in one.subjects]
        if not mine:
            return "", []
        day = max(one.day for one in mine)
        last = [one for one in mine if one.day == day]
        if day <= self.since:
            return BEFORE, last
        verdicts = {one.verdict for one in last}
        return verdicts.pop() if len(verdicts) == 1 else CONFLICT, last

    def told(self, rule: str, subjects: Sequence[str]) -> list[dict[str, str]]:
        """What a closure table says of the looks at the subjects of one item, each once."""
        found: list[dict[str, str]] = []
        for subject in subjects:
            kind, last = self.at(rule, subject)
            for one in last:
                row = {
                    "kind": kind,
                    "verdict": one.verdict,
                    "date": one.day,
                    "seen": one.seen,
                    "evidence": one.evidence,
                    "office": one.office,
                }
                if row not in found:
                    found.append(row)
        return found


def look_of(
    rule: str,
    clause: str,
    subject: str,
    members: Sequence[str],
    said: Mapping[str, str],
) -> Look:
    """A look by what an attestation names; ``said`` is the rest of it by the name of the field."""
    named = members or (subject,) if rule else (name_of(clause),)
    return Look(rule or clause, tuple(one[:SHORT] for one in named), **said)


def since_of(notice: Mapping[str, Any]) -> str:
    """The day after which a look is one at what was mended: that of the check behind the notice."""
    return str(notice.get("checked_on") or notice["as_of"])


__all__ = ["BEFORE", "CONFLICT", "FAIL", "PASS", "Look", "Looks", "look_of", "since_of"]
