"""Quality gate of a pack's inferences: no adverse outcome that counts ends in acceptance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kehou.authoring.pack_gates import possible_outcomes
from kehou.model.outcomes import Outcome, Stage
from kehou.model.rules import DecisionRule, Rule
from kehou.packs import Pack
from kehou.packs.casefiles import Found
from kehou.packs.positions import Sites

_ADVERSE = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
_MOST_NAMED = 3


def unanswered(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Adverse outcomes of rules that count from which nothing is inferred: it would be accepted.

    Only an inference from one finding alone always follows it.
    """
    if pack.top is not None or pack.unread:
        return
    missed: dict[Outcome, list[str]] = {}
    for rule in pack.rules.values():
        if rule.severity not in pack.blocking or Stage.APPROVAL not in rule.stages:
            continue
        possible = (*possible_outcomes(pack, rule), Outcome.ERROR)
        for outcome in _ADVERSE:
            if outcome in possible and not any(_follows(d, rule, outcome) for d in pack.decisions):
                missed.setdefault(outcome, []).append(rule.id)
    if missed:
        told = "；".join(f"{outcome}（{_named(rules)}）" for outcome, rules in missed.items())
        first = next(iter(missed))
        way = "return" if first is Outcome.FAIL else "refer"
        way = "supplement" if first is Outcome.INSUFFICIENT else way
        hint = (
            f"请加一条推断，when 写 {{as: f, finding: {{outcome: {first}, blocking: true}}}}，"
            f"then 写 {{decide: {way}}}"
        )
        message = f"影响建议的规则有这些结论时没有推断，建议仍会是 accept：{told}"
        yield sites.at("decisions.yaml", "rules"), message, hint


def unnamed(pack: Pack, sites: Sites) -> Iterator[Found]:
    """Slots of a reason that stand for nothing that its pattern names: they would be left empty."""
    if pack.top is not None or pack.unread:
        return
    for i, decision in enumerate(pack.decisions):
        names = [pattern.var for pattern in decision.when]
        for slot in re.finditer(r"\{([a-z_]+)\.[a-z_]+\}", decision.because):
            if slot[1] not in names:
                told = f"because 里的 {slot[0]} 没有写在 when 里，报告上会是空的"
                hint = f"可用：{'、'.join(f'{{{name}.…}}' for name in names)}"
                yield sites.at("decisions.yaml", "rules", i, "because"), told, hint


def _follows(decision: DecisionRule, rule: Rule, outcome: Outcome) -> bool:
    """Whether a recommendation is drawn from this outcome of this rule, whatever else there is."""
    if not decision.decide or len(decision.when) != 1 or decision.when[0].kind != "finding":
        return False
    has = {
        "rule": rule.id,
        "outcome": str(outcome),
        "severity": str(rule.severity),
        "area": rule.area,
        "blocking": True,
    }
    return all(has.get(key) == value for key, value in decision.when[0].equals)


def _named(rules: list[str]) -> str:
    more = f" 等 {len(rules)} 条规则" if len(rules) > _MOST_NAMED else ""
    return "、".join(rules[:_MOST_NAMED]) + more


__all__ = ["unanswered", "unnamed"]
