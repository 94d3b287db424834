"""``kehou check`` from a file on disk to text, JSON, HTML and an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.support.command_line import PROGRAM, apart
from tests.support.command_line import here as kehou

from kehou import data
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, EXIT_USAGE

PACK = "bayannur-2021"
_BASE = data.rules().joinpath(PACK, "base.yaml").read_text("utf-8")
#: The good submission that the pack's cases patch, and the county's list that stands in it.
PLAN, _, _LIST = _BASE.partition("\ncounty_list:\n")
EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEMA = json.loads(data.schemas().joinpath("report.schema.json").read_text("utf-8"))

LATE = PLAN.replace(
    "      start: 17:10\n      end: 17:50", "      start: 17:10\n      end: 18:31", 1
)
UNDATED = PLAN.replace("  filed_on: 2021-08-25\n", "", 1)
GARBLED = PLAN.replace("      end: 17:50", "      end: 25:99", 1)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with four plans, one of them unreadable, and the county's list."""
    for name, text in (("plan", PLAN), ("late", LATE), ("undated", UNDATED), ("garbled", GARBLED)):
        assert name == "plan" or text != PLAN
        tmp_path.joinpath(f"{name}.yaml").write_text(text, "utf-8")
    tmp_path.joinpath("broken.yaml").write_bytes(b"school:\n  name: \x00\n")
    tmp_path.joinpath("list.yaml").write_text(_LIST.replace("\n  ", "\n").lstrip(" "), "utf-8")
    return tmp_path


def report_of(*arguments: str, cwd: Path) -> Any:
    """The JSON of a run, valid against the schema."""
    _, shown, _ = kehou("check", *arguments, "-o", "json", cwd=cwd)
    document = json.loads(shown)
    errors = jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)
    assert [error.message for error in errors] == []
    return document


def failing(document: Any) -> list[str]:
    return [r["rule"] for r in document["results"] if r["outcome"] == "fail"]


@pytest.mark.both_engines
def test_a_good_plan_is_accepted(here: Path) -> None:
    code, shown, complaints = apart("check", "plan.yaml", cwd=here)
    assert (code, complaints) == (EXIT_OK, "")
    lines = shown.splitlines()
    assert lines[0].startswith("kehou · 巴彦淖尔2021 · 方案备案 · 适用日期 2021-09-06")
    assert lines[2].startswith("建议：同意备案 —— 符合 ")
    assert "✗" not in shown
    assert "\x1b" not in shown


def test_a_breach_is_shown_at_its_line_with_its_clause_and_remedy(here: Path) -> None:
    code, shown, _ = kehou("check", "late.yaml", cwd=here)
    number = LATE[: LATE.index("end: 18:31")].count("\n") + 1
    assert code == EXIT_FAIL
    assert "建议：退回修改 —— 不符合 1 项" in shown
    lines = shown.splitlines()
    quoted = lines.index(f"    {number} |       end: 18:31")
    assert lines[quoted + 1].strip() == "^^^^^"
    assert lines[quoted + 1].index("^") == lines[quoted].index("18:31")
    assert f"late.yaml:{number}:12" in lines[quoted - 1]
    assert "18:31" in lines[quoted - 1]
    assert "依据  《实施方案》“三、服务安排”（二）第1句：“小学结束时间不晚于18:30”" in shown
    assert "请    将小学结束时间调整到18:30以前" in shown


def test_the_gate_decides_between_one_and_less(here: Path) -> None:
    assert kehou("check", "late.yaml", "--fail-on", "major", cwd=here)[0] == EXIT_FAIL
    assert kehou("check", "late.yaml", "--fail-on", "critical", cwd=here)[0] == EXIT_OK


def test_a_missing_date_is_insufficient_and_names_its_path(here: Path) -> None:
    code, shown, _ = kehou("check", "undated.yaml", cwd=here)
    assert code == EXIT_UNSETTLED
    assert "→ 缺的材料" in shown
    assert "报送日期" in shown
    document = report_of("undated.yaml", cwd=here)
    assert "/plan/filed_on" in [item["path"] for item in document["missing_evidence"]]
    assert document["decision"]["value"] == "supplement"


def test_an_invalid_value_is_a_fault_and_what_needs_it_an_error(here: Path) -> None:
    code, shown, _ = kehou("check", "garbled.yaml", cwd=here)
    assert code == EXIT_UNREADABLE
    assert "! 读不懂的内容" in shown
    assert "25:99" in shown
    document = report_of("garbled.yaml", cwd=here)
    assert [fault["path"] for fault in document["faults"]] == ["/plan/sessions/1/end"]
    assert document["summary"]["rules"]["error"] > 0


def test_an_unreadable_file_is_reported_and_loses_no_other(here: Path) -> None:
    code, shown, _ = kehou("check", "broken.yaml", "late.yaml", "-o", "json", cwd=here)
    document = json.loads(shown)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert code == EXIT_UNREADABLE
    broken, late = document["reports"]
    assert broken["results"] == []
    assert broken["decision"] is None
    assert broken["faults"][0]["location"]["file"] == "broken.yaml"
    assert failing(late) == ["schedule-primary-end"]
    alone, told, _ = kehou("check", "broken.yaml", cwd=here)
    assert alone == EXIT_UNREADABLE
    assert "broken.yaml" in told
    assert "! 读不懂的内容" in told


def test_a_path_that_is_not_there_loses_no_other(here: Path) -> None:
    code, shown, complaints = kehou("check", "nowhere.yaml", "plan.yaml", cwd=here)
    assert code == EXIT_UNREADABLE
    assert "建议：同意备案" in shown
    assert "nowhere.yaml" in complaints


def test_nothing_checked_is_no_success(here: Path) -> None:
    code, shown, complaints = kehou("check", "nowhere.yaml", "-o", "json=a.json", cwd=here)
    assert (code, shown) == (EXIT_USAGE, "")
    assert "nowhere.yaml" in complaints
    assert not here.joinpath("a.json").exists()


def test_standard_input_is_a_submission(here: Path) -> None:
    code, shown, _ = apart("check", "-", cwd=here, stdin=PLAN.encode())
    assert code == EXIT_OK
    assert "建议：同意备案" in shown


def test_all_formats_come_from_one_run_and_twice_the_same_bytes(here: Path) -> None:
    for turn in ("1", "2"):
        code, shown, _ = apart(
            *("check", "late.yaml", "-o", "text"),
            *("-o", f"json={turn}.json", "-o", f"html={turn}.html", "-o", f"text={turn}.txt"),
            cwd=here,
        )
        assert code == EXIT_FAIL
        assert shown == here.joinpath(f"{turn}.txt").read_text("utf-8")
    for kind in ("json", "html", "txt"):
        assert here.joinpath(f"1.{kind}").read_bytes() == here.joinpath(f"2.{kind}").read_bytes()
    assert "小学结束时间不晚于18:30" in here.joinpath("1.html").read_text("utf-8")


def test_quiet_is_a_line_a_rule_and_verbose_lists_what_passes(here: Path) -> None:
    quiet = kehou("check", "late.yaml", "-q", cwd=here)[1]
    verbose = kehou("check", "late.yaml", "-v", cwd=here)[1]
    assert [line for line in quiet.splitlines() if line.startswith("✗")] == [
        line for line in quiet.splitlines() if "小学课后服务结束时间" in line and "理由" not in line
    ]
    assert "依据" not in quiet
    assert "√ 符合" in verbose
    assert "· 所用参数" in verbose


def test_kehou_yaml_sets_what_no_flag_sets(here: Path) -> None:
    desk = here / "desk"  # beside what is checked it would be the submitter's
    below = desk / "a"
    below.mkdir(parents=True)
    desk.joinpath("kehou.yaml").write_text("stage: inspection\nengine: direct\n", "utf-8")
    document = report_of("../../plan.yaml", cwd=below)
    assert (document["stage"], document["cross_checked"]) == ("inspection", False)
    assert document["decision"] is None
    flagged = report_of("../../plan.yaml", "--stage", "approval", cwd=below)
    assert flagged["stage"] == "approval"


def test_both_engines_are_the_default(here: Path) -> None:
    assert report_of("plan.yaml", cwd=here)["cross_checked"] is (sys.version_info < (3, 13))
    assert report_of("plan.yaml", "--engine", "direct", cwd=here)["cross_checked"] is False


def test_a_bureau_s_table_settles_what_waits_for_it(here: Path) -> None:
    without = report_of("plan.yaml", cwd=here)
    loaded = report_of("plan.yaml", "--data", "county_list=list.yaml", cwd=here)
    waiting = "vendor-on-county-list"
    outcomes = [
        {r["rule"]: r["outcome"] for r in document["results"]}[waiting]
        for document in (without, loaded)
    ]
    assert outcomes == ["not_judged", "pass"]
    assert [table["name"] for table in loaded["data"]] == ["county_list"]


def test_english_is_asked_for_by_a_flag(here: Path) -> None:
    code, shown, _ = kehou("check", "late.yaml", "--lang", "en", cwd=here)
    assert code == EXIT_FAIL
    assert "Recommended: return for revision — 1 fail" in shown


@pytest.mark.both_engines
@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "ascii", "latin-1"])
def test_text_can_be_read_on_any_terminal(here: Path, encoding: str) -> None:
    ran = subprocess.run(
        [*PROGRAM, "check", "late.yaml"],
        capture_output=True,
        cwd=here,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert ran.returncode == EXIT_FAIL
    readable = encoding if encoding.startswith("gb") else "utf-8"
    assert "不符合" in ran.stdout.decode(readable)
    assert ran.stderr == b""


@pytest.mark.both_engines
def test_a_reader_that_leaves_early_is_no_error(here: Path) -> None:
    command = [*PROGRAM, "check", "plan.yaml", "-v"]
    ran = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=here)
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    told = ran.stderr.read()
    ran.stderr.close()
    ran.wait()
    assert told == b""


def test_a_hostile_name_cannot_steer_the_terminal(here: Path) -> None:
    evil = PLAN.replace("和平九年一贯制学校（示例）", '"\\e]0;x\\a\\e[2J<u>\\u202e"')
    assert evil != PLAN
    here.joinpath("evil.yaml").write_text(evil, "utf-8")
    for output in ("text", "json", "html"):
        _, shown, complaints = kehou("check", "evil.yaml", "-o", output, cwd=here)
        for char in "\x1b\x07\u202e":
            assert char not in shown + complaints
        assert output != "html" or "<u>" not in shown


def test_explain_shows_the_rule_and_how_each_subject_came_out(here: Path) -> None:
    code, shown, _ = kehou("explain", "schedule-primary-end", cwd=here)
    assert code == EXIT_OK
    assert "D.2-b  《实施方案》“三、服务安排”（二）第1句：“小学结束时间不晚于18:30”" in shown
    assert "  小学课后服务最晚结束时间 = 18:30" in shown
    assert "primary_latest_end" not in shown
    assert "primary_latest_end" in kehou("explain", "schedule-primary-end", "-v", cwd=here)[1]
    assert "（2021-09-01起；依据：D.2-b；bayannur-2021）" in shown
    code, shown, _ = kehou("explain", "schedule-primary-end", "late.yaml", cwd=here)
    number = LATE[: LATE.index("end: 18:31")].count("\n") + 1
    assert code == EXIT_OK
    assert "[不成立]" in shown
    assert f"late.yaml:{number}:12" in shown
    code, _, complaints = kehou("explain", "schedule-primary-ends", cwd=here)
    assert code == EXIT_USAGE
    assert "是否想写 schedule-primary-end？" in complaints


def test_clauses_lists_every_part_with_what_carries_it(here: Path) -> None:
    code, shown, _ = kehou("clauses", "--pack", PACK, "-o", "json", cwd=here)
    (pack,) = json.loads(shown)["packs"]
    by_id = {clause["id"]: clause for clause in pack["clauses"]}
    assert (code, pack["id"], len(by_id)) == (EXIT_OK, PACK, 101)
    assert "schedule-primary-end" in by_id["D.2-b"]["rules"]
    assert by_id["A.1-a"]["status"] == "not_checkable"
    assert by_id["A.1-a"]["reason"]
    source = data.rules().joinpath(PACK, "source.txt").read_text("utf-8")
    assert all(clause["quote"] in source for clause in by_id.values())
    text = kehou("clauses", cwd=here)[1]
    assert "共 101 部分" in text
    assert all(clause["quote"] in text for clause in by_id.values())


def test_lint_tells_faults_with_their_places(here: Path) -> None:
    pack = here / "own"
    pack.mkdir()
    pack.joinpath("pack.yaml").write_text("id: own\n", "utf-8")
    code, shown, _ = kehou("lint", "--pack", "own", cwd=here)
    assert code == EXIT_USAGE
    assert "pack.yaml:1" in shown
    code, _, complaints = kehou("check", "plan.yaml", "--pack", "own", cwd=here)
    assert code == EXIT_USAGE
    assert "pack.yaml:1" in complaints


def test_the_cases_of_one_rule_can_be_run(here: Path) -> None:
    code, shown, complaints = kehou("test", "schedule-primary-end", cwd=here)
    if os.environ.get("KEHOU_WHEEL"):
        assert code == EXIT_USAGE  # cases stay out of the wheel
        return
    assert (code, complaints) == (EXIT_OK, "")
    assert "不通过 0 个" in shown
    code, _, complaints = kehou("test", "schedule-primary-ends", cwd=here)
    assert code == EXIT_USAGE
    assert "是否想写 schedule-primary-end？" in complaints


#: What keeps a main file from being read, by the place that is told.
NO_TREE = {
    "plan.yaml:2:1": b"school:\n\tname: a\n",
    "plan.yaml:2": b'school:\n  name: "a\n',
    "plan.yaml:1": b"\x00\x01",
}


@pytest.mark.parametrize("told", NO_TREE)
def test_a_folder_whose_plan_does_not_parse_says_so_with_the_place(
    told: str, tmp_path: Path
) -> None:
    (tmp_path / "plan.yaml").write_bytes(NO_TREE[told])
    (tmp_path / "学生名册.csv").write_text("学生编号,班级\nS001,一年级1班\n", "utf-8")
    alone = kehou("check", str(tmp_path / "plan.yaml"))
    code, out, err = kehou("check", str(tmp_path))
    assert (code, alone[0]) == (EXIT_UNREADABLE, EXIT_UNREADABLE)
    assert told in out
    assert "service_start" not in out + err and "不知道按哪一天" not in out + err
    bundled = kehou("bundle", str(tmp_path), "-o", str(tmp_path.with_name("made.zip")))
    assert bundled[0] == EXIT_UNREADABLE and told in bundled[2]


def test_two_plans_in_a_folder_with_other_parts_are_told(tmp_path: Path) -> None:
    for name in ("plan.yaml", "实施方案.yaml"):
        (tmp_path / name).write_text(PLAN, "utf-8")
    (tmp_path / "学生名册.csv").write_text("学生编号,班级\nS001,一年级1班\n", "utf-8")
    code, out, _ = kehou("check", str(tmp_path))
    assert code == EXIT_UNREADABLE
    assert "方案给了两份：plan.yaml、实施方案.yaml" in out


def test_the_gate_can_look_at_what_is_new_alone(here: Path) -> None:
    """As semgrep's and schemathesis's baselines: an old breach is known, a new one stops."""
    kehou("check", "late.yaml", "-o", "json=before.json", cwd=here)
    new = ("check", "late.yaml", "--baseline", "before.json", "--fail-on", "new")
    assert kehou(*new, cwd=here)[0] == EXIT_OK
    assert kehou("check", "late.yaml", "--baseline", "before.json", cwd=here)[0] == EXIT_FAIL
    (here / "late.yaml").write_text(LATE.replace("end: 18:31", "end: 18:30"), "utf-8")
    kehou("check", "late.yaml", "-o", "json=before.json", "--baseline", "before.json", cwd=here)
    (here / "late.yaml").write_text(LATE, "utf-8")
    assert kehou(*new, cwd=here)[0] == EXIT_FAIL
    code, _, complaints = kehou("check", "late.yaml", "--fail-on", "new", cwd=here)
    assert code == EXIT_USAGE
    assert "--baseline" in complaints


def test_a_report_only_run_still_says_what_it_could_not_read(here: Path) -> None:
    assert kehou("check", "late.yaml", "--fail-on", "none", cwd=here)[0] == EXIT_OK
    assert kehou("check", "undated.yaml", "--fail-on", "none", cwd=here)[0] == EXIT_OK
    (here / "bad.yaml").write_text("学校:\n\t名称: 甲\n", "utf-8")
    assert kehou("check", "bad.yaml", "--fail-on", "none", cwd=here)[0] == EXIT_UNREADABLE


def test_the_report_of_another_school_is_no_earlier_state_of_this_one(tmp_path: Path) -> None:
    kehou("check", str(EXAMPLES / "primary-compliant"), "-o", f"json={tmp_path}/b.json")
    given = ("--baseline", f"{tmp_path}/b.json")
    code, out, told = kehou("check", str(EXAMPLES / "junior-breaches"), *given)
    assert (code, out) == (2, "")
    assert "上次的报告是另一所学校的" in told
    again, _, _ = kehou("check", str(EXAMPLES / "primary-compliant"), *given)
    assert again == 0
