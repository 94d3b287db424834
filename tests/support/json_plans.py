"""Submissions as JSON that a program writes: numbers and flags as such, texts as they stand."""

from __future__ import annotations

import json
from typing import Any

from kehou.fields import Field, Schema


def written(tree: Any, schema: Schema) -> bytes:
    """A tree of text as the compact JSON of a program that knows the schema."""
    return dumped(_value(tree, schema.root))


def dumped(tree: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def _value(value: Any, field: Field | None) -> Any:
    if isinstance(value, dict):
        return {key: _value(one, field.child(key) if field else None) for key, one in value.items()}
    if isinstance(value, list):
        row = field if field is not None and field.kind == "rows" else None
        item = field.item if field is not None else None
        return [_value(one, row or item) for one in value]
    if field is None or not isinstance(value, str):
        return value
    if field.kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if field.kind in ("integer", "money") and value.isascii() and value.isdecimal():
        return int(value)
    return str(value)
