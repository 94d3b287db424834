"""A small made-up policy on which rules are generated: every kind of field, entity and function.

Nothing of it is about schools, so that the engine is tested and not the policy. `write_pack` puts a
pack into a folder, from where the real loader reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Tree = dict[str, Any]

LABELS = {
    "level": {"primary": "小学", "junior": "初中", "senior": "高中"},
    "kind": {"a": "甲类", "b": "乙类", "c": "丙类"},
    "season": {"summer": "夏季", "winter": "冬季", "all": "全年"},
    "role": {"x": "专任", "y": "兼任"},
    "unit": {
        "per_term": "每学期",
        "per_month": "每月",
        "per_day": "每日",
        "per_period": "每课时",
        "per_use": "每次",
    },
}


def _leaf(title: str, kind: str, *, absent: bool = True, **more: Any) -> Tree:
    plain = {"text": "string", "integer": "integer", "boolean": "boolean"}
    node: Tree = {"type": plain.get(kind, "string"), "title": title, **more}
    if kind not in plain:
        node["x-kind"] = kind
    return node | ({"x-absent": True} if absent else {})


def _enum(title: str, name: str, *, absent: bool = True) -> Tree:
    labels = LABELS[name]
    node: Tree = {"type": "string", "enum": list(labels), "title": title, "x-labels": labels}
    return node | ({"x-absent": True} if absent else {})


def _many(title: str, item: Tree) -> Tree:
    return {"type": "array", "title": title, "items": item, "x-absent": True}


def _record(title: str, /, *, absent: bool = False, **fields: Tree) -> Tree:
    node: Tree = {"type": "object", "title": title, "properties": fields}
    return node | ({"x-absent": True} if absent else {})


def _rows(title: str, /, *, bureau: bool = False, **fields: Tree) -> Tree:
    node = _many(title, {"type": "object", "properties": fields})
    return node | ({"x-owner": "authority"} if bureau else {})


def _place() -> Tree:
    floor = _leaf("楼层", "integer", minimum=0, maximum=3)
    return _record("地点", absent=True, room=_leaf("房间", "text"), floor=floor)


SCHEMA = _record(
    "报送材料",
    school=_record(
        "学校",
        level=_enum("学段", "level"),
        size=_leaf("人数", "integer"),
        founded=_leaf("建校日期", "date"),
        fee=_leaf("学费", "money"),
        share=_leaf("比例", "decimal"),
        opens=_leaf("开门时间", "time"),
        term=_leaf("学期首月", "month"),
        motto=_leaf("校训", "text"),
        boarding=_leaf("寄宿", "boolean"),
        tags=_many("标签", _leaf("标签", "text", absent=False)),
        grades=_many("年级", _leaf("年级", "integer", absent=False)),
        place=_place(),
    ),
    plan=_record(
        "方案",
        step_one=_leaf("第一步", "date"),
        step_two=_leaf("第二步", "date"),
        step_three=_leaf("第三步", "date"),
        uses=_leaf("是否使用", "boolean"),
        kind=_enum("方案类别", "kind"),
        budget=_leaf("预算", "money", minimum=0),
        note=_leaf("说明", "text"),
    ),
    items=_rows(
        "项目",
        code=_leaf("编号", "text"),
        kind=_enum("类别", "kind"),
        size=_leaf("规模", "integer"),
        small=_leaf("档次", "integer", minimum=0, maximum=3),
        ok=_leaf("是否妥当", "boolean"),
        at=_leaf("开始", "time"),
        until=_leaf("结束", "time"),
        day=_leaf("日期", "date"),
        month=_leaf("月份", "month"),
        price=_leaf("价格", "money", minimum=0),
        rate=_leaf("比率", "decimal"),
        grades=_many("年级", _leaf("年级", "integer", absent=False)),
        season=_enum("作息", "season") | {"x-stands-for": {"all": ["summer", "winter"]}},
        tags=_many("标签", _leaf("标签", "text", absent=False)),
        title=_leaf("名称", "text"),
        owner=_leaf("归属", "text"),
        unit=_enum("单位", "unit"),
        days=_leaf("天数", "integer", minimum=0),
        place=_place(),
        parts=_rows(
            "部件",
            name=_leaf("名称", "text"),
            worth=_leaf("价值", "money", minimum=1),
            size=_leaf("规模", "integer"),
            made=_leaf("制成", "date"),
            tags=_many("标签", _enum("标签", "kind", absent=False)),
        ),
        marks=_many("记号", _leaf("记号", "text", absent=False)),
    ),
    people=_rows(
        "人员",
        id=_leaf("工号", "text"),
        item=_leaf("所属编号", "text"),
        pay=_leaf("报酬", "money"),
        since=_leaf("到岗", "date"),
        hours=_leaf("课时", "integer", minimum=0, maximum=3),
        role=_enum("身份", "role"),
        skills=_many("特长", _leaf("特长", "text", absent=False)),
        share=_leaf("占比", "decimal"),
    ),
    county=_rows(
        "清单",
        bureau=True,
        list_id=_leaf("清单号", "text"),
        valid_from=_leaf("起始", "date"),
        valid_to=_leaf("截止", "date"),
        entries=_rows(
            "条目",
            code=_leaf("编号", "text"),
            name=_leaf("名称", "text"),
            value=_leaf("数值", "integer"),
            kind=_enum("类别", "kind"),
        ),
    ),
)

ENTITIES: Tree = {
    "item": {"list": "items", "key": ["code"], "label": "{code}"},
    "person": {"list": "people", "key": ["id"], "label": "{id}"},
    "part": {
        "inner": "parts",
        "of": "item",
        "copy": {"item": "code", "host": "kind"},
        "key": ["name"],
        "label": "{name}",
    },
    "mark": {"inner": "marks", "of": "item", "copy": {"item": "code"}, "label": "{value}"},
    "slot": {"expand": "item", "over": {"grade": "grades", "term": "season"}, "label": "{grade}"},
    "day_group": {"group": "slot", "by": ["grade", "term"], "label": "{grade}"},
    "owned": {
        "group": "item",
        "by": ["owner"],
        "where": {"field": "small", "at_most": {"param": "p_integer"}},
        "label": "{owner}",
    },
    "by_load": {"group": "item", "by": ["part_count"], "label": "{part_count}"},
    "step": {
        "pairs": ["plan.step_one", "plan.step_two", "plan.step_three"],
        "label": "{later_step}",
    },
    "clash": {
        "overlaps": "slot",
        "same": ["grade", "term"],
        "start": "at",
        "end": "until",
        "label": "{grade}",
    },
    "shared_day": {
        "overlaps": "slot",
        "same": ["grade"],
        "start": "at",
        "end": "until",
        "valid": ["day", "day"],
        "label": "{grade}",
    },
    "listing": {"list": "county", "key": ["list_id"], "label": "{list_id}"},
    "entry": {
        "inner": "entries",
        "of": "listing",
        "copy": {"valid_from": "valid_from", "valid_to": "valid_to"},
        "key": ["code"],
        "label": "{name}",
    },
}

_OF_PART = {"over": "part", "same": {"item": "code"}}
_OF_PERSON = {"over": "person", "same": {"item": "code"}}
_IN_FORCE = {"over": "entry", "at": "day", "valid": ["valid_from", "valid_to"]}
_OF_SLOT = {"over": "slot", "same": {"grade": "grade", "term": "term"}}

FIELDS: Tree = {
    "item.part_count": {"count": _OF_PART},
    "item.dear_parts": {"count": _OF_PART | {"where": {"field": "worth", "at_least": "2"}}},
    "item.worth": {"sum": {"of": "worth"} | _OF_PART},
    "item.least": {"min": {"of": "size"} | _OF_PART},
    "item.latest": {"max": {"of": "since"} | _OF_PERSON},
    "item.part_tags": {"collect": {"of": "tags"} | _OF_PART | {"flatten": "true"}},
    "item.part_names": {"collect": {"of": "name"} | _OF_PART},
    "item.names": {"distinct": {"of": "name"} | _OF_PART},
    "item.skills": {"distinct": {"of": "skills"} | _OF_PERSON},
    "item.manned": {"has": _OF_PERSON | {"that": {"field": "role", "is": "x"}}},
    "item.busy": {"every": _OF_PERSON | {"that": {"field": "hours", "at_least": "2"}}},
    "item.minutes": {"minutes_between": ["at", "until"]},
    "item.night": {"minutes_between": ["until", "at", "overnight"]},
    "item.made_in": {"month_of": ["day"]},
    "item.own_name": {"after": ["owner", "code"]},
    "item.lead": {"days_between": ["day", "plan.step_two"]},
    "item.lasting": {"days_between": ["day", "plan.step_two", "inclusive"]},
    "item.weekday": {"weekday_of": ["day"]},
    "item.standing": {"count": _IN_FORCE},
    "item.standing_value": {"sum": {"of": "value"} | _IN_FORCE | {"same": {"code": "code"}}},
    "item.standing_most": {"max": {"of": "value"} | _IN_FORCE},
    "item.standing_names": {"collect": {"of": "name"} | _IN_FORCE | {"same": {"code": "code"}}},
    "item.stands": {"has": _IN_FORCE | {"that": {"field": "value", "at_least": "2"}}},
    "item.total": {"plus": ["size", "small"]},
    "item.gap": {"minus": ["size", "part_count"]},
    "item.bill": {"times": ["price", "days"]},
    "item.density": {"ratio": ["size", "part_count"]},
    "item.portion": {"ratio": ["worth", "price"]},
    "item.deadline": {"plus": ["day", "small"]},
    "item.measure": {"first": ["size", "small", {"param": "p_integer"}]},
    "item.limit": {"first": ["small", {"param": "t_integer", "by": ["kind"]}]},
    "item.term_price": {
        "by_unit": {
            "amount": "price",
            "unit": "unit",
            "times": {
                "per_period": ["small", "days"],
                "per_day": ["days"],
                "per_month": [{"param": "p_integer"}],
                "per_term": [],
            },
        }
    },
    "item.listed": {
        "lookup": {
            "in": "entry",
            "match": [["code", "code"], ["title", "name"]],
            "at": "day",
            "valid": ["valid_from", "valid_to"],
        }
    },
    "item.value": {
        "lookup": {
            "in": "entry",
            "match": [["code", "code"]],
            "at": "day",
            "valid": ["valid_from", "valid_to"],
            "take": "value",
        }
    },
    "item.in_force": {
        "lookup": {"in": "entry", "at": "day", "valid": ["valid_from", "valid_to"], "take": "value"}
    },
    "item.rivals": {"lookup": {"in": "person", "same": {"hours": "limit"}}},
    "item.holder": {"lookup": {"in": "person", "same": {"item": "code"}, "take": "role"}},
    "item.tag_kinds": {"distinct": {"of": "tags"} | _OF_PART},
    "item.peers": {"count": {"over": "item", "same": {"part_count": "part_count"}}},
    "item.cheapest": {"min": {"of": "worth"} | _OF_PART},
    "part.siblings": {"count": {"over": "part", "same": {"item": "item"}}},
    "slot.load": {"count": _OF_SLOT},
    "day_group.load": {"count": _OF_SLOT},
    "day_group.opens": {"min": {"of": "at"} | _OF_SLOT},
    "owned.people": {"count": {"over": "person", "same": {"item": "owner"}}},
    "submission.items_count": {"count": {"over": "item"}},
    "submission.spend": {"sum": {"of": "price", "over": "item"}},
    "submission.clashing": {"has": {"over": "clash"}},
    "submission.sharing": {"count": {"over": "shared_day"}},
    "submission.kinds": {"collect": {"of": "kind", "over": "item"}},
    "submission.first_day": {"min": {"of": "day", "over": "item"}},
    "submission.rate": {"max": {"of": "rate", "over": "item"}},
    "submission.opening": {"min": {"of": "at", "over": "item"}},
    "submission.closing": {"max": {"of": "until", "over": "item"}},
    "submission.open_for": {"minutes_between": ["opening", "closing"]},
    "submission.open_past": {"minutes_between": ["closing", "opening", "overnight"]},
    "submission.loads": {"distinct": {"of": "part_count", "over": "item"}},
    "submission.load_list": {"collect": {"of": "part_count", "over": "item"}},
    "submission.most": {"max": {"of": "part_count", "over": "item"}},
    "submission.loaded": {"sum": {"of": "part_count", "over": "item"}},
    "submission.all_tags": {"collect": {"of": "part_tags", "over": "item", "flatten": "true"}},
    "submission.tag_count": {"distinct": {"of": "part_tags", "over": "item"}},
    "submission.all_dear": {"every": {"over": "part", "that": {"field": "worth", "at_least": "2"}}},
    "submission.term_total": {
        "by_unit": {"amount": "spend", "unit": "term_unit", "times": {"per_term": []}}
    },
    "submission.term_unit": {"first": [{"param": "p_unit"}]},
    "submission.first_month": {"month_of": ["first_day"]},
    "submission.first_weekday": {"weekday_of": ["first_day"]},
    "submission.span": {"days_between": ["first_day", "last_day"]},
    "submission.last_day": {"max": {"of": "day", "over": "item"}},
    "submission.ahead": {"plus": ["first_day", "items_count"]},
    "submission.doubled": {"times": ["spend", "items_count"]},
}

_SOURCE = "学校应当报送材料。"
_CLAUSES: Tree = {
    "clauses": [
        {
            "id": "A.1",
            "citation": "第1句",
            "quote": "学校应当报送材料",
            "offset": 0,
            "sentence": 1,
            "modality": "must",
            "addressee": "school",
            "status": "automated",
        }
    ]
}


def write_pack(
    folder: Path,
    parameters: Mapping[str, Tree],
    rules: Sequence[Tree],
    schema: Tree = SCHEMA,
    entities: Tree = ENTITIES,
    fields: Tree = FIELDS,
) -> None:
    """Write a pack as files: rules one to a file, every tree as JSON, which YAML includes."""
    pack: Tree = {
        "id": "synthetic",
        "title": "虚构",
        "version": "1",
        "citation": "《虚构》",
        "schema": "synthetic",
        "areas": {"area": "全部"},
        "parameters": dict(parameters),
        "data": {"county": {"title": "清单"}},
    }
    trees = {
        "pack.yaml": pack,
        "facts.yaml": {"entities": entities, "fields": fields},
        "clauses.yaml": _CLAUSES,
        "decisions.yaml": {"blocking": ["major"], "rules": []},
        "i18n/en.yaml": {},
        "synthetic.schema.json": schema,
    }
    trees |= {f"area/{rule['id']}.yaml": rule for rule in rules}
    (folder / "area").mkdir(parents=True, exist_ok=True)
    (folder / "i18n").mkdir(exist_ok=True)
    for old in (folder / "area").iterdir():
        old.unlink()
    for name, tree in trees.items():
        (folder / name).write_text(json.dumps(tree, ensure_ascii=False, indent=1), "utf-8")
    (folder / "source.txt").write_text(_SOURCE, "utf-8")
