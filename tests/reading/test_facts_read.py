"""Facts are read where they are stated in so many words, and never picked from two."""

from __future__ import annotations

import pytest
from tests.support.prose import library

from kehou.documents import paper
from kehou.readers.blocks import Block, Kind
from kehou.reading import facts_in
from kehou.reading.facts_read import facts_of

LIBRARY = library()


@pytest.mark.parametrize("case", LIBRARY.facts.cases, ids=lambda case: case.text)
def test_the_cases_beside_the_patterns(case: object) -> None:
    assert facts_in(case.text, LIBRARY) == dict(case.gives)  # type: ignore[attr-defined]


def test_a_number_in_a_name_may_have_a_nought() -> None:
    lines = ["示例第一〇一小学2021年秋季学期课后服务实施方案"]
    read, _ = facts_of(paper("", [Block(Kind.PARAGRAPH, line) for line in lines]), LIBRARY)
    assert [one.value for one in read if one.path == "school.name"] == ["示例第一〇一小学"]


def test_a_term_stated_in_two_ways_is_taken_from_neither() -> None:
    lines = ["示例小学2021年秋季学期方案", "本方案适用于2022年春季学期。"]
    read, twice = facts_of(paper("", [Block(Kind.PARAGRAPH, line) for line in lines]), LIBRARY)
    assert {one.path for one in read} == {"school.name", "plan.school_year"}  # one year, two terms
    assert twice == ["plan.term"]


def test_another_school_named_in_the_text_is_not_the_school() -> None:
    lines = ["示例小学课后服务方案", "联合示例第二小学开展活动。"]
    read, _ = facts_of(paper("", [Block(Kind.PARAGRAPH, line) for line in lines]), LIBRARY)
    assert [(one.path, one.value) for one in read] == [("school.name", "示例小学")]
