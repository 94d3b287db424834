"""A school's score: each way of scoring by hand, the interval, and what must always hold."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.score_reports import finding, indicator, report, result, scheme, school, veto

from kehou.scoring import Scheme
from kehou.scoring.decimals import Member, chosen, mean, plain, rounded
from kehou.scoring.evaluation import score
from kehou.scoring.reports_in import read
from kehou.scoring.scheme import Band, Grade, Method
from kehou.scoring.scores_file import Given
from kehou.scoring.sheet import MODELS, Sheet

F = Fraction
ALL_PASS = Method("all_pass")
RATIO = Method("ratio")
MANUAL = Method("manual")


def own(method: Method, points: int, *results: Mapping[str, Any]) -> tuple[Any, Any]:
    names = tuple(r["rule"] for r in results)
    sheet = score(scheme(indicator("i", points, method, *names)), school(*results), {})
    return sheet.lines[0].own.low, sheet.lines[0].own.high


# --- each way of scoring, by hand ----------------------------------------------------------


def test_one_breach_costs_all_points_of_all_pass() -> None:
    assert own(ALL_PASS, 5, result("r", finding("pass")), result("s", finding("fail"))) == (0, 0)
    assert own(ALL_PASS, 5, result("r", finding("pass"))) == (5, 5)
    assert own(ALL_PASS, 5, result("r", finding("pass")), result("s", finding("review"))) == (0, 5)


def test_deductions_stop_at_the_cap_and_at_the_floor() -> None:
    breaches = [finding("fail"), finding("fail"), finding("fail")]
    deduct = Method("per_failure", "findings", deduct=F(2))
    assert own(deduct, 10, result("r", *breaches)) == (4, 4)
    assert own(replace(deduct, cap=F(5)), 10, result("r", *breaches)) == (5, 5)
    assert own(replace(deduct, deduct=F(4)), 10, result("r", *breaches)) == (0, 0)
    assert own(replace(deduct, deduct=F(5), floor=F(-3)), 10, result("r", *breaches)) == (-3, -3)


def test_what_one_failure_is_is_declared() -> None:
    found = result("r", finding("fail", 3), finding("fail", 2))
    for count, points in (("rules", 9), ("findings", 8), ("subjects", 5)):
        assert own(Method("per_failure", count, deduct=F(1)), 10, found) == (points, points)


def test_a_list_not_handed_in_may_hide_any_number_of_breaches() -> None:
    """A phantom subject counts one today and four hundred once the roster comes."""
    deduct = Method("per_failure", "subjects", deduct=F(1))
    missing = finding("insufficient", pointer="/roster", entity="student", missing=["/roster"])
    assert own(deduct, 10, result("r", missing)) == (0, 10)
    assert own(deduct, 10, result("r", finding("insufficient", pointer="/"))) == (9, 10)
    assert own(deduct, 10, result("r", finding("review", 2, pointer="/rows/4"))) == (8, 10)


def test_a_row_without_a_field_may_be_expanded_by_it() -> None:
    row = finding("insufficient", pointer="/plan/sessions/0", entity="session")
    assert own(Method("per_failure", "subjects", deduct=F(1)), 10, result("r", row)) == (0, 10)


def test_ratio_counts_what_applies() -> None:
    results = [
        result("r", finding("pass")),
        result("s", finding("fail")),
        result("t", finding("not_applicable")),
    ]
    assert own(RATIO, 3, *results) == (F(3, 2), F(3, 2))
    assert own(RATIO, 3, *results, result("u", finding("review"))) == (1, 2)


def test_bands_by_share_and_by_failures() -> None:
    share = Method(
        "bands",
        "rules",
        "pass_share",
        bands=(Band(F(1), F(10)), Band(F(4, 5), F(6)), Band(None, F(0))),
    )
    five = [result(n, finding("pass")) for n in "abcde"]
    assert own(share, 10, *five) == (10, 10)
    assert own(share, 10, *five[:4], result("f", finding("fail"))) == (6, 6)
    assert own(share, 10, *five[:3], result("f", finding("fail"))) == (0, 0)
    few = Method(
        "bands", "rules", "failures", bands=(Band(F(0), F(6)), Band(F(1), F(3)), Band(None, F(0)))
    )
    assert own(few, 6, *five) == (6, 6)
    assert own(few, 6, result("f", finding("fail")), result("g", finding("review"))) == (0, 3)


def test_values_that_people_give() -> None:
    made = scheme(
        indicator("m", 4, MANUAL),
        indicator("s", 5, Method("survey")),
        indicator(
            "b", 6, Method("bands", measure="survey", bands=(Band(F(90), F(6)), Band(None, F(2))))
        ),
    )
    nothing = score(made, school(), {})
    ends: Any = [(n.own.low, n.own.high) for n in nothing.lines]
    assert ends == [(0, 4), (0, 5), (2, 6)]
    values = {
        ("1", k): Given(F(v), None, "", "", "")
        for k, v in (("m", "3.5"), ("s", "84"), ("b", "89.9"))
    }
    assert [n.own.low for n in score(made, school(), values).lines] == [F("3.5"), F("4.2"), 2]
    assert score(made, school(), values).total.settled


def test_a_breach_is_certain_although_another_subject_failed_to_be_evaluated() -> None:
    """The rule's outcome is error; the breach on the other row still stands."""
    found = result("r", finding("error"), finding("fail"))
    assert found["outcome"] == "error"
    assert own(ALL_PASS, 5, found) == (0, 0)


def test_an_indicator_of_which_a_subject_passed_applies_although_the_rule_is_open() -> None:
    """Else its points could be shared out, and a pass more would cost the school points."""
    found = school(result("r", finding("pass"), finding("review")), result("s", finding("fail")))
    made = scheme(indicator("i", 6, ALL_PASS, "r"), indicator("j", 4, ALL_PASS, "s"))
    assert not score(made, found, {}).lines[0].optional
    deduct = Method("per_failure", "findings", deduct=F(2))
    two = scheme(indicator("i", 6, deduct, "r"), indicator("j", 6, ALL_PASS, "s"))
    before = school(result("r", finding("fail"), finding("review")), result("s", finding("fail")))
    assert score(two, before, {}).total.low == 2
    assert score(two, found, {}).total.low == 4


def test_a_rule_that_the_report_lacks_is_open_and_no_pass() -> None:
    sheet = score(scheme(indicator("i", 5, ALL_PASS, "gone")), school(), {})
    assert sheet.total.low == 0 and sheet.total.high == 5
    assert "没有这条规则" in sheet.next[0].what


def test_a_rule_shown_under_its_counterpart_is_found() -> None:
    made = scheme(indicator("i", 5, ALL_PASS, "mild"))
    assert (
        score(made, school(result("strict", finding("pass"), counterpart="mild")), {}).total.low
        == 5
    )


@pytest.mark.parametrize(("waived", "points"), [("pass", 5), ("fail", 0), ("not_applicable", 0)])
def test_the_scheme_says_how_waived_findings_count(waived: str, points: int) -> None:
    made = scheme(indicator("i", 5, ALL_PASS, "r"), waived=waived)
    sheet = score(made, school(result("r", finding("waived")), waived=waived), {})
    assert sheet.total.low == sheet.total.high == points
    assert (sheet.lines[0].state == "not_applicable") is (waived == "not_applicable")


# --- what does not apply -------------------------------------------------------------------


def two_areas(policy: str) -> Scheme:
    return scheme(
        indicator("x", 6, RATIO, "x1", "x2"),
        indicator("y", 4, ALL_PASS, "y"),
        indicator("z", 10, ALL_PASS, "z", area="b"),
        not_applicable=policy,
    )


HALF = (
    result("x1", finding("pass")),
    result("x2", finding("fail")),
    result("y", finding("not_applicable")),
    result("z", finding("pass")),
)


@pytest.mark.parametrize(
    ("policy", "total", "rate"),
    [
        ("within_area", F(15), F(15)),  # half of 6 is half of the area's 10, and 10
        ("overall", F(65, 4), F(65, 4)),  # (3 + 10) of 16, of 20
        ("drop", F(13), F(65, 4)),  # 3 + 10 of 16
    ],
)
def test_points_of_what_does_not_apply(policy: str, total: Fraction, rate: Fraction) -> None:
    sheet = score(two_areas(policy), school(*HALF), {})
    assert (sheet.total.low, sheet.total.high) == (total, total)
    assert (sheet.rate.low, sheet.rate.high) == (rate, rate)
    assert sheet.lines[1].state == "not_applicable"
    assert sheet.full.low == (16 if policy == "drop" else 20)


def test_an_area_of_which_nothing_applies_is_borne_by_the_others() -> None:
    results = (*HALF[:2], HALF[2], result("z", finding("not_applicable")))
    sheet = score(two_areas("within_area"), school(*results), {})
    assert sheet.total.low == 10  # half of 20
    assert sheet.areas[1].not_applicable == 10


def test_a_school_to_which_nothing_applies_has_no_score() -> None:
    results = [result(n, finding("not_applicable")) for n in ("x1", "x2", "y", "z")]
    sheet = score(two_areas("within_area"), school(*results), {})
    assert not sheet.rated
    assert sheet.grades == ("", "")


def test_bonus_points_come_on_top_and_stop_at_the_limit() -> None:
    made = scheme(
        indicator("i", 10, ALL_PASS, "r"),
        indicator("p", 3, MANUAL, bonus=True),
        indicator("q", 3, MANUAL, bonus=True),
        bonus_limit=F(4),
    )
    values = {("1", k): Given(F(3), None, "", "", "") for k in "pq"}
    sheet = score(made, school(result("r", finding("pass"))), values)
    assert [n.part.low for n in sheet.lines] == [10, 3, 1]
    assert sheet.total.low == 14
    assert score(made, school(result("r", finding("pass"))), {}).total.high == 14


def test_a_veto_is_told_and_changes_neither_points_nor_grade() -> None:
    made = scheme(indicator("i", 100, ALL_PASS, "r"))
    for outcome, state in (
        ("fail", "triggered"),
        ("review", "possible"),
        ("pass", "clear"),
        ("not_applicable", "not_applicable"),
    ):
        found = school(result("r", finding("pass")), result("v", finding(outcome)))
        sheet = score(replace(made, vetoes=(veto("v"),)), found, {})
        assert sheet.vetoes[0].state == state
        assert sheet.total == score(made, found, {}).total
        assert sheet.grades == ("优", "优")


def test_a_grade_is_given_by_the_exact_score_and_not_by_the_rounded_one() -> None:
    made = scheme(indicator("i", 100, Method("survey", full=F(1000000))))
    values = {("1", "i"): Given(F(899999), None, "", "", "")}
    sheet = score(made, school(), values)
    assert rounded(sheet.total.low, 2) == "90.00"
    assert sheet.grades == ("良", "良")


def test_what_to_hand_in_next_is_ranked_by_the_points_it_could_settle() -> None:
    made = scheme(
        indicator("i", 2, ALL_PASS, "r"),
        indicator("j", 9, ALL_PASS, "s"),
        indicator("k", 3, ALL_PASS, "t"),
    )
    tree = report(
        [
            result("r", finding("insufficient", missing=["/a"])),
            result("s", finding("review")),
            result("t", finding("insufficient", missing=["/a", "/b"])),
        ]
    )
    tree["missing_evidence"] = [
        {"path": "/a", "label": "甲", "settles": ["r", "t"]},
        {"path": "/b", "label": "乙", "settles": ["t"]},
    ]
    told: Any = [(n.kind, n.what, n.points) for n in score(made, read(tree, "r"), {}).next]
    assert told == [("review", "规则s", 9), ("evidence", "甲", 5), ("evidence", "乙", 3)]


# --- exact numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "mode", "shown"),
    [
        ("0.125", "half_up", "0.13"),
        ("0.125", "half_even", "0.12"),
        ("0.125", "down", "0.12"),
        ("-0.125", "half_up", "-0.13"),
        ("-0.001", "half_up", "0.00"),
        ("2/3", "half_up", "0.67"),
        ("0.135", "half_even", "0.14"),
        ("99.999", "down", "99.99"),
        ("7", "half_up", "7.00"),
    ],
)
def test_rounding_is_what_the_scheme_declares(value: str, mode: str, shown: str) -> None:
    assert rounded(F(value), 2, mode) == shown


def test_an_exact_number_is_shown_whole() -> None:
    assert [plain(F(v)) for v in ("8/3", "3.75", "10", "-0.5", "0")] == [
        "8/3",
        "3.75",
        "10",
        "-0.5",
        "0",
    ]


members = st.lists(
    st.tuples(st.integers(1, 5), st.integers(-3, 5), st.integers(0, 5), st.booleans()),
    min_size=1,
    max_size=6,
)


@given(members, st.booleans())
@settings(max_examples=80)
def test_the_extremes_of_a_mean_are_those_of_every_choice(
    rows: list[tuple[int, int, int, bool]], best: bool
) -> None:
    """Held against trying every set of the members that may fall away."""
    made = [
        Member(str(i), F(w), F(min(low, w)), F(min(max(low, high), w)), optional)
        for i, (w, low, high, optional) in enumerate(rows)
    ]
    tried = []
    for kept in product((True, False), repeat=len(made)):
        taken = [m for m, keep in zip(made, kept, strict=True) if keep or not m.optional]
        if taken:
            ends = sum((m.high if best else m.low) for m in taken)
            tried.append(F(ends) / sum(m.weight for m in taken))
    assert mean(made, best) == (max(tried) if best else min(tried))
    assert {m.key for m in made if not m.optional} <= {m.key for m in chosen(made, best)}


# --- what must always hold -----------------------------------------------------------------

OUTCOMES = (
    "pass",
    "fail",
    "review",
    "insufficient",
    "not_judged",
    "error",
    "waived",
    "not_applicable",
)
OPEN = ("review", "insufficient", "not_judged", "error")
METHODS = (
    ALL_PASS,
    RATIO,
    Method("ratio", "subjects"),
    Method("per_failure", "findings", deduct=F(2)),
    Method("per_failure", "subjects", deduct=F(3, 2), cap=F(4)),
    Method("per_failure", "rules", deduct=F(4), floor=F(-2)),
    Method(
        "bands",
        "rules",
        "pass_share",
        bands=(Band(F(1), F(6)), Band(F(1, 2), F(4)), Band(None, F(1))),
    ),
    Method(
        "bands",
        "findings",
        "failures",
        bands=(Band(F(0), F(6)), Band(F(2), F(5)), Band(None, F(0))),
    ),
)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Scheme, list[dict[str, Any]]]:
    """A scheme of up to five indicators in two areas, and a report on its rules."""
    lines, results = [], []
    for i in range(draw(st.integers(1, 5))):
        names = [f"r{i}{j}" for j in range(draw(st.integers(1, 3)))]
        bonus = i > 0 and draw(st.integers(0, 5)) == 0
        lines.append(
            indicator(
                f"i{i}",
                6,
                draw(st.sampled_from(METHODS)),
                *names,
                area=draw(st.sampled_from("ab")),
                bonus=bonus,
            )
        )
        for name in names:
            found = [
                finding(
                    draw(st.sampled_from(OUTCOMES)),
                    draw(st.integers(1, 2)),
                    draw(st.sampled_from(("/", "/rows/0", "/rows"))),
                )
                for _ in range(draw(st.integers(1, 2)))
            ]
            for one in found:
                if one["subject"]["pointer"] == "/":
                    one["count"] = 1
            results.append(result(name, *found))
    policy = draw(st.sampled_from(("within_area", "overall", "drop")))
    waived = draw(st.sampled_from(("pass", "fail", "not_applicable")))
    limit = F(3) if any(one.bonus for one in lines) and draw(st.booleans()) else None
    if all(one.bonus for one in lines):
        lines[0] = replace(lines[0], bonus=False)
    made = scheme(*lines, not_applicable=policy, waived=waived, bonus_limit=limit)
    return made, results


def sheet_of(made: Scheme, results: list[dict[str, Any]], model: str = "scheme") -> Sheet:
    again = [result(r["rule"], *r["findings"]) for r in results]
    return score(made, read(report(again), "r", made.waived), {}, model)


def endless(one: Mapping[str, Any]) -> bool:
    """Whether nobody can say for how many subjects an open finding will stand."""
    pointer, outcome = one["subject"]["pointer"], one["outcome"]
    return (
        outcome in OPEN
        and pointer != "/"
        and (outcome in ("insufficient", "error") or pointer == "/rows")
    )


def settlings(one: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Ways in which an open finding may be settled; a list that comes may bring many rows."""
    unbounded = endless(one)
    for outcome in ("pass", "fail", "not_applicable"):
        yield [one | {"outcome": outcome}]
    yield [one | {"outcome": "fail", "count": 1} for _ in range(7 if unbounded else one["count"])]
    if unbounded:
        yield [one | {"outcome": "pass", "count": 9}, one | {"outcome": "fail", "count": 5}]


@given(rounds(), st.data())
@settings(max_examples=120)
def test_settling_an_unknown_never_leaves_the_interval(
    made: tuple[Scheme, list[dict[str, Any]]], data: st.DataObject
) -> None:
    scheme_, results = made
    models = {m: sheet_of(scheme_, results, m) for m in MODELS}
    after = copy.deepcopy(results)
    for one in after:
        settled = []
        for found in one["findings"]:
            if found["outcome"] in OPEN and data.draw(st.integers(0, 3)):
                settled += data.draw(st.sampled_from(list(settlings(found))))
            else:
                settled.append(found)
        one["findings"] = settled
    for model, before in models.items():
        later = sheet_of(scheme_, after, model)
        if later.rated:
            assert before.rate.low <= later.rate.low <= later.rate.high <= before.rate.high, model
        if scheme_.not_applicable == "drop" and model == "scheme":
            assert before.total.low <= later.total.low <= later.total.high <= before.total.high


@given(rounds(), st.data())
@settings(max_examples=120)
def test_adding_a_pass_never_lowers_a_score(
    made: tuple[Scheme, list[dict[str, Any]]], data: st.DataObject
) -> None:
    scheme_, results = made
    after = copy.deepcopy(results)
    rule = data.draw(st.sampled_from(after))
    at = data.draw(st.integers(0, len(rule["findings"]) - 1))
    loose = False
    if data.draw(st.booleans()):
        loose = endless(rule["findings"][at])  # may have stood for any number of passes
        rule["findings"][at]["outcome"] = "pass"
    else:
        rule["findings"].append(finding("pass", data.draw(st.integers(1, 3)), "/rows/8"))
    for model in MODELS:
        before, later = sheet_of(scheme_, results, model), sheet_of(scheme_, after, model)
        if before.rated:
            assert later.rate.low >= before.rate.low, model
            assert loose or later.rate.high >= before.rate.high, model
        if scheme_.not_applicable == "drop" or model in ("flat", "flat-unweighted"):
            assert later.total.low >= before.total.low, model


@given(rounds())
@settings(max_examples=80)
def test_the_indicators_add_up_to_the_total_and_the_areas_too(
    made: tuple[Scheme, list[dict[str, Any]]],
) -> None:
    sheet = sheet_of(*made)
    for end in ("low", "high"):
        parts = sum(getattr(n.part, end) for n in sheet.lines)
        assert parts == getattr(sheet.total, end)
        areas = sum(getattr(a.part, end) for a in sheet.areas) + getattr(sheet.bonus, end)
        assert areas == getattr(sheet.total, end)
    if made[0].not_applicable != "drop" and sheet.rated:
        assert sheet.full.low == sheet.full.high == made[0].total
    assert sheet.total.low <= sheet.total.high


@given(rounds(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_order_of_rules_and_findings_changes_nothing(
    made: tuple[Scheme, list[dict[str, Any]]], rng: Any
) -> None:
    scheme_, results = made
    before = sheet_of(scheme_, results)
    after = copy.deepcopy(results)
    rng.shuffle(after)
    for one in after:
        rng.shuffle(one["findings"])
    later = sheet_of(scheme_, after)
    assert [(n.own, n.part, n.state) for n in later.lines] == [
        (n.own, n.part, n.state) for n in before.lines
    ]
    assert (later.total, later.rate, later.grades) == (before.total, before.rate, before.grades)


@given(rounds())
@settings(max_examples=80)
def test_a_whole_score_has_one_grade_and_nothing_left_to_do(
    made: tuple[Scheme, list[dict[str, Any]]],
) -> None:
    scheme_, results = made
    made_ = replace(scheme_, grades=(Grade("甲", F(3)), Grade("乙", None)))
    for one in results:
        for found in one["findings"]:
            if found["outcome"] in OPEN:
                found["outcome"] = "fail"
    sheet = sheet_of(made_, results)
    assert sheet.total.settled
    assert sheet.next == ()
    assert sheet.grades[0] == sheet.grades[1]
