"""The tree of a scheme as rows of the workbook that people fill in (`scheme_book`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kehou.packs import Pack
from kehou.scoring.decimals import plain

Row = Mapping[str, str]
#: What parts rules in a cell; a title with it in it cannot stand there.
_PARTS = re.compile("[;；\n]")


def scheme_rows(
    tree: Mapping[str, Any], packs: Sequence[Pack], schema: Mapping[str, Any]
) -> dict[str, list[Row]]:
    """Rows of areas, grades, indicators and vetoes, with areas, rules and choices by their names.

    ``tree`` has the keys and choices of ``schema``, and is sound.
    """
    areas = {area: title for pack in reversed(packs) for area, title in pack.areas.items()}
    rules = _titles(packs)
    labels = labels_of(schema)
    indicators: list[Row] = []
    for one in tree.get("indicators") or ():
        own = {key: value for key, value in one.items() if key != "score"}
        score = dict(one.get("score") or {"kind": "manual"})
        bands = _bands(score.pop("bands", None) or (), score.get("measure") == "failures")
        shown = {key: labels.get(key, {}).get(value, value) for key, value in score.items()}
        row = {key: as_cell(value) for key, value in {**own, **shown, "bands": bands}.items()}
        row["area"] = areas.get(row["area"], row["area"])
        indicators.append({**row, "rules": _named(one.get("rules"), rules)})
    return {
        "areas": [
            {"name": areas.get(str(name), str(name)), "points": as_cell(points)}
            for name, points in (tree.get("areas") or {}).items()
        ],
        "grades": [_row(one) for one in tree.get("grades") or ()],
        "indicators": indicators,
        "vetoes": [
            {**_row(one), "rules": _named(one.get("rules"), rules)}
            for one in tree.get("vetoes") or ()
        ],
    }


def as_cell(value: Any) -> str:
    """A value of a tree as a cell says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(map(as_cell, value))
    return plain(value) if isinstance(value, Fraction) else str(value)


def _row(one: Mapping[str, Any]) -> dict[str, str]:
    return {key: as_cell(value) for key, value in one.items()}


def _titles(packs: Sequence[Pack]) -> dict[str, str]:
    """Titles of rules by their ids, of those whose title is no other's and stands in a cell."""
    every = {rule.id: rule.title for pack in reversed(packs) for rule in pack.rules.values()}
    times = Counter(every.values())
    return {
        rule: title
        for rule, title in every.items()
        if times[title] == 1 and not _PARTS.search(title)
    }


def _named(rules: Any, titles: Mapping[str, str]) -> str:
    every: Iterable[Any] = [rules] if isinstance(rules, str) else rules or ()
    return "；".join(titles.get(str(rule), str(rule)) for rule in every)


def _bands(bands: Iterable[Mapping[str, Any]], failures: bool) -> str:
    """``不低于0.9：10；其余：0``, as it is read back."""
    key, bound = ("up_to", "不超过") if failures else ("from", "不低于")
    told = []
    for one in bands:
        head = "其余" if one.get(key) is None else f"{bound}{as_cell(one[key])}"
        told.append(f"{head}：{as_cell(one['points'])}")
    return "；".join(told)


def labels_of(schema: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What the choices of a scheme are called, by key."""
    ref = schema["properties"]["indicators"]["items"]["properties"]["score"]["$ref"]
    method = schema["$defs"][ref.rpartition("/")[2]]
    every = [*schema["properties"].items(), *method["properties"].items()]
    every += [item for one in method["oneOf"] for item in one["properties"].items()]
    return {name: child["x-labels"] for name, child in every if "x-labels" in child}


__all__ = ["as_cell", "labels_of", "scheme_rows"]
