"""The catalogues of fixed words, and the exit code that a report stands for."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.support.reports_by_hand import finding

from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, EXIT_USAGE
from kehou.model.outcomes import ClauseStatus, Outcome, Severity, Stage
from kehou.model.report import Change, Memory, Report, RuleResult
from kehou.model.values import Fault, Location
from kehou.render.words import catalogue, exit_code

FAULT = Fault(Location("plan.yaml", 1, 1), "/plan", "x", "y")


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_catalogues_say_the_same_things() -> None:
    zh, en = catalogue.load("zh"), catalogue.load("en")
    assert list(zh) == list(en)
    assert {key for key in zh if slots(zh[key]) != slots(en[key])} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_member_of_an_enumeration_has_a_word(language: str) -> None:
    words = catalogue.load(language)
    for kind, members in (
        ("outcome", Outcome),
        ("severity", Severity),
        ("stage", Stage),
        ("status", ClauseStatus),
    ):
        assert all(words[f"{kind}.{member}"] for member in members)


CODES = [
    (Outcome.PASS, Severity.CRITICAL, EXIT_OK),
    (Outcome.FAIL, Severity.CRITICAL, EXIT_FAIL),
    (Outcome.FAIL, Severity.MAJOR, EXIT_FAIL),
    (Outcome.FAIL, Severity.MINOR, EXIT_OK),
    (Outcome.FAIL, Severity.ADVICE, EXIT_OK),
    (Outcome.REVIEW, Severity.MAJOR, EXIT_UNSETTLED),
    (Outcome.INSUFFICIENT, Severity.CRITICAL, EXIT_UNSETTLED),
    (Outcome.INSUFFICIENT, Severity.MINOR, EXIT_OK),
    (Outcome.REVIEW, Severity.ADVICE, EXIT_OK),
    (Outcome.NOT_JUDGED, Severity.CRITICAL, EXIT_OK),
    (Outcome.NOT_APPLICABLE, Severity.CRITICAL, EXIT_OK),
    (Outcome.WAIVED, Severity.CRITICAL, EXIT_OK),
    (Outcome.ERROR, Severity.MINOR, EXIT_UNREADABLE),
]


@pytest.mark.parametrize(("outcome", "severity", "code"), CODES)
def test_the_exit_code_of_one_result(
    make_report: Callable[..., Report],
    make_result: Callable[..., RuleResult],
    outcome: Outcome,
    severity: Severity,
    code: int,
) -> None:
    assert exit_code([make_report(make_result(outcome, severity=severity))]) == code


@pytest.mark.parametrize(
    ("gate", "severity", "code"),
    [
        (Severity.CRITICAL, Severity.MAJOR, EXIT_OK),
        (Severity.CRITICAL, Severity.CRITICAL, EXIT_FAIL),
        (Severity.MINOR, Severity.MINOR, EXIT_FAIL),
        (Severity.ADVICE, Severity.ADVICE, EXIT_OK),
    ],
)
def test_the_gate_is_set_by_fail_on(
    make_report: Callable[..., Report],
    make_result: Callable[..., RuleResult],
    gate: Severity,
    severity: Severity,
    code: int,
) -> None:
    failed = make_report(make_result(Outcome.FAIL, severity=severity))
    assert exit_code([failed], gate.value) == code


UNSETTLED = (Outcome.REVIEW, Outcome.INSUFFICIENT)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, *UNSETTLED])
def test_a_gate_of_none_lets_everything_through_but_what_cannot_be_read(
    make_report: Callable[..., Report], make_result: Callable[..., RuleResult], outcome: Outcome
) -> None:
    breach = make_result(outcome, severity=Severity.CRITICAL)
    assert exit_code([make_report(breach)], "none") == EXIT_OK
    assert exit_code([make_report(breach, faults=(FAULT,))], "none") == EXIT_UNREADABLE
    assert exit_code([make_report(make_result(Outcome.ERROR))], "none") == EXIT_UNREADABLE
    assert exit_code([make_report()], "none") == EXIT_USAGE


def remembering(report: Report, state: str, before: Outcome | None, after: Outcome) -> Report:
    """The report with a finding in its only result, and what an earlier report says of it."""
    [only] = report.results
    change = Change("f" * 16, only.rule, only.title, state, before, after, "", "")
    one = finding(after)
    return replace(
        report, results=(replace(only, findings=(one,)),), memory=Memory("0" * 64, (change,))
    )


@pytest.mark.parametrize(
    ("state", "before", "after", "code"),
    [
        ("new", None, Outcome.FAIL, EXIT_FAIL),
        ("reopened", None, Outcome.FAIL, EXIT_FAIL),
        ("open", Outcome.FAIL, Outcome.FAIL, EXIT_OK),
        ("open", Outcome.REVIEW, Outcome.FAIL, EXIT_FAIL),
        ("open", Outcome.INSUFFICIENT, Outcome.FAIL, EXIT_FAIL),
        ("new", None, Outcome.INSUFFICIENT, EXIT_UNSETTLED),
        ("open", Outcome.INSUFFICIENT, Outcome.INSUFFICIENT, EXIT_OK),
        ("open", Outcome.FAIL, Outcome.REVIEW, EXIT_OK),
    ],
)
def test_a_gate_of_new_counts_what_was_not_there_before(
    make_report: Callable[..., Report],
    make_result: Callable[..., RuleResult],
    state: str,
    before: Outcome | None,
    after: Outcome,
    code: int,
) -> None:
    now = remembering(make_report(make_result(after)), state, before, after)
    assert exit_code([now], "new") == code
    assert exit_code([now], "new:major") == code


def test_a_gate_that_is_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="fresh"):
        exit_code([], "fresh")


def test_the_gravest_code_wins(
    make_report: Callable[..., Report], make_result: Callable[..., RuleResult]
) -> None:
    fine = make_report(make_result(Outcome.PASS))
    unsettled = make_report(make_result(Outcome.REVIEW))
    failed = make_report(make_result(Outcome.REVIEW), make_result(Outcome.FAIL))
    unread = make_report(make_result(Outcome.FAIL), faults=(FAULT,))
    nothing = make_report()
    assert exit_code([fine, unsettled]) == EXIT_UNSETTLED
    assert exit_code([unsettled, failed, fine]) == EXIT_FAIL
    assert exit_code([failed, unread]) == EXIT_UNREADABLE
    assert exit_code([make_report(faults=(FAULT,))]) == EXIT_UNREADABLE
    assert exit_code([nothing, fine]) == EXIT_OK
    assert exit_code([nothing]) == EXIT_USAGE
    assert exit_code([]) == EXIT_USAGE
