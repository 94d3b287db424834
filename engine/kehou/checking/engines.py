"""Both engines at work on one pack: what they agree on, and where they differ.

An outcome stands only where both engines reach it; where they differ it is an error with both
answers (docs/language.md §3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kehou.checking.findings import Writer
from kehou.checking.one_engine import beside
from kehou.errors import KehouError, UsageError
from kehou.facts import FactBase
from kehou.judging import BoundRule, direct
from kehou.model.outcomes import Outcome
from kehou.model.report import Finding
from kehou.model.rules import DecisionFact, DecisionRule, Firing


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engines asked for found; a ``problem`` is that of an engine that failed."""

    outcomes: dict[str, list[Outcome]]
    findings: dict[str, list[Finding]]
    crossed: bool = False
    differing: dict[tuple[str, int], tuple[Outcome, Outcome]] = field(default_factory=dict)
    problem: str = ""


def start(rules: Sequence[BoundRule], engine: str) -> Any:
    """The rules at work in a child, which compiles them while the facts are still being built."""
    if engine == "direct":
        return None
    from kehou.judging import rete
    from kehou.judging.second_try import SecondTry

    if not rete.available():
        if engine == "rete":
            raise UsageError(
                "no-rete",
                "这台机器上没有 durable_rules，不能用 --engine rete",
                hint="请改用 --engine direct，或用 CPython 3.11、3.12 安装 kehou",
            )
        return None
    return SecondTry(lambda: rete.start(rules))


def judged(
    rules: Sequence[BoundRule], base: FactBase, running: Any, engine: str, writer: Writer
) -> Judged:
    """The agreed outcomes and their findings; those of the direct engine are written while the
    other one is still at work.
    """

    def written(outcomes: Mapping[str, list[Outcome]]) -> dict[str, list[Finding]]:
        return {r.rule.id: writer.findings(r, outcomes[r.rule.id]) for r in rules}

    if running is not None:
        running.feed(base)
    mine = direct.run(rules, base) if engine != "rete" or running is None else {}
    findings = written(mine) if mine else {}
    if running is None:
        return Judged(mine, findings)
    try:
        theirs = running.outcomes()
    except KehouError as error:
        lost = {r.rule.id: [Outcome.ERROR] * len(base.entities[r.rule.each]) for r in rules}
        told = beside(written(lost), mine, error.message, writer.language)
        return Judged(lost, told, problem=error.message)
    if engine == "rete":
        return Judged(theirs, written(theirs))
    differing: dict[tuple[str, int], tuple[Outcome, Outcome]] = {}
    for rule in rules:
        found = mine[rule.rule.id]
        pairs = {}
        for i, (a, b) in enumerate(zip(found, theirs[rule.rule.id], strict=True)):
            if a is not b:
                pairs[(rule.rule.id, i)] = (a, b)
                found[i] = Outcome.ERROR
        if pairs:
            differing |= pairs
            findings[rule.rule.id] = _disagreeing(writer.findings(rule, found), pairs.values())
    return Judged(mine, findings, True, differing)


def _disagreeing(
    findings: list[Finding], pairs: Iterable[tuple[Outcome, Outcome]]
) -> list[Finding]:
    said = "；".join(sorted({f"直接引擎：{a}，规则网络：{b}" for a, b in pairs}))
    return [
        replace(f, message=f"两个引擎结论不一致（{said}），请联系规则包维护者")
        if f.outcome is Outcome.ERROR and not f.missing
        else f
        for f in findings
    ]


def inferences(
    rules: Sequence[DecisionRule], facts: Sequence[DecisionFact], running: Any, found: Judged
) -> tuple[set[Firing], bool, str]:
    """(what the engines agree on, whether they were held against each other, problem)."""
    mine = direct.infer(rules, facts)
    if running is None or found.problem:
        return mine, found.crossed, found.problem
    try:
        theirs = running.decide(rules, list(facts))
    except KehouError as error:
        return mine, False, error.message
    if theirs != mine:
        return mine & theirs, found.crossed, "两个引擎对结论的推断不一致，请联系规则包维护者"
    return mine, found.crossed, ""
