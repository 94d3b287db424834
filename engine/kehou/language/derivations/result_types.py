"""Types of derived fields from the types of what they read.

Each takes the function's name and the types, and raises ValueError with a Chinese sentence where
they do not go together. Kinds are checked before (`table.result_type`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kehou.language.conditions import Type

_NUMBERS = ("integer", "decimal")
_WORDS = {"integer": "整数", "decimal": "小数", "money": "金额", "time": "时刻"}


def _apart(name: str, a: Type, b: Type, way: str) -> ValueError:
    """What two kinds are that do not go together, and what to write instead."""
    first, second = (_WORDS.get(kind, kind) for kind in (a.kind, b.kind))
    return ValueError(f"{name} 的两项一项是{first}、一项是{second}，{way}")


def _unsure(types: Sequence[Type]) -> bool:
    return any(t.interval for t in types)


def number_of_members(name: str, types: Sequence[Type]) -> Type:
    """A whole number, or bounds of one."""
    return Type("integer", interval=True)


def text(name: str, types: Sequence[Type]) -> Type:
    """A text, private where one that it is made of is."""
    return Type("text", private=any(one.private for one in types))


def yes_or_no(name: str, types: Sequence[Type]) -> Type:
    """A boolean."""
    return Type("boolean", domain=(True, False))


def of_members(name: str, types: Sequence[Type]) -> Type:
    """The kind of the members, or bounds of it."""
    return Type(types[0].kind, interval=True)


def list_of_members(name: str, types: Sequence[Type]) -> Type:
    """A list of the members' kind."""
    return Type(types[0].kind, many=True, private=types[0].private)


def taken(name: str, types: Sequence[Type]) -> Type:
    """The type of the field that is taken; a boolean where none is."""
    return types[0] if types else yes_or_no(name, types)


def alternatives(name: str, types: Sequence[Type]) -> Type:
    """The one type of all; its domain where all have the same."""
    first = types[0]
    if any((t.kind, t.many) != (first.kind, first.many) for t in types):
        raise ValueError(f"{name} 的各字段类型不一致")
    same = all(t.domain == first.domain for t in types)
    return Type(first.kind, first.many, _unsure(types), first.domain if same else None)


def same_unit(name: str, types: Sequence[Type]) -> Type:
    """The kind that both have; of a date and a whole number, a date."""
    a, b = types
    if a.kind == "date" and b.kind == "integer":
        return Type("date", interval=_unsure(types))
    if "date" in (a.kind, b.kind):
        raise ValueError(f"{name} 用于日期时，前一项是日期，后一项是整数")
    if a.kind != b.kind:
        if a.kind in _NUMBERS and b.kind in _NUMBERS:
            return Type("decimal", interval=_unsure(types))
        hint = "；两个时刻相差几分钟用 minutes_between" if "time" in (a.kind, b.kind) else ""
        raise _apart(name, a, b, f"不能相加减{hint}")
    return Type(a.kind, interval=_unsure(types))


def product(name: str, types: Sequence[Type]) -> Type:
    """Money by a whole number is money; decimals make decimals."""
    kinds = [t.kind for t in types]
    if kinds.count("money") > 1:
        raise ValueError("金额不能乘金额")
    if {"money", "decimal"} <= set(kinds):
        raise ValueError("金额乘小数得不到整分，请改用 ratio 比较")
    kind = "money" if "money" in kinds else "decimal" if "decimal" in kinds else "integer"
    return Type(kind, interval=_unsure(types))


def quotient(name: str, types: Sequence[Type]) -> Type:
    """A decimal of two of one unit, or of whole numbers and decimals, whatever their units."""
    a, b = types
    if a.kind != b.kind and not (a.kind in _NUMBERS and b.kind in _NUMBERS):
        way = "商不是金额，不能相除；金额和数比较，请把数乘到金额的那一边（times）"
        raise _apart(name, a, b, way if "money" in (a.kind, b.kind) else "不能相除")
    return Type("decimal", interval=True)


def whole_number(name: str, types: Sequence[Type]) -> Type:
    """A whole number."""
    return Type("integer", interval=_unsure(types))


def month(name: str, types: Sequence[Type]) -> Type:
    """A month."""
    return Type("month", interval=_unsure(types))


def of_amount(name: str, types: Sequence[Type]) -> Type:
    """The kind of an amount, whatever its unit and factors are."""
    amount = types[0]
    if amount.many or amount.kind not in ("money", "integer", "decimal"):
        raise ValueError(f"{name} 的 amount 应当是数或金额")
    return Type(amount.kind, interval=_unsure(types))
