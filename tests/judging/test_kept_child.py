"""One child judges many submissions, each as if it were the first; one that failed never again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from kehou.judging import keep_child, kept_child, rete
from kehou.judging.program import Program
from kehou.judging.second_try import SecondTry
from kehou.judging.worker import EngineDied
from kehou.model.outcomes import Outcome
from kehou.model.rules import KIND, Const, DecisionRule, FieldRef, Pattern
from kehou.model.rules import Test as Check

pytestmark = pytest.mark.skipif(
    not rete.available() or not hasattr(os, "fork"), reason="needs durable_rules and fork"
)
PASS, FAIL = Outcome.PASS, Outcome.FAIL


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    keeper = kept_child._Keeper()
    monkeypatch.setattr(kept_child, "_KEEPER", keeper)
    keep_child()
    yield
    keeper.end()


@pytest.fixture
def rules(make_rule: Any) -> Program:
    return Program([make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))])


def judged(rules: Program, base: Any) -> tuple[int, list[Outcome]]:
    """The child that judged, and what it said."""
    with rete.start(rules) as running:
        running.feed(base)
        (outcomes,) = running.outcomes().values()
        return running._worker._pid, outcomes


def test_what_one_submission_holds_is_not_seen_in_the_next(rules: Program, make_base: Any) -> None:
    first, found = judged(rules, make_base([{"n": 1}, {"n": 9}]))
    assert found == [PASS, FAIL]
    second, found = judged(rules, make_base([{"n": 9}]))
    assert found == [FAIL]
    third, found = judged(rules, make_base([{"n": 1}, {"n": 2}, {"n": 3}]))
    assert found == [PASS, PASS, PASS]
    assert first == second == third


def test_decisions_of_one_submission_are_not_those_of_the_next(
    rules: Program, make_base: Any
) -> None:
    rule = DecisionRule("r", (Pattern("v", "finding"),), None, None, "refer", "", 1)
    seen = []
    for count in (2, 0, 1):
        with rete.start(rules) as running:
            running.feed(make_base([{"n": 1}]))
            facts = [{KIND: "finding"}] * count
            seen.append((len(running.decide([rule], facts)), running._worker._pid))
    assert [found for found, _ in seen] == [2, 0, 1]
    assert len({child for _, child in seen}) == 1


def test_other_rules_get_a_child_of_their_own(
    rules: Program, make_rule: Any, make_base: Any
) -> None:
    others = Program([make_rule(Check(FieldRef("n"), "at_most", (Const(0),)))])
    first, found = judged(rules, make_base([{"n": 1}]))
    second, others_found = judged(others, make_base([{"n": 1}]))
    assert (found, others_found) == ([PASS], [FAIL])
    assert first != second


def test_a_child_that_died_while_it_waited_costs_no_answer(rules: Program, make_base: Any) -> None:
    child, _ = judged(rules, make_base([{"n": 1}]))
    os.kill(child, signal.SIGKILL)
    again = SecondTry(lambda: rete.start(rules))
    again.feed(make_base([{"n": 9}]))
    assert list(again.outcomes().values()) == [[FAIL]]
    again.close()


def test_a_child_that_failed_is_not_asked_again(
    rules: Program, make_base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rete, "judge", lambda loaded, rows, roots: ["nonsense"])
        with pytest.raises(EngineDied):
            judged(rules, make_base([{"n": 1}]))
    _, found = judged(rules, make_base([{"n": 1}]))
    assert found == [PASS]


def test_one_that_was_given_up_before_it_answered_is_ended(rules: Program, make_base: Any) -> None:
    with rete.start(rules) as running:
        running.feed(make_base([{"n": 1}]))
        given_up = running._worker._pid
    child, found = judged(rules, make_base([{"n": 9}]))
    assert child != given_up and found == [FAIL]


def test_a_child_is_renewed_after_so_many(
    rules: Program, make_base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_child, "MOST_USES", 2)
    children = [judged(rules, make_base([{"n": 1}]))[0] for _ in range(4)]
    assert children[0] == children[1] != children[2] == children[3]


def test_who_was_forked_leaves_its_parents_child_alone(rules: Program, make_base: Any) -> None:
    child, _ = judged(rules, make_base([{"n": 1}]))
    pid = os.fork()
    if pid == 0:
        try:
            other, _ = judged(rules, make_base([{"n": 1}]))
            os._exit(0 if other != child else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert judged(rules, make_base([{"n": 9}])) == (child, [FAIL])


def test_closing_twice_does_not_end_what_was_handed_on(rules: Program, make_base: Any) -> None:
    running = rete.start(rules)
    running.feed(make_base([{"n": 1}]))
    running.outcomes()
    running.close()
    running.close()
    assert judged(rules, make_base([{"n": 9}])) == (running._worker._pid, [FAIL])
