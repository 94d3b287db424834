"""A proposed requirement as files: its rule with cases, and the parameters that it is held to.

Every case states all that the rule reads, so that it holds whatever the good submission says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.neighbours import neighbours, written_as
from kehou.authoring.proposals import Proposal
from kehou.authoring.unfinished import PROPOSED, UNDECIDED
from kehou.authoring.yaml_words import flow, prose, scalar
from kehou.language import ROOT
from kehou.packs import Pack

SEVERITIES: Final = "critical 红线、major 重大、minor 一般、advice 建议"
#: A time limit as late as this may be written past midnight, before this hour of the next day.
_LATE, _SMALL_HOURS = 18 * 60, 6 * 60
#: Rows that a case takes out of the good submission one by one; more are left.
_MOST_ROWS: Final = 12
_SEVERITY: Final = {"PROHIBIT": "major", "MUST": "major", "LIMIT": "major"}
#: (name of a parameter, title, direction, beyond, the side that is kept) of a bound.
_BOUNDS: Final = {
    ("time", "high"): ("latest", "最晚", "lower", "晚于", "以前"),
    ("time", "low"): ("earliest", "最早", "higher", "早于", "以后"),
    ("", "high"): ("max", "上限", "lower", "超过", "以内"),
    ("", "low"): ("min", "下限", "higher", "少于", "以上"),
}


@dataclass(frozen=True, slots=True)
class ProposedRule:
    """The texts of a rule: ``parameters`` are the entries of pack.yaml, ``good`` what it wants."""

    id: str
    proposal: Proposal
    rule: str
    cases: str
    parameters: str
    good: tuple[str, Any]

    def told(self) -> str:
        """The rule in a line of the screen, with what is left to be decided."""
        left = "”“".join(one.words for one in self.proposal.open)
        more = f"；待定：“{left}”" if left else ""
        asks = "（先只提请核查）" if self.proposal.only_asks else ""
        return f"  {self.id}：{self.proposal.clause} → {self.proposal.field.title}{asks}{more}"


@dataclass(frozen=True, slots=True)
class _Bound:
    side: str
    value: Any
    parameter: str
    title: str
    tighter: str
    beyond: str
    kept: str


def proposed_rule(
    pack: Pack,
    made: Proposal,
    area: str,
    start: str,
    day: str,
    dated: bool = False,
    nth: int = 1,
    base: Any = None,
    rule_id: str = "",
) -> ProposedRule:
    """The rule, cases and parameters of a proposal, in force from a day.

    Cases are of ``day``; they say so where ``dated``, or where the submission says no day.
    ``nth`` tells it from others of the same field; ``base`` is the tree that the cases change.
    """
    rule_id = rule_id or _id(made, area) + (f"-{nth}" if nth > 1 else "")
    bounds = list(_bounds(made, nth))
    return ProposedRule(
        rule_id,
        made,
        _rule(pack, made, rule_id, bounds),
        _Cases(pack, made, bounds, day, dated, base).text(rule_id),
        "".join(_parameter(made, bound, start) for bound in bounds),
        (_pointer(pack, made, made.name), _good(made, bounds, day)),
    )


def _id(made: Proposal, area: str) -> str:
    slugs = [one.slug for one in made.conditions]
    words = [area, "" if made.each == ROOT else made.each, *made.name.split("."), *slugs]
    found = re.sub("[^a-z0-9-]+", "-", "-".join(filter(None, words)).lower().replace("_", "-"))
    return re.sub("-+", "-", found).strip("-")


def _bounds(made: Proposal, nth: int) -> Iterator[_Bound]:
    last = made.name.rpartition(".")[2]
    for side, value in (("low", made.low), ("high", made.high)):
        if value is None:
            continue
        kind = "time" if made.field.kind == "time" else ""
        head, title, tighter, beyond, kept = _BOUNDS[(kind, side)]
        whose = "".join(f"{re.sub('[^a-z0-9]+', '_', one.slug)}_" for one in made.conditions)
        parameter = f"{head}_{whose}{last}" + (f"_{nth}" if nth > 1 else "")
        yield _Bound(side, value, parameter, title, tighter, beyond, kept)


def _unit(made: Proposal) -> str:
    return made.field.units[0] if made.field.units else made.unit


def _parameter(made: Proposal, bound: _Bound, start: str) -> str:
    kind = made.field.kind
    value = written_as(bound.value, kind)
    written = value if kind == "integer" else f"'{value}'"
    unit = _unit(made)
    told = f"    unit: {prose(unit)}\n" if unit and kind != "time" else ""
    return f"""\
  {bound.parameter}:
    title: {prose(f"{_named(made)}{bound.title}")}
    type: {kind}
{told}    tighter: {bound.tighter}
    values:
      - {{from: '{start}', value: {written}, ground: {made.clause}}}
"""


def _named(made: Proposal) -> str:
    """The field, with the conditions that it is bounded under."""
    said = "，".join(one.said for one in made.conditions)
    joined = "，" if re.match("除|.*[过于到下上内]", said) else ""
    return f"{said}{joined}{made.field.title}"


def _when(made: Proposal) -> str:
    """The conditions as a rule file has them; "" for none."""
    if len(made.conditions) < 2:
        return "".join(f"when: {one.text()}\n" for one in made.conditions)
    return "when:\n  all:\n" + "".join(f"    - {one.text()}\n" for one in made.conditions)


def _rule(pack: Pack, made: Proposal, rule_id: str, bounds: list[_Bound]) -> str:
    clause = pack.clauses[made.clause]
    each = "" if made.each == ROOT else f"each: {made.each}\n"
    whose = "{label}的" if made.each != ROOT else ""
    title, slot = made.field.title, f"{{{made.name}}}"
    is_ = "" if title.endswith(("至", "为", "是")) else "是"
    unit = _unit(made) if made.field.kind in ("integer", "decimal") else ""
    if len(bounds) == 2:
        low, high = (f"{{{bound.parameter}}}" for bound in bounds)
        names = ", ".join(f"{{param: {bound.parameter}}}" for bound in bounds)
        require = f"within: [{names}]"
        message = f"{whose}{title}{is_}{slot}{unit}，不在{low}至{high}{unit}之间"
        remedy = f"请把{title}调整到{low}至{high}{unit}"
    elif bounds:
        [bound] = bounds
        limit = f"{{{bound.parameter}}}{unit}"
        op = "at_most" if bound.side == "high" else "at_least"
        require = f"{op}: {{param: {bound.parameter}}}"
        message = f"{whose}{title}{is_}{slot}{unit}，{bound.beyond}{limit}"
        remedy = f"请把{title}调整到{limit}{bound.kept}"
    elif made.until:
        require = f"at_least: {{field: {made.until}}}"
        message = f"{whose}{title}{is_}{slot}，{{{made.until}}}时已经不在有效期内"
        remedy = f"请办理有效的证件，到期的日期不早于{{{made.until}}}"
    else:
        require = f"is: {str(made.is_).lower()}"
        message = f"{whose}{title}：{slot}（应为{'是' if made.is_ else '否'}）"
        remedy = f"请照“{clause.quote}”改正"
    held = f"{{field: {made.name}, {require}}}"
    said = f"message: {prose(message)}\n"
    reviews = list(_past_midnight(made, bounds, whose))
    if made.only_asks:
        reviews = [*_only_asked(made, held, message), *reviews]
        said = ""
    else:
        held = f"require: {held}\n"
    body = ("" if made.only_asks else held) + ("review:\n" + "".join(reviews) if reviews else "")
    return f"""\
{PROPOSED}
{_undecided(made)}# {clause.citation}：{clause.quote}
id: {rule_id}
title: {prose(_title(made.topics + made.words))}
clauses: [{made.clause}]
severity: {_SEVERITY.get(clause.modality, "minor")}  # {SEVERITIES}
stages: [approval]

{each}{_when(made)}{body}
{said}remedy: {prose(remedy)}
"""


def _undecided(made: Proposal) -> str:
    """The words of the clause that the rule holds nothing of, a line each, for a person."""
    return "".join(f"{UNDECIDED}{one.words}\n" for one in made.open)


def _only_asked(made: Proposal, held: str, message: str) -> Iterator[str]:
    """What is put to people instead of a fail, while nobody has said of whom the clause speaks."""
    words = "”“".join(one.words for one in made.open if one.narrows)
    yield f"""\
  # 条款的“{words}”由栏目看得出的，写成 when，把这一项改成
  # require: {held}
  - when: {{not: {held}}}
    reason: {prose(f"{message}；条款写明“{words}”，材料中看不出，请核对")}
"""


def _late(made: Proposal, bounds: list[_Bound]) -> bool:
    """Whether a value past midnight would be read as early in the day and pass a late limit.

    It is not where the schema says from when on the field is read, or after which other.
    """
    [bound] = bounds if len(bounds) == 1 else [None]
    if bound is None or bound.side != "high" or made.field.kind != "time":
        return False
    return bool(bound.value >= _LATE) and made.field.earliest is None and not made.field.after


def _past_midnight(made: Proposal, bounds: list[_Bound], whose: str) -> Iterator[str]:
    if not _late(made, bounds):
        return
    small = written_as(_SMALL_HOURS, "time")
    every = [
        *(one.text() for one in made.conditions),
        f"{{field: {made.name}, less_than: '{small}'}}",
    ]
    when = f"{{all: [{', '.join(every)}]}}" if len(every) > 1 else every[0]
    reason = (
        f"{whose}{made.field.title}写的是{{{made.name}}}，可能是次日凌晨，也可能漏写“下午”，请核对"
    )
    yield f"""\
  # 0:30 这样的次日凌晨会当作清早；材料结构给这一栏写了 x-earliest 的，删去这一项和它的用例
  - when: {when}
    reason: {prose(reason)}
"""


def _title(quote: str) -> str:
    return quote if len(quote) <= 80 else quote[:79] + "…"


# --- cases -----------------------------------------------------------------------------------


def _pointer(pack: Pack, made: Proposal, name: str) -> str:
    steps = name.split(".")
    if made.each != ROOT and (name == "x" or not pack.type_of(made.each, name)[1]):
        steps = [*pack.entities[made.each].path.split("."), "0", *steps]
    return "/" + "/".join(steps)


def _good(made: Proposal, bounds: list[_Bound], day: str) -> Any:
    """A value that keeps to the requirement, as a submission holds it."""
    if bounds:
        written = written_as(bounds[0].value, made.field.kind)
        return int(written) if made.field.kind == "integer" else written
    return day if made.until else made.is_


@dataclass(frozen=True, slots=True)
class _Cases:
    """What the cases of a proposal are written from."""

    pack: Pack
    made: Proposal
    bounds: list[_Bound]
    day: str
    dated: bool
    base: Any

    def text(self, rule_id: str) -> str:
        """The whole file."""
        made = self.made
        pointer = _pointer(self.pack, made, made.name)
        told = [
            self._case(name, {pointer: value}, outcome) for name, value, outcome in self._tried()
        ]
        missing = f"没有写{made.field.title}，材料不足"
        told.append(self._case(missing, {}, "insufficient", (pointer,)))
        for one in made.conditions:
            if one.breaks:
                there = {_pointer(self.pack, made, one.name): one.breaks}
                told.append(self._case(self._not_of(one), there, "not_applicable"))
        return f"rule: {rule_id}\nbase: ../base.yaml\ncases:\n" + "\n".join(told)

    def _not_of(self, one: Condition) -> str:
        """What a case is called in which a condition does not hold."""
        labels = {**one.field.labels, "true": "是", "false": "否"}
        value = labels.get(one.breaks, one.breaks.strip("'[]"))
        return f"{one.field.title}是{labels.get(value, value)}，不适用"

    def _case(
        self, name: str, sets: Mapping[str, str], outcome: str, drop: tuple[str, ...] = ()
    ) -> str:
        pack, made = self.pack, self.made
        subject = "/" if made.each == ROOT else _pointer(pack, made, "x").removesuffix("/x")
        dated = {f"/{made.until.replace('.', '/')}": f"'{self.day}'"} if made.until else {}
        chosen = {_pointer(pack, made, one.name): one.holds for one in made.conditions}
        every = {**self._beside(), **dated, **chosen, **sets}
        told = ", ".join(f"{flow(pointer)}: {value}" for pointer, value in every.items())
        told_by_it = pack.schema.declared.dates.as_of and not self.dated
        as_of = "" if told_by_it else f"    as_of: '{self.day}'\n"
        gone = ", ".join(flow(pointer) for pointer in (*self._other_rows(), *drop))
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
        there = {_pointer(self.pack, made, name): f"'{written_as(early, 'time')}'"}
        return there if name in self.pack.vocabulary.own_fields(made.each) else {}

    def _other_rows(self) -> list[str]:
        """The rows of the good submission beside the first, of which the case says nothing."""
        if self.made.each == ROOT:
            return []
        path = self.pack.entities[self.made.each].path.split(".")
        rows: Any = self.base
        for step in path:
            rows = rows.get(step) if isinstance(rows, Mapping) else None
        count = len(rows) if isinstance(rows, list) else 1
        if count > _MOST_ROWS:
            return []
        return [f"/{'/'.join(path)}/{n}" for n in range(count - 1, 0, -1)]

    def _tried(self) -> Iterator[tuple[str, str, str]]:
        """(name, value as YAML holds it, outcome) on and over each limit, and of none."""
        made, title = self.made, self.made.field.title
        for bound in self.bounds:
            yield from self._around(bound)
        if _late(made, self.bounds):
            before, on = (written_as(one, "time") for one in (_SMALL_HOURS - 1, _SMALL_HOURS))
            yield f"{title}写作0:30，可能是次日，提请核查", "'00:30'", "review"
            yield f"{title}写作{before}，提请核查", f"'{before}'", "review"
            yield f"{title}写作{on}，符合", f"'{on}'", "pass"
        if made.until:
            before = neighbours(self.day, self.pack.type_of(made.each, made.name)[0])[0]
            yield f"{title}就是那一天，符合", f"'{self.day}'", "pass"
            yield f"{title}早一天，不符合", f"'{before}'", "fail"
        elif made.is_ is not None:
            for value in (made.is_, not made.is_):
                outcome, told = ("pass", "符合") if value is made.is_ else ("fail", "不符合")
                yield f"“{title}”写{'是' if value else '否'}，{told}", str(value).lower(), outcome
        if made.field.absent:
            yield f"{title}写明没有，不符合", "无", "fail"

    def _around(self, bound: _Bound) -> Iterator[tuple[str, str, str]]:
        made, kind = self.made, self.made.field.kind
        unit = _unit(made) if kind in ("integer", "decimal") else ""
        on, title = written_as(bound.value, kind), made.field.title
        yield f"{title}正好{on}{unit}，符合", scalar(on, kind), "pass"
        around = neighbours(bound.value, self.pack.type_of(made.each, made.name)[0])
        for value in around:
            if (value > bound.value) is (bound.side == "high"):
                over = written_as(value, kind)
                name = f"{title}{over}{unit}，{bound.beyond}{on}{unit}，不符合"
                yield name, scalar(over, kind), "fail"


__all__ = ["ProposedRule", "proposed_rule"]
