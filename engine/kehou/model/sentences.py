"""Fixed sentences of the readers and checks in English: ``reports/sentences.en.json``.

They are written where they are needed, in Chinese, with what was found filled in. For an English
report or call they are known again by their fixed parts; what is filled in stays as it was handed
in, unless it is such a sentence itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from kehou import data

_FILE: Final = "sentences.en.json"
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_SLOT: Final = re.compile(r"\{(\d*)\}")
#: What parts sentences that were put together.
_APART: Final = re.compile("(；|。(?!$))")
#: A place (a file, with its line or cell) before a sentence, and a hint in brackets after it.
_PLACE: Final = re.compile(r"(\s*)([^：]*[.:!][^：]*)：(.+)")
_HINT: Final = re.compile(r"(\s*)(.+?)（(.+)）")
#: Longer texts hold what somebody wrote.
_LONGEST: Final = 2000


def english(text: str) -> str:
    """A text of the engine in English; as it is where it is no sentence that is known.

    Of several lines each is told by itself; “place：sentence（hint）” part by part.
    """
    if not _HAN.search(text):
        return text
    if len(text) > _LONGEST and "\n" not in text:
        return text
    found = _whole(text)
    if found is not None:
        return found
    if "\n" in text:
        return "\n".join(map(english, text.split("\n")))
    return _placed(text) or _with_hint(text) or _in_parts(text)


def _placed(text: str) -> str:
    """“place：sentence” of which the sentence is known; else empty."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return ""
    told = english(found[3])
    return f"{found[1]}{found[2]}: {told}" if told != found[3] else ""


def _with_hint(text: str) -> str:
    """“sentence（hint）” of which the sentence is known; else empty."""
    found = _HINT.fullmatch(text)
    told = _whole(found[2]) if found else None
    return f"{found[1]}{told} ({english(found[3])})" if found and told is not None else ""


def _in_parts(text: str) -> str:
    parts = _APART.split(text)
    if len(parts) > 1:
        told = [_whole(part) or part for part in parts[::2]]
        return "; ".join(told)
    indented = text.lstrip()
    return text[: -len(indented)] + english(indented) if indented != text else text


def choices(text: str) -> str:
    """What may be written, in English; words that are to be written as they are, in quotes."""
    told = english(text)
    return f"“{told}”" if _HAN.search(told) and "“" not in told else told


def _whole(text: str) -> str | None:
    if not _HAN.search(text):
        return text
    exact, patterns = _known()
    if text in exact:
        return exact[text]
    for pattern in patterns:
        if all(part in text for part in pattern.parts) and (found := pattern.how.fullmatch(text)):
            slots = found.groups()
            told = [slot if n in pattern.quoted else english(slot) for n, slot in enumerate(slots)]
            return _filled(pattern.told, told)
    return None


def _filled(template: str, slots: list[str]) -> str:
    """A template with its slots filled, by their numbers or else in their order."""
    numbers = iter(range(len(slots)))
    return _SLOT.sub(lambda found: slots[int(found[1] or next(numbers))], template)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with slots: its fixed parts, how it is found, what is told.

    What is ``quoted`` was handed in, and stays as it is though it were a sentence of ours.
    """

    parts: tuple[str, ...]
    how: re.Pattern[str]
    told: str
    quoted: frozenset[int]


@cache
def _known() -> tuple[dict[str, str], list[_Pattern]]:
    """Sentences without slots, and patterns of the others, those with more fixed text first."""
    told = json.loads(data.reports().joinpath(_FILE).read_text(encoding="utf-8"))
    exact = {zh: en for zh, en in told.items() if "{" not in zh}
    slotted = sorted((zh for zh in told if "{" in zh), key=lambda zh: -len(_SLOT.sub("", zh)))
    return exact, [_pattern(zh, told[zh]) for zh in slotted]


def _pattern(zh: str, told: str) -> _Pattern:
    parts = tuple(_SLOT.sub("{}", zh).split("{}"))
    pairs = enumerate(pairwise(parts))
    quoted = frozenset(n for n, (a, b) in pairs if a.endswith("“") and b.startswith("”"))
    return _Pattern(parts, re.compile("(.*?)".join(map(re.escape, parts)), re.S), told, quoted)


__all__ = ["choices", "english"]
