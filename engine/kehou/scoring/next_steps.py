"""What would settle the open points of a sheet: to hand in, to look at, to set, to mend."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.scoring.reports_in import Submitter
from kehou.scoring.sheet import ZERO, Line, Next

#: Kinds of steps that settle as many points stand in this order.
ORDER = ("evidence", "review", "fault", "value", "bureau")


def next_steps(submitter: Submitter, lines: Sequence[Line]) -> tuple[Next, ...]:
    """What is to be handed in or settled, by the points in question, most first.

    A thing counts all open points of every indicator that it bears on: what it could settle.
    """
    found: list[Next] = []
    undecided = [line for line in lines if line.state == "open"]

    def touched(rules: set[str]) -> list[Line]:
        return [n for n in undecided if rules & {r.rule for r in n.rules}]

    def add(kind: str, what: str, path: str, rules: set[str], on: Sequence[Line]) -> None:
        if on:
            points = sum((n.own.width for n in on), ZERO)
            names = tuple(n.indicator.id for n in on)
            told = tuple(sorted(r.rule for n in on for r in n.rules if r.rule in rules))
            found.append(Next(kind, what, path, names, tuple(dict.fromkeys(told)), points))

    waiting = {
        kind: {
            r.rule: r
            for n in undecided
            for r in n.rules
            if any(f.counts == "open" and f.outcome == outcome for f in r.findings)
        }
        for kind, outcome in (
            ("evidence", "insufficient"),
            ("review", "review"),
            ("bureau", "not_judged"),
            ("fault", "error"),
        )
    }
    for item in submitter.wanted:
        rules = set(item.rules) & set(waiting["evidence"])
        add("evidence", item.label or item.path, item.path, rules, touched(rules))
    for kind in ("review", "bureau", "fault"):
        for name, rule in waiting[kind].items():
            told = submitter.not_judged.get(name, "") if kind == "bureau" else ""
            if kind == "bureau" and not rule.title:
                told = "报告中没有这条规则的结论，请用现在的规则包重新核查"
            add(
                kind,
                f"{rule.title or name}{f'（{told}）' if told else ''}",
                "",
                {name},
                touched({name}),
            )
    for line in undecided:
        if line.indicator.method.given:
            add("value", line.indicator.title, "", set(), [line])
    return tuple(sorted(found, key=lambda n: (-n.points, ORDER.index(n.kind), n.what, n.path)))
