"""One worksheet's XML, event by event, as rows of cells that hold something.

``depth`` is that of the element just started or ended: 3 a row, 4 a cell, 5 what is in it, below
that the pieces of a text that stands in its cell.
"""

from __future__ import annotations

from typing import Any, Final

from kehou.readers.ooxml import MOST_DEPTH, too_much
from kehou.readers.source import ReadError
from kehou.readers.xlsx.cells import Cell, Kind, Value
from kehou.readers.xlsx.sheet_values import (
    MOST_COLUMNS,
    MOST_ROWS,
    Positions,
    Range,
    SheetValues,
)

#: The namespaces of a sheet: transitional (what everybody writes) and strict.
SPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
)
_KNOWN: Final = {
    space + name: name
    for space in SPACES
    for name in (
        "sheetData",
        "row",
        "c",
        "cols",
        "col",
        "v",
        "f",
        "is",
        "t",
        "r",
        "rPh",
        "mergeCells",
    )
} | {space + "mergeCell": "mergeCell" for space in SPACES}
_NAME = _KNOWN.get
_YES: Final = ("1", "true")
#: Types of cells whose value says nothing where it is blank, whatever the type says.
_STORED: Final = frozenset(["n", "s", "b", "e", "d"])
#: Half the time of ``Cell(…)``, of which there are hundreds of thousands.
_new = tuple.__new__
Row = tuple[int, tuple[Cell, ...]]


class Implicit(Exception):
    """A row or a cell without its reference, after some have been cut out."""


class SheetEvents:
    """The handlers of one parse; ``rows`` and ``merged`` are what it gives.

    ``budget`` counts down cells, ``left`` elements. ``is_cut`` says that empty cells have been cut
    out of the bytes, so that nothing may stand there without its reference.
    """

    __slots__ = (
        "area",
        "budget",
        "cell_type",
        "cells",
        "column",
        "columns",
        "depth",
        "has_formula",
        "has_value",
        "in_cell",
        "in_row",
        "inline",
        "is_cut",
        "left",
        "listen",
        "mark",
        "merged",
        "parser",
        "phonetic",
        "pieces",
        "positions",
        "raw",
        "row",
        "row_text",
        "rows",
        "style",
        "text",
        "unseen",
        "unseen_columns",
        "values",
    )

    def __init__(self, values: SheetValues, parser: Any, budget: int) -> None:
        self.values = values
        self.parser = parser
        self.budget = budget
        self.left = values.package.elements
        self.is_cut = False
        self.rows: list[Row] = []
        self.merged: list[Range] = []
        #: Rows with content, and ranges of columns, that are hidden.
        self.unseen: list[int] = []
        self.unseen_columns: list[tuple[int, int]] = []
        self.positions = Positions()
        self.columns: set[int] = set()
        self.depth = self.row = self.column = 0
        #: The element at depth 2; what the characters now read belong to.
        self.area = self.mark = ""
        self.row_text = self.cell_type = self.style = self.raw = ""
        self.in_row = self.in_cell = self.has_value = self.has_formula = self.phonetic = False
        # A piece of text has 8,000 bytes unless markup breaks it.
        self.pieces = values.limits.scalar // 1000
        self.cells: list[Cell] = []
        self.text: list[str] = []
        self.inline: list[str] = []
        self.listen = self.characters
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    # --- starts -----------------------------------------------------------------------------

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        depth = self.depth = self.depth + 1
        left = self.left = self.left - 1
        if depth > MOST_DEPTH or left < 0:
            too_much(depth)
        name = _NAME(tag)
        if name is None:
            return
        if depth == 4:
            if name == "c" and self.in_row:
                self._cell(attributes)
        elif depth == 5:
            if not self.in_cell:
                return
            if name == "v":
                if self.has_value:
                    raise self.values.broken("两个值写在一个单元格里", self.row, self.column)
                self.mark, self.has_value = "v", True
                self.text.clear()
                self.parser.CharacterDataHandler = self.listen
            elif name == "f":
                self.has_formula = True
            elif name == "is":
                self.mark = "is"
                self.inline.clear()
        elif depth == 3:
            if name == "row" and self.area == "sheetData":
                self._row(attributes.get("r", ""))
                if attributes.get("hidden", "") in _YES:
                    self.unseen.append(self.row)
            elif name == "col" and attributes.get("hidden", "") in _YES:
                ends = attributes.get("min", ""), attributes.get("max", "")
                if all(len(n) < 6 and n.isascii() and n.isdigit() for n in ends):
                    self.unseen_columns.append((int(ends[0]), int(ends[1])))
            elif name == "mergeCell" and self.area == "mergeCells":
                self.merged.append(self.values.range(attributes.get("ref", "")))
        elif depth == 2:
            self.area = name
        elif self.mark == "is":
            self._piece(name)

    def _row(self, number: str) -> None:
        before = self.row
        if not number:
            if self.is_cut:
                raise Implicit
            self.row += 1
            number = str(self.row)
        elif len(number) <= 7 and number.isascii() and number.isdigit():
            self.row = int(number)
        else:
            raise self.values.broken(f"行号“{number[:20]}”")
        if self.row <= before or self.row > MOST_ROWS:
            raise self.values.broken(f"行号 {self.row} 不按顺序或重复")
        self.row_text, self.in_row, self.column = number, True, 0

    def _cell(self, attributes: dict[str, str]) -> None:
        self.in_cell = True
        self.has_value = self.has_formula = False
        self.mark = ""
        self.cell_type = attributes.get("t", "n")
        self.style = attributes.get("s", "0")
        reference = attributes.get("r")
        before = self.column
        if reference is None:
            if self.is_cut:
                raise Implicit
            column = before + 1
        else:
            ends = reference.removesuffix(self.row_text)
            try:
                column = self.positions[ends]
            except KeyError:
                raise self._misplaced(reference) from None
            if len(ends) == len(reference):
                raise self._misplaced(reference)
        if column <= before or column > MOST_COLUMNS:
            raise self.values.broken(f"第 {self.row} 行的单元格不按顺序或重复")
        self.column = column

    def _misplaced(self, reference: str) -> ReadError:
        """A reference that is none, or that names another row than the one it stands in."""
        try:
            self.positions[reference.rstrip("0123456789")]
        except KeyError:
            return self.values.broken(f"单元格位置“{reference[:20]}”")
        return self.values.broken(f"第 {self.row} 行里有位置“{reference[:20]}”")

    def _piece(self, name: str) -> None:
        if self.depth == 6:
            self.phonetic = name == "rPh"
        if name == "t":
            self.text.clear()
            self.parser.CharacterDataHandler = self.listen

    # --- text and ends ----------------------------------------------------------------------

    def characters(self, data: str) -> None:
        """Text of the element that is being read."""
        self.text.append(data)
        if len(self.text) > self.pieces:
            raise self._too_wordy()

    def end(self, tag: str) -> None:
        """An element ends."""
        depth = self.depth = self.depth - 1
        if depth == 3 and self.in_cell:
            self._cell_ends()
        elif depth == 4:
            if self.mark == "v":
                self.raw, self.mark = "".join(self.text), ""
                self.parser.CharacterDataHandler = None
        elif depth == 2 and self.in_row:
            self._row_ends()
        elif depth >= 5 and self.mark == "is" and _NAME(tag) == "t":
            self.parser.CharacterDataHandler = None
            if not self.phonetic:
                self.inline.append("".join(self.text))
                if len(self.inline) > self.values.limits.scalar:
                    raise self._too_wordy()

    def _cell_ends(self) -> None:
        self.in_cell = False
        if self.mark == "is":
            self.raw = "".join(self.inline)
        elif not self.has_value:
            if not self.has_formula:
                return
            self.raw = ""
        values, raw, style = self.values, self.raw, self.style
        value: Value
        kind: Kind
        if self.cell_type in _STORED and not raw.strip():
            value, kind = None, "formula_without_value" if self.has_formula else "blank"
        elif self.cell_type == "n":
            value, kind = values.seen.get((style, raw)) or values.number(style, raw)
        elif self.cell_type == "s":
            value, kind = values.shared(raw, self.row, self.column), "text"
        else:
            place = self.row, self.column
            value, kind = values.other(
                self.cell_type, raw, self.has_formula, self.has_value, *place
            )
        if kind == "text":
            if not value:
                value, kind = None, "blank"
            elif len(value) > values.limits.scalar:  # type: ignore[arg-type]
                raise self._too_wordy()
        if kind == "blank" and not self.has_formula:
            return
        form = values.styles.get(style) or values.format(style)
        self.cells.append(_new(Cell, (self.row, self.column, value, kind, form)))

    def _row_ends(self) -> None:
        self.in_row = False
        if not self.cells:
            if self.unseen and self.unseen[-1] == self.row:
                self.unseen.pop()
            return
        self.rows.append((self.row, tuple(self.cells)))
        self.columns.update([cell.column for cell in self.cells])
        self.budget -= len(self.cells)
        self.cells = []
        limits = self.values.limits
        if self.budget < 0 or len(self.rows) > limits.rows:
            raise self.values.too_long()
        if len(self.columns) > limits.columns:
            message = f"有内容的列超过 {limits.columns} 列"
            raise self.values.error(message, "删去右边不用的列", self.row, 1)

    def _too_wordy(self) -> ReadError:
        return self.values.too_wordy(self.row, self.column)
