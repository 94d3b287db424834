"""Submissions as JSON that a program writes: numbers and flags as such, texts as they are meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kehou.fields import Field, Schema, write
from kehou.model.values import ABSENT
from kehou.submission import from_tree


def written(raw: Mapping[str, Any], schema: Schema) -> bytes:
    """A tree of text, as it is read, as the compact JSON of a program that knows the schema."""
    tree = from_tree(raw, schema).tree
    fields = schema.root.fields
    return dumped(
        {
            name: _value(value, fields[name])
            for name, value in tree.items()
            if not (fields[name].bureau or fields[name].reader)
        }
    )


def dumped(tree: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def _value(value: Any, field: Field) -> Any:
    if isinstance(value, dict):
        return {
            name: _value(one, field.fields[name])
            for name, one in value.items()
            if not field.fields[name].reader
        }
    if field.kind == "rows" and value is not ABSENT:
        return [_value(row, field) for row in value]
    text = write(field, value)
    if field.kind in ("money", "decimal") and value is not ABSENT:
        return int(float(text)) if float(text).is_integer() else float(text)
    return text
