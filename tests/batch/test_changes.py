from __future__ import annotations

from kehou.batch.changes import changed
from kehou.batch.entry import Entry, RuleSeen


def entry(id: str, **outcomes: str) -> Entry:
    rules = [RuleSeen(rule, rule, "major", "a", outcome) for rule, outcome in outcomes.items()]
    return Entry("k", id, "read", id=id, name=id, rules=tuple(rules))


def states(before: Entry, now: Entry) -> dict[str, str]:
    return {one.rule: one.state for one in changed([before], [now]).changes}


def test_a_breach_that_cannot_be_told_now_is_not_mended() -> None:
    before = entry("甲", a="fail", b="fail", c="fail", d="fail", e="fail", f="pass", g="pass")
    now = entry("甲", a="pass", b="fail", c="insufficient", d="waived", f="fail", g="pass")
    assert states(before, now) == {
        "a": "mended",
        "b": "left",
        "c": "unknown",
        "d": "waived",
        "e": "gone",
        "f": "new",
    }


def test_who_was_not_read_in_both_rounds_is_not_compared() -> None:
    unread = Entry("", "乙", "unread", id="乙")
    assert changed([entry("乙", a="fail")], [unread]).both == frozenset()
    assert changed([unread], [entry("乙", a="fail")]).changes == ()
