"""Fixed sentences of the readers and checks in English: ``reports/sentences.en.json``.

They are written where they are needed, in Chinese, with what was found filled in. For an English
report or call they are known again by their fixed parts; what is filled in stays as it was handed
in, unless it is such a sentence itself.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Final

from kehou import data

_FILE: Final = "sentences.en.json"
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_SLOT: Final = re.compile(r"\{(\d*)\}")
#: What parts sentences that were put together.
_APART: Final = re.compile("(；|。(?!$))")
#: Longer texts hold what somebody wrote.
_LONGEST: Final = 2000


def english(text: str) -> str:
    """A text of the engine in English; as it is where it is no sentence that is known."""
    if not _HAN.search(text) or len(text) > _LONGEST:
        return text
    found = _whole(text)
    if found is not None:
        return found
    parts = _APART.split(text)
    if len(parts) > 1:
        told = [_whole(part) or part for part in parts[::2]]
        return "; ".join(told)
    return text


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
    for pattern, template in patterns:
        if found := pattern.fullmatch(text):
            return _filled(template, [english(slot) for slot in found.groups()])
    return None


def _filled(template: str, slots: list[str]) -> str:
    """A template with its slots filled, by their numbers or else in their order."""
    numbers = iter(range(len(slots)))
    return _SLOT.sub(lambda found: slots[int(found[1] or next(numbers))], template)


@cache
def _known() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Sentences without slots, and patterns of the others, those with more fixed text first."""
    told = json.loads(data.reports().joinpath(_FILE).read_text(encoding="utf-8"))
    exact = {zh: en for zh, en in told.items() if "{" not in zh}
    slotted = sorted((zh for zh in told if "{" in zh), key=lambda zh: -len(_SLOT.sub("", zh)))
    patterns = [
        (re.compile("(.*?)".join(map(re.escape, _SLOT.sub("{}", zh).split("{}"))), re.S), told[zh])
        for zh in slotted
    ]
    return exact, patterns


__all__ = ["choices", "english"]
