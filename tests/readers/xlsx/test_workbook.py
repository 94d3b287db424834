"""What a school typed into Excel or WPS is what kehou reads: no digit lost, no day moved."""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from kehou.readers import ReadError
from kehou.readers.outside import limit
from kehou.readers.xlsx import Workbook, open_workbook
from kehou.readers.xlsx.workbook import Cell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(data: bytes, **parts: str | bytes | None) -> bytes:
    """A workbook with parts replaced (``sheet1`` for the first sheet), added or left out."""
    short = {
        "sheet1": "xl/worksheets/sheet1.xml",
        "workbook": "xl/workbook.xml",
        "styles": "xl/styles.xml",
        "strings": "xl/sharedStrings.xml",
    }
    new = {short.get(name, name): text for name, text in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as out:
        for info in old.infolist():
            if info.filename not in new:
                out.writestr(info.filename, old.read(info))
        for name, text in new.items():
            if text is not None:
                out.writestr(name, text)
    return stream.getvalue()


def sheet(body: str, after: str = "", before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{body}</sheetData>{after}</worksheet>"
    )


def styles(*codes: str) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{200 + i}" formatCode="{code}"/>' for i, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>'
    )


def read(data: bytes) -> Workbook:
    return open_workbook(data, "a.xlsx")


def cells(data: bytes) -> list[Cell]:
    return [cell for _, row in read(data).sheets[0].rows for cell in row]


def plain_book() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    return saved(book)


def value(body: str, code: str = "General", **parts: Any) -> tuple[object, str]:
    """Value and kind of the one cell of a sheet, as its XML stores it."""
    data = edited(
        plain_book(), sheet1=sheet(f'<row r="1">{body}</row>'), styles=styles(code), **parts
    )
    (found,) = cells(data)
    return found.value, found.kind


def stored(text: str, code: str = "General", **parts: Any) -> tuple[object, str]:
    return value(f'<c r="A1" s="0"><v>{text}</v></c>', code, **parts)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("45.100000000000001", Decimal("45.1")),
        ("0.30000000000000004", Decimal("0.3")),
        ("1234567.89", Decimal("1234567.89")),
        ("1.1000000000000001E-2", Decimal("0.011")),
        ("-3", -3),
        ("5.0", 5),
        ("6", 6),
        ("150822199001011234", 150822199001011234),
        ("1.5082219900101123E+17", 150822199001011000),
    ],
)
def test_a_number_keeps_its_digits(text: str, read: object) -> None:
    assert stored(text) == (read, "number")
    assert type(stored(text)[0]) is type(read)


@pytest.mark.parametrize("text", ["NaN", "1e999", "-1e999", "INF", "0x10", "1,000", "١٢"])
def test_what_is_no_number_is_an_error_not_a_value(text: str) -> None:
    assert stored(text) == (text, "error")


@pytest.mark.parametrize(
    ("text", "code", "read", "kind"),
    [
        ("45536", "yyyy/m/d", datetime.date(2024, 9, 1), "date"),
        (
            "45536",
            "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@",
            datetime.date(2024, 9, 1),
            "date",
        ),
        (
            "45536.770833333336",
            "yyyy\\-mm\\-dd\\ hh:mm:ss",
            datetime.datetime(2024, 9, 1, 18, 30),
            "datetime",
        ),
        ("45536", "[$-804]yyyy/m/d h:mm", datetime.date(2024, 9, 1), "date"),
        ("0.77083333333333304", "h:mm", datetime.time(18, 30), "time"),
        ("0.77083333333333304", "h&quot;时&quot;mm&quot;分&quot;", datetime.time(18, 30), "time"),
        ("0.75", "[$-409]上午/下午h:mm", datetime.time(18), "time"),
        ("0", "h:mm", datetime.time(0), "time"),
        ("1.5", "[h]:mm", Decimal("1.5"), "number"),
        ("1", "yyyy/m/d", datetime.date(1900, 1, 1), "date"),
        ("59", "yyyy/m/d", datetime.date(1900, 2, 28), "date"),
        ("61", "yyyy/m/d", datetime.date(1900, 3, 1), "date"),
        ("2958465", "yyyy/m/d", datetime.date(9999, 12, 31), "date"),
        # 1900-02-29 never was; a day 0 is what an empty cell shows; beyond 9999 Excel shows ####
        ("60", "yyyy/m/d", "60", "error"),
        ("0", "yyyy/m/d", "0", "error"),
        ("-5", "yyyy/m/d", "-5", "error"),
        ("2958466", "yyyy/m/d", "2958466", "error"),
        ("45536", "0.00&quot;年&quot;", 45536, "number"),
        ("45536", "[Red]#,##0.00", 45536, "number"),
        ("45536", "&quot;day&quot;0", 45536, "number"),
        ("45536", "\\d0", 45536, "number"),
        ("45536", "[$￥-804]0.00", 45536, "number"),
    ],
)
def test_a_day_or_a_time_is_told_by_its_format(
    text: str, code: str, read: object, kind: str
) -> None:
    assert stored(text, code) == (read, kind)


def test_days_of_a_mac_are_counted_from_1904() -> None:
    names = openpyxl.Workbook()
    names.epoch = CALENDAR_MAC_1904
    assert names.active is not None
    names.active["A1"] = datetime.date(2024, 9, 1)
    (cell,) = cells(saved(names))
    assert (cell.value, cell.kind) == (datetime.date(2024, 9, 1), "date")


@pytest.mark.parametrize("number", [31, 57, 58])
def test_the_formats_of_chinese_excel_have_no_code_in_the_file(number: int) -> None:
    one = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    body = '<row r="1"><c r="A1" s="0"><v>45536</v></c></row>'
    (cell,) = cells(edited(plain_book(), sheet1=sheet(body), styles=one))
    assert (cell.value, cell.kind) == (datetime.date(2024, 9, 1), "date")


def test_a_formula_gives_what_was_saved_with_it() -> None:
    assert value('<c r="A1"><f>1+1</f><v>2</v></c>') == (2, "number")
    assert value('<c r="A1" t="str"><f>A2</f><v>张</v></c>') == ("张", "text")
    assert value('<c r="A1" t="str"><f>A2</f><v></v></c>') == (None, "blank")
    assert value('<c r="A1"><f>1+1</f></c>') == (None, "formula_without_value")
    assert value('<c r="A1"><f>1+1</f><v/></c>') == (None, "formula_without_value")
    assert value('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>') == ("#DIV/0!", "error")


def test_texts_are_read_in_every_way_they_are_stored() -> None:
    runs = "<r><t>课后</t></r><rPh><t>keh</t></rPh><r><t>服务</t></r>"
    assert value(f'<c r="A1" t="inlineStr"><is>{runs}</is></c>') == ("课后服务", "text")
    assert value('<c r="A1" t="inlineStr"><is><t>a_x000D_\nb</t></is></c>') == ("a\nb", "text")
    assert value('<c r="A1" t="str"><v>_x0000__xD800_</v></c>') == ("_x0000__xD800_", "text")
    assert value('<c r="A1" t="b"><v>1</v></c>') == (True, "bool")
    assert value('<c r="A1" t="d"><v>2024-09-01</v></c>') == (datetime.date(2024, 9, 1), "date")
    assert value('<c r="A1" t="inlineStr"><is><t><![CDATA[<c r="B1"/>]]></t></is></c>') == (
        '<c r="B1"/>',
        "text",
    )


def test_rows_keep_their_numbers_and_cells_their_columns() -> None:
    body = (
        '<row r="3"><c r="B3" s="0"/><c r="C3"><v>1</v></c><c r="AB3"><v>2</v></c></row>'
        '<row r="4" s="0" customFormat="1"/><row r="9"><c><v>3</v></c><c><v>4</v></c></row>'
    )
    book = read(edited(plain_book(), sheet1=sheet(body, before='<dimension ref="A1:XFD9"/>')))
    found = book.sheets[0]
    assert [number for number, _ in found.rows] == [3, 9]
    places = [(found.place(c.row, c.column), c.value) for _, row in found.rows for c in row]
    assert places == [("C3", 1), ("AB3", 2), ("A9", 3), ("B9", 4)]


def test_cells_without_a_reference_follow_an_empty_one() -> None:
    body = '<row r="1"><c r="A1"/><c r="B1"/><c><v>3</v></c></row>'
    (cell,) = cells(edited(plain_book(), sheet1=sheet(body)))
    assert (cell.row, cell.column) == (1, 3)


def test_merged_ranges_hidden_sheets_and_names_are_told() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "名册"
    first.append(["题目"])
    first.merge_cells("A1:C1")
    book.create_sheet("备用").sheet_state = "veryHidden"
    book.defined_names["form_version"] = DefinedName("form_version", attr_text='"kehou-form/1"')
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="kehou">'
        "<vt:lpwstr>form/1</vt:lpwstr></property></Properties>"
    )
    found = read(edited(saved(book), **{"docProps/custom.xml": custom}))
    assert [(s.name, s.hidden) for s in found.sheets] == [("名册", False), ("备用", True)]
    assert found.sheets[0].merged == ((1, 1, 1, 3),)
    assert found.defined["form_version"] == '"kehou-form/1"'
    assert found.defined["kehou"] == "form/1"


def test_a_refusal_says_where() -> None:
    body = '<row r="2"><c r="B2" t="s"><v>99</v></c></row>'
    with pytest.raises(ReadError) as caught:
        read(edited(plain_book(), sheet1=sheet(body)))
    assert str(caught.value).startswith("a.xlsx!Sheet!B2：工作簿已损坏")
    assert caught.value.problems[0].cell == "Sheet!B2"


def test_a_sheets_name_cannot_hold_what_moves_a_terminal() -> None:
    name = "_x001B_[2J_x202E_" + "长" * 100
    text = (
        f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    (found,) = read(edited(plain_book(), workbook=text)).sheets
    assert found.name == "?[2J?" + "长" * 55 + "…"


@pytest.mark.skipif(os.name != "posix", reason="limits of processes are POSIX's")
def test_a_lower_limit_on_memory_is_kept_for_the_program_that_converts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where somebody limits kehou, an old workbook is read or refused, and is no bug of ours."""
    import resource

    put: dict[int, tuple[int, int]] = {}
    hard = {resource.RLIMIT_AS: 1 << 30, resource.RLIMIT_CPU: resource.RLIM_INFINITY}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (0, hard.get(what, 5)))
    monkeypatch.setattr(resource, "setrlimit", put.__setitem__)
    limit(90, 4 << 30)
    assert put == {
        resource.RLIMIT_AS: (1 << 30, 1 << 30),
        resource.RLIMIT_CPU: (90, 90),
        resource.RLIMIT_CORE: (0, 0),
    }
