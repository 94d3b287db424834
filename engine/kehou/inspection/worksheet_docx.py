"""A worksheet to print and fill in by hand: one paper a submitter, on A4 across."""

from __future__ import annotations

from collections.abc import Sequence

from kehou.inspection.paper_rows import empty_told, left_out, paper_row
from kehou.inspection.worksheet_xlsx import texts
from kehou.inspection.worksheets import Item, Strata
from kehou.inspection.worksheets import Worksheet as Sheet
from kehou.render.office import Paper, Table, papers
from kehou.render.words import Words

#: Columns with their widths in mm; the last three are left blank.
_COLUMNS = {
    "number": 9,
    "clauses": 16,
    "checked": 36,
    "subject": 36,
    "look": 80,
    "outcome": 15,
    "verdict": 16,
    "seen": 39,
    "evidence": 20,
}
#: Columns of what waits for a paper, likewise; there is nothing to fill in.
_PAPERS = {"number": 16, "checked": 40, "subject": 60, "place": 36, "look": 115}
_BLANK = ("verdict", "seen", "evidence")


def render(sheets: Sequence[Sheet], strata: Strata, words: Words) -> bytes:
    """The document of all submitters, in the order given."""
    found = [_paper(sheet, words) for sheet in sheets]
    return papers(words["worksheet.title"], found, words["page.footer"], narrow=True)


def _paper(sheet: Sheet, words: Words) -> Paper:
    submitter = sheet.submitter
    blank = "＿＿＿＿＿＿＿＿＿＿"
    colon = words["colon"]
    lines = (
        f"{words['worksheet.whose']}{colon}{submitter.name}（{submitter.id}）",
        "　　".join(f"{words[f'worksheet.{name}']}{colon}{blank}" for name in ("office", "date")),
        words["worksheet.how_printed"],
    )
    tables = [
        Table(
            str(submitter.areas.get(area, area)),
            tuple(words[f"worksheet.{name}"] for name in _COLUMNS),
            tuple(_row(item, sheet, words) for item in sheet.to_look if item.area == area),
            tuple(_COLUMNS.values()),
            (0,),
        )
        for area in dict.fromkeys(item.area for item in sheet.to_look)
    ]
    if sheet.papers:
        names = tuple(words[f"worksheet.{name}"] for name in _PAPERS)
        rows = [paper_row(group, words) for group in sheet.papers]
        told = tuple(tuple(row[name] for name in _PAPERS) for row in rows)
        title = words["worksheet.papers"]
        tables.append(Table(title, names, told, tuple(_PAPERS.values()), (0,)))
    note = left_out(sheet.left_out, words)
    signed = words["worksheet.signed"].format(blank=blank)
    none = () if tables else (empty_told(sheet.submitter, words),)
    ends = (*none, *((note,) if note else ()), *((signed,) if sheet.submitter.results else ()))
    return Paper(words["worksheet.title"], lines, tuple(tables), ends)


def _row(item: Item, sheet: Sheet, words: Words) -> tuple[str, ...]:
    told = texts(item, sheet, words)
    told["clauses"] = told["clauses"].replace(words["list"], "\n")
    place = f"（{told['place']}）" if told["place"] else ""
    look = f"{told['look']}{place}\n{told['quote']}"
    return tuple(
        "" if name in _BLANK else look if name == "look" else told[name] for name in _COLUMNS
    )
