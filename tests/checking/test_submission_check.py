"""One check end to end: dates, engines that die or differ, findings and their identity."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections.abc import Iterator
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import pytest

from kehou import data, packs
from kehou.checking import CheckOptions, check
from kehou.errors import KehouError, UsageError
from kehou.judging import rete
from kehou.model.outcomes import Outcome, Owner, Stage
from kehou.model.report import Finding, Report
from kehou.packs import DEFAULT_PACK
from kehou.packs import load as load_pack

BASE = """\
学校:
  学校标识码: '0000000001'
  学校名称: 和平小学（示例）
  旗县区: 临河区
  学段: [小学]
  寄宿制: 否
  办学性质: 公办
  年级:
    - {年级: 1, 学段: 小学, 学生数: 60, 班级数: 2}
    - {年级: 2, 学段: 小学, 学生数: 58, 班级数: 2}
方案:
  服务开始日期: 2021-09-06
  服务结束日期: 2022-01-14
  学期结束日期: 2022-01-14
  报送日期: 2021-08-25
  是否引进机构: 否
  服务时段:
    - {类别: 下午课后服务, 年级: 1-2, 星期: 1-5, 作息季: 全年,
       开始时间: 16:30, 结束时间: 17:30, 活动: 作业}
    - {类别: 下午课后服务, 年级: 1-2, 星期: 1-5, 作息季: 全年,
       开始时间: 17:30, 结束时间: 18:31, 活动: 体育}
收费:
  收费方式: 免费
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(BASE, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _needs_network() -> Iterator[None]:
    if not rete.available():
        pytest.skip("durable_rules is not installed here")
    yield


def options(**changes: Any) -> CheckOptions:
    return CheckOptions(**changes)


def findings(report: Report, rule: str) -> tuple[Finding, ...]:
    return next(r.findings for r in report.results if r.rule == rule)


def outcome(report: Report, rule: str) -> Outcome:
    return next(r.outcome for r in report.results if r.rule == rule)


def test_a_late_end_is_one_finding_at_its_line_however_many_grades_and_days(plan: Path) -> None:
    (late,) = [
        f for f in findings(check(str(plan)), "schedule-primary-end") if f.outcome is Outcome.FAIL
    ]
    assert late.location is not None
    assert (late.location.file, late.location.line) == ("plan.yaml", 21)
    assert late.count == 2 * 5 * 2  # two grades, five days, two seasons
    assert late.found["end"] == "18:31"
    assert late.required["end"] == {"at_most": "18:30"}
    assert late.subject.pointer == "/plan/sessions/1"
    assert "18:31" in late.message and "18:30" in late.remedy


def test_both_engines_ran_and_the_report_says_so(plan: Path) -> None:
    assert check(str(plan)).run.cross_checked
    assert not check(str(plan), options(engine="direct")).run.cross_checked
    assert not check(str(plan), options(engine="rete")).run.cross_checked


def test_each_engine_alone_gives_the_same_outcomes(plan: Path) -> None:
    by_engine = [
        {r.rule: r.outcome for r in check(str(plan), options(engine=engine)).results}
        for engine in ("both", "direct", "rete")
    ]
    assert by_engine[0] == by_engine[1] == by_engine[2]


@pytest.mark.parametrize("death", [signal.SIGSEGV, signal.SIGKILL])
def test_a_child_killed_in_mid_check_leaves_a_complete_report_of_errors(
    plan: Path, monkeypatch: pytest.MonkeyPatch, death: signal.Signals
) -> None:
    start = rete.start

    def doomed(*args: Any, **kwargs: Any) -> rete.Running:
        running = start(*args, **kwargs)
        os.kill(running._worker._pid, death)
        return running

    whole = check(str(plan))
    monkeypatch.setattr(rete, "start", doomed)
    report = check(str(plan))
    assert [r.rule for r in sorted(report.results, key=lambda r: r.rule)] == sorted(
        r.rule for r in whole.results
    )
    judged = [r for r in report.results if r.findings and r.outcome is not Outcome.NOT_APPLICABLE]
    assert {r.outcome for r in judged} == {Outcome.ERROR}
    assert all(f.message for r in judged for f in r.findings)
    assert report.decision is not None and report.decision.value == "refer"
    assert report.submission.faults and not report.run.cross_checked
    assert report.run.single_engine == "failed"
    # What the direct engine found stands beside, rule by rule, and is not taken for a finding.
    ended = next(r for r in judged if r.rule == "schedule-primary-end")
    said = "".join(f.message for f in ended.findings)
    assert "没有互相核对" in said and "不符合 " in said
    assert str(death.name) in said


def test_a_child_that_is_lost_once_is_begun_anew(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody ended it, the machine had no memory for a moment: the second child answers."""
    start = rete.start
    begun: list[int] = []

    def doomed_at_first(*args: Any, **kwargs: Any) -> rete.Running:
        running = start(*args, **kwargs)
        begun.append(running._worker._pid)
        if len(begun) == 1:
            os.kill(running._worker._pid, signal.SIGKILL)
        return running

    whole = check(str(plan))
    monkeypatch.setattr(rete, "start", doomed_at_first)
    report = check(str(plan))
    assert len(begun) == 2
    assert report.run.cross_checked
    assert report.results == whole.results and report.decision == whole.decision


def test_a_child_lost_between_judging_and_deciding_is_begun_anew(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = rete.Running.decide
    killed: list[int] = []

    def late(self: rete.Running, *args: Any) -> Any:
        if not killed:
            killed.append(self._worker._pid)
            os.kill(self._worker._pid, signal.SIGKILL)
        return decide(self, *args)

    whole = check(str(plan))
    monkeypatch.setattr(rete.Running, "decide", late)
    report = check(str(plan))
    assert killed and report.run.cross_checked
    assert report.results == whole.results and report.decision == whole.decision


def test_no_child_at_all_leaves_a_report_of_errors(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fork() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    report = check(str(plan))
    assert {r.outcome for r in report.results if r.findings} == {Outcome.ERROR}
    assert not report.run.cross_checked


def test_engines_that_differ_give_an_error_with_both_answers(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rete.Running.outcomes

    def lying(self: rete.Running, timeout: float = 20.0) -> dict[str, list[Outcome]]:
        found = {rule: list(outcomes) for rule, outcomes in real(self, timeout).items()}
        found["schedule-primary-end"] = [Outcome.PASS] * len(found["schedule-primary-end"])
        return found

    monkeypatch.setattr(rete.Running, "outcomes", lying)
    report = check(str(plan))
    wrong = [f for f in findings(report, "schedule-primary-end") if f.outcome is Outcome.ERROR]
    assert outcome(report, "schedule-primary-end") is Outcome.ERROR
    assert any("fail" in f.message and "pass" in f.message for f in wrong)


def test_without_any_date_the_way_out_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("学校: {学校名称: 和平小学（示例）}\n方案: {方案名称: 示例方案}\n", "utf-8")
    with pytest.raises(UsageError) as caught:
        check(str(path))
    assert "--as-of" in caught.value.hint
    assert check(str(path), options(as_of="2021-09-01")).run.as_of == "2021-09-01"


def test_the_term_gives_the_date_where_the_start_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    school = "学校: {学校名称: 和平小学（示例）}\n"
    path.write_text(school + "方案: {学年: 2021-2022, 学期: 秋季}\n", "utf-8")
    assert check(str(path)).run.as_of == "2021-09-01"


def test_moving_and_commenting_lines_keeps_every_fingerprint(plan: Path, tmp_path: Path) -> None:
    before = check(str(plan))
    lines = BASE.splitlines()
    sessions = [i for i, line in enumerate(lines) if "类别:" in line]
    swapped = list(lines)
    swapped[sessions[0]], swapped[sessions[1]] = lines[sessions[1]], lines[sessions[0]]
    other = tmp_path / "改名.yaml"
    other.write_text("# 说明\n\n" + "\n".join(swapped) + "\n", "utf-8")
    after = check(str(other))

    def adverse(report: Report) -> set[tuple[str, str]]:
        return {
            (r.rule, f.fingerprint)
            for r in report.results
            for f in r.findings
            if f.outcome in (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
            and f.subject.entity in ("session", "submission")
        }

    assert adverse(before) == adverse(after)


def test_an_invalid_value_makes_only_what_needs_it_an_error(plan: Path) -> None:
    plan.write_text(BASE.replace("结束时间: 18:31", "结束时间: 傍晚"), "utf-8")
    report = check(str(plan))
    assert outcome(report, "schedule-primary-end") is Outcome.ERROR
    assert [f.path for f in report.submission.faults] == ["/plan/sessions/1/end"]
    assert report.submission.faults[0].label == "实施方案·服务时段第2项·结束时间"
    assert outcome(report, "schedule-weekdays") is Outcome.PASS


def test_what_to_hand_in_next_is_ranked_by_the_rules_it_settles(plan: Path) -> None:
    missing = check(str(plan)).missing_evidence
    assert missing
    owners = [m.owner for m in missing]
    assert owners == sorted(owners, key=list(Owner).index)
    for owner in Owner:
        counts = [len(m.settles) for m in missing if m.owner is owner]
        assert counts == sorted(counts, reverse=True)
    known = {r.id for r in packs.load().rules.values()}
    assert {rule for m in missing for rule in m.settles} <= known


def test_outside_approval_there_is_no_decision(plan: Path) -> None:
    report = check(str(plan), options(stage=Stage.INSPECTION))
    assert report.decision is None


def test_the_policy_text_is_the_one_the_notes_name() -> None:
    import hashlib

    with as_file(data.rules().joinpath("bayannur-2021").joinpath("source.txt")) as path:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == "803e905729a4db4e418559428bf5f1bb4884f2a09346ed723661aea7d8c4f93a"


def test_a_check_leaves_nothing_to_the_collector() -> None:
    """All facts go at once; a batch would otherwise look at them again, or keep them."""
    options = CheckOptions(packs=(DEFAULT_PACK,), engine="direct")
    shelf = {DEFAULT_PACK: load_pack(DEFAULT_PACK)}
    base = Path(str(shelf[DEFAULT_PACK].root)) / "base.yaml"
    check(str(base), options, shelf)  # what is imported or remembered is so now
    gc.collect()
    gc.disable()
    try:
        check(str(base), options, shelf)
        assert gc.collect() < 100
    finally:
        gc.enable()


@pytest.mark.parametrize("collecting", [True, False])
@pytest.mark.parametrize("path", ["base", "nowhere.yaml"])
def test_the_collector_is_as_it_was_after_a_check(collecting: bool, path: str) -> None:
    shelf = {DEFAULT_PACK: load_pack(DEFAULT_PACK)}
    found = Path(str(shelf[DEFAULT_PACK].root)) / "base.yaml" if path == "base" else path
    (gc.enable if collecting else gc.disable)()
    try:
        with contextlib.suppress(KehouError):
            check(str(found), CheckOptions(engine="direct"), shelf)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


def test_a_report_says_the_period_that_the_submission_is_of(plan: Path) -> None:
    def period() -> Any:
        return check(str(plan), CheckOptions(engine="direct")).submission.period

    assert period() == {}
    plan.write_text(BASE.replace("方案:\n", "方案:\n  学年: 2021-2022\n  学期: 秋季\n"), "utf-8")
    assert period() == {
        "zh": {"学年": "2021—2022学年", "学期": "秋季学期"},
        "en": {"school year": "school year 2021-2022", "term": "autumn term"},
    }
