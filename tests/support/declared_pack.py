"""The pack of the reading room with all that a schema and a pack may declare, in its own words.

Whose a submission is, its dates, strata, nouns and stages, headings of its tables, a record of the
authority: no root or field is called as in the packs that come with kehou.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from tests.support.small_pack import FILES, write_pack

_DATE = {"type": "string", "x-kind": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
SCHEMA: dict[str, Any] = json.loads(FILES["reading.schema.json"])
SCHEMA["x-names"] = ["room_file", "阅览室材料"]
SCHEMA["x-hash"] = ["room"]
SCHEMA["x-subject"] = {
    "id": "room.code",
    "name": "room.name",
    "strata": {"floor": "room.floor", "kinds": "room.kinds"},
}
SCHEMA["x-dates"] = {
    "as_of": "room.opened_on",
    "period": {"volume": "room.volume"},
    "check": {"approval": "room.sent_on", "inspection": "visit.day"},
}
SCHEMA["x-nouns"] = {
    "zh": {
        "subject": "阅览室",
        "document": "阅览室开放说明",
        "main_file": "说明",
        "service": "阅览",
        "authority": "文化馆",
    },
    "en": {
        "subject": "reading room",
        "document": "reading room statement",
        "main_file": "statement",
        "service": "reading",
        "authority": "culture office",
    },
}
SCHEMA["properties"]["room"]["properties"] |= {
    "code": {"type": "string", "title": "编号"},
    "floor": {"type": "string", "title": "楼层", "x-title-en": "floor"},
    "kinds": {
        "type": "array",
        "title": "藏书",
        "x-title-en": "holdings",
        "items": {
            "type": "string",
            "enum": ["novel", "comic"],
            "x-labels": {"novel": "小说", "comic": "漫画"},
        },
    },
    "volume": {"type": "string", "title": "卷次"},
    "opened_on": {**_DATE, "title": "开放日期"},
    "sent_on": {**_DATE, "title": "送交日期"},
}
SCHEMA["properties"]["visit"] = {
    "type": "object",
    "title": "查访",
    "x-record": True,
    "properties": {
        "day": {**_DATE, "title": "查访日期"},
        "noise": {"type": "integer", "title": "噪声"},
        "given_by": {
            "type": "string",
            "title": "来历",
            "enum": ["room", "office"],
            "x-labels": {"room": "阅览室", "office": "文化馆"},
            "x-giver": {"subject": "room", "authority": "office"},
            "x-reader": True,
        },
    },
}
SCHEMA["properties"]["clashes"] = {
    "type": "array",
    "title": "不一致",
    "x-reader": True,
    "x-conflicts": {"field": "what", "values": "said", "places": "where"},
    "items": {
        "type": "object",
        "properties": {
            "what": {"type": "string", "title": "字段"},
            "said": {"type": "array", "title": "各处", "items": {"type": "string"}},
            "where": {"type": "array", "title": "位置", "items": {"type": "string"}},
        },
    },
}
COLUMNS: dict[str, Any] = {
    "ignored": ["借阅人"],
    "totals": {"all": ["共计"]},
    "remarks": ["附记"],
    "parts": {
        "books": {
            "columns": {"code": ["书号"]},
            "sums": ["price"],
            "derived": {"field": "year", "from": "code", "pattern": "[a-z]([0-9]{4})-[0-9]+"},
        }
    },
}
MORE = """\
periods:
  - {volume: 第一卷, from: '2021-10-01', ground: 示例}
  - {volume: 第二卷, from: '2022-03-01', ground: 示例}
stages:
  approval: {title: 送交, en: sending in}
  inspection: {title: 查访, en: visit}
nouns:
  zh: {authority: 区文化馆}
  en: {authority: district culture office}
"""


def write_declared_pack(
    folder: Path,
    schema: dict[str, Any] | None = None,
    columns: dict[str, Any] | None = None,
    more: str = MORE,
) -> Path:
    """The pack in a folder, with another schema, other headings or other lines in pack.yaml."""
    write_pack(folder)
    for name, tree in (("schema", schema or SCHEMA), ("columns", columns or COLUMNS)):
        text = json.dumps(tree, ensure_ascii=False, indent=1)
        (folder / f"reading.{name}.json").write_text(text, "utf-8")
    with (folder / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    return folder


def changed(tree: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy of a tree with one value set, or taken out where the value is ``...``."""
    result = copy.deepcopy(tree)
    *above, last = pointer.strip("/").split("/")
    holder = result
    for step in above:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return result
