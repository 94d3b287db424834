"""A filled-in table is read as people see it: the headings' rows, with the cells they stand in."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from kehou.readers.filled_table import read_filled


def book(value: object, number_format: str) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["编号", "数值"])
    sheet.append(["甲", value])
    sheet["B2"].number_format = number_format
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.92, "0%", "92%"),
        (0.925, "0.0%", "92.5%"),
        (1, "0%", "100%"),
        (0.07, "0.00%", "7%"),
        (0.92, "General", "0.92"),
        (92, "0", "92"),
        ("92%", "0%", "92%"),
        (date(2021, 11, 25), "yyyy-mm-dd", "2021-11-25"),
    ],
)
def test_a_cell_says_what_people_see(value: object, number_format: str, read: str) -> None:
    document = read_filled(
        book(value, number_format), "给分.xlsx", {"编号": "id", "数值": "value"}, ("id", "value")
    )
    assert document.tree == [{"id": "甲", "value": read}]
