"""A letter to who handed in a text tells what was read and asks for nothing that stands there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.support.command_line import here as kehou
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
