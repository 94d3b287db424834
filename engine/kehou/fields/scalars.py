"""Texts that people write and the typed values they mean, kind by kind (docs/architecture.md §3).

A value is read as its field says: money as integer fen, a time as minutes of the day, a date as
ISO text, a ratio as an exact fraction. What is read otherwise than written is told apart, so that
the reader can keep it to be shown; what could mean two things is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from kehou.fields.allowed_values import (
    AS_WRITTEN,
    MOST_CHARACTERS,
    MOST_DIGITS,
    NORMALISED,
    NUMERALS,
    BadScalar,
    allowed,
    allowed_range,
    arabic,
    like,
    meant,
    side_by_side,
)
from kehou.fields.dates import read_date, read_month, read_time, read_year_pair
from kehou.fields.fields import Field, fold
from kehou.fields.reference_words import is_code
from kehou.model.values import ABSENT
from kehou.readers.copied_text import as_compared, as_meant, damage

#: Words by which a school states that there is none; a field may have more (``x-absent``).
ABSENT_WORDS: Final = frozenset(["无", "没有"])

_MONEY = re.compile(
    r"(?P<sign>-?)(?P<yen>¥?)(?P<yuan>\d+)(?:\.(?P<cents>\d+))?(?P<unit>(?:元|圆|块)整?|块钱)?"
)
_DECIMAL = re.compile(r"(-?\d+(?:\.\d+)?)\s*(%?)")
#: Tenths of a whole: 五成, 八成半.
_TENTHS = re.compile(r"([一二三四五六七八九十\d])成(半?)")
_INTEGER = re.compile(r"-?\d+")
_WHOLE = re.compile(r"(-?\d+)(?:\.0+)?")
#: A small number of a code that a program kept as a fraction, or showed with cents: ``12.0``.
_SMALL_FRACTION = re.compile(r"([0-9]{1,5})\.0{1,2}")
_THOUSANDS = re.compile(r"[¥]?-?\d{1,3}([,，]\d{3})+(\.\d+)?元?")
#: Digits above or below the line, which mark a note or a power and are none of the number's.
_RAISED = re.compile("[²³¹⁰⁴-⁹₀-₉]")
#: What people put before a day or a grade that is meant each time.
_EACH = "每"
#: Digits in Chinese that stand beside each other, and what follows them.
_DIGITS_FIRST: Final = re.compile("([一二三四五六七八九]{2,})(.*)")
#: What people write where nothing is decided yet.
_UNDECIDED = frozenset({"待定", "未定", "待确定", "暂未确定", "尚未确定", "另行通知", "待通知"})
_NOT_RAISED: Final = "请去掉上标、下标的数字"
_REFILL: Final = "请把这一列（格）设为“文本”格式，照原件重新填写，再导出"
#: Signs that stand for yes and no on paper.
_SIGNS: Final = {**dict.fromkeys("√✓✔☑", True), **dict.fromkeys("×✗✘☒", False)}
_DOTS = str.maketrans({c: "·" for c in "•・‧∙⋅.．"} | {"∶": ":"})


def read(field: Field, text: str) -> tuple[Any, int]:
    """The typed value of a text without outer blanks, and how it was read.

    Raises ``BadScalar``. An alias of a list's member may stand for several values (九年一贯制);
    the value is then a list. Marks that nobody sees are no part of any value.
    """
    if len(text) > MOST_CHARACTERS and field.kind != "text":
        raise BadScalar(allowed(field))
    meant = text if text.isascii() and text.isalnum() else as_meant(text)
    if not meant:
        raise BadScalar(allowed(field))
    if field.kind != "text" and not meant.isascii() and _RAISED.search(meant):
        raise BadScalar(allowed(field), _NOT_RAISED)
    if field.kind not in ("text", "enum") and meant in _UNDECIDED:
        raise BadScalar(allowed(field), "还没有定的请先留空")
    value, how = _READERS[field.kind](field, meant)
    return value, how or (AS_WRITTEN if meant == text else NORMALISED)


def write(field: Field, value: Any) -> Any:
    """A typed value as JSON that reads back to the same: the inverse of reading."""
    if value is ABSENT:
        return "无"
    kind = field.kind
    if kind == "record":
        return {k: write(field.fields[k], v) for k, v in value.items() if v is not None}
    if kind in ("rows", "list"):
        item = field.item
        assert item is not None
        return [write(item, member) for member in value]
    if kind == "time":
        return f"{value // 60:02d}:{value % 60:02d}"
    if kind == "money":
        return yuan(value)
    if kind == "decimal":
        return decimal_text(value)
    return value


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: ``30000`` is ``300.00``."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def members(field: Field, text: str) -> list[str]:
    """One text as the members of a list: ``小学、初中`` has two.

    Texts part at 、 ; and ；, everything else also at commas, numbers at “and”, too.
    """
    item = field.item
    apart = "[、;；,，]"
    if item is not None and item.kind in ("text", "integer"):
        apart = "[、;；]" if item.kind == "text" else "[、;；,，和及]"
    return [part.strip() for part in re.split(apart, text) if part.strip()]


def read_range(field: Field, text: str) -> list[int]:
    """The whole numbers of one member such as ``3``, ``1-6``, ``一至六年级`` or ``周一至周五``."""
    if _RAISED.search(text):
        raise BadScalar(allowed_range(field), _NOT_RAISED)
    folded = fold(text[:MOST_CHARACTERS])
    if folded not in field.words and folded.removeprefix(_EACH) in field.words:
        folded = folded.removeprefix(_EACH)
    if several := _under_one_head(field, folded) or _with_one_end(field, folded):
        return several
    ends = re.split(r"(?<=.)(?:-|—|–|~|至|到)+", folded, maxsplit=1)
    try:
        numbers = [_range_end(field, end) for end in ends]
    except BadScalar:
        raise BadScalar(allowed_range(field), meant(field, text) or like(field)) from None
    if len(numbers) == 1:
        return numbers
    if numbers[0] > numbers[1]:
        raise BadScalar(allowed_range(field), "范围要从小写到大")
    return list(range(numbers[0], numbers[1] + 1))


def _under_one_head(field: Field, text: str) -> list[int]:
    """The numbers of words that are written with one head for all: 周一三五."""
    for length in range(1, len(text) - 1):
        words = [text[:length] + end for end in text[length:]]
        if all(word in field.words for word in words):
            return [field.words[word] for word in words]
    return []


def _with_one_end(field: Field, text: str) -> list[int]:
    """The numbers of digits with one end for all, the lower first: 七八年级, 一三五."""
    found = _DIGITS_FIRST.fullmatch(text)
    if found is None:
        return []
    try:
        numbers = [_range_end(field, digit + found[2]) for digit in found[1]]
    except BadScalar:
        return []
    return numbers if numbers == sorted(set(numbers)) else []


def _fold_label(text: str) -> str:
    return fold(text).translate(_DOTS)


# --- one function a kind ------------------------------------------------------------------


def _text(field: Field, text: str) -> tuple[Any, int]:
    if field.form == "year_pair":
        return read_year_pair(field, text)
    if wrong := damage(text):
        raise BadScalar("原来的内容", f"{wrong}；{_REFILL}")
    if len(text) > MOST_CHARACTERS or "\n" in text:
        return text, AS_WRITTEN  # prose, which nothing is compared with
    compared = as_compared(text)
    if is_code(field) and (whole := _SMALL_FRACTION.fullmatch(compared)):
        compared = whole[1]
    return compared, AS_WRITTEN if compared == text else NORMALISED


def _enum(field: Field, text: str) -> tuple[Any, int]:
    found = field.spellings.get(text)
    if found is not None:
        return found, NORMALISED if text in field.aliases else AS_WRITTEN
    folded = _fold_label(text)
    for spelling, value in field.spellings.items():
        if _fold_label(spelling) == folded:
            return value, NORMALISED
    raise BadScalar(allowed(field), meant(field, text))


def _boolean(field: Field, text: str) -> tuple[Any, int]:
    if text in ("是", "true", "True", "TRUE"):
        return True, AS_WRITTEN
    if text in ("否", "false", "False", "FALSE"):
        return False, AS_WRITTEN
    for value, label in field.labels.items():
        if text == label:
            return value == "true", AS_WRITTEN
    if text in field.aliases:
        return field.aliases[text], NORMALISED
    if text in _SIGNS:
        return _SIGNS[text], NORMALISED
    lowered = text.lower()
    hint = ""
    if lowered in ("yes", "y", "on", "1", "有", "对"):
        hint = "请写“是”"
    elif lowered in ("no", "n", "off", "0", "x", "无", "没有"):
        hint = "请写“否”"
    raise BadScalar(allowed(field), hint)


def _integer(field: Field, text: str) -> tuple[Any, int]:
    if text in field.words:
        return field.words[text], AS_WRITTEN
    if _INTEGER.fullmatch(text) and text.isascii():
        return _bounded(field, text), AS_WRITTEN
    folded = fold(text)
    folded = _without_unit(field, folded)
    counted = NUMERALS.fullmatch(folded) and not side_by_side(folded)
    match = _WHOLE.fullmatch(arabic(folded) if counted else folded)
    if match:
        return _bounded(field, match[1]), NORMALISED
    if _THOUSANDS.fullmatch(folded):
        raise BadScalar(allowed(field), f"不要写千分位，写作 {folded.replace(',', '')}")
    raise BadScalar(allowed(field), meant(field, text) if field.words else _units(field, folded))


def _without_unit(field: Field, folded: str) -> str:
    """A folded text without the unit that it ends with, the longest of the field's, if any."""
    for unit in sorted(map(fold, field.units), key=len, reverse=True):
        if unit and folded.endswith(unit):
            return folded.removesuffix(unit)
    return folded


def _units(field: Field, folded: str) -> str:
    """Which units may follow a number, where one that is none of them does."""
    if not re.fullmatch(r"-?\d+(\.\d+)?[^\d.,，]+", folded):
        return ""
    return f"后面的单位可写：{'、'.join(field.units)}" if field.units else "只写数，不写单位"


def _bounded(field: Field, digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise BadScalar(allowed(field), "数字太大")
    number = int(digits)
    _check_bounds(field, number)
    return number


def _check_bounds(field: Field, number: int | Fraction) -> None:
    if field.minimum is not None and number < field.minimum:
        raise BadScalar(allowed(field))
    if field.maximum is not None and number > field.maximum:
        percent = field.kind == "decimal" and field.maximum == 1 and number <= 100
        hint = f"若是百分数，请写作 {decimal_text(Fraction(number))}%" if percent else ""
        raise BadScalar(allowed(field), hint)


def _money(field: Field, text: str) -> tuple[Any, int]:
    if text in field.words:
        return field.words[text], NORMALISED
    folded = fold(text)
    match = _MONEY.fullmatch(folded)
    if match is None:
        raise BadScalar(allowed(field), _money_hint(folded))
    cents = match["cents"] or ""
    if len(cents) > 2:
        raise BadScalar(allowed(field), "金额最多写到分")
    if len(match["yuan"]) > MOST_DIGITS:
        raise BadScalar(allowed(field), "数字太大")
    fen = int(match["yuan"]) * 100 + int(cents.ljust(2, "0") or 0)
    fen = -fen if match["sign"] else fen
    _check_bounds(field, Fraction(fen, 100))
    plain = folded == text and not match["yen"] and not match["unit"]
    return fen, AS_WRITTEN if plain else NORMALISED


def _money_hint(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return f"不要写千分位，写作 {text.replace(',', '')}"
    if re.match(r"\d+(\.\d+)?元?/", text):
        return "这里只写金额，单位另写在计费单位里"
    if "万" in text:
        return "请以元为单位"
    return ""


def _decimal(field: Field, text: str) -> tuple[Any, int]:
    folded = _without_unit(field, fold(text))
    match = _DECIMAL.fullmatch(folded)
    tenths = _TENTHS.fullmatch(folded) if field.maximum == 1 else None
    if tenths is not None:
        share = Fraction(10 * int(arabic(tenths[1])) + (5 if tenths[2] else 0), 100)
        _check_bounds(field, share)
        return share, NORMALISED
    if match is None or len(match[1]) > MOST_DIGITS:
        raise BadScalar(allowed(field), _units(field, folded))
    number = Fraction(match[1]) / (100 if match[2] else 1)
    _check_bounds(field, number)
    return number, AS_WRITTEN if match[1] == text else NORMALISED


_READERS: Final[dict[str, Callable[[Field, str], tuple[Any, int]]]] = {
    "text": _text,
    "enum": _enum,
    "boolean": _boolean,
    "integer": _integer,
    "time": read_time,
    "date": read_date,
    "month": read_month,
    "money": _money,
    "decimal": _decimal,
}


def _range_end(field: Field, text: str) -> int:
    if text in field.words:
        return field.words[text]
    digits = _without_unit(field, text)
    digits = digits if side_by_side(digits) else arabic(digits)
    if not _INTEGER.fullmatch(digits):
        raise BadScalar(allowed(field))
    return _bounded(field, digits)


def decimal_text(value: Fraction) -> str:
    """An exact fraction in decimal digits; every value read from a decimal text has them."""
    sign, rest = ("-" if value < 0 else ""), abs(value)
    places = 0
    while (rest * 10**places).denominator != 1 and places < 30:
        places += 1
    digits = str(int(rest * 10**places)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
