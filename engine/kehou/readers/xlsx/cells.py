"""What a cell of a workbook holds: numbers without lost digits, dates and times, format codes.

Formats and serial numbers are those of ECMA-376 part 1, §18.8.30 and §18.17.4.1: a date is
counted in days from 1900 (with the 29 February 1900 that never was) or from 1904.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

Value = str | int | Decimal | bool | date | time | datetime | None
Kind = Literal[
    "text", "number", "bool", "date", "time", "datetime", "error", "formula_without_value", "blank"
]


class Cell(NamedTuple):
    """One cell; ``row`` and ``column`` count from 1.

    ``value`` of an ``error`` is its code (``#N/A``) or the text that is no number or date; of
    ``blank`` and ``formula_without_value`` it is None. A whole number is an int, any other a
    Decimal. ``number_format`` is Excel's format code, ``General`` where there is none.
    """

    row: int
    column: int
    value: Value
    kind: Kind
    number_format: str


GENERAL: Final = "General"
#: Built-in formats that a file names by number only; 27–36 and 50–58 as Chinese Excel has them.
BUILT_IN: Final[dict[int, str]] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?", re.ASCII)
#: What a format code shows as it is: quoted text, escaped, padding and filling characters.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|AM/PM|A/P|上午/下午', re.IGNORECASE | re.DOTALL)
_BRACKETS = re.compile(r"\[([^\]]*)\]?")
#: Excel keeps fifteen significant digits of a number, stores seventeen, and shows fifteen.
_DIGITS: Final = 15
_MOST: Final = 400
#: 9999-12-31, the last date that a workbook can hold.
_LAST_DAY: Final = 2_958_465
_DAY_MS: Final = 86_400_000


def number(text: str) -> int | Decimal | None:
    """The number that a cell stores, None where the text is none (``NaN``, ``1e999``).

    ``45.100000000000001`` is the 45.1 that was typed: the shortest decimal of the same double,
    and of a formula's result the fifteen digits that Excel itself shows.
    """
    if len(text) <= _DIGITS and text.isdigit() and text.isascii():
        return int(text)
    if len(text) > _MOST or _NUMBER.fullmatch(text) is None:
        return None
    if text.lstrip("+-").isdigit():
        return int(text)
    double = float(text)
    if double - double != 0:
        return None
    found = Decimal(repr(double))
    if len(found.as_tuple().digits) > _DIGITS:
        found = Decimal(f"{double:.{_DIGITS}g}")
    whole = found.to_integral_value()
    return int(whole) if found == whole else found


def shows(code: str) -> tuple[bool, bool, bool]:
    """Whether a format shows a date, a time of the day, an elapsed time (``[h]:mm``)."""
    if code == GENERAL or len(code) > 255:
        return False, False, False
    code = _LITERAL.sub("", code).partition(";")[0].lower()
    elapsed = any(re.fullmatch("h+|m+|s+", inner) for inner in _BRACKETS.findall(code))
    code = _BRACKETS.sub("", code)
    if "general" in code or "#" in code or "?" in code:
        return False, False, False
    clock = "h" in code or "s" in code
    day = "y" in code or "d" in code or "aaa" in code or ("m" in code and not clock)
    return day and not elapsed, clock or elapsed, elapsed


def typed(text: str, code: str, since_1904: bool) -> tuple[Value, Kind]:
    """The value and the kind of a stored number under its format."""
    found = number(text)
    if found is None:
        return text, "error"
    day, clock, elapsed = shows(code)
    if not day and not clock:
        return found, "number"
    if elapsed and found >= 1:
        return found, "number"
    return _moment(found, text, day, since_1904)


def _moment(serial: int | Decimal, text: str, day: bool, since_1904: bool) -> tuple[Value, Kind]:
    """A serial number as the date or time it stands for; milliseconds are rounded."""
    if not 0 <= serial < _LAST_DAY + 1:
        return text, "error"
    total = round(serial * _DAY_MS)
    days, rest = divmod(total, _DAY_MS)
    clock = (datetime(1970, 1, 1) + timedelta(milliseconds=rest)).time()
    if days == 0 and not since_1904:
        return (text, "error") if day and not rest else (clock, "time")
    if days == 0 and not day:
        return clock, "time"
    if since_1904:
        first = date(1904, 1, 1)
    elif days == 60:  # 29 February 1900
        return text, "error"
    else:
        first = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    try:
        on = first + timedelta(days=days)
    except OverflowError:
        return text, "error"
    if rest or not day:
        return datetime.combine(on, clock), "datetime"
    return on, "date"


def iso(text: str) -> tuple[Value, Kind]:
    """A date written as ISO text (``t="d"``)."""
    for read, kind in ((date.fromisoformat, "date"), (time.fromisoformat, "time")):
        try:
            return read(text), kind  # type: ignore[return-value]
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return text, "error"
    return found.replace(tzinfo=None), "datetime"


def day_of(serial: int | Decimal, since_1904: bool) -> date | None:
    """The day a plain number stands for in a column of dates; None outside 2000 to 2099."""
    found, kind = _moment(serial, "", True, since_1904)
    if kind not in ("date", "datetime") or not isinstance(found, date):
        return None
    return date(found.year, found.month, found.day) if 2000 <= found.year < 2100 else None


def minute_of(serial: int | Decimal) -> int | None:
    """The minute of the day that a fraction of a day stands for; None where it has seconds."""
    if not 0 <= serial < 1:
        return None
    minutes, rest = divmod(round(serial * _DAY_MS), 60_000)
    return minutes if not rest and minutes < 1440 else None
