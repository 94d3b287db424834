"""facts.yaml against the submission's schema: every name resolved, every condition typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kehou.fields import Field, Schema
from kehou.language import ROOT, Derivation, EntityDef, Parameter, suggest
from kehou.language.facts_grammar import derivation, entity
from kehou.language.typed_conditions import named, typed
from kehou.language.vocabulary import Librarian, Vocabulary, no_lexicon
from kehou.language.yaml_places import Place, mapping, name, under
from kehou.model.rules import (
    Param,
)
from kehou.packs.pack import inputs_of
from kehou.packs.pack_files import PackFiles
from kehou.packs.parameters import ParameterDef

_SLOT: Final = re.compile(r"\{([^{}]+)\}")


def checked_vocabulary(
    files: PackFiles,
    schema: Schema,
    parameters: Mapping[str, ParameterDef],
    lexicon: Librarian = no_lexicon,
) -> Vocabulary | None:
    """The words that rules may use, from facts.yaml; None after noting what is wrong in it."""
    opened = files.place("facts.yaml")
    if opened is None:
        return None
    tree, at = opened
    d = mapping(tree, at, ("entities", "fields"), ("entities",))
    entities = {}
    for entity_name, body in under(d.get("entities"), at / "entities").items():
        place = at / "entities" / entity_name
        if entity_name in schema.root.fields or entity_name in (ROOT, "check"):
            schema_field = schema.root.fields.get(entity_name)
            if schema_field is None or schema_field.kind not in ("rows", "list"):
                place.fault(f"实体不能与报送材料的部分 {entity_name} 同名")
        found = entity(name(entity_name, place), body, place)
        if found is not None:
            entities[entity_name] = found
    derivations = {}
    for full, body in under(d.get("fields"), at / "fields").items():
        derived = derivation(full, body, at / "fields" / full)
        if derived is not None:
            derivations[(derived.entity, derived.name)] = derived
    shown = {
        p.name: Parameter(p.name, p.type, None, p.by, p.values[-1].table if p.values else {})
        for p in parameters.values()
    }
    for p in parameters.values():
        if p.values and not p.by:
            shown[p.name] = Parameter(p.name, p.type, p.values[-1].value)
    vocabulary = Vocabulary(schema, entities, derivations, shown, lexicon)
    if not _check_facts(vocabulary, at):
        return None
    return vocabulary


def _check_facts(v: Vocabulary, at: Place) -> bool:
    """Resolve every name of facts.yaml and type its conditions in place; False if any is wrong."""
    before = len(at.faults.found)
    entities = dict(v.entities)
    for entity_name, d in entities.items():
        _check_source(v, d, at / "entities" / entity_name)
    if len(at.faults.found) > before:
        return False
    for (owner, field_name), derived in v.derivations.items():
        place = at / "fields" / f"{owner}.{field_name}"
        if owner != ROOT and owner not in entities:
            place.fault(f"没有实体 {owner}", suggest(owner, list(entities)))
        elif derived.over and derived.over not in entities:
            place.fault(f"没有实体 {derived.over}", suggest(derived.over, list(entities)))
        elif owner != ROOT and field_name in v.own_fields(owner):
            place.fault(f"派生字段与已有字段 {field_name} 同名")
    if len(at.faults.found) > before:
        return False
    for entity_name, d in entities.items():
        place = at / "entities" / entity_name
        known = (
            *d.by,
            *d.same,
            *(old for _, old in d.over),
            *filter(None, (d.start, d.end)),
            *d.valid,
        )
        for field_name in (*known, *(old for _, old in d.copy)):
            named(v, field_name, d.of, place)
        for path in d.pairs:
            named(v, path, ROOT, place / "pairs")
        if d.where is not None:
            where = typed(v, d.where, d.of, place / "where")
            entities[entity_name] = replace(d, where=where)
    derivations = {
        key: _checked(v, d, at / "fields" / f"{d.entity}.{d.name}")
        for key, d in v.derivations.items()
    }
    v.entities, v.derivations = entities, derivations
    for entity_name, d in entities.items():
        _check_label(v, d, at / "entities" / entity_name)
    return len(at.faults.found) == before


def _check_label(v: Vocabulary, d: EntityDef, at: Place) -> None:
    """What a row is called names what the row has, also where the words are those of its source."""
    source = d
    while not source.label and source.of:
        source = v.entities[source.of]
    place, hint = at / "label", "请改用它有的字段"
    if not d.label:
        place, hint = at, f"沿用的是 {source.name} 的；请给它写自己的 label"
    for slot in _SLOT.findall(source.label):
        if slot == "ordinal" or slot in v.parameters:
            continue
        try:
            v.type_of(d.name, slot)
        except (KeyError, ValueError):
            place.fault(f"称呼“{source.label}”里的 {slot} 不是 {d.name} 的字段", hint)


def _check_source(v: Vocabulary, d: EntityDef, at: Place) -> None:
    """What an entity is made of is there, and is not the entity itself."""
    if d.of and d.of not in v.entities:
        at.fault(f"没有实体 {d.of}", suggest(d.of, list(v.entities)))
        return
    if _made_of_itself(d, v.entities):
        at.fault(f"实体 {d.name} 由它自己得来", "请改成由另一个实体得来")
        return
    if d.form == "list" and _list_field(v.schema, d.path) is None:
        at.fault(f"报送材料中没有列表 {d.path}")
    elif d.form == "inner" and d.field not in v.own_fields(d.of):
        at.fault(f"实体 {d.of} 没有字段 {d.field}")
    for new, old in d.over:
        if old not in v.own_fields(d.of):
            told = f"{old} 是派生字段，不能展开" if (d.of, old) in v.derivations else ""
            told = told or f"实体 {d.of} 没有字段 {old}"
            (at / "over" / new).fault(told, "over 写材料中的字段")


def _made_of_itself(d: EntityDef, entities: Mapping[str, EntityDef]) -> bool:
    """Whether what an entity is made of leads back to it, or to another that leads to itself."""
    seen = {d.name}
    while d.of and d.of in entities:
        d = entities[d.of]
        if d.name in seen:
            return True
        seen.add(d.name)
    return False


def _list_field(schema: Schema, path: str) -> Field | None:
    found = schema.field(path)
    return found if found is not None and found.kind in ("rows", "list") else None


def _checked(v: Vocabulary, d: Derivation, at: Place) -> Derivation:
    named(v, d.name, d.entity, at)
    for owner, field_name in inputs_of(d):
        if field_name:
            named(v, field_name, owner, at / d.fn)
    for arg in d.arguments:
        if isinstance(arg, Param) and arg.name not in v.parameters:
            (at / d.fn).fault(f"没有参数 {arg.name}", suggest(arg.name, list(v.parameters)))
    if d.where is None and d.that is None:
        return d
    place = at / d.fn
    return replace(
        d,
        where=typed(v, d.where, d.over, place / "where"),
        that=typed(v, d.that, d.over, place / "that"),
    )
