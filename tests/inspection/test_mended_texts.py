"""What an inspector found in a text falls when the text no longer says it, and only then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.support.command_line import here

BREACH = "每周五第二节组织单元检测。"
#: What is written of each rule that is looked at: a value, a statement, a gap.
SEEN = {
    "schedule-primary-end": ("不符合", "方案写小学18:50结束"),
    "statement-exam-drill": ("不符合", "方案写每周五单元检测"),
    "schedule-extended-offered": ("不符合", "方案没有写延时托管"),
    "schedule-weekdays": ("符合", "与原文一致"),
}
WHEN = "--stage", "inspection", "--on", "2021-12-01"


def plan(place: Path, end: str, *more: str) -> None:
    place.parent.mkdir(exist_ok=True)
    made = Document()
    for line in (
        "示例镇中心小学2021年秋季学期课后服务实施方案",
        "报送日期：2021年8月25日",
        "一、时间",
        f"2021年9月6日起，每周一至周五下午放学后开展，小学{end}结束。",
        "二、内容",
        *more,
    ):
        made.add_paragraph(line)
    made.save(str(place))


def fill(book: Path) -> None:
    """Fill in the sheet of an inspector as Excel leaves it."""
    opened: Any = load_workbook(book)
    head = {"检查单位": "示例县教育局", "检查日期": "2021-11-25", "有效至": "2022-01-20"}
    for page in opened.worksheets:
        columns: dict[str, int] = {}
        for row in page.iter_rows():
            if row[0].value in head:
                row[2].value = head[row[0].value]
            if "校验码" in {cell.value for cell in row}:
                columns = {cell.value: i for i, cell in enumerate(row) if cell.value}
            elif columns and row[columns["规则"]].value in SEEN:
                verdict, seen = SEEN[row[columns["规则"]].value]
                for name, said in (("核实结论", verdict), ("所见", seen), ("佐证", "方案原件")):
                    row[columns[name]].value = said
    opened.save(book)


@pytest.fixture(scope="module")
def attested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the attestations made on a plan that ends too late and tests the pupils."""
    folder = tmp_path_factory.mktemp("mended")
    plan(folder / "原来" / "方案.docx", "18:50", "学生自主完成作业。", BREACH)
    here("check", "原来/方案.docx", *WHEN, "-o", "json=检查前.json", cwd=folder)
    here("worksheet", "检查前.json", "-o", "xlsx=核查表.xlsx", cwd=folder)
    fill(folder / "核查表.xlsx")
    code, _, told = here("attest", "核查表.xlsx", "-o", "yaml=核实.yaml", cwd=folder)
    assert code == 0, told
    return folder


def states(folder: Path, name: str) -> dict[str, set[str]]:
    """What became of the attestations of each rule."""
    place = f"{name}/方案.docx"
    asked = *WHEN, "--attestations", "核实.yaml", "-o", f"json={name}.json"
    here("check", place, *asked, cwd=folder)
    found: dict[str, set[str]] = {}
    for note in json.loads((folder / f"{name}.json").read_text("utf-8"))["attestations"]:
        found.setdefault(note["rule"], set()).add(note["state"])
    return found


def test_all_hold_as_long_as_the_text_says_so(attested: Path) -> None:
    assert states(attested, "原来") == {rule: {"settled"} for rule in SEEN}


def test_what_the_text_no_longer_says_is_not_held_against_it(attested: Path) -> None:
    plan(attested / "改好" / "方案.docx", "18:20", "学生自主完成作业。", "提供延时托管。")
    found = states(attested, "改好")
    assert found["schedule-primary-end"] == {"changed"}
    assert found["statement-exam-drill"] == {"changed"}
    assert found["schedule-extended-offered"] == {"changed"}
    assert found["schedule-weekdays"] == {"settled"}
    report = json.loads((attested / "改好.json").read_text("utf-8"))
    outcomes = {one["rule"]: one["outcome"] for one in report["results"]}
    assert outcomes["statement-exam-drill"] != "fail"
    _, told, _ = here("check", "改好/方案.docx", *WHEN, "--attestations", "核实.yaml", cwd=attested)
    assert "那些字句已经改了" in told and "方案写小学18:50结束" in told


def test_an_edit_elsewhere_and_a_sentence_that_moved_take_nothing_away(attested: Path) -> None:
    more = "学生自主完成作业，教师答疑。", "三、安全", "校门有专人值守。", BREACH
    plan(attested / "别处" / "方案.docx", "18:50", *more)
    found = states(attested, "别处")
    assert "settled" in found["schedule-primary-end"]
    assert found["statement-exam-drill"] == {"settled"}


def test_a_read_value_that_was_found_right_is_not_excused_when_it_has_changed(
    attested: Path,
) -> None:
    """“符合” said of 周一至周五 is no word on a Saturday."""
    place = attested / "周六" / "方案.docx"
    plan(place, "18:50", "周六上午8:00至11:30另开展课后服务。")
    states(attested, "周六")
    report = json.loads((attested / "周六.json").read_text("utf-8"))
    outcomes = {one["rule"]: one["outcome"] for one in report["results"]}
    assert outcomes["schedule-weekdays"] not in ("pass", "not_applicable")
