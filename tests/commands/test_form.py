"""`kehou form`, `kehou convert` and `kehou check` of a form, as they are run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.support.command_line import here
from tests.support.confirming import draft, filled
from tests.support.formbook import cell_of, changed, column_of, comparable, read_form, schema
from tests.support.prose import plan

from kehou.cli.main import main
from kehou.render import FORMATS
from kehou.submission import load

pytestmark = pytest.mark.checkout

EXAMPLES = Path(__file__).parents[2] / "examples"
FIRST = EXAMPLES / "first-check" / "plan.yaml"
#: Where the form of that example ends a session too late, and where 班级数 belongs.
LATE, MISSING, WRONG = "服务时段!K8", "学校!B13", "实施方案!B54"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a form, with a time that is none."""
    file = tmp_path_factory.mktemp("form") / "申报表.xlsx"
    assert main(["form", "--from", str(FIRST), "-o", str(file)]) == 0

    def spoil(book: Any) -> None:
        cell = cell_of(book["实施方案"], "意见反馈机制·调查日期")
        cell.value = "下学期"
        assert f"实施方案!{cell.coordinate}" == WRONG

    file.write_bytes(changed(file.read_bytes(), spoil))
    return file


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_sheet_and_cell(form: Path, format: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{format}"
    arguments = ["--engine", "direct", "-v", "-o", f"{format}={out}"]
    assert main(["check", str(form), *arguments]) == 4
    text = _text(out).replace(" › ", "!")  # a page for people parts sheet and cell so
    assert LATE in text, format
    if format not in ("docx", "oscal"):  # these do not list what is missing, or not with places
        assert WRONG in text and MISSING in text, format


def test_what_was_written_and_what_is_next_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "小学.xlsx"
    arguments = ["--answer", "学段=小学", "--without", "机构、寄宿、供餐、校外"]
    assert main(["form", *arguments, "-o", str(short)]) == 0
    shown = capsys.readouterr()
    pages = [page for page in load_workbook(short).worksheets if page.sheet_state == "visible"]
    filled = [page for page in pages if page.title != "填表说明"]
    assert shown.out == "" and f"已写入 {short}：{len(filled)} 张要填的表" in shown.err
    assert f"kehou check {short}" in shown.err
    assert main(["convert", str(short), str(tmp_path / "plan.yaml")]) == 0
    assert f"已写入 {tmp_path / 'plan.yaml'}" in capsys.readouterr().err


def _text(file: Path) -> str:
    """What a person reads in a report of any format."""
    if file.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    if file.suffix == ".xlsx":
        pages = load_workbook(file).worksheets
        return "\n".join(str(v) for page in pages for row in page.values for v in row)
    return file.read_text("utf-8-sig")


def test_the_places_of_a_report_are_cells(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    main(["check", str(form), "--engine", "direct", "-o", f"json={out}"])
    found = json.loads(out.read_text("utf-8"))
    [fault] = found["faults"]
    assert fault["location"]["cell"] == WRONG and fault["location"]["line"] is None
    assert fault["location"]["excerpt"] == "意见反馈机制·调查日期：下学期"
    missing = {each["path"]: each["location"] for each in found["missing_evidence"]}
    assert missing["/school/classes_total"]["cell"] == MISSING
    [late] = [r for r in found["results"] if r["rule"] == "schedule-primary-end"]
    places = [f["location"] for f in late["findings"] if f["outcome"] == "fail"]
    assert [place["cell"] for place in places] == [LATE]
    assert places[0]["excerpt"] == "结束时间：18:40" and places[0]["file"] == "申报表.xlsx"


def test_the_screen_shows_the_cell_with_its_label(
    form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(form), "--engine", "direct"])
    shown = capsys.readouterr().out
    assert f"申报表.xlsx!{LATE}" in shown
    assert "结束时间：18:40" in shown and "          ^^^^^" in shown
    assert f"班级数（{MISSING.replace('!', ' › ')}）" in shown


def test_a_form_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"filled in for two days")
    assert main(["form", "-o", str(file)]) == 2
    assert file.read_bytes() == b"filled in for two days"
    assert "--force" in capsys.readouterr().err
    assert main(["convert", str(FIRST), str(file)]) == 2
    assert file.read_bytes() == b"filled in for two days"
    assert main(["form", "-o", str(file), "--force"]) == 0
    assert main(["convert", str(file), str(file), "--force"]) == 2  # its own input
    assert main(["form", "-o", str(tmp_path / "表.xls")]) == 2


def test_convert_goes_round_and_names_what_it_cannot_carry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["一.xlsx", "二.yaml", "三.json", "四.xlsx"]
    source = EXAMPLES / "junior-breaches"
    for before, after in zip([source, *(tmp_path / n for n in names)], names, strict=False):
        assert main(["convert", str(before), str(tmp_path / after), "--stage", "inspection"]) == 0
    first, last = (read_form((tmp_path / names[n]).read_bytes()) for n in (0, 3))
    assert comparable(first) == comparable(last) == comparable(load(source, schema()))
    text = (tmp_path / "二.yaml").read_text("utf-8")
    assert text.startswith("学校:\n") and "\n学生名册:\n" in text

    broken = EXAMPLES / "broken" / "unknown-key.yaml"
    assert main(["convert", str(broken), str(tmp_path / "五.xlsx")]) == 4
    told = capsys.readouterr().err
    assert "结束时问" in told and "什么也没有写" in told
    assert not (tmp_path / "五.xlsx").exists()
    assert main(["form", "--from", str(broken), "-o", str(tmp_path / "五.xlsx")]) == 4
    assert "结束时问" in capsys.readouterr().err and (tmp_path / "五.xlsx").exists()


# --- what a form shows ---------------------------------------------------------------------


def test_headings_are_locked_and_what_is_filled_in_is_not(form: Path) -> None:
    for page in load_workbook(form).worksheets:
        assert page.protection.sheet and not page.protection.password
    book = load_workbook(form)
    assert cell_of(book["学校"], "学校名称").protection.locked is False
    assert book["学校"]["A4"].protection.locked is True
    sessions = book["服务时段"]
    for row in (4, 5, 6):
        assert sessions.cell(row, 3).protection.locked is True
    assert sessions["C7"].protection.locked is False
    assert sessions.column_dimensions["C"].protection.locked is False  # below the last border too


def test_a_heading_s_note_has_the_clause_s_words_and_drop_downs_the_labels(form: Path) -> None:
    book = load_workbook(form)
    page = book["服务时段"]
    comment = page.cell(4, column_of(page, "结束时间")).comment
    note = comment.text if comment is not None else ""
    assert "“小学结束时间不晚于18:30”" in note and "《实施方案》" in note
    mode = cell_of(book["收费"], "收费方式")
    [rule] = [r for r in book["收费"].data_validations.dataValidation if mode.coordinate in r.sqref]
    name, _, cells = rule.formula1.rpartition("!")
    values = [cell.value for (cell,) in book[name.strip("'")][cells.replace("$", "")]]
    assert values == ["免费", "收费", "待核定"]
    assert page["J7"].number_format == "hh:mm" and page["H7"].number_format == "yyyy-mm-dd"


def test_what_a_field_wants_names_every_answer_that_counts(form: Path) -> None:
    """A school told to write 有 alone would hardly say that it has no gate register."""
    book = load_workbook(form)
    safety = book["安全"]
    assert safety.cell(cell_of(safety, "门卫登记制度").row, 4).value == "※ 写“有”或“无”"
    sessions = book["服务时段"]

    def note(label: str) -> str:
        comment = sessions.cell(4, column_of(sessions, label)).comment
        return str(comment.text) if comment is not None else ""

    for label in ("课程编号", "机构编号"):
        assert "引进机构的学校每个时段都要写" in note(label) and "写“无”" in note(label)
    assert "没有写“无”" in str(sessions.cell(5, column_of(sessions, "人员编号")).value)


def test_what_is_required_is_said_in_words_by_stage(tmp_path: Path) -> None:
    def need(stage: str, sheet: str, label: str) -> Any:
        file = tmp_path / f"{stage}.xlsx"
        if not file.exists():
            assert main(["form", "--stage", stage, "-o", str(file)]) == 0
        page = load_workbook(file)[sheet]
        if page["A3"].value == "栏目":
            return page.cell(cell_of(page, label).row, 3).value
        return str(page.cell(5, column_of(page, label)).value).splitlines()[0]

    assert need("approval", "学校", "学校名称") == "必填"
    assert need("approval", "学校", "城乡类别") == "选填"
    assert need("approval", "服务时段", "学生人数") == "※选填"
    assert need("inspection", "服务时段", "学生人数") == "※必填"
    assert need("inspection", "学生名册", "班级") == "※必填"
    assert "学生名册" not in load_workbook(tmp_path / "approval.xlsx").sheetnames
    about = [row[0] for row in load_workbook(tmp_path / "approval.xlsx")["填表说明"].values]
    assert any("表格第 1 版" in str(words) and "方案备案" in str(words) for words in about)


def test_a_form_of_a_later_version_is_refused(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def later(book: Any) -> None:
        book.defined_names["kehou_form"].attr_text = '"9 approval x"'

    file = tmp_path / "新版.xlsx"
    file.write_bytes(changed(form.read_bytes(), later))
    assert main(["check", str(file), "--engine", "direct"]) == 4
    assert "第 9 版" in capsys.readouterr().out


def test_two_plans_in_a_folder_are_not_chosen_between(form: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(FIRST.read_bytes())
    (tmp_path / "申报表.xlsx").write_bytes(form.read_bytes())
    assert main(["check", str(tmp_path), "--engine", "direct"]) == 4


def test_a_workbook_that_is_no_form_is_listed_beside_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import Workbook

    (tmp_path / "plan.yaml").write_bytes(FIRST.read_bytes())
    Workbook().save(tmp_path / "值班表.xlsx")
    main(["check", str(tmp_path), "--engine", "direct"])
    assert "值班表.xlsx" in capsys.readouterr().out


def test_a_form_from_prose_marks_what_a_program_read(tmp_path: Path) -> None:
    """Nobody takes for their own word what was read by a program and never looked at."""
    made = tmp_path / "申报表.xlsx"
    code, _, told = here("form", "--from", str(plan(tmp_path)), "-o", str(made))
    assert code == 0
    assert "没有人确认过" in told
    book = load_workbook(made)
    filled = {
        str(cell.value): cell.fill.fgColor.rgb
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert filled["示例镇中心小学"] == "00E2EFDA"
    assert any("浅绿色的" in text and "从文字里读出" in text for text in filled)


def test_a_form_from_prose_does_not_ask_again_for_what_was_looked_through(tmp_path: Path) -> None:
    """The school that confirmed the times compares only the fee with its text once more."""
    text = plan(tmp_path, "周一至周五下午16:30—18:10开展课后服务。", "课后服务费每生每月80元。")
    folder = tmp_path / "局"
    folder.mkdir()
    filled(draft(text), {"栏目: 服务时段": "对"})
    record = filled(draft(text, target=folder / "记录.yaml"), {"栏目: 学期": "对"}, by="基教科")
    made = tmp_path / "申报表.xlsx"
    asked = ("form", "--from", str(text), "--confirmations", str(record), "-o", str(made))
    code, _, told = here(*asked)
    assert code == 0
    assert "已经核对过的（学校（教导主任，2021-09-08）；教育局（基教科，2021-09-08））" in told
    book = load_workbook(made)

    def green(sheet: str, title: str) -> bool:
        cell = cell_of(book[sheet], title)
        assert cell.value is not None, title
        return bool(cell.fill.fgColor.rgb == "00E2EFDA")

    assert not green("实施方案", "学期")
    assert green("学校", "学校名称")
    marks = {
        str(cell.value): cell.fill.fgColor.rgb == "00E2EFDA"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value) in ("18:10:00", "80")
    }
    assert marks == {"18:10:00": False, "80": True}


def test_a_form_from_prose_declares_nothing_till_somebody_looked_it_through(tmp_path: Path) -> None:
    """What a program read is no word of the school's that there is nothing else."""
    import json

    made, report = tmp_path / "申报表.xlsx", tmp_path / "r.json"
    text = plan(tmp_path, "周一至周五下午16:30—18:40开展课后服务。")
    assert here("form", "--from", str(text), "-o", str(made))[0] == 0

    def failed() -> dict[str, bool]:
        """The rules that fail, and whether by what nobody has confirmed."""
        here("check", str(made), "--engine", "direct", "-o", f"json={report}")
        results = json.loads(report.read_text("utf-8"))["results"]
        return {
            r["rule"]: all(f.get("unconfirmed") for f in r["findings"] if f["outcome"] == "fail")
            for r in results
            if r["outcome"] == "fail"
        }

    assert failed() == {"schedule-primary-end": True}
    book = load_workbook(made)
    first = book["填表说明"]
    [row] = [r for r in range(1, 30) if "已对着原文逐格核对" in str(first.cell(r, 1).value)]
    first.cell(row, 2).value = "是"
    book.save(made)
    confirmed = failed()
    assert confirmed.pop("schedule-primary-end") is False
    assert "procedure-agreement-template" in confirmed  # the school says that it filled in all
