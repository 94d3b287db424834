"""The words by which amounts of money for a unit are read from prose: files that read amounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kehou.language.yaml_places import Place, mapping, text, under
from kehou.reading.rows_cases import RowsCase, rows_cases
from kehou.reading.templates import alternatives

_GROUPS: Final = (
    ("ours", ("strong", "heading")),
    ("other", ("clause", "past", "elsewhere", "heading", "just_before")),
)
_KEYS: Final = (
    "id",
    "title",
    "reads",
    "list",
    "amount",
    "unit",
    "by",
    "sets",
    "fixed",
    "name",
    "units",
    "each",
    "ours",
    "other",
    "limit",
    "quoting",
    "products",
    "cases",
)
_NAME: Final = ("field", "usual", "others", "marks", "contents", "tiers")
_NUMBER: Final = r"[0-9]{1,4}(?:\.[0-9]{1,2})?|[一二三四五六七八九十百两]{1,6}"
#: 一块五 is one and a half.
_YUAN: Final = "(?:元|块(?P<{0}>[1-9一二三四五六七八九])(?![0-9十百])|块钱|块)"
_DOT: Final = r"[/·.•、每]?"

Words = Callable[[Any, Place], tuple[str, ...]]


@dataclass(frozen=True)
class Amounts:
    """A file that reads amounts.

    ``search`` finds one with its unit, ``head`` a unit alone, ``lead`` a unit before several.

    ``units`` are words by value; ``by`` is the field for whom an amount is; ``name`` the field
    that is called by what an amount pays, with ``named`` its values by their words: one counts
    where a word of ``words["marks"]`` follows it, or where it is none of several and stands in
    no column headed by one of ``words["contents"]``. ``tiers`` is the field of numbers that tell
    rows of one name apart.
    """

    path: str
    amount: str
    unit: str
    by: str
    sets: Mapping[str, str]
    fixed: Mapping[str, str]
    name: str
    usual: str
    named: tuple[tuple[str, re.Pattern[str]], ...]
    tiers: str
    units: tuple[tuple[str, re.Pattern[str]], ...]
    search: re.Pattern[str]
    head: re.Pattern[str]
    lead: re.Pattern[str]
    words: Mapping[str, re.Pattern[str]]
    cases: tuple[RowsCase, ...] = field(default=(), repr=False)

    def has(self, group: str, text: str) -> bool:
        """Whether a text has a word of a group."""
        return self.words[group].search(text) is not None

    def unit_of(self, word: str) -> str:
        """The value that a word for a unit stands for."""
        return next(value for value, search in self.units if search.fullmatch(word))


def load_amounts(tree: Any, at: Place, words_of: Words) -> Amounts:
    """The file's content; what is wrong with it goes to the faults of the place."""
    d = mapping(tree, at, _KEYS, _KEYS)

    def any_of(words: Any, place: Place) -> re.Pattern[str]:
        return re.compile(alternatives(words_of(words, place)) or "(?!)")

    groups = {
        f"{block}/{name}": any_of(under(d.get(block), at / block).get(name), at / block / name)
        for block, names in _GROUPS
        for name in names
    }
    groups.update(
        {name: any_of(d.get(name), at / name) for name in ("limit", "quoting", "products")}
    )
    name = mapping(d.get("name") or {}, at / "name", *((_NAME,) * 2))
    groups.update({one: any_of(name.get(one), at / "name" / one) for one in ("marks", "contents")})
    units = under(d.get("units"), at / "units")
    every = [word for value in units for word in words_of(units[value], at / "units" / value)]
    unit = f"(?:{alternatives(every)})"
    others = under(name.get("others"), at / "name" / "others")
    whom = f"(?:{alternatives(words_of(d.get('each'), at / 'each'))})"
    each = f"(?:每(?:一?名|个|位)?{whom})"
    per = f"(?:{_DOT}{each}|{_DOT}{whom})?"
    return Amounts(
        text(d.get("list"), at / "list"),
        text(d.get("amount"), at / "amount"),
        text(d.get("unit"), at / "unit"),
        text(d.get("by"), at / "by"),
        under(d.get("sets"), at / "sets"),
        under(d.get("fixed"), at / "fixed"),
        text(name.get("field"), at / "name" / "field"),
        text(name.get("usual"), at / "name" / "usual"),
        tuple((value, any_of(others[value], at / "name" / "others" / value)) for value in others),
        text(name.get("tiers"), at / "name" / "tiers"),
        tuple((value, any_of(units[value], at / "units" / value)) for value in units),
        re.compile(
            f"{each}?(?:每(?:一个?|个)?|(?<![十第之])一个?)(?P<u1>{unit}){each}?[^0-9元,。;:]{{0,12}}?:?"
            f"(?<![0-9.一二三四五六七八九十百两])(?P<n1>{_NUMBER}){_YUAN.format('t1')}"
            f"|(?<![0-9.一二三四五六七八九十百两])(?P<n2>{_NUMBER}){_YUAN.format('t2')}"
            f"{per}{_DOT}(?P<u2>{unit}){per}"
        ),
        re.compile(f"元{per}{_DOT}(?P<unit>{unit}){per}"),
        re.compile(
            f"每(?:一个?|个)?(?P<unit>{unit}){each}?[^0-9元,;。]{{0,4}}:(?P<list>[^。]{{1,80}})"
        ),
        groups,
        rows_cases(d.get("cases"), at / "cases"),
    )
