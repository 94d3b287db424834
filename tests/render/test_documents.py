"""Every row of every table of formats leads to a function, and says whether it gives bytes."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping

import pytest

from kehou.inspection import circular_formats, worksheet_formats
from kehou.rectification import letters
from kehou.remedy import letter, suggestion_text
from kehou.render import Document
from kehou.scoring import formats

TABLES: dict[str, Mapping[str, Document]] = {
    "sheets": formats.SHEETS,
    "rankings": formats.RANKINGS,
    "worksheet": worksheet_formats.FORMATS,
    "circular": circular_formats.FORMATS,
    "notice": letters.FORMATS,
    "request": letter.FORMATS,
    "fix": suggestion_text.FORMATS,
}
ROWS = [(table, name, row) for table, rows in TABLES.items() for name, row in rows.items()]


@pytest.mark.parametrize(("table", "name", "row"), ROWS, ids=[f"{t}-{n}" for t, n, _ in ROWS])
def test_a_row_leads_to_a_function_that_gives_what_it_says(
    table: str, name: str, row: Document
) -> None:
    function = getattr(importlib.import_module(f"kehou.{row.module}"), row.function)
    given = inspect.signature(function).return_annotation
    assert given == ("bytes" if row.binary else "str"), (table, name)


def test_the_formats_of_a_table_take_the_same() -> None:
    for table, rows in TABLES.items():
        counts = {
            len(
                inspect.signature(
                    getattr(importlib.import_module(f"kehou.{row.module}"), row.function)
                ).parameters
            )
            for row in rows.values()
        }
        assert len(counts) == 1, table
