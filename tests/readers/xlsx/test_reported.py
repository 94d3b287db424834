"""Workbooks that other programs write and Excel opens: read as the table that they show."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pytest
from tests.support.reported import DATA, checked, outcomes, read_as, told

from kehou.readers import ReadError
from kehou.readers.xlsx import open_workbook

CASES = ("backslash-workbook", "empty-shared-text", "tab-without-part", "workbook-at-root")

#: This workbook has the column 退出日期, which the table lacks; blank there is 无: nobody has left.
OWN = {
    "empty-shared-text": {
        "fee-left-not-charged": "not_applicable",
        "procedure-withdrawn-not-served": "not_applicable",
        "procedure-withdrawn-order": "not_applicable",
    }
}


@cache
def as_csv() -> dict[str, str]:
    """The outcomes of the same submission with its roster as a .csv file."""
    return outcomes(checked(DATA / "capital-file-name"))


@pytest.mark.parametrize("case", CASES)
def test_a_workbook_of_another_program_reads_as_its_table(case: str) -> None:
    report = checked(DATA / case)
    assert told(report) == []
    assert outcomes(report) == as_csv() | OWN.get(case, {})


def test_a_tab_that_is_nothing_but_a_name_is_told_as_not_read() -> None:
    assert ("模块1", "未读（工作表只有名字，没有内容）") in [
        row[1:] for row in read_as(checked(DATA / "tab-without-part"))
    ]


def repacked(case: str, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook of a case with bytes of one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(DATA / case / "roster.xlsx") as source, zipfile.ZipFile(made, "w") as out:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == name:
                assert old in data, data[:2000]
                data = data.replace(old, new)
            out.writestr(info.filename, data)
    return made.getvalue()


def test_a_text_that_the_table_of_texts_has_not_is_still_told() -> None:
    data = repacked("empty-shared-text", "xl/worksheets/sheet1.xml", b"<v/>", b"<v>999</v>")
    with pytest.raises(ReadError, match="文字不在文字表里"):
        open_workbook(data, "roster.xlsx")


@pytest.mark.parametrize("kind", [b"s", b"b", b"e", b"d", b"n"])
@pytest.mark.parametrize("value", [b"<v/>", b"<v></v>", b"<v> </v>"])
def test_a_cell_of_any_type_without_content_is_blank(kind: bytes, value: bytes) -> None:
    new = b't="' + kind + b'">' + value
    data = repacked("empty-shared-text", "xl/worksheets/sheet1.xml", b't="s"><v/>', new)
    [sheet] = open_workbook(data, "roster.xlsx").sheets
    assert {cell.column for _, cells in sheet.rows[1:] for cell in cells}.isdisjoint({13})


def test_a_workbook_whose_every_tab_is_only_a_name_is_refused() -> None:
    data = repacked("tab-without-part", "xl/workbook.xml", b"r:id", b"r:no")
    with pytest.raises(ReadError, match="“名册”、“模块1”的内容"):
        open_workbook(data, "roster.xlsx")


@pytest.mark.parametrize(
    ("root", "said"),
    [(b"document", "Word 文档"), (b"presentation", "PowerPoint"), (b"x", "已损坏")],
)
def test_a_main_part_that_is_no_workbook_is_named(root: bytes, said: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(DATA / "workbook-at-root" / "roster.xlsx") as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    parts["workbook.xml"] = b"<" + root + b"/>"
    with zipfile.ZipFile(made, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)
    with pytest.raises(ReadError, match=said):
        open_workbook(made.getvalue(), "roster.xlsx")
