"""The words by which rows with times of the day are read from prose: hours.yaml.

Says into which list of a submission rows go, which words make a time one of theirs, which make it
another's, and what its sentence tells of it. Source: docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from kehou.language.yaml_places import Place, mapping, text, under
from kehou.reading.clock_times import Signs
from kehou.reading.rows_cases import RowsCase, rows_cases
from kehou.reading.templates import alternatives

HOURS: Final = "hours.yaml"
_OURS: Final = ("strong", "weak", "heading", "title", "label", "ends", "named_end")
_OTHER: Final = (
    "clause",
    "moved",
    "around_end",
    "heading",
    "never",
    "quoting",
    "quoting_limit",
    "back",
    "elsewhere",
    "name_ends",
    "not_names",
    "past",
    "now",
    "later",
)
_ROLES: Final = (
    "begin",
    "until_before",
    "until_after",
    "limit_before",
    "never_before",
    "changed",
    "soft",
    "usually",
    "either",
    "not_joining",
    "leaving",
    "early",
)
_PERIODS: Final = ("units", "each", "pause")


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a row is by its words: ``usual`` where none of ``others`` stands there."""

    field: str
    usual: str
    others: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class ByName:
    """A field that the name of the submission's subject tells, by the words in it."""

    field: str
    of: str
    values: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A field of numbers that stand before (三年级) or after (周三) a word."""

    field: str
    search: re.Pattern[str]
    most: int
    #: Names of single ones (初一 is 7).
    names: tuple[tuple[str, str], ...] = ()

    def plain(self, text: str) -> str:
        """A text with names written as numbers."""
        for name, number in self.names:
            text = text.replace(name, number)
        return text


@dataclass(frozen=True)
class Hours:
    """The file hours.yaml. ``words`` are expressions by group (``ours/strong``).

    ``every`` is the value of a field that says as much as to leave it out.

    ``not_of`` is whose coming and going is none of it, one of scope.yaml's subjects.
    """

    path: str
    begin: str
    until: str
    approximate: str
    words: Mapping[str, re.Pattern[str]]
    kinds: Kinds
    values: tuple[tuple[str, str, re.Pattern[str]], ...]
    every: Mapping[str, tuple[str, ...]]
    numbers: tuple[Numbers, ...]
    by_name: ByName
    signs: Signs
    not_of: str
    cases: tuple[RowsCase, ...] = field(default=(), repr=False)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that say of whom and when a row is, in order."""
        named = dict.fromkeys(name for name, _, _ in self.values)
        return (*named, *(one.field for one in self.numbers))

    def has(self, group: str, text: str) -> bool:
        """Whether a text has a word of a group."""
        return self.words[group].search(text) is not None


_KEYS: Final = (
    "id",
    "title",
    "list",
    "from",
    "until",
    "inexact",
    "ours",
    "other",
    "roles",
    "periods",
    "names",
    "whole",
    "part",
    "kinds",
    "fields",
    "every",
    "numbers",
    "by_name",
    "groups",
    "not_fields",
    "days_off",
    "mornings",
    "not_of",
    "cases",
)


def load_hours(tree: Any, at: Place, words_of: Callable[[Any, Place], tuple[str, ...]]) -> Hours:
    """The file's content; what is wrong with it goes to the faults of the place."""
    d = mapping(tree, at, _KEYS, _KEYS)
    groups: dict[str, re.Pattern[str]] = {}
    begin: tuple[str, ...] = ()
    blocks = (("ours", _OURS), ("other", _OTHER), ("roles", _ROLES), ("periods", _PERIODS))
    for block, names in blocks:
        lists = mapping(d.get(block) or {}, at / block, names, names)
        for name in names:
            found = words_of(lists.get(name), at / block / name)
            groups[f"{block}/{name}"] = _any(found)
            if (block, name) == ("roles", "begin"):
                begin = found
    for name in ("whole", "part", "groups", "not_fields", "days_off", "mornings"):
        groups[name] = _any(words_of(d.get(name), at / name))
    kinds = mapping(d.get("kinds") or {}, at / "kinds", *(("field", "usual", "others"),) * 2)
    by_name = under(d.get("by_name"), at / "by_name")
    return Hours(
        text(d.get("list"), at / "list"),
        text(d.get("from"), at / "from"),
        text(d.get("until"), at / "until"),
        text(d.get("inexact"), at / "inexact"),
        groups,
        Kinds(
            text(kinds.get("field"), at / "kinds" / "field"),
            text(kinds.get("usual"), at / "kinds" / "usual"),
            tuple(_by_words(kinds.get("others"), at / "kinds" / "others", words_of)),
        ),
        tuple(
            (name, value, search)
            for name, values in under(d.get("fields"), at / "fields").items()
            for value, search in _by_words(values, at / "fields" / name, words_of)
        ),
        {str(name): (str(value),) for name, value in under(d.get("every"), at / "every").items()},
        tuple(_numbers(d.get("numbers"), at / "numbers", words_of)),
        ByName(
            text(by_name.get("field"), at / "by_name" / "field"),
            text(by_name.get("of"), at / "by_name" / "of"),
            tuple(
                (value, _any(words_of(words, at / "by_name" / value)))
                for value, words in by_name.items()
                if value not in ("field", "of")
            ),
        ),
        Signs(alternatives(begin), alternatives(words_of(d.get("names"), at / "names"))),
        text(d.get("not_of"), at / "not_of"),
        rows_cases(d.get("cases"), at / "cases"),
    )


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(alternatives(words) or r"(?!)")


def _by_words(
    tree: Any, at: Place, words_of: Callable[[Any, Place], tuple[str, ...]]
) -> Iterable[tuple[str, re.Pattern[str]]]:
    for value, words in under(tree, at).items():
        yield str(value), _any(words_of(words, at / value))


#: A number that is no time (五点半) and counts nothing else (两节).
_NUMERAL: Final = (
    "(?:[0-9]{1,2}(?![0-9:.点时])|(?:十[一二]?|[一二三四五六七八九日天])(?![点时节个]))"
)
_APART: Final = "(?:[、和及至到-]|以及)"


def _numbers(
    tree: Any, at: Place, words_of: Callable[[Any, Place], tuple[str, ...]]
) -> Iterable[Numbers]:
    parts = under(tree, at)
    units = [
        unit
        for name, said in parts.items()
        for unit in words_of(under(said, at / name).get("after"), at / name / "after")
    ]
    # 周五一至六年级: what counts another field's unit is none of this one's numbers
    others = f"(?!{_NUMERAL}(?:{_APART}?{_NUMERAL}){{0,8}}(?:{alternatives(units)}))" * bool(units)
    for name, said in parts.items():
        d = mapping(said, at / name, ("before", "after", "up_to", "names"), ("up_to",))
        before = alternatives(words_of(d.get("before"), at / name / "before"))
        after = alternatives(words_of(d.get("after"), at / name / "after"))
        if before:
            pattern = f"(?:{before}){_NUMERAL}(?:{others}{_APART}?(?:{before})?{_NUMERAL}){{0,6}}"
        else:
            one = f"{_NUMERAL}(?:{after})?"
            pattern = f"(?<![0-9.第初高])(?:{one}{_APART}?){{0,8}}{_NUMERAL}(?:{after})"
        unit = words_of(d.get("after"), at / name / "after")
        named = under(d.get("names"), at / name / "names")
        suffix = unit[0] if unit else ""
        names = tuple((str(word), f"{number}{suffix}") for word, number in named.items())
        yield Numbers(str(name), re.compile(pattern), int(d.get("up_to") or 0), names)
