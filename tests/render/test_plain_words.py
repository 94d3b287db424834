"""What people read holds no name of a field, a value, a slot or an option, and nothing is lost."""

from __future__ import annotations

import html as entities
import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache

import pytest
from tests.conftest import CHECKOUT
from tests.support.identifiers import IDENTIFIER

from kehou import CheckOptions, check
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import Report
from kehou.render import FORMATS
from kehou.render.screen import Manner
from kehou.render.words.catalogue import of_reports
from kehou.render.words.digest import TOLD, digest
from kehou.render.words.digest_told import entries_told, titles
from kehou.render.words.summary import is_suggestion

EXAMPLES = (
    "first-check",
    "folder-with-evidence",
    "junior-breaches",
    "nine-year-incomplete",
    "primary-compliant",
    "broken/many-faults.yaml",
    "broken/roster-in-both",
    "broken/bureau-table.yaml",
)
#: What the last line on a screen says of the next command, and the tool's own name.
OWN = {"kehou", "html"}
HAN = re.compile("[\u4e00-\u9fff]")


@cache
def checked(name: str, stage: Stage, language: str = "zh") -> Report:
    options = CheckOptions(stage=stage, engine="direct", language=language)
    return check(str(CHECKOUT / "examples" / name), options)


def texts(report: Report, language: str = "zh") -> Iterator[tuple[str, str]]:
    """(format, what a reader sees of it without asking for more) of all formats for people."""
    manner = Manner(language=language)
    shown = str(FORMATS["text"].render([report], manner))
    yield "text", shown
    yield "text -q", str(FORMATS["text"].render([report], Manner(language=language, verbosity=-1)))
    page = str(FORMATS["html"].render([report], manner))
    body = re.sub(r"<style>.*?</style>|<section class=\"ax\".*?</section>", "", page, flags=re.S)
    yield "html", entities.unescape(re.sub(r"<[^>]+>", " ", body))
    letter = FORMATS["docx"].render([report], manner)
    assert isinstance(letter, bytes)
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        xml = package.read("word/document.xml").decode()
    yield "docx", entities.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<w:(p|br)[ />]", "\n<", xml)))


def files(report: Report) -> set[str]:
    """Names of files and folders, and the excerpts that stand as they were written."""
    places = [f.location for r in report.results for f in r.findings if f.location]
    places += [p for r in report.results for f in r.findings for p in f.related]
    places += [fault.location for fault in report.submission.faults]
    names = {place.file for place in places} | {f.name for f in report.submission.files}
    names |= {report.submission.path, *report.submission.unread_files}
    names |= {line for place in places for line in place.excerpt.splitlines()}
    return {part for name in names for part in IDENTIFIER.findall(name)} | names


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_name_of_ours_stands_in_what_people_read(name: str, stage: Stage) -> None:
    report = checked(name, stage)
    allowed = files(report) | OWN
    written = "".join(fault.found for fault in report.submission.faults)
    for form, text in texts(report):
        found = {
            word
            for word in IDENTIFIER.findall(text)
            if word not in allowed
            and word not in report.submission.path
            and word not in written
            and not re.fullmatch(r"[\w.-]+\.(ya?ml|csv|json|xlsx|txt|html)", word)
            and word not in (report.submission.content_sha256 or "")
        }
        assert found == set(), (form, found)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_adverse_finding_is_in_what_people_read(name: str, stage: Stage) -> None:
    report = checked(name, stage)
    found = digest(report)
    told = {f for p in (*found.problems, *found.advice) for f in map(id, p.findings)}
    papers = {item.path for paper in found.papers for item in paper.items}
    assert papers == {item.path for item in report.missing_evidence}
    waiting = {r.rule for paper in found.papers for r in paper.results}
    stuck = {r.rule for one in found.unread for r in one.results} | {r.rule for r in found.waiting}
    for result in report.results:
        for finding in (f for f in result.findings if f.outcome in TOLD):
            if finding.outcome is Outcome.INSUFFICIENT and result.rule in waiting:
                continue
            if finding.outcome is Outcome.ERROR and result.rule in stuck:
                continue
            assert id(finding) in told, (result.rule, finding.message)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_breach_doubt_and_paper_stands_in_each_format(name: str, stage: Stage) -> None:
    report = checked(name, stage)
    found, words = digest(report), of_reports([report])
    wanted = [
        r.title
        for r in report.results
        if r.outcome in (Outcome.FAIL, Outcome.REVIEW) and not is_suggestion(r)
    ]
    for form, text in texts(report):
        flat = re.sub(r"\s+", "", text)
        if form == "text -q":
            continue
        for title in wanted:
            assert re.sub(r"\s+", "", title) in flat, (form, title)
        for paper in found.papers:
            assert paper.title in text, (form, paper.title)
            for line in entries_told(paper, words) if paper.owner == "subject" else ():
                assert re.sub(r"\s+", "", line) in flat, (form, line)


def test_the_recommendation_names_every_ground() -> None:
    text = dict(texts(checked("nine-year-incomplete", Stage.APPROVAL)))
    assert "建议：退回修改，并补正材料、提请人工核查 ——" in text["text"]
    assert "建议退回修改，并补正材料、提请人工核查：" in text["html"]
    assert "核查建议：退回修改，并补正材料、提请人工核查。" in text["docx"]
    decision = checked("nine-year-incomplete", Stage.APPROVAL).decision
    assert decision is not None
    assert (decision.value, decision.also) == ("return", ("supplement", "refer"))


def test_red_lines_that_wait_for_a_paper_are_named_on_the_page() -> None:
    report = checked("nine-year-incomplete", Stage.INSPECTION)
    page = dict(texts(report))["html"]
    for paper in digest(report).papers:
        for result in (r for r in paper.results if r.severity is Severity.CRITICAL):
            assert result.title in page
        assert titles(paper.red_lines, of_reports([report])) in page


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("name", EXAMPLES[:5])
def test_what_is_not_supplied_is_told_in_english_in_an_english_report(
    name: str, stage: Stage
) -> None:
    report = checked(name, stage, "en")
    for result in report.results:
        for finding in result.findings:
            label = finding.subject.label
            told = {**finding.found_shown, "": finding.message.replace(label, "")}
            assert not [text for text in told.values() if "未提供" in text], result.rule
            assert set(finding.found_shown.values()).isdisjoint({"无", "是", "否"}), result.rule
