"""Leaving something out never makes a submission look better (issue of wrong passes).

Every adverse case of every rule loses, one at a time, each scalar that its rule read and one more
by chance; the rule may then fail, doubt or not tell, but it may not pass or stop applying, save
where the clause or the language makes it lawful. Each exception says why.
"""

from __future__ import annotations

import random
import re

import pytest
from tests.support import deletions
from tests.support.share import fraction

from kehou import packs

#: It reads the cases, which stay out of the wheel.
pytestmark = pytest.mark.checkout

#: Pointers of which the deletion says something else rather than less.
ANOTHER_STATEMENT = {
    r"/\d+$": "a list without one of its members is another list, not a missing value: a school "
    "whose levels are [primary] states that it has no junior level",
    r"/approximate$": "左右 is a flag that the reader sets; without it the time is exact "
    "(docs/language.md §2: such flags have a default and are never unknown)",
    r"^/plan/sessions/\d+/valid_(from|to)$": "the schema's own words: 不写即从服务开始日期起、"
    "不写即到服务结束日期; a session without a date is stated for the whole service",
    r"^/(approval|inspection)/source$": "set by the reader, never by what is handed in",
}
#: (rule, field): why a rule may pass without the field.
LAWFUL = {
    (
        "staffing-outside-valid",
        "valid_to",
    ): "F.4-e 严把……资格审查关 asks for a review, not for a certificate with a date of expiry",
    (
        "national-outside-staff",
        "valid_to",
    ): "N.14 须经资格审查 asks for a review, not for a certificate with a date of expiry",
    (
        "schedule-clearing-planned",
        "clear_time",
    ): "E.1-e2 不得强制……提前离校: a plan that sets no clearing time sends nobody home",
    (
        "schedule-clearing-care",
        "clear_time",
    ): "E.1-e2 不得强制……提前离校: likewise; at inspection schedule-no-early-clearing asks for it",
    (
        "timetable-exercise-kept",
        "pe_minutes",
    ): "E.1-b1 保障学生每日1小时体育锻炼时间: only the contradiction is gone; without the stated "
    "minutes timetable-daily-exercise counts the lessons of the timetable",
    (
        "schedule-extended-agree",
        "until",
    ): "E.1-d1 应提供延时托管服务 asks that it is offered, not for an hour in a second place; the "
    "sessions state until when care lasts",
    (
        "schedule-extended-need",
        "wanting",
    ): "E.1-d1 对有特殊需要的学生: without the number somebody is taken to need it; only the "
    "contradiction with the requests is gone",
    (
        "attendance-roster-dates",
        "last_attendance",
    ): "F.4-d 落实……考勤: a roster leaves it blank while a pupil still takes part",
    (
        "schedule-service-in-term",
        "term_start",
    ): "D.2-a 在周一至周五下午放学后开展: the first day of term is not among its words, and a "
    "plan is not stopped for it; procedure-form-complete and schedule-term-year tell that it is "
    "missing",
    (
        "schedule-service-in-term",
        "term_end",
    ): "D.2-a: likewise for the last day of term",
    (
        "national-service-in-term",
        "term_start",
    ): "N.1-a 只安排在上课日: likewise",
    (
        "national-service-in-term",
        "term_end",
    ): "N.1-a 只安排在上课日: likewise",
    (
        "fee-within-basis",
        "ceiling_amount",
    ): "F.2-b asks that the price follow the rules on fees, not that the plan copy the ceiling; "
    "the bureau's own table is held against it by fee-within-price-table",
    (
        "fee-within-basis",
        "ceiling_unit",
    ): "the schema's own words: 没有写的，按收费项目的计费单位; with the ceiling left out "
    "altogether there is nothing to compare",
    (
        "vendor-session-gate",
        "vendor_id",
    ): "E.3.3-b 必须由旗县区教育局组织遴选 is on vendors: the plan says 是否引进机构: 否, which "
    "states that no session is a vendor's; only the contradiction is gone",
    (
        "staffing-vendor-link",
        "vendor_id",
    ): "E.3.3-g 校外培训机构不得参与……: 人员类别 already says that the person is no vendor's; "
    "only the contradiction is gone, and a person without 人员类别 stays untold",
    (
        "staffing-session-staffed",
        "staff_ids",
    ): "F.3-p2-b asks for 人员安排 in the plan, not by session: a plan that names nobody in any "
    "session is judged by its list of staff",
    (
        "procedure-refund-not-refused",
        "text",
    ): "C.1-b: no clause asks for a refund rule; only one that says 不退 may keep pupils in",
    (
        "national-refund-not-refused",
        "text",
    ): "N.7-c, N.7-d: no clause asks for a refund rule; only one that says 不退 may keep pupils in",
    **{
        (
            rule,
            "first_attendance",
        ): "F.3-p4-a, F.3-p5: of 参与课后服务的学生; 是否需要服务: 否 without a date "
        "says that the pupil does not take part; only the contradiction is gone"
        for rule in (
            "procedure-agreement-signed",
            "procedure-application-signed",
            "procedure-unwanted-not-served",
            "national-unwanted-not-served",
        )
    },
    (
        "content-help-group-size",
        "student_count",
    ): "E.2-c2 asks for no number in a plan; on inspection, where the form asks for it, "
    "it is missed",
    (
        "content-online-session-free",
        "fee_item",
    ): "E.2-h 免费在线互动交流答疑: 是否收费 already states that the session is free; only the "
    "contradiction is gone",
    (
        "schedule-online-on-campus",
        "room",
    ): "D.2-b 小学结束时间: 线上 already states that the service is not at school, and E.2-h "
    "线上课后服务 asks for no place; only the contradiction is gone",
    (
        "schedule-online-on-campus",
        "venue_kind",
    ): "E.2-h: likewise",
    (
        "content-subject-club",
        "subject",
    ): "E.2-d 兴趣小组及社团活动，供学生自主选择: a club that names no subject is what the "
    "clause asks for; 学科 is written where there is one",
    (
        "vendor-observed-not-academic",
        "teacher",
    ): "E.3.3-g is judged of a person; the inspector's own record, which nobody hands in, shows "
    "none of a vendor's without the teacher",
    (
        "safety-off-campus-gate",
        "venue_kind",
    ): "F.4-a 延伸至课后服务期间: the rule is on plans that say 是否校外开展: 否, which states "
    "that no session is off campus; only the contradiction is gone",
}


def excused(pack: packs.Pack, rule: str, pointer: str) -> bool:
    field = pointer.rpartition("/")[2]
    if (rule, field) in LAWFUL or any(re.search(p, pointer) for p in ANOTHER_STATEMENT):
        return True
    # A reference that is left out refers to nothing, and two statements of which one is left out
    # do not differ (docs/language.md §2.22, docs/language.md §2.25); others ask for what must be.
    generated = pack.rules[rule]
    if not generated.pointer:
        return False
    return rule.startswith("conflict-") or any(
        name.rpartition(".")[2] == field for names in generated.closed.values() for name in names
    )


@pytest.mark.parametrize(("name", "at_least"), [("bayannur-2021", 1000), ("national-2023", 200)])
def test_deleting_a_scalar_never_turns_a_breach_or_a_doubt_into_a_pass(
    name: str, at_least: int
) -> None:
    pack = packs.load(name)
    tried = 0
    lost = []
    every = max(1, round(1 / fraction()))
    losses = deletions.losses(pack, random.Random(7), every)
    for rule, case, pointer, before, after, better in losses:
        tried += 1
        if better and not excused(pack, rule, pointer):
            lost.append(f"{rule} “{case}” without {pointer}: {before} became {after}")
    assert tried > at_least
    assert not lost, "\n".join(lost)


def test_every_exception_is_needed() -> None:
    found = {
        (rule, pointer.rpartition("/")[2])
        for pack in map(packs.load, ("bayannur-2021", "national-2023"))
        for named in [sorted({rule for rule, _ in LAWFUL if rule in pack.rules})]
        for rule, _, pointer, _, _, better in deletions.losses(pack, random.Random(7), 0, named)
        if better
    }
    assert set(LAWFUL) <= found
