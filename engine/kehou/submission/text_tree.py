"""A submission as one tree of text, to be written in another format with nothing lost.

Keys are the schema's names; texts stay as they were written, an invalid one too, so that what is
made of the tree reads to the same values and the same faults. ``lost`` tells what has no place in
such a tree: unknown keys, rows that are none, files that could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kehou.fields import AS_WRITTEN, BadScalar, Field
from kehou.fields.scalars import members, read
from kehou.model.values import ABSENT, Fault
from kehou.readers import segments
from kehou.submission.source_map import Mount
from kehou.submission.submission import Submission


@dataclass(frozen=True)
class Carried:
    """The tree, and the faults of what is not in it."""

    tree: dict[str, Any]
    lost: tuple[Fault, ...]


def carry(submission: Submission) -> Carried:
    """Everything that a submission's files say, part by part."""
    tree: dict[str, Any] = {}
    for mount in submission.places.mounts:
        _add(tree, mount, submission)
    lost = tuple(f for f in submission.faults if not _is_text(tree, segments(f.path)))
    order = submission.schema.root.fields
    return Carried({name: tree[name] for name in order if name in tree}, lost)


def _add(tree: dict[str, Any], mount: Mount, submission: Submission) -> None:
    document, base = mount.document, mount.base
    if document.header and not document.tree:
        return
    value: Any = document.tree
    if base and submission.tree.get(base[0]) is ABSENT:
        tree[base[0]] = "无"
        return
    value = _value(mount.field, value, bool(document.header))
    if value is None:
        return
    if not base:
        for name, part in value.items():
            tree.setdefault(name, part)
        return
    node: Any = tree
    for at, step in enumerate(base[:-1]):
        if isinstance(node, list):
            node = node[int(step)]
        else:
            made: Any = [{}] if base[at + 1].isdecimal() else {}
            node = node.setdefault(step, made)
    if isinstance(node, dict):
        node[base[-1]] = value


def _value(field: Field, raw: Any, table: bool = False) -> Any:
    """A value by the names of its fields; None where there is nothing, or nothing with a place."""
    if raw is None:
        return None
    if isinstance(raw, str):
        return raw.strip() or None
    if isinstance(raw, dict):
        return _record(field, raw, table) if field.kind == "record" else None
    if not raw:
        return "无"
    if field.kind == "rows":
        assert field.item is not None
        return [_record(field.item, r, table) if isinstance(r, dict) else {} for r in raw]
    if field.kind == "list":
        texts = [member.strip() for member in raw if isinstance(member, str)]
        return [text for text in texts if text] or None
    return None


def _record(field: Field, raw: dict[str, Any], table: bool) -> dict[str, Any]:
    given: dict[str, list[Any]] = {}
    for key, inner in raw.items():
        child = field.child(key)
        if child is None or child.reader or child.bureau:
            continue
        value = _value(child, inner)
        if value is None and inner is None and table and child.blank_absent:
            value = "无"
        given.setdefault(child.name, []).append(value)
    return {
        name: given[name][0]
        for name in field.fields
        if len(given.get(name, ())) == 1 and given[name][0] is not None
    }


def _is_text(tree: Any, path: list[str]) -> bool:
    """Whether a pointer, or the nearest value above it, is a text or a list of texts."""
    node = tree
    for step in path:
        if isinstance(node, str) or _is_texts(node):
            return True
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return False
    return isinstance(node, str) or _is_texts(node)


def _is_texts(node: Any) -> bool:
    return isinstance(node, list) and bool(node) and all(isinstance(each, str) for each in node)


# --- texts as their fields' values ---------------------------------------------------------


def typed(field: Field, text: str) -> Any:
    """The value of a text that needs no other way of reading, else None."""
    try:
        value, how = read(field, text)
    except BadScalar:
        return None
    return value if how == AS_WRITTEN else None


def worded(field: Field, text: str) -> str:
    """A text with the label of an enumeration's value or a flag (``primary`` is 小学)."""
    value = typed(field, text) if field.kind in ("enum", "boolean") else None
    if value is None:
        return text
    if isinstance(value, bool):
        word = "true" if value else "false"
        return field.labels.get(word) or ("是" if value else "否")
    return field.labels[value] if isinstance(value, str) else text


def parts(field: Field, raw: str | list[str]) -> list[str]:
    """The members of a list, however they were written."""
    return members(field, raw) if isinstance(raw, str) else raw
