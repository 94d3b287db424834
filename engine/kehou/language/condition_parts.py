"""What a condition is made of before it is bound: its tests, fields and parameters."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.model.rules import (
    All,
    Any_,
    Cond,
    FieldRef,
    Not,
    Param,
    Test,
)


def tests(cond: Cond | None) -> Iterator[Test]:
    """Every test of a condition, from left to right."""
    if isinstance(cond, Not):
        yield from tests(cond.item)
    elif isinstance(cond, (All, Any_)):
        for item in cond.items:
            yield from tests(item)
    elif cond is not None:
        yield cond


def references(cond: Cond | None) -> Iterator[FieldRef | Param]:
    """Every field and parameter that a condition mentions, from left to right."""
    for test in tests(cond):
        yield test.subject
        yield from (arg for arg in test.args if isinstance(arg, (FieldRef, Param)))


def field_names(cond: Cond | None) -> list[str]:
    """The fields that a condition mentions, those its parameters are looked up by included."""
    found: dict[str, None] = {}
    for reference in references(cond):
        for field_name in reference.by if isinstance(reference, Param) else (reference.name,):
            found.setdefault(field_name)
    return list(found)
