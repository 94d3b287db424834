"""Words of patterns and lexicons that no text reaches: written twice, or behind another line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kehou.documents import normal
from kehou.packs.casefiles import Found
from kehou.reading import Library, Topic

_SLOT: Final = re.compile(r"<([^<>|\s]+)>")
_DROP: Final = "请删去；改了别的意思的，请改到前面去或写明白"


def dead(library: Library) -> Iterator[Found]:
    """Every word of a library's patterns that changes nothing, with what stands in its way."""
    for name, groups in (
        ("groups", library.scope.groups),
        ("sections", library.scope.sections),
        ("subjects", library.scope.subjects),
    ):
        for group, words in groups.items():
            yield from _doubled(words, f"scope.yaml {name}/{group}")
    for topic in library.topics:
        file = f"{topic.name}.yaml"
        for group, words in topic.words.items():
            yield from _doubled(words, f"{file} words/{group}")
        yield from _of_lines(topic, file)


def doubled(words: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(index, the word, the earlier one) of words that are read alike."""
    first: dict[str, str] = {}
    for at, word in enumerate(words):
        earlier = first.setdefault(normal(word).text, word)
        if at and earlier is not word:
            yield at, word, earlier
        elif words.index(word) < at:
            yield at, word, word


def _doubled(words: Sequence[str], place: str) -> Iterator[Found]:
    for at, word, earlier in doubled(words):
        yield f"{place}/{at}", f"“{word}”与前面的“{earlier}”是一样的", _DROP


def _of_lines(topic: Topic, file: str) -> Iterator[Found]:
    """Words written twice in a part of a line, and those that an earlier line always finds first.

    All tiers are one expression: at one place of a text the first line that fits is found.
    """
    #: Words of lines that are nothing but a word, each with its line.
    alone: dict[str, str] = {}
    for tier, lines in topic.patterns.items():
        whoever = tier not in ("explicit", "suspicious")
        for i, line in enumerate(lines):
            place = f"{file} patterns/{tier}/{i}"
            yield from _of_parts(line, topic.words, place)
            words = _words(line.split()[0], topic.words)
            for word in words if not whoever and not _optional(line.split()[0]) else ():
                met = next((v for v in alone if normal(word).text.startswith(v)), None)
                if met is not None:
                    told = f"“{word}”查不到：前面的“{alone[met]}”总是先查到“{met}”"
                    yield place, told, _DROP
            if len(line.split()) == 1 and not whoever:
                for word in words:
                    alone.setdefault(normal(word).text, line)
    for name, lines in (("near_misses", topic.near_misses), ("opposites", topic.opposites)):
        for i, line in enumerate(lines):
            yield from _of_parts(line, topic.words, f"{file} {name}/{i}")


def _of_parts(line: str, slots: Mapping[str, Sequence[str]], place: str) -> Iterator[Found]:
    for part in line.split():
        for _, word, earlier in doubled(_words(part, slots)):
            told = f"“{part}”里“{word}”写了两遍" if word == earlier else f"“{word}”同“{earlier}”"
            yield place, told, _DROP


def _optional(part: str) -> bool:
    return part.startswith("(") and part.endswith(")")


def _words(part: str, slots: Mapping[str, Sequence[str]]) -> list[str]:
    """The words that a part stands for; none of a gap, a begin of line or what is taken out."""
    if part[:1] in "~^{":
        return []
    found: list[str] = []
    for word in (part[1:-1] if _optional(part) else part).split("|"):
        slot = _SLOT.fullmatch(word)
        found += slots.get(slot[1], ()) if slot else [word]
    return found
