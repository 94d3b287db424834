"""One worksheet's XML as rows of cells that hold something, in bounded time and memory.

Rows and cells that are only formatted are cut out of the bytes before they are parsed: a sheet
with 1,048,576 of them costs little more than unpacking it. What ``<dimension>`` says is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kehou.readers.ooxml import MOST_BYTES, Reading
from kehou.readers.xlsx.sheet_events import Implicit, Row, SheetEvents
from kehou.readers.xlsx.sheet_values import Range, SheetValues

_EMPTY_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*?(?:/>|>\s*</row>)')
#: Bytes that are kept back until the row they belong to is whole.
_LONGEST: Final = 1 << 20


class SheetRead(NamedTuple):
    """What a sheet's part gives; ``unseen`` are hidden rows, ``unseen_columns`` hidden ranges."""

    rows: tuple[Row, ...]
    merged: tuple[Range, ...]
    unseen: tuple[int, ...]
    unseen_columns: tuple[tuple[int, int], ...]


def read_sheet(values: SheetValues, part: str, budget: int) -> SheetRead:
    """The rows and the merged ranges of a sheet, and what of it is hidden; raises ``ReadError``.

    ``budget`` is how many cells the workbook may still have.
    """
    package = values.package
    before = package.bytes, package.elements
    try:
        return _read(values, part, budget, True)
    except Implicit:
        # cells without a reference follow the one before, so that none may be cut out
        package.bytes, package.elements = before
        return _read(values, part, budget, False)


def _read(values: SheetValues, part: str, budget: int, fast: bool) -> SheetRead:
    package = values.package
    reading = Reading(package, part, MOST_BYTES)
    events = SheetEvents(values, reading.parser, budget)
    chunks = package.chunks(part, MOST_BYTES)
    reading.feed(_without_empty(chunks, events) if fast else chunks)
    package.elements = events.left
    return SheetRead(
        tuple(events.rows),
        tuple(events.merged),
        tuple(events.unseen),
        tuple(events.unseen_columns),
    )


def _without_empty(chunks: Iterator[bytes], events: SheetEvents) -> Iterator[bytes]:
    """The bytes without cells and rows that are only formatted; nothing else is touched.

    Bytes in a comment or a CDATA section look alike but are text: from the first ``<!`` on
    everything is left as it is.
    """
    rest = b""
    for chunk in chunks:
        piece = rest + chunk
        if b"<!" in piece:
            yield piece
            rest = b""
            break
        stop = piece.rfind(b"</row>") + 6
        if stop < 6:
            stop = piece.rfind(b"<")
        if stop < 0 or len(piece) > _LONGEST:
            stop = len(piece)
        piece, rest = piece[:stop], piece[stop:]
        found, cells = _EMPTY_CELL.subn(b"", piece)
        found, empty = _EMPTY_ROW.subn(b"", found)
        if cells or empty:
            events.is_cut = True
        yield found
    yield rest
    yield from chunks
