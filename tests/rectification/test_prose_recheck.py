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
    [late] = [row for row in rows if "18:40" in row["problem"]]
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


def test_a_notice_of_what_nobody_could_read_says_so_and_not_that_all_is_well(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "方案.pdf"
    broken.write_text("不是 PDF", "utf-8")
    kehou("check", str(broken), *STAGE, "-o", f"json={tmp_path}/r.json")
    code, _, told = kehou("notice", f"{tmp_path}/r.json", "--due", "2021-10-01")
    assert code == 4
    assert "没有读出" in told
    assert "没有须整改的问题" not in told


def test_what_was_only_read_is_first_held_against_the_text(tmp_path: Path) -> None:
    """Nobody is told to change what a program may have misread."""
    kehou("check", str(plan(tmp_path, LATE)), *STAGE, "-o", f"json={tmp_path}/r.json")
    _, told, _ = kehou("notice", f"{tmp_path}/r.json", "--due", "2021-10-01")
    assert (
        "核实办法：请先对照原文，读错了的请指明；原文确是这样写的，请将小学结束时间调整到" in told
    )
