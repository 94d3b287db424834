"""Forms that people filled in: what they write, move and leave is read or told, never dropped."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.support.formbook import (
    after,
    cell_of,
    changed,
    column_of,
    empty,
    faults,
    filled,
    read_form,
)

from kehou.model.outcomes import Stage
from kehou.model.values import ABSENT
from kehou.submission import Submission

SESSION = {
    "session_id": "S1",
    "kind": "下午课后服务",
    "grades": "1-2",
    "weekdays": "周一至周五",
    "start": "15:40",
    "end": "17:20",
}
SESSIONS = {"plan": {"sessions": [SESSION, {**SESSION, "session_id": "S2", "end": "18:00"}]}}
SCHOOL = {"school": {"school_id": "1508020001", "name": "河套小学（示例）"}}


def sessions(submission: Submission) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = submission.tree["plan"]["sessions"]
    return found


def notes(submission: Submission) -> list[tuple[str | None, str, str]]:
    return [(n.location.cell, n.written, n.read) for n in submission.normalised]


def put(page: Any, label: str, value: Any, row: int = 7) -> Any:
    cell = page.cell(row, column_of(page, label))
    cell.value = value
    return cell


# --- three states --------------------------------------------------------------------------


@pytest.mark.parametrize("stage", Stage)
def test_an_untouched_form_supplies_nothing_and_has_nothing_unread(stage: Stage) -> None:
    found = read_form(empty(stage))
    assert found.tree == {}
    assert found.faults == () and found.unread_files == () and found.normalised == ()


def test_a_whole_table_a_record_and_a_cell_may_be_stated_to_be_none() -> None:
    def change(book: Any) -> None:
        book["线上资源"]["B3"] = "无"
        cell_of(book["实施方案"], "需求摸底（整项）").value = "无"
        cell_of(book["实施方案"], "人员安排").value = "无"
        book["领导小组"]["B7"] = "无"  # in the first row instead of beside 整表

    plan = read_form(changed(empty(), change)).tree["plan"]
    assert plan["online_resources"] is ABSENT and plan["demand_survey"] is ABSENT
    assert plan["staff_plan"] is ABSENT and plan["leading_group"] is ABSENT
    assert "sessions" not in plan and "feedback" not in plan


def test_none_and_rows_together_are_told_and_neither_is_believed() -> None:
    def change(book: Any) -> None:
        book["服务时段"]["B3"] = "无"

    found = after(SESSIONS, change)
    assert "sessions" not in found.tree.get("plan", {})
    assert [place for place, _ in faults(found)] == ["服务时段!B3"]
    assert "/plan/sessions" in found.faulted


def test_a_blank_cell_means_none_where_the_schema_says_so_and_can_be_left_open() -> None:
    def change(book: Any) -> None:
        page = book["学生名册"]
        put(page, "学生编号", "007")
        put(page, "拒绝原因", "未提供")

    [pupil] = read_form(changed(empty(Stage.INSPECTION), change)).tree["roster"]
    assert pupil["student_id"] == "007"
    assert pupil["exempt_categories"] is ABSENT and pupil["rejected"] is ABSENT
    assert "reject_reason" not in pupil and "class" not in pupil


# --- what Excel makes of what is typed -----------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        datetime.time(17, 20),
        17 / 24 + 20 / 1440,  # a fraction of a day in a cell that shows a number
        0.722222222222,
        "17:20",
        "１７：２０",
        "17点20分",
        "下午5点20分",
        " 17:20 ",
    ],
)
def test_times_in_every_form_are_one_time(value: Any) -> None:
    def change(book: Any) -> None:
        cell = put(book["服务时段"], "结束时间", value)
        if isinstance(value, float):
            cell.number_format = "General"

    assert sessions(after(SESSIONS, change))[0]["end"] == 17 * 60 + 20


@pytest.mark.parametrize(
    "value",
    [datetime.date(2021, 9, 6), datetime.datetime(2021, 9, 6), 44445, "2021/9/6", "2021年9月6日"],
)
def test_dates_in_every_form_are_one_date(value: Any) -> None:
    def change(book: Any) -> None:
        cell = put(book["服务时段"], "适用起日", value)
        if isinstance(value, int):
            cell.number_format = "General"

    found = after(SESSIONS, change)
    assert sessions(found)[0]["valid_from"] == "2021-09-06" and found.faults == ()
    if value == 44445:  # told, because it is no date as it stands
        [(place, written, read)] = notes(found)
        assert (place, read) == ("服务时段!H7", "2021-09-06") and "44445" in written


def test_an_id_that_became_a_number_is_read_and_the_lost_zeros_are_said() -> None:
    def change(book: Any) -> None:
        cell_of(book["学校"], "学校标识码").value = 1508020001
        cell_of(book["学校"], "学校标识码").number_format = "General"

    found = after(SCHOOL, change)
    assert found.tree["school"]["school_id"] == "1508020001"
    [(place, written, _)] = notes(found)
    assert place == "学校!B4" and "0 已经丢失" in written


def test_an_id_with_more_digits_than_excel_keeps_is_not_believed() -> None:
    def change(book: Any) -> None:
        cell_of(book["学校"], "学校标识码").value = 911508021234567890
        cell_of(book["学校"], "学校标识码").number_format = "0"

    found = after(SCHOOL, change)
    assert "school_id" not in found.tree["school"]
    assert [place for place, _ in faults(found)] == ["学校!B4"]
    assert "/school/school_id" in found.faulted


def test_zeros_that_a_number_format_shows_belong_to_the_id() -> None:
    def change(book: Any) -> None:
        put(book["服务时段"], "时段编号", 7).number_format = "000"

    assert sessions(after(SESSIONS, change))[0]["session_id"] == "007"


def test_a_range_that_excel_made_a_date_is_a_fault_and_no_grade() -> None:
    def change(book: Any) -> None:
        put(book["服务时段"], "年级", datetime.date(2021, 1, 6)).number_format = 'm"月"d"日"'

    found = after(SESSIONS, change)
    assert "grades" not in sessions(found)[0]
    [fault] = found.faults
    assert fault.location.cell == "服务时段!D7" and "日期" in fault.found and "文本" in fault.hint


@pytest.mark.parametrize(
    ("value", "fen"), [(300, 30000), (0.1 + 0.2, 30), ("３００元", 30000), ("300.50", 30050)]
)
def test_money_as_number_or_text(value: Any, fen: int) -> None:
    tree = {"fee": {"items": [{"name": "课后服务费", "amount": "1"}]}}

    def change(book: Any) -> None:
        put(book["收费·收费项目"], "金额", value)

    assert after(tree, change).tree["fee"]["items"][0]["amount"] == fen


def test_a_formula_counts_by_its_saved_value_and_without_one_is_a_fault() -> None:
    def change(book: Any) -> None:
        cell = put(book["服务时段"], "学生人数", "=SUM(1,2)")
        cell.data_type = "f"

    found = after(SESSIONS, change)
    [fault] = found.faults
    assert fault.found == "没有存下结果的公式" and fault.location.cell == "服务时段!Y7"
    assert "student_count" not in sessions(found)[0]
    assert "/plan/sessions/0/student_count" in found.faulted


def test_members_are_parted_by_the_enumeration_comma_and_quotes_keep_it() -> None:
    def change(book: Any) -> None:
        cell_of(book["实施方案"], "拟公示事项").value = "服务内容、收费标准"
        cell_of(book["实施方案"], "服务对象·参加条件").value = '"家长申请、签字";三年级以上'

    plan = read_form(changed(empty(), change)).tree["plan"]
    assert plan["disclosure_items"] == ("service_content", "fee_standard")
    assert plan["eligibility"]["conditions"] == ("家长申请、签字", "三年级以上")


# --- what people do to a sheet -------------------------------------------------------------


def test_columns_rows_sheets_and_blank_rows_may_move() -> None:
    def change(book: Any) -> None:
        page = book["服务时段"]
        page.move_range("J4:K40", cols=30)  # two columns to the far right
        page.move_range("A7:AQ8", rows=5)  # data after blank rows
        page.insert_rows(1, 3)
        page.title = "时间安排（三稿）"
        book.move_sheet(page, -1)
        plan = book["实施方案"]
        cell_of(plan, "版本").value = "1"
        plan.move_range("A5:D5", rows=80)  # 版本 below everything else

    found = after(SESSIONS, change)
    assert found.faults == ()
    assert [row["end"] for row in sessions(found)] == [17 * 60 + 20, 18 * 60]
    assert found.tree["plan"]["version"] == "1"
    at = found.locate("/plan/sessions/1/end")
    assert at.cell is not None and at.cell.startswith("时间安排（三稿）!A")


def test_the_missing_field_of_a_row_is_its_empty_cell() -> None:
    tree = {"plan": {"sessions": [SESSION, {k: v for k, v in SESSION.items() if k != "end"}]}}
    found = read_form(filled(tree))
    place = found.locate("/plan/sessions/1/end")
    assert (place.file, place.cell, place.excerpt) == ("申报表.xlsx", "服务时段!K8", "")
    assert found.locate("/plan/sessions/0/end").excerpt == "结束时间：17:20"
    assert found.locate("/plan/version").cell == "实施方案!B5"
    assert found.locate("/plan/leading_group").cell == "领导小组!B7"
    assert found.locate("/plan/eligibility/grades").cell == "实施方案!B17"


def test_a_merged_cell_speaks_for_the_rows_below_it() -> None:
    def change(book: Any) -> None:
        page = book["服务时段"]
        page["C8"] = None
        page.merge_cells("C7:C8")

    found = after(SESSIONS, change)
    assert [row["kind"] for row in sessions(found)] == ["after_school", "after_school"]
    assert ("服务时段!C8", "与 C7 合并的单元格", "下午课后服务") in notes(found)


def test_cells_merged_across_columns_are_a_fault() -> None:
    def change(book: Any) -> None:
        book["服务时段"].merge_cells("J7:K7")

    found = after(SESSIONS, change)
    assert [place for place, _ in faults(found)] == ["服务时段!K7"]
    assert "end" not in sessions(found)[0] and sessions(found)[0]["start"] == 15 * 60 + 40


def test_the_example_row_is_never_data_and_writing_into_it_is_told() -> None:
    def move(book: Any) -> None:
        book["服务时段"].move_range("A6:Y6", rows=20)

    assert len(sessions(after(SESSIONS, move))) == 2

    def write(book: Any) -> None:
        put(book["服务时段"], "结束时间", "18:30", row=6)

    found = after(SESSIONS, write)
    assert faults(found) == [("服务时段!K6", "示例行里填了内容，示例行不读")]
    # A session may have been meant: no rule may pass as if there were only the other two.
    assert "/plan/sessions" in found.faulted and "sessions" not in found.tree["plan"]

    def unmark(book: Any) -> None:
        book["服务时段"]["A6"] = "1"

    assert len(sessions(after(SESSIONS, unmark))) == 2


def test_notes_extra_sheets_and_totals_are_named_not_read() -> None:
    def change(book: Any) -> None:
        book.create_sheet("备忘")["A1"] = "明天问教务处"
        page = book["服务时段"]
        page["AD9"] = "这一行待定"
        page["AE4"] = "备注"
        page["AE7"] = "已与门卫说过"
        page["A12"] = "合计"
        page.cell(12, column_of(page, "学生人数")).value = 80
        page.insert_cols(1)

    found = after(SESSIONS, change)
    assert found.faults == () and len(sessions(found)) == 2
    assert found.unread_files == (
        "申报表.xlsx 的工作表“备忘”",
        "申报表.xlsx 的工作表“服务时段”的“备注”列",
        "申报表.xlsx 的工作表“服务时段”表格以外的 AE9",
        "申报表.xlsx 的工作表“服务时段”第 12 行（合计）",
    )


@pytest.mark.parametrize("label", ["时段编号", "行次"])
def test_a_session_named_like_a_total_is_a_session(label: str) -> None:
    """Else an evening session would pass by being called 小计."""

    def change(book: Any) -> None:
        put(book["服务时段"], label, "小计", row=8)

    found = after(SESSIONS, change)
    assert [each["end"] for each in sessions(found)] == [17 * 60 + 20, 18 * 60]
    assert found.unread_files == ()


def test_a_remark_is_named_wherever_it_stands() -> None:
    def change(book: Any) -> None:
        book["服务时段"]["A15"] = "注：周五不开展"  # in the column of row numbers
        book["服务时段"]["A16"] = 99
        book["填表说明"]["A90"] = "本表由教导处填写"
        book["填表说明"]["E9"] = "已核"

    assert read_form(changed(empty(), change)).unread_files == (
        "申报表.xlsx 的工作表“填表说明”表格以外的 E9、A90",
        "申报表.xlsx 的工作表“服务时段”表格以外的 A15",
    )


def test_a_renamed_column_is_told_and_no_value_is_taken_to_be_missing() -> None:
    def change(book: Any) -> None:
        page = book["服务时段"]
        page.cell(4, column_of(page, "结束时间")).value = "几点放学"

    found = after(SESSIONS, change)
    [fault] = found.faults
    assert fault.location.cell == "服务时段!K4" and "几点放学" in fault.found
    assert {"/plan/sessions/0/end", "/plan/sessions/1/end"} <= found.faulted


def test_a_misspelt_row_label_is_told_with_what_it_seems_to_mean() -> None:
    def change(book: Any) -> None:
        page = book["学校"]
        cell_of(page, "学校名称").value = "河套小学（示例）"
        page["A5"] = "学校名程"

    found = after(SCHOOL, change)
    [fault] = found.faults
    assert fault.location.cell == "学校!B5" and "学校名称" in fault.hint
    assert "/school/name" in found.faulted and found.tree["school"] == {"school_id": "1508020001"}


def test_a_field_filled_in_twice_is_told() -> None:
    def change(book: Any) -> None:
        book["学校"]["A30"], book["学校"]["B30"] = "学校名称", "另一所"

    found = after(SCHOOL, change)
    assert [place for place, _ in faults(found)] == ["学校!B30"]
    assert "name" not in found.tree["school"]


def test_two_filled_copies_of_a_sheet_are_not_chosen_between() -> None:
    def copy(book: Any) -> None:
        book.copy_worksheet(book["服务时段"])

    found = after(SESSIONS, copy)
    assert "plan" not in found.tree and "/plan/sessions" in found.faulted

    def blank_copy(book: Any) -> None:
        page = book.copy_worksheet(book["服务时段"])
        page.delete_rows(7, 2)

    assert len(sessions(after(SESSIONS, blank_copy))) == 2


def test_a_sheet_whose_headings_are_gone_is_told_with_all_it_holds() -> None:
    def change(book: Any) -> None:
        book["服务时段"].delete_rows(4)

    found = after(SESSIONS, change)
    assert [place for place, _ in faults(found)] == ["服务时段!A1"]
    assert "/plan/sessions" in found.faulted


# --- rows inside rows ----------------------------------------------------------------------

VENDORS = {
    "vendors": [
        {"name": "甲（示例）", "courses": [{"name": "围棋"}, {"name": "足球"}]},
        {"name": "乙（示例）", "courses": "无"},
        {"name": "丙（示例）"},
    ]
}


def test_rows_inside_rows_are_joined_by_the_number_of_their_row() -> None:
    def change(book: Any) -> None:
        page = book["机构"]
        page.move_range("A7:AJ7", rows=20)  # the first vendor below the others
        book["机构·课程"]["B9"], book["机构·课程"]["D9"] = "3", "书法"

    found = after(VENDORS, change)
    assert found.faults == ()
    names = {
        row["name"]: [c["name"] for c in row["courses"]] if row["courses"] is not ABSENT else None
        for row in found.tree["vendors"]
    }
    assert names == {"甲（示例）": ["围棋", "足球"], "乙（示例）": None, "丙（示例）": ["书法"]}


@pytest.mark.parametrize("value", [None, "9", "甲"])
def test_a_row_that_belongs_nowhere_leaves_every_list_it_may_belong_to_open(value: Any) -> None:
    def change(book: Any) -> None:
        book["机构·课程"]["B8"] = value

    found = after(VENDORS, change)
    assert [place for place, _ in faults(found)] == ["机构·课程!B8"]
    assert all("courses" not in vendor for vendor in found.tree["vendors"])
    assert {f"/vendors/{n}/courses" for n in range(3)} <= found.faulted


def test_nobody_s_name_is_shown_of_a_private_cell() -> None:
    tree = {"staff": [{"staff_id": "T1", "name": "张三"}]}

    def change(book: Any) -> None:
        put(book["人员"], "姓名", 12345678901234567890).number_format = "0"

    found = after(tree, change)
    [fault] = found.faults
    assert fault.found == "███"
    assert read_form(filled(tree)).locate("/staff/0/name").excerpt == "姓名：███"
