"""A pack of generated rules alone: loans that name cards, shops and helpers, and what must agree.

Every form of ``x-refers`` and of ``agree`` stands in it once; its subject is no school.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_DATE = {
    "type": "string",
    "x-kind": "date",
    "title": "日期",
    "x-title-en": "date",
    "x-absent": True,
}


def _text(title: str, en: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "title": title, "x-title-en": en, **more}


def _rows(title: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    items = {"type": "object", "properties": fields}
    return {"type": "array", "title": title, "x-absent": True, "items": items, **more}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "借阅材料",
    "properties": {
        "cards": _rows(
            "借书证",
            {
                "code": _text("证号", "card number"),
                "holder": _text("持证人", "holder", **{"x-private": True}),
                "grade": _text("级别", "grade"),
                "valid_from": _DATE,
                "valid_to": _DATE,
            },
        ),
        "staff": _rows("馆员", {"id": _text("工号", "staff number")}),
        "shops": _rows("书店名录", {"name": _text("店名", "shop")}, **{"x-owner": "authority"}),
        "loans": _rows(
            "借阅",
            {
                "code": _text("借阅号", "loan number"),
                "card": _text(
                    "证号",
                    "card number",
                    **{
                        "x-absent": True,
                        "x-refers": {"to": "cards.code", "on": "date", "back": True},
                    },
                ),
                "date": _DATE,
                "bought_at": _text("店名", "shop", **{"x-refers": {"to": "shops.name"}}),
                "handled_by": _text(
                    "经手", "handler", **{"x-refers": {"to": ["staff.id", "cards.code"]}}
                ),
                "helpers": {
                    "type": "array",
                    "title": "帮手",
                    "x-title-en": "helpers",
                    "x-absent": True,
                    "x-refers": {"to": "staff.id"},
                    "items": {"type": "string"},
                },
                "pages": {"type": "integer", "title": "页数", "x-title-en": "pages"},
                "pages_counted": {
                    "type": "integer",
                    "title": "点过的页数",
                    "x-title-en": "counted",
                },
            },
            **{"x-key": ["code"]},
        ),
        "conflicts": {
            "type": "array",
            "title": "前后不一",
            "x-reader": True,
            "x-absent": True,
            "x-conflicts": {"field": "field", "values": "values", "places": "places"},
            "items": {
                "type": "object",
                "properties": {
                    "field": _text("字段", "field"),
                    "values": {"type": "array", "title": "值", "items": {"type": "string"}},
                    "places": {"type": "array", "title": "位置", "items": {"type": "string"}},
                },
            },
        },
    },
}

PACK = """\
id: lending
title: 借书
version: '1.0.0'
policy: {title: （示例）借书办法, effective_from: '2025-01-01'}
citation: 《办法》
schema: lending
areas: {loans: 借阅}
references:
  loans.card:
    clauses: [A.1]
    severity: major
    outcome: fail
    back: {}
  loans.bought_at: {}
  loans.handled_by: {needed: true}
  loans.helpers: {stages: [inspection]}
agree:
  read: {read: true}
  pages: {each: loan, values: [pages, pages_counted], within: 1}
  card-grade: {each: card, by: code, one: grade}
data:
  shops: {title: 书店名录}
"""

FILES = {
    "source.txt": "凭证借书。",
    "clauses.yaml": """\
clauses:
  - id: A.1
    citation: 第1句
    sentence: 1
    quote: 凭证借书
    offset: 0
    modality: MUST
    addressee: 馆
    status: automated
no_norm: []
""",
    "facts.yaml": """\
entities:
  loan: {list: loans, key: [code], label: '借阅{code}'}
  card: {list: cards, key: [code], label: '借书证{code}'}
""",
    "i18n/en.yaml": "{}\n",
    "decisions.yaml": "blocking: [critical, major]\nrules: []\n",
}


def write_lending_pack(folder: Path, pack: str = PACK, schema: Any = None) -> Path:
    """Write the pack, or one with another pack.yaml or schema, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, "pack.yaml": pack}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    text = json.dumps(SCHEMA if schema is None else schema, ensure_ascii=False)
    (folder / "lending.schema.json").write_text(text, "utf-8")
    return folder
