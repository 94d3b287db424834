"""Literals of a pack as typed values: money to fen, times to minutes of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from kehou.language.conditions import Parameter
from kehou.language.yaml_places import Place
from kehou.model.values import is_day, no_such_day

#: The kind of a parameter whose own is a mistake that is told: it takes any value.
UNTOLD: Final = "?"
_FORMATS = {
    "integer": (r"[-+]?\d{1,15}", "整数，例如 30"),
    "time": (r"([01]\d|2[0-3]):[0-5]\d", "时刻，例如 18:30"),
    "date": (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "日期，例如 2021-09-01"),
    "month": (r"\d{4}-(0[1-9]|1[0-2])", "月份，例如 2021-09"),
    "money": (r"-?\d{1,12}(\.\d{1,2})?", "以元为单位的金额，例如 300 或 2.50"),
    "decimal": (r"-?\d{1,12}(\.\d{1,6})?", "小数，例如 0.5，最多六位"),
    "boolean": (r"true|false", " true 或 false"),
}


def literal(value: Any, kind: str, at: Place) -> Any:
    """A literal of a pack as a typed value: fen, minutes of the day, Fraction, bool or text."""
    word = str(value)
    if kind in _FORMATS:
        pattern, wanted = _FORMATS[kind]
        if not re.fullmatch(pattern, word, re.ASCII):
            at.fault(
                f"{word} 不是{wanted.partition('，')[0]}", _bare(word, kind) or f"请写{wanted}"
            )
            return None
    if kind == "date" and not is_day(word):
        at.fault(f"没有 {word} 这一天：{no_such_day(word)}", "请核对年月日")
        return None
    if kind == "integer":
        return int(word)
    if kind == "time":
        return int(word[:2]) * 60 + int(word[3:])
    if kind == "money":
        return int(Fraction(word) * 100)
    if kind == "decimal":
        return Fraction(word)
    return word == "true" if kind == "boolean" else word


def _bare(word: str, kind: str) -> str:
    """How a number that stands with its unit, or as a share of two, is written; "" for neither."""
    unit = re.fullmatch(r"(-?\d[\d.]*)\s*([^\W\d_].*|[℃%％])", word)
    if unit and kind in ("integer", "money") and re.fullmatch(_FORMATS[kind][0], unit[1], re.ASCII):
        return f"只写数：{unit[1]}；“{unit[2]}”写在 unit 里（金额不写），同一个单位才行"
    share = re.fullmatch(r"(\d{1,9})\s*[:：∶]\s*(\d{1,9})", word)
    if share and kind == "decimal" and int(share[1]) and int(share[2]):
        one, other = (
            f"{a / b:.6f}".rstrip("0").rstrip(".")
            for a, b in ((int(share[1]), int(share[2])), (int(share[2]), int(share[1])))
        )
        return f"写前一项÷后一项的商：{one}；ratio 写的是后一项÷前一项的，写 {other}"
    return ""


def all_values(parameter: Parameter) -> Iterator[Any]:
    """Every value of a parameter, those of a table and the members of lists."""
    values = [*parameter.table.values(), *([] if parameter.value is None else [parameter.value])]
    for value in values:
        yield from value if isinstance(value, tuple) else (value,)
