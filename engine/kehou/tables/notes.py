"""What reading a table tells: headings mapped, rows skipped, columns left over, and its problems.

Nothing a cell holds is told but words for totals, headings, and numbers that were summed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from kehou.fields import Field
from kehou.readers import Problem
from kehou.readers.grids import Grid
from kehou.readers.source import Note
from kehou.tables.columns import Column, Layout
from kehou.tables.declared_columns import SIGNED, Split
from kehou.tables.totals import CARRIED, RUNNING, Total, Wrong

#: Rows of one kind that are told one by one; the others are counted.
MOST_ALIKE: Final = 20


class Told:
    """The notes and problems of one table; ``dropped`` are pointers that are not believed."""

    def __init__(self, grid: Grid, split: Split | None = None) -> None:
        self.grid = grid
        self.split = split
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.dropped: list[str] = []
        self._alike: dict[str, tuple[int, int]] = {}
        self._skipped: dict[str, tuple[int, int]] = {}

    def note(self, pointer: str, at: int, column: int | None, written: str, read: str) -> None:
        """Keep what was mapped, skipped or left over."""
        span, cell = self.grid.span(at, column), self.grid.cell(at, column)
        self.notes.append(Note(pointer, span, cell, written, read))

    def problem(
        self, pointer: str, at: int, column: int, message: str, hint: str, alike: str = ""
    ) -> None:
        """Keep a problem; of those ``alike`` the first ones, with how many more there are."""
        if alike:
            last, count = self._alike.get(alike, (len(self.problems), 0))
            last = len(self.problems) if count < MOST_ALIKE else last
            self._alike[alike] = last, count + 1
            if count >= MOST_ALIKE:
                return
        span, cell = self.grid.span(at, column), self.grid.cell(at, column)
        self.problems.append(Problem(pointer, span, message, hint, cell))

    def finish(self) -> None:
        """Say how many more the last problem and the last skipped row of a kind stand for."""
        for last, count in self._alike.values():
            if count > MOST_ALIKE:
                more = f"（同样的还有 {count - MOST_ALIKE} 行）"
                found = self.problems[last]
                self.problems[last] = found._replace(message=found.message + more)
        for last, count in self._skipped.values():
            if count > MOST_ALIKE:
                note = self.notes[last]
                more = f"等 {count - MOST_ALIKE + 1} 行"
                self.notes[last] = note._replace(written=note.written + more)

    # --- headings ---------------------------------------------------------------------------

    def headings(self, layout: Layout, above: Sequence[int], at: Callable[[int], int]) -> None:
        """Titles, headings in other words, and columns that nobody asks for."""
        for row in above:
            self.note("", row, None, f"{self.grid.row(row)}：表头上方的标题", "未读（不是记录）")
        for column in layout.columns:
            if column.index in layout.exact:
                continue
            shown = column.child.title
            if column.role and self.split is not None:
                shown += f"（{_side(self.split, column.role)}）"
            place = at(column.index), column.index
            self.note(f"/0/{column.child.name}", *place, column.heading, shown)
        unknown = {index for index, _ in layout.unknown}
        for index, heading in layout.left:
            if index not in unknown:
                self.note("", at(index), index, heading, "未读（检查用不到的列）")

    def doubts(self, layout: Layout, first: int, count: int, at: Callable[[int], int]) -> None:
        """Columns of which nobody can tell what they mean: their field is not supplied."""
        for child, columns in layout.twice:
            said = "、".join(f"“{c.heading}”" for c in columns)
            places = "、".join(
                filter(None, (self.grid.cell(at(c.index), c.index) for c in columns[1:]))
            )
            self.problem(
                f"/0/{child.name}",
                at(columns[0].index),
                columns[0].index,
                f"{said}都像是“{child.title}”" + (f"（另一列在 {places}）" if places else ""),
                "只留一列；另一列请删去，或改成别的列名",
            )
            self.drop(child, count)
        for index, heading, why, _ in layout.unclear:
            said, _, way = why.partition("；请")
            self.problem("", at(index), index, f"列名“{heading}”：{said}", f"请{way}")
        for unit, index_of in layout.scaled:
            for column in layout.columns:
                if column.child.kind == "money" and index_of in (None, column.index):
                    self.drop(column.child, count)
            place = (at(index_of), index_of) if index_of is not None else (first, 0)
            self.problem("", *place, f"金额以“{unit}”为单位", "请换算成元，并改正单位")

    def drop(self, child: Field, count: int) -> None:
        """Believe a field in no row."""
        self.dropped += [f"/{index}/{child.name}" for index in range(count)]

    # --- rows -------------------------------------------------------------------------------

    def skip(self, at: int, what: str, why: str) -> None:
        """Keep that a row was passed over."""
        last, count = self._skipped.get(why, (0, 0))
        listed = count < MOST_ALIKE
        self._skipped[why] = (len(self.notes) if listed else last), count + 1
        if listed:
            self.note("", at, None, f"{self.grid.row(at)}：{what}", f"未读（{why}）")

    def total(self, total: Total, compared: bool | None) -> None:
        """Keep that a row of totals was passed over, and whether it could be compared."""
        why = "合计行，已与各行相加核对" if compared else "合计行，有数字读不出，未能核对"
        if total.kind == CARRIED:
            why = "结转的余额，不是记录"
        elif total.kind == RUNNING:
            why = "累计可能含以前各期，未核对"
        elif compared is None:
            why = "合计行，不是记录"
        self.skip(total.at, f"“{total.label}”", why)

    def wrong_totals(
        self, wrong: Sequence[Wrong], ats: Sequence[int], stands: Callable[[int, Column], bool]
    ) -> None:
        """Totals that disagree: neither they nor the numbers they sum are believed."""
        for each in wrong:
            column = each.column
            first, last = ats[each.start], ats[each.stop - 1]
            begin = self.grid.cell(first, column.index) or self.grid.row(first)
            end = self.grid.cell(last, column.index).rpartition("!")[2] or self.grid.row(last)
            self.problem(
                "",
                each.total.at,
                column.index,
                f"“{each.total.label}”的“{column.heading}”写的是 {each.written}，"
                f"{begin} 至 {end} 共 {each.stop - each.start} 行相加是 {each.summed}",
                "核对有没有漏行、重复或写错的数；数字改对之前，这些行的这一栏按未提供处理",
                "total",
            )
            self.dropped += [
                f"/{index}/{column.child.name}"
                for index in range(each.start, each.stop)
                if stands(index, column)
            ]


def _side(split: Split, role: str) -> str:
    """What a column of amounts holds: one side, or both by their sign."""
    if role != SIGNED:
        return split.label(role)
    return f"{split.label(split.positive)}为正，{split.label(split.negative)}为负"
