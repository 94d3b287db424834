"""An empty form is told as such, with the boxes to begin with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.command_line import here as kehou
from tests.support.formbook import cell_of

from kehou.cli.main import main

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "申报表.xlsx"
    assert main(["form", "-o", str(file)]) == 0
    return file


def test_nobody_is_told_that_an_empty_form_fails(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(empty), "--engine", "direct"]) == 4
    told = capsys.readouterr().out
    assert "表格还没有填" in told
    assert "学校!B4（学校标识码）" in told and "实施方案!B11（服务开始日期）" in told
    assert "不符合" not in told.replace("与规定不一致", "")


def test_a_form_without_its_date_is_told_the_box(
    empty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(empty)
    cell_of(book["学校"], "学校名称").value = "向阳小学（示例）"
    file = tmp_path / "申报表.xlsx"
    book.save(file)
    assert main(["check", str(file), "--engine", "direct"]) == 2
    assert "请填写“实施方案!B11”" in capsys.readouterr().err


def test_what_the_questions_answered_is_not_asked_for_again(tmp_path: Path) -> None:
    """The first cells to fill in named 学段 and 寄宿制, which the questions had filled in."""
    made = ("--answer", "学段=小学", "--without", "机构、寄宿、供餐、校外", "-o", "表.xlsx")
    code, _, told = kehou("form", *made, cwd=tmp_path)
    assert code == 0, told
    code, told, _ = kehou("check", "表.xlsx", cwd=tmp_path)
    assert code == 4
    assert "表格还没有填" in told
    assert "（学校标识码）" in told
    assert "（学段）" not in told
    assert "（寄宿制）" not in told


@pytest.mark.parametrize("stage", ["approval", "inspection", "assessment"])
@pytest.mark.parametrize("without", ["机构、寄宿、供餐、校外", ""])
def test_each_cell_to_begin_with_is_the_one_of_its_label(
    tmp_path: Path, stage: str, without: str
) -> None:
    """A clerk who is sent to a cell finds there what was told: no other, none in a hidden sheet.

    The form is one made for filing, checked as schools' empty forms are at every stage.
    """
    asked = ("--answer", "学段=小学", "--without", without) if without else ()
    assert kehou("form", *asked, "-o", "表.xlsx", cwd=tmp_path)[0] == 0
    code, told, _ = kehou("check", "表.xlsx", "--stage", stage, cwd=tmp_path)
    assert code == 4
    boxes = re.findall(r"([^先填、!]+)!([A-Z]+)(\d+)（([^）]+)）", told)
    assert len(boxes) >= 4, told
    book = load_workbook(tmp_path / "表.xlsx")
    for sheet, column, row, label in boxes:
        page = book[sheet]
        assert page.sheet_state == "visible", sheet
        assert page[f"{column}{row}"].value is None, (sheet, column, row)
        heads = [page[f"A{row}"].value, *(page[f"{column}{n}"].value for n in range(1, 7))]
        assert label in heads, (sheet, column, row, label)
