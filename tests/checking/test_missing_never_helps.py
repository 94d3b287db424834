"""Leaving something out never makes a submission look better (issue of wrong passes).

Every adverse case of every rule loses, one at a time, each scalar that its rule read and one more
by chance; the rule may then fail, doubt or not tell, but it may not pass or stop applying. It may
where that does not help: another rule asks for the very value or has turned adverse for want of it
(``deletions.told_by``); a blank is a statement by the schema's own words (``SAID_BY_BLANK``); or
the value was a second statement of what another field says, and the rule rests on that other field
(``SECOND_STATEMENTS``). What is left is lawful by the clause's words and stands in ``LAWFUL``.
"""

from __future__ import annotations

import random
import re

import pytest
from tests.support import deletions
from tests.support.share import fraction

from kehou import packs
from kehou.model.outcomes import Outcome

#: It reads the cases, which stay out of the wheel.
pytestmark = pytest.mark.checkout

#: Pointers of which the deletion says something else rather than less.
ANOTHER_STATEMENT = {
    r"/\d+$": "a list without one of its members is another list, not a missing value: a school "
    "whose levels are [primary] states that it has no junior level",
    r"/approximate$": "左右 is a flag that the reader sets; without it the time is exact "
    "(docs/language.md §2: such flags have a default and are never unknown)",
    r"^/(approval|inspection)/source$": "set by the reader, never by what is handed in",
}
#: Where a blank says something by the schema's own description: field, the words.
SAID_BY_BLANK = {
    "plan.sessions.valid_from": "不写即从服务开始日期起",
    "plan.sessions.valid_to": "不写即到服务结束日期",
    "fee.basis_document.ceiling_unit": "没有写的，按收费项目的计费单位",
    "roster.last_attendance": "空白即还在参加",
    "plan.courses.capacity": "不写即不限",
    "fee.refund_rule.unit": "不写即与收费项目的计费单位相同",
    "safety.emergency_plan.attachment": "没有另附文件的不写",
}
#: (rule, field): the statement that the rule rests on, and why the field is only a second one.
#: The rule may ask, and not fail; it must not pass without the statement (``deletions.rests_on``).
SECOND_STATEMENTS = {
    ("vendor-session-gate", "vendor_id"): ("uses_vendors", "E.3.3-b: 是否引进机构: 否"),
    ("staffing-vendor-link", "vendor_id"): ("employment", "F.4-e, E.3.3-g: 人员类别"),
    ("vendor-evaluation-consistent", "score"): ("result", "E.3.3-f 服务水平低: 评价结果"),
    ("vendor-status-dates", "removed_date"): ("status", "E.3.3-f: 状态"),
    ("vendor-status-dates", "suspended_date"): ("status", "E.3.3-f: likewise"),
    ("safety-off-campus-gate", "venue_kind"): ("off_campus", "F.4-a: 是否校外开展: 否"),
    ("schedule-online-on-campus", "room"): ("kind", "E.2-h 线上课后服务 asks for no place"),
    ("schedule-online-on-campus", "venue_kind"): ("kind", "E.2-h: likewise"),
    ("schedule-extended-need", "wanting"): ("requests", "E.1-d1 有特殊需要的学生: 申请"),
    ("procedure-unwanted-not-served", "first_attendance"): (
        "wants_service",
        "C.1-b, F.3-p4-b: 是否需要服务: 否",
    ),
    ("national-unwanted-not-served", "first_attendance"): (
        "wants_service",
        "N.4-a, N.4-b: 是否需要服务: 否",
    ),
}
#: (rule, field): the words by which a rule may pass without the field.
LAWFUL = {
    (
        "schedule-clearing-planned",
        "clear_time",
    ): "E.1-e2 不得强制……提前离校: a plan that sets no clearing time sends nobody home; on "
    "inspection schedule-no-early-clearing asks for it",
    (
        "schedule-clearing-care",
        "clear_time",
    ): "E.1-e2: likewise",
    (
        "fee-within-basis",
        "ceiling_amount",
    ): "F.2-b 具体收费事项按……有关规定执行 asks that the price follow the rules on fees, not that "
    "the plan copy their ceiling; the bureau's own table is held against it by "
    "fee-within-price-table",
    (
        "content-subject-club",
        "subject",
    ): "E.2-d 兴趣小组及社团活动，供学生自主选择: a club that names no subject is what the "
    "clause asks for; 学科 is written where there is one",
    (
        "national-outside-staff",
        "valid_to",
    ): "N.14 须经资格审查 asks for a review, not for a certificate with a date of expiry",
}


def excused(loss: deletions.Loss) -> bool:
    field = loss.pointer.rpartition("/")[2]
    pack = loss.trial.pack
    if any(re.search(p, loss.pointer) for p in ANOTHER_STATEMENT):
        return True
    if re.sub(r"/\d+", "", loss.pointer)[1:].replace("/", ".") in SAID_BY_BLANK:
        return True
    if (loss.rule, field) in LAWFUL:
        return True
    # A reference that is left out refers to nothing, and two statements of which one is left out
    # do not differ (docs/language.md §2.22, docs/language.md §2.25); others ask for what must be.
    generated = pack.rules[loss.rule]
    if generated.pointer and (
        loss.rule.startswith("conflict-")
        or any(
            name.rpartition(".")[2] == field
            for names in generated.closed.values()
            for name in names
        )
    ):
        return True
    second = SECOND_STATEMENTS.get((loss.rule, field))
    if second and loss.before is not Outcome.FAIL and deletions.rests_on(loss, second[0]):
        return True
    return bool(deletions.told_by(loss))


@pytest.mark.parametrize(("name", "at_least"), [("bayannur-2021", 1000), ("national-2023", 200)])
def test_deleting_a_scalar_never_turns_a_breach_or_a_doubt_into_a_pass(
    name: str, at_least: int
) -> None:
    pack = packs.load(name)
    tried = 0
    lost = []
    every = max(1, round(1 / fraction()))
    for loss in deletions.losses(pack, random.Random(7), every):
        tried += 1
        if loss.better and not excused(loss):
            lost.append(str(loss))
    assert tried > at_least
    assert not lost, "\n".join(lost)


def test_every_exception_is_needed() -> None:
    named = {rule for rule, _ in (*LAWFUL, *SECOND_STATEMENTS)}
    found = {
        (loss.rule, loss.pointer.rpartition("/")[2])
        for pack in map(packs.load, ("bayannur-2021", "national-2023"))
        for loss in deletions.losses(
            pack, random.Random(7), 0, sorted(named.intersection(pack.rules))
        )
        if loss.better and not deletions.told_by(loss)
    }
    assert {*LAWFUL, *SECOND_STATEMENTS} <= found
    assert len(LAWFUL) < 6, "an exception more is a decision, not a way to get green"


def test_what_a_blank_says_stands_in_the_schema() -> None:
    schema = packs.load("bayannur-2021").schema
    for path, words in SAID_BY_BLANK.items():
        field = schema.field(path)
        assert field is not None
        assert words in field.description
