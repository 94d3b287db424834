"""Lexicons: what counts as alike, what masks a word, and that a text is searched in one pass."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reference import PLAIN

from kehou.language.lexicons import Lexicon, folded
from kehou.language.operators import verdict
from kehou.model.values import ABSENT


def lexicon(*words: str, masks: tuple[str, ...] = ()) -> Lexicon:
    return Lexicon(("some",), "某些", words, masks)


@pytest.mark.parametrize(
    "text",
    [
        "ket口语",
        "KET 口语",
        "ＫＥＴ口语",
        "K E T口语",
        "口语（Ket）",
        "ket",
        "3KET2",
        "KET\u200b班",
    ],
)
def test_width_case_and_spaces_are_alike(text: str) -> None:
    assert lexicon("KET").hits(text) == ("KET",)


@pytest.mark.parametrize("text", ["Basketball", "market", "ketchup", "KETs", "k-e-t", ""])
def test_a_latin_word_stands_alone(text: str) -> None:
    assert lexicon("KET").hits(text) == ()


def test_a_latin_word_with_a_space_of_its_own() -> None:
    assert lexicon("new concept").hits("少儿 New  Concept 英语") == ("new concept",)
    assert lexicon("new concept").hits("renew concept") == ()


@pytest.mark.parametrize("text", ["珠心算", "珠 心 算", "珠\u3000心算", "少儿珠心\n算班"])
def test_spaces_between_characters_do_not_part_a_word(text: str) -> None:
    assert lexicon("珠心算").hits(text) == ("珠心算",)


def test_words_are_told_as_they_are_written_in_the_order_of_the_text() -> None:
    assert lexicon("冲刺", "数学", "ABC").hits("ＡＢＣ与数学冲刺、数学") == ("ABC", "数学", "冲刺")


def test_of_words_within_each_other_the_longest_is_told() -> None:
    assert lexicon("数学", "数学思维", "思维").hits("数学思维课") == ("数学思维",)
    assert lexicon("数学", "数学思维").hits("数学与数学思维") == ("数学", "数学思维")


def test_a_near_miss_masks_what_stands_wholly_in_it_and_nothing_else() -> None:
    words = lexicon("考试", "试卷", masks=("考试焦虑",))
    assert words.hits("考试焦虑辅导") == ()
    assert words.hits("考试焦虑与考试") == ("考试",)
    assert words.hits("考 试 焦 虑") == ()
    assert lexicon("虑考试", masks=("考试焦虑",)).hits("焦虑考试焦虑") == ("虑考试",)


def test_near_misses_may_overlap() -> None:
    assert lexicon("乙", masks=("甲乙", "乙丙")).hits("甲乙丙乙") == ("乙",)
    assert lexicon("aa", masks=("aaa",)).hits("aaa") == ()


def test_a_lexicon_is_equal_to_itself_alone() -> None:
    assert lexicon("甲") != lexicon("甲")
    assert str(lexicon("甲")) == "词库“某些”"


def test_what_is_absent_or_not_supplied() -> None:
    words = lexicon("数学")
    assert verdict("mentions", "数学课", words) is True
    assert verdict("mentions", "美术课", words) is False
    assert verdict("mentions", ABSENT, words) is False
    assert verdict("mentions", None, words) is None


def test_a_text_is_searched_in_one_pass() -> None:
    """Twice the text takes about twice the time, also where every character may begin a word."""
    words = Lexicon(
        ("some",), "某些", tuple("数" * n + "学" for n in range(1, 30)), ("数" * 40 + "学",)
    )

    def seconds(length: int) -> float:
        best = 9.0
        for trial in range(3):
            started = time.perf_counter()
            words.hits("数" * (length + trial))
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(40_000) < 10 * seconds(10_000)


TEXTS = st.text("数学语文AaＡbB \u3000", max_size=12)
WORDS = st.lists(st.text("数学语文aAb", min_size=1, max_size=4), min_size=1, max_size=6)


@given(TEXTS, WORDS, WORDS)
def test_it_finds_what_a_plain_reading_of_the_page_finds(
    text: str, words: list[str], masks: list[str]
) -> None:
    made = Lexicon(("some",), "某些", tuple(words), tuple(masks))
    assert bool(made.hits(text)) == PLAIN["mentions"](text, made)


@given(TEXTS)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
