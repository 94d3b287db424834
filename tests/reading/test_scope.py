"""A ban is no plan, and a plan is one whatever stands around it (docs/reading.md).

The senses are by the meaning of the sentences; the words are those that come with kehou.
"""

from __future__ import annotations

import pytest
from tests.support.prose import library

from kehou import data
from kehou.reading import said_in

LIBRARY = library()
TOPICS = {topic.name: topic for topic in LIBRARY.topics}


def senses(text: str, topic: str = "new-lesson") -> list[str]:
    """The senses in which a text mentions a topic."""
    return [one.polarity for one in said_in(text, LIBRARY, TOPICS[topic])]


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("周三讲授新课。", "planned"),
        ("严禁讲新课。", "forbidden"),
        ("严禁布置额外作业、讲新课。", "forbidden"),
        ("课后服务不讲新课。", "forbidden"),
        ("讲新课一律禁止。", "forbidden"),
        ("严禁讲新课，每周三由数学教师讲授新课。", "planned"),
        ("不得收费，但可以讲新课。", "planned"),
        ("不仅讲新课。", "planned"),
        ("老师不得不讲新课。", "planned"),
        ("《讲新课管理办法》另行印发。", "quoted"),
        ("文件要求“不得讲新课”。", "quoted"),
        ("是否讲新课？", "asked"),
        ("如教师讲新课，一经查实严肃处理。", "conditional"),
        ("利用服务时间讲新课的，当日费用全额退还家长。", "conditional"),
        ("给整班讲新课的课时，不认定、不发酬。", "conditional"),
        ("讲新课的教师，写出说明。", "conditional"),
        ("凡在服务时间讲新课、集体补课的，要求退还当日费用。", "conditional"),
        ("周四讲新课缺课的，通报批评。", "planned"),
        ("周四讲新课听不懂的，扣分。", "planned"),
        ("由数学教师讲新课，缺课的学生通报批评。", "planned"),
        ("每周讲新课的课时为两节，不参加的退费。", "planned"),
        ("九年级讲新课，缺课的由班主任登记。", "planned"),
        ("五年级讲新课，教师补助按课时发放。", "planned"),
        ("经核实该班数学教师讲新课。", "reported"),
        ("个别教师曾讲新课。", "reported"),
        ("除讲新课外均可。", "excepted"),
        ("取消讲新课。", "rejected"),
        ("三、红线：讲新课、布置额外作业。", "forbidden"),
        ("红线：不迟到，每周三讲新课。", "planned"),
        ("下列情形一经发现即严肃处理：讲新课；收费。", "conditional"),
        ("坊间有“放学后讲新课才有用”的说法。", "quoted"),
        ("通报称，有一个班在社团时间讲新课。", "reported"),
        ("通报称有一个班讲新课，今年周三照样讲新课。", "planned"),
        ("根据家长建议，每周三讲新课。", "planned"),
        ("有年级组提议讲新课，行政会没有通过。", "rejected"),
        ("每周三讲新课，单元检测没有通过的留下。", "planned"),
        ("新课的进度不往前推。", "forbidden"),
        ("把没讲完的新课讲完。", "planned"),
    ],
)
def test_the_sense_of_a_mention(text: str, sense: str) -> None:
    assert sense in senses(text)


def test_a_list_takes_the_sense_of_its_lead_in() -> None:
    assert senses("教师严禁有下列行为：\n（一）讲新课；\n（二）收费。") == ["forbidden"]
    assert senses("每周安排如下：\n（一）周一讲授新课；\n（二）作业。") == ["planned"]


def test_a_heading_of_bans_and_a_heading_that_mentions() -> None:
    assert senses("二、严禁事项\n（一）利用服务时间讲新课的行为。") == ["forbidden"]
    assert senses("一、讲新课\n（一）略。") == ["headed"]


@pytest.mark.parametrize(
    "breach",
    ["每周三讲授新课。", "第二节把没讲完的课文讲完。", "六年级提前学习初中课程。"],
)
def test_a_ban_put_before_a_planned_breach_takes_it_back_and_nothing_else(breach: str) -> None:
    assert senses(breach) == ["planned"]
    assert senses("不得" + breach) == ["forbidden"]
    lawful = "学生自主完成作业。"
    assert senses(lawful + breach) == ["planned"]


def test_what_each_level_of_subject_is_asked_of() -> None:
    told = [
        one.polarity for one in said_in("教师必须参加培训。", LIBRARY, TOPICS["pupils-compelled"])
    ]
    assert told == []
    told = [
        one.polarity for one in said_in("全校学生必须参加。", LIBRARY, TOPICS["pupils-compelled"])
    ]
    assert told == ["planned"]


def test_the_policy_itself_plans_nothing() -> None:
    """Read as a plan, the text that forbids must not be taken for one that does."""
    source = data.rules().joinpath("bayannur-2021", "source.txt").read_text("utf-8")
    for topic in LIBRARY.topics:
        assert "planned" not in [one.polarity for one in said_in(source, LIBRARY, topic)], (
            topic.name
        )


def test_pupils_are_compelled_by_bans_too() -> None:
    """不得 belongs to what is asked of them; the same word before it forbids that."""
    assert senses("学生不得中途退出。", "pupils-compelled") == ["planned"]
    assert senses("不参加的学生，不得参加评优。", "pupils-compelled") == ["planned"]
    assert senses("参加人数不作为班主任考核指标。", "pupils-compelled") == []
    assert senses("严禁把参加率列入班主任考核。", "pupils-compelled") in ([], ["forbidden"])


def test_pressure_counts_whoever_brings_it() -> None:
    """A head teacher who talks parents round compels; a parents' meeting does not."""
    assert senses("由班主任做通家长思想工作。", "pupils-compelled") == ["planned"]
    assert senses("家长必须参加家长会。", "pupils-compelled") == []


def test_what_follows_for_pupils_compels_and_for_staff_does_not() -> None:
    """凡 with a consequence is a condition; one that falls on pupils is a threat."""
    assert senses("凡在校学生必须参加，不来的通报批评。", "pupils-compelled") == ["planned"]
    found = senses("如发现强制全体学生统一参加的，严肃处理。", "pupils-compelled")
    assert set(found) == {"conditional"}
