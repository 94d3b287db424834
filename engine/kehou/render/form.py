"""The form as a workbook: its sheets from ``forms``, its words from the schema and the clauses.

Headings and our own words are locked (without a password), what is filled in is not. Nothing in
it is a formula; every text that is filled in from a submission is a text cell.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kehou import forms
from kehou.carried import parts, typed, worded
from kehou.fields import Field
from kehou.forms import PARENT, ROW, FormSheet, Item, Path
from kehou.render import form_hints, office
from kehou.render.book import (
    Alignment,
    Border,
    Cell,
    Comment,
    DataValidation,
    DefinedName,
    DocumentProperties,
    Font,
    PatternFill,
    Protection,
    Side,
    Workbook,
    Worksheet,
    get_column_letter,
)
from kehou.render.visible import width
from kehou.scalars import ABSENT_WORDS

#: The most characters that a cell holds (Excel), and that a prompt shows.
CELL_LIMIT: Final = 32_767
_PROMPT: Final = 250
_NOTE: Final = 900
#: Rows with borders and numbers below what is filled in, and the last row with drop-downs.
_BLANK_ROWS: Final = 15
_LAST: Final = 20_000
_DIGITS: Final = 15
_FONT: Final = "等线"
_LINE: Final = 14.5
#: In characters: a readable line of notes, a column nobody set, a page across.
_READABLE: Final = 88
_DEFAULT_WIDTH: Final = 8
_PAGE_WIDTH: Final = 190
_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNSAFE: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL: Final = re.compile('[、;；,，"\n]')

_SIDE = Side(style="thin", color="9AA0A6")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEAD = PatternFill("solid", fgColor="D9E2F3")
_DUE = PatternFill("solid", fgColor="FCE4D6")
_GROUP = PatternFill("solid", fgColor="EDEDED")
_OURS = PatternFill("solid", fgColor="F7F7F7")
_FREE = Protection(locked=False)
_FORMATS: Final = {
    "time": "hh:mm",
    "date": "yyyy-mm-dd",
    "money": "0.00",
    "integer": "0",
    "decimal": "General",
}


class CannotHold(Exception):
    """A text that no cell can hold; ``path`` is its place in the tree, ``reason`` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class Form:
    """What a form is made of: its sheets, the tree to fill in, the clauses' words by path.

    ``stage`` is the stage's name, ``stage_title`` its words; ``sha256`` the schema's hash.
    """

    title: str
    stage: str
    stage_title: str
    sha256: str
    sheets: Sequence[FormSheet]
    tree: Mapping[str, Any]
    clauses: Mapping[str, tuple[str, ...]]


def render(form: Form) -> bytes:
    """The workbook; raises ``CannotHold``."""
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=f"{form.title} {form.stage_title}")
    first = book.active
    assert isinstance(first, Worksheet)
    options = _Options(book)
    made: list[tuple[FormSheet, int]] = []
    for sheet in form.sheets:
        page = book.create_sheet(sheet.name)
        if sheet.table:
            made.append((sheet, _table(page, sheet, form, options)))
        else:
            made.append((sheet, _record(page, sheet, form, options)))
        page.sheet_properties.tabColor = "F4B183" if made[-1][1] else "BFBFBF"
    _about(first, form, made)
    options.place_last()
    mark = f'"{forms.VERSION} {form.stage} {form.sha256}"'
    book.defined_names[forms.NAME] = DefinedName(forms.NAME, attr_text=mark)
    out = io.BytesIO()
    book.save(out)
    return office.fixed(out.getvalue())


# --- the first sheet -----------------------------------------------------------------------


def _about(page: Worksheet, form: Form, made: Sequence[tuple[FormSheet, int]]) -> None:
    page.title = forms.ABOUT
    for letter, wide in zip("ABC", (30, 12, 84), strict=True):
        page.column_dimensions[letter].width = wide
    _ours(page, 1, 1, f"{form.title} · {form.stage_title}", bold=True, size=16)
    version = f"{forms.SIGN} 表格第 {forms.VERSION} 版，栏目校验 {form.sha256[:12]}"
    _ours(page, 2, 1, f"{version}，环节 {form.stage_title}", grey=True)
    _ours(page, 2, 5, f"{forms.MARK} form", grey=True)
    row = 4
    for words in form_hints.STEPS:
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
        _ours(page, row, 1, words, wrap=True)
        page.row_dimensions[row].height = _height([(words, 122)])
        row += 1
    row += 1
    for column, words in enumerate(("工作表", forms.NEED, forms.HINT), 1):
        _head(page, row, column, words)
    for sheet, due in made:
        row += 1
        cell = _ours(page, row, 1, sheet.name, border=True)
        cell.hyperlink = f"#'{sheet.name}'!A1"
        cell.font = Font(name=_FONT, size=11, underline="single", color="1F4E9E")
        _ours(page, row, 2, f"{due} 项必填" if due else forms.OPTIONAL, border=True)
        words = form_hints.about(sheet)
        _ours(page, row, 3, words, border=True, wrap=True)
        page.row_dimensions[row].height = _height([(words, 84)])
    _finish(page, f"A1:C{row}", landscape=False)


# --- a record ------------------------------------------------------------------------------


def _record(page: Worksheet, sheet: FormSheet, form: Form, options: _Options) -> int:
    """A sheet of 栏目 and 填写; returns how many of its fields are required."""
    for letter, wide in zip("ABCD", (32, 38, 8, 66), strict=True):
        page.column_dimensions[letter].width = wide
    part = form.tree.get(sheet.path[0])
    _ours(page, 1, 1, sheet.name, bold=True, size=16)
    _ours(page, 1, 6, f"{forms.MARK} {sheet.key}", grey=True)
    inside = [s.name for s in form.sheets if s.path[:1] == sheet.path and s.table]
    words = f"{forms.SIGN} {form_hints.for_record(sheet, inside)}"
    page.merge_cells("A2:D2")
    _ours(page, 2, 1, words, wrap=True, grey=True)
    page.row_dimensions[2].height = _height([(words, 140)])
    for column, heading in enumerate((forms.ITEM, forms.VALUE, forms.NEED, forms.HINT), 1):
        _head(page, 3, column, heading)
    row, due = 4, 0
    if sheet.field.absent or isinstance(part, str) or part == {}:
        whole = Item((), sheet.field, forms.WHOLE, True)
        _line(page, row, whole, "", form_hints.for_whole(sheet.field), (), options)
        _fill_whole(page.cell(row, 2), part)
        row += 1
    for item in sheet.items:
        value = _at(part, item.path)
        if item.whole and not (item.field.absent or isinstance(value, str) or value == {}):
            page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
            _ours(page, row, 1, f"{forms.SIGN} {item.field.title}", bold=True, fill=_GROUP)
            row += 1
            continue
        required = form.stage in item.field.required
        due += required
        hint = form_hints.for_whole(item.field) if item.whole else form_hints.hint(item.field)
        path = ".".join((*sheet.path, *item.path))
        need = forms.REQUIRED if required else forms.OPTIONAL
        clauses = form.clauses.get(path, ())
        _line(page, row, item, need, hint, clauses, options)
        if item.whole:
            _fill_whole(page.cell(row, 2), value)
        elif value is not None:
            _fill(page.cell(row, 2), item.field, value, (*sheet.path, *item.path))
            texts = [(_shown(page.cell(row, 2)), 38), (item.label, 32), (hint, 66)]
            page.row_dimensions[row].height = _height(texts)
        row += 1
    page.freeze_panes = "A4"
    _finish(page, f"A1:D{row - 1}", landscape=True, repeat="3:3")
    return due


def _line(
    page: Worksheet,
    row: int,
    item: Item,
    need: str,
    hint: str,
    clauses: Sequence[str],
    options: _Options,
) -> None:
    """One row of a record's sheet."""
    name = _ours(page, row, 1, item.label, border=True, wrap=True, bold=need == forms.REQUIRED)
    _note(name, form_hints.note(item.field, hint, clauses))
    fill = _DUE if need == forms.REQUIRED else _OURS
    need_cell = _ours(page, row, 3, need, border=True, fill=fill)
    need_cell.alignment = Alignment(horizontal="center", vertical="center")
    _ours(page, row, 4, f"{forms.SIGN} {hint}" if hint else "", border=True, wrap=True, fill=_OURS)
    cell = page.cell(row, 2)
    assert isinstance(cell, Cell)
    _input(cell, item)
    rule = options.validation(item, hint)
    if rule is not None:
        rule.add(cell.coordinate)
        page.add_data_validation(rule)
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    page.row_dimensions[row].height = _height([(item.label, 32), (hint, 66)])


# --- a table -------------------------------------------------------------------------------


def _table(page: Worksheet, sheet: FormSheet, form: Form, options: _Options) -> int:
    """A table's sheet; returns how many of its columns are required."""
    places = {path: column for column, path in enumerate(sheet.places, 1)}
    rows = list(_rows(sheet, form.tree))
    due, room = _headings(page, sheet, form, places, options)
    across, total = 0, 0
    while total < _READABLE:
        across += 1
        total += room.get(across, _DEFAULT_WIDTH)
    last = max(len(places), across)
    _ours(page, 1, 1, sheet.name, bold=True, size=16)
    _ours(page, 1, last + 2, f"{forms.MARK} {sheet.key}", grey=True)
    words = f"{forms.SIGN} {form_hints.for_table(sheet)}"
    page.merge_cells(start_row=2, start_column=1, end_row=2, end_column=across)
    _ours(page, 2, 1, words, wrap=True, grey=True)
    _whole_cell(page, sheet, form, across)
    page.row_dimensions[2].height = _height([(words, total)])
    first = 7
    for at in range(max(len(rows) + (3 if len(rows) > 50 else _BLANK_ROWS), _BLANK_ROWS)):
        number = page.cell(first + at, 1, at + 1)
        assert isinstance(number, Cell)
        _look(number, _BORDER)
        number.alignment = Alignment(horizontal="center")
        number.protection = _FREE
        for item in sheet.items:
            cell = page.cell(first + at, places[item.path])
            assert isinstance(cell, Cell)
            _input(cell, item)
        if sheet.parent is not None:
            cell = page.cell(first + at, places[PARENT])
            assert isinstance(cell, Cell)
            _look(cell, _BORDER)
            cell.protection = _FREE
    for at, (path, outer, row) in enumerate(rows):
        _fill_row(page, first + at, sheet, places, path, outer, row)
        texts = [(_shown(page.cell(first + at, c)), wide) for c, wide in room.items()]
        page.row_dimensions[first + at].height = _height(texts)
    page.freeze_panes = "B5"
    shown = first + max(len(rows), _BLANK_ROWS) - 1
    pages = max(1, round(sum(room.values()) / _PAGE_WIDTH))
    area = f"A1:{get_column_letter(last)}{shown}"
    _finish(page, area, landscape=True, repeat="4:4", pages=pages)
    return due


def _shown(cell: Any) -> str:
    return cell.value if isinstance(cell.value, str) else ""


def _whole_cell(page: Worksheet, sheet: FormSheet, form: Form, across: int) -> None:
    """The cell that says that a whole table is 无; rows inside other rows say so there."""
    if sheet.parent is not None:
        return
    value = _at(form.tree, sheet.path)
    if not sheet.field.absent and not isinstance(value, str):
        return
    _ours(page, 3, 1, forms.WHOLE, bold=True, border=True, fill=_HEAD)
    cell = page.cell(3, 2)
    assert isinstance(cell, Cell)
    _look(cell, _BORDER)
    cell.protection = _FREE
    cell.number_format = "@"
    _fill_whole(cell, value)
    page.merge_cells(start_row=3, start_column=3, end_row=3, end_column=max(across, 4))
    _ours(page, 3, 3, f"{forms.SIGN} {form_hints.for_whole(sheet.field)}", grey=True)
    page.row_dimensions[3].height = 20


def _headings(
    page: Worksheet,
    sheet: FormSheet,
    form: Form,
    places: Mapping[Path, int],
    options: _Options,
) -> tuple[int, dict[int, int]]:
    """Headings, what each column wants, the example; returns (required columns, widths)."""
    room = {1: 8}
    page.column_dimensions["A"].width = 8
    page.column_dimensions["A"].protection = _FREE
    for row, words in ((4, forms.NUMBER), (5, forms.NEED), (6, forms.EXAMPLE)):
        _head(page, row, 1, words)
    lines: list[tuple[str, int]] = []
    due = 0
    if sheet.parent is not None:
        column = places[PARENT]
        room[column] = max(10, width(sheet.parent_label) + 2)
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = room[column]
        page.column_dimensions[letter].protection = _FREE
        _head(page, 4, column, sheet.parent_label, due=True)
        words = f"{forms.SIGN}{forms.REQUIRED}\n填“{sheet.parent.name}”里的{forms.NUMBER}"
        _ours(page, 5, column, words, border=True, wrap=True, grey=True)
        _example(page, 6, column, "1")
        lines.append((words, room[column]))
    for item, example in zip(sheet.items, form_hints.examples(sheet), strict=True):
        column = places[item.path]
        required = form.stage in item.field.required and not item.whole
        due += required
        hint = form_hints.for_whole(item.field) if item.whole else form_hints.hint(item.field)
        short = form_hints.for_inner(item.field) if item.whole else form_hints.short(item.field)
        need = forms.REQUIRED if required else forms.OPTIONAL
        words = f"{forms.SIGN}{need}\n{short}"
        room[column] = form_hints.column_width(item, short, example)
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = room[column]
        page.column_dimensions[letter].protection = _FREE
        page.column_dimensions[letter].number_format = _code(item)
        head = _head(page, 4, column, item.label, due=required)
        clauses = form.clauses.get(".".join((*sheet.path, *item.path)), ())
        _note(head, form_hints.note(item.field, hint, clauses))
        _ours(page, 5, column, words, border=True, wrap=True, grey=True)
        _example(page, 6, column, example)
        lines.append((words, room[column]))
        rule = options.validation(item, hint)
        if rule is not None:
            rule.add(f"{letter}7:{letter}{_LAST}")
            page.add_data_validation(rule)
    labels = [(item.label, room[places[item.path]] - 1) for item in sheet.items]
    page.row_dimensions[4].height = _height(labels)
    page.row_dimensions[5].height = _height(lines)
    return due, room


def _rows(sheet: FormSheet, tree: Mapping[str, Any]) -> Iterator[tuple[Path, int, Any]]:
    """(path, 行次 of the parent's row, row) of every row that the tree has for a table."""
    if sheet.parent is None:
        value = _at(tree, sheet.path)
        for index, row in enumerate(value if isinstance(value, list) else ()):
            yield (*sheet.path, str(index)), 0, row
        return
    for number, (path, _, outer) in enumerate(_rows(sheet.parent, tree), 1):
        value = _at(outer, sheet.inside)
        for index, row in enumerate(value if isinstance(value, list) else ()):
            yield (*path, *sheet.inside, str(index)), number, row


def _fill_row(
    page: Worksheet,
    number: int,
    sheet: FormSheet,
    places: Mapping[Path, int],
    path: Path,
    outer: int,
    row: Mapping[str, Any],
) -> None:
    if outer:
        page.cell(number, places[PARENT], outer)
    filled = False
    for item in sheet.items:
        value = _at(row, item.path)
        cell = page.cell(number, places[item.path])
        assert isinstance(cell, Cell)
        if item.whole:
            filled |= _fill_whole(cell, value)
        elif value is not None:
            _fill(cell, item.field, value, (*path, *item.path))
            filled = True
        elif item.field.blank_absent:
            _text(cell, forms.NOT_SUPPLIED)
            filled = True
    if not filled:
        cell = page.cell(number, places[ROW])
        assert isinstance(cell, Cell)
        _text(cell, f"{number - 6}{forms.EMPTY}")


# --- values --------------------------------------------------------------------------------


def _at(tree: Any, path: Sequence[str]) -> Any:
    for step in path:
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def _fill_whole(cell: Any, value: Any) -> bool:
    """无 or another text in the cell of a whole; that a record is there and holds nothing."""
    words = value if isinstance(value, str) else forms.EMPTY if value == {} else ""
    if words:
        _text(cell, words)
    return bool(words)


def _fill(cell: Any, field: Field, value: Any, path: Path) -> None:
    """A value of the tree as people would fill it in; raises ``CannotHold``."""
    if field.kind == "list":
        words = _joined(field, value)
    else:
        words = value
        number = None if value in ABSENT_WORDS else _native(field, value)
        if number is not None:
            cell.value = number
            return
        words = worded(field, value) if value not in ABSENT_WORDS else value
    if len(words) > CELL_LIMIT:
        raise CannotHold(path, f"有 {len(words)} 个字，一个单元格最多 {CELL_LIMIT} 个字")
    if _UNSAFE.search(words):
        raise CannotHold(path, "里有看不见的控制字符，表格存不下")
    _text(cell, words)


def _native(field: Field, text: str) -> Any:
    """A time, date or number as the cell's own kind of value; None where text is truer."""
    value = typed(field, text)
    if value is None:
        return None
    if field.kind == "time":
        return datetime.time(value // 60, value % 60)
    if field.kind == "date":
        date = datetime.date.fromisoformat(value)
        return date if date >= datetime.date(1901, 1, 1) else None
    if field.kind == "integer":
        return value if str(value) == text and len(text) <= _DIGITS else None
    if field.kind in ("money", "decimal") and len(re.sub(r"\D", "", text)) <= _DIGITS:
        exact = Fraction(value, 100) if field.kind == "money" else value
        return int(exact) if exact.denominator == 1 else float(exact)
    return None


def _joined(field: Field, value: str | list[str]) -> str:
    """A list's members in one text, quoted where a member holds what parts them."""
    item = field.item
    assert item is not None
    as_is = isinstance(value, str) and item.kind != "enum" and '"' not in value
    if isinstance(value, str) and (as_is or value in ABSENT_WORDS):
        return value
    texts = [worded(item, text) for text in parts(field, value)]
    if isinstance(value, str) and '"' not in value:
        return "、".join(texts) if texts else value
    return "、".join(
        '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text for text in texts
    )


def _text(cell: Any, words: str) -> None:
    cell.value = _ESCAPED.sub("_x005F_", words)
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in "=+-@"


# --- looks ---------------------------------------------------------------------------------


def _look(cell: Cell, border: Border | None = None, bold: bool = False, grey: bool = False) -> None:
    cell.font = Font(name=_FONT, size=11, bold=bold, color="595959" if grey else "000000")
    if border is not None:
        cell.border = border


def _ours(
    page: Worksheet,
    row: int,
    column: int,
    words: str,
    *,
    bold: bool = False,
    size: int = 11,
    grey: bool = False,
    border: bool = False,
    wrap: bool = False,
    fill: PatternFill | None = None,
) -> Cell:
    """A locked cell with our own words."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if words:
        _text(cell, words)
    cell.font = Font(name=_FONT, size=size, bold=bold, color="595959" if grey else "000000")
    cell.alignment = Alignment(vertical="center", wrap_text=wrap)
    if border:
        cell.border = _BORDER
    if fill is not None:
        cell.fill = fill
    return cell


def _head(page: Worksheet, row: int, column: int, words: str, due: bool = False) -> Cell:
    cell = _ours(page, row, column, words, bold=True, border=True, fill=_DUE if due else _HEAD)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _example(page: Worksheet, row: int, column: int, words: str) -> None:
    shown = f"{forms.EXAMPLE_SIGN}{words}" if words else ""
    cell = _ours(page, row, column, shown, border=True, fill=_OURS)
    cell.font = Font(name=_FONT, size=10, italic=True, color="7F7F7F")
    cell.alignment = Alignment(vertical="center", shrink_to_fit=True)


def _input(cell: Cell, item: Item) -> None:
    """A cell to fill in."""
    _look(cell, _BORDER)
    cell.protection = _FREE
    cell.number_format = _code(item)
    text = cell.number_format == "@"
    cell.alignment = Alignment(
        horizontal="left" if text else "center", vertical="center", wrap_text=text
    )


def _code(item: Item) -> str:
    return "@" if item.whole else _FORMATS.get(item.field.kind, "@")


def _note(cell: Cell, words: str) -> None:
    """A note on a heading: what belongs there and the clauses' words."""
    if not words:
        return
    shown = words if len(words) <= _NOTE else words[: _NOTE - 1] + "…"
    note = Comment(shown, "kehou")
    note.width = 420
    note.height = int(sum(1 + width(line) // 56 for line in shown.split("\n")) * 19 + 14)
    cell.comment = note


def _height(texts: Sequence[tuple[str, int]]) -> float:
    """Points of a row with wrapped texts, each with its column's width in characters."""
    lines = 1
    for words, room in texts:
        wrapped = [1 + max(width(line) - 1, 0) // max(room - 2, 1) for line in words.split("\n")]
        lines = max(lines, sum(wrapped))
    return min(lines * _LINE + 5, 400)


def _finish(page: Worksheet, area: str, landscape: bool, repeat: str = "", pages: int = 1) -> None:
    """Protection without a password, and how the sheet prints."""
    lock = page.protection
    lock.sheet = True
    for allowed in (
        "formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort",
        "autoFilter", "insertHyperlinks",
    ):  # fmt: skip
        setattr(lock, allowed, False)
    page.print_area = area
    if repeat:
        page.print_title_rows = repeat
    if pages > 1:
        page.print_title_cols = "A:A"
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    assert page.sheet_properties.pageSetUpPr is not None
    page.sheet_properties.pageSetUpPr.fitToPage = True
    margins = page.page_margins
    margins.left = margins.right = 0.5
    page.sheet_view.showGridLines = False


class _Options:
    """Lists for drop-downs, on a hidden sheet, and the rules that point to them."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.page: Worksheet = book.create_sheet(forms.OPTIONS)
        self.page.sheet_state = "hidden"
        self.page.protection.sheet = True
        self._known: dict[tuple[str, ...], str] = {}

    def place_last(self) -> None:
        """Move the lists behind all other sheets."""
        self.book.move_sheet(self.page, len(self.book.sheetnames))

    def validation(self, item: Item, hint: str) -> DataValidation | None:
        """The drop-down or check of one field, with its hint as the prompt."""
        field = item.field
        choices = form_hints.choices(item)
        if choices:
            rule = DataValidation(type="list", formula1=self._range(choices), allow_blank=True)
            rule.error, rule.errorTitle = "请从下拉中选择", item.label[:32]
            rule.errorStyle = "stop" if field.kind in ("enum", "boolean") else "warning"
        elif field.kind in ("time", "date", "integer", "money", "decimal") and not item.whole:
            rule = DataValidation(allow_blank=True, **form_hints.bounds(field))
            rule.errorStyle = "warning"
            rule.error, rule.errorTitle = hint[:_PROMPT], item.label[:32]
        else:
            rule = DataValidation(allow_blank=True)
        rule.promptTitle, rule.prompt = item.label[:32], hint[:_PROMPT]
        rule.showInputMessage = bool(hint)
        rule.showErrorMessage = True
        return rule

    def _range(self, choices: tuple[str, ...]) -> str:
        if choices not in self._known:
            column = len(self._known) + 1
            for row, words in enumerate(choices, 1):
                _text(self.page.cell(row, column), words)
            letter = get_column_letter(column)
            self._known[choices] = f"'{forms.OPTIONS}'!${letter}$1:${letter}${len(choices)}"
        return self._known[choices]


__all__ = ["CannotHold", "Form", "render"]
