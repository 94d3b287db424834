"""On whose submissions a pack judges what a requirement is of: the conditions of its own rules.

A pack that asks of refunds only those who charge does not mean that the others have to refund.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.clause_words import Unsaid
from kehou.authoring.proposal import Proposal
from kehou.authoring.yaml_words import flow
from kehou.language import ROOT
from kehou.language.condition_parts import references
from kehou.model.rules import All, Cond, Const, FieldRef, Rule, Test
from kehou.packs import Pack

_OPS: Final = ("is", "is_not", "in", "not_in")
_SAYS: Final = {"is": "是", "in": "是", "is_not": "不是", "not_in": "不是"}
_MOST_NAMED: Final = 3
#: So many rules that tell rows of a list apart by a column say that it matters.
_SEVERAL: Final = 2


def _usual(pack: Pack, made: Proposal) -> tuple[list[Condition], str]:
    """The conditions on the whole submission of most rules of the same, that a requirement lacks.

    With the ids of those rules. Only choices and yes or no are looked at.
    """
    rules = list(_of_the_same(pack, made))
    seen = Counter(test for rule in rules for test in dict.fromkeys(_tests(rule.when)))
    own = {made.name, *(one.name for one in made.conditions)}
    found = []
    for test, times in seen.items():
        name = test.subject.name if isinstance(test.subject, FieldRef) else ""
        if name and pack.is_root(name) and name not in own and 2 * times > len(rules):
            made_of = _condition(pack, made.each, name, test)
            found += [made_of] if made_of is not None else []
    return found, "、".join(rule.id for rule in rules[:_MOST_NAMED])


def with_usual(pack: Pack, made: Proposal) -> Proposal:
    """A requirement guessed from a clause with those conditions, each told to be looked at."""
    found, rules = _usual(pack, made)
    told = tuple(Unsaid(f"{one.said}（照 {rules} 加的条件）", False) for one in found)
    return replace(made, conditions=(*found, *made.conditions), open=(*made.open, *told))


def notes(pack: Pack, made: Proposal) -> tuple[str, ...]:
    """What a person who said a requirement in a line has to look at in it."""
    found, rules = _usual(pack, made)
    told = [
        f"{rules} 只查“{one.said}”的，这一行别的也判；只判这样的，前面写：{one.said} 时，"
        for one in found
    ]
    apart = _told_apart(pack, made)
    if apart:
        told.append(f"各种{apart}的都计；只计一种的，前面写：{apart.split('、')[0]} 是 …… 时，")
    return tuple(told)


def _told_apart(pack: Pack, made: Proposal) -> str:
    """The columns by which rules tell the rows of a list apart all of which are counted."""
    formula = made.formula
    if formula is None or formula.kind != "count" or formula.where:
        return ""
    fields = pack.vocabulary.own_fields(formula.a)
    seen = Counter(
        test.subject.name
        for rule in pack.rules.values()
        if rule.each == formula.a
        for test in _tests(rule.when)
        if isinstance(test.subject, FieldRef)
    )
    names = [n for n, times in seen.items() if times >= _SEVERAL and n in fields]
    return "、".join(fields[name].title for name in names if fields[name].kind == "enum")


def _of_the_same(pack: Pack, made: Proposal) -> Iterator[Rule]:
    """The rules that ask something of the same field, else of its part or of the same rows."""
    each = made.formula.a if made.formula and made.formula.kind == "count" else made.each
    apart = {each, *(d.name for d in pack.entities.values() if d.of == each)} - {ROOT}
    rules = [rule for rule in pack.rules.values() if rule.each in (apart or {ROOT})]
    same = [rule for rule in rules if made.name in _asked(rule)]
    part = made.name.rpartition(".")[0]
    if not same and each != ROOT:
        same = [rule for rule in rules if rule.each == each]
    elif not same and "." in part:
        same = [r for r in rules if any(f"{n}.".startswith(f"{part}.") for n in _asked(r))]
    yield from same


def _asked(rule: Rule) -> set[str]:
    """The fields of which a rule asks something."""
    every = (rule.require, *(review.when for review in rule.review))
    return {r.name for cond in every for r in references(cond) if isinstance(r, FieldRef)}


def _tests(cond: Cond | None) -> Iterator[Test]:
    """The tests that all have to hold."""
    if isinstance(cond, All):
        for item in cond.items:
            yield from _tests(item)
    elif isinstance(cond, Test) and cond.op in _OPS:
        yield cond


def _condition(pack: Pack, each: str, name: str, test: Test) -> Condition | None:
    """A test of a choice, or of a yes or no, as a condition; None of anything else."""
    field = pack.field_of(each, name)
    [arg] = test.args
    if field is None or field.kind not in ("enum", "boolean") or not isinstance(arg, Const):
        return None
    values = list(arg.value) if isinstance(arg.value, tuple) else [arg.value]
    texts = [_written(value) for value in values]
    every = ["true", "false"] if field.kind == "boolean" else list(map(flow, field.labels))
    others = [one for one in every if one not in texts]
    good, bad = (texts, others) if test.op in ("is", "in") else (others, texts)
    if not good or not bad:
        return None
    if field.kind == "boolean":
        said = f"{field.title} {'是' if good[0] == 'true' else '否'}"
        return Condition(name, field, "is", good[0], good[0], bad[0], said, "")
    labels = "、".join(field.labels.get(str(one), str(one)) for one in values)
    said = f"{field.title} {_SAYS[test.op]} {labels}"
    text = f"[{', '.join(texts)}]" if test.op in ("in", "not_in") else texts[0]
    return Condition(name, field, test.op, text, good[0], bad[0], said, "")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else flow(str(value))


__all__ = ["notes", "with_usual"]
