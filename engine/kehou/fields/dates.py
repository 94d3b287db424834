"""Times of the day, dates, months and school years as people write them.

``18：30``, ``下午6点半``, ``十八点三十分`` and ``2021年9月1日`` mean one thing and are read;
``4:30`` in an afternoon, ``9月1日`` without a year, ``18:30以前`` could mean two: refused.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from kehou.fields.allowed_values import (
    APPROXIMATE,
    AS_WRITTEN,
    NORMALISED,
    BadScalar,
    allowed,
    arabic,
)
from kehou.fields.fields import Field, fold

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SPOKEN_TIME = re.compile(
    r"(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|午间|下午|傍晚|晚上|晚|夜间)?(?P<hour>\d{1,2})"
    r"(?::(?P<colon>\d{2})(?::00)?分?|\.(?P<dot>\d{2})"
    r"|[点时](?:(?P<minute>\d{1,2})分?|(?P<half>半)|(?P<quarter>[13])刻|整)?)?"
    r"(?P<meridiem>\(?[AaPp]\.?[Mm]\.?\)?)?"
)
_AFTER_NOON = ("下午", "傍晚")
_NIGHT = ("晚上", "晚", "夜间")
_ABOUT = re.compile("大约|大概|大致|约|左右|前后|上下|许$")
_TWO_TIMES = re.compile(r"\d.*(—|-|–|~|～|至|到).*\d")
#: A day that stands in no submission.
_DAY = Field("", "", "date", "日期")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPOKEN_DATE = re.compile(
    r"(\d{4})\s*(?:[-/.年])\s*(\d{1,2})\s*(?:[-/.月])\s*(\d{1,2})\s*[日号]?"
    r"(?:[T ]\s*0{1,2}:00(?::00)?)?"
)
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.年])\s*(\d{1,2})\s*月?")
_YEAR_PAIR = re.compile(r"(\d{4})\s*(?:-|—|–|~|至|到|/)+\s*(\d{4})\s*(?:年度?)?")


def read_time(field: Field, text: str) -> tuple[int, int]:
    """Minutes of the day; a time with 左右 or 约 is told as approximate."""
    match = _TIME.fullmatch(text) if text.isascii() else None
    if match:
        return _not_too_early(field, int(match[1]) * 60 + int(match[2])), AS_WRITTEN
    folded = arabic(fold(text))
    if _TWO_TIMES.search(folded):
        raise BadScalar(allowed(field), "这里只写一个时间，开始和结束分开填写")
    exact = _ABOUT.sub("", folded)
    minutes = _spoken_time(field, exact)
    how = APPROXIMATE if exact != folded else NORMALISED
    return _not_too_early(field, minutes), how


def _spoken_time(field: Field, text: str) -> int:
    match = _SPOKEN_TIME.fullmatch(text)
    if match is None or text.isdecimal():
        raise BadScalar(allowed(field), _time_hint(text))
    hour = int(match["hour"])
    minute = int(match["colon"] or match["dot"] or match["minute"] or 0)
    minute = 30 if match["half"] else 15 * int(match["quarter"]) if match["quarter"] else minute
    part, meridiem = match["part"] or "", (match["meridiem"] or "").lower()
    if match.end("hour") == len(text) - len(match["meridiem"] or "") and not meridiem:
        raise BadScalar(allowed(field), "请写出分钟，如 18:30")
    if part in _AFTER_NOON or (part in _NIGHT and hour < 12) or "p" in meridiem:
        hour += 12 if hour < 12 else 0
    elif part in ("中午", "午间"):
        hour += 12 if hour < 3 else 0
    elif (part or meridiem) and hour >= 12:
        raise BadScalar(allowed(field), "时间前后矛盾，请按24小时制书写")
    if hour > 23 or minute > 59:
        raise BadScalar(allowed(field), "时间从 00:00 到 23:59")
    return hour * 60 + minute


def _time_hint(text: str) -> str:
    if re.fullmatch(r"([01]?\d|2[0-3])[0-5]\d", text):
        return f"是否想写 {text[:-2]}:{text[-2:]}"
    if re.search("前|后|晚于|早于|超过|最晚|最迟|最早|起", text):
        return "请写具体时间，不写期限"
    return ""


def _not_too_early(field: Field, minutes: int) -> int:
    if field.earliest is None or minutes >= field.earliest:
        return minutes
    later = minutes + 720
    raise BadScalar(allowed(field), f"若指下午，请按24小时制写作 {later // 60}:{later % 60:02d}")


def read_date(field: Field, text: str) -> tuple[str, int]:
    """An ISO date."""
    if _DATE.fullmatch(text) and text.isascii():
        _check_date(field, int(text[:4]), int(text[5:7]), int(text[8:]))
        return text, AS_WRITTEN
    folded = arabic(unicodedata.normalize("NFKC", text))
    match = _SPOKEN_DATE.fullmatch(folded)
    if match is None:
        raise BadScalar(allowed(field), _date_hint(folded))
    year, month, day = (int(part) for part in match.groups())
    _check_date(field, year, month, day)
    return f"{year:04d}-{month:02d}-{day:02d}", NORMALISED


def day_written(text: str) -> str:
    """An ISO date of a day that people wrote by itself; empty where it is none."""
    try:
        return read_date(_DAY, text.strip())[0]
    except BadScalar:
        return ""


def _check_date(field: Field, year: int, month: int, day: int) -> None:
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise BadScalar(allowed(field), "没有这一天") from None
    if not 1900 <= year <= 2100:
        raise BadScalar(allowed(field), "请核对年份")


def _date_hint(text: str) -> str:
    if re.fullmatch(r"(19|20)\d{6}", text):
        return f"是否想写 {text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"\d{5}", text):
        return "像是 Excel 的日期序号，请把这一列设为日期格式再导出"
    if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}[日号]?", text):
        return "请写出年份"
    return ""


def read_month(field: Field, text: str) -> tuple[str, int]:
    """A month as ``2021-09``."""
    match = _MONTH.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2100:
        raise BadScalar(allowed(field))
    found = f"{match[1]}-{int(match[2]):02d}"
    return found, AS_WRITTEN if found == text else NORMALISED


def read_year_pair(field: Field, text: str) -> tuple[str, int]:
    """Two years in a row as ``2021-2022``; the field's units may stand after either."""
    folded = unicodedata.normalize("NFKC", text)
    for unit in sorted(field.units, key=len, reverse=True):
        folded = re.sub(rf"(?<=\d)\s*{re.escape(unit)}", "", folded)
    match = _YEAR_PAIR.fullmatch(folded)
    if match is None or int(match[2]) != int(match[1]) + 1:
        raise BadScalar(allowed(field))
    found = f"{match[1]}-{match[2]}"
    return found, AS_WRITTEN if found == text else NORMALISED
