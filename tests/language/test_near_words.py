"""What is offered for a word that is not allowed is never the opposite of what was meant."""

from __future__ import annotations

import pytest

from kehou.language.near_words import nearest
from kehou.language.operators import OPERATORS, OTHER_WORDS

TIGHTER = ["lower", "higher", "fewer", "more", "fixed"]


@pytest.mark.parametrize(
    ("word", "allowed", "meant"),
    [
        ("atmost", list(OPERATORS), "at_most"),
        ("more_then", list(OPERATORS), "more_than"),
        ("contain_all", list(OPERATORS), "contains_all"),
        ("not_later_than", list(OPERATORS), None),
        ("no_more_than", list(OPERATORS), None),
        ("primary_latest_start", ["primary_earliest_start"], None),
        ("A.3-b", ["A.8-b"], None),
        ("A.3b", ["A.3-a", "A.3-b"], "A.3-b"),
        ("smaller", TIGHTER, None),
        ("meal-points", ["meal-point", "submission"], "meal-point"),
    ],
)
def test_the_nearest_word_that_says_the_same(
    word: str, allowed: list[str], meant: str | None
) -> None:
    assert nearest(word, allowed) == meant


def test_words_of_other_systems_mean_one_operator_each() -> None:
    assert set(OTHER_WORDS.values()) == set(OPERATORS)
    assert not set(OTHER_WORDS) & set(OPERATORS)
    assert nearest("no_later_than", list(OPERATORS), OTHER_WORDS) == "at_most"
    assert nearest(">=", list(OPERATORS), OTHER_WORDS) == "at_least"
