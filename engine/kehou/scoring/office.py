"""Score sheets as a workbook and as a Word document, a ranking as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kehou.render.words import safe
from kehou.scoring import ranking_rows
from kehou.scoring import sheet_rows as score_rows
from kehou.scoring.ranking import Ranking
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet

if TYPE_CHECKING:
    from kehou.render.office import Page, Paper, Table

_WIDTHS = (18, 9, 30, 13, 40, 8, 11, 18, 22)
#: Widths in mm of the same columns in a document; 225 in all.
_MM = (28, 14, 36, 20, 52, 14, 18, 22, 21)


def sheets_xlsx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet a school, and one of what to hand in next for all."""
    from kehou.render.office import Page, workbook

    pages = [_page(scheme, sheet) for sheet in found]
    rows = tuple(
        (safe(s.school.id), score_rows.school_name(s), *row)
        for s in found
        for row in score_rows.next_rows(scheme, s)
    )
    widths = {
        "学校标识码": 14,
        "学校": 24,
        "做什么": 18,
        "内容": 52,
        "涉及指标": 28,
        "涉及分数": 10,
    }
    pages.append(Page("下一步", (), widths, rows, numbers=frozenset({5})))
    return workbook(safe(scheme.title), pages, score_rows.FOOTER)


def _page(scheme: Scheme, sheet: Sheet) -> Page:
    from kehou.render.office import Page

    rows = list(score_rows.rows(scheme, sheet))
    strong = frozenset(n for n, row in enumerate(rows) if row.kind in ("subtotal", "total"))
    return Page(
        sheet.school.id or score_rows.school_name(sheet),
        tuple(_above(scheme, sheet)),
        dict(zip(score_rows.COLUMNS, _WIDTHS, strict=True)),
        tuple(row.cells for row in rows),
        tuple(_below(scheme, sheet)),
        strong,
        frozenset({1, 5, 6}),
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
    from kehou.render.office import papers

    title = f"{safe(scheme.title)}　得分表"
    return papers(title, [_paper(scheme, sheet) for sheet in found], score_rows.FOOTER)


def _paper(scheme: Scheme, sheet: Sheet) -> Paper:
    from kehou.render.office import Paper

    lines = [score_rows.EXAMPLE] if scheme.example else []
    lines += [f"{label}：{text}" for label, text in score_rows.about(scheme, sheet)]
    lines.append(score_rows.headline(scheme, sheet))
    ends = ("", "　　　　　　".join(score_rows.SIGNATURES))
    name = f"{score_rows.school_name(sheet)}得分表"
    return Paper(name, tuple(lines), tuple(_tables(scheme, sheet)), ends)


def _tables(scheme: Scheme, sheet: Sheet) -> Iterator[Table]:
    from kehou.render.office import Table

    rows = tuple(row.cells for row in score_rows.rows(scheme, sheet))
    yield Table("得分表", score_rows.COLUMNS, rows, _MM, (1, 5, 6))
    if vetoes := score_rows.vetoes(sheet):
        heads = ("否决项", "状态", "依据", "办法规定的后果")
        title = "否决项（单独列出，没有改动分数和等次）"
        yield Table(title, heads, tuple(vetoes), (60, 20, 95, 50), (1,))
    if unscored := score_rows.unscored(scheme, sheet):
        yield Table("未计分项", ("考核指标", "分数", "原因"), tuple(unscored), (45, 20, 160), (1,))
    if found := score_rows.next_rows(scheme, sheet):
        yield Table(
            "下一步（能定下的分数多的在前）",
            ("做什么", "内容", "涉及指标", "涉及分数"),
            tuple(found),
            (35, 110, 55, 25),
            (3,),
        )


# --- ranking -------------------------------------------------------------------------------


def ranking_xlsx(scheme: Scheme, found: Ranking) -> bytes:
    """A workbook with a sheet for each table of the ranking."""
    from kehou.render.office import workbook

    return workbook(
        f"{safe(scheme.title)}　排名与汇总", list(_ranking(scheme, found)), score_rows.FOOTER
    )


def _ranking(scheme: Scheme, found: Ranking) -> Iterator[Page]:
    rows = ranking_rows
    heads, widths = rows.columns(scheme), (8, 11, 14, 28, 12, 14, 11, 13, 26, 24)
    yield _listed("排名", heads, widths[: len(heads)], rows.schools(scheme, found), 0, 6, 7)
    yield _listed(
        "等次", ("等次", "确定的学校数", "可能的学校数"), (16, 16, 16), rows.grades(found), 1, 2
    )
    yield _listed(
        "得分分布",
        ("分数", "学校数（确定分）", "学校数（最高可能分）"),
        (16, 20, 24),
        rows.bins(found),
        1,
        2,
    )
    yield _listed(
        "各指标",
        rows.INDICATOR_COLUMNS,
        (28, 8, 11, 9, 8, 20, 24),
        rows.indicators(scheme, found),
        1,
        2,
        3,
        4,
    )
    yield _listed(
        "按条款", ("条款", "依据", "学校数", "处数"), (12, 60, 10, 10), rows.clauses(found), 2, 3
    )
    yield _listed(
        "按苏木乡镇", rows.PLACE_COLUMNS, (24, 10, 14, 18, 76), rows.places(scheme, found), 1, 2, 3
    )
    yield _listed(
        "临近等次线", rows.NEAR_COLUMNS, (14, 28, 16, 14, 12, 16), rows.near(scheme, found), 4
    )
    if found.past is not None:
        yield _listed(
            "与上次相比",
            rows.SHIFT_COLUMNS,
            (14, 28, 13, 13, 10, 10, 10, 24, 24),
            rows.shifts(scheme, found),
            2,
            3,
            5,
            6,
        )
    notes = [score_rows.EXAMPLE] if scheme.example else []
    notes += [f"评分办法：{safe(scheme.title)} 版本 {safe(scheme.version)} 校验值 {scheme.sha256}"]
    notes += rows.notes(scheme, found)
    yield _listed("说明", ("说明",), (110,), [(note,) for note in notes])


def _listed(
    name: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[tuple[str, ...]],
    *numbers: int,
) -> Page:
    from kehou.render.office import Page

    columns = dict(zip(heads, widths, strict=True))
    return Page(name, (), columns, tuple(rows), numbers=frozenset(numbers))
