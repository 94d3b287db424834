"""What deleting one scalar of a submission does to a rule's outcome, over the cases of a pack."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kehou.authoring.run_cases import Bases, Trial, set_up
from kehou.judging import direct
from kehou.model.outcomes import Outcome
from kehou.packs import Pack
from kehou.packs.casefiles import Case, patched, read_cases

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


def losses(
    pack: Pack, chosen: random.Random, every: int, rules: list[str] | None = None
) -> Iterator[tuple[str, str, str, Outcome, Outcome, bool]]:
    """(rule, case, pointer, before, after, whether it went from adverse to lawful).

    Each adverse case loses every scalar that its rule read, and each ``every``-th one more by
    chance; 0 for none.
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
            everything = list(scalars(tree))
            known = set(everything)
            wanted = [p for p in read_by(trial) if p in known]
            one_more = chosen.choice(everything)  # always drawn, so that a share is a beginning
            adverse += 1
            if every and adverse % every == 0:
                wanted.append(one_more)
            for pointer in dict.fromkeys(wanted):
                after = _after(pack, trial, case, without(tree, pointer))
                lost = before in ADVERSE and after in LAWFUL
                yield rule.id, case.name, pointer, before, after, lost


def _after(pack: Pack, trial: Trial, case: Case, tree: Any) -> Outcome:
    bare = replace(case, changes={}, drop=(), as_of=trial.as_of)
    check = trial.check.get("check.date")
    if isinstance(check, str) and case.check_date is not None:
        bare = replace(bare, check_date=check)
    again = set_up(pack, trial.bound.rule, bare, tree)
    assert isinstance(again, Trial), again
    return rolled(again)
