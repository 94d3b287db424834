"""Whose the gaps of a report are, in words and numbers alike in every format."""

from __future__ import annotations

from collections.abc import Mapping

from kehou.model.outcomes import Outcome, Owner
from kehou.model.report import Finding, MissingEvidence, Report, RuleResult

Words = Mapping[str, str]
#: Outcomes that come of a gap.
GAPS = (Outcome.INSUFFICIENT, Outcome.NOT_JUDGED)


def owner_of(finding: Finding) -> Owner | None:
    """Whose gap a finding is; of one that does not say so, as its outcome has it."""
    if finding.owner is None and finding.outcome in GAPS:
        insufficient = finding.outcome is Outcome.INSUFFICIENT
        return Owner.SUBJECT if insufficient else Owner.AUTHORITY
    return finding.owner


def owner_of_result(result: RuleResult) -> Owner | None:
    """Whose gap a rule's rolled-up outcome is, the first of several; None where it is no gap."""
    if result.outcome not in GAPS:
        return None
    found = {owner_of(f) for f in result.findings if f.outcome is result.outcome}
    default = Owner.SUBJECT if result.outcome is Outcome.INSUFFICIENT else Owner.AUTHORITY
    return next((owner for owner in Owner if owner in found), default)


def outcome_told(result: RuleResult, words: Words) -> str:
    """A rule's outcome, and of a gap whose it is: 未评（教育局载入）."""
    told, owner = words[f"outcome.{result.outcome.value}"], owner_of_result(result)
    return (
        told if owner is None else words["gap.told"].format(outcome=told, owner=named(owner, words))
    )


def named(owner: Owner, words: Words) -> str:
    """What is to be done about a gap, by whom: 学校补交."""
    return words[f"gap.{owner.value}"]


def counted(gaps: Mapping[str, int], words: Words) -> str:
    """The numbers of rules that wait for each, of those for whom any waits; "" for none."""
    told = [
        words["gap.counted"].format(owner=named(owner, words), n=gaps[owner.value])
        for owner in Owner
        if gaps[owner.value]
    ]
    return words["gap.counts"].format(counts=words["comma"].join(told)) if told else ""


def wanted(report: Report, owner: Owner) -> list[MissingEvidence]:
    """What is missing and one owner's to add, in the report's order."""
    return [item for item in report.missing_evidence if item.owner is owner]


def to_load(report: Report, words: Words, option: str = "") -> str:
    """One line on what the authority has to load; "" where there is nothing.

    The record of a visit that was not loaded is loaded by the authority too. ``option`` is what to
    say after each to load it, with ``{name}`` for the part's name.
    """
    unloaded = [item for item in wanted(report, Owner.VISIT) if item.path.count("/") == 1]
    items = [*wanted(report, Owner.AUTHORITY), *unloaded]
    if not items:
        return ""
    shown = [
        item.label + (option.format(name=item.path[1:]) if item.path.count("/") == 1 else "")
        for item in items
    ]
    labels = words["list"].join(dict.fromkeys(shown))
    rules = {rule for item in items for rule in item.settles}
    return words["gap.to_load"].format(
        owner=named(Owner.AUTHORITY, words), labels=labels, n=len(rules)
    )
