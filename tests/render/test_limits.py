"""What a submission can do to a format: many findings, long and odd texts, and the command line."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.support.report_changes import changed
from tests.support.reports_by_hand import result

from kehou import data
from kehou.cli.main import main
from kehou.model.outcomes import Severity, Stage
from kehou.model.report import DeclaredRule, Report
from kehou.render import FORMATS
from kehou.render.screen import Manner

#: What other programs read, but for the report itself.
FOR_PROGRAMS = tuple(
    name for name, one in FORMATS.items() if one.module.startswith("programs.") and name != "json"
)
#: Characters that would move a cursor, turn a line round, or that XML cannot hold.
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def written(name: str, *reports: Report) -> str:
    text = FORMATS[name].render(reports, Manner(language="zh"))
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("name", FOR_PROGRAMS)
def test_the_same_report_gives_the_same_bytes(name: str, golden_report: Report) -> None:
    again = replace(golden_report)
    assert written(name, golden_report, golden_report) == written(name, again, again)


@pytest.mark.parametrize("name", FOR_PROGRAMS)
def test_no_control_or_bidirectional_character_is_obeyed(name: str, odd_report: Report) -> None:
    shown = written(name, odd_report)
    assert OBEYED.findall(shown) == []
    if name != "csv":
        assert "\r" not in shown


@pytest.mark.parametrize("name", FOR_PROGRAMS)
def test_a_lone_surrogate_can_be_written(name: str, golden_report: Report) -> None:
    bad = changed(golden_report, name="\ud800甲", path="\udcff/plan.yaml")
    written(name, bad).encode("utf-8")


@pytest.mark.parametrize("name", FOR_PROGRAMS)
def test_very_long_texts_are_cut(name: str, long_report: Report) -> None:
    assert len(written(name, long_report)) < 100_000


def test_five_thousand_findings_are_all_there(crowded_report: Report) -> None:
    (run,) = json.loads(written("sarif", crowded_report))["runs"]
    assert len(run["results"]) == 5000
    assert len({r["partialFingerprints"]["kehouFinding/v1"] for r in run["results"]}) == 5000
    (case,) = ElementTree.fromstring(written("junit", crowded_report)).iter("failure")
    assert len(re.findall(r"^plan\.yaml:\d+:9  ", case.text or "", re.M)) == 5000
    (found,) = json.loads(written("oscal", crowded_report))["assessment-results"]["results"]
    assert len({seen["uuid"] for seen in found["observations"]}) == 5000
    assert len(found["findings"][0]["related-observations"]) == 5000
    assert len(written("github", crowded_report).splitlines()) == 12


def test_five_thousand_rules_are_all_there(golden_report: Report) -> None:
    base = golden_report.results[0]
    results = [result(base.outcome, *base.findings, rule=f"rule-{n}") for n in range(5000)]
    many = replace(golden_report, results=tuple(results))
    assert len(written("csv", many).split("\r\n")) == 5000 + 3
    root = ElementTree.fromstring(written("junit", many))
    assert root.attrib["failures"] == "5000"


CHECK = ["check", "方案.yaml", "--engine", "direct", "--pack", "bayannur-2021"]
EVERY = [f"-o{name}={name}.out" for name in (*FOR_PROGRAMS, "json", "html")]


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good submission of the pack's cases with one breach, in an empty folder."""
    base = data.rules().joinpath("bayannur-2021", "base.yaml").read_text("utf-8")
    good = base.partition("\ncounty_list:\n")[0]
    late = good.replace(
        "      start: 17:10\n      end: 17:50", "      start: 17:10\n      end: 18:31", 1
    )
    assert late != good
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("方案.yaml").write_text(late, "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_formats_are_written_in_one_run(plan: Path, language: str) -> None:
    main([*CHECK, "--lang", language, *EVERY])
    document = json.loads(plan.joinpath("json.out").read_text("utf-8"))
    failing = {r["rule"]: r for r in document["results"] if r["outcome"] == "fail"}
    assert "schedule-primary-end" in failing
    (run,) = json.loads(plan.joinpath("sarif.out").read_text("utf-8"))["runs"]
    found = {
        r["partialFingerprints"]["kehouFinding/v1"] for r in run["results"] if r["kind"] == "fail"
    }
    assert found == {
        f["fingerprint"]
        for r in document["results"]
        for f in r["findings"]
        if f["outcome"] == "fail"
    }
    root = ElementTree.fromstring(plan.joinpath("junit.out").read_bytes())
    failed = {c.get("name") for c in root.iter("testcase") if c.find("failure") is not None}
    assert failed == {r["title"] for r in failing.values() if r["severity"] != "advice"}
    assert plan.joinpath("github.out").read_text("utf-8").startswith("::error file=方案.yaml,line=")
    assert plan.joinpath("csv.out").read_bytes().startswith(b'\xef\xbb\xbf"')
    assert plan.joinpath("csv.out").read_bytes().count(b"\r\n") == len(document["results"]) + 1


def test_a_real_check_declares_every_rule_and_clause_of_its_pack(plan: Path) -> None:
    from kehou import packs

    main([*CHECK, "-v", "-o", "sarif=a.sarif"])
    (run,) = json.loads(plan.joinpath("a.sarif").read_text("utf-8"))["runs"]
    pack = packs.load("bayannur-2021")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(pack.rules)
    assert [taxon["id"] for taxon in run["taxonomies"][0]["taxa"]] == list(pack.clauses)
    (english,) = run["translations"]
    assert [rule["id"] for rule in english["rules"]] == [r for r in pack.rules if r in pack.english]
    for rule in (*rules, *english["rules"]):
        assert "{" not in rule["help"]["text"], rule["id"]
    helps = {rule["id"]: rule["help"]["text"] for rule in rules}
    assert helps["schedule-primary-end"].endswith("请将小学结束时间调整到18:30以前")
    off = run["invocations"][0]["ruleConfigurationOverrides"]
    assert len(off) == run["properties"]["notAtThisStage"]


def test_what_kehou_could_not_read_is_no_success(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.joinpath("方案.yaml").write_bytes(b"school:\n  name: \x00\n")
    assert main([*CHECK, *EVERY]) == 4
    (run,) = json.loads(plan.joinpath("sarif.out").read_text("utf-8"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    root = ElementTree.fromstring(plan.joinpath("junit.out").read_bytes())
    assert root.attrib["errors"] == "1"
    assert plan.joinpath("github.out").read_text("utf-8").startswith("::error ")
    assert len(plan.joinpath("csv.out").read_bytes().split(b"\r\n")) == 3


def test_declared_rules_need_no_other_language() -> None:
    rule = DeclaredRule("a-b", Severity.MINOR, "x", (Stage.APPROVAL,), (), {"zh": "题"}, {"zh": ""})
    from tests.support.reports_by_hand import report

    from kehou.render.programs.sarif_tool import translations

    (english,) = translations([rule], [[]], report(), "zh")
    assert english["rules"] == []
