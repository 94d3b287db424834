"""The columns of a submission by what people may call them, and what is reckoned from two.

A column is called by its title, by its list's title and its own where several have it, or by its
name in rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kehou.authoring.proposal import Formula, slug_of
from kehou.authoring.proposals import Candidate, fillable, spoken
from kehou.errors import UsageError
from kehou.fields import Field
from kehou.language import ROOT, suggest
from kehou.packs import Pack

ORDERED: Final = ("time", "date", "month", "money", "integer", "decimal")
_SINGLE: Final = (*ORDERED, "boolean", "enum", "text")
_JOINS: Final = {"到": "span", "至": "span", "÷": "ratio", "/": "ratio", "除以": "ratio"}
_JOIN: Final = re.compile("|".join(sorted(map(re.escape, _JOINS), key=len, reverse=True)))
#: How much of a column's title a sentence has to speak of for it to be offered.
_NEAR: Final = 0.5
_MOST_NEAR: Final = 6
_COUNTS: Final = "的项数"
#: How a requirement is written, for whoever wrote it otherwise.
SHAPE: Final = "写作：栏目 不超过 30天；有条件的：栏目 是 值 时，栏目 不超过 30天"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a phrase says of: a field or a reckoning, and the rest."""

    each: str
    name: str
    field: Field
    rest: str
    formula: Formula | None = None


class Columns:
    """The columns of a pack by what they may be called."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._found: dict[str, list[Candidate]] = {}
        self.all = [one for one in fillable(pack) if one.field.kind in _SINGLE]
        for one in self.all:
            for title in dict.fromkeys((one.field.title, *one.field.names)):
                for whole in (
                    title,
                    *(f"{p}{j}{title}" for p in self._of(one) for j in ("的", ".")),
                ):
                    self._add(whole, one)
            self._add(one.name if one.each == ROOT else f"{one.each}.{one.name}", one)
        self._lists = {
            rows.title: each
            for each, definition in pack.entities.items()
            if definition.form == "list"
            and (rows := pack.vocabulary.field_of_rows(each)) is not None
        }

    def _of(self, one: Candidate) -> Iterator[str]:
        """The titles of what a column stands in."""
        if one.each != ROOT:
            yield one.listed
            return
        above = self._pack.schema.field(one.name.rpartition(".")[0])
        if above is not None:
            yield above.title

    def _add(self, title: str, one: Candidate) -> None:
        there = self._found.setdefault(title, [])
        if one not in there:
            there.append(one)

    def whole(self, one: Candidate) -> str:
        """The shortest title by which nothing else is called."""
        above = next(self._of(one), "")
        for title in (one.field.title, f"{above}的{one.field.title}"):
            if len(self._found.get(title, ())) == 1:
                return title
        return one.name if one.each == ROOT else f"{one.each}.{one.name}"

    def term(self, text: str, each: str = "") -> tuple[Candidate, str]:
        """The column that a text begins with, and what stands after it."""
        text = text.strip()
        fitting = [title for title in self._found if text.startswith(title)]
        if not fitting:
            word = re.split(r"\s", text)[0]
            near = "、".join(self.near(word)[:_MOST_NEAR])
            told = f"相近的：{near}" if near else suggest(word, [self.whole(o) for o in self.all])
            raise UsageError("phrase", f"没有栏目“{word}”", hint=f"{told}；{SHAPE}")
        title = max(fitting, key=len)
        found = self._found[title]
        if each and len(found) > 1:
            found = [one for one in found if one.each in (each, ROOT)] or found
            found = [one for one in found if one.each == each] or found
        if len(found) > 1:
            every = "、".join(self.whole(one) for one in found)
            raise UsageError("phrase", f"叫“{title}”的有几栏", hint=f"请写全：{every}")
        return found[0], text[len(title) :].strip()

    def every(self) -> dict[str, list[str]]:
        """What each column is best called, by what it stands in."""
        found: dict[str, list[str]] = {}
        for one in self.all:
            unit = one.field.units[0] if one.field.units else ""
            shown = self.whole(one) + (f"（{unit}）" if unit else "")
            there = found.setdefault(next(self._of(one), self._pack.title), [])
            there += [shown] if shown not in there else []
        return found

    def near(self, text: str) -> list[str]:
        """The columns that a text speaks of the most, the likest first."""
        every = [(spoken(one.field.title, text), self.whole(one)) for one in self.all]
        scored = sorted((pair for pair in every if pair[0] >= _NEAR), key=lambda pair: -pair[0])
        return list(dict.fromkeys(name for _, name in scored))

    def subject(self, text: str) -> Reckoned:
        """The column or the reckoning that a requirement is of."""
        counted = next((t for t in self._lists if text.startswith(t + _COUNTS)), "")
        if counted:
            return self._count(counted, text[len(counted + _COUNTS) :].strip())
        first, rest = self.term(text)
        join = _JOIN.match(rest)
        if join is None:
            return Reckoned(first.each, first.name, first.field, rest)
        second, rest = self.term(rest[join.end() :], first.each)
        rest = re.sub("^的?(天数|分钟数|时长|之比|比例|比)", "", rest).strip()
        return self._reckoned(first, second, _JOINS[join[0]], rest)

    def _count(self, title: str, rest: str) -> Reckoned:
        each = self._lists[title]
        name = f"{slug_of(each, '_')}_count"
        facts = f"  submission.{name}: {{count: {{over: {each}}}}}\n"
        field = Field(f"submission.{name}", "", "integer", f"{title}{_COUNTS}")
        return Reckoned(ROOT, field.name, field, rest, Formula("count", each, "", facts))

    def _reckoned(self, a: Candidate, b: Candidate, how: str, rest: str) -> Reckoned:
        if a.each != b.each:
            told = f"{a.field.title}和{b.field.title}不在同一行里"
            raise UsageError("phrase", told, hint="两栏要在同一张表里")
        kinds = {a.field.kind, b.field.kind}
        last = [slug_of(one.name.rpartition(".")[2], "_") for one in (a, b)]
        if how == "span" and kinds in ({"date"}, {"time"}):
            kind, unit = (
                ("days_between", "天") if kinds == {"date"} else ("minutes_between", "分钟")
            )
            name = f"{last[0]}_to_{last[1]}"
            title = f"{a.field.title}到{b.field.title}的{unit}数"
            field = Field("", "", "integer", title, units=(unit,))
        elif how == "ratio" and kinds <= {"integer", "decimal"}:
            kind, name = "ratio", f"{last[0]}_per_{last[1]}"
            field = Field("", "", "decimal", f"{a.field.title}÷{b.field.title}")
        else:
            told = f"{a.field.title}和{b.field.title}不能这样算"
            hint = "“到”的两边都是日期，或都是时刻；“÷”的两边都是数"
            raise UsageError("phrase", told, hint=hint)
        whole = f"submission.{name}" if a.each == ROOT else name
        fact = f"{a.each}.{name}" if a.each != ROOT else whole
        facts = f"  {fact}: {{{kind}: [{a.name}, {b.name}]}}\n"
        field = replace(field, name=whole)
        return Reckoned(a.each, whole, field, rest, Formula(kind, a.name, b.name, facts))


def columns(pack: Pack) -> dict[str, list[str]]:
    """The columns that a phrase may name, by the title of what they stand in."""
    return Columns(pack).every()


def near_columns(pack: Pack, text: str) -> list[str]:
    """The columns that a sentence speaks of the most, the likest first."""
    return Columns(pack).near(text)


__all__ = ["ORDERED", "SHAPE", "Columns", "Reckoned", "columns", "near_columns"]
