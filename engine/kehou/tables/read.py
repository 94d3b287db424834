"""Tables from elsewhere as documents: .csv and .xlsx ledgers, rosters, attendance and the like.

The headings are told by ``<schema>.columns.json``; what was mapped, skipped and left over is kept
in ``Document.notes``. What could mean two things is a problem with the way out, never a guess. A
file with the schema's own headings in its first row reads as csv_reader has always read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kehou.fields import ABSENT_WORDS, Field, Schema
from kehou.fields.privacy import sheet_name
from kehou.readers import DEFAULT, Document, Limits, ReadError, Source, read
from kehou.readers.door import shown
from kehou.readers.files import form_of, open_text, read_bytes
from kehou.readers.source import Note
from kehou.readers.xlsx import Sheet, Workbook
from kehou.tables.rows import Table

#: Columns that are named where a table names none.
_MOST_TITLES: Final = 16
#: What makes a table of the schema's own headings be read here all the same.
_UNTIDY = re.compile(
    r"(?:[合总小累共]\s*计|承前页|过次页|结转|结余|期[初末]余额)[:：\s]*(?:[,\"\t]|$)"
    r"|\"[^\",\n]*\d,\d{3}|[\d日号][ T]+\d{1,2}:\d\d|[√✓✔×]"
    r"|[,\t\"](?:--?|——?|–|/)[ ]*(?:[,\t\"]|$)",
    re.MULTILINE,
)


def rows_of(part: Field) -> Field | None:
    """The field of the rows that a part's table holds; None where it holds none."""
    target = part.fields.get(part.csv) if part.csv else part
    return target if target is not None and target.kind == "rows" else None


def read_csv_table(
    name: str, data: bytes, part: Field, schema: Schema, limits: Limits = DEFAULT
) -> Document:
    """Read a .csv file that gives a part; raises ``ReadError``."""
    from kehou.readers.csv_reader import read_csv
    from kehou.readers.grids import CsvGrid

    source = open_text(name, data, limits)
    target = rows_of(part)
    try:
        if target is not None:
            grid = CsvGrid(source, limits)
            table = Table(grid, part, target, schema.columns)
            if table.headless:
                line, column = source.place(table.head[0][0])
                raise _headless(table, line, column)
            known = table.layout is not None and table.layout.sure
            if known and (not table.ordinary or _UNTIDY.search(source.text) or table.interrupted):
                return table.document()
        return read_csv(source, limits)
    except ReadError as error:
        error.locate(name)
        raise


def read_table(place: Path, part: Field | None, schema: Schema) -> Document:
    """Read a .csv file or a workbook that gives a part of a submission; raises ``ReadError``.

    A workbook that gives no part is refused here with what to do.
    """
    name, data = shown(place.name), read_bytes(place)
    if form_of(name) == "csv":
        assert part is not None
        return read_csv_table(name, data, part, schema)
    try:
        book = open_book(name, data)
        if part is None:
            read(name, data)  # tells what a workbook may be used for
        assert part is not None
        return read_book(book, data, part, schema)
    except ReadError as error:
        error.locate(name)
        raise


def _headless(table: Table, line: int = 0, column: int = 0, cell: str = "") -> ReadError:
    """One error for a table whose headings were lost; no text of its first record is told."""
    titles = [
        child.title
        for child in table.item.fields.values()
        if not child.reader and child.kind not in ("record", "rows")
    ]
    more = "等" if len(titles) > _MOST_TITLES else ""
    return ReadError(
        "第一行像是数据，没有列名，整张表未读",
        line or None,
        column or None,
        f"在它上面加一行列名（没有的列不用写）：{'、'.join(titles[:_MOST_TITLES])}{more}",
        cell=cell,
    )


def open_book(name: str, data: bytes, limits: Limits = DEFAULT) -> Workbook:
    """A workbook of any kind; an old one (.xls, .et) is converted by LibreOffice first."""
    from kehou.readers.xlsx import open_workbook

    if form_of(name) == "xls" and not data.startswith(b"PK"):
        from kehou.readers.xlsx import converted

        data = converted(data, limits)
    return open_workbook(data, name, limits)


def read_book(
    book: Workbook, data: bytes, part: Field, schema: Schema, limits: Limits = DEFAULT
) -> Document:
    """The table of a part in a workbook: its only sheet, or the one named or headed like it."""
    from kehou.readers.grids import SheetGrid

    target = rows_of(part)
    if target is None:
        raise ReadError(
            f"“{part.title}”不是一张表格，不能用工作簿提供",
            hint=f"把它写在 {part.name}.yaml 或 {part.title}.yaml 里",
        )
    book = _unnamed(book, schema)
    source = Source(book.name, data, "")
    sheets = [sheet for sheet in book.sheets if sheet.rows and not sheet.hidden]
    if not sheets:
        hidden = any(sheet.rows for sheet in book.sheets)
        raise ReadError(
            "有内容的工作表都隐藏了" if hidden else "工作簿里没有内容",
            hint="取消隐藏要检查的工作表" if hidden else "第一行写列名，从第二行起每行一条",
        )
    grids = {id(s): SheetGrid(source, s, book.since_1904) for s in sheets}
    tables = {id(s): Table(grids[id(s)], part, target, schema.columns) for s in sheets}
    sheet = _chosen(sheets, tables, part, schema)
    table, grid = tables[id(sheet)], grids[id(sheet)]
    if table.layout is None and (alone := _alone(sheet)) is not None:
        return Document(source, [], lambda _: None, (alone,))
    if table.headless:
        raise _headless(table, cell=f"{sheet.name}!A{sheet.rows[0][0]}")
    if table.layout is None:
        wanted = "、".join(child.title for child in list(table.item.fields.values())[:6])
        raise ReadError(
            f"工作表“{sheet.name}”里找不到“{part.title}”的表头",
            hint=f"在表格上方写一行列名，如 {wanted}",
            cell=f"{sheet.name}!A{sheet.rows[0][0]}",
        )
    for what in book.ignored:
        table.told.notes.append(Note("", None, "", what, "未读（不运行、不打开）"))
    for title in book.empty:
        table.told.notes.append(Note("", None, "", title, "未读（工作表只有名字，没有内容）"))
    table.told.notes += _unseen(sheet)
    for other in book.sheets:
        if other is not sheet and other.rows:
            why = "隐藏的工作表" if other.hidden else "另一张工作表"
            table.told.notes.append(Note("", None, "", other.name, f"未读（{why}）"))
    document = table.document()
    if grid.beyond:
        note = Note(
            "", None, f"{sheet.name}!{grid.beyond}1", f"{grid.beyond} 列起", "未读（太靠右）"
        )
        return replace(document, notes=(*document.notes, note))
    return document


def _unnamed(book: Workbook, schema: Schema) -> Workbook:
    """The workbook, sheets that are called after somebody by their numbers."""
    sheets = (
        replace(sheet, name=sheet_name(sheet.name, number))
        if schema.part_of_stem(sheet.name) is None
        else sheet
        for number, sheet in enumerate(book.sheets, 1)
    )
    empty = (sheet_name(title, n) for n, title in enumerate(book.empty, len(book.sheets) + 1))
    return replace(book, sheets=tuple(sheets), empty=tuple(empty))


def _unseen(sheet: Sheet) -> list[Note]:
    """What of a sheet is read although a filter, or somebody, has hidden it."""
    notes = []
    if sheet.unseen:
        first = f"{sheet.name}!A{sheet.unseen[0]}"
        told = f"第{sheet.unseen[0]}行起有 {len(sheet.unseen)} 行是隐藏的（筛选或手动隐藏）"
        notes.append(Note("", None, first, told, "照样读"))
    filled = {cell.column for _, cells in sheet.rows for cell in cells}
    hidden = sorted(
        column
        for first, last in sheet.unseen_columns
        for column in filled
        if first <= column <= last
    )
    if hidden:
        cell = sheet.place(sheet.rows[0][0], hidden[0])
        told = f"有 {len(hidden)} 列是隐藏的"
        notes.append(Note("", None, f"{sheet.name}!{cell}", told, "照样读"))
    return notes


def _alone(sheet: Sheet) -> str | None:
    """The text of a sheet that says one thing only (无)."""
    if len(sheet.rows) != 1 or len(sheet.rows[0][1]) != 1:
        return None
    value = sheet.rows[0][1][0].value
    return value.strip() if isinstance(value, str) and value.strip() in ABSENT_WORDS else None


def _chosen(
    sheets: Sequence[Sheet], tables: Mapping[int, Table], part: Field, schema: Schema
) -> Sheet:
    """The sheet to read; two that could be it are told, never chosen between."""
    if len(sheets) == 1:
        return sheets[0]
    named = [s for s in sheets if schema.part_of_stem(s.name) == part.name]
    headed = [s for s in sheets if (known := tables[id(s)].layout) and known.sure]
    found = named or headed or sheets[:1]
    if len(found) == 1:
        return found[0]
    names = "、".join(f"“{s.name}”" for s in found[:8]) + ("等" if len(found) > 8 else "")
    raise ReadError(
        f"有 {len(found)} 张工作表都像“{part.title}”：{names}",
        hint=f"合到一张表里；或只把要检查的一张命名为“{part.title}”",
    )
