"""Rego on regorus (opa-eval): a set of findings."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.field20.generate import EXEMPT
from benchmarks.field20.reference import Finding
from benchmarks.field20_peers.rows import FLAGS, ORDERS, ROWS, RowRule

LEFT_OUT: frozenset[str] = frozenset()


def make() -> Callable[[bytes], list[Finding]]:
    import opa_eval

    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "field20.rego"
        policy.write_text(source(), "utf-8")
        engine = opa_eval.OpaEval(str(policy), query="data.field20.findings")

    def found(plan: bytes) -> list[Finding]:
        told = json.loads(engine.evaluate(plan.decode()))
        while isinstance(told, dict):
            told = told["result"][0]["expressions"][0]["value"]
        return [(rule, word, path) for rule, word, path in told]

    return found


def source() -> str:
    """The policy."""
    parts = ["package field20", "import rego.v1"]
    parts += [part for one in ROWS for part in _rows(one)]
    for rule, path in FLAGS:
        parts += _whole(rule, path, "v == true")
    parts += _whole("safety-exercise", "exercise_minutes", "v >= 60")
    wanted = json.dumps(sorted(EXEMPT))
    parts += _whole(
        "fee-exemptions", "exempt_categories", f"count({{x | some x in {wanted}; x in v}}) == 5"
    )
    for rule, a, b, sign in ORDERS:
        parts.append(_finding(rule, "unknown", json.dumps(a), f"{_get(a)} == null"))
        both = f"{_get(a)} != null; {_get(b)} == null"
        parts.append(_finding(rule, "unknown", json.dumps(a), both))
        known = f"a := {_get(a)}; b := {_get(b)}; a != null; b != null; not a {sign} b"
        parts.append(_finding(rule, "fail", json.dumps(a), known))
    return "\n".join([*parts, _VENDORS, _BALANCE])


def _finding(rule: str, word: str, path: str, body: str) -> str:
    return f'findings contains ["{rule}", "{word}", {path}] if {{ {body} }}'


def _get(path: str, holder: str = "input") -> str:
    return f"object.get({holder}, {json.dumps(path.split('.'))}, null)"


def _rows(one: RowRule) -> list[str]:
    body = f"some i, r in input.{one.list}; "
    if one.when is not None:
        holder = "input" if "." in one.when[0] else "r"
        body = body + f"{holder}.{one.when[0]} == {json.dumps(one.when[1])}; "
    path = f'sprintf("{one.list}[%d].{one.field}", [i])'
    if one.most:
        met = f"v <= {json.dumps(one.most)}"
    else:
        words = "{" + ", ".join(json.dumps(word) for word in one.good or one.bad) + "}"
        met = f"v in {words}"
    wrong = met if one.bad else f"not {met}"
    value = f"v := {_get(one.field, 'r')}; "
    return [
        _finding(one.rule, "unknown", path, f"{body}{value}v == null"),
        _finding(one.rule, "fail", path, f"{body}{value}v != null; {wrong}"),
    ]


def _whole(rule: str, path: str, met: str) -> list[str]:
    value = f"v := {_get(path)}; "
    return [
        _finding(rule, "unknown", json.dumps(path), f"{value}v == null"),
        _finding(rule, "fail", json.dumps(path), f"{value}v != null; not {met}"),
    ]


_VENDORS = """
flags(r) := [object.get(r.flags, f, null) | some f in ["fraud", "safety", "fee"]]
record(i) := sprintf("vendors[%d].status", [i])
findings contains ["vendor-record", "fail", record(i)] if {
    some i, r in input.vendors; object.get(r, "status", null) == "active"; true in flags(r) }
findings contains ["vendor-record", "unknown", record(i)] if {
    some i, r in input.vendors; object.get(r, "status", null) == null; true in flags(r) }
findings contains ["vendor-record", "unknown", record(i)] if {
    some i, r in input.vendors; object.get(r, "status", null) != "suspended"
    not true in flags(r); null in flags(r) }
"""
_BALANCE = """
amounts(income) := [object.get(r, "amount", null) |
    some r in input.ledger.entries; (r.type == "income") == income]
vague if object.get(input.ledger, "balance", null) == null
vague if null in amounts(true)
vague if null in amounts(false)
findings contains ["funds-balance", "unknown", "ledger.balance"] if vague
findings contains ["funds-balance", "fail", "ledger.balance"] if {
    not vague
    input.ledger.opening + sum(amounts(true)) - sum(amounts(false)) != input.ledger.balance }
"""
