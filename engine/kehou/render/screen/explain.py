"""A rule in words: its clauses, conditions and parameters, and what it says of each subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kehou.fields import show
from kehou.language import ROOT
from kehou.language.lexicons import Lexicon
from kehou.model.outcomes import Outcome
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Off, Param, Rule, Test
from kehou.render.screen.derived import made_of
from kehou.render.screen.text_findings import quoted_line
from kehou.render.words import catalogue
from kehou.render.words.visible_text import shortened, visible
from kehou.render.words.wording import Words, compact, dotted

if TYPE_CHECKING:
    from kehou.checking import ExplainedStep, ExplainedSubject
    from kehou.packs import Pack, ParameterDef


@dataclass(frozen=True)
class Manner:
    """How to explain: in which language, and whether with the names of fields and parameters."""

    language: str = "zh"
    full: bool = False


@dataclass(frozen=True)
class _Told:
    """What a rule is explained with; ``pack`` has its names in the language."""

    rule: Rule
    pack: Pack
    words: Words
    manner: Manner

    @cached_property
    def said(self) -> tuple[str, str, tuple[str, ...]]:
        """(title, remedy, reasons) in the language, Chinese where there is no other."""
        reasons = tuple(review.reason for review in self.rule.review)
        english = self.pack.english.get(self.rule.id) or {}
        if self.manner.language == "zh" or not english:
            return self.rule.title, self.rule.remedy, reasons
        told = english.get("reason") or []
        told = [told] if isinstance(told, str) else told
        listed = tuple([*told, *reasons[len(told) :]])
        title, remedy = english.get("title"), english.get("remedy")
        return title or self.rule.title, remedy or self.rule.remedy, listed

    def called(self, name: str) -> str:
        """A field of the rule's subjects as people know it; its name where it has no other."""
        field = self.pack.vocabulary.shown_field(self.rule.each, name)
        if field is None:
            return name
        title = field.title
        if self.manner.language == "en":
            title = field.title_en or field.title
        return self.words["explain.field"].format(label=title, name=name) if self.full else title

    @property
    def full(self) -> bool:
        return self.manner.full


def render(
    rule: Rule,
    pack: Pack,
    as_of: str | None = None,
    subjects: Sequence[ExplainedSubject] | None = None,
    manner: Manner = Manner(),
) -> str:
    """The rule in words, with its subjects where a submission was given.

    Parameters are shown as they are on ``as_of``, or with all their dates where it is None.
    """
    words = catalogue.of_packs([pack], manner.language)
    told = _Told(rule, pack.told_in(manner.language), words, manner)
    lines = [*_rule(told), *_conditions(told)]
    lines += _derived(told)
    lines += _parameters(told, as_of)
    lines += ["", words["explain.remedy"].format(remedy=_remedy(told))]
    if subjects is not None:
        lines += _subjects(subjects, told)
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


def _rule(told: _Told) -> Iterator[str]:
    rule, pack, words = told.rule, told.pack, told.words
    yield words["explain.heading"].format(title=told.said[0], rule=rule.id)
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


def _conditions(told: _Told) -> Iterator[str]:
    rule, pack, words = told.rule, told.pack, told.words
    yield ""
    whole = rule.each not in pack.entities
    key = "explain.whole" if whole else "explain.each"
    yield words[key].format(entity=rule.each if whole else _rows(told))
    for heading, condition in (("when", rule.when), ("require", rule.require)):
        if condition is not None:
            yield words[f"explain.{heading}"]
            yield from _condition(condition, told, 1)
    for review, reason in zip(rule.review, told.said[2], strict=True):
        yield words["explain.review"].format(reason=_named(reason, told))
        yield from _condition(review.when, told, 1)
    for stage, fields in rule.closed.items():
        yield words["explain.closed"].format(
            stage=words[f"stage.{stage}"], fields=words["list"].join(map(told.called, fields))
        )


def _rows(told: _Told) -> str:
    """What the list is called that the rule's subjects come from."""
    entity, vocabulary = told.rule.each, told.pack.vocabulary
    found = vocabulary.field_of_rows(entity)
    if found is None:
        return entity
    title = found.title if told.manner.language == "zh" else found.title_en or found.title
    if told.full:
        return told.words["explain.field"].format(label=title, name=entity)
    return title


def _remedy(told: _Told) -> str:
    """The remedy with each slot named: ``{primary_latest_end}`` as 〔最晚结束时间〕."""
    return _named(told.said[1].removeprefix("请"), told)


def _named(text: str, told: _Told) -> str:
    """A text of the rule with each of its slots named."""

    def named(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in told.pack.parameters:
            return f"〔{told.pack.parameters[name].title}〕"
        return f"〔{told.called(name)}〕"

    return re.sub(r"\{([^{}]+)\}", named, text)


def _condition(condition: Cond, told: _Told, depth: int) -> Iterator[str]:
    words = told.words
    indent = "  " * depth
    if isinstance(condition, Test):
        yield indent + _test(condition, told)
        return
    kinds = {All: "all", Any_: "any", Not: "not"}
    yield indent + words[f"explain.{kinds[type(condition)]}"]
    items = (condition.item,) if isinstance(condition, Not) else condition.items
    for item in items:
        yield from _condition(item, told, depth + 1)


def _test(test: Test, told: _Told) -> str:
    words = told.words
    subject = _operand(test.subject, told, None)
    named = test.subject.name if isinstance(test.subject, FieldRef) else None
    field = told.pack.vocabulary.shown_field(told.rule.each, named) if named else None
    if test.op == "exists":
        given = getattr(test.args[0], "value", True) is True
        return f"{subject} {words['op.exists' if given else 'op.exists.not']}"
    operands = [_operand(arg, told, field) for arg in test.args]
    return f"{subject} {words[f'op.{test.op}']} {words['list'].join(operands)}"


def _operand(arg: Any, told: _Told, field: Any) -> str:
    words = told.words
    if isinstance(arg, Const):
        if isinstance(arg.value, Lexicon):
            return str(arg.value)
        return show(arg.value, field, told.manner.language)
    if isinstance(arg, Param):
        if told.full:
            by = f"[{words['list'].join(arg.by)}]" if arg.by else ""
            return words["explain.by_parameter"].format(name=arg.name + by)
        return f"“{told.pack.parameters[arg.name].title}”"
    return told.called(arg.name)


def _derived(told: _Told) -> Iterator[str]:
    """The values that the rule reads and the submission does not have: what each is made of."""
    rule, pack = told.rule, told.pack
    found: dict[str, str] = {}
    for cond in (rule.when, rule.require, *(review.when for review in rule.review)):
        for ref in pack.names_in(cond):
            owner = ROOT if pack.is_root(ref.name) else rule.each
            d = pack.derivations.get((owner, ref.name.removeprefix("submission.")))
            if d is not None and (owner, d.name) not in pack.generated:
                found[ref.name] = made_of(pack, d, told.words, told.manner.language)
    if found:
        yield ""
        yield told.words["explain.derived"]
        yield from (f"  {told.called(name)}  {made}" for name, made in found.items())


def _parameters(told: _Told, as_of: str | None) -> Iterator[str]:
    rule, pack, words = told.rule, told.pack, told.words
    conditions = (rule.when, rule.require, *(review.when for review in rule.review))
    names = dict.fromkeys(
        ref.name for cond in conditions for ref in pack.names_in(cond) if isinstance(ref, Param)
    )
    if not names:
        return
    yield ""
    yield words["explain.parameters"]
    for name in names:
        for line in _parameter(pack.parameters[name], as_of, told):
            yield f"  {line}"


def _parameter(definition: ParameterDef, as_of: str | None, told: _Told) -> Iterator[str]:
    words, language = told.words, told.manner.language
    name, title = f"{definition.name} " if told.full else "", definition.title
    values = definition.values
    if as_of is not None:
        value = definition.on(as_of)
        values = (value,) if value else ()
    if not values:
        yield words["explain.unset"].format(name=name, title=title)
    for value in values:
        shown = [
            f"{by}{words['colon']}{told_value}" if by else told_value
            for by, told_value in told.pack.told_values(definition, value, language)
        ]
        key = "explain.assumed" if value.assumption else "explain.parameter"
        yield words[key].format(
            name=name,
            title=title,
            value=words["semicolon"].join(shown),
            start=value.valid_from,
            ground=_ground(definition, value, words),
            layer=value.layer,
        )


def _ground(definition: ParameterDef, value: Any, words: Words) -> str:
    """What a value rests on; the document of a layer is what it may loosen by only if it does."""
    if not value.authority:
        return str(value.ground)
    key = "explain.authority" if definition.loosens(value) else "explain.authority.also"
    return words[key].format(ground=value.ground, authority=value.authority)


# --- subjects ------------------------------------------------------------------------------


def _subjects(subjects: Sequence[ExplainedSubject], told: _Told) -> Iterator[str]:
    words = told.words
    yield ""
    if not subjects:
        yield words["explain.none"]
        return
    yield words["explain.subjects"].format(n=len(subjects))
    groups: dict[tuple[str, ...], list[ExplainedSubject]] = {}
    order = list(Outcome)
    for explained in sorted(subjects, key=lambda e: order.index(e.outcome)):
        groups.setdefault(tuple(_reasoning(explained, told)), []).append(explained)
    for reasoning, members in groups.items():
        first = members[0]
        alike = words["explain.alike"].format(n=len(members)) if len(members) > 1 else ""
        outcome = words[f"outcome.{first.outcome.value}"]
        yield ""
        name = f"  {first.name}" if told.full else ""
        yield f"  {outcome}  {shortened(first.label)}{alike}{name}"
        yield from reasoning


def _reasoning(explained: ExplainedSubject, told: _Told) -> Iterator[str]:
    """What is missing and the evaluated conditions; subjects with the same are told once."""
    if explained.missing:
        lacks = map(dotted, explained.missing) if told.full else explained.lacks
        paths = told.words["list"].join(lacks)
        yield "    " + told.words["explain.missing"].format(paths=shortened(paths))
    for step in explained.steps:
        yield from _step(step, told, 2)


def _step(step: ExplainedStep, told: _Told, depth: int) -> Iterator[str]:
    words = told.words
    indent = "  " * depth
    value = {True: "true", False: "false", None: "unknown"}[step.value]
    text = shortened(step.named if told.full else step.text)
    yield f"{indent}[{words[f'explain.{value}']}] {text}"
    for location in step.locations:
        yield f"{indent}    {compact(location)}"
        for _, line in quoted_line(location, len(indent) + 8):
            yield line
    for below in step.steps:
        yield from _step(below, told, depth + 1)
