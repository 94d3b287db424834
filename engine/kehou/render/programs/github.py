"""GitHub workflow commands: findings as annotations on the lines of a pull request.

GitHub shows at most ten annotations of a level from one step; the gravest are kept and a line
says how many were cut. Nothing from a submission can begin a command of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kehou.model.outcomes import Outcome, Severity, counted_as
from kehou.model.report import Finding, Report, RuleResult
from kehou.model.values import Location
from kehou.render.words import catalogue, statement
from kehou.render.words.summary import SUGGESTED
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import Words, verdict

#: Annotations of one level that GitHub shows of one step.
LIMIT = 10
LEVELS = ("error", "warning", "notice")
_NOTICES = (Outcome.NOT_JUDGED, Outcome.WAIVED)


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    rank: int
    properties: dict[str, str]
    lines: tuple[str, ...]


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """Annotations gravest first, then a line for each report and one for what was cut."""
    found: list[_Annotation] = []
    verdicts = []
    words = catalogue.of_reports(reports, language)
    for report in reports:
        found += _annotations(report, words)
        submitter = statement.safe(report.submission.name or report.submission.path)
        verdicts.append(f"kehou · {submitter} · {verdict(report, words)}")
        verdicts += [f"kehou · {text}" for text in statement.foremost(report, words)]
        verdicts += [f"kehou · {text}" for text in statement.waiver_notes(report, words)]
    lines = []
    for level in LEVELS:
        listed = sorted((a for a in found if a.level == level), key=lambda a: a.rank)
        lines += [_command(annotation) for annotation in listed[:LIMIT]]
        if (n := len(listed) - LIMIT) > 0:
            verdicts.append("kehou · " + words["program.cut"].format(n=n, level=level, limit=LIMIT))
    return "".join(line + "\n" for line in (*lines, *map(_plain, verdicts)))


def _annotations(report: Report, words: Words) -> Iterator[_Annotation]:
    for fault in report.submission.faults:
        properties = _place(report, fault.location)
        properties["title"] = words["program.fault"]
        lines = statement.in_cell(fault.location, tuple(statement.fault_lines(fault, words)))
        yield _Annotation("error", 0, properties, lines)
    because = {reason.rule: reason.because for reason in report.not_judged}
    for result in report.results:
        for finding in statement.findings_or_rule(result):
            outcome = _outcome(result, finding)
            level = _level(result, outcome)
            if level:
                lines = (
                    tuple(statement.lines(finding, result, report, words))
                    if finding
                    else (statement.safe(because.get(result.rule) or result.title),)
                )
                yield _annotation(report, result, finding, level, lines, words)


def _outcome(result: RuleResult, finding: Finding | None) -> Outcome:
    """The outcome that is told: what nobody has confirmed is open, and no breach."""
    return counted_as(finding.outcome, finding.unconfirmed) if finding else result.outcome


def _level(result: RuleResult, outcome: Outcome) -> str:
    """The level of an annotation; empty where there is nothing to tell."""
    if outcome is Outcome.ERROR:
        return "error"
    advised = result.severity is Severity.ADVICE and outcome in SUGGESTED
    if outcome in _NOTICES or advised:
        return "notice"
    if outcome is Outcome.FAIL:
        return "warning" if result.severity is Severity.MINOR else "error"
    return "warning" if outcome in (Outcome.REVIEW, Outcome.INSUFFICIENT) else ""


def _annotation(
    report: Report,
    result: RuleResult,
    finding: Finding | None,
    level: str,
    lines: tuple[str, ...],
    words: Words,
) -> _Annotation:
    outcome = _outcome(result, finding)
    properties = _place(report, finding.location) if finding and finding.location else {}
    properties["title"] = words["program.titled"].format(
        outcome=words[f"outcome.{outcome.value}"],
        severity=words[f"severity.{result.severity.value}"],
        title=f"{statement.safe(result.title)} [{result.rule}]",
    )
    rank = 1 + list(Severity).index(result.severity) * len(Outcome) + list(Outcome).index(outcome)
    place = finding.location if finding else None
    return _Annotation(level, rank, properties, statement.in_cell(place, lines))


def _place(report: Report, place: Location) -> dict[str, str]:
    if report.submission.path == "-":
        return {}
    properties = {"file": statement.path_of(report, place.file)}
    region = statement.region_of(place)
    if region:
        line, column, end_line, end_column = region
        properties["line"] = str(line)
        properties["endLine"] = str(end_line or line)
        if column and end_line in (None, line):
            # GitHub's columns are inclusive, and it takes them only within one line.
            properties["col"] = str(column)
            properties["endColumn"] = str(end_column - 1 if end_column else column)
    return properties


# --- workflow commands ---------------------------------------------------------------------------


def _command(annotation: _Annotation) -> str:
    properties = ",".join(f"{name}={_property(v)}" for name, v in annotation.properties.items())
    text = "%0A".join(_data(line) for line in annotation.lines)
    return f"::{annotation.level} {properties}::{text}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line that is no command: the runner also obeys ``##[`` wherever it stands."""
    return visible(text).replace("##[", "## [")
