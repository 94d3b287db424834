"""What a program read from prose and nobody has confirmed: a pipeline takes it for open.

The exit code is 3, as of every open item; a red test or an error would send the school back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome
from kehou.model.report import Finding, Report
from kehou.render.programs import github, gitlab, junit, sarif

READ = replace(finding(Outcome.FAIL), unconfirmed=True)


def only(*findings: Finding) -> Report:
    return report(result(Outcome.FAIL, *findings))


def case_of(given: Report) -> ElementTree.Element:
    (case,) = ElementTree.fromstring(junit.render([given])).iter("testcase")
    return case


def test_junit_skips_it_and_fails_where_something_beside_it_is_a_breach() -> None:
    case = case_of(only(READ))
    skipped = case.find("skipped")
    assert case.find("failure") is None
    assert skipped is not None
    assert skipped.get("type") == "review"
    assert case_of(only(READ, finding(Outcome.FAIL))).find("failure") is not None


def test_sarif_warns_and_says_that_nobody_confirmed_it() -> None:
    for everything, kind, level in ((False, "fail", "warning"), (True, "review", "none")):
        log = json.loads(sarif.render([only(READ)], everything=everything))
        (found,) = log["runs"][0]["results"]
        assert (found["kind"], found["level"]) == (kind, level)
        assert found["properties"]["outcome"] == "review"
        assert found["properties"]["unconfirmed"] is True
    log = json.loads(sarif.render([only(finding(Outcome.FAIL))]))
    (found,) = log["runs"][0]["results"]
    assert (found["level"], "unconfirmed" in found["properties"]) == ("error", False)


def test_the_code_hosts_warn() -> None:
    assert "::error" not in github.render([only(READ)])
    assert "::warning" in github.render([only(READ)])
    (issue,) = json.loads(gitlab.render([only(READ)]))
    assert issue["severity"] == "minor"
