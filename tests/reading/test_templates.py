"""Patterns are what policy staff wrote, and never slow."""

from __future__ import annotations

import re
import time

import pytest

from kehou.reading.templates import TemplateError, expression, quickly


def finds(template: str, text: str, **slots: list[str]) -> str:
    """What a pattern finds in a text; empty where nothing."""
    match = re.search(expression(template, slots), text)
    return match[0] if match else ""


@pytest.mark.parametrize(
    ("template", "text", "found"),
    [
        ("讲|讲授 ~2 新课", "讲授了新课", "讲授了新课"),
        ("讲 ~2 新课", "讲第二单元新课", ""),
        ("讲 ~4 新课", "讲，新课", "讲，新课"),
        ("讲 ~4 新课", "讲,新课", ""),
        ("讲 ~,4 新课", "讲,新课", "讲,新课"),
        ("(再) 讲 新课", "再讲新课", "再讲新课"),
        ("(再) 讲 新课", "讲新课", "讲新课"),
        ("<教> 新课", "教新课", "教新课"),
        ("１８：００", "18:00", "18:00"),
    ],
)
def test_what_a_pattern_finds(template: str, text: str, found: str) -> None:
    assert finds(template, text, 教=["讲", "教"]) == found


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("", "空的"),
        ("~3 新课", "不能以间隔"),
        ("讲 ~99 新课", "1 到 30"),
        ("<没有> 新课", "没有一组叫"),
        ("讲| 新课", "看不懂"),
        ("(讲) (新课)", "都可以略去"),
        ("{年:epoch} 年", "没有“epoch”这一种"),
    ],
)
def test_what_cannot_be_read_is_told(template: str, told: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(told)):
        expression(template, {})


def test_a_long_text_takes_time_in_proportion() -> None:
    """A paragraph of megabytes made to hurt costs what a plain one does."""
    search = re.compile(expression("讲|讲讲 ~30 讲|讲讲 ~30 新课", {}))
    spent = []
    for n in (2_000, 8_000):
        start = time.process_time()
        assert search.search("讲" * n) is None
        spent.append(time.process_time() - start)
    assert spent[1] < 12 * max(spent[0], 0.02)


@pytest.mark.parametrize("text", ["讲授了新课", "再讲新课", "上了一节新课", "不讲", ""])
def test_patterns_that_are_tried_only_at_their_letters_find_the_same(text: str) -> None:
    templates, slots = ["(再) 讲|讲授 ~2 新课", "<教> ~4 新课"], {"教": ["教", "上"]}
    made = "|".join(expression(one, slots) for one in templates)
    plain, quick = re.compile(made), re.compile(quickly(made, templates, slots))
    assert [m.span() for m in quick.finditer(text)] == [m.span() for m in plain.finditer(text)]
