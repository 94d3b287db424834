"""Two packs: the date picks them, a pair of rules is one result, and 高中 stays under the city's.

Expected outcomes are read off the city's plan and the summary of the national notice by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kehou import data, packs
from kehou.checking import CheckOptions, check
from kehou.cli.main import main
from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNSETTLED, EXIT_USAGE
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import Report, RuleResult
from kehou.readers import Plain, read
from kehou.render import FORMATS

CITY, NATIONAL = "bayannur-2021", "national-2023"
BEFORE, FROM = "2023-12-26", "2023-12-27"
EXAMPLES = Path(__file__).parents[2] / "examples"
BUREAU = ("county_list", "inspection", "approval")

Change = Callable[[dict[str, Any]], None]


def _values(tree: Any) -> Any:
    """A tree as JSON can hold it."""
    if isinstance(tree, dict):
        return {key: _values(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_values(value) for value in tree]
    return tree == "true" if isinstance(tree, Plain) and tree in ("true", "false") else tree


def submission(folder: Path, change: Change | None = None) -> tuple[str, dict[str, str]]:
    """(plan, bureau's files by name): the good submission of the national pack, changed."""
    content = data.rules().joinpath(NATIONAL, "base.yaml").read_bytes()
    tree = _values(read("base.yaml", content).tree)
    if change is not None:
        change(tree)
    files = {}
    for name in BUREAU:
        files[name] = str(folder / f"{name}.json")
        Path(files[name]).write_text(json.dumps(tree.pop(name), ensure_ascii=False), "utf-8")
    plan = folder / "plan.json"
    plan.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    return str(plan), files


def checked(
    folder: Path, change: Change | None = None, as_of: str | None = FROM, **more: Any
) -> Report:
    """The report on the good submission, changed, under all packs that come with kehou."""
    plan, files = submission(folder, change)
    asked: dict[str, Any] = {"packs": tuple(packs.available()), "engine": "direct", **more}
    return check(plan, CheckOptions(as_of=as_of, data=files, **asked))


def used(report: Report) -> list[str]:
    return [pack.id for pack in report.packs.used]


def result(report: Report, rule: str) -> RuleResult:
    (found,) = [r for r in report.results if r.rule == rule]
    return found


def shown(report: Report) -> set[str]:
    return {r.rule for r in report.results}


def cited(found: RuleResult) -> set[str]:
    return {clause.id for clause in found.clauses}


# --- which packs ---------------------------------------------------------------------------


def test_the_day_before_publication_only_the_city_s_policy_applies(tmp_path: Path) -> None:
    report = checked(tmp_path, as_of=BEFORE)
    assert used(report) == [CITY]
    assert not [rule for rule in shown(report) if rule.startswith("national-")]


def test_from_the_day_of_publication_both_apply(tmp_path: Path) -> None:
    assert used(checked(tmp_path, as_of=FROM)) == [CITY, NATIONAL]


@pytest.mark.parametrize(("start", "applied"), [(BEFORE, [CITY]), (FROM, [CITY, NATIONAL])])
def test_without_as_of_the_start_of_the_service_picks_the_packs(
    tmp_path: Path, start: str, applied: list[str]
) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["plan"]["service_start"] = start

    assert used(checked(tmp_path, change, as_of=None)) == applied


@pytest.mark.checkout
@pytest.mark.parametrize(
    "name", ["first-check", "primary-compliant", "nine-year-incomplete", "junior-breaches"]
)
def test_the_examples_of_2021_are_judged_by_the_city_s_policy_alone(name: str) -> None:
    options = CheckOptions(packs=tuple(packs.available()), engine="direct")
    report = check(str(EXAMPLES / name), options)
    assert used(report) == [CITY]


def test_rules_are_named_once_over_all_packs_and_every_counterpart_is_there() -> None:
    city, national = packs.load(CITY), packs.load(NATIONAL)
    assert not set(city.rules) & set(national.rules)
    pairs = [r.counterpart for r in national.rules.values() if r.counterpart]
    assert len(pairs) == len(set(pairs)) > 10
    assert {pair.removeprefix(f"{CITY}/") for pair in pairs} <= set(city.rules)


# --- what the date changes -----------------------------------------------------------------


def _lunch_under_the_service_fee(tree: dict[str, Any]) -> None:
    tree["plan"]["sessions"][1] |= {"kind": "lunch_care", "start": "12:00", "end": "12:40"}


def _evening_with_a_fee_of_its_own(tree: dict[str, Any]) -> None:
    tree["plan"]["sessions"][3] |= {
        "kind": "evening_study",
        "start": "18:10",
        "end": "19:00",
        "fee_item": "晚自习费",
    }


def test_lunch_care_under_the_service_fee_is_a_breach_only_from_the_day(tmp_path: Path) -> None:
    before = checked(tmp_path, _lunch_under_the_service_fee, as_of=BEFORE)
    assert not [r for r in before.results if r.outcome is Outcome.FAIL]
    after = checked(tmp_path, _lunch_under_the_service_fee, as_of=FROM)
    found = result(after, "national-noon-care")
    assert found.outcome is Outcome.FAIL
    assert found.severity is Severity.CRITICAL
    assert cited(found) == {"N.3-b", "N.7-b", "N.7-d"}
    assert after.decision is not None and after.decision.value == "return"


def test_the_exit_code_follows_the_date(tmp_path: Path) -> None:
    plan, files = submission(tmp_path, _lunch_under_the_service_fee)
    table = f"county_list={files['county_list']}"
    common = ["check", plan, "--data", table, "--engine", "direct", "-q", "--as-of"]
    assert main([*common, BEFORE]) != EXIT_FAIL
    assert main([*common, FROM]) == EXIT_FAIL


def test_exit_codes_of_the_national_pack_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def direct(tree: dict[str, Any]) -> None:
        tree["vendors"][0]["procurement"]["method"] = "direct"

    def code(change: Change | None, as_of: str) -> int:
        plan, files = submission(tmp_path, change)
        table = f"county_list={files['county_list']}"
        return main(["check", plan, "--pack", NATIONAL, "--as-of", as_of, "--data", table, "-q"])

    assert code(None, FROM) == EXIT_OK
    assert code(direct, FROM) == EXIT_UNSETTLED
    assert code(_lunch_under_the_service_fee, FROM) == EXIT_FAIL
    capsys.readouterr()
    assert code(None, BEFORE) == EXIT_USAGE
    complaint = capsys.readouterr().err
    assert BEFORE in complaint and f"{FROM}起" in complaint


# --- a rule and its counterpart ------------------------------------------------------------


def test_the_city_s_stricter_outcome_is_shown_with_both_citations(tmp_path: Path) -> None:
    """A test is 考试训练 to the city; whether it is 刷题备考 the notice leaves to a person."""

    def change(tree: dict[str, Any]) -> None:
        tree["plan"]["sessions"][1]["activity"] = "exam"

    report = checked(tmp_path, change)
    found = result(report, "content-no-exam-drill")
    assert (found.outcome, found.counterpart) == (Outcome.FAIL, "national-no-exam-drill")
    assert cited(found) == {"E.2-e3", "N.6-c"}
    assert "national-no-exam-drill" not in shown(report)
    citations = [clause.citation for clause in found.clauses]
    assert citations[0].startswith("《实施方案》")
    assert citations[1] == "《2023年通知》（摘要）第6条"


def test_the_stricter_outcome_is_shown_with_both_citations(tmp_path: Path) -> None:
    """A fee for evening study breaks the city's plan; under the notice a person must look."""
    report = checked(tmp_path, _evening_with_a_fee_of_its_own)
    found = result(report, "schedule-evening-study")
    assert (found.outcome, found.counterpart) == (Outcome.FAIL, "national-evening-study")
    assert cited(found) == {"N.3-c", "N.7-b", "N.7-d", "D.2-b", "D.2-c"}
    assert "national-evening-study" not in shown(report)


def _collected_by_parents(tree: dict[str, Any]) -> None:
    tree["fee"]["collector"] = "pta"


def test_of_two_breaches_the_graver_is_shown_and_gives_the_one_reason(tmp_path: Path) -> None:
    """To the city a major breach, under the notice a red line."""
    report = checked(tmp_path, _collected_by_parents)
    found = result(report, "national-fee-collector")
    assert (found.severity, found.counterpart) == (Severity.CRITICAL, "fee-collector")
    assert cited(found) == {"N.8", "F.2-b"}
    assert report.decision is not None
    reasons = [reason.rule for reason in report.decision.reasons]
    assert reasons.count("national-fee-collector") == 1
    assert "fee-collector" not in reasons


def test_a_policy_that_does_not_apply_is_not_cited(tmp_path: Path) -> None:
    """The city leaves noon to another rule; the notice wants the curriculum finished first."""

    def change(tree: dict[str, Any]) -> None:
        for session in tree["plan"]["sessions"]:
            session |= {"kind": "after_school", "start": "12:30", "end": "13:30"}

    report = checked(tmp_path, change)
    found = result(report, "national-after-curriculum")
    assert (found.outcome, found.counterpart) == (Outcome.FAIL, None)
    assert cited(found) == {"N.1-b"}
    assert result(report, "schedule-after-dismissal").outcome is Outcome.NOT_APPLICABLE


# --- 高中 ----------------------------------------------------------------------------------


def _senior(tree: dict[str, Any]) -> None:
    """A senior school that does what the notice forbids and the city in part, too."""
    tree["school"] |= {
        "levels": ["senior"],
        "grades": [{"grade": "10", "level": "senior", "students": "540", "classes": "18"}],
    }
    plan = tree["plan"]
    for session in plan["sessions"]:
        session["grades"] = "10"
    plan["sessions"][0] |= {"kind": "evening_study", "start": "19:00", "end": "21:30"}
    plan["sessions"][1]["activity"] = "drill"
    plan["sessions"][2]["weekdays"] = "6"
    plan["sessions"][4]["kind"] = "lunch_care"
    plan["participation_basis"] = "compulsory"
    tree["fee"]["collector"] = "pta"
    tree["pta"]["collects_fees"] = True
    for seen in tree["inspection"]["observations"]:
        seen |= {"grade": "10", "exam": True}
    for pupil in tree["roster"]:
        pupil["grade"] = "10"


@pytest.mark.parametrize("stage", list(Stage))
def test_a_senior_school_is_judged_by_the_city_s_policy_alone(tmp_path: Path, stage: Stage) -> None:
    report = checked(tmp_path, _senior, stage=stage)
    national = [r for r in report.results if r.rule.startswith("national-")]
    expected = [r for r in packs.load(NATIONAL).rules.values() if stage in r.stages]
    assert len(national) == len(expected) > 10
    assert {r.outcome for r in national} == {Outcome.NOT_APPLICABLE}
    for found in report.results:
        if found not in national:
            assert not [clause for clause in cited(found) if clause.startswith("N.")]
    for rule in ("content-no-exam-drill", "schedule-weekdays", "procedure-voluntary-basis"):
        assert result(report, rule).outcome is Outcome.FAIL


def test_a_breach_of_a_school_without_levels_is_asked_about_not_passed_over(tmp_path: Path) -> None:
    def change(tree: dict[str, Any]) -> None:
        del tree["school"]["levels"]
        tree["plan"]["participation_basis"] = "compulsory"

    (finding,) = result(checked(tmp_path, change, packs=(NATIONAL,)), "national-voluntary").findings
    assert finding.outcome is Outcome.INSUFFICIENT
    assert finding.missing == ("/school/levels",)


# --- a summary, not the text ---------------------------------------------------------------


def test_every_citation_says_that_it_is_of_a_summary() -> None:
    pack = packs.load(NATIONAL)
    assert all(c.citation.startswith("《2023年通知》（摘要）第") for c in pack.clauses.values())
    assert any("不是通知的原句" in note for note in pack.notes)


def test_the_unverified_number_is_printed_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, files = submission(tmp_path, _collected_by_parents)
    written = []
    for format_name in (name for name, one in FORMATS.items() if not one.binary):
        out = tmp_path / f"out.{format_name}"
        table = f"county_list={files['county_list']}"
        target = f"{format_name}={out}"
        main(["check", plan, "--as-of", FROM, "--data", table, "--engine", "direct", "-o", target])
        written.append(out.read_text("utf-8"))
    main(["clauses", "--pack", NATIONAL])
    main(["clauses", "--pack", NATIONAL, "-o", "html"])
    main(["explain", "national-fee-collector"])
    written.append(capsys.readouterr().out)
    assert len(written[0]) > 500 and "摘要" in written[-1]
    for text in written:
        assert "监管厅函" not in text and "〔2023〕" not in text
