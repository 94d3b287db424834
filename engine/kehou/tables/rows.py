"""The rows of a table as a document, by the headings that `columns` finds among its first rows.

A row of the document has the text of each column under its key: the heading as written where the
schema knows it, else the field's title. An amount from one of two columns, or with a sign, brings
the side with it; a grade may come from the class. Rows that are no records are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from kehou.fields import Field
from kehou.readers import Document, Plain
from kehou.readers.copied_text import INVISIBLE
from kehou.readers.grids import Content, Grid, Hidden
from kehou.tables.cell_texts import Tidy, text_of
from kehou.tables.columns import (
    HEAD,
    Column,
    Layout,
    arrange,
    begins_with_a_record,
    vocabulary,
)
from kehou.tables.declared_columns import SIGNED
from kehou.tables.notes import Told
from kehou.tables.passed_over import PassedOver
from kehou.tables.places import Finder
from kehou.tables.totals import Kept, Total, compare, words


class Table:
    """One table with its layout; ``layout`` is None where no row has known headings."""

    def __init__(self, grid: Grid, part: Field, target: Field, declared: Mapping[str, Any]) -> None:
        item = target.item
        assert item is not None
        self.grid = grid
        self.item = item
        self.words = vocabulary(part, item, declared)
        self.known = words(declared)
        self.head = list(islice(grid.lines(fill=False), HEAD))
        self.texts = [[text_of(cell) for cell in cells] for _, cells in self.head]
        self.layout = arrange(self.words, self.texts, [grid.covered(at) for at, _ in self.head])
        self.told = Told(grid, self.words.split)
        self.sides: list[int] = []

    @property
    def headless(self) -> bool:
        """Whether the first row is a record already, and no row below it names the columns."""
        return begins_with_a_record(self.words, self.layout, self.texts)

    @property
    def ordinary(self) -> bool:
        """Whether the first row names every column as the schema does, or as nobody does."""
        found = self.layout
        return (
            found is not None
            and found.first == found.last == 0
            and len(found.exact) == len(found.columns)
            and len(found.unknown) == len(found.left)
            and not (found.twice or found.unclear or found.scaled)
            and all(found.headings)
            and not self._one_sided
        )

    @property
    def interrupted(self) -> bool:
        """Whether a table in a text file may hold rows that are no records."""
        text = self.grid.source.text
        heads = [re.escape(text) for text in self.layout.headings if text] if self.layout else []
        again = re.compile(rf"^[\s\"=,{INVISIBLE}]*(?:{'|'.join(heads)})", re.MULTILINE)
        below = text.find("\n", text.find(self.texts[0][0]) + 1) + 1 if self.texts else 0
        return self.known.asides.may_be_in(text) or again.search(text, below) is not None

    @property
    def _one_sided(self) -> bool:
        """Whether the table should say which side an amount is on, and has no column for that."""
        split = self.words.split
        named = {column.child.name for column in self.layout.columns} if self.layout else set()
        return split is not None and split.amount.name in named and split.side.name not in named

    def document(self) -> Document:
        """The table as rows by column, with what was told on the way."""
        layout, told = self.layout, self.told
        assert layout is not None
        names = _names(layout)
        told.headings(layout, [at for at, _ in self.head[: layout.first]], self.heading)
        giving, derived = self._giving_column(layout), self.words.derived
        if giving is not None and derived is not None:
            at, title = self.heading(giving.index), derived.field.title
            said = f"没有“{title}”列", f"{title}由{derived.source.title}得出"
            told.note(f"/0/{derived.field.name}", at, giving.index, *said)
        self._tell_nameless(layout)
        hidden = self._tell_hidden(layout)
        rows, ats, totals, kept = self._rows(layout, names, giving)
        told.doubts(layout, self.head[0][0], len(rows), self.heading)
        for column in hidden:
            told.drop(column.child, len(rows))
        for name in self._doubtful(layout):
            told.drop(self.item.fields[name], len(rows))
        self._tell_signs(layout, names, rows)
        wrong, compared = compare(totals, kept, len(rows), self.words.split)
        told.wrong_totals(wrong, ats, self._stands)
        for total in totals:
            told.total(total, compared.get(total.at))
        told.finish()
        self._take_out(rows, names)
        columns = {name: index for index, name in names.items()}
        paired = {names[c.index] for c in layout.columns if c.role}
        split = self.words.split
        if paired and split is not None and split.side.title not in columns:
            paired.add(split.side.title)
        if giving is not None and derived is not None:
            columns[derived.field.title] = giving.index
        find = Finder(self.grid, ats, columns, frozenset(paired), self.sides, self.heading)
        return Document(
            self.grid.source,
            rows,
            find.range,
            tuple(dict.fromkeys(names.values())),
            tuple(told.problems),
            tuple(told.notes),
            tuple(told.dropped),
            find.cells if self.grid.sheet else None,
            {names[c.index]: c.heading for c in layout.columns},
        )

    def _tell_nameless(self, layout: Layout) -> None:
        """Columns with content below a blank heading, and what stands right of the table."""
        filled = {i for cells in self.texts[layout.last + 1 :] for i, c in enumerate(cells) if c}
        width = len(layout.headings)
        at = self.head[layout.last][0]
        for index in sorted(filled):
            if index >= width:
                self.told.note("", at, index, "表格右边的内容", "未读（没有列名）")
                break
            if not layout.headings[index]:
                self.told.note("", at, index, "没有列名的一列", "未读（没有列名）")

    def _tell_hidden(self, layout: Layout) -> list[Column]:
        """Headings that a merged cell covers, which nobody has seen: their columns."""
        found: list[Column] = []
        for at, cells in islice(self.grid.lines(), layout.first, layout.last + 1):
            for column in layout.columns:
                if type(_at(cells, column.index)) is Hidden:
                    found.append(column)
                    self.told.problem(
                        f"/0/{column.child.name}",
                        at,
                        column.index,
                        f"列名“{column.heading}”被 {_at(cells, column.index)} 的合并单元格盖住，"
                        "看不见",
                        "请取消合并，核对这一列的列名",
                    )
        return found

    def _tell_signs(
        self, layout: Layout, names: dict[int, str], rows: Sequence[dict[str, Any]]
    ) -> None:
        """An amount above and below zero, and no column of sides: nobody can tell what - means."""
        split = self.words.split
        fields = {c.child.name: c for c in layout.columns if not c.role}
        if split is None or split.amount.name not in fields or split.side.name in fields:
            return
        if any(c.role for c in layout.columns):
            return
        amount = fields[split.amount.name]
        more, less = split.label(split.positive), split.label(split.negative)
        below = [str(row.get(names[amount.index]) or "").startswith("-") for row in rows]
        if all(below) or not any(below):
            return
        self.told.problem(
            f"/0/{amount.child.name}",
            self.heading(amount.index),
            amount.index,
            f"“{amount.heading}”有正有负，又没有“{split.side.title}”列，看不出负数是{less}还是退款",
            f"{more}为正、{less}为负的，请把列名改成“{split.signed}”；"
            f"不是的，请加一列“{split.side.title}”",
        )
        self.told.drop(amount.child, len(rows))

    def _doubtful(self, layout: Layout) -> list[str]:
        """Fields that nobody can tell because of columns of two meanings, or two for one."""
        found = {name for *_, names in layout.unclear for name in names}
        if any(column.role for _, columns in layout.twice for column in columns):
            split = self.words.split
            found |= {split.amount.name, split.side.name} if split is not None else set()
        return sorted(found & set(self.item.fields))

    def heading(self, column: int) -> int:
        """The row of a column's heading; of one merged over both rows the first."""
        assert self.layout is not None
        below = self.texts[self.layout.last]
        own = column < len(below) and bool(below[column])
        return self.head[self.layout.last if own else self.layout.first][0]

    # --- rows -----------------------------------------------------------------------------

    def _rows(
        self, layout: Layout, names: dict[int, str], giving: Column | None
    ) -> tuple[list[dict[str, Any]], list[int], list[Total], list[Kept]]:
        grid = self.grid
        tidy = Tidy(grid.since_1904, self.words.sums)
        width = len(layout.headings)
        plain = [(c, names[c.index]) for c in layout.columns if not c.role]
        pair = [c for c in layout.columns if c.role]
        others = [(i, names[i]) for i, _ in layout.unknown if i in names]
        kept = [Kept(c) for c in layout.columns if c.child.name in self.words.sums]
        none = PassedOver(grid, layout, self.known, self.texts, self.told)
        split, derived = self.words.split, self.words.derived
        side = split.side if split is not None else None
        sided = [name for column, name in plain if side and column.child.name == side.name]
        direction = sided[0] if sided else side.title if side else ""
        leaves: dict[str, Plain] = {}  # each text kept once: tables say the same over and over
        rows: list[dict[str, Any]] = []
        ats: list[int] = []
        totals: list[Total] = []
        for at, cells in islice(grid.lines(), layout.last + 1, None):
            texts = [c if isinstance(c, str) else text_of(c) for c in cells]
            if none.is_total(at, texts):
                columns = [each.column for each in kept]
                sums = {c.index: tidy.text(_at(cells, c.index), c.child) or "" for c in columns}
                totals.append(Total(at, *none.kind, len(rows), sums))
                continue
            if none.is_aside(at, texts):
                continue
            index, row = len(rows), dict[str, Any]()
            rows.append(row)
            ats.append(at)
            self.sides.append(-1)
            if not none.is_doubtful(index, at, texts) and not grid.ragged(index, at, cells, width):
                for column, name in plain:
                    content = cells[column.index] if column.index < len(cells) else ""
                    text = tidy.read(content, column, index, at) if content != "" else None
                    row[name] = None if text is None else leaves.setdefault(text, Plain(text))
                for i, name in others:
                    text = texts[i] if i < len(texts) else ""
                    row[name] = leaves.setdefault(text, Plain(text)) if text else None
                if pair:
                    self._pair(row, pair, cells, tidy, at, bool(sided))
                if giving is not None and derived and (text := row.get(names[giving.index])):
                    found = derived.value(text)
                    if found is not None:
                        row[derived.field.title] = Plain(str(found))
            for each in kept:
                each.texts.append(tidy.text(_at(cells, each.column.index), each.column.child))
                each.sides.append(split.side_of(row.get(direction)) if split is not None else "")
        self._tell(tidy)
        return rows, ats, totals, kept

    def _tell(self, tidy: Tidy) -> None:
        """What reading the cells told: ragged rows, cells that say nothing, texts rewritten."""
        self.told.problems += self.grid.problems
        for pointer, (at, index), message, hint in tidy.told():
            self.told.problem(pointer, at, index, message, hint)
        self.told.dropped += tidy.dropped
        for column, at, written, text, times in tidy.changed.values():
            shown = written if times == 1 else f"{written}等 {times} 处"
            self.told.note(f"/0/{column.child.name}", at, column.index, shown, text)

    def _title(self, name: str) -> str:
        child = self.item.fields.get(name)
        return child.title if child is not None else ""

    def _pair(
        self,
        row: dict[str, Any],
        pair: Sequence[Column],
        cells: Sequence[Content],
        tidy: Tidy,
        at: int,
        sided: bool,
    ) -> None:
        """Put the amount of two columns, or of one with a sign, where it belongs."""
        split = self.words.split
        assert split is not None  # only a split amount has columns in pairs
        index = len(self.sides) - 1
        given = []
        for column in pair:
            content = _at(cells, column.index)
            text = tidy.read(content, column, index, at) if content != "" else None
            if text:
                given.append((column, text))
        full = [(c, t) for c, t in given if not _is_zero(t)]
        self.sides[-1] = (full or given or [(pair[0], "")])[0][0].index
        amount, direction = split.amount.title, split.side.title
        if len(full) > 1:
            first, second = full[0][0], full[1][0]
            pointer = f"/{index}/{split.amount.name}"
            self.told.dropped += [pointer, f"/{index}/{split.side.name}"]
            self.told.problem(
                pointer,
                at,
                first.index,
                f"{self.grid.row(at)}同时填了“{first.heading}”和“{second.heading}”",
                "一行只记一笔：是两笔就分成两行，是一笔就只填一栏",
                "both",
            )
        elif not given:
            row[amount] = None
        else:
            column, text = (full or given)[0]
            signed = column.role == SIGNED and not sided
            row[amount] = Plain(text.removeprefix("-") if signed else text)
            if signed and full:
                minus = text.startswith("-")
                row[direction] = Plain(split.label(split.negative if minus else split.positive))
            elif column.role != SIGNED and (full or len(given) == 1):
                row[direction] = Plain(split.label(column.role))

    def _giving_column(self, layout: Layout) -> Column | None:
        """The column that gives a field for which a table has no column of its own."""
        derived = self.words.derived
        if derived is None:
            return None
        found = {c.child.name: c for c in layout.columns}
        doubtful = any(child.name == derived.field.name for child, _ in layout.twice)
        if derived.field.name in found or doubtful:
            return None
        return found.get(derived.source.name)

    def _stands(self, index: int, column: Column) -> bool:
        """Whether a row's amount stands in this column of the two."""
        return not column.role or self.sides[index] == column.index

    def _take_out(self, rows: list[dict[str, Any]], names: dict[int, str]) -> None:
        """Leave out of the rows what cannot be believed."""
        keys: dict[str, set[str]] = {}
        for key in names.values():
            child = self.item.child(key)
            if child is not None:
                keys.setdefault(child.name, {child.title}).add(key)
        for pointer in self.told.dropped:
            _, index, name = pointer.split("/")
            for key in keys.get(name, {self._title(name)}):
                rows[int(index)].pop(key, None)


def _names(layout: Layout) -> dict[int, str]:
    """The key of each column that is read: its heading where the schema knows it."""
    names = {
        c.index: c.heading if c.index in layout.exact else c.child.title for c in layout.columns
    }
    taken = set(names.values())
    for index, heading in layout.unknown:
        if heading not in taken:
            names[index] = heading
            taken.add(heading)
    return dict(sorted(names.items()))


def _at(cells: Sequence[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else ""


def _is_zero(text: str) -> bool:
    return not text.strip("0.元¥-+ ")
