"""What a field may hold, in plain Chinese, and the numerals that people write.

Shared by the readers of scalars; nothing here reads a value.
"""

from __future__ import annotations

import re
from typing import Final

from kehou.fields.fields import Field
from kehou.model.opposites import alike

#: How a text was read: as it stands, otherwise than it stands, or as an approximate time.
AS_WRITTEN: Final = 0
NORMALISED: Final = 1
APPROXIMATE: Final = 2
#: No count or sum of a submission has more digits.
MOST_DIGITS: Final = 15
#: Nothing but a text is longer; keeps every pattern's work small.
MOST_CHARACTERS: Final = 100

#: How near a text is to what it may mean; words of numbers are all near each other.
_ALIKE: Final = {False: 0.5, True: 0.6}

_FROM_TO: Final = re.compile(r"\s*(?P<a>\S+?)\s*[至到~～—-]+\s*(?P<b>\S+?)\s*")
NUMERALS: Final = re.compile("[零〇一二两三四五六七八九十百]+")
_BESIDE: Final = re.compile("[一二两三四五六七八九]{2}")
_YEAR: Final = re.compile("[零〇一二两三四五六七八九]{4}")
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


class BadScalar(ValueError):
    """A text that its field cannot take; ``allowed`` says what it can, ``hint`` the way out."""

    def __init__(self, allowed: str, hint: str = "") -> None:
        super().__init__(allowed)
        self.allowed = allowed
        self.hint = hint


def allowed(field: Field) -> str:
    """What a field may hold, in plain Chinese."""
    if field.kind == "enum":
        return "、".join(field.labels.values())
    if field.kind == "boolean":
        return "、".join(field.labels.values()) if field.labels else "是、否"
    if field.kind in ("integer", "decimal", "money"):
        return _allowed_number(field)
    if field.form == "year_pair":
        return f"{field.title}，如 2021-2022"
    return {
        "text": "文字",
        "time": "24小时制的一个时间，如 18:30",
        "date": "日期，如 2021-09-01",
        "month": "月份，如 2021-09",
        "record": "一组“名称: 内容”",
        "rows": "一个列表，每行一组“名称: 内容”",
        "list": "一个列表",
    }[field.kind]


def _allowed_number(field: Field) -> str:
    what = {"integer": "整数", "decimal": "数", "money": "金额（元，最多两位小数）"}[field.kind]
    if field.minimum is not None and field.maximum is not None:
        percent = "或百分数" if field.kind == "decimal" and field.maximum == 1 else ""
        return f"{field.minimum}—{field.maximum} 的{what}{percent}"
    if field.minimum is not None:
        return f"不小于 {field.minimum} 的{what}"
    return what


def allowed_range(field: Field) -> str:
    """What a member of a list of whole numbers may be: by its words, where it has any."""
    named = _named(field)
    told = f"“{named[0]}”至“{named[-1]}”" if named else allowed(field)
    return f"{told}，可写范围"


def like(field: Field) -> str:
    """How several numbers that have words are written; "" for numbers without."""
    named = _named(field)
    if len(named) < 3:
        return ""
    middle = named[len(named) // 2 + 1]
    return f"写明是哪几个，如“{named[0]}”至“{middle}”，或“{named[0]}”、“{named[2]}”"


def _named(field: Field) -> list[str]:
    """The first word of each number of a field, in the order of the numbers."""
    words: dict[int, str] = {}
    for word, number in field.words.items():
        words.setdefault(number, word)
    return [words[number] for number in sorted(words)]


def meant(field: Field, text: str) -> str:
    """A “did you mean” for an enumeration's value or a word for a number; empty if none is near."""
    within = [label for label in field.labels.values() if text and text in label]
    if len(within) > 1:
        return "请写明是" + "、".join(f"“{label}”" for label in within) + "中的哪一种"
    if several := _several(field, text):
        return "写了几个，请一个一个写：" + "、".join(f"“{label}”" for label in several)
    told, near = text[:MOST_CHARACTERS], _ALIKE[bool(field.words)]
    close = alike(told, [*field.spellings, *field.words], near)
    if not close:
        return ""
    value = field.spellings.get(close)
    return f"是否想写“{field.labels[value] if isinstance(value, str) else close}”"


def _several(field: Field, text: str) -> list[str]:
    """The labels that a text has several of, all between two that 至 joins; none of one."""
    labels = list(field.labels.values())
    said = [label for label in labels if len(label) > 1 and label in text]
    said = [one for one in said if not any(one != other and one in other for other in said)]
    ends = _FROM_TO.fullmatch(text)
    if ends and ends["a"] in labels and ends["b"] in labels:
        first, last = labels.index(ends["a"]), labels.index(ends["b"])
        return labels[first : last + 1] if first < last else [ends["a"], ends["b"]]
    return said if len(said) > 1 else []


def arabic(text: str) -> str:
    """A text with its Chinese numerals (below a thousand, or digit by digit) in digits."""
    return NUMERALS.sub(lambda found: _number(found[0]), text)


def side_by_side(text: str) -> bool:
    """Whether digits in Chinese stand beside each other as in no number but a year: 七八, 三五."""
    return any(
        _BESIDE.search(found[0]) and not _YEAR.fullmatch(found[0])
        for found in NUMERALS.finditer(text)
    )


def _number(numeral: str) -> str:
    if "十" not in numeral and "百" not in numeral:  # 二〇二一, and 三五 as in 四点三五
        digits = "".join(str(_DIGITS[c]) for c in numeral)
        return digits if len(digits) == 4 else str(int(digits))
    total, digit = 0, 0
    for c in numeral:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return str(total + digit)
