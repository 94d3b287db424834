"""What became of each record is told everywhere, and can be held against the report later."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from docx import Document as open_document
from tests.support.confirming import draft, filled
from tests.support.formats import WITH_NOTES
from tests.support.prose import BREACH, plan

import kehou
from kehou import CheckOptions
from kehou.batch.inputs import find
from kehou.batch.survey import digest_of
from kehou.cli.main import main
from kehou.fields.validation import validate
from kehou.model.report import Report
from kehou.render import FORMATS
from kehou.render.programs import document
from kehou.render.screen import Manner

#: Ends ten minutes later than primary schools may (三、服务安排（二）).
LATE = "周一至周五下午16:30—18:40开展课后服务。"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A plan with the school's record beside it, and the bureau's record elsewhere."""
    folder = tmp_path_factory.mktemp("材料")
    place = plan(folder, LATE, BREACH)
    filled(draft(place), {"16:30": "对"})
    bureaus = tmp_path_factory.mktemp("局") / "记录.yaml"
    return place, filled(draft(place, target=bureaus), {"打算做": "不是"}, by="基教科")


@pytest.fixture(scope="module")
def report(made: tuple[Path, Path]) -> Report:
    """The report of both."""
    place, record = made
    options = CheckOptions(packs=("bayannur-2021",), engine="direct", confirmations=(str(record),))
    return kehou.check(str(place), options)


@pytest.mark.parametrize("form", WITH_NOTES)
def test_every_format_tells_what_was_confirmed_and_what_taken_back(
    report: Report, form: str
) -> None:
    shown = str(FORMATS[form].render([report], Manner(annex=True)))
    assert "教导主任" in shown and "基教科" in shown


@pytest.mark.parametrize("form", ["csv", "gitlab"])
def test_rows_tell_what_was_changed(report: Report, form: str) -> None:
    assert "基教科" in str(FORMATS[form].render([report], Manner()))


def test_an_english_report_says_it_in_english(report: Report) -> None:
    shown = str(FORMATS["text"].render([report], Manner(language="en")))
    assert "The school (教导主任, 2021-09-08) confirmed what was read" in shown
    assert "The bureau (基教科, 2021-09-08) says that the text speaks of something else" in shown


def test_the_json_report_is_as_its_schema_says(report: Report) -> None:
    tree = document(report)
    assert validate(tree, "report") == []
    assert [one["state"] for one in tree["confirmations"]] == ["confirmed", "rejected"]
    assert [one["whose"] for one in tree["confirmations"]] == ["subject", "authority"]
    assert [one["name"] for one in tree["confirmation_files"]] == ["记录.yaml"]


def test_a_bundle_holds_both_records_and_is_verified(
    made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, record = made
    target, packs = tmp_path / "包", ["--pack", "bayannur-2021", "--engine", "direct"]
    given = ["--confirmations", str(record)]
    assert main(["bundle", str(place), "-o", str(target), *packs, *given]) == 0
    assert (target / "submission" / "方案.确认.yaml").is_file()
    assert (target / "confirmations-1.yaml").is_file()
    capsys.readouterr()
    assert main(["verify", str(target)]) == 0, capsys.readouterr().out
    (target / "confirmations-1.yaml").write_text("确认: []\n", "utf-8")
    assert main(["verify", str(target)]) != 0


def test_a_report_is_verified_with_the_record_beside_the_plan(
    made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(made[0].parent, tmp_path / "材料")
    report = tmp_path / "报告.json"
    options = ["--pack", "bayannur-2021", "--engine", "direct"]
    main(["check", str(folder / "方案.docx"), *options, "-o", f"json={report}"])
    assert main(["verify", str(report)]) == 0
    (folder / "方案.确认.yaml").unlink()
    capsys.readouterr()
    assert main(["verify", str(report)]) != 0
    assert "方案.确认.yaml" in capsys.readouterr().out


def test_those_that_only_agree_are_told_in_one_sentence(tmp_path: Path) -> None:
    """Forty lines of 读得对 hide the one that was corrected; each place is told as Word has it."""
    place = plan(tmp_path, LATE, "课后服务费每生每月80元。")
    decisions = {"栏目: 学校名称": "对", "栏目: 学期": "对。", "栏目: 收费项目": "改/金额：90"}
    filled(draft(place), decisions)
    made = kehou.check(str(place), CheckOptions(packs=("bayannur-2021",), engine="direct"))
    assert [one.state for one in made.confirmed.notes].count("confirmed") == 2
    shown = str(FORMATS["text"].render([made], Manner()))
    assert "学校（教导主任，2021-09-08）确认2项读得对（方案.docx）" in shown
    assert shown.count("读得对") == 1
    assert "更正：收费项目" in shown


def test_a_list_confirmed_whole_of_another_text_is_told_to_be_read_again(tmp_path: Path) -> None:
    """Nobody looks for a sentence “（全文）” that was left out."""
    place = plan(tmp_path, LATE)
    filled(draft(place), {"全文没有别的": "对", "16:30": "对"})
    plan(tmp_path, LATE, "食堂每日公布菜谱。")
    made = kehou.check(str(place), CheckOptions(packs=("bayannur-2021",), engine="direct"))
    shown = str(FORMATS["text"].render([made], Manner()))
    assert "文件改过了，请再通读一遍全文" in shown
    assert "原句“（全文）”" not in shown


def test_a_draft_says_where_a_cell_of_a_table_stands(tmp_path: Path) -> None:
    """Nobody can count to the 21st paragraph where each cell is one."""
    place = plan(tmp_path)
    paper = open_document(str(place))
    table = paper.add_table(rows=2, cols=2)
    for cell, text in zip(table.rows[1].cells, ("三至六年级课后服务", "16:20—18:40"), strict=True):
        cell.text = text
    paper.save(str(place))
    assert "表1第2行第2列（全文第" in draft(place).read_text("utf-8")


# --- many ----------------------------------------------------------------------------------------


def test_a_record_is_part_of_its_plan_and_no_submission(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    """A folder of plans, each with its record: a changed record is checked again."""
    for name in ("甲", "乙"):
        shutil.copy(made[0], tmp_path / f"{name}.docx")
    record = tmp_path / "甲.确认.yaml"
    shutil.copy(made[0].with_name("方案.确认.yaml"), record)
    shutil.copy(record, tmp_path / "丙.确认.xlsx")
    schema = kehou.load_pack("bayannur-2021").schema
    found = find([str(tmp_path)], schema, tmp_path)
    assert [Path(one.path).name for one in found.inputs] == ["乙.docx", "甲.docx"]
    assert [Path(one).name for one in found.strays] == ["丙.确认.xlsx"]
    before = digest_of(str(tmp_path / "甲.docx"))
    record.write_text(record.read_text("utf-8").replace("教导主任", "校办"), "utf-8")
    assert digest_of(str(tmp_path / "甲.docx")) != before


def test_each_of_many_is_checked_with_its_own_record(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "各校方案"
    folder.mkdir()
    for name, whose in (("甲", "示例镇中心小学"), ("乙", "另一镇（示例）中心小学")):
        paper = open_document(str(made[0]))
        first = paper.paragraphs[0]
        first.text = first.text.replace("示例镇中心小学", whose)
        paper.save(str(folder / f"{name}.docx"))
    filled(draft(folder / "甲.docx"), {"16:30": "对"})
    options = ["--pack", "bayannur-2021", "--engine", "direct", "--jobs", "1"]
    store = ["--store", str(tmp_path / "存放")]
    main(["check", str(folder), *options, *store, "-o", f"json={tmp_path / '全部.json'}"])
    tree = json.loads((tmp_path / "全部.json").read_text("utf-8"))
    states = {
        Path(one["submission"]["path"]).name: [n["state"] for n in one.get("confirmations", ())]
        for one in tree["reports"]
    }
    assert states == {"甲.docx": ["confirmed"], "乙.docx": []}
