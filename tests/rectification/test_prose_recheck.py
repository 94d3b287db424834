"""A re-check that has only a text to go by settles nothing: nobody confirmed what was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.command_line import here as kehou
from tests.support.prose import BREACH, plan

from kehou.errors import EXIT_UNSETTLED

LATE = "周一至周五下午16:30—18:40开展课后服务。"
IN_TIME = "周一至周五下午16:30—18:30开展课后服务。"
STAGE = ("--stage", "inspection", "--engine", "direct", "--pack", "bayannur-2021")


@pytest.fixture
def closed(tmp_path: Path) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code, the rows and the text of a re-check of a mended text."""
    old = plan(tmp_path, LATE, BREACH)
    kehou("check", str(old), *STAGE, "-o", f"json={tmp_path}/r.json")
    reply = ("--reply", f"{tmp_path}/reply.yaml", "-o", f"json={tmp_path}/n.json")
    kehou("notice", f"{tmp_path}/r.json", "--due", "2021-10-01", *reply)
    (tmp_path / "新").mkdir()
    new = plan(tmp_path / "新", IN_TIME)
    into = ("-o", f"json={tmp_path}/c.json", "-o", f"text={tmp_path}/c.txt")
    arguments = (f"{tmp_path}/n.json", f"{tmp_path}/reply.yaml", str(new))
    code, _, _ = kehou("recheck", *arguments, *into)
    rows = json.loads((tmp_path / "c.json").read_text("utf-8"))["items"]
    return code, rows, (tmp_path / "c.txt").read_text("utf-8")


def test_a_time_that_was_only_read_is_a_doubt_and_says_why(
    closed: tuple[int, list[dict[str, Any]], str],
) -> None:
    code, rows, told = closed
    [late] = [row for row in rows if row["rule"] == "schedule-primary-end"]
    assert late["result"] == "review"
    assert "（方案.docx“二、内容”下第2段（全文第6段））" in told
    assert "程序读出的，没有人确认过，不能算已整改" in told
    assert code == EXIT_UNSETTLED


def test_a_sentence_that_is_gone_from_the_text_is_not_settled(
    closed: tuple[int, list[dict[str, Any]], str],
) -> None:
    """The text may say it in words that nobody reads."""
    _, rows, _ = closed
    assert {row["result"] for row in rows} <= {"review", "insufficient"}
