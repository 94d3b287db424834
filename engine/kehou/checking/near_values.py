"""What stands in a table where a value that was to be there does not: the nearest, and where.

A finding that says only “not there” leaves its reader to look for a slip of the pen.
"""

from __future__ import annotations

import bisect
import difflib
from typing import Any, Final

from kehou.facts import Fact, FactBase
from kehou.model.rules import Reference
from kehou.model.values import ABSENT, Unknown

#: How many existing values one finding names.
_MOST: Final = 3
#: Of a longer table those are compared that stand so near in order, read from either end.
_ALL: Final = 200
_NEIGHBOURS: Final = 20


class NearValues:
    """The values of the tables that references lead to, looked up once for all findings.

    The cost of a finding does not grow with the table: of a long one only values that begin or
    end alike are compared with what was written.
    """

    def __init__(self, base: FactBase) -> None:
        self._base = base
        self._tables: dict[Reference, _Table] = {}

    def nearest(self, fact: Fact, reference: Reference) -> list[tuple[str, str]]:
        """(value, JSON pointer) of the values there that are most like what was written here."""
        written = self._base.read(fact, reference.field)
        table = self._table(reference)
        return table.nearest(written if isinstance(written, str) else None)

    def text(self, fact: Fact, reference: Reference, language: str) -> str:
        """The nearest values in brackets; nothing where they are not to be shown or not known."""
        base, table = self._base, self._table(reference)
        private = any(
            base.pack.type_of(entity, name)[0].private for entity, name, _ in reference.targets
        )
        if private or not table.places:
            empty = not any(base.rows(entity) for entity, _, _ in reference.targets)
            said = "（写明没有）" if language == "zh" else " (stated to be empty)"
            return said if empty else ""
        apart = "、" if language == "zh" else ", "
        named = apart.join(value for value, _ in self.nearest(fact, reference))
        count = len(table.places)
        if language == "zh":
            return f"（有：{named}{f'等{count}项' if count > _MOST else ''}）"
        return f" (it has: {named}{f' and others, {count} in all' if count > _MOST else ''})"

    def _table(self, reference: Reference) -> _Table:
        if reference not in self._tables:
            self._tables[reference] = _Table(_there(self._base, reference))
        return self._tables[reference]


class _Table:
    """The values of one table with their places, in order from either end."""

    def __init__(self, places: dict[str, str]) -> None:
        self.places = places
        self._found: dict[str | None, list[tuple[str, str]]] = {}
        long = len(places) > _ALL
        self._forward = sorted(places) if long else []
        self._backward = sorted(value[::-1] for value in places) if long else []

    def nearest(self, written: str | None) -> list[tuple[str, str]]:
        """(value, place) of the values most like ``written``; the first ones where none is."""
        if written not in self._found:
            close = [] if written is None else self._close(written)
            chosen = close or list(self.places)[:_MOST]
            self._found[written] = [(value, self.places[value]) for value in chosen]
        return self._found[written]

    def _close(self, written: str) -> list[str]:
        among = list(self.places)
        if self._forward:
            behind = [value[::-1] for value in _around(self._backward, written[::-1])]
            among = list(dict.fromkeys([*_around(self._forward, written), *behind]))
        return difflib.get_close_matches(written, among, n=_MOST, cutoff=0.4)


def _around(ordered: list[str], text: str) -> list[str]:
    at = bisect.bisect_left(ordered, text)
    return ordered[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]


def _there(base: FactBase, reference: Reference) -> dict[str, str]:
    """The values that stand in the tables, each with the place of its first row."""
    found: dict[str, str] = {}
    for entity, name, _ in reference.targets:
        for row in base.rows(entity):
            value: Any = base.read(row, name)
            if value is not ABSENT and not isinstance(value, Unknown):
                found.setdefault(str(value), row.path(name))
    return found
