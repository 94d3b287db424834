"""A workbook: the 逐项核查表, what is missing, every place, and what the check was made with.

Every text is a text cell, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kehou.model.report import Report
from kehou.render.office import parts as office
from kehou.render.office.openpyxl_door import (
    Alignment,
    Border,
    Cell,
    DocumentProperties,
    Font,
    MergedCell,
    NamedStyle,
    PatternFill,
    Side,
    Workbook,
    Worksheet,
    get_column_letter,
    saved,
)
from kehou.render.words import catalogue, gaps, grounds, statement, table
from kehou.render.words.table import CELL_LIMIT
from kehou.render.words.visible_text import excerpt, width
from kehou.render.words.wording import Words, dotted, placed, spoken

#: Columns of each sheet with their widths in characters of Excel's default font.
_TABLE = {
    "number": 6,
    "clauses": 10,
    "quotes": 36,
    "checked": 24,
    "outcome": 11,
    "facts": 40,
    "missing": 22,
    "severity": 10,
    "remedy": 28,
    "rule": 30,
    "whose": 20,
    "path": 24,
}
_MISSING = {
    "number": 6,
    "item": 34,
    "owner": 14,
    "field": 34,
    "where": 30,
    "settled": 12,
    "rules": 52,
    "whose": 20,
    "path": 24,
}
_PLACES = {
    "number": 6,
    "checked": 22,
    "outcome": 11,
    "owner": 12,
    "severity": 10,
    "subject": 20,
    "place": 16,
    "excerpt": 26,
    "found": 34,
    "missing": 20,
    "remedy": 24,
    "rule": 30,
    "whose": 20,
    "path": 24,
}
_GROUNDS = {"kind": 18, "name": 34, "value": 70, "ground": 50, "path": 24}
#: Columns that are not printed where all rows are of one submission.
_OF_REPORT = ("rule", "whose", "path")
_FORMULA = frozenset("=+-@＝＋－＠|")
#: A text that a spreadsheet would take for an escaped character (ECMA-376, ST_Xstring).
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_A4 = 9
#: Points of a line of 10-point text; the most that Excel gives a row; what such a row may hold.
_LINE = 13.5
_TALLEST = 409.0
_LOOKED_AT = 5_000
#: Room that fonts of other machines take beyond ours.
_LOOSE = 1.15
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
Row = Sequence[str | int]
Rows = Callable[[Report, Words], Iterator[Row]]


def render(reports: Sequence[Report], language: str | None = None) -> bytes:
    """The workbook of all reports, in ``language`` or that of the first."""
    language = language or (reports[0].run.language if reports else "zh")
    words = catalogue.of_reports(reports, language)
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=words["page.title"])
    for style in _styles(words["font.sheet"]):
        book.add_named_style(style)
    first = book.active
    assert isinstance(first, Worksheet)
    for name, columns, rows in (
        ("table", _TABLE, _numbered(_table, reports, words)),
        ("missing", _MISSING, _numbered(_missing, reports, words)),
        ("places", _PLACES, _numbered(_places, reports, words)),
        ("grounds", _GROUNDS, _grounds(reports, words)),
    ):
        sheet = first if name == "table" else book.create_sheet()
        sheet.title = words[f"sheet.{name}"]
        last = _fill(sheet, columns, rows, words)
        hidden = _OF_REPORT if len(reports) < 2 else ()
        _print(sheet, sum(column not in hidden for column in columns), last, words)
    return office.fixed(saved(book))


# --- rows ----------------------------------------------------------------------------------


def _numbered(rows: Rows, reports: Sequence[Report], words: Words) -> Iterator[Row]:
    """The rows of all reports with a number in front, the submitter and the path at the end."""
    number = 0
    for report in reports:
        of_report = (report.submission.name or words["whose_unknown"], report.submission.path)
        for row in rows(report, words):
            number += 1
            yield number, *row, *of_report


def _table(report: Report, words: Words) -> Iterator[Row]:
    return table.rows(report, words)


def _missing(report: Report, words: Words) -> Iterator[Row]:
    titles = {result.rule: result.title for result in report.results}
    for item in report.missing_evidence:
        where = spoken(item.location, words) if item.location else ""
        rules = [
            words["explain.heading"].format(title=titles.get(rule, rule), rule=rule)
            for rule in item.settles
        ]
        listed = table.fitting(rules, words)
        owner = gaps.named(item.owner, words)
        yield item.label, owner, dotted(item.path), where, len(item.settles), listed


def _places(report: Report, words: Words) -> Iterator[Row]:
    for result in report.results:
        for finding in table.shown(result):
            place = finding.location
            window = excerpt(place) if place else None
            told = statement.message(finding, result, words)
            told = "\n".join(
                part
                for part in (
                    told,
                    statement.excuse(finding, words),
                    statement.witness(finding, words),
                )
                if part
            )
            yield (
                result.title,
                words[f"outcome.{finding.outcome.value}"],
                gaps.named(finding.owner, words) if finding.owner else "",
                words[f"severity.{result.severity.value}"],
                finding.subject.label + (f" ×{finding.count}" if finding.count > 1 else ""),
                placed(place, words) if place else "",
                window.before + window.marked + window.after if window else "",
                told,
                table.fitting(table.lacking(finding.missing, report, words), words),
                finding.remedy,
                result.rule,
            )


def _grounds(reports: Sequence[Report], words: Words) -> Iterator[Row]:
    for report in reports:
        for row in grounds.rows(report, words):
            yield *row, report.submission.path


# --- sheets --------------------------------------------------------------------------------


def _styles(font: str) -> Iterator[NamedStyle]:
    """The looks of a heading, of a text and of a number."""
    line = Side(style="thin", color="808080")
    border = Border(left=line, right=line, top=line, bottom=line)
    head = Alignment(horizontal="center", vertical="center", wrap_text=True)
    top = Alignment(vertical="top", wrap_text=True)
    middle = Alignment(horizontal="center", vertical="top")
    grey = PatternFill("solid", fgColor="EDEDED")
    bold = Font(name=font, size=10, bold=True)
    body = Font(name=font, size=10)
    yield NamedStyle("kehou head", bold, grey, border, head, number_format="@")
    yield NamedStyle("kehou text", body, PatternFill(), border, top, number_format="@")
    yield NamedStyle("kehou number", body, PatternFill(), border, middle, number_format="0")


def _fill(sheet: Worksheet, columns: dict[str, int], rows: Iterable[Row], words: Words) -> int:
    """A sheet's heading, rows, filter and widths; returns the number of its last row."""
    widths = tuple(columns.values())
    for at, column in enumerate(columns, 1):
        _put(sheet.cell(1, at), words[f"table.{column}"], "kehou head")
        sheet.column_dimensions[get_column_letter(at)].width = columns[column]
    last = 1
    for last, row in enumerate(rows, 2):
        for at, value in enumerate(row, 1):
            style = "kehou number" if isinstance(value, int) else "kehou text"
            _put(sheet.cell(last, at), value, style)
        sheet.row_dimensions[last].height = _height(row, widths)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    return last


def _height(row: Row, widths: Sequence[int]) -> float:
    """Points that a row takes with its texts wrapped; not every program works it out itself."""
    lines = 1
    for value, room in zip(row, widths, strict=True):
        if isinstance(value, str):
            texts = value[:_LOOKED_AT].split("\n")
            lines = max(lines, sum(1 + (width(text) - 1) // (room - 1) for text in texts))
    return min(lines * _LINE + 2, _TALLEST)


def _print(sheet: Worksheet, columns: int, rows: int, words: Words) -> None:
    """How a sheet prints: A4 across, all columns on a page, the heading on each."""
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(columns)}{rows}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    assert sheet.oddHeader is not None and sheet.oddFooter is not None
    sheet.oddHeader.center.text = "&A"
    sheet.oddFooter.center.text = f"{words['page.footer']}  &P / &N"
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.8


def _put(cell: Cell | MergedCell, value: str | int, style: str) -> None:
    """A value in a cell; a text stays a text, however much it looks like something else."""
    assert isinstance(cell, Cell)
    cell.style = style
    if isinstance(value, int):
        cell.value = value
        return
    shown = _ESCAPED.sub("_x005F_", office.plain(value, CELL_LIMIT))
    cell.value = shown or None
    if shown:
        cell.data_type = "s"
        cell.quotePrefix = shown.strip()[:1] in _FORMULA


# --- tables of other papers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook: lines above, a table, lines below; widths in characters.

    ``strong`` numbers the rows set like a heading, ``numbers`` the columns whose cells are numbers
    where they look like one.
    """

    name: str
    above: tuple[str, ...]
    columns: dict[str, int]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()
    strong: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()


def workbook(title: str, pages: Sequence[Page], footer: str) -> bytes:
    """A workbook of pages, in the same looks as the 逐项核查表."""
    words = {**catalogue.load("zh"), "page.footer": footer}
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=title)
    for style in _styles(words["font.sheet"]):
        book.add_named_style(style)
    plain = Alignment(vertical="center", wrap_text=True)
    book.add_named_style(
        NamedStyle(
            "kehou line",
            Font(name=words["font.sheet"], size=10),
            alignment=plain,
            number_format="@",
        )
    )
    taken: set[str] = set()
    for n, page in enumerate(pages):
        sheet = book.active if n == 0 else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = _sheet_name(page.name, taken)
        _page(sheet, page, words)
    return office.fixed(saved(book))


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet (31 characters, none of :\\/?*[]), each once."""
    clean = re.sub(r"[:\\/?*\[\]']", "-", office.plain(name, 60)).replace("\n", " ")[:27] or "-"
    unique, n = clean, 1
    while unique.lower() in taken:
        n += 1
        unique = f"{clean[:25]} {n}"
    taken.add(unique.lower())
    return unique


def _page(sheet: Worksheet, page: Page, words: Words) -> None:
    widths = tuple(page.columns.values())
    count = len(widths)
    for at, room in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = room
    row = _lines(sheet, page.above, 1, widths)
    head = row
    for at, name in enumerate(page.columns, 1):
        _put(sheet.cell(row, at), name, "kehou head")
    for n, values in enumerate(page.rows):
        row += 1
        for at, value in enumerate(values, 1):
            number = at - 1 in page.numbers
            usual = "kehou number" if number else "kehou text"
            _put(sheet.cell(row, at), value, "kehou head" if n in page.strong else usual)
            if number and _DECIMAL.fullmatch(value):
                _put_number(sheet.cell(row, at), value)
        sheet.row_dimensions[row].height = min(_height(values, widths) * _LOOSE, _TALLEST)
    last = _lines(sheet, page.below, row + 1, widths) - 1
    if not page.above:
        sheet.freeze_panes = sheet.cell(head + 1, 1).coordinate
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(count)}{row}"
    _print(sheet, count, max(last, row), words)
    sheet.print_title_rows = f"{head}:{head}"


def _put_number(cell: Cell | MergedCell, text: str) -> None:
    """An exact decimal as a number shown with just its decimals."""
    assert isinstance(cell, Cell)
    cell.value = Decimal(text)
    digits = len(text.partition(".")[2])
    cell.number_format = "0." + "0" * digits if digits else "0"


def _lines(sheet: Worksheet, lines: Sequence[str], row: int, widths: Sequence[int]) -> int:
    """Lines across the whole table, each a merged row; returns the row after them."""
    for text in lines:
        _put(sheet.cell(row, 1), text, "kehou line")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
        sheet.row_dimensions[row].height = _height((text,), (sum(widths),)) + 4
        row += 1
    return row
