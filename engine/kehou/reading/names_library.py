"""The words by which rows that are known by a name are read from prose: files that read names."""

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
    "endings",
    "sets",
    "after",
    "ours",
    "other",
    "cases",
)
#: The longest name without its ending, in characters.
_LONGEST: Final = 20
Words = Callable[[Any, Place], tuple[str, ...]]


@dataclass(frozen=True)
class Names:
    """A file that reads names: ``search`` finds what ends as one, ``after`` what stands before it.

    A sentence must have one of ``ours`` and none of ``other``.
    """

    path: str
    column: str
    sets: Mapping[str, str]
    search: re.Pattern[str]
    after: re.Pattern[str]
    ours: re.Pattern[str]
    other: re.Pattern[str]
    cases: tuple[RowsCase, ...] = field(default=(), repr=False)


def load_names(tree: Any, at: Place, words_of: Words) -> Names:
    """The file's content; what is wrong with it goes to the faults of the place."""
    d = mapping(tree, at, _KEYS, _KEYS)

    def any_of(key: str) -> str:
        return alternatives(words_of(d.get(key), at / key)) or "(?!)"

    return Names(
        text(d.get("list"), at / "list"),
        text(d.get("field"), at / "field"),
        under(d.get("sets"), at / "sets"),
        re.compile(rf"[\u4e00-\u9fff]{{2,{_LONGEST}}}?(?:{any_of('endings')})"),
        re.compile(any_of("after")),
        re.compile(any_of("ours")),
        re.compile(any_of("other")),
        rows_cases(d.get("cases"), at / "cases"),
    )
