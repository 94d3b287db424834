"""A scoring scheme as a workbook: written empty for a bureau to fill in, read when it is filled.

One sheet for the scheme itself, one each for areas, grades, indicators and vetoes, and two to look
things up in. What is read is the tree that a YAML file would give, with the places of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kehou.fields import validation
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.readers import DEFAULT, Document, ReadError, Source
from kehou.readers.door import contents
from kehou.readers.filled_table import read_filled
from kehou.render.office.blank_table import Column, Sheet, render_sheets
from kehou.scoring.scheme_rows import as_cell, scheme_rows

_ENDINGS: Final = (".xlsx", ".xlsm")
_FORMAT: Final = "kehou-scheme/1"
#: What the first sheet asks: a key of the scheme, what it is called, what stands there at first.
_ITEM, _VALUE, _HINT = "项目", "填写", "说明"
_TOP: Final = (
    ("title", "评分办法名称", ""),
    ("version", "版本", ""),
    ("issuer", "制定单位", ""),
    ("packs", "规则包", ""),
    ("stage", "环节", "assessment"),
    ("total", "总分", "100"),
    ("not_applicable", "不适用的指标", "within_area"),
    ("waived", "已豁免的结论", "pass"),
    ("margin", "临界幅度", "1"),
    ("bonus_limit", "加分上限", ""),
    ("counted_twice", "重复计分的规则", ""),
    ("rounding.digits", "小数位数", "2"),
    ("rounding.mode", "舍入办法", "half_up"),
    ("example", "示例", ""),
    ("id", "编号", "scheme"),
)
_FLAGS: Final = {"true": "是", "false": "否"}
#: What the title of a scheme has that is nobody's yet.
_EXAMPLE: Final = "示例"
_AREAS: Final = {"方面名称": "name", "方面分值": "points"}
_GRADES: Final = {"等次名称": "name", "最低分": "from"}
_VETOES: Final = {"否决项": "title", "所依规则": "rules", "后果": "effect", "编号": "id"}
_INDICATORS: Final = {
    "考核指标": "title",
    "所属方面": "area",
    "分值": "points",
    "计分方式": "kind",
    "每处扣分": "deduct",
    "最多扣分": "cap",
    "最少得分": "floor",
    "怎样算一处": "count",
    "按什么分档": "measure",
    "各档": "bands",
    "得满分的数值": "full",
    "条款": "clauses",
    "规则": "rules",
    "评分标准": "criteria",
    "佐证材料": "evidence",
    "是否加分": "bonus",
    "附注": "note",
    "编号": "id",
}
_METHOD: Final = ("kind", "deduct", "cap", "floor", "count", "measure", "full")
_LISTS: Final = ("clauses", "rules", "evidence", "packs", "counted_twice")
_APART: Final = re.compile("[、;；\n]")
_BAND: Final = re.compile(
    r"(?:不低于|不超过|不少于|不多于|≥|≤|>=|<=)?\s*(其余|其他|[\d.]+\s*%?)\s*(?:以上|以下|及以上|及以下)?\s*[:：]\s*(-?[\d.]+)\s*分?"
)
_BLANK_ROWS: Final = {"areas": 10, "grades": 8, "indicators": 60, "vetoes": 12}


def is_book(path: str) -> bool:
    """Whether a file is a workbook, by its ending."""
    return path.lower().endswith(_ENDINGS)


# --- written -------------------------------------------------------------------------------


def workbook(packs: Sequence[Pack], tree: Mapping[str, Any] | None = None) -> bytes:
    """A scheme for some packs, with drop-downs of their areas and clauses.

    Empty, or with what the ``tree`` of a scheme says, which a person goes on from.
    """
    schema = validation.load("scheme")
    filled = scheme_rows(tree, packs, schema) if tree else {}
    areas = tuple(dict.fromkeys(title for pack in packs for title in pack.areas.values()))
    clauses, rules = _lookups(packs)
    sheets = [
        _first(packs, schema, tree or {}),
        Sheet(
            "方面",
            ("每个方面一行；各方面的分值合计等于总分。",),
            (
                Column("name", "方面名称", 22, True, areas),
                Column("points", "方面分值", 12, True),
            ),
            filled.get("areas", ()),
            _BLANK_ROWS["areas"],
        ),
        Sheet(
            "等次",
            ("从高到低，一行一个；最后一个不填最低分。",),
            (Column("name", "等次名称", 22, True), Column("from", "最低分", 12, True)),
            filled.get("grades", ()),
            _BLANK_ROWS["grades"],
        ),
        _indicators(
            schema, areas, len(clauses.rows), len(rules.rows), filled.get("indicators", ())
        ),
        Sheet(
            "否决项",
            ("没有的不填。不写规则的由人在给分表里写“是”或“否”。",),
            (
                Column("title", "否决项", 30, True),
                Column("rules", "所依规则", 50, True, listed=_range("规则", len(rules.rows))),
                Column("effect", "后果", 24, True),
                Column("id", "编号", 14, True),
            ),
            filled.get("vetoes", ()),
            _BLANK_ROWS["vetoes"],
        ),
        clauses,
        rules,
    ]
    return render_sheets("评分办法", sheets)


def _lookups(packs: Sequence[Pack]) -> tuple[Sheet, Sheet]:
    """The sheets to look clauses and rules up in."""
    clauses = [
        {"id": c.id, "citation": c.citation, "quote": c.quote, "rules": "、".join(carriers)}
        for pack in packs
        for c in pack.clauses.values()
        if (carriers := [pack.rules[r].title for r in pack.carriers.get(c.id, ())])
    ]
    rules = [
        {"title": rule.title, "id": rule.id, "clauses": "、".join(rule.clauses)}
        for pack in packs
        for rule in pack.rules.values()
        if Stage.ASSESSMENT in rule.stages
    ]
    return (
        Sheet(
            "条款",
            ("供查：政策原文各部分和依据它的规则。",),
            (
                Column("id", "条款编号", 12),
                Column("citation", "出处", 40),
                Column("quote", "原文", 70),
                Column("rules", "依据它的规则", 60),
            ),
            clauses,
        ),
        Sheet(
            "规则",
            ("供查：考核时有结论的规则。",),
            (
                Column("title", "规则名称", 60),
                Column("id", "规则编号", 34),
                Column("clauses", "依据条款", 24),
            ),
            rules,
        ),
    )


def _range(sheet: str, rows: int) -> str:
    """The first column of a sheet of one line of steps, to choose from."""
    return f"'{sheet}'!$A$4:$A${max(rows, 1) + 3}"


def _first(packs: Sequence[Pack], schema: Mapping[str, Any], tree: Mapping[str, Any]) -> Sheet:
    rows = []
    for key, item, value in _TOP:
        node: Mapping[str, Any] = schema
        given: Any = tree
        for step in key.split("."):
            node = node["properties"][step]
            given = (given or {}).get(step)
        hint = node.get("description", "")
        if key == "packs":
            value = "、".join(pack.id for pack in packs)
        if tree:
            value = as_cell(given)
            if node.get("type") == "boolean":
                value = _FLAGS.get(value.lower(), value)
        if labels := node.get("x-labels"):
            hint = f"{hint}。可选：{'、'.join(labels.values())}".lstrip("。")
            value = labels.get(value, value)
        rows.append({"item": item, "value": value, "hint": hint})
    columns = (
        Column("item", _ITEM, 20),
        Column("value", _VALUE, 44, True),
        Column("hint", _HINT, 80),
    )
    return Sheet("评分办法", ("只填橙色列名下面的格；后面各张表照着填。",), columns, rows)


def _indicators(
    schema: Mapping[str, Any],
    areas: tuple[str, ...],
    clauses: int,
    rules: int,
    rows: Sequence[Mapping[str, str]],
) -> Sheet:
    score = schema["properties"]["indicators"]["items"]["properties"]["score"]["$ref"]
    method = schema["$defs"][score.rpartition("/")[2]]
    kinds = tuple(method["properties"]["kind"]["x-labels"].values())
    ways = {
        name: tuple(child["x-labels"].values())
        for one in reversed(method["oneOf"])
        for name, child in one["properties"].items()
        if "x-labels" in child
    }
    choices = {"area": areas, "kind": kinds, **ways, "bonus": ("是", "否")}
    ranges = {"clauses": _range("条款", clauses), "rules": _range("规则", rules)}
    wide = {"title": 26, "kind": 20, "bands": 34, "rules": 40, "criteria": 40, "area": 14}
    return Sheet(
        "指标",
        (
            "每个指标一行。条款、规则可以从下拉中选一个，几个的用顿号“、”分开；两栏都不填的由人给分。"
            "各档写作“不低于90%：10；不低于80%：6；其余：0”。",
        ),
        tuple(
            Column(
                key,
                heading,
                wide.get(key, 14),
                True,
                choices.get(key, ()),
                listed=ranges.get(key, ""),
            )
            for heading, key in _INDICATORS.items()
        ),
        rows=rows,
        blank=_BLANK_ROWS["indicators"],
    )


# --- read ----------------------------------------------------------------------------------


def read(file: Path) -> Document:
    """A filled-in scheme's tree with the places of its cells; raises ``ReadError``."""
    data = contents(file, DEFAULT.table_bytes)
    name = file.name

    def table(headings: Mapping[str, str], needed: Sequence[str]) -> Document | None:
        try:
            return read_filled(data, name, headings, needed)
        except ReadError:
            return None

    top = read_filled(data, name, {_ITEM: "item", _VALUE: "value"}, ("item", "value"))
    keys = {item: key for key, item, _ in _TOP}
    tree: dict[str, Any] = {"format": _FORMAT}
    places: dict[str, tuple[Document, list[str]]] = {}
    for number, row in enumerate(top.tree):
        key = keys.get(row.get("item", ""))
        if key and row.get("value"):
            group, _, own = key.rpartition(".")
            inside = tree.setdefault(group, {}) if group else tree
            inside[own] = _apart(row["value"]) if key in _LISTS else row["value"]
        if key:
            places[key] = (top, [str(number), "value"])
    if tree.get("issuer") and _EXAMPLE not in str(tree.get("title", "")):
        tree.pop("example", None)  # a bureau went on from ours and put its own name on it
    parts: dict[str, Document] = {}
    for key, headings, needed in (
        ("areas", _AREAS, ("name", "points")),
        ("grades", _GRADES, ("name", "from")),
        ("indicators", _INDICATORS, ("title", "kind")),
        ("vetoes", _VETOES, ("title", "effect")),
    ):
        found = table(headings, needed)
        if found is not None and found.tree:
            parts[key] = found
    if "areas" in parts:
        tree["areas"] = {r.get("name", ""): r.get("points", "") for r in parts["areas"].tree}
    if "grades" in parts:
        tree["grades"] = [dict(row) for row in parts["grades"].tree]
    if "indicators" in parts:
        rows = enumerate(parts["indicators"].tree, 1)
        tree["indicators"] = [_indicator(row, number) for number, row in rows]
    if "vetoes" in parts:
        rows = enumerate(parts["vetoes"].tree, 1)
        tree["vetoes"] = [{"id": f"veto-{n}", **_written(_listed(row))} for n, row in rows]
    return Document(
        Source(name, data, "", "xlsx"),
        tree,
        lambda _: None,
        cell_of=lambda path, at_key: _cell(path, places, parts),
    )


def _cell(
    path: Sequence[str],
    places: Mapping[str, tuple[Document, list[str]]],
    parts: Mapping[str, Document],
) -> str:
    """The cell of a value, or of the row that it would stand in; the first sheet for the rest."""
    head, rest = (path[0], list(path[1:])) if path else ("", [])
    if head in parts:
        rest = [step for step in rest if step not in ("score",)]
        if head == "areas" and rest:
            names = [row.get("name", "") for row in parts[head].tree]
            rest = [str(names.index(rest[0]))] if rest[0] in names else []
        document = parts[head]
        return document.cell("/" + "/".join(rest or ["0"]))
    if (key := head if head in places else ".".join(path[:2])) in places:
        document, steps = places[key]
        return document.cell("/" + "/".join(steps))
    return f"{_TOP_SHEET}!A1"


_TOP_SHEET: Final = "评分办法"


def _apart(text: str) -> list[str]:
    return [part.strip() for part in _APART.split(text) if part.strip()]


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without the id that nobody wrote."""
    return {key: value for key, value in row.items() if value or key != "id"}


def _listed(row: Mapping[str, str]) -> dict[str, Any]:
    """A row with the cells that hold several parted."""
    return {key: _apart(text) if key in _LISTS else text for key, text in row.items()}


def _indicator(row: Mapping[str, str], number: int) -> dict[str, Any]:
    """An indicator as YAML has it: how it is scored is a group of its own."""
    found: dict[str, Any] = {"id": f"item-{number}"}
    score: dict[str, Any] = {}
    for key, value in _written(_listed(row)).items():
        if key == "bands":
            score[key] = [_band(part, row.get("measure", "")) for part in _apart(str(value))]
        elif key in _METHOD:
            score[key] = value
        else:
            found[key] = value
    return {**found, "score": score or {"kind": "manual"}}


def _band(part: str, measure: str) -> dict[str, str]:
    """``不低于90%：10`` as a band; what cannot be read is told as a number that is none."""
    found = _BAND.fullmatch(part.strip())
    if found is None:
        return {"points": part}
    if found[1] in ("其余", "其他"):
        return {"points": found[2]}
    bound = "up_to" if measure in ("不符合数", "不符合的处数", "failures") else "from"
    return {bound: found[1].replace(" ", ""), "points": found[2]}


__all__ = ["is_book", "read", "workbook"]
