"""Every small change of a good submission that its schema allows, one field and one kind at a time.

Ids of kinds are stable and readable, such as ``a year later`` or ``→lunch_care``: with the field
they are what a reason in ``blind-spots.yaml`` names. Nothing here knows what a field is about.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.authoring.blind_spots.scalar_changes import (
    NONE,
    Limits,
    References,
    changed_member,
    changed_scalar,
)
from kehou.fields import Field
from kehou.model.values import ABSENT

#: Of more rows than this the first, the middle and the last are changed.
MOST_ROWS = 6
#: Kinds of scalar of which two in one row are swapped.
_ORDERED = frozenset({"date", "time", "month", "money", "integer", "decimal"})


@dataclass(frozen=True, slots=True)
class Change:
    """A changed submission; ``touched`` are the dotted paths of the fields that it changes.

    ``rows`` tells that whole rows come or go. ``values`` are set and ``dropped`` removed, both by
    JSON pointer, dropped first.
    """

    field: str
    kind: str
    pointer: str
    touched: tuple[str, ...]
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    rows: bool = False


def changes(root: Field, raw: Any, typed: Any, limits: Limits) -> Iterator[Change]:
    """Every change of a tree of text whose keys are names, in the order of the schema.

    ``typed`` is what the tree reads as, ``limits`` what conditions hold its fields against.
    """
    references = References.of(root, typed)
    walk = _Walk(limits, references)
    for name, part in root.fields.items():
        if name in raw and not (part.reader or part.conflict):
            yield from walk.value(part, raw[name], typed.get(name), f"/{name}", {})


def renamed(field: Field, raw: Any) -> Any:
    """A tree with every key by its field's name; what no field knows is left out."""
    if isinstance(raw, dict) and field.kind in ("record", "rows"):
        found = {}
        for key, inner in raw.items():
            child = field.child(key)
            if child is not None:
                found[child.name] = renamed(child, inner)
        return found
    if isinstance(raw, list) and field.kind == "rows":
        return [renamed(field, row) for row in raw]
    return raw


@dataclass(frozen=True)
class _Walk:
    limits: Limits
    references: References

    def value(
        self, at: Field, raw: Any, typed: Any, pointer: str, row: Mapping[str, Any]
    ) -> Iterator[Change]:
        """Changes of a value and of what is below it; ``row`` are the values of its row."""
        if raw is None or typed is None or at.reader:
            return
        if at.absent and typed is not ABSENT:
            whole = at.kind in ("rows", "record")
            yield Change(at.path, NONE, pointer, (at.path,), {pointer: "无"}, rows=whole)
        if typed is ABSENT:
            return
        if at.kind == "record":
            yield from self.record(at, raw, typed, pointer)
        elif at.kind == "rows":
            yield from self.rows(at, raw, typed, pointer)
        elif at.kind == "list":
            yield from self.members(at, typed, pointer)
        else:
            held = self.limits.of(at.path, row)
            for kind, value in changed_scalar(at, typed, held, self.references):
                yield Change(at.path, kind, pointer, (at.path,), {pointer: value})

    def record(self, at: Field, raw: Any, typed: Any, pointer: str) -> Iterator[Change]:
        """Changes of each child, then of two children of a kind."""
        if not isinstance(raw, dict) or not isinstance(typed, dict):
            return
        for name, child in at.fields.items():
            if name in raw:
                yield from self.value(child, raw[name], typed.get(name), f"{pointer}/{name}", typed)
        held = [
            child
            for name, child in at.fields.items()
            if child.kind in _ORDERED and name in raw and typed.get(name) not in (None, ABSENT)
        ]
        for i, one in enumerate(held):
            for other in held[i + 1 :]:
                if one.kind == other.kind and typed[one.name] != typed[other.name]:
                    yield self._swapped(one, other, raw, pointer)

    def _swapped(self, one: Field, other: Field, raw: Any, pointer: str) -> Change:
        first, second = f"{pointer}/{one.name}", f"{pointer}/{other.name}"
        values = {first: raw[other.name], second: raw[one.name]}
        return Change(one.path, f"⇄{other.name}", first, (one.path, other.path), values)

    def rows(self, at: Field, raw: Any, typed: Any, pointer: str) -> Iterator[Change]:
        """Rows removed, doubled, all but one of them, and changes within each."""
        if not isinstance(raw, list) or not isinstance(typed, (list, tuple)):
            return
        if not at.absent:
            yield Change(at.path, "emptied", pointer, (at.path,), {pointer: []}, rows=True)
        chosen = _chosen(len(raw))
        for i in chosen:
            place = f"{pointer}/{i}"
            if len(raw) > 1:
                yield Change(at.path, "a row removed", place, (at.path,), {}, (place,), True)
            added = {f"{pointer}/{len(raw)}": raw[i]}
            yield Change(at.path, "a row doubled", place, (at.path,), added, rows=True)
            if len(raw) > 2:
                alone = {pointer: [raw[i]]}
                yield Change(at.path, "one row alone", place, (at.path,), alone, rows=True)
        item = at.item
        assert item is not None
        for i in chosen:
            if i < len(typed):
                yield from self.record(item, raw[i], typed[i], f"{pointer}/{i}")
        for i, j in itertools.pairwise(chosen):
            yield from self._traded(item, raw, typed, pointer, (i, j))

    def _traded(
        self, item: Field, raw: Any, typed: Any, pointer: str, pair: tuple[int, int]
    ) -> Iterator[Change]:
        """The values of one field of two rows swapped."""
        i, j = pair
        if not all(isinstance(each, dict) for each in (raw[i], raw[j], typed[i], typed[j])):
            return
        for name, child in item.fields.items():
            if child.kind in ("record", "rows") or child.reader:
                continue
            if name in raw[i] and name in raw[j] and typed[i].get(name) != typed[j].get(name):
                values = {
                    f"{pointer}/{i}/{name}": raw[j][name],
                    f"{pointer}/{j}/{name}": raw[i][name],
                }
                place = f"{pointer}/{i}/{name}"
                yield Change(child.path, "⇄ another row", place, (child.path,), values)

    def members(self, at: Field, typed: Any, pointer: str) -> Iterator[Change]:
        """A member less, a member more, one alone, and each text member changed."""
        item = at.item
        assert item is not None
        members = [_text(member) for member in typed]

        def made(kind: str, values: Sequence[str]) -> Change:
            return Change(at.path, kind, pointer, (at.path,), {pointer: list(values)})

        if len(members) > 1:
            for i in _chosen(len(members)):
                yield made("a member less", members[:i] + members[i + 1 :])
            yield made("one member alone", members[:1])
        for kind, more in changed_member(item, typed):
            yield made(kind, [*members, more])
        if item.kind == "text":
            for kind, value in changed_scalar(item, typed[0], (), self.references):
                yield made(kind, [value, *members[1:]])


def _chosen(count: int) -> list[int]:
    if count <= MOST_ROWS:
        return list(range(count))
    return [0, count // 2, count - 1]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
