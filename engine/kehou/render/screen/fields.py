"""What a pack has that is spoken of in some words: fields, derived values, parameters, rules.

Whoever writes a rule looks here for the field that there is, and whether the like is there already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kehou.fields import show
from kehou.language import ROOT
from kehou.packs.uses import conditions
from kehou.render.screen.derived import made_of
from kehou.render.words import catalogue, visible
from kehou.render.words.wording import Words

if TYPE_CHECKING:
    from kehou.fields import Field
    from kehou.packs import Pack

#: Rules that are named beside a derived value.
_MOST_RULES = 3
#: Options of a field that are shown.
_MOST_OPTIONS = 8
#: A span or a share of two fields, and the functions that give one.
_SPAN = re.compile("([^到至÷]{2,})[到至÷]([^到至÷]{2,})")
_OF_TWO = ("days_between", "minutes_between", "ratio", "minus")


def spoken_of(pack: Pack, word: str, language: str = "zh") -> str:
    """All that is called so, or that a rule of that title reads; several words have all to fit."""
    words = catalogue.of_packs([pack], language)
    told = pack.told_in(language)
    lines: list[str] = []
    parts = {
        "fields.stated": _fields(told, word, language),
        "fields.derived": _derived(told, word, words, language),
        "fields.parameters": _parameters(told, word, language),
        "fields.rules": _rules(told, word, language),
    }
    for heading, rows in parts.items():
        found = list(rows)
        if found:
            lines += ["", words[heading].format(n=len(found)), *(f"  {row}" for row in found)]
    ends = _SPAN.fullmatch(word.strip())
    if not lines and ends:
        lines = _between(told, (ends[1], ends[2]), words, language)
    if not lines:
        lines = ["", words["fields.none"].format(word=word)]
    return "".join(visible(line) + "\n" for line in lines[1:])


def _between(pack: Pack, ends: tuple[str, str], words: Words, language: str) -> list[str]:
    """What is worked out from two fields (开始到结束), and these; nothing without one of them."""
    every = [list(_fields(pack, end, language)) for end in ends]
    if not all(every):
        return []
    rows = list(_derived(pack, " ".join(ends), words, language, _OF_TWO))
    fields = list(dict.fromkeys(row for part in every for row in part))
    lines: list[str] = []
    for heading, found in (("fields.derived", rows), ("fields.stated", fields)):
        if found:
            lines += ["", words[heading].format(n=len(found)), *(f"  {row}" for row in found)]
    return lines


def _fits(word: str, *texts: str) -> bool:
    every = " ".join(texts).lower()
    return all(piece in every for piece in word.lower().split())


def _title(field: Field, language: str) -> str:
    return field.title if language == "zh" else field.title_en or field.title


def _fields(pack: Pack, word: str, language: str) -> Iterator[str]:
    """Each field once, by the first entity that has it, with what its rows are."""
    seen: set[str] = set()
    for entity in (ROOT, *pack.entities):
        rows = pack.vocabulary.field_of_rows(entity) if entity != ROOT else None
        whose = _title(rows, language) if rows is not None else ""
        for name, field in pack.vocabulary.own_fields(entity).items():
            title = _title(field, language)
            options = _options(field, word)
            fits = _fits(word, title, whose, name, *field.names)
            if field.path in seen or not (fits or options):
                continue
            seen.add(field.path)
            shown = f"{whose} · {title}" if whose else title
            choices = _choices(field, options, language)
            unit = "、".join(field.units)
            extra = f"  {choices or unit}" if choices or unit else ""
            yield f"{_name(entity, name)}  {shown}  {field.kind}{extra}"


def _options(field: Field, word: str) -> list[str]:
    """The options of a field that are called so, by their value, label or another spelling."""
    spelt: dict[str, list[str]] = {value: [value, label] for value, label in field.labels.items()}
    for other, value in field.aliases.items():
        if str(value) in spelt:
            spelt[str(value)].append(other)
    return [value for value, names in spelt.items() if any(_fits(word, one) for one in names)]


def _choices(field: Field, first: Sequence[str], language: str) -> str:
    """A field's options, those asked for before others, and how many more there are."""
    order = [*first, *(value for value in field.labels if value not in first)]
    shown = "、".join(f"{value} {field.labels[value]}" for value in order[:_MOST_OPTIONS])
    more = len(order) - _MOST_OPTIONS
    if more <= 0:
        return shown
    return f"{shown}……（共 {len(order)} 项）" if language == "zh" else f"{shown}… ({len(order)})"


def _name(entity: str, name: str) -> str:
    return name if entity == ROOT else f"each: {entity}  {name}"


def _derived(
    pack: Pack, word: str, words: Words, language: str, functions: Sequence[str] = ()
) -> Iterator[str]:
    """Derived values by what they are made from and by the titles of the rules that read them."""
    readers = _readers(pack)
    for (entity, name), d in pack.derivations.items():
        if (entity, name) in pack.generated or (functions and d.fn not in functions):
            continue
        rules = readers.get((entity, name), {})
        made = made_of(pack, d, words, language)
        if _fits(word, made) if functions else _fits(word, name, made, *rules.values()):
            read = words["list"].join(list(rules)[:_MOST_RULES])
            told = words["fields.read_by"].format(rules=read) if read else ""
            shown = f"submission.{name}" if entity == ROOT else f"each: {entity}  {name}"
            yield f"{shown}  {made}{told}"


def _readers(pack: Pack) -> dict[tuple[str, str], dict[str, str]]:
    """The rules that name a derived value in a condition, with their titles."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for rule in pack.rules.values():
        for condition in conditions(rule):
            for one in pack.names_in(condition):
                owner = ROOT if pack.is_root(one.name) else rule.each
                key = (owner, one.name.removeprefix("submission."))
                if key in pack.derivations:
                    found.setdefault(key, {})[rule.id] = rule.title
    return found


def _parameters(pack: Pack, word: str, language: str) -> Iterator[str]:
    for name, one in pack.parameters.items():
        grounds = " ".join(value.ground for value in one.values)
        if _fits(word, name, one.title, grounds):
            value = one.values[-1] if one.values else None
            shown = ""
            if value is not None and value.value is not None:
                kind = one.type.kind
                shown = f" = {show(value.value, kind, language)}{_unit(one.unit, kind)}"
            yield f"{name}  {one.title}{shown}"


def _unit(unit: str, kind: str) -> str:
    """What is said after a value, of which an amount of money has the first itself: 300元/学期."""
    rest = unit.removeprefix("元") if kind == "money" else unit
    return "" if rest in ("时刻", "日期", "无", "元") else rest


def _rules(pack: Pack, word: str, language: str) -> Iterator[str]:
    titles: Mapping[str, str] = {
        rule.id: (pack.english.get(rule.id) or {}).get("title") or rule.title
        if language == "en"
        else rule.title
        for rule in pack.rules.values()
    }
    for rule, title in titles.items():
        if _fits(word, rule, title):
            yield f"{rule}  {title}"


__all__ = ["spoken_of"]
