"""A worksheet as a grid: cells in their columns, merged ones filled down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kehou.readers.copied_text import without_marks
from kehou.readers.grids.grid import Content
from kehou.readers.source import Problem, Range, Source, Span
from kehou.readers.xlsx.cells import Cell
from kehou.readers.xlsx.sheet_values import letters
from kehou.readers.xlsx.workbook import Sheet

#: Columns from the left that a table may have; what stands beyond is told as left over.
MOST_COLUMNS: Final = 500


class Filled(str):
    """A text of a cell merged over several rows, in a row below its own."""

    __slots__ = ()


class Hidden(str):
    """What a merged cell covers where it differs from what is seen; the text is that cell's."""

    __slots__ = ()


class SheetGrid:
    """Rows by their number."""

    def __init__(self, source: Source, sheet: Sheet, since_1904: bool) -> None:
        self.source = source
        self.sheet = sheet.name
        self.since_1904 = since_1904
        self.problems: list[Problem] = []
        self.tall = {(r[0], r[1] - 1): r[2] for r in sheet.merged if r[2] > r[0]}
        self.wide: dict[int, list[tuple[int, int]]] = {}
        for first, left, _, right in sheet.merged:
            if right > left:
                self.wide.setdefault(first, []).append((left - 1, right - 1))
        self.merged = sorted(sheet.merged)
        self.rows = sheet.rows
        self.beyond = ""

    def lines(self, fill: bool = True) -> Iterator[tuple[int, list[Content]]]:
        """The rows with content, in order; blank cells at the right are left out."""
        below: dict[int, tuple[int, str]] = {}
        tall = self.tall if fill else {}
        covers = _Covers(self.merged if fill else [])
        for number, cells in self.rows:
            row: list[Content] = []
            for cell in cells:
                column = cell.column - 1
                if column >= MOST_COLUMNS:
                    self.beyond = self.beyond or letters(cell.column)
                    break
                if column > len(row):
                    row.extend([""] * (column - len(row)))
                if cell.kind == "text":
                    assert isinstance(cell.value, str)
                    row.append(cell.value.strip() if without_marks(cell.value) else "")
                else:
                    row.append("" if cell.kind == "blank" else cell)
            covers.hide(row, number)
            if below:
                _fill(row, below, number)
            if tall:
                for column, value in enumerate(row):
                    if value and (number, column) in tall:
                        below[column] = tall[number, column], _text(value)
            if any(row):
                yield number, row

    def span(self, at: int, column: int | None) -> Span | None:
        """A worksheet has no lines of text."""
        return None

    def range(self, at: int, column: int | None) -> tuple[Range, None] | None:
        """A worksheet has no characters to count."""
        return None

    def cell(self, at: int, column: int | None) -> str:
        """``名册!B7``; of a row its first cell."""
        return f"{self.sheet}!{letters((column or 0) + 1)}{at}"

    def row(self, at: int) -> str:
        """``第7行``."""
        return f"第{at}行"

    def covered(self, at: int) -> Mapping[int, int]:
        """Columns of a row that lie under a cell merged from the left."""
        found: dict[int, int] = {}
        for first, last in self.wide.get(at, [])[:MOST_COLUMNS]:
            found |= dict.fromkeys(range(first + 1, min(last, MOST_COLUMNS) + 1), first)
        return found

    def ragged(self, index: int, at: int, cells: list[Content], width: int) -> bool:
        """A worksheet's cells are always in their columns."""
        return False


class _Covers:
    """The merged cells of a sheet, row by row, and what they show."""

    def __init__(self, merged: list[tuple[int, int, int, int]]) -> None:
        self.coming = merged[::-1]
        self.over: dict[int, tuple[int, int, int, str]] = {}

    def hide(self, row: list[Content], number: int) -> None:
        """Put ``Hidden`` where a cell holds another text than the merged cell that covers it."""
        while self.coming and self.coming[-1][0] <= number:
            top, left, bottom, right = self.coming.pop()
            if bottom < number:
                continue
            seen = _text(row[left - 1]) if top == number and left <= len(row) else ""
            for column in range(left - 1, min(right, MOST_COLUMNS)):
                self.over[column] = top, left, bottom, seen
        if not self.over:
            return
        for column, value in enumerate(row):
            if value and (cover := self.over.get(column)) is not None:
                top, left, bottom, seen = cover
                origin = top == number and left == column + 1
                if number <= bottom and not origin and _text(value) != seen:
                    row[column] = Hidden(f"{letters(left)}{top}")


def _fill(row: list[Content], below: dict[int, tuple[int, str]], number: int) -> None:
    """Put the texts of cells merged from above into a row that has content of its own."""
    for column, (last, text) in list(below.items()):
        if number > last:
            del below[column]
        elif any(row):
            if column >= len(row):
                row.extend([""] * (column + 1 - len(row)))
            if not row[column]:
                row[column] = Filled(text)


def _text(value: Content) -> str:
    return plain_text(value) if isinstance(value, Cell) else value


def plain_text(cell: Cell) -> str:
    """A cell's value as text, whatever its column means."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if cell.kind == "number":
        return format(value, "f") if not isinstance(value, int) else str(value)
    return str(value)
