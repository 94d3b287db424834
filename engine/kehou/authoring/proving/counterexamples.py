"""A subject against a claim, as small as can be: as a case that runs, else as a table of values.

A case starts from the pack's good submission or from another case of the rule. What the rule reads
straight from the submission may be changed there; what is derived stays what it is. The solver is
asked for the fewest changes, and the case is run before it is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import z3

from kehou.authoring.proving.claims import (
    LAWFUL,
    MOST_STEPS,
    Claim,
    can_be_left_out,
    possible,
    read_by,
)
from kehou.authoring.proving.concrete import (
    Changes,
    as_it_is,
    changeable,
    parameter,
    reading_as_params,
    table,
    tests_as_they_are,
)
from kehou.authoring.proving.translation import OUTCOMES, is_outcome
from kehou.authoring.proving.world import DIRTY, HAS, Formula, World
from kehou.authoring.run_cases import Bases, Trial, set_up
from kehou.checking import subject_name
from kehou.facts import Fact
from kehou.judging import direct
from kehou.model.outcomes import Outcome
from kehou.model.rules import Rule
from kehou.packs import Pack
from kehou.packs.casefiles import Case, case_path, read_cases

#: So many subjects of a submission, and so many submissions, are tried for one case.
MOST_SUBJECTS: Final = 6
MOST_TRIALS: Final = 40
_ADVERSE: Final = frozenset(
    {Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED}
)
_ORDER: Final = {outcome: i for i, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Counterexample:
    """A subject against a claim: what it comes to first and then, its values, its cases.

    ``cases`` are none where no submission was found that has such a subject. ``values`` are
    (field, value as it is written).
    """

    before: Outcome
    after: Outcome | None
    values: tuple[tuple[str, str], ...]
    cases: tuple[Case, ...] = ()
    file: str = ""

    def text(self) -> str:
        """The cases as the rule's case file writes them, else the values, a line each."""
        if not self.cases:
            return "".join(f"    {name}: {value}\n" for name, value in self.values)
        return "".join(written(case) for case in self.cases)


def find(claim: Claim, newer: Pack | None = None) -> Counterexample:
    """The smallest subject against a refuted claim.

    ``newer`` is the pack that gives the outcome ``after`` where two packs are compared.
    """
    pack = claim.setting.pack
    bases = Bases(pack)
    for trial in _trials(claim, bases):
        for fact in trial.base.entities[claim.rule.rule.each][:MOST_SUBJECTS]:
            found = _from(claim, trial, fact, bases, newer)
            if found is not None:
                return found
    return _abstract(claim)


def _abstract(claim: Claim) -> Counterexample:
    """A subject of values only: as few supplied as can be."""
    world = claim.world
    assert world is not None
    solver = z3.Optimize()
    solver.set("rlimit", MOST_STEPS)
    solver.add(*world.laws(), *possible(world, claim.setting, claim.rule.rule.each), claim.against)
    _plainest(claim, solver)
    for slot in world.slots.values():
        solver.add_soft(slot.state != HAS)
        solver.add_soft(z3.Not(slot.partly))
    if solver.check() != z3.sat:
        plain = z3.Solver()
        plain.add(*world.laws(), claim.against)
        plain.check()
        return _told(claim, plain.model())
    return _told(claim, solver.model())


def _plainest(claim: Claim, solver: Any) -> None:
    """Prefer what says most: a breach on one side, and nothing to object on the other."""
    for found in (claim.before, claim.after):
        if found is not None:
            solver.add_soft(is_outcome(found, Outcome.FAIL), 100)
            solver.add_soft(is_outcome(found, *LAWFUL), 50)


def _told(claim: Claim, model: Any, cases: tuple[Case, ...] = ()) -> Counterexample:
    assert claim.world is not None
    before = _outcome(model, claim.before)
    after = None if claim.after is None else _outcome(model, claim.after)
    names = list(read_by(claim.rule)) if cases else list(claim.world.slots)
    values = table(claim.world, model, names)
    return Counterexample(before, after, values, cases, case_path(claim.rule.rule))


def _outcome(model: Any, found: Formula) -> Outcome:
    return OUTCOMES[model.eval(found, model_completion=True).as_long()]


# --- a case --------------------------------------------------------------------------------


def _trials(claim: Claim, bases: Bases) -> Iterator[Trial]:
    """The rule's cases of the stage and date made ready, the plain good submission first."""
    pack, rule = claim.setting.pack, claim.rule.rule
    file = read_cases(pack, rule)
    wanted = bound_as(claim.rule)
    setting = claim.setting
    as_read = reading_as_params(setting.pack, setting.reading, rule, setting.as_of)
    plain = Case(
        rule.id, "", "", claim.setting.stage, claim.setting.as_of, None, {}, {}, (), {}, {}, {}
    )
    cases = [plain, *(c for c in file.cases if c.stage is claim.setting.stage and not c.params)]
    for case in (replace(one, params=as_read) for one in cases[:MOST_TRIALS]):
        try:
            trial = set_up(pack, rule, case, bases[file.base or pack.base])
        except (KeyError, OSError):
            return
        if isinstance(trial, Trial) and bound_as(trial.bound) == wanted:
            yield trial


def bound_as(rule: Any) -> str:
    """What a rule's conditions are once they are bound, to tell whether two are the same."""
    return repr((rule.when, rule.require, rule.reviews, rule.unset))


def _from(
    claim: Claim, trial: Trial, fact: Fact, bases: Bases, newer: Pack | None
) -> Counterexample | None:
    """A case that comes from a trial by changes of what the rule reads, or None."""
    world = claim.world
    assert world is not None
    solver = z3.Optimize()
    solver.set("rlimit", MOST_STEPS)
    solver.add(*world.laws(), claim.against)
    _plainest(claim, solver)
    free: dict[str, str] = {}
    for name in world.slots:
        if name.startswith("param:"):
            continue
        pointer = changeable(trial, fact, name)
        same = as_it_is(world, trial.base, fact, name)
        if pointer is None:
            solver.add(same)
            continue
        free[name] = pointer
        slot = world.slots[name]
        solver.add(z3.Or(same, z3.And(slot.state != DIRTY, z3.Not(slot.partly))))
        solver.add_soft(same)
    solver.add(*_settled(world, trial, fact, free))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    changes = Changes()
    for name, pointer in free.items():
        if not z3.is_true(
            model.eval(as_it_is(world, trial.base, fact, name), model_completion=True)
        ):
            changes.add(world, model, trial, name, pointer)
    if changes.impossible:
        return None
    return _confirmed(claim, trial, fact, model, changes, bases, newer)


def _settled(world: World, trial: Trial, fact: Fact, free: Mapping[str, str]) -> list[Formula]:
    """What is known of tests on two fields where a case may change neither."""
    if any(("field", name) in key for key in world.verdicts() for name in free):
        return []  # what the case comes to is run before it is told
    return tests_as_they_are(world, trial.base, fact)


def _confirmed(
    claim: Claim,
    trial: Trial,
    fact: Fact,
    model: Any,
    changes: Changes,
    bases: Bases,
    newer: Pack | None,
) -> Counterexample | None:
    """The case, where running it comes to what the solver said."""
    told = _told(claim, model)
    first, other = (_with_parameters(claim, model, changes.on(trial.case), n) for n in (0, 1))
    name = subject_name(fact, trial.pack.entities.get(fact.entity))
    cases = []
    first_run = _run(trial.pack, first, name, bases)
    if first_run is None or first_run[0] is not told.before:
        return None
    cases.append(replace(first, name=_name(claim, told.before, 0), expect=first_run[1]))
    if claim.name == "less":
        gone = _gone(trial, fact, claim.about, first)
        if gone is None:
            return None
        second_run = _run(trial.pack, gone, name, bases)
        if second_run is None or second_run[0] is not told.after:
            return None
        assert told.after is not None
        cases.append(replace(gone, name=_name(claim, told.after, 1), expect=second_run[1]))
    elif claim.given:
        second_run = _run(trial.pack, other, name, bases)
        if second_run is None or second_run[0] is not told.after:
            return None
        cases.append(replace(other, name=_name(claim, second_run[0], 1), expect=second_run[1]))
    elif newer is not None or claim.name == "pairs":
        where, case = (newer, first) if newer else (trial.pack, replace(first, rule=claim.about))
        there = _run(where, case, name, Bases(where))
        if there is None or there[0] is not told.after:
            return None
        cases.append(replace(case, name=_name(claim, there[0], 1), expect=there[1]))
    return replace(told, cases=tuple(cases))


def _with_parameters(claim: Claim, model: Any, case: Case, which: int) -> Case:
    """A case with the parameters that the solver chose, before (0) or after (1)."""
    world, pack = claim.world, claim.setting.pack
    assert world is not None
    chosen = {
        name: parameter(
            world, model, operands[which], pack.parameters[name].type, len(pack.parameters[name].by)
        )
        for name, operands in claim.given.items()
    }
    return replace(case, params={**case.params, **chosen}) if chosen else case


def _gone(trial: Trial, fact: Fact, name: str, case: Case) -> Case | None:
    """A case without what a field was read or derived from."""
    if not can_be_left_out(trial.pack, fact.entity, name):
        return None
    places = trial.base.places(fact, name)
    nothing = {pointer: None for pointer in places if pointer}
    return replace(case, changes={**case.changes, **nothing}) if nothing else None


def _run(
    pack: Pack, case: Case, subject: str, bases: Bases
) -> tuple[Outcome, Mapping[str, tuple[str, ...]]] | None:
    """(outcome of a subject, outcome → subjects that must be named), by the direct engine."""
    rule: Rule | None = pack.rules.get(case.rule)
    if rule is None:
        return None
    try:
        trial = set_up(pack, rule, case, bases[read_cases(pack, rule).base or pack.base])
    except (KeyError, OSError, ValueError):
        return None
    if isinstance(trial, str):
        return None
    definition = pack.entities.get(rule.each)
    outcomes = direct.run([trial.bound], trial.base)[rule.id]
    worst: dict[str, Outcome] = {}
    for fact, found in zip(trial.base.entities[rule.each], outcomes, strict=True):
        if found is Outcome.INSUFFICIENT:
            found = direct.gap(trial.base, direct.missing(trial.bound, trial.base, fact))
        name = subject_name(fact, definition)
        worst[name] = min(worst.get(name, found), found, key=_ORDER.__getitem__)
    if subject not in worst:
        return None
    expect: dict[str, tuple[str, ...]] = {}
    for name, found in worst.items():
        if name == subject or found in _ADVERSE:
            expect[str(found)] = (*expect.get(str(found), ()), name)
    return worst[subject], expect


#: Outcomes as a case's name says them.
OUTCOMES_SAID: Final[Mapping[Outcome, str]] = {
    Outcome.PASS: "符合",
    Outcome.FAIL: "不符合",
    Outcome.REVIEW: "存疑待核",
    Outcome.INSUFFICIENT: "材料不足",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.NOT_JUDGED: "未评",
}
#: What the first and the second case of a claim are called.
_NAMES: Final = {
    "engines": ("反例：直接求值的引擎得出 {outcome}", ""),
    "less": ("反例：{outcome}", "反例：没有填 {about}，{outcome}"),
    "pairs": ("反例：这条规则 {outcome}", "反例：同一对象，规则 {about} {outcome}"),
    "tighter": ("反例：参数取这个值，{outcome}", "反例：参数收紧到这个值，{outcome}"),
    "overlay": ("反例：没有叠加，{outcome}", "反例：叠加以后，{outcome}"),
    "version": ("反例：旧的一版，{outcome}", "反例：新的一版，{outcome}"),
}


def _name(claim: Claim, outcome: Outcome, which: int) -> str:
    return _NAMES[claim.name][which].format(
        outcome=OUTCOMES_SAID.get(outcome, str(outcome)), about=claim.about
    )


# --- as a case file writes it ----------------------------------------------------------------


def written(case: Case) -> str:
    """A case as an item of ``cases:``; its values in JSON, which YAML includes."""
    lines = [f"  - name: {_json(case.name)}", f"    stage: {case.stage}"]
    for key, value in (("as_of", case.as_of), ("check_date", case.check_date)):
        if value is not None:
            lines.append(f"    {key}: {_json(value)}")
    for key, found in (("params", case.params), ("set", case.changes)):
        if found:
            lines.append(f"    {key}: {_json(dict(found))}")
    if case.drop:
        lines.append(f"    drop: {_json(list(case.drop))}")
    expected = {outcome: list(subjects) for outcome, subjects in case.expect.items()}
    return "\n".join([*lines, f"    expect: {_json(expected)}"]) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
