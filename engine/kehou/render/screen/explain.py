"""A rule in words: its clauses, conditions and parameters, and what it says of each subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kehou.fields import show
from kehou.language.lexicons import Lexicon
from kehou.model.outcomes import Outcome
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Off, Param, Rule, Test
from kehou.render.screen.text_findings import quoted_line
from kehou.render.words import catalogue
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import Words, compact, dotted

if TYPE_CHECKING:
    from kehou.checking import ExplainedStep, ExplainedSubject
    from kehou.packs import Pack, ParameterDef


def render(
    rule: Rule,
    pack: Pack,
    as_of: str | None = None,
    subjects: Sequence[ExplainedSubject] | None = None,
    language: str = "zh",
) -> str:
    """The rule in words, with its subjects where a submission was given.

    Parameters are shown as they are on ``as_of``, or with all their dates where it is None.
    """
    words = catalogue.of_packs([pack], language)
    lines = [*_rule(rule, pack, words), *_conditions(rule, pack, words)]
    lines += _parameters(rule, pack, as_of, words)
    lines += ["", words["explain.remedy"].format(remedy=_remedy(rule, pack))]
    if subjects is not None:
        lines += _subjects(subjects, words)
    return "".join(visible(line).rstrip() + "\n" for line in lines)


def switched_off(one: Off, pack: Pack, language: str = "zh") -> str:
    """What is to be said of a rule that a layer took out of force altogether."""
    words = catalogue.of_packs([pack], language)
    heading = words["explain.heading"].format(title=one.title, rule=one.rule)
    return "".join(visible(line) + "\n" for line in (heading, _off(one, words)))


def _off(one: Off, words: Words) -> str:
    key = "explain.off_from" if one.start else "explain.off"
    told = words[key].format(layer=one.layer, authority=one.authority, start=one.start)
    return told + (words["semicolon"] + one.reason if one.reason else "")


def _rule(rule: Rule, pack: Pack, words: Words) -> Iterator[str]:
    yield words["explain.heading"].format(title=rule.title, rule=rule.id)
    yield words["explain.facts"].format(
        severity=words[f"severity.{rule.severity.value}"],
        area=pack.areas.get(rule.area, rule.area),
        stages=words["list"].join(words[f"stage.{stage.value}"] for stage in rule.stages),
        pack=pack.homes[rule.id][0] if rule.id in pack.homes else pack.id,
        file=f"{rule.file}:{rule.line}",
    )
    if rule.valid_from or rule.valid_to:
        yield words["explain.dates"].format(
            start=rule.valid_from or words["explain.open"],
            end=rule.valid_to or words["explain.open"],
        )
    if pack.layers:
        ids = " → ".join((pack.id, *(layer.id for layer in pack.layers)))
        yield words["explain.layers"].format(layers=ids)
    yield from (_off(one, words) for one in pack.off if one.rule == rule.id)
    yield ""
    yield words["explain.clauses"]
    for name in rule.clauses:
        clause = pack.clauses[name]
        quoted = words["quoted"].format(citation=clause.citation, quote=clause.quote)
        yield f"  {clause.id}  {quoted}"


def _conditions(rule: Rule, pack: Pack, words: Words) -> Iterator[str]:
    yield ""
    whole = rule.each not in pack.entities
    key = "explain.whole" if whole else "explain.each"
    yield words[key].format(entity=rule.each if whole else pack.vocabulary.title_of_rows(rule.each))
    for heading, condition in (("when", rule.when), ("require", rule.require)):
        if condition is not None:
            yield words[f"explain.{heading}"]
            yield from _condition(condition, rule.each, pack, words, 1)
    for review in rule.review:
        yield words["explain.review"].format(reason=review.reason)
        yield from _condition(review.when, rule.each, pack, words, 1)
    for stage, fields in rule.closed.items():
        yield words["explain.closed"].format(
            stage=words[f"stage.{stage}"], fields=words["list"].join(fields)
        )


def _remedy(rule: Rule, pack: Pack) -> str:
    """The remedy with each slot named: ``{primary_latest_end}`` as 〔最晚结束时间〕."""

    def named(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in pack.parameters:
            return f"〔{pack.parameters[name].title}〕"
        field = pack.field_of(rule.each, name)
        return f"〔{field.title if field else name}〕"

    return re.sub(r"\{([^{}]+)\}", named, rule.remedy.removeprefix("请"))


def _condition(condition: Cond, entity: str, pack: Pack, words: Words, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(condition, Test):
        yield indent + _test(condition, entity, pack, words)
        return
    kinds = {All: "all", Any_: "any", Not: "not"}
    yield indent + words[f"explain.{kinds[type(condition)]}"]
    items = (condition.item,) if isinstance(condition, Not) else condition.items
    for item in items:
        yield from _condition(item, entity, pack, words, depth + 1)


def _test(test: Test, entity: str, pack: Pack, words: Words) -> str:
    subject = _operand(test.subject, entity, pack, words, None)
    named = test.subject.name if isinstance(test.subject, FieldRef) else None
    field = pack.vocabulary.shown_field(entity, named) if named else None
    operands = [_operand(arg, entity, pack, words, field) for arg in test.args]
    return f"{subject} {words[f'op.{test.op}']} {words['list'].join(operands)}"


def _operand(arg: Any, entity: str, pack: Pack, words: Words, field: Any) -> str:
    if isinstance(arg, Const):
        return str(arg.value) if isinstance(arg.value, Lexicon) else show(arg.value, field)
    if isinstance(arg, Param):
        by = f"[{words['list'].join(arg.by)}]" if arg.by else ""
        return words["explain.by_parameter"].format(name=arg.name + by)
    known = pack.vocabulary.shown_field(entity, arg.name)
    if known is None:
        return str(arg.name)
    return words["explain.field"].format(label=known.title, name=arg.name)


def _parameters(rule: Rule, pack: Pack, as_of: str | None, words: Words) -> Iterator[str]:
    conditions = (rule.when, rule.require, *(review.when for review in rule.review))
    names = dict.fromkeys(
        ref.name for cond in conditions for ref in pack.names_in(cond) if isinstance(ref, Param)
    )
    if not names:
        return
    yield ""
    yield words["explain.parameters"]
    for name in names:
        for line in _parameter(pack.parameters[name], as_of, words):
            yield f"  {line}"


def _parameter(definition: ParameterDef, as_of: str | None, words: Words) -> Iterator[str]:
    name, title = definition.name, definition.title
    values = definition.values
    if as_of is not None:
        value = definition.on(as_of)
        values = (value,) if value else ()
    if not values:
        yield words["explain.unset"].format(name=name, title=title)
    for value in values:
        kind = definition.type.kind
        shown = [] if value.value is None else [show(value.value, kind)]
        shown += [
            f"{words['list'].join(map(str, key))}{words['colon']}{show(member, kind)}"
            for key, member in value.table.items()
        ]
        key = "explain.assumed" if value.assumption else "explain.parameter"
        yield words[key].format(
            name=name,
            title=title,
            value=words["semicolon"].join(shown),
            start=value.valid_from,
            ground=words["explain.authority"].format(ground=value.ground, authority=value.authority)
            if value.authority
            else value.ground,
            layer=value.layer,
        )


# --- subjects ------------------------------------------------------------------------------


def _subjects(subjects: Sequence[ExplainedSubject], words: Words) -> Iterator[str]:
    yield ""
    if not subjects:
        yield words["explain.none"]
        return
    yield words["explain.subjects"].format(n=len(subjects))
    groups: dict[tuple[str, ...], list[ExplainedSubject]] = {}
    order = list(Outcome)
    for explained in sorted(subjects, key=lambda e: order.index(e.outcome)):
        groups.setdefault(tuple(_reasoning(explained, words)), []).append(explained)
    for reasoning, members in groups.items():
        first = members[0]
        alike = words["explain.alike"].format(n=len(members)) if len(members) > 1 else ""
        outcome = words[f"outcome.{first.outcome.value}"]
        yield ""
        yield f"  {outcome}  {shortened(first.label)}{alike}  {first.name}"
        yield from reasoning


def _reasoning(explained: ExplainedSubject, words: Words) -> Iterator[str]:
    """What is missing and the evaluated conditions; subjects with the same are told once."""
    if explained.missing:
        paths = words["list"].join(dotted(path) for path in explained.missing)
        yield "    " + words["explain.missing"].format(paths=shortened(paths))
    for step in explained.steps:
        yield from _step(step, words, 2)


def _step(step: ExplainedStep, words: Words, depth: int) -> Iterator[str]:
    indent = "  " * depth
    value = {True: "true", False: "false", None: "unknown"}[step.value]
    yield f"{indent}[{words[f'explain.{value}']}] {shortened(step.text)}"
    for location in step.locations:
        yield f"{indent}    {compact(location)}"
        for _, line in quoted_line(location, len(indent) + 8):
            yield line
    for below in step.steps:
        yield from _step(below, words, depth + 1)
