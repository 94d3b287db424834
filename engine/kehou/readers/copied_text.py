"""Texts as people copy them: marks that nobody sees, and what spreadsheets leave round a value.

A value copied from a page, a chat or a spreadsheet looks like the value that was meant and is
another text. Whoever compares words compares what was meant; whoever shows them shows both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

#: Characters without a shape: controls, joiners, marks of direction, selectors of variants.
INVISIBLE: Final = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: Blanks that are no blank of the keyboard's.
WIDE_BLANKS: Final = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
#: Tables say the same words over and over.
_KEPT: Final = 4096
_MARKS = re.compile(f"[{INVISIBLE}]+")
#: ``="T01"``, by which systems keep a spreadsheet from changing a text; also in quotes that an
#: input method has made, and put between quotes once more.
_KEPT_TEXT = re.compile(r'[=＝]\s*(["“”＂])((?:[^"“”＂]|"")*)["“”＂]')
_QUOTED_TWICE = re.compile(r'"[=＝]""([^"]*)"""')
#: A formula that is nothing but its number; one with leading zeros shows another.
_KEPT_NUMBER = re.compile(r"[=＝]\s*([1-9][0-9]{0,14})")
#: What marks a cell as text in a spreadsheet, also as an input method writes it.
_MARKED = re.compile("['＇‘’](?=[^'＇‘’\"“”]+$)")
#: Full-width letters and digits, and characters that stand for another of the same shape.
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_BLANKS = re.compile(f"[{WIDE_BLANKS}]")
#: A number or a code: nothing in it but ASCII, its full-width forms and hyphens.
_CODE = re.compile(
    "[ -~！-～\u2010-\u2012\u2212]*[0-9A-Za-z０-９Ａ-Ｚａ-ｚ][ -~！-～\u2010-\u2012\u2212]*"
)
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-")
#: A number that a program kept as a fraction: ``20211101.0``, or showed with cents.
_FRACTION = re.compile(r"([0-9]{6,40})\.0{1,2}")
#: As spreadsheets write it, and as programs do that leave out the sign: ``1.50802E17``.
_SCIENTIFIC = re.compile(
    r"[-+]?[0-9](?:\.[0-9]{1,20})?E[-+][0-9]{2,3}|[-+]?[0-9]\.[0-9]{1,20}E-?[0-9]{1,3}",
    re.IGNORECASE,
)
_NAME: Final = r"[A-Z_][A-Z0-9._]{0,40}"
#: A call, a reference (by sheet, by table, by row and column), texts joined, a sum, a name.
_FORMULA = re.compile(
    rf"\{{?=\s*[-+@(]*\s*(?:{_NAME}\s*\(.*|'?[^\s=]{{0,60}}!?\$?[A-Z]{{1,3}}\$?[0-9]+\b.*"
    rf"|'[^'\n=]{{1,100}}'!.*|R[0-9\[].*|RC.*|[^\s=]{{0,60}}\[.*|.*[&\"].*"
    rf"|[-+*/^%(). 0-9]+|#.*|{_NAME})"
    rf"|(?-i:[-+@][A-Z]{{2,40}}\().*",
    re.IGNORECASE | re.DOTALL,
)
_ERROR = re.compile(
    r"#(?:N/?A|REF|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC|GETTING_DATA|FIELD|BLOCKED|UNKNOWN|CONNECT"
    r"|BUSY|EXTERNAL|PYTHON|名称|#+)[!?]?|(?:Err|错误):5[0-9]{2}",
    re.IGNORECASE,
)
#: What is looked at first: most texts are none of these.
_BEGINS_A_NUMBER: Final = frozenset("0123456789+-")
_BEGINS_A_FORMULA: Final = frozenset("={+-@")
_BEGINS_AN_ERROR: Final = frozenset("#Ee错")


def without_marks(text: str) -> str:
    """A text without the characters that have no shape."""
    if text.isascii() and text.isprintable():
        return text
    return _MARKS.sub("", text)


def as_meant(text: str) -> str:
    """What a value says: without invisible marks, and out of ``="…"``; perhaps nothing."""
    if text.isascii() and text.isprintable() and text[:1] not in "=\"'":
        return text.strip()
    return _meant(text)


@lru_cache(_KEPT)
def _meant(text: str) -> str:
    text = _MARKS.sub("", text).strip()
    if text[:1] in ("=", "＝"):
        if kept := _KEPT_TEXT.fullmatch(text):
            text = kept[2].replace('""', '"')
        elif kept := _KEPT_NUMBER.fullmatch(text):
            text = kept[1]
    elif text[:1] == '"' and (kept := _QUOTED_TWICE.fullmatch(text)):
        text = kept[1]
    elif _MARKED.match(text):
        text = text[1:]
    return text.strip()


def as_compared(text: str) -> str:
    """A name, a number or a code in the letters that others write it with.

    Full-width letters and digits, blanks and characters of the same shape are the usual ones;
    of what is nothing but a code, punctuation too.
    """
    return _whole(text) if text.isascii() else _compared(text)


def _whole(text: str) -> str:
    return match[1] if text[-2:] in (".0", "00") and (match := _FRACTION.fullmatch(text)) else text


@lru_cache(_KEPT)
def _compared(text: str) -> str:
    if _CODE.fullmatch(text):
        return _whole(unicodedata.normalize("NFKC", text.translate(_HYPHENS)).strip())
    text = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text))


def as_code(text: str) -> str:
    """An id or a name of somebody else's, as it is compared: what it says, in the usual letters."""
    return as_compared(as_meant(text))


def meant(tree: Any) -> Any:
    """A tree of texts with each of them, keys too, as it is meant."""
    if isinstance(tree, str):
        return as_meant(tree)
    if isinstance(tree, dict):
        return {as_meant(key): meant(value) for key, value in tree.items()}
    return [meant(value) for value in tree] if isinstance(tree, list) else tree


def damage(text: str) -> str:
    """Why a text cannot be what was meant, though it reads well; empty where nothing tells."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    first = text[:1]
    if first in _BEGINS_A_NUMBER and _SCIENTIFIC.fullmatch(text):
        return "这是被 Excel 改成科学计数法的编号，原来的数字已经丢失"
    if first in _BEGINS_A_FORMULA and _FORMULA.fullmatch(text):
        return "这是公式，不是它的结果"
    if first in _BEGINS_AN_ERROR and _ERROR.fullmatch(text):
        return "这是公式出错或列宽不够时显示的符号"
    return ""
