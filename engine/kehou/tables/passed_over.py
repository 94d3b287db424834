"""Which rows below the headings of a table are passed over: totals, remarks, headings again.

Each is kept in what the table tells, so that nobody looks for a record that was not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kehou.fields import BadScalar, Field
from kehou.fields.scalars import read
from kehou.readers.copied_text import as_meant
from kehou.readers.grids import Filled, Grid
from kehou.tables.columns import Layout
from kehou.tables.declared_columns import key
from kehou.tables.notes import Told
from kehou.tables.totals import Words, kind_of

#: A code or a number: what a record may have alone, and no remark consists of.
_CODE: Final = re.compile(r"[ -~]*[0-9][ -~]*")
_WORD: Final = re.compile(r"\w")
#: A row of fewer cells may be anything; of so few where others have many nobody can tell.
_FEWEST_CELLS: Final = 3
_FEW: Final = 2
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
        self._turned = False
        self.width = len(head[layout.last])
        self._fields = {c.index: c.child for c in layout.columns}
        self._prose = {c.index for c in layout.columns if c.child.kind != "text"}
        self._heads = [dict(_filled(cells)) for cells in head[: layout.last + 1]]
        self._words = {word for cells in self._heads for word in cells.values()}
        body = [list(map(as_meant, cells)) for cells in head[layout.last + 1 :]]
        counts = sorted(sum(map(bool, cells)) for cells in body)
        #: How many cells of a row say something, as a rule.
        self._usual = counts[len(counts) // 2] if counts else 0
        self._codes = {at for at in range(self.width) if _are_codes(body, at)}

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
        if again := self._again(texts):
            self.told.skip(at, f"重复的{again}", f"{again}，不是记录")
            return True
        asides, filled = self.known.asides, len(texts) - texts.count("")
        if (
            asides.is_one(texts, self.width, self._is_prose)
            or asides.are_pairs(texts, 1 if filled < self._usual else 2)
            or (filled == 1 and self._is_alone(texts))
        ):
            self.told.skip(at, "表下的说明", "说明，不是记录")
            return True
        return False

    def is_doubtful(self, index: int, at: int, texts: Sequence[str]) -> bool:
        """Whether nobody can tell a row from a remark, or where its cells belong; it is told.

        ``index`` is its number among the records.
        """
        if self._turned or self._is_turned(texts):
            self._turned = True
            said = f"{self.grid.row(at)}起又是一张表，列的次序与上面不同，以下各行未读"
            self._tell(index, at, said, "请把各列排成同样的次序，或分成几个文件", "turned")
            return True
        if len(texts) - texts.count("") > _FEW or not self._is_odd(texts):
            return False
        said = f"{self.grid.row(at)}只填了一两格，分不清是记录还是说明，整行未读"
        way = "是记录就补全这一行；是说明、签名就删去，或在前面写“注：”"
        self._tell(index, at, said, way, "odd")
        return True

    def _tell(self, index: int, at: int, said: str, way: str, alike: str) -> None:
        self.told.problem(f"/{index}", at, 0, said, way, alike)

    def _is_alone(self, texts: Sequence[str]) -> bool:
        """Whether the only text of a row cannot be the value of its column."""
        filled = [(at, as_meant(text)) for at, text in enumerate(texts) if text]
        if self._usual < _FEWEST_CELLS:
            return False
        [(at, text)] = filled
        child = self._fields.get(at)
        if _CODE.fullmatch(text) or (child is not None and child.private):
            return False
        if child is None or child.kind == "text":
            return child is None or at in self._codes or not _WORD.search(text)
        return not _is_read(child, text)

    def _is_odd(self, texts: Sequence[str]) -> bool:
        """Whether a row has one or two cells where others have many, none of which names it."""
        filled = [(at, as_meant(text)) for at, text in enumerate(texts) if text]
        if not filled or self._usual < 2 * len(filled) + 1:
            return False
        at, text = filled[0]
        child = self._fields.get(at)
        if _CODE.fullmatch(text) or child is None or child.private:
            return False
        if child.kind == "text":
            return at in self._codes or len(filled) == 1
        return child.kind == "date" and len(filled) == 1

    def _is_turned(self, texts: Sequence[str]) -> bool:
        """Whether a row is headings again, which do not stand where they stood."""
        if not self._begins_like_headings(texts):
            return False
        own = [word for _, word in _filled(texts)]
        return len(own) > 1 and sum(word in self._words for word in own) * 2 > len(own)

    def _begins_like_headings(self, texts: Sequence[str]) -> bool:
        return key(as_meant(next(filter(None, texts), ""))) in self._words

    def _is_prose(self, index: int) -> bool:
        """Whether a column may hold any text, or is none of a record's."""
        return index not in self._prose

    def _again(self, texts: Sequence[str]) -> str:
        """What above the records a row repeats, cell by cell; empty where it does not.

        Some cells of headings may be lacking, and some may have another name there.
        """
        if not self._begins_like_headings(texts):
            return ""
        own = _filled(texts)
        for index, cells in enumerate(self._heads):
            same = sum(cells.get(at) == word for at, word in own)
            moved = any(cells.get(at) != word and word in self._words for at, word in own)
            if same == len(own) == len(cells) or (1 < same >= 2 * (len(own) - same) and not moved):
                return "标题" if index < self.layout.first else "表头"
        return ""


def _filled(cells: Sequence[str]) -> list[tuple[int, str]]:
    """The cells that say something of their own, each as it is compared."""
    every = ((at, key(as_meant(text))) for at, text in enumerate(cells) if type(text) is not Filled)
    return [(at, text) for at, text in every if text]


def _are_codes(body: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column holds codes as a rule; one with nothing in it holds none."""
    texts = [cells[at] for cells in body if at < len(cells) and cells[at]]
    return len(texts) > 1 and 3 * sum(bool(_CODE.fullmatch(t)) for t in texts) >= 2 * len(texts)


def _is_read(child: Field, text: str) -> bool:
    """Whether a text is a value of a field."""
    member = child.item if child.kind == "list" and child.item is not None else child
    try:
        read(member, text)
    except BadScalar:
        return False
    return True
