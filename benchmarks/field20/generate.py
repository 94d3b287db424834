"""Seeded synthetic plans of about 11 KB, some values missing or null.

Draws from the generator in the order that the workload's figures were measured with, so that plan
``i`` of a seed is the same everywhere. A plan has 5 sessions, 12 activities, 25 staff, 3 vendors,
4 fee items, 60 ledger entries and 6 steps; `make` may be asked for another number of each.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping
from typing import Any

Tree = dict[str, Any]

COUNTY = [f"V{number:05d}" for number in range(200)]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"]
PURPOSES = ["homework_help", "reading", "sports", "arts", "science_interest", "labour", "clubs"]
PROHIBITED = ["new_lesson", "collective_tutoring", "exam_training"]
EXPENSES = ["staff_pay", "materials", "utilities", "insurance", "vendor_service", "venue"]
FOREIGN = ["bonus", "banquet", "travel", "general_fund"]
EXEMPT = ["poverty", "orphan", "disabled", "martyr_family", "low_income"]
STEPS = ["survey", "consult_parents", "draft_plan", "publish", "sign_consent", "file_with_bureau"]
SAFETY = ["insurance", "fire_exit", "pickup_protocol", "first_aid", "emergency_plan", "cctv"]
CERTIFICATES = ["teacher_cert", "coach_cert", "artist_cert", "skills_cert"]
NAMES = ["Zhao", "Qian", "Sun", "Li", "Zhou", "Wu", "Zheng", "Wang", "Feng", "Chen"]
#: Rows of each list of one plan.
SIZES = {"sessions": 5, "activities": 12, "staff": 25, "vendors": 3, "ledger": 60, "steps": 6}


def make(seed: int, number: int, sizes: Mapping[str, int] = SIZES) -> Tree:
    """Plan ``number`` of a seed."""
    rng = random.Random(seed * 1_000_003 + number)
    level = rng.choice(["primary", "junior"])
    sessions = [_session(rng, i) for i in range(sizes["sessions"])]
    activities = [_activity(rng, i) for i in range(sizes["activities"])]
    staff = [_member(rng, i) for i in range(sizes["staff"])]
    vendors = [_vendor(rng) for _ in range(sizes["vendors"])]
    fees = [_fee(rng, i) for i in range(4)]
    ledger = _ledger(rng, sizes["ledger"])
    steps = [_step(rng, i) for i in range(sizes["steps"])]
    safety: Tree = {name: rng.random() > 0.02 for name in SAFETY}
    _lose(rng, safety, "insurance", 0.02)
    voluntary: Tree = {"students": rng.random() > 0.02, "teachers": rng.random() > 0.02}
    _lose(rng, voluntary, "students", 0.02)
    _lose(rng, voluntary, "teachers", 0.02)
    exempt = _exempt(rng)
    dates = _dates(rng)
    plan = {
        "plan_id": f"P{number:07d}",
        "school": {
            "name": f"School {rng.choice(NAMES)} {number}",
            "level": level,
            "county": f"C{rng.randint(0, 30):02d}",
        },
        "sessions": sessions,
        "activities": activities,
        "staff": staff,
        "vendors": vendors,
        "fee_items": fees,
        "ledger": ledger,
        "steps": steps,
        "safety": safety,
        "voluntary": voluntary,
        "exempt_categories": exempt,
        "dates": dates,
        "vendor_exit_mechanism": rng.random() > 0.03,
        "exercise_minutes": _exercise(rng),
    }
    _lose(rng, plan, "exempt_categories", 0.02)
    _lose(rng, plan, "vendor_exit_mechanism", 0.02)
    _lose(rng, plan, "exercise_minutes", 0.02)
    return plan


def text(plan: Tree) -> str:
    """A plan as one line of JSON."""
    return json.dumps(plan, separators=(",", ":"))


def _lose(rng: random.Random, record: Tree, key: str, chance: float = 0.006) -> None:
    """Now and then a value is left out, or null."""
    if rng.random() < chance:
        if rng.random() < 0.5:
            del record[key]
        else:
            record[key] = None


def _date(rng: random.Random, first: int, last: int) -> str:
    number = rng.randint(first, last)
    return f"2025-{1 + number // 28:02d}-{1 + number % 28:02d}"


def _session(rng: random.Random, i: int) -> Tree:
    day = DAYS[i % 5] if rng.random() > 0.004 else rng.choice(["Sat", "Sun"])
    start = f"15:{rng.choice([30, 40, 50])}"
    if rng.random() > 0.04:
        end = f"{rng.choice([17, 18]):02d}:{rng.choice([0, 10, 20, 30]):02d}"
    else:
        end = f"{rng.choice([18, 19])}:{rng.choice([35, 40, 45, 50])}"
    room = f"B{rng.randint(1, 4)}-{rng.randint(1, 400):03d}"
    row = {"day": day, "start": start, "end": end, "room": room, "groups": rng.randint(2, 12)}
    _lose(rng, row, "end")
    _lose(rng, row, "day", 0.003)
    return row


def _activity(rng: random.Random, i: int) -> Tree:
    row = {
        "id": f"A{i:02d}",
        "name": f"activity {rng.choice(NAMES)} {i}",
        "purpose": rng.choice(PURPOSES) if rng.random() > 0.01 else rng.choice(PROHIBITED),
        "minutes": rng.choice([30, 40, 45, 60]),
        "grade": rng.randint(1, 9),
    }
    _lose(rng, row, "purpose")
    return row


def _member(rng: random.Random, i: int) -> Tree:
    external = rng.random() < 0.25
    row = {
        "id": f"S{i:03d}",
        "name": f"{rng.choice(NAMES)} {rng.randint(0, 9999):04d}",
        "external": external,
        "role": rng.choice(["teacher", "coach", "aide", "guard"]),
        "qualification": rng.choice(CERTIFICATES) if rng.random() > 0.02 else "none",
        "hours": rng.randint(1, 10),
    }
    _lose(rng, row, "qualification", 0.02)
    return row


def _vendor(rng: random.Random) -> Tree:
    listed = rng.random() > 0.03
    identity = rng.choice(COUNTY) if listed else f"X{rng.randint(0, 999):05d}"
    name = f"vendor {rng.choice(NAMES)} {rng.randint(0, 999)}"
    subject = rng.choice(["sports", "arts", "science"]) if rng.random() > 0.03 else "academic"
    status = rng.choice(["active", "active", "suspended"])
    flags: Tree = {name: rng.random() < 0.02 for name in ("fraud", "safety", "fee")}
    for flag in ("fraud", "safety", "fee"):
        _lose(rng, flags, flag, 0.01)
    row = {"id": identity, "name": name, "subject_type": subject, "status": status, "flags": flags}
    for key in ("id", "subject_type", "status"):
        _lose(rng, row, key)
    return row


def _fee(rng: random.Random, i: int) -> Tree:
    return {
        "id": f"F{i}",
        "name": rng.choice(["care", "meal", "material", "sport"]),
        "category": rng.choice(EXPENSES),
        "amount": rng.randint(100, 30000),
        "unit": "term",
    }


def _ledger(rng: random.Random, size: int) -> Tree:
    balance = opening = rng.randint(0, 500000)
    entries = []
    for i in range(size):
        drawn = rng.random()
        kind = "income" if drawn < 0.4 else "transfer_out" if drawn > 0.998 else "expense"
        amount = rng.randint(1000, 90000)
        if kind == "income":
            category = "fee_income"
        else:
            category = rng.choice(EXPENSES) if rng.random() > 0.006 else rng.choice(FOREIGN)
        balance += amount if kind == "income" else -amount
        date = _date(rng, 28, 300)
        row: Tree = {"id": f"L{i:03d}", "date": date, "type": kind}
        row |= {"category": category, "amount": amount}
        _lose(rng, row, "category", 0.003)
        _lose(rng, row, "amount", 0.0005)
        entries.append(row)
    if rng.random() < 0.05:
        balance += rng.randint(1, 999)
    ledger = {"opening": opening, "balance": balance, "entries": entries}
    _lose(rng, ledger, "balance", 0.01)
    return ledger


def _step(rng: random.Random, i: int) -> Tree:
    done = rng.random() > 0.01
    row: Tree = {"name": STEPS[i % 6]}
    row |= {"done": done, "date": _date(rng, 10 * i % 300, 10 * i % 300 + 9)}
    _lose(rng, row, "done")
    return row


def _exempt(rng: random.Random) -> list[str]:
    exempt = [*EXEMPT, *(["other"] if rng.random() < 0.3 else [])]
    if rng.random() < 0.04:
        exempt.remove(rng.choice(EXEMPT))
    rng.shuffle(exempt)
    return exempt


def _dates(rng: random.Random) -> Tree:
    spans = {"filed_approval": (100, 130), "start": (128, 160), "consent": (60, 90)}
    dates: Tree = {name: _date(rng, *span) for name, span in spans.items()}
    dates["agreement"] = _date(rng, 88, 120)
    for name in tuple(dates):
        _lose(rng, dates, name, 0.02)
    return dates


def _exercise(rng: random.Random) -> int:
    usual = rng.random() > 0.04
    return rng.choice([60, 60, 60, 70, 80, 90]) if usual else rng.choice([30, 45])


def main() -> None:
    """Write plans, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    for number in range(options.count):
        print(text(make(options.seed, number)))


if __name__ == "__main__":
    main()

__all__ = ["COUNTY", "SIZES", "Tree", "make", "text"]
