"""GitLab shows what was found on the lines of a merge request, and never hides an error."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.model.values import Location
from kehou.render.programs import gitlab

#: What GitLab needs of an issue (docs.gitlab.com/ci/testing/code_quality, "Code Quality report
#: format"), written from its table of keys.
ISSUES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def issues_of(*reports: Report, language: str | None = None) -> list[dict[str, Any]]:
    found = json.loads(gitlab.render(reports, language))
    jsonschema.Draft202012Validator(ISSUES).validate(found)
    return list(found)


def test_gitlab_is_as_agreed(golden_report: Report, same_bytes: Callable[[str, str], None]) -> None:
    same_bytes("every_outcome.gitlab.json", gitlab.render([golden_report]))


@pytest.mark.parametrize(
    ("outcome", "severity", "told"),
    [
        (Outcome.FAIL, Severity.CRITICAL, "critical"),
        (Outcome.FAIL, Severity.MAJOR, "major"),
        (Outcome.FAIL, Severity.MINOR, "minor"),
        (Outcome.FAIL, Severity.ADVICE, "info"),
        (Outcome.REVIEW, Severity.CRITICAL, "minor"),
        (Outcome.INSUFFICIENT, Severity.MAJOR, "minor"),
        (Outcome.INSUFFICIENT, Severity.MINOR, "info"),
        (Outcome.NOT_JUDGED, Severity.CRITICAL, "info"),
        (Outcome.WAIVED, Severity.CRITICAL, "info"),
        (Outcome.ERROR, Severity.MINOR, "blocker"),
        (Outcome.ERROR, Severity.ADVICE, "blocker"),
    ],
)
def test_what_each_outcome_is_to_gitlab(outcome: Outcome, severity: Severity, told: str) -> None:
    [issue] = issues_of(report(result(outcome, finding(outcome), severity=severity)))
    assert issue["severity"] == told
    assert issue["location"] == {"path": "plan.yaml", "lines": {"begin": 41}}


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.NOT_APPLICABLE])
def test_what_complies_is_no_issue(outcome: Outcome) -> None:
    assert issues_of(report(result(outcome, finding(outcome)))) == []


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NOT_JUDGED])
def test_a_rule_without_a_finding_is_told_at_the_head_of_the_file(outcome: Outcome) -> None:
    [issue] = issues_of(report(result(outcome)))
    assert issue["location"] == {"path": "plan.yaml", "lines": {"begin": 1}}


def test_a_value_that_cannot_be_read_is_a_blocker(golden_report: Report) -> None:
    found = issues_of(golden_report)
    assert [i["severity"] for i in found if i["check_name"] == "unreadable-value"] == ["blocker"]


def test_a_fingerprint_stays_while_lines_move_and_no_two_are_alike(
    crowded_report: Report, golden_report: Report
) -> None:
    one = finding(Outcome.FAIL)
    moved = finding(Outcome.FAIL, location=Location("plan.yaml", 99, 1))
    [before] = issues_of(report(result(Outcome.FAIL, one)))
    [after] = issues_of(report(result(Outcome.FAIL, moved)))
    assert before["fingerprint"] == after["fingerprint"]
    found = issues_of(crowded_report, golden_report, golden_report)
    assert len({issue["fingerprint"] for issue in found}) == len(found) > 5000


def test_two_schools_never_share_a_fingerprint() -> None:
    one, other = (report(result(Outcome.FAIL, finding(Outcome.FAIL)), id=i) for i in "12")
    found = issues_of(one, other)
    assert len({issue["fingerprint"] for issue in found}) == 2


def test_it_counts_what_the_json_report_counts(golden_report: Report) -> None:
    from kehou.render.programs import json as jsonform

    tree = json.loads(jsonform.render([golden_report]))
    told = Counter(i["check_name"] for i in issues_of(golden_report))
    quiet = ("pass", "not_applicable")
    for rule in tree["results"]:
        outcomes = [f["outcome"] for f in rule["findings"]] or [rule["outcome"]]
        assert told[rule["rule"]] == sum(o not in quiet for o in outcomes)


def test_odd_texts_are_shown_and_never_obeyed(odd_report: Report, long_report: Report) -> None:
    obeyed = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    assert obeyed.findall(gitlab.render([odd_report])) == []
    assert all(len(i["description"]) < 1100 for i in issues_of(odd_report, long_report))
