"""The schemas of a pack's files: whether they take what docs/language.md says and refuse the
rest."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from kehou.fields import validation as jsonschemas
from kehou.readers import Plain

PACK_FILES = (
    "declarations",
    "cases",
    "clauses",
    "condition",
    "decisions",
    "facts",
    "i18n",
    "pack",
    "rule",
)

RULE: dict[str, Any] = {
    "id": "schedule-primary-end",
    "title": "小学课后服务结束时间不晚于18:30",
    "clauses": ["D.2-b"],
    "severity": "major",
    "stages": ["approval", "inspection"],
    "each": "slot",
    "when": {
        "all": [
            {"field": "kind", "is": "after_school"},
            {
                "any": [
                    {"field": "level", "in": ["primary"]},
                    {"not": {"field": "a", "exists": True}},
                ]
            },
        ]
    },
    "require": {"field": "end", "at_most": {"param": "primary_latest_end", "by": "level"}},
    "review": [{"when": {"field": "approximate", "is": True}, "reason": "结束时间写作“左右”"}],
    "message": "“{label}”{end}结束，晚于{primary_latest_end}",
    "remedy": "请将小学结束时间调整到{primary_latest_end}以前",
}
PACK: dict[str, Any] = {
    "id": "bayannur-2021",
    "title": "巴彦淖尔2021",
    "version": "1.0.0",
    "policy": {
        "title": "课后服务工作实施方案",
        "effective_from": "2021-09-01",
        "assumption": "无成文日期",
    },
    "schema": "submission",
    "citation": "《实施方案》",
    "areas": {"schedule": "服务质量"},
    "stages": {"approval": {"title": "方案备案", "en": "filing"}},
    "periods": [{"school_year": "2021-2022", "term": "autumn", "from": "2021-09-01"}],
    "parameters": {
        "primary_latest_end": {
            "title": "小学最晚结束时间",
            "unit": "时刻",
            "type": "time",
            "tighter": "lower",
            "values": [{"from": "2021-09-01", "value": "18:30", "ground": "D.2-b"}],
        },
        "period_minutes": {
            "title": "一课时",
            "unit": "分钟",
            "type": "integer",
            "by": ["level"],
            "tighter": "fixed",
            "values": [
                {
                    "from": "2021-09-01",
                    "value": {"primary": 40, "junior": 45},
                    "ground": "通行做法",
                    "assumption": True,
                }
            ],
        },
        "max_fee": {
            "title": "收费上限",
            "unit": "元",
            "type": "money",
            "tighter": "lower",
            "values": [],
        },
    },
    "data": {"county_list": {"title": "机构备选清单", "path": "county_list"}},
}
CLAUSES: dict[str, Any] = {
    "clauses": [
        {
            "id": "F.3-p2-b",
            "citation": "《实施方案》“五、保障措施”（三）第4句",
            "sentence": 65,
            "line": 40,
            "path": "五、保障措施（三）规范服务程序",
            "quote": "要制定课后服务实施方案",
            "offset": 3000,
            "modality": "SHOULD",
            "addressee": "学校",
            "status": "planned",
            "reason": "待编写",
        }
    ],
    "no_norm": [{"sentence": 3, "reason": "依据"}],
}
FACTS: dict[str, Any] = {
    "entities": {
        "session": {"list": "plan.sessions", "key": ["id"], "label": "第{ordinal}项服务时段"},
        "slot": {"expand": "session", "over": {"grade": "grades", "weekday": "weekdays"}},
        "incident": {"inner": "incidents", "of": "vendor", "copy": {"vendor_name": "name"}},
        "service_day": {
            "group": "slot",
            "by": ["grade"],
            "where": {"field": "end", "exists": True},
        },
        "step": {"pairs": ["plan.filed_on", "plan.service_start"]},
        "clash": {"overlaps": "slot", "same": ["staff"], "start": "start", "end": "end"},
    },
    "fields": {
        "slot.minutes": {"minutes_between": ["start", "end", "overnight"]},
        "vendor.serious": {
            "count": {
                "over": "incident",
                "same": {"vendor_name": "name"},
                "where": {"field": "kind", "is": "illegal"},
            }
        },
        "vendor.listed": {
            "lookup": {
                "in": "county_entry",
                "match": [["uscc", "uscc"], ["name", "name"]],
                "at": "date",
            }
        },
        "slot.length": {"first": ["minutes", {"param": "period_minutes", "by": "level"}]},
        "fee_item.term_amount": {
            "by_unit": {"amount": "amount", "unit": "unit", "times": {"per_day": ["days"]}}
        },
        "plan.refused": {"collect": {"of": "name", "over": "student", "flatten": True}},
    },
}
DECISIONS: dict[str, Any] = {
    "blocking": ["critical", "major"],
    "not_judged": "list",
    "rules": [
        {
            "id": "vendor-disqualified",
            "when": [
                {"as": "v", "entity": "vendor", "with": {"listed": False}},
                {
                    "as": "f",
                    "finding": {"outcome": "fail", "blocking": True},
                    "same": {"key": "v.key"},
                },
            ],
            "then": {"mark": "disqualified", "subject": "v.key"},
            "because": "{v.label}不具备资格",
        },
        {
            "id": "return-on-mark",
            "when": [{"as": "m", "mark": "disqualified"}],
            "then": {"decide": "return"},
            "because": "有机构不具备资格",
        },
    ],
    "order": ["return", "supplement", "refer", "accept"],
}
CASES: dict[str, Any] = {
    "rule": "schedule-primary-end",
    "base": "primary-compliant",
    "cases": [
        {
            "name": "18:31结束，晚一分钟",
            "stage": "inspection",
            "as_of": "2021-09-01",
            "params": {"primary_latest_end": "18:30", "max_fee": None},
            "set": {"/plan/sessions/0/end": "18:31"},
            "drop": ["/plan/sessions/1"],
            "expect": {"fail": ["/plan/sessions/0"], "pass": ["service_day[all,1]"]},
            "found": {"/plan/sessions/0": {"end": "18:31"}},
            "missing": {"/plan": ["/plan/sessions"]},
        }
    ],
}
I18N: dict[str, Any] = {
    "schedule-primary-end": {"title": "Ends by 18:30", "reason": ["The end is approximate"]},
    "vendor-disqualified": {"because": "{v.label} does not qualify"},
}
GOOD = {
    "rule": RULE,
    "pack": PACK,
    "clauses": CLAUSES,
    "facts": FACTS,
    "decisions": DECISIONS,
    "cases": CASES,
    "i18n": I18N,
    "condition": RULE["when"],
}


def changed(name: str, changes: dict[str, Any]) -> Any:
    """The good instance of a schema with JSON pointers set; ``...`` deletes."""
    instance = copy.deepcopy(GOOD[name])
    for pointer, value in changes.items():
        *parents, last = (part.replace("~1", "/") for part in pointer.split("/")[1:])
        node: Any = instance
        for part in parents:
            node = node[int(part) if isinstance(node, list) else part]
        key: Any = int(last) if isinstance(node, list) else last
        if value is ...:
            del node[key]
        else:
            node[key] = value
    return instance


def as_written(tree: Any) -> Any:
    """A tree as the readers give it: numbers and flags are unquoted text."""
    if isinstance(tree, dict):
        return {key: as_written(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_written(value) for value in tree]
    if isinstance(tree, bool):
        return Plain(str(tree).lower())
    return tree if tree is None else Plain(str(tree))


def properties(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that a schema declares: (place, schema of the property)."""
    if isinstance(schema, dict):
        declared = schema.get("properties")
        if isinstance(declared, dict) and not place.endswith(("/properties", "/if")):
            yield from ((f"{place}/{name}", told) for name, told in declared.items())
        for key, value in schema.items():
            yield from properties(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            yield from properties(value, f"{place}/{i}")


@pytest.mark.parametrize("name", jsonschemas.names())
def test_each_schema_is_itself_valid_json_schema_2020_12(name: str) -> None:
    schema = jsonschemas.load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", PACK_FILES)
def test_each_property_has_words_in_chinese_and_english(name: str) -> None:
    def chinese(text: str) -> bool:
        return any("一" <= character <= "鿿" for character in text)

    silent = [
        place
        for place, told in properties(jsonschemas.load(name))
        if not chinese(told.get("title", ""))
        or not chinese(told.get("description", ""))
        or not told.get("x-title-en", "").isascii()
        or not told.get("x-title-en")
    ]
    assert silent == []


@pytest.mark.parametrize("name", PACK_FILES)
def test_no_object_takes_unknown_keys_in_silence(name: str) -> None:
    def open_objects(schema: Any, place: str = "") -> Iterator[str]:
        if isinstance(schema, dict):
            if schema.get("type") == "object" and "additionalProperties" not in schema:
                yield place
            for key, value in schema.items():
                yield from open_objects(value, f"{place}/{key}")
        elif isinstance(schema, list):
            for i, value in enumerate(schema):
                yield from open_objects(value, f"{place}/{i}")

    assert list(open_objects(jsonschemas.load(name))) == []


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_has_no_fault(name: str) -> None:
    assert jsonschemas.validate(GOOD[name], name) == []
    assert jsonschemas.validate(as_written(GOOD[name]), name) == [], "as the reader gives it"


BAD: dict[str, tuple[str, dict[str, Any], str, list[str]]] = {
    # what is wrong: (schema, changes, pointer of the fault, words of message and hint)
    "a mistyped key": ("rule", {"/sevrity": "major"}, "/sevrity", ["sevrity", "severity？"]),
    "a key left out": ("rule", {"/remedy": ...}, "", ["缺少 remedy（如何改正）"]),
    "an unknown severity": (
        "rule",
        {"/severity": "grave"},
        "/severity",
        ["“grave”", "critical（红线）"],
    ),
    "a severity by its label": ("rule", {"/severity": "红线"}, "/severity", ["想写 critical？"]),
    "an id without area": ("rule", {"/id": "End"}, "/id", ["写法不对：“End”", "<领域>"]),
    "a title with a full stop": ("rule", {"/title": "不晚于。"}, "/title", ["句末无句号"]),
    "a title too long": ("rule", {"/title": "长" * 81}, "/title", ["最多 80 个字，现有 81 个字"]),
    "no clause": ("rule", {"/clauses": []}, "/clauses", ["不能为空"]),
    "a clause alone": ("rule", {"/clauses": "D.2-b"}, "/clauses", ["应为列表，写的是“D.2-b”"]),
    "a clause twice": ("rule", {"/clauses": ["C.4", "C.4"]}, "/clauses", ["重复"]),
    "nothing to judge by": (
        "rule",
        {"/require": ..., "/message": ..., "/review": ...},
        "",
        ["require"],
    ),
    "require without message": ("rule", {"/message": ...}, "", ["缺少 message"]),
    "message without require": ("rule", {"/require": ...}, "", ["缺少 require"]),
    "a name that YAML reads as true": ("rule", {"/each": "yes"}, "/each", ["YAML"]),
    "a stage that is a level": (
        "rule",
        {"/closed": {"primary": ["a"]}},
        "/closed/primary",
        ["approval"],
    ),
    "a mistyped operator": (
        "rule",
        {"/require": {"field": "end", "at_mst": 5}},
        "/require/at_mst",
        ["at_most？"],
    ),
    "two operators": (
        "rule",
        {"/require": {"field": "a", "is": 1, "is_not": 2}},
        "/require",
        ["一个运算"],
    ),
    "no operator": ("rule", {"/require": {"field": "a"}}, "/require", ["一个运算"]),
    "by without an operator": (
        "rule",
        {"/require": {"param": "a", "by": "level"}},
        "/require",
        ["一个运算"],
    ),
    "all beside a test": (
        "rule",
        {"/when": {"all": [{"field": "a", "is": 1}], "field": "a"}},
        "/when",
        ["条件只能是"],
    ),
    "a mistyped connective": ("rule", {"/when": {"alll": []}}, "/when", ["alll 是不是想写 all？"]),
    "a list to compare with": (
        "rule",
        {"/require": {"field": "a", "is": [1]}},
        "/require/is",
        ["写的是1 项的列表"],
    ),
    "a value to be member of": (
        "rule",
        {"/require": {"field": "a", "in": "b"}},
        "/require/in",
        ["这里写一个列表"],
    ),
    "an unknown operand": (
        "rule",
        {"/require": {"field": "a", "is": {"parm": "b"}}},
        "/require/is",
        ["param？"],
    ),
    "a bad name deep in a condition": (
        "rule",
        {"/when/all/1/any/0/field": "Level"},
        "/when/all/1/any/0/field",
        ["“Level”"],
    ),
    "within three": (
        "rule",
        {"/require": {"field": "a", "within": [1, 2, 3]}},
        "/require/within",
        ["现有 3 项"],
    ),
    "exists with a word": (
        "rule",
        {"/require": {"field": "a", "exists": "maybe"}},
        "/require/exists",
        ["true 或 false"],
    ),
    "a review without reason": (
        "rule",
        {"/review/0/reason": ...},
        "/review/0",
        ["缺少 reason（原因）"],
    ),
    "nothing where a text must be": ("rule", {"/remedy": None}, "/remedy", ["写的是空值"]),
    "a parameter without ground": (
        "pack",
        {"/parameters/primary_latest_end/values/0/ground": ...},
        "/parameters/primary_latest_end/values/0",
        ["缺少 ground（出处）"],
    ),
    "a parameter without a value": (
        "pack",
        {"/parameters/period_minutes/values/0/value": {}},
        "/parameters/period_minutes/values/0/value",
        ["不能为空"],
    ),
    "a parameter of unknown type": (
        "pack",
        {"/parameters/max_fee/type": "moni"},
        "/parameters/max_fee/type",
        ["money"],
    ),
    "a parameter's name in capitals": (
        "pack",
        {"/parameters/Max": PACK["parameters"]["max_fee"]},
        "/parameters/Max",
        ["不能作这里的键"],
    ),
    "a day that is none": (
        "pack",
        {"/policy/effective_from": "2021年9月"},
        "/policy/effective_from",
        ["2021-09-01"],
    ),
    "a clause part without reason": (
        "clauses",
        {"/clauses/0/reason": ...},
        "/clauses/0",
        ["缺少 reason"],
    ),
    "a sentence numbered 0": (
        "clauses",
        {"/clauses/0/sentence": 0},
        "/clauses/0/sentence",
        ["不能小于 1"],
    ),
    "an unknown status": (
        "clauses",
        {"/clauses/0/status": "done"},
        "/clauses/0/status",
        ["planned（待编写）"],
    ),
    "an entity of two kinds": (
        "facts",
        {"/entities/step": {"pairs": ["a", "b"], "list": "a"}},
        "/entities/step",
        ["一种"],
    ),
    "an entity of no kind": (
        "facts",
        {"/entities/step": {"lst": "a"}},
        "/entities/step",
        ["list？"],
    ),
    "a list without key": (
        "facts",
        {"/entities/session/key": ...},
        "/entities/session",
        ["缺少 key"],
    ),
    "an unknown function": (
        "facts",
        {"/fields/slot.minutes": {"minute_between": ["a", "b"]}},
        "/fields/slot.minutes/minute_between",
        ["minutes_between？"],
    ),
    "two functions": (
        "facts",
        {"/fields/slot.minutes/first": ["a"]},
        "/fields/slot.minutes",
        ["一个算法"],
    ),
    "an aggregate over nothing": (
        "facts",
        {"/fields/vendor.serious/count/over": ...},
        "/fields/vendor.serious/count",
        ["over"],
    ),
    "three summands": (
        "facts",
        {"/fields/slot.minutes": {"plus": ["a", "b", "c"]}},
        "/fields/slot.minutes/plus",
        ["现有 3 项"],
    ),
    "another third member": (
        "facts",
        {"/fields/slot.minutes/minutes_between/2": "night"},
        "/fields/slot.minutes/minutes_between/2",
        ["overnight"],
    ),
    "a pattern without variable": (
        "decisions",
        {"/rules/1/when/0/as": ...},
        "/rules/1/when/0",
        ["as"],
    ),
    "an unknown decision": (
        "decisions",
        {"/rules/1/then/decide": "reject"},
        "/rules/1/then/decide",
        ["return（退回修改）"],
    ),
    "a mark on nobody": ("decisions", {"/rules/0/then/subject": ...}, "/rules/0/then", ["subject"]),
    "accept by a rule": (
        "decisions",
        {"/rules/1/then/decide": "accept"},
        "/rules/1/then/decide",
        ["“accept”"],
    ),
    "a join to no field": (
        "decisions",
        {"/rules/0/when/1/same": {"key": "v"}},
        "/rules/0/when/1/same/key",
        ["变量.字段"],
    ),
    "a case without expectation": ("cases", {"/cases/0/expect": ...}, "/cases/0", ["缺少 expect"]),
    "an unknown outcome": (
        "cases",
        {"/cases/0/expect": {"failed": ["/"]}},
        "/cases/0/expect/failed",
        ["fail？"],
    ),
    "a dotted path for a pointer": (
        "cases",
        {"/cases/0/drop/0": "plan.sessions"},
        "/cases/0/drop/0",
        ["JSON 指针"],
    ),
    "a translation of nothing": (
        "i18n",
        {"/schedule-primary-end": {}},
        "/schedule-primary-end",
        ["不能为空"],
    ),
}


@pytest.mark.parametrize("defect", BAD)
def test_a_fault_is_told_at_its_place_and_with_the_way_out(defect: str) -> None:
    name, changes, pointer, words = BAD[defect]
    faults = jsonschemas.validate(as_written(changed(name, changes)), name)
    assert [place for place, _, _ in faults] == [pointer], faults
    told = "｜".join(faults[0][1:])
    assert all(word in told for word in words), told


def test_all_faults_are_told_at_once_and_each_once() -> None:
    rule = changed(
        "rule", {"/severity": "grave", "/id": ..., "/title": ..., "/x": 1, "/stages": []}
    )
    told = {
        (place, message.split("（")[0]) for place, message, _ in jsonschemas.validate(rule, "rule")
    }
    assert told == {
        ("", "缺少 id"),
        ("", "缺少 title"),
        ("/severity", "没有“grave”这个选项"),
        ("/stages", "不能为空"),
        ("/x", "没有“x”这个键"),
    }


def test_a_quoted_number_is_text_and_an_unquoted_one_is_what_its_field_says() -> None:
    unquoted = changed("clauses", {"/clauses/0/offset": Plain("3000")})
    quoted = changed("clauses", {"/clauses/0/offset": "3000"})
    assert jsonschemas.validate(unquoted, "clauses") == []
    assert [place for place, _, _ in jsonschemas.validate(quoted, "clauses")] == [
        "/clauses/0/offset"
    ]


def test_a_value_is_shown_on_one_short_line_without_control_characters() -> None:
    rule = changed("rule", {"/severity": "\x1b[31m" + "重" * 500 + "\n"})
    [(_, message, _)] = jsonschemas.validate(rule, "rule")
    assert message.isprintable() and len(message) < 80


def test_pointers_are_escaped() -> None:
    rule = changed("rule", {"/a~1b": 1})
    assert [place for place, _, _ in jsonschemas.validate(rule, "rule")] == ["/a~1b"]
