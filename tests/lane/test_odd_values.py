"""What a program would not write goes to the reader, is counted, and comes to the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kehou.lane import Judged, Lane
from kehou.model.outcomes import Outcome

Plan = Callable[..., bytes]
Same = Callable[[Lane, bytes], Judged]


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change: a value at a path; ``...`` takes out what stands there."""

    def change(tree: Any) -> None:
        *above, last = path.split(".")
        for step in above:
            tree = tree[int(step)] if step.isdecimal() else tree[step]
        if value is ...:
            del tree[last]
        elif isinstance(tree, list):
            tree[int(last)] = value
        else:
            tree[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "slow"),
    [
        # missing, null, unknown: nothing odd
        ("sessions.0.end", ..., ""),
        ("sessions.0.end", None, ""),
        ("school.level", None, ""),
        ("school", ..., ""),
        ("vendors", ..., ""),
        ("vendors.0.flags", ..., ""),
        ("ledger", ..., ""),
        ("ledger.entries", ..., ""),
        ("ledger.opening", None, ""),
        ("ledger.entries.5.amount", None, ""),
        ("ledger.entries.5.type", None, ""),
        ("ledger.entries.5.type", ..., ""),
        ("exempt_categories", ["poverty"], ""),
        ("exempt_categories", ["poverty", "poverty", "orphan"], ""),
        ("vendors.0.id", "V99999", ""),
        ("vendors.0.id", "机构九（示例）", ""),
        ("school.name", "示例学校", ""),
        ("staff.0.name", "示例一", ""),
        ("activities.0.purpose", "讲授新课", ""),  # the label of a listed value
        # values that the reader reads otherwise than they stand
        ("vendors.0.id", " V00001 ", "values"),
        ("vendors.0.id", "Ｖ００００１", "values"),
        ("vendors.0.id", "无", "values"),
        ("vendors.0.id", "", "values"),
        ("vendors.0.id", '="V00001"', "values"),
        # forms that no record has
        ("sessions.0.end", "5:30", "form"),
        ("sessions.0.end", "下午5点半", "form"),
        ("sessions.0.end", "17：30", "form"),
        ("sessions.0.end", "05:30", "form"),  # too early: a fault
        ("dates.start", "2025年6月1日", "form"),
        ("dates.start", "2025-02-30", "form"),
        ("dates.start", "1890-01-01", "form"),
        ("exercise_minutes", "60", "form"),
        ("exercise_minutes", 60.0, "form"),
        ("exercise_minutes", 10**15, "form"),
        ("voluntary.students", "是", "form"),
        ("voluntary.students", "yes", "form"),
        ("school.level", "高中", "form"),
        ("school.level", "无", "form"),
        ("exempt_categories", [], "form"),
        ("exempt_categories", "贫困、孤儿", "form"),
        ("sessions", [], "form"),
        ("sessions", "无", "form"),
        ("sessions", None, "form"),
        ("sessions.0", None, "form"),
        ("sessions.0", "星期一", "form"),
        ("school", "示例学校", "form"),
        ("ledger.entries.0.amount", "1,000", "form"),
        ("ledger.entries.0.结束", 1, "form"),
        ("开始时间", 1, "form"),
        ("sessions.0.ends", "17:30", "form"),
        ("plan_ids", "P1", "form"),
    ],
)
def test_a_value(lane: Lane, plan: Plan, same: Same, path: str, value: Any, slow: str) -> None:
    assert same(lane, plan(put(path, value))).slow == slow


def test_keys_in_chinese_are_read_by_the_reader(lane: Lane, plan: Plan, same: Same) -> None:
    """Else what is filled in would count as missing."""

    def rename(tree: dict[str, Any]) -> None:
        tree["时段"] = [{"星期": "周一", "结束时间": "20:00"}]
        del tree["sessions"]

    judged = same(lane, plan(rename))
    assert judged.slow == "form"
    ends = [f for f in judged.findings if f[0] in ("schedule-primary-end", "schedule-junior-end")]
    assert [(outcome, pointer) for _, outcome, pointer, _ in ends] == [
        (Outcome.FAIL, "/sessions/0")
    ]


@pytest.mark.parametrize(
    ("old", "new", "slow"),
    [
        (b'"exercise_minutes":', b'"exercise_minutes":45,"exercise_minutes":', "keys"),
        (b'"day":"Tue"', b'"day":"Sun","day":"Tue"', "keys"),
        (b'"room":', b'"room":"B0-000","room":', "keys"),  # of what no rule reads, too
        (b'"students":', b'"\\u0073tudents":', "keys"),
        (b'"day":"Tue"', b'"day":"Tu\\u0065"', "keys"),
        (b'"day":"Tue"', b'"day" : "Tue"', ""),
        (b'{"plan_id":', b'\n{"plan_id": ', ""),
        (b'"name":"School', b'"name":"\\/School', ""),
        (b'"name":"School', b'"name":"Sch\tool', "form"),
        (b'"name":"School', b'"name":"Sch\xff', "form"),
        (b'"name":"School', b'"name":"\\u0000School', "keys"),
        (b'"name":"School', b'"name":"\\ud800School', "form"),
        (b'{"plan_id":', b'\xef\xbb\xbf{"plan_id":', "form"),
        (b'{"plan_id":', b'[{"plan_id":', "form"),
        (b'"exercise_minutes":', b'"exercise_minutes":NaN,"x":', "form"),
        (b'"exercise_minutes":', b'"exercise_minutes":-0,"x":', "form"),
        (b'{"plan_id":', b'{"plan_id"', "form"),
    ],
)
def test_a_text(lane: Lane, plan: Plan, same: Same, old: bytes, new: bytes, slow: str) -> None:
    text = plan()
    assert old in text
    assert same(lane, text.replace(old, new, 1)).slow == slow


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"{}", b"{", b"\xff", b'"x"', b"1"])
def test_what_is_no_plan_is_set_aside_with_what_is_wrong(
    lane: Lane, same: Same, text: bytes
) -> None:
    judged = same(lane, text)
    assert bool(judged.aside) is (text != b"{}")


def test_a_fault_makes_an_error_and_no_pass(lane: Lane, plan: Plan, same: Same) -> None:
    judged = same(lane, plan(put("exercise_minutes", "很多")))
    mine = [f for f in judged.findings if f[0] == "safety-exercise"]
    assert mine == [("safety-exercise", Outcome.ERROR, "", ("/exercise_minutes",))]


def test_rules_that_are_not_compiled_are_judged_by_the_direct_engine(
    field20: Any, lane: Lane, plan: Plan
) -> None:
    """All rules are accounted for: those compiled, and the others with a reason."""
    assert {rule.rule.id for rule in lane.rules} | set(lane.fallen_back) == set(field20.rules)
    assert lane.rest(plan()).findings == []
