"""Reading what schools write: every promise of docs/architecture.md §3 and of docs/language.md
§2.4, through real files."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou import data
from kehou.fields import Field, write
from kehou.model.values import ABSENT, Fault
from kehou.readers import ReadError
from kehou.submission import Submission, from_tree
from kehou.submission.submission import load_schema, load_text

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))


def text(source: str) -> Submission:
    return load_text(source, SCHEMA)


def at(submission: Submission, pointer: str) -> Any:
    found: Any = submission.tree
    for token in pointer.split("/")[1:]:
        found = found[int(token)] if isinstance(found, list) else found.get(token)
    return found


def faults(submission: Submission) -> list[tuple[str, str, str]]:
    return [(f.path, f.found, f.hint) for f in submission.faults]


def only_fault(submission: Submission) -> Fault:
    assert len(submission.faults) == 1, faults(submission)
    return submission.faults[0]


def notes(submission: Submission) -> list[tuple[str, str, str]]:
    return [(n.path, n.written, n.read) for n in submission.normalised]


# --- keys and values in Chinese -------------------------------------------------------------


def test_keys_and_values_may_be_chinese_or_english() -> None:
    chinese = text(
        "学校: {学校名称: 和平小学（示例）, 学段: 小学, 寄宿制: 否}\n"
        "实施方案:\n"
        "  服务时段:\n"
        "    - {类别: 下午课后服务, 年级: 一至六年级, 星期: 周一至周五, 作息季: 夏季,"
        " 开始时间: 16:30, 结束时间: 18:30, 活动: 作业, 是否收费: 是}\n"
        "收费: {收费方式: 收费, 收费项目: [{项目名称: 服务费, 金额: 3.00, 计费单位: 元/生·课时}]}\n"
    )
    english = text(
        "school: {name: 和平小学（示例）, levels: [primary], boarding: false}\n"
        "plan:\n"
        "  sessions:\n"
        "    - {kind: after_school, grades: [1, 2, 3, 4, 5, 6], weekdays: [1, 2, 3, 4, 5],"
        " season: summer, start: 16:30, end: 18:30, activity: homework, charged: true}\n"
        "fee: {mode: charged, items: [{name: 服务费, amount: '3', unit: per_period}]}\n"
    )
    assert chinese.faults == english.faults == ()
    assert chinese.normalised == ()
    assert chinese.tree == english.tree
    assert chinese.content_sha256 == english.content_sha256
    assert at(english, "/plan/sessions/0") == {
        "kind": "after_school",
        "grades": (1, 2, 3, 4, 5, 6),
        "weekdays": (1, 2, 3, 4, 5),
        "season": "summer",
        "start": 990,
        "end": 1110,
        "activity": "homework",
        "charged": True,
        "approximate": False,
    }
    # What nobody says of an item beside others is filled in: it is paid together with them.
    assert at(english, "/fee/items/0") == {
        "name": "服务费",
        "amount": 300,
        "unit": "per_period",
        "paid_as": "in_addition",
    }


def test_a_key_in_full_width_forms_is_the_same_key() -> None:
    submission = text("ledger:\n  rows:\n    - {收(付)款人: 甲, ＤＡＴＥ: 2021-10-08}\n")
    assert at(submission, "/ledger/rows/0") == {"counterparty": "甲"} or submission.faults
    assert text("学校: {学校名称 : 示例}\n").tree == {"school": {"name": "示例"}}


def test_both_spellings_of_one_key_are_a_fault_and_neither_is_believed() -> None:
    submission = text("plan:\n  sessions:\n    - {end: 18:30, 结束时间: 18:00}\n")
    fault = only_fault(submission)
    assert fault.found == "“end”和“结束时间”"
    assert fault.allowed == "“结束时间”（end）只写一次"
    assert (fault.location.line, fault.location.column) == (3, 20)
    assert "end" not in at(submission, "/plan/sessions/0")
    assert "/plan/sessions/0/end" in submission.faulted


def test_an_unknown_key_is_told_with_the_key_that_was_meant() -> None:
    submission = text("plan:\n  sessions:\n    - {kind: after_school, 结束时问: 18:30}\n")
    fault = only_fault(submission)
    assert (fault.path, fault.found) == ("/plan/sessions/0/结束时问", "“结束时问”")
    assert fault.hint == "是否想写“结束时间”（end）"
    assert "时段编号、类别、年级" in fault.allowed
    # the value it was meant for was given, so it is not simply missing
    assert submission.faulted == {"/plan/sessions/0/end"}


def test_a_key_in_the_wrong_place_is_told_where_it_belongs() -> None:
    submission = text("sessions: []\n课程: []\n")
    assert faults(submission) == [
        ("/sessions", "“sessions”", "“服务时段”应写在“实施方案”（plan）之下"),
        ("/课程", "“课程”", "“课程”应写在“实施方案”（plan）之下"),
    ]
    assert text("plan: {fee: {mode: free}}\n").faults[0].hint == (
        "“收费”（fee）应写在最外层，前面不留空格"
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    submission = text(
        "school: {boarding: no, students_total: 很多}\n"
        "plan:\n  service_start: 9月1日\n  sessions:\n    - {end: 16点-18点, activity: 上课}\n"
    )
    assert [f.path for f in submission.faults] == [
        "/school/boarding",
        "/school/students_total",
        "/plan/service_start",
        "/plan/sessions/0/end",
        "/plan/sessions/0/activity",
    ]
    assert [f.location.line for f in submission.faults] == [1, 1, 3, 5, 5]
    assert submission.faulted == {f.path for f in submission.faults}
    assert all(f.location.file == "plan.yaml" for f in submission.faults)


# --- YAML 1.2 scalars, typed by their field -----------------------------------------------


def test_an_unquoted_clock_time_is_a_time_and_no_is_text() -> None:
    submission = text("plan:\n  sessions:\n    - {start: 16:30, end: 18:30, room: no}\n")
    assert at(submission, "/plan/sessions/0/end") == 1110
    assert at(submission, "/plan/sessions/0/room") == "no"
    fault = only_fault(text("school: {boarding: no}\n"))
    assert (fault.found, fault.allowed, fault.hint) == ("no", "是、否", "请写“否”")


def test_a_text_field_keeps_the_source_text() -> None:
    submission = text(
        "school: {school_id: 0015080200, name: 007}\nplan: {title: 2021-09-01, version: 1.10}\n"
    )
    assert submission.tree["school"] == {"school_id": "0015080200", "name": "007"}
    assert submission.tree["plan"] == {"title": "2021-09-01", "version": "1.10"}
    assert submission.faults == ()


def test_json_is_read_like_yaml() -> None:
    tree = load_text(
        '{"fee": {"mode": "charged", "items": [{"amount": 3.50}]}, "school": {"boarding": true}}',
        SCHEMA,
        "plan.json",
    ).tree
    assert tree == {
        "school": {"boarding": True},
        "fee": {"mode": "charged", "items": [{"amount": 350, "paid_as": "in_addition"}]},
    }


# --- three states ----------------------------------------------------------------------------


def test_supplied_absent_and_not_supplied_are_kept_apart() -> None:
    submission = text(
        "fee: null\nfee_exemptions: []\nvendors: 无\nstaff:\n"
        "plan:\n  risk_assessment: 没有\n  eligibility: {conditions: [无], capacity: ~}\n"
        "  sessions:\n    - {subject: 无, room: '', end: }\n"
    )
    assert submission.faults == ()
    assert "fee" not in submission.tree  # null is not free
    assert "staff" not in submission.tree
    assert submission.tree["fee_exemptions"] is ABSENT
    assert submission.tree["vendors"] is ABSENT
    assert submission.tree["plan"]["risk_assessment"] is ABSENT
    assert submission.tree["plan"]["eligibility"] == {"conditions": ABSENT}
    assert at(submission, "/plan/sessions/0") == {"subject": ABSENT, "approximate": False}


@pytest.mark.parametrize(
    ("source", "pointer"),
    [
        ("plan: {sessions: [{end: 无}]}", "/plan/sessions/0/end"),
        ("school: {name: 无}", "/school/name"),
        ("school: {boarding: 没有}", "/school/boarding"),
        ("school: {levels: []}", "/school/levels"),
        ("school: {grades: []}", "/school/grades"),
        ("fee: 无", "/fee"),
        ("plan: {sessions: [{grades: [1, 无]}]}", "/plan/sessions/0/grades"),
    ],
)
def test_none_where_there_must_be_something_is_a_fault(source: str, pointer: str) -> None:
    submission = text(source)
    assert submission.faults
    assert pointer in submission.faulted


@pytest.mark.parametrize("written", ["无", "没有", "[]"])
def test_a_record_that_is_a_table_says_none_of_its_rows(written: str) -> None:
    submission = text(f"收支台账: {written}\n")
    assert submission.faults == ()
    assert submission.tree["ledger"] == {"rows": ABSENT}


def test_a_record_that_is_no_table_cannot_be_none() -> None:
    only_fault(text("safety: 无\n"))
    only_fault(text("timetable: 无\n"))


def test_a_field_has_its_own_words_for_none() -> None:
    submission = text(
        "plan:\n  enrolment_window: 随时可以报名\n"
        "  eligibility: {conditions: [不设条件], capacity: 不限名额}\n"
    )
    assert submission.faults == ()
    assert submission.tree["plan"]["enrolment_window"] is ABSENT
    assert submission.tree["plan"]["eligibility"] == {"conditions": ABSENT, "capacity": ABSENT}
    assert ("plan.eligibility.capacity", "不限名额", "无") in [
        (path.replace("/", ".").strip("."), written, shown)
        for path, written, shown in notes(submission)
    ]


def test_one_fields_word_for_none_is_no_other_fields() -> None:
    only_fault(text("school: {students_total: 不限名额}\n"))


TWO_GRADES = "school: {grades: [{grade: 1, level: primary}, {grade: 7, level: junior}]}\n"


def test_all_grades_are_those_of_the_school() -> None:
    plan = "plan:\n  eligibility: {grades: 全校}\n  sessions: [{level: junior, grades: 所有年级}]\n"
    for source in (TWO_GRADES + plan, plan + TWO_GRADES):
        submission = text(source)
        assert submission.faults == ()
        assert submission.tree["plan"]["eligibility"] == {"grades": (1, 7)}
        assert at(submission, "/plan/sessions/0")["grades"] == (1, 7)
        assert ("/plan/eligibility/grades", "全校", "一、七年级") in notes(submission)


@pytest.mark.parametrize("school", ["", "school: {grades: [{grade: 1}, {students: 60}]}\n"])
def test_all_grades_cannot_be_told_where_the_school_does_not_list_them(school: str) -> None:
    submission = text(school + "plan: {eligibility: {grades: 全校}}\n")
    fault = only_fault(submission)
    assert (fault.path, fault.found) == ("/plan/eligibility/grades", "全校")
    assert "grades" not in submission.tree["plan"]["eligibility"]


def test_a_free_service_is_stated_not_left_out() -> None:
    assert text("fee: {mode: 免费}\n").tree == {"fee": {"mode": "free"}}


# --- times, money, ranges ------------------------------------------------------------------


def test_every_normalisation_is_kept_to_be_shown() -> None:
    submission = text(
        "plan:\n  service_start: 2021年9月1日\n  sessions:\n"
        "    - {start: 下午四点半, end: １８：３０, student_count: 45人}\n"
        "fee: {items: [{amount: ￥3.5, unit: 元/生.课时}]}\n"
    )
    assert submission.faults == ()
    assert notes(submission) == [
        ("/plan/service_start", "2021年9月1日", "2021-09-01"),
        ("/plan/sessions/0/start", "下午四点半", "16:30"),
        ("/plan/sessions/0/end", "１８：３０", "18:30"),
        ("/plan/sessions/0/student_count", "45人", "45"),
        ("/fee/items/0/amount", "￥3.5", "3.50元"),
        ("/fee/items/0/unit", "元/生.课时", "元/生·课时"),
    ]
    assert submission.normalised[2].location.line == 4
    assert submission.normalised[2].location.column == 27


def test_thousands_of_like_normalisations_are_counted() -> None:
    rows = "".join("    - {start: 下午四点半}\n" for _ in range(250))
    told = notes(text(f"plan:\n  sessions:\n{rows}"))
    assert len(told) == 100
    assert told[0] == ("/plan/sessions/0/start", "下午四点半", "16:30")
    assert told[99] == ("/plan/sessions/99/start", "下午四点半等 151 处", "16:30")


def test_about_a_time_sets_the_flag_of_its_row_or_is_a_fault() -> None:
    submission = text(
        "plan:\n  sessions:\n    - {end: 18:30左右}\n    - {end: 18:30}\n"
        "  extended_care: {until: 约19:00}\n  clear_time: 约19:30\n"
    )
    assert at(submission, "/plan/sessions/0") == {"end": 1110, "approximate": True}
    assert at(submission, "/plan/sessions/1/approximate") is False
    assert at(submission, "/plan/extended_care") == {"until": 1140, "approximate": True}
    assert notes(submission)[0] == ("/plan/sessions/0/end", "18:30左右", "18:30，左右")
    assert only_fault(submission).path == "/plan/clear_time"
    assert only_fault(submission).hint == "请写准确时间，不写“左右”“约”"


def test_an_afternoon_time_is_never_guessed() -> None:
    submission = text("plan: {sessions: [{kind: after_school, start: 4:30, end: 5:30}]}\n")
    assert [f.hint for f in submission.faults] == [
        "若指下午，请按24小时制写作 16:30",
        "若指下午，请按24小时制写作 17:30",
    ]
    assert at(submission, "/plan/sessions/0") == {"kind": "after_school", "approximate": False}


def test_an_end_before_its_start_makes_both_untrusted() -> None:
    submission = text("plan: {sessions: [{start: 16:30, end: 6:30}]}\n")
    fault = only_fault(submission)
    assert (fault.path, fault.found) == ("/plan/sessions/0/end", "06:30")
    assert fault.allowed == "晚于开始时间（16:30）"
    assert fault.hint == "请按24小时制书写，例如下午6点半写作 18:30"
    assert submission.faulted == {"/plan/sessions/0/start", "/plan/sessions/0/end"}
    assert (
        only_fault(text("plan: {service_start: 2022-01-10, service_end: 2021-12-31}\n")).path
        == "/plan/service_end"
    )
    assert text("plan: {term_start: 2021-09-01, term_end: 2021-09-01}\n").faults == ()


def test_grades_and_weekdays_take_lists_and_ranges_wherever_a_row_has_them() -> None:
    submission = text(
        "plan:\n  sessions:\n    - {grades: [1-3, 五年级], weekdays: 周一、周三至周五}\n"
        "    - {grades: 初一至初三, weekdays: [1, 3]}\n"
        "  dismissal_times:\n    - {grades: 1—6, weekdays: 周一至五, season: 夏季, time: 16:10}\n"
        "  eligibility: {grades: '1、2；3'}\n"
    )
    assert submission.faults == ()
    assert at(submission, "/plan/sessions/0/grades") == (1, 2, 3, 5)
    assert at(submission, "/plan/sessions/0/weekdays") == (1, 3, 4, 5)
    assert at(submission, "/plan/sessions/1/grades") == (7, 8, 9)
    assert at(submission, "/plan/dismissal_times/0/grades") == (1, 2, 3, 4, 5, 6)
    assert at(submission, "/plan/dismissal_times/0/weekdays") == (1, 2, 3, 4, 5)
    assert at(submission, "/plan/eligibility/grades") == (1, 2, 3)


def test_season_all_stays_as_stated() -> None:
    assert at(text("plan: {sessions: [{season: 全年}]}\n"), "/plan/sessions/0/season") == "all"


def test_one_invalid_member_makes_the_list_untrusted() -> None:
    submission = text("plan: {sessions: [{grades: [1, 20]}]}\n")
    assert "grades" not in at(submission, "/plan/sessions/0")
    assert submission.faulted >= {"/plan/sessions/0/grades"}
    assert only_fault(submission).location.column == 32


def test_a_nine_year_school_has_two_levels() -> None:
    submission = text("school: {levels: 九年一贯制}\n")
    assert submission.tree == {"school": {"levels": ("primary", "junior")}}
    assert notes(submission) == [("/school/levels", "九年一贯制", "小学、初中")]


GRADES = """\
school: {grades: [{grade: 6, level: 小学}, {grade: 7, level: 初中}, {grade: 8, level: 初中}]}
"""


def test_a_level_without_grades_takes_them_from_the_school() -> None:
    submission = text(
        GRADES + "plan:\n  sessions:\n    - {level: 初中}\n    - {level: 高中}\n    - {grades: 6}\n"
        "  dismissal_times:\n    - {level: 小学}\n"
    )
    assert at(submission, "/plan/sessions/0/grades") == (7, 8)
    assert "grades" not in at(submission, "/plan/sessions/1")
    assert at(submission, "/plan/sessions/2/grades") == (6,)
    assert at(submission, "/plan/dismissal_times/0/grades") == (6,)
    assert ("/plan/sessions/0/grades", "初中", "七、八年级") in notes(submission)


@pytest.mark.parametrize(
    "school",
    [
        "",
        "school: {grades: [{grade: 7, level: 初中}, {grade: 8}]}\n",
        "school: {grades: [{grade: 7, level: 初中}, {grade: 8, level: 中学部}]}\n",
    ],
)
def test_grades_are_not_taken_from_a_list_that_is_not_whole(school: str) -> None:
    submission = text(school + "plan: {sessions: [{level: 初中}]}\n")
    assert "grades" not in at(submission, "/plan/sessions/0")


def test_a_level_that_contradicts_the_grades_is_a_conflict_and_neither_is_dropped() -> None:
    submission = text(GRADES + "plan:\n  sessions:\n    - {level: 小学, grades: [6, 7]}\n")
    assert submission.faults == ()
    assert at(submission, "/plan/sessions/0/level") == "primary"
    assert at(submission, "/plan/sessions/0/grades") == (6, 7)
    assert submission.tree["conflicts"] == [
        {
            "field": "/plan/sessions/0/level",
            "values": ("学段：小学", "年级：七年级，初中"),
            "places": ("plan.yaml:4", "plan.yaml:1"),
        }
    ]


# --- shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "path", "found", "hint"),
    [
        (
            "plan: {sessions: {end: 18:30}}",
            "/plan/sessions",
            "一组“名称: 内容”",
            "请写成列表：每一行前面加“- ”",
        ),
        ("fee: [{mode: free}]", "/fee", "一个列表", "这里只有一组内容，前面不写“- ”"),
        ("plan: {sessions: 每天下午}", "/plan/sessions", "每天下午", ""),
        ("plan: {sessions: [{end: [18:30]}]}", "/plan/sessions/0/end", "一个列表", ""),
        ("plan: {sessions: [{grades: [[1]]}]}", "/plan/sessions/0/grades/0", "一个列表", ""),
        ("school: 和平小学（示例）", "/school", "和平小学（示例）", ""),
    ],
)
def test_a_wrong_shape_is_a_fault(source: str, path: str, found: str, hint: str) -> None:
    submission = text(source)
    assert faults(submission) == [(path, found, hint)]
    assert path in submission.faulted


def test_an_invalid_row_does_not_move_the_others() -> None:
    submission = text(
        "plan:\n  sessions:\n    - 全天\n    - {end: 18:30}\n    -\n    - {end: 18:00}\n"
    )
    assert at(submission, "/plan/sessions/0") == {}
    assert at(submission, "/plan/sessions/1/end") == 1110
    assert at(submission, "/plan/sessions/3/end") == 1080
    assert submission.faulted == {"/plan/sessions/0", "/plan/sessions/2"}
    assert submission.locate("/plan/sessions/3/end").line == 6


def test_a_part_with_thousands_of_faults_is_given_up_and_the_rest_is_read() -> None:
    rows = "\n".join(f"  - {{staff_id: '{i}', voluntary: 也许}}" for i in range(1500))
    submission = text(f"staff:\n{rows}\nfee: {{mode: free}}\n")
    assert len(submission.faults) == 1001
    assert "staff" not in submission.tree
    assert "/staff" in submission.faulted
    assert submission.tree == {"fee": {"mode": "free"}}


@pytest.mark.parametrize("key", ["__class__", "id", "sid", "a.b", "a/b", "~", "<b>", "\u202eabc"])
def test_odd_keys_are_only_unknown_keys(key: str) -> None:
    submission = from_tree({"plan": {key: "x"}, key: {}}, SCHEMA)
    assert submission.tree == {"plan": {}}
    assert len(submission.faults) == 2


def test_what_only_the_program_writes_is_refused_from_a_school() -> None:
    submission = text("approval: {source: bureau, doc_no: 一}\nconflicts: []\n")
    assert [f.path for f in submission.faults] == ["/approval/source", "/conflicts"]
    assert submission.tree == {"approval": {"doc_no": "一", "source": "school"}}
    assert submission.bureau == frozenset()


def test_a_bureaus_table_in_a_submission_is_a_fault() -> None:
    fault = only_fault(text("county_list: [{list_id: 甲}]\nfee: {mode: free}\n"))
    assert fault.found == "“备选清单”属于教育局的数据"
    assert "由教育局载入" in fault.hint  # a school is told no option of ours


# --- places and privacy ---------------------------------------------------------------------


PLAN = """\
学校:
  学校名称: 和平初级中学（示例）
实施方案:
  服务时段:
    - 类别: 下午课后服务
      结束时间: 19:00
      活动: 集体授课
人员:
  - {人员编号: T01, 姓名: 甲乙丙丁, 人员类别: 本校教师}
  - 人员编号: T02
    姓名: 戊己
    资质证明: {证件类型: 教师资格证, 证件号码: "20211508"}
    家庭住址: 幸福路一号
"""


def test_every_value_knows_its_line_and_columns() -> None:
    place = text(PLAN).locate("/plan/sessions/0/activity")
    assert (place.file, place.line, place.column) == ("plan.yaml", 7, 11)
    assert (place.end_line, place.end_column) == (7, 15)
    assert place.excerpt == "      活动: 集体授课"


def test_a_missing_field_points_to_its_nearest_parent() -> None:
    submission = text(PLAN)
    row = submission.locate("/plan/sessions/0/audience")
    assert (row.line, row.column) == (5, 7)
    part = submission.locate("/plan/risk_assessment/date")
    assert (part.line, part.column, part.excerpt) == (3, 1, "实施方案:")
    whole = submission.locate("/safety/insurance/0/policy_no")
    assert (whole.file, whole.line) == ("plan.yaml", None)


def test_excerpts_hide_private_values_and_keep_the_columns() -> None:
    submission = text(PLAN)
    place = submission.locate("/staff/0/employment")
    assert place.excerpt == "  - {人员编号: T01, 姓名: ████, 人员类别: 本校教师}"
    assert place.column is not None and place.excerpt[place.column - 1 :] == "本校教师}"
    assert submission.locate("/staff/1/name").excerpt == "    姓名:███"
    assert "20211508" not in submission.locate("/staff/1/qualification_doc/type").excerpt
    assert all("甲" not in f.location.excerpt for f in submission.faults)


def test_the_value_of_an_unknown_key_is_not_shown_unless_its_meaning_is_plain() -> None:
    unknown = only_fault(text(PLAN))
    assert unknown.path == "/staff/1/家庭住址"
    assert unknown.location.excerpt == "    家庭住址: █████"
    near = only_fault(text("plan:\n  sessions:\n    - 结束时问: 18:30\n"))
    assert near.location.excerpt == "    - 结束时问: 18:30"
    private = only_fault(text("staff:\n  - 姓 名字: 甲乙丙\n"))
    assert "甲" not in private.location.excerpt


def test_faults_and_notes_hide_private_values() -> None:
    submission = text("inspection:\n  inspectors:\n    甲乙: 丙\nstaff:\n  - 姓名: [甲乙]\n")
    assert submission.faults
    shown = repr([*submission.faults, *submission.normalised])
    assert "甲乙" not in shown.replace("甲乙: 丙", "") or "inspectors" in shown


# --- the plan's hash ---------------------------------------------------------------------------


def test_the_plans_hash_is_of_what_it_says_not_how() -> None:
    one = text("plan:\n  sessions:\n    - {start: 16:30, end: 18:30}\nfee: {mode: free}\n")
    same = text("收费: {收费方式: 免费}\nplan: {sessions: [{end: 18点半, start: '16:30'}]}\n# 注\n")
    later = text("plan:\n  sessions:\n    - {start: 16:30, end: 18:31}\nfee: {mode: free}\n")
    assert one.content_sha256 == same.content_sha256
    assert one.content_sha256 != later.content_sha256
    assert text("fee: {mode: free}\n").content_sha256 is None


def test_evidence_does_not_change_the_plans_hash() -> None:
    plan = "plan: {title: 甲}\n"
    assert text(plan).content_sha256 == text(plan + "approval: {doc_no: 一}\n").content_sha256
    assert text(plan).content_sha256 != text(plan + "fee: {mode: free}\n").content_sha256
    assert text(plan).content_sha256 != text(plan + "fee_exemptions: []\n").content_sha256


def test_what_is_filled_in_after_the_approval_does_not_change_the_plans_hash() -> None:
    plan = "plan:\n  title: 甲\n  extended_care: {offered: true}\n"
    later = plan.replace("true}", "true, requests: [{date: 2021-09-13, granted: true}]}") + (
        "  feedback: {survey_date: 2021-12-10, satisfaction: 95%}\n"
        "  documents: [{kind: term_summary, title: 总结}]\n"
    )
    assert text(later).faults == ()
    assert text(plan).content_sha256 == text(later).content_sha256
    changed = later.replace("offered: true", "offered: false")
    assert text(plan).content_sha256 != text(changed).content_sha256
    answered = later.replace("satisfaction: 95%", "reply_days: 3")
    assert text(plan).content_sha256 != text(answered).content_sha256


def test_the_plans_hash_is_the_sha256_of_canonical_json() -> None:
    import hashlib

    canonical = '{"plan":{"sessions":[{"approximate":false,"end":"18:30"}],"title":"甲"}}'
    assert text("plan: {title: 甲, sessions: [{end: 18:30}]}\n").content_sha256 == (
        hashlib.sha256(canonical.encode()).hexdigest()
    )


# --- trees, as cases patch them ------------------------------------------------------------


def test_a_patched_tree_may_hold_what_a_bureau_gives() -> None:
    submission = from_tree(
        {
            "approval": {"source": "bureau"},
            "inspection": {},
            "conflicts": [{"field": "/x"}],
            "school": {"students_total": 3, "boarding": True},
        },
        SCHEMA,
        data={"county_list": [{"list_id": 1}]},
    )
    assert submission.faults == ()
    assert submission.bureau == {"approval", "county_list"}
    assert submission.tree["inspection"] == {"source": "school"}
    assert submission.tree["conflicts"] == [{"field": "/x"}]
    assert submission.tree["county_list"] == [{"list_id": "1"}]
    assert submission.tree["school"] == {"students_total": 3, "boarding": True}
    assert submission.locate("/school/boarding").file == ""


def test_text_that_is_no_tree_says_where() -> None:
    with pytest.raises(ReadError):
        text("a: [1")


# --- properties ----------------------------------------------------------------------------------


def _values(field: Field) -> st.SearchStrategy[Any]:
    """Typed values of a field, without what its neighbours constrain."""
    if field.kind == "record":
        return _records(field)
    if field.kind == "rows":
        assert field.item is not None
        return st.lists(_records(field.item), min_size=1, max_size=2)
    if field.kind == "list":
        assert field.item is not None
        members = st.lists(_values(field.item), min_size=1, max_size=3, unique=True)
        return members.map(lambda m: tuple(sorted(m) if field.ranged else m))
    low, high = field.minimum, field.maximum
    return {
        "text": st.sampled_from(["甲", "007", "no", "true", "18:30", "null", "a: b", "#x", "- x"])
        if field.form is None
        else st.just("2021-2022"),
        "integer": st.integers(low or 0, high if high is not None else 9999),
        "boolean": st.booleans(),
        "enum": st.sampled_from(list(field.labels) or [""]),
        "time": st.integers(field.earliest or 0, 1439),
        "date": st.sampled_from(["2021-09-01", "2021-12-31"]),
        "month": st.just("2021-09"),
        "money": st.integers(0 if low == 0 else -(10**9), 10**9),
        "decimal": st.integers(0, 1000).map(lambda n: Fraction(n, 1000)),
    }[field.kind]


def _records(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    after = {child.after for child in field.fields.values()} - {None}
    children = {
        name: _values(child) | (st.just(ABSENT) if child.absent else st.nothing())
        for name, child in field.fields.items()
        if name not in after and child.fill is None
    }
    return st.fixed_dictionaries({}, optional=children)


@pytest.mark.parametrize("part", list(SCHEMA.root.fields))
def test_what_was_normalised_normalises_to_itself(part: str) -> None:
    field = SCHEMA.root.fields[part]

    @given(_values(field))
    def check(value: Any) -> None:
        first = from_tree({part: write(field, value)}, SCHEMA)
        assert first.faults == ()
        assert first.normalised == ()
        written = {name: write(SCHEMA.root.fields[name], v) for name, v in first.tree.items()}
        in_json = load_text(json.dumps(written, ensure_ascii=False), SCHEMA, "plan.json")
        if not (field.bureau or field.record or field.reader):
            assert in_json.tree == first.tree
        assert from_tree(written, SCHEMA).tree == first.tree

    check()


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=8)
        | st.sampled_from(["无", "18:30", "小学", "周一至周五", "[]", "2021-09-01"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "plan",
                        "学校",
                        "sessions",
                        "服务时段",
                        "end",
                        "结束时间",
                        "grades",
                        "staff",
                        "fee",
                        "items",
                        "x",
                    ]
                )
                | st.text(max_size=4),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_tree_is_read_with_faults_in_words(raw: Any) -> None:
    submission = from_tree({"plan": raw, "fee": raw, "staff": raw}, SCHEMA)
    for fault in submission.faults:
        assert fault.path.startswith("/")
        assert fault.found and fault.allowed
    if not submission.faults:  # a row that was no row is {}, and would now be one
        written = {n: write(SCHEMA.root.fields[n], v) for n, v in submission.tree.items()}
        assert from_tree(written, SCHEMA).tree == submission.tree
