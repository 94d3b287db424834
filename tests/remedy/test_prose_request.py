"""A letter to who handed in a text tells what was read and asks for nothing that stands there."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.support.command_line import here as kehou
from tests.support.confirming import draft, filled
from tests.support.prose import plan

from kehou.errors import EXIT_UNREADABLE

TIMES = "周一至周五下午16:30—18:10开展课后服务。"
FEE = "课后服务费每生每月80元。"


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The letter to a school that handed in a plan in Word."""
    folder = tmp_path_factory.mktemp("plan")
    code, told, _ = kehou("request", str(plan(folder, TIMES, FEE)), "--on", "2021-09-01")
    assert code == 0
    return told


def test_it_says_from_which_document_what_was_read_and_that_nobody_confirmed_it(
    letter: str,
) -> None:
    assert "从方案.docx的文字中读出以下内容，不用再报" in letter
    for title in ("学校名称", "学年", "服务时段1项", "收费项目1项"):
        assert title in letter
    assert "没有人确认过，请对照原文核对" in letter
    assert "指明在哪一页、哪个标题下，不用重写" in letter


def test_it_does_not_ask_again_for_lists_that_were_read(letter: str) -> None:
    """Of these only whether there are more is asked."""
    assert "服务时段、收费项目读出的以外还有没有" in letter or "读出的以外还有没有" in letter
    asked = letter.partition("需要补正的材料")[2]
    assert "：服务时段、" not in asked
    assert "：收费项目、" not in asked


def test_it_says_not_read_and_never_that_a_part_is_missing_whole(letter: str) -> None:
    assert "整份没有" not in letter
    assert "文字中没有读到" in letter


def test_a_letter_to_who_handed_in_a_word_plan_has_three_pages_at_most(tmp_path: Path) -> None:
    from docx import Document

    place = plan(tmp_path, TIMES, FEE)
    assert kehou("request", str(place), "-o", f"docx={tmp_path}/信.docx")[0] == 0
    made = Document(io.BytesIO((tmp_path / "信.docx").read_bytes()))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert sum(map(len, cells)) < 2_200, "three pages of A4"


def test_a_file_that_cannot_be_read_gets_a_letter_that_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "方案.pdf"
    broken.write_text("不是 PDF", "utf-8")
    code, told, _ = kehou("request", str(broken))
    assert code == EXIT_UNREADABLE
    assert "材料读不出来，没有核查任何一项" in told
    assert "方案.pdf：文件不是 PDF" in told
    assert "把能打开、能复制文字的材料重新报送" in told
    assert "没有发现需要补正的材料" not in told


# --- what was confirmed --------------------------------------------------------------------------

#: What stands in the draft's items for the plan of `letter`.
NAME, PERIOD, CHARGE = "栏目: 学校名称", "栏目: 服务时段", "栏目: 收费项目"


def _all(place: Path, decisions: Mapping[str, str] = MappingProxyType({})) -> Path:
    """A record beside a plan that says 对 to all but what ``decisions`` say of it."""
    made = filled(draft(place), decisions)
    text = made.read_text("utf-8")
    made.write_text(text.replace("决定: \n", "决定: 对\n"), "utf-8")
    return made


def test_who_confirmed_all_is_told_so_and_not_asked_whether_there_is_more(tmp_path: Path) -> None:
    """A school that looked everything through, the whole text too, is not told that nobody did."""
    place = plan(tmp_path, TIMES, FEE)
    _all(place, {CHARGE: "改/金额：90"})
    code, told, _ = kehou("request", str(place), "--on", "2021-09-01")
    assert code == 0
    assert "已经逐项核对：学校（教导主任，2021年9月8日），改正1项" in told
    assert "没有人确认过" not in told
    assert "没有其他" not in told
    assert "服务时段、收费项目已经确认全文没有别的" in told


def test_what_nobody_has_confirmed_yet_is_asked_for_alone(tmp_path: Path) -> None:
    place = plan(tmp_path, TIMES, FEE)
    filled(draft(place), {NAME: "对", PERIOD: "对"})
    _, told, _ = kehou("request", str(place), "--on", "2021-09-01")
    assert "其中2项已经核对：学校（教导主任，2021年9月8日）" in told
    asked = told.partition("其余的是程序读出的，没有人确认过")[2].partition("\n")[0]
    assert "收费项目1项" in asked
    assert "服务时段1项" not in asked
    assert "学校名称" not in asked
    assert "服务时段、收费项目读出的以外还有没有" in asked


def test_the_bureaus_record_is_told_as_the_bureaus(tmp_path: Path) -> None:
    place = plan(tmp_path, TIMES, FEE)
    folder = tmp_path / "局"
    folder.mkdir()
    record = filled(draft(place, target=folder / "记录.yaml"), {PERIOD: "对"}, by="基教科")
    _, told, _ = kehou("request", str(place), "--confirmations", str(record))
    assert "其中1项已经核对：教育局（基教科，2021年9月8日）" in told


def test_it_counts_papers_as_the_report_does_and_says_which_are_left_out(tmp_path: Path) -> None:
    """A clerk who holds a report and a letter side by side finds the same number in both."""
    place = plan(tmp_path, "课后服务引进示例体育有限公司。", "孤儿免收课后服务费。", TIMES, FEE)
    _, report, _ = kehou("check", str(place), "--on", "2021-09-01")
    _, letter, _ = kehou("request", str(place), "--on", "2021-09-01")
    listed = re.search(r"学校补交 (\d+) 份", report)
    told = re.search(r"列出(\d+)份，其中(\d+)份已从文字中读出", letter)
    left = re.search(r"还缺以下(\d+)份", letter)
    assert listed and told and left
    assert told[1] == listed[1]
    assert int(left[1]) + int(told[2]) == int(listed[1])
