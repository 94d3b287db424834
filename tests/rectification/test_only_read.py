"""What only a program read from prose: told apart in the opinion, and no paper missing whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document
from tests.support.command_line import here as kehou
from tests.support.prose import plan

LATE = "周一至周五下午16:30—18:40开展课后服务。"
FREE = "孤儿、残疾学生免收课后服务费。"
HOW = ("--engine", "direct", "--pack", "bayannur-2021")


@pytest.fixture
def opinion(tmp_path: Path) -> list[str]:
    """The paragraphs of the opinion on a text that ends too late."""
    kehou("check", str(plan(tmp_path, LATE)), *HOW, "-o", f"docx={tmp_path}/意见.docx")
    return [p.text for p in Document(str(tmp_path / "意见.docx")).paragraphs]


def test_it_stands_under_doubts_with_the_words_that_nothing_is_returned(
    opinion: list[str],
) -> None:
    """Under 不符合事项（须修改后重新报送） a school would have to change what was misread."""
    heads = [n for n, text in enumerate(opinion) if text[:2] in ("二、", "三、", "四、")]
    assert opinion[heads[0] + 1] == "无。"
    doubts = opinion[heads[1] : heads[2]]
    assert "程序从文字中读出的，尚未确认，不因此退回" in "".join(doubts)
    assert "18:40" in "".join(doubts)


def test_its_counts_are_those_of_the_circular_and_the_summary(opinion: list[str]) -> None:
    [counts] = [text for text in opinion if text.startswith("共核查")]
    assert "不符合0项" in counts
    assert "存疑待核中有1项是程序从文字中读出的不符合，尚未确认" in counts


def test_the_notice_says_how_much_was_read_and_not_that_all_is_missing(tmp_path: Path) -> None:
    given = plan(tmp_path, FREE)
    kehou("check", str(given), *HOW, "-o", f"json={tmp_path}/r.json")
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    [wanted] = [m for m in report["missing_evidence"] if m["path"] == "/fee_exemptions"]
    assert wanted["read"] == 2  # the two kinds that the sentence names
    _, told, _ = kehou("notice", f"{tmp_path}/r.json", "--due", "2021-10-01")
    assert "从文字里读出2项，读出的以外不知道" in told
    assert "整份" not in told
