"""Rows of a table that are no records: totals, balances carried, remarks, repeated headings.

A total is compared with the rows it may stand for: all above it, or those since the last total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, NamedTuple

from kehou.fields import BadScalar, Field, yuan
from kehou.fields.scalars import read
from kehou.readers.grids import Asides
from kehou.tables.columns import Column
from kehou.tables.declared_columns import Split, key

#: A total that sums everything, a part, or perhaps what is not in the table.
ALL: Final = "all"
PART: Final = "part"
RUNNING: Final = "running"
CARRIED: Final = "carried"
_FIRST_CELLS: Final = 6
#: So many totals before one are tried as where its sum begins.
_MOST_BOUNDS: Final = 100


class Words(NamedTuple):
    """The declared words of rows that are no records."""

    totals: Mapping[str, str]
    asides: Asides


class Total(NamedTuple):
    """A row of totals: ``before`` counts the records above it, ``cells`` are texts by column."""

    at: int
    kind: str
    label: str
    before: int
    cells: Mapping[int, str]


class Wrong(NamedTuple):
    """A total that is none of the sums it may be: the records it was compared with, the sum."""

    total: Total
    column: Column
    start: int
    stop: int
    written: str
    summed: str


@dataclass(frozen=True)
class Kept:
    """The records' texts of one column (None for a blank one), and the side of each record."""

    column: Column
    texts: list[str | None] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)


def words(declared: Mapping[str, Any]) -> Words:
    """The words that a schema's ``<schema>.columns.json`` declares; none where it has none."""
    told = declared.get("totals", {})
    totals = {key(word): kind for kind, all_ in told.items() for word in all_}
    return Words(totals, Asides(declared.get("remarks", ())))


def kind_of(known: Words, cells: Sequence[str]) -> tuple[str, int]:
    """(kind of total, index of its label) of a row; ("", 0) where it is none."""
    seen = 0
    for index, cell in enumerate(cells):
        if not cell:
            continue
        if len(cell) <= 20 and (found := known.totals.get(key(cell).strip(":："))):
            return found, index
        seen += 1
        if seen >= _FIRST_CELLS:
            break
    return "", 0


def compare(
    totals: Sequence[Total], kept: Sequence[Kept], count: int, split: Split | None = None
) -> tuple[list[Wrong], dict[int, bool]]:
    """The totals that disagree with their records; ``count`` is how many records there are.

    A total may sum all records above it, or those since any total before it (a class's, a
    grade's). Where a number among them cannot be read, nobody can tell: of the rows whose totals
    were looked at, by their place, it is told whether all of them could be compared.
    """
    wrong: list[Wrong] = []
    seen: dict[int, bool] = {}
    for each in kept:
        sums = _Sums(each, split)
        bounds = [0]
        for total in totals:
            if total.kind not in (ALL, PART):
                continue
            start = bounds[-1] if total.kind == PART and bounds[-1] < total.before else 0
            stop = total.before or count
            text = total.cells.get(each.column.index, "")
            written = _value(each.column.child, text) if text else None
            if text and stop:
                sure = written is not None and sums.known(start, stop)
                seen[total.at] = seen.get(total.at, True) and sure
            if written is not None and stop and not sums.agrees(written, bounds, stop):
                child = each.column.child
                summed = _shown(child, sums.between(start, stop))
                shown = _shown(child, written)
                wrong.append(Wrong(total, each.column, start, stop, shown, summed))
            if total.before > bounds[-1]:
                bounds.append(total.before)
                del bounds[1:-_MOST_BOUNDS]
    return wrong, seen


class _Sums:
    """Sums of any run of records, plain and with those of the negative side taken off."""

    def __init__(self, kept: Kept, split: Split | None) -> None:
        values = [_value(kept.column.child, text) for text in kept.texts]
        signs = [-1 if split and side == split.negative else 1 for side in kept.sides]
        self.open = [0, *accumulate(int(value is None) for value in values)]
        self.plain = [0, *accumulate(value or 0 for value in values)]
        self.net = [0, *accumulate(s * (v or 0) for s, v in zip(signs, values, strict=True))]

    def between(self, start: int, stop: int) -> int:
        """The plain sum."""
        return self.plain[stop] - self.plain[start]

    def known(self, start: int, stop: int) -> bool:
        """Whether every number of a run could be read."""
        return self.open[stop] == self.open[start]

    def agrees(self, written: int, bounds: Sequence[int], stop: int) -> bool:
        """Whether a total is a sum from any bound, or nobody can tell."""
        return any(
            self.open[stop] > self.open[start]
            or written in (self.between(start, stop), self.net[stop] - self.net[start])
            for start in bounds
            if start < stop
        )


def _value(child: Field, text: str | None) -> int | None:
    """A number as its field reads it; a blank one counts as nothing, None cannot be read."""
    if not text:
        return 0
    try:
        value = read(child, text)[0]
    except BadScalar:
        return None
    return value if isinstance(value, int) else None


def _shown(child: Field, value: int) -> str:
    return yuan(value) if child.kind == "money" else str(value)
