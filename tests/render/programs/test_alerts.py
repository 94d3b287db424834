"""What is uploaded to code scanning: an alert for what must be mended, and none for the rest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.reported import DATA
from tests.support.reports_at_limits import EXCUSE
from tests.support.reports_by_hand import finding, report, result

from kehou import CheckOptions, check
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.render import FORMATS
from kehou.render.programs import alerts, sarif

ROOT = Path(__file__).parents[3]


def results_of(*reports: Report) -> list[Any]:
    return [one for run in json.loads(alerts.render(reports))["runs"] for one in run["results"]]


def checked(path: Path, *data: str) -> Report:
    named = tuple(item.split("=", 1) for item in data)
    options = CheckOptions(packs=("bayannur-2021",), engine="direct", data=dict(named))
    return check(path, options)


def test_a_plan_with_two_breaches_gives_two_alerts() -> None:
    found = checked(DATA / "sarif-every-result" / "plan.yaml")
    breaches = [
        (one.rule, one.findings[0].location.line if one.findings[0].location else None)
        for one in found.results
        if one.outcome is Outcome.FAIL
    ]
    told = results_of(found)
    assert sorted({one["ruleId"] for one in told}) == sorted(rule for rule, _ in breaches)
    assert all(one["kind"] == "fail" and one["level"] != "none" for one in told)
    every = json.loads(sarif.render([found]))["runs"][0]["results"]
    assert len(every) > 100 > 10 > len(told) >= 2


def test_a_plan_that_complies_gives_none() -> None:
    plan = ROOT / "examples" / "primary-compliant"
    county = ROOT / "examples" / "bureau" / "county_list.yaml"
    assert results_of(checked(plan, f"county_list={county}")) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_the_outcomes_that_are_alerts(outcome: Outcome) -> None:
    one = finding(outcome, waiver=EXCUSE if outcome is Outcome.WAIVED else None)
    told = results_of(report(result(outcome, one, severity=Severity.MAJOR)))
    assert len(told) == (outcome in (Outcome.FAIL, Outcome.ERROR))


def test_what_cannot_be_read_is_an_alert_at_its_place(golden_report: Report) -> None:
    """A plan that nobody can read any more must not make earlier alerts look mended."""
    faults = golden_report.submission.faults
    told = [one for one in results_of(golden_report) if one["ruleId"] == "unreadable-value"]
    assert len(told) == len(faults) > 0
    [run] = json.loads(alerts.render([golden_report]))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for one, fault in zip(told, faults, strict=True):
        assert rules[one["ruleIndex"]]["id"] == "unreadable-value"
        region = one["locations"][0]["physicalLocation"]["region"]
        if fault.location.line:
            assert region["startLine"] == fault.location.line
    nothing = report()
    unread = replace(nothing, submission=replace(nothing.submission, faults=faults))
    assert len(results_of(unread)) == len(faults)


def test_what_the_page_says_to_upload_is_this() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    action = (ROOT / "action.yml").read_text("utf-8")
    assert "sarif_file: kehou-report/alerts.sarif" in page
    assert "alerts=$KEHOU_REPORTS/alerts.sarif" in action and "alerts" in FORMATS
