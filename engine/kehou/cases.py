"""Runs the cases that stand beside rules, ``<rule>.test.yaml``, on both engines.

A case patches one good submission, goes through the real reader, and names the subjects that must
have each outcome; a subject that it does not name must not be adverse (language.md §1).
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou import direct, packs
from kehou.conditions import Parameter
from kehou.errors import KehouError
from kehou.facts import FactBase
from kehou.findings import Writer, subject_name
from kehou.grammar import Faults, Place, date, mapping, suggest, text, texts
from kehou.model import Location, Outcome, Rule, Stage
from kehou.packs import Pack
from kehou.program import BoundRule, bind_rule, prepare
from kehou.readers import Document, ReadError, read
from kehou.submission import Submission, from_tree

_ADVERSE = frozenset(
    {Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED}
)
_CASE_KEYS = (
    "name",
    "stage",
    "as_of",
    "check_date",
    "params",
    "set",
    "drop",
    "expect",
    "found",
    "missing",
)
_ORDER = {outcome: i for i, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a rule; ``place`` is file:line."""

    rule: str
    name: str
    place: str
    stage: Stage
    as_of: str | None
    check_date: str | None
    params: Mapping[str, Any]
    changes: Mapping[str, Any]
    drop: tuple[str, ...]
    expect: Mapping[str, tuple[str, ...]]
    found: Mapping[str, Mapping[str, Any]]
    missing: Mapping[str, tuple[str, ...]]


@dataclass
class CaseRun:
    """What a run of cases came to; ``failures`` are (place, case name, what was wrong)."""

    passed: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    cross_checked: bool = True

    @property
    def total(self) -> int:
        """How many cases were run."""
        return self.passed + len(self.failures)


# --- reading -------------------------------------------------------------------------------


def cases_of(pack: Pack, rule: Rule) -> tuple[str, list[Case], list[tuple[str, str, str]]]:
    """(base file, cases, faults) of a rule; no cases where it has no case file."""
    relative = f"{rule.area}/{rule.id}.test.yaml"
    path = pack.root.joinpath(*relative.split("/"))
    if not path.is_file():
        return pack.base, [], []
    try:
        document = read(relative, path.read_bytes())
    except ReadError as error:
        return pack.base, [], [(error.where, error.message, error.hint)]
    faults = Faults()
    at = Place(document, faults)
    d = mapping(document.tree, at, ("rule", "base", "cases", "survivors"), ("rule", "cases"))
    if d.get("rule") != rule.id:
        (at / "rule").fault(f"用例文件写的规则 {d.get('rule')} 与文件名不同")
    found = [
        _case(item, at / "cases" / i, rule, document) for i, item in enumerate(d.get("cases") or [])
    ]
    for i, case in enumerate(found):
        for param in case.params:
            if param not in pack.parameters:
                (at / "cases" / i / "params").fault(
                    f"没有参数 {param}", suggest(param, list(pack.parameters))
                )
    base = posixpath.normpath(f"{rule.area}/{d['base']}") if d.get("base") else pack.base
    return base, found, faults.placed()


def _case(tree: Any, at: Place, rule: Rule, document: Document) -> Case:
    d = mapping(tree, at, _CASE_KEYS, ("name", "expect"))
    stage = text(d.get("stage"), at / "stage", str(rule.stages[0]))
    if stage not in list(Stage):
        (at / "stage").fault(f"没有阶段 {stage}", suggest(stage, [str(s) for s in Stage]))
        stage = str(rule.stages[0])
    expect = mapping(d.get("expect") or {}, at / "expect", [str(o) for o in Outcome])
    span = document.span(at.pointer)
    return Case(
        rule=rule.id,
        name=text(d.get("name"), at / "name"),
        place=f"{document.name}:{span.line if span else 1}",
        stage=Stage(stage),
        as_of=date(d.get("as_of"), at / "as_of"),
        check_date=date(d.get("check_date"), at / "check_date"),
        params=d.get("params") or {},
        changes=d.get("set") or {},
        drop=texts(d.get("drop"), at / "drop"),
        expect={o: texts(s, at / "expect" / o) for o, s in expect.items()},
        found=d.get("found") or {},
        missing={s: texts(p, at / "missing" / s) for s, p in (d.get("missing") or {}).items()},
    )


# --- patching ------------------------------------------------------------------------------


def patched(tree: Any, case: Case) -> Any:
    """The base tree with a case's changes; ValueError names a pointer that leads nowhere."""
    result = copy.deepcopy(tree)
    for pointer in case.drop:
        holder, last = _holder(result, pointer)
        if isinstance(holder, list):
            index = int(last) if last.isdecimal() else len(holder)
            if index >= len(holder):
                raise ValueError(pointer)
            holder.pop(index)
        elif last in holder:
            del holder[last]
        else:
            raise ValueError(pointer)
    for pointer, value in case.changes.items():
        holder, last = _holder(result, pointer)
        if not isinstance(holder, list):
            holder[last] = copy.deepcopy(value)
        elif last == "-" or int(last) == len(holder):
            holder.append(copy.deepcopy(value))
        else:
            holder[int(last)] = copy.deepcopy(value)
    return result


def _holder(tree: Any, pointer: str) -> tuple[Any, str]:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        try:
            tree = tree[int(step)] if isinstance(tree, list) else tree.setdefault(step, {})
        except (IndexError, ValueError, AttributeError) as error:
            raise ValueError(pointer) from error
    if not isinstance(tree, (dict, list)):
        raise ValueError(pointer)
    return tree, last


# --- running -------------------------------------------------------------------------------


def run(pack_path: str, rule_ids: Sequence[str] | None = None, engine: str = "both") -> CaseRun:
    """Run the cases of a pack, or of some of its rules, on both engines."""
    pack = packs.load(pack_path)
    result = CaseRun()
    bases: dict[str, Any] = {}
    for rule in pack.rules.values():
        if rule_ids and rule.id not in rule_ids:
            continue
        base_name, cases, faults = cases_of(pack, rule)
        result.failures += [
            (place, rule.id, f"{message} {hint}".strip()) for place, message, hint in faults
        ]
        if base_name not in bases:
            path = pack.root.joinpath(*base_name.split("/"))
            bases[base_name] = read(base_name, path.read_bytes()).tree
        for case in cases:
            problems, crossed = judge(pack, rule, case, bases[base_name], engine)
            result.cross_checked = result.cross_checked and crossed
            if problems:
                result.failures += [(case.place, case.name, problem) for problem in problems]
            else:
                result.passed += 1
    return result


def judge(
    pack: Pack, rule: Rule, case: Case, base_tree: Any, engine: str = "both"
) -> tuple[list[str], bool]:
    """(what is wrong with a case, whether both engines ran it)."""
    try:
        tree = patched(base_tree, case)
    except ValueError as error:
        return [f"指针 {error} 在基础材料中找不到"], True
    submission, bureau = submission_of(pack, tree, case)
    as_of = case.as_of or _service_start(submission)
    if as_of is None:
        return ["用例没有 as_of，材料中也没有服务开始日期"], True
    parameters, problem = _parameters(pack, case, as_of)
    if problem:
        return [problem], True
    base = FactBase(
        pack, submission.tree, parameters, _check_values(submission, case), submission.faulted
    )
    bound = bind_with(pack, rule, case, parameters, as_of, bureau)
    prepare(base, [bound])
    outcomes = direct.run([bound], base)[rule.id]
    problems = []
    crossed = engine == "both"
    if crossed:
        theirs, crossed, trouble = _network_outcomes(bound, base)
        problems += trouble
        if theirs is not None and theirs != outcomes:
            problems.append(f"两个引擎结论不一致：直接 {_words(outcomes)}，网络 {_words(theirs)}")
    return [*problems, *_compare(pack, bound, case, base, outcomes)], crossed


def bind_with(
    pack: Pack,
    rule: Rule,
    case: Case,
    parameters: Mapping[str, Parameter],
    as_of: str,
    bureau: frozenset[str],
) -> BoundRule:
    """Bind a rule as a case asks for."""
    return bind_rule(pack, rule, case.stage, parameters, as_of, bureau)


def submission_of(pack: Pack, tree: Any, case: Case) -> tuple[Submission, frozenset[str]]:
    """A case's submission through the real normalisation, and the names of what the bureau gave.

    Tables count as the bureau's, and so does a record unless the case says ``source: school``.
    """
    for name, value in tree.items():
        field_found = pack.schema.root.fields.get(name)
        if field_found is not None and field_found.record and isinstance(value, dict):
            value.setdefault("source", "bureau")
    submission = from_tree(tree, pack.schema, stage=case.stage)
    return submission, submission.bureau


def _service_start(submission: Submission) -> str | None:
    plan = submission.tree.get("plan")
    start = plan.get("service_start") if isinstance(plan, dict) else None
    return start if isinstance(start, str) else None


def _check_values(submission: Submission, case: Case) -> dict[str, Any]:
    from kehou.runs import check_values, date_of

    check_date = case.check_date or date_of(submission.tree, case.stage)
    return check_values(submission, case.stage, check_date)


def _parameters(pack: Pack, case: Case, as_of: str) -> tuple[dict[str, Parameter], str]:
    parameters = pack.in_force(as_of)
    document = read("params.yaml", b"{}")
    faults = Faults()
    for name, value in case.params.items():
        changed = packs.parameter_with(pack.parameters[name], value, Place(document, faults))
        parameters[name] = changed
    problem = "；".join(message for _, _, message, _ in faults.found)
    return parameters, problem


def _network_outcomes(
    bound: BoundRule, base: FactBase
) -> tuple[list[Outcome] | None, bool, list[str]]:
    from kehou import rete

    if not rete.available():
        return None, False, []
    running = rete.start([bound], base)
    try:
        return running.outcomes()[bound.rule.id], True, []
    except KehouError as error:
        return None, True, [error.message]
    finally:
        running.close()


def _words(outcomes: Sequence[Outcome]) -> str:
    return "、".join(sorted({str(o) for o in outcomes}))


def _compare(
    pack: Pack, bound: BoundRule, case: Case, base: FactBase, outcomes: Sequence[Outcome]
) -> list[str]:
    definition = pack.entities.get(bound.rule.each)
    facts = base.entities[bound.rule.each]
    by_name: dict[str, list[int]] = {}
    resolved = list(outcomes)
    missing: dict[str, dict[str, None]] = {}
    for i, fact in enumerate(facts):
        name = subject_name(fact, definition)
        by_name.setdefault(name, []).append(i)
        if outcomes[i] is Outcome.INSUFFICIENT:
            paths = direct.missing(bound, base, fact)
            missing.setdefault(name, {}).update(dict.fromkeys(paths))
            if any(base.is_faulted(path) for path in paths):
                resolved[i] = Outcome.ERROR
    worst = {
        name: min((resolved[i] for i in rows), key=_ORDER.__getitem__)
        for name, rows in by_name.items()
    }
    problems = []
    named: set[str] = set()
    for outcome, subjects in case.expect.items():
        named |= set(subjects)
        for subject in subjects:
            got = worst.get(subject)
            if got is None and subject == "/" and not worst:
                got = Outcome.NOT_APPLICABLE
            if got != outcome:
                have = (
                    f"得到 {got}" if got else f"没有这个对象，现有：{'、'.join(list(by_name)[:8])}"
                )
                problems.append(f"{subject} 应为 {outcome}，{have}")
    problems += [
        f"{name} 没有点名，却是 {got}"
        for name, got in worst.items()
        if name not in named and got in _ADVERSE
    ]
    problems += _compare_missing(case, missing)
    return problems + _compare_found(pack, bound, case, base, by_name, outcomes)


def _compare_missing(case: Case, missing: Mapping[str, Mapping[str, None]]) -> list[str]:
    return [
        f"{subject} 应缺 {'、'.join(sorted(paths))}，"
        f"得到 {'、'.join(sorted(missing.get(subject, {})))}"
        for subject, paths in case.missing.items()
        if set(paths) != set(missing.get(subject, {}))
    ]


def _compare_found(
    pack: Pack,
    bound: BoundRule,
    case: Case,
    base: FactBase,
    by_name: Mapping[str, list[int]],
    outcomes: Sequence[Outcome],
) -> list[str]:
    problems = []
    writer = Writer(pack, base, Location)
    for subject, wanted in case.found.items():
        seen: dict[str, set[str]] = {}
        for i in by_name.get(subject, []):
            fact = base.entities[bound.rule.each][i]
            if outcomes[i] in (Outcome.FAIL, Outcome.REVIEW):
                for name, value in writer.evidence(bound, fact, outcomes[i]).items():
                    seen.setdefault(name, set()).add(_shown(value))
        for name, value in wanted.items():
            if _shown(value) not in seen.get(name, set()):
                problems.append(
                    f"{subject} 的 {name} 应为 {_shown(value)}，"
                    f"得到 {'、'.join(sorted(seen.get(name, {'（没有）'})))}"
                )
    return problems


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["Case", "CaseRun", "cases_of", "judge", "patched", "run", "submission_of"]
