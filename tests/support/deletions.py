"""What deleting one scalar of a submission does to a rule's outcome, over the cases of a pack."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kehou.authoring.run_cases import Bases, Trial, set_up
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.packs import Pack
from kehou.packs.casefiles import patched, read_cases

ADVERSE = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
LAWFUL = (Outcome.PASS, Outcome.NOT_APPLICABLE)
_ORDER = list(Outcome)


def rolled(trial: Trial) -> Outcome:
    """The rule's outcome over all its subjects."""
    outcomes = direct.run([trial.bound], trial.base)[trial.bound.rule.id]
    return min(outcomes, key=_ORDER.index, default=Outcome.NOT_APPLICABLE)


def scalars(tree: Any, pointer: str = "") -> Iterator[str]:
    """Pointers of every scalar of a tree."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from scalars(value, f"{pointer}/{key}")
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from scalars(value, f"{pointer}/{i}")
    elif tree is not None:
        yield pointer


def without(tree: Any, pointer: str) -> Any:
    """The tree with one scalar not supplied; in a list it becomes null, so that nothing moves.

    What the pointer does not pass through is shared with the tree that is given.
    """
    step, _, rest = pointer[1:].partition("/")
    if isinstance(tree, list):
        changed = list(tree)
        changed[int(step)] = without(tree[int(step)], f"/{rest}") if rest else None
        return changed
    kept = {key: value for key, value in tree.items() if rest or key != step}
    return kept | {step: without(tree[step], f"/{rest}")} if rest else kept


def read_by(trial: Trial) -> list[str]:
    """Pointers of what the rule's adverse subjects were judged by."""
    found: dict[str, None] = {}
    outcomes = direct.run([trial.bound], trial.base)[trial.bound.rule.id]
    for fact, outcome in zip(trial.base.entities[trial.bound.rule.each], outcomes, strict=True):
        if outcome in ADVERSE:
            for cond in trial.bound.conditions:
                for leaf in direct.leaves(cond):
                    for operand in (leaf.left, leaf.right):
                        name = getattr(operand, "name", None)
                        if name and not name.startswith("check."):
                            found.update(dict.fromkeys(trial.base.places(fact, name)))
    return list(found)


@dataclass(frozen=True)
class Loss:
    """One scalar less: the tree before and after, and the rule's outcome on each.

    ``better`` says that the rule went from adverse to lawful.
    """

    trial: Trial
    whole: Any
    tree: Any
    pointer: str
    before: Outcome
    after: Outcome

    @property
    def rule(self) -> str:
        """Id of the rule."""
        return self.trial.bound.rule.id

    @property
    def better(self) -> bool:
        """Whether the rule went from adverse to lawful."""
        return self.before in ADVERSE and self.after in LAWFUL

    def __str__(self) -> str:
        case = self.trial.case.name
        return f"{self.rule} “{case}” without {self.pointer}: {self.before} became {self.after}"


def losses(
    pack: Pack, chosen: random.Random, every: int, rules: list[str] | None = None
) -> Iterator[Loss]:
    """Each adverse case without each scalar that its rule read, one at a time.

    Each ``every``-th case loses one more scalar by chance; 0 for none.
    """
    adverse = 0
    bases = Bases(pack)
    for rule in pack.rules.values():
        if rules and rule.id not in rules:
            continue
        file = read_cases(pack, rule)
        for case in file.cases:
            trial = set_up(pack, rule, case, bases[file.base])
            assert isinstance(trial, Trial), trial
            before = rolled(trial)
            if before not in ADVERSE:
                continue
            tree = patched(bases[file.base], case)
            everything = [p for p in scalars(tree) if not by_program(pack, p)]
            known = set(everything)
            wanted = [p for p in read_by(trial) if p in known]
            one_more = chosen.choice(everything)  # always drawn, so that a share is a beginning
            adverse += 1
            if every and adverse % every == 0:
                wanted.append(one_more)
            for pointer in dict.fromkeys(wanted):
                left = without(tree, pointer)
                yield Loss(trial, tree, left, pointer, before, rolled(on_tree(trial, left)))


def by_program(pack: Pack, pointer: str) -> bool:
    """Whether a value is filled in by the program, so that nobody can leave it out."""
    part = pack.schema.root.fields.get(pointer.split("/")[1])
    return part is not None and part.reader


def on_tree(trial: Trial, tree: Any) -> Trial:
    """The same rule, stage and dates on another tree."""
    case = trial.case
    bare = replace(case, changes={}, drop=(), as_of=trial.as_of)
    check = trial.check.get("check.date")
    if isinstance(check, str) and case.check_date is not None:
        bare = replace(bare, check_date=check)
    again = set_up(trial.pack, trial.bound.rule, bare, tree)
    assert isinstance(again, Trial), again
    return again


# --- what the other rules say ----------------------------------------------------------------


def told_by(loss: Loss, name: str = "") -> str:
    """Another rule of the pack and stage that asks for the very value that is gone, or "".

    It cannot tell, and names the pointer as missing; or it has turned adverse by itself. With
    ``name`` any rule counts that lacks a field of that name. Rules that only advise never do. What
    is asked for when the plan is handed in was told then.
    """
    left = on_tree(loss.trial, loss.tree)
    after = [*_all(left, left.case.stage)]
    if left.case.stage is not Stage.APPROVAL:
        after += [
            (bound, [told for told in facts if told[1] is Outcome.INSUFFICIENT])
            for bound, facts in _all(left, Stage.APPROVAL)
        ]
    before: dict[str, set[tuple[str, Outcome]]] | None = None
    for bound, facts in after:
        rule = bound.rule
        if rule.severity is Severity.ADVICE or (rule.id == loss.rule and not name):
            continue
        for fact, outcome, missing in facts:
            if outcome is Outcome.INSUFFICIENT:
                if any(f"/{name}/" in f"{p}/" if name else p == loss.pointer for p in missing):
                    return rule.id
            elif outcome in ADVERSE and not name:
                before = before or _seen(loss.trial)
                if (fact, outcome) not in before.get(rule.id, set()):
                    return rule.id
    return ""


_Told = tuple[str, Outcome, tuple[str, ...]]


def _all(trial: Trial, stage: Stage) -> Iterator[tuple[BoundRule, list[_Told]]]:
    """(rule, (subject, outcome, what is missing) of each adverse subject), over the whole pack."""
    rules, _ = bind_rules(trial.pack, stage, trial.as_of, trial.submission.bureau, trial.parameters)
    check = {**trial.check, "check.stage": str(stage)}
    base = FactBase(trial.pack, trial.base.tree, trial.parameters, check, trial.base.faulted)
    prepare(base, rules)
    outcomes = direct.run(rules, base)
    for bound in rules:
        rows = zip(base.entities[bound.rule.each], outcomes[bound.rule.id], strict=True)
        yield (
            bound,
            [
                (f.pointer, o, direct.missing(bound, base, f) if o is Outcome.INSUFFICIENT else ())
                for f, o in rows
                if o in ADVERSE
            ],
        )


def _seen(trial: Trial) -> dict[str, set[tuple[str, Outcome]]]:
    return {
        bound.rule.id: {(f, o) for f, o, _ in facts}
        for bound, facts in _all(trial, trial.case.stage)
    }


def rests_on(loss: Loss, statement: str) -> bool:
    """Whether the rule rests on another statement than the one that is gone.

    That is a field of the same row, else of any. Left out instead, it keeps the rule from passing;
    left out as well, it is asked for.
    """
    row = loss.pointer.rpartition("/")[0]
    found = [p for p in scalars(loss.whole) if f"/{statement}/" in f"{p}/"]
    found = [p for p in found if p == f"{row}/{statement}"] or found
    instead, as_well = loss.whole, loss.tree
    for pointer in found:
        instead, as_well = without(instead, pointer), without(as_well, pointer)
    if rolled(on_tree(loss.trial, instead)) not in ADVERSE:
        return False
    return bool(told_by(replace(loss, tree=as_well), statement))
