"""Notices, worksheets and letters of many schools in one run, from reports and from material."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.command_line import here

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("junior-breaches", "primary-compliant")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two schools, one of which nobody can read, and the reports of all."""
    folder = tmp_path_factory.mktemp("many")
    for name in NAMES:
        shutil.copytree(EXAMPLES / name, folder / "各校材料" / name)
    (folder / "各校材料" / "坏校").mkdir()
    (folder / "各校材料" / "坏校" / "plan.yaml").write_text("学校:\n\t坏\n", "utf-8")
    given = ("--stage", "inspection", "--on", "2021-11-17", "-o", "json=报告/{id}.json", "-q")
    here("check", "各校材料", *given, cwd=folder)
    return folder


def test_a_notice_and_a_reply_for_each_school(made: Path) -> None:
    out = ("-o", "text=通知/{校名}.txt", "-o", "json=通知/{id}.json", "--reply", "回复/{id}.yaml")
    code, _, told = here("notice", "报告", "--due", "2021-12-10", *out, cwd=made)
    assert (code, "坏校 的材料没有读出" in told) == (4, True)
    alone = json.loads((made / "通知" / "1508020003.json").read_text("utf-8"))
    here(
        *("notice", "报告/1508020003.json", "--due", "2021-12-10", "-o", "json=一份.json"),
        cwd=made,
    )
    assert alone == json.loads((made / "一份.json").read_text("utf-8"))
    assert sorted(file.name for file in (made / "回复").iterdir()) == [
        "1508020002.yaml",
        "1508020003.yaml",
    ]


def test_a_worksheet_for_each_school(made: Path) -> None:
    code, _, _ = here("worksheet", "报告", "-o", "json=核查表/{学校标识码}.json", cwd=made)
    assert code == 0
    found = {file.stem for file in (made / "核查表").iterdir()}
    assert {"1508020002", "1508020003"} <= found
    one = json.loads((made / "核查表" / "1508020003.json").read_text("utf-8"))
    assert "1508020003" in json.dumps(one)
    assert "1508020002" not in json.dumps(one)


@pytest.mark.parametrize(("command", "ending"), [("request", "docx"), ("bundle", "zip")])
def test_a_letter_and_a_bundle_for_each_school(made: Path, command: str, ending: str) -> None:
    file = f"{command}/{{学校标识码}}.{ending}"
    given = f"docx={file}" if command == "request" else file
    code, _, told = here(command, "各校材料", "-o", given, cwd=made)
    assert (code, "各校材料/坏校：没有做成" in told) == (4, True)
    assert sorted(one.name for one in (made / command).iterdir()) == [
        f"1508020002.{ending}",
        f"1508020003.{ending}",
    ]


@pytest.mark.parametrize(
    "call",
    [
        ("request", "各校材料"),
        ("bundle", "各校材料", "-o", "全部.zip"),
        ("notice", "报告", "--due", "2021-12-10"),
        ("notice", "报告", "--due", "2021-12-10", "-o", "docx=通知/{旗县区}.docx"),
    ],
)
def test_several_schools_never_go_into_one_file(made: Path, call: tuple[str, ...]) -> None:
    assert here(*call, cwd=made)[0] == 2


def test_two_reports_of_one_school_are_refused(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "报告", tmp_path / "报告")
    shutil.copy(tmp_path / "报告" / "1508020003.json", tmp_path / "报告" / "又一份.json")
    out = ("--due", "2021-12-10", "-o", "text=通知/{id}.txt")
    code, _, told = here("notice", "报告", *out, cwd=tmp_path)
    assert (code, "1508020003 有两份报告" in told) == (2, True)
    assert not (tmp_path / "通知").exists()
