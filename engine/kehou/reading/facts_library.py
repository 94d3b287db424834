"""The patterns by which single fields of a submission are read from prose: facts.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.language.yaml_places import Place, listed, mapping, text, under
from kehou.reading.templates import TemplateError, expression

_FACT: Final = ("from", "stated", "not_of", "unless", "pattern", "gives")
_BRACED: Final = re.compile(r"\{(\w{1,10})([+-][0-9])?\}")


@dataclass(frozen=True, slots=True)
class FactPattern:
    """A pattern that gives values of fields: path → text with what was taken in braces.

    ``from_title`` where only the title of a document is searched, ``stated`` where it must be
    said as so, ``denies`` where its own words deny; ``not_of`` is who it is none of, ``unless`` the
    topic that is not planned where it is true.
    """

    search: re.Pattern[str]
    gives: Mapping[str, str]
    from_title: bool = False
    stated: bool = False
    denies: bool = False
    not_of: str = ""
    unless: str = ""

    def values(self, match: re.Match[str]) -> dict[str, str]:
        """What a match gives, by the field's path."""
        taken = match.groupdict("")

        def put(name: re.Match[str]) -> str:
            value = taken[name[1]]
            return str(int(value) + int(name[2])) if name[2] else value

        return {path: _BRACED.sub(put, said) for path, said in self.gives.items()}


@dataclass(frozen=True, slots=True)
class FactCase:
    """A text, and what is to be read of it by the field's path."""

    text: str
    gives: Mapping[str, str]
    index: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The patterns of facts.yaml, and its cases."""

    patterns: tuple[FactPattern, ...] = ()
    cases: tuple[FactCase, ...] = ()


def load_facts(tree: Any, at: Place) -> Facts:
    """The file's content; what is wrong with it goes to the faults of the place."""
    keys = ("id", "title", "facts", "cases")
    d = mapping(tree, at, keys, keys)
    patterns = []
    for i, one in enumerate(listed(d.get("facts"), at / "facts")):
        place = at / "facts" / i
        f = mapping(one, place, _FACT, ("pattern", "gives"))
        where = f.get("from")
        if where not in (None, "title"):
            (place / "from").fault(f"不认识 {where}", "只能写 title，或不写")
        gives = {
            path: text(said, place / "gives" / path)
            for path, said in under(f.get("gives"), place / "gives").items()
        }
        try:
            search = re.compile(expression(text(f.get("pattern"), place / "pattern"), {}))
        except TemplateError as error:
            (place / "pattern").fault(str(error))
            continue
        for path, said in gives.items():
            for name in _BRACED.finditer(said):
                if name[1] not in search.groupindex:
                    (place / "gives" / path).fault(f"模式里没有取出“{name[1]}”")
        patterns.append(
            FactPattern(
                search,
                gives,
                where == "title",
                f.get("stated") is not None,
                f.get("stated") == "denied",
                text(f.get("not_of"), place / "not_of"),
                text(f.get("unless"), place / "unless"),
            )
        )
    cases = []
    for i, one in enumerate(listed(d.get("cases"), at / "cases")):
        place = at / "cases" / i
        c = mapping(one, place, ("text", "gives"), ("text", "gives"))
        cases.append(FactCase(text(c.get("text"), place / "text"), under(c["gives"], place), i))
    return Facts(tuple(patterns), tuple(cases))
