"""The policy's words: every part quoted verbatim, every sentence accounted for.

Source: docs/architecture.md §5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.language.literals import literal
from kehou.language.near_words import nearest
from kehou.language.yaml_places import Place, listed, mapping
from kehou.model.outcomes import ClauseStatus
from kehou.model.rules import Clause

#: (start, end, whether it ends in 。) of a sentence, in characters of the text from 0.
Unit = tuple[int, int, bool]
#: So many characters of a quote have to be in the text for it to be held against them.
_LEAST_ALIKE: Final = 4
_SHOWN: Final = 12
_LONGEST: Final = 60

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


def clauses(tree: Any, at: Place, source: str, short: str) -> tuple[dict[str, Clause], bool]:
    """The entries of clauses.yaml by id, each found in the text of ``source.txt`` by its quote.

    ``short`` is the policy's short title, put before a citation that lacks it. Also whether these
    are all that are meant: not so where one cannot be read, or two have one id.
    """
    d = mapping(tree, at, ("clauses", "no_norm"), ("clauses",))
    found: dict[str, Clause] = {}
    units = sentences(source)
    starts = []
    sure = True
    for i, item in enumerate(listed(d.get("clauses"), at / "clauses")):
        place = at / "clauses" / i
        clause = _clause(item, place, source, units, short)
        if clause is None:
            sure = False
            continue
        starts.append(clause.offset)
        if clause.id in found:
            (place / "id").fault(f"两条条款的编号都是 {clause.id}", "请给其中一条另起一个编号")
            sure = False
        found.setdefault(clause.id, clause)
    if sure and all(start >= 0 for start in starts):
        _account(source, units, starts, d.get("no_norm") or [], at / "no_norm")
    return found, sure


def _clause(tree: Any, at: Place, source: str, units: Sequence[Unit], short: str) -> Clause | None:
    needed = ("id", "citation", "quote", "modality", "addressee", "status")
    d = mapping(tree, at, _CLAUSE_KEYS, needed)
    if d.get("id") is None or d.get("quote") is None:
        return None
    quote = str(d["quote"])
    stated = {
        key: literal(d[key], "integer", at / key)
        for key in ("offset", "sentence", "line")
        if d.get(key) is not None
    }
    offset = _offset(quote, source, units, stated, at)
    if offset >= 0:
        _agree(stated, offset, source, units, at)
    status = _status(d.get("status"), d.get("reason"), at)
    citation = str(d.get("citation"))
    if short and short not in citation:
        citation = f"{short}{citation}"
    return Clause(
        id=str(d["id"]),
        citation=citation,
        quote=quote,
        offset=offset,
        sentence=sentence_at(units, offset),
        modality=str(d.get("modality")),
        addressee=str(d.get("addressee")),
        status=status,
        reason=d.get("reason"),
    )


def _status(word: Any, reason: Any, at: Place) -> ClauseStatus:
    known = [str(s) for s in ClauseStatus]
    if word is not None and str(word) not in known:
        (at / "status").fault(f"没有状态 {word}", "可用：" + "、".join(known))
        meant = nearest(str(word), known)
        return ClauseStatus(meant) if meant else ClauseStatus.PLANNED
    if word is not None and word != "automated" and not reason:
        at.fault(f"状态 {word} 要写明理由 reason")
    return ClauseStatus(word) if word is not None else ClauseStatus.PLANNED


# --- where a quote stands ------------------------------------------------------------------


def places(quote: str, source: str) -> list[int]:
    """Where a quote stands in the text, each time, in characters from 0."""
    found = []
    start = source.find(quote) if quote else -1
    while start >= 0:
        found.append(start)
        start = source.find(quote, start + 1)
    return found


def _offset(
    quote: str, source: str, units: Sequence[Unit], stated: Mapping[str, int], at: Place
) -> int:
    """Where a quote stands, in characters from 0; -1 after telling why it cannot be said."""
    found = places(quote, source)
    if not found:
        (at / "quote").fault(*difference(quote, source))
        return -1
    if len(found) == 1:
        return found[0]
    numbers = [sentence_at(units, start) for start in found]
    if stated.get("offset") in found:
        return stated["offset"]
    if numbers.count(stated.get("sentence", 0)) == 1:
        return found[numbers.index(stated["sentence"])]
    where = "、".join(str(number) for number in numbers)
    message = f"引文在原文里有 {len(found)} 处（第 {where} 句）"
    (at / "quote").fault(message, "请把引文写长些，或写 sentence 说明是第几句")
    return -1


def difference(quote: str, source: str) -> tuple[str, str]:
    """(what, way out): where a quote begins to differ from the text that it is most like."""
    same = 0
    while same < len(quote) and quote[: same + 1] in source:
        same += 1
    hint = "请照 source.txt 逐字引用"
    if same < _LEAST_ALIKE:
        return f"原文里没有“{quote[:_SHOWN]}”", hint
    after = source[source.index(quote[:same]) + same :][:_SHOWN].replace("\n", "⏎")
    before, rest = quote[max(0, same - _SHOWN) : same], quote[same : same + _SHOWN]
    return f"引文与原文不同：“{before}”之后写“{rest}”，原文是“{after}”", hint


def _agree(
    stated: Mapping[str, int], offset: int, source: str, units: Sequence[Unit], at: Place
) -> None:
    """Numbers that are written beside a quote are those that it has."""
    true = {
        "offset": offset,
        "sentence": sentence_at(units, offset),
        "line": source.count("\n", 0, offset) + 1,
    }
    what = {
        "offset": "从第 {n} 个字符起（从0数）",
        "sentence": "在第 {n} 句",
        "line": "在第 {n} 行",
    }
    for key, number in stated.items():
        if number is not None and number != true[key]:
            told = what[key].format(n=true[key])
            hint = f"请改为 {true[key]}，或删去 {key}：由引文算出，不必写"
            (at / key).fault(f"{key} 写 {number}，引文{told}", hint)


def sentence_at(units: Sequence[Unit], offset: int) -> int:
    """Number, from 1, of the sentence that a character stands in; 0 where it stands in none."""
    return next((n for n, (start, end, _) in enumerate(units, 1) if start <= offset <= end), 0)


def sentences(source: str) -> list[Unit]:
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


def _account(
    source: str, units: Sequence[Unit], starts: Sequence[int], excused: Any, at: Place
) -> None:
    """Every sentence of the body is in a clause or excused (docs/architecture.md §5)."""
    numbers = {_excused(item, at / i, source, units) for i, item in enumerate(excused)}
    for number, (start, end, ended) in enumerate(units, 1):
        if not ended or number in numbers:
            continue
        if not any(start <= offset < end for offset in starts):
            words = source[start:end].strip()
            words = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
            hint = "请补条款，或写入 no_norm 并说明理由"
            at.fault(f"原文第 {number} 句“{words}”没有条款收录", hint)


def _excused(tree: Any, at: Place, source: str, units: Sequence[Unit]) -> int:
    """The number of a sentence that no_norm excuses, by its words or as stated; 0 for none."""
    d = mapping(tree, at, ("quote", "sentence", "reason"), ("reason",))
    stated = literal(d["sentence"], "integer", at / "sentence") if d.get("sentence") else 0
    if d.get("quote") is None:
        if not stated:
            at.fault("缺少 quote", "写这一句的原文；同一句有几处的，再写 sentence 说明是第几句")
        return stated or 0
    numbers = [sentence_at(units, place) for place in places(str(d["quote"]), source)]
    if not numbers:
        (at / "quote").fault(*difference(str(d["quote"]), source))
    elif stated and stated not in numbers:
        hint = f"请改为 {numbers[0]}，或删去 sentence：由 quote 算出，不必写"
        (at / "sentence").fault(f"sentence 写 {stated}，这句话在第 {numbers[0]} 句", hint)
    elif not stated and len(set(numbers)) > 1:
        where = "、".join(map(str, numbers))
        hint = "请把它写长些，或写 sentence 说明是第几句"
        (at / "quote").fault(f"这句话在原文里有 {len(numbers)} 处（第 {where} 句）", hint)
    return stated or (numbers[0] if numbers else 0)
