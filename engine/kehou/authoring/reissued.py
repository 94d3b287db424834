"""A policy that was issued again: which quotes stand as before, moved, changed or are gone.

Each is told with the rules that stand on it, and each new sentence that no clause quotes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kehou.authoring.policy_text import proposed
from kehou.model.rules import Clause
from kehou.packs import Pack
from kehou.packs.clauses import Unit, places, sentence_at, sentences

#: A sentence that shares less than this with a quote is another one.
_ALIKE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a clause's quote.

    ``kind`` is ``same``, ``moved``, ``twice``, ``changed`` or ``gone``; ``text`` stands there now,
    ``sentence`` is its number in the new text, 0 where there is none. ``numbers`` are what its
    article was and is called, where that is another: the citation no longer leads there.
    """

    clause: Clause
    kind: str
    sentence: int
    text: str
    rules: tuple[str, ...]
    numbers: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Reissue:
    """What became of every clause, in the old order, and what is new: (number, text)."""

    changes: tuple[Change, ...]
    added: tuple[tuple[int, str], ...]


def compare(pack: Pack, text: str) -> Reissue:
    """The clauses of a pack held against another text of its policy."""
    units = sentences(text)
    before, after = _articles(pack.source), _articles(text)
    quoted: set[int] = set()
    changes = []
    for clause in pack.clauses.values():
        change = _change(clause, text, units, tuple(pack.carriers.get(clause.id, ())))
        was, now = before.get(clause.sentence, ""), after.get(change.sentence, "")
        if was and now and was != now:
            kind = "moved" if change.kind == "same" else change.kind
            change = replace(change, kind=kind, numbers=(was, now))
        changes.append(change)
        quoted.add(change.sentence)
    old = {_plain(pack.source[a:b]) for a, b, ended in sentences(pack.source) if ended}
    added = tuple(_added(text, units, quoted, old))
    return Reissue(tuple(changes), added)


def _articles(text: str) -> dict[int, str]:
    """What the article of each sentence is called, by the sentence's number."""
    return {one.sentence: one.path for one in proposed(text)}


def _change(clause: Clause, text: str, units: Sequence[Unit], rules: tuple[str, ...]) -> Change:
    found = places(clause.quote, text)
    numbers = [sentence_at(units, place) for place in found]
    if clause.sentence in numbers:
        return Change(clause, "same", clause.sentence, clause.quote, rules)
    if len(found) == 1:
        return Change(clause, "moved", numbers[0], clause.quote, rules)
    if found:
        return Change(clause, "twice", numbers[0], clause.quote, rules)
    number, now = _most_like(clause.quote, text, units)
    return Change(clause, "changed" if number else "gone", number, now, rules)


def _most_like(quote: str, text: str, units: Sequence[Unit]) -> tuple[int, str]:
    """(number, words) of the part of a sentence most like a quote; (0, "") where none is."""
    best: tuple[float, int, str] = (0.0, 0, "")
    for number, (start, end, _) in enumerate(units, 1):
        matcher = difflib.SequenceMatcher(None, text[start:end], quote, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        share = sum(block.size for block in blocks) / len(quote)
        if share > best[0]:
            last = blocks[-1]
            words = text[start + blocks[0].a : start + last.a + last.size]
            best = (share, number, words)
    return (best[1], best[2]) if best[0] >= _ALIKE else (0, "")


def _added(
    text: str, units: Sequence[Unit], quoted: set[int], old: set[str]
) -> Iterator[tuple[int, str]]:
    for number, (start, end, ended) in enumerate(units, 1):
        words = text[start:end].strip()
        if ended and number not in quoted and _plain(words) not in old:
            yield number, words


def _plain(sentence: str) -> str:
    return "".join(sentence.split())
