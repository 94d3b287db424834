"""Of whom a clause speaks: what becomes ``when`` in a drafted rule, and what is told as left open.

A draft that kept the limit and dropped the condition would judge those the clause does not speak
of. The clauses and what is expected of each were written down before the drafter was asked.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import command_line

from kehou import packs
from kehou.authoring import run_cases
from kehou.authoring.lint import lint
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import proposals
from kehou.authoring.unfinished import SHEET, UNDECIDED
from kehou.packs import Pack

COUNT = {"type": "integer", "x-units": ["人", "名"]}
TIME = {"type": "string", "x-kind": "time"}
MONEY = {"type": ["number", "string"], "x-kind": "money"}
SCHEMA = {
    "title": "泳馆登记表",
    "type": "object",
    "x-subject": {"id": "pool.code", "name": "pool.name"},
    "x-dates": {"as_of": "pool.from"},
    "properties": {
        "pool": {
            "title": "泳馆",
            "type": "object",
            "properties": {
                "code": {"title": "编号", "type": "string"},
                "name": {"title": "名称", "type": "string"},
                "from": {"title": "开馆日期", "type": "string", "x-kind": "date"},
                "place": {
                    "title": "所在地",
                    "enum": ["town", "village"],
                    "x-labels": {"town": "城区", "village": "乡镇"},
                },
                "canteen": {"title": "是否有食堂", "type": "boolean"},
                "heated": {"title": "是否恒温", "type": "boolean"},
                "visitors": {"title": "日均客流量", **COUNT},
                "guards": {"title": "救生员人数", **COUNT},
                "cleaning": {"title": "每周换水次数", "type": "integer", "x-units": ["次"]},
                "deposit": {"title": "押金", **MONEY},
                "stars": {"title": "星级", "type": "integer"},
            },
        },
        "sessions": {
            "title": "场次",
            "type": "array",
            "x-key": ["number"],
            "items": {
                "type": "object",
                "properties": {
                    "number": {"title": "序号", "type": "string"},
                    "audience": {
                        "title": "对象",
                        "enum": ["child", "adult", "senior"],
                        "x-labels": {"child": "儿童", "adult": "成人", "senior": "老人"},
                    },
                    "night": {"title": "是否夜场", "type": "boolean"},
                    "lane": {
                        "title": "泳道",
                        "enum": ["a", "b", "c", "d"],
                        "x-labels": {"a": "一号道", "b": "二号道", "c": "三号道", "d": "四号道"},
                    },
                    "start": {"title": "开始时间", **TIME},
                    "end": {"title": "结束时间", **TIME},
                    "people": {"title": "人数", **COUNT},
                    "minutes": {"title": "时长", "type": "integer", "x-units": ["分钟"]},
                    "fee": {"title": "票价", **MONEY},
                    "parent": {"title": "是否有家长陪同", "type": "boolean"},
                },
            },
        },
        "staff": {
            "title": "人员",
            "type": "array",
            "x-key": ["id"],
            "items": {
                "type": "object",
                "properties": {
                    "id": {"title": "工号", "type": "string"},
                    "post": {
                        "title": "岗位",
                        "enum": ["guard", "coach", "cleaner"],
                        "x-labels": {"guard": "救生员", "coach": "教练", "cleaner": "保洁员"},
                    },
                    "age": {"title": "年龄", "type": "integer", "x-units": ["周岁"]},
                    "health_to": {"title": "健康证有效期至", "type": "string", "x-kind": "date"},
                    "part": {"title": "是否兼职", "type": "boolean"},
                },
            },
        },
    },
}
TITLE = "某地泳馆管理办法（示例）\n"


def new_pack(folder: Path, text: str) -> tuple[Path, str]:
    """A pack that is drafted from a text, and what was told of it."""
    schema, source = folder / "泳馆.schema.json", folder / "办法.txt"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    source.write_text(TITLE + text + "本办法自2025年3月1日起施行。\n", encoding="utf-8")
    made = folder / "pool-2025"
    options = ["--source", str(source), "--schema", str(schema)]
    code, told, error = command_line.here("new", "pack", str(made), *options)
    assert (code, error) == (0, "")
    return made, told


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A pack of the schema above, with an entity for each of its lists."""
    text = "第一条 场次结束时间不得晚于22:00。\n第二条 人员年龄不得超过60周岁。\n"
    return packs.load(str(new_pack(tmp_path_factory.mktemp("pool"), text)[0]))


def drafted(pack: Pack, quote: str, *more: str) -> list[str]:
    """Each requirement that a clause is seen to have: field, conditions, and what is left open."""
    return [_told(one) for one in proposals(pack, "A.1-1", quote, more)]


def _told(one: Proposal) -> str:
    tests = [
        c.text().strip("{}").removeprefix("field: ").replace(", ", " ", 1) for c in one.conditions
    ]
    left = [f"{o.words}{'?' if o.narrows else ''}" for o in one.open]
    return " / ".join([one.name, " & ".join(tests), " ".join(left)]).replace(":", "").rstrip(" /")


#: clause → "field / conditions / words left open", a ? where the draft may only ask.
CLAUSES = {
    # nothing narrows these
    "泳馆日均客流量不得超过800人": ["pool.visitors"],
    "场次的结束时间不得晚于21:00": ["end"],
    "场次时长不少于30分钟，不超过90分钟": ["minutes"],
    # a choice, several, a series, all but one
    "儿童场次的结束时间不得晚于20:00": ["end / audience is child"],
    "儿童、老人场次的人数不得超过30人": ["people / audience in [child, senior]"],
    "一、三号道的人数不得超过9人": ["people / lane in [a, c]"],
    "二至四号道的人数不得超过9人": ["people / lane in [b, c, d]"],
    "三号道以上的人数不得超过9人": ["people / lane in [c, d]"],
    "除成人场次外，场次的结束时间不得晚于21:00": ["end / audience is_not adult"],
    "除教练、救生员以外的人员年龄不得超过60周岁": ["age / post not_in [guard, coach]"],
    "乡镇泳馆的救生员人数不得少于2人": ["pool.guards / pool.place is village"],
    # yes or no
    "有食堂的泳馆，日均客流量不得超过800人": ["pool.visitors / pool.canteen is true"],
    "没有恒温的泳馆，每周换水次数不得少于3次": ["pool.cleaning / pool.heated is false"],
    "非恒温泳馆每周换水次数不得少于3次": ["pool.cleaning / pool.heated is false"],
    "兼职教练年龄不得低于20周岁": ["age / part is true & post is coach"],
    "成人夜场的结束时间不得晚于22:30": ["end / night is true & audience is adult"],
    # amounts that a clause begins from
    "人数超过50人的场次，时长不得超过60分钟": ["minutes / people more_than 50"],
    "人数在50人以上的场次，时长不得超过60分钟": ["minutes / people at_least 50"],
    "人数不足10人的场次，时长不得超过60分钟": ["minutes / people less_than 10"],
    "日均客流量500人以上的泳馆，救生员人数不得少于5人": [
        "pool.guards / pool.visitors at_least 500"
    ],
    "设有食堂且日均客流量超过300人的泳馆，押金不得超过100元": [
        "pool.deposit / pool.canteen is true & pool.visitors more_than 300"
    ],
    # two limits in a sentence, each of its own
    "儿童场次不得晚于20:00结束，成人场次不得晚于22:00结束": [
        "end / audience is child",
        "end / audience is adult",
    ],
    "老人场次于每天7:00以后开始，17:30以前结束": [
        "start / audience is senior",
        "end / audience is senior / 老人（从前半句接下来的）",
    ],
    "教练应当持有健康证，且健康证应当在有效期内": [
        "health_to / post is coach / 教练（从前半句接下来的）"
    ],
    "设有食堂的泳馆应当符合下列要求：（一）日均客流量不得超过600人；（二）救生员人数不得少于4人": [
        "pool.visitors / pool.canteen is true",
        "pool.guards / pool.canteen is true",
    ],
    # what no field says: left open, and the draft may only ask
    "除寄宿生外，场次的结束时间不得晚于21:00": ["end /  / 除寄宿生外?"],
    "寄宿生场次的结束时间不得晚于21:00": ["end /  / 寄宿生?"],
    "雨雪天气时，场次的人数不得超过20人": ["people /  / 雨雪天气时?"],
    "寒暑假期间，泳馆押金不得超过100元": ["pool.deposit /  / 寒暑假期间?"],
    "周末场次的票价不得超过40元": ["fee /  / 周末?"],
    "夜场的时长原则上不超过90分钟": ["minutes / night is true / 原则上?"],
    "泳馆押金一般不超过200元": ["pool.deposit /  / 一般?"],
    "场次票价不得超过30元，经主管部门书面批准的除外": ["fee /  / 经主管部门书面批准的除外?"],
    "场次时长不得超过60分钟，但比赛的除外": ["minutes /  / 但比赛的除外?"],
    "未满12周岁的儿童场次，应当有家长陪同": ["parent / audience is child / 未满12周岁的儿童场次?"],
    "首次上岗的教练，年龄不得超过40周岁": ["age / post is coach / 首次上岗的教练?"],
    "场次人数每天不超过60人": ["people /  / 每天"],
    # one character may name some of them only
    "大场次的人数不得超过30人": ["people /  / 大场次?"],
    "一、二场次的人数不得超过30人": ["people /  / 一、二场次?"],
    "大场次，人数不得超过30人": ["people /  / 大场次?"],
    # what forbids a lack of something asks for it
    "严禁没有家长陪同": ["parent"],
    "儿童场次不得无家长陪同": ["parent / audience is child"],
    # a lack of something else: whether it is asked or forbidden is for people
    "没有家长陪同的场次不得有家长陪同": [],
    # fewer are let off with less: the rule for all may only ask
    "场次人数不得超过35人，但成人场次不得超过70人": [
        "people /  / 但成人场次不得超过70人?",
        "people / audience is adult",
    ],
    "泳馆押金不得超过100元（城区泳馆不得超过120元）": [
        "pool.deposit /  / 城区泳馆不得超过120元?",
        "pool.deposit / pool.place is town",
    ],
    "场次人数不得超过70人，但儿童场次不得超过35人": ["people", "people / audience is child"],
    # words that only say more of what is counted are told, the rule stands
    "泳馆至少配备3名持证救生员": ["pool.guards /  / 持证"],
    # a number with a unit is no limit of what does not count in it, least of all of the condition
    "三星级的泳馆每次不得超过1天，四星级以上不得超过3天": [],
    "各星级的泳馆不得超过3人": [],
    "一至三星级场次的时长不得超过60分钟": ["minutes /  / 一至三星级?"],
    "泳馆星级不得低于3": ["pool.stars"],
    # a leave or a wish is no requirement
    "有班车的场次，结束时间可以推迟到不晚于22:00": [],
    "鼓励泳馆将老人场次票价控制在15元以内": [],
}


@pytest.mark.parametrize(("quote", "expected"), CLAUSES.items(), ids=list(CLAUSES))
def test_no_condition_of_a_clause_is_dropped(pool: Pack, quote: str, expected: list[str]) -> None:
    assert drafted(pool, quote) == expected


def test_a_leave_in_the_next_sentence_is_told_with_the_requirement(pool: Pack) -> None:
    more = "经街道批准的，可以增加到120人"
    assert drafted(pool, "场次的人数不得超过100人", more) == [f"people /  / {more}?"]


@pytest.mark.parametrize(
    ("quote", "asked"),
    [
        ("严禁没有家长陪同", True),
        ("场次不得无家长陪同", True),
        ("严禁有家长陪同", False),
        ("场次应当有家长陪同", True),
        ("场次应当没有家长陪同", False),
    ],
)
def test_what_is_forbidden_to_be_without_is_asked_for(pool: Pack, quote: str, asked: bool) -> None:
    """严禁没有…: whoever has it is not told to be wrong."""
    assert [one.is_ for one in proposals(pool, "A.1-1", quote)] == [asked]


TEXT = """\
第一条 场次的人数不得超过100人。经街道批准的，可以增加到120人。
第二条 人数超过50人的场次，时长不得超过60分钟。
第三条 儿童场次的结束时间不得晚于20:00，其他场次不得晚于21:30。
"""


def test_a_draft_that_leaves_words_open_asks_and_lint_refuses_it_until_they_are_decided_on(
    tmp_path: Path,
) -> None:
    """Nobody is told to be wrong by it: 101 people are put to a person, with the words."""
    made, told = new_pack(tmp_path, TEXT)
    assert "main-session-people：A.1-1 → 人数（先只提请核查）；待定：“经街道批准的" in told
    rule = packs.load(str(made)).rules["main-session-people"]
    assert rule.require is None and len(rule.review) == 1
    assert "经街道批准的，可以增加到120人" in rule.review[0].reason
    ran = run_cases.run(str(made), ["main-session-people"], engine="direct")
    assert (ran.failures, ran.passed) == ([], 3)
    (made / SHEET).unlink()
    wrong = [
        (place, message) for place, message, _ in lint(str(made)) if "还没有写进规则" in message
    ]
    assert wrong == [
        (
            "main/main-session-people.yaml:2",
            "条款的“经街道批准的，可以增加到120人”还没有写进规则，也没有说明不必写",
        )
    ]
    file = made / "main" / "main-session-people.yaml"
    lines = [line for line in file.read_text("utf-8").splitlines() if UNDECIDED not in line]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert not [message for _, message, _ in lint(str(made)) if "还没有写进规则" in message]


def test_cases_of_a_draft_try_its_condition_too(tmp_path: Path) -> None:
    """At the condition's own limit the clause does not speak: 50 people are not over 50."""
    made, _ = new_pack(tmp_path, TEXT)
    name = "main-session-minutes-people-more-than-50"
    cases = (made / "main" / f"{name}.test.yaml").read_text("utf-8")
    assert "/sessions/0/people: 50}\n    expect: {not_applicable: [/sessions/0]}" in cases
    assert "/sessions/0/people: 51, /sessions/0/minutes: 61}\n    expect: {fail" in cases
    assert run_cases.run(str(made), [name], engine="direct").failures == []


def test_a_part_of_a_clause_that_no_rule_holds_is_named_in_its_status(tmp_path: Path) -> None:
    made, _ = new_pack(tmp_path, TEXT)
    clause = packs.load(str(made)).clauses["A.3-1"]
    assert (str(clause.status), clause.reason) == (
        "partly",
        "待确认：规则没有管的：“其他场次不得晚于21:30”",
    )


def test_a_new_rule_for_a_clause_is_the_one_that_the_clause_asks(tmp_path: Path) -> None:
    """`kehou new RULE --clause` keeps the condition too, and takes the parameter that is there."""
    made, _ = new_pack(tmp_path, TEXT)
    name = "main-session-minutes-people-more-than-50"
    for ending in (".yaml", ".test.yaml"):
        made.joinpath("main", name + ending).unlink()
    options = ["--pack", str(made), "--clause", "A.2-1", "--area", "main"]
    code, told, error = command_line.here("new", "crowded-not-long", *options)
    assert (code, error) == (0, "")
    assert "crowded-not-long：A.2-1 → 时长" in told and "pack.yaml" not in told
    rule = (made / "main" / "crowded-not-long.yaml").read_text("utf-8")
    assert "when: {field: people, more_than: 50}\n" in rule
    limit = "max_people_more_than_50_minutes"
    assert f"require: {{field: minutes, at_most: {{param: {limit}}}}}" in rule
    ran = run_cases.run(str(made), ["crowded-not-long"], engine="direct")
    assert (ran.failures, ran.passed) == ([], 4)
    code, told, _ = command_line.here("new", "crowded-again", *options)
    assert code == 0 and "拟的" not in told


def test_a_choice_that_stands_for_several_is_each_of_them() -> None:
    """A plan for all the year has a winter: the limit of the winter is its limit."""
    pack = packs.load("bayannur-2021")
    [made] = proposals(pack, "D.2-b", "冬季小学课后服务结束时间不得晚于17:20")
    [season] = [one for one in made.conditions if one.name == "season"]
    assert season.text() == "{field: season, in: [winter, all]}"
    assert (season.holds, season.breaks) == ("winter", "summer")


@pytest.mark.parametrize(
    "quote",
    [
        "寄宿制学校除外，初中课后服务结束时间不得晚于18:30",
        "初中课后服务结束时间不得晚于18:30，寄宿制学校除外",
    ],
)
def test_an_exception_before_what_is_asked_counts_as_one_behind_it(quote: str) -> None:
    """Lost, it would condemn the boarding schools that the clause lets off."""
    [made] = proposals(packs.load("bayannur-2021"), "D.2-b", quote)
    assert "{field: school.boarding, is: false}" in [one.text() for one in made.conditions]


def test_an_exception_in_front_that_no_column_holds_is_left_open() -> None:
    pack = packs.load("bayannur-2021")
    [made] = proposals(pack, "D.2-b", "经批准的除外，初中课后服务结束时间不得晚于18:30")
    assert made.only_asks and any("经批准" in one.words for one in made.open)
