"""The twenty rules by hand: what `compare` holds the engines to.

A finding is (rule, ``fail`` or ``unknown``, path); no finding is a pass. A value that is left out
and one that is null both mean unknown; where two fields meet, Kleene's logic holds. Nothing here
knows kehou.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.field20.generate import COUNTY, DAYS, EXEMPT, EXPENSES, PROHIBITED, Tree

Finding = tuple[str, str, str]
_FLAGS = ("fraud", "safety", "fee")


def findings(plan: Tree) -> list[Finding]:
    """The findings of one plan, in the order of its lists."""
    return [
        *_sessions(plan),
        *_rows(plan, "activities", "purpose", "content-purpose", lambda v: v not in PROHIBITED),
        *_ledger(plan["ledger"]),
        *_vendors(plan),
        *_staff(plan),
        *_rows(plan, "steps", "done", "procedure-steps", lambda v: v is True),
        *_whole(plan),
    ]


def _test(rule: str, value: Any, path: str, met: Callable[[Any], bool]) -> Iterator[Finding]:
    if value is None:
        yield rule, "unknown", path
    elif not met(value):
        yield rule, "fail", path


def _rows(
    plan: Tree, part: str, key: str, rule: str, met: Callable[[Any], bool]
) -> Iterator[Finding]:
    for i, row in enumerate(plan[part]):
        yield from _test(rule, row.get(key), f"{part}[{i}].{key}", met)


def _sessions(plan: Tree) -> Iterator[Finding]:
    level = plan["school"]["level"]
    latest = {"primary": "18:30", "junior": "19:00"}[level]
    rule = f"schedule-{level}-end"
    yield from _rows(plan, "sessions", "end", rule, lambda v: v <= latest)
    yield from _rows(plan, "sessions", "day", "schedule-weekdays", lambda v: v in DAYS)


def _ledger(ledger: Tree) -> Iterator[Finding]:
    total, known = ledger["opening"], True
    for i, row in enumerate(ledger["entries"]):
        path = f"ledger.entries[{i}]"
        if row["type"] == "expense":
            spent = row.get("category")
            rule = "funds-expense-category"
            yield from _test(rule, spent, f"{path}.category", lambda v: v in EXPENSES)
        elif row["type"] == "transfer_out":
            yield "funds-no-transfer", "fail", f"{path}.type"
        amount = row.get("amount")
        known = known and amount is not None
        total += (amount or 0) if row["type"] == "income" else -(amount or 0)
    balance = ledger.get("balance") if known else None
    yield from _test("funds-balance", balance, "ledger.balance", lambda v: v == total)


def _vendors(plan: Tree) -> Iterator[Finding]:
    kinds = ("sports", "arts", "science")
    yield from _rows(plan, "vendors", "subject_type", "vendor-subject", lambda v: v in kinds)
    yield from _rows(plan, "vendors", "id", "vendor-listed", lambda v: v in COUNTY)
    for i, vendor in enumerate(plan["vendors"]):
        status = vendor.get("status")
        flags = [vendor["flags"].get(flag) for flag in _FLAGS]
        if status == "suspended" or not (True in flags or None in flags):
            continue
        certain = status == "active" and True in flags
        yield "vendor-record", "fail" if certain else "unknown", f"vendors[{i}].status"


def _staff(plan: Tree) -> Iterator[Finding]:
    for i, member in enumerate(plan["staff"]):
        if member["external"]:
            path = f"staff[{i}].qualification"
            held = member.get("qualification")
            yield from _test("staff-qualification", held, path, lambda v: v != "none")


def _whole(plan: Tree) -> Iterator[Finding]:
    for rule, path in (
        ("consent-students", "voluntary.students"),
        ("consent-teachers", "voluntary.teachers"),
        ("safety-insurance", "safety.insurance"),
    ):
        part, _, key = path.partition(".")
        yield from _test(rule, plan[part].get(key), path, bool)
    yield from _test(
        "vendor-exit-mechanism", plan.get("vendor_exit_mechanism"), "vendor_exit_mechanism", bool
    )
    exempt = plan.get("exempt_categories")
    yield from _test("fee-exemptions", exempt, "exempt_categories", set(EXEMPT).issubset)
    minutes = plan.get("exercise_minutes")
    yield from _test("safety-exercise", minutes, "exercise_minutes", lambda v: v >= 60)
    dates = plan["dates"]
    yield from _order("procedure-filed", dates, "filed_approval", "start", lambda a, b: a <= b)
    yield from _order("procedure-consent-first", dates, "consent", "agreement", lambda a, b: a < b)


def _order(
    rule: str, dates: Tree, first: str, second: str, met: Callable[[str, str], bool]
) -> Iterator[Finding]:
    a, b = dates.get(first), dates.get(second)
    both = None if a is None or b is None else (a, b)
    yield from _test(rule, both, f"dates.{first}", lambda pair: met(*pair))


__all__ = ["Finding", "findings"]
