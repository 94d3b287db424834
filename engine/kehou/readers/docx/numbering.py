"""The numbers that Word shows before paragraphs without their being part of the text.

Source: ECMA-376, Part 1, §17.9 (numbering), §17.18.59 (number formats).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from kehou.readers.ooxml import Package, Reading, local

_MOST_LEVELS: Final = 9
_DIGITS: Final = "〇一二三四五六七八九"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"


@dataclass(slots=True)
class Level:
    """One level of a list: how its number is written, and where it starts."""

    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Lists:
    """The lists of a document and how far each has been counted.

    ``levels`` are by number id and level; ``linked`` says by style which list and level it has.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def next(self, number: str, level: int) -> str:
        """Count one paragraph of a list and give what is shown before it; may be empty."""
        levels = self.levels.get(number)
        if not levels or not 0 <= level < _MOST_LEVELS:
            return ""
        counts = self.counts.setdefault(self.abstract_of.get(number, number), [0] * _MOST_LEVELS)
        here = levels.get(level, Level())
        counts[level] = counts[level] + 1 if counts[level] else here.start
        counts[level + 1 :] = [0] * (_MOST_LEVELS - level - 1)
        if here.format == "bullet" or not here.text:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if not 0 <= at <= level:
                return ""
            other = levels.get(at, Level())
            return written(counts[at] or other.start, other.format)

        return re.sub(r"%([1-9])", shown, here.text)


def lists(package: Package, part: str) -> Lists:
    """The lists of a document's numbering part; raises ``ReadError`` where it is damaged."""
    found = Lists()
    abstract: dict[str, dict[int, Level]] = {}
    numbers: dict[str, str] = {}
    starts: dict[str, dict[int, int]] = {}
    path: list[str] = []
    now = {"abstract": "", "num": "", "level": "", "override": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        path.append(name)
        get = {local(key): value for key, value in attributes.items()}
        if name == "abstractNum":
            now["abstract"] = get.get("abstractNumId", "")
            abstract[now["abstract"]] = {}
        elif name == "num":
            now["num"] = get.get("numId", "")
        elif name == "abstractNumId" and "num" in path:
            numbers[now["num"]] = get.get("val", "")
        elif name == "lvlOverride":
            now["override"] = get.get("ilvl", "")
        elif name == "startOverride":
            if _small(now["override"]) and _small(get.get("val", "")):
                starts.setdefault(now["num"], {})[int(now["override"])] = int(get["val"])
        elif name == "lvl" and "abstractNum" in path:
            now["level"] = get.get("ilvl", "")
            if _small(now["level"]):
                abstract[now["abstract"]][int(now["level"])] = Level()
        elif "abstractNum" in path and _small(now["level"]):
            level = abstract[now["abstract"]].get(int(now["level"]))
            if level is None:
                return
            if name == "start" and _small(get.get("val", "")):
                level.start = int(get["val"])
            elif name == "numFmt":
                level.format = get.get("val", "decimal")
            elif name == "lvlText":
                level.text = get.get("val", "")

    def end(tag: str) -> None:
        path.pop()

    Reading(package, part).run(start, end)
    for number, whose in numbers.items():
        levels = abstract.get(whose, {})
        over = starts.get(number)
        if over:
            levels = {
                at: Level(one.format, one.text, over.get(at, one.start))
                for at, one in levels.items()
            }
        else:
            found.abstract_of[number] = whose
        found.levels[number] = levels
    return found


def _small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5


def written(number: int, format: str) -> str:
    """A number in one of Word's formats; in figures where the format is none of those known."""
    if format in ("chineseCounting", "chineseCountingThousand", "ideographTraditional"):
        return chinese(number)
    if format in ("japaneseCounting", "taiwaneseCountingThousand", "taiwaneseCounting"):
        return chinese(number)
    if format == "ideographDigital":
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return _CIRCLED[number - 1] if 1 <= number <= len(_CIRCLED) else str(number)
    if format in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if format == "lowerLetter" else letter.upper()
    if format in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.lower() if format == "lowerRoman" else roman
    if format == "heavenlyStem" and 1 <= number <= len(_STEMS):
        return _STEMS[number - 1]
    if format == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if format == "none":
        return ""
    return str(number)


def chinese(number: int) -> str:
    """A whole number below 10,000 as counted in Chinese: 十二, 一百零三."""
    if not 0 < number < 10_000:
        return str(number)
    out, zero = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            one = "" if digit == 1 and value == 10 and not out else _DIGITS[digit]
            out += ("零" if zero and out else "") + one + unit
            zero = False
        else:
            zero = True
    return out


def _roman(number: int) -> str:
    out = ""
    for value, sign in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value and len(out) < 30:
            out, number = out + sign, number - value
    return out
