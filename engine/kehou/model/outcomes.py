"""Outcomes, severities, stages: the closed vocabularies that the whole of kehou speaks."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What a rule says of a subject; members stand in roll-up order, most adverse first."""

    ERROR = "error"
    FAIL = "fail"
    REVIEW = "review"
    INSUFFICIENT = "insufficient"
    NOT_JUDGED = "not_judged"
    WAIVED = "waived"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How grave a breach is; members stand most severe first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    ADVICE = "advice"


class Stage(StrEnum):
    """When a submission is looked at; what each is called, a pack says."""

    APPROVAL = "approval"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"


class Owner(StrEnum):
    """Whose gap a missing value is: whose the submission is, the authority's, or a visit's.

    Members stand in the order in which gaps of several are told.
    """

    SUBJECT = "subject"
    AUTHORITY = "authority"
    VISIT = "visit"


class ClauseStatus(StrEnum):
    """What carries a clause part (docs/architecture.md §5)."""

    AUTOMATED = "automated"
    PARTLY = "partly"
    MANUAL = "manual"
    PERMISSION = "permission"
    #: For somebody else than whose the submission is; the name is that of published formats.
    OTHER_ADDRESSEE = "not_for_schools"
    NOT_CHECKABLE = "not_checkable"
    PLANNED = "planned"


#: What became of attestations that count for nothing (`kehou.model.report.AttestationNote`).
NOT_ADOPTED: Final = frozenset({"not_yet", "expired", "conflict", "partial", "unused", "changed"})


def counted_items(findings: Iterable[tuple[str, str, bool]]) -> dict[str, Outcome]:
    """What is counted as one, and once: a rule, or a clause that an inspector saw broken.

    ``findings`` are (rule or clause, outcome, whether only a program read it); each counts by the
    gravest of its findings, as a report rolls a rule up. Every paper that says how many breaches,
    doubts and gaps there are counts so; where places are told, they are called places.
    """
    order = list(Outcome)
    found: dict[str, Outcome] = {}
    for name, outcome, unconfirmed in findings:
        here = counted_as(outcome, unconfirmed)
        found[name] = min(found.get(name, here), here, key=order.index)
    return found


def counted_as(outcome: str, unconfirmed: bool) -> Outcome:
    """The outcome that a finding counts as where something is decided or asked of somebody.

    A fail on what a program read from prose and nobody has confirmed is a doubt: a person looks.
    """
    return Outcome.REVIEW if unconfirmed and outcome == Outcome.FAIL else Outcome(outcome)
