"""Fields that a submission can hold and no rule reads: a breach in one of them passes unseen.

Every field is read by a rule, a decision, a derived value or a reference of a pack, by the reader
itself, or its schema says why nothing reads it: ``x-unread: reason`` (docs/language.md §5). A
schema that several packs share is read by any pack that ships with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kehou import data, packs
from kehou.fields import Field, Schema
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites, place_in
from kehou.packs.uses import Uses, behind_decision, behind_rule
from kehou.readers import read


def unread(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Fields without a reader and without a reason, and reasons that no longer hold."""
    told = sites.document("pack.yaml")
    name = str(told.tree.get("schema")) if told is not None else ""
    file = f"{name}.schema.json"
    own = sites.document(file)
    document = own or read(file, data.schemas().joinpath(file).read_bytes())
    used = fields_read(pack) | _by_reader(pack.schema)
    for other in () if own else packs.available():
        shared = packs.load(other)
        if shared.schema.root.node == pack.schema.root.node:
            used |= fields_read(shared)
    for pointer, field in _leaves(pack.schema):
        reason = field.node.get("x-unread")
        place = place_in(document, pointer)
        if field.path not in used and not reason:
            hint = "请写读它的规则；没有哪一条要读的，写 x-unread 说明理由"
            yield place, f"没有规则读“{field.title}”（{field.path}）", hint
        elif field.path in used and reason:
            yield place, f"已经有规则读“{field.title}”（{field.path}）", "请删去 x-unread"


def fields_read(pack: Pack) -> set[str]:
    """Paths of the schema fields that outcomes of a pack depend on."""
    uses = Uses()
    for rule in pack.rules.values():
        uses.add(behind_rule(pack, rule))
    for decision in pack.decisions:
        uses.add(behind_decision(pack, decision))
    own = pack.vocabulary.own_fields
    named = (own(holder).get(name) for holder, name in uses.fields)
    return {field.path for field in named if field is not None}


def _by_reader(schema: Schema) -> set[str]:
    """What the reader itself goes by: whose it is, dates, lists to fill from, its own rows."""
    declared = schema.declared
    found: set[str | None] = {declared.whose.id, declared.whose.name, declared.dates.as_of}
    found |= {*declared.whose.strata.values(), *declared.dates.period.values()}
    found |= set(declared.dates.check.values())
    for field in schema.walk():
        head = field.path.rpartition(".")[0]
        if field.fill is not None:
            found |= {f"{head}.{mine}" for _, mine in field.fill.match}
        if field.default is not None or field.reader or field.whose:
            found.add(field.path)
        part = schema.root.fields[field.path.partition(".")[0]]
        if part.reader or part.conflict:
            found.add(field.path)
    return {path for path in found if path is not None}


def _leaves(schema: Schema) -> Iterator[tuple[str, Field]]:
    """(JSON pointer in the schema, field) of every field that holds values."""
    yield from _below(schema.root.node, schema.root, "")


def _below(node: Any, holder: Field, pointer: str) -> Iterator[tuple[str, Field]]:
    under = f"{pointer}/items" if "items" in node else pointer
    for name, field in holder.fields.items():
        place = f"{under}/properties/{name}"
        if field.kind in ("record", "rows"):
            yield from _below(field.node, field, place)
        else:
            yield place, field


__all__ = ["fields_read", "unread"]
