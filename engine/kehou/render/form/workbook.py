"""The form as a workbook: its sheets from ``forms``, its words from the schema and the clauses.

Headings and our own words are locked (without a password), what is filled in is not. Nothing in
it is a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.fields import Field
from kehou.forms import PARENT, ROW, FormSheet, Item, Path
from kehou.forms import layouts as forms
from kehou.model.confirmations import NOTHING, Confirmed
from kehou.render.form import hints as form_hints
from kehou.render.form.looks import FREE, Options, code, finish, free, height, note, ours, styles
from kehou.render.form.marks import Due, Mark, mark
from kehou.render.form.needed_fields import Need
from kehou.render.form.values import CannotHold, at, fill, fill_whole, text
from kehou.render.office import parts as office
from kehou.render.office.openpyxl_door import (
    DataValidation,
    DefinedName,
    DocumentProperties,
    Hyperlink,
    Workbook,
    Worksheet,
    get_column_letter,
    saved,
)

#: Rows with borders and numbers below what is filled in, and the last row with drop-downs.
_BLANK_ROWS: Final = 15
_FEW_BLANK_ROWS: Final = 3
_LONG: Final = 50
_LAST: Final = 20_000
#: A table's rows: its whole, its headings, what they want, an example, the first to fill in.
_WHOLE_ROW, _HEAD_ROW, _NEED_ROW, _EXAMPLE_ROW, _FIRST = 3, 4, 5, 6, 7
#: In characters: a readable line of notes, a column nobody set, a page across.
_READABLE: Final = 88
_DEFAULT_WIDTH: Final = 8
_PAGE_WIDTH: Final = 140
#: A cell far away: what is to be printed of a sheet that is not to be printed.
_NOTHING: Final = "ZZ9999"
#: Widths of a record's sheet: 栏目, 填写, 要求, 说明.
_RECORD: Final = (32, 38, 16, 60)


@dataclass(frozen=True)
class Form:
    """What a form is made of: its sheets, the tree to fill in, the clauses' words by path.

    ``stage`` is the stage's name, ``stage_title`` its words; ``sha256`` the schema's hash;
    ``needs`` is what its check cannot be decided without, by path; ``told`` are lines about the
    form for its first sheet; ``fresh`` the paths of what is new where the rest is taken over;
    ``from_prose`` where a program read what is filled in, of which ``confirmed`` is what people
    have looked through since and ``hands`` says who.
    """

    title: str
    stage: str
    stage_title: str
    sha256: str
    sheets: Sequence[FormSheet]
    tree: Mapping[str, Any]
    clauses: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, Need] = field(default_factory=dict)
    told: Sequence[str] = ()
    fresh: frozenset[str] | None = None
    from_prose: bool = False
    confirmed: Confirmed = NOTHING
    hands: str = ""

    def is_settled(self, steps: Path) -> bool:
        """Whether somebody has looked through what stands there, all members of a list too."""
        pointer, value = "/" + "/".join(steps), at(self.tree, steps)
        if self.confirmed.covers(pointer):
            return True
        if not isinstance(value, list):
            return False
        return all(self.confirmed.covers(f"{pointer}/{n}") for n in range(len(value)))

    def mark(self, field: Field) -> Mark:
        """What is said of a field's being filled in."""
        return mark(field, self.stage in field.required, self.needs.get(field.path))


def render(form: Form) -> bytes:
    """The workbook; raises ``CannotHold``."""
    book = Workbook()
    book.properties = DocumentProperties(creator="kehou", title=f"{form.title} {form.stage_title}")
    for style in styles():
        book.add_named_style(style)
    first = book.active
    assert isinstance(first, Worksheet)
    options = Options(book, form.fresh, form.is_settled)
    made: list[tuple[FormSheet, Due]] = []
    for sheet in form.sheets:
        page = book.create_sheet(sheet.name)
        due = (_table if sheet.table else _record)(page, sheet, form, options)
        page.sheet_properties.tabColor = due.colour
        if sheet.hidden:
            page.sheet_state = "hidden"
            page.print_area = _NOTHING  # LibreOffice prints hidden sheets, too
        made.append((sheet, due))
    _about(first, form, made, options.confirm)
    options.place_last()
    mark = f'"{forms.VERSION} {form.stage} {form.sha256}"'
    book.defined_names[forms.NAME] = DefinedName(forms.NAME, attr_text=mark)
    return office.fixed(saved(book))


# --- the first sheet -----------------------------------------------------------------------


def _about(
    page: Worksheet,
    form: Form,
    made: Sequence[tuple[FormSheet, Due]],
    confirm: Mapping[str, Sequence[str]],
) -> None:
    page.title = forms.ABOUT
    for letter, wide in zip("ABC", (30, 18, 80), strict=True):
        page.column_dimensions[letter].width = wide
    ours(page, 1, 1, f"{form.title} · {form.stage_title}", "title")
    version = f"{forms.SIGN} 表格第 {forms.VERSION} 版，栏目校验 {form.sha256[:12]}"
    ours(page, 2, 1, f"{version}，环节 {form.stage_title}", "line")
    ours(page, 2, 5, f"{forms.MARK} form", "line")
    row = 4
    taken = form_hints.taken_over(confirm, form.from_prose, form.hands)
    told = [*form.told, *([taken] if confirm or form.hands else [])]
    for words in (*form_hints.STEPS, *(f"{forms.SIGN} {line}" for line in told)):
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
        ours(page, row, 1, words, "plain")
        page.row_dimensions[row].height = height([(words, 122)])
        row += 1
    if form.from_prose:
        _to_be_confirmed(page, row)
        row += 1
    row += 1
    for column, words in enumerate(("工作表", forms.NEED, forms.HINT), 1):
        ours(page, row, column, words, "head")
    for sheet, due in made:
        if sheet.hidden:
            continue
        row += 1
        link = ours(page, row, 1, sheet.name, "link")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{sheet.name}'!A1")
        link.style = "kehou link"
        ours(page, row, 2, due.words, "cell")
        words = form_hints.about(sheet) + form_hints.to_confirm(confirm.get(sheet.name, ()))
        ours(page, row, 3, words, "cell")
        page.row_dimensions[row].height = height([(words, 80), (due.words, 18)])
    finish(page, f"A1:C{row}", landscape=True)


def _to_be_confirmed(page: Worksheet, row: int) -> None:
    """Where somebody says that what a program read was looked through and the rest filled in."""
    ours(page, row, 1, forms.CONFIRMED, "plain")
    cell = free(page, row, 2, "@", "fill")
    rule = DataValidation(type="list", formula1=f'"{forms.YES}"', allow_blank=True)
    rule.add(cell.coordinate)
    page.add_data_validation(rule)
    ours(page, row, 3, f"{forms.SIGN} {form_hints.TO_BE_CONFIRMED}", "plain")
    told = [(forms.CONFIRMED, 28), (form_hints.TO_BE_CONFIRMED, 76)]
    page.row_dimensions[row].height = height(told)


# --- a record ------------------------------------------------------------------------------


def _record(page: Worksheet, sheet: FormSheet, form: Form, options: Options) -> Due:
    """A sheet of 栏目 and 填写; returns how many of its fields are to be filled in."""
    for letter, wide in zip("ABCD", _RECORD, strict=True):
        page.column_dimensions[letter].width = wide
    part = form.tree.get(sheet.path[0])
    ours(page, 1, 1, sheet.name, "title")
    ours(page, 1, 6, f"{forms.MARK} {sheet.key}", "line")
    inside = [s.name for s in form.sheets if s.path[:1] == sheet.path and s.table]
    words = f"{forms.SIGN} {form_hints.for_record(sheet, inside)}"
    page.merge_cells("A2:D2")
    ours(page, 2, 1, words, "words")
    page.row_dimensions[2].height = height([(words, sum(_RECORD))])
    for column, heading in enumerate((forms.ITEM, forms.VALUE, forms.NEED, forms.HINT), 1):
        ours(page, 3, column, heading, "head")
    row, due = 4, Due()
    if sheet.field.absent or isinstance(part, str) or part == {}:
        whole = Item((), sheet.field, forms.WHOLE, True)
        _line(page, row, whole, form.mark(sheet.field).plain, part, (), (), options)
        row += 1
    for item in sheet.items:
        value = at(part, item.path)
        if item.whole and not (item.field.absent or isinstance(value, str) or value == {}):
            page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
            ours(page, row, 1, f"{forms.SIGN} {item.field.title}", "group")
            row += 1
            continue
        marked = form.mark(item.field)
        if any(step.isdecimal() and step != "0" for step in item.path):
            marked = marked.of_more
        due += marked
        steps = (*sheet.path, *item.path)
        clauses = form.clauses.get(".".join(_named(steps)), ())
        _line(page, row, item, marked, value, steps, clauses, options)
        row += 1
    page.freeze_panes = "A4"
    finish(page, f"A1:D{row - 1}", landscape=True, repeat="3:3")
    return due


def _named(steps: Path) -> Path:
    """Steps without the numbers of rows."""
    return tuple(step for step in steps if not step.isdecimal())


def _line(
    page: Worksheet,
    row: int,
    item: Item,
    marked: Mark,
    value: Any,
    steps: Path,
    clauses: Sequence[str],
    options: Options,
) -> None:
    """One row of a record's sheet, filled in with a value where there is one."""
    hint = form_hints.for_whole(item.field) if item.whole else form_hints.hint(item.field)
    told = form_hints.note(hint, clauses, marked.why)
    note(ours(page, row, 1, item.label, f"label{marked.look}"), told)
    ours(page, row, 3, marked.words, f"need{marked.look}")
    ours(page, row, 4, f"{forms.SIGN} {hint}" if hint else "", "hint")
    cell = free(page, row, 2, code(item), "fill")
    options.add(page, cell.coordinate, item, hint)
    if item.whole:
        fill_whole(cell, value)
    elif value is not None:
        fill(cell, item.field, value, _named(steps))
    options.take_over(page, cell, item.field.path, steps)
    shown = cell.value if isinstance(cell.value, str) else ""
    texts = (item.label, shown, marked.words, hint)
    page.row_dimensions[row].height = height(list(zip(texts, _RECORD, strict=True)))


# --- a table -------------------------------------------------------------------------------


def _table(page: Worksheet, sheet: FormSheet, form: Form, options: Options) -> Due:
    """A table's sheet; returns how many of its columns are to be filled in."""
    places = {path: column for column, path in enumerate(sheet.places, 1)}
    due, room = _headings(page, sheet, form, places, options)
    across, total = 0, 0
    while total < _READABLE:
        across += 1
        total += room.get(across, _DEFAULT_WIDTH)
    last = max(len(places), across)
    ours(page, 1, 1, sheet.name, "title")
    ours(page, 1, last + 2, f"{forms.MARK} {sheet.key}", "line")
    marked = form.mark(sheet.field)
    told = f"这张表{marked.words}。" if marked.look else ""
    words = f"{forms.SIGN} {told}{form_hints.for_table(sheet)}"
    page.merge_cells(start_row=2, start_column=1, end_row=2, end_column=across)
    ours(page, 2, 1, words, "words")
    page.row_dimensions[2].height = height([(words, total)])
    _whole(page, sheet, form, across, options)
    rows = list(_rows(sheet, form.tree))
    blank = _FEW_BLANK_ROWS if len(rows) > _LONG else _BLANK_ROWS
    for number in range(len(rows) + blank):
        free(page, _FIRST + number, 1, "0").value = number + 1
        for item in sheet.items:
            free(page, _FIRST + number, places[item.path], code(item))
        if sheet.parent is not None:
            free(page, _FIRST + number, places[PARENT], "0")
    for number, (path, outer, row) in enumerate(rows):
        _fill_row(page, _FIRST + number, sheet, places, path, outer, row)
        for item in sheet.items:
            cell = page.cell(_FIRST + number, places[item.path])
            options.take_over(page, cell, item.field.path, (*path, *item.path))
        texts = [(_shown(page, _FIRST + number, column), wide) for column, wide in room.items()]
        page.row_dimensions[_FIRST + number].height = height(texts)
    page.freeze_panes = f"B{_HEAD_ROW + 1}"
    shown = _FIRST + max(len(rows), _BLANK_ROWS) - 1
    pages = max(1, -(-sum(room.values()) // _PAGE_WIDTH))
    area = f"A1:{get_column_letter(last)}{shown}"
    finish(page, area, landscape=True, repeat=f"{_HEAD_ROW}:{_HEAD_ROW}", pages=pages)
    return due


def _shown(page: Worksheet, row: int, column: int) -> str:
    value = page.cell(row, column).value
    return value if isinstance(value, str) else ""


def _whole(page: Worksheet, sheet: FormSheet, form: Form, across: int, options: Options) -> None:
    """The cell that says that a whole table is 无; rows inside other rows say so there."""
    value = at(form.tree, sheet.path)
    if sheet.parent is not None or not (sheet.field.absent or isinstance(value, str)):
        return
    ours(page, _WHOLE_ROW, 1, forms.WHOLE, "head")
    cell = free(page, _WHOLE_ROW, 2, "@")
    fill_whole(cell, value)
    hint = form_hints.for_whole(sheet.field)
    options.add(page, cell.coordinate, Item((), sheet.field, forms.WHOLE, True), hint)
    page.merge_cells(start_row=_WHOLE_ROW, start_column=3, end_row=_WHOLE_ROW, end_column=across)
    ours(page, _WHOLE_ROW, 3, f"{forms.SIGN} {hint}", "line")
    page.row_dimensions[_WHOLE_ROW].height = 20


def _headings(
    page: Worksheet,
    sheet: FormSheet,
    form: Form,
    places: Mapping[Path, int],
    options: Options,
) -> tuple[Due, dict[int, int]]:
    """Headings, what each column wants, the example; returns (columns to fill in, widths)."""
    labels = ((_HEAD_ROW, forms.NUMBER), (_NEED_ROW, forms.NEED), (_EXAMPLE_ROW, forms.EXAMPLE))
    for row, words in labels:
        ours(page, row, 1, words, "head")
    room = {1: 8}
    wants: dict[int, str] = {}
    if sheet.parent is not None:
        column = places[PARENT]
        room[column] = form_hints.parent_width(sheet)
        ours(page, _HEAD_ROW, column, sheet.parent_label, "head due")
        wants[column] = f"{forms.REQUIRED}\n填“{sheet.parent.name}”里的{forms.NUMBER}"
        ours(page, _EXAMPLE_ROW, column, f"{forms.EXAMPLE_SIGN}1", "example")
    due = Due(table=True)
    for item in sheet.items:
        column, letter = places[item.path], get_column_letter(places[item.path])
        marked = form.mark(item.field)
        due += marked
        hint = form_hints.for_whole(item.field) if item.whole else form_hints.hint(item.field)
        short = form_hints.for_inner(item.field) if item.whole else form_hints.short(item.field)
        wants[column] = f"{marked.words}\n{short}"
        example = "" if item.whole else form_hints.example(item.field)
        room[column] = form_hints.column_width(item, example)
        page.column_dimensions[letter].number_format = code(item)
        clauses = form.clauses.get(".".join((*sheet.path, *item.path)), ())
        head = ours(page, _HEAD_ROW, column, item.label, f"head{marked.look}")
        note(head, form_hints.note(hint, clauses, marked.why))
        shown = f"{forms.EXAMPLE_SIGN}{example}" if example else ""
        ours(page, _EXAMPLE_ROW, column, shown, "example")
        options.add(page, f"{letter}{_FIRST}:{letter}{_LAST}", item, hint)
    for column, wide in room.items():
        dimension = page.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.protection = wide, FREE
    for column, words in wants.items():
        ours(page, _NEED_ROW, column, f"{forms.SIGN}{words}", "want")
    heads = [(_shown(page, _HEAD_ROW, column), wide - 1) for column, wide in room.items()]
    page.row_dimensions[_HEAD_ROW].height = height(heads)
    page.row_dimensions[_NEED_ROW].height = height([(wants[c], room[c]) for c in wants])
    return due, room


def _rows(sheet: FormSheet, tree: Mapping[str, Any]) -> Iterator[tuple[Path, int, Any]]:
    """(path, 行次 of the parent's row, row) of every row that the tree has for a table."""
    if sheet.parent is None:
        value = at(tree, sheet.path)
        for index, row in enumerate(value if isinstance(value, list) else ()):
            yield (*sheet.path, str(index)), 0, row
        return
    for number, (path, _, outer) in enumerate(_rows(sheet.parent, tree), 1):
        value = at(outer, sheet.inside)
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
        page.cell(number, places[PARENT]).value = outer
    filled = False
    for item in sheet.items:
        value = at(row, item.path)
        cell = page.cell(number, places[item.path])
        if item.whole:
            filled |= fill_whole(cell, value)
        elif value is not None:
            fill(cell, item.field, value, (*path, *item.path))
            filled = True
        elif item.field.blank_absent:
            text(cell, forms.NOT_SUPPLIED)
            filled = True
    if not filled:
        text(page.cell(number, places[ROW]), f"{number - _FIRST + 1}{forms.EMPTY}")


__all__ = ["CannotHold", "Form", "render"]
