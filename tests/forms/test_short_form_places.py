"""Where a short form has no cell for what is missing, it is said which sheet of a full form has."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from kehou import CheckOptions, check
from kehou.cli.main import main
from kehou.fields import fold
from kehou.model.outcomes import Outcome, Owner, Stage
from kehou.model.report import Report
from kehou.render import FORMATS
from kehou.render.screen import Manner

pytestmark = pytest.mark.checkout

SHORT = ["--answer", "学段=小学", "--without", "机构、寄宿、供餐、校外"]
FILLED = {
    "学校": {"学校名称": "红星小学（示例）", "学段": "小学"},
    "实施方案": {
        "服务开始日期": "2021-09-06",
        "报送日期": "2021-08-26",
        "学年": "2021-2022",
        "学期": "秋季学期",
    },
}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The short form of a plain school, with little filled in."""
    file = tmp_path_factory.mktemp("short") / "短表.xlsx"
    assert main(["form", *SHORT, "-o", str(file)]) == 0
    book = load_workbook(file)
    for title, values in FILLED.items():
        for row in book[title].iter_rows(max_col=2):
            if row[0].value in values:
                row[1].value = values[str(row[0].value)]
    book.save(file)
    return file


@pytest.fixture(scope="module")
def report(short: Path) -> Report:
    """What is found in it."""
    return check(str(short), CheckOptions(stage=Stage.APPROVAL, engine="direct"))


def test_every_place_is_a_cell_of_its_own_label_or_a_sheet_of_the_full_form(
    short: Path, report: Report
) -> None:
    book = load_workbook(short)
    left_out = {}
    for paper in report.missing_evidence:
        place = paper.location
        if paper.owner is not Owner.SUBJECT or place is None:
            continue
        if place.cell is None:
            left_out[paper.path] = place.sheet
            continue
        title, _, cell = place.cell.partition("!")
        row = book[title][cell].row
        own = paper.label.split("·")[-1]
        labels = [str(c.value) for n in (4, row) for c in book[title][n] if c.value is not None]
        named = any(fold(own) in fold(label) for label in (title, *labels))
        assert named or paper.path.count("/") <= 2, (paper.path, place.cell, labels[:4])
        assert cell != "A1", paper.path
    assert left_out == {
        "/plan/online_resources": "线上资源",
        "/plan/demand_survey/by_grade": "需求摸底·分年级",
    }


def test_the_full_form_has_these_sheets(short: Path, tmp_path: Path) -> None:
    full = tmp_path / "全表.xlsx"
    assert main(["form", "--from", str(short), "-o", str(full)]) == 0
    assert {"线上资源", "需求摸底·分年级"} <= {*load_workbook(full).sheetnames}


@pytest.mark.parametrize("format", ["text", "html", "json"])
def test_formats_say_so_in_a_sentence(report: Report, format: str) -> None:
    text = str(FORMATS[format].render([report], Manner()))
    assert "需求摸底·分年级" in text and "B26" not in text.partition("分年级")[2][:40]
    if format != "json":
        assert "这份表没有列出" in text


def test_a_letter_names_the_sheet(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["request", str(short)])
    told = capsys.readouterr().out
    assert "填在其中的“线上资源”、“需求摸底·分年级”" in told


def test_a_whole_item_that_is_said_to_be_none_is_read(short: Path, tmp_path: Path) -> None:
    """Each such row asks for 无 where there is none; no insurance is a breach, not a gap."""
    book, file = load_workbook(short), tmp_path / "写了无.xlsx"
    rows = [
        row[1]
        for sheet in book
        for row in sheet.iter_rows(max_col=2)
        if str(row[0].value).endswith("（整项）")
    ]
    assert len(rows) > 10
    for cell in rows:
        cell.value = "无"
    book.save(file)
    found = check(str(file), CheckOptions(stage=Stage.APPROVAL, engine="direct"))
    told = [fault.found for fault in found.submission.faults if "没有“" in fault.found]
    assert told == []
    [insured] = [one for one in found.results if one.rule == "safety-liability-insurance"]
    assert insured.outcome is Outcome.FAIL
