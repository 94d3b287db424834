"""Whose gap it is: what the bureau has not loaded is not held against a school.

Each submission is the shipped folder with all evidence, or the plan of a primary school, with one
thing left out, and the outcome is what the words of the schema and the policy say of it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import kehou
from kehou.checking import CheckOptions, check
from kehou.checking.report_files import each_report
from kehou.inspection import worksheets
from kehou.model.outcomes import Outcome, Owner, Stage
from kehou.model.report import Report, RuleResult
from kehou.rectification import notices
from kehou.remedy.missing_evidence import letter
from kehou.render import FORMATS
from kehou.render.programs import document
from kehou.render.screen import Manner
from kehou.render.words import catalogue

pytestmark = pytest.mark.checkout

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = EXAMPLES / "folder-with-evidence"
BUREAU = EXAMPLES / "bureau"
SHELF: dict[str, kehou.Pack] = {}
OBSERVED = (
    "observed-no-collective-lesson",
    "observed-no-exam-drill",
    "observed-no-extra-homework",
    "observed-no-new-lesson",
)


def options(stage: Stage = Stage.INSPECTION, **data: Path) -> CheckOptions:
    return CheckOptions(
        stage=stage,
        on="2021-11-17" if stage is Stage.INSPECTION else "2022-01-18",
        packs=("bayannur-2021",),
        data={name: str(file) for name, file in data.items()},
        engine="direct",
    )


def result(report: Report, rule: str) -> RuleResult:
    return next(r for r in report.results if r.rule == rule)


def owners(report: Report, rule: str) -> set[Owner | None]:
    found = result(report, rule)
    return {f.owner for f in found.findings if f.outcome is found.outcome}


@pytest.fixture(scope="module")
def bare() -> Report:
    """The folder with its own copy of the approval, and nothing of the bureau's."""
    return check(str(FOLDER), options(), SHELF)


def copied(tmp_path: Path, without: str = "") -> Path:
    place = tmp_path / "school"
    shutil.copytree(FOLDER, place)
    if without:
        (place / without).unlink()
    return place


# --- whose -----------------------------------------------------------------------------------


def test_an_assessment_without_an_inspection_is_not_judged_and_asks_the_school_nothing() -> None:
    found = check(str(FOLDER), options(Stage.ASSESSMENT), SHELF)
    for rule in OBSERVED:
        assert result(found, rule).outcome is Outcome.NOT_JUDGED
        assert owners(found, rule) == {Owner.VISIT}
    asked = letter(str(FOLDER), options(Stage.ASSESSMENT), shelf=SHELF)
    assert not [item for item in asked.items if item.path.startswith("/inspection")]


def test_no_hash_in_the_bureaus_record_is_the_bureaus_gap(tmp_path: Path) -> None:
    record = yaml.safe_load((BUREAU / "folder-approval.yaml").read_text("utf-8"))
    del record["方案校验值"]
    file = tmp_path / "approval.yaml"
    file.write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")
    found = check(str(FOLDER), options(approval=file), SHELF)
    assert result(found, "procedure-approved-version").outcome is Outcome.NOT_JUDGED
    assert owners(found, "procedure-approved-version") == {Owner.AUTHORITY}
    assert "教育局载入" in result(found, "procedure-approved-version").findings[0].message


def test_a_roster_without_the_columns_of_refusals_is_to_be_seen_on_site(tmp_path: Path) -> None:
    place = copied(tmp_path)
    lines = [line.split(",") for line in (place / "roster.csv").read_text("utf-8").splitlines()]
    gone = [lines[0].index(name) for name in ("是否被拒绝", "拒绝原因")]
    kept = [[c for i, c in enumerate(line) if i not in gone] for line in lines]
    (place / "roster.csv").write_text("".join(",".join(line) + "\n" for line in kept), "utf-8")
    found = check(str(place), options(), SHELF)
    assert result(found, "procedure-no-refusal").outcome is Outcome.NOT_JUDGED
    assert owners(found, "procedure-no-refusal") == {Owner.VISIT}
    assert result(found, "procedure-no-refusal").findings[0].message.startswith("到校查看")


def test_no_school_is_accused_because_the_bureau_gave_no_approval(tmp_path: Path) -> None:
    place = copied(tmp_path, "approval.yaml")
    found = check(str(place), options(), SHELF)
    assert not [r.rule for r in found.results if r.outcome is Outcome.FAIL]
    assert result(found, "procedure-approved-before-start").outcome is Outcome.NOT_JUDGED
    assert owners(found, "procedure-approved-before-start") == {Owner.AUTHORITY}


def test_a_school_that_says_it_has_no_approval_is_still_in_breach(tmp_path: Path) -> None:
    place = copied(tmp_path, "approval.yaml")
    with (place / "plan.yaml").open("a", encoding="utf-8") as plan:
        plan.write("\n备案审批: 无\n")
    found = check(str(place), options(), SHELF)
    assert result(found, "procedure-approved-before-start").outcome is Outcome.FAIL


def test_what_a_school_lacks_too_is_told_apart_in_one_sentence(tmp_path: Path) -> None:
    place = copied(tmp_path, "approval.yaml")
    plan = (place / "plan.yaml").read_text("utf-8")
    (place / "plan.yaml").write_text(plan.replace("  学期: 秋季学期\n", "", 1), "utf-8")
    record = tmp_path / "approval.yaml"
    record.write_text("学校标识码: '1508020005'\n审批日期: 2021-08-28\n学年: 2021-2022\n", "utf-8")
    asked = replace(options(approval=record), as_of="2021-09-06")
    found = check(str(place), asked, SHELF)
    rule = result(found, "procedure-approval-term")
    assert rule.outcome is Outcome.INSUFFICIENT
    message = rule.findings[0].message
    assert message.startswith("未提供：实施方案·学期")
    assert message.endswith("教育局载入：备案审批·学期")


def test_what_the_bureau_has_not_loaded_decides_nothing_at_approval() -> None:
    found = check(
        str(EXAMPLES / "primary-compliant"),
        CheckOptions(packs=("bayannur-2021",), engine="direct"),
        SHELF,
    )
    assert result(found, "vendor-on-county-list").outcome is Outcome.NOT_JUDGED
    assert found.decision is not None
    assert found.decision.value == "accept"


# --- where it is told ------------------------------------------------------------------------


def test_missing_evidence_says_whose_each_is_and_names_what_to_load(bare: Report) -> None:
    found = {m.path: (m.owner, m.label) for m in bare.missing_evidence}
    assert found["/county_list"] == (Owner.AUTHORITY, "备选清单")
    assert found["/inspection"] == (Owner.VISIT, "检查记录")
    assert found["/approval/plan_sha256"][0] is Owner.AUTHORITY
    assert Owner.SUBJECT not in {owner for owner, _ in found.values()}


@pytest.mark.parametrize("name", [n for n, one in FORMATS.items() if not one.binary])
def test_every_text_format_tells_whose_the_gaps_are(bare: Report, name: str) -> None:
    shown = FORMATS[name].render([bare], Manner())
    assert isinstance(shown, str)
    if name == "json":
        summary = json.loads(shown)["summary"]
        assert summary["gaps"]["subject"] == summary["rules"]["insufficient"] == 0
        assert summary["gaps"]["authority"] > 0 < summary["gaps"]["visit"]
        both = summary["gaps"]["authority"] + summary["gaps"]["visit"]
        assert both == summary["rules"]["not_judged"]
        return
    if name == "sarif":  # an alert for each would be one nobody at the school can close
        gaps = json.loads(shown)["runs"][0]["properties"]["gaps"]
        assert gaps["authority"] > 0 < gaps["visit"]
        return
    assert "教育局载入" in shown
    assert "到校查看" in shown


def test_the_screen_names_what_to_load_and_with_v_how(bare: Report) -> None:
    shown = FORMATS["text"].render([bare], Manner())
    assert isinstance(shown, str)
    assert "教育局载入 " in shown
    for title in ("备选清单", "价格表", "检查记录"):
        assert title in shown
    assert "--data" not in shown
    assert "学校补交 " not in shown
    full = FORMATS["text"].render([bare], Manner(verbosity=1))
    assert isinstance(full, str)
    [line] = [line for line in full.splitlines() if line.startswith("教育局载入以下内容")]
    assert all(f"--data {name}=" in line for name in ("county_list", "price_table", "inspection"))


def test_letters_and_notices_carry_only_what_is_the_schools(bare: Report) -> None:
    asked = letter(str(FOLDER), options(), shelf=SHELF)
    assert asked.items == ()
    assert "备选清单" in asked.bureaus
    told = notices.notice(document(bare), "0" * 64, "2021-12-01")
    # two reviews ask to compare the school's copy with the original, which the bureau has
    assert told["items"] == []


def test_worksheets_carry_the_visits_and_what_is_seen_settles_them(
    bare: Report, tmp_path: Path
) -> None:
    report = tmp_path / "r.json"
    report.write_text(json.dumps(document(bare), ensure_ascii=False), "utf-8")
    [school] = [worksheets.submitter_of(tree, "r") for tree in each_report(report)]
    sheet = worksheets.worksheet(school, SHELF, catalogue.load("zh"))
    listed = {item.rule: item for item in sheet.items if item.rule}
    assert set(OBSERVED) <= set(listed)
    assert "vendor-on-county-list" not in listed
    item = listed[OBSERVED[0]]
    entry = {
        "school": "1508020005",
        "clause": item.clauses[0],
        "rule": item.rule,
        "subject": item.fingerprint,
        "verdict": "不符合",
        "seen": "四年级在集体授课",
        "office": "某旗县教育局（示例）",
        "date": "2021-11-17",
        "until": "2022-07-01",
    }
    file = tmp_path / "attestations.yaml"
    file.write_text(yaml.safe_dump({"attestations": [entry]}, allow_unicode=True), "utf-8")
    found = check(str(FOLDER), replace(options(), attestations=(str(file),)), SHELF)
    assert result(found, OBSERVED[0]).outcome is Outcome.FAIL


def test_what_is_stated_to_be_none_is_not_asked_for_as_if_it_were_left_out(tmp_path: Path) -> None:
    """``收费月数: 无`` was answered with 「确实没有的，写“无”」, which it holds."""
    school = tmp_path / "示例小学"
    shutil.copytree(EXAMPLES / "primary-compliant", school)
    text = (school / "plan.yaml").read_text("utf-8")
    own = "项目名称: 材料费, 收费类别: 服务性收费, 金额: 20, 计费单位: 元/生·学期"
    basis = "    发文机关: 市发展和改革委员会\n"
    most = f"{basis}    最高标准: 60元\n    标准单位: 元/生·月\n"
    item = f"    - {{{own}, 收费月数: 无, 适用学段: [小学]}}\n  收取方式: 按月收取"
    changed = text.replace("  收取方式: 按月收取", item, 1).replace(basis, most, 1)
    assert changed.count("材料费") == changed.count("最高标准") == 1
    (school / "plan.yaml").write_text(changed, "utf-8")
    report = check(str(school), options(Stage.APPROVAL), SHELF)
    (found,) = (
        f
        for f in result(report, "fee-within-basis").findings
        if f.outcome is Outcome.INSUFFICIENT and "收费月数" in f.message
    )
    assert found.message == "写作“无”，判定不了：收费·收费项目第2项·收费月数"
    assert found.remedy == "写作“无”，但要有内容才能判定：请写明实际内容"
    told = letter(str(school), options(Stage.APPROVAL), shelf=SHELF).items
    (asked,) = (one for one in told if "收费月数" in one.label)
    assert asked.label.endswith("（写作“无”）")
    assert "写“无”" not in asked.allowed
