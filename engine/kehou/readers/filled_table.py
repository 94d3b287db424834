"""A workbook of one table that people filled in, as rows by their headings, with places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from kehou.readers.source import Document, ReadError, Source
from kehou.readers.xlsx import Cell, open_workbook

#: Rows at the top of a sheet in which the headings are looked for.
_HEAD = 40


def read_filled(
    data: bytes, name: str, headings: Mapping[str, str], needed: Sequence[str]
) -> Document:
    """The rows under the first headings that hold all that is ``needed``, by ``headings``' keys.

    ``headings`` maps what stands in the file to keys. Dates are ISO text; blank rows are left
    out. Raises ``ReadError`` where no sheet has the headings.
    """
    book = open_workbook(data, name)
    for sheet in book.sheets:
        columns: dict[int, str] = {}
        rows: list[dict[str, str]] = []
        places: list[dict[str, str]] = []
        for number, cells in sheet.rows:
            if not columns:
                found = {c.column: headings[text(c)] for c in cells if text(c) in headings}
                if set(needed) <= set(found.values()):
                    columns = found
                elif number > _HEAD:
                    break
                continue
            row = {columns[c.column]: text(c) for c in cells if c.column in columns and text(c)}
            if row:
                rows.append(row)
                at = {key: f"{sheet.name}!{sheet.place(number, n)}" for n, key in columns.items()}
                places.append({**at, "": f"{sheet.name}!{number}"})
        if columns:
            return Document(
                Source(name, data, "", "xlsx"),
                rows,
                lambda _: None,
                cell_of=partial(_cell, places),
            )
    told = "、".join(word for word, key in headings.items() if key in needed)
    raise ReadError(f"找不到表头（{told}）", hint="请在生成的表上填写，不要改表头")


def _cell(places: Sequence[Mapping[str, str]], path: Sequence[str], at_key: bool = False) -> str:
    """The cell of ``…/3/key``, or the row of ``…/3``."""
    numbers = [at for at, step in enumerate(path) if step.isdecimal()]
    if not numbers or int(path[numbers[0]]) >= len(places):
        return ""
    row = places[int(path[numbers[0]])]
    after = path[numbers[0] + 1 : numbers[0] + 2]
    return row.get(after[0] if after else "", row[""])


def text(cell: Cell | None) -> str:
    """What a cell says, dates as ISO, percents with their mark, without the blanks around it."""
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, (date, datetime)):
        return cell.value.isoformat()[:10]
    if "%" in cell.number_format and isinstance(cell.value, (int, float, Decimal)):
        shown = Decimal(str(cell.value)) * 100
        return f"{shown.normalize():f}%"  # as it stands there: 0.92 in a cell of percents is 92 %
    return str(cell.value).strip()


__all__ = ["read_filled", "text"]
