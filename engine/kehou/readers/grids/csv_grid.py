"""A .csv file as a grid; the cells and their places are those of csv_reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kehou.readers.csv_reader import Table
from kehou.readers.source import Limits, Problem, Range, Source, Span


class CsvGrid:
    """Rows by their offset in the text."""

    sheet = ""
    since_1904 = False

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self._table = Table(source, limits)
        self.problems: list[Problem] = self._table.problems

    def lines(self, fill: bool = True) -> Iterator[tuple[int, list[Any]]]:
        """The rows with content, in order."""
        return ((at, cells) for at, cells in self._table.records() if any(cells))

    def range(self, at: int, column: int | None) -> tuple[Range, None] | None:
        """The characters of a cell, or of a row."""
        cells = self._table.cells(at)[0]
        if column is None:
            return (cells[0].start, cells[-1].end), None
        if column >= len(cells):
            return None
        return (cells[column].start, cells[column].end), None

    def span(self, at: int, column: int | None) -> Span | None:
        """Where a cell (or a row) stands."""
        found = self.range(at, column)
        return self.source.span(*found[0]) if found else None

    def cell(self, at: int, column: int | None) -> str:
        """A text file has no cells to name."""
        return ""

    def row(self, at: int) -> str:
        """``第7行``."""
        return f"第{self.source.place(at)[0]}行"

    def covered(self, at: int) -> Mapping[int, int]:
        """A text file merges nothing; a blank heading may belong to the one on its left."""
        return {}

    def ragged(self, index: int, at: int, cells: list[Any], width: int) -> bool:
        """Tell a row whose cells cannot be matched with the headings."""
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            return False
        self._table.ragged(index, at, cells, width)
        return True
