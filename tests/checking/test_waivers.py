"""Waivers: what a bureau excuses stays visible, ends when it ends, and never hides too much."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.cli import main
from kehou.errors import PackError, UsageError
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report

PLAN = """\
学校: {学校名称: 和平小学（示例）, 学段: [小学]}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
    - {类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: 18:31, 活动: 体育}
"""
RULE = "schedule-primary-end"
ENTRY = """\
waivers:
  - rule: schedule-primary-end
    subject: /plan/sessions/0
    outcome: fail
    reason: 冬季班车统一 18:31 发车
    office: 某旗县教育局（示例）
    until: 2021-12-31
"""


@cache
def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def checked(folder: Path, waivers: str | None) -> Report:
    plan = folder / "plan.yaml"
    plan.write_text(PLAN, "utf-8")
    file = None
    if waivers is not None:
        path = folder / "waivers.yaml"
        path.write_text(waivers, "utf-8")
        file = str(path)
    options = CheckOptions(packs=("bayannur-2021",), engine="direct", waivers=file)
    return check(str(plan), options, loaded())


def result(report: Report) -> tuple[Outcome, str]:
    found = next(r for r in report.results if r.rule == RULE)
    return found.outcome, found.findings[0].message


def test_a_waived_finding_keeps_its_words_and_says_why_by_whom_and_until_when(
    tmp_path: Path,
) -> None:
    before = result(checked(tmp_path, None))
    report = checked(tmp_path, ENTRY)
    assert before[0] is Outcome.FAIL
    assert result(report) == (Outcome.WAIVED, before[1])
    finding = next(r for r in report.results if r.rule == RULE).findings[0]
    assert finding.waiver is not None
    assert (finding.waiver.office, finding.waiver.until) == ("某旗县教育局（示例）", "2021-12-31")
    assert finding.location is not None
    assert report.waivers.notes == ()


def test_a_waived_breach_no_longer_sends_the_plan_back(tmp_path: Path) -> None:
    def reasons(report: Report) -> set[str]:
        assert report.decision is not None
        return {r.rule for r in report.decision.reasons}

    assert RULE in reasons(checked(tmp_path, None))
    assert RULE not in reasons(checked(tmp_path, ENTRY))


def test_the_day_it_ends_still_counts_and_the_day_after_the_finding_is_back(tmp_path: Path) -> None:
    last = checked(tmp_path, ENTRY.replace("2021-12-31", "2021-08-25"))
    after = checked(tmp_path, ENTRY.replace("2021-12-31", "2021-08-24"))
    assert result(last)[0] is Outcome.WAIVED
    assert result(after)[0] is Outcome.FAIL
    assert [(n.rule, n.state) for n in after.waivers.notes] == [(RULE, "expired")]


@pytest.mark.parametrize("day", ["2021年12月31日", "２０２１年１２月３１日", "2021.12.31"])
def test_its_last_day_may_be_written_as_people_write_days(day: str, tmp_path: Path) -> None:
    found, _ = result(checked(tmp_path, ENTRY.replace("2021-12-31", day)))
    assert found is Outcome.WAIVED


def test_one_that_matches_nothing_and_one_that_covers_all_are_told(tmp_path: Path) -> None:
    unused = checked(tmp_path, ENTRY.replace("/plan/sessions/0", "/plan/sessions/9"))
    assert [n.state for n in unused.waivers.notes] == ["unused"]
    broad = checked(tmp_path, ENTRY.replace("/plan/sessions/0", "'*'"))
    assert result(broad)[0] is Outcome.WAIVED
    assert [n.state for n in broad.waivers.notes] == ["broad"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("    reason: 冬季班车统一 18:31 发车\n", ""), "缺少 reason"),
        (("    until: 2021-12-31\n", ""), "缺少 until"),
        (("rule: schedule-primary-end", "rule: schedule-primry-end"), "schedule-primary-end"),
        (("outcome: fail", "outcome: pass"), "不能豁免"),
        (("rule: schedule-primary-end", "rule: procedure-voluntary-basis"), "文号"),
        (("until: 2021-12-31", "until: 明年"), "日期"),
    ],
)
def test_a_waiver_that_may_not_stand_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    with pytest.raises(PackError) as caught:
        checked(tmp_path, ENTRY.replace(*change))
    assert words in str(caught.value)
    assert "waivers.yaml:" in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, "utf-8")
    with pytest.raises(UsageError):
        check(str(plan), CheckOptions(packs=("bayannur-2021",), waivers="none.yaml"))


def test_a_waiver_of_one_pupil_does_not_excuse_the_others(tmp_path: Path) -> None:
    """Pupils whose papers lack the same thing stand in one finding."""
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "roster.csv").write_text(
        "学生编号,年级,首次参加日期\nX001,1,2021-09-06\nX002,1,2021-09-06\n", "utf-8"
    )
    rule = "procedure-application-signed"

    def judged(waivers: str | None) -> Report:
        options = CheckOptions(
            stage=Stage.INSPECTION,
            packs=("bayannur-2021",),
            engine="direct",
            on="2021-10-20",
            waivers=waivers,
        )
        return check(str(tmp_path), options, loaded())

    def outcome(report: Report) -> Outcome:
        return next(r for r in report.results if r.rule == rule).outcome

    results = judged(None).results
    [finding] = [f for r in results if r.rule == rule for f in r.findings if f.count == 2]
    file = tmp_path.parent / f"{tmp_path.name}.yaml"
    entry = ENTRY.replace("outcome: fail", "outcome: insufficient").replace(RULE, rule)
    entry += "    document: 示例〔2021〕1号\n"

    file.write_text(entry.replace("/plan/sessions/0", finding.subject.key), "utf-8")
    partly = judged(str(file))
    assert outcome(partly) is Outcome.INSUFFICIENT
    assert [note.state for note in partly.waivers.notes] == ["partial"]

    members = "".join(f"      - '{one}'\n" for one in finding.members)
    whole = entry.replace("/plan/sessions/0", finding.subject.key) + f"    members:\n{members}"
    file.write_text(whole, "utf-8")
    assert outcome(judged(str(file))) is Outcome.WAIVED


#: As a waiver is copied from a chat or a page: marks that nobody sees, letters of full width.
COPIED = {
    "rule": ("schedule-primary-end", "\u200eschedule-primary-end\u202c"),
    "subject": ("/plan/sessions/0", "/plan/sessions/0\u200b"),
    "outcome": ("outcome: fail", "outcome: \u2060fail"),
    "until": ("2021-12-31", "2021-12-31\u200f"),
    "a key": ("office:", "office\u200e:"),
    "full width": ("schedule-primary-end", "ｓchedule-primary-end"),
}


@pytest.mark.parametrize("what", COPIED)
def test_marks_that_nobody_sees_do_not_undo_a_waiver(tmp_path: Path, what: str) -> None:
    old, new = COPIED[what]
    assert old in ENTRY
    assert result(checked(tmp_path, ENTRY.replace(old, new)))[0] is Outcome.WAIVED


def test_the_school_of_a_waiver_is_compared_as_it_is_meant(tmp_path: Path) -> None:
    """Whose it is is a name too; another school's stays another's."""
    for whose, outcome in (
        ("和平小学（示例）\u200e", Outcome.WAIVED),
        ("和平\u200b小学（示例）", Outcome.WAIVED),
        ("太平小学（示例）", Outcome.FAIL),
    ):
        report = checked(tmp_path, f"{ENTRY}    school: '{whose}'\n")
        assert result(report)[0] is outcome, whose


def test_waivers_are_held_against_every_school_of_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One school alone of a folder, or all of it refused, would leave the bureau guessing."""
    for name, place in (("甲校", "first-check"), ("乙校", "junior-breaches")):
        shutil.copytree(f"examples/{place}", tmp_path / "各校" / name)
    (tmp_path / "各校" / "丙校").mkdir()
    (tmp_path / "各校" / "丙校" / "plan.yaml").write_text("学校：无", encoding="utf-8")
    file = tmp_path / "waivers.yaml"
    one = "{rule: %s, subject: x, outcome: fail, reason: 试, office: 示例局, until: 2099-01-01}"
    file.write_text("waivers: [%s]\n" % (one % "fee-collector"), encoding="utf-8")
    code = main.main(["waiver", "lint", str(file), "--against", str(tmp_path / "各校")])
    told = capsys.readouterr()
    assert code == 1 and "没有用到" in told.out and "丙校" in told.err, told
