"""Whether a schema that comes with a pack has the shape of one, before anything is made of it.

JSON Schema would let pass what kehou does not read, so that each node is held to the kinds, the
references and the ``x-`` words that `kehou.fields.fields` knows (docs/language.md §5).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from kehou.fields.schema_words import unknown_words

#: JSON Schema types as the kinds of kehou; ``x-kind`` names the ones JSON lacks.
_KINDS: Final = {"object": "record", "string": "text", "integer": "integer", "boolean": "boolean"}
#: The kinds a single value may have; the others are ``record``, ``rows`` and ``list``.
SCALAR_KINDS: Final = frozenset(
    ["text", "integer", "boolean", "enum", "time", "date", "month", "money", "decimal"]
)
#: Texts of a fixed form.
_FORMS: Final = ("year_pair",)
#: (JSON pointer, what is wrong, what to do about it)
Fault = tuple[str, str, str]

_TYPES: Final = ("object", "array", "string", "integer", "boolean")
_NAMES: Final[Mapping[type, str]] = {
    str: "文字",
    bool: "true 或 false",
    list: "文字的列表",
    dict: "“名称: 内容”的映射",
    int: "整数",
}
#: What a word holds, of those that the fields are made from; a list holds texts.
_WORDS: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(("title", "x-title-en", "description", "x-kind", "x-after", "x-csv"), (str,)),
    **dict.fromkeys(("x-owner", "x-blank", "x-earliest", "$ref"), (str,)),
    **dict.fromkeys(("x-names", "x-required", "x-units", "x-key"), (list,)),
    **dict.fromkeys(("x-labels", "x-aliases", "x-words", "x-stands-for", "x-fill"), (dict,)),
    "x-words-en": (dict,),
    **dict.fromkeys(("x-giver", "x-conflicts", "x-statements"), (dict,)),
    **dict.fromkeys(("properties", "$defs", "items"), (dict,)),
    **dict.fromkeys(("x-private", "x-range", "x-record", "x-whose", "x-reader"), (bool,)),
    "x-approximate": (bool,),
    "x-unhashed": (bool, str),
    **dict.fromkeys(("minimum", "maximum"), (int,)),
    "x-absent": (bool, list),
    "type": (str, list),
    "x-refers": (dict,),
    "enum": (list,),
}


def shape_faults(tree: Any) -> list[Fault]:
    """Everything by which a tree of JSON is no schema of a submission; none where it is one."""
    if not isinstance(tree, dict):
        return [("", "材料的结构应当是一组“名称: 内容”", "")]
    shared = tree.get("$defs")
    defs = shared if isinstance(shared, dict) else {}
    found = list(_node(tree, "", defs, 0))
    for name, node in defs.items():
        found += _node(node, f"/$defs/{_escaped(name)}", defs, 0)
    if not found and tree.get("type") != "object":
        found.append(("/type", "最外层的 type 应当是 object", ""))
    return found


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _node(node: Any, at: str, defs: Mapping[str, Any], depth: int) -> Iterator[Fault]:
    if not isinstance(node, dict):
        yield at, "这里应当是一个字段的结构", '请写成 {"type": …, "title": …}'
        return
    if depth > 40:
        yield at, "嵌套超过 40 层", ""
        return
    yield from unknown_words(node, at)
    for word, kinds in _WORDS.items():
        if word in node and not _is(node[word], kinds):
            yield (
                f"{at}/{_escaped(word)}",
                f"{word} 应当是{'或'.join(_NAMES[k] for k in kinds)}",
                "",
            )
    yield from _kind(node, at, defs)
    yield from _units(node, at)
    earliest = node.get("x-earliest")
    if isinstance(earliest, str) and not (earliest[:2] + earliest[3:]).isdecimal():
        yield f"{at}/x-earliest", "x-earliest 应当是时间", "例如 12:00"
    if isinstance(node.get("x-unhashed"), str) and node["x-unhashed"] != "default":
        yield f"{at}/x-unhashed", "x-unhashed 应当是 true、false 或 default", ""
    for name, inner in _dict(_dict(node, "x-register"), "properties").items():
        yield from _node(inner, f"{at}/x-register/properties/{_escaped(name)}", defs, depth + 1)
    for name, inner in _dict(node, "properties").items():
        yield from _node(inner, f"{at}/properties/{_escaped(name)}", defs, depth + 1)
    if node.get("type") == "array" and isinstance(node.get("items"), dict):
        yield from _node(node["items"], f"{at}/items", defs, depth + 1)
    fill = _dict(node, "x-fill")
    if fill and not (isinstance(fill.get("from"), str) and isinstance(fill.get("take"), str)):
        yield f"{at}/x-fill", "x-fill 要有 from 和 take", ""


def _units(node: Mapping[str, Any], at: str) -> Iterator[Fault]:
    """Units that no number is ever followed by, or that would change what it says."""
    units = node.get("x-units")
    if not isinstance(units, list):
        return
    number = node.get("x-kind") or node.get("type")
    if number not in ("integer", "decimal", "number", "year_pair", "array") or "enum" in node:
        yield f"{at}/x-units", "x-units 只用于整数和小数，这里的单位读不到", "请删去 x-units"
    for i, unit in enumerate(units):
        written = unicodedata.normalize("NFKC", unit).strip() if isinstance(unit, str) else "?"
        if not written:
            yield f"{at}/x-units/{i}", "单位是空的，读数时永远对不上", "请写数后面的字，如 天、℃"
        elif written[0].isdecimal() or written[0] in ".-":
            told = f"单位“{unit}”以数字或符号开头，分不清是数还是单位"
            yield f"{at}/x-units/{i}", told, "请只写数后面的字，如 天、平方米、℃"
        elif written == "%":
            told = "单位写作 %，3% 就读成 3；不写时读成 0.03"
            yield f"{at}/x-units/{i}", told, "请删去：小数的字段本来就能写百分数"


def _kind(node: Mapping[str, Any], at: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    """A node says what it is: by another's name, by a kind, by its choices or by a type."""
    if "$ref" in node:
        reference = node["$ref"]
        shared = defs.get(reference.rpartition("/")[2]) if isinstance(reference, str) else None
        if not isinstance(shared, dict):
            yield f"{at}/$ref", f"$defs 里没有 {reference}", ""
        elif "$ref" in shared:
            yield f"{at}/$ref", f"{reference} 又指向别处", "请直接写它所指的"
        return
    if "x-kind" in node:
        yield from _special(node["x-kind"], f"{at}/x-kind")
        return
    if "enum" in node:
        return
    if node.get("type") not in _TYPES:
        yield f"{at}/type", "没有写字段是什么类型", "可用：" + "、".join(_TYPES)
    elif node["type"] == "array" and not isinstance(node.get("items"), dict):
        yield f"{at}/items", "列表没有写每项的结构", "请写 items"


def _special(word: Any, at: str) -> Iterator[Fault]:
    """A kind that JSON lacks is one of those there are: any other would be read as plain text."""
    if isinstance(word, str) and word not in (*SCALAR_KINDS, *_FORMS):
        known = (*sorted(SCALAR_KINDS - {"enum", "text"}), *_FORMS)
        near = get_close_matches(word, known, 1, 0.6)
        meant = f"是否想写 {near[0]}？" if near else ""
        yield at, f"x-kind 没有 {word}", f"{meant}可用：{'、'.join(known)}"


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    if isinstance(value, list):
        return list in kinds and all(isinstance(each, str) for each in value)
    return type(value) in kinds


def _dict(node: Mapping[str, Any], word: str) -> dict[str, Any]:
    found = node.get(word)
    return found if isinstance(found, dict) else {}


def kind_of(node: Mapping[str, Any]) -> tuple[str, str | None]:
    """The kind a schema node has, and the form of a text with one."""
    special = node.get("x-kind")
    if special is not None:
        return (special, None) if special in SCALAR_KINDS else ("text", special)
    if "enum" in node:
        return "enum", None
    if node["type"] == "array":
        shared = "properties" in node["items"]
        return ("rows" if shared else "list"), None
    return _KINDS[node["type"]], None
