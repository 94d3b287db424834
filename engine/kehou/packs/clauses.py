"""The policy's words: every part quoted verbatim, every sentence accounted for.

Source: docs/architecture.md §5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kehou.language import suggest
from kehou.language.literals import literal
from kehou.language.yaml_places import Place, listed, mapping
from kehou.model.outcomes import ClauseStatus
from kehou.model.rules import Clause

_CLAUSE_KEYS = (
    "id",
    "citation",
    "sentence",
    "line",
    "path",
    "quote",
    "offset",
    "modality",
    "addressee",
    "status",
    "reason",
)


def clauses(tree: Any, at: Place, source: str, short: str) -> dict[str, Clause]:
    """The entries of clauses.yaml by id, each checked against the text of ``source.txt``.

    ``short`` is the policy's short title, put before a citation that lacks it.
    """
    d = mapping(tree, at, ("clauses", "no_norm"), ("clauses",))
    found: dict[str, Clause] = {}
    for i, item in enumerate(listed(d.get("clauses"), at / "clauses")):
        place = at / "clauses" / i
        clause = _clause(item, place, source, short)
        if clause is None:
            continue
        if clause.id in found:
            place.fault(f"条款 {clause.id} 写了两次")
        found[clause.id] = clause
    _account(source, found, d.get("no_norm") or [], at / "no_norm")
    return found


def _clause(tree: Any, at: Place, source: str, short: str) -> Clause | None:
    needed = ("id", "citation", "quote", "offset", "sentence", "modality", "addressee", "status")
    d = mapping(tree, at, _CLAUSE_KEYS, needed)
    if any(d.get(key) is None for key in needed):
        return None
    offset = literal(d["offset"], "integer", at / "offset") or 0
    quote = str(d["quote"])
    if source[offset : offset + len(quote)] != quote:
        (at / "quote").fault(
            f"引文不在 source.txt 第 {offset} 个字符处", "请照原文逐字核对引文与 offset"
        )
    status = str(d["status"])
    if status not in list(ClauseStatus):
        (at / "status").fault(f"没有状态 {status}", suggest(status, [str(s) for s in ClauseStatus]))
        return None
    if status != "automated" and not d.get("reason"):
        at.fault(f"状态 {status} 要写明理由 reason")
    citation = str(d["citation"])
    if short and short not in citation:
        citation = f"{short}{citation}"
    return Clause(
        id=str(d["id"]),
        citation=citation,
        quote=quote,
        offset=offset,
        sentence=literal(d["sentence"], "integer", at / "sentence") or 0,
        modality=str(d["modality"]),
        addressee=str(d["addressee"]),
        status=ClauseStatus(status),
        reason=d.get("reason"),
    )


def sentences(source: str) -> list[tuple[int, int, bool]]:
    """(start, end, whether it ends in 。) of every unit of the text, each line split at 。."""
    units = []
    start = 0
    for line in source.split("\n"):
        position = start
        for piece in line.split("。"):
            end = position + len(piece)
            ended = end < start + len(line)
            if piece.strip():
                units.append((position, end, ended))
            position = end + 1
        start += len(line) + 1
    return units


def _account(source: str, clauses: Mapping[str, Clause], excused: Any, at: Place) -> None:
    """Every sentence of the body is in a clause or excused (docs/architecture.md §5)."""
    numbers = {
        str(mapping(item, at / i, ("sentence", "reason"), ("sentence", "reason")).get("sentence"))
        for i, item in enumerate(excused)
    }
    starts = sorted(c.offset for c in clauses.values())
    for number, (start, end, ended) in enumerate(sentences(source), 1):
        if not ended or str(number) in numbers:
            continue
        if not any(start <= offset < end for offset in starts):
            words = source[start : start + 20]
            at.fault(
                f"原文第 {number} 句“{words}…”没有条款收录", "请补条款，或写入 no_norm 并说明理由"
            )
