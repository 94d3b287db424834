"""Types of derived fields from the types of what they read.

Each takes the function's name and the types, and raises ValueError with a Chinese sentence where
they do not go together. Kinds are checked before (`table.result_type`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kehou.language.conditions import Type


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
        raise ValueError(f"{name} 的两项单位不同")
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
    """A decimal of two of one unit."""
    if types[0].kind != types[1].kind:
        raise ValueError(f"{name} 的两项单位不同")
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
