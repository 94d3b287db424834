"""What a cell says, as the text that its column's field reads (scalars.py), or why it says nothing.

Only what has one meaning is rewritten: thousands separators, the time of a day where a date is
wanted, √ and ×, a dash for a blank, a serial number in a workbook's column of dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, NamedTuple

from kehou.fields import Field, fold
from kehou.readers.copied_text import as_meant
from kehou.readers.grids import Content, Filled, Hidden, plain_text
from kehou.readers.xlsx import Cell, day_of, minute_of
from kehou.tables.columns import Column

_THOUSANDS = re.compile(r"¥?-?¥?\d{1,3}(?:,\d{3})+(?:\.\d+)?元?")
_STAMP = re.compile(
    r"(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?)"
    r"[\sT]*(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\.\d+)?"
)
_BLANKS: Final = frozenset(["-", "--", "—", "——", "–", "/", "\\"])
_YES: Final = frozenset("√✓✔")
_NO: Final = frozenset("×✗✘")
_NUMERIC: Final = frozenset(["money", "integer", "decimal"])
_DASHED: Final = _NUMERIC | {"date", "month", "time"}
_ZEROS = re.compile(r"0{2,20}")
#: Excel keeps fifteen digits of a number and stores zeros for the rest.
_EXCEL_DIGITS: Final = 10**15


class Trouble(NamedTuple):
    """Why a cell gives nothing: words and the way out."""

    said: str
    hint: str


def text_of(content: Content) -> str:
    """A cell as text, whatever its column means."""
    return plain_text(content) if isinstance(content, Cell) else content


class Tidy:
    """Reads the cells of one table column by column, and keeps what it told and changed.

    ``dropped`` are pointers of values that a row has but that cannot be read; ``changed`` is
    (row, as written, as read, how often) by column.
    """

    def __init__(self, since_1904: bool, sums: tuple[str, ...]) -> None:
        self.since_1904 = since_1904
        self.sums = sums
        self.dropped: list[str] = []
        self.changed: dict[int, tuple[Column, int, str, str, int]] = {}
        self._told: dict[tuple[int, str], tuple[Column, Trouble, str, int, int]] = {}

    def text(self, content: Content, child: Field) -> str | None:
        """The text of a cell; None where it is blank or says nothing."""
        found = self._text(content, child)
        return None if isinstance(found, Trouble) else found

    def read(self, content: Content, column: Column, index: int, at: int) -> str | None:
        """The same, keeping what is wrong and what was changed."""
        found = self._text(content, column.child)
        if found is content:
            return found
        if isinstance(found, Trouble):
            pointer = f"/{index}/{column.child.name}"
            self.dropped.append(pointer)
            first = self._told.get((column.index, found.said[:4]))
            if first is None:
                self._told[column.index, found.said[:4]] = column, found, pointer, at, 1
            else:
                self._told[column.index, found.said[:4]] = *first[:4], first[4] + 1
            return None
        written = text_of(content)
        if found is not None and found != written and not column.child.private:
            before = self.changed.get(column.index)
            first_at, old, new, times = before[1:] if before else (at, written, found, 0)
            self.changed[column.index] = column, first_at, old, new, times + 1
        return found

    def told(self) -> Iterator[tuple[str, tuple[int, int], str, str]]:
        """One problem for all cells of a column that have the same: the first one's place."""
        for column, trouble, pointer, at, times in self._told.values():
            more = f"（这一列共 {times} 处）" if times > 1 else ""
            yield (
                pointer,
                (at, column.index),
                f"“{column.heading}”{trouble.said}{more}",
                trouble.hint,
            )

    def _text(self, content: Content, child: Field) -> str | Trouble | None:
        if not isinstance(content, str):
            return self._cell(content, child)
        if not content:
            return None
        kind = child.kind
        if type(content) is Filled and (kind == "money" or child.name in self.sums):
            return _MERGED
        if type(content) is Hidden:
            said = f"有一格被 {content} 的合并单元格盖住，里面的内容与看到的不同"
            return Trouble(said, "请取消合并后核对，各格分别填写")
        if kind == "text" or kind == "enum" or kind == "list":
            return content
        content = as_meant(content)
        if kind == "boolean":
            if content in _YES or content in _NO:
                return "是" if content in _YES else "否"
            return content
        if kind in _DASHED and content in _BLANKS:
            return None
        if kind in _NUMERIC and ("," in content or "，" in content):
            folded = fold(content)
            return folded.replace(",", "") if _THOUSANDS.fullmatch(folded) else content
        if kind == "date" and ":" in content and (match := _STAMP.fullmatch(content)):
            return match[1]
        return content

    def _cell(self, cell: Cell, child: Field) -> str | Trouble | None:
        """A workbook's cell that is no text."""
        kind, wanted, value = cell.kind, child.kind, cell.value
        if kind == "error":
            return Trouble("里是错误值，读不出来", "请改正公式，或直接填写内容")
        if kind == "formula_without_value":
            return Trouble(
                "是公式，文件里没有它的计算结果", "请在 Excel 或 WPS 中打开，保存一次再检查"
            )
        if kind == "number":
            assert isinstance(value, (int, Decimal))
            return self._number(value, cell.number_format, child)
        if isinstance(value, (date, time)):
            return _moment(value, wanted)
        return plain_text(cell) or None

    def _number(self, value: int | Decimal, code: str, child: Field) -> str | Trouble:
        wanted = child.kind
        if wanted in ("date", "month"):
            day = day_of(value, self.since_1904)
            if day is not None:
                return _moment(day, wanted)
        elif wanted == "time":
            minute = minute_of(value)
            if minute is not None:
                return f"{minute // 60:02d}:{minute % 60:02d}"
        elif wanted == "text" and isinstance(value, int):
            if abs(value) >= _EXCEL_DIGITS:
                return Trouble(
                    "是 15 位以上的数字，Excel 已把后面的改成 0",
                    "请把这一列设为“文本”格式，重新填写",
                )
            if _ZEROS.fullmatch(code):
                return str(value).zfill(len(code))
        return format(value, "f") if isinstance(value, Decimal) else str(value)


def _moment(value: date | time, wanted: str) -> str | Trouble:
    """A date or a time in a column of these; anywhere else Excel has made it of something else."""
    if wanted == "date" and isinstance(value, date):
        return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    if wanted == "month" and isinstance(value, date):
        return f"{value.year:04d}-{value.month:02d}"
    if wanted == "time" and isinstance(value, time) and not value.second:
        return f"{value.hour:02d}:{value.minute:02d}"
    if wanted == "time" and isinstance(value, time):
        return value.strftime("%H:%M:%S")
    what = "时间" if isinstance(value, (time, datetime)) else "日期"
    return Trouble(
        f"里有被 Excel 当成{what}的内容（例如“3-2”会变成3月2日）",
        "请把这一列设为“文本”格式，重新填写",
    )


_MERGED: Final = Trouble("把几行合并成一格，分不清各行是多少", "请取消合并，每行各填各的数")
