"""Dated parameters of a pack: thresholds with their unit, ground and direction (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kehou.conditions import Parameter, Type
from kehou.grammar import Place, date, flag, mapping, name, suggest, text, texts
from kehou.vocabulary import literal

_TIGHTER = ("lower", "higher", "fewer", "more", "fixed")
_KINDS = ("integer", "time", "date", "month", "money", "decimal", "boolean", "text", "enum")


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter, or a table of values by fields, with its ground."""

    valid_from: str
    valid_to: str | None
    value: Any
    table: Mapping[tuple[Any, ...], Any]
    ground: str
    assumption: bool


@dataclass(frozen=True, slots=True)
class ParameterDef:
    """A named threshold of the policy: its type, unit, and its values over time."""

    name: str
    title: str
    unit: str
    type: Type
    by: tuple[str, ...]
    tighter: str
    values: tuple[ParameterValue, ...]
    layer: str
    alternatives: tuple[Any, ...] = ()

    def on(self, as_of: str) -> ParameterValue | None:
        """The value in force on a date; the latest start wins."""
        found = [
            v
            for v in self.values
            if v.valid_from <= as_of and (v.valid_to is None or as_of <= v.valid_to)
        ]
        return max(found, key=lambda v: v.valid_from) if found else None


_PARAMETER_KEYS = (
    "title",
    "type",
    "many",
    "unit",
    "by",
    "tighter",
    "values",
    "alternatives",
    "clauses",
    "note",
)
_VALUE_KEYS = ("from", "to", "value", "ground", "assumption", "note")


def parameters(tree: Any, at: Place, layer: str) -> dict[str, ParameterDef]:
    """The ``parameters:`` of pack.yaml; ``layer`` is the pack that sets them."""
    result = {}
    known = list(tree) if isinstance(tree, dict) else []
    for parameter_name, body in mapping(tree, at, known).items():
        place = at / parameter_name
        d = mapping(body, place, _PARAMETER_KEYS, ("title", "type", "tighter"))
        kind = text(d.get("type"), place / "type")
        if kind not in _KINDS:
            (place / "type").fault(f"没有类型 {kind}", suggest(kind, _KINDS))
            continue
        if d.get("tighter") not in _TIGHTER:
            (place / "tighter").fault("tighter 要说明收紧的方向", "可用：" + "、".join(_TIGHTER))
        many = flag(d.get("many"), place / "many")
        by = texts(d.get("by"), place / "by")
        values = [
            _value(v, place / "values" / i, kind, many, len(by))
            for i, v in enumerate(d.get("values") or [])
        ]
        domain = (True, False) if kind == "boolean" else None
        result[parameter_name] = ParameterDef(
            name(parameter_name, place),
            text(d.get("title"), place / "title"),
            text(d.get("unit"), place / "unit"),
            Type(kind, many=many, domain=domain),
            by,
            str(d.get("tighter")),
            tuple(values),
            layer,
            tuple(d.get("alternatives") or ()),
        )
    return result


def _value(tree: Any, at: Place, kind: str, many: bool, depth: int) -> ParameterValue:
    d = mapping(tree, at, _VALUE_KEYS, ("from", "value", "ground"))
    value, table = d.get("value"), {}
    if depth:
        table = {
            tuple(_key(k) for k in key): _typed_value(v, kind, many, at / "value")
            for key, v in _leaves(value, depth, at / "value")
        }
        value = None
    elif value is not None:
        value = _typed_value(value, kind, many, at / "value")
    return ParameterValue(
        date(d.get("from"), at / "from") or "",
        date(d.get("to"), at / "to"),
        value,
        table,
        text(d.get("ground"), at / "ground"),
        flag(d.get("assumption"), at / "assumption"),
    )


def parameter_with(definition: ParameterDef, tree: Any, at: Place) -> Parameter:
    """A parameter in force with another value, as a case sets it; None leaves it unset."""
    value, table = None, {}
    if tree is not None and definition.by:
        table = {
            tuple(_key(k) for k in key): _typed_value(
                v, definition.type.kind, definition.type.many, at
            )
            for key, v in _leaves(tree, len(definition.by), at)
        }
    elif tree is not None:
        value = _typed_value(tree, definition.type.kind, definition.type.many, at)
    return Parameter(definition.name, definition.type, value, definition.by, table)


def _key(word: str) -> Any:
    return int(word) if word.isdecimal() else {"true": True, "false": False}.get(word, word)


def _leaves(tree: Any, depth: int, at: Place) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not isinstance(tree, dict):
        at.fault(f"按 {depth} 个字段取值的参数要写成映射，例如 {{primary: 40, junior: 45}}")
        return
    for key, value in tree.items():
        if depth == 1:
            yield (key,), value
        else:
            yield from (((key, *rest), leaf) for rest, leaf in _leaves(value, depth - 1, at / key))


def _typed_value(tree: Any, kind: str, many: bool, at: Place) -> Any:
    if many != isinstance(tree, list):
        at.fault("这里应当列出一组值" if many else "这里应当是单个值")
        return None
    if many:
        return tuple(literal(item, kind, at / i) for i, item in enumerate(tree))
    return literal(tree, kind, at)
