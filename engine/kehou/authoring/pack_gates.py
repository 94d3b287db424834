"""Quality gates on a pack's words, cases and parameters, and on what nothing uses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kehou.language import suggest
from kehou.language.condition_parts import field_names, references, tests
from kehou.language.near_words import nearest
from kehou.model.outcomes import Outcome, Owner
from kehou.model.rules import FieldRef, Param, Rule
from kehou.packs import Pack, ParameterDef, available, load
from kehou.packs.casefiles import CaseFile, Found, case_path
from kehou.packs.parameters import as_tight
from kehou.packs.positions import Sites
from kehou.packs.uses import Uses, behind_decision, behind_rule, conditions

_ENGLISH = "i18n/en.yaml"
#: A ground that names a clause; any other is a document, or says that the number is ours.
_CLAUSE_LIKE = re.compile(r"[A-Z]\.[0-9][0-9A-Za-z.]*(-[0-9a-z]+)*")


# --- translations --------------------------------------------------------------------------


def translations(pack: Pack, sites: Sites, open_: Collection[str] = ()) -> Iterator[Found]:
    """English is of rules and decisions that there are; what is missing is told in Chinese."""
    known = {*pack.rules, *(d.id for d in pack.decisions), *pack.unread}
    for rule in pack.rules.values():
        english = pack.english.get(rule.id)
        if isinstance(english, Mapping) and rule.id not in open_:
            yield from _stale(f"规则 {rule.id}", rule.id, words_hash(rule), english, sites)
            yield from _translation(rule, english, sites)
    for decision in pack.decisions:
        english = pack.english.get(decision.id)
        if isinstance(english, Mapping):
            now = _hash(decision.because)
            yield from _stale(f"推断 {decision.id}", decision.id, now, english, sites)
    for name in pack.english:
        if name not in known:
            place = sites.at(_ENGLISH, name)
            hint = suggest(name, list(known)) if nearest(name, list(known)) else ""
            yield place, f"英文中的 {name} 不是规则", hint or "请删去，或改成规则的编号"


def _stale(
    what: str, name: str, now: str, english: Mapping[str, Any], sites: Sites
) -> Iterator[Found]:
    """English that says of which Chinese it is, where that is no longer the Chinese."""
    checked = english.get("of")
    if checked and checked != now:
        hint = f"请核对英文，再把 of 改为 '{now}'；不用英文的，删去这一条译文"
        place = sites.at(_ENGLISH, name, "of")
        yield place, f"{what} 的中文改过，英文是照改以前的写的", hint


def _translation(rule: Rule, english: Mapping[str, Any], sites: Sites) -> Iterator[Found]:
    reasons = english.get("reason") or []
    count = 1 if isinstance(reasons, str) else len(reasons)
    if reasons and count != len(rule.review):
        message = f"规则 {rule.id} 有 {len(rule.review)} 条 review，英文 reason 有 {count} 条"
        yield sites.at(_ENGLISH, rule.id, "reason"), message, "请按次序一条对一条"


def words_hash(rule: Rule) -> str:
    """Eight hexadecimal digits that stand for the Chinese words of a rule."""
    return _hash(rule.title, rule.message or "", rule.remedy, *(r.reason for r in rule.review))


def english_hashes(pack: Pack) -> dict[str, str]:
    """The hash of the Chinese of every rule and inference of a pack, by id."""
    decided = {decision.id: _hash(decision.because) for decision in pack.decisions}
    return {**decided, **{rule.id: words_hash(rule) for rule in pack.rules.values()}}


def _hash(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]


# --- cases ---------------------------------------------------------------------------------


def coverage(
    pack: Pack, rule: Rule, file: CaseFile, sites: Sites, begun: bool = False
) -> Iterator[Found]:
    """A case for each outcome that a rule can have; what is wrong with the case file.

    One that was only begun is told elsewhere.
    """
    yield from file.faults
    if begun or (file.faults and not file.cases):
        return
    if not file.cases:
        hint = f"请在旁边写 {rule.id}.test.yaml，可照 kehou new 的样子"
        yield sites.of(rule, "id"), f"规则 {rule.id} 没有用例", hint
        return
    have = {outcome for case in file.cases for outcome in case.expect}
    place = sites.at(case_path(rule), "cases")
    theirs = _of_others(pack, rule)
    for outcome in possible_outcomes(pack, rule):
        if outcome is Outcome.INSUFFICIENT and theirs and Outcome.NOT_JUDGED in have:
            continue
        if outcome not in have:
            hint = "规则可能有的每一种结论都要有一例"
            yield place, f"没有结论为 {outcome} 的用例", hint


def _of_others(pack: Pack, rule: Rule) -> bool:
    """Whether nothing that a rule reads is the submitter's to add (``x-owner``).

    What a derived value lacks nobody can say beforehand; it decides nothing here.
    """
    names = {name for cond in conditions(rule) for name in field_names(cond)}
    always = [set(rule.closed.get(stage, ())) for stage in rule.stages]
    asked: list[tuple[str, str]] = []
    for name in names - set[str].intersection(*always):
        reference = pack.known.get((rule.each, name))
        if reference is not None:  # a lookup of the engine's own lacks what its tables lack
            asked += [(entity, theirs) for entity, theirs, _ in reference.targets]
        elif (rule.each, name) not in pack.derivations and not name.startswith("submission."):
            asked.append((rule.each, name))
    owners = {pack.vocabulary.owner(entity, name) for entity, name in asked}
    return bool(owners) and Owner.SUBJECT not in owners


def possible_outcomes(pack: Pack, rule: Rule) -> list[Outcome]:
    """The outcomes that a rule can have by its conditions, errors and waivers apart."""
    # What is asked of all that the rule applies to leaves nothing to pass.
    possible = [] if any(r.when == rule.when for r in rule.review) else [Outcome.PASS]
    # A lookup always has an answer, once its table is there: to ask for one is no duty.
    answered = all(
        test.op == "exists"
        and isinstance(test.subject, FieldRef)
        and (rule.each, test.subject.name) in pack.known
        for test in tests(rule.require)
    )
    if not answered and field_names(rule.require) != ["check.form_complete"]:
        possible.append(Outcome.FAIL)
    if rule.review:
        possible.append(Outcome.REVIEW)
    if rule.when is not None:
        possible.append(Outcome.NOT_APPLICABLE)
    fields = {name for cond in conditions(rule) for name in field_names(cond)}
    closed = set.intersection(*(set(rule.closed.get(stage, ())) for stage in rule.stages))
    if fields - closed - {"check.stage"}:
        possible.append(Outcome.INSUFFICIENT)
    return possible


# --- identity, dates ------------------------------------------------------------------------


def identity(pack: Pack, sites: Sites) -> Iterator[Found]:
    """A pack is not called as one that comes with kehou and says something else."""
    own = pack.layers[-1] if pack.layers else None
    name, sha256 = (own.id, own.sha256) if own else (pack.id, pack.sha256)
    if name in available() and load(name).sha256 != sha256:
        message = f"编号 {name} 是随程序的规则包的，内容却不同：报告里分不清是哪一个"
        yield sites.at("pack.yaml", "id"), message, "请另起编号和名称（id、title）"


def dates(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Rules that are in force on no day."""
    for rule in pack.rules.values():
        start, end = rule.valid_from, rule.valid_to
        if start and end and end < start:
            place, message = sites.of(rule, "to"), f"规则的 to（{end}）早于 from（{start}）"
            yield place, f"{message}，哪一天都不适用", "请核对两个日期"
        if end and pack.effective_from and end < pack.effective_from:
            message = f"规则到 {end} 为止，政策从 {pack.effective_from} 起施行，哪一天都不适用"
            yield sites.of(rule, "to"), message, "请核对日期，或删去这条规则"
        if start and pack.effective_to and start > pack.effective_to:
            message = f"规则从 {start} 起，政策到 {pack.effective_to} 为止，哪一天都不适用"
            yield sites.of(rule, "from"), message, "请核对日期，或删去这条规则"


# --- parameters ----------------------------------------------------------------------------


def parameters(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Every value of a parameter has its ground and its days; of a layer those that it sets."""
    layer = pack.layers[-1].id if pack.layers else pack.id
    for definition in pack.parameters.values():
        own = tuple(value for value in definition.values if value.layer == layer)
        read = definition.readings
        ours = replace(
            definition, values=own, readings=read if read and read.layer == layer else None
        )
        yield from _values(pack, ours, sites)
        yield from _readings(pack, ours, sites)


def _values(pack: Pack, definition: ParameterDef, sites: Sites) -> Iterator[Found]:
    name = definition.name
    starts: set[tuple[str, str]] = set()
    for i, value in enumerate(definition.values):
        at = ("parameters", name, "values", i)
        if not value.ground.strip():
            hint = "请写条款编号、文件名，或写明来由并加 assumption: true"
            yield sites.at("pack.yaml", *at, "ground"), f"参数 {name} 的值没有依据", hint
        elif _CLAUSE_LIKE.fullmatch(value.ground) and not _cited(pack, value.ground):
            message = f"参数 {name} 的依据 {value.ground} 不是条款编号"
            yield sites.at("pack.yaml", *at, "ground"), message, "请核对 clauses.yaml"
        if value.valid_to is not None and value.valid_to < value.valid_from:
            message = f"参数 {name} 的 to（{value.valid_to}）早于 from（{value.valid_from}）"
            yield sites.at("pack.yaml", *at, "to"), message, "请核对两个日期"
        if (value.valid_from, value.layer) in starts:
            message = f"参数 {name} 有两个值都从 {value.valid_from} 起"
            yield sites.at("pack.yaml", *at, "from"), message, "同一天只能有一个值"
        starts.add((value.valid_from, value.layer))


def _cited(pack: Pack, clause: str) -> bool:
    """Whether there is a clause, or may be, where they could not all be read."""
    return clause in pack.clauses or "clauses.yaml" in pack.unread


def _readings(pack: Pack, definition: ParameterDef, sites: Sites) -> Iterator[Found]:
    """A vague word has another reading, or says why there is none; its clauses exist."""
    readings = definition.readings
    if readings is None:
        return
    name, at = definition.name, ("parameters", definition.name, "readings")
    if readings.strict is None and readings.lenient is None and not readings.note:
        hint = "请写 strict 或 lenient；没有另外的理解的，在 note 写明原因"
        yield sites.at("pack.yaml", *at), f"含混的参数 {name} 没有另外的理解", hint
    for key, other in (("strict", readings.strict), ("lenient", readings.lenient)):
        if other is not None and _wrong_way(definition, key, other):
            word = "从严的值比现在的宽" if key == "strict" else "从宽的值比现在的严"
            hint = f"请核对；现在没有取值的，只能写 strict（tighter：{definition.tighter}）"
            yield sites.at("pack.yaml", *at, key), f"参数 {name} {word}", hint
    for i, clause in enumerate(readings.clauses):
        if clause not in pack.clauses:
            message = f"参数 {name} 的含混字词所在的 {clause} 不是条款编号"
            yield sites.at("pack.yaml", *at, "clauses", i), message, "请核对 clauses.yaml"


def _wrong_way(definition: ParameterDef, key: str, other: Any) -> bool:
    """Whether a strict reading is looser than a value in force, or a lenient one tighter."""
    if definition.tighter == "fixed":
        return False
    if not definition.values:
        return key == "lenient"
    for value in definition.values:
        pairs = [(other, value.value)]
        if definition.by:
            pairs = [(v, value.table[k]) for k, v in other.items() if k in value.table]
        for new, old in pairs:
            first, second = (new, old) if key == "strict" else (old, new)
            if not as_tight(definition.tighter, first, second):
                return True
    return False


def assumptions(pack: Pack, rule: Rule, sites: Sites) -> Iterator[Found]:
    """A number that we chose may make a review, never a fail; `when` needs a value."""
    for key, cond in (("when", rule.when), ("require", rule.require)):
        for reference in references(cond):
            if not isinstance(reference, Param):
                continue
            definition = pack.parameters.get(reference.name)
            if definition is None:
                continue
            place = sites.mention(rule.file, "param", definition.name, key)
            if key == "require" and any(v.assumption for v in definition.values):
                message = f"参数 {definition.name} 是假定值，不能写在 require 中"
                yield place, message, "假定的数只能提请人工核对，请移到 review"
            if key == "when" and not definition.values:
                message = f"when 不能用没有取值的参数 {definition.name}"
                yield place, message, "请改在 require 中使用"


# --- what is passed over -------------------------------------------------------------------


def passed_over(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Fields of which a ``first`` takes one are held against each other, or say why they differ."""
    compared: dict[str, set[str]] = {}
    for rule in pack.rules.values():
        if rule.pointer and rule.id.startswith("conflict-"):
            names = {name for review in rule.review for name in field_names(review.when)}
            apart = [pack.derivations.get((rule.each, name)) for name in names]
            names.update(*(d.own_fields for d in apart if d is not None))
            compared.setdefault(rule.each, set()).update(names)
    for (owner, name), d in pack.derivations.items():
        if d.fn != "first":
            continue
        fields = [f for f in d.own_fields if not _is_parameter(pack, owner, f)]
        full = f"{owner}.{name}"
        if len(fields) > 1 and not set(fields) <= compared.get(owner, set()):
            if full not in pack.differ:
                message = f"{full} 只取{'、'.join(fields)}中的第一个，几处不同时没有人看"
                hint = "请在 pack.yaml 的 agree 里比较，或在 differ 里写明为什么可以不同"
                yield sites.at("facts.yaml", "fields", full), message, hint
        elif full in pack.differ:
            place = sites.at("pack.yaml", "differ", full)
            yield place, f"{full} 已经在 agree 里比较，或只取一处", "请删去"
    for full in pack.differ:
        owner, _, name = full.partition(".")
        named = pack.derivations.get((owner, name))
        if named is None or named.fn != "first":
            yield sites.at("pack.yaml", "differ", full), f"没有用 first 的派生字段 {full}", "请删去"


def _is_parameter(pack: Pack, entity: str, name: str) -> bool:
    """Whether a field is derived from parameters alone, so that nobody stated it."""
    d = pack.derivations.get((entity, name))
    return d is not None and not d.over and not d.own_fields


# --- what nothing uses ---------------------------------------------------------------------


def unused(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Parameters, entities and derived fields that no rule and no decision rests on."""
    uses = Uses()
    for rule in pack.rules.values():
        uses.add(behind_rule(pack, rule, shown=True))
    for decision in pack.decisions:
        uses.add(behind_decision(pack, decision))
    hint = "请写用到它的规则，或删去"
    for name in pack.parameters:
        if name not in uses.parameters:
            yield sites.at("pack.yaml", "parameters", name), f"参数 {name} 没有用处", hint
    for name in pack.entities:
        if name not in uses.entities:
            yield sites.at("facts.yaml", "entities", name), f"实体 {name} 没有用处", hint
    for owner, name in pack.derivations:
        full = f"{owner}.{name}"
        if (owner, name) not in uses.derived:
            yield sites.at("facts.yaml", "fields", full), f"派生字段 {full} 没有用处", hint


__all__ = [
    "assumptions",
    "coverage",
    "dates",
    "english_hashes",
    "identity",
    "parameters",
    "passed_over",
    "possible_outcomes",
    "translations",
    "unused",
    "words_hash",
]
