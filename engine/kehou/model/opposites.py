"""Chinese words that look alike and say the opposite, or count another thing: never a guess.

最早 is no misspelt 最晚, 收费 no misspelt 免费, 周七 no misspelt 周日.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

_NEGATIONS: Final = frozenset("不未无没非否免禁勿莫")
_PAIRS: Final = tuple(
    (frozenset(pair.partition("|")[0]), frozenset(pair.partition("|")[2]))
    for pair in [
        "早|晚迟",
        "前|后",
        "上|下",
        "大|小",
        "多|少",
        "高|低",
        "长|短",
        "内|外",
        "男|女",
        "开|关停闭",
        "入进收|出支退",
        "公|私民",
        "增加升|减降",
        "起始|止末终",
        "开|结",
        "左|右",
        "新|旧",
        "宽|窄严",
        "甲|乙",
        "城|乡村",
        "买|卖",
        "借|还",
        "专|兼",
        "同|异",
    ]
)
_NUMERALS: Final = {c: str(i) for i, c in enumerate("零一二三四五六七八九十")} | {
    "〇": "0",
    "两": "2",
}


def opposed(word: str, other: str) -> bool:
    """Whether one of two words may say the opposite of the other, or has another number in it."""
    if _numbers(word) != _numbers(other):
        return True
    ours, theirs = Counter(word), Counter(other)
    mine, others = set(ours - theirs), set(theirs - ours)
    if bool(mine & _NEGATIONS) != bool(others & _NEGATIONS):
        return True
    return any(
        (mine & one and others & two) or (mine & two and others & one) for one, two in _PAIRS
    )


def alike(word: str, known: Iterable[str], cutoff: float) -> str:
    """The known word that looks most like a word and does not say the opposite; "" for none.

    ``cutoff`` is how alike they have to be, from 0 to 1 (difflib).
    """
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), 3, cutoff)
    return next((one for one in close if not opposed(word, one)), "")


def _numbers(word: str) -> list[str]:
    return [_NUMERALS.get(c, c) for c in word if c in _NUMERALS or c.isdecimal()]


__all__ = ["alike", "opposed"]
