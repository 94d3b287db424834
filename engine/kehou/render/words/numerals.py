"""How the levels of an official text are numbered: 一、 （一） 1. （1）."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_DIGITS = "零一二三四五六七八九"
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Numerals:
    """The four levels; each makes the mark that stands before the text of a number from 1."""

    first: Callable[[int], str]
    second: Callable[[int], str]
    third: Callable[[int], str]
    fourth: Callable[[int], str]


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese: 一, 十, 十一, 二十; larger ones in digits."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def roman(number: int) -> str:
    """A number from 1 to 89 in Roman numerals."""
    told = ""
    for value, letters in _ROMAN:
        told += letters * (number // value)
        number %= value
    return told


#: Language of a report → its numbering.
NUMERALS = {
    "zh": Numerals(
        lambda n: f"{chinese(n)}、",
        lambda n: f"（{chinese(n)}）",
        lambda n: f"{n}.",
        lambda n: f"（{n}）",
    ),
    "en": Numerals(
        lambda n: f"{roman(n)}. ",
        lambda n: f"({roman(n).lower()}) ",
        lambda n: f"{n}. ",
        lambda n: f"({n}) ",
    ),
}
