"""The cases beside words by which rows are read from prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kehou.language.yaml_places import Place, listed, mapping, text, under


@dataclass(frozen=True, slots=True)
class RowsCase:
    """A text, the rows to be read of it in order, and how many things it states in two ways."""

    text: str
    rows: tuple[Mapping[str, Any], ...]
    twice: int
    index: int


def rows_cases(tree: Any, at: Place) -> tuple[RowsCase, ...]:
    """The cases of a file."""
    found = []
    for i, one in enumerate(listed(tree, at)):
        d = mapping(one, at / i, ("text", "rows", "twice"), ("text", "rows"))
        rows = tuple(under(row, at / i / "rows") for row in listed(d.get("rows"), at / i / "rows"))
        said = text(d.get("text"), at / i / "text")
        found.append(RowsCase(said, rows, int(d.get("twice") or 0), i))
    return tuple(found)
