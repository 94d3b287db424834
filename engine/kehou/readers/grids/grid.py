"""A table before anybody knows its headings: rows of cells, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from kehou.readers.source import Problem, Range, Source, Span
from kehou.readers.xlsx.cells import Cell

#: A cell's text; a workbook's cell that is no text, with its kind; "" for a blank one.
Content = str | Cell


class Grid(Protocol):
    """What reading a table needs of a .csv file or of a worksheet.

    ``at`` names a row: an offset in the text, or a row's number. Columns count from 0.
    """

    source: Source
    sheet: str
    since_1904: bool
    problems: list[Problem]

    def lines(self, fill: bool = True) -> Iterator[tuple[int, list[Content]]]:
        """The rows with content, in order; cells merged over several rows are filled down."""

    def span(self, at: int, column: int | None) -> Span | None:
        """Where a cell (or a row) stands in a text file."""

    def range(self, at: int, column: int | None) -> tuple[Range, None] | None:
        """The same in characters."""

    def cell(self, at: int, column: int | None) -> str:
        """``名册!B7`` in a workbook, of a row its first cell; empty in a text file."""

    def row(self, at: int) -> str:
        """``第7行``."""

    def covered(self, at: int) -> Mapping[int, int]:
        """Columns of a row that lie under a cell merged from the left, with that one's column."""

    def ragged(self, index: int, at: int, cells: list[Content], width: int) -> bool:
        """Tell a row that has other columns than the headings; whether it has."""
