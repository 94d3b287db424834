"""The words of a scheme as people write them, as the keys and values that it is read by.

Chinese titles of keys, their other names, labels and aliases of choices all stand in
``schemas/scheme.schema.json``; areas and rules may be called by what the packs call them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from kehou.fields import fold, validation
from kehou.readers import Document

Path = tuple[str, ...]
_FLAGS: Final = {"是": "true", "否": "false", "√": "true", "×": "false"}
_NAME: Final = "scheme"


def in_keys(document: Document) -> Document:
    """A scheme's document with the schema's keys and values; places stay where they were."""
    schema = validation.load(_NAME)
    where: dict[Path, Path] = {}
    tree = _node(document.tree, schema, schema, (), (), where)
    finds, cell_of = document.find, document.cell_of

    def raw(path: Sequence[str]) -> list[str]:
        for length in range(len(path), 0, -1):
            if (found := where.get(tuple(path[:length]))) is not None:
                return [*found, *path[length:]]
        return list(path)

    return replace(
        document,
        tree=tree,
        find=lambda path: finds(raw(path)),
        cell_of=None if cell_of is None else lambda path, at_key: cell_of(raw(path), at_key),
    )


def titled(message: str) -> str:
    """What is said of a key that is missing, by its title: no workbook has the keys."""
    before, _, after = "缺少 {}".partition("{}")
    title = _titles().get(message.removeprefix(before).removesuffix(after))
    return f"缺少“{title}”" if message.startswith(before) and title else message


@cache
def _titles() -> dict[str, str]:
    """The first title of every key of the schema."""
    found: dict[str, str] = {}
    schema = validation.load(_NAME)
    nodes: list[Any] = [schema]
    while nodes:
        node = nodes.pop(0)
        if isinstance(node, Mapping):
            for key, child in node.get("properties", {}).items():
                if isinstance(child, Mapping) and "title" in child:
                    found.setdefault(key, str(child["title"]))
            nodes += node.values()
        elif isinstance(node, Sequence) and not isinstance(node, str):
            nodes += node
    return found


def with_ids(tree: Any, areas: Mapping[str, str], rules: Mapping[str, str]) -> Any:
    """A scheme's tree with areas and rules by their ids, of those that are called by title.

    ``areas`` and ``rules`` are ids by title.
    """
    if not isinstance(tree, dict):
        return tree
    found = dict(tree)
    if isinstance(found.get("areas"), dict):
        found["areas"] = {areas.get(name, name): p for name, p in found["areas"].items()}
    for key in ("indicators", "vetoes"):
        if isinstance(found.get(key), list):
            found[key] = [_row(one, areas, rules) for one in found[key]]
    return found


def _row(one: Any, areas: Mapping[str, str], rules: Mapping[str, str]) -> Any:
    if not isinstance(one, dict):
        return one
    found = dict(one)
    if isinstance(found.get("area"), str):
        found["area"] = areas.get(found["area"], found["area"])
    named = found.get("rules")
    if isinstance(named, str):
        found["rules"] = rules.get(named, named)
    elif isinstance(named, list):
        found["rules"] = list(_ids(named, rules))
    return found


def _ids(named: Sequence[Any], rules: Mapping[str, str]) -> Iterator[Any]:
    """Rules by their ids; a title with a “、” in it may have come in pieces."""
    at = 0
    while at < len(named):
        for end in range(len(named), at + 1, -1):
            if (title := "、".join(map(str, named[at:end]))) in rules:
                yield rules[title]
                break
        else:
            end = at + 1
            one = named[at]
            yield rules.get(one, one) if isinstance(one, str) else one
        at = end


def _node(
    tree: Any, node: Any, schema: Mapping[str, Any], path: Path, raw: Path, where: dict[Path, Path]
) -> Any:
    """A value with the keys and choices of its part of the schema."""
    node = _meant(node, schema)
    if isinstance(tree, dict):
        keys = _keys(node, schema)
        free = node.get("additionalProperties")
        found: dict[str, Any] = {}
        for key, value in tree.items():
            key = str(key)
            name: str = keys.get(fold(key), key)
            if name in found:  # written twice, in two words: the second is told as unknown
                name = key
            below, at = (*path, name), (*raw, key)
            where[below] = at
            child = _properties(node, schema).get(name, free if isinstance(free, dict) else {})
            found[name] = _node(value, child, schema, below, at, where)
        return found
    if isinstance(tree, list):
        items = node.get("items", {})
        return [
            _node(one, items, schema, (*path, str(i)), (*raw, str(i)), where)
            for i, one in enumerate(tree)
        ]
    return _choice(tree, node) if isinstance(tree, str) else tree


def _meant(node: Any, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(node, dict):
        return {}
    if "$ref" in node:
        shared = schema["$defs"][node["$ref"].rpartition("/")[2]]
        return {**shared, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def _properties(node: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Children of a node, those of its alternatives too; of a child of several, the first."""
    found: dict[str, Any] = {}
    for one in (node, *node.get("oneOf", ())):
        for name, child in one.get("properties", {}).items():
            found.setdefault(name, child)
    return found


def _keys(node: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, str]:
    """Every spelling of a key and the key; a title comes before other names."""
    found: dict[str, str] = {}
    every = list(_spelt(node, schema))
    for title in (True, False):
        for name, spellings in every:
            for spelling in spellings[:2] if title else spellings[2:]:
                found.setdefault(fold(spelling), name)
    return found


def _spelt(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, child in _properties(node, schema).items():
        meant = _meant(child, schema)
        yield name, [name, str(meant.get("title", name)), *meant.get("x-names", ())]


def _choice(text: str, node: Mapping[str, Any]) -> str:
    """A choice by its value, of what is written as its label or otherwise."""
    word = fold(text)
    if node.get("type") == "boolean":
        return _FLAGS.get(word, text)
    for value, label in node.get("x-labels", {}).items():
        if fold(label) == word:
            return str(value)
    for alias, value in node.get("x-aliases", {}).items():
        if fold(alias) == word:
            return str(value)
    return text


__all__ = ["in_keys", "with_ids"]
