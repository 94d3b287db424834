"""Ids, names and names of files as people copy them compare as what they look like."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.support.formbook import filled, read_form
from tests.support.reported import DATA, checked, outcomes

from kehou import packs
from kehou.readers.copied_text import INVISIBLE, without_marks
from kehou.submission import Submission, load
from kehou.submission.submission import load_text

SCHEMA = packs.load().schema
#: An id as it was copied, and the id.
COPIED = [
    ("T01\u200e", "T01"),
    ("\u202aT01\u202c", "T01"),
    ("T\u200b01", "T01"),
    ("T\u00ad01", "T01"),
    ("\ufeffT01", "T01"),
    ("T01\u2060\u3164", "T01"),
    ("Ｔ０１", "T01"),
    ("Ｔ－０１", "T-01"),
    ("T\u201101", "T-01"),
    ('="T01"', "T01"),
    ('="T01\u200e"', "T01"),
    ('＝"T01"', "T01"),
    ("一年级１班", "一年级1班"),
    ("\u2f00年级1班", "一年级1班"),
    ("一年级\u00a01班", "一年级 1班"),
    ("20211101.0", "20211101"),
]
DAMAGED = (
    *("2.02111E+07", "2.02111e+07", "1E+15", "=B2", "=SUM(A1:A3)", "=Sheet1!A1"),
    *("#N/A", "#REF!", "########"),
)
#: Letters without a shape that Unicode counts among letters: fillers of Hangul.
FILLERS = [0x115F, 0x1160, 0x3164, 0xFFA0]
STAFF = "人员编号,岗位\nT01,值班领导\n"


def read(text: str, form: str) -> Submission:
    """A submission whose only member of staff has an id, as a file of a form has it."""
    tree: dict[str, Any] = {"staff": [{"staff_id": text}]}
    if form == "yaml":
        return load_text("staff:\n  - staff_id: " + json.dumps(text) + "\n", SCHEMA)
    if form == "json":
        return load_text(json.dumps(tree), SCHEMA, "plan.json")
    return read_form(filled(tree, lean=True))


@pytest.mark.parametrize("form", ["yaml", "json", "form"])
@pytest.mark.parametrize(("copied", "meant"), COPIED)
def test_an_id_is_what_it_looks_like_and_the_reading_is_listed(
    copied: str, meant: str, form: str
) -> None:
    found = read(copied, form)
    assert found.tree["staff"][0]["staff_id"] == meant and not found.faults
    assert [note.read for note in found.normalised if note.path.endswith("staff_id")] == [meant]


@pytest.mark.parametrize("form", ["yaml", "json", "form"])
@pytest.mark.parametrize("text", DAMAGED)
def test_what_a_spreadsheet_left_of_an_id_is_no_id(text: str, form: str) -> None:
    found = read(text, form)
    assert "staff_id" not in found.tree["staff"][0]
    [fault] = found.faults
    assert fault.found == text and "文本" in fault.hint
    assert fault.location.line or fault.location.cell


@pytest.mark.parametrize(
    "text", ["1E5", "A=B", "=", "==", "#3", "2021E07", "T-01", "甲#N/A", "e+05", "（示例）１"]
)
def test_an_id_that_only_resembles_such_is_kept(text: str) -> None:
    assert read(text, "json").tree["staff"][0]["staff_id"] == text.replace("１", "1")


def test_prose_keeps_its_widths_and_loses_only_marks() -> None:
    text = "１．" + "各班按时结束，" * 20 + "\u200e不留人。"
    found = load_text(f"school:\n  name: {text}\n", SCHEMA)
    assert found.tree["school"]["name"] == text.replace("\u200e", "")


def test_no_mark_survives_and_nothing_that_has_a_shape_is_lost() -> None:
    marks = [chr(code) for code in range(0x110000) if re.match(f"[{INVISIBLE}]", chr(code))]
    assert len(marks) > 100 and not any(map(str.isspace, marks))
    assert [ord(mark) for mark in marks if mark.isalnum()] == FILLERS
    assert without_marks("甲".join(marks)) == "甲" * (len(marks) - 1)


def test_a_row_of_marks_alone_is_blank(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(f"{STAFF}\u200e,\u200e\n", "utf-8")
    assert len(load(tmp_path, SCHEMA).tree["staff"]) == 1


def test_keys_headings_and_choices_with_marks_are_known(tmp_path: Path) -> None:
    text = "学校\u200e:\n  \u200b学校名称: 沙枣小学（示例）\n  学段: [小学\u200e]\n"
    found = load_text(text, SCHEMA)
    assert found.tree["school"]["name"] == "沙枣小学（示例）"
    assert found.tree["school"]["levels"] == ("primary",) and not found.faults
    told = STAFF.replace("人员编号", '="人员编号"').replace("岗位", "岗\u200e位")
    (tmp_path / "staff.csv").write_text(told, "utf-8")
    found = load(tmp_path, SCHEMA)
    assert found.tree["staff"][0]["staff_id"] == "T01" and not found.faults


def test_nothing_is_nothing_with_a_mark_behind_it() -> None:
    text = "staff: 无\u200e\nroster: 无\n"
    found = load_text(text, SCHEMA)
    assert found.tree["staff"] is found.tree["roster"] and not found.faults


# --- names of files -------------------------------------------------------------------------------


def test_capitals_in_names_of_files_count_for_nothing() -> None:
    report = checked(DATA / "capital-file-name")
    assert outcomes(report)["ref-ledger-rows-student-id"] == "pass"
    names = {each.name for each in report.submission.files}
    assert names == {"Plan.yaml", "Roster.csv", "LEDGER.csv"}


@pytest.mark.parametrize(
    "name", ["Staff.csv", "STAFF.CSV", "ｓｔａｆｆ.csv", "st\u200baff.csv", " staff .csv"]
)
def test_a_name_of_a_file_is_known_in_any_width_and_case(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(STAFF, "utf-8")
    assert load(tmp_path, SCHEMA).tree["staff"][0]["staff_id"] == "T01"


def test_two_files_that_differ_in_capitals_are_one_part_twice(tmp_path: Path) -> None:
    for name in ("staff.csv", "Staff.csv"):
        (tmp_path / name).write_text(STAFF, "utf-8")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("the disk knows no capitals")
    (tmp_path / "plan.yaml").write_text("学校:\n  学校名称: 沙枣小学（示例）\n", "utf-8")
    found = load(tmp_path, SCHEMA)
    assert "staff" not in found.tree
    assert [fault.found for fault in found.faults] == ["Staff.csv、staff.csv 写的是同一部分"]
