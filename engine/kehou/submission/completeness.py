"""What a submission must hold at a stage and does not: the schema's ``x-required``.

Source: docs/architecture.md §3.

A missing field is a finding, never an invalid submission; a part that is stated to be none (无)
needs nothing below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kehou.fields import Field, Schema
from kehou.model.outcomes import Stage
from kehou.model.values import ABSENT

#: Pointers that are listed at most; the rest follow once these are supplied.
MOST = 60


def missing(schema: Schema, tree: Mapping[str, Any], stage: Stage) -> tuple[str, ...]:
    """JSON pointers of required fields that were not supplied, in the schema's order."""
    found: list[str] = []
    for pointer in _missing(schema.root, tree, str(stage), ""):
        found.append(pointer)
        if len(found) >= MOST:
            break
    return tuple(found)


def _missing(record: Field, tree: Mapping[str, Any], stage: str, pointer: str) -> Iterator[str]:
    for name, field in record.fields.items():
        if field.bureau or field.reader:
            continue
        value = tree.get(name)
        place = f"{pointer}/{name}"
        if value is None:
            if stage in field.required:
                yield place
        elif value is ABSENT:
            continue
        elif field.kind == "record":
            yield from _missing(field, value, stage, place)
        elif field.kind == "rows":
            for i, row in enumerate(value):
                yield from _missing(field, row, stage, f"{place}/{i}")
