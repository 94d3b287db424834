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
from kehou.judging import direct
from kehou.language import FieldArg, Leaf
from kehou.language.conditions import UNSET, read_operand
from kehou.language.lexicons import Lexicon
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome
from kehou.model.values import Location
from kehou.submission import load


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One evaluated condition in words: its value, what it saw and where, and what is below it."""

    text: str
    value: bool | None
    locations: tuple[Location, ...]
    steps: tuple[ExplainedStep, ...]


@dataclass(frozen=True, slots=True)
class ExplainedSubject:
    """How one rule came to its outcome on one subject."""

    name: str
    label: str
    outcome: Outcome
    missing: tuple[str, ...]
    steps: tuple[ExplainedStep, ...]


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
    submission = load(path, pack.schema, options.stage, data=dict(options.data))
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
                _explained_step(step, one, writer, fact)
                for step in direct.trace(rule, one.base, fact)
            ),
        )
        for fact, outcome, paths in zip(facts, one.outcomes[rule_id], lacks, strict=True)
    ]


_ROLES = {"when": "适用条件", "require": "要求", "review": "需人工核对"}
_WORDS = {
    "all": "全部满足",
    "any": "任一满足",
    "not": "并非",
    "true": "恒成立",
    "false": "恒不成立",
}


def _explained_step(step: direct.Step, one: Run, writer: Writer, fact: Fact) -> ExplainedStep:
    role = _ROLES.get(step.role, "")
    prefix = f"{role}（{step.reason}）：" if step.reason else f"{role}：" if role else ""
    below = tuple(_explained_step(s, one, writer, fact) for s in step.steps)
    if step.leaf is None:
        return ExplainedStep(prefix + _WORDS[step.word], step.value, (), below)
    leaf = step.leaf
    parts, locations = [], []
    for operand in (leaf.left, leaf.right):
        if isinstance(operand, FieldArg):
            field_found = one.pack.vocabulary.shown_field(fact.entity, operand.name)
            title = field_found.title if field_found else operand.name
            parts.append(f"{title}（{operand.name}）＝{writer.shown(fact, operand.name)}")
            if not operand.name.startswith("check."):
                locations += [
                    one.submission.locate(p) for p in one.base.places(fact, operand.name, 3)
                ]
        else:
            value = read_operand(operand, fact.values, one.base.root.values)
            parts.append(_shown(value, leaf, one, fact))
    text = f" {OPERATORS[leaf.op].zh} ".join(parts)
    return ExplainedStep(prefix + text, step.value, tuple(locations), below)


def _shown(value: Any, leaf: Leaf, one: Run, fact: Fact) -> str:
    """An operand that is no field, in the words of the field that it is compared with."""
    if value is None or value is UNSET:
        return "未设定"
    if isinstance(value, Lexicon):
        hits = words_hit(leaf, one.base, fact)
        return str(value) + "".join(f"“{word}”" for word in hits)
    if leaf.op == "exists" or not isinstance(leaf.left, FieldArg):
        return show(value)
    name, kind = leaf.left.name, leaf.left.type.kind
    return show(value, one.pack.vocabulary.shown_field(fact.entity, name) or kind)
