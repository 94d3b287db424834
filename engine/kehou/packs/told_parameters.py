"""The values of a parameter as people read them: labels for ids, in the language of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kehou.fields import Field, show

if TYPE_CHECKING:
    from kehou.packs.pack import Pack
    from kehou.packs.parameters import ParameterDef, ParameterValue

_ANY_OTHER: Final = {"zh": "其他", "en": "other"}


def told_values(
    pack: Pack, definition: ParameterDef, value: ParameterValue, language: str
) -> list[tuple[str, str]]:
    """(what it is looked up by, value) in words; the first is empty where it has one value.

    What a value or a key is called is asked of the field that it is compared with, else of the
    only choice in the schema that has all of them.
    """
    shown = pack.parameter_fields.get(definition.name)
    if shown is None and definition.type.kind in ("text", "enum"):
        shown = _chosen_from(pack, _texts([value.value, *value.table.values()]))
    kind = shown or definition.type.kind
    told = [] if value.value is None else [("", show(value.value, kind, language))]
    by = [_key_field(pack, value, i) for i in range(len(definition.by))]
    for key, member in value.table.items():
        parts = (
            _ANY_OTHER[language] if part == "*" else show(part, field, language)
            for part, field in zip(key, by, strict=True)
        )
        told.append(
            ((" / " if language == "en" else "／").join(parts), show(member, kind, language))
        )
    return told


def _key_field(pack: Pack, value: ParameterValue, at: int) -> Field | None:
    return _chosen_from(pack, {str(key[at]) for key in value.table} - {"*"})


def _texts(values: list[Any]) -> set[str]:
    members = (m for v in values for m in (v if isinstance(v, (tuple, list)) else (v,)))
    return {member for member in members if isinstance(member, str)}


def _chosen_from(pack: Pack, ids: set[str]) -> Field | None:
    """A choice that has all of some ids, where no other of the schema calls them otherwise."""
    fitting = [field for field in _choices(pack.schema.root) if ids and ids <= set(field.labels)]
    called = {tuple(field.labels[one] for one in sorted(ids)) for field in fitting}
    return fitting[0] if len(called) == 1 else None


def _choices(field: Field) -> Iterator[Field]:
    if field.labels:
        yield field
    for inner in (*field.fields.values(), *((field.item,) if field.item else ())):
        yield from _choices(inner)
