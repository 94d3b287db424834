"""A workbook of one table for people to fill in: some columns theirs, the others locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kehou.render.office import parts as office
from kehou.render.office.openpyxl_door import (
    Alignment,
    Border,
    Cell,
    DataValidation,
    DocumentProperties,
    Font,
    PatternFill,
    Protection,
    Side,
    Workbook,
    Worksheet,
    get_column_letter,
    saved,
)
from kehou.render.words.visible_text import visible, width

_SIDE: Final = Side(style="thin", color="9AA0A6")
_BOX: Final = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_LIMIT: Final = 32_000
_LINE, _TALLEST = 14.5, 409.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the rows, heading, width in characters; ``free`` for people to fill.

    ``choices`` are offered, and others may be written; a ``hidden`` column tells rows apart.
    ``listed`` is a range of cells whose texts are offered (``'条款'!$A$5:$A$90``).
    """

    key: str
    heading: str
    width: int
    free: bool = False
    choices: tuple[str, ...] = ()
    hidden: bool = False
    listed: str = ""


def render(
    title: str,
    steps: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str]],
    blank: int = 0,
) -> bytes:
    """The workbook: a title, how it is filled in, the headings, the rows, ``blank`` ones below."""
    return render_sheets(title, [Sheet(title, steps, columns, rows, blank)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook of several."""

    title: str
    steps: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str]] = ()
    blank: int = 0


def render_sheets(title: str, sheets: Sequence[Sheet]) -> bytes:
    """A workbook of several tables, each on a sheet of its own."""
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=title)
    for number, sheet in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        assert isinstance(page, Worksheet)
        _sheet(page, sheet)
    return office.fixed(saved(book))


def _sheet(page: Worksheet, sheet: Sheet) -> None:
    title, columns, rows, blank = sheet.title, sheet.columns, sheet.rows, sheet.blank
    page.title = title[:31]
    lines = [title, *sheet.steps]
    for number, words in enumerate(lines, 1):
        cell = _put(page, number, 1, words)
        cell.font = Font(name="等线", size=16 if number == 1 else 11, bold=number == 1)
        cell.border, cell.alignment = Border(), Alignment(vertical="center")
    head = len(lines) + 1
    for at, column in enumerate(columns, 1):
        cell = _put(page, head, at, column.heading)
        cell.font = Font(name="等线", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="FCE4D6" if column.free else "D9E2F3")
        dimension = page.column_dimensions[get_column_letter(at)]
        dimension.width, dimension.hidden = column.width, column.hidden
    empty: Mapping[str, str] = {}
    for number, row in enumerate([*rows, *([empty] * blank)], head + 1):
        lines_needed = 1
        for at, column in enumerate(columns, 1):
            words = row.get(column.key, "")
            cell = _put(page, number, at, words)
            if column.free or not row:
                cell.protection = Protection(locked=False)
            if not column.hidden:
                lines_needed = max(lines_needed, -(-width(words) // max(column.width - 2, 1)))
        page.row_dimensions[number].height = min(lines_needed * _LINE + 5, _TALLEST)
    _choices(page, columns, head + 1, head + len(rows) + blank)
    page.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "sort"):
        setattr(page.protection, allowed, False)
    page.freeze_panes = f"A{head + 1}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    assert page.sheet_properties.pageSetUpPr is not None
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{head}:{head}"


def _put(page: Worksheet, row: int, column: int, words: str) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if words:
        cell.value = visible(words, keep="\n")[:_LIMIT]
        cell.data_type = "s"
        cell.quotePrefix = words[:1] in "=+-@"
    cell.number_format = "@"
    cell.font = Font(name="等线", size=11)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.border = _BOX
    return cell


def _choices(page: Worksheet, columns: Sequence[Column], first: int, last: int) -> None:
    """Drop-downs; another text is warned of and may stand."""
    for at, column in enumerate(columns, 1):
        if not (column.choices or column.listed) or last < first:
            continue
        offered = column.listed or '"' + ",".join(column.choices) + '"'
        rule = DataValidation(type="list", formula1=offered, allow_blank=True)
        rule.errorStyle = "warning"
        rule.showErrorMessage = True
        told = "、".join(column.choices) or column.listed
        rule.error = f"可选：{told}"[:200]
        letter = get_column_letter(at)
        rule.add(f"{letter}{first}:{letter}{last}")
        page.add_data_validation(rule)


__all__ = ["Column", "Sheet", "render", "render_sheets"]
