"""Three hundred damaged and rearranged forms: read, or refused with a reason; nothing in silence.

Whatever moves without being deleted is read as before, or something is told: a fault, or a name
under what was not read. A damaged package is refused with what to do, or reads the same.
"""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache
from typing import Any

import pytest
from tests.support.formbook import changed, comparable, filled, read_form, schema
from tests.support.share import share

from kehou.forms import open_form
from kehou.readers import ReadError
from kehou.submission import Submission

TREE: dict[str, Any] = {
    "school": {
        "school_id": "0508020001",
        "name": "河套小学（示例）",
        "levels": "小学",
        "boarding": "否",
    },
    "fee_exemptions": [
        {"category": "残疾学生", "treatment": "免收", "students": "2"},
        {"category": "孤儿", "treatment": "免收", "percent": "0.5", "students": "1"},
        {"category": "烈士子女", "treatment": "免收", "proof_required": "否"},
    ],
    "disclosures": [
        {"date": "2021-09-01", "channel": "学校网站", "items": "服务内容、收费标准"},
        {"date": "2021-10-08", "income_total": "300.50", "photo_or_file": "公示.jpg"},
    ],
    "pta": {
        "participation": "是",
        "supervision_records": [{"date": "2021-10-20", "content": "到校"}],
    },
    "timetable": {
        "valid_from": "2021-09-01",
        "grades": [
            {"grade": "1", "season": "全年", "arrival": "07:50", "last_lesson_end": "15:40"},
            {"grade": "2", "season": "全年", "periods": [{"weekday": "1", "start": "08:00"}]},
        ],
    },
}
MOVES, TYPES, PACKAGES = share(110), share(90), share(110)


@cache
def base() -> bytes:
    return filled(TREE, lean=True)


@cache
def before() -> dict[str, Any]:
    return comparable(read_form(base()))


def in_any_order(tree: Any) -> Any:
    """A tree without the order of rows, which moving a row changes."""
    if isinstance(tree, dict):
        return {key: in_any_order(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return sorted((in_any_order(each) for each in tree), key=repr)
    return tree


def told(found: Submission) -> bool:
    return bool(found.faults or found.unread_files)


def test_the_form_itself_reads_as_its_tree() -> None:
    found = read_form(base())
    assert found.faults == () and found.tree["school"]["school_id"] == "0508020001"
    assert len(found.tree["fee_exemptions"]) == 3


# --- moved, merged, renamed ----------------------------------------------------------------


def _cell(rng: random.Random, page: Any) -> Any:
    return page.cell(rng.randint(1, 16), rng.randint(1, min(page.max_column, 12)))


def _move_block(rng: random.Random, page: Any) -> None:
    column = rng.randint(1, page.max_column)
    letter = page.cell(1, column).column_letter
    page.move_range(f"{letter}4:{letter}30", cols=rng.choice([20, 33]))


def _move_row(rng: random.Random, page: Any) -> None:
    row = rng.randint(4, 12)
    page.move_range(f"A{row}:Z{row}", rows=rng.choice([30, 41]))


def _swap_columns(rng: random.Random, page: Any) -> None:
    a, b = rng.sample(range(1, max(page.max_column, 3)), 2)
    for row in range(3, 30):
        first, second = page.cell(row, a), page.cell(row, b)
        if type(first).__name__ == type(second).__name__ == "Cell":
            first.value, second.value = second.value, first.value
            first.number_format, second.number_format = second.number_format, first.number_format


def _insert(rng: random.Random, page: Any) -> None:
    if rng.random() < 0.5:
        page.insert_rows(rng.randint(1, 10), rng.randint(1, 3))
    else:
        page.insert_cols(rng.randint(1, 6), rng.randint(1, 2))


def _merge(rng: random.Random, page: Any) -> None:
    """A merge keeps its first cell; so as not to delete, only cells that are blank are covered."""
    row, column = rng.randint(3, 12), rng.randint(1, 8)
    down, right = rng.choice([(1, 0), (2, 0), (0, 1), (0, 2), (1, 1)])
    cells = [(r, c) for r in range(row, row + down + 1) for c in range(column, column + right + 1)]
    if all(page.cell(r, c).value is None for r, c in cells[1:]):
        page.merge_cells(
            start_row=row, start_column=column, end_row=row + down, end_column=column + right
        )


def _rename(rng: random.Random, page: Any) -> None:
    page.title = (
        rng.choice(["Sheet1", "表（二）", "我们填的", "学校信息表"]) + str(rng.random())[:6]
    )


def _relabel(rng: random.Random, page: Any) -> None:
    cells = [page.cell(4, c) for c in range(1, page.max_column + 1)]
    cells += [page.cell(r, 1) for r in range(4, 14)]
    chosen = rng.choice([c for c in cells if isinstance(c.value, str)])
    chosen.value = rng.choice(
        [chosen.value + "：", "　" + chosen.value, chosen.value + "*", "栏目甲"]
    )


def _unmark(rng: random.Random, page: Any) -> None:
    for row in page.iter_rows(max_row=3):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("标记"):
                cell.value = None


def _drop_headings(rng: random.Random, page: Any) -> None:
    heading = 3 if page["A3"].value == "栏目" else 4
    page.delete_rows(rng.choice([1, 2, heading]))


def _scribble(rng: random.Random, page: Any) -> None:
    page.cell(rng.randint(20, 60), rng.randint(1, 40)).value = "记得问一下"


def _copy(rng: random.Random, page: Any) -> None:
    page.parent.copy_worksheet(page)


CHANGES = [
    _move_block,
    _move_row,
    _swap_columns,
    _insert,
    _merge,
    _rename,
    _relabel,
    _unmark,
    _drop_headings,
    _scribble,
    _copy,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__.strip("_"))
def test_what_people_move_reads_the_same_or_is_told(change: Any) -> None:
    for seed in range(MOVES // len(CHANGES)):
        rng = random.Random(f"{change.__name__} {seed}")
        names: list[str] = []

        def work(book: Any, rng: random.Random = rng, names: list[str] = names) -> None:
            page = rng.choice(book.worksheets[1:-1])
            names.append(page.title)
            change(rng, page)

        found = read_form(changed(base(), work))
        assert in_any_order(comparable(found)) == in_any_order(before()) or told(found), seed


# --- wrong values --------------------------------------------------------------------------

#: How the styles of cells to fill in begin.
FREE = ("kehou in", "kehou fi")
WRONG: list[Any] = [
    True,
    3.5,
    -1,
    10**17,
    "=1/0",
    "=NOW()",
    "#N/A",
    "无",
    "待定",
    "１２３",
    "12：30",
    "周八",
    "\u3000",
    "<b>x</b>",
    "Ünïcödé",
    "\U0001f600",
    "很长" * 400,
    '=HYPERLINK("http://x")',
    "1e308",
]


def test_wrong_values_are_read_as_their_field_says_or_told() -> None:
    kept = 0
    for seed in range(TYPES):
        rng = random.Random(f"type {seed}")
        value = rng.choice(WRONG)
        places: list[str] = []

        def work(
            book: Any, rng: random.Random = rng, value: Any = value, places: list[str] = places
        ) -> None:
            page = rng.choice(book.worksheets[1:-1])
            cells = [c for row in page.iter_rows(min_row=4) for c in row if c.style[:8] in FREE]
            held = [c for c in cells if c.value is not None and c.column > 1] or cells
            cell = rng.choice(held)
            cell.value = value
            places.append(f"{page.title}!{cell.coordinate}")

        found = read_form(changed(base(), work))
        here = [fault for fault in found.faults if fault.location.cell == places[0]]
        same = comparable(found) == before()
        kept += not here
        blank = isinstance(value, str) and not value.strip()
        assert here or not same or blank or told(found) or found.normalised, (seed, value, places)
        assert all(fault.hint or fault.allowed for fault in found.faults)
    assert 0 < kept < TYPES


# --- damaged packages ----------------------------------------------------------------------


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(base())) as package:
        return {name: package.read(name) for name in package.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _damaged(rng: random.Random, kind: int) -> bytes:
    parts = _parts()
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    if kind == 0:  # cut short, as a broken download is
        return base()[: rng.randint(0, len(base()) - 1)]
    if kind == 1:  # a byte that flipped
        content = bytearray(base())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        return bytes(content)
    if kind == 2:  # a part that is gone
        del parts[rng.choice(list(parts))]
    elif kind == 3:  # a part that is not what it was
        parts[rng.choice(list(parts))] = rng.choice([b"", b"<x/>", b"\x00" * 50, b"<a><b></a>"])
    elif kind == 4:  # XML in another encoding, declared or not
        name = rng.choice(sheets)
        text = parts[name].decode()
        text = text.replace('encoding="UTF-8"', "").replace("encoding='UTF-8'", "")
        code = rng.choice(["utf-16", "gb18030", "utf-8-sig", "latin-1"])
        head = "" if code.startswith("utf") else f'<?xml version="1.0" encoding="{code}"?>'
        body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
        parts[name] = (head + body).encode(code, "xmlcharrefreplace")
    elif kind == 5:  # a part cut short
        name = rng.choice([*sheets, "xl/workbook.xml", "xl/styles.xml"])
        parts[name] = parts[name][: rng.randint(0, len(parts[name]) - 1)]
    else:  # references that lead nowhere
        name = rng.choice(sheets)
        old, new = rng.choice(
            [(b't="s"', b't="q"'), (b"<v>", b"<v>99999"), (b' s="', b' s="9'), (b'r="', b'r="ZZZZ')]
        )
        parts[name] = parts[name].replace(old, new)
    return _zipped(parts)


@pytest.mark.parametrize("kind", range(7))
def test_damaged_packages_are_refused_with_a_reason_or_read_the_same(kind: int) -> None:
    refused = 0
    for seed in range(PACKAGES // 7 + 1):
        content = _damaged(random.Random(f"package {kind} {seed}"), kind)
        try:
            document = open_form(content, "申报表.xlsx", schema())
        except ReadError as error:
            refused += 1
            assert error.message and error.hint and error.where.startswith("申报表.xlsx")
            continue
        if document is None:  # then the next reader is asked, and the file is told
            continue
        found = read_form(content)
        assert comparable(found) == before() or told(found) or found.normalised, (kind, seed)
    assert refused or kind in (1, 4, 6)
