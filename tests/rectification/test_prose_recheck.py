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


def test_an_inspector_who_held_it_against_the_text_settles_it(tmp_path: Path) -> None:
    """What the closure table asks for can be done: the worksheet has a row for it."""
    from openpyxl import load_workbook

    kehou("check", str(plan(tmp_path, LATE)), *STAGE, "-o", f"json={tmp_path}/r.json")
    reply = ("--reply", f"{tmp_path}/reply.yaml", "-o", f"json={tmp_path}/n.json")
    kehou("notice", f"{tmp_path}/r.json", "--due", "2021-10-01", *reply)
    (tmp_path / "新").mkdir()
    new = str(plan(tmp_path / "新", IN_TIME))
    kehou("check", new, *STAGE, "-o", f"json={tmp_path}/r2.json")
    kehou("worksheet", f"{tmp_path}/r2.json", "-o", f"xlsx={tmp_path}/表.xlsx")
    book = load_workbook(tmp_path / "表.xlsx")
    said = {"核实结论": "符合", "所见": "原文确是18:30", "佐证": "照片1"}
    for page in book:
        heads: dict[object, int] = next(
            ({c.value: n for n, c in enumerate(row)} for row in page if row[0].value == "序号"), {}
        )
        for row in page.iter_rows():
            told = [str(cell.value) for cell in row]
            if "schedule-primary-end" in told and "存疑待核" in told:
                for name, words in said.items():
                    row[heads[name]].value = words
    book.save(tmp_path / "表.xlsx")
    when = ("--office", "某局（示例）", "--date", "2021-09-28", "--until", "2021-12-31")
    into = f"yaml={tmp_path}/a.yaml"
    code, _, told_wrong = kehou("attest", f"{tmp_path}/表.xlsx", *when, "-o", into)
    assert code == 0, told_wrong
    given = ("--attestations", f"{tmp_path}/a.yaml", "--on", "2021-09-30")
    files = (f"{tmp_path}/n.json", f"{tmp_path}/reply.yaml", new)
    kehou("recheck", *files, *given, "-o", f"json={tmp_path}/c.json")
    rows = json.loads((tmp_path / "c.json").read_text("utf-8"))["items"]
    assert [row["result"] for row in rows if "18:40" in row["problem"]] == ["fixed"]
