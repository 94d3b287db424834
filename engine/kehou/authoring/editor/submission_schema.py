"""JSON Schemas for an editor: what may be written, in the words that people write.

An editor's language server (such as yaml-language-server) knows JSON Schema draft-07. The schema
of a submission is written out from its fields: each key under its Chinese label, its English name
and its other names, each value in every spelling that is read, labels first, with the clauses'
words where a field names them. Only Chinese labels are suggested; all that the reader takes is
accepted, and where the reader asks more than a schema can say (a total, the order of two dates),
``kehou check`` tells it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kehou.fields import ABSENT_WORDS, Field, Schema, allowed

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
Node = dict[str, Any]
#: (citation, words) of a clause by its id.
Quotes = Mapping[str, tuple[str, str]]

_CLAUSE = re.compile(r"\b[A-Z]\.\d[\w.]*(?:-\w+)*")
_MOST_QUOTED: Final = 120
_APART: Final = "[、;；,，]"
#: Digits as people write them, full-width and Chinese.
_N: Final = "[0-9０-９〇零一二两三四五六七八九十百]"
_WORD: Final = {"type": ["string", "number", "boolean"]}
_PATTERNS: Final = {
    "date": rf"^\s*{_N}{{4}}\s*[-/.年－／]\s*{_N}{{1,3}}\s*[-/.月－／]\s*{_N}{{1,3}}\s*[日号]?"
    r"([T ]\s*0{1,2}:00(:00)?)?\s*$",
    "month": rf"^\s*{_N}{{4}}\s*[-/.年－／]\s*{_N}{{1,3}}\s*月?\s*$",
}
_ABOUT: Final = "(大约|大概|大致|约|左右|前后|上下|许)?"
#: A time said with its part of the day or with 点; what it means is settled by the reader.
_SPOKEN: Final = (
    rf"^\s*{_ABOUT}\s*((凌晨|清晨|早上|早晨|早|上午|中午|午间|下午|傍晚|晚上|晚|夜间)\s*{_N}{{1,3}}"
    rf"\s*[:：∶.点时]|{_N}{{1,3}}\s*[点时])\s*({_N}{{1,3}}\s*分?|半|[一三13]刻|整)?\s*{_ABOUT}\s*$"
)


def submission(schema: Schema, part: str = "", quotes: Quotes | None = None) -> Node:
    """The editor schema of a whole submission or of the file of one part.

    ``part`` is a part's name in any spelling (``roster``, ``学生名册``). Raises KeyError where
    there is none.
    """
    writer = _Writer(quotes or {})
    root = schema.root
    if part:
        root = root.fields[schema.parts[part]]
    top = writer.node(root)
    return {
        "$schema": DRAFT,
        "title": root.title,
        **({"description": root.node["description"]} if root.node.get("description") else {}),
        **top,
        "definitions": writer.definitions,
    }


class _Writer:
    """Writes each field once, under its path, and refers to it by every spelling of its key."""

    def __init__(self, quotes: Quotes) -> None:
        self.quotes = quotes
        self.definitions: dict[str, Node] = {}

    def node(self, field: Field) -> Node:
        """What may stand as a field's value; ``null`` is a key without a value: not supplied."""
        if field.kind == "record":
            found = self._record(field)
        elif field.kind == "rows":
            item = field.item
            assert item is not None
            found = {"type": ["array", "null"], "items": self._record(item)}
            if not field.absent:
                found["minItems"] = 1
        elif field.kind == "list":
            return _list(field)
        else:
            return _scalar(field)
        if field.absent:
            return {"anyOf": [found, _none(field)]}
        return found

    def _record(self, field: Field) -> Node:
        """Chinese labels first, since a list of completions follows this order."""
        properties: Node = {}
        twice = []
        open_to_school = [
            child for child in field.fields.values() if not (child.bureau or child.reader)
        ]
        for child in open_to_school:
            properties[child.title or child.name] = self._reference(child)
        for child in open_to_school:
            spellings = [child.title or child.name, child.name, *child.names]
            for other in spellings[1:]:
                # draft-07 sees nothing beside a reference, hence the allOf
                hidden = {"allOf": [self._reference(child)], "doNotSuggest": True}
                properties.setdefault(other, hidden)
            own = list(dict.fromkeys(spellings))
            for one, other in itertools.combinations(own, 2):
                twice.append({"required": [one, other]})
        found: Node = {
            "type": ["object", "null"],
            "properties": properties,
            "additionalProperties": False,
        }
        if twice:
            found["not"] = {"anyOf": twice}
        return found

    def _reference(self, field: Field) -> Node:
        name = field.path
        if name not in self.definitions:
            self.definitions[name] = {}  # keeps the order of the schema
            self.definitions[name] = {
                "title": field.title,
                "description": self._described(field),
                **self.node(field),
            }
        return {"$ref": f"#/definitions/{name}"}

    def _described(self, field: Field) -> str:
        """Label, name, what it is, what may stand there, and the clauses that ask for it."""
        lines = [f"{field.title}（{field.name}）"]
        if field.description:
            lines.append(field.description)
        if field.kind not in ("record", "rows", "text"):
            item = field.item if field.kind == "list" else None
            lines.append("可写：" + allowed(item or field))
        if field.absent:
            lines.append("没有时写“无”；不写是未提供")
        if field.private:
            lines.append("不公开：报告中以 ███ 代替；请写编号，不写姓名")
        for clause in dict.fromkeys(_CLAUSE.findall(field.description)):
            if clause in self.quotes:
                citation, words = self.quotes[clause]
                short = words if len(words) <= _MOST_QUOTED else words[:_MOST_QUOTED] + "……"
                lines.append(f"{clause} {citation}：“{short}”")
        return "\n\n".join(lines)


def _list(field: Field) -> Node:
    """A list, one member alone, or members in one text parted by 、."""
    item = field.item
    assert item is not None
    member = _scalar(item)
    choices: list[Node] = [
        {
            "type": ["array"],
            "items": {"anyOf": [*member["anyOf"], *_range(field)]},
            **({} if field.absent else {"minItems": 1}),
        },
        *member["anyOf"],
        *_range(field),
    ]
    if item.kind == "enum":
        one = "|".join(map(re.escape, _spellings(item)))
        choices.append(
            {"type": "string", "pattern": rf"^\s*({one})(\s*{_APART}\s*({one}))*\s*{_APART}?\s*$"}
        )
    else:
        choices.append({"type": "string", "pattern": _APART})
    if field.absent:
        choices.append(_none(field))
    if field.fill is not None and field.fill.words:
        choices.append({"enum": sorted(field.fill.words)})
    return {"anyOf": _merged(choices)}


def _range(field: Field) -> list[Node]:
    """``1-6``, ``一年级至六年级``: two ends within the bounds of the member."""
    item = field.item
    if not field.ranged or item is None:
        return []
    ends = [*map(re.escape, item.words)]
    if item.minimum is not None and item.maximum is not None:
        ends += map(str, range(item.maximum, item.minimum - 1, -1))
        ends += [c for i, c in enumerate("一二三四五六七八九", 1) if i <= item.maximum]
    units = "|".join(map(re.escape, item.units))
    end = f"({'|'.join(ends)})" + (f"({units})?" if units else "")
    return [{"type": "string", "pattern": rf"^\s*{end}\s*([-—–~至到]\s*)+{end}\s*$"}]


def _scalar(field: Field) -> Node:
    """One value in every spelling that is read; labels are what is suggested."""
    choices = _SCALARS[field.form or field.kind](field)
    if field.absent:
        choices.append(_none(field))
    choices.append({"type": "null"})
    return {"anyOf": _merged(choices)}


def _merged(choices: Iterable[Node]) -> list[Node]:
    """The choices without doubles, values to be suggested as one list at the head."""
    values: list[Any] = []
    others: list[Node] = []
    for one in choices:
        if set(one) == {"enum"}:
            values += [value for value in one["enum"] if value not in values]
        elif one not in others:
            others.append(one)
    return [*([{"enum": values}] if values else []), *others]


def _none(field: Field) -> Node:
    """The words for 无: the common ones, then the field's own."""
    return {"enum": [*sorted(ABSENT_WORDS, reverse=True), *sorted(field.absent_words)]}


def _spellings(field: Field) -> list[str]:
    return list(dict.fromkeys([*field.labels.values(), *field.labels, *field.aliases]))


def _enum(field: Field) -> list[Node]:
    labels = list(dict.fromkeys(field.labels.values()))
    others = "|".join(re.escape(word) for word in _spellings(field) if word not in labels)
    return [
        {"enum": labels},
        {"type": "string", "pattern": rf"^\s*({others})\s*$"},
    ]


def _boolean(field: Field) -> list[Node]:
    labels = list(field.labels.values()) or ["是", "否"]
    others = "".join(f"|{re.escape(word)}" for word in field.aliases)
    return [
        {"enum": labels},
        {"type": "boolean"},
        {"type": "string", "pattern": f"^(是|否|[Tt]rue|TRUE|[Ff]alse|FALSE{others})$"},
    ]


def _bounds(field: Field) -> Node:
    found: Node = {}
    if field.minimum is not None:
        found["minimum"] = field.minimum
    if field.maximum is not None:
        found["maximum"] = field.maximum
    return found


def _units(field: Field) -> str:
    return "(" + "|".join(map(re.escape, field.units)) + ")?" if field.units else ""


def _words(field: Field) -> list[Node]:
    return [{"enum": list(field.words)}] if field.words else []


def _integer(field: Field) -> list[Node]:
    sign = "" if field.minimum is not None and field.minimum >= 0 else "[-－]?"
    pattern = rf"^\s*{sign}{_N}+\s*{_units(field)}\s*$"
    return [
        *_words(field),
        {"type": "integer", **_bounds(field)},
        {"type": "string", "pattern": pattern},
    ]


def _money(field: Field) -> list[Node]:
    sign = "" if field.minimum is not None and field.minimum >= 0 else "[-－]?"
    digits = r"[0-9０-９]+([.．][0-9０-９]{1,2})?"
    return [
        *_words(field),
        {"type": "number", **_bounds(field)},
        {"type": "string", "pattern": rf"^\s*{sign}[¥￥]?{digits}\s*[元圆块]?\s*$"},
    ]


def _decimal(field: Field) -> list[Node]:
    pattern = rf"^\s*[-－]?[0-9０-９]+([.．][0-9０-９]+)?\s*[%％]?\s*{_units(field)}\s*$"
    return [{"type": "number", **_bounds(field)}, {"type": "string", "pattern": pattern}]


def _time(field: Field) -> list[Node]:
    first = field.earliest // 60 if field.earliest is not None else 0
    hours = "|".join(f"0?{h}" if h < 10 else str(h) for h in range(first, 24))
    return [
        {"type": "string", "pattern": rf"^({hours})[:：∶][0-5][0-9]$"},
        {"type": "string", "pattern": rf"^\s*{_ABOUT}({hours})[:：∶.][0-5][0-9](:00)?分?{_ABOUT}$"},
        {"type": "string", "pattern": "^[０-９]{1,2}[:：∶][０-９]{2}$"},
        {"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*\(?[AaPp]\.?[Mm]\.?\)?$"},
        {"type": "string", "pattern": _SPOKEN},
    ]


def _formed(name: str) -> list[Node]:
    return [{"type": "string", "pattern": _PATTERNS[name]}]


def _year_pair(field: Field) -> list[Node]:
    unit = _units(field)
    pattern = rf"^\s*{_N}{{4}}\s*{unit}\s*([-—–~～至到/－]\s*)+{_N}{{4}}\s*({unit}|年度?)\s*$"
    return [{"type": "string", "pattern": pattern}]


_SCALARS: Final[dict[str, Callable[[Field], list[Node]]]] = {
    "text": lambda field: [dict(_WORD)],
    "enum": _enum,
    "boolean": _boolean,
    "integer": _integer,
    "money": _money,
    "decimal": _decimal,
    "time": _time,
    "date": lambda field: _formed("date"),
    "month": lambda field: _formed("month"),
    "year_pair": _year_pair,
}
