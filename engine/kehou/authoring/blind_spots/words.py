"""Kinds of change in Chinese, from their ids."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "none": "改写“无”",
    "flipped": "是、否对调",
    "×2": "加倍",
    "÷2": "减半",
    "0": "改为0",
    "other text": "改成别的文字",
    "unknown id": "改成不存在的编号",
    "another id": "改成另一行的编号",
    "emptied": "清空",
    "a row removed": "去掉一行",
    "a row doubled": "重复一行",
    "one row alone": "只留一行",
    "a member less": "去掉一项",
    "a member more": "多加一项",
    "one member alone": "只留一项",
    "⇄ another row": "与另一行对调",
}
_SPANS: Final = {
    "1 hour": "1小时",
    "1 month": "1个月",
    "half a year": "半年",
    "a year": "1年",
}
_WAYS: Final = {"earlier": "提前", "later": "推后"}
_PLACED: Final = {
    "→": "改为 {}",
    "⇄": "与 {} 对调",
    "with ": "加上 {}",
    "at ": "改为界限 {}",
    "just below ": "比界限 {} 低一个单位",
    "just above ": "比界限 {} 高一个单位",
}


def in_words(kind: str) -> str:
    """A kind of change in Chinese; the id itself where it is none of ours."""
    if kind in _WORDS:
        return _WORDS[kind]
    for start, told in _PLACED.items():
        if kind.startswith(start):
            return told.format(kind.removeprefix(start))
    span, _, way = kind.rpartition(" ")
    if span in _SPANS and way in _WAYS:
        return f"{_WAYS[way]}{_SPANS[span]}"
    return kind
