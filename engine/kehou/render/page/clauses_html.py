"""The policy's original text as a page, each part marked by what carries it.

Marks are words, never colour alone; rules and their cases unfold on demand (docs/architecture.md
§5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kehou.model.outcomes import ClauseStatus
from kehou.model.rules import Clause, Rule
from kehou.render.page.html import page
from kehou.render.words import catalogue

if TYPE_CHECKING:
    from kehou.packs import Pack

#: Case names with the outcomes that each expects, by rule.
Cases = Mapping[str, Sequence[tuple[str, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: a part of the policy, or the words between parts."""

    text: str
    clause: Clause | None


def render(packs: Sequence[Pack], cases: Mapping[str, Cases], language: str = "zh") -> str:
    """The page of some packs; ``cases`` are by pack and rule."""
    words = catalogue.of_packs(packs, language)
    return page(
        "clauses.html.j2",
        words,
        words["clauses.page"],
        packs=packs,
        lines={pack.id: lines(pack.source, list(pack.clauses.values())) for pack in packs},
        counts={pack.id: _counts(pack) for pack in packs},
        rules={pack.id: {c: _rules(pack, c) for c in pack.clauses} for pack in packs},
        cases=cases,
        folded=_folded,
    )


def lines(source: str, clauses: Sequence[Clause]) -> list[list[Piece]]:
    """The source's lines cut into parts and the words between; joined they are the source."""
    ordered = sorted(clauses, key=lambda c: c.offset)
    result: list[list[Piece]] = []
    start = 0
    for line in source.split("\n"):
        end = start + len(line)
        pieces: list[Piece] = []
        position = start
        for clause in ordered:
            stop = clause.offset + len(clause.quote)
            if clause.offset < position or stop > end:
                continue
            if clause.offset > position:
                pieces.append(Piece(source[position : clause.offset], None))
            pieces.append(Piece(clause.quote, clause))
            position = stop
        if position < end:
            pieces.append(Piece(source[position:end], None))
        result.append(pieces)
        start = end + 1
    return result


def _counts(pack: Pack) -> list[tuple[ClauseStatus, int]]:
    statuses = [clause.status for clause in pack.clauses.values()]
    return [(status, statuses.count(status)) for status in ClauseStatus if status in statuses]


def _rules(pack: Pack, clause: str) -> list[Rule]:
    return [pack.rules[rule] for rule in pack.carriers.get(clause, ())]


def _folded(pieces: Sequence[Piece]) -> list[Clause]:
    """The parts that a line holds."""
    return [piece.clause for piece in pieces if piece.clause is not None]
