"""Faults planted in the compiler: plans of field20, held against the direct engine, tell each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from benchmarks.field20.generate import make, text
from msgspec import UNSET

from kehou.lane import Lane, compile_lane, details, expressions, fused, groups, records, sums, walks
from kehou.packs import Pack

Mutant = Callable[[pytest.MonkeyPatch], None]


def _opposite(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(expressions._COMPARED, "at_least", "<=")


def _any_for_all(patch: pytest.MonkeyPatch) -> None:
    whole = expressions._joined
    patch.setattr(expressions, "_joined", lambda word, parts: whole("or", parts))


def _missing_suits(patch: pytest.MonkeyPatch) -> None:
    among = expressions.Writer._among

    def wider(self: Any, operand: Any, suits: frozenset[Any]) -> Any:
        return among(self, operand, suits | {None, UNSET} if suits else suits)

    patch.setattr(expressions.Writer, "_among", wider)


def _first_row(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fused, "place", lambda rows, row, start: 0)


def _one_when(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(groups, "key_of", lambda cond: None)
    patch.setattr(walks, "key_of", lambda cond: None)


def _first_rule_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walks, "fine", lambda writer, those, known=None: expressions.YES)
    patch.setattr(fused, "fine", lambda writer, those, known=None: expressions.YES)


def _zero_where_missing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sums, "_placed", lambda rows, some, certainly: [])


def _no_paths(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(details, "missing", lambda rule, base, fact: ())


def _day_of_another_meaning(patch: pytest.MonkeyPatch) -> None:
    typed = records.typed

    def earlier(at: Any, value: Any) -> Any:
        found = typed(at, value)
        return found - 120 if at.kind == "time" and found is not None else found

    patch.setattr(details, "typed", earlier)


_MUTANTS: dict[str, Mutant] = {
    "at least is read as at most": _opposite,
    "one condition is enough": _any_for_all,
    "what is missing suits": _missing_suits,
    "every finding is the first row's": _first_row,
    "rules of another condition in one group": _one_when,
    "nothing is worth a look": _first_rule_only,
    "amounts that are missing count as none": _zero_where_missing,
    "nothing says what is missing": _no_paths,
    "times two hours earlier": _day_of_another_meaning,
}


def _differs(lane: Lane) -> bool:
    for number in range(150):
        plan = text(make(7, number)).encode()
        mine, theirs = lane.judge(plan), lane.slowly(plan, "asked")
        if sorted(mine.findings) != sorted(theirs.findings):
            return True
        if lane.tally(mine) != lane.tally(theirs):
            return True
    return False


@pytest.mark.parametrize("name", _MUTANTS)
def test_a_planted_fault_is_found(
    name: str, field20: Pack, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    _MUTANTS[name](monkeypatch)
    assert _differs(compile_lane(field20, lane.stage, "2025-09-01"))
