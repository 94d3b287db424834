"""GoRules ZEN: one decision whose expressions give 0, 1 or 2 as those of `datalogic` do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

from benchmarks.field20.generate import EXEMPT
from benchmarks.field20.reference import Finding
from benchmarks.field20_peers.rows import FLAGS, ORDERS, ROWS, RowRule

LEFT_OUT: frozenset[str] = frozenset()
_WORDS = {1: "fail", 2: "unknown"}


def make() -> Callable[[bytes], list[Finding]]:
    import zen

    rows = [(one.rule, one.list, one.field, _rows(one)) for one in ROWS]
    rows.append(("vendor-record", "vendors", "status", _VENDORS))
    whole = [(rule, path, _whole(path, f"{path} == true")) for rule, path in FLAGS]
    whole += [
        (rule, a, f"{a} == null or {b} == null ? 2 : (d({a}) {sign} d({b}) ? 0 : 1)")
        for rule, a, b, sign in ORDERS
    ]
    listed = f"all({json.dumps(EXEMPT)}, # in exempt_categories)"
    whole.append(("fee-exemptions", "exempt_categories", _whole("exempt_categories", listed)))
    minutes = _whole("exercise_minutes", "exercise_minutes >= 60")
    whole += [("safety-exercise", "exercise_minutes", minutes)]
    whole += [("funds-balance", "ledger.balance", _BALANCE)]
    told = [
        (f"x{n}", value) for n, value in enumerate([r[-1] for r in rows] + [w[-1] for w in whole])
    ]
    decision = zen.ZenEngine().create_decision(json.dumps(_decision(told)))

    def found(plan: bytes) -> list[Finding]:
        result = decision.evaluate(orjson.loads(plan))["result"]
        findings = [
            (rule, _WORDS[int(value)], f"{part}[{i}].{field}")
            for n, (rule, part, field, _) in enumerate(rows)
            for i, value in enumerate(result[f"x{n}"])
            if value
        ]
        return findings + [
            (rule, _WORDS[int(result[f"x{n}"])], path)
            for n, (rule, path, _) in enumerate(whole, len(rows))
            if result[f"x{n}"]
        ]

    return found


def _decision(told: list[tuple[str, str]]) -> dict[str, Any]:
    expressions = [{"id": key, "key": key, "value": value} for key, value in told]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {
            "id": "rules",
            "name": "rules",
            "type": "expressionNode",
            "content": {"expressions": expressions},
        },
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    ways = [("in", "rules"), ("rules", "out")]
    edges = [{"id": a + b, "sourceId": a, "targetId": b, "type": "edge"} for a, b in ways]
    return {"nodes": nodes, "edges": edges}


def _rows(one: RowRule) -> str:
    value = f"#.{one.field}"
    if one.most:
        met = f"time({value}) <= time({json.dumps(one.most)})"
    elif one.good == (True,):
        met = f"{value} == true"
    elif one.good:
        met = f"{value} in {json.dumps(list(one.good))}"
    else:
        met = f"not ({value} in {json.dumps(list(one.bad))})"
    judged = f"({value} == null ? 2 : ({met} ? 0 : 1))"
    if one.when is None:
        return f"map({one.list}, {judged})"
    held = json.dumps(one.when[1])
    if "." in one.when[0]:
        return f"{one.when[0]} == {held} ? map({one.list}, {judged}) : []"
    return f"map({one.list}, #.{one.when[0]} == {held} ? {judged} : 0)"


def _whole(path: str, met: str) -> str:
    return f"{path} == null ? 2 : ({met} ? 0 : 1)"


_SOME = " or ".join(f"#.flags.{flag} == true" for flag in ("fraud", "safety", "fee"))
_VAGUE = " or ".join(f"#.flags.{flag} == null" for flag in ("fraud", "safety", "fee"))
_VENDORS = (
    'map(vendors, #.status == "suspended" ? 0 : '
    f'(({_SOME}) ? (#.status == "active" ? 1 : 2) : (({_VAGUE}) ? 2 : 0)))'
)
_SIGNED = '#.type == "income" ? #.amount : 0 - #.amount'
_BALANCE = (
    "ledger.balance == null or some(ledger.entries, #.amount == null) ? 2 : "
    f"(ledger.opening + sum(map(ledger.entries, {_SIGNED})) == ledger.balance ? 0 : 1)"
)
