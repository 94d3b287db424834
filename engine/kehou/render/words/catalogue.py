"""The fixed words of every report, by language: ``reports/zh_CN.json`` and ``reports/en.json``.

A catalogue is flat: ``outcome.fail`` → 不符合. Slots are written ``{name}``.
"""

from __future__ import annotations

import json
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kehou import data

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Language of a report → the file of its catalogue.
FILES = {"zh": "zh_CN.json", "en": "en.json"}


@cache
def load(language: str) -> Mapping[str, str]:
    """The catalogue of ``language`` (``zh`` or ``en``); KeyError for any other."""
    text = data.reports().joinpath(FILES[language]).read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    return MappingProxyType(words)
