"""The 逐项核查表: one row for each rule and each unreadable value, as texts.

The formats that hold a table (CSV, a workbook, the annex of an opinion) write the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kehou.model.outcomes import Outcome
from kehou.model.report import Finding, Report, RuleResult
from kehou.render.words import statement
from kehou.render.words.gaps import outcome_told
from kehou.render.words.visible_text import visible
from kehou.render.words.wording import Words, compact, dotted

#: Columns of the table after its number, and the rule's id, in the order of a row's texts.
COLUMNS = (
    "clauses",
    "quotes",
    "checked",
    "outcome",
    "facts",
    "missing",
    "severity",
    "remedy",
    "rule",
)
#: Excel holds 32,767 characters in a cell.
CELL_LIMIT = 32_000
_SILENT = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def rows(
    report: Report, words: Words, limit: int = CELL_LIMIT, *, paths: bool = True
) -> Iterator[list[str]]:
    """The rows of a report; no text but the policy's own is longer than about ``limit``.

    What is missing is told with its path, or by its label alone where ``paths`` is false.
    """
    yield from _faults(report, words)
    for result in report.results:
        yield _row(report, result, words, limit, paths)


def told(result: RuleResult) -> list[Finding]:
    """The findings of a rule of which a table says more than the outcome."""
    return [finding for finding in result.findings if finding.outcome not in _SILENT]


def shown(result: RuleResult) -> list[Finding]:
    """Those of :func:`told`, and those that an inspector settled as in order."""
    return [f for f in result.findings if f.outcome not in _SILENT or f.attestation]


def lacking(missing: Sequence[str], report: Report, words: Words, paths: bool = True) -> list[str]:
    """What is missing, each once: its label where the report has one, and its path."""
    named = {item.path: item.label for item in report.missing_evidence}
    told = words["named"] if paths else "{label}"
    shown = [
        told.format(label=named[path], path=dotted(path)) if path in named else dotted(path)
        for path in dict.fromkeys(missing)
    ]
    return [statement.safe(text) for text in shown]


def fact(finding: Finding, result: RuleResult, words: Words) -> str:
    """A finding in one sentence with its place; its outcome where it is not the rule's."""
    prefix = ""
    if finding.outcome is not result.outcome:
        prefix = words[f"outcome.{finding.outcome.value}"] + words["colon"]
    place = statement.placed(finding).rstrip()
    text = prefix + statement.message(finding, result, words)
    if finding.count > 1:
        text += f" ×{finding.count}"
    text = words["table.at"].format(text=text, place=place) if place else text
    grounds = (statement.excuse(finding, words), statement.witness(finding, words))
    return "\n".join(part for part in (text, *grounds) if part)


def fitting(texts: Sequence[str], words: Words, limit: int = CELL_LIMIT) -> str:
    """Texts one below the other, as many as a cell holds, and how many more there are."""
    room = limit - 100
    for shown, text in enumerate(texts):
        room -= len(visible(text)) + 1
        if room < 0 and shown:
            return "\n".join((*texts[:shown], words["table.more"].format(n=len(texts) - shown)))
    return "\n".join(texts)


def _faults(report: Report, words: Words) -> Iterator[list[str]]:
    for fault in report.submission.faults:
        found, *hint = statement.fault_lines(fault, words)
        place = statement.safe(compact(fault.location))
        facts = words["table.at"].format(text=found, place=place)
        outcome = words["outcome.error"]
        yield ["", "", words["program.fault"], outcome, facts, "", "", *(hint or [""]), ""]


def _row(report: Report, result: RuleResult, words: Words, limit: int, paths: bool) -> list[str]:
    findings = shown(result)
    facts = fitting([fact(finding, result, words) for finding in findings], words, limit)
    if not result.findings:
        facts = "\n".join(
            statement.safe(r.because) for r in report.not_judged if r.rule == result.rule
        )
    missing = lacking([path for f in findings for path in f.missing], report, words, paths)
    remedies = dict.fromkeys(statement.safe(f.remedy) for f in findings if f.remedy)
    return [
        "\n".join(clause.id for clause in result.clauses),
        "\n".join(statement.clauses(result, words)),
        statement.safe(result.title),
        outcome_told(result, words),
        facts,
        fitting(missing, words, limit),
        words[f"severity.{result.severity.value}"],
        fitting(list(remedies), words, limit),
        result.rule,
    ]
