"""What a cell of a form means for its field, as the text that a YAML file would hold.

A cell holds a typed value (ECMA-376 part 1, §18.17.4: dates and times are serial numbers); the
field says what it is. What Excel made of a text (``1-6`` as 6 January) is told, never undone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from kehou.fields import Field, allowed
from kehou.readers.xlsx import Cell

#: Excel keeps fifteen digits of a number.
_DIGITS: Final = 15
#: 2000-01-01 and 2099-12-31 as serial numbers of the system of 1900.
_FIRST_DAY, _LAST_DAY = 36526, 73050
_DAY_ZERO: Final = date(1899, 12, 30)
_MINUTES: Final = 24 * 60
_AS_TEXT: Final = "请把单元格格式设为“文本”，再重新填写"


class Meaning(NamedTuple):
    """A cell's text, None where it is blank or wrong; how it stands where that differs; a fault.

    ``wrong`` is (what was found, what may be written, what to do).
    """

    text: str | None
    written: str = ""
    wrong: tuple[str, str, str] | None = None


def meaning(field: Field, cell: Cell) -> Meaning:
    """What a cell says for a field; raises nothing."""
    value = cell.value
    if cell.kind == "error":
        return _wrong(field, str(value), "公式出错了，请改成直接填写的内容")
    if cell.kind == "formula_without_value":
        hint = "请用 Excel 或 WPS 打开、保存一次；或者复制后“选择性粘贴—数值”"
        return _wrong(field, "没有存下结果的公式", hint)
    if value is None:
        return Meaning(None)
    if isinstance(value, str):
        return Meaning(value.strip() or None)
    kind = field.item.kind if field.item is not None and field.kind == "list" else field.kind
    if isinstance(value, bool):
        return Meaning("true" if value else "false")
    if isinstance(value, (int, Decimal)):
        return _number(field, kind, value, cell.number_format)
    if isinstance(value, datetime):
        if value.time() != time(0):
            return _wrong(field, value.strftime("%Y-%m-%d %H:%M:%S"), "日期和时间请分开填写")
        value = value.date()
    if isinstance(value, date):
        return _date(field, kind, value, cell.number_format)
    return _time(field, kind, value)


def plain(value: int | Decimal) -> str:
    """A number in plain digits: no exponent, no idle zeros."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _wrong(field: Field, found: str, hint: str) -> Meaning:
    one = field.item if field.kind == "list" and field.item is not None else field
    may = allowed(one) + ("，可写几项" if one is not field else "")
    return Meaning(None, wrong=(found, may, hint))


def _number(field: Field, kind: str, value: int | Decimal, code: str) -> Meaning:
    text = plain(value)
    if kind in ("integer", "decimal", "money", "boolean"):
        return Meaning(text)
    if kind == "time" and 0 <= value < 1:
        return _minutes(field, Decimal(value) * _MINUTES, text)
    if kind in ("date", "month") and isinstance(value, int) and _FIRST_DAY <= value <= _LAST_DAY:
        day = _DAY_ZERO + timedelta(days=value)
        found = _date(field, kind, day, "yyyy-mm" if kind == "month" and day.day == 1 else "d")
        return found._replace(written=f"{text}（Excel 的日期序号）") if found.text else found
    if kind == "text" and field.kind == "text":
        if len(text.lstrip("-")) > _DIGITS:
            hint = f"数字超过{_DIGITS}位，Excel 存不下，末尾几位已经不可靠。{_AS_TEXT}"
            return _wrong(field, text, hint)
        if isinstance(value, int) and value >= 0 and code and set(code) == {"0"}:
            text = text.zfill(len(code))
        return Meaning(text, f"数字 {text}（存成了数字；原来开头有 0 的，0 已经丢失，请核对）")
    return Meaning(text)


def _date(field: Field, kind: str, value: date, code: str) -> Meaning:
    text = value.isoformat()
    if kind == "date":
        return Meaning(text)
    if kind == "month":
        if value.day == 1 or "d" not in code.lower():
            return Meaning(text[:7])
        return _wrong(field, text, "")
    if kind == "text" and field.kind == "text":
        return Meaning(text, f"日期 {text}（Excel 把内容存成了日期，请核对）")
    if field.kind == "list":
        hint = f"Excel 把“1-6”这样的内容变成了日期。{_AS_TEXT}"
        return _wrong(field, f"日期 {text}", hint)
    return _wrong(field, f"日期 {text}", "单元格存的是日期，请设为“常规”格式后重新填写")


def _time(field: Field, kind: str, value: time) -> Meaning:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if kind == "time":
        return _minutes(field, Decimal(str(seconds)) / 60, "")
    text = value.strftime("%H:%M")
    if kind == "text" and field.kind == "text":
        return Meaning(text, f"时间 {text}（Excel 把内容存成了时间，请核对）")
    return _wrong(field, f"时间 {text}", "单元格存的是时间，请设为“常规”格式后重新填写")


def _minutes(field: Field, minutes: Decimal, written: str) -> Meaning:
    """A time of the day; a fraction of a day is never quite exact."""
    whole = round(minutes)
    if abs(minutes - whole) * 60 > Decimal("0.5") or whole >= _MINUTES:
        total = round(minutes * 60)
        found = f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"
        return _wrong(field, found, "只写到分钟")
    return Meaning(f"{whole // 60:02d}:{whole % 60:02d}", written)
