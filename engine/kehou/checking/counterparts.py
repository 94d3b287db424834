"""A rule and its counterpart in another pack: judged twice, told once (docs/language.md §2.19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kehou.checking.pack_run import Run
from kehou.judging import BoundRule
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Decision, RuleResult

#: How strict an outcome is where two packs judge the same thing; an error proves nothing.
_STRICTNESS = (
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.INSUFFICIENT,
    Outcome.ERROR,
    Outcome.NOT_JUDGED,
    Outcome.WAIVED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def paired(judged: Sequence[tuple[Run, BoundRule, RuleResult]]) -> list[RuleResult]:
    """Results with a rule and its counterpart in another pack as one: the stricter, both cited.

    Of two alike the graver is the stricter. A policy that does not apply is not cited: then both
    results stand.
    """
    by_name = {f"{one.pack.id}/{rule.rule.id}": result for one, rule, result in judged}
    merged: dict[str, RuleResult] = dict(by_name)
    for one, rule, _ in judged:
        name = f"{one.pack.id}/{rule.rule.id}"
        other = rule.rule.counterpart
        if other is None or other not in merged or name not in merged:
            continue
        strict, mild = sorted((merged[other], merged[name]), key=_strictness)
        if mild.outcome is Outcome.NOT_APPLICABLE:
            continue
        cited = tuple(dict.fromkeys((*strict.clauses, *mild.clauses)))
        merged[other] = replace(strict, clauses=cited, counterpart=mild.rule)
        del merged[name]
    return list(merged.values())


def _strictness(result: RuleResult) -> tuple[int, int]:
    return _STRICTNESS.index(result.outcome), list(Severity).index(result.severity)


def without_doubles(decision: Decision, results: Sequence[RuleResult]) -> Decision:
    """A decision that gives one reason, not two, for a rule and its counterpart."""
    named = {reason.rule for reason in decision.reasons}
    doubles = {r.counterpart for r in results if r.rule in named and r.counterpart != r.rule}
    return replace(decision, reasons=tuple(x for x in decision.reasons if x.rule not in doubles))
