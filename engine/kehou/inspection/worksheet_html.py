"""A worksheet as a page to read on a telephone or to print."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.inspection.paper_rows import empty_told, left_out, paper_row
from kehou.inspection.worksheet_xlsx import texts
from kehou.inspection.worksheets import Strata
from kehou.inspection.worksheets import Worksheet as Sheet
from kehou.render.page import page
from kehou.render.words import Words


def render(sheets: Sequence[Sheet], strata: Strata, words: Words) -> str:
    """The page of all submitters, in the order given."""
    return page(
        "worksheet.html.j2",
        words,
        words["worksheet.title"],
        sheets=sheets,
        texts=lambda item, sheet: texts(item, sheet, words),
        paper_row=lambda group: paper_row(group, words),
        empty_told=lambda sheet: empty_told(sheet.submitter, words),
        left_out=lambda sheet: left_out(sheet.left_out, words),
    )
