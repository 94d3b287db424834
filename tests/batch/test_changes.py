from __future__ import annotations

from kehou.batch.changes import changed
from kehou.batch.entry import Entry, RuleSeen
from kehou.batch.sentences import tally
from kehou.render.words import catalogue


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


def read_only(id: str, *rules: str) -> Entry:
    seen = [RuleSeen(rule, rule, "major", "a", "review", 1, True) for rule in rules]
    return Entry("k", id, "read", id=id, name=id, rules=(*seen, *entry(id, p="pass").rules))


def test_a_text_that_nobody_confirmed_and_nobody_changed_is_unchanged() -> None:
    """It was no breach last time: it is not told as one that cannot be told now."""
    found = changed([read_only("甲", "a", "b")], [read_only("甲", "a", "b")])
    assert (found.count("read_left"), found.count("unknown"), found.count("new")) == (2, 0, 0)
    told = tally(found, catalogue.load("zh"))
    assert "上次不符合 0 项" in told
    assert "尚未确认的不算在内：上次 2 项，没有变 2 项" in told


def test_readings_that_came_or_went_are_told_apart_from_breaches() -> None:
    assert states(read_only("甲", "a", "b"), read_only("甲", "b", "c")) == {
        "a": "read_gone",
        "b": "read_left",
        "c": "read_new",
    }


def test_a_breach_that_is_only_read_from_a_text_now_cannot_be_told() -> None:
    assert states(entry("甲", a="fail"), read_only("甲", "a")) == {"a": "unknown"}
