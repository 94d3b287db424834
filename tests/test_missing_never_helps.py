"""Leaving something out never makes a submission look better (issue of wrong passes).

Every adverse case of every rule loses, one at a time, each scalar that its rule read and one more
by chance; the rule may then fail, doubt or not tell, but it may not pass or stop applying, save
where the clause or the language makes it lawful. Each exception says why.
"""

from __future__ import annotations

import random
import re

import pytest
from tests import deletions

from kehou import packs

#: It reads the cases, which stay out of the wheel.
pytestmark = pytest.mark.checkout

#: Pointers of which the deletion says something else rather than less.
ANOTHER_STATEMENT = {
    r"/\d+$": "a list without one of its members is another list, not a missing value: a school "
    "whose levels are [primary] states that it has no junior level",
    r"/approximate$": "左右 is a flag that the reader sets; without it the time is exact "
    "(language.md §2: such flags have a default and are never unknown)",
    r"^/(approval|inspection)/source$": "set by the reader, never by what is handed in",
}
#: (rule, field): why a rule may pass without the field.
LAWFUL = {
    ("schedule-early-pickup", "early_pickup_rule"):
        "E.1-e1: 规定 not stated at all is the weaker breach of its own rule",
    ("schedule-extended-offered", "offered"):
        "E.1-d1: a session of 延时托管 shows that it is offered; only the contradiction is gone",
    ("vendor-session-gate", "vendor_id"):
        "E.3.3-b gate: a session that names no vendor is the school's own",
    ("vendor-session-not-academic", "subject"):
        "data-model §3: 学科 goes with tutoring, qa and lessons; a vendor's tutoring without "
        "it is a review, a club without it is not academic",
    ("vendor-staff-not-academic", "subject"): "as vendor-session-not-academic",
    ("vendor-session-not-academic", "course_id"): "a session of no course and no vendor is its own",
    ("vendor-session-not-academic", "vendor_id"): "as vendor-session-gate",
    ("content-no-collective-lesson", "subject"): "data-model §3: not every session has one",
    ("observed-no-collective-lesson", "subject"): "as content-no-collective-lesson",
    ("procedure-not-forced-survey", "forced_rate"): "a questionnaire is the inspector's choice",
    ("procedure-not-forced-survey", "n"): "a questionnaire is the inspector's choice",
    ("staffing-vendor-staff-known", "vendor_id"): "staff that name no vendor are no vendor's",
    ("vendor-course-known", "vendor_id"): "a course that names no vendor is the school's own",
    ("vendor-session-known", "vendor_id"): "as vendor-session-gate",
    ("vendor-plan-removed", "status"): "状态 is written once a vendor was suspended or removed",
    ("safety-off-campus-gate", "venue_kind"):
        "E.3.2 gate: a session that names no place off campus is on campus",
}  # fmt: skip


def excused(rule: str, pointer: str) -> bool:
    field = pointer.rpartition("/")[2]
    return (rule, field) in LAWFUL or any(re.search(p, pointer) for p in ANOTHER_STATEMENT)


def test_deleting_a_scalar_never_turns_a_breach_or_a_doubt_into_a_pass() -> None:
    pack = packs.load("bayannur-2021")
    tried = 0
    lost = []
    for rule, case, pointer, before, after, better in deletions.losses(pack, random.Random(7), 1):
        tried += 1
        if better and not excused(rule, pointer):
            lost.append(f"{rule} “{case}” without {pointer}: {before} became {after}")
    assert tried > 1000
    assert not lost, "\n".join(lost)


def test_every_exception_is_needed() -> None:
    pack = packs.load("bayannur-2021")
    named = sorted({rule for rule, _ in LAWFUL})
    found = {
        (rule, pointer.rpartition("/")[2])
        for rule, _, pointer, _, _, better in deletions.losses(pack, random.Random(7), 0, named)
        if better
    }
    assert set(LAWFUL) <= found
