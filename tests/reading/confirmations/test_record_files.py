"""A record that cannot be taken as it stands is told with its place, and nothing of it is used."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.support.confirming import draft, filled
from tests.support.prose import BREACH, plan

import kehou
from kehou import CheckOptions
from kehou.cli.main import main
from kehou.errors import EXIT_UNREADABLE, EXIT_USAGE, PackError, UsageError
from kehou.fields.validation import validate
from kehou.model.outcomes import Outcome
from kehou.model.report import Report
from kehou.readers import read_path
from kehou.render.words.summary import exit_code

#: Ends ten minutes later than primary schools may (三、服务安排（二）).
LATE = "周一至周五下午16:30—18:40开展课后服务。"


def checked(place: Path, *given: Path) -> Report:
    """The report of a plan; ``given`` are the bureau's records."""
    options = CheckOptions(
        packs=("bayannur-2021",), engine="direct", confirmations=tuple(map(str, given))
    )
    return kehou.check(str(place), options)


def confirmed(place: Path) -> Path:
    """A plan's record in which the late time is confirmed."""
    return filled(draft(place), {"16:30": "对"})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("日期: 2021-09-08", "日期: 2021-02-30", "“2021-02-30”不是日期"),
        ("日期: 2021-09-08", "日期: ", "缺少 日期"),
        ("核对人: 教导主任", "核对人: ", "缺少 核对人"),
        ("核对人: 教导主任", "核对人: 王主任", "写的像是姓名"),
        ("决定: 对", "决定: 对\n    备注: 看过", "不认识的键 备注"),
        ("决定: 对", "决定: 也许", "不能是“也许”"),
        ("决定: 对\n    改为: ", "决定: 改\n    改为: ", "对不上"),
        ("决定: 对\n    改为: ", "决定: 对\n    改为: 结束时间：18:30", "对不上"),
        ("决定: 对\n    改为: ", "决定: \n    改为: 结束时间：18:30", "没有写“决定”"),
        ("结束时间：18:40", "结束时间：18:30", "可能被改动过"),
        ("原句: 周一至周五下午16:30", "原句: 周一至周五下午15:30", "可能被改动过"),
        ("文件: 方案.docx", "档案: 方案.docx", "不认识的键 档案"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_used(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    place = plan(tmp_path, LATE)
    record = confirmed(place)
    text = record.read_text("utf-8")
    assert old in text
    record.write_text(text.replace(old, new), "utf-8")
    report = checked(place)
    [fault] = [f for f in report.submission.faults if told in f.found]
    assert fault.location.file == "方案.确认.yaml" and fault.location.line
    assert report.confirmed.notes == ()
    fails = [f for r in report.results for f in r.findings if f.outcome is Outcome.FAIL]
    assert fails and all(f.unconfirmed for f in fails)
    assert exit_code([report]) == EXIT_UNREADABLE
    with pytest.raises(PackError, match=told):
        checked(place, record)


def test_a_record_that_is_no_yaml_costs_only_itself(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    (tmp_path / "方案.确认.yaml").write_text("确认: [", "utf-8")
    report = checked(place)
    assert [f.location.file for f in report.submission.faults] == ["方案.确认.yaml"]
    assert [r.rule for r in report.results if r.outcome is Outcome.FAIL]
    with pytest.raises(UsageError):
        checked(place, tmp_path / "方案.确认.yaml")
    with pytest.raises(UsageError):
        checked(place, tmp_path / "没有.yaml")


def test_a_day_may_be_written_as_people_write_it(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    filled(draft(place), {"16:30": "√"}, by="03", day="2021年9月8日")
    [note] = checked(place).confirmed.notes
    assert (note.by, note.on) == ("03", "2021-09-08")


def test_a_folder_that_holds_the_plan_takes_the_record_beside_it(tmp_path: Path) -> None:
    confirmed(plan(tmp_path, LATE))
    report = checked(tmp_path)
    assert [note.state for note in report.confirmed.notes] == ["confirmed"]
    assert not [one for one in report.submission.unread_files if "确认" in one]


def test_a_link_to_what_lies_elsewhere_is_no_record(tmp_path: Path) -> None:
    inside = tmp_path / "材料"
    inside.mkdir()
    place = plan(inside, LATE)
    record = confirmed(place)
    record.rename(tmp_path / "别处.yaml")
    record.symlink_to(tmp_path / "别处.yaml")
    assert checked(place).confirmed.notes == ()


def test_a_draft_is_as_its_schema_says_filled_in_or_not(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE, BREACH)
    record = draft(place)
    assert validate(read_path(record).tree, "confirmations") == []
    filled(record, {"16:30": "改/结束时间：18:30", "打算做": "不是"})
    tree = read_path(record).tree
    assert validate(tree, "confirmations") == []
    tree["确认"][0]["各项"][0]["备注"] = "看过"
    assert validate(tree, "confirmations") != []


# --- workbooks -----------------------------------------------------------------------------------


def fill(file: Path, key: str, decision: str, instead: str = "", day: str = "2021-09-08") -> None:
    """Fill in a workbook as people do: who and when on the first sheet, a decision on the next."""
    book = openpyxl.load_workbook(file)
    first, second = book.worksheets
    for row in first.iter_rows():
        if row[0].value == "核对人":
            row[1].value = "教导主任"
        if row[0].value == "日期":
            row[1].value = day
    heads = {cell.value: cell.column for row in second.iter_rows() for cell in row if cell.value}
    for number, row in enumerate(second.iter_rows(), 1):
        if any(isinstance(cell.value, str) and key in cell.value for cell in row):
            second.cell(number, heads["决定"]).value = decision
            second.cell(number, heads["改为"]).value = instead or None
            break
    book.save(file)


def test_a_workbook_says_what_the_yaml_says(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE, BREACH)
    fill(draft(place, "xlsx"), "16:30", "改", "结束时间：18:35")
    [note] = checked(place).confirmed.notes
    assert (note.state, note.instead, note.by, note.on) == (
        *("corrected", "结束时间：18:35"),
        *("教导主任", "2021-09-08"),
    )
    assert note.place.startswith("方案.确认.xlsx!逐项核对!")


def test_a_fault_of_a_workbook_is_told_with_its_cell(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    fill(draft(place, "xlsx"), "16:30", "大概", day="2021-02-30")
    fill(tmp_path / "方案.确认.xlsx", "自愿", "对", day="2021-02-30")
    told = [(f.location.file, f.found) for f in checked(place).submission.faults]
    assert any(at.startswith("方案.确认.xlsx!逐项核对!") for at, _ in told)
    assert any("2021-02-30" in found for _, found in told)


def test_what_stands_in_a_draft_shows_no_number_of_a_person(tmp_path: Path) -> None:
    place = plan(tmp_path, "周一至周五下午16:30—18:40开展课后服务，联系电话13800000000。")
    text = draft(place).read_text("utf-8")
    assert "16:30" in text and "13800000000" not in text


# --- the command ---------------------------------------------------------------------------------


def test_a_draft_written_again_keeps_what_still_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = plan(tmp_path, LATE, BREACH)
    filled(draft(place), {"16:30": "改/结束时间：18:30", "打算做": "不是"})
    plan(tmp_path, LATE, BREACH.replace("每周五", "每周四"))
    text = draft(place).read_text("utf-8")
    assert "原来的决定留下 1 项；1 项" in capsys.readouterr().err
    assert "决定: 改\n    改为: 结束时间：18:30\n" in text and "决定: 不是" not in text
    assert "核对人: 教导主任" in text


def test_a_draft_is_not_written_over_what_cannot_be_read(tmp_path: Path) -> None:
    place = plan(tmp_path, LATE)
    record = tmp_path / "方案.确认.yaml"
    record.write_text("别的东西: 1\n", "utf-8")
    assert main(["read", str(place), "-o", f"yaml={record}"]) == EXIT_USAGE
    assert record.read_text("utf-8") == "别的东西: 1\n"


def test_a_draft_under_another_name_says_what_to_call_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft(plan(tmp_path, LATE), target=tmp_path / "草稿.yaml")
    assert "方案.确认.yaml" in capsys.readouterr().err
    assert main(["read", str(tmp_path / "方案.docx"), "-o", "xlsx"]) == EXIT_USAGE


def test_the_page_shows_what_was_corrected_and_not_what_was_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = plan(tmp_path, LATE, BREACH)
    filled(draft(place), {"16:30": "改/结束时间：18:20", "自愿申报": "不是"})
    capsys.readouterr()
    assert main(["read", str(place)]) == 0
    shown = capsys.readouterr().out
    assert "结束时间：18:20" in shown and "参与方式：自愿申报" not in shown
