"""Inspections under two packs, in every format, and of what no rule decides."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from kehou import packs
from kehou.cli.main import main
from kehou.model.outcomes import Stage

CITY, NATIONAL = "bayannur-2021", "national-2023"
SCHOOL = "1508020001"
PLAN = f"""\
学校: {{学校标识码: "{SCHOOL}", 学校名称: 和平小学（示例）, 学段: [小学]}}
方案:
  服务开始日期: 2024-03-04
  服务时段:
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: 18:30, 活动: 体育}}
"""
RULE = "observed-no-new-lesson"


def run(folder: Path, name: str, *more: str) -> tuple[int, str]:
    """Exit code and output of a check at inspection under both packs."""
    plan = folder / "plan.yaml"
    plan.write_text(PLAN, "utf-8")
    path = folder / f"out.{name}"
    code = main(
        [
            "check",
            str(plan),
            "--stage",
            "inspection",
            "--on",
            "2024-03-10",
            "--engine",
            "direct",
            "--pack",
            CITY,
            "--pack",
            NATIONAL,
            "-o",
            f"{name}={path}",
            *more,
        ]
    )
    return code, path.read_text("utf-8")


def attested(folder: Path, **change: str) -> str:
    entry = {
        "school": SCHOOL,
        "rule": RULE,
        "clause": "E.2-e2、N.6-a",
        "subject": ",,",
        "verdict": "符合",
        "seen": "三个班都在写作业",
        "evidence": "照片1",
        "office": "某旗县教育局（示例）",
        "date": "2024-03-09",
        "until": "2024-07-01",
        **change,
    }
    path = folder / "attestations.json"
    entries = [{key: value for key, value in entry.items() if value}]
    path.write_text(json.dumps({"attestations": entries}), "utf-8")
    return str(path)


def outcomes(shown: str) -> dict[str, str]:
    both = {}
    for result in json.loads(shown)["results"]:
        both[result["rule"]] = result["outcome"]
        if result["counterpart"]:
            both[result["counterpart"]] = result["outcome"]
    return both


def of_row(folder: Path) -> dict[str, str]:
    """What the inspectors' worksheet says of the rule: subject, clauses."""
    _, shown = run(folder, "json")
    (folder / "before.json").write_text(shown, "utf-8")
    sheet = folder / "sheet.xlsx"
    assert main(["worksheet", str(folder / "before.json"), "-o", f"xlsx={sheet}"]) == 0
    page = openpyxl.load_workbook(sheet).worksheets[0]
    heads = [cell.value for cell in page[7]]
    rows = [dict(zip(heads, (c.value for c in row), strict=True)) for row in page.iter_rows(8)]
    [row] = [r for r in rows if r["规则"] == RULE]
    return {"subject": str(row["指纹"]), "clause": str(row["条款编号"])}


def test_one_look_settles_a_rule_and_its_counterpart_where_both_are_cited(tmp_path: Path) -> None:
    row = of_row(tmp_path)
    _, shown = run(tmp_path, "json", "--attestations", attested(tmp_path, **row))
    assert outcomes(shown)[RULE] == "pass"
    assert [n["state"] for n in json.loads(shown)["attestations"]] == ["settled"]
    only = row["clause"].split("、")[0]
    _, shown = run(tmp_path, "json", "--attestations", attested(tmp_path, **row | {"clause": only}))
    assert outcomes(shown)[RULE] == "not_judged", "the other policy was not looked at"


def test_table_and_merge_request_say_what_inspectors_settled(tmp_path: Path) -> None:
    file = attested(tmp_path, **of_row(tmp_path))
    _, shown = run(tmp_path, "csv", "--attestations", file)
    rows = list(csv.DictReader(io.StringIO(shown.removeprefix("\ufeff"))))
    [told] = [row["事实（原文与位置）"] for row in rows if "三个班都在写作业" in str(row)][:1]
    assert all(word in told for word in ("未评", "某旗县教育局（示例）", "照片1", "2024-07-01"))
    _, shown = run(tmp_path, "gitlab", "--attestations", file)
    [issue] = [i for i in json.loads(shown) if i["check_name"] == "attestation"]
    assert issue["severity"] == "info"
    assert "三个班都在写作业" in issue["description"]


def test_a_breach_that_an_inspector_settled_asks_for_the_rules_own_cure(tmp_path: Path) -> None:
    file = attested(tmp_path, **of_row(tmp_path), verdict="不符合", seen="二年级在讲新课")
    _, shown = run(tmp_path, "json", "--attestations", file)
    [cure] = {
        finding["remedy"]
        for result in json.loads(shown)["results"]
        if RULE in (result["rule"], result["counterpart"])
        for finding in result["findings"]
    }
    assert "填写所缺" not in cure


def test_a_breach_seen_of_what_no_rule_decides_is_in_the_circular(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = attested(
        tmp_path,
        rule="",
        clause="E.1-c",
        subject="整所学校",
        verdict="不符合",
        seen="提前半小时清校",
    )
    code, shown = run(tmp_path, "json", "--attestations", file)
    assert code != 0
    assert [n["state"] for n in json.loads(shown)["attestations"]] == ["recorded"], "told once"
    (tmp_path / "after.json").write_text(shown, "utf-8")
    capsys.readouterr()
    assert main(["circular", str(tmp_path / "after.json"), "-o", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["problems"]
    assert "检查发现提前半小时清校" in [problem["text"] for problem in told]


def test_a_clause_without_any_rule_is_on_the_sheet(tmp_path: Path) -> None:
    of_row(tmp_path)
    out = tmp_path / "sheet.json"
    assert main(["worksheet", str(tmp_path / "before.json"), "-o", f"json={out}"]) == 0
    assert '"N.12-b"' in out.read_text("utf-8")


@pytest.mark.parametrize("name", packs.available())
def test_nothing_shown_at_approval_says_that_an_inspection_found_it(name: str) -> None:
    pack = packs.load(name)
    for rule in pack.rules.values():
        english = pack.english.get(rule.id) or {}
        told = [rule.message or "", rule.remedy, *(one.reason for one in rule.review)]
        if Stage.APPROVAL in rule.stages:
            assert not any("检查发现" in text for text in told), rule.id
            assert "inspection found" not in str(english.get("message")), rule.id
