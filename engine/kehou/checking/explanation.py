"""How one rule came to its outcome on every subject: conditions, values seen, and places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kehou import packs
from kehou.checking.findings import Writer
from kehou.checking.options import CheckOptions
from kehou.checking.pack_run import Run, run
from kehou.checking.seen_values import words_hit
from kehou.checking.subject_names import subject_name
from kehou.errors import UsageError
from kehou.facts import Fact
from kehou.fields import show
from kehou.judging import BoundRule, direct
from kehou.language import FieldArg, Leaf
from kehou.language.conditions import UNSET, read_operand
from kehou.language.lexicons import Lexicon
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome
from kehou.model.values import Location
from kehou.submission import load


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One evaluated condition in words: its value, what it saw and where, and what is below it.

    ``named`` is ``text`` with the names of fields beside what people call them.
    """

    text: str
    value: bool | None
    locations: tuple[Location, ...]
    steps: tuple[ExplainedStep, ...]
    named: str


@dataclass(frozen=True, slots=True)
class ExplainedSubject:
    """How one rule came to its outcome on one subject; ``lacks`` is what ``missing`` is called."""

    name: str
    label: str
    outcome: Outcome
    missing: tuple[str, ...]
    steps: tuple[ExplainedStep, ...]
    lacks: tuple[str, ...] = ()


def explain(path: str, rule_id: str, options: CheckOptions | None = None) -> list[ExplainedSubject]:
    """The evaluated conditions of a rule on every subject; raises UsageError for other stages."""
    options = options or CheckOptions()
    for name in options.packs:
        pack = packs.load(name)
        if rule_id in pack.rules:
            break
    else:
        raise UsageError(
            "no-rule", f"没有规则 {rule_id}", hint="用 kehou clauses 查看各条款对应的规则"
        )
    given = dict(options.data), options.confirmations, options.known_as[0]
    submission = load(path, pack.schema, options.stage, *given)
    one = run(pack, submission, replace(options, engine="direct"))
    rule = next((r for r in one.rules if r.rule.id == rule_id), None)
    if rule is None:
        stages = "、".join(pack.rules[rule_id].stages)
        raise UsageError(
            "other-stage",
            f"规则 {rule_id} 不在 {options.stage} 阶段，或在此日期未生效",
            hint=f"它适用的阶段：{stages}；请用 --stage 或 --as-of 指定",
        )
    writer = Writer(pack, one.base, submission.locate, options.language)
    definition = pack.entities.get(rule.rule.each)
    facts = one.base.entities[rule.rule.each]
    lacks = [
        direct.missing(rule, one.base, fact) if outcome is Outcome.INSUFFICIENT else ()
        for fact, outcome in zip(facts, one.outcomes[rule_id], strict=True)
    ]
    return [
        ExplainedSubject(
            subject_name(fact, definition),
            writer.label(fact),
            direct.gap(one.base, paths) if outcome is Outcome.INSUFFICIENT else outcome,
            paths,
            tuple(
                _explained_step(step, one, writer, rule, fact)
                for step in direct.trace(rule, one.base, fact)
            ),
            tuple(dict.fromkeys(writer.path_label(path) for path in paths)),
        )
        for fact, outcome, paths in zip(facts, one.outcomes[rule_id], lacks, strict=True)
    ]


#: By whether the language is English: Chinese, English.
_ROLES = {
    "when": ("适用条件", "when"),
    "require": ("要求", "required"),
    "review": ("需人工核对", "asks a person"),
}
_WORDS = {
    "all": ("全部满足", "all of"),
    "any": ("任一满足", "any of"),
    "not": ("并非", "not"),
    "true": ("恒成立", "always true"),
    "false": ("恒不成立", "always false"),
}


def _prefix(step: direct.Step, writer: Writer, rule: BoundRule, fact: Fact) -> str:
    """What a step is for, and of a review what it asks."""
    english = writer.language == "en"
    role = _ROLES[step.role][english] if step.role in _ROLES else ""
    reason = step.reason
    if reason and english:
        asked = [review.reason for review in rule.reviews]
        told = dict(zip(asked, writer.words(rule)[3], strict=True))
        reason = told.get(reason, reason)
    reason = writer.fill(reason, fact) if reason else ""
    if english:
        return f"{role} ({reason}): " if reason else f"{role}: " if role else ""
    return f"{role}（{reason}）：" if reason else f"{role}：" if role else ""


def _explained_step(
    step: direct.Step, one: Run, writer: Writer, rule: BoundRule, fact: Fact
) -> ExplainedStep:
    english = writer.language == "en"
    prefix = _prefix(step, writer, rule, fact)
    below = tuple(_explained_step(s, one, writer, rule, fact) for s in step.steps)
    if step.leaf is None:
        text = prefix + _WORDS[step.word][english]
        return ExplainedStep(text, step.value, (), below, text)
    leaf = step.leaf
    equals = " = " if english else "＝"
    parts, named, locations = [], [], []
    for operand in (leaf.left, leaf.right):
        if isinstance(operand, FieldArg):
            field_found = one.pack.vocabulary.shown_field(fact.entity, operand.name)
            title = writer.titled(field_found) if field_found else operand.name
            value = f"{equals}{writer.shown(fact, operand.name)}"
            parts.append(title + value)
            beside = f" ({operand.name})" if english else f"（{operand.name}）"
            named.append(title + beside + value)
            if not operand.name.startswith("check."):
                locations += [
                    one.submission.locate(p) for p in one.base.places(fact, operand.name, 3)
                ]
        else:
            value = read_operand(operand, fact.values, one.base.root.values)
            parts.append(_shown(value, leaf, one, fact, writer.language))
            named.append(parts[-1])
    between = f" {leaf.op.replace('_', ' ') if english else OPERATORS[leaf.op].zh} "
    text, full = prefix + between.join(parts), prefix + between.join(named)
    return ExplainedStep(text, step.value, tuple(locations), below, full)


def _shown(value: Any, leaf: Leaf, one: Run, fact: Fact, language: str) -> str:
    """An operand that is no field, in the words of the field that it is compared with."""
    if value is None or value is UNSET:
        return "not set" if language == "en" else "未设定"
    if isinstance(value, Lexicon):
        hits = words_hit(leaf, one.base, fact)
        return str(value) + "".join(f"“{word}”" for word in hits)
    if leaf.op == "exists" or not isinstance(leaf.left, FieldArg):
        return show(value, None, language)
    name, kind = leaf.left.name, leaf.left.type.kind
    field = one.pack.vocabulary.shown_field(fact.entity, name)
    return show(value, field or kind, language)
