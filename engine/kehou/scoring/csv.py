"""Score sheets and rankings as CSV: UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from kehou.render.programs import cell
from kehou.scoring import ranking_rows
from kehou.scoring import sheet_rows as score_rows
from kehou.scoring.ranking import Ranking
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet

_KINDS = {"indicator": "指标", "subtotal": "小计", "bonus": "加分", "total": "合计"}


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """The tables of all sheets, one below the other, each row with its school."""
    heads = ("学校标识码", "学校", "类别", *score_rows.COLUMNS, "等次", "合计办法", "评分办法")
    rows = []
    for sheet in found:
        for row in score_rows.rows(scheme, sheet):
            grade = score_rows.grade_range(sheet) if row.kind == "total" else ""
            rows.append(
                (
                    sheet.school.id,
                    score_rows.school_name(sheet),
                    _KINDS[row.kind],
                    *row.cells,
                    grade,
                    score_rows.MODELS[sheet.model],
                    f"{scheme.title} {scheme.version}",
                )
            )
        who = (sheet.school.id, score_rows.school_name(sheet), "否决项")
        for title, state, ground, effect in score_rows.vetoes(sheet):
            told = (title, "", effect, "", f"{state}\n{ground}".strip(), "", "", "", "")
            rows.append((*who, *told, "", "", f"{scheme.title} {scheme.version}"))
    return _text(heads, rows)


def ranking(scheme: Scheme, found: Ranking) -> str:
    """The schools of a ranking, one to a row."""
    return _text(ranking_rows.columns(scheme), ranking_rows.schools(scheme, found))


def _text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([cell(text) for text in row])
    return "\ufeff" + out.getvalue()
