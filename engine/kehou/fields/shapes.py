"""Whether a schema that comes with a pack has the shape of one, before anything is made of it.

JSON Schema would let pass what kehou does not read, so that each node is held to the kinds, the
references and the ``x-`` words that `kehou.fields.fields` knows (docs/language.md §5).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from kehou.fields.schema_words import unknown_words
from kehou.model.opposites import alike

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


_MEANT: Final = re.compile("是否想写 ([^？]+)？")


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


def mended(tree: Any, wrong: Sequence[Fault]) -> dict[str, Any]:
    """A tree with what is wrong put right as is told, or left out, to look at the rest of it.

    A field that does not say what it is is a text; what cannot be mended has no fields.
    """
    for renamed in (True, False):
        copy = json.loads(json.dumps(tree))
        for pointer, _, hint in wrong:
            word = _MEANT.match(hint) if renamed else None
            _mend(copy, pointer, word[1] if word else "")
        if isinstance(copy, dict) and not shape_faults(copy):
            return copy
    return {"type": "object"}


def _mend(tree: Any, pointer: str, meant: str) -> None:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if len(steps) > 1 and steps[-2] in ("x-key", "x-units"):
        steps.pop()
    holder = tree
    for step in steps[:-1]:
        holder = holder.get(step) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or not steps:
        return
    last = steps[-1]
    if last == "type":
        holder[last] = "string"
    elif len(steps) > 1 and steps[-2] == "properties":
        holder[last] = {"type": "string"}
    else:
        value = holder.pop(last, None)
        if meant.startswith("x-") and meant not in holder and last not in ("x-kind", "x-key"):
            holder[meant] = value
        if last in ("x-kind", "$ref", "enum"):
            holder.setdefault("type", "string")
        if last == "items" and holder.get("type") == "array":
            holder[last] = {"type": "string"}


def beside(found: Iterable[Fault], misshapen: Iterable[Fault]) -> list[Fault]:
    """What is wrong with the rest of a schema, and does not follow from what is misshapen."""
    places = [pointer.removesuffix("/type") for pointer, _, _ in misshapen]
    paths = []
    for place in places:
        steps = re.sub("/(?:x-|enum|[$])[^/]*(?:/.*)?$", "", place).split("/")[1:]
        paths.append(".".join(s for s in steps if s not in ("properties", "items", "$defs")))
    spoken = [re.compile(rf"(?<![\w.]){re.escape(path)}(?![\w])") for path in paths if path]
    return [
        one
        for one in found
        if not any(f"{one[0]}/".startswith(f"{place}/") for place in places)
        and not any(path.search(one[1]) for path in spoken)
    ]


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
    yield from _named(node, at, defs)
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


def _named(node: Mapping[str, Any], at: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    """What fields of a record name of each other, and a list of its columns, is there."""
    inner = _dict(node, "properties")
    for name, child in inner.items():
        after = child.get("x-after") if isinstance(child, dict) else None
        if isinstance(after, str) and after not in inner:
            place = f"{at}/properties/{_escaped(name)}/x-after"
            yield place, f"x-after 说的 {after} 不在同一个记录里", _one_of(after, inner)
    rows = _dict(node, "items")
    reference = rows.get("$ref")
    if isinstance(reference, str):
        rows = _dict(defs, reference.rpartition("/")[2])
    columns, keys = _dict(rows, "properties"), node.get("x-key")
    for i, key in enumerate(keys if isinstance(keys, list) and columns else ()):
        if isinstance(key, str) and key not in columns:
            yield f"{at}/x-key/{i}", f"x-key 说的 {key} 不是这个列表的栏目", _one_of(key, columns)


def _one_of(word: str, known: Mapping[str, Any]) -> str:
    near = alike(word, known, 0.6)
    return f"是否想写 {near}？" if near else f"可用：{'、'.join(known)}"


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
        yield from _no_type(node, at)
    elif node["type"] == "array" and not isinstance(node.get("items"), dict):
        yield f"{at}/items", "列表没有写每项的结构", "请写 items"


def _no_type(node: Mapping[str, Any], at: str) -> Iterator[Fault]:
    """What a field says that it is, where that is no type of those that are read, or nothing."""
    title = node.get("title")
    whose = f"“{title}”" if isinstance(title, str) and title else "字段"
    if node.get("type") == "number":
        hint = '小数写 "type": "string", "x-kind": "decimal"；金额写 "x-kind": "money"'
        yield f"{at}/type", f"{whose}的类型不能写 number", hint
    else:
        yield f"{at}/type", f"没有写{whose}是什么类型", "可用：" + "、".join(_TYPES)


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
