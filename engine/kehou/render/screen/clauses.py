"""The policy's text with what carries each part, as text and as JSON (docs/architecture.md §8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kehou.fields import show
from kehou.model.outcomes import ClauseStatus
from kehou.model.rules import Clause
from kehou.packs.uses import value_carriers
from kehou.render.programs.json import dumps
from kehou.render.words import catalogue
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import Words

if TYPE_CHECKING:
    from kehou.packs import Pack, ParameterDef


def render_json(packs: Sequence[Pack]) -> str:
    """``{"packs": [{"id", "clauses": [{"id", "citation", "quote", "status", …}]}]}``."""
    return dumps({"packs": [_document(pack) for pack in packs]})


def _document(pack: Pack) -> dict[str, Any]:
    valued = value_carriers(pack)
    return {
        "id": pack.id,
        "clauses": [
            {
                "id": clause.id,
                "citation": clause.citation,
                "quote": clause.quote,
                "status": clause.status.value,
                "reason": clause.reason,
                "rules": _rules(pack, clause.id, valued),
            }
            for clause in pack.clauses.values()
        ],
    }


def render_text(packs: Sequence[Pack], language: str = "zh") -> str:
    """Each part in the policy's order, with its status, its rules or why there is none."""
    words = catalogue.of_packs(packs, language)
    lines: list[str] = []
    for pack in packs:
        lines += [""] if lines else []
        lines += _text(pack, words)
    return "".join(visible(line) + "\n" for line in lines)


def _text(pack: Pack, words: Words) -> Iterator[str]:
    yield f"{pack.title} {pack.id} {pack.version}"
    clauses, valued = list(pack.clauses.values()), value_carriers(pack)
    counts = [
        words["counted"].format(outcome=words[f"status.{status.value}"], n=n)
        for status in ClauseStatus
        if (n := sum(clause.status is status for clause in clauses))
    ]
    yield words["clauses.counts"].format(n=len(clauses), counts=words["comma"].join(counts))
    for clause in clauses:
        yield ""
        yield from _clause(clause, _rules(pack, clause.id, valued), words)


def _rules(pack: Pack, clause: str, valued: Mapping[str, Sequence[str]]) -> list[str]:
    """The rules that carry a clause: those that cite it, else those that read its value."""
    return list(pack.carriers.get(clause, ())) or list(valued.get(clause, ()))


def _clause(clause: Clause, rules: Sequence[str], words: Words) -> Iterator[str]:
    yield f"{clause.id}  {words[f'status.{clause.status.value}']}  {clause.citation}"
    yield f"  “{clause.quote}”"
    if rules:
        yield "  " + words["clauses.rules"].format(rules=words["list"].join(rules))
    if clause.reason:
        yield "  " + words["clauses.reason"].format(reason=clause.reason)


# --- vague words ---------------------------------------------------------------------------


def render_ambiguities(packs: Sequence[Pack], form: str, language: str = "zh") -> str:
    """The register of vague words: how each is read, on what ground, and how else it could be."""
    rows = [(pack, p) for pack in packs for p in pack.parameters.values() if p.readings]
    if form == "json":
        return dumps({"ambiguities": [_ambiguity(pack, p) for pack, p in rows]})
    words = catalogue.of_packs(packs, language)
    lines = [words["clauses.ambiguities"]]
    for pack, p in rows:
        found = _ambiguity(pack, p)
        lines.append(
            "  "
            + words["clauses.ambiguity"].format(
                word=found["word"],
                clauses=words["list"].join(found["clauses"]),
                name=p.name,
                title=p.title,
                value=found["value"] or words["explain.open"],
                ground=found["ground"] or words["explain.open"],
            )
        )
        if found["strict"] or found["lenient"]:
            lines.append(
                words["clauses.readings"].format(
                    strict=found["strict"] or "—", lenient=found["lenient"] or "—"
                )
            )
        if found["alternatives"]:
            lines.append(
                words["clauses.alternatives"].format(
                    values=words["list"].join(found["alternatives"])
                )
            )
        if found["note"]:
            lines.append(f"    {found['note']}")
    return "".join(visible(line) + "\n" for line in lines)


def _ambiguity(pack: Pack, definition: ParameterDef) -> dict[str, Any]:
    readings = definition.readings
    assert readings is not None
    value = definition.values[-1] if definition.values else None
    # Of a value that a layer has set, what is below is no other reading.
    other = definition.readings_on(value.valid_from) if value else readings
    shown = _shown(definition, value.value, value.table) if value else None
    return {
        "pack": pack.id,
        "word": readings.word,
        "clauses": list(readings.clauses),
        "parameter": definition.name,
        "title": definition.title,
        "unit": definition.unit,
        "value": shown,
        "ground": value.ground if value else None,
        "assumption": value.assumption if value else None,
        "strict": _other(definition, other.strict if other else None),
        "lenient": _other(definition, other.lenient if other else None),
        "alternatives": [show(v, definition.type.kind) for v in definition.alternatives],
        "note": readings.note or None,
    }


def _other(definition: ParameterDef, value: Any) -> str | None:
    if definition.by and value:
        return _shown(definition, None, value)
    return _shown(definition, value, {})


def _shown(
    definition: ParameterDef, value: Any, table: Mapping[tuple[Any, ...], Any]
) -> str | None:
    kind = definition.type.kind
    if table:
        return "；".join(f"{'、'.join(map(str, k))}：{show(v, kind)}" for k, v in table.items())
    return None if value is None else show(value, kind)
