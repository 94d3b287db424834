"""What the network answers on rules and facts made by hand; every outcome worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from kehou.judging import rete
from kehou.judging.network import native_share, precomputed
from kehou.language import Parameter, Type
from kehou.model.outcomes import Outcome
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param
from kehou.model.rules import Test as Check
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

pytestmark = pytest.mark.skipif(
    not rete.available(), reason="durable_rules cannot be loaded on this Python"
)

F, P, R = Outcome.FAIL, Outcome.PASS, Outcome.REVIEW
N, X, J = Outcome.NOT_APPLICABLE, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED
GONE = Unknown(("/rows/0/x",), True)
FAULTY = Unknown(("/rows/0/x",), False)


def ask(name: str, op: str, *args: Any) -> Check:
    given = (a if isinstance(a, (FieldRef, Param)) else Const(a) for a in args)
    return Check(FieldRef(name), op, tuple(given))


@pytest.fixture
def outcomes(make_rule: Any, make_base: Any) -> Callable[..., list[Outcome]]:
    """Outcomes of one rule on rows, in order."""

    def run(
        rows: Sequence[dict[str, Any]],
        require: Cond | None,
        when: Cond | None = None,
        roots: dict[str, Any] | None = None,
        **other: Any,
    ) -> list[Outcome]:
        rule = make_rule(require, when, **other)
        with rete.start([rule], make_base(rows, roots)) as running:
            found = running.outcomes()
        assert list(found) == ["t-rule"]
        return found["t-rule"]

    return run


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"flag": False}, N),
        ({"flag": False, "n": 9, "sort": "丙"}, N),
        ({"flag": True, "n": 9}, F),
        ({"flag": True, "n": 9, "sort": "丙"}, F),
        ({"flag": True, "n": 1, "sort": "丙"}, R),
        ({"n": 1, "sort": "丙"}, R),
        ({"flag": True, "n": 1, "sort": "甲"}, P),
        ({"n": 1, "sort": "甲"}, P),
        ({"flag": True, "n": 1}, X),
        ({"flag": True, "n": 1, "sort": FAULTY}, X),
        ({"n": 9, "sort": "甲"}, X),
        ({"flag": True, "sort": "甲"}, X),
        ({"flag": True, "n": ABSENT, "sort": "甲"}, F),
        ({"flag": ABSENT, "n": 9, "sort": "甲"}, N),
        ({}, X),
    ],
)
def test_the_table_of_outcomes(outcomes: Any, row: dict[str, Any], outcome: Outcome) -> None:
    """flag asks whether the rule applies, n at most 3, sort 丙 must be looked at."""
    found = outcomes(
        [row], ask("n", "at_most", 3), ask("flag", "is", True), review=[ask("sort", "is", "丙")]
    )
    assert found == [outcome]


def test_a_rule_that_nobody_can_judge_yet(outcomes: Any) -> None:
    rows = [{"flag": False}, {"flag": True, "n": 9}, {}]
    found = outcomes(rows, ask("n", "at_most", 3), ask("flag", "is", True), unset=["ceiling"])
    assert found == [N, J, J]


def test_rules_of_review_alone_and_of_nothing(outcomes: Any) -> None:
    look = [ask("flag", "is", True)]
    assert outcomes([{"flag": True}, {"flag": False}, {}], None, review=look) == [R, P, X]
    assert outcomes([{}], None) == [P]


def test_no_subjects_no_outcomes(outcomes: Any) -> None:
    assert outcomes([], ask("n", "at_most", 3)) == []


def test_outcomes_stand_in_the_order_of_rows_and_rules(make_rule: Any, make_base: Any) -> None:
    rules = [make_rule(ask("n", "at_most", limit), id=f"r-{limit}") for limit in range(5)]
    base = make_base([{"n": n} for n in range(5)])
    with rete.start(rules, base) as running:
        found = running.outcomes()
    assert found == {f"r-{limit}": [P if n <= limit else F for n in range(5)] for limit in range(5)}


def test_two_hundred_patterns_true_at_once(make_rule: Any, make_base: Any) -> None:
    """Without buckets the library answers error 303 at 65."""
    rules = [make_rule(ask("n", "at_most", limit), id=f"r-{limit}") for limit in range(1, 201)]
    with rete.start(rules, make_base([{"n": 0}, {"n": 201}])) as running:
        found = running.outcomes()
    assert len(found) == 200
    assert set(map(tuple, found.values())) == {(P, F)}


def test_more_patterns_and_fields_than_one_kind_of_fact_holds(
    make_rule: Any, make_base: Any
) -> None:
    fields = {f"f{n}": (Type("integer"), False) for n in range(300)}
    rules = [
        make_rule(
            Any_((ask(f"f{n}", "at_most", 3), ask(f"f{n}", "is", 7))), id=f"r-{n}", fields=fields
        )
        for n in range(300)
    ]
    row = {f"f{n}": n % 9 for n in range(300)}
    with rete.start(rules, make_base([row])) as running:
        found = running.outcomes()
    assert found == {f"r-{n}": [P if n % 9 <= 3 or n % 9 == 7 else F] for n in range(300)}


def test_more_patterns_than_one_ruleset_holds(make_rule: Any, make_base: Any) -> None:
    rules = [make_rule(ask("n", "at_most", n), id=f"r-{n}") for n in range(2_000)]
    rows = [{"n": 700}, {"n": 1_999}]
    with rete.start(rules, make_base(rows)) as running:
        found = running.outcomes()
    assert [found[f"r-{n}"] for n in (0, 699, 700, 1_998, 1_999)] == [
        [F, F],
        [F, F],
        [P, F],
        [P, F],
        [P, P],
    ]


def test_thousands_of_subjects(outcomes: Any) -> None:
    rows = [{"n": n % 7} for n in range(2500)]
    assert outcomes(rows, ask("n", "at_most", 3)) == [P if n % 7 <= 3 else F for n in range(2500)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("row#0", "row#0"),
        ("f0", "f1"),
        ("007", "7"),
        ("1", "1"),
        ("true", "true"),
        ("1", "1.0"),
        ("", ""),
        ("", " "),
        ("课后服务", "课后服务"),
        ("课后服务", "课后"),
        ("课后 服务", "课后"),
        ("课后!", "课后"),
        ('"', '"'),
        ('a"', "a"),
        ("a\\", "a"),
        ("a\nb", "a\nb"),
        ("a\x00b", "a\x00c"),
        ("a\x00b", "a"),
        ("😀", "😀"),
        ("\ud800", "\ud800"),
        ("\ud800", "\ud801"),
        ("长" * 1999 + "甲", "长" * 1999 + "甲"),
        ("长" * 1999 + "甲", "长" * 1999 + "乙"),
        ("a", "a" * 65537),
        ("", "z" * 65536),
    ],
)
def test_text_is_compared_as_text(outcomes: Any, one: str, other: str) -> None:
    expected = P if one == other else F
    for name in ("kind", "id"):
        row = {name: one, "note": other}
        assert outcomes([row], ask(name, "is", FieldRef("note"))) == [expected]
    if len(other) <= 2000:  # longer constants are refused
        assert outcomes([{"note": one}], ask("note", "is", other)) == [expected]


def test_fields_with_names_the_library_keeps_for_itself(outcomes: Any) -> None:
    rows = [
        {"kind": "x", "id": "f0", "sid": 1, "a.b": 2},
        {"kind": "row#0", "id": "f0", "sid": 0},
        {"kind": "x", "id": "f0", "sid": 1, "a.b": ABSENT},
        {"id": "f0"},
    ]
    require = All(
        (
            ask("kind", "is", "x"),
            ask("id", "is", "f0"),
            ask("sid", "is", 1),
            ask("a.b", "at_most", 2),
        )
    )
    assert outcomes(rows, require) == [P, F, F, X]


def test_numbers_are_not_text_and_one_is_not_true(outcomes: Any) -> None:
    rows = [{"n": 1, "flag": True}, {"n": 0, "flag": False}, {"n": 1, "flag": False}]
    both = Any_(
        (
            All((ask("n", "is", 1), ask("flag", "is", True))),
            All((ask("n", "is", 0), ask("flag", "is", False))),
        )
    )
    assert outcomes(rows, both) == [P, P, F]


def test_absent_and_not_supplied(outcomes: Any) -> None:
    rows: list[dict[str, Any]] = [
        {"n": 1},
        {"n": ABSENT},
        {"n": None},
        {},
        {"n": GONE},
        {"n": FAULTY},
    ]
    assert outcomes(rows, ask("n", "exists", True)) == [P, F, X, X, X, X]
    assert outcomes(rows, ask("n", "exists", False)) == [F, P, X, X, X, X]
    assert outcomes(rows, ask("n", "is_not", 2)) == [P, P, X, X, X, X]
    assert outcomes(rows, ask("n", "not_in", (2, 3))) == [P, P, X, X, X, X]
    assert outcomes(rows, Not(ask("n", "is", 2))) == [P, P, X, X, X, X]
    assert outcomes(rows, ask("n", "at_least", 1)) == [P, F, X, X, X, X]


def test_closed_turns_silence_into_absence_but_not_a_fault(outcomes: Any) -> None:
    rows: list[dict[str, Any]] = [{"n": 1}, {"n": ABSENT}, {}, {"n": GONE}, {"n": FAULTY}]
    assert outcomes(rows, ask("n", "exists", True), closed=["n"]) == [P, F, F, F, X]
    assert outcomes(rows, ask("tags", "contains_all", ("a",)), closed=["tags"]) == [F] * 5


def test_intervals_decide_only_where_both_ends_agree(outcomes: Any) -> None:
    rows = [
        {"count": 3},
        {"count": Bounds(0, INF)},
        {"count": Bounds(4, INF)},
        {"count": Bounds(0, 3)},
        {"count": Bounds(-INF, 2)},
        {"count": ABSENT},
        {},
    ]
    assert outcomes(rows, ask("count", "at_least", 4)) == [F, X, P, F, F, F, X]
    assert outcomes(rows, ask("count", "less_than", 4)) == [P, X, F, P, P, F, X]
    assert outcomes(rows, ask("count", "is", 3)) == [P, X, F, X, F, F, X]
    assert outcomes(rows, ask("count", "is_not", 3)) == [F, X, P, X, P, P, X]
    assert outcomes(rows, ask("count", "within", 0, 3)) == [P, X, F, P, X, F, X]


def test_intervals_against_each_other_and_the_submission_s(outcomes: Any) -> None:
    rows = [
        {"total": 5},
        {"total": Bounds(0, 10)},
        {"total": Bounds(0, 4)},
        {"total": Bounds(11, INF)},
    ]
    limit = {"plan.total": Bounds(5, 10)}
    none = {"plan.total": ABSENT}
    within = ask("total", "at_most", FieldRef("plan.total"))
    assert outcomes(rows, within, roots=limit) == [P, X, P, F]
    assert outcomes(rows, within) == [X] * 4
    assert outcomes(rows, within, roots=none) == [F] * 4


def test_decimals_are_exact(outcomes: Any) -> None:
    """Binary floating point has 0.1 + 0.2 > 0.3, and rounding has 1/3 at most 0.333333."""
    rows = [
        {"ratio": Fraction(3, 10)},
        {"ratio": Fraction(1, 10) + Fraction(2, 10)},
        {"ratio": Fraction(1, 3)},
        {"ratio": Bounds(Fraction(1, 4), Fraction(1, 3))},
        {"ratio": Bounds(Fraction(1, 4), INF)},
        {"ratio": Bounds(-INF, 0)},
    ]
    assert outcomes(rows, ask("ratio", "at_most", Fraction(3, 10))) == [P, P, F, X, X, P]
    assert outcomes(rows, ask("ratio", "at_most", Fraction(333333, 10**6))) == [P, P, F, X, X, P]
    assert outcomes(rows, ask("ratio", "more_than", Fraction(333333, 10**6))) == [F, F, P, X, X, F]
    assert outcomes(rows, ask("ratio", "is", Fraction(3, 10))) == [P, P, F, X, X, F]


def test_half_a_fen_and_numbers_beyond_64_bits(outcomes: Any) -> None:
    rows = [{"fee": Fraction(3, 2)}, {"fee": 2**63}, {"fee": 2**64}, {"fee": -(2**70)}]
    assert outcomes(rows, ask("fee", "at_most", 1)) == [F, F, F, P]
    assert outcomes(rows, ask("fee", "less_than", 2)) == [P, F, F, P]
    assert outcomes(rows, ask("fee", "is", 1)) == [F] * 4
    assert outcomes(rows, ask("fee", "is", 2**61)) == [F] * 4


def test_dates_months_and_fields_of_the_submission(outcomes: Any) -> None:
    rows = [{"start": "2021-08-31"}, {"start": "2021-09-01"}, {"start": "2021-09-02"}, {}]
    root = {"check.date": "2021-09-01"}
    before = ask("start", "at_most", FieldRef("check.date"))
    assert outcomes(rows, before, roots=root) == [P, P, F, X]
    assert outcomes(rows, ask("start", "more_than", "2021-09-01")) == [F, F, P, X]
    months = [{"month": "2021-08"}, {"month": "2021-09"}]
    assert outcomes(months, ask("month", "at_least", "2021-09")) == [F, P]


LATEST = Parameter(
    "latest", Type("time"), None, ("level",), {("primary",): 1110, ("junior",): 1170}
)


def test_a_parameter_by_level_and_the_level_nobody_set(outcomes: Any) -> None:
    rows = [
        {"level": "primary", "end": 1110},
        {"level": "primary", "end": 1111},
        {"level": "junior", "end": 1170},
        {"level": "senior", "end": 600},
        {"end": 600},
        {"level": "senior"},
        {"level": "primary"},
        {"level": ABSENT, "end": 600},
    ]
    require = ask("end", "at_most", Param("latest"))
    found = outcomes(rows, require, parameters={"latest": LATEST})
    assert found == [P, F, P, J, X, J, X, J]
    found = outcomes(rows, require, ask("level", "is_not", "senior"), parameters={"latest": LATEST})
    assert found == [P, F, P, N, X, N, X, J]


def test_a_parameter_with_a_default_for_all_others(outcomes: Any) -> None:
    table = Parameter("least", Type("integer"), None, ("note",), {("语文",): 5, ("*",): 2})
    rows = [{"note": "语文", "n": 4}, {"note": "数学", "n": 2}, {"note": "英语", "n": 1}, {"n": 9}]
    found = outcomes(rows, ask("n", "at_least", Param("least")), parameters={"least": table})
    assert found == [F, P, F, X]


def test_a_table_too_large_for_patterns_is_looked_up_before(outcomes: Any) -> None:
    subjects = [f"科目{n}" for n in range(40)]
    table = Parameter(
        "least", Type("integer"), None, ("note", "n"), {(s, g): 2 for s in subjects for g in (1, 2)}
    )
    rows = [
        {"note": "科目3", "n": 2, "m": 2},
        {"note": "科目3", "n": 2, "m": 1},
        {"note": "体育", "n": 2, "m": 1},
        {"note": "科目3", "m": 1},
    ]
    found = outcomes(rows, ask("m", "at_least", Param("least")), parameters={"least": table})
    assert found == [P, F, J, X]


def test_lists_words_and_formats_reach_it_as_verdicts(outcomes: Any) -> None:
    lists = [("书画", "球类"), (), Open(("书画",)), ABSENT, None]
    rows = [{"tags": tags} for tags in lists]
    assert outcomes(rows, ask("tags", "contains_all", ("书画", "球类"))) == [P, F, X, F, X]
    assert outcomes(rows, ask("tags", "contains_none", ("学科",))) == [P, P, X, P, X]
    words = [{"note": "每周集体授课一次"}, {"note": "社团"}, {"note": "2021"}, {}]
    assert outcomes(words, ask("note", "mentions", ("集体授课", "补课"))) == [P, F, F, X]
    assert outcomes(words, ask("note", "matches", r"\d{4}")) == [F, F, P, X]


def test_only_what_the_network_cannot_say_is_precomputed(make_rule: Any) -> None:
    """docs/language.md §3 names the native tests; each of them, and each of the others, once."""
    dozen = tuple(range(12))
    latest = {"latest": LATEST}
    native = [
        ask("n", "is", 1),
        ask("n", "is_not", 1),
        ask("n", "in", dozen),
        ask("n", "not_in", dozen),
        ask("end", "at_most", 1),
        ask("count", "is", 1),
        ask("count", "within", 1, 2),
        ask("note", "is", FieldRef("kind")),
        ask("total", "more_than", FieldRef("plan.total")),
        ask("start", "less_than", "2021-09-01"),
        ask("end", "at_most", Param("latest")),
        ask("tags", "exists", True),
        ask("ratio", "at_most", Fraction(3, 10)),
    ]
    others = [
        ask("tags", "contains_all", ("a",)),
        ask("tags", "contains_any", ("a",)),
        ask("tags", "contains_none", ("a",)),
        ask("note", "mentions", ("a",)),
        ask("note", "matches", "a"),
        ask("n", "in", (*dozen, 12)),
        ask("n", "not_in", (*dozen, 12)),
        Check(Param("latest"), "at_most", (Const(1110),)),
        ask("n", "in", FieldRef("grades")),
        ask("ratio", "is", Fraction(1, 3)),
    ]
    rules = [make_rule(c, id=f"r-{n}", parameters=latest) for n, c in enumerate(native + others)]
    assert [rule for rule, _ in precomputed(rules)] == [
        f"r-{n}" for n in range(len(native), len(native) + len(others))
    ]
    assert native_share(rules) == (len(native) + 1, len(native) + len(others) + 1)  # within is two
