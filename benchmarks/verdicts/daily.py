"""Rows that a base repeats on every day of service, and parts it takes from another base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any


def daily_rows(written: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row a day for each of ``rows``, in order of days, each with its ``date``.

    ``written`` is text as bases.schema.json has it: from, to, off, rows. Days that are off and
    weekdays a row does not name (1 is Monday) are left out; both ends are inside.
    """
    off = set(written.get("off") or ())
    return [
        {"date": day, **each["row"]}
        for day, weekday in _days(written["from"], written["to"])
        if day not in off
        for each in written["rows"]
        if weekday in each["weekdays"] and _holds(each, day)
    ]


def parts_of(tree: Any, pointers: list[str]) -> dict[str, Any]:
    """What stands at each pointer of a tree; ValueError names one that is not there."""
    found = {}
    for pointer in pointers:
        node = tree
        for step in pointer.split("/")[1:]:
            try:
                node = node[int(step)] if isinstance(node, list) else node[step]
            except (KeyError, IndexError, ValueError, TypeError):
                raise ValueError(pointer) from None
        found[pointer] = node
    return found


def _days(first: str, last: str) -> Iterator[tuple[str, str]]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat(), str(day.isoweekday())
        day += timedelta(days=1)


def _holds(row: Mapping[str, Any], day: str) -> bool:
    return str(row.get("from", day)) <= day <= str(row.get("to", day))
