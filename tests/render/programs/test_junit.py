"""JUnit XML: what Jenkins, GitLab and the like show as test results."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.support.reports_at_limits import EXCUSE
from tests.support.reports_by_hand import finding, report, result

import kehou
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.render.programs import junit


def cases_of(rendered: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(rendered).iter("testcase"))


def test_junit_is_as_agreed(golden_report: Report, same_bytes: Callable[[str, str], None]) -> None:
    same_bytes("every_outcome.junit.xml", junit.render([golden_report]))


OUTCOMES = [
    (Outcome.PASS, Severity.CRITICAL, None),
    (Outcome.FAIL, Severity.CRITICAL, "failure"),
    (Outcome.FAIL, Severity.MINOR, "failure"),
    (Outcome.REVIEW, Severity.CRITICAL, "skipped"),
    (Outcome.INSUFFICIENT, Severity.CRITICAL, "skipped"),
    (Outcome.INSUFFICIENT, Severity.MAJOR, "skipped"),
    (Outcome.INSUFFICIENT, Severity.MINOR, "skipped"),
    (Outcome.NOT_JUDGED, Severity.CRITICAL, "skipped"),
    (Outcome.NOT_APPLICABLE, Severity.CRITICAL, "skipped"),
    (Outcome.WAIVED, Severity.CRITICAL, "skipped"),
    (Outcome.ERROR, Severity.MINOR, "error"),
    (Outcome.ERROR, Severity.ADVICE, "error"),
    (Outcome.FAIL, Severity.ADVICE, "system-out"),
    (Outcome.REVIEW, Severity.ADVICE, "system-out"),
    (Outcome.INSUFFICIENT, Severity.ADVICE, "system-out"),
    (Outcome.PASS, Severity.ADVICE, None),
]


@pytest.mark.parametrize(("outcome", "severity", "element"), OUTCOMES)
def test_the_element_of_an_outcome(
    outcome: Outcome, severity: Severity, element: str | None
) -> None:
    told = finding(outcome, message="说明")
    (case,) = cases_of(junit.render([report(result(outcome, told, severity=severity))]))
    assert [child.tag for child in case] == ([element] if element else [])
    for child in case:
        assert "说明" in (child.text or "") or outcome is Outcome.NOT_APPLICABLE
        assert child.get("type") == (None if element == "system-out" else outcome.value)


def test_what_is_waived_is_skipped_with_the_reason() -> None:
    waived = result(Outcome.WAIVED, finding(Outcome.WAIVED, waiver=EXCUSE))
    (case,) = cases_of(junit.render([report(waived)]))
    (skipped,) = case
    assert "校舍维修" in (skipped.text or "")
    assert "示教发〔2021〕1号" in (skipped.text or "")


def test_the_message_is_of_what_failed_and_not_of_what_is_waived_before_it() -> None:
    """Platforms show the message alone: it named the place that nobody has to mend."""
    waived = finding(Outcome.WAIVED, waiver=EXCUSE, message="第1项晚了")
    (case,) = cases_of(
        junit.render(
            [report(result(Outcome.FAIL, waived, finding(Outcome.FAIL, message="第2项晚了")))]
        )
    )
    (failure,) = case
    assert "第2项晚了" in str(failure.get("message"))
    assert "第1项晚了" in (failure.text or "")


@pytest.mark.parametrize("severity", [s for s in Severity if s is not Severity.ADVICE])
def test_an_outcome_means_one_thing_whatever_the_severity(severity: Severity) -> None:
    lacking = result(Outcome.INSUFFICIENT, severity=severity)
    (case,) = cases_of(junit.render([report(lacking)]))
    assert [child.tag for child in case] == ["skipped"]


def test_no_two_cases_of_a_document_have_one_name(golden_report: Report) -> None:
    other = replace(golden_report, submission=replace(golden_report.submission, id="1508020099"))
    nameless = replace(golden_report.submission, id=None, path="各校/乙 校")
    reports = [golden_report, other, other, replace(golden_report, submission=nameless)]
    names = [(c.get("classname"), c.get("name")) for c in cases_of(junit.render(reports))]
    assert len(names) == len(set(names))
    assert any(str(name[0]).startswith("1508020099.") for name in names)
    assert any(str(name[0]).startswith("1508020099_2.") for name in names)


def test_the_names_of_one_submission_stay_as_they_are(golden_report: Report) -> None:
    names = [str(c.get("classname")) for c in cases_of(junit.render([golden_report]))]
    assert {name.split(".")[0] for name in names} <= {"fault", "kehou", *golden_report.packs.areas}


def test_the_attributes_count_the_cases(golden_report: Report) -> None:
    root = ElementTree.fromstring(junit.render([golden_report, golden_report]))
    assert "skipped" not in root.attrib
    for scope in (root, *root.iter("testsuite")):
        assert int(scope.attrib["tests"]) == len(list(scope.iter("testcase")))
        assert int(scope.attrib["failures"]) == len(list(scope.iter("failure")))
        assert int(scope.attrib["errors"]) == len(list(scope.iter("error")))
    for suite in root.iter("testsuite"):
        assert int(suite.attrib["skipped"]) == len(list(suite.iter("skipped")))


def test_an_unreadable_submission_is_an_error_and_not_an_empty_success(
    golden_report: Report,
) -> None:
    root = ElementTree.fromstring(junit.render([replace(golden_report, results=())]))
    assert (root.attrib["tests"], root.attrib["errors"]) == ("1", "1")


def test_a_failure_says_place_clause_and_remedy(golden_report: Report) -> None:
    rendered = junit.render([golden_report])
    failure = next(ElementTree.fromstring(rendered).iter("failure"))
    for words in ("plan.yaml:41:9", "严禁利用课后服务时间集体补课", "请改为自主作业"):
        assert words in (failure.text or "")


def test_english_has_english_words(golden_in_english: Report) -> None:
    rendered = junit.render([golden_in_english])
    skipped = next(ElementTree.fromstring(rendered).iter("skipped"))
    assert (skipped.text or "").startswith("needs review")


@pytest.mark.parametrize("fixture", ["odd_report", "long_report", "crowded_report"])
def test_xml_parses_and_holds_no_control_character(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    rendered = junit.render([request.getfixturevalue(fixture)])
    root = ElementTree.fromstring(rendered.encode())
    texts = [t for e in root.iter() for t in (e.text, *e.attrib.values()) if t]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "".join(texts)
    )


@pytest.mark.needs("xmlschema-validate")
@pytest.mark.parametrize("fixture", ["golden_report", "odd_report"])
def test_junit_is_valid_against_jenkins_schema(
    fixture: str,
    request: pytest.FixtureRequest,
    program: Callable[[str], str],
    external: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    found = request.getfixturevalue(fixture)
    for name, reports in (("one", [found]), ("two", [found, found]), ("none", [])):
        path = tmp_path / f"{name}.xml"
        path.write_text(junit.render(reports), "utf-8")
        arguments = ["--schema", str(external("junit-10.xsd")), str(path)]
        ran = subprocess.run(
            [program("xmlschema-validate"), *arguments], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.needs("junitparser")
def test_junitparser_reads_it(
    golden_report: Report, program: Callable[[str], str], tmp_path: Path
) -> None:
    tmp_path.joinpath("a.xml").write_text(junit.render([golden_report]), "utf-8")
    ran = subprocess.run(
        [program("junitparser"), "verify", "a.xml"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ran.returncode == 1, "junitparser verify fails where a case failed"
    good = report(result(Outcome.PASS), result(Outcome.REVIEW, rule="fee-basis"))
    tmp_path.joinpath("a.xml").write_text(junit.render([good]), "utf-8")
    subprocess.run([program("junitparser"), "verify", "a.xml"], cwd=tmp_path, check=True)
    merged = ["merge", "a.xml", "a.xml", "b.xml"]
    subprocess.run([program("junitparser"), *merged], cwd=tmp_path, check=True)
    root = ElementTree.fromstring(tmp_path.joinpath("b.xml").read_bytes())
    assert root.attrib["tests"] == "4"


def test_two_schools_in_one_file_are_two_sets_of_cases() -> None:
    """GitLab knows a case by classname and name alone and keeps one of those alike."""
    folder = Path(__file__).parents[2] / "data" / "reported" / "junit-many-schools"
    plans = sorted(folder.glob("*/plan.yaml"))
    options = kehou.CheckOptions(engine="direct")
    reports = [kehou.check(str(plan), options) for plan in plans]
    names = [(c.get("classname"), c.get("name")) for c in cases_of(junit.render(reports))]
    assert len(plans) == 2
    assert len(names) == len(set(names)) > 200
