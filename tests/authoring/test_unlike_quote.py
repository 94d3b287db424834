"""A line that says the opposite of its clause is refused, and one that says the same is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring.clause_conditions import Condition
from kehou.authoring.drafted_rule import with_every_list
from kehou.authoring.phrases import parsed
from kehou.authoring.proposal import Proposal
from kehou.authoring.unlike_conditions import left_out
from kehou.authoring.unlike_quote import held_to_quote
from kehou.errors import UsageError
from kehou.model import rules as said
from kehou.model.rules import All, Cond, Const, FieldRef, Param, Rule
from kehou.packs import Pack

#: A clause, a line that says the same, and one that says the opposite; written before the check.
LINES = (
    (
        "室内馆不得在周一安排公众场",
        "场次类别 是 公众场 时，开放场次的星期 不含 周一",
        "场次类别 是 公众场 时，开放场次的星期 含 周一",
    ),
    (
        "培训场应当安排在周六和周日",
        "场次类别 是 培训场 时，开放场次的星期 只有 周六、周日",
        "场次类别 是 培训场 时，开放场次的星期 不含 周六、周日",
    ),
    ("严禁使用酸类药剂", "药剂类别 不是 酸类", "药剂类别 是 酸类"),
    (
        "未设加热设备的游泳馆，开放时间不得早于9:00",
        "是否有加热设备 否 时，开放时间 不早于 9:00",
        "是否有加热设备 是 时，开放时间 不早于 9:00",
    ),
    (
        "接待儿童的游泳馆，关闭时间不得晚于20:00",
        "是否接待儿童 是 时，关闭时间 不晚于 20:00",
        "是否接待儿童 否 时，关闭时间 不晚于 20:00",
    ),
    ("入场人数不得超过核定人数", "入场人数 不超过 核定人数", "入场人数 不少于 核定人数"),
    ("药剂的使用量不得大于库存量", "库存量 不少于 使用量", "库存量 不超过 使用量"),
    (
        "每场的结束时间应当晚于开始时间",
        "结束时间 不早于 开始时间",
        "结束时间 不晚于 开始时间",
    ),
    (
        "救生员上岗时，证书到期日期不得早于聘用日期",
        "证书到期日期 不早于 聘用日期",
        "证书到期日期 不晚于 聘用日期",
    ),
    (
        "露天馆的关闭时间不得晚于19:00",
        "场馆类别 是 露天馆 时，关闭时间 不晚于 19:00",
        "场馆类别 是 室内馆 时，关闭时间 不晚于 19:00",
    ),
    (
        "除露天馆外，游泳馆的开放时间不得早于6:00",
        "场馆类别 不是 露天馆 时，开放时间 不早于 6:00",
        "场馆类别 是 露天馆 时，开放时间 不早于 6:00",
    ),
    (
        "入场人数超过50人的场次，值守人数不得少于3人",
        "入场人数 超过 50 时，值守人数 不少于 3",
        "入场人数 不超过 50 时，值守人数 不少于 3",
    ),
    ("值守人员的岗位应当包含救生和医护", "岗位 含 救生、医护", "岗位 不含 救生"),
    (
        "会员场应当只安排在周三",
        "场次类别 是 会员场 时，开放场次的星期 只有 周三",
        "场次类别 是 会员场 时，开放场次的星期 不含 周三",
    ),
    ("值守人员的岗位不得含保洁", "岗位 不含 保洁", "岗位 含 保洁"),
)

WEEK = {"type": "integer", "minimum": 1, "maximum": 7}
DAYS = {f"周{word}": number for number, word in enumerate("一二三四五六日", 1)}


def _choice(title: str, **labels: str) -> dict[str, object]:
    return {"title": title, "type": "string", "enum": list(labels), "x-labels": labels}


def _of(title: str, kind: str, **more: object) -> dict[str, object]:
    if kind in ("time", "date"):
        return {"title": title, "type": "string", "x-kind": kind, **more}
    return {"title": title, "type": kind, **more}


def _rows(title: str, key: str, **fields: object) -> dict[str, object]:
    own = {key: _of("序号", "string"), **fields}
    items = {"type": "object", "properties": own}
    return {"title": title, "type": "array", "x-key": [key], "items": items}


SCHEMA = {
    "type": "object",
    "title": "登记表",
    "x-subject": {"id": "pool.code", "name": "pool.name"},
    "x-dates": {"as_of": "pool.from"},
    "properties": {
        "pool": {
            "type": "object",
            "title": "游泳馆",
            "properties": {
                "code": _of("编号", "string"),
                "name": _of("名称", "string"),
                "from": _of("填表日期", "date"),
                "opens": _of("开放时间", "time"),
                "closes": _of("关闭时间", "time"),
                "heated": _of("是否有加热设备", "boolean"),
                "children": _of("是否接待儿童", "boolean"),
                "kind": _choice("场馆类别", indoor="室内馆", outdoor="露天馆"),
            },
        },
        "turns": _rows(
            "开放场次",
            "number",
            kind=_choice("场次类别", lesson="培训场", public="公众场", club="会员场"),
            days={"title": "星期", "type": "array", "items": {**WEEK, "x-words": DAYS}},
            swimmers=_of("入场人数", "integer", **{"x-units": ["人"]}),
            capacity=_of("核定人数", "integer", **{"x-units": ["人"]}),
            watching=_of("值守人数", "integer", **{"x-units": ["人"]}),
            starts=_of("开始时间", "time"),
            ends=_of("结束时间", "time"),
        ),
        "guards": _rows(
            "值守人员",
            "number",
            posts={
                "title": "岗位",
                "type": "array",
                "items": _choice("岗位", rescue="救生", medic="医护", cleaner="保洁"),
            },
            hired=_of("聘用日期", "date"),
            expires=_of("证书到期日期", "date"),
        ),
        "chemicals": _rows(
            "药剂",
            "number",
            kind=_choice("药剂类别", acid="酸类", chlorine="氯类", other="其他"),
            used=_of("使用量", "integer"),
            stock=_of("库存量", "integer"),
        ),
    },
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    """A pack of all these clauses."""
    home: Path = tmp_path_factory.mktemp("pool")
    text = "".join(f"第{n}条 {quote}。\n" for n, (quote, _, _) in enumerate(LINES, 1))
    (home / "办法.txt").write_text(f"某区游泳馆管理办法（示例）\n{text}", "utf-8")
    (home / "馆.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    options = ("--source", str(home / "办法.txt"), "--schema", str(home / "馆.schema.json"))
    code, _, error = command_line.here("new", "pack", str(home / "pool-2025"), *options)
    assert code == 0, error
    with with_every_list(home / "pool-2025") as pack:
        yield pack


def refused(pack: Pack, clause: str, line: str) -> str:
    """Why a line is not taken for a clause; "" where it is."""
    try:
        held_to_quote(pack, parsed(pack, clause, line), line)
    except UsageError as error:
        assert "（与原文不同：理由）" in (error.hint or "")
        return error.message
    return ""


@pytest.mark.parametrize("number", range(len(LINES)))
def test_the_line_of_a_clause_is_taken_and_its_opposite_is_not(pool: Pack, number: int) -> None:
    quote, same, opposite = LINES[number]
    [clause] = [one.id for one in pool.clauses.values() if one.quote == quote]
    assert refused(pool, clause, same) == ""
    told = refused(pool, clause, opposite)
    assert quote in told and opposite in told


@pytest.mark.parametrize(
    ("quote", "line", "told"),
    [
        (0, "场次类别 是 公众场 时，开放场次的星期 不含 周二", "的 周二 不在引文"),
        (0, "场次类别 是 公众场、会员场 时，开放场次的星期 不含 周一", "“会员场”不在引文"),
        (1, "场次类别 是 公众场 时，开放场次的星期 含 周六、周日", "“公众场”不在引文"),
        (11, "入场人数 超过 500 时，值守人数 不少于 3", "的数不在引文"),
        (12, "岗位 含 救生、保洁", "的 保洁 不在引文"),
    ],
)
def test_what_the_clause_does_not_name_is_not_put_into_it(
    pool: Pack, quote: int, line: str, told: str
) -> None:
    [clause] = [one.id for one in pool.clauses.values() if one.quote == LINES[quote][0]]
    assert told in refused(pool, clause, line)


@pytest.mark.parametrize(
    ("quote", "line", "left"),
    [
        (4, "关闭时间 不晚于 20:00", ["接待儿童"]),
        (11, "值守人数 不少于 3", ["入场人数超过50人"]),
        (9, "关闭时间 不晚于 19:00", ["露天馆"]),
        (9, LINES[9][1], []),
        (14, LINES[14][1], []),
    ],
)
def test_a_condition_that_a_line_leaves_out_is_told(
    pool: Pack, quote: int, line: str, left: list[str]
) -> None:
    """Without it those are failed of whom the clause does not speak."""
    [clause] = [one.id for one in pool.clauses.values() if one.quote == LINES[quote][0]]
    assert left_out(pool, parsed(pool, clause, line), LINES[quote][0]) == left


@pytest.mark.parametrize(
    ("each", "condition", "told"),
    [
        ("safety_check", "", "检查日期、整改日期 不早于"),
        ("safety_check", "检查日期 不早于 2025-09-01 时，", ""),
        ("course", "", "审核日期 不早于"),
        ("observation", "", ""),
    ],
)
def test_a_count_of_each_year_is_not_of_all_years(each: str, condition: str, told: str) -> None:
    """Two drills of six years ago are none of this year; rows without a date are this year's."""
    pack = packs.load("bayannur-2021")
    clause = next(iter(pack.clauses.values()))
    quote = "学校每学年应当开展不少于2次"
    held = replace(pack, clauses={**pack.clauses, clause.id: replace(clause, quote=quote)})
    rows = pack.vocabulary.field_of_rows(each)
    assert rows is not None
    line = f"{condition}{rows.title}的项数 不少于 2次"
    try:
        held_to_quote(held, parsed(held, clause.id, line), line)
    except UsageError as error:
        assert "把哪一学年的都计进去" in error.message
        assert told and told in (error.hint or "")
    else:
        assert not told


#: Clauses of the kind that offices write, with lines of the shipped columns; the last say whether
#: the line is right.
OF_SCHOOLS = (
    ("寄宿制学校每班不得超过40人，其他学校不得超过45人", "寄宿制 否 时，{} 不超过 45", True),
    ("非寄宿制学校每班学生不得超过45人", "寄宿制 否 时，{} 不超过 45", True),
    ("寄宿制学校每班学生不得超过40人", "寄宿制 否 时，{} 不超过 40", False),
    ("小学一、二年级不得在周五安排", "年级 含 一年级、二年级 时，星期 不含 周五", True),
    ("小学一、二年级不得在周五安排", "年级 含 一年级、三年级 时，星期 不含 周五", False),
    ("应当安排在周一至周五", "星期 不含 周六、周日", True),
    ("应当安排在周一至周五", "星期 只有 周一、周二、周三、周四、周五", True),
    ("应当安排在周一至周五", "星期 不含 周五", False),
    ("由学校统一收取，不得由家长委员会代收", "收取主体 是 学校", True),
    ("由学校统一收取，不得由家长委员会代收", "收取主体 是 家长委员会", False),
    ("不得由家长委员会或者第三方收取", "收取主体 不是 家长委员会、校外机构", True),
    ("中小学晚自习不得晚于20:30", "学段 是 初中 时，结束时间 不晚于 20:30", True),
    ("小学不晚于18:00，初中不晚于18:30", "学段 是 初中 时，结束时间 不晚于 18:30", True),
    ("小学不晚于18:00，初中不晚于18:30", "学段 是 小学 时，结束时间 不晚于 18:30", False),
)


@pytest.mark.parametrize(("quote", "line", "right"), OF_SCHOOLS)
def test_clauses_as_offices_write_them(quote: str, line: str, right: bool) -> None:
    pack = packs.load("bayannur-2021")
    clause = next(iter(pack.clauses.values()))
    held = replace(pack, clauses={**pack.clauses, clause.id: replace(clause, quote=quote)})
    line = re.sub("(^|，)(年级|星期|学段|结束时间)(?= )", r"\1服务时段的\2", line)
    line = line.format("年级的学生数÷班级数")
    assert (refused(held, clause.id, line) == "") is right


#: A rule that allows what its clause does not name, and puts that to people: rightly noticed.
NOTICED = {("money-use", "A.7-b")}


@pytest.mark.parametrize("name", ["bayannur-2021", "national-2023", "docs/pack-example"])
def test_the_packs_own_rules_are_like_their_clauses(name: str) -> None:
    """Whoever says a rule that stands is not held up."""
    pack = packs.load(name)
    every = [(rule, made) for rule in pack.rules.values() for made in _said(pack, rule)]
    assert len(every) >= 5
    told = {(rule.id, made.clause) for rule, made in every if refused_as(pack, made, rule.id) != ""}
    assert told == {one for one in NOTICED if one[0] in pack.rules}


def refused_as(pack: Pack, made: Proposal, line: str) -> str:
    try:
        held_to_quote(pack, made, line)
    except UsageError as error:
        return error.message
    return ""


def _tests(cond: Cond | None) -> list[said.Test]:
    if isinstance(cond, All):
        return [test for item in cond.items for test in _tests(item)]
    return [cond] if isinstance(cond, said.Test) and isinstance(cond.subject, FieldRef) else []


def _said(pack: Pack, rule: Rule) -> Iterator[Proposal]:
    """The requirements of a rule as lines would say them, for each of its clauses."""
    conditions = [one for test in _tests(rule.when) for one in _condition(pack, rule, test)]
    for test in _tests(rule.require) if not rule.pointer else ():
        field = pack.field_of(rule.each, test.subject.name)
        asked = _asked(pack, test) if field is not None else {}
        for clause in rule.clauses if asked else ():
            if clause in pack.clauses:
                name = test.subject.name
                assert field is not None
                made = Proposal(clause, rule.each, name, field, words=rule.title)
                yield replace(made, conditions=tuple(conditions), **asked)


def _asked(pack: Pack, test: said.Test) -> dict[str, Any]:
    [arg] = test.args if len(test.args) == 1 else [None]
    if test.op in ("at_most", "at_least"):
        high = test.op == "at_most"
        if isinstance(arg, FieldRef):
            return {"other": arg.name, "side": "high" if high else "low"}
        value = _value(pack, arg)
        return {} if value is None else {"high" if high else "low": value}
    value = _value(pack, arg)
    if isinstance(value, bool):
        return {"is_": value} if test.op == "is" else {}
    if value is None or test.op not in (*("is", "is_not", "in", "not_in"), *_HOLDING):
        return {}
    among = tuple(map(str, value if isinstance(value, tuple) else (value,)))
    holding = test.op if test.op in _HOLDING else ""
    return {"among": among, "unlike": test.op in ("is_not", "not_in"), "holding": holding}


_HOLDING = ("contains_all", "contains_any", "contains_none")


def _condition(pack: Pack, rule: Rule, test: said.Test) -> Iterator[Condition]:
    name = test.subject.name
    field = pack.field_of(rule.each, name)
    value = _value(pack, test.args[0]) if len(test.args) == 1 else None
    if field is None or value is None or test.op == "exists":
        return
    several = ", ".join(map(str, value)) if isinstance(value, tuple) else ""
    text = f"[{several}]" if several else str(value).lower() if value in (True, False) else value
    yield Condition(name, field, test.op, str(text), "", "", f"{name} {test.op} {text}", "")


def _value(pack: Pack, arg: object) -> Any:
    if isinstance(arg, Const):
        return arg.value
    values = pack.parameters[arg.name].values if isinstance(arg, Param) else ()
    return values[-1].value if values else None
