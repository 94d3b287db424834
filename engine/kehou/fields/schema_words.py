"""Every word that may stand in the schema of a submission; any other is a slip of the pen.

A word that nobody knows is passed over by JSON Schema, so that ``x-privat`` would leave a value
public and ``minimun`` a bound unsaid: `unknown_words` tells each with the nearest known one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

#: The words of JSON Schema 2020-12. Not all are read, but whoever writes one means what it says.
_STANDARD: Final = frozenset(
    [
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "$comment",
        "$anchor",
        "$vocabulary",
        "$dynamicRef",
        "$dynamicAnchor",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "type",
        "enum",
        "const",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "items",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "minItems",
        "maxItems",
        "uniqueItems",
        "unevaluatedItems",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
    ]
)
#: The words of kehou on any node (docs/language.md §5).
_OF_NODES: Final = frozenset(
    [
        "x-kind",
        "x-title-en",
        "x-names",
        "x-labels",
        "x-aliases",
        "x-words",
        "x-words-en",
        "x-units",
        "x-range",
        "x-earliest",
        "x-after",
        "x-default",
        "x-absent",
        "x-blank",
        "x-fill",
        "x-refers",
        "x-stands-for",
        "x-required",
        "x-private",
        "x-proposable",
        "x-key",
        "x-csv",
        "x-few",
        "x-unread",
        "x-owner",
        "x-unhashed",
        "x-record",
        "x-whose",
        "x-reader",
        "x-giver",
        "x-statements",
        "x-conflicts",
        "x-approximate",
    ]
)
#: The words of kehou that only the root has.
_OF_ROOT: Final = frozenset(
    ["x-subject", "x-dates", "x-nouns", "x-asks", "x-renews", "x-register", "x-hash", "x-owners"]
)
KNOWN: Final = _STANDARD | _OF_NODES | _OF_ROOT
#: What is written for a word out of another habit.
_OTHERS: Final[Mapping[str, str]] = {
    "definitions": "$defs",
    "min": "minimum",
    "max": "maximum",
}
#: (JSON pointer, what is wrong, what to do about it)
Fault = tuple[str, str, str]


def unknown_words(node: Mapping[str, Any], at: str) -> Iterator[Fault]:
    """The words of one node of a schema that nobody knows, or that only the root may have.

    ``at`` is the node's JSON pointer, empty for the root.
    """
    for word in node:
        place = f"{at}/{str(word).replace('~', '~0').replace('/', '~1')}"
        if word in _OF_ROOT and at:
            yield place, f"{word} 只在最外层起作用，写在这里没有人读", "请移到最外层，或删去"
        elif word not in KNOWN:
            yield place, f"材料结构里没有 {word} 这个词，写了也没有人读", _meant(str(word), not at)


def _meant(word: str, root: bool) -> str:
    known = _STANDARD | _OF_NODES | (_OF_ROOT if root else frozenset())
    near = get_close_matches(word, sorted(known), 1, 0.7)
    meant = _OTHERS.get(word) or (near[0] if near else "")
    if meant:
        return f"是否想写 {meant}？"
    if word.startswith("x-"):
        return "可用：" + "、".join(sorted(one for one in known if one.startswith("x-")))
    return "栏目的名称写在 properties 里；给人看的话写在 title、description 里"


__all__ = ["KNOWN", "unknown_words"]
