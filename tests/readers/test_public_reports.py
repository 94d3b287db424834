"""Files of the kinds that public reports on other readers are about, and what they say here.

Each test names the reports (repository and number) whose kind it holds; the files are our own.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.support.command_line import here
from tests.support.hostile_workbooks import packed, parts

from kehou import packs
from kehou.readers import ReadError, read
from kehou.readers.xlsx import Workbook, open_workbook
from kehou.submission import Submission, load

SCHEMA = packs.load("bayannur-2021").schema
PLAN = "学校: {学校名称: 沙枣小学（示例）, 学段: [小学]}\n"
ROSTER = ["学生编号", "班级", "年级", "减免类别", "是否需要服务", "申请日期"]
PUPIL = ["0101", "一年级1班", "一年级", "无", "是", "2021-08-29"]


def workbook(
    rows: str, strings: tuple[str, ...] = (), *, before: tuple[str, str] = ("", ""), **more: str
) -> Workbook:
    """A workbook of one sheet with these rows; ``before`` puts a text before another in a part."""
    files = parts(rows, list(strings))
    for name, text in more.items():
        files = {k: text.encode() if k.endswith(f"{name}.xml") else v for k, v in files.items()}
    return open_workbook(packed(files), "t.xlsx")


def values(book: Workbook) -> dict[tuple[int, int], Any]:
    return {(c.row, c.column): c.value for _, cells in book.sheets[0].rows for c in cells}


def styled(*cells: tuple[Any, str]) -> list[Any]:
    """What is read of cells with number formats, in one row."""
    made = openpyxl.Workbook()
    page: Any = made.active
    for at, (value, form) in enumerate(cells, 1):
        page.cell(1, at, value).number_format = form
    out = io.BytesIO()
    made.save(out)
    book = open_workbook(out.getvalue(), "t.xlsx")
    return [cell.value for cell in book.sheets[0].rows[0][1]]


def table(folder: Path, content: str | bytes, name: str = "roster.csv") -> Submission:
    folder.mkdir(exist_ok=True)
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return load(folder, SCHEMA)


def lines(*rows: list[str], end: str = "\n", mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=end, delimiter=mark).writerows(rows)
    return out.getvalue()


# --- workbooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "later",
    [
        "",
        '<extLst><ext><x15:workbookPr chartTrackingRefBase="1" '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"/></ext></extLst>',
    ],
)
def test_days_are_counted_as_the_workbook_says(later: str) -> None:
    """SheetJS/sheetjs#1565, pyexcel/pyexcel#135; tafia/calamine#706: another of that name."""
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    page: Any = made.active
    page["A1"] = 100
    page["A1"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as source:
        files = {name: source.read(name) for name in source.namelist()}
    files["xl/workbook.xml"] = files["xl/workbook.xml"].replace(
        b"</workbook>", later.encode() + b"</workbook>"
    )
    [[cell]] = [cells for _, cells in open_workbook(packed(files), "t.xlsx").sheets[0].rows]
    assert str(cell.value) == "1904-04-10"


def test_readings_of_characters_are_no_part_of_a_text() -> None:
    """awalker89/openxlsx#374 (shared), NousResearch/hermes-agent#113858 (in the cell)."""
    files = parts(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is>'
        '<t>东</t><rPh sb="0" eb="1"><t>dong</t></rPh></is></c></row>',
        ["宁东"],
    )
    name = next(name for name in files if "sharedStrings" in name)
    files[name] = files[name].replace(
        "宁东</t>".encode(), '宁东</t><rPh sb="0" eb="1"><t>dao</t></rPh>'.encode()
    )
    assert values(open_workbook(packed(files), "t.xlsx")) == {(1, 1): "宁东", (1, 2): "东"}


@pytest.mark.parametrize(
    ("stored", "form", "shown"),
    [
        (0.51249999999999996, "hh:mm", "12:18:00"),
        (41551.9999999998, "yyyy-mm-dd hh:mm:ss", "2013-10-05"),
        (44016.416666666664, "yyyy-mm-dd hh:mm", "2020-07-04 10:00:00"),
        (42488.479166666664, "yyyy-mm-dd hh:mm", "2016-04-28 11:30:00"),
        (0.434716435185185, "hh:mm:ss", "10:25:59.500000"),
        (0.523761574074074, "h:mm:ss AM/PM", "12:34:13"),
    ],
)
def test_a_moment_is_the_one_that_was_typed(stored: float, form: str, shown: str) -> None:
    """dilshod/xlsx2csv#97 and #84, willtrnr/pyxlsb#38, tidyverse/readxl#187, SheetJS/sheetjs#2341,
    roo-rb/roo#310: a fraction of a day is rounded, and the minute and the day with it."""
    [found] = styled((stored, form))
    assert str(found).removesuffix(" 00:00:00") == shown


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("一_x000D_\n二", "一\n二"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xd_", "_xd_"),
        ("Product_x005F_xB9f0_Code", "Product_xB9f0_Code"),
    ],
)
def test_escapes_of_a_stored_text(stored: str, meant: str) -> None:
    """exceljs/exceljs#584, SheetJS/sheetjs#557; apache/fesod#991: in the cell as in the table."""
    inline = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{stored}</t></is></c></row>'
    shared = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert values(workbook(inline)) == values(workbook(shared, (stored,))) == {(1, 1): meant}


def test_a_formula_that_nobody_worked_out_is_no_blank(tmp_path: Path) -> None:
    """infiniflow/ragflow#19737, jsonkenl/xlsxir#79; office-kit/xlsx#121: a blank result is one."""
    made = openpyxl.Workbook()
    page: Any = made.active
    for row in (ROSTER, [*PUPIL[:4], '=IF(1,"是","否")', PUPIL[5]]):
        page.append(row)
    made.save(tmp_path / "t.xlsx")
    found = table(tmp_path / "s", (tmp_path / "t.xlsx").read_bytes(), "roster.xlsx")
    [fault] = found.faults
    assert fault.location.cell == "Sheet!E2" and "公式" in fault.found + fault.hint
    rows = '<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c><c r="B1"><v>1</v></c></row>'
    [[blank, _]] = [cells for _, cells in workbook(rows).sheets[0].rows]
    assert (blank.value, blank.kind) == (None, "blank")


def test_rows_and_cells_that_do_not_say_where_they_are() -> None:
    """box/spout#267, tafia/calamine#330, monitorjbl/excel-streaming-reader#88."""
    rows = (
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"
        '<row r="7"><c r="C7"><v>5</v></c><c><v>6</v></c></row>'
    )
    assert values(workbook(rows)) == {(1, 1): 1, (1, 3): 3, (2, 1): 4, (7, 3): 5, (7, 4): 6}


def test_a_row_that_a_filter_hides_is_read_as_the_others(tmp_path: Path) -> None:
    """SheetJS/sheetjs#630, martijn/xsv#63, EPPlusSoftware/EPPlus#602."""
    made = openpyxl.Workbook()
    page: Any = made.active
    for row in (ROSTER, PUPIL, ["0102", *PUPIL[1:]], ["0103", *PUPIL[1:]]):
        page.append(row)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["D"].hidden = True
    made.save(tmp_path / "t.xlsx")
    found = table(tmp_path / "s", (tmp_path / "t.xlsx").read_bytes(), "roster.xlsx")
    assert [row["student_id"] for row in found.tree["roster"]] == ["0101", "0102", "0103"]
    said = [(note.location.cell, note.read) for note in found.normalised if "隐藏" in note.written]
    assert said, "what nobody sees is told"


def test_an_id_shown_with_leading_zeros_has_them(tmp_path: Path) -> None:
    """SheetJS/sheetjs#2581, SheetJS/js-harb#3: a number shown as 0101 is not the id 101."""
    made = openpyxl.Workbook()
    page: Any = made.active
    page.append(ROSTER)
    page.append([101, *PUPIL[1:]])
    page["A2"].number_format = "0000"
    made.save(tmp_path / "t.xlsx")
    found = table(tmp_path / "s", (tmp_path / "t.xlsx").read_bytes(), "roster.xlsx")
    assert [row.get("student_id") for row in found.tree["roster"]] == ["0101"]


def test_an_id_of_too_many_digits_is_told(tmp_path: Path) -> None:
    """leftshifters/excel-parser#44, bowenliang123/markdown-exporter#73."""
    made = openpyxl.Workbook()
    page: Any = made.active
    page.append(ROSTER)
    page.append([159001810629457000, *PUPIL[1:]])
    made.save(tmp_path / "t.xlsx")
    found = table(tmp_path / "s", (tmp_path / "t.xlsx").read_bytes(), "roster.xlsx")
    [fault] = found.faults
    assert fault.location.cell == "Sheet!A2"
    assert "student_id" not in found.tree["roster"][0]


# --- tables of text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + lines(ROSTER, PUPIL).encode(),
        b'\xef\xbb\xbf"' + lines(ROSTER, PUPIL).replace(",", '",', 1).encode(),
        lines(ROSTER, PUPIL, end="\r\n").encode("gbk"),
        lines(ROSTER, PUPIL).encode("gb18030"),
        lines(ROSTER, PUPIL, end="\r").encode(),
        b"sep=,\n" + lines(ROSTER, PUPIL).encode(),
        b"sep=\t\n" + lines(ROSTER, PUPIL, mark="\t").encode(),
        b'\xef\xbb\xbf"sep=,"\r\n' + lines(ROSTER, PUPIL, end="\r\n").encode(),
    ],
    ids=["bom", "bom quoted", "gbk", "gb18030", "cr", "sep=,", "sep=tab", "'sep=,'"],
)
def test_a_table_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    """wireservice/csvkit#662, pandas-dev/pandas#4793 (a mark at the start); objectstack-ai/objectui
    #2556, MIT-LCP/physionet-build#2063 (Chinese encodings); PowerShell/PowerShell#7776,
    mholt/PapaParse#951 (a first line that names the separator)."""
    found = table(tmp_path / "s", content)
    assert not found.faults, found.faults
    [row] = found.tree["roster"]
    assert (row["student_id"], row["grade"]) == ("0101", 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lines(ROSTER, PUPIL, mark=";").encode(), "分号"),
        (b"sep=;\r\n" + lines(ROSTER, PUPIL, mark=";", end="\r\n").encode(), "分号"),
        (b'"sep=;"\n' + lines(ROSTER, PUPIL, mark=";").encode(), "分号"),
        (lines(["序号", "金额"], ["1", "1,250.00"], mark=";").encode(), "分号"),
        (lines(ROSTER, PUPIL, mark="\t", end="\r\n").encode("utf-16"), "UTF-16"),
    ],
)
def test_a_table_saved_otherwise_is_told_with_the_way_out(
    tmp_path: Path, content: bytes, told: str
) -> None:
    """SheetJS/sheetjs#2239, mechatroner/vscode_rainbow_csv#108: nothing is cut wrongly."""
    [fault] = table(tmp_path / "s", content).faults
    assert told in fault.found and "另存为" in fault.hint
    assert fault.path == "/roster"


# --- trees of text -------------------------------------------------------------------------------


def problem(text: str, name: str = "plan.yaml") -> str:
    with pytest.raises(ReadError) as told:
        read(name, text.encode())
    return f"{told.value.where} {told.value.message} {told.value.hint}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("end: 18:30\n", {"end": "18:30"}),
        ("end: 1:1:1\n", {"end": "1:1:1"}),
        ("code: 0555567\n", {"code": "0555567"}),
        ("code: 08\n", {"code": "08"}),
        ("answer: no\n", {"answer": "no"}),
    ],
)
def test_a_value_is_what_is_written(text: str, wanted: dict[str, str]) -> None:
    """yaml/pyyaml#395 and #272 (times), #107 and opensanctions/opensanctions#3845 (zeros)."""
    assert read("plan.yaml", text.encode()).tree == wanted


def test_a_key_twice_is_told_and_neither_is_taken() -> None:
    """yaml/pyyaml#165; csaf-rs/csaf#1038 in JSON."""
    assert "重复" in problem("a: 1\nb: 2\na: 3\n") and ":3:" in problem("a: 1\nb: 2\na: 3\n")
    assert "重复" in problem('{"a": 1, "b": {"c": 1, "c": 2}}', "plan.json")


def test_what_a_merge_would_bring_is_not_lost_in_silence() -> None:
    """adrienverge/yamllint#175, pycontribs/ruyaml#43, r-lib/yaml#58."""
    text = "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  x: 3\n"
    told = problem(text)
    assert ":3:" in told and "<<" in told


def test_a_second_document_is_told() -> None:
    """open-policy-agent/conftest#95, open-policy-agent/opa#3037: one is not read for all."""
    told = problem("a: 1\n---\nb: 2\n")
    assert ":2:" in told or ":3:" in told


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_told(number: str) -> None:
    """tdegrunt/jsonschema#53, python-jsonschema/jsonschema#1506, mafintosh/is-my-json-valid#138."""
    assert number.lstrip("-") in problem(f'{{"a": {number}}}', "plan.json")


def test_a_number_beyond_all_bounds_is_told_and_not_infinite(tmp_path: Path) -> None:
    """ManabiIO/manabitan#103: ``1e309`` is no price."""
    plan = '{"school": {"name": "沙枣小学（示例）", "levels": ["primary"], "students": 1e309}}'
    (tmp_path / "plan.json").write_text(plan, "utf-8")
    found = load(tmp_path / "plan.json", SCHEMA)
    assert [fault.path for fault in found.faults] == ["/school/students"]


# --- exit codes ----------------------------------------------------------------------------------


def test_one_file_among_several_decides_the_exit_code_wherever_it_stands(tmp_path: Path) -> None:
    """open-policy-agent/conftest#108, #387 and #522: the last file is not the only one."""
    data = Path(__file__).parents[1] / "data" / "reported"
    late = str(data / "waiver-no-such-day" / "plan.yaml")
    short = str(data / "closed-stdout" / "plan.yaml")
    (broken := tmp_path / "broken.yaml").write_text("a: [", "utf-8")
    options = ("--engine", "direct", "--pack", "bayannur-2021", "--fail-on", "major")
    codes = {path: here("check", path, *options, cwd=tmp_path)[0] for path in (late, short)}
    for pair in ((late, short), (short, late)):
        assert here("check", *pair, *options, cwd=tmp_path)[0] == max(codes.values()) == 1
        assert here("check", *pair, str(broken), *options, cwd=tmp_path)[0] == 4
        assert here("check", str(broken), *pair, *options, cwd=tmp_path)[0] == 4
