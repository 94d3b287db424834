"""CSV, for a spreadsheet: the 逐项核查表, one row for each rule and each unreadable value.

UTF-8 with a byte order mark, without which Excel takes Chinese for something else; lines end
with CRLF (RFC 4180). No cell can be read as a formula, and none is longer than a cell may be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from kehou.model.report import Report
from kehou.render.words import catalogue, statement, table
from kehou.render.words.table import CELL_LIMIT
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import Words

#: Columns of the table, then those that tell rows of several reports apart.
COLUMNS = ("number", *table.COLUMNS, "whose", "path")
_FORMULA = frozenset("=+-@＝＋－＠|\t\r\n")


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one table, in ``language`` or that of the first."""
    words = catalogue.of_reports(reports, language)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([words[f"table.{name}"] for name in COLUMNS])
    number = 0
    for report in reports:
        of_report = [
            statement.safe(report.submission.name or ""),
            statement.safe(report.submission.path),
        ]
        for row in (*table.rows(report, words), *_unsettled(report, words)):
            number += 1
            writer.writerow([number, *(cell(text) for text in (*row, *of_report))])
    return "\ufeff" + out.getvalue()


def _unsettled(report: Report, words: Words) -> Iterator[list[str]]:
    """A row for each attestation and each confirmation that settled nothing, or changed what was
    read, which no rule's row tells.
    """
    for note in report.attestations.notes:
        if note.state != "settled":
            told = statement.attested(note, report, words)
            yield ["", "", words["attestation"], "", told, "", "", "", note.rule]
    for said in report.confirmed.notes:
        if said.state != "confirmed":
            told = statement.confirmed(said, words)
            yield ["", "", words["confirmation"], "", told, "", "", "", ""]


def cell(text: str) -> str:
    """A text as a cell: control characters shown, cut to what fits, never a formula."""
    shown = visible(text[:CELL_LIMIT], keep="\n")
    if len(text) > CELL_LIMIT or len(shown) > CELL_LIMIT:
        shown = shown[: CELL_LIMIT - 1] + "…"
    return f"'{shown}" if shown.strip()[:1] in _FORMULA else shown
