from __future__ import annotations

import io

import openpyxl
from tests.support.round_entries import FAIL, OPEN, RED, TITLES, UNREAD, row

from kehou.batch.changes import changed
from kehou.batch.register import Register
from kehou.batch.runner import Done
from kehou.batch.summary import summarised
from kehou.batch.summary_formats import SUMMARIES, render_summary
from kehou.render.words import catalogue

WORDS = catalogue.load("zh")


def done() -> Done:
    entries = (RED, FAIL, OPEN, UNREAD)
    summary = summarised(
        entries,
        Register((row("1"), row("9", until="2021-09-10"))),
        {"town": "乡镇"},
        stage="approval",
        on="2021-09-20",
        strays=("说明.txt", "=cmd()"),
        changes=changed((FAIL, RED), entries),
    )
    return Done(summary, entries, 4, titles=TITLES)


def test_every_sheet_can_be_sorted_with_its_head_in_view() -> None:
    content = render_summary(".xlsx", done(), WORDS)
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == 6
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref == sheet.dimensions, sheet.title
    first = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    at = first[0].index("红线不符合")
    counted = {line[0]: line[at] for line in first[1:]}
    assert counted == {"材料/5": None, "9校": None, "1校": 1, "2校": 0, "3校": 0}, "没有读出不是 0"


def test_every_form_tells_who_is_to_be_dealt_with_and_escapes_what_was_handed_in() -> None:
    for ending in SUMMARIES:
        told = render_summary(ending, done(), WORDS, 1)
        if isinstance(told, str) and ending != ".json":
            assert "9校" in told
            assert "材料/5" in told
            assert "逾期" in told
    page = render_summary(".html", done(), WORDS)
    assert isinstance(page, str)
    assert "<script" not in page
    assert "style=" not in page
