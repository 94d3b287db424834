"""From a pointer to a cell of a form: where a value stands, or where what is missing belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kehou.forms.layouts import JOINT, FormSheet, Path
from kehou.forms.sheets import Table
from kehou.readers.xlsx import Sheet, letters

#: Row and column of a sheet's title, where a record stands that has no cell for its whole.
_TITLE = (1, 1)


@dataclass(frozen=True)
class Finder:
    """Where everything stands: sheets and tables by their keys, values and rows by their paths."""

    forms: Mapping[str, FormSheet]
    tables: Mapping[str, Table]
    spots: Mapping[Path, tuple[Sheet, int, int]]
    rows: Mapping[Path, tuple[Table, int]]

    def place(self, path: Sequence[str]) -> tuple[str, str] | None:
        """``sheet!cell`` and the label of what stands or belongs there, or of its nearest."""
        steps = tuple(path)
        if self.belongs(steps):
            return None
        for length in range(len(steps), 0, -1):
            head, rest = steps[:length], steps[length:]
            if head in self.rows:
                return self._in_row(*self.rows[head], rest)
            spot = self.spots.get(head)
            if spot is not None and spot[1:] != _TITLE:
                sheet, row, column = spot
                return f"{sheet.name}!{sheet.place(row, column)}", self._label(head)
            table = self.tables.get(".".join(head))
            if table is not None:
                return self._free(table)
            first = self._first_below(head)
            if first is not None:
                sheet, row, column = self.spots[first]
                return f"{sheet.name}!{sheet.place(row, column)}", self._label(first)
        return None

    def box(self, path: Sequence[str]) -> tuple[str, str] | None:
        """``sheet!cell`` and the label of the very box of a field that is still to be filled in.

        In a table it is that of the first free row. None where the form has no such box, or it is
        hidden.
        """
        names = tuple(path)
        spots = [
            (row, column, place)
            for place, (sheet, row, column) in self.spots.items()
            if tuple(step for step in place if not step.isdecimal()) == names
            and (row, column) != _TITLE
            and not sheet.hidden
            and row not in sheet.unseen
        ]
        if spots:
            row, column, place = min(spots)
            sheet = self.spots[place][0]
            return f"{sheet.name}!{sheet.place(row, column)}", self._label(place)
        for table in self.tables.values():
            above = table.form.path
            at = table.columns.get(names[len(above) :]) if names[: len(above)] == above else None
            if at is not None and not table.sheet.hidden:
                item = next(i for i in table.form.items if i.path == names[len(above) :])
                return f"{table.sheet.name}!{table.sheet.place(table.free, at)}", item.label
        return None

    def belongs(self, path: Sequence[str]) -> str:
        """The sheet, and its line or column, of a form that lists what this one has no cell for.

        Empty where this form has a cell for it. A form may leave out sheets, lines and columns.
        """
        steps = tuple(path)
        for length in range(len(steps), 0, -1):
            head = steps[:length]
            form = self.forms.get(".".join(step for step in head if not step.isdecimal()))
            if form is None:
                continue
            if not any(spot[:length] == head for spot in self.spots) and not self._is_table(form):
                return form.name
            return self._left_out(form, head, steps[length:])
        return ""

    def _is_table(self, form: FormSheet) -> bool:
        return form.table and form.key in self.tables

    def _left_out(self, form: FormSheet, head: Path, rest: Path) -> str:
        """The line or column of a sheet that this form lacks; empty where it has it."""
        names = tuple(step for step in rest if not step.isdecimal())
        item = max(
            (i for i in form.items if i.path and names[: len(i.path)] == i.path),
            key=lambda i: len(i.path),
            default=None,
        )
        if item is None:
            return ""
        table = self.tables.get(form.key) if form.table else None
        there = table is not None and item.path in table.columns
        if not form.table:
            there = any(
                spot[: len(head) + len(item.path)] == (*head, *item.path) for spot in self.spots
            )
        if there or (form.table and table is None):
            return ""
        return f"{form.name}{JOINT}{item.label}"

    def free_row(self, path: Sequence[str]) -> tuple[str, int, dict[str, str]] | None:
        """The sheet, first free row and columns by field of a table that stands by itself."""
        table = self.tables.get(".".join(path))
        if table is None or table.form.parent is not None:
            return None
        items = [i for i in table.form.items if len(i.path) == 1 and i.path in table.columns]
        columns = {i.path[0]: letters(table.columns[i.path]) for i in items if not i.whole}
        return table.sheet.name, table.free, columns

    def _first_below(self, head: Path) -> Path | None:
        """The first box of a record that has none of its own."""
        below = [
            path
            for path, spot in self.spots.items()
            if path[: len(head)] == head and spot[1:] != _TITLE
        ]
        return min(below, key=lambda path: self.spots[path][1], default=None)

    def _in_row(self, table: Table, number: int, rest: Path) -> tuple[str, str]:
        sheet = table.sheet
        for length in range(len(rest), 0, -1):
            inner = self.tables.get(".".join((*table.form.path, *rest[:length])))
            if inner is not None:
                return self._free(inner)
            column = table.columns.get(rest[:length])
            if column is not None:
                item = next(i for i in table.form.items if i.path == rest[:length])
                return f"{sheet.name}!{sheet.place(number, column)}", item.label
        first = min(table.columns.values())
        return f"{sheet.name}!{sheet.place(number, first)}", ""

    def _free(self, table: Table) -> tuple[str, str]:
        """The first free row of a table, where what is missing belongs."""
        columns = [table.columns[i.path] for i in table.form.items if i.path in table.columns]
        return f"{table.sheet.name}!{table.sheet.place(table.free, min(columns, default=1))}", ""

    def _label(self, path: Path) -> str:
        for length in range(len(path), 0, -1):
            form = self.forms.get(".".join(path[:length]))
            if form is not None:
                rest = path[length:]
                return next((i.label for i in form.items if i.path == rest), "")
        return ""
