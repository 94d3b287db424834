"""Where the rows and cells of a table stand: offsets in a .csv file, cells in a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from kehou.readers.grids import Grid
from kehou.readers.source import Range


class Finder:
    """Places by path: ``["3"]`` is a row, ``["3", "金额"]`` a value of it.

    ``ats`` are the rows' places in the grid, ``columns`` the columns by key. A key of ``paired``
    stands in another column from row to row, which ``sides`` tells; -1 where in none.
    """

    def __init__(
        self,
        grid: Grid,
        ats: Sequence[int],
        columns: Mapping[str, int],
        paired: frozenset[str],
        sides: Sequence[int],
        heading: Callable[[int], int],
    ) -> None:
        self.grid = grid
        self.ats = ats
        self.columns = columns
        self.paired = paired
        self.sides = sides
        self.heading = heading

    def place(self, path: Sequence[str]) -> tuple[int, int | None] | None:
        """The row and the column of a pointer; None where there is nothing."""
        if not path or not re.fullmatch(r"0|[1-9][0-9]{0,8}", path[0]):
            return None
        row = int(path[0])
        if row >= len(self.ats) or len(path) > 2:
            return None
        if len(path) == 1:
            return self.ats[row], None
        if path[1] in self.paired:
            column = self.sides[row] if row < len(self.sides) else -1
            return self.ats[row], column if column >= 0 else None
        return (self.ats[row], self.columns[path[1]]) if path[1] in self.columns else None

    def range(self, path: Sequence[str]) -> tuple[Range, Range | None] | None:
        """For a text file: the characters of a value, and of its heading."""
        if not path:
            return (0, len(self.grid.source.text)), None
        place = self.place(path)
        found = self.grid.range(*place) if place is not None else None
        if place is None or found is None:
            return None
        column = place[1]
        heading = self.grid.range(self.heading(column), column) if column is not None else None
        return found[0], heading[0] if heading else None

    def cells(self, path: Sequence[str], at_key: bool) -> str:
        """For a workbook: the cell of a value, or of its heading."""
        place = self.place(path)
        if place is None:
            return ""
        at, column = place
        at = self.heading(column) if at_key and column is not None else at
        return self.grid.cell(at, column)
