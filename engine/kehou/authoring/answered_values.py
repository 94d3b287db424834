"""A value line of the sheet, 参数 ＝ 值: read, and written into the pack.yaml of a layer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from kehou.authoring.limit_values import led_to, said_value, values_in
from kehou.authoring.neighbours import written_as
from kehou.authoring.yaml_words import prose
from kehou.errors import UsageError
from kehou.model.opposites import opposed
from kehou.packs import Pack, ParameterDef
from kehou.packs.uses import behind_rule

_LINE: Final = re.compile(r"\s*(?P<title>.+?)\s*[＝=]\s*(?P<value>[^（(]+?)\s*(?:[（(].*)?")
_SHAPE: Final = "写作 参数 ＝ 值，如 关门最晚时刻 ＝ 21:00"
_MOST_NEAR: Final = 3
_RULES: Final = "照 docs/rules.md“在规则包上加一层”在 pack.yaml 里写"


@dataclass(frozen=True, slots=True)
class StatedValue:
    """What a line says: a parameter of a layer below and its value, typed and as it is written.

    ``there`` is whether the layer has it so already, ``looser`` whether it is than below,
    ``read`` whether any rule reads the parameter.
    """

    definition: ParameterDef
    value: Any
    written: str
    there: bool
    looser: bool
    read: bool

    def entry(self, clause: str, quote: str, start: str, authority: str) -> str:
        """The value as the pack.yaml of the layer has it, in force from a day."""
        one = self.definition
        written = self.written if one.type.kind == "integer" else f"'{self.written}'"
        by = f", authority: {prose(authority)}" if authority else ""
        return f"""\
  # {quote}：{one.title}
  {one.name}:
    values:
      - {{from: '{start}', value: {written}, ground: {clause}{by}}}
"""


def stated_value(pack: Pack, clause: str, line: str, start: str) -> StatedValue:
    """What a line sets of the pack below. Raises UsageError where it sets nothing that may be."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise UsageError("value", f"“{line}”看不懂", hint=_SHAPE)
    definition = _named(pack, match["title"])
    value = said_value(definition, match["value"])
    if value is None:
        told = f"“{definition.title}”不能是“{match['value']}”"
        unit = f"，单位 {definition.unit}" if definition.unit else ""
        raise UsageError("value", told, hint=f"写一个时刻、数或金额{unit}")
    quote = pack.clauses[clause].quote
    said = [v for v, _ in (*values_in(definition, quote), *led_to(definition, quote))]
    if said and value not in said:
        told = f"引文里没有 {match['value']} 这个限度"
        raise UsageError("value", told, hint="数值要是这一条写的；由别的文件定的，" + _RULES)
    layer = pack.layers[-1].id if pack.layers else pack.id
    own = [one for one in definition.values if one.layer == layer]
    others = [one for one in own if one.ground != clause]
    if others:
        told = f"{others[0].ground} 已经给了“{definition.title}”一个值"
        raise UsageError("value", told, hint="一个参数一个值：另一条答 人看，或改写成 要求")
    held = replace(definition, values=tuple(v for v in definition.values if v.layer != layer))
    below = held.on(start)
    looser = False
    if below is not None and below.value is not None and not below.assumption:
        looser = value > below.value if definition.tighter == "lower" else value < below.value
    there = any(one.value == value for one in own)
    used = any(definition.name in behind_rule(pack, r).parameters for r in pack.rules.values())
    written = written_as(value, definition.type.kind)
    return StatedValue(definition, value, written, there, looser, used)


def with_value(text: str, entry: str) -> str:
    """A pack.yaml with one more value among its parameters."""
    head = re.search(r"^parameters:[ \t]*(?:#.*)?\n", text, re.MULTILINE)
    if head is not None:
        return text[: head.end()] + entry + text[head.end() :]
    return f"{text.rstrip()}\n\nparameters:\n{entry}"


def _named(pack: Pack, title: str) -> ParameterDef:
    """The parameter of the pack below that a line names. Raises UsageError."""
    layer = pack.layers[-1].id if pack.layers else pack.id
    found = [one for one in pack.parameters.values() if title in (one.title, one.name)]
    if len(found) != 1:
        near = get_close_matches(title, [p.title for p in pack.parameters.values()], _MOST_NEAR)
        near = [one for one in near if not opposed(title, one)]
        hint = (
            f"有 {'、'.join(near)}"
            if near
            else "用 kehou explain --fields 字词 找；没有的，写 要求"
        )
        if found:
            hint = f"写参数的名称：{'、'.join(one.name for one in found)}"
        what = "有几个参数叫" if found else "没有参数"
        raise UsageError("value", f"{what}“{title}”", hint=hint)
    [definition] = found
    if definition.layer == layer:
        told = f"“{title}”是这一个规则包自己的参数"
        raise UsageError("value", told, hint="它的数写在 要求 里：栏目 怎样 多少")
    if definition.by:
        told = f"“{title}”按情形各有一个值，不能写成一行"
        hint = (
            f"在 pack.yaml 的 parameters 里写 {definition.name}，照 docs/overlay-example；再答 人看"
        )
        raise UsageError("value", told, hint=hint)
    if definition.type.many or definition.tighter not in ("lower", "higher"):
        raise UsageError("value", f"“{title}”不是一个限度", hint=_RULES)
    return definition


__all__ = ["StatedValue", "stated_value", "with_value"]
