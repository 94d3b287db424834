"""The direct engine: rules as closures, and the explanation of any rule on any subject.

It is fast, and it alone gives reasons: which tests held, which values were seen, and the exact
pointers of what is missing. Outcomes follow the table of docs/language.md §2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.facts import Fact, FactBase
from kehou.judging.program import BoundRule, Program
from kehou.language import Bound, FieldArg, Leaf, Table, closure
from kehou.language.conditions import (
    Operand,
    Truth,
    deciding_leaves,
    evaluate,
    is_unset,
    leaves,
    tables,
)
from kehou.language.derivations import join_paths, paths_of
from kehou.language.operators import Verdict
from kehou.model.outcomes import Outcome, Owner
from kehou.model.rules import KIND, Any_, DecisionFact, DecisionRule, Firing, Not

Judge = Callable[[Mapping[str, Any], Mapping[str, Any]], Outcome]


def judge(rule: BoundRule) -> Judge:
    """A function of (subject's values, submission's values) that gives the rule's outcome."""
    when = None if rule.when is None else closure(rule.when)
    unset = bool(rule.unset)
    with_tables = bool(tables(rule.require))
    require = closure(rule.require)
    reviews = [closure(review.when) for review in rule.reviews]

    def outcome(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Outcome:
        applies = True if when is None else when(values, roots)
        if applies is False:
            return Outcome.NOT_APPLICABLE
        if unset or (with_tables and is_unset(rule.require, values, roots)):
            return Outcome.NOT_JUDGED
        met = require(values, roots)
        if met is False and applies:
            return Outcome.FAIL
        settled = True
        for review in reviews:
            look = review(values, roots)
            if look:
                return Outcome.REVIEW
            settled = settled and look is False
        return Outcome.PASS if met and settled else Outcome.INSUFFICIENT

    return outcome


def run(rules: Sequence[BoundRule], base: FactBase) -> dict[str, list[Outcome]]:
    """Outcome of every rule on every subject of its entity, in the order of the entity's rows."""
    roots = base.root.values
    results = {}
    for rule, outcome in zip(rules, _judges(rules), strict=True):
        results[rule.rule.id] = [outcome(f.values, roots) for f in base.entities[rule.rule.each]]
    return results


def _judges(rules: Sequence[BoundRule]) -> Sequence[Judge]:
    if not isinstance(rules, Program):
        return [judge(rule) for rule in rules]
    if rules.judges is None:
        rules.judges = [judge(rule) for rule in rules]
    return rules.judges


# --- explanation ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One node of an evaluated condition: ``word`` is ``all``, ``any``, ``not`` or an operator.

    ``role`` is ``when``, ``require`` or ``review`` on the topmost node of each condition.
    """

    word: str
    value: Verdict
    leaf: Leaf | None = None
    steps: tuple[Step, ...] = ()
    role: str = ""
    reason: str = ""


def trace(rule: BoundRule, base: FactBase, fact: Fact) -> list[Step]:
    """The evaluated conditions of a rule on a subject."""
    roots = base.root.values

    def step(cond: Bound, role: str = "", reason: str = "") -> Step:
        value = evaluate(cond, fact.values, roots)
        if isinstance(cond, Leaf):
            return Step(cond.op, value, cond, (), role, reason)
        if isinstance(cond, Truth):
            return Step("true" if cond.value else "false", value, None, (), role, reason)
        if isinstance(cond, Not):
            return Step("not", value, None, (step(cond.item),), role, reason)
        word = "any" if isinstance(cond, Any_) else "all"
        return Step(word, value, None, tuple(step(c) for c in cond.items), role, reason)

    steps = []
    if rule.when is not None:
        steps.append(step(rule.when, "when"))
    if rule.require is not None:
        steps.append(step(rule.require, "require"))
    return [*steps, *(step(r.when, "review", r.reason) for r in rule.reviews)]


def deciding(cond: Bound | None, base: FactBase, fact: Fact, wanted: Verdict) -> list[Leaf]:
    """The leaves that make a condition true, false or unknown (``wanted``) on a subject."""
    return list(deciding_leaves(cond, fact.values, base.root.values, wanted))


def missing(rule: BoundRule, base: FactBase, fact: Fact) -> tuple[str, ...]:
    """Pointers of what keeps a rule from being decided on a subject (docs/language.md §2.5)."""
    roots = base.root.values
    undecided: list[Bound] = []
    if rule.when is not None and evaluate(rule.when, fact.values, roots) is None:
        undecided.append(rule.when)
    if rule.require is not None and evaluate(rule.require, fact.values, roots) is None:
        undecided.append(rule.require)
    undecided += [r.when for r in rule.reviews if evaluate(r.when, fact.values, roots) is None]
    groups = []
    for cond in undecided:
        for leaf in deciding(cond, base, fact, None):
            groups += [_open_paths(operand, base, fact) for operand in (leaf.left, leaf.right)]
    return join_paths(groups)


def gap(base: FactBase, paths: Sequence[str]) -> Outcome:
    """What a subject that cannot be told comes to, by what it lacks (docs/language.md §2.5).

    What could not be read is an error; what only the authority or a visit can add is not judged.
    """
    if any(base.is_faulted(path) for path in paths):
        return Outcome.ERROR
    if paths and all(base.owner(path) is not Owner.SUBJECT for path in paths):
        return Outcome.NOT_JUDGED
    return Outcome.INSUFFICIENT


def _open_paths(operand: Operand, base: FactBase, fact: Fact) -> tuple[str, ...]:
    fields = operand.by if isinstance(operand, Table) else (operand,)
    return join_paths(
        paths_of(base.read(fact, field.name)) for field in fields if isinstance(field, FieldArg)
    )


# --- decisions -----------------------------------------------------------------------------


def infer(rules: Sequence[DecisionRule], facts: Sequence[DecisionFact]) -> set[Firing]:
    """All firings of decision rules, marks chained to a fixpoint; patterns only add."""
    known: dict[str, list[tuple[str, DecisionFact]]] = {}
    for number, fact in enumerate(facts):
        known.setdefault(fact[KIND], []).append((str(number), fact))
    fired: set[Firing] = set()
    growing = True
    while growing:
        growing = False
        for rule in rules:
            for matched in list(_matches(rule, known, 0, {})):
                firing = (rule.id, tuple(identity for identity, _ in matched))
                if firing in fired:
                    continue
                fired.add(firing)
                growing = True
                _derive_mark(rule, matched, known)
    return fired


def _derive_mark(
    rule: DecisionRule,
    matched: list[tuple[str, DecisionFact]],
    known: dict[str, list[tuple[str, DecisionFact]]],
) -> None:
    if rule.mark is None or rule.subject is None:
        return
    variables = {p.var: fact for p, (_, fact) in zip(rule.when, matched, strict=True)}
    subject = variables[rule.subject[0]].get(rule.subject[1])
    if subject is None:
        return
    kind = f"mark:{rule.mark}"
    identity = f"{kind}:{subject}"
    marks = known.setdefault(kind, [])
    if all(other != identity for other, _ in marks):
        marks.append((identity, {KIND: kind, "subject": subject}))


def _matches(
    rule: DecisionRule,
    known: Mapping[str, list[tuple[str, DecisionFact]]],
    depth: int,
    variables: dict[str, DecisionFact],
) -> Iterator[list[tuple[str, DecisionFact]]]:
    if depth == len(rule.when):
        yield []
        return
    pattern = rule.when[depth]
    for identity, fact in list(known.get(pattern.kind, ())):
        if any(fact.get(name) != value for name, value in pattern.equals):
            continue
        if any(
            fact.get(mine) is None or fact.get(mine) != variables[var].get(other)
            for mine, var, other in pattern.same
        ):
            continue
        for rest in _matches(rule, known, depth + 1, {**variables, pattern.var: fact}):
            yield [(identity, fact), *rest]


__all__ = ["Step", "deciding", "gap", "infer", "judge", "leaves", "missing", "run", "trace"]
