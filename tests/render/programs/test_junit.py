"""JUnit XML: what Jenkins, GitLab and the like show as test results."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.support.reported import DATA
from tests.support.reports_at_limits import EXCUSE
from tests.support.reports_by_hand import finding, report, result

from kehou import CheckOptions, check
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.render.programs import junit


def cases_of(rendered: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(rendered).iter("testcase"))


def test_junit_is_as_agreed(golden_report: Report, same_bytes: Callable[[str, str], None]) -> None:
    same_bytes("every_outcome.junit.xml", junit.render([golden_report]))


def test_no_two_cases_of_a_file_are_alike_in_class_and_name() -> None:
    """GitLab keeps one of those that are; what another school's case says would be lost."""
    options = CheckOptions(packs=("bayannur-2021",), engine="direct")
    reports = [check(DATA / "junit-many-schools" / name, options) for name in ("甲", "乙")]
    cases = cases_of(junit.render(reports))
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(names) == len(set(names)) == sum(len(r.results) for r in reports) > 200
    for one in reports:
        alone = cases_of(junit.render([one]))
        own = [
            case
            for case in cases
            if (case.get("classname") or "").startswith(f"{one.submission.id}.")
        ]
        assert [case.get("classname") for case in own] == [
            f"{one.submission.id}.{case.get('classname')}" for case in alone
        ], "a case of a school is called the same whichever others are in the file"
        assert [case.get("name") for case in own] == [case.get("name") for case in alone]


@pytest.mark.parametrize(
    ("ids", "paths", "wanted"),
    [
        (("1", "2"), ("a", "b"), ["1.", "2."]),
        (("1", None), ("a", "b"), ["a.", "b."]),
        (("1", "1"), ("a", "b"), ["a.", "b."]),
        ((None, None), ("a", "a"), ["1.", "2."]),
    ],
)
def test_what_tells_schools_apart(
    ids: tuple[str | None, ...], paths: tuple[str, ...], wanted: list[str]
) -> None:
    reports = [report(result(Outcome.PASS)) for _ in ids]
    reports = [
        replace(one, submission=replace(one.submission, id=i, path=path))
        for one, i, path in zip(reports, ids, paths, strict=True)
    ]
    found = [case.get("classname") or "" for case in cases_of(junit.render(reports))]
    assert [name[: len(start)] for name, start in zip(found, wanted, strict=True)] == wanted


def test_two_faults_at_one_place_are_two_cases(golden_report: Report) -> None:
    [*faults] = golden_report.submission.faults
    twice = replace(golden_report.submission, faults=tuple(faults + faults))
    names = [
        (case.get("classname"), case.get("name"))
        for case in cases_of(junit.render([replace(golden_report, submission=twice)]))
    ]
    assert faults and len(names) == len(set(names))


OUTCOMES = [
    (Outcome.PASS, Severity.CRITICAL, None),
    (Outcome.FAIL, Severity.CRITICAL, "failure"),
    (Outcome.FAIL, Severity.MINOR, "failure"),
    (Outcome.REVIEW, Severity.CRITICAL, "skipped"),
    (Outcome.INSUFFICIENT, Severity.CRITICAL, "error"),
    (Outcome.INSUFFICIENT, Severity.MAJOR, "error"),
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


def test_a_pack_says_what_blocks() -> None:
    lacking = result(Outcome.INSUFFICIENT, severity=Severity.MAJOR)
    (case,) = cases_of(junit.render([report(lacking, blocking=(Severity.CRITICAL,))]))
    assert [child.tag for child in case] == ["skipped"]


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
