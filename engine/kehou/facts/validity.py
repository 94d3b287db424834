"""Whether a row holds on a date, and what can be told of a key: three-valued, by plain values."""

from __future__ import annotations

from typing import Any

from kehou.facts.subjects import Base, Fact
from kehou.language.derivations import VAGUE, Derivation
from kehou.model.values import ABSENT


def window(base: Base, row: Fact, d: Derivation) -> tuple[Any, Any]:
    """The first and the last day of a row, as the derivation names them."""
    start, end = (base.read(row, name) for name in d.valid) if d.at else (ABSENT, ABSENT)
    return start, end


def is_valid(ends: tuple[Any, Any], date: Any) -> bool | None:
    """Whether a date lies in a validity window; an end stated to be none is open."""
    start, end = ends
    if date is ABSENT:
        return False
    # A date that is not known may turn out to be none, at which nothing is valid.
    tests: list[bool | None] = [None] if isinstance(date, VAGUE) else []
    for a, b in ((start, date), (date, end)):
        if a is ABSENT or b is ABSENT:
            continue
        tests.append(None if isinstance(a, VAGUE) or isinstance(b, VAGUE) else a <= b)
    return False if False in tests else None if None in tests else True
