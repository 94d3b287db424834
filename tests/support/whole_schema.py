"""Random submissions that use every field of the schema, as trees of text from a reader."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from kehou.fields import Field, Schema

#: Rows in a list at most; enough for groups, pairs and overlaps.
MOST_ROWS = 3
_TEXTS = ("甲", "乙", "语文", "A01", "S1", "和平小学（示例）", "91150802MA0EXAMP1E")
_DATES = ("2021-08-20", "2021-08-31", "2021-09-01", "2021-09-06", "2021-10-20", "2022-01-14")


def submission(schema: Schema, rng: random.Random, missing: float) -> dict[str, Any]:
    """A tree of text; a field is left out with probability ``missing``, or 无 where it may be."""
    return _record(schema.root, rng, missing)


def _record(field: Field, rng: random.Random, missing: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, child in field.fields.items():
        if child.reader and name != "source":
            continue
        if rng.random() < missing:
            continue
        if child.absent and missing and rng.random() < 0.15:
            found[name] = "无"
            continue
        found[name] = _value(child, rng, missing)
    return found


def _value(field: Field, rng: random.Random, missing: float) -> Any:
    if field.kind == "record":
        return _record(field, rng, missing)
    if field.kind == "rows":
        return [_record(field, rng, missing) for _ in range(rng.randint(1, MOST_ROWS))]
    if field.kind == "list":
        assert field.item is not None
        return [_scalar(field.item, rng) for _ in range(rng.randint(1, 3))]
    return _scalar(field, rng)


def _scalar(field: Field, rng: random.Random) -> str:
    if field.labels:
        return str(rng.choice(list(field.labels)))
    if field.form == "year_pair":
        return "2021-2022"
    if field.kind == "boolean":
        return rng.choice(["true", "false"])
    if field.kind == "integer":
        low = int(field.minimum or 0)
        high = int(field.maximum) if field.maximum is not None else low + 60
        return str(rng.randint(low, min(high, low + 60)))
    if field.kind == "time":
        return f"{rng.randint(15, 20)}:{rng.choice(['00', '29', '30', '31', '59'])}"
    if field.kind == "date":
        return rng.choice(_DATES)
    if field.kind == "month":
        return rng.choice(["2021-09", "2021-10"])
    if field.kind == "money":
        return rng.choice(["0", "1.50", "100", "300", "300.01", "8000"])
    if field.kind == "decimal":
        return rng.choice(["0", "0.5", "0.79", "0.8", "1"])
    return rng.choice(_TEXTS)


def leaves(tree: Any, path: str = "") -> Iterator[str]:
    """Dotted names of every scalar field of a tree, without row numbers."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value, path)
    else:
        yield path
