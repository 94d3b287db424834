"""What people write and what it means: a wrong reading here is a wrong finding for a school."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou import data
from kehou.fields import AS_WRITTEN, BadScalar, Field, load_schema, write, yuan
from kehou.fields.allowed_values import APPROXIMATE, NORMALISED
from kehou.fields.scalars import members, read, read_range
from kehou.model.values import ABSENT

SCHEMA = load_schema(data.schemas().joinpath("submission.schema.json").read_text("utf-8"))


def field(path: str) -> Field:
    found = SCHEMA.field(path)
    assert found is not None, path
    return found


END = field("plan.sessions.end")
DATE = field("plan.service_start")
AMOUNT = field("fee.items.amount")
GRADES = field("plan.sessions.grades")
WEEKDAYS = field("plan.sessions.weekdays")
RATE = field("plan.feedback.satisfaction")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("18:30", 1110), ("8:05", 485), ("06:00", 360), ("23:59", 1439)],
)
def test_a_clock_time_is_minutes_of_the_day(text: str, minutes: int) -> None:
    assert read(END, text) == (minutes, AS_WRITTEN)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("18：30", 1110),
        ("１８：３０", 1110),
        ("18∶30", 1110),
        ("18 : 30", 1110),
        ("18:30:00", 1110),
        ("18.30", 1110),
        ("18点30分", 1110),
        ("18点30", 1110),
        ("18时30分", 1110),
        ("18点半", 1110),
        ("18点", 1080),
        ("18点整", 1080),
        ("16:30分", 990),
        ("十八点三十分", 1110),
        ("十八点半", 1110),
        ("十八点零五分", 1085),
        ("四点一刻pm", 975),
        ("下午6点半", 1110),
        ("下午四点半", 990),
        ("下午6:30", 1110),
        ("下午 6：30", 1110),
        ("下午18:30", 1110),
        ("下午三点三刻", 945),
        ("晚上7点", 1140),
        ("中午12:10", 730),
        ("中午1点", 780),
        ("早上7:40", 460),
        ("上午11点半", 690),
        ("6:30pm", 1110),
        ("6:30 (PM)", 1110),
        ("12:30 p.m.", 750),
        ("8:00am", 480),
    ],
)
def test_spoken_times_are_read_and_told(text: str, minutes: int) -> None:
    assert read(END, text) == (minutes, NORMALISED)


@pytest.mark.parametrize(
    "text", ["18:30左右", "约18:30", "大约18点半", "下午约6点半", "18：30前后"]
)
def test_left_and_right_is_kept_as_approximate(text: str) -> None:
    assert read(END, text) == (1110, APPROXIMATE)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1830", "是否想写 18:30"),
        ("4:30", "若指下午，请按24小时制写作 16:30"),
        ("5点半", "若指下午，请按24小时制写作 17:30"),
        ("16:30—18:30", "这里只写一个时间，开始和结束分开填写"),
        ("不晚于18:30", "请写具体时间，不写期限"),
        ("18:30以前", "请写具体时间，不写期限"),
        ("18", ""),
        ("下午6", "请写出分钟，如 18:30"),
        ("24:00", "时间从 00:00 到 23:59"),
        ("18:60", "时间从 00:00 到 23:59"),
        ("上午14:00", "时间前后矛盾，请按24小时制书写"),
        ("18:3", ""),
        ("放学后", "请写具体时间，不写期限"),
        ("no", ""),
        ("1110", "是否想写 11:10"),
        ("9" * 5000, ""),
    ],
)
def test_a_time_that_could_mean_two_things_is_refused(text: str, hint: str) -> None:
    with pytest.raises(BadScalar) as caught:
        read(END, text)
    assert caught.value.allowed == "24小时制的一个时间，如 18:30"
    assert caught.value.hint == hint


def test_a_bedtime_may_be_late_and_not_in_the_morning() -> None:
    bed = field("plan.bed_time.time")
    assert read(bed, "21:20") == (1280, AS_WRITTEN)
    with pytest.raises(BadScalar, match="24小时制"):
        read(bed, "9:20")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("2021-09-01", AS_WRITTEN),
        ("2021-9-1", NORMALISED),
        ("2021/9/1", NORMALISED),
        ("2021.9.1", NORMALISED),
        ("2021年9月1日", NORMALISED),
        ("２０２１年９月１日", NORMALISED),
        ("2021 年 9 月 1 号", NORMALISED),
        ("二〇二一年九月一日", NORMALISED),
        ("2021/9/1 0:00", NORMALISED),
    ],
)
def test_a_date_is_iso_text(text: str, how: int) -> None:
    assert read(DATE, text) == ("2021-09-01", how)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2021-02-29", "没有这一天"),
        ("2021-13-01", "没有这一天"),
        ("0021-09-01", "请核对年份"),
        ("20210901", "是否想写 2021-09-01"),
        ("44440", "像是 Excel 的日期序号，请把这一列设为日期格式再导出"),
        ("9月1日", "请写出年份"),
        ("2021年9月", ""),
        ("昨天", ""),
    ],
)
def test_a_date_that_is_none_is_refused(text: str, hint: str) -> None:
    with pytest.raises(BadScalar) as caught:
        read(DATE, text)
    assert caught.value.hint == hint


def test_months_and_pairs_of_years() -> None:
    month, year = field("subsidy.month"), field("plan.school_year")
    assert read(month, "2021-09") == ("2021-09", AS_WRITTEN)
    assert read(month, "2021年9月") == ("2021-09", NORMALISED)
    assert read(year, "2021-2022") == ("2021-2022", AS_WRITTEN)
    assert read(year, "2021—2022学年") == ("2021-2022", NORMALISED)
    for bad_field, text in [(month, "2021-13"), (year, "2021-2023"), (year, "2021")]:
        with pytest.raises(BadScalar):
            read(bad_field, text)


@pytest.mark.parametrize(
    ("text", "fen", "how"),
    [
        ("300", 30000, AS_WRITTEN),
        ("3.5", 350, AS_WRITTEN),
        ("3.05", 305, AS_WRITTEN),
        ("0", 0, AS_WRITTEN),
        ("3元", 300, NORMALISED),
        ("￥3", 300, NORMALISED),
        ("¥ 3.00 元", 300, NORMALISED),
        ("３００", 30000, NORMALISED),
    ],
)
def test_money_is_whole_fen(text: str, fen: int, how: int) -> None:
    assert read(AMOUNT, text) == (fen, how)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("3.005", "金额最多写到分"),
        ("1,200", "不要写千分位，写作 1200"),
        ("1，200元", "不要写千分位，写作 1200元"),
        ("3元/课时", "这里只写金额，单位另写在计费单位里"),
        ("0.3万元", "请以元为单位"),
        ("-5", ""),
        ("3e2", ""),
        ("免费", ""),
        ("9" * 40, "数字太大"),
    ],
)
def test_money_in_doubt_is_refused(text: str, hint: str) -> None:
    with pytest.raises(BadScalar) as caught:
        read(AMOUNT, text)
    assert caught.value.hint == hint


def test_a_refund_may_be_negative_and_an_online_resource_free() -> None:
    assert read(field("ledger.rows.amount"), "-12.50") == (-1250, AS_WRITTEN)
    assert read(field("plan.online_resources.fee"), "免费") == (0, NORMALISED)


@pytest.mark.parametrize(
    ("path", "text", "number", "how"),
    [
        ("school.students_total", "450", 450, AS_WRITTEN),
        ("school.students_total", "４５０", 450, NORMALISED),
        ("school.students_total", "450人", 450, NORMALISED),
        ("school.students_total", "45.0", 45, NORMALISED),
        ("plan.sessions.period_minutes", "40分钟", 40, NORMALISED),
        ("plan.sessions.periods", "两节", 2, NORMALISED),
        ("roster.grade", "7", 7, AS_WRITTEN),
        ("roster.grade", "初一", 7, AS_WRITTEN),
        ("roster.grade", "七年级", 7, AS_WRITTEN),
        ("roster.grade", "7年级", 7, NORMALISED),
    ],
)
def test_counts(path: str, text: str, number: int, how: int) -> None:
    assert read(field(path), text) == (number, how)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("school.students_total", "1,200"),
        ("school.students_total", "-1"),
        ("school.students_total", "45.5"),
        ("school.students_total", "约450"),
        ("plan.sessions.period_minutes", "1课时"),
        ("plan.sessions.period_minutes", "0"),
        ("roster.grade", "13"),
        ("roster.grade", "小班"),
        ("school.students_total", "1" * 100_000),
    ],
)
def test_counts_in_doubt_are_refused(path: str, text: str) -> None:
    with pytest.raises(BadScalar):
        read(field(path), text)


def test_ratios_are_exact() -> None:
    assert read(RATE, "0.95") == (Fraction(19, 20), AS_WRITTEN)
    assert read(RATE, "95%") == (Fraction(19, 20), NORMALISED)
    assert read(RATE, "９５．５％") == (Fraction(191, 200), NORMALISED)
    with pytest.raises(BadScalar) as caught:
        read(RATE, "95")
    assert caught.value.hint == "若是百分数，请写作 95%"
    with pytest.raises(BadScalar):
        read(RATE, "-0.1")


def test_flags_are_true_and_false_and_no_is_neither() -> None:
    boarding, bad_record = field("school.boarding"), field("vendors.bad_record")
    assert read(boarding, "是") == (True, AS_WRITTEN)
    assert read(boarding, "false") == (False, AS_WRITTEN)
    assert read(bad_record, "无") == (False, AS_WRITTEN)
    assert read(bad_record, "有") == (True, AS_WRITTEN)
    for text, hint in [
        ("no", "请写“否”"),
        ("on", "请写“是”"),
        ("yes", "请写“是”"),
        ("1", "请写“是”"),
    ]:
        with pytest.raises(BadScalar) as caught:
            read(boarding, text)
        assert (caught.value.allowed, caught.value.hint) == ("是、否", hint)


def test_choices_take_the_value_the_label_or_a_known_alias() -> None:
    unit, activity = field("fee.items.unit"), field("plan.sessions.activity")
    assert read(unit, "per_period") == ("per_period", AS_WRITTEN)
    assert read(unit, "元/生·课时") == ("per_period", AS_WRITTEN)
    assert read(unit, "元/生.课时") == ("per_period", NORMALISED)
    assert read(unit, "元／生・课时") == ("per_period", NORMALISED)
    assert read(activity, "集体补课") == ("collective_lesson", NORMALISED)
    with pytest.raises(BadScalar) as caught:
        read(activity, "集体上课")
    assert "集体授课" in caught.value.allowed
    assert caught.value.hint == "是否想写“集体授课”"
    with pytest.raises(BadScalar) as caught:
        read(field("staff.employment"), "教师")
    assert caught.value.hint == "请写明是“本校教师”、“交流教师”、“退休教师”中的哪一种"


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("plan.participation_basis", "自愿报名", "voluntary_application"),
        ("plan.participation_basis", "强制参加", "compulsory"),
        ("plan.documents.kind", "安全应急预案", "emergency_plan"),
        ("plan.documents.kind", "服务协议书", "agreement_template"),
        ("fee.items.unit", "元/生/月", "per_month"),
        ("fee.items.unit", "元/人·月", "per_month"),
        ("fee.account", "对公账户", "school_account"),
        ("fee.account", "个人微信", "personal"),
        ("fee_exemptions.treatment", "免费", "exempted"),
        ("fee_exemptions.treatment", "减半收费", "reduced"),
        ("safety.insurance.kind", "校（园）方责任险", "school_liability"),
        ("safety.insurance.kind", "学生意外伤害险", "student_accident"),
        ("staff.employment", "特岗教师", "own_teacher"),
        ("plan.sessions.audience", "学习困难学生", "difficulty_students"),
        ("plan.sessions.audience", "全校学生", "all"),
        ("approval.opinion", "不予备案", "returned"),
        ("safety.gate_register", "已建立", True),
        ("safety.gate_register", "未建立", False),
        ("roster.wants_service", "不需要", False),
        ("roster.agreement_signed", "未签订", False),
    ],
)
def test_words_that_schools_write_are_read(path: str, text: str, value: object) -> None:
    assert read(field(path), text) == (value, NORMALISED)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("staff.employment", "教师"),  # whose? a vendor's person may be called so
        ("plan.term", "2021年秋季学期"),  # may contradict the school year
        ("fee.items.unit", "元/期"),
    ],
)
def test_words_that_may_mean_two_things_are_refused(path: str, text: str) -> None:
    with pytest.raises(BadScalar):
        read(field(path), text)


def test_lawful_help_is_not_taken_for_a_collective_lesson() -> None:
    activity = field("plan.sessions.activity")
    assert read(activity, "课业辅导")[0] == "tutoring"
    assert read(activity, "作业辅导")[0] == "homework"
    assert read(activity, "答疑")[0] == "qa"


def test_a_waiver_is_not_a_reduction() -> None:
    treatment = field("fee_exemptions.treatment")
    assert read(treatment, "免收")[0] == "exempted"
    assert read(treatment, "减免")[0] == "reduced"
    assert read(treatment, "减半")[0] == "reduced"
    assert read(field("fee_exemptions.category"), "脱贫户")[0] == "lifted_poor"


def test_text_keeps_what_was_written() -> None:
    assert read(field("school.school_id"), "007") == ("007", AS_WRITTEN)
    assert read(field("school.name"), "18：30 学校（示例）") == ("18：30 学校（示例）", AS_WRITTEN)


def test_letters_and_digits_of_a_name_are_the_usual_ones() -> None:
    assert read(field("school.name"), "１８：３０ 学校") == ("18：30 学校", NORMALISED)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("3", [3]),
        ("1-6", [1, 2, 3, 4, 5, 6]),
        ("１—３", [1, 2, 3]),
        ("一至三年级", [1, 2, 3]),
        ("一年级至三年级", [1, 2, 3]),
        ("一年级～三年级", [1, 2, 3]),
        ("初一至初三", [7, 8, 9]),
        ("7-9年级", [7, 8, 9]),
        ("高一到高三", [10, 11, 12]),
    ],
)
def test_grade_ranges(text: str, grades: list[int]) -> None:
    assert GRADES.item is not None
    assert read_range(GRADES.item, text) == grades


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周一至周五", [1, 2, 3, 4, 5]),
        ("周一至五", [1, 2, 3, 4, 5]),
        ("星期三", [3]),
        ("周日", [7]),
    ],
)
def test_weekday_ranges(text: str, days: list[int]) -> None:
    assert WEEKDAYS.item is not None
    assert read_range(WEEKDAYS.item, text) == days


@pytest.mark.parametrize("text", ["6-1", "初一至三", "0", "13", "1-13", "全校", "-3", "1-"])
def test_ranges_in_doubt_are_refused(text: str) -> None:
    assert GRADES.item is not None
    with pytest.raises(BadScalar):
        read_range(GRADES.item, text)


def test_one_text_may_hold_several_members() -> None:
    assert members(field("school.levels"), "小学、初中，高中") == ["小学", "初中", "高中"]
    assert members(field("roster.exempt_categories"), "低保户;孤儿；残疾") == [
        "低保户",
        "孤儿",
        "残疾",
    ]
    assert members(field("plan.eligibility.conditions"), "自愿，按需；有困难") == [
        "自愿，按需",
        "有困难",
    ]


def test_yuan_has_two_decimals() -> None:
    assert [yuan(30000), yuan(5), yuan(-1250)] == ["300.00", "0.05", "-12.50"]


VALUES: list[tuple[Field, st.SearchStrategy[Any]]] = [
    (END, st.integers(360, 1439)),
    (AMOUNT, st.integers(0, 10**12)),
    (field("ledger.rows.amount"), st.integers(-(10**12), 10**12)),
    (DATE, st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)),
    (RATE, st.integers(0, 10**6).map(lambda n: Fraction(n, 10**6))),
    (field("school.boarding"), st.booleans()),
    (
        field("plan.sessions.activity"),
        st.sampled_from(list(field("plan.sessions.activity").labels)),
    ),
    (field("roster.grade"), st.integers(1, 12)),
]


@pytest.mark.parametrize(("one", "values"), VALUES, ids=[one.path for one, _ in VALUES])
def test_what_is_written_out_reads_back(one: Field, values: st.SearchStrategy[Any]) -> None:
    @given(values)
    def check(value: Any) -> None:
        written = write(one, value)
        text = written if isinstance(written, str) else str(written).lower()
        assert read(one, text) == (value, AS_WRITTEN)

    check()


@given(st.sampled_from([one for one, _ in VALUES]), st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(one: Field, text: str) -> None:
    try:
        value, how = read(one, text.strip())
    except BadScalar as bad:
        assert bad.allowed
    else:
        again = write(one, value)
        text = again if isinstance(again, str) else str(again).lower()
        assert read(one, text) == (value, AS_WRITTEN)
        assert how in (AS_WRITTEN, NORMALISED, APPROXIMATE)


def test_absent_is_written_as_none() -> None:
    assert write(replace(END, absent=True), ABSENT) == "无"


@pytest.mark.parametrize("mark", ["²", "³", "¹", "⁵", "₂"])
def test_a_digit_above_or_below_the_line_is_none_of_the_number(mark: str) -> None:
    """30² is thirty with a note and not three hundred and two."""
    for path in ("plan.demand_survey.students_wanting", "fee.items.amount", "plan.service_start"):
        kind = field(path)
        text = "2021-09-0" if kind.kind == "date" else "30"
        with pytest.raises(BadScalar) as caught:
            read(kind, text + mark)
        assert "上标" in caught.value.hint
    assert GRADES.item is not None
    with pytest.raises(BadScalar) as caught:
        read_range(GRADES.item, f"1-3{mark}")
    assert "上标" in caught.value.hint


@pytest.mark.parametrize("one", [DATE, END, AMOUNT, RATE])
@pytest.mark.parametrize("text", ["待定", "未定", "另行通知"])
def test_what_is_not_decided_yet_is_to_be_left_open(one: Field, text: str) -> None:
    with pytest.raises(BadScalar) as told:
        read(one, text)
    assert told.value.hint == "还没有定的请先留空"


@pytest.mark.parametrize("text", ["12.0", "12.00", "１２．０", "\ufeff12.0"])
@pytest.mark.parametrize(
    "path", ["vendors.vendor_id", "plan.sessions.vendor_id", "plan.courses.sessions"]
)
def test_a_small_id_that_a_program_kept_as_a_fraction_is_whole(path: str, text: str) -> None:
    asked = field(path)
    assert read(asked.item or asked, text) == ("12", NORMALISED)


@pytest.mark.parametrize("text", ["12.5", "12.000", "1.0.0", "A1.0", "-1.0", ".0"])
def test_an_id_that_is_no_whole_number_stays(text: str) -> None:
    assert read(field("vendors.vendor_id"), text) == (text, AS_WRITTEN)


def test_what_is_no_id_keeps_its_fraction() -> None:
    assert read(field("plan.version"), "1.0") == ("1.0", AS_WRITTEN)


# --- units ------------------------------------------------------------------------------------


def numbers(kind: str, *units: str) -> Field:
    """A number's field with units of its own."""
    node = {"title": "数", "type": "number", "x-kind": kind, "x-units": list(units)}
    if kind == "integer":
        del node["x-kind"]
        node["type"] = "integer"
    text = json.dumps({"type": "object", "properties": {"n": node}}, ensure_ascii=False)
    found = load_schema(text, "", True).field("n")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (numbers("decimal", "摄氏度", "℃"), "28℃", Fraction(28)),
        (numbers("decimal", "℃"), "28.5°C", Fraction(57, 2)),
        (numbers("decimal", "°C"), "28.5 ℃", Fraction(57, 2)),
        (numbers("integer", "㎡"), "30㎡", 30),
        (numbers("integer", "㎡"), "30m²".replace("²", "2"), 30),
        (numbers("integer", "天", "工作天"), "5工作天", 5),
        (numbers("decimal", "升", "毫升"), "5毫升", Fraction(5)),
    ],
)
def test_a_unit_is_read_in_whatever_signs_it_is_written(
    field: Field, text: str, value: Any
) -> None:
    assert read(field, text)[0] == value


@pytest.mark.parametrize(
    ("field", "text", "hint"),
    [
        (numbers("decimal", "℃", "摄氏度"), "28度", "后面的单位可写：℃、摄氏度"),
        (numbers("integer", "人"), "3 名", "后面的单位可写：人"),
        (numbers("integer"), "30个", "只写数，不写单位"),
        (numbers("integer", "人"), "很多", ""),
    ],
)
def test_a_unit_that_is_none_is_told_with_those_there_are(
    field: Field, text: str, hint: str
) -> None:
    with pytest.raises(BadScalar) as refused:
        read(field, text)
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ({"type": "string", "x-units": ["元"]}, "x-units 只用于整数和小数"),
        ({"type": "integer", "x-units": [" "]}, "单位是空的"),
        ({"type": "integer", "x-units": ["3天"]}, "分不清是数还是单位"),
        ({"type": "number", "x-kind": "decimal", "x-units": ["％"]}, "3% 就读成 3"),
    ],
)
def test_a_unit_that_can_never_follow_a_number_is_told(node: dict[str, Any], told: str) -> None:
    schema = {"type": "object", "properties": {"n": {"title": "数", **node}}}
    found = load_schema(json.dumps(schema), "", True).faults()
    assert [told in message for _, message, _ in found] == [True]


@pytest.mark.parametrize(
    ("text", "days"),
    [("周二和周四", [2, 4]), ("周一、周三及周五", [1, 3, 5]), ("每周二、四", [2, 4])],
)
def test_days_are_read_as_people_list_them(text: str, days: list[int]) -> None:
    assert WEEKDAYS.item is not None
    read_days = [day for part in members(WEEKDAYS, text) for day in read_range(WEEKDAYS.item, part)]
    assert read_days == days


@pytest.mark.parametrize("text", ["每天", "工作日", "平时"])
def test_days_that_may_be_several_are_asked_for_and_none_is_guessed(text: str) -> None:
    """「每天」 was answered with 「是否想写“周天”」."""
    assert WEEKDAYS.item is not None
    with pytest.raises(BadScalar) as refused:
        read_range(WEEKDAYS.item, text)
    assert refused.value.allowed == "“周一”至“周日”，可写范围"
    assert refused.value.hint == "写明是哪几个，如“周一”至“周五”，或“周一”、“周三”"
