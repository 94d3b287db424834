"""The fixed words of every report, by language: ``reports/zh_CN.json`` and ``reports/en.json``.

A catalogue is flat: ``outcome.fail`` → 不符合. Slots are written ``{name}``. What the words of a
domain would be is written ``%subject%``: nouns, and stages by their ids, as a pack declares them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kehou import data
from kehou.model.nouns import neutral_nouns, neutral_stages

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOUN = re.compile(r"%([a-z_]+)%")
#: Language of a report → the file of its catalogue.
FILES = {"zh": "zh_CN.json", "en": "en.json"}


def load(language: str, nouns: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The catalogue of ``language`` (``zh`` or ``en``); KeyError for any other.

    ``nouns`` is what ``PacksApplied.words`` gives for the language; without it the nouns and the
    stages are the neutral ones. KeyError for a text with a ``%noun%`` that is none.
    """
    return _filled(language, tuple(sorted((nouns or {}).items())))


@cache
def _filled(language: str, given: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    text = data.reports().joinpath(FILES[language]).read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    nouns = {**neutral_nouns(language), **neutral_stages(language), **dict(given)}

    def noun(found: re.Match[str]) -> str:
        return nouns[found[1]]

    return MappingProxyType({key: _NOUN.sub(noun, text) for key, text in words.items()})
