"""Whatever befalls the child, the parent lives, says why, and keeps nothing of it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kehou.judging import rete, worker
from kehou.judging.rete import EngineDied
from kehou.model.outcomes import Outcome
from kehou.model.rules import KIND, Const, DecisionRule, FieldRef, Pattern
from kehou.model.rules import Test as Check

pytestmark = pytest.mark.skipif(
    not rete.available(), reason="durable_rules cannot be loaded on this Python"
)

Start = Callable[[], rete.Running]


@pytest.fixture
def start(make_rule: Any, make_base: Any) -> Start:
    rule = make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))
    base = make_base([{"n": 1}, {"n": 9}])
    return lambda: rete.start([rule], base)


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    before, theirs = descriptors(), children()
    yield
    assert descriptors() == before
    assert children() - theirs == set()


def children() -> set[str]:
    """The processes that this one started and has not seen end, those of other tests too."""
    lists = Path("/proc/self/task").glob("*/children")
    return {number for each in lists for number in each.read_text().split()}


def descriptors() -> set[str]:
    folder = Path("/proc/self/fd")
    return {entry.name for entry in folder.iterdir()} if folder.exists() else set()


def die(number: int) -> Callable[[], Any]:
    def engine() -> Any:
        os.kill(os.getpid(), number)
        time.sleep(30)

    return engine


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGSEGV, "SIGSEGV 终止（段错误）"),
        (signal.SIGKILL, "SIGKILL 终止（被强行结束，可能内存不足）"),
        (signal.SIGABRT, "SIGABRT 终止（异常中止）"),
        (signal.SIGTERM, "SIGTERM 终止（被要求结束）"),
    ],
)
def test_death_by_a_signal(
    start: Start, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    monkeypatch.setattr(rete, "_engine", die(number))
    with start() as running, pytest.raises(EngineDied, match=words) as caught:
        running.outcomes()
    assert caught.value.exit_code == 4


def test_death_inside_the_library(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the segmentation faults that the compiler keeps away from: a made-up offset."""

    def engine() -> Any:
        import durable_rules_engine

        durable_rules_engine.start_action_for_state(
            durable_rules_engine.create_ruleset("r", '{"r":{"all":[{"m":{"k":1}}]}}'), 10**6
        )

    monkeypatch.setattr(rete, "_engine", engine)
    with start() as running, pytest.raises(EngineDied, match="SIGSEGV"):
        running.outcomes()


def test_a_child_that_hangs_is_given_up(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rete, "_engine", lambda: time.sleep(30))
    begun = time.monotonic()
    with start() as running, pytest.raises(EngineDied, match=r"0\.2 秒没有动静"):
        running.outcomes(timeout=0.2)
    assert time.monotonic() - begun < 10


def test_a_child_that_does_not_take_in_what_it_is_sent_is_given_up() -> None:
    """Stopped between its answer and the facts, which are more than a pipe holds."""
    child = worker.fork(lambda: 1, lambda request: len(request))
    with child:
        assert child.answer(10) == 1
        os.kill(child._pid, signal.SIGSTOP)
        with pytest.raises(EngineDied, match=r"0\.2 秒没有动静"):
            child.ask(b"x" * 1_000_000, 0.2)


def test_what_is_more_than_a_pipe_holds_is_sent_whole() -> None:
    with worker.fork(lambda: 1, lambda request: len(request)) as child:
        assert child.answer(10) == 1
        child.ask(b"x" * 3_000_000)
        assert child.answer(10) == 3_000_000


def spin(seconds: float) -> Callable[[], Any]:
    """An engine that works for some seconds of processor time and then goes on."""
    real = rete._engine

    def engine() -> Any:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        return real()

    return engine


def test_a_child_that_works_without_end_is_given_up(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rete, "_engine", spin(3600))
    with start() as running, pytest.raises(EngineDied, match=r"0\.3 秒（处理器时间）没有算完"):
        running.outcomes(timeout=0.3)


def test_a_child_that_the_machine_lets_wait_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the clock it takes a hundred times what it may work; its work is all that counts."""

    def work() -> str:
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return "done"

    clock = time.monotonic
    with worker.fork(work, lambda request: None) as child:
        monkeypatch.setattr(worker, "monotonic", lambda: clock() * 1000)
        assert child.answer(3.0, silence=1e9) == "done"


def test_where_work_cannot_be_read_the_clock_decides_at_last(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rete, "_engine", spin(3600))
    monkeypatch.setattr(worker, "processor_seconds", lambda pid: None)
    with start() as running, pytest.raises(EngineDied, match="1 秒内没有答复"):
        running.outcomes(timeout=0.1)


def test_more_subjects_may_take_more_work(make_rule: Any, make_base: Any) -> None:
    """The limit follows what there is to do, so that no size of school runs into it."""
    asked: list[float] = []

    class Patient:
        def answer(self, work: float, silence: float | None = None) -> Any:
            asked.append(work)

        def ask(self, data: bytes) -> None:
            pass

        def fail(self, message: str) -> EngineDied:
            return EngineDied(message)

    rule = make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))
    for size in (1, 2000):
        base = make_base([{"n": 1}] * size)
        with pytest.raises(EngineDied, match="条数不对"):
            rete.Running(Patient(), [rule], base).outcomes()  # type: ignore[arg-type]
    assert asked[3] - asked[1] == pytest.approx(1999 * rete.PER_SUBJECT)


def test_an_exception_in_the_child(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise MemoryError("out of room")

    monkeypatch.setattr(rete, "_engine", broken)
    with start() as running, pytest.raises(EngineDied, match="MemoryError: out of room"):
        running.outcomes()


def test_a_library_that_cannot_be_loaded(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with start() as running, pytest.raises(EngineDied, match="ModuleNotFoundError"):
        running.outcomes()


@pytest.mark.parametrize("answer", [[], ["ap"], ["e"], ["exx"], [1], None, 3, {"e": 1}])
def test_an_answer_of_the_wrong_shape(
    start: Start, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(rete, "judge", lambda rules, rows, roots: answer)
    with start() as running, pytest.raises(EngineDied, match="条数不对"):
        running.outcomes()


@pytest.mark.parametrize("raw", [b"nonsense", b"[]", b"\xff"])
def test_an_answer_that_is_no_answer(
    start: Start, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    send = worker._send
    monkeypatch.setattr(worker, "_send", lambda fd, data: send(fd, raw))
    with start() as running, pytest.raises(EngineDied, match="答非所问"):
        running.outcomes()


def test_a_child_that_leaves_without_a_word(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rete, "_engine", lambda: os._exit(7))
    with start() as running, pytest.raises(EngineDied, match="返回码 7"):
        running.outcomes()


def test_a_dead_child_stays_dead(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rete, "_engine", die(signal.SIGKILL))
    with start() as running:
        for _ in range(3):
            with pytest.raises(EngineDied):
                running.outcomes()
        with pytest.raises(EngineDied, match="已经结束"):
            running.decide([], [])


def test_death_between_judging_and_deciding(start: Start) -> None:
    rule = DecisionRule("r", (Pattern("v", "finding"),), None, None, "refer", "", 1)
    with start() as running:
        running.outcomes()
        os.kill(running._worker._pid, signal.SIGKILL)
        with pytest.raises(EngineDied, match="SIGKILL"):
            running.decide([rule], [{KIND: "finding"}])


def test_two_sessions_of_one_child(start: Start) -> None:
    rule = DecisionRule("r", (Pattern("v", "finding"),), None, None, "refer", "", 1)
    with start() as running:
        for _ in range(3):
            assert running.outcomes() == {"t-rule": [Outcome.PASS, Outcome.FAIL]}
            assert running.decide([rule], [{KIND: "finding"}]) == {("r", ("0",))}


def test_facts_may_come_after_the_rules(make_rule: Any, make_base: Any) -> None:
    rule = make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))
    with rete.start([rule]) as running:
        running.feed(make_base([{"n": 1, "unread": object}, {"n": 9}]))
        assert running.outcomes() == {"t-rule": [Outcome.PASS, Outcome.FAIL]}


def test_death_before_the_facts_are_known(make_rule: Any, make_base: Any) -> None:
    rule = make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))
    with rete.start([rule]) as running:
        os.kill(running._worker._pid, signal.SIGKILL)
        running.feed(make_base([{"n": 1}]))
        with pytest.raises(EngineDied, match="SIGKILL"):
            running.outcomes()


def test_a_child_nobody_asked_is_ended(start: Start) -> None:
    running = start()
    running.close()
    running.close()
    with pytest.raises(EngineDied, match="已经结束"):
        running.outcomes()


def test_a_caller_that_ignores_its_children(start: Start) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with start() as running:
            assert running.outcomes()["t-rule"] == [Outcome.PASS, Outcome.FAIL]
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_no_process_to_be_had(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(EngineDied, match="不能启动"):
        start()


def test_two_hundred_runs_leave_no_trace(start: Start) -> None:
    """Zombies and descriptors are looked for after every test; here memory too."""

    def run(times: int) -> None:
        for _ in range(times):
            with start() as running:
                running.outcomes()
        gc.collect()

    run(20)
    before = resident()
    run(200)
    assert resident() - before < 2_000


def resident() -> int:
    """Resident memory in KB, 0 where /proc is not."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return int(status.read_text().split("VmRSS:")[1].split()[0])


def test_the_child_does_not_write_to_the_terminal(
    start: Start, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def noisy() -> Any:
        os.write(1, b"out")
        os.write(2, b"free(): invalid pointer")
        os.abort()

    monkeypatch.setattr(rete, "_engine", noisy)
    with start() as running, pytest.raises(EngineDied, match="SIGABRT"):
        running.outcomes()
    assert capfd.readouterr() == ("", "")


def test_where_a_process_cannot_be_forked(make_rule: Any, make_base: Any) -> None:
    rule = make_rule(Check(FieldRef("n"), "at_most", (Const(3),)))
    decision = DecisionRule("r", (Pattern("v", "finding"),), None, None, "refer", "", 1)
    base = make_base([{"n": 1}, {"n": 9}, {}])
    with rete.start([rule], base, forking=False) as running:
        assert running.outcomes()["t-rule"] == [Outcome.PASS, Outcome.FAIL, Outcome.INSUFFICIENT]
        assert running.decide([decision], [{KIND: "finding"}]) == {("r", ("0",))}
    with rete.start([rule], base, forking=False) as running:
        os.kill(running._worker._pid, signal.SIGSEGV)
        with pytest.raises(EngineDied, match="SIGSEGV"):
            running.outcomes()


def test_the_library_is_never_loaded_into_the_parent(start: Start) -> None:
    with start() as running:
        running.outcomes()
    assert rete.available() is True
    assert "durable_rules_engine" not in sys.modules


def test_where_the_library_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert rete.available() is False


def test_a_newer_python_asks_an_interpreter_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    assert rete.available() is True
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert rete.available() is False
