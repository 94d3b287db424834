"""What a headteacher reads on a terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import CitedClause, Finding, Report, RuleResult
from kehou.model.values import Location
from kehou.render.screen import Manner, text
from kehou.render.words import compact, visible, width
from kehou.render.words.visible_text import EXCERPT_WIDTH, excerpt

Make = Callable[..., Report]
MakeResult = Callable[..., RuleResult]
MakeFinding = Callable[..., Finding]


@pytest.mark.parametrize(
    ("name", "manner"),
    [
        ("every_outcome.txt", Manner()),
        ("every_outcome.verbose.txt", Manner(verbosity=1)),
        ("every_outcome.quiet.txt", Manner(verbosity=-1)),
        ("every_outcome.en.txt", Manner(language="en", verbosity=1)),
    ],
)
def test_text_is_as_agreed(
    every_outcome_report: Report,
    matches_golden: Callable[[str, str], None],
    name: str,
    manner: Manner,
) -> None:
    matches_golden(name, text.render([every_outcome_report], manner))


def test_a_compliant_plan_says_so_on_the_third_line(
    make_report: Make, make_result: MakeResult
) -> None:
    lines = text.render([make_report(make_result(Outcome.PASS))]).splitlines()
    assert lines[2] == "建议：同意备案 —— 符合 1 项"


def test_without_a_decision_the_counts_stand_alone(
    make_report: Make, make_result: MakeResult
) -> None:
    checked = make_report(make_result(Outcome.PASS), make_result(Outcome.NOT_JUDGED), decision=None)
    assert (
        text.render([checked]).splitlines()[2]
        == "结果：符合 1 项，未评 1 项；其中有待教育局载入 1 项"
    )


def test_advice_is_counted_apart_from_breaches(make_report: Make, make_result: MakeResult) -> None:
    advice = make_result(Outcome.FAIL, severity=Severity.ADVICE)
    shown = text.render([make_report(make_result(Outcome.PASS), advice)])
    assert "建议：同意备案 —— 符合 1 项；建议 1 项" in shown
    assert "✗ 不符合" not in shown


@pytest.mark.parametrize(
    ("line", "column", "end", "carets"),
    [
        ("    活动: 集体授课", 9, 13, 8),
        ("ends: 18:30", 7, 12, 5),
        ("\t结束: １８：３０", 6, 11, 10),
        ("x: \x1b[31m红", 4, 10, 10),
    ],
)
def test_carets_stand_under_the_place(line: str, column: int, end: int, carets: int) -> None:
    window = excerpt(Location("plan.yaml", 1, column, 1, end, excerpt=line))
    assert window is not None
    assert (window.before, window.marked) == (
        visible(line[: column - 1]),
        visible(line[column - 1 : end - 1]),
    )
    assert window.offset == width(visible(line[: column - 1]))
    assert window.length == carets


@given(
    line=st.text(max_size=400),
    column=st.integers(min_value=1, max_value=450),
    length=st.integers(min_value=0, max_value=300),
)
def test_an_excerpt_is_short_and_starts_its_mark_at_the_place(
    line: str, column: int, length: int
) -> None:
    window = excerpt(Location("plan.yaml", 1, column, 1, column + length, excerpt=line))
    if window is None:
        assert not line.strip()
        return
    shown = window.before + window.marked + window.after
    assert width(shown) <= EXCERPT_WIDTH + 2 * 10 + 2
    assert visible(shown) == shown
    assert visible(line).startswith(window.before) or window.before.startswith("…")


def test_a_cell_of_a_table_is_placed_by_its_line_and_column_and_its_value_marked() -> None:
    place = Location("台账.csv", 26, 15, 26, 17, cell="类别", excerpt="类别：福利")
    window = excerpt(place)
    assert compact(place) == "台账.csv:26:类别"
    assert window is not None
    assert (window.before, window.marked, window.after) == ("类别：", "福利", "")


def test_an_excerpt_of_a_place_over_several_lines_marks_the_first_to_its_end() -> None:
    window = excerpt(Location("plan.yaml", 4, 5, 9, 3, excerpt="  - 周一"))
    assert window is not None
    assert (window.before, window.marked, window.after) == ("  - ", "周一", "")


def test_many_findings_of_one_rule_are_one_and_say_that_numbers_differ(
    make_report: Make, make_result: MakeResult, make_finding: MakeFinding
) -> None:
    findings = [
        make_finding(
            Outcome.FAIL,
            message=f"第{n}项",
            count=10,
            location=Location("plan.yaml", n, 1, excerpt="x"),
        )
        for n in range(1, 9)
    ]
    checked = make_report(make_result(Outcome.FAIL, *findings))
    shown = text.render([checked])
    assert "第1项" in shown
    assert "第2项" not in shown
    assert "数字不同的同类情形共 80 处" in shown
    few = text.render([make_report(make_result(Outcome.FAIL, *findings[:5]))])
    assert "第5项" in few


def test_what_is_told_of_many_rules_alike_is_told_once(
    make_report: Make, make_result: MakeResult, make_finding: MakeFinding
) -> None:
    rules = [
        make_result(Outcome.REVIEW, make_finding(Outcome.REVIEW), rule=f"rule-{n}", title=f"题{n}")
        for n in (1, 2)
    ]
    shown = text.render([make_report(*rules)])
    assert shown.count("活动为“集体授课”") == 1
    assert "题1" in shown
    assert "题2" in shown


def test_nothing_from_a_submission_reaches_the_terminal_raw(hostile_report: Report) -> None:
    for manner in (Manner(), Manner(verbosity=1), Manner(verbosity=-1), Manner(language="en")):
        shown = text.render([hostile_report, hostile_report], manner)
        assert not [c for c in shown if c != "\n" and visible(c) != c]


def test_colour_is_the_only_escape_and_only_on_request(hostile_report: Report) -> None:
    coloured = text.render([hostile_report], Manner(colour=True))
    plain = text.render([hostile_report])
    assert "\x1b" not in plain
    assert coloured != plain
    stripped = coloured.replace("\x1b[0m", "")
    for style in ("1", "1;31", "1;32", "1;33", "1;36", "31", "2"):
        stripped = stripped.replace(f"\x1b[{style}m", "")
    assert stripped == plain


@given(st.text())
def test_visible_text_holds_no_character_that_a_terminal_obeys(value: str) -> None:
    shown = visible(value)
    assert visible(shown) == shown
    assert "\n" not in shown
    shown.encode("utf-8")


def test_a_very_long_text_is_cut(
    make_report: Make, make_result: MakeResult, make_finding: MakeFinding
) -> None:
    long = make_finding(
        Outcome.FAIL,
        message="长" * 100_000,
        remedy="改" * 100_000,
        location=Location("plan.yaml", 1, 50_000, 1, 90_000, excerpt="行" * 100_000),
    )
    shown = text.render([make_report(make_result(Outcome.FAIL, long))])
    assert len(shown) < 3_000


def test_the_same_line_is_quoted_once_for_neighbouring_findings(
    make_report: Make, make_result: MakeResult, make_finding: MakeFinding
) -> None:
    twice = make_result(
        Outcome.FAIL,
        make_finding(Outcome.FAIL, message="甲"),
        make_finding(Outcome.FAIL, message="乙"),
    )
    assert text.render([make_report(twice)]).count("活动: 集体授课") == 1


def test_every_clause_of_a_rule_is_quoted_in_its_own_words(
    make_report: Make, make_result: MakeResult, make_finding: MakeFinding
) -> None:
    result = make_result(
        Outcome.FAIL,
        make_finding(Outcome.FAIL),
        clause=CitedClause("C.1-b", "《实施方案》“三、工作原则”（一）第2句", "严禁强制"),
    )
    shown = text.render([make_report(result)])
    assert "依据  《实施方案》“三、工作原则”（一）第2句：“严禁强制”" in shown


def test_several_reports_end_with_a_tally(make_report: Make, make_result: MakeResult) -> None:
    good = make_report(make_result(Outcome.PASS))
    shown = text.render([good, good]).rstrip().splitlines()
    assert shown[-1] == "共 2 份：同意备案 2 份"


def test_every_item_is_offered_by_the_same_command(
    make_report: Make, make_result: MakeResult
) -> None:
    checked = make_report(make_result(Outcome.PASS))
    assert "在同一命令后加 -o html=结果.html" in text.render([checked])
