"""A submission in which every field of a schema has a value that can be read, to begin with."""

from __future__ import annotations

from itertools import count
from typing import Any

from kehou.fields import Field, Schema

#: A day of school in a week without holidays.
SOME_MONDAY = "2025-03-03"


def good_submission(schema: Schema, day: str = SOME_MONDAY) -> dict[str, Any]:
    """A tree as JSON holds it, one row in each list; what only the reader writes is left out.

    Every date in it is ``day``.
    """
    times = count(8 * 60, 30)
    return {
        name: _value(field, times, day)
        for name, field in schema.root.fields.items()
        if not field.reader and not field.conflict
    }


def _value(field: Field, times: count[int], day: str) -> Any:
    if field.kind in ("record", "rows"):
        row = {
            name: _value(inner, times, day)
            for name, inner in field.fields.items()
            if not inner.reader and not inner.giver and inner.default is None
        }
        return [row] if field.kind == "rows" else row
    if field.kind == "list":
        assert field.item is not None
        return [_value(field.item, times, day)]
    return _scalar(field, times, day)


def _scalar(field: Field, times: count[int], day: str) -> Any:
    examples = field.node.get("examples")
    if examples:
        return examples[0]
    if field.labels and field.kind != "boolean":
        return next(iter(field.labels))
    low = field.minimum if field.minimum is not None else 1
    if field.kind == "time":
        minutes = next(times) % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    fixed = {"date": day, "month": day[:7], "boolean": False, "decimal": str(low)}
    if field.kind in ("integer", "money"):
        return int(low)
    if field.form == "year_pair":
        return "2024-2025"
    return fixed.get(field.kind, f"{field.title}（示例）")
