"""The limits of a sentence: what a policy says in numbers, and what only looks like one."""

from __future__ import annotations

import pytest

from kehou.authoring.policy_text import addressee, modality, no_norm, proposed, starts_on
from kehou.authoring.sentence_limits import in_unit, limits


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("在岗救生员不得少于2人", [("at_least", "2", "人", "number")]),
        (
            "水温应当保持在26摄氏度以上30摄氏度以下",
            [("at_least", "26", "摄氏度", "number"), ("at_most", "30", "摄氏度", "number")],
        ),
        ("余氯不得低于每升0.3毫克", [("at_least", "0.3", "毫克", "number")]),
        ("每天检测不少于两次", [("at_least", "2", "次", "number")]),
        ("不得晚于21:30结束", [("at_most", "21:30", "", "time")]),
        ("开放时间不晚于9时", [("at_most", "9时", "", "time")]),
        ("应当在2小时以内报告", [("at_most", "2", "小时", "number")]),
        ("应当在每天9:00以前开放", [("at_most", "9:00", "", "time")]),
        ("价格不得超过一百元", [("at_most", "100", "元", "money")]),
        ("占比不低于80%", [("at_least", "80%", "%", "share")]),
        (
            "至少有3名，最多5名",
            [("at_least", "3", "名", "number"), ("at_most", "5", "名", "number")],
        ),
        ("每所学校至少配备2名安全员", [("at_least", "2", "名", "number")]),
        ("每班至多45人", [("at_most", "45", "人", "number")]),
        ("每天最多2小时", [("at_most", "2", "小时", "number")]),
        ("课后服务于18:10前结束", [("at_most", "18:10", "", "time")]),
        ("18点半前离校", [("at_most", "18点半", "", "time")]),
        ("最晚到18时", [("at_most", "18时", "", "time")]),
        ("借期以30天为限", [("at_most", "30", "天", "number")]),
        ("年满18周岁", [("at_least", "18", "周岁", "number")]),
        ("人数控制在30人以内", [("at_most", "30", "人", "number")]),
        ("费用最高每课时4元", [("at_most", "4", "元", "money")]),
        ("不高于每千瓦时0.80元", [("at_most", "0.80", "元", "money")]),
        ("参与率不低于90%", [("at_least", "90%", "%", "share")]),
    ],
)
def test_a_limit_is_its_way_its_number_and_its_unit(
    sentence: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert [(x.op, x.text, x.unit, x.kind) for x in limits(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "每人不得少于2.5平方米",
        "身高不足1.2米的儿童",
        "3岁以上的儿童",
        "严禁超过核定人数开放",
        "左右",
        "每20名学生至少配1名教职工",
        "每10个插座至少配备1具灭火器",
        "活动结束前10分钟清点人数",
        "三天前告知家长",
        "每班人数控制在20至30人",
        "不满10人的不开班",
    ],
)
def test_what_is_no_limit_of_one_field_is_left_alone(sentence: str) -> None:
    assert list(limits(sentence)) == []


@pytest.mark.parametrize(
    ("number", "unit", "units", "expected"),
    [
        ("2", "小时", ("分钟",), "120"),
        ("90", "分钟", ("小时",), "1.5"),
        ("2", "人", ("名",), "2"),
        ("2", "周", ("天",), "14"),
        ("0.3", "毫克", ("毫克每升",), "0.3"),
        ("2", "人", (), "2"),
        ("2", "", ("人",), "2"),
        ("2", "小时", ("人",), None),
    ],
)
def test_a_number_is_told_in_the_unit_of_its_field(
    number: str, unit: str, units: tuple[str, ...], expected: str | None
) -> None:
    assert in_unit(number, unit, units) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("游泳馆应当每天检测水质", "游泳馆"),
        ("发生溺水事故的，游泳馆应当在2小时以内报告", "游泳馆"),
        ("开放时段内在岗救生员不得少于2人；救生员应当持有证书", "救生员"),
        ("身高不足1.2米的儿童入池必须由成年人陪同", ""),
        ("夜间开放时段不得晚于21:30结束", ""),
        ("救生员值守时不得兼做其他工作", ""),
        ("严禁超过核定人数开放", ""),
    ],
)
def test_whom_a_sentence_is_for_is_a_body_never_a_piece_of_a_word(
    sentence: str, expected: str
) -> None:
    assert addressee(sentence) == expected


def test_a_sentence_that_says_what_a_text_is_for_asks_nothing() -> None:
    for sentence, reason in (
        ("本办法适用于各社区图书室", "适用范围"),
        ("为保障安全，制定本办法", "目的"),
    ):
        assert (modality(sentence), no_norm(sentence)) == ("", reason)
    assert modality("图书室应当适用本办法所附的表") == "MUST"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("每20名学生至少配1名教职工", "LIMIT"),
        ("每班至多45人", "LIMIT"),
        ("课后服务于18:10前结束", "LIMIT"),
        ("借期以30天为限", "LIMIT"),
        ("年满18周岁", "LIMIT"),
        ("到场不迟于9时", "LIMIT"),
        ("责令限期改正", "CONSEQ"),
        ("学校需提前公示", "MUST"),
        ("学生可在18点半前离校", "MAY"),
        ("对有需要的学生", ""),
        ("活动结束前10分钟清点人数", ""),
    ],
)
def test_the_words_of_a_sentence_say_how_it_binds(sentence: str, expected: str) -> None:
    assert modality(sentence) == expected


def test_the_day_from_which_a_text_holds_is_no_requirement() -> None:
    assert no_norm("本办法自2026年3月1日起施行") == "施行日期"
    assert modality("本办法自2026年3月1日起施行") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本办法自2026年3月1日起施行。", "2026-03-01"),
        ("本规定2026年3月1日起执行。", "2026-03-01"),
        ("本办法自发布之日起施行。\n某旗教育局\n2026年2月9日\n", "2026-02-09"),
        ("本办法自发布之日起施行。\n", None),
        ("2026年2月9日\n学校应当每天开放。\n", None),
    ],
)
def test_when_a_text_begins_to_hold(text: str, expected: str | None) -> None:
    assert starts_on(text) == expected


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("题\n第一条 甲不得晚于18:00。\n第二条 乙不得超过3人。丙应当有。\n", "A.1-1 A.2-1 A.2-2"),
        ("题\n一、甲不得晚于18:00。\n二、乙不得超过3人。\n", "A.1-1 A.2-1"),
        ("题\n甲不得晚于18:00。\n乙不得超过3人。\n", "A.1-1 A.2-1"),
        ("题\n一、总则\n（一）甲不得晚于1:00。\n二、细则\n（一）乙不得有。\n", "A.1-1 B.1-1"),
    ],
)
def test_clauses_are_numbered_as_the_policy_numbers_them(text: str, ids: str) -> None:
    """Whoever looks for 二、 finds it under 2, and not under a letter and 0."""
    assert [one.id for one in proposed(text)] == ids.split()
