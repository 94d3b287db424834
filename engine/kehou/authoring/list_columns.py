"""Columns that hold several values (星期, 年级): what a line says that they hold or do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kehou.errors import UsageError
from kehou.fields import BadScalar, Field
from kehou.fields.scalars import read

#: The words of a line by what they ask; ``only`` is that the list holds nothing else.
WORDS: Final = {
    "contains": "包含 含有 含",
    "lacks": "不得包含 不得含有 不得含 不包含 不含有 不含",
    "only": "只能是 只能有 只包含 只含 只有 仅有",
}
#: How it is written, for whoever wrote it otherwise.
HOW: Final = "含 甲、乙；不含 甲、乙；只有 甲、乙"
#: A list of more possible members than these is not turned into what it may not hold.
_MOST: Final = 40


def listed(field: Field) -> bool:
    """Whether a field is a list whose members are known by name."""
    return field.kind == "list" and bool(domain(field))


def domain(field: Field) -> list[str]:
    """Every member that a list may have, as a rule writes it; none where nobody can say."""
    item = field.item
    if item is None:
        return []
    if item.kind == "enum":
        return list(item.labels)
    low, high = item.minimum, item.maximum
    if item.kind != "integer" or low is None or high is None or high - low >= _MOST:
        return []
    return [str(number) for number in range(low, high + 1)]


def label(field: Field, member: str) -> str:
    """What a member of a list is called."""
    item = field.item if field.kind == "list" and field.item is not None else field
    words = {str(number): word for word, number in reversed(list(item.words.items()))}
    return item.labels.get(member) or words.get(member, member)


def members(field: Field, said: Sequence[str]) -> tuple[str, ...]:
    """The members that some words name, in their order. Raises UsageError for one that is none."""
    assert field.item is not None
    found: list[str] = []
    for word in said:
        try:
            value = read(field.item, word)[0]
        except BadScalar as error:
            hint = f"可用：{'、'.join(label(field, one) for one in domain(field))}"
            raise UsageError("phrase", f"“{field.title}”没有“{word}”", hint=hint) from error
        found += map(str, value if isinstance(value, (list, tuple)) else [value])
    return tuple(dict.fromkeys(found))


def held(field: Field, op: str, said: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """The operator, its members and the words for what a list has to hold.

    Raises UsageError where ``op`` is none of lists, nothing is named, or nothing is left out.
    """
    how = {"is_not": "lacks"}.get(op, op)
    named = members(field, said) if how in WORDS else ()
    rest = tuple(one for one in domain(field) if one not in named)
    if not named or not rest:
        raise UsageError("phrase", f"“{field.title}”可以有几个值", hint=f"请写 {HOW}")
    told = "、".join(label(field, one) for one in named)
    if how == "only":
        return "contains_none", rest, f"应只有{told}"
    if how == "lacks":
        return "contains_none", named, f"不应含{told}"
    return ("contains_all" if len(named) > 1 else "contains_any"), named, f"应含{told}"


def several(said: str) -> list[str]:
    """The words of an enumeration: 周六、周日."""
    return [one for one in re.split(r"[、或和]|\s+", said) if one]


__all__ = ["HOW", "WORDS", "domain", "held", "label", "listed", "members", "several"]
