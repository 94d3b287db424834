"""Text as it is compared: one width, one sort of dash and colon, no blanks between characters.

Every character keeps the offset of the one that it came from.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from kehou.readers.blocks import NOT_IN_TURN

#: Signs that stand for another one.
_ALIKE: Final = {
    **dict.fromkeys("—–‐‑‒―─━〜～﹣﹘", "-"),
    "∶": ":",
    "︰": ":",
    "﹕": ":",
    "︓": ":",
    "〔": "(",
    "〕": ")",
    "【": "(",
    "】": ")",
    "｢": "“",
    "「": "“",
    "『": "“",
    "」": "”",
    "』": "”",
    "〈": "《",
    "〉": "》",
    "．": ".",
    "､": "、",
    "｡": "。",
}
#: After these a line break ends a sentence; elsewhere it was made by the width of the page.
_ENDS: Final = "。;!?:"
_NUMBERED: Final = re.compile(
    rf"\s*(?:{NOT_IN_TURN}[（(]?[一二三四五六七八九十百]{{1,4}}[)）、.．]"
    r"|[（(]?[0-9]{1,2}[)）、.．](?![0-9])|[①-⑳]|第[一二三四五六七八九十0-9]{1,4}[章节条])"
)
#: A time of day in which a letter was read for a digit.
_MISREAD: Final = re.compile(r"(?<![0-9A-Za-z])[0-9OolI]{1,2}:[0-9OolI]{2}(?![0-9A-Za-z])")
_DIGITS: Final = str.maketrans("OolI", "0011")


class Normal(NamedTuple):
    """A text as it is compared; ``at[i]`` is the offset in the original of its character i.

    ``at`` has one more entry, the length of the original.
    """

    text: str
    at: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the text came from."""
        if end <= start:
            return self.at[start], self.at[start]
        return self.at[start], self.at[end - 1] + 1


def normal(text: str) -> Normal:
    """A text as it is compared, with the way back."""
    out: list[str] = []
    at: list[int] = []
    for offset, letter in enumerate(text):
        if letter == "\n":
            if out and (out[-1] in _ENDS or _NUMBERED.match(text, offset + 1)):
                out.append("\n")
                at.append(offset)
            continue
        for one in _folded(letter):
            if one == " ":
                if not (out and _latin(out[-1]) and _latin(text[offset + 1 : offset + 2])):
                    continue
            elif one == "-" and out and out[-1] == "-":
                continue
            out.append(one)
            at.append(offset)
    made = "".join(out)
    made = _MISREAD.sub(_as_digits, made)
    return Normal(made, (*at, len(text)))


def _as_digits(match: re.Match[str]) -> str:
    digits = sum(letter.isdecimal() for letter in match[0])
    return match[0].translate(_DIGITS) if digits >= 2 else match[0]


def _folded(letter: str) -> str:
    """One character of the original as it is compared; none for what is invisible."""
    alike = _ALIKE.get(letter)
    if alike is not None:
        return alike
    code = ord(letter)
    if code < 0x7F:
        return " " if letter in " \t\r\f\v" else letter if code >= 0x20 else ""
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in ("Cf", "Cc", "Co"):
        return ""
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFE10 <= code <= 0xFE6F:
        return unicodedata.normalize("NFKC", letter)
    return letter


def _latin(letter: str) -> bool:
    return bool(letter) and letter.isascii() and letter.isalnum()
