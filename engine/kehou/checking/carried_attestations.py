"""Attestations of a rule's counterpart in another pack, as of the rule of this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kehou.checking.attestations import SHORT, Attestation
from kehou.checking.subject_names import fingerprint
from kehou.facts import FactBase

#: What is to be told of an attestation carried over: that something did not come out.
CARRIED_TOLD = ("doubt", "no_effect", "conflict", "partial")


def carried_over(attestations: Sequence[Attestation], base: FactBase) -> list[Attestation]:
    """Attestations of a rule's counterpart as of the rule of this pack, subject by subject.

    Fingerprints are of a rule and its subject, so the same subject is looked up among all facts.
    """
    known: dict[str, dict[str, str]] = {}
    found = []
    for one in attestations:
        if one.rule not in known:
            known[one.rule] = {
                fingerprint(one.rule, fact)[:SHORT]: fingerprint(one.twin, fact)[:SHORT]
                for facts in base.entities.values()
                for fact in facts
            }
        here = known[one.rule]
        subject = here.get(one.subject[:SHORT], one.subject)
        members = tuple(here[m[:SHORT]] for m in one.members if m[:SHORT] in here)
        if not one.members and subject != one.subject:
            members = (subject,)
        if members or not one.members:
            found.append(replace(one, rule=one.twin, subject=subject, members=members, twin=""))
    return found
