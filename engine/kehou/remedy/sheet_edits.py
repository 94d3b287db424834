"""Changes in the cells of a workbook: where an edit is written, and the workbook with it made."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kehou.model.values import Location
from kehou.readers import Document


@dataclass(frozen=True, slots=True)
class Written:
    """A text to write into a cell of a sheet."""

    sheet: str
    cell: str
    text: str


def in_cell(place: str, text: str) -> Written:
    """A text for a place such as ``收费!B7``."""
    sheet, _, cell = place.rpartition("!")
    return Written(sheet, cell, text)


def in_rows(
    document: Document, path: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> tuple[Written, ...] | None:
    """Rows for the first free lines of a form's table; None where the form has no room for one."""
    cells = document.cells
    found = cells.free(path) if cells is not None and cells.free is not None else None
    if found is None:
        return None
    sheet, first, columns = found
    written = []
    for at, row in enumerate(rows):
        for name, text in row.items():
            if name not in columns:
                return None
            written.append(Written(sheet, f"{columns[name]}{first + at}", text))
    return tuple(written)


def with_cells(data: bytes, written: Iterable[Written]) -> bytes:
    """A workbook with texts in cells; for a copy that is read again, not for anybody to keep."""
    from kehou.render.office.openpyxl_door import load_workbook, saved

    book = load_workbook(io.BytesIO(data))
    for one in written:
        cell = book[one.sheet][one.cell]
        cell.value = one.text
        cell.number_format = "@"
    return saved(book)


def place_of(location: Location) -> str:
    """A place as people find it: ``plan.yaml:12:3``, ``申报表.xlsx!收费!B7``."""
    if not location.line and location.cell:
        return f"{location.file}!{location.cell}"
    place = location.file
    if location.line:
        place += f":{location.line}"
        place += f":{location.column}" if location.column else ""
    return place


__all__ = ["Written", "in_cell", "in_rows", "place_of", "with_cells"]
