"""What an inspector saw broken of what no rule decides: in the notice, the reply, the re-check."""

from __future__ import annotations

from typing import Any

from kehou.checking.comparison import past_of
from kehou.rectification import closures, notices
from kehou.rectification.recorded import name_of, with_recorded

CLAUSE = {"id": "A.1", "citation": "《办法》第1句", "quote": "应当记录"}


def tree(*verdicts: str, state: str = "recorded") -> dict[str, Any]:
    """A report in which no rule finds anything, with attestations of one clause."""
    return {
        "stage": "inspection",
        "as_of": "2021-09-06",
        "submission": {"school": {"id": "1", "name": "甲校（示例）"}, "path": "甲"},
        "packs": [{"id": "p"}],
        "areas": {"a": "方面"},
        "missing_evidence": [],
        "results": [
            {
                "rule": "r",
                "title": "规则",
                "area": "a",
                "severity": "major",
                "outcome": "pass",
                "clauses": [CLAUSE],
                "findings": [],
            }
        ],
        "attestations": [
            {"rule": "A.1", "state": state, "verdict": verdict, "seen": "没有记录", "evidence": "x"}
            for verdict in verdicts
        ],
    }


def test_what_an_inspector_saw_broken_is_an_item_of_the_notice() -> None:
    [item] = notices.notice(tree("fail"), "0" * 64, "2021-12-10")["items"]
    assert (item["outcome"], item["message"], item["area"]) == ("fail", "没有记录", "方面")
    assert item["clauses"] == [{"citation": "《办法》第1句", "quote": "应当记录"}]
    [row] = notices.reply({**notices.notice(tree("fail"), "0" * 64, "2021-12-10")})["items"]
    assert row["id"] == name_of("A.1")


def test_what_was_seen_right_or_not_used_is_none() -> None:
    for report in (tree("pass"), tree("fail", state="not_yet"), tree()):
        assert notices.notice(report, "0" * 64, "2021-12-10")["items"] == []


def result(*verdicts: str) -> str:
    of = notices.notice(tree("fail"), "0" * 64, "2021-12-10")
    later = tree(*verdicts)
    [row] = closures.closure(of, {}, with_recorded(past_of(later, ""), later))["items"]
    return str(row["result"])


def test_only_another_look_closes_it() -> None:
    """New papers and a reply say nothing of what a person has to see again."""
    assert result() == "insufficient"
    assert result("fail") == "open"
    assert result("pass") == "fixed"
    assert result("pass", "fail") == result("fail", "pass") == "open"
