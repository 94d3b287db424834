"""The nearest of what stands in a table is found at a cost that does not grow with the table."""

from __future__ import annotations

import difflib
from types import SimpleNamespace
from typing import Any

import pytest

from kehou.checking.near_values import NearValues
from kehou.model.rules import Reference

REFERENCE = Reference("pupil", "group", (("group", "name", "班级"),))


def near(values: list[str]) -> NearValues:
    """Values of a table whose rows are their numbers."""
    rows = [
        SimpleNamespace(at=n, path=lambda name, n=n: f"/groups/{n}/{name}")
        for n in range(len(values))
    ]

    def read(row: Any, name: str) -> str:
        return values[row.at] if hasattr(row, "at") else str(row.written)

    kind = SimpleNamespace(private=False)
    pack = SimpleNamespace(type_of=lambda entity, name: (kind,))
    base: Any = SimpleNamespace(rows=lambda entity: rows, read=read, pack=pack)
    return NearValues(base)


def fact(written: str) -> Any:
    return SimpleNamespace(written=written)


def test_a_slip_is_found_in_a_short_table_and_the_first_where_none_is_near() -> None:
    table = near(["一年级1班", "一年级2班", "六年级5班", "教师组"])
    assert table.nearest(fact("六年级6班"), REFERENCE)[0] == ("六年级5班", "/groups/2/name")
    assert [value for value, _ in table.nearest(fact("xyz"), REFERENCE)] == [
        "一年级1班",
        "一年级2班",
        "六年级5班",
    ]
    assert table.text(fact("六年级6班"), REFERENCE, "zh").endswith("等4项）")


@pytest.mark.parametrize("written", ["2021001700x", "x2021001700", "2021001770"])
def test_a_slip_at_either_end_is_found_in_a_long_table(written: str) -> None:
    table = near([f"20210{n:05d}" for n in range(0, 4_000, 2)])
    found = [value for value, _ in table.nearest(fact(written), REFERENCE)]
    assert difflib.SequenceMatcher(None, written, found[0]).ratio() > 0.85


def test_what_is_compared_does_not_grow_with_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four thousand values that stand nowhere among four thousand."""
    compared: list[int] = []
    real = difflib.get_close_matches

    def counted(word: str, among: list[str], **how: Any) -> list[str]:
        compared.append(len(among))
        return real(word, among, **how)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    table = near([f"A{n:05d}" for n in range(4_000)])
    for n in range(50):
        for _ in range(3):  # a class has many pupils
            table.nearest(fact(f"B{n:05d}"), REFERENCE)
    assert len(compared) == 50
    assert max(compared) <= 80
