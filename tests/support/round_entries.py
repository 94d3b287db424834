"""Submitters of a round by hand: one in each state, and rows of a register."""

from __future__ import annotations

from dataclasses import replace

from kehou.batch.entry import Entry, RuleSeen
from kehou.batch.register import Registered

TITLES = {"town": "乡镇"}


def seen(outcome: str, rule: str = "r", severity: str = "major", area: str = "a") -> RuleSeen:
    return RuleSeen(rule, f"标题{rule}", severity, area, outcome)


def entry(id: str, *rules: RuleSeen, town: str = "东镇", **more: object) -> Entry:
    made = Entry("k", f"材料/{id}", "read", 0, id, f"{id}校", {"town": town}, rules=rules)
    return replace(made, areas={"a": "方面一", "b": "方面二"}, **more)  # type: ignore[arg-type]


def row(id: str, until: str = "", expected: bool = True, name: str = "") -> Registered:
    return Registered(id, name or f"{id}校", {"town": "西镇"}, expected, until)


RED = entry("1", seen("fail", severity="critical"), seen("error", "s"), seen("pass", "t", area="b"))
FAIL = entry("2", seen("fail"))
OPEN = entry("3", seen("pass"), seen("insufficient", "u"))
CLEAN = entry("4", seen("pass"), seen("not_judged", "v"))
UNREAD = Entry("", "材料/5", "unread", faults=("坏了",))
MUTE = entry("6", seen("insufficient"))
