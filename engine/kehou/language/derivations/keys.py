"""The keys that may stand under a function: their words and schema, and how pages show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_NAME = {"$ref": "condition.schema.json#/$defs/name"}
_WORD = {"$ref": "condition.schema.json#/$defs/word"}
_REFERENCE = {
    "anyOf": [_NAME, {"$ref": "#/$defs/param_operand"}],
    "x-fault": "这里写字段名或 {param: 参数名}",
}
_CONDITION = {"$ref": "condition.schema.json#/$defs/condition"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key as editors show it.

    ``shown`` follows it on the page where its form is not plain; ``in_short`` explains it where it
    is named as one of several that may be written.
    """

    title: str
    title_en: str
    zh: str
    schema: dict[str, Any] = field(default_factory=dict)
    shown: str = ""
    in_short: str = ""


KEYS: dict[str, Key] = {
    "of": Key("取值字段", "Of", "取 over 所指对象的哪个字段", _NAME),
    "over": Key("对象", "Over", "从哪一类对象取", _WORD),
    "in": Key("表", "In", "在哪一类对象里找", _WORD),
    "match": Key(
        "匹配",
        "Match",
        "[本对象字段, 对方字段] 的列表，依次尝试",
        {
            "type": "array",
            "items": {"type": "array", "items": _NAME, "minItems": 2, "maxItems": 2},
            "minItems": 1,
        },
        ": [[本方, 对方]…]",
        "依次尝试",
    ),
    "same": Key(
        "相等",
        "Same",
        "对方字段 → 本对象字段，须全部相等",
        {
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": _NAME,
            "minProperties": 1,
        },
        in_short="全部相等",
    ),
    "where": Key("限于", "Where", "只算条件成立的对象；条件用 over 所指对象的字段", _CONDITION),
    "that": Key("使其成立", "That", "对 over 所指对象的条件；不写则对象存在即成立", _CONDITION),
    "flatten": Key(
        "展开列表", "Flatten", "true：字段本身是列表时并成一个列表", {"type": "boolean"}
    ),
    "at": Key("日期字段", "At", "以本对象的哪个日期看是否有效", _NAME, in_short="在有效期内"),
    "valid": Key(
        "有效期",
        "Valid",
        "对方说明有效期自、至的两个字段，与 at 一起写，例如 [valid_from, valid_to]",
        {"type": "array", "items": _NAME, "minItems": 2, "maxItems": 2},
        ": [自, 至]",
    ),
    "take": Key("取字段", "Take", "取找到那一行的哪个字段；不写即是否找到", _NAME),
    "amount": Key("金额", "Amount", "每单位的金额或数量字段", _REFERENCE),
    "unit": Key("单位", "Unit", "计量单位字段", _REFERENCE),
    "times": Key(
        "各单位乘什么",
        "Times",
        "单位的值 → 要乘的字段，不用乘的写 []",
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "array", "items": _REFERENCE},
        },
        ": {单位的值: [字段…]}",
    ),
}
