"""What a CI job reads."""

from __future__ import annotations

import copy
import json as jsonlib
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from kehou import data
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report, RuleResult
from kehou.render.programs import json

SCHEMA = jsonlib.loads(data.schemas().joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_json_is_as_agreed(
    every_outcome_report: Report, matches_golden: Callable[[str, str], None]
) -> None:
    matches_golden("every_outcome.json", json.render([every_outcome_report]))


def test_one_report_several_and_hostile_ones_validate(
    every_outcome_report: Report, hostile_report: Report
) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for reports in ([every_outcome_report], [hostile_report], [hostile_report] * 3):
        assert [e.message for e in VALIDATOR.iter_errors(jsonlib.loads(json.render(reports)))] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("surprise",), 1),
        (("results", 0, "findings", 0, "surprise"), 1),
        (("results", 0, "outcome"), "ok"),
        (("summary", "rules", "pass"), -1),
        (("as_of",), "2021/9/1"),
        (("decision", "value"), "allow"),
    ],
)
def test_the_schema_refuses_what_a_report_never_is(
    every_outcome_report: Report, path: tuple[Any, ...], value: object
) -> None:
    document = jsonlib.loads(json.render([every_outcome_report]))
    wrong = copy.deepcopy(document)
    place: Any = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid(wrong)


def test_several_reports_are_wrapped(every_outcome_report: Report) -> None:
    document = jsonlib.loads(json.render([every_outcome_report, every_outcome_report]))
    assert document["format"] == "kehou-reports/1"
    assert [r["format"] for r in document["reports"]] == ["kehou-report/1"] * 2


def test_the_summary_counts_each_outcome_and_advice_apart(
    make_report: Callable[..., Report], make_result: Callable[..., RuleResult]
) -> None:
    checked = make_report(
        *(make_result(outcome) for outcome in Outcome),
        make_result(Outcome.PASS),
        make_result(Outcome.REVIEW, severity=Severity.ADVICE),
        make_result(Outcome.PASS, severity=Severity.ADVICE),
    )
    summary = jsonlib.loads(json.render([checked]))["summary"]
    assert summary["rules"] == {
        "error": 1,
        "fail": 1,
        "review": 1,
        "insufficient": 1,
        "not_judged": 1,
        "waived": 1,
        "pass": 2,
        "not_applicable": 1,
    }
    assert summary["advice"] == 1
    assert summary["clauses"] == {
        "automated": 20,
        "partly": 4,
        "manual": 0,
        "permission": 0,
        "not_for_schools": 0,
        "not_checkable": 0,
        "planned": 77,
    }


def test_json_keeps_every_character_and_shows_no_control_raw(hostile_report: Report) -> None:
    shown = json.render([hostile_report])
    document = jsonlib.loads(shown)
    assert document["submission"]["school"]["name"] == hostile_report.submission.name
    for char in "\x1b\x07\x9b\u202e\u2066\r":
        assert char not in shown


def test_a_lone_surrogate_can_be_written(make_report: Callable[..., Report]) -> None:
    shown = json.render([make_report(name="\ud800甲\U000e0041")])
    shown.encode("utf-8")
    assert jsonlib.loads(shown)["submission"]["school"]["name"] == "\ud800甲\U000e0041"
