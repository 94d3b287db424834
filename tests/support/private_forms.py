"""Filled-in forms that hold private things where they do not belong, as people leave them there.

Like `private_damage`, of which the texts are; what a workbook has besides cells is drawn too.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from tests.support.formbook import carried, filled
from tests.support.private_damage import KEYS, NAMES, PHONES, PLAN, SECRETS, secret, sound_table

#: What a school calls itself stands above every report, whatever it is.
_CALLED = ("学校名称", "方案名称")
#: The row of a list's headings.
_HEAD = 4


@cache
def _sound(seed: int) -> bytes:
    """A form that is filled in as it should be."""
    rng = random.Random(f"form{seed}")
    tree: dict[str, Any] = dict(PLAN)
    for part in ("学生名册", "教职工"):
        head, *rows = sound_table(part, rng)
        tree[KEYS[part]] = [dict(zip(head, row, strict=True)) for row in rows]
    head, *rows = sound_table("台账", rng)
    tree[KEYS["台账"]] = {"收支记录": [dict(zip(head, row, strict=True)) for row in rows]}
    return filled(carried(tree), lean=True)


def form_folder(folder: Path, rng: random.Random) -> str:
    """A damaged form in a folder; returns the kind of damage."""
    book = load_workbook(io.BytesIO(_sound(rng.randrange(4))))
    damage = rng.choice(FORM_DAMAGE)
    damage(book, rng)
    if rng.random() < 0.2:
        damage = rng.choice(FORM_DAMAGE)
        damage(book, rng)
    book.save(folder / "plan.xlsx")
    return damage.__name__


def _list(book: Workbook, rng: random.Random) -> Worksheet:
    """A sheet of a list that holds persons, more often than one that does not."""
    there = [page for page in book.worksheets if _body(page)]
    assert there, "a form without lists"
    return rng.choice(there)


def _record(book: Workbook, rng: random.Random) -> Worksheet:
    there = [page for page in book.worksheets if _values(page)]
    assert there, "a form without records"
    return rng.choice(there)


def _headings(page: Worksheet) -> list[int]:
    return [c for c in range(1, page.max_column + 1) if page.cell(_HEAD, c).value]


def _body(page: Worksheet) -> list[int]:
    """The rows of a list that people filled in."""
    if page.cell(_HEAD, 1).value != "行次":
        return []
    return [
        r
        for r in range(_HEAD + 1, min(page.max_row, 60) + 1)
        if str(page.cell(r, 1).value or "").isdecimal() and page.cell(r, 2).value
    ]


def _values(page: Worksheet) -> list[int]:
    """The rows of a record's sheet that have a value."""
    at = next((r for r in range(1, 8) if page.cell(r, 1).value == "栏目"), None)
    if at is None:
        return []
    return [
        r
        for r in range(at + 1, page.max_row + 1)
        if page.cell(r, 2).value and page.cell(r, 1).value not in _CALLED
    ]


# --- cells ----------------------------------------------------------------------------------


def wrong_cell(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    page.cell(rng.choice(_body(page)), rng.choice(_headings(page)), secret(rng))


def wrong_column(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    column = rng.choice(_headings(page)[1:])
    for row in _body(page):
        page.cell(row, column, secret(rng))


def number_cell(book: Workbook, rng: random.Random) -> None:
    """A phone or an identity number that the program keeps as a number."""
    page = _list(book, rng)
    number = int(rng.choice((*PHONES, "150802201201010011")))
    page.cell(rng.choice(_body(page)), rng.choice(_headings(page)[1:]), number)


def formula_cell(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    said = rng.choice(('="{}"', '=CONCATENATE("{}","")', '=HYPERLINK("tel:{0}","{0}")'))
    page.cell(
        rng.choice(_body(page)), rng.choice(_headings(page)[1:]), said.format(secret(rng).strip())
    )


def wrong_record(book: Workbook, rng: random.Random) -> None:
    page = _record(book, rng)
    page.cell(rng.choice(_values(page)), 2, secret(rng))


def wrong_label(book: Workbook, rng: random.Random) -> None:
    """A label written over, or a value where the label belongs."""
    page = _record(book, rng)
    page.cell(rng.choice(_values(page)), 1, secret(rng))


def record_shifted(book: Workbook, rng: random.Random) -> None:
    page = _record(book, rng)
    rows = _values(page)
    page.cell(rows[0], 2, secret(rng))
    for row, value in [(r + 1, page.cell(r, 2).value) for r in rows]:
        page.cell(row, 2, value)


# --- rows and columns -----------------------------------------------------------------------


def row_shifted(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    _shift(page, rng.choice(_body(page)), rng.choice((-2, -1, 1, 2)))


def table_shifted(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    by = rng.choice((-1, 1))
    for row in _body(page):
        _shift(page, row, by)


def _shift(page: Worksheet, row: int, by: int) -> None:
    cells = [page.cell(row, c).value for c in range(2, page.max_column + 1)]
    cells = [*([None] * by), *cells] if by > 0 else cells[-by:]
    for column, value in enumerate(cells, 2):
        page.cell(row, column, value)
    for column in range(len(cells) + 2, page.max_column + 1):
        page.cell(row, column).value = None


def pasted_higher(book: Workbook, rng: random.Random) -> None:
    """Rows pasted over the headings: the first person stands where the headings were."""
    page = _list(book, rng)
    row = rng.choice(_body(page))
    keep = rng.sample(_headings(page), rng.choice((0, 2, 3)))
    for column in _headings(page):
        if column not in keep:
            page.cell(_HEAD, column, page.cell(row, column).value)


def headings_gone(book: Workbook, rng: random.Random) -> None:
    _list(book, rng).delete_rows(_HEAD)


def heading_replaced(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    page.cell(_HEAD, rng.choice(_headings(page)), rng.choice((secret(rng), "???", None)))


def heading_added(book: Workbook, rng: random.Random) -> None:
    """A column of one's own, with or without a heading, and maybe one of ours gone."""
    page = _list(book, rng)
    column = page.max_column + rng.choice((1, 2))
    heading = rng.choice(("联系电话", "家长", "身份证", None, secret(rng)))
    page.cell(_HEAD, column, heading)
    for row in _body(page):
        page.cell(row, column, secret(rng))
    if rng.random() < 0.5:
        page.cell(_HEAD, rng.choice(_headings(page)[1:-1])).value = None


def headings_twice(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    row = rng.choice(_body(page))
    page.insert_rows(row, 2)
    page.cell(row, 2, secret(rng))
    for column in _headings(page):
        page.cell(row + 1, column, page.cell(_HEAD, column).value)


def columns_swapped(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    a, b = rng.sample(_headings(page)[1:], 2)
    for row in _body(page):
        one, other = page.cell(row, a), page.cell(row, b)
        one.value, other.value = other.value, one.value


def number_of_row(book: Workbook, rng: random.Random) -> None:
    """A name where the row's number belongs."""
    page = _list(book, rng)
    page.cell(rng.choice(_body(page)), 1, secret(rng))


def example_filled(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    at = [r for r in range(1, 12) if str(page.cell(r, 1).value or "").startswith("示例")]
    page.cell(rng.choice(at or _body(page)), rng.choice(_headings(page)[1:]), secret(rng))


def notes_beside(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng) if rng.random() < 0.6 else _record(book, rng)
    last = max(_body(page) or _values(page))
    page.cell(rng.choice((1, 2, 3, last)), page.max_column + 2, f"联系人 {secret(rng)}")
    page.cell(last + rng.choice((1, 3)), rng.choice((1, 2, 3)), f"填表人：{secret(rng)}")


def cells_merged(book: Workbook, rng: random.Random) -> None:
    page = _list(book, rng)
    row, column = rng.choice(_body(page)), rng.choice(_headings(page)[1:-1])
    page.cell(row, column, secret(rng))
    page.merge_cells(
        start_row=row,
        start_column=column,
        end_row=row + rng.choice((0, 1, 2)),
        end_column=column + rng.choice((0, 1)),
    )


def whole_cell(book: Workbook, rng: random.Random) -> None:
    """A name in the cell that says of a whole table that there is none."""
    page = _list(book, rng)
    for row in range(1, _HEAD):
        for column in range(1, page.max_column + 1):
            if str(page.cell(row, column).value or "").startswith("整表"):
                page.cell(row, column + 1, secret(rng))


# --- what stands beside cells ---------------------------------------------------------------


def remarks_on_cells(book: Workbook, rng: random.Random) -> None:
    """Remarks with their authors, on headings, on cells that are wrong and on sound ones."""
    page = _list(book, rng)
    for row in (_HEAD, rng.choice(_body(page))):
        cell = page.cell(row, rng.choice(_headings(page)[1:]))
        cell.comment = Comment(f"问 {secret(rng)}", rng.choice(NAMES))
    page.cell(rng.choice(_body(page)), rng.choice(_headings(page)[1:])).value = "2021-13-45"


def sheets_of_ones_own(book: Workbook, rng: random.Random) -> None:
    page = book.create_sheet(secret(rng).replace("/", "").strip()[:31] or "张镞彧")
    page.append([secret(rng), secret(rng)])
    page.sheet_state = rng.choice(("visible", "hidden"))
    if rng.random() < 0.5:
        book.create_sheet(rng.choice(NAMES))


def sheet_renamed(book: Workbook, rng: random.Random) -> None:
    _list(book, rng).title = rng.choice(NAMES)


def sheet_twice(book: Workbook, rng: random.Random) -> None:
    book.copy_worksheet(_list(book, rng)).title = f"{rng.choice(NAMES)}的表"


def properties(book: Workbook, rng: random.Random) -> None:
    book.properties.creator = book.properties.lastModifiedBy = rng.choice(NAMES)
    book.properties.title = book.properties.description = secret(rng)
    page = _list(book, rng)
    header = page.oddHeader
    assert header is not None
    header.center.text = secret(rng)
    book.defined_names["班主任"] = DefinedName("班主任", attr_text=f'"{rng.choice(SECRETS)}"')
    page.cell(rng.choice(_body(page)), rng.choice(_headings(page)[1:])).value = "2021-13-45"


FORM_DAMAGE: tuple[Callable[[Workbook, random.Random], None], ...] = (
    wrong_cell,
    wrong_column,
    number_cell,
    formula_cell,
    wrong_record,
    wrong_label,
    record_shifted,
    row_shifted,
    table_shifted,
    pasted_higher,
    headings_gone,
    heading_replaced,
    heading_added,
    headings_twice,
    columns_swapped,
    number_of_row,
    example_filled,
    notes_beside,
    cells_merged,
    whole_cell,
    remarks_on_cells,
    sheets_of_ones_own,
    sheet_renamed,
    sheet_twice,
    properties,
)
