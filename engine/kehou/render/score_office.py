"""Score sheets as a workbook and as a Word document, a ranking as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kehou.ranking import Ranking
from kehou.render import ranking_rows, score_rows
from kehou.render.statement import safe
from kehou.scheme import Scheme
from kehou.scoring import Sheet

if TYPE_CHECKING:
    from kehou.render.docx import Paper, Table
    from kehou.render.xlsx import Page

_WIDTHS = (18, 9, 30, 13, 40, 8, 11, 18, 22)
#: Widths in mm of the same columns in a document; 225 in all.
_MM = (28, 14, 36, 20, 52, 14, 18, 22, 21)


def sheets_xlsx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet a school, and one of what to hand in next for all."""
    from kehou.render.xlsx import Page, workbook

    pages = [_page(scheme, sheet) for sheet in found]
    rows = tuple(
        (safe(s.school.id), score_rows.school_name(s), *row)
        for s in found
        for row in score_rows.next_rows(scheme, s)
    )
    widths = {"学校标识码": 14, "学校": 24, "做什么": 18, "内容": 52, "涉及指标": 28, "涉及分数": 10}
    pages.append(Page("下一步", (), widths, rows))
    return workbook(safe(scheme.title), pages, score_rows.FOOTER)


def _page(scheme: Scheme, sheet: Sheet) -> Page:
    from kehou.render.xlsx import Page

    rows = list(score_rows.rows(scheme, sheet))
    strong = frozenset(n for n, row in enumerate(rows) if row.kind in ("subtotal", "total"))
    return Page(
        sheet.school.id or score_rows.school_name(sheet),
        tuple(_above(scheme, sheet)),
        dict(zip(score_rows.COLUMNS, _WIDTHS, strict=True)),
        tuple(row.cells for row in rows),
        tuple(_below(scheme, sheet)),
        strong,
    )


def _above(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    yield f"{safe(scheme.title)}　得分表"
    if scheme.example:
        yield score_rows.EXAMPLE
    yield score_rows.headline(scheme, sheet)
    yield from (f"{label}：{text}" for label, text in score_rows.about(scheme, sheet))


def _below(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    vetoes = score_rows.vetoes(sheet)
    if vetoes:
        yield "否决项（单独列出，没有改动分数和等次）"
        for title, state, ground, effect in vetoes:
            said = "；".join(part for part in (state, ground.replace("\n", "；"), effect) if part)
            yield f"· {title}：{said}"
    unscored = score_rows.unscored(scheme, sheet)
    if unscored:
        yield "未计分项"
        yield from (f"· {title}（{points}分）：{why}" for title, points, why in unscored)
    yield ""
    yield "　　　　　　　　　　".join(score_rows.SIGNATURES)


def sheets_docx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    """A document with a sheet a school, on A4 across."""
    from kehou.render.docx import papers

    title = f"{safe(scheme.title)}　得分表"
    return papers(title, [_paper(scheme, sheet) for sheet in found], score_rows.FOOTER)


def _paper(scheme: Scheme, sheet: Sheet) -> Paper:
    from kehou.render.docx import Paper

    lines = [score_rows.EXAMPLE] if scheme.example else []
    lines += [f"{label}：{text}" for label, text in score_rows.about(scheme, sheet)]
    lines.append(score_rows.headline(scheme, sheet))
    ends = ("", "　　　　　　".join(score_rows.SIGNATURES))
    return Paper(f"{score_rows.school_name(sheet)}得分表", tuple(lines), tuple(_tables(scheme, sheet)),
                 ends)  # fmt: skip


def _tables(scheme: Scheme, sheet: Sheet) -> Iterator[Table]:
    from kehou.render.docx import Table

    rows = tuple(row.cells for row in score_rows.rows(scheme, sheet))
    yield Table("得分表", score_rows.COLUMNS, rows, _MM, (1, 5, 6))
    if vetoes := score_rows.vetoes(sheet):
        yield Table("否决项（单独列出，没有改动分数和等次）", ("否决项", "状态", "依据", "办法规定的后果"),
                    tuple(vetoes), (60, 20, 95, 50), (1,))  # fmt: skip
    if unscored := score_rows.unscored(scheme, sheet):
        yield Table("未计分项", ("考核指标", "分数", "原因"), tuple(unscored), (45, 20, 160), (1,))
    if found := score_rows.next_rows(scheme, sheet):
        yield Table("下一步（能定下的分数多的在前）", ("做什么", "内容", "涉及指标", "涉及分数"),
                    tuple(found), (35, 110, 55, 25), (3,))  # fmt: skip


# --- ranking -------------------------------------------------------------------------------


def ranking_xlsx(scheme: Scheme, found: Ranking) -> bytes:
    """A workbook with a sheet for each table of the ranking."""
    from kehou.render.xlsx import workbook

    return workbook(f"{safe(scheme.title)}　排名与汇总", list(_ranking(scheme, found)), score_rows.FOOTER)


def _ranking(scheme: Scheme, found: Ranking) -> Iterator[Page]:
    from kehou.render.xlsx import Page

    rows = ranking_rows
    yield Page("排名", (), _wide(rows.COLUMNS, (8, 11, 14, 28, 12, 14, 11, 13, 20, 24)),
               tuple(rows.schools(scheme, found)))  # fmt: skip
    yield Page("等次", (), {"等次": 16, "确定的学校数": 16, "可能的学校数": 16}, tuple(rows.grades(found)))
    yield Page("得分分布", (), {"分数": 16, "学校数（确定分）": 20, "学校数（最高可能分）": 24},
               tuple(rows.bins(found)))  # fmt: skip
    yield Page("各指标", (), _wide(rows.INDICATOR_COLUMNS, (28, 8, 11, 9, 8, 20, 24)),
               tuple(rows.indicators(scheme, found)))  # fmt: skip
    yield Page("按条款", (), {"条款": 12, "依据": 60, "学校数": 10, "处数": 10}, tuple(rows.clauses(found)))
    yield Page("按苏木乡镇", (), _wide(rows.PLACE_COLUMNS, (24, 10, 14, 18, 70)),
               tuple(rows.places(scheme, found)))  # fmt: skip
    yield Page("临近等次线", (), _wide(rows.NEAR_COLUMNS, (14, 28, 16, 14, 12, 16)),
               tuple(rows.near(scheme, found)))  # fmt: skip
    if found.past is not None:
        widths = (14, 28, 13, 13, 10, 10, 10, 20, 20)
        yield Page("与上次相比", (), _wide(rows.SHIFT_COLUMNS, widths), tuple(rows.shifts(scheme, found)))
    notes = [score_rows.EXAMPLE] if scheme.example else []
    notes += [f"评分办法：{safe(scheme.title)} 版本 {safe(scheme.version)} 校验值 {scheme.sha256}"]
    notes += rows.notes(scheme, found)
    yield Page("说明", (), {"说明": 110}, tuple((note,) for note in notes))


def _wide(columns: Sequence[str], widths: Sequence[int]) -> dict[str, int]:
    return dict(zip(columns, widths, strict=True))
