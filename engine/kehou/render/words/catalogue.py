"""The fixed words of every report, by language: ``reports/zh_CN.json`` and ``reports/en.json``.

A catalogue is flat: ``outcome.fail`` → 不符合. Slots are written ``{name}``. What the words of a
domain would be is written ``%subject%``: nouns, and stages by their ids, as a pack declares them;
``%Subject%`` begins with a capital. Official letters and score sheets are Chinese in every
language; what only they say stands in ``reports/official.json``.
"""

from __future__ import annotations

import json
import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kehou import data
from kehou.model.nouns import dated, neutral_nouns, neutral_stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kehou.model.report import Report
    from kehou.packs import Pack

_NOUN = re.compile(r"%([A-Za-z][a-z_]*)%")
#: Language of a report → the file of its catalogue.
FILES = {"zh": "zh_CN.json", "en": "en.json"}
OFFICIAL = "official.json"


def load(language: str, nouns: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The catalogue of ``language`` (``zh`` or ``en``); KeyError for any other.

    ``nouns`` is what ``PacksApplied.words`` gives for the language; without it the nouns and the
    stages are the neutral ones. KeyError for a text with a ``%noun%`` that is none.
    """
    return _filled(language, (FILES[language],), tuple(sorted((nouns or {}).items())))


def official(nouns: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The Chinese catalogue and what only letters, notices, circulars and score sheets say.

    ``nouns`` are the Chinese ones, as for ``load``.
    """
    return _filled("zh", (FILES["zh"], OFFICIAL), tuple(sorted((nouns or {}).items())))


def of_reports(reports: Sequence[Report], language: str | None = None) -> Mapping[str, str]:
    """The catalogue for reports of one run, in ``language`` or that of the first of them.

    What letters leave open of a period is filled where the reports say it and say the same.
    """
    if not reports:
        return load(language or "zh")
    language = language or reports[0].run.language
    periods = [report.submission.period.get(language, {}) for report in reports]
    return load(language, dated(reports[0].packs.words(language), periods))


def of_packs(packs: Sequence[Pack], language: str) -> Mapping[str, str]:
    """The catalogue with the nouns and stages of the first of some packs."""
    if not packs:
        return load(language)
    return load(language, {**packs[0].nouns[language], **packs[0].stages[language]})


@cache
def _filled(
    language: str, files: tuple[str, ...], given: tuple[tuple[str, str], ...]
) -> Mapping[str, str]:
    nouns = {**neutral_nouns(language), **neutral_stages(language), **dict(given)}

    def noun(found: re.Match[str]) -> str:
        word = nouns[found[1].lower()]
        return word[:1].upper() + word[1:] if found[1][0].isupper() else word

    texts: dict[str, str] = {}
    for file in files:
        texts |= json.loads(data.reports().joinpath(file).read_text(encoding="utf-8"))
    return MappingProxyType({key: _NOUN.sub(noun, text) for key, text in texts.items()})
