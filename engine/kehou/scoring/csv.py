"""Score sheets and rankings as CSV: UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from kehou.render.programs import cell
from kehou.scoring import ranking_rows, sheet_rows
from kehou.scoring.ranking import Ranking
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet
from kehou.scoring.shown import Shown

#: The columns of docs/scoring.md, by the names of their heads in the catalogue.
COLUMNS = ("subject_id", "subject", "kind", *sheet_rows.COLUMNS, "grade", "model", "scheme")


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """The tables of all sheets, one below the other, each row with whose it is."""
    show = Shown(scheme)
    by = f"{scheme.title} {scheme.version}"
    rows = []
    for sheet in found:
        who = (sheet.submitter.id, sheet_rows.subject_name(sheet))
        model = show.say(f"model.{sheet.model}")
        for row in sheet_rows.rows(scheme, sheet):
            grade = sheet_rows.grade_range(sheet, show) if row.kind == "total" else ""
            rows.append((*who, show.say(f"row.{row.kind}"), *row.cells, grade, model, by))
        for title, state, ground, effect in sheet_rows.vetoes(scheme, sheet):
            told = (title, "", effect, "", f"{state}\n{ground}".strip(), "", "", "", "")
            rows.append((*who, show.say("row.veto"), *told, "", "", by))
    return _text(show.heads(*COLUMNS), rows)


def ranking(scheme: Scheme, found: Ranking) -> str:
    """Whose sheets a ranking holds, one to a row."""
    return _text(ranking_rows.columns(scheme), ranking_rows.listed(scheme, found))


def _text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([cell(text) for text in row])
    return "\ufeff" + out.getvalue()
