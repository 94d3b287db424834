"""The 通报 of a round: problems with their schools, only what was found, nothing unread praised."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.cli.main import main
from kehou.inspection.circular import Problem, circular, told_of
from kehou.inspection.circular_formats import Texts, text
from kehou.inspection.worksheets import submitter_of
from kehou.model.outcomes import Severity, Stage
from kehou.render.programs import json as rendering

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = """\
学校: {{学校标识码: "{id}", 学校名称: "{name}（示例）", 学段: [小学]}}
方案:
  服务开始日期: 2021-09-06
  服务时段:
    - {{类别: 下午课后服务, 年级: 1, 星期: 1, 作息季: 夏季,
       开始时间: 17:30, 结束时间: {end}, 活动: 体育}}
"""


#: A report of which nothing is told.
TREE = {
    "submission": {"school": {"id": "1", "name": "甲"}, "path": "甲"},
    "stage": "inspection",
    "as_of": "2021-09-06",
    "packs": [],
    "areas": {},
    "results": [],
    "faults": [],
}


@cache
def loaded() -> dict[str, packs.Pack]:
    return {"bayannur-2021": packs.load("bayannur-2021")}


def report(
    folder: Path, id: str, end: str, name: str = "和平小学", stage: Stage = Stage.INSPECTION
) -> str:
    plan = folder / f"{id}.yaml"
    plan.write_text(PLAN.format(end=end, id=id, name=name), "utf-8")
    options = CheckOptions(stage=stage, packs=("bayannur-2021",), engine="direct", on="2021-10-20")
    path = folder / f"{id}.json"
    path.write_text(rendering.render([check(str(plan), options, loaded())]), "utf-8")
    return str(path)


def without_breach(folder: Path, change: tuple[str, str] = ("", "")) -> str:
    """The report of a school with all its evidence, of which nothing adverse is found."""
    papers = folder / "胜利学校"
    shutil.copytree(EXAMPLES / "folder-with-evidence", papers)
    plan = papers / "plan.yaml"
    assert change[0] in plan.read_text("utf-8")
    plan.write_text(plan.read_text("utf-8").replace(*change, 1), "utf-8")
    bureau = EXAMPLES / "bureau"
    data = {
        "county_list": str(bureau / "county_list.yaml"),
        "approval": str(bureau / "folder-approval.yaml"),
        "inspection": str(bureau / "folder-inspection.yaml"),
    }
    options = CheckOptions(
        stage=Stage.INSPECTION, packs=("bayannur-2021",), engine="direct", data=data
    )
    path = folder / "胜利学校.json"
    path.write_text(rendering.render([check(str(papers), options, loaded())]), "utf-8")
    return str(path)


def problems(shown: str, rule: str = "schedule-primary-end") -> list[str]:
    return [p["school"]["id"] for p in json.loads(shown)["problems"] if p["rule"] == rule]


def test_breaches_are_told_by_school_code_and_doubts_are_not_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = [
        report(tmp_path, "1508020003", "18:31"),
        report(tmp_path, "1508020001", "18:40", "向阳小学"),
        report(tmp_path, "1508020002", "18:30左右", "河套小学"),
    ]
    assert main(["circular", *reports, "-o", "json"]) == 0
    assert problems(capsys.readouterr().out) == ["1508020001", "1508020003"]
    assert main(["circular", *reports]) == 0
    told = capsys.readouterr().out
    assert "本次共检查3所学校" in told
    [late] = [
        line for line in told.splitlines() if "标准：小学课后服务结束时间不晚于18:30（" in line
    ]
    assert "涉及2所学校" in late
    assert late.index("向阳小学") < late.index("和平小学"), "in code order"
    assert "写作“左右”" not in told, "a doubt is not published"
    assert "“小学结束时间不晚于18:30”" in told, "the clause's own words"
    heads = [line.strip()[:3] for line in told.splitlines() if line.strip().startswith("（")]
    assert heads[1:8] == ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）"]


def test_schools_that_have_the_same_problem_in_the_same_words_are_named_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("向阳小学", "河套小学", "和平小学")
    main(["circular", *(report(tmp_path, f"{n}", "18:40", name) for n, name in enumerate(names))])
    told = capsys.readouterr().out
    assert "向阳小学（示例）、河套小学（示例）、和平小学（示例）：" in told
    body = told[: told.index("附件1")]
    assert body.count("“小学结束时间不晚于18:30”") == 1, "the clause once, not once a school"


def test_of_many_schools_the_text_names_the_first_and_the_annex_all() -> None:
    bare = told_of(submitter_of(TREE, "r.json"))
    told = []
    for name in (f"{n:02}校" for n in range(1, 15)):
        words = ("晚了", ("A",), "第1句", "不晚", "", "不晚于18:30")
        problem = Problem(0, name, name, "a", *words, Severity.MAJOR, "rule", "f")
        own = replace(bare.submitter, id=name, name=name)
        told.append(replace(bare, submitter=own, problems=(problem,), areas={"a": "方面"}))
    made = circular(told, None)
    shown = text(made, Texts({}))
    body, annex = shown.split("问题清单\n", 1)
    assert "12校等14个（见附件1）：晚了" in body
    assert "13校" not in body
    assert all(f"{n:02}校" in annex for n in range(1, 15))


def test_a_school_whose_papers_nobody_could_read_is_not_praised_and_not_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "02乙校"
    broken.mkdir()
    (broken / "plan.yaml").write_text("学校:\n\t学校名称: 坏的\n", "utf-8")
    path = tmp_path / "broken.json"
    main(["check", str(broken), "--stage", "inspection", "-o", f"json={path}"])
    clean = without_breach(tmp_path)
    late = report(tmp_path, "1508020003", "18:31")
    capsys.readouterr()
    assert main(["circular", clean, late, str(path), "-o", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in tree["nothing_judged"]] == [str(broken)]
    assert [one["id"] for one in tree["without_problems"]] == ["1508020005"]
    assert main(["circular", clean, late, str(path)]) == 0
    told = capsys.readouterr().out
    public, office = told.split("内部处理（不对外公布）")
    assert "02乙校" not in public and "02乙校" in office
    assert "制表符" in office, "why it was not read"
    assert "检查的3所学校中，1所的材料没有读出" in public
    assert "没有发现与规定不一致情况的学校" not in told


def test_a_school_without_problems_is_told_with_what_is_still_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a school that handed in next to nothing would be the one without fault."""
    path = without_breach(tmp_path, ("结束时间: 18:00", "结束时间: 18:00左右"))
    tree = json.loads(Path(path).read_bytes())
    counts = {
        outcome: sum(
            f["outcome"] == outcome
            for r in tree["results"]
            if r["severity"] != "advice"
            for f in r["findings"]
        )
        for outcome in ("review", "insufficient")
    }
    assert counts["review"] >= 1
    main(["circular", path])
    told = capsys.readouterr().out
    assert "已判断的部分没有发现问题的学校1所：胜利学校（示例）（存疑待核" in told
    assert f"存疑待核{counts['review']}项" in told


def test_schools_of_whom_as_much_is_open_are_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five pages of 「（材料不足 111 项、未评 27 项）」 stood in front of what was found."""
    first = Path(without_breach(tmp_path, ("结束时间: 18:00", "结束时间: 18:00左右")))
    text = first.read_text("utf-8")
    paths = [str(first)]
    for number, name in ((6, "光明学校（示例）"), (7, "前进学校（示例）")):
        other = tmp_path / f"{number}.json"
        tree = json.loads(text)
        tree["submission"]["path"] = f"{number}"
        tree["submission"]["school"] |= {"id": f"150802000{number}", "name": name}
        other.write_text(json.dumps(tree, ensure_ascii=False, indent=2) + "\n", "utf-8")
        paths.append(str(other))
    assert main(["circular", *paths]) == 0
    told = capsys.readouterr().out
    names = "胜利学校（示例）、光明学校（示例）、前进学校（示例）"
    assert f"没有发现问题的学校3所：{names}（各存疑待核" in told


def test_who_issues_it_its_number_and_date_are_left_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["circular", report(tmp_path, "1508020001", "18:31"), "--due", "2021-11-05"])
    told = capsys.readouterr().out
    for placeholder in ("〔发文机关〕", "〔文号〕", "〔成文日期〕", "〔学年〕"):
        assert placeholder in told
    assert "于2021年11月5日前" in told
    assert "供人工复核，不作为行政决定" in told


def test_the_period_that_all_say_alike_is_in_the_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for number, term in (("1", "秋季学期"), ("2", "春季学期")):
        path = Path(report(tmp_path, f"150802000{number}", "18:31"))
        tree = json.loads(path.read_text("utf-8"))
        tree["submission"]["period"] = {"zh": {"学年": "2021—2022学年", "学期": term}}
        path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
        paths.append(str(path))
    titles = []
    for given in (paths[:1], paths):
        main(["circular", *given])
        titles.append(next(t for t in capsys.readouterr().out.splitlines() if "关于" in t).strip())
    end = "中小学课后服务不定期检查情况的通报"
    assert titles == [f"关于2021—2022学年秋季学期{end}", f"关于2021—2022学年〔学期〕{end}"]


def test_a_report_of_another_stage_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report(tmp_path, "1508020001", "18:31", stage=Stage.APPROVAL)
    assert main(["circular", path]) == 2
    assert "不是检查环节（inspection）的报告" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["html", "docx", "csv"])
def test_every_format_has_every_problem(tmp_path: Path, form: str) -> None:
    reports = [report(tmp_path, f"150802000{n}", "18:31") for n in (1, 2)]
    out, listed = tmp_path / f"c.{form}", tmp_path / "c.json"
    assert main(["circular", *reports, "-o", f"{form}={out}", "-o", f"json={listed}"]) == 0
    count = len(json.loads(listed.read_bytes())["problems"])
    content = out.read_bytes()
    if form == "html":
        assert content.decode().count("<tr>") == count + 1
    elif form == "csv":
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == count + 1
    else:
        from docx import Document

        [table] = Document(io.BytesIO(content)).tables
        assert len(table.rows) == count + 1


def test_a_school_named_like_a_formula_is_a_text(tmp_path: Path) -> None:
    out = tmp_path / "c.csv"
    path = report(tmp_path, "1508020001", "18:31", "=cmd|' /C calc'!A1")
    assert main(["circular", path, "-o", f"csv={out}"]) == 0
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    assert all(row[1].startswith("'=") for row in rows[1:])


def attested(state: str, verdict: str, day: str) -> dict[str, str]:
    return {"rule": "x", "state": state, "verdict": verdict, "date": day}


def passed(**more: object) -> dict[str, object]:
    """A report of which something was judged, and nothing is wrong."""
    result = {"rule": "r", "outcome": "pass", "severity": "major", "findings": [], "clauses": []}
    return {**TREE, "results": [result], "check_date": "2021-11-17", **more}


@pytest.mark.parametrize(
    ("state", "mends"),
    [
        ("not_yet", "--on 2021-11-20"),
        ("expired", "请核对核实记录"),
        ("conflict", "请核对核实记录"),
        ("partial", "请核对核实记录"),
        ("unused", "请核对核实记录"),
    ],
)
def test_a_breach_that_was_seen_and_not_adopted_is_open(state: str, mends: str) -> None:
    """Such a school stands with those not settled; the office is told what mends it."""
    tree = passed(attestations=[attested(state, "fail", "2021-11-20")])
    found = circular([told_of(submitter_of(tree, "x"))], None)
    assert (found.clean, found.unread) == ((), ())
    assert [one.submitter.name for one in found.refused] == ["甲"]
    shown = text(found, Texts(loaded(), ()))
    assert "已判断的部分没有发现问题" not in shown
    assert "经检查人员核实有不符合的事项，核实记录还没有采用，没有结论：甲（1项）" in shown
    office = shown[shown.index("内部处理") :]
    assert "有1项核实没有采用" in office and mends in office


def test_a_pass_that_was_not_adopted_changes_nobodys_place() -> None:
    tree = passed(attestations=[attested("not_yet", "pass", "2021-11-20")])
    found = circular([told_of(submitter_of(tree, "x"))], None)
    assert [one.submitter.name for one in found.clean] == ["甲"]
    assert "--on 2021-11-20" in text(found, Texts(loaded(), ()))


def test_what_counts_is_not_told_as_left_out() -> None:
    tree = passed(attestations=[attested("settled", "pass", "2021-11-10")])
    found = circular([told_of(submitter_of(tree, "x"))], None)
    assert found.refused == () and "没有采用" not in text(found, Texts(loaded(), ()))


@pytest.mark.parametrize(("kept", "told"), [("照片05", "照片05"), ("", "申报表.xlsx")])
def test_the_evidence_is_what_the_inspector_kept(kept: str, told: str) -> None:
    """A form does not show what was seen on the spot; the photograph does."""
    seen = {"before": "review", "message": "", "seen": "18:40还有学生", "evidence": kept}
    finding = {
        "outcome": "fail",
        "message": "18:40还有学生",
        "location": {"file": "申报表.xlsx", "line": None, "column": None, "cell": None},
        "fingerprint": "f" * 64,
        "count": 1,
        "attestation": seen,
    }
    broken = {
        "rule": "r",
        "title": "按时结束",
        "area": "a",
        "outcome": "fail",
        "severity": "major",
        "clauses": [],
        "findings": [finding],
    }
    (problem,) = circular([told_of(submitter_of(passed(results=[broken]), "x"))], None).problems
    assert problem.evidence.startswith(told)


def test_it_says_on_which_days_was_looked(tmp_path: Path) -> None:
    """Who reads it asks first when the inspectors came; a report without a day leaves it out."""
    one = json.loads(Path(report(tmp_path, "1508020101", "18:00")).read_text("utf-8"))
    trees = [one, {**one, "check_date": "2021-11-17"}, {**one, "check_date": ""}]
    for n, tree in enumerate(trees):
        tree["submission"] = {**one["submission"], "path": f"{n}.yaml"}
        tree["submission"]["school"] = {**one["submission"]["school"], "id": f"150802010{n}"}
    told = [told_of(submitter_of(tree, "x")) for tree in trees]
    texts = Texts(loaded(), (), [])
    assert "于2021年10月20日至2021年11月17日对" in texts.opening(circular(told[:2], None))
    assert "于2021年10月20日对" in texts.opening(circular(told[:1], None))
    assert "〔发文机关〕对" in texts.opening(circular(told, None))
