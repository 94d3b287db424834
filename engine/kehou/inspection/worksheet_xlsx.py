"""A worksheet that inspectors fill in: one sheet a submitter, what is theirs to write left open.

What tells an item apart (rule, fingerprints, a check code) stands in hidden columns, and everything
but the cells to fill in is protected without a password: nothing is secret, and the code tells a
changed row when the sheet is read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kehou.inspection.paper_rows import left_out, paper_row
from kehou.inspection.worksheets import MANUAL, Item, Strata
from kehou.inspection.worksheets import Worksheet as Sheet
from kehou.render.office import parts as office
from kehou.render.office.openpyxl_door import (
    Alignment,
    Border,
    Cell,
    DataValidation,
    DocumentProperties,
    Font,
    HeaderFooterItem,
    MergedCell,
    PageSetupProperties,
    PatternFill,
    Protection,
    Side,
    Workbook,
    Worksheet,
    _HeaderFooterPart,
    alike,
    saved,
)
from kehou.render.words import Words, statement, visible, width

#: Columns with their widths in characters; the first of FILLED on are written by inspectors.
COLUMNS = {
    "number": 6,
    "area": 11,
    "clauses": 10,
    "quote": 34,
    "checked": 24,
    "subject": 24,
    "look": 38,
    "place": 16,
    "outcome": 11,
    "verdict": 10,
    "seen": 34,
    "evidence": 20,
    "until": 12,
}
FILLED = ("verdict", "seen", "evidence", "until")
HIDDEN = ("rule", "fingerprint", "members", "code")
#: What stands above the table, by row; the second cell is the inspectors' where it is empty.
HEAD = ("whose", "office", "date", "until")
HEADER_ROW = 7
_SIDE = Side(style="thin", color="808080")
_CELL_LIMIT = 32_000
#: Points of a line of text, and the most that a row may be high.
_LINE, _TALLEST = 14.5, 409.0
#: The most characters of a tab, and those of the end of an id that tell two of one name apart.
_LONGEST, _CODE = 31, 10


def render(sheets: Sequence[Sheet], strata: Strata, words: Words) -> bytes:
    """The workbook of all submitters, in the order given."""
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=words["worksheet.title"])
    tabs = _tabs(sheets, words["worksheet.one_by_one"])
    for number, (sheet, tab) in enumerate(zip(sheets, tabs, strict=True)):
        page = book.active if number == 0 else book.create_sheet()
        assert isinstance(page, Worksheet)
        page.title = tab
        _head(page, sheet, words)
        _table(page, sheet, sheet.to_look, words)
        if sheet.papers:
            _paper_rows(page, sheet, words)
            single = book.create_sheet()
            single.title = tab + words["worksheet.one_by_one"]
            _head(single, sheet, words)
            _table(single, sheet, [item for group in sheet.papers for item in group], words)
    return office.fixed(saved(book))


def _tabs(sheets: Sequence[Sheet], of: str) -> list[str]:
    """Tabs called as their submitters are; of two of one name, and where there is none, the id.

    A tab has no more than 31 characters, ``of`` among them, and none that Excel forbids.
    """
    found: list[str] = []
    taken: set[str] = set()
    for number, sheet in enumerate(sheets):
        room = _LONGEST - len(of)
        whose = sheet.submitter
        tab = _tab(whose.name, room) or _tab(whose.id, room)
        if tab.lower() in taken:
            end = f" {_tab(whose.id, _LONGEST)[-_CODE:]}"
            tab = _tab(whose.name, room - len(end)) + end
        if not tab or tab.lower() in taken:
            end = f" ({number + 1})"
            tab = tab[: room - len(end)] + end
        taken.add(tab.lower())
        found.append(tab)
    return found


def _tab(text: str, room: int) -> str:
    shown = "".join("_" if c in "[]:*?/\\'" else c for c in visible(text))
    return shown[:room].strip()


def _paper_rows(page: Worksheet, sheet: Sheet, words: Words) -> None:
    """A row for each paper that is to be got, below what can be looked at; nothing to fill in."""
    for row, group in enumerate(sheet.papers, HEADER_ROW + 1 + len(sheet.to_look)):
        told = paper_row(group, words)
        told["look"] += words["worksheet.see_one_by_one"]
        for column, name in enumerate(COLUMNS, 1):
            cell = page.cell(row, column, statement.safe(told.get(name, ""), _CELL_LIMIT) or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(_SIDE, _SIDE, _SIDE, _SIDE)
            cell.number_format = "@"
            cell.fill = PatternFill("solid", fgColor="F2F2F2")
        page.row_dimensions[row].height = _height(told)


def _head(page: Worksheet, sheet: Sheet, words: Words) -> None:
    title = page.cell(1, 1, words["worksheet.title"])
    title.font = Font(name=words["font.sheet"], size=16, bold=True)
    values = {"whose": f"{sheet.submitter.name}（{sheet.submitter.id}）"}
    for row, name in enumerate(HEAD, 2):
        page.cell(row, 1, words[f"worksheet.{name}"]).font = Font(bold=True)
        cell = page.cell(row, 3, statement.safe(values.get(name, "")) or None)
        cell.number_format = "@"
        if name not in values:
            _open(cell)
    how = words["worksheet.how"] + left_out(sheet.left_out, words)
    page.cell(6, 1, statement.safe(how)).alignment = Alignment(wrap_text=True, vertical="top")
    page.merge_cells(start_row=6, end_row=6, start_column=1, end_column=len(COLUMNS))
    page.row_dimensions[6].height = 48


def _table(page: Worksheet, sheet: Sheet, items: Sequence[Item], words: Words) -> None:
    names = [*COLUMNS, *HIDDEN]
    for column, name in enumerate(names, 1):
        cell = page.cell(HEADER_ROW, column, words[f"worksheet.{name}"])
        assert isinstance(cell, Cell)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = Border(_SIDE, _SIDE, _SIDE, _SIDE)
        letter = cell.column_letter
        page.column_dimensions[letter].width = COLUMNS.get(name, 10)
        page.column_dimensions[letter].hidden = name in HIDDEN
    looks: dict[bool, Any] = {}
    for row, item in enumerate(items, HEADER_ROW + 1):
        told = {**texts(item, sheet, words), **identity(item, sheet.submitter.id)}
        for column, name in enumerate(names, 1):
            here = page.cell(row, column)
            filled = name in FILLED
            if (known := looks.get(filled)) is not None:
                alike(here, known)
            else:
                looks[filled] = here
                here.alignment = Alignment(wrap_text=True, vertical="top")
                here.border = Border(_SIDE, _SIDE, _SIDE, _SIDE)
                here.number_format = "@"
                if filled:
                    _open(here)
            if not filled and isinstance(here, Cell):
                here.value = told[name]
                here.data_type = "s"
        page.row_dimensions[row].height = _height(told)
    last = HEADER_ROW + len(items)
    page.freeze_panes = f"A{HEADER_ROW + 1}"
    page.protection.sheet = True
    verdicts = f'"{words["outcome.pass"]},{words["outcome.fail"]}"'
    choice = DataValidation(type="list", formula1=verdicts, allow_blank=True)
    choice.error = choice.prompt = words["worksheet.verdict_how"]
    page.add_data_validation(choice)
    column = names.index("verdict") + 1
    if items:
        choice.add(
            f"{page.cell(HEADER_ROW + 1, column).coordinate}:{page.cell(last, column).coordinate}"
        )
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(words["page.footer"]))


def _height(told: Mapping[str, str]) -> float:
    """Points that the longest text of a row takes, wrapped in its column."""
    lines = [
        sum(max(1, -(-width(line) // max(1, room - 4))) for line in told[name].split("\n"))
        for name, room in COLUMNS.items()
        if name in told
    ]
    return min(max(lines, default=1) * _LINE + 2, _TALLEST)


def texts(item: Item, sheet: Sheet, words: Words) -> dict[str, str]:
    """What a person reads of an item, by column."""
    manual = item.outcome == MANUAL
    outcome = words["worksheet.manual" if manual else f"outcome.{item.outcome}"]
    told = {
        "number": str(item.number),
        "area": str(sheet.submitter.areas.get(item.area, item.area)),
        "clauses": words["list"].join(item.clauses),
        "quote": item.quote and words["quoted"].format(citation=item.citation, quote=item.quote),
        "checked": item.title,
        "subject": item.subject,
        "look": item.look,
        "place": item.place,
        "outcome": outcome,
    }
    return {name: statement.safe(text, _CELL_LIMIT) for name, text in told.items()}


def identity(item: Item, submitter: str) -> dict[str, str]:
    """What tells an item apart, by hidden column."""
    return {
        "rule": item.rule,
        "fingerprint": item.fingerprint,
        "members": " ".join(item.members),
        "code": item.code(submitter),
    }


def _open(cell: Cell | MergedCell) -> None:
    cell.protection = Protection(locked=False)
    cell.fill = PatternFill("solid", fgColor="FFF9E5")
