"""The columns of a submission by what people may call them, and what is reckoned from two.

A column is called by its title, by its list's title and its own where several have it, or by its
name in rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kehou.authoring.list_columns import listed
from kehou.authoring.proposal import Formula, slug_of
from kehou.authoring.proposals import Candidate, fillable, spoken
from kehou.errors import UsageError
from kehou.fields import Field
from kehou.language import ROOT, Derivation, suggest
from kehou.model.rules import FieldRef
from kehou.packs import Pack

ORDERED: Final = ("time", "date", "month", "money", "integer", "decimal")
_SINGLE: Final = (*ORDERED, "boolean", "enum", "text")
_JOINS: Final = {"到": "span", "至": "span", "÷": "ratio", "/": "ratio", "除以": "ratio"}
_JOIN: Final = re.compile("|".join(sorted(map(re.escape, _JOINS), key=len, reverse=True)))
#: How much of a column's title a sentence has to speak of for it to be offered.
_NEAR: Final = 0.5
_MOST_NEAR: Final = 6
#: A value by its name in rules, and the ways of working one out that a line says as well.
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_PLAIN: Final = ("days_between", "minutes_between", "ratio")
#: What stands after the title of a list whose rows are counted.
COUNTS: Final = "的项数"
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
        every = fillable(pack, lists=True)
        self.all = [one for one in every if one.field.kind in _SINGLE or listed(one.field)]
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
        fitting = [one for one in fitting if not text[len(one) :].startswith("的")]
        if not fitting:
            word = re.split(r"\s", text)[0]
            raise UsageError("phrase", f"没有栏目“{word}”", hint=f"{self._like(word)}；{SHAPE}")
        title = max(fitting, key=len)
        found = self._found[title]
        if each and len(found) > 1:
            found = [one for one in found if one.each in (each, ROOT)] or found
            found = [one for one in found if one.each == each] or found
        if len(found) > 1:
            every = "、".join(self.whole(one) for one in found)
            raise UsageError("phrase", f"叫“{title}”的有几栏", hint=f"请写全：{every}")
        return found[0], text[len(title) :].strip()

    def _like(self, word: str) -> str:
        """What a word that is no column may be meant to be, or how to look for it."""
        head, _, last = word.rpartition("的")
        near = self.near(last or word)
        there = self.every().get(head, [])
        near = [one for one in near if one.startswith(head)] if head else near
        near = near or there or self.near(word)
        if near:
            return f"相近的：{'、'.join(near[:_MOST_NEAR])}"
        if word.isascii():
            bare = [one.partition(".")[2] for one in self._derived]
            return suggest(word, [*(self.whole(o) for o in self.all), *self._derived, *bare])
        return "栏目的名称用 kehou explain --fields 字词 找"

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
        counted = next((t for t in self._lists if text.startswith(t + COUNTS)), "")
        if counted:
            return self._count(counted, text[len(counted + COUNTS) :].strip())
        reckoned = self._named(text)
        if reckoned is not None:
            return reckoned
        first, rest = self.term(text)
        join = _JOIN.match(rest)
        if join is None:
            return Reckoned(first.each, first.name, first.field, rest)
        second, rest = self.term(rest[join.end() :], first.each)
        rest = re.sub("^的?(天数|分钟数|时长|之比|比例|比)", "", rest).strip()
        return self._reckoned(first, second, _JOINS[join[0]], rest)

    @property
    def _derived(self) -> list[str]:
        """The names of the values that the pack works out."""
        return [f"{each}.{name}" for each, name in self._pack.derivations]

    def _named(self, text: str) -> Reckoned | None:
        """The value that the pack works out already, where a text begins with its name."""
        match = _NAME.match(text)
        found = [d for d in self._derived if match and match[0] in (d, d.partition(".")[2])]
        if match is None or not found or match[0] in self._found:
            return None
        whole = [one for one in found if one.partition(".")[0] == ROOT]
        found = whole if len(whole) == 1 else found
        if len(found) > 1:
            told = f"叫“{match[0]}”的派生值有几个"
            raise UsageError("phrase", told, hint=f"请写全：{'、'.join(found)}")
        each, _, name = found[0].partition(".")
        made, rest = self._pack.derivations[each, name], text[match.end() :].strip()
        titles = {one: title for title, one in self._lists.items()}
        if made.fn == "count" and made.over in titles and _of_every_row(made):
            return self._count(titles[made.over], rest)
        if made.fn in _PLAIN and not made.inclusive and not made.overnight:
            names = [arg.name for arg in made.args if isinstance(arg, FieldRef)]
            ends = [o for n in names for o in self.all if (o.each, o.name) == (each, n)]
            if len(ends) == 2:
                how = "ratio" if made.fn == "ratio" else "span"
                return self._reckoned(ends[0], ends[1], how, rest)
        told = f"“{found[0]}”由几处算出，写成一行拟不出它的用例"
        called = found[0] if each == ROOT else name
        hint = f"规则里直接写 {{field: {called}, at_most: …}}，照 docs/rules.md 的四步"
        raise UsageError("phrase", told, hint=hint)

    def _there(self, each: str, fn: str, args: tuple[str, ...] = (), over: str = "") -> str:
        """The name of a value that the pack works out in just this way already; "" for none."""
        for (holder, name), made in self._pack.derivations.items():
            names = tuple(arg.name for arg in made.args if isinstance(arg, FieldRef))
            alike = (holder, made.fn, made.over, names) == (each, fn, over, args)
            if alike and _of_every_row(made) and not made.inclusive and not made.overnight:
                return name
        return ""

    def _count(self, title: str, rest: str) -> Reckoned:
        each = self._lists[title]
        there = self._there(ROOT, "count", over=each)
        name = there or f"{slug_of(each, '_')}_count"
        facts = "" if there else f"  submission.{name}: {{count: {{over: {each}}}}}\n"
        field = Field(f"submission.{name}", "", "integer", f"{title}{COUNTS}")
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
        there = self._there(a.each, kind, (a.name, b.name))
        name = there or name
        whole = f"submission.{name}" if a.each == ROOT else name
        fact = f"{a.each}.{name}" if a.each != ROOT else whole
        facts = "" if there else f"  {fact}: {{{kind}: [{a.name}, {b.name}]}}\n"
        field = replace(field, name=whole)
        return Reckoned(a.each, whole, field, rest, Formula(kind, a.name, b.name, facts))


def _of_every_row(made: Derivation) -> bool:
    """Whether a value is of all rows that there are, and not of some."""
    return not (made.same or made.where or made.match or made.at or made.that)


def columns(pack: Pack) -> dict[str, list[str]]:
    """The columns that a phrase may name, by the title of what they stand in."""
    return Columns(pack).every()


def near_columns(pack: Pack, text: str) -> list[str]:
    """The columns that a sentence speaks of the most, the likest first."""
    return Columns(pack).near(text)


__all__ = ["COUNTS", "ORDERED", "SHAPE", "Columns", "Reckoned", "columns", "near_columns"]
