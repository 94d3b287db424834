"""A requirement as files: its rule, the parameters that it is held to, and what it derives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kehou.authoring.judged_columns import as_judged
from kehou.authoring.neighbours import written_as
from kehou.authoring.phrases import phrase_of
from kehou.authoring.proposal import Bound, Proposal, slug_of
from kehou.authoring.proposed_cases import SMALL_HOURS, Cases, at_small_hours, good_values
from kehou.authoring.stated_none import beginning, ending
from kehou.authoring.unfinished import ASKED, PROPOSED, UNDECIDED
from kehou.authoring.yaml_words import flow, prose
from kehou.language import ROOT
from kehou.packs import Pack

SEVERITIES: Final = "critical 红线、major 重大、minor 一般、advice 建议"
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
    """The texts of a rule: ``parameters`` are the entries of pack.yaml, ``facts`` its derivation.

    ``good`` is what it wants of a submission, by pointer; ``notes`` is what to look at in it.
    """

    id: str
    proposal: Proposal
    rule: str
    cases: str
    parameters: str
    good: Mapping[str, Any]
    facts: str = ""
    asked: bool = False
    notes: tuple[str, ...] = ()

    def cases_told(self) -> Iterator[str]:
        """What each case is called, as its file has it."""
        yield from re.findall(r"^  - name: '?(.*?)'?$", self.cases, re.MULTILINE)

    def told(self) -> str:
        """The rule in a line of the screen, with what is left to be decided."""
        left = "”“".join(one.words for one in self.proposal.open)
        more = f"；待定：“{left}”" if left else ""
        asks = "（先只提请核查）" if self.proposal.only_asks else ""
        return f"  {self.id}：{self.proposal.clause} → {self.proposal.field.title}{asks}{more}"


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
    asked: bool = False,
) -> ProposedRule:
    """The rule, cases and parameters of a proposal, in force from a day.

    Cases are of ``day``; they say so where ``dated``, or where the submission says no day.
    ``nth`` tells it from others of the same field; ``base`` is the tree that the cases change.
    One that a person ``asked`` for in words is not marked to be confirmed.
    """
    rule_id = rule_id or _id(made, area) + (f"-{nth}" if nth > 1 else "")
    bounds = list(_bounds(made, nth))
    judged, before = as_judged(pack, made)
    said = "" if asked else phrase_of(pack, made)
    return ProposedRule(
        rule_id,
        made,
        _rule(pack, judged, rule_id, bounds, (said, start)),
        Cases(pack, made, bounds, day, dated, base, before).text(rule_id),
        "".join(_parameter(made, bound, start) for bound in bounds),
        good_values(pack, made, bounds, day, base),
        judged.formula.facts if judged.formula is not None else "",
        asked,
    )


def _id(made: Proposal, area: str) -> str:
    slugs = [one.slug for one in made.conditions]
    words = [area, "" if made.each == ROOT else made.each, *made.name.split("."), *slugs]
    return slug_of("-".join(filter(None, words)), "-").strip("-")


def _bounds(made: Proposal, nth: int) -> Iterator[Bound]:
    last = made.name.rpartition(".")[2]
    for side, value in (("low", made.low), ("high", made.high)):
        if value is None:
            continue
        kind = "time" if made.field.kind == "time" else ""
        head, title, tighter, beyond, kept = _BOUNDS[(kind, side)]
        whose = "".join(f"{slug_of(one.slug, '_')}_" for one in made.conditions if one.slug)
        parameter = f"{head}_{whose}{last}" + (f"_{nth}" if nth > 1 else "")
        yield Bound(side, value, parameter, title, tighter, beyond, kept)


def _unit(made: Proposal) -> str:
    return made.field.units[0] if made.field.units else made.unit


def _parameter(made: Proposal, bound: Bound, start: str) -> str:
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
    said = "，".join(re.sub(r"\s", "", one.said) for one in made.conditions)
    joined = "，" if re.match("除|.*[过于到下上内是为否含]", said) else ""
    return f"{said}{joined}{made.field.title}"


def _when(pack: Pack, made: Proposal) -> str:
    """The conditions as a rule file has them; "" for none."""
    tests = [one.text() for one in made.conditions]
    first = beginning(pack, made)
    tests += [f"{{field: {first}, exists: true}}"] if first else []
    if len(tests) < 2:
        return "".join(f"when: {one}\n" for one in tests)
    return "when:\n  all:\n" + "".join(f"    - {one}\n" for one in tests)


def _rule(
    pack: Pack, made: Proposal, rule_id: str, bounds: list[Bound], line: tuple[str, str]
) -> str:
    """The text of a rule; ``line`` is what it was drafted as, and its first day."""
    said, start = line
    clause = pack.clauses[made.clause]
    each = "" if made.each == ROOT else f"each: {made.each}\n"
    whose = "{label}的" if made.each != ROOT else ""
    test, message, remedy = _asked(made, bounds, whose, clause.quote)
    held = f"{{field: {made.name}, {test}}}"
    told = f"message: {prose(message)}\n"
    reviews = list(_past_midnight(made, bounds, whose))
    if made.only_asks:
        reviews = [*_only_asked(made, held, message), *reviews]
        told = ""
    elif last := ending(pack, made):
        none = f"{{field: {last}, exists: false}}"
        held = f"require:\n  any:\n    - {none}\n    - {held}\n"
        reviews.append(_not_ended(pack, made, last, none, whose))
    else:
        held = f"require: {held}\n"
    body = ("" if made.only_asks else held) + ("review:\n" + "".join(reviews) if reviews else "")
    mark = f"{PROPOSED}\n{_undecided(made)}{ASKED}{said}\n" if said else ""
    return f"""\
{mark}# {clause.citation}：{clause.quote}
id: {rule_id}
title: {prose(_title(made.topics + made.words))}
clauses: [{made.clause}]
severity: {_SEVERITY.get(clause.modality, "minor")}  # {SEVERITIES}
stages: [approval]
{_holding(pack, start)}
{each}{_when(pack, made)}{body}
{told}remedy: {prose(remedy)}
"""


def _holding(pack: Pack, start: str) -> str:
    """From when on a rule of a layer holds; a pack of its own says so once for all its rules."""
    return f"from: '{start}'\n" if pack.layers else ""


def _asked(made: Proposal, bounds: list[Bound], whose: str, quote: str) -> tuple[str, str, str]:
    """What a rule tests, and what it then says and advises."""
    title, slot = made.field.title, f"{{{made.name}}}"
    is_ = "" if title.endswith(("至", "为", "是")) else "是"
    unit = _unit(made) if made.field.kind in ("integer", "decimal") else ""
    seen = f"{whose}{title}{is_}{slot}{unit}"
    if len(bounds) == 2:
        low, high = (f"{{{bound.parameter}}}" for bound in bounds)
        names = ", ".join(f"{{param: {bound.parameter}}}" for bound in bounds)
        remedy = f"请把{title}调整到{low}至{high}{unit}"
        return f"within: [{names}]", f"{seen}，不在{low}至{high}{unit}之间", remedy
    if bounds:
        [bound] = bounds
        limit = f"{{{bound.parameter}}}{unit}"
        op = "at_most" if bound.side == "high" else "at_least"
        remedy = f"请把{title}调整到{limit}{bound.kept}"
        return f"{op}: {{param: {bound.parameter}}}", f"{seen}，{bound.beyond}{limit}", remedy
    if made.until:
        message = f"{whose}{title}{is_}{slot}，{{{made.until}}}时已经不在有效期内"
        remedy = f"请办理有效的证件，到期的日期不早于{{{made.until}}}"
        return f"at_least: {{field: {made.until}}}", message, remedy
    if made.other:
        kind = "time" if made.field.kind in ("time", "date", "month") else ""
        _, _, _, beyond, kept = _BOUNDS[(kind, made.side)]
        op = "at_most" if made.side == "high" else "at_least"
        other = f"{{{made.other}}}{unit}"
        remedy = f"请把{title}调整到{other}{kept}"
        return f"{op}: {{field: {made.other}}}", f"{seen}，{beyond}{other}", remedy
    if made.holding:
        written = f"[{', '.join(map(flow, made.among))}]"
        return f"{made.holding}: {written}", f"{seen}（{made.told}）", f"请照“{quote}”改正"
    if made.among:
        labels = "、".join(made.field.labels.get(one, one) for one in made.among)
        several = len(made.among) > 1
        op = {(False, False): "is", (False, True): "in", (True, False): "is_not"}.get(
            (made.unlike, several), "not_in"
        )
        written = f"[{', '.join(map(flow, made.among))}]" if several else flow(made.among[0])
        message = f"{whose}{title}{is_}{slot}（{'不应' if made.unlike else '应'}为{labels}）"
        return f"{op}: {written}", message, f"请照“{quote}”改正"
    message = f"{whose}{title}：{slot}（应为{'是' if made.is_ else '否'}）"
    return f"is: {str(made.is_).lower()}", message, f"请照“{quote}”改正"


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


def _not_ended(pack: Pack, made: Proposal, last: str, none: str, whose: str) -> str:
    """What is asked of a span that has begun, of which the end is stated to be none."""
    field = pack.field_of(made.each, last)
    title = field.title if field is not None else last
    reason = f"{whose}{title}写明没有：是不必有，还是还没有做，请看有关的材料"
    return f"""\
  - when: {none}
    reason: {prose(reason)}
"""


def _past_midnight(made: Proposal, bounds: list[Bound], whose: str) -> Iterator[str]:
    if not at_small_hours(made, bounds):
        return
    small = written_as(SMALL_HOURS, "time")
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


__all__ = ["ProposedRule", "proposed_rule"]
