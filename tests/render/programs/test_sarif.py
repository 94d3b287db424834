"""SARIF: what GitHub, an editor or a dashboard is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from tests.support.report_changes import changed
from tests.support.reports_at_limits import AT_INSPECTION, EXCUSE
from tests.support.reports_by_hand import finding, report, result

import kehou
from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Finding, Report, RuleResult, WaiverNote, WaiversApplied
from kehou.model.values import Location
from kehou.render.programs import sarif

REPORTED = Path(__file__).parents[2] / "data" / "reported"
ONE_ENGINE = kehou.CheckOptions(engine="direct")
#: What Multitool's notes ask for and a check of a submission has not: a home page for each rule,
#: rule numbers, message ids, a repository, the files themselves, a schema within reach.
NOTES = {
    "SARIF2002",
    "SARIF2003",
    "SARIF2006",
    "SARIF2009",
    "SARIF2010",
    "SARIF2011",
    "SARIF2012",
    "SARIF2013",
}


def run_of(rendered: str) -> Any:
    """The only run of a log."""
    log = json.loads(rendered)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def whole(reports: Sequence[Report], language: str | None = None) -> str:
    """Every finding, as ``-v`` asks for it."""
    return sarif.render(reports, language, everything=True)


def results_of(run: Any, rule: str) -> list[Any]:
    rules = run["tool"]["driver"]["rules"]
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
    return [found for found in run["results"] if found["ruleId"] == rule]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sarif_is_as_agreed(
    golden_report: Report, same_bytes: Callable[[str, str], None], language: str
) -> None:
    name = "every_outcome.sarif" if language == "zh" else "every_outcome.en.sarif"
    same_bytes(name, whole([changed(golden_report, language=language)], language))


@pytest.mark.parametrize("fixture", ["golden_report", "odd_report", "long_report"])
def test_sarif_is_valid(
    fixture: str, request: pytest.FixtureRequest, external: Callable[[str], Path]
) -> None:
    schema = json.loads(external("sarif-schema-2.1.0.json").read_text("utf-8"))
    validator = jsonschema.Draft4Validator(schema)
    found = request.getfixturevalue(fixture)
    for reports in ([found], [found, changed(found, language="en")], []):
        log = json.loads(whole(reports))
        assert [error.message for error in validator.iter_errors(log)] == []


OUTCOMES = [
    (Outcome.PASS, Severity.CRITICAL, "pass", "none"),
    (Outcome.FAIL, Severity.CRITICAL, "fail", "error"),
    (Outcome.FAIL, Severity.MAJOR, "fail", "error"),
    (Outcome.FAIL, Severity.MINOR, "fail", "warning"),
    (Outcome.FAIL, Severity.ADVICE, "fail", "note"),
    (Outcome.REVIEW, Severity.CRITICAL, "review", "none"),
    (Outcome.INSUFFICIENT, Severity.CRITICAL, "open", "none"),
    (Outcome.NOT_JUDGED, Severity.MAJOR, "open", "none"),
    (Outcome.NOT_APPLICABLE, Severity.MAJOR, "notApplicable", "none"),
    (Outcome.WAIVED, Severity.MAJOR, "fail", "error"),
]


@pytest.mark.parametrize(("outcome", "severity", "kind", "level"), OUTCOMES)
@pytest.mark.parametrize("with_finding", [True, False])
def test_the_kind_and_level_of_an_outcome(
    outcome: Outcome, severity: Severity, kind: str, level: str, with_finding: bool
) -> None:
    findings = (finding(outcome),) if with_finding else ()
    run = run_of(whole([report(result(outcome, *findings, severity=severity))]))
    (found,) = run["results"]
    assert (found["kind"], found["level"]) == (kind, level)
    assert found["properties"]["outcome"] == outcome.value
    assert ("suppressions" in found) == (outcome is Outcome.WAIVED)
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_waiver_gives_its_reason() -> None:
    waived = finding(Outcome.WAIVED, waiver=EXCUSE)
    run = run_of(whole([report(result(Outcome.WAIVED, waived))]))
    (suppression,) = run["results"][0]["suppressions"]
    assert suppression["status"] == "accepted"
    for part in ("校舍维修", "示例旗教育局", "示教发〔2021〕1号", "2022-01-15"):
        assert part in suppression["justification"]
    assert waived.message in run["results"][0]["message"]["text"]


def test_what_is_to_be_said_of_waivers_is_a_warning_of_the_configuration() -> None:
    note = WaiverNote("schedule-summer", "S001", "expired", "waivers.yaml:3")
    run = run_of(whole([report(waivers=WaiversApplied((note,)))]))
    (invocation,) = run["invocations"]
    (told,) = invocation["toolConfigurationNotifications"]
    assert told["level"] == "warning"
    assert told["message"]["text"].startswith("waivers.yaml:3  schedule-summer")
    assert invocation["executionSuccessful"] is True


@pytest.mark.parametrize("with_finding", [True, False])
def test_an_error_is_a_notification_and_never_a_result(with_finding: bool) -> None:
    findings = (finding(Outcome.ERROR, message="引擎中断"),) if with_finding else ()
    run = run_of(whole([report(result(Outcome.ERROR, *findings, rule="fee-basis"))]))
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert (told["level"], told["associatedRule"]["id"]) == ("error", "fee-basis")
    driver = run["tool"]["driver"]
    assert driver["rules"][told["associatedRule"]["index"]]["id"] == "fee-basis"
    assert driver["notifications"][told["descriptor"]["index"]]["id"] == told["descriptor"]["id"]


def test_what_cannot_be_read_is_told_with_its_place(golden_report: Report) -> None:
    unread = replace(golden_report, results=(), inferences=())
    run = run_of(whole([unread]))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    fault, file = invocation["toolExecutionNotifications"]
    assert fault["level"] == "error"
    assert "25:99" in fault["message"]["text"]
    place = fault["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("plan.yaml", 20)
    assert (file["level"], file["descriptor"]["id"]) == ("note", "file-not-read")


def test_all_rules_are_declared_with_help_in_both_languages(golden_report: Report) -> None:
    run = run_of(whole([golden_report]))
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    ran = [r.rule for r in golden_report.results]
    assert set(ids) == {*ran, *AT_INSPECTION, "vendor-disqualified"}
    assert len(ids) == len(set(ids))
    assert all(rule["help"]["text"].strip() for rule in driver["rules"])
    assert driver["language"] == "zh-CN"
    (translation,) = run["translations"]
    assert translation["language"] == "en-US"
    assert {r["id"] for r in translation["rules"]} == set(ran)
    english = {r["id"]: r for r in translation["rules"]}["fee-basis"]
    assert english["shortDescription"]["text"] == "fee basis"
    assert "Put it right" in english["help"]["text"]


def test_rules_of_another_stage_are_switched_off(golden_report: Report) -> None:
    run = run_of(whole([golden_report]))
    off = run["invocations"][0]["ruleConfigurationOverrides"]
    assert [o["descriptor"]["id"] for o in off] == list(AT_INSPECTION)
    assert {o["configuration"]["enabled"] for o in off} == {False}


def test_english_is_the_driver_s_language_when_asked_for(golden_report: Report) -> None:
    run = run_of(whole([golden_report], "en"))
    assert (run["language"], run["tool"]["driver"]["language"]) == ("en-US", "en-US")
    assert [t["language"] for t in run["translations"]] == ["zh-CN"]
    texts = {r["id"]: r["shortDescription"]["text"] for r in run["tool"]["driver"]["rules"]}
    assert texts["fee-basis"] == "fee basis"


def test_clauses_are_a_taxonomy_that_rules_and_results_refer_to(golden_report: Report) -> None:
    run = run_of(whole([golden_report]))
    (taxonomy,) = run["taxonomies"]
    assert taxonomy["name"] == "bayannur-2021"
    by_rule = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    cited = {r.rule: [c.id for c in r.clauses] for r in golden_report.results}
    for rule, clauses in cited.items():
        targets = [one["target"] for one in by_rule[rule]["relationships"]]
        assert [taxonomy["taxa"][t["index"]]["id"] for t in targets] == clauses
    quotes = {c.id: c.quote for r in golden_report.results for c in r.clauses}
    for found in run["results"]:
        for taxon in found.get("taxa", []):
            assert taxon["id"] in cited[found["ruleId"]]
            assert (
                taxonomy["taxa"][taxon["index"]]["fullDescription"]["text"] == quotes[taxon["id"]]
            )


def test_a_place_is_a_region_with_the_words_that_stand_there(golden_report: Report) -> None:
    run = run_of(whole([golden_report]))
    place = results_of(run, "content-no-collective-lesson")[0]["locations"][0]["physicalLocation"]
    region = place["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (41, 9, 13)
    assert region["snippet"]["text"] == "集体授课"
    assert place["contextRegion"]["snippet"]["text"] == "    活动: 集体授课"
    assert run["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("path", "file", "uri"),
    [
        ("plan.yaml", "plan.yaml", "plan.yaml"),
        ("报送/和平 初中/plan.yaml", "plan.yaml", "报送/和平 初中/plan.yaml"),
        ("报送", "名册.csv", "报送/名册.csv"),
        ("./报送", "名册.csv", "报送/名册.csv"),
        ("-", "标准输入.yaml", "标准输入.yaml"),
        ("报送", "county_list.yaml", "county_list.yaml"),
        ("a:b#c?.yaml", "a:b#c?.yaml", "a:b#c?.yaml"),
    ],
)
def test_files_are_named_from_where_kehou_ran(path: str, file: str, uri: str) -> None:
    own = () if file == "county_list.yaml" else replace(report().submission.files[0], name=file)
    placed = finding(Outcome.FAIL, location=Location(file, 3, 1, 3, 2))
    checked = report(result(Outcome.FAIL, placed), path=path, files=(own,) if own else ())
    run = run_of(whole([checked]))
    found = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(found) == uri
    assert set(found).isdisjoint(" :#?和")
    if own:
        (artifact,) = run["artifacts"]
        assert artifact["location"]["uri"] == found
        assert artifact["hashes"]["sha-256"] == "b" * 64


def test_a_file_that_was_not_read_is_named_from_there_too() -> None:
    run = run_of(whole([report(path="报送", unread_files=("照片.jpg",))]))
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    place = told["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote(place["uri"]) == "报送/照片.jpg"


def test_a_cell_is_a_logical_location() -> None:
    placed = finding(Outcome.FAIL, location=Location("名册.xlsx", cell="名册!B7"))
    run = run_of(whole([report(result(Outcome.FAIL, placed))]))
    place = run["results"][0]["locations"][0]
    assert place["logicalLocations"][0] == {"fullyQualifiedName": "名册!B7", "kind": "cell"}


def test_fingerprints_come_from_findings_and_counts_are_kept() -> None:
    alike = finding(Outcome.FAIL, count=60, fingerprint="e" * 64)
    (found,) = run_of(whole([report(result(Outcome.FAIL, alike))]))["results"]
    assert found["partialFingerprints"] == {"kehouFinding/v1": "e" * 64}
    assert found["occurrenceCount"] == 60


@pytest.mark.parametrize(
    ("state", "baseline"),
    [("new", "new"), ("open", "unchanged"), ("reopened", "new"), (None, None)],
)
def test_what_is_known_of_an_earlier_report_is_told(
    state: str | None, baseline: str | None
) -> None:
    remembered = finding(Outcome.FAIL, state=state)
    (found,) = run_of(whole([report(result(Outcome.FAIL, remembered))]))["results"]
    assert found.get("baselineState") == baseline


def test_an_inference_is_informational(golden_report: Report) -> None:
    run = run_of(whole([golden_report]))
    (found,) = results_of(run, "vendor-disqualified")
    assert (found["kind"], found["level"]) == ("informational", "none")
    assert "示例艺术培训中心" in found["message"]["text"]


@pytest.mark.needs("sarif-multitool")
@pytest.mark.parametrize("render", [whole, sarif.render])
@pytest.mark.parametrize("fixture", ["golden_report", "golden_in_english", "odd_report"])
def test_multitool_has_no_error_and_no_warning(
    render: Callable[[Sequence[Report]], str],
    fixture: str,
    request: pytest.FixtureRequest,
    program: Callable[[str], str],
    tmp_path: Path,
) -> None:
    placed: tuple[RuleResult, ...] = (
        result(Outcome.FAIL, finding(Outcome.FAIL, location=Location("名册.xlsx", cell="B7"))),
        result(
            Outcome.REVIEW, finding(Outcome.REVIEW, location=Location("方案.docx", paragraph=3))
        ),
    )
    reports = [request.getfixturevalue(fixture), report(*placed), report()]
    tmp_path.joinpath("log.sarif").write_text(render(reports), "utf-8")
    arguments = ["validate", "log.sarif", "--rule-kind", "Sarif;Gh", "--output", "out.sarif"]
    levels = ["--level", "Error;Warning;Note"]
    subprocess.run(
        [program("sarif-multitool"), *arguments, *levels], cwd=tmp_path, check=True, timeout=120
    )
    out = json.loads(tmp_path.joinpath("out.sarif").read_text("utf-8-sig"))
    (run,) = out["runs"]
    assert run["invocations"][0]["executionSuccessful"] is True
    found = {(r["ruleId"], r.get("level", "warning")) for r in run["results"]}
    assert found <= {(rule, "note") for rule in NOTES}


@pytest.mark.needs("sarif")
def test_sarif_tools_reads_it_and_counts_the_same(
    golden_report: Report, program: Callable[[str], str], tmp_path: Path
) -> None:
    tmp_path.joinpath("log.sarif").write_text(whole([golden_report]), "utf-8")
    subprocess.run(
        [program("sarif"), "csv", "-o", "out.csv", "log.sarif"], cwd=tmp_path, check=True
    )
    rows = tmp_path.joinpath("out.csv").read_text("utf-8-sig")
    wanted: list[Finding | None] = []
    for one in golden_report.results:
        wanted += [f for f in one.findings or (None,) if one.outcome is not Outcome.ERROR]
    assert rows.count("\nkehou,") == len(wanted) + len(golden_report.inferences)


# --- what a platform is told: what is to be done ---------------------------------------------


@pytest.mark.parametrize(("outcome", "severity", "kind", "level"), OUTCOMES)
def test_a_platform_is_told_what_is_to_be_done_and_nothing_else(
    outcome: Outcome, severity: Severity, kind: str, level: str
) -> None:
    run = run_of(sarif.render([report(result(outcome, finding(outcome), severity=severity))]))
    to_do = outcome in (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
    if not to_do or severity is Severity.ADVICE:
        assert run["results"] == []
        return
    (found,) = run["results"]
    assert (found["kind"], found["level"]) == ("fail", level if kind == "fail" else "warning")
    assert found["properties"]["outcome"] == outcome.value


def test_what_cannot_be_read_is_a_result_with_its_place(golden_report: Report) -> None:
    broken = result(Outcome.ERROR, finding(Outcome.ERROR, message="引擎中断"), rule="fee-basis")
    for unread in (replace(golden_report, results=(), inferences=()), report(broken)):
        run = run_of(sarif.render([unread]))
        rules = run["tool"]["driver"]["rules"]
        assert run["results"]
        for found in run["results"]:
            assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
            assert (found["kind"], found["level"]) == ("fail", "error")
            assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert run["invocations"][0]["executionSuccessful"] is False
    assert run["results"][0]["ruleId"] == "fee-basis"


def test_a_submission_without_any_problem_has_no_alert() -> None:
    fine = [result(Outcome.PASS, finding(Outcome.PASS)), result(Outcome.NOT_APPLICABLE)]
    assert run_of(sarif.render([report(*fine)]))["results"] == []


@pytest.mark.parametrize(("count", "runs"), [(1, 1), (20, 20), (21, 11), (300, 20)])
def test_a_log_never_has_more_runs_than_github_takes(count: int, runs: int) -> None:
    one = report(result(Outcome.FAIL, finding(Outcome.FAIL)))
    log = json.loads(sarif.render([one] * count))
    assert len(log["runs"]) == runs
    told = [r for run in log["runs"] for r in run["results"]]
    assert len(told) == count
    for run in log["runs"]:
        assert len(run["invocations"]) == len(run["properties"].get("submissions", [1]))


def test_rules_of_every_submission_of_a_run_are_declared() -> None:
    rules = [f"fee-{number}" for number in range(22)]
    reports = [report(result(Outcome.FAIL, finding(Outcome.FAIL), rule=rule)) for rule in rules]
    log = json.loads(sarif.render(reports))
    told = []
    for run in log["runs"]:
        declared = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        told += [declared[found["ruleIndex"]] for found in run["results"]]
    assert told == rules


def test_a_rule_links_to_its_clause_where_the_page_has_an_address(golden_report: Report) -> None:
    page = "https://example.invalid/clauses.html"
    run = run_of(sarif.render([golden_report], clauses_page=page))
    pack = golden_report.packs.used[0]
    rule = next(rule for rule in pack.rules if rule.clauses)
    (told,) = [r for r in run["tool"]["driver"]["rules"] if r["id"] == rule.id]
    assert told["helpUri"] == f"{page}#{pack.id}-{rule.clauses[0]}"
    assert "helpUri" not in str(run_of(sarif.render([golden_report])))


def test_an_uploaded_file_holds_alerts_only_for_what_is_to_be_done() -> None:
    """Two breaches and what is lacking; none of the hundred rules that pass or do not apply."""
    found = kehou.check(str(REPORTED / "sarif-every-result" / "plan.yaml"), ONE_ENGINE)
    told = run_of(sarif.render([found]))["results"]
    outcomes = [one["properties"]["outcome"] for one in told]
    assert outcomes.count("fail") == 2
    assert set(outcomes) <= {"fail", "insufficient", "review"}
    assert len(run_of(whole([found]))["results"]) > 10 * len(told)
