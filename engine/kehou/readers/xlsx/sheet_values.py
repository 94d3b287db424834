"""What the cells of one sheet store, as values, and what is wrong, said with its place."""

from __future__ import annotations

import re
from typing import Final

from kehou.readers.ooxml import MOST_MERGES, Package, damaged
from kehou.readers.source import Limits, ReadError
from kehou.readers.xlsx.cells import GENERAL, Kind, Value, iso, typed

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MOST_KEPT: Final = 50_000
Range = tuple[int, int, int, int]


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


class SheetValues:
    """The values of one sheet's cells; numbers alike under one format are typed once."""

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
        #: Numbers by style and stored text, format codes by style: kept for the next cell.
        self.seen: dict[tuple[str, str], tuple[Value, Kind]] = {}
        self.styles: dict[str, str] = {}

    def shared(self, raw: str, row: int, column: int) -> str:
        """A text of the workbook's table of texts by its number."""
        try:
            at = int(raw)
            return self.strings[at if at >= 0 else len(self.strings)]
        except (ValueError, IndexError):
            raise self.broken("文字不在文字表里", row, column) from None

    def number(self, style: str, raw: str) -> tuple[Value, Kind]:
        """A stored number under its format, kept for the next cell that stores the same."""
        found = typed(raw, self.format(style), self.since_1904)
        if len(self.seen) < _MOST_KEPT:
            self.seen[style, raw] = found
        return found

    def format(self, style: str) -> str:
        """The format code of a cell's style."""
        try:
            found = self.formats[int(style)]
        except (ValueError, IndexError):
            return GENERAL
        if len(self.styles) < _MOST_KEPT:
            self.styles[style] = found
        return found

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
