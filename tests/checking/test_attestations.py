"""What inspectors saw settles what could not be told, and never hides a computed breach."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from tests.support.formats import WITH_NOTES

from kehou import packs
from kehou.checking import CheckOptions, attestations, check
from kehou.cli.main import main
from kehou.errors import PackError, UsageError
from kehou.library import render_report
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report, RuleResult
from kehou.render.words import catalogue, statement, table

PLAN = """\
学校: {{学校标识码: "1508020001", 学校名称: 和平小学（示例）, 学段: [小学]}}
方案:
  服务开始日期: 2021-09-06
  报送日期: 2021-08-25
  服务时段:
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: {end}, 活动: 体育}}
"""
RULE = "schedule-primary-end"
SUBJECT = "/plan/sessions/0"
ENTRY = {
    "school": "1508020001",
    "rule": RULE,
    "subject": SUBJECT,
    "verdict": "符合",
    "seen": "当日18:25全部离校",
    "evidence": "门卫登记第3页",
    "office": "某旗县教育局（示例）",
    "date": "2021-10-20",
    "until": "2022-01-20",
}


@cache
def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def checked(
    folder: Path, end: str, *entries: Mapping[str, object], on: str = "2021-10-20"
) -> Report:
    plan = folder / "plan.yaml"
    plan.write_text(PLAN.format(end=end), "utf-8")
    file = folder / "attestations.json"
    file.write_text(json.dumps({"attestations": entries}), "utf-8")
    options = CheckOptions(
        packs=("bayannur-2021",), engine="direct", on=on, attestations=(str(file),)
    )
    return check(str(plan), options, loaded())


def result(report: Report, rule: str = RULE) -> RuleResult:
    return next(r for r in report.results if r.rule == rule)


def states(report: Report) -> list[str]:
    return [note.state for note in report.attestations.notes]


def test_an_inspector_settles_a_doubt_and_the_report_says_who_saw_what(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:30左右", ENTRY)
    assert result(report).outcome is Outcome.PASS
    [finding] = [f for f in result(report).findings if f.attestation]
    assert finding.attestation is not None
    assert finding.attestation.before is Outcome.REVIEW
    assert finding.message == "检查人员核实：当日18:25全部离校"
    assert finding.remedy == "", "nothing is asked of what passes"
    assert states(report) == ["settled"]


@pytest.mark.parametrize("key", ["school", "subject", "verdict", "seen", "office", "date", "until"])
def test_what_is_left_blank_is_told_and_the_entry_not_dropped_in_silence(
    tmp_path: Path, key: str
) -> None:
    with pytest.raises(PackError) as told:
        checked(tmp_path, "18:30左右", {**ENTRY, key: "\u200b "})
    assert [message for _, message, _ in told.value.faults] == [f"缺少 {key}"]


def test_the_tables_tell_a_pass_by_an_inspectors_word_from_a_computed_one(tmp_path: Path) -> None:
    words = catalogue.load("zh")
    [row] = [r for r in table.rows(checked(tmp_path, "18:30左右", ENTRY), words) if r[-1] == RULE]
    assert "检查人员核实：当日18:25全部离校" in "".join(row)
    [row] = [r for r in table.rows(checked(tmp_path, "18:30", ENTRY), words) if r[-1] == RULE]
    assert "检查人员核实" not in "".join(row)


def test_a_doubt_that_an_inspector_confirms_is_a_breach(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:30左右", {**ENTRY, "verdict": "不符合"})
    assert result(report).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("own", "remedy", "expected"),
    [
        ("", "请核实；确有讲新课的立即停止", "确有讲新课的立即停止"),
        ("", "请说明课程的内容和对象，或改为综合素质拓展类课程", "改为综合素质拓展类课程"),
        ("", "请核实并立即停止该机构到校服务", "立即停止该机构到校服务"),
        (
            "请调整到18:30以前",
            "请调整到{limit}以前",
            "请调整到18:30以前",
        ),
        ("", "请调整到{limit}以前", "照所引条款整改，附上佐证；由检查人员再次核实"),
        ("", "", "照所引条款整改，附上佐证；由检查人员再次核实"),
    ],
)
def test_what_an_inspector_saw_is_asked_to_be_mended_and_not_to_be_verified(
    tmp_path: Path, own: str, remedy: str, expected: str
) -> None:
    """A notice that says “请核实” of what was seen, or says nothing, gets nothing mended."""
    [open_] = result(checked(tmp_path, "18:40")).findings
    # What a program read from prose, if its own remedy is filled; else what nobody could tell.
    before = Outcome.FAIL if own else Outcome.REVIEW
    open_ = replace(open_, outcome=before, remedy=own, unconfirmed=bool(own))
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"attestations": [{**ENTRY, "verdict": "不符合"}]}), "utf-8")
    seen = attestations.load(str(file), loaded()["bayannur-2021"].rules)
    told, _ = attestations.apply({RULE: [open_]}, seen, "2021-10-20", {RULE: remedy})
    assert [(f.outcome, f.remedy) for f in told[RULE]] == [(Outcome.FAIL, expected)]


def test_the_opinion_calls_rules_by_title_and_names_no_file_of_the_office(tmp_path: Path) -> None:
    """A school has neither that file nor a use for its lines."""
    report = checked(tmp_path, "18:30左右", ENTRY, of_clause("符合", "2021-10-20"))
    words = catalogue.of_reports([report], "zh")
    told = "".join(statement.waiver_notes(report, words, placed=False))
    assert "小学课后服务结束时间不晚于18:30" in told
    assert "“五、保障措施”（四）第2句" in told
    assert "某旗县教育局（示例）" in told and "2021-10-20" in told
    assert not any(word in told for word in (RULE, CLAUSE, ".json", "attestations"))


def test_a_computed_breach_stands_whatever_an_inspector_says(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:31", ENTRY)
    assert result(report).outcome is Outcome.FAIL
    assert states(report) == ["no_effect"]


def test_a_breach_seen_where_the_papers_are_in_order_is_looked_at(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:30", {**ENTRY, "verdict": "不符合", "seen": "18:40才放学"})
    assert result(report).outcome is Outcome.REVIEW
    assert states(report) == ["doubt"]


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2021-10-19", "not_yet"),
        ("2021-10-20", "settled"),
        ("2022-01-20", "settled"),
        ("2022-01-21", "expired"),
    ],
)
def test_it_holds_from_its_day_to_its_last_and_no_longer(
    tmp_path: Path, on: str, state: str
) -> None:
    report = checked(tmp_path, "18:30左右", ENTRY, on=on)
    assert states(report) == [state]
    assert (result(report).outcome is Outcome.REVIEW) is (state != "settled")


def test_two_inspectors_who_disagree_settle_nothing(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:30左右", ENTRY, {**ENTRY, "verdict": "不符合"})
    assert result(report).outcome is Outcome.REVIEW
    assert states(report) == ["conflict", "conflict"]  # each with its day and evidence


CLAUSE = "F.4-g"


def of_clause(verdict: str, day: str, subject: str = f"bayannur-2021/{CLAUSE}") -> dict[str, str]:
    """What was seen of the part of a clause that no rule covers."""
    kept = {key: value for key, value in ENTRY.items() if key != "rule"}
    said = {"clause": CLAUSE, "subject": subject, "seen": f"{day}所见"}
    return kept | said | {"verdict": verdict, "date": day, "until": "2022-06-30"}


@pytest.mark.parametrize("days", [("2021-10-20", "2021-12-02"), ("2021-10-20", "2021-10-20")])
def test_of_a_clause_too_those_who_contradict_each_other_settle_nothing(
    tmp_path: Path, days: tuple[str, str]
) -> None:
    """Else a circular names a school for what another look says is mended (docs/inspection.md)."""
    entries = [of_clause("不符合", days[0]), of_clause("符合", days[1], "整所学校")]
    report = checked(tmp_path, "18:30", *entries, on="2021-12-10")
    assert states(report) == ["conflict", "conflict"]
    told = statement.waiver_notes(report, catalogue.of_reports([report], "zh"))
    assert all("几份核实结论不一致" in line and "都不采用" in line for line in told)
    assert all("“五、保障措施”（四）第2句中规则没有涵盖的部分" in line for line in told)
    assert [day in line for day, line in zip(days, told, strict=True)] == [True, True]


def test_after_a_notice_the_latest_look_at_a_clause_counts(tmp_path: Path) -> None:
    """docs/rectification.md: of looks after the notice that of the latest day, of one day none."""
    file = tmp_path / "a.json"
    first, later = of_clause("不符合", "2021-10-20"), of_clause("符合", "2021-12-02", "整所学校")
    for entries, expected in (
        ((first, later), [Outcome.PASS]),
        ((first, later, of_clause("不符合", "2021-12-02")), []),
    ):
        file.write_text(json.dumps({"attestations": entries}), "utf-8")
        seen = attestations.load(str(file), loaded()["bayannur-2021"].rules)
        _, notes = attestations.apply({}, seen, "2021-12-10", since="2021-10-20")
        assert [note.verdict for note in notes if note.state == "recorded"] == expected


def test_another_schools_attestation_is_not_this_schools(tmp_path: Path) -> None:
    report = checked(tmp_path, "18:30左右", {**ENTRY, "school": "1508020002"})
    assert result(report).outcome is Outcome.REVIEW
    assert states(report) == []


def test_an_attestation_of_one_subject_does_not_settle_several(tmp_path: Path) -> None:
    """The pupils whose papers lack the same thing stand in one finding."""
    (tmp_path / "roster.csv").write_text(
        "学生编号,年级,首次参加日期\nX001,1,2021-09-06\nX002,1,2021-09-06\n", "utf-8"
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.format(end="18:30"), "utf-8")
    options = CheckOptions(
        stage=Stage.INSPECTION, packs=("bayannur-2021",), engine="direct", on="2021-10-20"
    )
    rule = "procedure-application-signed"
    first = check(str(tmp_path), options, loaded())
    [finding] = [f for f in result(first, rule).findings if f.outcome is Outcome.INSUFFICIENT]
    assert len(finding.members) == 2

    def outcome(members: list[str]) -> tuple[Outcome, list[str]]:
        file = tmp_path.parent / f"{tmp_path.name}.json"
        entry = {**ENTRY, "rule": rule, "subject": finding.fingerprint, "members": members}
        file.write_text(json.dumps({"attestations": [entry]}), "utf-8")
        again = CheckOptions(
            stage=options.stage,
            packs=options.packs,
            engine="direct",
            on="2021-10-20",
            attestations=(str(file),),
        )
        report = check(str(tmp_path), again, loaded())
        return result(report, rule).outcome, states(report)

    assert outcome(list(finding.members)) == (Outcome.PASS, ["settled"])
    assert outcome([finding.members[0]]) == (Outcome.INSUFFICIENT, ["partial"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evidence": None}, "佐证"),
        ({"rule": "schedule-primary-ends"}, "schedule-primary-end"),
        ({"verdict": "大致符合"}, "不符合"),
        ({"until": "2021-10-19"}, "早于核实日期"),
        ({"seen": None}, "缺少 seen"),
        ({"date": "10月20日"}, "2021-09-01"),
    ],
)
def test_a_bad_entry_is_told_with_its_place(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    entry = {k: v for k, v in {**ENTRY, **change}.items() if v is not None}
    with pytest.raises(PackError, match=r"attestations\.json:1") as error:
        checked(tmp_path, "18:30", entry)
    assert told in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有的文件"):
        options = CheckOptions(packs=("bayannur-2021",), attestations=("没有的文件.yaml",))
        (tmp_path / "plan.yaml").write_text(PLAN.format(end="18:30"), "utf-8")
        check(str(tmp_path / "plan.yaml"), options, loaded())


@pytest.mark.parametrize("form", WITH_NOTES)
def test_every_format_tells_what_was_settled(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.format(end="18:30左右"), "utf-8")
    file = tmp_path.parent / f"{tmp_path.name}.yaml"
    file.write_text(json.dumps({"attestations": [ENTRY]}), "utf-8")
    main(
        [
            "check",
            str(tmp_path),
            "--on",
            "2021-10-20",
            "--engine",
            "direct",
            "-o",
            form,
            "--attestations",
            str(file),
        ]
    )
    assert "当日18:25全部离校" in capsys.readouterr().out


def dated(folder: Path, stage: Stage, record: str, *days: str) -> Report:
    """A check without --on: a plan with what stands beside it, seen on these days."""
    (folder / "plan.yaml").write_text(PLAN.format(end="18:30左右") + record, "utf-8")
    entries = [{**ENTRY, "date": day, "until": "2022-06-30"} for day in days]
    file = folder.parent / f"{folder.name}.json"
    file.write_text(json.dumps({"attestations": entries}), "utf-8")
    options = CheckOptions(
        packs=("bayannur-2021",), engine="direct", stage=stage, attestations=(str(file),)
    )
    return check(str(folder), options, loaded())


def test_an_inspection_without_a_date_is_of_the_latest_day_that_anyone_saw(tmp_path: Path) -> None:
    """Else what was seen in November counts for nothing, the plan being of August."""
    report = dated(tmp_path, Stage.INSPECTION, "", "2021-11-17", "2021-10-20")
    assert (report.run.check_date, report.run.check_date_from) == ("2021-11-17", "attestations")
    assert "not_yet" not in states(report)
    assert "取最晚的核实日期" in statement.check_date(report, catalogue.load("zh"))


def test_the_inspection_record_says_the_date_before_any_attestation(tmp_path: Path) -> None:
    record = "检查记录: {检查日期: 2021-10-25}\n"
    report = dated(tmp_path, Stage.INSPECTION, record, "2021-10-20")
    assert (report.run.check_date, report.run.check_date_from) == ("2021-10-25", "field")
    assert "取自检查记录·检查日期" in statement.check_date(report, catalogue.load("zh"))


def test_a_plan_is_judged_on_the_day_it_was_filed_whoever_went_later(tmp_path: Path) -> None:
    report = dated(tmp_path, Stage.APPROVAL, "", "2021-10-20")
    assert (report.run.check_date, report.run.check_date_from) == ("2021-08-25", "field")


def test_attestations_that_come_too_late_are_told_at_the_top_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = "检查记录: {检查日期: 2021-10-25}\n"
    report = dated(tmp_path, Stage.INSPECTION, record, "2021-11-17", "2021-10-20")
    [told] = statement.foremost(report, catalogue.load("zh"))
    assert told.startswith("有1项核实没有采用") and "--on 2021-11-17" in told
    text = render_report(report)
    assert text.index("--on 2021-11-17") < text.index("→ 缺的材料")
    for form in ("html", "github", "junit", "oscal"):
        assert "--on 2021-11-17" in render_report(report, form), form
    again = CheckOptions(
        packs=("bayannur-2021",),
        engine="direct",
        stage=Stage.INSPECTION,
        on="2021-11-17",
        attestations=(str(tmp_path.parent / f"{tmp_path.name}.json"),),
    )
    assert not statement.foremost(check(str(tmp_path), again, loaded()), catalogue.load("zh"))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("school", "1508020001\u200e"),
        ("school", "１５０８０２０００１"),
        ("school", '="1508020001"'),
        ("school", "和平小学（示例）\u2060"),
        ("rule", f"\u200e{RULE}"),
        ("subject", f"{SUBJECT}\u200b"),
        ("verdict", "符合\u200e"),
        ("date", "\u202d2021-10-20\u202c"),
    ],
)
def test_marks_that_nobody_sees_do_not_undo_an_attestation(
    tmp_path: Path, key: str, said: str
) -> None:
    report = checked(tmp_path, "18:30左右", {**ENTRY, key: said})
    assert (result(report).outcome, states(report)) == (Outcome.PASS, ["settled"])


def test_a_verdict_that_is_no_word_is_told_with_its_line(tmp_path: Path) -> None:
    for said in (["符合"], {"符合": "是"}):
        with pytest.raises(PackError) as told:
            checked(tmp_path, "18:30左右", {**ENTRY, "verdict": said})
        assert "attestations.json:1：核实结论不能是" in str(told.value)


def test_two_packs_in_one_process_do_not_answer_for_each_other(tmp_path: Path) -> None:
    """What a rule's counterpart is stands in the pack; the names of the rules alone do not tell."""
    rules = {**packs.load("bayannur-2021").rules, **packs.load("national-2023").rules}
    [rule, *_] = [rule for rule in rules.values() if rule.counterpart is not None]
    other = rules[str(rule.counterpart).partition("/")[2]]
    file = tmp_path / "attestations.json"
    entry = {**ENTRY, "rule": rule.id, "clause": "、".join([*rule.clauses, *other.clauses])}
    file.write_text(json.dumps({"attestations": [entry]}), "utf-8")
    apart = {name: replace(one, counterpart=None) for name, one in rules.items()}
    for _ in range(2):
        assert [one.twin for one in attestations.load(str(file), rules)] == [other.id]
        assert [one.twin for one in attestations.load(str(file), apart)] == [""]
