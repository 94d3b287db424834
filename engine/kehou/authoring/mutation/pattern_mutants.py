"""``kehou test --mutate --patterns``: do the cases notice when a pattern of prose is changed?

Words left out, gaps widened or closed, lines that are dropped, negators and other words of the
scope removed: every mutant runs on the cases beside the patterns (of a topic on its own, of the
scope on all). Who lives shows which words no case needs, or which neighbour no case keeps out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou.authoring.mutation.run import MutationRun, Survived
from kehou.authoring.reading_gates import failed_cases
from kehou.documents import normal
from kehou.reading import Library, Topic
from kehou.reading.templates import WIDEST, TemplateError, expression

_GAP: Final = re.compile(r"~(,?)([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class PatternMutant:
    """A library with one change: where, its id, what is changed, and which case would notice."""

    place: str
    id: str
    words: str
    kill: str
    library: Library


def mutate_patterns(library: Library) -> MutationRun:
    """Run every mutant of a library of patterns on its cases."""
    run = MutationRun()
    run.failing += [(place, message) for place, message, _ in failed_cases(library)]
    for mutant in (*_of_topics(library), *_of_scope(library)):
        run.total += 1
        if _killed(mutant.library):
            run.killed += 1
        else:
            run.survived.append(Survived(mutant.place, mutant.id, mutant.words, mutant.kill))
    return run


def _killed(library: Library) -> bool:
    """Whether a case fails: those of topics first, which take a moment."""
    topics = replace(library, facts=replace(library.facts, cases=()), hours=None, lists={})
    return bool(failed_cases(topics)) or (
        bool(library.hours or library.lists or library.facts.cases)
        and bool(failed_cases(replace(library, topics=())))
    )


# --- topics --------------------------------------------------------------------------------


def _of_topics(library: Library) -> Iterator[PatternMutant]:
    for topic in library.topics:

        def alone(changed: Topic) -> Library:
            """The library with nothing but the changed topic, whose cases are the only ones."""
            facts = replace(library.facts, cases=())
            return replace(library, topics=(changed,), facts=facts, hours=None, lists={})

        yield from _of_slots(topic, alone)
        for tier, lines in topic.patterns.items():
            for i, line in enumerate(lines):
                for name, words, kill, changed in _of_line(line, topic.words):
                    others = (*lines[:i], *filter(None, [changed]), *lines[i + 1 :])
                    patterns = {**topic.patterns, tier: others}
                    if not others:
                        del patterns[tier]
                    if not patterns:
                        continue
                    place = f"{topic.name}.yaml patterns/{tier}/{i}"
                    made = replace(topic, patterns=patterns)
                    yield PatternMutant(place, f"{tier}/{i}:{name}", words, kill, alone(made))
        for name in ("near_misses", "opposites"):
            lines = getattr(topic, name)
            for i, line in enumerate(lines):
                left: Any = {name: (*lines[:i], *lines[i + 1 :])}
                made = replace(topic, **left)
                yield PatternMutant(
                    f"{topic.name}.yaml {name}/{i}",
                    f"{name}/{i}:drop",
                    f"删去“{line}”",
                    "一例有这个说法、不应读到的",
                    alone(made),
                )


def _of_slots(topic: Topic, alone: Callable[[Topic], Library]) -> Iterator[PatternMutant]:
    """Each word of a group left out."""
    for group, words in topic.words.items():
        for i, word in enumerate(words if len(words) > 1 else ()):
            made = replace(topic, words={**topic.words, group: (*words[:i], *words[i + 1 :])})
            yield PatternMutant(
                f"{topic.name}.yaml words/{group}/{i}",
                f"words/{group}:drop-{word}",
                f"<{group}> 里去掉“{word}”",
                f"一例写“{word}”的",
                alone(made),
            )


def _of_line(
    line: str, slots: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, str, str]]:
    """(name, what is changed, which case would notice, the other line) of each change to a line."""
    yield "drop", f"删去“{line}”", "一例只有这一行查得到的", ""
    parts = line.split()
    for at, part in enumerate(parts):
        for name, words, kill, other in _of_part(part):
            changed = " ".join((*parts[:at], *filter(None, [other]), *parts[at + 1 :]))
            try:
                same = not changed or expression(changed, slots) == expression(line, slots)
            except TemplateError:
                continue
            if not same:
                yield f"{at}-{name}", words, kill, changed


def _of_part(part: str) -> Iterator[tuple[str, str, str, str]]:
    gap = _GAP.fullmatch(part)
    if gap:
        wide = min(WIDEST, 2 * int(gap[2]) + 1)
        yield (
            "widen",
            f"“{part}”放宽为“~{gap[1]}{wide}”",
            "一例隔得更远、不应读到的",
            f"~{gap[1]}{wide}",
        )
        if int(gap[2]) > 1:
            yield "close", f"“{part}”收紧为“~{gap[1]}1”", "一例正隔着几个字的", f"~{gap[1]}1"
        comma = "" if gap[1] else ","
        kill = "一例隔着逗号的" if gap[1] else "一例隔着逗号、不应读到的"
        yield "comma", f"“{part}”改为“~{comma}{gap[2]}”", kill, f"~{comma}{gap[2]}"
        return
    if part.startswith(("{", "^")):
        return
    optional = part.startswith("(") and part.endswith(")")
    inner = part[1:-1] if optional else part
    words = inner.split("|")
    if optional:
        yield "required", f"“{part}”改为不能略去", "一例没有这个词的", inner
        yield "drop", f"去掉“{part}”", "一例有这个词的", ""
    for i, word in enumerate(words if len(words) > 1 else ()):
        left = "|".join((*words[:i], *words[i + 1 :]))
        told = f"({left})" if optional else left
        yield f"drop-{word}", f"“{part}”里去掉“{word}”", f"一例写“{word}”的", told


# --- scope ---------------------------------------------------------------------------------


def _of_scope(library: Library) -> Iterator[PatternMutant]:
    """Each word by which is told how a thing is said, left out: negators, conditions, subjects."""
    scope = library.scope
    for kind in ("groups", "sections", "subjects"):
        lists: Mapping[str, tuple[str, ...]] = getattr(scope, kind)
        for group, words in lists.items():
            for i, word in enumerate(words):
                left = (*words[:i], *words[i + 1 :])
                if not left or normal(word).text in {normal(other).text for other in left}:
                    continue
                changed: Any = {kind: {**lists, group: left}}
                made = replace(scope, _made={}, **changed)
                yield PatternMutant(
                    f"scope.yaml {kind}/{group}/{i}",
                    f"{kind}/{group}:drop-{word}",
                    f"{group} 里去掉“{word}”",
                    f"一例写“{word}”的",
                    replace(library, scope=made),
                )
