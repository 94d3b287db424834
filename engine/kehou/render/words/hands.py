"""Who looked through what a program read of prose, as it is told to whoever gets a paper on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kehou.model.confirmations import Hand
from kehou.render.words.statement import safe


def hands_told(
    hands: Iterable[Hand], words: Mapping[str, str], day: Callable[[str], str] = str
) -> str:
    """Each with office and date, and how much it put right or took out; "" where there is none.

    ``day`` writes an ISO date as the paper does.
    """
    return words["semicolon"].join(_told(hand, words, day) for hand in hands)


def _told(hand: Hand, words: Mapping[str, str], day: Callable[[str], str]) -> str:
    told = words[f"confirmation.by.{hand.whose}"].format(by=safe(hand.by, 60), date=day(hand.on))
    changed = [
        words[f"confirmation.hand.{state}"].format(n=n)
        for state, n in (("corrected", hand.corrected), ("rejected", hand.rejected))
        if n
    ]
    return told + "".join(changed)


__all__ = ["hands_told"]
