"""What a field of a submission schema says that it names elsewhere: ``x-refers``.

``{to, on?, valid?, back?}``: the value stands in ``to``, a field of the rows of another list (or in
one of several such lists), in a row that is in force ``on`` a date (docs/language.md §1.15).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kehou.model.nouns import Fault, key_faults

if TYPE_CHECKING:
    from kehou.fields.fields import Field, Schema

#: Where `with_codes` keeps the paths of codes; no schema has such a key.
_CODES: Final = " codes"
#: The fields that say when a row is in force, where ``valid`` does not name others.
IN_FORCE: Final = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Fill:
    """``x-fill``: values to take from another list where a row leaves the field out.

    ``words`` stand for all that the other list has (全校).
    """

    source: str
    match: tuple[tuple[str, str], ...]
    take: str
    words: frozenset[str] = frozenset()


def fill_of(node: Mapping[str, Any]) -> Fill:
    """What ``x-fill`` says."""
    match = tuple(node.get("match", {}).items())
    return Fill(node["from"], match, node["take"], frozenset(node.get("words", ())))


@dataclass(frozen=True, slots=True)
class Refers:
    """``x-refers``: dotted paths in ``to``; ``on`` is a field of the row, else of the submission.

    ``valid`` are the fields of the row there that say from and to when it is in force; ``back``
    asks the other way as well: each row there is named by some row here.
    """

    to: tuple[str, ...]
    on: str = ""
    valid: tuple[str, str] = IN_FORCE
    back: bool = False


def refers(node: Any) -> Refers | None:
    """The reference that a schema node states; None where it states none that can be read."""
    tree = node.get("x-refers")
    if not isinstance(tree, Mapping):
        return None
    to = tree.get("to", ())
    to = (to,) if isinstance(to, str) else tuple(to)
    start, end = tree.get("valid", IN_FORCE)
    return Refers(to, tree.get("on", ""), (start, end), bool(tree.get("back", False)))


def is_code(field: Field) -> bool:
    """Whether a field names a row of another list, or is what such rows are named by."""
    return field.path in field.defs.get(_CODES, ())


def with_codes(defs: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of a schema share, and beside it the dotted paths of those that are codes."""
    found: set[str] = set()
    for path, _, tree in _stated(root, "", ""):
        to = tree.get("to") if isinstance(tree, Mapping) else None
        named = [to] if isinstance(to, str) else to if isinstance(to, list) else []
        found |= {path, *(one for one in named if isinstance(one, str))}
    return {**defs, _CODES: frozenset(found)}


def lists_around(schema: Schema, path: str) -> tuple[str, ...]:
    """Paths of the lists that a field stands in, the outermost first; a list of scalars counts."""
    steps = path.split(".")
    found = []
    for end in range(1, len(steps) + 1):
        step = schema.field(".".join(steps[:end]))
        if step is not None and step.kind in ("rows", "list"):
            found.append(step.path)
    return tuple(found)


# --- what is wrong with them -----------------------------------------------------------------


def reference_faults(schema: Schema) -> Iterator[Fault]:
    """Everything wrong with the references of a schema, each with its pointer.

    The tree is gone through as it is written, so that most fields cost nothing.
    """
    for path, pointer, tree in _stated(schema.root.node, "", ""):
        field = schema.field(path)
        if field is not None:
            yield from _faults(schema, field, tree, f"{pointer}/x-refers")


def _stated(node: Mapping[str, Any], path: str, pointer: str) -> Iterator[tuple[str, str, Any]]:
    holder = node.get("items", node)
    under = f"{pointer}/items" if "items" in node else pointer
    for name, child in holder.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        place = f"{under}/properties/{name}"
        if "x-refers" in child:
            yield inner, place, child["x-refers"]
        if "properties" in child or "items" in child:
            yield from _stated(child, inner, place)


def _faults(schema: Schema, field: Field, tree: Any, at: str) -> Iterator[Fault]:
    yield from key_faults(tree, at, ("to", "on", "valid", "back"), ("to",))
    if not isinstance(tree, dict) or "to" not in tree:
        return
    to = tree["to"]
    targets = [to] if isinstance(to, str) else to
    if not isinstance(targets, list) or not targets:
        yield f"{at}/to", "这里应当是字段的路径，或路径的列表", "例如 loans.card"
        return
    kind = _kind(field)
    valid = tree.get("valid", list(IN_FORCE))
    if not isinstance(valid, list) or len(valid) != 2:
        yield f"{at}/valid", "这里写两个字段：[自, 至]", ""
        return
    for path in targets:
        found = schema.field(path) if isinstance(path, str) else None
        if found is None or not lists_around(schema, path):
            hint = "请写另一张表里的字段，例如 loans.card"
            yield f"{at}/to", f"材料结构的列表里没有字段 {path}", hint
        elif _kind(found) != kind:
            yield f"{at}/to", f"{path} 与“{field.title}”不是同一种值", ""
        elif "on" in tree:
            yield from _in_force(schema, path, valid, f"{at}/valid")
    if "on" in tree:
        yield from _date(schema, field, tree["on"], f"{at}/on")


def _kind(field: Field) -> str:
    """What one value is; of a list what one member is."""
    return field.item.kind if field.kind == "list" and field.item is not None else field.kind


def _in_force(schema: Schema, path: str, valid: Sequence[Any], at: str) -> Iterator[Fault]:
    rows = schema.field(lists_around(schema, path)[-1])
    for name in valid:
        found = schema.field(f"{rows.path}.{name}") if rows is not None else None
        if found is None or found.kind != "date":
            title = rows.title if rows is not None else path
            yield at, f"“{title}”没有日期字段 {name}", "valid 写说明有效期自、至的两个字段"


def _date(schema: Schema, field: Field, on: Any, at: str) -> Iterator[Fault]:
    found = date_field(schema, field.path, on) if isinstance(on, str) else None
    if found is None or found.kind != "date":
        yield at, f"没有日期字段 {on}", "写同一行的字段，或整份材料的字段的路径"


def date_field(schema: Schema, path: str, on: str) -> Field | None:
    """The field that ``on`` names: one of the same row, else one of the submission."""
    lists = [step for step in lists_around(schema, path) if step != path]
    for rows in reversed(lists):
        found = schema.field(f"{rows}.{on}")
        if found is not None:
            return found
    return schema.field(on)


__all__ = [
    "IN_FORCE",
    "Refers",
    "date_field",
    "is_code",
    "lists_around",
    "reference_faults",
    "refers",
    "with_codes",
]
