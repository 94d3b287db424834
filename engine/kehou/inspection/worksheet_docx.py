"""A worksheet to print and fill in by hand: one paper a submitter, on A4 across."""

from __future__ import annotations

from collections.abc import Sequence

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
            tuple(_row(item, sheet, words) for item in sheet.items if item.area == area),
            tuple(_COLUMNS.values()),
            (0,),
        )
        for area in dict.fromkeys(item.area for item in sheet.items)
    ]
    signed = words["worksheet.signed"].format(blank=blank)
    ends = (signed,) if tables else (words["worksheet.none"], signed)
    return Paper(words["worksheet.title"], lines, tuple(tables), ends)


def _row(item: Item, sheet: Sheet, words: Words) -> tuple[str, ...]:
    told = texts(item, sheet, words)
    told["clauses"] = told["clauses"].replace(words["list"], "\n")
    place = f"（{told['place']}）" if told["place"] else ""
    look = f"{told['look']}{place}\n{told['quote']}"
    return tuple(
        "" if name in _BLANK else look if name == "look" else told[name] for name in _COLUMNS
    )
