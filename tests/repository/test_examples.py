"""The examples as a user runs them: decisions, exit codes, what fails, and at which line.

Every line number, row and total here was counted by hand in the example's files.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PROGRAM = [sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())"]

LIST = ["--data", "county_list=examples/bureau/county_list.yaml"]
INSPECTION = ["--stage", "inspection"]
PRIMARY = ["examples/primary-compliant", *LIST]
JUNIOR = [
    "examples/junior-breaches",
    *INSPECTION,
    "--data",
    "inspection=examples/bureau/junior-inspection.yaml",
    *LIST,
]
NINE_YEAR = ["examples/nine-year-incomplete/plan.yaml"]
RECORDS = [
    *INSPECTION,
    "--data",
    "inspection=examples/bureau/folder-inspection.yaml",
    "--data",
    "approval=examples/bureau/folder-approval.yaml",
    *LIST,
]
FOLDER = ["examples/folder-with-evidence", *RECORDS]


def kehou(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``kehou check`` from the root of the project, as the README does."""
    return subprocess.run(
        [*PROGRAM, "check", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        check=False,
    )


def report(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report."""
    run = kehou(*arguments, "-o", "json")
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


@cache
def reported(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The same, run once for all tests that only read it."""
    return report(*arguments)


def rules(found: dict[str, Any], *outcomes: str) -> set[str]:
    """The rules with one of these outcomes."""
    return {r["rule"] for r in found["results"] if r["outcome"] in outcomes}


def findings(found: dict[str, Any], outcome: str) -> dict[str, list[dict[str, Any]]]:
    """Findings of one outcome by rule."""
    return {
        r["rule"]: those
        for r in found["results"]
        if (those := [f for f in r["findings"] if f["outcome"] == outcome])
    }


def place(location: dict[str, Any]) -> tuple[str, int | None]:
    return location["file"], location["line"]


def clauses_of(found: dict[str, Any], rule: str) -> set[str]:
    return {c["id"] for r in found["results"] if r["rule"] == rule for c in r["clauses"]}


# --- a primary school that complies --------------------------------------------------------


@pytest.mark.both_engines
def test_the_compliant_primary_school_is_accepted() -> None:
    code, found = reported(*PRIMARY)
    assert (code, found["decision"]["value"]) == (0, "accept")
    assert rules(found, "fail", "review", "insufficient", "error") == set()
    assert found["faults"] == []
    assert found["cross_checked"] is True
    assert len(rules(found, "pass")) >= 15


#: Parts of the policy that a plan can meet before the service starts, for a primary school.
MET_AT_APPROVAL = (
    "C.1-b C.1-c C.3-c C.5-b D.2-a D.2-b E.1-b2 E.2-a1 E.2-e1 E.2-e2 E.2-e3 E.3.3-b E.3.3-d "
    "E.3.3-e E.3.3-g F.2-b F.2-e F.3-p2-a F.3-p2-b F.3-p3 F.4-h F.4-i"
)


@pytest.mark.parametrize("clause", MET_AT_APPROVAL.split())
def test_the_compliant_primary_school_meets(clause: str) -> None:
    _, found = reported(*PRIMARY)
    met = {c for rule in rules(found, "pass") for c in clauses_of(found, rule)}
    assert clause in met


def test_a_primary_school_is_not_judged_by_the_junior_end_time() -> None:
    _, found = reported(*PRIMARY)
    assert "schedule-junior-end" in rules(found, "not_applicable")


def test_without_the_county_list_the_vendor_is_not_judged_and_the_school_not_blamed() -> None:
    code, found = report("examples/primary-compliant")
    assert (code, found["decision"]["value"]) == (0, "accept")
    assert "vendor-on-county-list" in rules(found, "not_judged")


# --- a junior school with four breaches ----------------------------------------------------

BREACHES = {
    "content-no-collective-lesson": ("E.2-e1", ("plan.yaml", 108), "/plan/sessions/2"),
    "observed-no-collective-lesson": (
        "E.2-e1",
        ("junior-inspection.yaml", 45),
        "/inspection/observations/2",
    ),
    "procedure-charged-applied": ("C.1-b", ("学生名册.csv", 31), "/roster/29"),
    "funds-related-expense": ("F.2-e", ("收支台账.csv", 26), "/ledger/rows/24"),
    "vendor-exit": ("E.3.3-f", ("机构.yaml", 30), "/vendors/0/incidents/0"),
}


def test_the_junior_school_fails_exactly_where_it_breaches() -> None:
    code, found = reported(*JUNIOR)
    failed = findings(found, "fail")
    told = {
        (rule, place(f["location"]), f["subject"]["pointer"])
        for rule, those in failed.items()
        for f in those
    }
    assert told == {(rule, line, pointer) for rule, (_, line, pointer) in BREACHES.items()}
    assert [f["count"] for those in failed.values() for f in those] == [1] * 5
    assert code == 1
    assert found["decision"] is None  # decisions are for plans that are filed


@pytest.mark.parametrize("rule", BREACHES)
def test_each_breach_cites_its_clause_and_says_how_to_mend_it(rule: str) -> None:
    _, found = reported(*JUNIOR)
    clause, _, _ = BREACHES[rule]
    assert clause in clauses_of(found, rule)
    for finding in findings(found, "fail")[rule]:
        assert finding["message"]
        assert finding["remedy"]


def test_what_else_the_junior_school_must_settle() -> None:
    _, found = reported(*JUNIOR)
    # its approval is the school's own copy, and names no hash of the plan, which is the bureau's;
    # X906 never took part and was charged, and signed an agreement days before applying
    assert rules(found, "review") == {
        "fee-absent-not-charged",
        "procedure-approval-covers",
        "procedure-approved-before-start",
        "procedure-pupil-order",
    }
    assert rules(found, "insufficient") == set()
    assert "procedure-approved-version" in rules(found, "not_judged")
    assert rules(found, "error") == set()


def test_the_pupil_without_a_signed_application_is_shown_with_what_was_charged() -> None:
    _, found = reported(*JUNIOR)
    [finding] = findings(found, "fail")["procedure-charged-applied"]
    assert "X906" in finding["message"]
    assert "100元" in finding["message"]  # 50 in September, 50 in October
    assert {place(r) for r in finding["related"]} == {("收支台账.csv", 21), ("收支台账.csv", 46)}


def test_a_headteacher_sees_line_clause_and_remedy() -> None:
    text = kehou(*JUNIOR).stdout
    for words in (
        "plan.yaml:108:11",
        "活动: 集体授课",
        "严禁利用课后服务时间集体补课",
        "不符合 5 项",
    ):
        assert words in text
    for verdict in ("违法", "违纪"):
        assert verdict not in text


# --- a nine-year school that has not finished writing --------------------------------------


#: What the policy's own words make a breach where the plan that is filed does not have it.
NOT_IN_THE_PLAN = {
    "procedure-agreement-template": ("F.3-p5", 81),  # 要与…学生及家长签订服务协议
    "safety-emergency-plan": ("F.4-b", 99),  # 要建立健全…安全应急预案
    "schedule-extended-offered": ("E.1-d1", 25),  # 应提供延时托管服务
    "procedure-funding-plan": ("A.1-c F.2-b F.2-e", 25),  # 要做好…经费保障
    "safety-risk-assessment": ("F.4-h", 25),  # 要提前做好…风险评估
    # advice only
    "content-learning-analysis": ("E.2-b", 81),  # 建立学情分析工作机制和管理制度
    "schedule-pickup-stated": ("E.1-e1", 35),  # 实行弹性离校
}


def test_the_unfinished_plan_is_returned_for_what_the_policy_wants_beforehand() -> None:
    code, found = reported(*NINE_YEAR)
    assert (code, found["decision"]["value"]) == (1, "return")
    # only the two of a blocking severity send it back
    assert {r["rule"] for r in found["decision"]["reasons"]} == {
        "procedure-agreement-template",
        "safety-emergency-plan",
    }
    told = {
        rule: (clauses_of(found, rule), place(f["location"]))
        for rule, [f] in findings(found, "fail").items()
    }
    assert told == {
        rule: (set(clauses.split()), ("plan.yaml", line))
        for rule, (clauses, line) in NOT_IN_THE_PLAN.items()
    }
    assert rules(found, "error") == set()
    assert found["faults"] == []


def test_a_person_looks_where_the_unfinished_plan_is_vague() -> None:
    _, found = reported(*NINE_YEAR)
    # 18:50左右; and general rules that may or may not cover safety
    # E.2-c2 “个别辅导与课业答疑”: homework alone is planned for pupils in difficulty
    assert rules(found, "review") == {
        "schedule-junior-end",
        "safety-rules-and-plan",
        "content-individual-help",
    }


def test_the_unfinished_plan_with_those_two_put_right_is_to_be_supplemented(
    tmp_path: Path,
) -> None:
    plan = (EXAMPLES / "nine-year-incomplete/plan.yaml").read_text("utf-8")
    template = "    - {材料类别: 协议书样本, 材料名称: 课后服务协议书}\n"
    emergency = "  应急预案: {指挥机构: 校长任组长, 报告程序: 逐级报告, 应急情形: [火情]}\n"
    path = tmp_path / "plan.yaml"
    path.write_text(plan.replace("\n收费:\n", f"{template}\n收费:\n") + emergency, "utf-8")
    code, found = report(str(path))
    assert (code, found["decision"]["value"]) == (3, "supplement")


MISSING = {
    "procedure-voluntary-basis": ("/plan/participation_basis", 32),
    "funds-fee-account": ("/fee/account", 85),
    "staffing-teacher-voluntary": ("/staff/0/voluntary", 96),
    "safety-liability-insurance": ("/safety/insurance", 99),
    "schedule-after-dismissal": ("/plan/dismissal_times", 25),
    "procedure-own-documents": ("/plan/documents/2/school_name", 83),
    "fee-exempt-categories": ("/fee_exemptions", None),
}


@pytest.mark.parametrize("rule", MISSING)
def test_what_is_missing_is_named_with_the_place_to_write_it(rule: str) -> None:
    _, found = reported(*NINE_YEAR)
    pointer, line = MISSING[rule]
    [finding] = findings(found, "insufficient")[rule]
    assert finding["missing"] == [pointer]
    assert place(finding["location"]) == ("plan.yaml", line)
    assert pointer in {m["path"] for m in found["missing_evidence"]}


def test_primary_grades_pass_although_the_junior_end_is_unknown() -> None:
    _, found = reported(*NINE_YEAR)
    assert "schedule-primary-end" in rules(found, "pass")  # 18:30 is not later than 18:30
    [about] = findings(found, "review")["schedule-junior-end"]
    assert about["count"] == 6  # grades 7 to 9, Wednesdays, two seasons
    [open_end] = findings(found, "insufficient")["schedule-junior-end"]
    assert open_end["count"] == 30  # three grades, five days, two seasons
    assert open_end["missing"] == ["/plan/sessions/3/end"]


def test_what_was_read_otherwise_than_written_is_told() -> None:
    _, found = reported(*NINE_YEAR)
    readings = {
        (n["location"]["line"], n["written"], n["read"]) for n in found["submission"]["normalised"]
    }
    assert readings >= {
        (8, "九年一贯制", "小学、初中"),
        (30, "2021年9月6日", "2021-09-06"),
        (43, "16：30", "16:30"),
        (44, "17点半", "17:30"),
        (51, "下午4点", "16:00"),
        (60, "十八点三十分", "18:30"),
        (76, "18:50左右", "18:50，左右"),
        (91, "元/生.课时", "元/生·课时"),
    }


# --- a folder with evidence ----------------------------------------------------------------


def test_the_folder_with_evidence_meets_everything() -> None:
    code, found = reported(*FOLDER)
    assert code == 0
    assert rules(found, "fail", "review", "insufficient", "error") == set()
    assert {f["path"] for f in found["submission"]["files"]} == {
        "plan.yaml",
        "approval.yaml",
        "attendance.csv",
        "disclosures.yaml",
        "ledger.csv",
        "ledger.yaml",
        "roster.csv",
        "staff.csv",
        "subsidy.csv",
        "timetable.yaml",
        "vendors.yaml",
    }
    assert found["submission"]["unread_files"] == ["家长会记录.txt"]


@pytest.mark.parametrize(
    "rule",
    [
        "procedure-charged-applied",
        "fee-exempt-not-charged",
        "funds-related-expense",
        "funds-ledger-account",
        "procedure-no-early-service",
        "procedure-approved-version",
        "observed-no-collective-lesson",
        "vendor-on-county-list",
        "schedule-primary-end",
        "schedule-junior-end",
    ],
)
def test_the_folder_passes_on_its_evidence(rule: str) -> None:
    _, found = reported(*FOLDER)
    assert rule in rules(found, "pass")


def test_a_schools_own_copy_of_the_approval_needs_the_original() -> None:
    record = ["--data", "inspection=examples/bureau/folder-inspection.yaml"]
    code, found = report("examples/folder-with-evidence", *INSPECTION, *record, *LIST)
    assert code == 3
    assert rules(found, "review") == {
        "procedure-approval-covers",
        "procedure-approved-before-start",
    }
    assert rules(found, "insufficient") == set()
    assert "procedure-approved-version" in rules(found, "not_judged")


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / "folder-with-evidence" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_the_evidence_of_the_folder_is_consistent() -> None:
    """18 classes of 25 pupils, 15 of each in the service; nine of those 270 do not pay."""
    roster, ledger = rows("roster.csv"), rows("ledger.csv")
    assert len(roster) == 450
    joined = [r for r in roster if r["是否需要服务"] == "是"]
    exempt = [r for r in joined if r["减免类别"]]
    assert (len(joined), len(exempt)) == (270, 9)
    # September: 261 pay 50; in October one has left and is paid back 20
    income: Counter[str] = Counter()
    balance = Decimal()
    for row in ledger:
        amount = Decimal(row["金额"])
        balance += amount if row["收支"] == "收入" else -amount
        assert Decimal(row["余额"]) == balance
        if row["收支"] == "收入":
            income[row["日期"][:7]] += int(amount)
    assert income == {"2021-09": 261 * 50, "2021-10": 260 * 50 - 20}
    assert not {r["学生编号"] for r in exempt} & {r["学生编号"] for r in ledger}
    attended = Counter((r["人员编号"], r["日期"][:7]) for r in rows("attendance.csv"))
    for row in rows("subsidy.csv"):
        assert attended[row["人员编号"], row["月份"]] == int(row["服务次数"])
        assert Decimal(row["金额"]) == int(row["服务次数"]) * Decimal(row["补助标准"])


def test_one_changed_cell_of_532_ledger_rows_is_found_at_its_line(tmp_path: Path) -> None:
    """The fee of September for pupil 20211101 (line 2) is booked to a pupil who is exempt."""
    copy = tmp_path / "school"
    shutil.copytree(EXAMPLES / "folder-with-evidence", copy)
    ledger = copy / "ledger.csv"
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    assert lines[1].count("20211101") == 1
    lines[1] = lines[1].replace("20211101", "20211104")
    ledger.write_text("".join(lines), "utf-8")
    code, found = report(str(copy), *RECORDS)
    assert code == 1
    assert set(findings(found, "fail")) == {"fee-exempt-not-charged"}
    [finding] = findings(found, "fail")["fee-exempt-not-charged"]
    assert finding["subject"]["pointer"] == "/roster/3"  # line 5 of the roster
    assert ("roster.csv", 5) in {place(r) for r in [finding["location"], *finding["related"]]}
    assert ("ledger.csv", 2) in {place(r) for r in [finding["location"], *finding["related"]]}


# --- broken files --------------------------------------------------------------------------

#: Of each broken file: (file, line, column, words of what was found, words of the way out).
BROKEN: dict[str, list[tuple[str, int | None, int | None, str, str]]] = {
    # how YAML is written
    "alias-bomb.yaml": [("alias-bomb.yaml", 5, 9, "展开后过大", "直接写出来")],
    "chinese-colon.yaml": [
        ("chinese-colon.yaml", 2, 7, "中文冒号", "英文冒号"),
        ("chinese-colon.yaml", 6, 5, "中文冒号", "英文冒号"),
    ],
    "crooked-indent.yaml": [("crooked-indent.yaml", 6, 6, "缩进", "左边对齐")],
    "custom-tag.yaml": [("custom-tag.yaml", 2, 9, "不支持标签", "删去")],
    "duplicate-key.yaml": [("duplicate-key.yaml", 18, 3, "“收费方式”重复：第 17 行", "只留一个")],
    "empty.yaml": [("empty.yaml", 2, 1, "没有内容", "填写内容")],
    "merge-key.yaml": [("merge-key.yaml", 17, 3, "合并键“<<”", "直接写出来")],
    "no-space-after-colon.yaml": [("no-space-after-colon.yaml", 6, 5, "缺少空格", "空一格")],
    "not-a-plan.yaml": [("not-a-plan.yaml", None, None, "是一个列表", "最外层写")],
    "prose.yaml": [("prose.yaml", 1, 1, "一段文字", "“键: 值”")],
    "tab-indent.yaml": [("tab-indent.yaml", 5, 1, "制表符", "改成空格")],
    "too-deep.yaml": [("too-deep.yaml", 1, 68, "超过 64 层", "减少层次")],
    "two-documents.yaml": [("two-documents.yaml", 16, 1, "两份文档", "只留一份")],
    "unclosed-bracket.yaml": [("unclosed-bracket.yaml", 3, 7, "没有闭合", "补上“]”")],
    "unclosed-quote.yaml": [("unclosed-quote.yaml", 2, 9, "没有成对", "英文引号")],
    # how a value is written
    "absent-where-not-allowed.yaml": [
        ("absent-where-not-allowed.yaml", 14, 13, "无", "不能写“无”")
    ],
    "bureau-table.yaml": [("bureau-table.yaml", 16, 1, "教育局的数据", "检查时由教育局载入")],
    "date-without-year.yaml": [("date-without-year.yaml", 7, 11, "9月6日", "写出年份")],
    "end-before-start.yaml": [("end-before-start.yaml", 14, 13, "16:30", "24小时制")],
    "grade-out-of-range.yaml": [("grade-out-of-range.yaml", 10, 11, "7-19", "")],
    "key-in-two-languages.yaml": [
        ("key-in-two-languages.yaml", 7, 3, "“学期”和“term”", "请留一个")
    ],
    "many-faults.yaml": [
        ("many-faults.yaml", 3, 8, "中学", ""),
        ("many-faults.yaml", 6, 7, "第三学期", ""),
        ("many-faults.yaml", 10, 11, "初一到初四", ""),
        ("many-faults.yaml", 12, 12, "雨季", ""),
        ("many-faults.yaml", 13, 13, "下午", ""),
    ],
    "no-such-day.yaml": [("no-such-day.yaml", 7, 11, "2021-09-31", "没有这一天")],
    "text-for-list.yaml": [("text-for-list.yaml", 8, 3, "一组“名称: 内容”", "每一行前面加“- ”")],
    "thousands-separator.yaml": [("thousands-separator.yaml", 18, 9, "12,800", "写作 12800")],
    "time-range.yaml": [("time-range.yaml", 13, 13, "17:00—18:30", "只写一个时间")],
    "time-without-afternoon.yaml": [("time-without-afternoon.yaml", 13, 13, "5:00", "写作 17:00")],
    "time-without-meaning.yaml": [("time-without-meaning.yaml", 14, 13, "18:30以前", "不写期限")],
    "unit-in-amount.yaml": [("unit-in-amount.yaml", 19, 25, "3元/课时", "只写金额")],
    "unknown-key.yaml": [("unknown-key.yaml", 14, 7, "结束时问", "“结束时间”（end）")],
    "unknown-value.yaml": [("unknown-value.yaml", 15, 11, "做作业和练习", "是否想写“作业”")],
    # what the file is
    "damaged-byte.yaml": [("damaged-byte.yaml", 6, 7, "0xE7", "UTF-8")],
    "no-extension": [("no-extension", None, None, "没有扩展名", ".yaml")],
    "not-utf8.yaml": [("not-utf8.yaml", 2, 5, "GB18030", "UTF-8")],
    "nul-byte.yaml": [("nul-byte.yaml", 6, 7, "NUL", "删去它")],
    "picture-named-yaml.yaml": [
        ("picture-named-yaml.yaml", None, None, "PNG 图片", "不要只改扩展名")
    ],
    "utf-16.yaml": [("utf-16.yaml", 1, 1, "UTF-16", "UTF-8")],
    "zip-named-yaml.yaml": [("zip-named-yaml.yaml", None, None, "Word 文档", "不要只改扩展名")],
    # JSON
    "chinese-quotes.json": [("chinese-quotes.json", 2, 3, "中文引号", "英文双引号")],
    "not-a-number.json": [("not-a-number.json", 2, 18, "NaN", "null")],
    "trailing-comma.json": [("trailing-comma.json", 2, 30, "多了一个逗号", "删去这个逗号")],
    # evidence beside a plan
    "chinese-comma-roster": [("roster.csv", 1, 5, "中文逗号", "英文逗号")],
    "excel-dates": [("roster.csv", 2, 19, "44438", "Excel 的日期序号")],
    "misspelt-column": [("roster.csv", 1, 29, "申请是否签名", "“申请是否签字”")],
    "no-plan": [("examples/broken/no-plan", None, None, "没有方案文件", "plan.yaml")],
    "ragged-roster": [("roster.csv", 3, 1, "6 个单元格，表头有 7 列", "没有内容的单元格")],
    "roster-in-both": [("roster.csv", None, None, "plan.yaml 和 roster.csv", "删去其中一处")],
    "two-columns-one-field": [
        ("roster.csv", 1, 1, "“学生编号”、“学籍号”都像是“学生编号”", "只留一列")
    ],
    "two-rosters": [("roster.csv", None, None, "roster.csv、学生名册.csv", "其中一份")],
    "workbook-named-csv": [("roster.csv", None, None, "Office 文件", "CSV UTF-8")],
}
#: Of these the plan was read, so its rules are judged beside the fault.
READABLE = {name for name, [first, *_] in BROKEN.items() if first[0] == "roster.csv"} | {
    "absent-where-not-allowed.yaml",
    "bureau-table.yaml",
    "date-without-year.yaml",
    "end-before-start.yaml",
    "grade-out-of-range.yaml",
    "key-in-two-languages.yaml",
    "many-faults.yaml",
    "no-such-day.yaml",
    "text-for-list.yaml",
    "thousands-separator.yaml",
    "time-range.yaml",
    "time-without-afternoon.yaml",
    "time-without-meaning.yaml",
    "unit-in-amount.yaml",
    "unknown-key.yaml",
    "unknown-value.yaml",
}


def test_every_broken_example_is_expected_here() -> None:
    assert sorted(p.name for p in (EXAMPLES / "broken").iterdir()) == sorted(BROKEN)


@cache
def broken() -> tuple[int, dict[str, Any]]:
    """All broken submissions in one run, by name: one of them must not spoil another."""
    code, found = report(*(f"examples/broken/{name}" for name in BROKEN))
    assert found["format"] == "kehou-reports/1"
    return code, {Path(r["submission"]["path"]).name: r for r in found["reports"]}


def test_all_broken_submissions_are_reported_and_none_is_passed() -> None:
    code, reports = broken()
    assert code == 4
    assert sorted(reports) == sorted(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_its_place_and_the_way_out(name: str) -> None:
    found = broken()[1][name]
    told = [(*place(f["location"]), f["location"]["column"]) for f in found["faults"]]
    assert told == [expected[:3] for expected in BROKEN[name]]
    for fault, (*_, what, way) in zip(found["faults"], BROKEN[name], strict=True):
        assert what in fault["found"]
        assert way in fault["hint"]


@pytest.mark.parametrize("name", BROKEN)
def test_only_what_was_read_is_judged(name: str) -> None:
    found = broken()[1][name]
    assert bool(found["results"]) is (name in READABLE)


@pytest.mark.parametrize("name", ["tab-indent.yaml", "two-columns-one-field", "unknown-key.yaml"])
def test_a_broken_file_alone_gives_exit_4_and_a_chinese_report(name: str) -> None:
    run = kehou(f"examples/broken/{name}")
    assert run.returncode == 4
    assert BROKEN[name][0][3] in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_the_end_time_that_could_not_be_read_is_not_judged_as_missing() -> None:
    found = broken()[1]["time-without-meaning.yaml"]
    assert "schedule-junior-end" in rules(found, "error")
