"""The words by which rows of a choice are read from prose: what, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.language.yaml_places import Place, mapping, text, under
from kehou.reading.rows_cases import RowsCase, rows_cases
from kehou.reading.templates import alternatives

_KEYS: Final = (
    "id",
    "title",
    "reads",
    "list",
    "field",
    "values",
    "says",
    "near_misses",
    "other",
    "cases",
)
Words = Callable[[Any, Place], tuple[str, ...]]


@dataclass(frozen=True)
class Choices:
    """A file that reads choices: values of ``column`` by their words, and ``says`` of each.

    ``share`` gives a field more where what is said has one of its words.
    """

    path: str
    column: str
    values: Mapping[str, str]
    search: re.Pattern[str]
    says: str
    said: Mapping[str, str]
    saying: re.Pattern[str]
    share: tuple[str, str, tuple[tuple[str, re.Pattern[str]], ...]]
    near_misses: re.Pattern[str]
    other: re.Pattern[str]
    cases: tuple[RowsCase, ...] = field(default=(), repr=False)


def load_choices(tree: Any, at: Place, words_of: Words) -> Choices:
    """The file's content; what is wrong with it goes to the faults of the place."""
    d = mapping(tree, at, _KEYS, _KEYS)

    def by_word(tree: Any, place: Place) -> dict[str, str]:
        values = under(tree, place)
        return {word: str(v) for v in values for word in words_of(values[v], place / v)}

    def any_of(words: Any) -> re.Pattern[str]:
        return re.compile(alternatives(list(words)) or "(?!)")

    says = mapping(d.get("says") or {}, at / "says", *(("field", "words", "share"),) * 2)
    place = at / "says" / "share"
    share = mapping(says.get("share") or {}, place, *(("field", "of", "words"),) * 2)
    shares = under(share.get("words"), place / "words")
    values = by_word(d.get("values"), at / "values")
    said = by_word(says.get("words"), at / "says" / "words")
    return Choices(
        text(d.get("list"), at / "list"),
        text(d.get("field"), at / "field"),
        values,
        any_of(values),
        text(says.get("field"), at / "says" / "field"),
        said,
        any_of(said),
        (
            text(share.get("field"), place / "field"),
            text(share.get("of"), place / "of"),
            tuple((str(v), any_of(words_of(shares[v], place / "words"))) for v in shares),
        ),
        any_of(words_of(d.get("near_misses"), at / "near_misses")),
        any_of(words_of(d.get("other"), at / "other")),
        rows_cases(d.get("cases"), at / "cases"),
    )
