"""What looks like a person's own: phone and identity numbers, names; and how it is told unshown.

Sources: identity numbers GB 11643-1999 (six digits of area, date of birth, order, check digit by
ISO 7064 MOD 11-2); mobile phones, eleven digits beginning with 1 and 3 to 9.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Final

from kehou.fields.fields import Field, fold

_PHONE: Final = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9A-Za-z])")
_IDENTITY: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_LONG: Final = re.compile(r"\d{11}")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NAME: Final = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf·]{2,4}")
#: Digits with what stands between the parts of dates, times and sums of money.
_NUMERIC: Final = re.compile(r"[0-9年月日时分点元:：./\-—~,，\s￥¥%]{1,24}")
_HAN: Final = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")


def has_number(text: str) -> bool:
    """Whether a text holds a mobile phone or an identity number."""
    if not _LONG.search(text):
        return False
    folded = fold(text)
    if _PHONE.search(folded):
        return True
    return any(_is_identity(match) for match in _IDENTITY.finditer(folded))


def _is_identity(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    digits = match[0].upper()
    total = sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def is_like_name(text: str) -> bool:
    """Whether a text is two to four Chinese characters and nothing else, as names are."""
    return _NAME.fullmatch(text) is not None


def shape(text: str) -> str:
    """What a text looks like, without the text: ``11 位数字``, ``3 个汉字``, ``12 个字符``."""
    bare = "".join(text.split())
    if bare.isdecimal():
        return f"{len(bare)} 位数字"
    if bare and all(_HAN.match(char) for char in bare):
        return f"{len(bare)} 个汉字"
    return f"{len(bare)} 个字符"


def is_of_the_field(field: Field, text: str) -> bool:
    """Whether a text that a field cannot take is plainly meant for it, and so nobody's own.

    That is a number, date or time in an odd spelling, or a word near one that may be written.
    """
    if has_number(text):
        return False
    member = field.item if field.kind == "list" and field.item is not None else field
    if _NUMERIC.fullmatch(text):
        return sum(char.isdigit() for char in text) <= 8
    words = [*member.labels.values(), *member.labels, *member.aliases, *member.words]
    if member.kind == "boolean":
        words += ["是", "否"]
    return bool(get_close_matches(fold(text), [fold(word) for word in words], 1, 0.6))
