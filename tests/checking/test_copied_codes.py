"""Ids as people and programs copy them, wherever one stands: read as meant and listed, or told.

A damaged id names nobody, and a reference to nobody would stand against a school.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.support.share import share

from kehou.checking import CheckOptions, check
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import Report

Tree = dict[str, Any]
#: Ids in lists, in records and in rows of tables, each in two places at least.
SOUND: Tree = {
    "school": {"school_id": "1508020001", "name": "某小学（示例）"},
    "plan": {
        "service_start": "2021-09-06",
        "sessions": [
            {"session_id": "1", "course_id": "7", "vendor_id": "9", "staff_ids": ["3", "4"]},
            {"session_id": "2", "staff_ids": ["3"]},
        ],
        "courses": [{"course_id": "7", "vendor_id": "9", "sessions": ["1"]}],
    },
    "staff": [{"staff_id": "3"}, {"staff_id": "4", "vendor_id": "9"}],
    "vendors": [{"vendor_id": "9", "staff_ids": ["4"]}],
    "roster": [{"student_id": "11"}, {"student_id": "12"}],
    "attendance": [{"date": "2021-09-06", "session_ref": "1", "staff_id": "3"}],
    "ledger": {"rows": [{"row_no": "1", "student_id": "11", "payee_id": "9"}]},
}
TABLES = ("staff", "roster", "attendance", "ledger")
READ: dict[str, Callable[[str], str]] = {
    "a mark that nobody sees": lambda code: f"{code[:1]}\u200b{code[1:]}\u200e",
    "full width": lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
    "a text for a spreadsheet": lambda code: f'="{code}"',
    "marked as text": lambda code: f"'{code}",
    "a fraction": lambda code: f"{code}.0",
    "with cents": lambda code: f"{code}.00",
    "both": lambda code: f"\ufeff{code}．０",
}
TOLD = {
    "no value": "#N/A",
    "a formula": "=VLOOKUP(A2,名单!A:B,2,0)",
    "another sheet": "='名单 2021'!B3",
    "shortened": "1.50802E+17",
    "too narrow": "########",
}


def _codes(
    tree: Any, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every id in the submission with its place."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name not in ("date", "service_start", "name", "school_id", "row_no"):
                yield from _codes(value, (*at, name))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _codes(value, (*at, index))
    else:
        yield at, tree


def _put(at: tuple[str | int, ...], value: str) -> Tree:
    tree = copy.deepcopy(SOUND)
    inner: Any = tree
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return tree


def _written(tree: Tree, form: str, part: str, folder: Path) -> Path:
    """The submission as one file, or with a table beside it."""
    rest = dict(tree)
    if part:
        held = rest.pop(part)
        rows = held["rows"] if part == "ledger" else held
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = [names, *([row.get(name, "") for name in names] for row in rows)]
        if form == "csv":
            out = io.StringIO()
            csv.writer(out).writerows(table)
            (folder / f"{part}.csv").write_text(out.getvalue(), "utf-8")
        else:
            book = openpyxl.Workbook()
            for row, cells in enumerate(table, 1):
                for column, text in enumerate(cells, 1):
                    book.worksheets[0].cell(row, column, text).data_type = "s"
            book.save(folder / f"{part}.xlsx")
    (folder / "plan.json").write_text(json.dumps(rest, ensure_ascii=False), "utf-8")
    return folder


def _checked(tree: Tree, form: str, part: str, folder: Path) -> Report:
    folder.mkdir()
    options = CheckOptions(stage=Stage.INSPECTION, engine="direct", on="2021-09-30")
    return check(str(_written(tree, form, part, folder)), options)


def _said(report: Report) -> dict[str, Outcome]:
    return {result.rule: result.outcome for result in report.results}


def _failed(report: Report) -> set[str]:
    return {rule for rule, said in _said(report).items() if said is Outcome.FAIL}


PLACES = [(at, code) for at, code in _codes(SOUND)]
FORMS = [("json", ""), *((form, part) for form in ("csv", "xlsx") for part in TABLES)]
CASES = [
    (form, part, at, code)
    for form, part in FORMS
    for at, code in PLACES
    if not part or at[0] == part
]


def test_every_id_is_tried_in_every_form() -> None:
    assert len(PLACES) == 21
    assert {form for form, *_ in CASES} == {"json", "csv", "xlsx"}


@pytest.mark.parametrize("damage", READ)
def test_a_damaged_id_is_read_as_meant_and_listed(damage: str, tmp_path: Path) -> None:
    sound: dict[tuple[str, str], dict[str, Outcome]] = {}
    for number, (form, part, at, code) in enumerate(CASES[:: max(1, len(CASES) // share(24))]):
        if (form, part) not in sound:
            report = _checked(SOUND, form, part, tmp_path / f"{form}{part}")
            assert not report.submission.faults
            sound[form, part] = _said(report)
        tree = _put(at, READ[damage](code))
        report = _checked(tree, form, part, tmp_path / str(number))
        place = (form, at, READ[damage](code))
        assert (place, report.submission.faults) == (place, ())
        assert (place, _said(report)) == (place, sound[form, part])
        if (form, damage) != ("csv", "marked as text"):  # the mark is the file's, as quotes are
            assert any(code == one.read for one in report.submission.normalised), place


@pytest.mark.parametrize("damage", TOLD)
def test_an_id_that_is_lost_is_told_and_held_against_nobody(damage: str, tmp_path: Path) -> None:
    before: dict[tuple[str, str], set[str]] = {}
    for number, (form, part, at, _) in enumerate(CASES[:: max(1, len(CASES) // share(24))]):
        if (form, part) not in before:
            before[form, part] = _failed(_checked(SOUND, form, part, tmp_path / f"{form}{part}"))
        report = _checked(_put(at, TOLD[damage]), form, part, tmp_path / str(number))
        assert len(report.submission.faults) == 1, (form, at)
        assert _failed(report) <= before[form, part], (form, at)
