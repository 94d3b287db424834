"""Leaving something out never makes a submission look better (issue of wrong passes).

Every adverse case of every rule loses, one at a time, each scalar that its rule read and one more
by chance; the rule may then fail, doubt or not tell, but it may not pass or stop applying, save
where the clause or the language makes it lawful. Each exception says why.
"""

from __future__ import annotations

import random
import re

import pytest
from tests.support import deletions
from tests.support.share import fraction

from kehou import packs

#: It reads the cases, which stay out of the wheel.
pytestmark = pytest.mark.checkout

#: Pointers of which the deletion says something else rather than less.
ANOTHER_STATEMENT = {
    r"/\d+$": "a list without one of its members is another list, not a missing value: a school "
    "whose levels are [primary] states that it has no junior level",
    r"/approximate$": "左右 is a flag that the reader sets; without it the time is exact "
    "(docs/language.md §2: such flags have a default and are never unknown)",
    r"^/(approval|inspection)/source$": "set by the reader, never by what is handed in",
}
#: (rule, field): why a rule may pass without the field.
LAWFUL = {
    (
        "schedule-early-pickup",
        "early_pickup_rule",
    ): "E.1-e1: 规定 not stated at all is the weaker breach of its own rule",
    (
        "schedule-extended-offered",
        "offered",
    ): "E.1-d1: a session of 延时托管 shows that it is offered; only the contradiction is gone",
    (
        "vendor-session-gate",
        "vendor_id",
    ): "the rule is on plans that say 是否引进机构: 否, which states that no session is a "
    "vendor's; only the contradiction is gone",
    (
        "safety-off-campus-gate",
        "venue_kind",
    ): "the rule is on plans that say 是否校外开展: 否, which states that no session is off "
    "campus; only the contradiction is gone",
}


def excused(pack: packs.Pack, rule: str, pointer: str) -> bool:
    field = pointer.rpartition("/")[2]
    if (rule, field) in LAWFUL or any(re.search(p, pointer) for p in ANOTHER_STATEMENT):
        return True
    # A reference that is left out refers to nothing, and two statements of which one is left out
    # do not differ (docs/language.md §2.22, docs/language.md §2.24); others ask for what must be.
    generated = pack.rules[rule]
    if not generated.pointer:
        return False
    return rule.startswith("conflict-") or any(
        name.rpartition(".")[2] == field for names in generated.closed.values() for name in names
    )


@pytest.mark.parametrize(("name", "at_least"), [("bayannur-2021", 1000), ("national-2023", 200)])
def test_deleting_a_scalar_never_turns_a_breach_or_a_doubt_into_a_pass(
    name: str, at_least: int
) -> None:
    pack = packs.load(name)
    tried = 0
    lost = []
    every = max(1, round(1 / fraction()))
    losses = deletions.losses(pack, random.Random(7), every)
    for rule, case, pointer, before, after, better in losses:
        tried += 1
        if better and not excused(pack, rule, pointer):
            lost.append(f"{rule} “{case}” without {pointer}: {before} became {after}")
    assert tried > at_least
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
