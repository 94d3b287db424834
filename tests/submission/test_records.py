"""Whose record: an approval or inspection is used for the submission that it names alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from kehou import data
from kehou.errors import UsageError
from kehou.fields import load_schema
from kehou.readers import ReadError
from kehou.submission import Submission, load, refuse_unnamed
from kehou.submission.files import read_data

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))
PLAN = "学校: {学校标识码: '1508020005', 学校名称: 胜利学校（示例）}\n"
HEAD = ["学校标识码", "学校名称", "审批日期", "审批意见", "审批范围"]
OTHER = ["1508020001", "向阳小学（示例）", "2021-08-29", "退回", "实施方案"]
OWN = ["1508020005", "胜利学校（示例）", "2021-08-28", "同意", "实施方案、应急预案"]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    place = tmp_path / "school"
    place.mkdir()
    (place / "plan.yaml").write_text(PLAN, "utf-8")
    return place


def read(plan: Path, given: Path) -> Submission:
    return load(plan, SCHEMA, data={"approval": given})


def dated(found: Submission) -> object:
    record = found.tree.get("approval")
    return record.get("date") if isinstance(record, dict) else None


def written(place: Path, code: str, date: str = "2021-08-28") -> Path:
    line = f"学校标识码: '{code}'\n" if code else ""
    place.write_text(f"{line}审批日期: {date}\n审批意见: 同意\n", "utf-8")
    return place


def table(place: Path, *rows: list[str]) -> Path:
    if place.suffix == ".xlsx":
        book = Workbook()
        assert book.active is not None
        for row in (HEAD, *rows):
            book.active.append(row)
        book.save(place)
    else:
        place.write_text("".join(",".join(row) + "\n" for row in (HEAD, *rows)), "utf-8")
    return place


@pytest.mark.parametrize("name", ["approvals.csv", "approvals.xlsx"])
def test_a_table_gives_each_school_its_own_row(plan: Path, name: str) -> None:
    found = read(plan, table(plan.parent / name, OTHER, OWN))
    assert found.faults == ()
    assert dated(found) == "2021-08-28"
    assert found.tree["approval"]["covers"] == ("plan", "emergency_plan")
    assert found.tree["approval"]["source"] == "bureau"
    assert found.records == ()
    place = found.locate("/approval/date")
    assert place.file == name
    assert (place.line, place.cell) in ((3, "审批日期"), (None, "Sheet!C3"))


def test_a_list_in_yaml_and_a_folder_are_taken_too(plan: Path) -> None:
    one = plan.parent / "all.yaml"
    one.write_text(
        "- {学校标识码: '1508020001', 审批日期: 2021-08-29}\n"
        "- {学校标识码: '1508020005', 审批日期: 2021-08-28}\n",
        "utf-8",
    )
    assert dated(read(plan, one)) == "2021-08-28"
    folder = plan.parent / "approvals"
    folder.mkdir()
    written(folder / "a.yaml", "1508020001", "2021-08-29")
    written(folder / "b.yaml", "1508020005")
    found = read(plan, folder)
    assert dated(found) == "2021-08-28"
    assert found.locate("/approval/date").file == "b.yaml"


def test_a_record_of_another_school_is_not_used_and_told(plan: Path) -> None:
    found = read(plan, written(plan.parent / "approval.yaml", "1508020001"))
    assert "approval" not in found.tree
    assert "approval" not in found.bureau
    [note] = found.records
    assert (note.state, note.files, note.whose) == ("other", ("approval.yaml",), ("1508020001",))
    assert found.faults == ()


def test_the_schools_own_copy_stays_where_the_bureau_has_none_for_it(plan: Path) -> None:
    written(plan / "approval.yaml", "", "2021-08-20")
    found = read(plan, written(plan.parent / "approval.yaml", "1508020001"))
    assert dated(found) == "2021-08-20"
    assert found.tree["approval"]["source"] == "school"


def test_a_school_may_be_named_by_its_name_as_in_attestations(plan: Path) -> None:
    assert dated(read(plan, written(plan.parent / "a.yaml", "胜利学校（示例）"))) == "2021-08-28"


def test_one_without_a_code_is_used_for_one_school_and_told(plan: Path) -> None:
    found = read(plan, written(plan.parent / "approval.yaml", ""))
    assert dated(found) == "2021-08-28"
    assert [note.state for note in found.records] == ["unnamed"]


def test_one_without_a_code_among_several_is_not_used(plan: Path) -> None:
    found = read(plan, table(plan.parent / "a.csv", OTHER, ["", *OWN[1:]]))
    assert "approval" not in found.tree
    assert [note.state for note in found.records] == ["other", "left_out"]


def test_two_records_of_one_school_are_believed_from_neither(plan: Path) -> None:
    found = read(plan, table(plan.parent / "a.csv", OWN, OWN))
    assert "approval" not in found.tree
    assert "2 份写着1508020005" in found.faults[0].found
    assert "/approval" in found.faulted


def test_a_school_that_brings_anothers_approval_is_told(plan: Path) -> None:
    written(plan / "approval.yaml", "1508020001")
    found = load(plan, SCHEMA)
    assert "approval" not in found.tree
    assert "1508020001" in found.faults[0].found


def test_a_file_that_cannot_be_read_is_told_and_keeps_nobody_from_the_others(plan: Path) -> None:
    folder = plan.parent / "approvals"
    folder.mkdir()
    (folder / "a.yaml").write_text("审批日期: [\n", "utf-8")
    written(folder / "b.yaml", "1508020005")
    found = read(plan, folder)
    assert dated(found) == "2021-08-28"
    assert [(note.state, note.files) for note in found.records] == [("unread", ("a.yaml",))]


def test_several_submissions_refuse_a_record_without_a_code(plan: Path) -> None:
    refuse_unnamed({"approval": written(plan.parent / "a.yaml", "1508020005")}, SCHEMA)
    with pytest.raises(UsageError, match="学校标识码"):
        refuse_unnamed({"approval": written(plan.parent / "b.yaml", "")}, SCHEMA)


def test_a_changed_file_is_read_again(plan: Path) -> None:
    file = written(plan.parent / "a.yaml", "1508020005")
    assert dated(read(plan, file)) == "2021-08-28"
    assert dated(read(plan, written(file, "1508020005", "2021-09-01"))) == "2021-09-01"


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    link = tmp_path / "approval.yaml"
    link.symlink_to(link.name)
    _, given = read_data("approval", link, SCHEMA)
    assert isinstance(given, ReadError)
    assert "绕成了圈" in given.message
