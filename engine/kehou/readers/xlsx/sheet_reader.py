"""One worksheet's XML as rows of cells that hold something, in bounded time and memory.

Rows and cells that are only formatted are cut out of the bytes before they are parsed: a sheet
with 1,048,576 of them costs little more than unpacking it. What ``<dimension>`` says is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kehou.readers.source import Limits, ReadError
from kehou.readers.xlsx.cells import GENERAL, Cell, Kind, Value, iso, typed
from kehou.readers.xlsx.package import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_MERGES,
    Package,
    Reading,
    damaged,
    too_much,
)

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
#: The namespaces of a sheet: transitional (what everybody writes) and strict.
SPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
)
_KNOWN: Final = {
    space + name: name
    for space in SPACES
    for name in ("sheetData", "row", "c", "v", "f", "is", "t", "r", "rPh", "mergeCells")
} | {space + "mergeCell": "mergeCell" for space in SPACES}
_EMPTY_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*?(?:/>|>\s*</row>)')
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
#: Bytes that are kept back until the row they belong to is whole.
_LONGEST: Final = 1 << 20
Range = tuple[int, int, int, int]
Row = tuple[int, tuple[Cell, ...]]


class Positions(dict[str, int]):
    """Column numbers by their letters."""

    def __missing__(self, letters: str) -> int:
        if not re.fullmatch("[A-Z]{1,3}", letters):
            raise KeyError(letters)
        at = 0
        for letter in letters:
            at = at * 26 + ord(letter) - 64
        self[letters] = at
        return at


def letters(column: int) -> str:
    """A column number as its letters: 28 is ``AB``."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def plain(text: str) -> str:
    """A stored text with ``_x000D_`` and the like as the characters they stand for."""
    if "_x" in text:
        text = _ESCAPED.sub(_escaped, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code == 0 or 0xD800 <= code < 0xE000 or code >= 0xFFFE else chr(code)


class SheetReader:
    """Reads one sheet of a workbook; ``budget`` counts down the cells of all its sheets."""

    def __init__(
        self,
        package: Package,
        sheet: str,
        strings: list[str],
        formats: list[str],
        since_1904: bool,
        limits: Limits,
    ) -> None:
        self.package = package
        self.sheet = sheet
        self.strings = strings
        self.formats = formats
        self.since_1904 = since_1904
        self.limits = limits
        self.dropped = False
        self.seen: dict[tuple[str, str], tuple[Value, Kind]] = {}

    def read(self, part: str, budget: int) -> tuple[tuple[Row, ...], tuple[Range, ...]]:
        """The rows and the merged ranges; raises ``ReadError``."""
        before = self.package.bytes, self.package.elements
        try:
            return self._read(part, budget, True)
        except _Implicit:
            # cells without a reference follow the one before, so that none may be cut out
            self.package.bytes, self.package.elements = before
            return self._read(part, budget, False)

    def _read(
        self, part: str, budget: int, fast: bool
    ) -> tuple[tuple[Row, ...], tuple[Range, ...]]:
        rows: list[Row] = []
        merged: list[Range] = []
        reading = Reading(self.package, part, MOST_BYTES)
        known, strings, positions = _KNOWN.get, self.strings, Positions()
        limits, package, columns_seen = self.limits, self.package, set[int]()
        depth, left = 0, package.elements
        area = mark = ""  # the element at depth 2; what the characters now read belong to
        row = column = 0
        row_text = ""
        in_row = in_cell = has_value = has_formula = phonetic = False
        cell_type = style = raw = ""
        pieces = limits.scalar // 1000  # a piece of text has 8,000 bytes unless markup breaks it
        cells: list[Cell] = []
        text: list[str] = []
        inline: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, left, area, mark, row, column, row_text, in_row, in_cell
            nonlocal has_value, has_formula, phonetic, cell_type, style
            depth += 1
            left -= 1
            if depth > MOST_DEPTH or left < 0:
                too_much(depth)
            name = known(tag)
            if name is None:
                return
            if depth == 4:
                if name == "c" and in_row:
                    in_cell = True
                    has_value = has_formula = False
                    mark = ""
                    cell_type = attributes.get("t", "n")
                    style = attributes.get("s", "0")
                    reference = attributes.get("r")
                    before = column
                    if reference is None:
                        if fast and self.dropped:
                            raise _Implicit
                        column += 1
                    else:
                        ends = reference.rstrip("0123456789")
                        try:
                            column = positions[ends]
                        except KeyError:
                            raise self.broken(f"单元格位置“{reference[:20]}”") from None
                        if reference[len(ends) :] != row_text:
                            raise self.broken(f"第 {row} 行里有位置“{reference[:20]}”")
                    if column <= before or column > MOST_COLUMNS:
                        raise self.broken(f"第 {row} 行的单元格不按顺序或重复")
            elif depth == 5:
                if in_cell:
                    if name == "v":
                        if has_value:
                            raise self.broken("两个值写在一个单元格里", row, column)
                        mark, has_value = "v", True
                        text.clear()
                        parser.CharacterDataHandler = characters
                    elif name == "f":
                        has_formula = True
                    elif name == "is":
                        mark = "is"
                        inline.clear()
            elif depth == 3:
                if name == "row" and area == "sheetData":
                    row_text = attributes.get("r", "")
                    before = row
                    if not row_text:
                        if fast and self.dropped:
                            raise _Implicit
                        row += 1
                        row_text = str(row)
                    elif len(row_text) <= 7 and row_text.isascii() and row_text.isdigit():
                        row = int(row_text)
                    else:
                        raise self.broken(f"行号“{row_text[:20]}”")
                    if row <= before or row > MOST_ROWS:
                        raise self.broken(f"行号 {row} 不按顺序或重复")
                    in_row, column = True, 0
                elif name == "mergeCell" and area == "mergeCells":
                    merged.append(self.range(attributes.get("ref", "")))
            elif depth == 2:
                area = name
            elif mark == "is":
                if depth == 6:
                    phonetic = name == "rPh"
                if name == "t":
                    text.clear()
                    parser.CharacterDataHandler = characters

        def characters(data: str) -> None:
            text.append(data)
            if len(text) > pieces:
                raise self.too_wordy(row, column)

        def end(tag: str) -> None:
            nonlocal depth, in_row, in_cell, mark, cells, budget, raw
            depth -= 1
            if depth == 3 and in_cell:
                in_cell = False
                if not has_value and mark != "is" and not has_formula:
                    return
                if mark == "is":
                    raw = "".join(inline)
                elif not has_value:
                    raw = ""
                value: Value
                kind: Kind
                if cell_type == "n":
                    if not raw:
                        value, kind = None, "formula_without_value" if has_formula else "blank"
                    else:
                        found = self.seen.get((style, raw))
                        if found is None:
                            found = self.number(style, raw)
                        value, kind = found
                elif cell_type == "s":
                    try:
                        at = int(raw)
                        value, kind = strings[at if at >= 0 else len(strings)], "text"
                    except (ValueError, IndexError):
                        raise self.broken("文字不在文字表里", row, column) from None
                else:
                    value, kind = self.other(cell_type, raw, has_formula, has_value, row, column)
                if not value and kind == "text":
                    value, kind = None, "blank"
                if kind == "blank" and not has_formula:
                    return
                if kind == "text" and len(value) > limits.scalar:  # type: ignore[arg-type]
                    raise self.too_wordy(row, column)
                columns_seen.add(column)
                budget -= 1
                cells.append(Cell(row, column, value, kind, self.format(style)))
            elif depth == 4:
                if mark == "v":
                    raw, mark = "".join(text), ""
                    parser.CharacterDataHandler = None
            elif depth == 2 and in_row:
                in_row = False
                if cells:
                    rows.append((row, tuple(cells)))
                    cells = []
                    if budget < 0 or len(rows) > limits.rows:
                        raise self.too_long()
                    if len(columns_seen) > limits.columns:
                        raise self.error(
                            f"有内容的列超过 {limits.columns} 列", "删去右边不用的列", row, 1
                        )
            elif depth >= 5 and mark == "is" and known(tag) == "t":
                parser.CharacterDataHandler = None
                if not phonetic:
                    inline.append("".join(text))
                    if len(inline) > limits.scalar:
                        raise self.too_wordy(row, column)

        parser = reading.parser
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        chunks = package.chunks(part, MOST_BYTES)
        self.dropped = False
        reading.feed(self._without_empty(chunks) if fast else chunks)
        package.elements = left
        return tuple(rows), tuple(merged)

    def _without_empty(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The bytes without cells and rows that are only formatted; nothing else is touched.

        Bytes in a comment or a CDATA section look alike but are text: from the first ``<!`` on
        everything is left as it is.
        """
        rest = b""
        for chunk in chunks:
            piece = rest + chunk
            if b"<!" in piece:
                yield piece
                rest = b""
                break
            stop = piece.rfind(b"</row>") + 6
            if stop < 6:
                stop = piece.rfind(b"<")
            if stop < 0 or len(piece) > _LONGEST:
                stop = len(piece)
            piece, rest = piece[:stop], piece[stop:]
            found, cells = _EMPTY_CELL.subn(b"", piece)
            found, empty = _EMPTY_ROW.subn(b"", found)
            if cells or empty:
                self.dropped = True
            yield found
        yield rest
        yield from chunks

    def number(self, style: str, raw: str) -> tuple[Value, Kind]:
        """A stored number under its format, kept for the next cell that stores the same."""
        found = typed(raw, self.format(style), self.since_1904)
        if len(self.seen) < 50_000:
            self.seen[style, raw] = found
        return found

    def format(self, style: str) -> str:
        """The format code of a cell's style."""
        try:
            return self.formats[int(style)]
        except (ValueError, IndexError):
            return GENERAL

    def other(
        self, kind: str, raw: str, formula: bool, given: bool, row: int, column: int
    ) -> tuple[Value, Kind]:
        """The value of a cell that stores neither a number nor a shared text."""
        if kind in ("inlineStr", "str"):
            if formula and not given:
                return None, "formula_without_value"
            return plain(raw), "text"
        if kind == "b":
            if raw in ("0", "1", "false", "true"):
                return raw in ("1", "true"), "bool"
            return (None, "formula_without_value") if formula and not raw else (raw, "error")
        if kind == "e":
            return raw, "error"
        if kind == "d":
            return iso(raw)
        raise self.broken(f"单元格类型“{kind[:20]}”", row, column)

    def range(self, reference: str) -> Range:
        """The four numbers of a merged range ``A1:C2``."""
        self.package.merges -= 1
        if self.package.merges < 0:
            raise self.error(f"合并的单元格超过 {MOST_MERGES} 处", "取消合并后再检查", None, None)
        first, _, last = reference.partition(":")
        ends = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if ends[0] is None or ends[1] is None:
            raise self.broken(f"合并区域“{reference[:20]}”")
        at = Positions()
        a, b = (int(ends[0][2]), at[ends[0][1]]), (int(ends[1][2]), at[ends[1][1]])
        if not (a[0] <= b[0] <= MOST_ROWS and a[1] <= b[1] <= MOST_COLUMNS):
            raise self.broken(f"合并区域“{reference[:20]}”")
        return (*a, *b)

    def too_long(self) -> ReadError:
        """More rows or cells than any table of ours."""
        return self.error(
            f"工作簿里的表格超过 {self.limits.rows} 行或 {self.limits.cells} 个单元格",
            "拆成几个文件",
            None,
            None,
        )

    def too_wordy(self, row: int, column: int) -> ReadError:
        """More text in one cell than anybody reads; Excel itself allows 32,767 characters."""
        message = f"一个单元格超过 {self.limits.scalar} 个字"
        return self.error(message, "缩短文字", row, column)

    def broken(self, what: str, row: int | None = None, column: int | None = None) -> ReadError:
        """What no program that keeps to the format would write."""
        return damaged(f"工作表“{self.sheet}”中，{what}不对", self.place(row, column))

    def error(self, message: str, hint: str, row: int | None, column: int | None) -> ReadError:
        """Give up on this sheet."""
        return ReadError(
            message if row else f"工作表“{self.sheet}”：{message}",
            hint=hint,
            cell=self.place(row, column),
        )

    def place(self, row: int | None, column: int | None) -> str:
        """``名册!B7``; empty where no cell is meant."""
        return f"{self.sheet}!{letters(column)}{row}" if row and column else ""


class _Implicit(Exception):
    """A row or a cell without its reference, after some have been cut out."""
