"""Notices, worksheets and letters of many schools in one run, from reports and from material."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.command_line import here

from kehou.batch.given_reports import apart
from kehou.batch.survey import Surveyed

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("junior-breaches", "primary-compliant")
GIVEN = ("--stage", "inspection", "--on", "2021-11-17", "-q")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two schools, one of which nobody can read, and the reports of all."""
    folder = tmp_path_factory.mktemp("many")
    for name in NAMES:
        shutil.copytree(EXAMPLES / name, folder / "各校材料" / name)
    (folder / "各校材料" / "坏校").mkdir()
    (folder / "各校材料" / "坏校" / "plan.yaml").write_text("学校:\n\t坏\n", "utf-8")
    here("check", "各校材料", *GIVEN, "-o", "json=报告/{id}.json", cwd=folder)
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
    # who handed in what cannot be read gets a letter that says so
    is_letter = command == "request"
    assert (code, "各校材料/坏校：没有做成" in told) == (4, not is_letter)
    # a letter that would ask for nothing is not written, which is told
    written = {one.name for one in (made / command).iterdir()}
    first = "各校材料_坏校" if is_letter else "1508020002"
    assert written == {f"{first}.{ending}", f"1508020003.{ending}"}


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


def test_two_reports_of_one_school_are_told_and_the_others_have_their_notices(
    made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "报告", tmp_path / "报告")
    shutil.copy(tmp_path / "报告" / "1508020003.json", tmp_path / "报告" / "又一份.json")
    out = ("--due", "2021-12-10", "-o", "text=通知/{id}.txt")
    code, _, told = here("notice", "报告", *out, cwd=tmp_path)
    assert (code, "（1508020003） 有 2 份报告" in told, "又一份.json" in told) == (4, True, True)
    assert [one.name for one in (tmp_path / "通知").iterdir()] == ["1508020002.txt"]


def test_a_school_of_two_reports_is_not_in_the_circular_and_the_office_is_told(
    made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "报告", tmp_path / "报告")
    shutil.copy(tmp_path / "报告" / "1508020003.json", tmp_path / "报告" / "又一份.json")
    code, out, told = here("circular", "报告", "-o", "json", cwd=tmp_path)
    assert (code, "有 2 份报告" in told) == (4, True)
    tree = json.loads(out)
    assert "1508020003" not in [one["id"] for one in tree["schools"]]
    assert [one["name"] for one in tree["doubled"]] == ["1508020003"]
    _, text, _ = here("circular", "报告", cwd=tmp_path)
    public, office = text.split("内部处理（不对外公布）")
    assert "另有1所学校因有几份报告" in public
    assert "又一份.json" in office
    assert "又一份.json" not in public


def test_reports_in_one_file_and_each_in_its_own_come_to_the_same(made: Path) -> None:
    here("check", "各校材料", *GIVEN, "-o", "json=一起.json", cwd=made)
    for command in (("circular",), ("worksheet",)):
        together = here(*command, "一起.json", "-o", "json", cwd=made)[:2]
        assert together == here(*command, "报告", "-o", "json", cwd=made)[:2]
        assert together[0] == 0


def test_a_file_of_reports_that_is_cut_short_is_no_round(made: Path, tmp_path: Path) -> None:
    here("check", "各校材料", *GIVEN, "-o", "json=一起.json", cwd=made)
    whole = (made / "一起.json").read_text("utf-8")
    for n, text in enumerate((whole[: len(whole) // 2], whole[:-6], whole + "x")):
        cut = tmp_path / f"{n}.json"
        cut.write_text(text, "utf-8")
        code, out, told = here("circular", str(cut), cwd=tmp_path)
        assert (code, out, "不完整或被改动过" in told) == (2, "", True)


def test_reports_come_together_by_id_or_by_where_they_lie() -> None:
    def one(path: str, id: str) -> Surveyed:
        return Surveyed(path, f"{path}.json", "", id)

    alone, twice = apart([one("a", "1"), one("b", "2"), one("a", "3"), one("c", "2"), one("d", "")])
    assert [x.path for x in alone] == ["d"]
    assert [[x.id for x in group] for group in twice] == [["1", "3"], ["2", "2"]]
    first, second, both = one("a", "1"), one("b", "2"), one("b", "1")
    assert apart([first, second, both]) == ([], [[first, second, both]])
