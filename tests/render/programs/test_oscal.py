"""OSCAL assessment results: what a system of controls takes in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.support.report_changes import changed
from tests.support.reports_at_limits import EXCUSE
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report
from kehou.render.programs import oscal


def results_of(rendered: str) -> list[Any]:
    return list(json.loads(rendered)["assessment-results"]["results"])


def uuids_of(value: Any) -> Iterator[str]:
    """Every ``uuid`` that names something, not those that refer to it."""
    if isinstance(value, dict):
        if "uuid" in value:
            yield value["uuid"]
        for member in value.values():
            yield from uuids_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from uuids_of(member)


def props_of(value: Any) -> dict[str, str]:
    return {prop["name"]: prop["value"] for prop in value.get("props", [])}


def test_oscal_is_as_agreed(golden_report: Report, same_bytes: Callable[[str, str], None]) -> None:
    same_bytes("every_outcome.oscal.json", oscal.render([golden_report]))


@pytest.mark.parametrize("fixture", ["golden_report", "odd_report", "long_report"])
def test_oscal_is_valid(
    fixture: str, request: pytest.FixtureRequest, external: Callable[[str], Path]
) -> None:
    text = external("oscal_assessment-results_schema.json").read_text("utf-8")
    # The schema's patterns are ECMA's; Python writes its letters and digits otherwise.
    text = text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d")
    validator = jsonschema.Draft7Validator(json.loads(text))
    found = request.getfixturevalue(fixture)
    for reports in ([found], [found, changed(found, language="en", results=())]):
        document = json.loads(oscal.render(reports))
        assert [error.message for error in validator.iter_errors(document)] == []


OUTCOMES = [
    (Outcome.PASS, ("satisfied", "pass")),
    (Outcome.FAIL, ("not-satisfied", "fail")),
    (Outcome.INSUFFICIENT, ("not-satisfied", "other")),
    (Outcome.REVIEW, ("not-satisfied", "other")),
    (Outcome.ERROR, ("not-satisfied", "other")),
    (Outcome.WAIVED, ("not-satisfied", "fail")),
    (Outcome.NOT_JUDGED, None),
    (Outcome.NOT_APPLICABLE, None),
]


@pytest.mark.parametrize(("outcome", "state"), OUTCOMES)
def test_the_state_of_an_outcome(outcome: Outcome, state: tuple[str, str] | None) -> None:
    (found,) = results_of(oscal.render([report(result(outcome, finding(outcome)))]))
    states = [f["target"]["status"] for f in found.get("findings", [])]
    assert [(s["state"], s["reason"]) for s in states] == ([state] if state else [])
    seen = [props_of(one)["outcome"] for one in found.get("observations", [])]
    assert seen == ([] if outcome is Outcome.NOT_APPLICABLE else [outcome.value])
    told = "- content-no-collective-lesson (critical)" in found["remarks"]
    assert told == (outcome is Outcome.NOT_APPLICABLE)
    risks = [risk["status"] for risk in found.get("risks", [])]
    assert risks == (["deviation-approved"] if outcome is Outcome.WAIVED else [])


def test_a_waiver_is_a_deviation_with_its_reason_and_its_end() -> None:
    waived = result(Outcome.WAIVED, finding(Outcome.WAIVED, waiver=EXCUSE))
    (found,) = results_of(oscal.render([report(waived)]))
    (risk,) = found["risks"]
    assert "校舍维修" in risk["statement"]
    assert risk["deadline"] == "2022-01-15T00:00:00+08:00"
    (judged,) = found["findings"]
    assert judged["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_advice_is_an_observation_only() -> None:
    advice = result(Outcome.FAIL, finding(Outcome.FAIL), severity=Severity.ADVICE)
    (found,) = results_of(oscal.render([report(advice)]))
    assert "findings" not in found
    assert len(found["observations"]) == 1


def test_uuids_are_unique_and_always_the_same(golden_report: Report) -> None:
    rendered = oscal.render([golden_report, golden_report])
    uuids = list(uuids_of(json.loads(rendered)))
    assert len(uuids) == len(set(uuids)) > 20
    assert oscal.render([golden_report, golden_report]) == rendered


def test_what_refers_to_something_finds_it(golden_report: Report) -> None:
    rendered = oscal.render([golden_report, changed(golden_report, path="另一份")])
    document = json.loads(rendered)
    known = set(uuids_of(document))
    referred = re.findall(r'"(?:observation|risk|subject)-uuid": "([^"]+)"', rendered)
    referred += re.findall(r'"href": "#([^"]+)"', rendered)
    assert referred
    assert set(referred) <= known
    whole = document["assessment-results"]
    objectives = whole["local-definitions"]["objectives-and-methods"]
    ids = [part["id"] for one in objectives for part in one["parts"] if "id" in part]
    assert len(ids) == len(set(ids))
    targets = {f["target"]["target-id"] for r in whole["results"] for f in r["findings"]}
    assert targets <= set(ids)


@pytest.mark.parametrize(
    ("check_date", "as_of", "start"),
    [
        ("2021-08-20", "2021-09-01", "2021-08-20T00:00:00+08:00"),
        (None, "2021-09-01", "2021-09-01T00:00:00+08:00"),
        (None, "", "1970-01-01T00:00:00+08:00"),
    ],
)
def test_times_come_from_the_dates_of_the_check(
    check_date: str | None, as_of: str, start: str
) -> None:
    checked = report(
        result(Outcome.PASS, finding(Outcome.PASS)), check_date=check_date, as_of=as_of
    )
    (found,) = results_of(oscal.render([checked]))
    assert found["start"] == found["observations"][0]["collected"] == start


def test_a_file_carries_its_hash_and_a_finding_its_place(golden_report: Report) -> None:
    rendered = oscal.render([golden_report])
    document = json.loads(rendered)["assessment-results"]
    files = {r["uuid"]: r for r in document["back-matter"]["resources"] if "rlinks" in r}
    (file,) = files.values()
    assert file["rlinks"][0]["hashes"] == [{"algorithm": "SHA-256", "value": "b" * 64}]
    seen = document["results"][0]["observations"]
    (first, *_) = (o for o in seen if props_of(o).get("outcome") == "fail")
    assert first["relevant-evidence"][0]["description"] == "plan.yaml:41:9"
    assert first["relevant-evidence"][0]["href"].lstrip("#") in files


@pytest.mark.needs("trestle")
@pytest.mark.parametrize("fixture", ["golden_report", "odd_report"])
def test_trestle_validates_it(
    fixture: str, request: pytest.FixtureRequest, program: Callable[[str], str], tmp_path: Path
) -> None:
    found = request.getfixturevalue(fixture)
    trestle = program("trestle")
    # Its workspace may not lie under a hidden or odd folder; a plain one is made.
    subprocess.run([trestle, "init", "--local"], cwd=tmp_path, check=True, capture_output=True)
    models = {"one": [found], "two": [found, changed(found, language="en")]}
    for name, reports in models.items():
        folder = tmp_path / "assessment-results" / name
        folder.mkdir()
        folder.joinpath("assessment-results.json").write_text(oscal.render(reports), "utf-8")
    ran = subprocess.run(
        [trestle, "validate", "--all"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("VALID: ") + ran.stderr.count("VALID: ") == len(models)
    shutil.rmtree(tmp_path / "assessment-results")


@pytest.mark.needs("check-jsonschema")
def test_the_schema_s_own_patterns_hold(
    golden_report: Report,
    program: Callable[[str], str],
    external: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.json"
    path.write_text(oscal.render([golden_report]), "utf-8")
    schema = str(external("oscal_assessment-results_schema.json"))
    ran = subprocess.run(
        [program("check-jsonschema"), "--schemafile", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
