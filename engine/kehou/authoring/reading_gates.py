"""Quality gates on the patterns by which prose is read: their cases, and lines that do nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kehou import data
from kehou.authoring.pattern_gates import dead
from kehou.documents import normal
from kehou.fields import Schema
from kehou.packs.casefiles import Found
from kehou.reading import (
    Library,
    Topic,
    facts_in,
    load_library,
    run_rows,
    said_in,
    strongest,
)
from kehou.reading.templates import expression

#: Where the patterns of schemas lie, below rules/.
_SHARED = "common"


def library_of(schema: Schema) -> tuple[Library | None, list[Found]]:
    """The patterns that belong to a schema and what is wrong with them; None where it has none."""
    part = schema.statements
    if part is None:
        return None, []
    return load_library(data.rules().joinpath(_SHARED, part.statement["folder"]))


def reading(schema: Schema) -> Iterator[Found]:
    """Everything wrong with the patterns of a schema."""
    library, faults = library_of(schema)
    yield from faults
    if library is None:
        return
    yield from failed_cases(library)
    for topic in library.topics:
        yield from _idle(library, topic)
    yield from dead(library)
    yield from _unused(library, schema)


def count(library: Library) -> int:
    """How many cases the patterns have."""
    of_rows = sum(1 for _ in run_rows(library))
    of_topics = sum(len(t.cases) + len(t.near) for t in library.topics)
    return of_rows + of_topics + len(library.facts.cases)


def failed_cases(library: Library) -> list[Found]:
    """The cases that do not come out, with what was read instead."""
    found: list[Found] = []
    for topic in library.topics:
        for kind, cases in (("match", topic.cases), ("near", topic.near)):
            for case in cases:
                seen = strongest(said_in(case.text, library, topic))
                got = (seen.polarity, seen.tier) if seen is not None else ("", "")
                if got[0] == case.polarity and case.tier in ("", got[1]):
                    continue
                told = f"读作 {got[0]}（{got[1]}）" if seen is not None else "没有读到"
                wanted = " ".join(filter(None, (case.polarity, case.tier))) or "不应读到"
                place = f"{topic.name}.yaml cases/{kind}/{case.index}"
                message = f"“{case.text}”{told}，应为 {wanted}"
                found.append((place, message, "请改模式，或改正这一例"))
    found += _failed_rows(library)
    for fact in library.facts.cases:
        read = facts_in(fact.text, library)
        if read != dict(fact.gives):
            place = f"facts.yaml cases/{fact.index}"
            found.append((place, f"“{fact.text}”读出 {_said(read)}，应为 {_said(fact.gives)}", ""))
    return found


def _failed_rows(library: Library) -> Iterator[Found]:
    """The cases of rows that do not come out."""
    for name, case, read, twice in run_rows(library):
        if read != [dict(row) for row in case.rows] or twice != case.twice:
            told = "；".join(_said(row) for row in read) or "什么也没有"
            wanted = "；".join(_said(row) for row in case.rows) or "什么也没有"
            message = f"“{case.text}”读出 {told}（{twice} 处写了两种）"
            yield f"{name} cases/{case.index}", f"{message}，应为 {wanted}（{case.twice} 处）", ""


def _said(values: Mapping[str, str]) -> str:
    return "、".join(f"{path}={value}" for path, value in values.items()) or "什么也没有"


def _idle(library: Library, topic: Topic) -> Iterator[Found]:
    """Lines that no case needs: a pattern that finds none, a near miss that saves from none."""
    texts = [normal(case.text).text for case in topic.cases]
    bare = replace(topic, near_misses=())
    for tier, lines in topic.patterns.items():
        for i, line in enumerate(lines):
            search = re.compile(expression(line, topic.words))
            if not any(search.search(text) for text in texts):
                place = f"{topic.name}.yaml patterns/{tier}/{i}"
                yield place, f"没有一例用到“{line}”", "请在 cases 的 match 里补一例，或删去"
    for i, line in enumerate(topic.near_misses):
        search = re.compile(expression(line, topic.words))
        cases = (*topic.near, *topic.cases)
        kept = [case for case in cases if search.search(normal(case.text).text)]
        if not any(said_in(case.text, library, bare) for case in kept):
            place = f"{topic.name}.yaml near_misses/{i}"
            yield place, f"没有一例因“{line}”而不算", "请在 cases 的 near 里补一例，或删去"


def _unused(library: Library, schema: Schema) -> Iterator[Found]:
    """Topics that the schema does not know, and those of the schema without patterns."""
    part = schema.statements
    assert part is not None
    known = set(part.fields[part.statement["topic"]].labels)
    have = {topic.name.replace("-", "_") for topic in library.topics}
    for name in sorted(have - known):
        yield f"{name.replace('_', '-')}.yaml", f"材料结构没有“{name}”这件事", "请写进选项"
    for name in sorted(known - have):
        yield "材料结构", f"“{name}”没有模式", f"请写 {name.replace('_', '-')}.yaml"
