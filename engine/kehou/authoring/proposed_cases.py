"""The cases of a drafted rule: on and over each limit, of nothing said, of whom it is not about.

Every case states all that the rule reads, so that it holds whatever the good submission says.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.list_columns import domain, label
from kehou.authoring.neighbours import neighbours, written_as
from kehou.authoring.proposal import Bound, Formula, Proposal
from kehou.authoring.stated_none import beginning, ending, states_none
from kehou.authoring.yaml_words import flow, prose, scalar
from kehou.language import ROOT
from kehou.packs import Pack

#: A time limit as late as this may be written past midnight, before this hour of the next day.
_LATE: Final = 18 * 60
SMALL_HOURS: Final = 6 * 60
#: Rows that a case takes out of the good submission one by one; more are left.
_MOST_ROWS: Final = 12
_MORNING: Final = 8 * 60
_SOME: Final[Mapping[str, Any]] = {
    "time": 12 * 60,
    "money": 1000,
    "decimal": Fraction(10),
    "integer": 10,
}
#: A change of a case: its name, what it sets by pointer, the outcome, what it leaves out.
_Tried = tuple[str, Mapping[str, str], str, tuple[str, ...]]


def at_small_hours(made: Proposal, bounds: list[Bound]) -> bool:
    """Whether a value past midnight would be read as early in the day and pass a late limit.

    It is not where the schema says from when on the field is read, or after which other.
    """
    [bound] = bounds if len(bounds) == 1 else [None]
    if bound is None or bound.side != "high" or made.field.kind != "time":
        return False
    return bool(bound.value >= _LATE) and made.field.earliest is None and not made.field.after


def pointer_of(pack: Pack, each: str, name: str) -> str:
    """Where a field of the first row of an entity, or of the whole submission, is."""
    steps = name.split(".")
    if each != ROOT and (name == "x" or not pack.type_of(each, name)[1]):
        steps = [*pack.entities[each].path.split("."), "0", *steps]
    return "/" + "/".join(steps)


def good_values(
    pack: Pack, made: Proposal, bounds: list[Bound], day: str, base: Any
) -> dict[str, Any]:
    """What a submission holds that keeps to the requirement, by pointer."""
    shared = _shared(pack, made, bounds, base)
    if shared is not None:
        return shared
    if made.formula is not None or made.other or made.among:
        tried = Cases(pack, made, bounds, day, False, base).good()
        return {pointer: _plain(text) for pointer, text in tried.items()}
    pointer = pointer_of(pack, made.each, made.name)
    if bounds:
        written = written_as(bounds[0].value, made.field.kind)
        return {pointer: int(written) if made.field.kind == "integer" else written}
    return {pointer: day if made.until else made.is_}


def _shared(pack: Pack, made: Proposal, bounds: list[Bound], base: Any) -> dict[str, Any] | None:
    """What keeps a share of whole numbers to its limit, and the one that it is of as it was.

    Another number of them might be over a limit of its own.
    """
    if made.formula is None or made.formula.kind != "ratio" or len(bounds) != 1:
        return None
    pointers = [pointer_of(pack, made.each, one) for one in (made.formula.a, made.formula.b)]
    texts = [str(_held(base, pointer)) for pointer in pointers]
    if not all(text.isdecimal() for text in texts) or int(texts[1]) < 1:
        return None
    part, whole = map(int, texts)
    [bound] = bounds
    limit = Fraction(bound.value)
    kept = Fraction(part, whole) >= limit if bound.side == "low" else Fraction(part, whole) <= limit
    rounded = math.ceil(limit * whole) if bound.side == "low" else math.floor(limit * whole)
    return {} if kept else {pointers[0]: rounded}


def _held(tree: Any, pointer: str) -> Any:
    """What a tree holds at a pointer; None where it holds nothing."""
    for step in pointer.split("/")[1:]:
        if isinstance(tree, list):
            tree = tree[int(step)] if step.isdecimal() and int(step) < len(tree) else None
        else:
            tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def _plain(text: str) -> Any:
    """A value of a case as JSON holds it."""
    if text.lstrip("-").isdecimal():
        return int(text)
    if not text.startswith("["):
        return text.strip("'")
    try:
        return json.loads(text)
    except ValueError:  # names of choices stand there bare
        return [_plain(one.strip()) for one in text[1:-1].split(",") if one.strip()]


@dataclass(frozen=True, slots=True)
class Cases:
    """What the cases of a proposal are written from.

    ``before`` are columns of the row that would decide a condition before the one that is set.
    """

    pack: Pack
    made: Proposal
    bounds: list[Bound]
    day: str
    dated: bool
    base: Any
    before: tuple[str, ...] = ()

    def text(self, rule_id: str) -> str:
        """The whole file."""
        made = self.made
        told = [self._case(*tried) for tried in self._tried()]
        told += [self._case(*tried) for tried in (*self._missing(), *self._none())]
        for one in made.conditions:
            if one.breaks:
                there = {self._at(one.name): one.breaks}
                told.append(self._case(self._not_of(one), there, "not_applicable"))
        return f"rule: {rule_id}\nbase: ../base.yaml\ncases:\n" + "\n".join(told)

    def good(self) -> Mapping[str, str]:
        """What the first case sets that passes."""
        return next(tried[1] for tried in self._tried() if tried[2] == "pass")

    def _at(self, name: str) -> str:
        return pointer_of(self.pack, self.made.each, name)

    def _not_of(self, one: Condition) -> str:
        """What a case is called in which a condition does not hold."""
        labels = {**one.field.labels, "true": "是", "false": "否"}
        value = labels.get(one.breaks, one.breaks.strip("'[]"))
        return f"{one.field.title}是{labels.get(value, value)}，不适用"

    def _case(
        self, name: str, sets: Mapping[str, str], outcome: str, drop: tuple[str, ...] = ()
    ) -> str:
        pack, made = self.pack, self.made
        subject = "/" if made.each == ROOT else self._at("x").removesuffix("/x")
        dated = {f"/{made.until.replace('.', '/')}": f"'{self.day}'"} if made.until else {}
        chosen = {self._at(one.name): one.holds for one in made.conditions}
        every = {**self._beside(), **dated, **chosen, **sets}
        told = ", ".join(f"{flow(pointer)}: {value}" for pointer, value in every.items())
        told_by_it = pack.schema.declared.dates.as_of and not self.dated
        as_of = "" if told_by_it else f"    as_of: '{self.day}'\n"
        deciding = [self._at(column) for column in self.before]
        deciding = [p for p in deciding if p not in every and _held(self.base, p) is not None]
        gone = ", ".join(flow(p) for p in (*self._other_rows(), *deciding, *drop))
        drop_ = f"    drop: [{gone}]\n" if gone else ""
        set_ = f"    set: {{{told}}}\n" if told else ""
        if outcome == "fail" and made.only_asks:
            name, outcome = f"{name.removesuffix('，不符合')}，提请核查", "review"
        return (
            f"  - name: {prose(name)}\n{as_of}{drop_}{set_}"
            f"    expect: {{{outcome}: [{flow(subject)}]}}\n"
        )

    def _beside(self) -> Mapping[str, str]:
        """A time before the limit for the field that this one has to be later than."""
        made = self.made
        if made.field.kind != "time" or not made.field.after or not self.bounds:
            return {}
        before = made.name.rpartition(".")[0]
        name = ".".join(filter(None, (before, made.field.after)))
        early = max(min(bound.value for bound in self.bounds) - 30, 0)
        there = {self._at(name): f"'{written_as(early, 'time')}'"}
        return there if name in self.pack.vocabulary.own_fields(made.each) else {}

    def _rows(self, path: str) -> list[Any]:
        rows: Any = self.base
        for step in path.split("."):
            rows = rows.get(step) if isinstance(rows, Mapping) else None
        return rows if isinstance(rows, list) else [{}]

    def _other_rows(self) -> list[str]:
        """The rows of the good submission beside the first, of which the case says nothing."""
        if self.made.each == ROOT:
            return []
        path = self.pack.entities[self.made.each].path
        count = len(self._rows(path))
        if count > _MOST_ROWS:
            return []
        return [f"/{path.replace('.', '/')}/{n}" for n in range(count - 1, 0, -1)]

    # --- what is tried -----------------------------------------------------------------------

    def _missing(self) -> Iterator[_Tried]:
        made = self.made
        read = [made.name, made.other] if made.other else [made.name]
        if made.formula is not None and made.formula.kind == "count":
            path = self.pack.entities[made.formula.a].path
            told = f"没有写{made.field.title.removesuffix('的项数')}，材料不足"
            yield told, {}, "insufficient", ("/" + path.replace(".", "/"),)
            return
        if made.formula is not None:
            read = [made.formula.a, made.formula.b]
        for name in read:
            field = self.pack.field_of(made.each, name)
            title = field.title if field is not None else made.field.title
            sets = dict(self.good()) if made.formula or made.other else {}
            sets.pop(self._at(name), None)
            yield f"没有写{title}，材料不足", sets, "insufficient", (self._at(name),)

    def _none(self) -> Iterator[_Tried]:
        """The first, then the last, of two days or times stated to be none."""
        for name, outcome, told in (
            (beginning(self.pack, self.made), "not_applicable", "不适用"),
            (ending(self.pack, self.made), "review", "提请核查"),
        ):
            field = self.pack.field_of(self.made.each, name) if name else None
            if field is None:
                continue
            pointer = self._at(".".join(states_none(self.pack, self.made.each, name)))
            sets = {
                at: text
                for at, text in self.good().items()
                if not f"{at}/".startswith(f"{pointer}/")
            }
            yield f"{field.title}写明没有，{told}", {**sets, pointer: "无"}, outcome, ()

    def _tried(self) -> Iterator[_Tried]:
        """On and over each limit, each choice, and what states that there is none."""
        made, title = self.made, self.made.field.title
        for bound in self.bounds:
            yield from self._around(bound)
        if made.other:
            yield from self._held_against()
        elif made.holding:
            yield from self._members()
        elif made.among:
            yield from self._choices()
        pointer = "" if made.formula is not None else self._at(made.name)
        if at_small_hours(made, self.bounds):
            before, on = (written_as(one, "time") for one in (SMALL_HOURS - 1, SMALL_HOURS))
            told = f"{title}写作0:30，可能是次日，提请核查"
            yield told, {pointer: "'00:30'"}, "review", ()
            yield f"{title}写作{before}，提请核查", {pointer: f"'{before}'"}, "review", ()
            yield f"{title}写作{on}，符合", {pointer: f"'{on}'"}, "pass", ()
        if made.until:
            before = neighbours(self.day, self.pack.type_of(made.each, made.name)[0])[0]
            yield f"{title}就是那一天，符合", {pointer: f"'{self.day}'"}, "pass", ()
            yield f"{title}早一天，不符合", {pointer: f"'{before}'"}, "fail", ()
        elif made.is_ is not None:
            for value in (made.is_, not made.is_):
                outcome, told = ("pass", "符合") if value is made.is_ else ("fail", "不符合")
                name = f"“{title}”写{'是' if value else '否'}，{told}"
                yield name, {pointer: str(value).lower()}, outcome, ()
        if made.field.absent and not made.unlike and made.holding != "contains_none":
            yield f"{title}写明没有，不符合", {pointer: "无", **self._compared()}, "fail", ()

    def _compared(self) -> dict[str, str]:
        """A value for the field that this one is held against."""
        made = self.made
        if not made.other:
            return {}
        kind = made.field.kind
        return {self._at(made.other): scalar(written_as(self._some(kind), kind), kind)}

    def _some(self, kind: str) -> Any:
        """A value of a kind; dates are of the day of the cases, on which the rules hold."""
        return {"date": self.day, "month": self.day[:7]}.get(kind, _SOME.get(kind))

    def _held_against(self) -> Iterator[_Tried]:
        made, kind = self.made, self.made.field.kind
        other = self.pack.field_of(made.each, made.other)
        assert other is not None
        there, pointer = self._compared(), self._at(made.name)
        on = self._some(kind)
        equal = {**there, pointer: scalar(written_as(on, kind), kind)}
        yield f"{made.field.title}与{other.title}相同，符合", equal, "pass", ()
        for value in neighbours(on, self.pack.type_of(made.each, made.name)[0]):
            if (value > on) is (made.side == "high"):
                over = {**there, pointer: scalar(written_as(value, kind), kind)}
                yield f"{made.field.title}越过{other.title}，不符合", over, "fail", ()

    def _choices(self) -> Iterator[_Tried]:
        made, pointer = self.made, self._at(self.made.name)
        for value, called in made.field.labels.items():
            good = (value in made.among) is not made.unlike
            told = f"{made.field.title}是{called}，{'符合' if good else '不符合'}"
            yield told, {pointer: flow(value)}, "pass" if good else "fail", ()

    def _members(self) -> Iterator[_Tried]:
        """A list with what it has to hold, or may not, and with one of them less or more."""
        made, pointer = self.made, self._at(self.made.name)
        others = [one for one in domain(made.field) if one not in made.among]

        def tried(rows: Sequence[str], outcome: str) -> _Tried:
            told = "、".join(label(made.field, one) for one in rows)
            kept = "符合" if outcome == "pass" else "不符合"
            there = {pointer: f"[{', '.join(map(flow, rows))}]"}
            return f"{made.field.title}是{told}，{kept}", there, outcome, ()

        if made.holding == "contains_none":
            yield tried(others, "pass")
            yield from (tried([others[0], one], "fail") for one in made.among)
        elif made.holding == "contains_any":
            yield from (tried([one], "pass") for one in made.among)
            yield tried(others, "fail")
        else:
            yield tried(made.among, "pass")
            for one in made.among:
                yield tried([other for other in made.among if other != one], "fail")

    def _around(self, bound: Bound) -> Iterator[_Tried]:
        made, kind = self.made, self.made.field.kind
        units = made.field.units or ((made.unit,) if made.unit else ())
        unit = units[0] if units and kind in ("integer", "decimal") else ""
        on, title = written_as(bound.value, kind), made.field.title
        yield f"{title}正好{on}{unit}，符合", self._sets(bound, 0), "pass", ()
        way = 1 if bound.side == "high" else -1
        if made.formula is not None:
            past = f"{title}{'多' if way > 0 else '少'}一点，{bound.beyond}{on}{unit}，不符合"
            yield past, self._sets(bound, way), "fail", ()
            return
        for value in neighbours(bound.value, self.pack.type_of(made.each, made.name)[0]):
            if (value > bound.value) is (bound.side == "high"):
                over = written_as(value, kind)
                name = f"{title}{over}{unit}，{bound.beyond}{on}{unit}，不符合"
                yield name, {self._at(made.name): scalar(over, kind)}, "fail", ()

    def _sets(self, bound: Bound, step: int) -> dict[str, str]:
        """What gives the bounded value, moved by a step where it is reckoned."""
        formula, kind = self.made.formula, self.made.field.kind
        if formula is None:
            return {self._at(self.made.name): scalar(written_as(bound.value, kind), kind)}
        if formula.kind == "count":
            return self._counted(formula, int(bound.value) + step)
        a, b = _operands(formula.kind, bound.value, step, self.day)
        kinds = [self.pack.type_of(self.made.each, one)[0].kind for one in (formula.a, formula.b)]
        return {
            self._at(name): scalar(written_as(value, of), of)
            for name, value, of in zip((formula.a, formula.b), (a, b), kinds, strict=True)
        }

    def _counted(self, formula: Formula, number: int) -> dict[str, str]:
        """A list of so many rows like the first of the good submission, each of another key."""
        definition = self.pack.entities[formula.a]
        fields = self.pack.vocabulary.own_fields(formula.a)
        first = dict(self._rows(definition.path)[0])
        first |= {one.name: _plain(one.holds) for one in formula.where}
        rows = []
        for n in range(1, number + 1):
            key = next((k for k in definition.key if k in fields), "")
            kind = fields[key].kind if key else ""
            own = {key: n} if kind == "integer" else {key: str(n)} if kind == "text" else {}
            rows.append({**first, **own})
        pointer = "/" + definition.path.replace(".", "/")
        return {pointer: json.dumps(rows, ensure_ascii=False)}


def _operands(kind: str, value: Any, step: int, day: str) -> tuple[Any, Any]:
    """Two values whose difference or share is so much, moved by a step of the second or first."""
    if kind == "days_between":
        first = datetime.date.fromisoformat(day)
        return day, (first + datetime.timedelta(days=int(value) + step)).isoformat()
    if kind == "minutes_between":
        start = _MORNING if value + _MORNING + 1 < 1440 else 0
        return start, start + int(value) + step
    share = Fraction(value)
    scale = 1 if share.numerator > 1 else 10
    return share.numerator * scale + step, share.denominator * scale


__all__ = ["SMALL_HOURS", "Cases", "at_small_hours", "good_values", "pointer_of"]
