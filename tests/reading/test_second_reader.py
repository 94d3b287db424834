"""The second reading adds up weights, and where it differs from the first a person is asked."""

from __future__ import annotations

import math

import pytest
from tests.support.prose import library

from kehou.documents import paper
from kehou.readers.blocks import Block, Cell, Kind
from kehou.reading import statements
from kehou.reading.second_reader import SecondReader, grams

LIBRARY = library()
TREE = {
    "topics": ["new_lesson", "exam_drill"],
    "longest": 4,
    "limit": 0.5,
    "over": 0.9,
    "alone": {"new_lesson": 0.5, "exam_drill": 0.5},
    "bias": [-1000, -500],
    "grams": "新课\n讲\n不",
    "weights": [[3000, 500, -2000], [-700, 0, -100]],
}


def test_the_grams_of_a_text_have_its_ends_marked() -> None:
    assert {"^", "讲", "^讲", "讲$", "^讲$"} <= grams("讲")


def test_a_chance_is_the_sum_of_the_weights_by_hand() -> None:
    chances = SecondReader.of(TREE).planned("不讲新课")
    assert math.isclose(chances["new_lesson"], 1 / (1 + math.exp(-(-1.0 + 3.0 + 0.5 - 2.0))))
    assert math.isclose(chances["exam_drill"], 1 / (1 + math.exp(-(-0.5 - 0.7 - 0.1))))


def test_a_model_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError):
        SecondReader.of({**TREE, "longest": 9})
    with pytest.raises(ValueError):
        SecondReader.of({**TREE, "grams": "新课\n讲"})


def test_what_it_turns_on_is_the_part_that_speaks_most() -> None:
    assert SecondReader.of(TREE).turns_on("早读,讲新课,放学", "new_lesson") == (3, 6)


def said(*lines: str) -> list[tuple[str, str, str]]:
    """What is read of lines: topic, sense and tier."""
    blocks = [Block(Kind.PARAGRAPH, line) for line in ("方案", "一、内容", "略。", *lines)]
    return [(s.topic, s.polarity, s.tier) for s in statements(paper("", blocks), LIBRARY)]


def test_both_readings_make_a_plan_plain() -> None:
    assert ("exam-drill", "planned", "explicit") in said("每周五第二节组织单元检测。")


def test_what_no_pattern_knows_is_asked_about() -> None:
    """A lesson by timetable without one word of the ban or of a pattern."""
    found = said(
        "周一、周三排语文，周二、周四排数学，周五排英语，由该学科教师到场，把当天内容再过一遍。"
    )
    assert ("collective-lesson", "planned", "suspicious") in found
    assert "explicit" not in [tier for _, _, tier in found]


def test_a_ban_a_question_and_a_heading_above_keep_it_quiet() -> None:
    plan = "由学科教师进班面向全班把当天内容再讲一遍"
    assert "planned" not in [sense for _, sense, _ in said(f"是否{plan}？")]
    assert "planned" not in [sense for _, sense, _ in said("二、严禁事项", f"（一）{plan}。")]


@pytest.mark.parametrize(
    "line",
    [
        "逾期未交回执的，视为本学期暂不参加，以后随时可以补报。",
        "原来没有报名的学生仍可不报，原来报名的也可以退出，班主任不要劝留。",
        "寄宿生虽吃住在校，也要凭家长申请参加，不因住校就算自动报名。",
        "没有提出申请的学生一分钱也不收。",
    ],
)
def test_freedom_stated_is_no_compulsion(line: str) -> None:
    assert "planned" not in [sense for _, sense, _ in said(line)]


@pytest.mark.parametrize(
    "line",
    [
        "没有交回执的，视为同意参加课后服务。",
        "随时可以补报，全体学生须参加课后服务。",
        "确有困难可不参加的，须由家长申请不参加，经校长签字批准。",
        "确实不需要的，由家长申请不参加，经年级主任签字同意后方可离校。",
        "学生不参加的须写出书面申请，由班主任审批。",
    ],
)
def test_compulsion_beside_words_of_freedom_is_asked_about(line: str) -> None:
    assert ("pupils-compelled", "planned") in [(topic, sense) for topic, sense, _ in said(line)]


@pytest.mark.parametrize(
    ("line", "planned"),
    [
        ("服务期间不组织任何形式的测验，不发放试卷，不以练习成绩作为评价依据。", False),
        ("不收费，由学科教师进班面向全班把当天内容再讲一遍。", True),
    ],
)
def test_what_a_sentence_bans_is_none_of_its_plan(line: str, planned: bool) -> None:
    assert ("planned" in [sense for _, sense, _ in said(line)]) is planned


@pytest.mark.parametrize(
    "line",
    [
        "前两年只看管作业，今年把次日的课文提前讲一遍，赶课用服务时间。",
        "去年不上课，本学期课后服务用来赶课。",
        "原稿的社团安排不再保留，改为赶课。",
    ],
)
def test_what_was_before_does_not_hide_what_is_now(line: str) -> None:
    assert ("new-lesson", "planned") in [(topic, sense) for topic, sense, _ in said(line)]


def of_row(cells: tuple[str, ...], head: str = "") -> list[tuple[str, str]]:
    """What is read of a row of a table, below a heading: topic and sense."""
    blocks = [Block(Kind.PARAGRAPH, head or "二、每周安排")] + [
        Block(Kind.CELL, text, cell=Cell(1, 1, column)) for column, text in enumerate(cells, 1)
    ]
    return [(one.topic, one.polarity) for one in statements(paper("", blocks), LIBRARY)]


@pytest.mark.parametrize(
    "cells",
    [
        ("周一", "语文（全班）", "数学（全班）"),
        ("周二", "数学（全班）", "物理（全班）"),
        ("五、六年级", "语文、数学（班主任上）"),
    ],
)
def test_a_row_of_a_table_is_read_as_one(cells: tuple[str, ...]) -> None:
    assert ("collective-lesson", "planned") in of_row(cells)
    assert of_row(cells, "二、严禁事项") == []


@pytest.mark.parametrize(
    "cells",
    [
        ("周一", "作业辅导", "合唱、足球"),
        ("一年级", "王老师", "阅读"),
        ("班主任", "清点人数", "值周教师"),
    ],
)
def test_an_ordinary_row_is_not_asked_about(cells: tuple[str, ...]) -> None:
    assert of_row(cells) == []


def test_an_ordinary_sentence_is_not_asked_about() -> None:
    for line in ("食堂每日公布菜谱。", "门卫登记来访人员。", "学生自主完成作业，教师个别答疑。"):
        assert said(line) == []
