"""Dated parameters of a pack: thresholds with their unit, ground and direction.

Source: docs/architecture.md §5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou.language import Parameter, Type
from kehou.language.conditions import find_row
from kehou.language.literals import UNTOLD, literal
from kehou.language.yaml_places import (
    Place,
    date,
    flag,
    listed,
    mapping,
    name,
    text,
    texts,
    under,
)

_TIGHTER: Final[Mapping[str, str]] = {
    "lower": "越小越严",
    "higher": "越大越严",
    "fewer": "越少越严",
    "more": "越多越严",
    "fixed": "不得改动",
}
_KINDS: Final[Mapping[str, str]] = {
    "integer": "整数",
    "decimal": "小数",
    "money": "金额",
    "time": "时刻",
    "date": "日期",
    "month": "月份",
    "boolean": "是否",
    "text": "文字",
    "enum": "选项",
}


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter, or a table of values by fields, with its ground."""

    valid_from: str
    valid_to: str | None
    value: Any
    table: Mapping[tuple[Any, ...], Any]
    ground: str
    assumption: bool
    layer: str = ""
    #: The document by which a layer may loosen what is below it.
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """How a vague word may be read: the word, its clauses, and the values of other readings.

    Another reading is a value, or a table where the parameter is looked up by fields; ``note`` says
    why there is none, or what the bureau may do. They are of the values of ``layer``; ``below`` is
    how those of the layers below may be read.
    """

    word: str
    clauses: tuple[str, ...]
    strict: Any = None
    lenient: Any = None
    note: str = ""
    layer: str = ""
    below: Readings | None = None


@dataclass(frozen=True, slots=True)
class ParameterDef:
    """A named threshold of the policy: its type, unit, and its values over time.

    ``readings`` is there where the policy's word is vague and the value only one way to read it.
    """

    name: str
    title: str
    unit: str
    type: Type
    by: tuple[str, ...]
    tighter: str
    values: tuple[ParameterValue, ...]
    layer: str
    alternatives: tuple[Any, ...] = ()
    readings: Readings | None = None

    def on(self, as_of: str) -> ParameterValue | None:
        """The value in force on a date; the latest start wins, of equal ones the last layer."""
        found = [
            v
            for v in self.values
            if v.valid_from <= as_of and (v.valid_to is None or as_of <= v.valid_to)
        ]
        return max(reversed(found), key=lambda v: v.valid_from) if found else None

    def readings_on(self, as_of: str) -> Readings | None:
        """How else the value in force on a date may be read: as the layer that sets it says.

        Whoever sets a value decides the vague word; what is below is then not the other reading.
        """
        value, found = self.on(as_of), self.readings
        while found is not None and value is not None and found.layer != value.layer:
            found = found.below
        return found

    def loosens(self, value: ParameterValue) -> bool:
        """Whether a layer's value is looser than what the layers before it say."""
        at = self.values.index(value)
        before = tuple(v for v in self.values[:at] if v.layer != value.layer)
        return bool(_loosened(replace(self, values=before), value))

    def every_value(self) -> Iterator[Any]:
        """Each single value that it has or may be read as, whenever in force."""
        told: list[Any] = [one.table or one.value for one in self.values]
        told += self.alternatives
        vague = self.readings
        while vague is not None:
            told += [vague.strict, vague.lenient]
            vague = vague.below
        while told:
            one = told.pop(0)
            if isinstance(one, Mapping):
                told += one.values()
            elif isinstance(one, (list, tuple)):
                told += one
            elif one is not None:
                yield one


_PARAMETER_KEYS = (
    "title",
    "type",
    "many",
    "unit",
    "by",
    "tighter",
    "values",
    "alternatives",
    "readings",
    "note",
)
_READING_KEYS = ("word", "clauses", "strict", "lenient", "note")
_VALUE_KEYS = ("from", "to", "value", "ground", "assumption", "note")
_LAID_KEYS = (*_VALUE_KEYS, "authority")


def parameters(tree: Any, at: Place, layer: str) -> dict[str, ParameterDef]:
    """The ``parameters:`` of pack.yaml; ``layer`` is the pack that sets them."""
    result = {}
    known = list(tree) if isinstance(tree, dict) else []
    for parameter_name, body in mapping(tree, at, known).items():
        place = at / parameter_name
        d = mapping(body, place, _PARAMETER_KEYS, ("title", "type", "tighter"))
        kind = text(d.get("type"), place / "type")
        if kind not in _KINDS:
            if d.get("type") is not None:
                told = "、".join(f"{name_} {title}" for name_, title in _KINDS.items())
                (place / "type").fault(f"没有类型 {kind}", f"可用：{told}")
            kind = UNTOLD
        if d.get("tighter") not in (None, *_TIGHTER):
            told = "、".join(f"{word} {title}" for word, title in _TIGHTER.items())
            (place / "tighter").fault(f"收紧的方向没有 {d['tighter']}", f"可用：{told}")
        many = flag(d.get("many"), place / "many")
        by = texts(d.get("by"), place / "by")
        values = [
            _value(v, place / "values" / i, kind, many, len(by), layer)
            for i, v in enumerate(listed(d.get("values"), place / "values"))
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
            _readings(d.get("readings"), place / "readings", kind, many, len(by), layer),
        )
    return result


def _readings(
    tree: Any, at: Place, kind: str, many: bool, depth: int, layer: str
) -> Readings | None:
    if tree is None:
        return None
    d = mapping(tree, at, _READING_KEYS, ("word", "clauses"))
    other = {
        key: _value_or_table(d[key], kind, many, depth, at / key)
        for key in ("strict", "lenient")
        if d.get(key) is not None
    }
    word, note = text(d.get("word"), at / "word"), text(d.get("note"), at / "note")
    return Readings(word, texts(d.get("clauses"), at / "clauses"), **other, note=note, layer=layer)


def _value_or_table(tree: Any, kind: str, many: bool, depth: int, at: Place) -> Any:
    """A value, or by-table values where the parameter is looked up by ``depth`` fields."""
    if not depth:
        return _typed_value(tree, kind, many, at)
    return {key: _typed_value(v, kind, many, at) for key, v in _leaves(tree, depth, at)}


def _value(
    tree: Any,
    at: Place,
    kind: str,
    many: bool,
    depth: int,
    layer: str,
    keys: Sequence[str] = _VALUE_KEYS,
) -> ParameterValue:
    d = mapping(tree, at, keys, ("from", "value", "ground"))
    value, table = d.get("value"), {}
    if depth:
        table = _value_or_table(value, kind, many, depth, at / "value")
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
        layer,
        text(d.get("authority"), at / "authority"),
    )


def parameter_with(definition: ParameterDef, tree: Any, at: Place) -> Parameter:
    """A parameter in force with another value, as a case sets it; None leaves it unset."""
    if tree is None:
        return Parameter(definition.name, definition.type, None, definition.by, {})
    kind, many = definition.type.kind, definition.type.many
    return valued(definition, _value_or_table(tree, kind, many, len(definition.by), at))


def valued(definition: ParameterDef, value: Any) -> Parameter:
    """A parameter in force with a value, or with a table where it is looked up by fields."""
    by_fields = bool(definition.by)
    return Parameter(
        definition.name,
        definition.type,
        None if by_fields else value,
        definition.by,
        value if by_fields else {},
    )


def _leaves(tree: Any, depth: int, at: Place) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not isinstance(tree, dict):
        at.fault(f"按 {depth} 个字段取值的参数要写成映射，例如 {{a: 40, b: 45}}")
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


# --- overlays ------------------------------------------------------------------------------

_OVERLAY_KEYS = ("by", "values", "readings")


def overlaid(
    tree: Any, at: Place, base: Mapping[str, ParameterDef], layer: str, authority: str
) -> dict[str, ParameterDef]:
    """Parameters of a pack with a county's values laid over them, and those that it defines.

    An overlay may set what is open or assumed, and tighten the rest; loosening needs the
    ``authority`` it rests on, beside the value or for the whole overlay (docs/architecture.md §5).
    What it may not do is noted as a fault.
    """
    result = dict(base)
    own = under(tree, at)
    new = {n: body for n, body in own.items() if _defines(n, body, base)}
    result |= parameters(new, at, layer)
    for name_, body in mapping(own, at, [*base, *new]).items():
        if name_ not in base:
            continue
        definition, place = base[name_], at / name_
        d = mapping(body, place, _OVERLAY_KEYS, ("values",))
        by = texts(d["by"], place / "by") if d.get("by") is not None else definition.by
        if by != definition.by and definition.values:
            (place / "by").fault("这个参数已有取值，不能改变它按什么取值")
            by = definition.by
        kind, many = definition.type.kind, definition.type.many
        values = [
            _value(v, place / "values" / i, kind, many, len(by), layer, _LAID_KEYS)
            for i, v in enumerate(listed(d.get("values"), place / "values"))
        ]
        for i, value in enumerate(values):
            if not (authority or value.authority) and (looser := _loosened(definition, value)):
                hint = "请改为更严的值，或在这个值旁边写 authority（有权放宽的文件）"
                told = f"{definition.title}比下层宽松：{looser}"
                (place / "values" / i / "value").fault(told, hint)
        vague = _readings(d.get("readings"), place / "readings", kind, many, len(by), layer)
        vague = replace(vague, below=definition.readings) if vague else definition.readings
        every = (*definition.values, *values)
        result[name_] = replace(definition, by=by, values=every, readings=vague)
    return result


def _defines(name_: str, body: Any, base: Mapping[str, ParameterDef]) -> bool:
    """Whether an overlay's parameter is a new one, rather than a value of one below."""
    return name_ not in base and isinstance(body, dict) and "type" in body


def _loosened(definition: ParameterDef, value: ParameterValue) -> str:
    """How a value is looser than one of the base that it would replace; "" where it is not."""
    starts = {value.valid_from, *(v.valid_from for v in definition.values)}
    for start in starts:
        if start < value.valid_from or (value.valid_to is not None and start > value.valid_to):
            continue
        under = definition.on(start)
        if under is None or under.assumption:
            continue
        if any(find_row(value.table, key) is None for key in under.table):
            return "少了下层的一档"  # whom that row is for, nobody would judge
        pairs = [(value.value, under.value)]
        if definition.by:
            pairs = [(v, under.table[key]) for key, v in value.table.items() if key in under.table]
        for new, old in pairs:
            if not as_tight(definition.tighter, new, old):
                kind = definition.type.kind
                return f"下层是 {_shown(old, kind)}，这里是 {_shown(new, kind)}"
    return ""


def _shown(value: Any, kind: str) -> str:
    """A value as packs write it."""
    if isinstance(value, tuple):
        return "、".join(_shown(item, kind) for item in value) or "（空）"
    if kind == "time":
        return f"{value // 60:02}:{value % 60:02}"
    return f"{value / 100:g}" if kind == "money" else str(value)


def as_tight(tighter: str, new: Any, old: Any) -> bool:
    """Whether a value is at least as strict as another, by the direction of ``tighter``."""
    if new is None or old is None:
        return True
    if tighter == "lower":
        return bool(new <= old)
    if tighter == "higher":
        return bool(new >= old)
    if tighter == "fewer":
        return set(new) <= set(old)
    return set(new) >= set(old) if tighter == "more" else bool(new == old)
