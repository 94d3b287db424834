"""The policy's text with what carries each part, as text and as JSON (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kehou.model import Clause, ClauseStatus
from kehou.render import catalogue
from kehou.render.json import dumps
from kehou.render.visible import visible
from kehou.render.wording import Words

if TYPE_CHECKING:
    from kehou.packs import Pack


def render_json(packs: Sequence[Pack]) -> str:
    """``{"packs": [{"id", "clauses": [{"id", "citation", "quote", "status", …}]}]}``."""
    return dumps({"packs": [_document(pack) for pack in packs]})


def _document(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "clauses": [
            {
                "id": clause.id,
                "citation": clause.citation,
                "quote": clause.quote,
                "status": clause.status.value,
                "reason": clause.reason,
                "rules": list(pack.carriers.get(clause.id, ())),
            }
            for clause in pack.clauses.values()
        ],
    }


def render_text(packs: Sequence[Pack], language: str = "zh") -> str:
    """Each part in the policy's order, with its status, its rules or why there is none."""
    words = catalogue.load(language)
    lines: list[str] = []
    for pack in packs:
        lines += [""] if lines else []
        lines += _text(pack, words)
    return "".join(visible(line) + "\n" for line in lines)


def _text(pack: Pack, words: Words) -> Iterator[str]:
    yield f"{pack.title} {pack.id} {pack.version}"
    clauses = list(pack.clauses.values())
    counts = [
        words["counted"].format(outcome=words[f"status.{status.value}"], n=n)
        for status in ClauseStatus
        if (n := sum(clause.status is status for clause in clauses))
    ]
    yield words["clauses.counts"].format(n=len(clauses), counts=words["comma"].join(counts))
    for clause in clauses:
        yield ""
        yield from _clause(clause, pack.carriers.get(clause.id, ()), words)


def _clause(clause: Clause, rules: Sequence[str], words: Words) -> Iterator[str]:
    yield f"{clause.id}  {words[f'status.{clause.status.value}']}  {clause.citation}"
    yield f"  “{clause.quote}”"
    if rules:
        yield "  " + words["clauses.rules"].format(rules=words["list"].join(rules))
    if clause.reason:
        yield "  " + words["clauses.reason"].format(reason=clause.reason)
