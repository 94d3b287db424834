"""The chain of consequences of a vendor's record, link by link, as both engines infer it.

A vendor that has to leave, its courses, the sessions left without a provider, and what the plan
then no longer covers. The inferences expected are worked out by hand from each submission.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.judging import rete
from kehou.model.report import Report

#: Grades 7 and 8. On Wednesday all enrichment is V1's: basketball, and roller skating without a
#: course; on Monday a teacher of the school teaches calligraphy.
PLAN = """\
学校:
  学校名称: 和平初级中学（示例）
  旗县区: 临河区
  学段: [初中]
  年级:
    - {年级: 7, 学段: 初中, 学生数: 60, 班级数: 2}
    - {年级: 8, 学段: 初中, 学生数: 58, 班级数: 2}
方案:
  服务开始日期: 2021-09-06
  服务结束日期: 2022-01-07
  报送日期: 2021-08-25
  是否引进机构: 是
  服务时段:
    - {时段编号: S1, 类别: 下午课后服务, 年级: 7-8, 星期: 周一至周五, 作息季: 全年, 开始时间: 17:00, 结束时间: 18:00, 活动: 作业, 人员编号: [T01]}
    - {时段编号: S2, 类别: 下午课后服务, 年级: 7-8, 星期: 周三, 作息季: 全年, 开始时间: 18:10, 结束时间: 18:50, 活动: 社团, 课程编号: C1, 机构编号: V1, 人员编号: [A01]}
    - {时段编号: S3, 类别: 下午课后服务, 年级: 7-8, 星期: 周一, 作息季: 全年, 开始时间: 18:10, 结束时间: 18:50, 活动: 艺术, 课程编号: C2, 人员编号: [T02]}
    - {时段编号: S4, 类别: 下午课后服务, 年级: 7, 星期: 周三, 作息季: 全年, 开始时间: 18:10, 结束时间: 18:50, 活动: 体育, 课程编号: 无, 机构编号: V1, 人员编号: [A01]}
  课程:
    - {课程编号: C1, 课程名称: 篮球, 课程类别: 体育, 学科属性: 非学科类, 承担方: 校外机构, 机构编号: V1}
    - {课程编号: C2, 课程名称: 书法, 课程类别: 艺术, 学科属性: 非学科类, 承担方: 本校, 机构编号: 无}
收费:
  收费方式: 免费
人员:
  - {人员编号: T01, 人员类别: 本校教师, 机构编号: 无}
  - {人员编号: T02, 人员类别: 本校教师, 机构编号: 无}
  - {人员编号: A01, 人员类别: 机构人员, 机构编号: V1}
  - {人员编号: B01, 人员类别: 机构人员, 机构编号: V2}
机构:
  - {机构编号: V1, 机构名称: 河套体育俱乐部（示例）, 问题记录: [{发生日期: 2021-05-12, 问题类别: 在校招揽生源}]}
  - {机构编号: V2, 机构名称: 草原少儿艺术中心（示例）, 问题记录: 无, 状态: 服务中}
"""  # noqa: E501

TO_LEAVE = ("vendor_to_leave", "机构“河套体育俱乐部（示例）”")
NO_COURSE = ("course_without_provider", "课程“篮球”")
NO_CLUB = ("session_without_provider", "第2项服务时段（下午课后服务，七、八年级，周三18:10—18:50）")
NO_SPORT = ("session_without_provider", "第4项服务时段（下午课后服务，七年级，周三18:10—18:50）")
NO_SPORTS = ("category_no_longer_offered", "课程类别“体育”")
NO_WEDNESDAY = ("day_without_enrichment", "初中周三")

RECORD = "问题记录: [{发生日期: 2021-05-12, 问题类别: 在校招揽生源}]"
SPORT_BY = "课程编号: 无, 机构编号: V1, 人员编号: [A01]"
SPORT_BY_V2 = "课程编号: 无, 机构编号: V2, 人员编号: [B01]"
EVERY_LINK = {TO_LEAVE, NO_COURSE, NO_CLUB, NO_SPORT, NO_SPORTS, NO_WEDNESDAY}


@pytest.fixture(autouse=True)
def _needs_network() -> None:
    if not rete.available():
        pytest.skip("durable_rules is not installed here")


def changed(*changes: tuple[str, str]) -> str:
    """The plan with words replaced, each of which it has exactly once."""
    text = PLAN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def checked(folder: Path, text: str = PLAN, engine: str = "both", language: str = "zh") -> Report:
    """The report on a plan; by both engines, unless one is named."""
    path = folder / "plan.yaml"
    path.write_text(text, "utf-8")
    report = check(str(path), CheckOptions(engine=engine, language=language))
    assert report.run.cross_checked is (engine == "both")
    return report


def told(report: Report) -> set[tuple[str, str]]:
    return {(i.mark, i.label) for i in report.inferences}


def because(report: Report, mark: str) -> list[str]:
    return [i.because for i in report.inferences if i.mark == mark]


def test_a_record_leads_to_what_the_plan_no_longer_covers(tmp_path: Path) -> None:
    assert told(checked(tmp_path)) == EVERY_LINK


@pytest.mark.parametrize("engine", ["direct", "rete"])
def test_each_engine_alone_infers_the_same(tmp_path: Path, engine: str) -> None:
    both, alone = checked(tmp_path), checked(tmp_path, engine=engine)
    assert alone.inferences == both.inferences
    assert alone.decision == both.decision


def test_each_link_names_the_one_before(tmp_path: Path) -> None:
    report = checked(tmp_path)
    assert [i.mark for i in report.inferences] == [
        "vendor_to_leave",
        "course_without_provider",
        "session_without_provider",
        "session_without_provider",
        "category_no_longer_offered",
        "day_without_enrichment",
    ]
    [leaves] = because(report, "vendor_to_leave")
    assert "2021-05-12" in leaves and "在校招揽生源" in leaves
    [course] = because(report, "course_without_provider")
    assert "河套体育俱乐部（示例）" in course
    by_course, by_vendor = because(report, "session_without_provider")
    assert "课程“篮球”" in by_course and "河套体育俱乐部（示例）" in by_vendor
    [category] = because(report, "category_no_longer_offered")
    assert "课程“篮球”" in category
    [day] = because(report, "day_without_enrichment")
    assert "综合素质拓展" in day and "时段没有承担者" in day


def test_the_english_report_has_every_link_in_english(tmp_path: Path) -> None:
    for inference in checked(tmp_path, language="en").inferences:
        plain = "".join(c for c in inference.because if ord(c) < 128)
        assert len(plain) > 30, inference


def test_a_vendor_without_a_record_stays(tmp_path: Path) -> None:
    text = changed((RECORD, "问题记录: 无"))
    assert checked(tmp_path, text).inferences == ()


def test_a_record_that_is_none_of_the_four_kinds_does_not_start_the_chain(tmp_path: Path) -> None:
    text = changed(("问题类别: 在校招揽生源", "问题类别: 材料不实"))
    assert checked(tmp_path, text).inferences == ()


@pytest.mark.parametrize("kind", ["服务水平低", "不按规定提供服务", "扰乱教育教学和招生秩序"])
def test_each_of_the_kinds_that_the_policy_names_starts_it(tmp_path: Path, kind: str) -> None:
    text = changed(("问题类别: 在校招揽生源", f"问题类别: {kind}"))
    assert {TO_LEAVE, NO_COURSE, NO_WEDNESDAY} <= told(checked(tmp_path, text))


def test_a_vendor_removed_already_leaves_the_same_gaps(tmp_path: Path) -> None:
    text = changed((RECORD, "问题记录: 无, 状态: 已取消资格"))
    assert told(checked(tmp_path, text)) == EVERY_LINK


def test_another_vendor_on_the_day_keeps_it_covered(tmp_path: Path) -> None:
    text = changed((SPORT_BY, SPORT_BY_V2))
    found = told(checked(tmp_path, text))
    assert found == {TO_LEAVE, NO_COURSE, NO_CLUB, NO_SPORTS}


def test_two_vendors_that_both_have_to_leave_leave_the_day_empty(tmp_path: Path) -> None:
    text = changed(
        (SPORT_BY, SPORT_BY_V2),
        ("问题记录: 无, 状态: 服务中", "问题记录: 无, 状态: 已取消资格"),
    )
    found = told(checked(tmp_path, text))
    assert found >= {NO_CLUB, NO_SPORT, NO_WEDNESDAY}


def test_a_teacher_of_the_school_on_the_day_keeps_it_covered(tmp_path: Path) -> None:
    """Whose session it is is not written; that only the school's own staff give it is enough."""
    text = changed((SPORT_BY, "人员编号: [T01]"))
    found = told(checked(tmp_path, text))
    assert found == {TO_LEAVE, NO_COURSE, NO_CLUB, NO_SPORTS}


def test_a_session_that_nobody_is_known_to_give_is_neither_lost_nor_kept(tmp_path: Path) -> None:
    text = changed((f", {SPORT_BY}", ""))
    found = told(checked(tmp_path, text))
    assert NO_WEDNESDAY not in found and TO_LEAVE in found


def test_another_course_of_the_kind_keeps_the_category(tmp_path: Path) -> None:
    text = changed(("课程名称: 书法, 课程类别: 艺术", "课程名称: 跳绳, 课程类别: 体育"))
    found = told(checked(tmp_path, text))
    assert NO_COURSE in found and NO_SPORTS not in found


def test_where_no_enrichment_is_left_the_level_is_named_and_a_person_asked(tmp_path: Path) -> None:
    text = changed(("课程编号: C2, 人员编号: [T02]", SPORT_BY))
    report = checked(tmp_path, text)
    assert {("level_without_enrichment", "初中"), ("day_without_enrichment", "初中周一")} <= told(
        report
    )


def test_the_chain_asks_a_person_and_returns_no_plan_by_itself() -> None:
    chain = {
        rule.id: rule.decide
        for rule in packs.load("bayannur-2021").decisions
        if rule.decide and any(p.kind.startswith("mark:") for p in rule.when)
    }
    assert len(chain) == 3
    assert set(chain.values()) == {"refer"}
