"""What stands in a table where a value that was to be there does not: the nearest, and where.

A finding that says only “not there” leaves its reader to look for a slip of the pen.
"""

from __future__ import annotations

import difflib
from typing import Any

from kehou.facts import Fact, FactBase
from kehou.model.rules import Reference
from kehou.model.values import ABSENT, Unknown

#: How many existing values one finding names.
_MOST = 3


def nearest(base: FactBase, fact: Fact, reference: Reference) -> list[tuple[str, str]]:
    """(value, JSON pointer) of the values there that are most like what was written here."""
    written = base.read(fact, reference.field)
    there = _there(base, reference)
    if not isinstance(written, str):
        return list(there.items())[:_MOST]
    close = difflib.get_close_matches(written, list(there), n=_MOST, cutoff=0.4)
    return [(value, there[value]) for value in close or list(there)[:_MOST]]


def near_text(base: FactBase, fact: Fact, reference: Reference, language: str) -> str:
    """The nearest values in brackets; nothing where they are not to be shown or not known."""
    private = any(
        base.pack.type_of(entity, name)[0].private for entity, name, _ in reference.targets
    )
    there = _there(base, reference)
    if private or not there:
        empty = not any(base.rows(entity) for entity, _, _ in reference.targets)
        said = "（写明没有）" if language == "zh" else " (stated to be empty)"
        return said if empty else ""
    apart = "、" if language == "zh" else ", "
    named = apart.join(value for value, _ in nearest(base, fact, reference))
    more = len(there) > _MOST
    if language == "zh":
        return f"（有：{named}{f'等{len(there)}项' if more else ''}）"
    return f" (it has: {named}{f' and others, {len(there)} in all' if more else ''})"


def _there(base: FactBase, reference: Reference) -> dict[str, str]:
    """The values that stand in the tables, each with the place of its first row."""
    found: dict[str, str] = {}
    for entity, name, _ in reference.targets:
        for row in base.rows(entity):
            value: Any = base.read(row, name)
            if value is not ABSENT and not isinstance(value, Unknown):
                found.setdefault(str(value), row.path(name))
    return found


__all__ = ["near_text", "nearest"]
