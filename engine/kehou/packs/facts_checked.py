"""facts.yaml against the submission's schema: every name resolved, every condition typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from kehou.fields import Field, Schema
from kehou.language import ROOT, Derivation, EntityDef, Parameter, suggest
from kehou.language.facts_grammar import derivation, entity
from kehou.language.near_words import nearest
from kehou.language.typed_conditions import named, typed
from kehou.language.vocabulary import Librarian, Vocabulary, no_lexicon
from kehou.language.yaml_places import Place, mapping, name, under
from kehou.model.rules import (
    Param,
)
from kehou.packs.circles import leave_out_circles
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
    d = mapping(*opened, ("entities", "fields"))
    vocabulary = Vocabulary(schema, {}, {}, shown_parameters(parameters), lexicon)
    _extend(vocabulary, d, opened[1])
    return vocabulary


def extended_vocabulary(
    files: PackFiles,
    base: Vocabulary,
    parameters: Mapping[str, ParameterDef],
    lexicon: Librarian,
) -> Vocabulary:
    """The words of a pack with those that the facts.yaml of a layer adds, where it has one."""
    shown = shown_parameters(parameters)
    vocabulary = Vocabulary(base.schema, base.entities, base.derivations, shown, lexicon)
    if not files.root.joinpath("facts.yaml").is_file():
        return vocabulary
    opened = files.place("facts.yaml")
    if opened is not None:
        _extend(vocabulary, mapping(*opened, ("entities", "fields")), opened[1])
    return vocabulary


def shown_parameters(parameters: Mapping[str, ParameterDef]) -> dict[str, Parameter]:
    """Parameters by name with their last values, as conditions are typed against them."""
    shown = {
        p.name: Parameter(p.name, p.type, None, p.by, p.values[-1].table if p.values else {})
        for p in parameters.values()
    }
    for p in parameters.values():
        if p.values and not p.by:
            shown[p.name] = Parameter(p.name, p.type, p.values[-1].value)
    return shown


def _extend(v: Vocabulary, d: Mapping[str, Any], at: Place) -> None:
    """Add what a facts.yaml says to a vocabulary; what is wrong is told and left out."""
    below = (frozenset(v.entities), frozenset(v.derivations))
    entities = dict(v.entities)
    for entity_name, body in under(d.get("entities"), at / "entities").items():
        place = at / "entities" / entity_name
        if entity_name in v.schema.root.fields or entity_name in (ROOT, "check"):
            schema_field = v.schema.root.fields.get(entity_name)
            if schema_field is None or schema_field.kind not in ("rows", "list"):
                place.fault(f"实体不能与报送材料的部分 {entity_name} 同名")
        if entity_name in below[0]:
            place.fault(f"下层已有实体 {entity_name}", "请另起一个名称")
            continue
        found = entity(name(entity_name, place), body, place)
        if found is not None:
            entities[entity_name] = found
        else:
            v.broken.add((entity_name, ""))
    derivations = dict(v.derivations)
    for full, body in under(d.get("fields"), at / "fields").items():
        owner, _, field_name = str(full).partition(".")
        derived = derivation(full, body, at / "fields" / full)
        if derived is None:
            v.broken.add((owner, field_name))
        elif (owner, field_name) in below[1]:
            (at / "fields" / full).fault(f"下层已有 {full}", "请另起一个名称")
        else:
            derivations[(owner, field_name)] = derived
    v.entities, v.derivations = entities, derivations
    _check_facts(v, at, *below)


def _check_facts(
    v: Vocabulary, at: Place, entities_below: Collection[str], below: Collection[tuple[str, str]]
) -> None:
    """Resolve every name of facts.yaml and type its conditions in place.

    What is wrong is told and left out, with what is made of it: `Vocabulary.broken` has its names.
    """
    _check_sources(v, at, entities_below)
    _check_owners(v, at, below)
    leave_out_circles(v, at)
    entities = dict(v.entities)
    for entity_name, d in list(entities.items()):
        if entity_name in entities_below:
            continue
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
        for i, field_name in enumerate(d.key):
            named(v, field_name, entity_name, place / "key" / i)
        for path in d.pairs:
            named(v, path, ROOT, place / "pairs")
        if d.where is not None:
            where = typed(v, d.where, d.of, place / "where")
            entities[entity_name] = replace(d, where=where)
    derivations = {
        key: d if key in below else _checked(v, d, at / "fields" / f"{d.entity}.{d.name}")
        for key, d in v.derivations.items()
    }
    v.entities, v.derivations = entities, derivations
    for entity_name, d in entities.items():
        if entity_name not in entities_below:
            _check_label(v, d, at / "entities" / entity_name)
    _leave_out_untyped(v)


def _check_sources(v: Vocabulary, at: Place, below: Collection[str]) -> None:
    """What entities are made of is there; those of which it is not are left out."""
    for entity_name, d in v.entities.items():
        before = len(at.faults.found)
        if (d.of, "") not in v.broken and entity_name not in below:
            _check_source(v, d, at / "entities" / entity_name)
        if len(at.faults.found) > before:
            v.broken.add((entity_name, ""))
    while True:
        lost = {n for n, d in v.entities.items() if {(n, ""), (d.of, "")} & v.broken}
        if not lost:
            return
        v.broken |= {(entity_name, "") for entity_name in lost}
        v.entities = {n: d for n, d in v.entities.items() if n not in lost}


def _check_owners(v: Vocabulary, at: Place, below: Collection[tuple[str, str]]) -> None:
    """The entities that derived fields are of and over are there."""
    kept = {}
    known = list(v.entities)
    for (owner, field_name), derived in v.derivations.items():
        place = at / "fields" / f"{owner}.{field_name}"
        if owner != ROOT and owner not in v.entities:
            if (owner, "") not in v.broken:
                place.fault(f"没有实体 {owner}", suggest(owner, known))
        elif derived.over and derived.over not in v.entities:
            meant = nearest(derived.over, known)
            if (derived.over, "") not in v.broken:
                (place / derived.fn).fault(f"没有实体 {derived.over}", suggest(derived.over, known))
                if meant is not None:
                    kept[(owner, field_name)] = replace(derived, over=meant)
                    continue
        elif (owner, field_name) in below:
            kept[(owner, field_name)] = derived
            continue
        elif owner != ROOT and field_name in v.own_fields(owner):
            place.fault(f"派生字段与已有字段 {field_name} 同名")
        else:
            kept[(owner, field_name)] = derived
            continue
        v.broken.add((owner, field_name))
    v.derivations = kept


def _leave_out_untyped(v: Vocabulary) -> None:
    """Leave out the derived fields that have no kind, for something told of what they are of."""
    untyped = []
    for owner, field_name in v.derivations:
        try:
            v.type_of(owner, field_name)
        except (KeyError, ValueError):
            untyped.append((owner, field_name))
    if untyped:
        v.broken.update(untyped)
        v.derivations = {key: d for key, d in v.derivations.items() if key not in v.broken}


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
            if v.told(d.name, slot):
                continue
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
        (at / "list").fault(f"报送材料中没有列表 {d.path}", suggest(d.path, list(_lists(v.schema))))
    elif d.form == "inner" and d.field not in v.own_fields(d.of):
        hint = suggest(d.field, list(v.own_fields(d.of)))
        (at / "inner").fault(f"实体 {d.of} 没有字段 {d.field}", hint)
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


def _lists(schema: Schema) -> Iterator[str]:
    """Paths of the lists of a submission that are in no other list."""
    pending = list(schema.root.fields.items())
    while pending:
        path, found = pending.pop(0)
        if found.kind in ("rows", "list"):
            yield path
        elif found.kind == "record":
            pending += [(f"{path}.{name_}", inner) for name_, inner in found.fields.items()]


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
