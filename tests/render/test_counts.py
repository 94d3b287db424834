"""Every format says the same: counts taken from the files that were written, not from the code."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.programs.test_github import commands
from tests.support.reports_at_limits import crowded, golden, odd
from tests.support.reports_by_hand import finding, report, result

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report, RuleResult
from kehou.render import FORMATS
from kehou.render.screen import Manner

WORDS = {
    "符合": "pass",
    "不符合": "fail",
    "存疑待核": "review",
    "材料不足": "insufficient",
    "不适用": "not_applicable",
    "未评": "not_judged",
    "已豁免": "waived",
    "未能评定": "error",
}
SUGGESTED = ("fail", "review", "insufficient")
#: Roll-up order (docs/language.md §2), most adverse first.
ORDER = (
    "error",
    "fail",
    "review",
    "insufficient",
    "not_judged",
    "waived",
    "pass",
    "not_applicable",
)


@dataclass(frozen=True)
class Counts:
    """Rules by outcome without advice, advice that is given, and unreadable values."""

    rules: tuple[tuple[str, int], ...]
    advice: int
    faults: int | None


def counted(outcomes: Counter[str], advice: int, faults: int | None) -> Counts:
    return Counts(tuple((name, outcomes[name]) for name in ORDER), advice, faults)


def rolled_up(outcomes: dict[str, set[str]], severities: dict[str, str], faults: int) -> Counts:
    """Counts of rules from the outcomes of their findings."""
    rules = {rule: min(found, key=ORDER.index) for rule, found in outcomes.items()}
    firm = Counter(o for rule, o in rules.items() if severities[rule] != "advice")
    advised = [o for rule, o in rules.items() if severities[rule] == "advice"]
    return counted(firm, sum(o in SUGGESTED for o in advised), faults)


# --- one reader for each format ---------------------------------------------------------------


def from_words(text: str) -> Counts:
    """The verdict's line: 不符合 2 项（红线 1），…；建议 1 项."""
    numbers = {word: int(n) for word, n in re.findall(r"([一-龥]+) (\d+) 项", text)}
    outcomes = Counter({WORDS[word]: n for word, n in numbers.items() if word in WORDS})
    return counted(outcomes, numbers.get("建议", 0), None)


def from_text(text: str) -> Counts:
    (line,) = (x for x in text.splitlines() if re.match("(建议|结果)：.*(项|没有评定)", x))
    return from_words(line.partition("：")[2].rpartition("——")[2])


def from_html(text: str) -> Counts:
    """The page's row of counts, and what is said of advice below it."""
    (row,) = re.findall(r'<dl class="counts">(.*?)</dl>', text, re.S)
    told = re.findall(r'<dt class="(\w+)">.*?</dt><dd>(\d+)', row, re.S)
    (advice,) = re.findall(r"“建议”一级另计 (\d+) 项", text)
    return counted(Counter({name: int(n) for name, n in told}), int(advice), None)


def from_json(text: str) -> Counts:
    document = json.loads(text)
    severities = {r["rule"]: r["severity"] for r in document["results"]}
    outcomes = {r["rule"]: {r["outcome"]} for r in document["results"]}
    return rolled_up(outcomes, severities, len(document["faults"]))


def from_sarif(text: str) -> Counts:
    (run,) = json.loads(text)["runs"]
    kinds = {
        "pass": "pass",
        "fail": "fail",
        "review": "review",
        "open": "insufficient",
        "notApplicable": "not_applicable",
    }
    severities = {r["id"]: r["properties"]["severity"] for r in run["tool"]["driver"]["rules"]}
    outcomes: dict[str, set[str]] = {}
    for found in run["results"]:
        if found["kind"] == "informational":
            continue
        outcome = kinds[found["kind"]]
        if found.get("suppressions"):
            outcome = "waived"
        elif found["properties"]["outcome"] == "not_judged":
            assert found["kind"] == "open"
            outcome = "not_judged"
        outcomes.setdefault(found["ruleId"], set()).add(outcome)
    faults = 0
    for told in run["invocations"][0]["toolExecutionNotifications"]:
        faults += told["descriptor"]["id"] == "unreadable-value"
        if "associatedRule" in told:
            outcomes.setdefault(told["associatedRule"]["id"], set()).add("error")
    counts = rolled_up(outcomes, severities, faults)
    broken = faults or any("error" in found for found in outcomes.values())
    assert run["invocations"][0]["executionSuccessful"] is not bool(broken)
    return counts


def from_junit(text: str) -> Counts:
    outcomes: Counter[str] = Counter()
    advice = faults = 0
    root = ElementTree.fromstring(text)
    for case in root.iter("testcase"):
        children = {child.tag: child for child in case}
        if case.get("classname") == "fault":
            assert set(children) == {"error"}
            faults += 1
        elif "system-out" in children:
            assert case.get("group") == "advice"
            advice += 1
        elif case.get("group") != "advice":
            kind = next(iter(children.values())).get("type") if children else "pass"
            outcomes[str(kind)] += 1
    assert int(root.attrib["failures"]) == outcomes["fail"]
    return counted(outcomes, advice, faults)


def from_github(text: str) -> Counts:
    line = next(line for line in text.splitlines() if line.startswith("kehou · "))
    return from_words(line.rpartition(" · ")[2].partition("：")[2].rpartition("——")[2])


def from_oscal(text: str) -> Counts:
    (found,) = json.loads(text)["assessment-results"]["results"]
    outcomes: dict[str, set[str]] = {}
    severities: dict[str, str] = {}
    faults = 0
    for seen in found.get("observations", []):
        props = {prop["name"]: prop["value"] for prop in seen["props"]}
        if props["outcome"] == "fault":
            faults += 1
            continue
        severities[props["rule"]] = props["severity"]
        outcomes.setdefault(props["rule"], set()).add(props["outcome"])
    for rule, severity in re.findall(r"^- (\S+) \((\w+)\)", found["remarks"], re.M):
        severities[rule] = severity
        outcomes.setdefault(rule, set()).add("not_applicable")
    states = Counter(f["target"]["status"]["state"] for f in found.get("findings", []))
    counts = rolled_up(outcomes, severities, faults)
    rules = dict(counts.rules)
    assert states["satisfied"] == rules["pass"]
    other = ("fail", "waived", "review", "insufficient", "error")
    assert states["not-satisfied"] == sum(rules[name] for name in other)
    return counts


def from_csv(text: str) -> Counts:
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    rules = [row for row in rows if row["规则编号"]]
    # of a gap the cell says whose it is too: 未评（教育局载入）
    said = [(WORDS[row["结论"].partition("（")[0]], row["严重程度"]) for row in rules]
    firm = Counter(outcome for outcome, severity in said if severity != "建议")
    advised = [outcome for outcome, severity in said if severity == "建议"]
    advice = sum(outcome in SUGGESTED for outcome in advised)
    return counted(firm, advice, len(rows) - len(rules))


READERS: dict[str, Callable[[str], Counts]] = {
    "text": from_text,
    "html": from_html,
    "json": from_json,
    "sarif": from_sarif,
    "junit": from_junit,
    "github": from_github,
    "oscal": from_oscal,
    "csv": from_csv,
}


def written(name: str, checked: Report) -> str:
    everything = int(name == "sarif")  # by default it holds what is to be done alone
    text = FORMATS[name].render([checked], Manner(language="zh", verbosity=everything))
    assert isinstance(text, str)
    return text


def agree(checked: Report) -> Counts:
    """The counts of a report, alike in every format that counts."""
    said = {name: read(written(name, checked)) for name, read in READERS.items()}
    expected = said["json"]
    for name, counts in said.items():
        if counts.faults is None:
            counts = replace(counts, faults=expected.faults)
        assert counts == expected, name
    return expected


# --- the tests -----------------------------------------------------------------------------------


def test_the_golden_report_is_counted_alike() -> None:
    counts = agree(golden())
    assert dict(counts.rules) == dict.fromkeys(ORDER, 1)
    assert (counts.advice, counts.faults) == (1, 1)


@pytest.mark.parametrize("make", [crowded, lambda: odd("=1\u202e\x07"), report])
def test_reports_at_the_limits_are_counted_alike(make: Callable[[], Report]) -> None:
    agree(make())


@st.composite
def results(draw: st.DrawFn, number: int) -> RuleResult:
    """A rule with findings of any outcomes, rolled up, or none."""
    outcomes = draw(st.lists(st.sampled_from(Outcome), max_size=4))
    alone = draw(st.sampled_from([Outcome.NOT_APPLICABLE, Outcome.NOT_JUDGED, Outcome.WAIVED]))
    rolled = min(outcomes, key=list(Outcome).index) if outcomes else alone
    found = [finding(o, fingerprint=f"{n:064x}") for n, o in enumerate(outcomes)]
    severity = draw(st.sampled_from(Severity))
    return result(rolled, *found, rule=f"rule-{number}", severity=severity)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report of up to a dozen rules, with or without unreadable values and a decision."""
    rules = [draw(results(number)) for number in range(draw(st.integers(0, 12)))]
    base = golden()
    faults = base.submission.faults * draw(st.integers(0, 2))
    decision = draw(st.sampled_from([None, base.decision]))
    return report(*rules, faults=faults, decision=decision)


@given(reports())
def test_any_report_is_counted_alike(checked: Report) -> None:
    counts = agree(checked)
    firm = [r for r in checked.results if r.severity is not Severity.ADVICE]
    assert sum(n for _, n in counts.rules) == len(firm)


@given(reports())
def test_annotations_are_as_many_as_sarif_s_results(checked: Report) -> None:
    (run,) = json.loads(written("sarif", checked))["runs"]
    wanted: Counter[str] = Counter()
    for found in run["results"]:
        advised = found["properties"]["severity"] == "advice"
        outcome = found["properties"]["outcome"]
        if outcome in ("not_judged", "waived") or (advised and outcome in SUGGESTED):
            wanted["notice"] += 1
        elif found["kind"] == "fail":
            wanted[found["level"]] += 1
        elif outcome in SUGGESTED:
            wanted["warning"] += 1
    told = run["invocations"][0]["toolExecutionNotifications"]
    wanted["error"] += sum(one["level"] == "error" for one in told)
    shown = written("github", checked)
    listed = Counter(level for level, _, _ in commands(shown))
    assert max(listed.values(), default=0) <= 10
    for n, level in re.findall(r"另有 (\d+) 条 (\w+) 级提示没有列出", shown):
        listed[level] += int(n)
    assert +listed == +wanted
