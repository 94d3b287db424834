"""JSONLogic on datalogic-py: every rule gives 0 (met), 1 (not met) or 2 (not known), row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.field20.generate import EXEMPT
from benchmarks.field20.reference import Finding
from benchmarks.field20_peers.rows import FLAGS, ORDERS, ROWS, RowRule

LEFT_OUT: frozenset[str] = frozenset()
_WORDS = {1: "fail", 2: "unknown"}


def make() -> Callable[[bytes], list[Finding]]:
    import datalogic_py

    rows = [_rows(one) for one in ROWS] + [_vendors()]
    whole = [_whole(_var(path), _var(path)) for _, path in FLAGS]
    whole += [
        _whole({"and": [_known(a), _known(b)]}, {sign: [_var(a), _var(b)]}, plain=False)
        for _, a, b, sign in ORDERS
    ]
    listed = {"and": [{"in": [one, _var("exempt_categories")]} for one in EXEMPT]}
    whole += [
        _whole(_var("exempt_categories"), listed),
        _whole(_var("exercise_minutes"), {">=": [_var("exercise_minutes"), 60]}),
        _balance(),
    ]
    logic = datalogic_py.Engine().compile(json.dumps([*rows, *whole]))
    places = [(one.rule, one.list, one.field) for one in ROWS]
    places.append(("vendor-record", "vendors", "status"))
    names = [(rule, path) for rule, path in FLAGS] + [(rule, a) for rule, a, _, _ in ORDERS]
    names += [
        ("fee-exemptions", "exempt_categories"),
        ("safety-exercise", "exercise_minutes"),
        ("funds-balance", "ledger.balance"),
    ]
    count = len(places)

    def found(plan: bytes) -> list[Finding]:
        told = json.loads(logic.evaluate_str(plan.decode()))
        findings = [
            (rule, _WORDS[value], f"{part}[{i}].{field}")
            for (rule, part, field), values in zip(places, told, strict=False)
            if any(values)
            for i, value in enumerate(values)
            if value
        ]
        return findings + [
            (rule, _WORDS[value], path)
            for (rule, path), value in zip(names, told[count:], strict=True)
            if value
        ]

    return found


def _var(path: str) -> dict[str, Any]:
    return {"var": path}


def _known(path: str) -> dict[str, Any]:
    return {"!==": [_var(path), None]}


def _rows(one: RowRule) -> dict[str, Any]:
    value = _var(one.field)
    if one.most:
        met: Any = {"<=": [value, one.most]}
    elif one.good == (True,):
        met = {"===": [value, True]}
    elif one.good:
        met = {"in": [value, list(one.good)]}
    else:
        met = {"!": {"in": [value, list(one.bad)]}}
    judged = {"if": [{"===": [value, None]}, 2, met, 0, 1]}
    if one.when is not None and "." not in one.when[0]:
        judged = {"if": [{"===": [_var(one.when[0]), one.when[1]]}, judged, 0]}
    walked = {"map": [_var(one.list), judged]}
    if one.when is not None and "." in one.when[0]:
        return {"if": [{"===": [_var(one.when[0]), one.when[1]]}, walked, []]}
    return walked


def _vendors() -> dict[str, Any]:
    flags = [_var(f"flags.{flag}") for flag in ("fraud", "safety", "fee")]
    some = {"or": [{"===": [flag, True]} for flag in flags]}
    vague = {"or": [{"===": [flag, None]} for flag in flags]}
    judged = {"if": [some, {"if": [{"===": [_var("status"), "active"]}, 1, 2]}, vague, 2, 0]}
    return {"map": [_var("vendors"), {"if": [{"===": [_var("status"), "suspended"]}, 0, judged]}]}


def _whole(known: Any, met: Any, plain: bool = True) -> dict[str, Any]:
    known = {"!==": [known, None]} if plain else known
    return {"if": [known, {"if": [met, 0, 1]}, 2]}


def _balance() -> dict[str, Any]:
    amount, so_far = _var("current.amount"), _var("accumulator")
    vague: dict[str, Any] = {"or": [{"===": [so_far, None]}, {"===": [amount, None]}]}
    income = {"===": [_var("current.type"), "income"]}
    step = {"if": [vague, None, income, {"+": [so_far, amount]}, {"-": [so_far, amount]}]}
    total = {"reduce": [_var("ledger.entries"), step, _var("ledger.opening")]}
    lacking = {"some": [_var("ledger.entries"), {"===": [_var("amount"), None]}]}
    open_ = {"or": [{"===": [_var("ledger.balance"), None]}, lacking]}
    return {"if": [open_, 2, {"===": [total, _var("ledger.balance")]}, 0, 1]}
