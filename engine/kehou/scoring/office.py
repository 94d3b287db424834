"""Score sheets as a workbook and as a Word document, a ranking as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kehou.render.words import safe
from kehou.scoring import ranking_rows, sheet_rows
from kehou.scoring.ranking import Ranking
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet
from kehou.scoring.shown import Shown

if TYPE_CHECKING:
    from kehou.render.office import Page, Paper, Table

_WIDTHS = (18, 9, 30, 13, 40, 8, 11, 18, 22)
#: Widths in mm of the same columns in a document; 225 in all.
_MM = (28, 14, 36, 20, 52, 14, 18, 22, 21)


def sheets_xlsx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each, and one of what to hand in next for all."""
    from kehou.render.office import Page, workbook

    show = Shown(scheme)
    pages = [_page(scheme, sheet) for sheet in found]
    rows = tuple(
        (safe(s.submitter.id), sheet_rows.subject_name(s), *row)
        for s in found
        for row in sheet_rows.next_rows(scheme, s)
    )
    heads = show.heads("subject_id", "subject", *sheet_rows.NEXT_COLUMNS)
    widths = dict(zip(heads, (14, 24, 18, 52, 28, 10), strict=True))
    pages.append(Page(show.say("next"), (), widths, rows, numbers=frozenset({5})))
    return workbook(safe(scheme.title), pages, show.say("footer"))


def _page(scheme: Scheme, sheet: Sheet) -> Page:
    from kehou.render.office import Page

    rows = list(sheet_rows.rows(scheme, sheet))
    strong = frozenset(n for n, row in enumerate(rows) if row.kind in ("subtotal", "total"))
    return Page(
        sheet.submitter.id or sheet_rows.subject_name(sheet),
        tuple(_above(scheme, sheet)),
        dict(zip(Shown(scheme).heads(*sheet_rows.COLUMNS), _WIDTHS, strict=True)),
        tuple(row.cells for row in rows),
        tuple(_below(scheme, sheet)),
        strong,
        frozenset({1, 5, 6}),
    )


def _above(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    show = Shown(scheme)
    yield show.title("title.sheets")
    if scheme.example:
        yield show.say("example")
    yield sheet_rows.headline(scheme, sheet)
    yield from _about(scheme, sheet)


def _about(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    colon = Shown(scheme).words["colon"]
    yield from (f"{label}{colon}{text}" for label, text in sheet_rows.about(scheme, sheet))


def _below(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    show = Shown(scheme)
    apart = show.words["semicolon"]
    vetoes = sheet_rows.vetoes(scheme, sheet)
    if vetoes:
        yield show.say("vetoes")
        for title, state, ground, effect in vetoes:
            said = apart.join(part for part in (state, ground.replace("\n", apart), effect) if part)
            yield show.say("veto_line", title=title, said=said)
    unscored = sheet_rows.unscored(scheme, sheet)
    if unscored:
        yield show.say("unscored")
        for title, points, why in unscored:
            yield "· " + show.say("unscored_line", title=title, points=points, why=why)
    yield ""
    yield "　　　　　　　　　　".join(sheet_rows.signatures(show))


def sheets_docx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    """A document with a sheet for each, on A4 across."""
    from kehou.render.office import papers

    show = Shown(scheme)
    found_papers = [_paper(scheme, sheet) for sheet in found]
    return papers(show.title("title.sheets"), found_papers, show.say("footer"))


def _paper(scheme: Scheme, sheet: Sheet) -> Paper:
    from kehou.render.office import Paper

    show = Shown(scheme)
    lines = [show.say("example")] if scheme.example else []
    lines += _about(scheme, sheet)
    lines.append(sheet_rows.headline(scheme, sheet))
    ends = ("", "　　　　　　".join(sheet_rows.signatures(show)))
    name = show.say("title.sheet", subject=sheet_rows.subject_name(sheet))
    return Paper(name, tuple(lines), tuple(_tables(scheme, sheet)), ends)


def _tables(scheme: Scheme, sheet: Sheet) -> Iterator[Table]:
    from kehou.render.office import Table

    show = Shown(scheme)
    rows = tuple(row.cells for row in sheet_rows.rows(scheme, sheet))
    yield Table(show.say("table"), show.heads(*sheet_rows.COLUMNS), rows, _MM, (1, 5, 6))
    if vetoes := sheet_rows.vetoes(scheme, sheet):
        heads = show.heads(*sheet_rows.VETO_COLUMNS)
        yield Table(show.say("vetoes"), heads, tuple(vetoes), (60, 20, 95, 50), (1,))
    if unscored := sheet_rows.unscored(scheme, sheet):
        heads = show.heads(*sheet_rows.UNSCORED_COLUMNS)
        yield Table(show.say("unscored"), heads, tuple(unscored), (45, 20, 160), (1,))
    if steps := sheet_rows.next_rows(scheme, sheet):
        heads = show.heads(*sheet_rows.NEXT_COLUMNS)
        yield Table(show.say("next_in_order"), heads, tuple(steps), (35, 110, 55, 25), (3,))


# --- ranking -------------------------------------------------------------------------------


def ranking_xlsx(scheme: Scheme, found: Ranking) -> bytes:
    """A workbook with a sheet for each table of the ranking."""
    from kehou.render.office import workbook

    show = Shown(scheme)
    pages = list(_ranking(scheme, found))
    return workbook(show.title("title.ranking"), pages, show.say("footer"))


def _ranking(scheme: Scheme, found: Ranking) -> Iterator[Page]:
    show, rows = Shown(scheme), ranking_rows
    heads, n = rows.columns(scheme), len(scheme.called.places)
    widths = (8, 11, 14, 28, *[12] * (n - 1), *[14] * (n > 0), 11, 13, 26, 24)[: len(heads)]
    told = rows.places(scheme, found)
    notes = [show.say("example")] if scheme.example else []
    notes.append(show.by())
    notes += rows.notes(scheme, found)
    yield _listed(show.say("notes"), (show.say("notes"),), (110,), [(note,) for note in notes])
    yield _listed(show.say("ranking.places"), heads, widths, told, 0, 4 + n, 5 + n)
    if found.vetoed:
        apart = (14, 28, *[12] * (n - 1), *[14] * (n > 0), 11, 13, 20, 24, 40)
        heads = rows.vetoed_columns(scheme)
        told_apart = rows.vetoed(scheme, found)
        yield _listed(show.say("ranking.vetoed"), heads, apart, told_apart, 2 + n, 3 + n)
    tables = (
        ("grades", rows.GRADE_COLUMNS, (16, 16, 16), rows.grades(scheme, found), (1, 2)),
        ("bins", rows.BIN_COLUMNS, (16, 20, 24), rows.bins(scheme, found), (1, 2)),
        (
            "indicators",
            rows.INDICATOR_COLUMNS,
            (28, 8, 11, 9, 8, 20, 24),
            rows.indicators(scheme, found),
            (1, 2, 3, 4),
        ),
        ("by_clause", rows.CLAUSE_COLUMNS, (12, 60, 10, 10), rows.clauses(found), (2, 3)),
        (
            "by_place",
            rows.PLACE_COLUMNS,
            (24, 10, 14, 18, 76),
            rows.by_place(scheme, found),
            (1, 2, 3),
        ),
        ("near", rows.NEAR_COLUMNS, (14, 28, 16, 14, 12, 16), rows.near(scheme, found), (4,)),
        (
            "shifts",
            rows.SHIFT_COLUMNS,
            (14, 28, 13, 13, 10, 10, 10, 24, 24),
            rows.shifts(scheme, found),
            (2, 3, 5, 6),
        ),
    )
    for name, columns, room, cells, numbers in tables:
        if name != "shifts" or found.past is not None:
            by_place = name == "by_place"
            title = rows.by_place_title(show) if by_place else show.say(f"ranking.{name}")
            yield _listed(title, show.heads(*columns), room, cells, *numbers)


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
