"""Random submissions as trees of text, what they mean, and one value of them put wrong.

What they mean is worked out here from the kinds of docs/language.md §5, and not by the reader.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from tests.support import whole_schema
from tests.support.private_damage import secret

from kehou import packs
from kehou.fields import Field, Schema
from kehou.model.values import ABSENT
from kehou.submission import from_tree

Tree = dict[str, Any]
#: Parts that a school hands in as rows of single values: what a table can hold.
TABLES = ("roster", "attendance", "subsidy", "disclosures")


@cache
def schema() -> Schema:
    """The schema of submissions."""
    return packs.load("bayannur-2021").schema


def drawn(rng: random.Random, parts: Sequence[str] = (), missing: float = 0.3) -> Tree:
    """A tree of text without a fault, private fields filled, of some parts or of chosen ones."""
    root = schema().root
    tree = whole_schema.submission(schema(), rng, missing)
    own = [n for n, f in root.fields.items() if not (f.bureau or f.reader or f.record)]
    wanted = list(parts) or rng.sample(own, rng.randint(1, 5))
    for name in wanted:
        tree.setdefault(name, whole_schema._value(root.fields[name], rng, missing))
    tree = {name: _marked(root.fields[name], tree[name], rng) for name in wanted}
    for _ in range(5):
        wrong = from_tree(tree, schema()).faulted
        if not wrong:
            filled = any(True for _ in scalars(root, tree))
            return tree if filled else drawn(rng, parts, missing)
        for pointer in wrong:
            tree = without(tree, pointer)
    raise AssertionError("生成的材料总有错")


def _marked(field: Field, value: Any, rng: random.Random) -> Any:
    """A value with private texts filled in, and texts that no two fields share."""
    if isinstance(value, dict):
        for name, child in field.fields.items():
            if child.fill is not None and name not in value:  # else taken from elsewhere
                value = value | {name: whole_schema._value(child, rng, 0)}
        return {name: _marked(field.fields[name], inner, rng) for name, inner in value.items()}
    if isinstance(value, list) and field.kind == "rows":
        return [_marked(field, row, rng) for row in value]
    if isinstance(value, list):
        return [_secret(rng) for _ in value] if field.private else value
    if field.private and value != "无":
        return _secret(rng)
    return value


def _secret(rng: random.Random) -> str:
    """A private text that is read as it is written."""
    return secret(rng).replace("，", "/").replace("　", "").strip()


def meant(field: Field, value: Any) -> Any:
    """What a value without a fault means."""
    if value == "无" and field.absent:
        return ABSENT
    if field.kind == "record" or isinstance(value, dict):
        found = {n: meant(field.fields[n], v) for n, v in value.items() if v is not None}
        defaults = {n: f.default for n, f in field.fields.items() if f.default is not None}
        return defaults | found
    if field.kind == "rows":
        return [meant(field, row) for row in value]
    if field.kind == "list":
        assert field.item is not None
        members = [meant(field.item, member) for member in value]
        if field.item.kind == "text":
            return tuple(members)
        return tuple(
            sorted(set(members), key=None if field.item.kind == "integer" else members.index)
        )
    return _scalar(field, value)


def _scalar(field: Field, text: str) -> Any:
    if field.kind == "integer":
        return int(text)
    if field.kind == "boolean":
        return text == "true"
    if field.kind == "time":
        hour, minute = text.split(":")
        return 60 * int(hour) + int(minute)
    if field.kind == "money":
        return int(Fraction(text) * 100)
    if field.kind == "decimal":
        return Fraction(text)
    return text


def scalars(field: Field, tree: Any, pointer: str = "") -> Iterator[tuple[str, Field]]:
    """(pointer, field) of every single value of a tree, members of lists left out."""
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield from scalars(field.fields[name], inner, f"{pointer}/{name}")
    elif isinstance(tree, list) and field.kind == "rows":
        for index, row in enumerate(tree):
            yield from scalars(field, row, f"{pointer}/{index}")
    elif isinstance(tree, str) and field.kind not in ("record", "rows", "list"):
        yield pointer, field


def at(tree: Any, pointer: str) -> Any:
    """What stands at a pointer; None where nothing does."""
    for step in pointer.split("/")[1:]:
        if isinstance(tree, (list, tuple)):
            tree = tree[int(step)] if int(step) < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def put(tree: Any, pointer: str, value: Any) -> Any:
    """The tree with another value at a pointer that is in it."""
    step, _, rest = pointer[1:].partition("/")
    if isinstance(tree, list):
        inner = put(tree[int(step)], f"/{rest}", value) if rest else value
        return [*tree[: int(step)], inner, *tree[int(step) + 1 :]]
    return tree | {step: put(tree[step], f"/{rest}", value) if rest else value}


def without(tree: Any, pointer: str) -> Any:
    """The tree without what stands at a pointer; rows keep their places."""
    step, _, rest = pointer[1:].partition("/")
    if isinstance(tree, (list, tuple)):
        if int(step) >= len(tree):
            return tree
        inner = without(tree[int(step)], f"/{rest}") if rest else None
        return [*tree[: int(step)], inner, *tree[int(step) + 1 :]]
    if not isinstance(tree, dict) or step not in tree:
        return tree
    kept = {name: value for name, value in tree.items() if rest or name != step}
    return kept | {step: without(tree[step], f"/{rest}")} if rest else kept


def differing(found: Any, wanted: Any, pointer: str = "") -> Iterator[str]:
    """Where two trees differ, each place with what was found and wanted."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in [*wanted, *(n for n in found if n not in wanted)]:
            yield from differing(found.get(name), wanted.get(name), f"{pointer}/{name}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for index, (a, b) in enumerate(zip(found, wanted, strict=True)):
            yield from differing(a, b, f"{pointer}/{index}")
    elif found is not wanted and found != wanted:
        yield f"{pointer}：读作 {found!r:.300}，写的是 {wanted!r:.300}"
