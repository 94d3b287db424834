"""The bundled packs as a whole: every clause accounted for, engines of one mind, no wrong fail."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import pytest
from tests.support import whole_schema

from kehou import packs
from kehou.checking import CheckOptions, check_values
from kehou.checking.pack_run import run
from kehou.facts import FactBase
from kehou.fields.shapes import SCALAR_KINDS
from kehou.judging import bind_rules, direct, prepare, rete
from kehou.model.outcomes import ClauseStatus, Outcome, Stage
from kehou.packs import Pack
from kehou.readers import read
from kehou.submission import from_tree

LETTER = Path(__file__).parents[1] / "data" / "to-the-letter.yaml"
#: Parts that name no duty of a school, by the source's own list: 14 for bureaus, 5 not checkable.
NOT_A_SCHOOLS = 19


def test_every_part_of_the_policy_is_carried_or_says_why_not() -> None:
    pack = packs.load("bayannur-2021")
    statuses = Counter(clause.status for clause in pack.clauses.values())
    assert len(pack.clauses) == 101
    assert statuses[ClauseStatus.PLANNED] == 0
    assert (
        statuses[ClauseStatus.OTHER_ADDRESSEE] + statuses[ClauseStatus.NOT_CHECKABLE]
        == NOT_A_SCHOOLS
    )
    for clause in pack.clauses.values():
        carried = bool(pack.carriers[clause.id])
        assert carried or clause.reason, clause.id
        if clause.status is not ClauseStatus.AUTOMATED:
            assert clause.reason, clause.id


#: Clause parts whose words make absence the breach, and the stages (docs/language.md §2.7).
CLOSED = {
    "A.1-c": {"approval"},
    "C.4": {"approval"},
    "E.1-d1": {"approval"},
    "E.1-e1": {"approval"},
    "E.3.3-a": {"approval"},
    "F.3-p2-a": {"approval"},
    "F.3-p2-b": {"approval"},
    "F.3-p5": {"approval"},
    "F.4-b": {"approval"},
    "F.4-h": {"approval"},
    "E.3.3-d": {"inspection"},
    "F.4-e": {"inspection"},
    "F.3-p3": {"inspection", "assessment"},
}
#: Rules that read a missing value as none for another reason, which makes no breach and no pass of
#: what is unknown.
STATED_ELSEWHERE = {
    "fee-free-no-price": "the plan states 收费方式: 免费, that is, no fee items; an item that is "
    "listed without its amount is still asked for",
    "fee-within-basis": "F.2-b 具体收费事项按……有关规定执行: no clause asks that the plan copy the "
    "ceiling of its basis; where it does, the price is held against it",
    "vendor-gate": "the plan states 是否引进机构: 否, that is, no vendor",
    "vendor-session-gate": "the plan states 是否引进机构: 否, that is, no session of a vendor",
    "safety-off-campus-gate": "the plan states 是否校外开展: 否, that is, no place off campus",
    "content-course-listed": "课程编号 of the session states its course; a course that lists no "
    "sessions has nothing to compare",
    "content-course-places": "a course without 课程名额 is open to all, by the schema's words",
    "content-session-choice": "a course without 选课方式 states nothing that 对象 could contradict",
    "procedure-applied-in-window": "no clause asks for a window: before none nobody applied",
    "safety-plan-purpose": "a plan without a file of its own has no 附件, by the schema's words",
    "content-help-group-size": "a plan need not say how many pupils come; an inspection does",
    "content-online-session-free": "是否收费 states that the session is free",
    "schedule-online-on-campus": "类别 states 线上, that is, no place at school",
    "vendor-course-on-list": "an entry of the bureau's own list that names no items",
    "staffing-own-share": "F.3-p2-b asks for 人员安排 in the plan, not by session: a plan that "
    "names nobody in any session is not weighed by sessions",
    "staffing-session-staffed": "likewise; where one session names its staff, all must",
    "staffing-outside-valid": "F.4-e asks for a review, not for a paper of each person: without "
    "one no date is asked for",
    "procedure-refund-not-refused": "no clause asks for a refund rule; only 不退 is a lead",
    "staffing-vendor-link": "人员类别 states whose the person is; 机构编号 is of vendor staff",
    "fee-cost-kept": "成本测算 is asked for when the plan is handed in, by fee-cost-covered",
    "vendor-evaluation-consistent": "a vendor that is engaged for the first time has no evaluation "
    "yet; an inspection asks for them",
    "vendor-status-dates": "状态 states whether the vendor was removed or suspended",
    "safety-food-check-planned": "checks are of the term: safety-food-check asks for them then",
    "vendor-low-evaluation": "a vendor that is engaged for the first time has no evaluation yet; "
    "an inspection asks for them",
    "vendor-staff-crime-check": "F.4-e names no paper of each person; only 无 is a lead",
    "vendor-suspended": "without the date the services after it are doubted, never passed",
    "safety-no-crime-check": "a person whom no session of a plan names has no day of duty yet; "
    "there are no two days to compare",
    "safety-reviewed-before-service": "likewise",
    "schedule-after-dismissal": "no clause asks that a timetable lists the lessons of a day",
    "safety-off-campus": "without 往返交通 or 带队人员 the session is doubted, never passed",
    "staffing-on-duty": "the session's 人员编号 and 星期 state who comes on which day; 到岗星期 is "
    "asked for by no clause and can only contradict it",
    "vendor-on-county-list": "an entry of the bureau's own list that names no code",
    "vendor-served-after-removal": "keeps two rules from telling the same breach twice",
}


def test_missing_is_read_as_none_only_where_the_clause_or_another_field_says_so() -> None:
    for rule in packs.load("bayannur-2021").rules.values():
        if not rule.closed or rule.id in STATED_ELSEWHERE:
            continue
        if rule.each == "statement":  # the program, which read the text, knows all there is
            continue
        if rule.pointer:  # a value that is left out names nothing and differs from nothing
            continue
        allowed = set().union(*(CLOSED.get(clause, set()) for clause in rule.clauses))
        assert set(rule.closed) <= allowed, rule.id
    national = packs.load("national-2023").rules.values()
    # N.7-c, N.7-d: no clause asks for a refund rule: without one nobody says 不退
    assert [rule.id for rule in national if rule.closed] == ["national-refund-not-refused"]


#: The rows of the source's own list that name a parameter, by the word and a clause.
VAGUE = [
    ("1小时左右", "E.2-a1"),
    ("应提供延时托管", "E.1-d1"),
    ("结束时间的下限", "D.2-a"),
    ("晚自习", "E.1-c"),
    ("下午放学后", "D.2-a"),
    ("一般应由本校教师承担", "E.3.1-a"),
    ("主要", "F.2-c"),
    ("适当", "F.2-d"),
    ("适当引进", "E.3.3-a"),
    ("定期", "F.2-g"),
    ("定期", "F.3-p6"),
    ("及时取消", "E.3.3-f"),
    ("足够数量人员", "F.4-g"),
    ("充分保障", "E.1-c"),
    ("基本完成", "E.2-a2"),
    ("合理承担", "C.3-b"),
    ("按有关规定执行", "F.2-b"),
    ("等免收", "C.3-c"),
    ("多种", "F.3-p1-a"),
    ("变相强制", "C.1-b"),
    ("集体补课", "E.2-e1"),
    ("提前", "F.4-h"),
    ("服务水平低", "E.3.3-f"),
    ("及时", "F.5-e"),
]


@pytest.mark.parametrize(("word", "clause"), VAGUE)
def test_every_vague_word_is_a_parameter_with_another_reading_or_a_reason(
    word: str, clause: str
) -> None:
    found = [
        p
        for p in packs.load("bayannur-2021").parameters.values()
        if p.readings and word in p.readings.word and clause in p.readings.clauses
    ]
    assert found, "not in the register"
    for parameter in found:
        readings = parameter.readings
        assert readings is not None
        assert readings.strict is not None or readings.lenient is not None or readings.note
        assert all(value.ground for value in parameter.values)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_plan_that_follows_the_policy_to_the_letter_fails_nothing(stage: Stage) -> None:
    pack = packs.load("bayannur-2021")
    tree = read(LETTER.name, LETTER.read_bytes()).tree
    submission = from_tree(tree, pack.schema, stage)
    assert not submission.faults
    day = {Stage.APPROVAL: None, Stage.INSPECTION: "2021-10-20", Stage.ASSESSMENT: "2022-01-20"}
    one = run(pack, submission, CheckOptions(stage=stage, engine="direct", on=day[stage]))
    failed = {
        rule: f.message
        for rule, findings in one.findings.items()
        for f in findings
        if f.outcome in (Outcome.FAIL, Outcome.ERROR)
    }
    assert not failed


def compare(pack: Pack, rng: random.Random, rounds: int) -> tuple[Counter[str], set[str], int]:
    """(outcomes met, fields used, pairs judged); fails on the first disagreement."""
    outcomes: Counter[str] = Counter()
    used: set[str] = set()
    pairs = 0
    for number in range(rounds):
        tree = whole_schema.submission(
            pack.schema, rng, 0 if number < 3 else rng.choice([0.05, 0.3, 0.6])
        )
        used |= set(whole_schema.leaves(tree))
        stage = list(Stage)[number % 3]
        submission = from_tree(tree, pack.schema, stage)
        as_of = "2024-03-01" if pack.id.startswith("national") else "2021-10-01"
        rules, _ = bind_rules(pack, stage, as_of, submission.bureau)
        base = FactBase(
            pack,
            submission.tree,
            pack.in_force(as_of),
            check_values(submission, stage, "2021-10-20"),
            submission.faulted,
        )
        prepare(base, rules)
        with rete.start(rules, base) as running:
            mine, theirs = direct.run(rules, base), running.outcomes()
        for rule in rules:
            name = rule.rule.id
            assert mine[name] == theirs[name], (number, name)
            outcomes.update(str(outcome) for outcome in mine[name])
            pairs += len(mine[name])
    return outcomes, used, pairs


@pytest.mark.skipif(not rete.available(), reason="durable_rules is not installed here")
@pytest.mark.parametrize("name", packs.available())
def test_both_engines_agree_on_submissions_that_use_every_field(name: str) -> None:
    pack = packs.load(name)
    outcomes, used, pairs = compare(pack, random.Random(11), 15)
    known = {
        f.path for f in pack.schema.walk() if f.kind in (*SCALAR_KINDS, "list") and not f.reader
    }
    assert known - used <= {
        f.path for f in pack.schema.walk() if f.path.split(".")[0] in ("conflicts", "statements")
    }
    assert pairs > 400
    assert {"fail", "pass", "review", "insufficient", "not_applicable"} <= set(outcomes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for pack_name in packs.available():
        met, _, judged = compare(packs.load(pack_name), random.Random(chosen.seed), chosen.rounds)
        print(f"{pack_name}: {judged} pairs on {chosen.rounds} submissions, 0 disagreements")
        print("  " + ", ".join(f"{outcome} {n}" for outcome, n in met.most_common()))
