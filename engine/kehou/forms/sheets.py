"""Where things stand on the sheets of a form after people have worked on it.

Columns, rows and marks may have moved; a sheet is read by its labels. Everything that is neither
a label, a text of the form's own nor a filled-in value is told apart as ``Extra``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

from kehou.fields import ABSENT_WORDS, fold
from kehou.forms import layouts as forms
from kehou.forms.layouts import PARENT, ROW, FormSheet, Item, Path
from kehou.readers.copied_text import without_marks
from kehou.readers.grids import Asides
from kehou.readers.xlsx import Cell, Sheet

#: Rows at the top of a sheet in which its mark and its headings are looked for.
HEAD: Final = 40
_TOTALS: Final = frozenset(["合计", "总计", "小计", "共计", "累计"])
_OF_RECORDS: Final = frozenset(["date", "month", "time", "enum", "boolean"])
_ENDINGS: Final = ("(必填)", "(选填)", "*", ":")


@dataclass
class Extra:
    """What a sheet holds beside the form: cells, 合计 rows, labels that the form does not have.

    ``unknown`` and ``doubled`` headings are by column; ``examples`` are example rows that were
    written into, with the first such cell's column. ``passed`` are rows that are no records for
    another reason than that they are totals.
    """

    spare: list[tuple[int, int]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    passed: list[tuple[int, str]] = field(default_factory=list)
    unknown: dict[int, tuple[str, int]] = field(default_factory=dict)
    doubled: dict[int, tuple[Item, int]] = field(default_factory=dict)
    examples: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One row of a table: its number on the sheet, its 行次, its parent's, its filled cells."""

    number: int
    name: str | None
    outer: str | None
    cells: dict[int, Cell]


@dataclass(frozen=True)
class Table:
    """A table as it was found; ``free`` is the first row below all that is filled."""

    form: FormSheet
    sheet: Sheet
    columns: dict[Path, int]
    rows: list[Row]
    whole: Cell | None
    whole_at: tuple[int, int] | None
    free: int
    extra: Extra

    @property
    def filled(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.rows) or self.whole is not None


@dataclass(frozen=True)
class Record:
    """A sheet of 栏目 and 填写: (label, place of the value, the value) of each row."""

    form: FormSheet
    sheet: Sheet
    rows: list[tuple[str, tuple[int, int], Cell | None]]
    extra: Extra

    @property
    def filled(self) -> bool:
        """Whether anything was filled in."""
        return any(cell is not None for _, _, cell in self.rows)


def text(cell: Cell | None) -> str:
    """A cell's content as text; empty where there is none."""
    return "" if cell is None or cell.value is None else without_marks(str(cell.value)).strip()


def is_ours(words: str) -> bool:
    """Whether a text is one of the form's own."""
    return words.startswith((forms.SIGN, forms.EXAMPLE_SIGN, forms.MARK))


def label(words: str) -> str:
    """A label without what people add to it."""
    folded = fold(words)
    for ending in _ENDINGS:
        folded = folded.removesuffix(ending)
    return folded


def find_record(form: FormSheet, sheet: Sheet) -> Record | None:
    """A record's sheet; None where it has no heading of 栏目 and 填写."""
    at = _record_head(sheet)
    if at is None:
        return None
    head, names, values, templates = at
    extra = Extra()
    found: list[tuple[str, tuple[int, int], Cell | None]] = []
    for number, cells in sheet.rows:
        by_column = {cell.column: cell for cell in cells}
        name, value = text(by_column.get(names)), by_column.get(values)
        for column, cell in by_column.items():
            inside = number > head and column in (names, values)
            if not inside and not _is_template(form, cell, number, head, column in templates):
                extra.spare.append((number, column))
        if number > head and not name.startswith(forms.SIGN):
            if name or _content(value):
                found.append((name, (number, values), value if _content(value) else None))
        elif number > head and _content(value):
            extra.spare.append((number, values))
    return Record(form, sheet, found, extra)


def _record_head(sheet: Sheet) -> tuple[int, int, int, set[int]] | None:
    """(row of the headings, column of 栏目, column of 填写, columns of our own words)."""
    for number, cells in sheet.rows:
        if number > HEAD:
            break
        named = {label(text(cell)): cell.column for cell in cells}
        if forms.ITEM in named and forms.VALUE in named:
            ours = {named[word] for word in (forms.NEED, forms.HINT) if word in named}
            return number, named[forms.ITEM], named[forms.VALUE], ours
    return None


def _is_template(form: FormSheet, cell: Cell, number: int, head: int, ours: bool) -> bool:
    """Whether a cell outside the columns that are filled in is the form's own."""
    words = text(cell)
    if not words or is_ours(words) or number == head:
        return True
    if number < head:
        return words in (form.name, form.field.title)
    return ours and words.startswith(forms.NEEDS)


def _content(cell: Cell | None) -> bool:
    if cell is None:
        return False
    return bool(text(cell)) or cell.kind == "formula_without_value"


def remarks(sheet: Sheet, names: frozenset[str]) -> list[tuple[int, int]]:
    """What people wrote on the first sheet: beside its three columns, or under its list."""
    return [
        (number, cell.column)
        for number, cells in sheet.rows
        for cell in cells
        if (words := text(cell)) and not is_ours(words) and number > 1
        if cell.column > 3 or (cell.column == 1 and words not in {*names, "工作表"})
    ]


# --- tables --------------------------------------------------------------------------------


def find_table(form: FormSheet, sheet: Sheet, asides: Asides) -> Table | None:
    """A table's sheet; None where no row holds two of its headings.

    ``asides`` are the words of rows that are no records.
    """
    best = max(_heads(form, sheet), key=lambda found: (found[0], -found[1]), default=None)
    if best is None or best[0] < 2:
        return None
    head = best[1]
    extra = Extra()
    columns: dict[Path, int] = {}
    titles: dict[int, str] = {}
    for cell in best[2]:
        if not text(cell):
            continue
        titles[cell.column] = text(cell)
        path = _column(form, text(cell))
        if path is None:
            extra.unknown[cell.column] = (text(cell), head)
        elif path in columns:
            item = next((i for i in form.items if i.path == path), None)
            if item is not None:
                extra.doubled[cell.column] = (item, head)
        else:
            columns[path] = cell.column
    rows: list[Row] = []
    whole, whole_at = None, None
    free = head + 1
    for number, cells in sheet.rows:
        if number < head:
            found = _above(form, number, cells, extra)
            whole, whole_at = found if found[1] is not None else (whole, whole_at)
        elif number > head:
            row = _row(form, number, cells, columns, extra, asides)
            if row is not None:
                rows.append(row)
            free = max(free, number + 1) if row is not None else _after(free, number, cells)
    missing = any(item.path not in columns for item in form.items if not item.whole)
    _settle(extra, head, {*columns.values()} if missing else None)
    return Table(form, sheet, columns, rows, whole, whole_at, free, extra)


def _heads(form: FormSheet, sheet: Sheet) -> list[tuple[int, int, tuple[Cell, ...]]]:
    found = []
    for number, cells in sheet.rows:
        if number > HEAD:
            break
        known = {_column(form, text(cell)) for cell in cells} - {None}
        found.append((len(known), number, cells))
    return found


def _column(form: FormSheet, words: str) -> Path | None:
    """The column that a heading stands for."""
    folded = label(words)
    if folded == forms.NUMBER:
        return ROW
    if form.parent is not None and folded == fold(form.parent_label):
        return PARENT
    item = form.by_label.get(folded)
    return item.path if item is not None else None


def _above(
    form: FormSheet, number: int, cells: tuple[Cell, ...], extra: Extra
) -> tuple[Cell | None, tuple[int, int] | None]:
    """What stands above the headings: the cell for the whole table, our words, and others'."""
    by_column = {cell.column: cell for cell in cells}
    titles = (form.name, form.field.title)
    at = next((c.column for c in cells if label(text(c)) == forms.WHOLE), None)
    for column, cell in by_column.items():
        words = text(cell)
        of_whole = at is not None and column in (at, at + 1)
        if words and not of_whole and not is_ours(words) and words not in titles:
            extra.spare.append((number, column))
    if at is None:
        return None, None
    value = by_column.get(at + 1)
    return (value if _content(value) and not is_ours(text(value)) else None), (number, at + 1)


def _after(free: int, number: int, cells: tuple[Cell, ...]) -> int:
    """The first free row, past rows of our own words."""
    ours = any(is_ours(text(cell)) or text(cell) in (forms.NEED, forms.EXAMPLE) for cell in cells)
    return max(free, number + 1) if ours else free


def _row(
    form: FormSheet,
    number: int,
    cells: tuple[Cell, ...],
    columns: dict[Path, int],
    extra: Extra,
    asides: Asides,
) -> Row | None:
    """A row of data, or None: blank, our own words, an example, a total, a remark."""
    by_column = {cell.column: cell for cell in cells if _content(cell)}
    name = fold(text(by_column.get(columns.get(ROW, 0))))
    known = {*columns.values()}
    fields = known - {columns.get(ROW), columns.get(PARENT)}
    data = {column: cell for column, cell in by_column.items() if column in fields}
    ours = all(text(cell).startswith(forms.SIGN) for cell in data.values())
    if name == forms.NEED or (data and ours):
        loose = [cell for cell in by_column.values() if not is_ours(text(cell))]
        _tell_spare(extra, number, [c for c in loose if c.column != columns.get(ROW)])
        return None
    if name.startswith(forms.EXAMPLE) or any(
        text(cell).startswith(forms.EXAMPLE_SIGN) for cell in data.values()
    ):
        changed = [c for c, cell in data.items() if not is_ours(text(cell))]
        if changed:
            extra.examples.append((number, min(changed)))
        return None
    loose = [c for c in by_column.values() if c.column not in known and not is_ours(text(c))]
    _tell_spare(extra, number, loose)
    first = text(next(iter(sorted(data.values(), key=lambda c: c.column)), None))
    if (name in _TOTALS or fold(first) in _TOTALS) and not _is_record(form, data, columns):
        extra.totals.append(number)
        return None
    if data and (why := _passed(form, data, columns, asides)):
        extra.passed.append((number, why))
        return None
    empty = name.endswith(fold(forms.EMPTY))
    outer = fold(text(by_column.get(columns.get(PARENT, 0)))) or None
    if not data and not empty:
        if outer is not None:
            extra.spare.append((number, columns[PARENT]))
        if name and not name.isdecimal() and not is_ours(name):  # a remark, not a row's number
            extra.spare.append((number, columns[ROW]))
        return None
    return Row(number, name.removesuffix(fold(forms.EMPTY)) or None, outer, data)


def _passed(
    form: FormSheet, data: dict[int, Cell], columns: dict[Path, int], asides: Asides
) -> str:
    """Why a row is no record: the headings again, or a remark or signature; else empty."""
    by_column = {column: path for path, column in columns.items()}
    if len(data) > 1 and all(_column(form, text(c)) == by_column[n] for n, c in data.items()):
        return "重复的表头"
    prose = {columns[i.path] for i in form.items if i.path in columns and i.field.kind == "text"}
    cells = [text(data.get(column)) for column in range(max(data) + 1)]
    return "说明" if asides.is_one(cells, 0, prose.__contains__) else ""


def _is_record(form: FormSheet, data: dict[int, Cell], columns: dict[Path, int]) -> bool:
    """Whether a row with a word for a total has what no total has: a day, a time, a choice."""
    of_records = {
        columns[item.path]
        for item in form.items
        if item.path in columns and item.field.kind in _OF_RECORDS
    }
    filled = {column for column, cell in data.items() if fold(text(cell)) not in _TOTALS}
    return bool(of_records & filled)


def _tell_spare(extra: Extra, number: int, cells: list[Cell]) -> None:
    extra.spare += [(number, cell.column) for cell in cells]


def _settle(extra: Extra, head: int, known: set[int] | None) -> None:
    """Tell headings over content from idle ones.

    With ``known`` columns some of the form's are missing: then any other column with content may
    be one of them.
    """
    used = {column for row, column in extra.spare if row > head}
    for column in list(extra.unknown):
        title, row = extra.unknown[column]
        if is_ours(title) or column not in used:
            del extra.unknown[column]
            if not is_ours(title):
                extra.spare.append((row, column))
    if known is not None:
        for column in sorted(used - known):
            extra.unknown.setdefault(column, ("", head))
    extra.doubled = {column: item for column, item in extra.doubled.items() if column in used}
    gone = {*extra.unknown, *extra.doubled}
    extra.spare = [at for at in extra.spare if at[0] <= head or at[1] not in gone]


def says_none(table: Table) -> Cell | None:
    """The 无 that is all a table's rows say, in a column that itself may not be 无."""
    if len(table.rows) != 1 or len(table.rows[0].cells) != 1:
        return None
    [(column, cell)] = table.rows[0].cells.items()
    item = next((i for i in table.form.items if table.columns.get(i.path) == column), None)
    if item is None or item.whole or item.field.absent or text(cell) not in ABSENT_WORDS:
        return None
    return cell


def covers(sheet: Sheet, column: int) -> dict[int, Cell | None]:
    """Rows of a column that a merged cell covers, and the cell that is shown, if there is any."""
    found: dict[int, Cell | None] = {}
    cells = {(number, cell.column): cell for number, row in sheet.rows for cell in row}
    numbers = [number for number, _ in sheet.rows]
    for top, left, bottom, right in sheet.merged:
        if left <= column <= right:
            for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
                if (number, column) != (top, left):
                    found[number] = cells.get((top, left))
    return found


def merged(table: Table) -> dict[tuple[int, int], tuple[Cell | None, bool]]:
    """Cells of rows that a merged cell covers: the cell that is shown, and if it is above them."""
    numbers = [row.number for row in table.rows]
    filled = {row.number: row.cells for row in table.rows}
    found: dict[tuple[int, int], tuple[Cell | None, bool]] = {}
    columns = {column for path, column in table.columns.items() if path not in (ROW, PARENT)}
    for top, left, bottom, right in table.sheet.merged:
        origin = filled.get(top, {}).get(left)
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            for column in columns:
                if left <= column <= right and (number, column) != (top, left):
                    found[(number, column)] = (origin, column == left)
    return found
