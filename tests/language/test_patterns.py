"""Patterns of rules: what is refused would hang a check, what is allowed is linear in the text."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator

import pytest
from tests.support.counting_matcher import CountingMatcher, TooManyStepsError
from tests.support.share import share

from kehou import packs
from kehou.errors import UsageError
from kehou.language import condition_parts
from kehou.language.operators import verdict
from kehou.language.patterns import (
    MOST_PER_CHARACTER,
    MOST_STEPS,
    cost_of,
    pattern_fault,
)
from kehou.model.rules import Const

#: Patterns that were let in once, with a text on which going back takes no end.
HANGING = [
    (r"\\(a+)+b", "\\" + "a" * 60),
    (r"\\(a|aa)*b", "\\" + "a" * 60),
    ("a{0,500}a{0,500}a{0,500}a{0,500}b", "a" * 90),
    ("a?" * 60 + "a" * 60, "a" * 59),
    (r"\\*\\*\\*\\*\\*\\*\\*b", "\\" * 60),
]
#: More of the same kinds: repeats in a row, in alternatives, lazy, of what overlaps in part.
ALIKE = [
    ("(a*)*b", "a" * 40),
    ("[ab]*[ac]*[ad]*a*b", "a" * 200 + "c"),
    (".*?.*?.*?.*?b", "a" * 200),
    ("(a{0,90}|b{0,90})(a{0,90}|b{0,90})(a{0,90}|c{0,90})(a{0,90}|d{0,90})z", "a" * 200),
    ("(a|a)(a|a)" * 15 + "z", "a" * 60),
    ("(a*|b)(a*|b)(a*|c)z", "a" * 200),
]
#: What packs may well need.
USEFUL = [
    r"\d{4}",
    r"1[3-9]\d{9}",
    r"[A-Z]{2}\d{6,8}",
    "(学科|.{0,99}[^非]学科).*",
    r"(\d{4})年(\d{1,2})月(\d{1,2})日",
    r"[a-z.]+@[a-z]{1,20}\.(com|cn)",
    r"^[^，。]{0,30}，.*$",
    "a*a{500}b",
    "a*?[bc]d",
]


@pytest.fixture(autouse=True)
def deep_enough() -> Iterator[None]:
    """The counting matcher calls itself once for each character."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize(("pattern", "text"), HANGING + ALIKE)
def test_what_would_hang_is_refused(pattern: str, text: str) -> None:
    re.compile(pattern)
    assert pattern_fault(pattern), pattern
    matcher = CountingMatcher(pattern, 2 * MOST_STEPS)
    with pytest.raises(TooManyStepsError):
        matcher.matches(text)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(a)\1", "回头引用"),
        ("(?P<x>a)(?P=x)", "回头引用"),
        ("(?=a)a", "断言"),
        ("(?<!a)b", "断言"),
        ("(ab)?c", "重复一个括号组"),
        ("a{99999999999}", "正则写法有误"),
        ("(a", "正则写法有误"),
        ("[[:a:]]", "正则写法有误"),
        ("(" * 900 + ")" * 900, "正则太长"),
        ("a" * 3000, "正则太长"),
    ],
)
def test_what_cannot_be_judged_is_refused(pattern: str, words: str) -> None:
    told = pattern_fault(pattern) or ""
    assert words in told
    assert not re.search("[a-zA-Z]", told), "what re says is English"


@pytest.mark.parametrize("pattern", USEFUL)
def test_what_packs_need_is_allowed(pattern: str) -> None:
    assert pattern_fault(pattern) is None


def test_the_patterns_of_the_packs_that_come_with_kehou_are_allowed() -> None:
    found = [
        str(arg.value)
        for name in packs.available()
        for rule in packs.load(name).rules.values()
        for cond in (rule.when, rule.require, *(review.when for review in rule.review))
        for test in condition_parts.tests(cond)
        for arg in test.args
        if test.op == "matches" and isinstance(arg, Const)
    ]
    assert found and [pattern_fault(pattern) for pattern in found] == [None] * len(found)


def drawn(rng: random.Random) -> str:
    """A pattern of few letters, so that its parts meet the same text."""
    parts = []
    for _ in range(rng.randint(1, 5)):
        item = rng.choice(("a", "b", ".", "[ab]", "[^b]"))
        parts.append(item + rng.choice(("", "", "?", "*", "+", "{0,3}", "{2,5}", "{3}", "*?")))
        if rng.random() < 0.3:
            first, second = rng.choice(("a", "ab", "a{0,2}")), rng.choice(("b", "aa", "a{1,3}"))
            parts.append(f"({first}|{second})")
    return "".join(parts)


def texts(length: int) -> Iterator[str]:
    yield "a" * length
    yield "a" * length + "!"
    yield "ab" * (length // 2) + "!"


def test_whatever_is_allowed_takes_no_more_steps_than_was_counted_for_it() -> None:
    """Of random patterns; steps are counted and not timed, on texts short and ten times as long."""
    allowed = refused = 0
    for seed in range(share(600)):
        pattern = drawn(random.Random(seed))
        if pattern_fault(pattern):
            refused += 1
            continue
        allowed += 1
        cost = cost_of(pattern)
        assert cost.steps <= MOST_STEPS and cost.per_character <= MOST_PER_CHARACTER
        for length in (8, 80):
            for text in texts(length):
                most = cost.steps + cost.per_character * len(text)
                matcher = CountingMatcher(pattern, 4 * most)
                assert matcher.matches(text) is (re.fullmatch(pattern, text) is not None)
                assert matcher.steps <= 2 * most, (pattern, text, cost, matcher.steps)
    assert allowed >= share(150) and refused >= share(50), (allowed, refused)


@pytest.mark.parametrize("pattern", USEFUL)
def test_what_packs_need_grows_with_the_text_alone(pattern: str) -> None:
    cost = cost_of(pattern)
    for length in (30, 300):
        for text in ("学" * length, "1" * length, "a" * length, "a" * length + "@"):
            matcher = CountingMatcher(pattern, 10**8)
            matcher.matches(text)
            assert matcher.steps <= 2 * (cost.steps + cost.per_character * len(text))


def test_no_pattern_goes_round_the_door() -> None:
    """Whatever names it, a pattern that is not linear is refused where it would be matched."""
    with pytest.raises(UsageError, match="控"):
        verdict("matches", "a" * 60, r"\\*\\*\\*\\*\\*\\*\\*b")
