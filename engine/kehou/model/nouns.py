"""What things and stages are called: nouns by language, declared by a schema or a pack.

The engine has no word of any domain. What is declared nowhere is called neutrally, as
schemas/declarations.schema.json says of each noun and stage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from kehou import data
from kehou.model.outcomes import Stage

#: Languages in which nouns and titles are given, with their names.
LANGUAGES: Final = {"zh": "中文", "en": "英文"}
#: The key of a stage's title in a pack, by language; what each key holds.
_TITLES: Final = {"zh": "title", "en": "en"}
_TITLE_KEYS: Final = {"title": "名称", "en": "英文名称"}
#: Nouns that hold what is left open of a period, the titles of its fields in 〔〕.
_OPEN: Final = ("period", "year")
#: Language → key → word.
Words = Mapping[str, Mapping[str, str]]
#: (JSON pointer, message, way out)
Fault = tuple[str, str, str]


def neutral_nouns(language: str) -> dict[str, str]:
    """What things are called in a language where nothing is declared: noun → word."""
    return _neutral("words", language)


def neutral_stages(language: str) -> dict[str, str]:
    """What the stages are called in a language where nothing is declared: stage id → title."""
    return _neutral("stages", language)


def _neutral(table: str, language: str) -> dict[str, str]:
    rows = _definitions()[table]["properties"]
    return {name: row["x-neutral"][language] for name, row in rows.items()}


@cache
def _definitions() -> Mapping[str, Any]:
    text = data.schemas().joinpath("declarations.schema.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)["$defs"]
    return found


def nouns(tree: Mapping[str, Mapping[str, str]], below: Words | None = None) -> Words:
    """Nouns by language, over those ``below`` or the neutral ones."""
    return {
        language: {**(below or {}).get(language, neutral_nouns(language)), **tree.get(language, {})}
        for language in LANGUAGES
    }


def stages(tree: Mapping[str, Mapping[str, str]]) -> Words:
    """Titles of stages by language, as a pack's ``stages`` give them, else neutral."""
    return {
        language: {
            **neutral_stages(language),
            **{stage: str(titles[_TITLES[language]]) for stage, titles in tree.items()},
        }
        for language in LANGUAGES
    }


def dated(words: Mapping[str, str], periods: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Nouns with what is left open of a period filled, as far as all that say it say the same.

    ``periods`` are values by the title that stands for each in 〔〕.
    """
    said: dict[str, set[str]] = {}
    for period in periods:
        for title, value in period.items():
            said.setdefault(title, set()).add(value)
    found = dict(words)
    for title, values in said.items():
        if len(values) == 1:
            for noun in _OPEN:
                found[noun] = found.get(noun, "").replace(f"〔{title}〕", next(iter(values)))
    return found


# --- what is wrong with them -----------------------------------------------------------------


def noun_faults(tree: Any, at: str) -> Iterator[Fault]:
    """What is wrong with nouns by language, of a schema or of a pack."""
    if tree is None:
        return
    yield from key_faults(tree, at, list(LANGUAGES))
    if not isinstance(tree, dict):
        return
    given = {word for words in tree.values() if isinstance(words, dict) for word in words}
    for language, told in LANGUAGES.items():
        words = tree.get(language)
        if words is None:
            yield at, f"缺少 {language}（{told}）的名词", "中英文各写一套，键相同"
            continue
        yield from key_faults(words, f"{at}/{language}", list(neutral_nouns(language)))
        for word in sorted(given) if isinstance(words, dict) else ():
            if word not in words:
                lacking = f"缺少 {language}（{told}）的 {word}"
                yield f"{at}/{language}", lacking, "另一种语言里写了它"
            else:
                yield from _text(words[word], f"{at}/{language}/{word}")


def stage_faults(tree: Any, at: str) -> Iterator[Fault]:
    """What is wrong with a pack's titles of stages."""
    if tree is None:
        return
    yield from key_faults(tree, at, [str(stage) for stage in Stage])
    for stage, titles in tree.items() if isinstance(tree, dict) else ():
        place = f"{at}/{stage}"
        yield from key_faults(titles, place, list(_TITLE_KEYS))
        for key, told in _TITLE_KEYS.items() if isinstance(titles, dict) else ():
            if key not in titles:
                yield place, f"环节 {stage} 缺少 {key}（{told}）", "中英文名称都要写"
            else:
                yield from _text(titles[key], f"{place}/{key}")


def key_faults(
    tree: Any, at: str, allowed: Sequence[str], needed: Sequence[str] = ()
) -> Iterator[Fault]:
    """What is wrong with the keys of something that must be a mapping."""
    if not isinstance(tree, dict):
        yield at, "这里应当是“键: 值”的映射", "可用的键：" + "、".join(allowed)
        return
    for key in tree:
        if key not in allowed:
            yield f"{at}/{key}", f"不认识的键 {key}", "可用：" + "、".join(allowed)
    for name in needed:
        if name not in tree:
            yield at, f"缺少 {name}", ""


def _text(value: Any, at: str) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield at, "这里应当是一段文字", "请写出名词，或删去这一行"
    elif "%" in value or "{" in value or "}" in value:
        yield at, f"名词“{value}”里不能有 %、{{、}}", "它们在报告的文字里另有意思"
