"""CSV tables as Excel, WPS and bureaus' systems export them (RFC 4180, UTF-8 or GB18030).

The first row that is not blank is the header. A row with too many or too few cells is kept as
``{}``, so that the others keep their number, and is told in ``Document.problems``.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kehou.readers.copied_text import INVISIBLE, without_marks
from kehou.readers.source import Document, Limits, Plain, Problem, Range, ReadError, Source

#: Blanks round a cell, and marks that nobody sees there: those are told where a value is read.
_BLANK = " \t\u3000\xa0"
_TRIMMED = _BLANK + "\ufeff\u200b"
_OTHER_SEPARATORS = {
    "，": "中文逗号“，”",
    ";": "分号“;”",
    "；": "中文分号“；”",
    "|": "竖线“|”",
    "、": "顿号“、”",
}
#: ``sep=;``, by which a file tells Excel its separator.
_NAMED = re.compile(r'\s*"?sep=([,;\t|，；、])"?[ ,;\t|]*(?:\n|$)', re.IGNORECASE)
_EXPORT = "在 Excel 或 WPS 中选“另存为”，类型选“CSV UTF-8（逗号分隔）(*.csv)”"
_PAIRS = "检查引号是否成对"


class Cell(NamedTuple):
    """A cell's trimmed text and its place in the file, with its quotes where it has them."""

    text: str
    start: int
    end: int


def read_csv(source: Source, limits: Limits) -> Document:
    """Read a header and its rows; raises ``ReadError`` where no row could be trusted."""
    table = Table(source, limits)
    records = table.records()
    header = next((r for r in records if any(r[1])), None)
    if header is None:
        raise ReadError("表格里没有内容", 1, 1, "第一行写表头，从第二行起每行一条")
    following = next((r for r in records if any(r[1])), None)
    names = table.header(*header, following[1] if following else [])
    rows, starts = table.rows(chain([following] if following else [], records), names)
    again = _Again(table)

    def find(path: Sequence[str]) -> tuple[Range, Range | None] | None:
        return _find(again, names, header[0], starts, path)

    return Document(source, rows, find, tuple(names), tuple(table.problems))


class Table:
    """The text with its separator; cells are split once for their text, again for places."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.text = source.text
        self.limits = limits
        self.problems: list[Problem] = []
        #: After a first line that names the separator, which is for Excel and none of the table.
        named = _NAMED.match(self.text)
        self.start = named.end() if named else 0
        self.separator = self._separator(named[1] if named else "")
        mark = re.escape(self.separator)
        self.untidy = re.compile("['" + _TRIMMED.replace(self.separator, "") + INVISIBLE + "]")
        self.cell = re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"([^{mark}\n]*)|([^{mark}\n]*)')

    def _separator(self, named: str) -> str:
        """Comma, or the tab of a spreadsheet's text export; any other is refused by name."""
        rest = self.text[self.start :]
        start = self.start + len(rest) - len(rest.lstrip("\n" + _TRIMMED))
        end = self.text.find("\n", start)
        line = re.sub(r'"[^"]*"', "", self.text[start : end if end >= 0 else None])
        if named in (",", "\t"):
            return named
        if "," in line and not named:
            return ","
        if "\t" in line and not named:
            return "\t"
        counts = {mark: line.count(mark) for mark in _OTHER_SEPARATORS}
        mark = max(counts, key=lambda m: counts[m])
        if counts[mark]:
            number, column = self.source.place(self.text.index(mark, start))
            raise ReadError(
                f"各列之间用了{_OTHER_SEPARATORS[mark]}，应当用英文逗号“,”",
                number,
                column,
                f"全部换成英文逗号；或{_EXPORT}",
            )
        return ","

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record's offset and its trimmed cells; blank ones too."""
        text, separator, limits = self.text, self.separator, self.limits
        at, count, budget, length = self.start, 0, limits.cells, len(text)
        while at < length:
            count += 1
            stop = text.find("\n", at)
            stop = length if stop < 0 else stop
            if text.find('"', at, stop) >= 0:
                cells, following = self.quoted(at)
            else:
                following = stop + 1
                if text.count(separator, at, stop) >= limits.columns:
                    raise self.too_wide(at)
                cells = text[at:stop].split(separator)
                if self.untidy.search(text, at, stop):
                    cells = [_trim(cell) for cell in cells]
            budget -= len(cells)
            if count > limits.rows or budget < 0:
                raise self.error(
                    at,
                    f"表格超过 {limits.rows} 行（含空行）或 {limits.cells} 个单元格",
                    "删去表格下方的空行；或拆成几个文件",
                )
            if stop - at > limits.scalar and max(map(len, cells)) > limits.scalar:
                raise self.error(at, f"一个单元格超过 {limits.scalar} 个字", "检查引号是否成对")
            yield at, cells
            at = following

    def quoted(self, at: int) -> tuple[list[str], int]:
        """A record with quotes in it: its cells and the offset of the next record.

        The csv module is many times faster on a record of one line; what it refuses is left to
        ``cells``, which knows what to say.
        """
        stop = self.text.find("\n", at)
        line = self.text[at : stop if stop >= 0 else None]
        try:
            lines = [line] if len(line) <= self.limits.scalar else []
            record = next(csv.reader(lines, delimiter=self.separator, strict=True), [])
        except csv.Error:
            record = []
        if 0 < len(record) <= self.limits.columns:
            if self.untidy.search(line):
                record = [_trim(cell) for cell in record]
            return record, at + len(line) + 1
        cells, following = self.cells(at)
        return [cell.text for cell in cells], following

    def cells(self, at: int) -> tuple[list[Cell], int]:
        """The cells of the record at ``at`` with their places, and the next record's offset."""
        text, found = self.text, list[Cell]()
        while True:
            match = self.cell.match(text, at)
            assert match is not None
            quoted, rest, bare = match.groups()
            if quoted is None and text.startswith('"', at):
                raise self.error(at, "从这里开始的引号没有成对", "补上英文双引号；文字里的写两个")
            if quoted is not None and rest.strip(_TRIMMED):
                raise self.error(
                    match.end(1) + 1,
                    "引号结束之后还有文字",
                    '文字里的双引号写两个（""），或改用中文引号',
                )
            start, end = match.span()
            value = _trim(bare if quoted is None else quoted.replace('""', '"'))
            if quoted is None:
                start += bare.find(value)
                end = start + len(value)
            found.append(Cell(value, start, end))
            if len(found) > self.limits.columns:
                raise self.too_wide(at)
            if len(value) > self.limits.scalar:
                raise self.error(at, f"一个单元格超过 {self.limits.scalar} 个字", _PAIRS)
            at = match.end()
            if not text.startswith(self.separator, at):
                return found, at + 1
            at += 1

    def header(self, at: int, cells: list[str], following: list[str]) -> list[str]:
        """The column names, without the blank ones at the right; all faults at once."""
        cells = [without_marks(cell).replace("\n", "").strip() for cell in cells]
        width = max(i for i, cell in enumerate(cells) if cell) + 1
        places = self.cells(at)[0]
        faults = []
        for i, name in enumerate(cells[:width]):
            if not name:
                faults.append((i, f"第 {i + 1} 列没有列名", "补上列名；空列就删去"))
            elif name in cells[:i]:
                first = cells.index(name) + 1
                faults.append((i, f"第 {i + 1} 列与第 {first} 列的列名相同", "只留一列，或改名"))
        if sum(map(bool, cells)) == 1 < sum(map(bool, following)):
            faults = [(width - 1, "第一行像是标题，不是表头", "删去标题行，第一行就写各列的列名")]
        if faults:
            raise self.source.error(
                [self.source.problem(places[i].start, places[i].end, m, h) for i, m, h in faults]
            )
        return cells[:width]

    def rows(
        self, records: Iterable[tuple[int, list[str]]], names: list[str]
    ) -> tuple[list[dict[str, Plain | None]], array[int]]:
        """Rows by column name and the offset of each; blank records are passed over."""
        rows: list[dict[str, Plain | None]] = []
        starts = array("I")
        width, leaf = len(names), _Leaves({"": None}).__getitem__
        for at, cells in records:
            if not any(cells):
                continue
            row: dict[str, Plain | None] = {}
            if len(cells) != width and (len(cells) < width or any(cells[width:])):
                self.ragged(len(rows), at, cells, width)
            else:
                row = dict(zip(names, map(leaf, cells), strict=False))
            rows.append(row)
            starts.append(at)
        return rows, starts

    def ragged(self, index: int, at: int, cells: list[str], width: int) -> None:
        """A row whose cells cannot be matched with the columns."""
        if len(self.problems) >= self.limits.problems:
            raise self.source.error(self.problems)
        places = self.cells(at)[0]
        more = len(cells) > width
        message = f"这一行有 {len(cells)} 个单元格，表头有 {width} 列，对不上，整行未读"
        hint = "核对是否少了英文逗号；没有内容的单元格也要留逗号"
        if more:
            hint = "核对是否多了英文逗号；文字或金额里有英文逗号时，给这个单元格加上英文双引号"
        elif "，" in "".join(cells):
            hint = "这一行有中文逗号“，”，改成英文逗号“,”"
        start = places[width].start if more else at
        self.problems.append(self.source.problem(start, places[-1].end, message, hint, f"/{index}"))

    def too_wide(self, at: int) -> ReadError:
        """A record with more columns than any table of ours."""
        return self.error(at, f"这一行超过 {self.limits.columns} 列", "删去右边的空列")

    def error(self, at: int, message: str, hint: str) -> ReadError:
        """Give up here, telling the rows found ragged before as well."""
        return self.source.error([*self.problems, self.source.problem(at, at + 1, message, hint)])


class _Leaves(dict[str, Plain | None]):
    """Cells by their text, each text kept once: tables say the same things over and over."""

    def __missing__(self, cell: str) -> Plain:
        leaf = Plain(cell)
        self[leaf] = leaf
        return leaf


def _trim(cell: str) -> str:
    """A cell without surrounding blanks and without Excel's leading text mark (``'007``).

    One that holds nothing but invisible marks is blank.
    """
    cell = cell.strip(_BLANK)
    if not without_marks(cell):
        return ""
    return cell[1:].strip(_BLANK) if cell.startswith("'") else cell


class _Again:
    """Records split again for the places of their cells, the last ones kept: a row is asked for
    several of its cells, and the heading for each.
    """

    def __init__(self, table: Table) -> None:
        self.text = table.text
        self.cells: Callable[[int], list[Cell]] = lru_cache(64)(lambda at: table.cells(at)[0])


def _find(
    table: _Again, names: list[str], header: int, starts: array[int], path: Sequence[str]
) -> tuple[Range, Range | None] | None:
    """Where a row (``/3``) or a cell (``/3/金额``) stands; its key is the column heading."""
    if not path:
        return (0, len(table.text)), None
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", path[0]) or int(path[0]) >= len(starts):
        return None
    cells = table.cells(starts[int(path[0])])
    if len(path) == 1:
        return (cells[0].start, cells[-1].end), None
    if len(path) > 2 or path[1] not in names:
        return None
    column = names.index(path[1])
    if column >= len(cells):
        return None
    heading = table.cells(header)[column]
    return (cells[column].start, cells[column].end), (heading.start, heading.end)
