"""JSON Schemas for an editor of a pack's files: rules, cases, pack.yaml and the others.

They are those of ``schemas/``, each whole in itself and in draft-07, with words to be suggested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kehou.authoring.editor.submission_schema import DRAFT, Node
from kehou.fields import validation as jsonschemas


def pack_file(name: str, suggestions: Mapping[str, Mapping[str, str]] | None = None) -> Node:
    """The editor schema of one of a pack's files, whole in itself, in draft-07.

    ``suggestions`` are words with what is told of each, by the pointer of the place that takes
    them (``/properties/each``). Raises FileNotFoundError for an unknown name.
    """
    definitions: dict[str, Node] = {}
    pending = [name]
    done: set[str] = set()
    while pending:
        one = pending.pop()
        done.add(one)
        tree = _plain(jsonschemas.load(one), one, pending, done)
        own = tree.pop("definitions", {})
        definitions.update({f"{one}.{key}": value for key, value in own.items()})
        definitions[one] = tree
    top = definitions.pop(name)
    for pointer, words in (suggestions or {}).items():
        _suggest(top, pointer, words)
    return {"$schema": DRAFT, **top, "definitions": definitions}


def _suggest(top: Node, pointer: str, words: Mapping[str, str]) -> None:
    """Let a place offer words, each with what it means, and still take what it took."""
    place = top
    for step in pointer.strip("/").split("/"):
        place = place[step]
    told: Node = {key: place.pop(key) for key in ("title", "description") if key in place}
    before = dict(place)
    place.clear()
    known = {"enum": list(words), "enumDescriptions": list(words.values())}
    place.update({**told, "anyOf": [known, before]})


_RENAMED: Final[dict[str, str]] = {"$defs": "definitions", "oneOf": "anyOf", "prefixItems": "items"}


def _plain(node: Any, owner: str, pending: list[str], done: set[str]) -> Any:
    """A node of 2020-12 as draft-07, with every reference into one document.

    Unquoted numbers and flags are read as text where text is asked for, so an editor takes them.
    """
    if isinstance(node, list):
        return [_plain(item, owner, pending, done) for item in node]
    if not isinstance(node, dict):
        return node
    found: Node = {}
    for key, value in node.items():
        if key in ("$schema", "$id") or key.startswith("x-"):
            continue
        if key == "$ref":
            file, _, inner = value.partition("#")
            target = file.removesuffix(jsonschemas.SUFFIX).rpartition("/")[2] or owner
            if target not in done and target not in pending:
                pending.append(target)
            inner = inner.rpartition("/")[2]
            found[key] = f"#/definitions/{target}.{inner}" if inner else f"#/definitions/{target}"
        elif key in ("properties", "$defs", "patternProperties"):
            found[_RENAMED.get(str(key), str(key))] = {
                name: _plain(inner, owner, pending, done) for name, inner in value.items()
            }
        elif key == "items" and "prefixItems" in node:
            found["additionalItems"] = _plain(value, owner, pending, done)
        elif key == "dependentRequired":
            found["dependencies"] = value
        elif key == "type" and value == "string" and "enum" not in node:
            found[key] = ["string", "number", "boolean"]
        else:
            found[_RENAMED.get(str(key), str(key))] = _plain(value, owner, pending, done)
    if "$ref" in found and len(found) > 1:  # in draft-07 what stands beside a reference is not seen
        return {"allOf": [{"$ref": found.pop("$ref")}], **found}
    return found
