"""Quality gates on values: against the words they stand for, the way they tighten, and midnight."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final

from kehou.authoring.limit_values import led_to, values_in
from kehou.authoring.neighbours import written_as
from kehou.authoring.ratio_gates import of_a_share, wrong_share
from kehou.authoring.unfinished import meant
from kehou.language.condition_parts import references
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param, Rule, Test
from kehou.packs import Pack, ParameterDef
from kehou.packs.casefiles import Found
from kehou.packs.parameters import ParameterValue
from kehou.packs.positions import Sites
from kehou.packs.uses import behind_fields

#: A limit as late as this is one that a time past midnight keeps to, being read as early.
_LATE: Final = 18 * 60
_UPPER, _LOWER = ("at_most", "less_than"), ("at_least", "more_than")
_FLIPPED: Final = {"lower": "higher", "higher": "lower"}
_WAYS: Final = {"at_most": "lower", "at_least": "higher"}
_TOLD: Final = {"lower": "不超过（at_most）", "higher": "不少于（at_least）"}
_OTHER: Final = {"at_most": "at_least", "at_least": "at_most"}
_PLAINLY: Final = {"at_most": "不超过（不晚于）", "at_least": "不少于（不早于）"}
_LAST_DAY: Final = "9999-12-31"


# --- the words and the value -----------------------------------------------------------------


def contradicted(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A value that is not the number of its clause, or of the words of a rule that reads it.

    Of a layer the values that it sets are held to its own clauses; rules below are not its own.
    """
    told: set[str] = set()
    apart = [r for r in pack.rules.values() if meant(pack, r) or of_a_share(pack, r)]
    passed = {name for rule in apart for name in _read(rule)}
    for definition in pack.parameters.values():
        if definition.name in passed:
            continue
        for index, value in _own_values(pack, definition):
            found = _against_quote(pack, definition, value)
            if found:
                told.add(definition.name)
                at = ("parameters", definition.name, "values", index, "value")
                yield sites.at("pack.yaml", *at), found, _way_out(pack, value)
    for rule in pack.rules.values():
        if not rule.pointer and not meant(pack, rule):
            yield from _against_rule(pack, rule, told, sites)
            yield from _literals(pack, rule, sites)


_TWO_TEXTS: Final = (
    "请核对数值；由别的文件改动的，ground 写那份文件；原文重新印发、先后都有效的，"
    "两份原文各做一个规则包（docs/rules.md“重新印发时”）"
)


def _way_out(pack: Pack, value: ParameterValue) -> str:
    """What to do about a value that is not its clause's: the clause may be two."""
    if re.search("[,，;；]", pack.clauses[value.ground].quote):
        return _TWO_HALVES + _TWO_TEXTS
    return _TWO_TEXTS


_TWO_HALVES: Final = (
    "一句里有两项要求的，在 clauses.yaml 里拆成两条，各引半句（编号各自一个），依据写自己的那一条；"
)


def _own_values(pack: Pack, definition: ParameterDef) -> list[tuple[int, ParameterValue]]:
    layer = pack.layers[-1].id if pack.layers else pack.id
    own = [value for value in definition.values if value.layer == layer]
    return list(enumerate(own))


def _against_quote(pack: Pack, definition: ParameterDef, value: ParameterValue) -> str:
    clause = pack.clauses.get(value.ground)
    if clause is None or value.assumption or value.value is None:
        return ""
    said = list(values_in(definition, clause.quote))
    beside = [number for number, _ in led_to(definition, clause.quote)]
    if not said or value.value in [*(number for number, _ in said), *beside]:
        return ""
    if not _overlap(_days(definition, value), (pack.effective_from, pack.effective_to)):
        return ""
    words = "、".join(words for _, words in said)
    now = _shown(definition, value.value)
    return (
        f"参数 {definition.name} 自 {value.valid_from} 起是{now}，"
        f"依据 {clause.id} 的引文写的是{words}"
    )


def _against_rule(pack: Pack, rule: Rule, told: set[str], sites: Sites) -> Iterator[Found]:
    """The first of a rule's texts with a number that its parameter does not have all the time."""
    read = [pack.parameters[name] for name in sorted(_read(rule)) if name in pack.parameters]
    texts = (("title", rule.title), ("message", rule.message), ("remedy", rule.remedy))
    for key, text in texts:
        found = [(one, list(values_in(one, text or ""))) for one in read]
        spoken = [(one, said) for one, said in found if said]
        if len(spoken) != 1 or spoken[0][0].name in told:
            continue
        definition, said = spoken[0]
        for _, value in _own_values(pack, definition):
            days = _overlap(_days(definition, value), (pack.effective_from, pack.effective_to))
            within = days and _overlap(days, (rule.valid_from, rule.valid_to))
            if within and value.value is not None and value.value not in [n for n, _ in said]:
                what = {"title": "标题", "message": "说明", "remedy": "改法"}[key]
                now = _shown(definition, value.value)
                yield (
                    sites.of(rule, key),
                    f"{what}写的是{'、'.join(words for _, words in said)}，"
                    f"参数 {definition.name} 自 {value.valid_from} 起是{now}",
                    f"请改成同一个数，或在 message、remedy 里写 {{{definition.name}}}；"
                    "两份原文先后有效的，各做一个规则包",
                )
                return


def _literals(pack: Pack, rule: Rule, sites: Sites) -> Iterator[Found]:
    """A number written in a rule that is not the one of its title, or of its one clause."""
    bounds = [test for test in _plain(rule.require) if test.op in _WAYS]
    read = any(isinstance(arg, Param) for test in bounds for arg in test.args)
    for test in bounds if len(bounds) == 1 and not read else ():
        if not isinstance(test.subject, FieldRef) or not isinstance(test.args[0], Const):
            continue
        name, number = test.subject.name, test.args[0].value
        field, kind = pack.field_of(rule.each, name), pack.type_of(rule.each, name)[0]
        unit = field.units[0] if field is not None and field.units else ""
        bound = ParameterDef("", "", unit, kind, (), _WAYS[test.op], (), "")
        quotes = [pack.clauses[one].quote for one in rule.clauses if one in pack.clauses]
        texts = [("标题", rule.title), *(("引文", one) for one in quotes if len(quotes) == 1)]
        for what, text in texts:
            said = list(values_in(bound, text))
            if said and number not in [value for value, _ in said]:
                words = "、".join(words for _, words in said)
                message = f"{what}写的是{words}，require 里写的是{_shown(bound, number)}"
                yield sites.of(rule, "require"), message, "请核对，改成同一个数"
                break


# --- the way of a limit and that of its clause -----------------------------------------------


def opposite(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A limit of a rule that bounds the other side than its clause does with the same number."""
    for rule in pack.rules.values():
        told = _opposite(pack, rule) if not rule.pointer else None
        if told is not None:
            op, words, quote = told
            other = _OTHER[op]
            hint = f"请把运算改成 {other}（参数的 tighter 写 {_WAYS[other]}）；用例照引文核对"
            said = f"require 写的是{_TOLD[_WAYS[op]]}，引文“{quote}”的{words}是{_PLAINLY[other]}"
            yield sites.of(rule, "require"), said, hint


def _opposite(pack: Pack, rule: Rule) -> tuple[str, str, str] | None:
    """The operator of such a limit, and the words and quote that it is against."""
    quotes = [pack.clauses[one].quote for one in rule.clauses if one in pack.clauses]
    if meant(pack, rule) or of_a_share(pack, rule):
        return None
    for test in _plain(rule.require):
        if test.op not in _WAYS or not isinstance(test.subject, FieldRef):
            continue
        bound, numbers = _bound_of(pack, rule, test)
        turned = replace(bound, tighter=_FLIPPED[bound.tighter])
        same = [n for quote in quotes for n, _ in values_in(bound, quote)]
        against = [(n, w, quote) for quote in quotes for n, w in values_in(turned, quote)]
        for number, words, quote in against:
            if number in numbers and number not in same:
                return test.op, words, quote
    return None


def _bound_of(pack: Pack, rule: Rule, test: Test) -> tuple[ParameterDef, list[Any]]:
    """What a test compares a field with, as a parameter that tightens as it does; its values."""
    [arg] = test.args
    name = test.subject.name if isinstance(test.subject, FieldRef) else ""
    if isinstance(arg, Param) and arg.name in pack.parameters:
        definition = pack.parameters[arg.name]
        values = [one.value for one in definition.values if one.ground in rule.clauses]
        return replace(definition, tighter=_WAYS[test.op]), values
    field, kind = pack.field_of(rule.each, name), pack.type_of(rule.each, name)[0]
    unit = field.units[0] if field is not None and field.units else ""
    bound = ParameterDef("", "", unit, kind, (), _WAYS[test.op], (), "")
    return bound, [arg.value] if isinstance(arg, Const) else []


def _days(definition: ParameterDef, value: ParameterValue) -> tuple[str, str]:
    """From and to when a value is the one in force."""
    later = [v.valid_from for v in definition.values if v.valid_from > value.valid_from]
    end = value.valid_to or _LAST_DAY
    if later:
        before = datetime.date.fromisoformat(min(later)) - datetime.timedelta(days=1)
        end = min(end, before.isoformat())
    return value.valid_from, end


def _overlap(
    days: tuple[str, str], others: tuple[str | None, str | None]
) -> tuple[str, str] | None:
    start, end = max(days[0], others[0] or ""), min(days[1], others[1] or _LAST_DAY)
    return (start, end) if start <= end else None


def _shown(definition: ParameterDef, value: Any) -> str:
    unit = "" if definition.type.kind == "time" else definition.unit
    if definition.type.kind == "money":
        unit = "元"
    return f" {written_as(value, definition.type.kind)}{unit if unit != '无' else ''}"


def _read(rule: Rule) -> set[str]:
    """The parameters that a rule itself reads."""
    return {r.name for c in _conditions(rule) for r in references(c) if isinstance(r, Param)}


def _conditions(rule: Rule) -> list[Cond]:
    found = (rule.require, *(review.when for review in rule.review))
    return [cond for cond in found if cond is not None]


# --- the way that a parameter tightens -------------------------------------------------------


def ways(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A parameter whose ``tighter`` is the opposite of what every rule that reads it does."""
    layer = pack.layers[-1].id if pack.layers else pack.id
    derived = {one.id: behind_fields(pack, one).parameters for one in pack.rules.values()}
    turned = [one for one in pack.rules.values() if not one.pointer and _opposite(pack, one)]
    turned += [one for one in pack.rules.values() if not one.pointer and wrong_share(pack, one)]
    told = {r.name for one in turned for r in references(one.require) if isinstance(r, Param)}
    for definition in pack.parameters.values():
        if definition.layer != layer or definition.tighter not in _FLIPPED:
            continue
        if definition.name in told:  # the rule is what is wrong, and is told
            continue
        used = [
            way
            for rule in pack.rules.values()
            for way in _uses(rule, definition.name, derived[rule.id])
        ]
        if used and set(used) == {_FLIPPED[definition.tighter]}:
            way = _FLIPPED[definition.tighter]
            yield (
                sites.at("pack.yaml", "parameters", definition.name, "tighter"),
                f"参数 {definition.name} 写作 tighter: {definition.tighter}，"
                f"可是用它的规则都是{_TOLD[way]}，收紧是往另一边",
                f"请改为 tighter: {way}，不然叠加可以悄悄放宽；没有写反的，请核对规则的运算",
            )


def _uses(rule: Rule, name: str, derived: Collection[str]) -> Iterator[str]:
    """Which way each use of a parameter in a rule makes it stricter; "" where that is open."""
    if name in derived:
        yield ""
    if any(isinstance(r, Param) and r.name == name for r in references(rule.when)):
        yield ""
    if rule.require is not None:
        yield from _ways(rule.require, name, True)
    for review in rule.review:
        yield from _ways(review.when, name, False)


def _ways(cond: Cond, name: str, wanted: bool) -> Iterator[str]:
    """The ways in one condition; ``wanted`` is whether a subject does well to meet it."""
    if isinstance(cond, Not):
        yield from _ways(cond.item, name, not wanted)
    elif isinstance(cond, (All, Any_)):
        for item in cond.items:
            yield from _ways(item, name, wanted)
    else:
        at = [i for i, a in enumerate(cond.args) if isinstance(a, Param) and a.name == name]
        if isinstance(cond.subject, Param) and cond.subject.name == name:
            yield ""
        for index in at:
            way = _way(cond.op, index)
            yield way if wanted or not way else _FLIPPED[way]


def _way(op: str, index: int) -> str:
    if op == "within":
        return ("higher", "lower")[index]
    return "lower" if op in _UPPER else "higher" if op in _LOWER else ""


# --- midnight --------------------------------------------------------------------------------


def past_midnight(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A late limit on a time that may be written past midnight: 0:30 is then early, and passes."""
    for rule in pack.rules.values():
        if rule.pointer:
            continue
        asked: list[tuple[tuple[str | int, ...], Test]] = []
        asked += [(("require",), t) for t in _plain(rule.require) if t.op in _UPPER]
        for i, review in enumerate(rule.review):
            found = [t for t in _plain(review.when) if t.op in _LOWER]
            asked += [(("review", i, "when"), t) for t in found]
        for steps, test in asked:
            name = test.subject.name if isinstance(test.subject, FieldRef) else ""
            late = _latest(pack, test)
            if not name or late is None or late < _LATE or _guarded(pack, rule, name):
                continue
            field = pack.field_of(rule.each, name)
            title = field.title if field is not None else name
            yield (
                sites.of(rule, *steps),
                f"“{title}”写作 0:30 会读作清早，不晚于 {written_as(late, 'time')} 就成立了",
                "请在材料结构里给它写 x-earliest（如 06:00），或另写一项下限或 review；"
                "要晚于同一行的另一个时刻的，写 x-after",
            )
            break


def _plain(cond: Cond | None) -> list[Test]:
    """The tests of a condition that stand under no ``not``."""
    if isinstance(cond, (All, Any_)):
        return [test for item in cond.items for test in _plain(item)]
    return [] if cond is None or isinstance(cond, Not) else [cond]


def _latest(pack: Pack, test: Test) -> int | None:
    """The latest time that a test of a time compares with, on any day; None where that is open."""
    [arg] = test.args if len(test.args) == 1 else [None]
    if isinstance(arg, Param):
        definition = pack.parameters[arg.name]
        if definition.type.kind != "time":
            return None
        values = [v for one in definition.values for v in (one.value, *one.table.values())]
        return max((v for v in values if isinstance(v, int)), default=None)
    return arg.value if isinstance(arg, Const) and isinstance(arg.value, int) else None


def _guarded(pack: Pack, rule: Rule, name: str) -> bool:
    """Whether something says from when on a field's times are, or it is no field of people's."""
    field = pack.field_of(rule.each, name)
    if field is None or field.kind != "time" or field.reader:
        return True
    if field.earliest is not None or field.after:
        return True
    sides = {"", *_sides(rule.require, name, True), *_sides(rule.when, name, True)}
    for review in rule.review:
        sides |= set(_sides(review.when, name, False))
    return sides >= {"low", "high"}


def _sides(cond: Cond | None, name: str, wanted: bool) -> Iterator[str]:
    """On which sides a condition bounds a field; ``wanted`` is whether it does well to meet it."""
    if isinstance(cond, Not):
        yield from _sides(cond.item, name, not wanted)
    elif isinstance(cond, (All, Any_)):
        for item in cond.items:
            yield from _sides(item, name, wanted)
    elif cond is not None and isinstance(cond.subject, FieldRef) and cond.subject.name == name:
        if cond.op == "within":
            yield from ("low", "high")
        elif cond.op in (*_UPPER, *_LOWER):
            yield "high" if (cond.op in _UPPER) is wanted else "low"


__all__ = ["contradicted", "opposite", "past_midnight", "ways"]
