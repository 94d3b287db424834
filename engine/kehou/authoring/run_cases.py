"""Runs the cases that stand beside rules, ``<rule>.test.yaml``, on both engines.

A case patches one good submission, goes through the real reader, and names the subjects that must
have each outcome; a subject that it does not name must not be adverse (docs/language.md §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou import packs
from kehou.authoring import reading_gates
from kehou.authoring.lexicon_gates import failed_cases
from kehou.authoring.reading_gates import library_of
from kehou.checking import Writer, subject_name
from kehou.checking.declared_values import value_at
from kehou.errors import KehouError
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rule, direct, prepare
from kehou.language import Parameter
from kehou.language.yaml_places import Faults, Place
from kehou.model.outcomes import Outcome
from kehou.model.rules import Rule
from kehou.model.values import Location
from kehou.packs import Pack
from kehou.packs.casefiles import Case, good_submission, patched, read_cases
from kehou.readers import read
from kehou.submission import Submission, from_tree

_ADVERSE = frozenset(
    {Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED}
)
_ORDER = {outcome: i for i, outcome in enumerate(Outcome)}


@dataclass
class CaseRun:
    """What a run of cases came to; ``failures`` are (place, case name, what was wrong).

    Of those that ``passed``, ``of_lexicons`` are texts of the lexicons that rules share.
    """

    passed: int = 0
    of_lexicons: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    cross_checked: bool = True

    @property
    def total(self) -> int:
        """How many cases were run."""
        return self.passed + len(self.failures)


@dataclass(frozen=True, slots=True)
class Trial:
    """A case made ready: its facts, and the rule bound as the case asks for."""

    pack: Pack
    case: Case
    submission: Submission
    as_of: str
    parameters: Mapping[str, Parameter]
    check: Mapping[str, Any]
    base: FactBase
    bound: BoundRule


def _unwatched(rules: Sequence[Rule]) -> Iterable[Rule]:
    return rules


def run(
    pack_path: str,
    rule_ids: Sequence[str] | None = None,
    engine: str = "both",
    watch: Callable[[Sequence[Rule]], Iterable[Rule]] = _unwatched,
) -> CaseRun:
    """Run the cases of a pack, or of some of its rules, on both engines.

    ``watch`` is given the rules and gives them back as they are run, so that it sees how far it is.

    Those of the lexicons that the rules name are run with the whole pack. Of a pack with layers
    the cases of the topmost are run: those below are about the values below.
    """
    pack = packs.load(pack_path)
    mine = set(rule_ids or pack.topmost().rules)
    result = CaseRun()
    for lexicon in pack.lexicons.values() if not rule_ids else ():
        failed = failed_cases(lexicon)
        result.failures += [(place, lexicon.name, message) for place, message, _ in failed]
        result.of_lexicons += len(lexicon.matching) + len(lexicon.missing) - len(failed)
    result.passed += result.of_lexicons
    if not rule_ids and pack.id in packs.available() and pack.top is None:
        _read_prose(pack, result)
    bases = Bases(pack)
    for rule in watch([rule for rule in pack.rules.values() if rule.id in mine]):
        file = read_cases(pack, rule)
        result.failures += [
            (place, rule.id, f"{message} {hint}".strip()) for place, message, hint in file.faults
        ]
        for case in file.cases if file.base else ():
            problems, crossed = judge(pack, rule, case, bases[file.base], engine)
            result.cross_checked = result.cross_checked and crossed
            if problems:
                result.failures += [(case.place, case.name, problem) for problem in problems]
            else:
                result.passed += 1
    return result


def _read_prose(pack: Pack, result: CaseRun) -> None:
    """Run the cases of the patterns that prose is read by."""
    library, faults = library_of(pack.schema)
    failed = [*faults, *(reading_gates.failed_cases(library) if library is not None else ())]
    result.failures += [(place, "文字", message) for place, message, _ in failed]
    if library is not None:
        result.passed += reading_gates.count(library) - len(failed)


class Bases(dict[str, Any]):
    """The trees that cases patch, by their path in the pack; each is read once."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def __missing__(self, relative: str) -> Any:
        self[relative] = good_submission(self.pack, relative).tree
        return self[relative]


def judge(
    pack: Pack, rule: Rule, case: Case, base_tree: Any, engine: str = "both"
) -> tuple[list[str], bool]:
    """(what is wrong with a case, whether both engines ran it)."""
    trial = set_up(pack, rule, case, base_tree)
    if isinstance(trial, str):
        return [trial], True
    outcomes = direct.run([trial.bound], trial.base)[rule.id]
    problems = []
    crossed = engine == "both"
    if crossed:
        theirs, crossed, trouble = _network_outcomes(trial.bound, trial.base)
        problems += trouble
        if theirs is not None and theirs != outcomes:
            problems.append(f"两个引擎结论不一致：直接 {_words(outcomes)}，网络 {_words(theirs)}")
    return [*problems, *compare(trial, outcomes)], crossed


def set_up(pack: Pack, rule: Rule, case: Case, base_tree: Any) -> Trial | str:
    """A case made ready, or what keeps it from running."""
    try:
        tree = patched(base_tree, case)
    except ValueError as error:
        return f"指针 {error} 在基础材料中找不到"
    submission = submission_of(pack, tree, case)
    as_of = case.as_of or _law_date(submission)
    if as_of is None:
        return "用例没有 as_of，材料中也没有适用日期"
    parameters, problem = _parameters(pack, case, as_of)
    if problem:
        return problem
    check = _check_values(submission, case)
    base = FactBase(pack, submission.tree, parameters, check, submission.faulted)
    bound = bind_rule(pack, rule, case.stage, parameters, as_of, submission.bureau)
    prepare(base, [bound])
    return Trial(pack, case, submission, as_of, parameters, check, base, bound)


def submission_of(pack: Pack, tree: Any, case: Case) -> Submission:
    """A case's submission through the real normalisation.

    Tables count as the bureau's, and so does a record unless the case says otherwise.
    """
    for name, value in tree.items():
        field_found = pack.schema.root.fields.get(name)
        giver = field_found.given_by if field_found is not None else None
        if giver is not None and isinstance(value, dict):
            value.setdefault(giver.name, giver.giver["authority"])
    return from_tree(tree, pack.schema, stage=case.stage)


def _law_date(submission: Submission) -> str | None:
    """The date whose law applies, where the schema declares one and the submission says it."""
    start = value_at(submission.tree, submission.schema.declared.dates.as_of)
    return start if isinstance(start, str) else None


def _check_values(submission: Submission, case: Case) -> dict[str, Any]:
    from kehou.checking import check_values, date_of

    check_date = case.check_date or date_of(submission.schema, submission.tree, case.stage)
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
    from kehou.judging import rete

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


def compare(trial: Trial, outcomes: Sequence[Outcome]) -> list[str]:
    """What differs between the outcomes of a trial's subjects and what its case expects."""
    case, base, bound = trial.case, trial.base, trial.bound
    definition = trial.pack.entities.get(bound.rule.each)
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
            resolved[i] = direct.gap(base, paths)
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
                there = "、".join(list(by_name)[:8])
                have = f"得到 {got}{_open(trial, got)}" if got else f"没有这个对象，现有：{there}"
                problems.append(f"{subject} 应为 {outcome}，{have}")
    if problems and any(_open(trial, worst[name]) for name in named if name in worst):
        more = f"；另有 {len(problems) - 1} 个对象同样" if len(problems) > 1 else ""
        return [problems[0] + more]  # the cause of all the rest
    problems += [
        f"{name} 没有点名，却是 {got}{_open(trial, got)}"
        for name, got in worst.items()
        if name not in named and got in _ADVERSE
    ]
    problems += _compare_missing(case, missing)
    return problems + _compare_found(trial, by_name, outcomes)


def _open(trial: Trial, got: Outcome) -> str:
    """Why nobody could judge: parameters without a value on the case's date, with their own."""
    if got is not Outcome.NOT_JUDGED:
        return ""
    told = []
    for name in trial.bound.unset:
        definition = trial.pack.parameters.get(name)
        if definition is None:
            told.append(f"没有载入 {name}")
            continue
        starts = sorted(value.valid_from for value in definition.values)
        now = trial.as_of
        told.append(
            f"参数 {name} 自 {starts[0]} 起才有值，用例的适用日期是 {now}：请写 as_of"
            if starts and starts[0] > now
            else f"参数 {name} 在 {now} 没有取值：请写 params 或 as_of"
        )
    return f"（{'；'.join(told)}）" if told else ""


def _compare_missing(case: Case, missing: Mapping[str, Mapping[str, None]]) -> list[str]:
    return [
        f"{subject} 应缺 {'、'.join(sorted(paths))}，"
        f"得到 {'、'.join(sorted(missing.get(subject, {})))}"
        for subject, paths in case.missing.items()
        if set(paths) != set(missing.get(subject, {}))
    ]


def _compare_found(
    trial: Trial, by_name: Mapping[str, list[int]], outcomes: Sequence[Outcome]
) -> list[str]:
    problems = []
    base, bound = trial.base, trial.bound
    writer = Writer(trial.pack, base, Location)
    for subject, wanted in trial.case.found.items():
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


__all__ = ["Bases", "CaseRun", "Trial", "compare", "judge", "run", "set_up", "submission_of"]
