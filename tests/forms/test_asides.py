"""What people write on a form beside its rows, and what a merged cell covers there."""

from __future__ import annotations

from typing import Any

from tests.support.formbook import after, cell_of, column_of, faults

TREE: dict[str, Any] = {
    "school": {"school_id": "0508020001", "name": "沙枣小学（示例）"},
    "disclosures": [
        {"date": "2021-09-01", "channel": "学校网站", "items": "服务内容"},
        {"date": "2021-10-08", "channel": "学校网站", "items": "收费标准"},
    ],
}


def page_of(book: Any, label: str) -> Any:
    """The sheet of a table that has a heading."""
    return next(p for p in book.worksheets for c in range(1, 60) if p.cell(4, c).value == label)


def below(page: Any) -> int:
    """The first row that nobody filled in."""
    column = column_of(page, "公示日期")
    return max(r for r in range(1, 60) if page.cell(r, column).value is not None) + 1


def test_the_headings_again_and_a_signature_are_no_rows_and_are_listed() -> None:
    def write(book: Any) -> None:
        page = page_of(book, "公示日期")
        row = below(page)
        for column in range(1, 30):
            if page.cell(4, column).value:
                page.cell(row, column).value = page.cell(4, column).value
        page.cell(row + 1, column_of(page, "公示日期")).value = "填表人：甲"
        page.cell(row + 1, column_of(page, "公示日期") + 1).value = "审核人：乙"
        page.cell(row + 2, column_of(page, "公示日期")).value = "注：以上为本学期的公示"

    found = after(TREE, write)
    assert len(found.tree["disclosures"]) == 2 and not found.faults
    said = [name.rpartition("第 ")[2] for name in found.unread_files]
    assert [each.partition("（")[2] for each in said] == ["重复的表头）", "说明）", "说明）"]


def test_a_signature_below_a_record_is_no_label_of_it() -> None:
    def write(book: Any) -> None:
        page = next(p for p in book.worksheets if p.cell(1, 1).value and "学校" in p.title)
        row = page.max_row + 2
        page.cell(row, 1).value, page.cell(row, 2).value = "填表人：", "甲"

    found = after(TREE, write)
    assert not found.faults and found.tree["school"]["name"] == "沙枣小学（示例）"
    assert any("（说明）" in name for name in found.unread_files)


def test_what_a_merged_cell_covers_in_a_table_is_told() -> None:
    def write(book: Any) -> None:
        page = page_of(book, "公示日期")
        column = column_of(page, "公示内容")
        first = below(page) - 2
        letter = page.cell(first, column).column_letter
        page.merge_cells(f"{letter}{first}:{letter}{first + 1}")
        page._cells[first + 1, column] = page.cell(first, column).__class__(
            page, first + 1, column, "收费标准"
        )

    found = after(TREE, write)
    [(place, said)] = faults(found)
    assert place and "盖住" in said
    assert "items" in found.tree["disclosures"][0] and "items" not in found.tree["disclosures"][1]


def test_what_a_merged_cell_covers_in_a_record_is_told() -> None:
    def write(book: Any) -> None:
        page = next(p for p in book.worksheets if p.title == "学校")
        above, cell = cell_of(page, "学校标识码"), cell_of(page, "学校名称")
        assert cell.row == above.row + 1
        letter, row, value = cell.column_letter, cell.row, cell.value
        page.merge_cells(f"{letter}{row - 1}:{letter}{row}")
        page._cells[row, cell.column] = above.__class__(page, row, cell.column, value)

    found = after(TREE, write)
    [(place, said)] = faults(found)
    assert place and "盖住" in said and "name" not in found.tree["school"]
