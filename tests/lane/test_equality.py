"""The lane says what `check` says: a wrong pass of one in a hundred thousand harms a child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from benchmarks.field20.compare import differences, in_words
from benchmarks.field20.generate import make, text
from benchmarks.field20.reference import findings
from benchmarks.json_plans import written
from tests.support.share import is_whole

from kehou import packs
from kehou.lane import Judged, Lane, compile_lane
from kehou.model.outcomes import Outcome
from kehou.packs import Pack
from kehou.packs.casefiles import good_submission, patched, read_cases

Same = Callable[[Lane, bytes], Judged]


def test_field20_is_judged_as_the_reference_and_the_direct_engine_do(
    lane: Lane, same: Same
) -> None:
    slow = Counter[str]()
    for number in range(200):
        judged = same(lane, text(make(7, number)).encode())
        slow[judged.slow] += 1
        assert differences(in_words(judged.findings), findings(make(7, number))) == ([], [])
    assert slow == {"": 200}, "plans as a program writes them need no reader"
    assert lane.fallen_back == {}


def test_a_trusted_lane_says_the_same_of_valid_plans(field20: Pack, lane: Lane) -> None:
    trusted = compile_lane(field20, lane.stage, "2025-09-01", trusted=True)
    for number in range(100):
        plan = text(make(7, number)).encode()
        mine, theirs = trusted.judge(plan), lane.judge(plan)
        assert (mine.findings, trusted.tally(mine)) == (theirs.findings, lane.tally(theirs))


@pytest.mark.checkout
def test_the_cases_of_every_compiled_rule_of_field20(field20: Pack, same: Same) -> None:
    told, slow = _cases(field20, same, 1)
    assert slow == {""}
    assert told == {Outcome.PASS, Outcome.FAIL, Outcome.INSUFFICIENT}


@pytest.mark.checkout
def test_cases_of_the_rules_of_a_real_pack(same: Same) -> None:
    """Each eighth rule with all its cases; all rules where the whole suite is run."""
    pack = packs.load("bayannur-2021")
    told, _ = _cases(pack, same, 1 if is_whole() else 8)
    assert told >= {
        Outcome.PASS,
        Outcome.FAIL,
        Outcome.REVIEW,
        Outcome.INSUFFICIENT,
        Outcome.NOT_JUDGED,
    }


def _cases(pack: Pack, same: Same, step: int) -> tuple[set[Outcome], set[str]]:
    """The outcomes seen in a pack's cases, and why any went through the reader."""
    lanes: dict[tuple[str, str], Lane] = {}
    told: set[Outcome] = set()
    slow: set[str] = set()
    for rule in list(pack.rules.values())[::step]:
        file = read_cases(pack, rule)
        if not file.base:
            continue
        base = good_submission(pack, file.base).tree
        for case in file.cases[:: 1 if step == 1 else 3]:
            asked = case.stage, case.as_of or "2021-09-01"
            if asked not in lanes:
                lanes[asked] = compile_lane(pack, *asked)
            judged = same(lanes[asked], written(patched(base, case), pack.schema))
            slow.add(judged.slow)
            for of in lanes[asked].tally(judged).values():
                told.update(of)
    return told, slow
