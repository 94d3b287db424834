"""``--fail-on new`` over many schools: what was known is let through, what is new never is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.support.command_line import Ran, here
from tests.support.school_batch import write_schools

EACH = "json=以前/{学校标识码}.json"


def check(folder: Path, *more: str) -> Ran:
    call = ("check", "各校", "--engine", "direct", "--store", "存", "--jobs", "1", *more)
    return here(*call, cwd=folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three schools and their earlier reports, as one file and as a file each: the second teaches
    a whole class where pupils should do their homework."""
    folder = tmp_path_factory.mktemp("made")
    write_schools(folder / "各校", 3, made={1: "sound", 2: "breach", 3: "sound"})
    code, _, told = check(folder, "-o", "json=以前.json", "-o", EACH, "-o", "summary=上轮.json")
    assert code == 1, told
    return folder


@pytest.fixture
def known(made: Path, tmp_path: Path) -> Path:
    """A copy of them to do with what a test will."""
    shutil.copytree(made, tmp_path / "一份")
    return tmp_path / "一份"


def plan(folder: Path, number: int) -> Path:
    [found] = (folder / "各校").glob(f"*/00{number}*")
    return found / "plan.yaml" if found.is_dir() else found


def breach(folder: Path, number: int) -> None:
    """Where pupils were to read by themselves a class is taught."""
    file = plan(folder, number)
    text = re.sub(r"活动: 自主阅读\n", "活动: 集体授课\n", file.read_text("utf-8"), count=1)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("before", ["以前.json", "以前"])
def test_what_is_known_passes_and_what_is_new_fails_with_whose_it_is(
    known: Path, before: str
) -> None:
    """A bureau's nightly run over its folder: without it, every breach stops it every night."""
    gate = ("--baseline", before, "--fail-on", "new")
    code, out, told = check(known, *gate)
    assert (code, told) == (0, ""), told
    assert "与上一轮相比，两次都读出的 3 所" in out
    assert "改正 0 项，新增 0 项" in out
    breach(known, 1)
    code, _, told = check(known, *gate)
    assert code == 1
    assert "有新增、重现的 1 所：第1小学（示例）" in told
    code, _, told = check(known, *gate, "-q")
    assert (code, "第1小学（示例）" in told) == (1, True), "kept results fail as well"


def test_a_second_place_of_a_rule_that_was_broken_before_is_new(known: Path) -> None:
    """The rule failed and fails: only the places tell that it got worse."""
    breach(known, 2)
    code, _, told = check(known, "--baseline", "以前", "--fail-on", "new")
    assert (code, "第2小学（示例）" in told) == (1, True), told


def test_a_school_without_an_earlier_report_has_all_of_it_counted(known: Path) -> None:
    (known / "以前" / "1508900002.json").unlink()
    code, _, told = check(known, "--baseline", "以前", "--fail-on", "new:critical")
    assert code == 1
    assert "1 所没有以前的报告，它们的全部算新增：第2小学（示例）" in told


def test_of_two_earlier_reports_of_a_school_none_counts(known: Path) -> None:
    """Nobody could say which of the two it was let through by."""
    one = known / "以前" / "1508900002.json"
    one.with_name("又一份.json").write_bytes(one.read_bytes())
    code, _, told = check(known, "--baseline", "以前", "--fail-on", "new")
    assert code == 1
    assert "哪一份也不用：1508900002" in told


def test_a_school_that_was_renamed_is_known_by_its_code_and_another_by_no_name(known: Path) -> None:
    text = plan(known, 2).read_text("utf-8")
    plan(known, 2).write_text(text.replace("第2小学（示例）", "新二小（示例）"), "utf-8")
    gate = ("--baseline", "以前.json", "--fail-on", "new")
    assert check(known, *gate)[0] == 0
    plan(known, 2).write_text(text.replace("1508900002", "1508900007"), "utf-8")
    code, _, told = check(known, *gate)
    assert (code, "没有以前的报告" in told) == (1, True), "another school of the same name"


def test_what_cannot_be_read_is_never_let_through(known: Path) -> None:
    plan(known, 3).write_text("{", "utf-8")
    assert check(known, "--baseline", "以前", "--fail-on", "new")[0] == 4


def test_a_report_says_what_it_was_compared_with_and_is_made_anew_from_it(known: Path) -> None:
    """The file that was given is named, with its own digest, not one that is gone by then."""
    code, _, told = check(known, "--baseline", "以前.json", "-o", "json=现在/{学校标识码}.json")
    assert code == 1, told
    report = known / "现在" / "1508900002.json"
    assert json.loads(report.read_text("utf-8"))["run"]["baseline"] == "以前.json"
    code, out, told = here("verify", str(report), cwd=known)
    assert code == 0, out + told


def test_a_summary_knows_no_places_and_says_what_to_give(known: Path) -> None:
    code, _, told = check(known, "--baseline", "上轮.json", "--fail-on", "new")
    assert (code, "-o json=以前.json" in told) == (2, True), told
    code, _, told = check(known, "--fail-on", "new")
    assert (code, "--baseline" in told) == (2, True), told
    code, _, told = check(known, "--baseline", "以前", "--fail-on", "new", "--stage", "inspection")
    assert (code, "另一个环节" in told) == (2, True), told
