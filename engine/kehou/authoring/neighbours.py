"""Limits and parameters in force, moved by one unit."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from kehou.fields import yuan
from kehou.language import Parameter, Type
from kehou.language.operators import ORDERED
from kehou.packs import Pack

#: Lists of words longer than this, or that we only assume, are not taken apart word by word.
MOST_MEMBERS = 12


def neighbours(value: Any, kind: Type) -> list[Any]:
    """A limit one unit lower and one higher: a minute, day, month, fen, count or last place."""
    if value is None or kind.kind not in ORDERED:
        return []
    if kind.kind == "date":
        day = datetime.date.fromisoformat(value)
        return [(day + datetime.timedelta(days=n)).isoformat() for n in (-1, 1)]
    if kind.kind == "month":
        year, month = divmod(int(value[:4]) * 12 + int(value[5:]) - 1, 12)
        months = [divmod(year * 12 + month + n, 12) for n in (-1, 1)]
        return [f"{y:04d}-{m + 1:02d}" for y, m in months]
    step = _last_place(value) if kind.kind == "decimal" else 1
    found = [value - step, value + step]
    if kind.kind == "time":
        found = [v for v in found if 0 <= v < 1440]
    return [v for v in found if kind.domain is None or v in kind.domain]


def _last_place(value: Fraction) -> Fraction:
    step = Fraction(1)
    while (Fraction(value) / step).denominator != 1 and step > Fraction(1, 1_000_000):
        step /= 10
    return step


def written_as(value: Any, kind: str) -> str:
    """A limit as a rule file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if kind == "time":
        return f"{value // 60:02d}:{value % 60:02d}"
    if kind == "money":
        return yuan(value)
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    return str(value)


# --- parameters ----------------------------------------------------------------------------

#: (row in brackets or "", change, killing case, the change itself)
ParameterChange = tuple[str, str, str, Callable[[Parameter], Parameter | None]]


def parameter_changes(
    pack: Pack, name: str, given: Collection[Parameter] = ()
) -> Iterator[ParameterChange]:
    """Ways to change a parameter in force: a limit by one unit, a flag, a member of a list."""
    definition = pack.parameters[name]
    shown = [
        Parameter(name, definition.type, v.value, definition.by, v.table) for v in definition.values
    ]
    shown += [parameter for parameter in given if parameter.name == name]
    if definition.type.many:
        assumed = any(v.assumption for v in definition.values)
        yield from _list_changes(name, shown, assumed)
        return
    keys: dict[tuple[Any, ...] | None, None] = {}
    for parameter in shown:
        for key in parameter.table if definition.by else (None,):
            keys.setdefault(key)
    for key in keys:
        row = "" if key is None else "[" + ",".join(map(str, key)) + "]"
        kind = definition.type
        if kind.kind == "boolean":
            kill = f"补一个取决于参数 {name} 的用例"
            yield row, "negated", kill, _at_row(key, lambda value: not value)
        elif kind.kind in ORDERED:
            for sign, higher in (("-1", False), ("+1", True)):
                kill = f"补值正好等于参数 {name}{row} 和刚好越过它一个单位的用例"
                yield row, sign, kill, _at_row(key, _mover(kind, higher))


def _mover(kind: Type, higher: bool) -> Callable[[Any], Any]:
    def move(value: Any) -> Any:
        return next((v for v in neighbours(value, kind) if (v > value) is higher), None)

    return move


def _at_row(
    key: tuple[Any, ...] | None, move: Callable[[Any], Any]
) -> Callable[[Parameter], Parameter | None]:
    """A change of a parameter's value, or of one row of its table."""

    def change(parameter: Parameter) -> Parameter | None:
        value = parameter.value if key is None else parameter.table.get(key)
        moved = None if value is None else move(value)
        if moved is None:
            return None
        if key is None:
            return replace(parameter, value=moved)
        return replace(parameter, table={**parameter.table, key: moved})

    return change


def _list_changes(
    name: str, shown: Sequence[Parameter], assumed: bool
) -> Iterator[ParameterChange]:
    members: dict[Any, None] = {}
    for parameter in shown:
        for value in (*parameter.table.values(), parameter.value or ()):
            for member in value:
                members.setdefault(member)
    if assumed or len(members) > MOST_MEMBERS:
        kill = f"补一个含参数 {name} 中一项的用例"
        yield "", "emptied", kill, lambda p: _each_list(p, lambda member: False)
        return
    for member in members if len(members) > 1 else ():
        kill = f"补一个用到参数 {name} 中 {member} 一项的用例"
        yield "", f"without {member}", kill, _without(member)


def _without(member: Any) -> Callable[[Parameter], Parameter | None]:
    return lambda parameter: _each_list(parameter, lambda other: other != member)


def _each_list(parameter: Parameter, keep: Callable[[Any], bool]) -> Parameter | None:
    def kept(value: Any) -> Any:
        return None if value is None else tuple(v for v in value if keep(v))

    table = {key: kept(value) for key, value in parameter.table.items()}
    changed = replace(parameter, value=kept(parameter.value), table=table)
    return None if changed == parameter else changed
