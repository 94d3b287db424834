"""A pack as an English report speaks of it: names of what is no rule, from ``i18n/en-names.yaml``.

The words of rules are in ``i18n/en.yaml``; the policy's own words stay as they are. What has no
English keeps its Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kehou.language.vocabulary import Vocabulary
from kehou.language.yaml_places import mapping, text, under
from kehou.packs.pack_files import PackFiles

if TYPE_CHECKING:
    from kehou.language import EntityDef
    from kehou.model.report import PackUsed
    from kehou.packs.pack import Pack
    from kehou.packs.parameters import ParameterDef

FILE = "i18n/en-names.yaml"
#: What it may hold: one text, or texts by what they are of; ``texts`` are by the Chinese.
_ONE = ("title", "policy")
_MANY = ("areas", "tables", "parameters", "subjects", "texts")
_SENTENCE = re.compile(r"(?:第(\d+)段)?第(\d+)句")
_ORDINAL = re.compile(r"第\{ordinal\}项$")


def names(files: PackFiles) -> dict[str, Any]:
    """What the file says, if there is one; what is no text is noted."""
    if not files.root.joinpath(*FILE.split("/")).is_file():
        return {}
    opened = files.place(FILE)
    if opened is None:
        return {}
    tree, at = opened
    d = mapping(tree, at, (*_ONE, *_MANY))
    found: dict[str, Any] = {name: text(d[name], at / name) for name in _ONE if name in d}
    for name in _MANY:
        words = under(d.get(name), at / name)
        found[name] = {key: text(said, at / name / key) for key, said in words.items()}
    return found


def in_english(pack: Pack) -> Pack:
    """The pack with English titles, grounds, notes and names of subjects."""
    said: Mapping[str, Any] = pack.names
    told = said.get("texts", {})
    areas, tables = said.get("areas", {}), said.get("tables", {})
    titles, subjects = said.get("parameters", {}), said.get("subjects", {})
    entities = {
        name: replace(entity, label=subjects.get(name) or _label(entity, pack))
        for name, entity in pack.entities.items()
    }
    known = pack.vocabulary
    vocabulary = Vocabulary(known.schema, entities, known.derivations, known.parameters)
    return replace(
        pack,
        title=said.get("title", pack.title),
        policy_title=said.get("policy", pack.policy_title),
        areas={name: areas.get(name, title) for name, title in pack.areas.items()},
        tables={
            name: replace(table, title=tables.get(name, table.title))
            for name, table in pack.tables.items()
        },
        parameters={
            name: _parameter(one, titles.get(name, one.title), told)
            for name, one in pack.parameters.items()
        },
        clauses={
            name: replace(
                clause,
                citation=cited(clause.citation),
                reason=told.get(clause.reason, clause.reason),
            )
            for name, clause in pack.clauses.items()
        },
        notes=tuple(told.get(note, note) for note in pack.notes),
        layers=tuple(_layer(layer, told) for layer in pack.layers),
        vocabulary=vocabulary,
    )


def cited(citation: str) -> str:
    """A citation with the number of the sentence in English; titles of parts are the policy's."""

    def told(found: re.Match[str]) -> str:
        paragraph = f", paragraph {found[1]}" if found[1] else ""
        return f"{paragraph}, sentence {found[2]}"

    return _SENTENCE.sub(told, citation)


def _parameter(one: ParameterDef, title: str, told: Mapping[str, str]) -> ParameterDef:
    values = tuple(
        replace(value, ground=told.get(value.ground, value.ground)) for value in one.values
    )
    return replace(one, title=title, values=values)


def _layer(layer: PackUsed, told: Mapping[str, str]) -> PackUsed:
    return replace(layer, title=told.get(layer.title, layer.title))


def _label(entity: EntityDef, pack: Pack) -> str:
    """A subject's label; of one that is called after its list, with the list's English name."""
    rows = pack.schema.field(entity.path) if entity.path else None
    if rows is None and entity.field:
        rows = pack.vocabulary.own_fields(entity.of).get(entity.field)
    if rows is None or not rows.title_en or not entity.label.startswith(rows.title):
        return entity.label
    rest = entity.label.removeprefix(rows.title)
    ordinal = _ORDINAL.sub("no. {ordinal}", rest)
    return f"{rows.title_en} {ordinal}"


__all__ = ["cited", "in_english", "names"]
