"""Quality gates of a pack: what does not load, and what loads but should not be relied on.

Every fault is (file:line, message, hint). Source: DESIGN §5, language.md §2 and §3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kehou import jsonschemas, packs
from kehou.casefiles import Case, read_cases
from kehou.errors import KehouError
from kehou.grammar import nearest_span
from kehou.model import ClauseStatus, Outcome, Param, Rule, Stage
from kehou.packs import Pack, field_names, references
from kehou.program import BoundRule, bind_rules
from kehou.readers import Document, ReadError, read

Found = tuple[str, str, str]
_SCHEMAS = {
    "pack.yaml": "pack",
    "clauses.yaml": "clauses",
    "facts.yaml": "facts",
    "decisions.yaml": "decisions",
    "i18n/en.yaml": "i18n",
}


def lint(path_or_id: str) -> list[Found]:
    """Everything wrong with a pack; an empty list where nothing is.

    Raises UsageError where there is no such pack.
    """
    faults = packs.faults(path_or_id)
    if faults:
        return faults
    pack = packs.load(path_or_id)
    cases = {rule.id: read_cases(pack, rule) for rule in pack.rules.values()}
    found: list[Found] = []
    for gate in (_schemas, _translations):
        found += gate(pack)
    for rule in pack.rules.values():
        found += cases[rule.id].faults
        found += _coverage(rule, cases[rule.id].cases)
        found += _assumptions(pack, rule)
    found += _clauses(pack, {rule: file.cases for rule, file in cases.items()})
    found += _network(pack)
    return found


def native_share(path_or_id: str) -> tuple[int, int]:
    """(leaves that the network says itself, all leaves) of a pack's rules."""
    from kehou.conditions import leaves
    from kehou.normal_forms import is_native

    pack = packs.load(path_or_id)
    rules = {r.rule.id: r for stage in Stage for r in _bound(pack, stage)}
    every = [leaf for r in rules.values() for cond in r.conditions for leaf in leaves(cond)]
    return sum(1 for leaf in every if is_native(leaf)), len(every)


# --- against the JSON Schemas --------------------------------------------------------------


def _schemas(pack: Pack) -> Iterator[Found]:
    for relative, schema in _files(pack):
        path = pack.root.joinpath(*relative.split("/"))
        if not path.is_file():
            continue
        try:
            document = read(relative, path.read_bytes())
        except ReadError:
            continue
        for pointer, message, hint in jsonschemas.validate(document.tree, schema):
            yield _place(document, pointer), message, hint


def _files(pack: Pack) -> Iterator[tuple[str, str]]:
    yield from _SCHEMAS.items()
    for rule in pack.rules.values():
        yield rule.file, "rule"
        yield f"{rule.area}/{rule.id}.test.yaml", "cases"


def _place(document: Document, pointer: str) -> str:
    span = document.key_span(pointer) or nearest_span(document, pointer)
    return f"{document.name}:{span.line if span else 1}"


# --- translations --------------------------------------------------------------------------


def _translations(pack: Pack) -> Iterator[Found]:
    for rule in pack.rules.values():
        english = pack.english.get(rule.id)
        if not isinstance(english, Mapping):
            yield (
                "i18n/en.yaml:1",
                f"规则 {rule.id} 没有英文",
                "请补 title、message、remedy、reason",
            )
            continue
        needed = ["title", "remedy", *(["message"] if rule.message else [])]
        for key in needed:
            if not english.get(key):
                yield "i18n/en.yaml:1", f"规则 {rule.id} 缺英文 {key}", ""
        reasons = english.get("reason") or []
        count = 1 if isinstance(reasons, str) else len(reasons)
        if count != len(rule.review):
            yield (
                "i18n/en.yaml:1",
                f"规则 {rule.id} 有 {len(rule.review)} 条 review，英文 reason 有 {count} 条",
                "",
            )
        yield from _slots(pack, rule, english)
    for decision in pack.decisions:
        english = pack.english.get(decision.id)
        if not isinstance(english, Mapping) or not english.get("because"):
            yield "i18n/en.yaml:1", f"结论规则 {decision.id} 缺英文 because", ""
    known = {*pack.rules, *(d.id for d in pack.decisions)}
    for name in pack.english:
        if name not in known:
            yield "i18n/en.yaml:1", f"英文中的 {name} 不是规则", ""


def _slots(pack: Pack, rule: Rule, english: Mapping[str, Any]) -> Iterator[Found]:
    """Every slot of a message names a field, a parameter or a label, and no private field."""
    import re

    texts = [
        rule.message,
        rule.remedy,
        *(r.reason for r in rule.review),
        english.get("message"),
        english.get("remedy"),
    ]
    for text in texts:
        for name in re.findall(r"\{([^{}]+)\}", text or ""):
            if name in ("label", "ordinal") or name in pack.parameters:
                continue
            try:
                kind, _ = pack.type_of(rule.each, name)
            except (KeyError, ValueError):
                yield f"{rule.file}:1", f"文字中的 {{{name}}} 不是字段或参数", ""
                continue
            if kind.private:
                yield f"{rule.file}:1", f"文字中的 {{{name}}} 是不得显示的字段", "请改用编号"


# --- cases ---------------------------------------------------------------------------------


def _coverage(rule: Rule, cases: Sequence[Case]) -> Iterator[Found]:
    place = f"{rule.area}/{rule.id}.test.yaml:1"
    if not cases:
        yield f"{rule.file}:1", f"规则 {rule.id} 没有用例", f"请在旁边写 {rule.id}.test.yaml"
        return
    have = {outcome for case in cases for outcome in case.expect}
    for outcome in _possible(rule):
        if outcome not in have:
            yield place, f"没有结论为 {outcome} 的用例", "规则可能有的每一种结论都要有一例"


def _possible(rule: Rule) -> list[Outcome]:
    possible = [Outcome.PASS]
    if rule.require is not None:
        possible.append(Outcome.FAIL)
    if rule.review:
        possible.append(Outcome.REVIEW)
    if rule.when is not None:
        possible.append(Outcome.NOT_APPLICABLE)
    fields = {
        name
        for cond in (rule.when, rule.require, *(r.when for r in rule.review))
        for name in field_names(cond)
    }
    closed = set.intersection(*(set(rule.closed.get(stage, ())) for stage in rule.stages))
    if fields - closed - {"check.stage"}:
        possible.append(Outcome.INSUFFICIENT)
    return possible


# --- assumptions and clauses ---------------------------------------------------------------


def _assumptions(pack: Pack, rule: Rule) -> Iterator[Found]:
    for cond in (rule.when, rule.require):
        for reference in references(cond):
            definition = (
                pack.parameters.get(reference.name) if isinstance(reference, Param) else None
            )
            if definition is None:
                continue
            if cond is rule.require and any(v.assumption for v in definition.values):
                yield (
                    f"{rule.file}:1",
                    f"参数 {definition.name} 是假定值，不能写在 require 中",
                    "假定的数只能提请人工核对，请移到 review",
                )
            if cond is rule.when and not definition.values:
                yield (
                    f"{rule.file}:1",
                    f"when 不能用没有取值的参数 {definition.name}",
                    "请改在 require 中使用",
                )


def _clauses(pack: Pack, cases: Mapping[str, Sequence[Case]]) -> Iterator[Found]:
    for clause in pack.clauses.values():
        carriers = pack.carriers.get(clause.id, [])
        carried = clause.status in (ClauseStatus.AUTOMATED, ClauseStatus.PARTLY)
        if carried and not carriers:
            yield "clauses.yaml:1", f"条款 {clause.id} 写作 {clause.status}，却没有规则引用", ""
        if carriers and not carried:
            rules = "、".join(carriers)
            yield (
                "clauses.yaml:1",
                f"条款 {clause.id} 写作 {clause.status}，却有规则 {rules} 引用",
                "",
            )
        if (
            clause.status is ClauseStatus.AUTOMATED
            and carriers
            and not any(
                {"fail", "pass"} <= {o for case in cases[rule] for o in case.expect}
                for rule in carriers
            )
        ):
            yield (
                "clauses.yaml:1",
                f"条款 {clause.id} 写作 automated，但没有规则既有不符合又有符合的用例",
                "请补用例，或改为 partly 并说明理由",
            )


# --- the network ---------------------------------------------------------------------------


def _bound(pack: Pack, stage: Stage) -> list[BoundRule]:
    dates = sorted({v.valid_from for p in pack.parameters.values() for v in p.values})
    as_of = dates[-1] if dates else (pack.effective_from or "2021-09-01")
    return bind_rules(pack, stage, as_of, list(pack.tables))[0]


def _network(pack: Pack) -> Iterator[Found]:
    from kehou.network import compile_rules

    for stage in Stage:
        for bound in _bound(pack, stage):
            try:
                compile_rules([bound])
            except KehouError as error:
                yield f"{bound.rule.file}:1", error.message, error.hint
        try:
            compile_rules(_bound(pack, stage))
        except KehouError as error:
            yield "pack.yaml:1", error.message, error.hint
