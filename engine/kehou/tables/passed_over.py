"""Which rows below the headings of a table are passed over: totals, remarks, headings again.

Each is kept in what the table tells, so that nobody looks for a record that was not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kehou.readers.grids import Filled, Grid
from kehou.tables.columns import Layout
from kehou.tables.declared_columns import key
from kehou.tables.notes import Told
from kehou.tables.totals import Words, kind_of

#: Kinds whose text no row of totals has.
_OF_RECORDS: Final = frozenset(["date", "month", "enum", "boolean", "time"])


class PassedOver:
    """The rows of one table that are none; ``kind`` is what the last row of totals was.

    ``head`` are the texts of the first rows of the table, its headings among them.
    """

    def __init__(
        self, grid: Grid, layout: Layout, known: Words, head: Sequence[Sequence[str]], told: Told
    ) -> None:
        self.grid = grid
        self.layout = layout
        self.known = known
        self.told = told
        self.kind = "", ""
        self.width = len(head[layout.last])
        self._prose = {c.index for c in layout.columns if c.child.kind != "text"}
        self._heads = [_filled(cells) for cells in head[: layout.last + 1]]
        self._firsts = {cells[0][1] for cells in self._heads if cells}

    def is_total(self, at: int, texts: Sequence[str]) -> bool:
        """Whether a row with a word for a total is one: nothing else in it but numbers and notes.

        One that has the date or the words of a record as well is told, and read as a record.
        """
        kind, label = kind_of(self.known, texts)
        if not kind:
            return False
        self.kind = kind, texts[label]
        for column in self.layout.columns:
            if column.index != label and column.child.kind in _OF_RECORDS:
                if column.index >= len(texts) or not texts[column.index]:
                    continue
                self.told.problem(
                    "",
                    at,
                    label,
                    f"{self.grid.row(at)}写着“{texts[label]}”，又填了“{column.heading}”，"
                    "分不清是合计还是一条记录，按记录读",
                    "是合计就清空这一行里数字以外的内容；是记录就把项目写具体",
                    "record",
                )
                return False
        return True

    def is_aside(self, at: int, texts: Sequence[str]) -> bool:
        """Whether a row is a remark or a signature, or says again what stands above the records."""
        if self.known.asides.is_one(texts, self.width, self._is_prose):
            self.told.skip(at, "表下的说明", "说明，不是记录")
            return True
        if again := self._again(texts):
            self.told.skip(at, f"重复的{again}", f"{again}，不是记录")
            return True
        return False

    def _is_prose(self, index: int) -> bool:
        """Whether a column may hold any text, or is none of a record's."""
        return index not in self._prose

    def _again(self, texts: Sequence[str]) -> str:
        """What above the records a row repeats, cell by cell; empty where it does not."""
        first = next(filter(None, texts), "")
        if key(first) not in self._firsts:
            return ""
        own = _filled(texts)
        for index, cells in enumerate(self._heads):
            if own == cells:
                return "标题" if index < self.layout.first else "表头"
        return ""


def _filled(cells: Sequence[str]) -> list[tuple[int, str]]:
    """The cells that say something of their own, each as it is compared."""
    return [(at, key(text)) for at, text in enumerate(cells) if text and type(text) is not Filled]
