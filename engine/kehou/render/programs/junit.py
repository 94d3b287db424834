"""JUnit XML in the dialect of Jenkins' xUnit plug-in: a suite for each submission, a case for
each rule.

A rule that is not met is a failure; one that could not be evaluated is an error; whatever else is
neither met nor advice, such as one that lacks evidence, is skipped with its reason, whatever its
severity: the exit code says whether that stands in the way. ``classname`` and ``name`` together
are unique in the document, for programs that know a case by them alone.
An advice rule passes and says what it suggests in its output. What could not be read is a case
of its own, an error, so that a submission nobody could read does not look like no problem.
``type`` says the outcome, ``group`` the severity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from kehou.model.outcomes import Outcome, counted_as
from kehou.model.places import unread_apart
from kehou.model.report import Report, RuleResult
from kehou.render.words import catalogue, statement
from kehou.render.words.summary import is_suggestion
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import Words, compact, verdict

#: What XML 1.0 cannot hold even as a reference (XML 1.0 §2.2); other controls are shown as escapes.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINES_TOLD = (Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case; ``verdict`` is failure, error, skipped, system-out or empty for a pass."""

    group: str
    classname: str
    name: str
    verdict: str
    kind: str
    lines: tuple[str, ...]


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one document, in ``language`` or that of each report."""
    suites = []
    prefixes = case_prefixes([r.submission.id or r.submission.path for r in reports])
    totals = {"tests": 0, "failure": 0, "error": 0}
    for number, report in enumerate(reports, 1):
        words = catalogue.of_reports([report], language)
        cases = [*_faults(report, words), *(_case(report, r, words) for r in report.results)]
        cases = _told_apart(cases, prefixes[number - 1])
        suites.append(_suite(number, report, cases, words))
        totals["tests"] += len(cases)
        for verdict_ in ("failure", "error"):
            totals[verdict_] += sum(case.verdict == verdict_ for case in cases)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="kehou" tests="{totals["tests"]}"'
        f' failures="{totals["failure"]}" errors="{totals["error"]}">',
        *suites,
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def case_prefixes(names: Sequence[str]) -> list[str]:
    """What stands before the class names of each report's cases: nothing where there is one.

    ``names`` are the submissions' ids, or paths where they have none; a number follows where a
    name is not its own.
    """
    if len(names) == 1:
        return [""]
    parts = [re.sub(r"[\s.]+", "_", statement.safe(text)) for text in names]
    seen: dict[str, int] = {}
    found = []
    for part in parts:
        seen[part] = seen.get(part, 0) + 1
        found.append(f"{part}_{seen[part]}." if seen[part] > 1 else f"{part}.")
    return found


def _told_apart(cases: Sequence[_Case], prefix: str) -> list[_Case]:
    """The cases with the prefix before their classes; those of one name are numbered."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for case in cases:
        key = (case.classname, case.name)
        seen[key] = seen.get(key, 0) + 1
        name = f"{case.name} ({seen[key]})" if seen[key] > 1 else case.name
        found.append(replace(case, classname=prefix + case.classname, name=name))
    return found


def _suite(number: int, report: Report, cases: Sequence[_Case], words: Words) -> str:
    count = {
        kind: sum(c.verdict == kind for c in cases) for kind in ("failure", "error", "skipped")
    }
    attributes = {
        "name": statement.safe(report.submission.name or report.submission.path),
        "id": str(number),
        "tests": str(len(cases)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
        "file": report.submission.path,
        "version": report.run.tool_version,
    }
    lines = [f"  <testsuite {_attributes(attributes)}>", "    <properties>"]
    for name, value in _properties(report):
        lines.append(f"      <property {_attributes({'name': name, 'value': value})}/>")
    lines.append("    </properties>")
    lines += [line for case in cases for line in _written(case)]
    lines.append(f"    <system-out>{_text(_told(report, words))}</system-out>")
    return "\n".join([*lines, "  </testsuite>"])


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "stage", report.run.stage.value
    yield "as_of", report.run.as_of
    yield "check_date", report.run.check_date or ""
    yield "decision", report.decision.value if report.decision else ""
    yield "cross_checked", str(report.run.cross_checked).lower()
    yield "not_at_this_stage", str(report.not_at_this_stage)
    if report.run.tool_sha256:
        yield "tool", f"kehou {report.run.tool_version} {report.run.tool_sha256}"
    for pack in report.packs.used:
        yield "pack", f"{pack.id} {pack.version} {pack.sha256}"
    for item in (*report.submission.files, *report.packs.data):
        yield "input", f"{item.name} {item.sha256}"


def _told(report: Report, words: Words) -> list[str]:
    """What belongs to no rule: the verdict, inferences, reviews not made, files not read."""
    told = [verdict(report, words), *statement.foremost(report, words)]
    for inference in report.inferences:
        told.append(
            words["program.inference"].format(
                label=statement.safe(inference.label),
                mark=inference.mark,
                because=statement.safe(inference.because),
            )
        )
    for review in report.reviews_off:
        told.append(
            words["program.review_off"].format(
                rule=review.rule, because=statement.safe(review.because)
            )
        )
    told += statement.waiver_notes(report, words)
    apart = unread_apart(report.submission.unread_files, report.submission.prose)
    for key, unread in zip(("unread_files", "unread_in_text"), apart, strict=True):
        if unread:
            names = words["list"].join(unread)
            told.append(words[key].format(names=statement.safe(names)))
    return told


def _faults(report: Report, words: Words) -> Iterator[_Case]:
    for fault in report.submission.faults:
        lines = statement.fault_lines(fault, words)
        place = statement.safe(compact(fault.location))
        yield _Case("", "fault", place, "error", "fault", (words["program.fault"], *lines))


def _case(report: Report, result: RuleResult, words: Words) -> _Case:
    decided = counted_as(result.outcome, result.only_read)
    verdict_ = _verdict(result, decided)
    lines: list[str] = []
    if verdict_:
        lines = [words[f"outcome.{decided.value}"]]
        # What decided stands first: its words become the message that platforms show.
        for finding in sorted(result.findings, key=lambda f: f.outcome is not result.outcome):
            if finding.outcome in _LINES_TOLD and finding.outcome is not result.outcome:
                continue
            first, *rest = statement.lines(finding, result, report, words)
            prefix = ""
            if finding.outcome is not result.outcome:
                prefix = words[f"outcome.{finding.outcome.value}"] + words["colon"]
            lines += [statement.placed(finding) + prefix + first, *(f"  {line}" for line in rest)]
        if not result.findings:
            because = [reason.because for reason in report.not_judged if reason.rule == result.rule]
            lines += [statement.safe(text) for text in because]
    return _Case(
        result.severity.value,
        f"{result.area or 'kehou'}.{result.rule}",
        statement.safe(result.title),
        verdict_,
        decided.value,
        tuple(lines),
    )


def _verdict(result: RuleResult, outcome: Outcome) -> str:
    """How a platform counts a case: what nobody has confirmed is open, and no failure."""
    if outcome is Outcome.PASS:
        return ""
    if outcome is Outcome.ERROR:
        return "error"
    if is_suggestion(result):
        return "system-out"
    return "failure" if outcome is Outcome.FAIL else "skipped"


# --- XML ---------------------------------------------------------------------------------------


def _written(case: _Case) -> Iterator[str]:
    attributes = {"classname": case.classname, "name": case.name}
    if case.group:
        attributes["group"] = case.group
    start = f"    <testcase {_attributes(attributes)}"
    if not case.verdict:
        yield start + "/>"
        return
    yield start + ">"
    if case.verdict == "system-out":
        yield f"      <system-out>{_text(case.lines)}</system-out>"
    else:
        head = case.lines[1] if len(case.lines) > 1 else case.lines[0]
        named = _attributes({"type": case.kind, "message": head})
        yield f"      <{case.verdict} {named}>{_text(case.lines)}</{case.verdict}>"
    yield "    </testcase>"


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(_clean(value))}" for name, value in values.items())


def _text(lines: Sequence[str]) -> str:
    return escape("\n".join(_clean(line) for line in lines))


def _clean(text: str) -> str:
    return _NOT_XML.sub("", visible(text))
