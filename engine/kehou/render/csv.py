"""CSV, for a spreadsheet: the 逐项核查表, one row for each rule and each unreadable value.

UTF-8 with a byte order mark, without which Excel takes Chinese for something else; lines end
with CRLF (RFC 4180). No cell can be read as a formula, and none is longer than a cell may be.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from kehou.model import Finding, Outcome, Report, RuleResult
from kehou.render import catalogue, statement
from kehou.render.visible import visible
from kehou.render.wording import Words, compact, dotted

#: Columns of the table (terms.md §2), then those that tell rows of several reports apart.
COLUMNS = (
    "number",
    "clauses",
    "quotes",
    "checked",
    "outcome",
    "facts",
    "missing",
    "severity",
    "remedy",
    "rule",
    "school",
    "path",
)
#: Excel holds 32,767 characters in a cell.
CELL_LIMIT = 32_000
_FORMULA = frozenset("=+-@＝＋－＠|\t\r\n")
_SILENT = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one table, in ``language`` or that of the first."""
    words = catalogue.load(language or (reports[0].language if reports else "zh"))
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([words[f"table.{name}"] for name in COLUMNS])
    number = 0
    for report in reports:
        of_report = [statement.safe(report.school_name or ""), statement.safe(report.path)]
        for row in (*_faults(report, words), *(_row(report, r, words) for r in report.results)):
            number += 1
            writer.writerow([number, *(cell(text) for text in (*row, *of_report))])
    return "\ufeff" + out.getvalue()


def cell(text: str) -> str:
    """A text as a cell: control characters shown, cut to what fits, never a formula."""
    shown = visible(text[:CELL_LIMIT], keep="\n")
    if len(text) > CELL_LIMIT or len(shown) > CELL_LIMIT:
        shown = shown[: CELL_LIMIT - 1] + "…"
    return f"'{shown}" if shown.strip()[:1] in _FORMULA else shown


def _faults(report: Report, words: Words) -> Iterator[list[str]]:
    for fault in report.faults:
        told, *hint = statement.fault_lines(fault, words)
        facts = f"{told}（{statement.safe(compact(fault.location))}）"
        outcome = words["outcome.error"]
        yield ["", "", words["program.fault"], outcome, facts, "", "", *(hint or [""]), ""]


def _row(report: Report, result: RuleResult, words: Words) -> list[str]:
    told = [f for f in result.findings if f.outcome not in _SILENT]
    facts = _fitting([_fact(finding, result, words) for finding in told], words)
    if not result.findings:
        facts = "\n".join(
            statement.safe(r.because) for r in report.not_judged if r.rule == result.rule
        )
    lacking = dict.fromkeys(path for f in told for path in f.missing)
    named = {item.path: item.label for item in report.missing_evidence}
    shown = [
        words["named"].format(label=named[path], path=dotted(path))
        if path in named
        else dotted(path)
        for path in lacking
    ]
    return [
        "\n".join(clause.id for clause in result.clauses),
        "\n".join(statement.clauses(result, words)),
        statement.safe(result.title),
        words[f"outcome.{result.outcome.value}"],
        facts,
        _fitting([statement.safe(text) for text in shown], words),
        words[f"severity.{result.severity.value}"],
        _fitting(list(dict.fromkeys(statement.safe(f.remedy) for f in told if f.remedy)), words),
        result.rule,
    ]


def _fact(finding: Finding, result: RuleResult, words: Words) -> str:
    prefix = ""
    if finding.outcome is not result.outcome:
        prefix = words[f"outcome.{finding.outcome.value}"] + words["colon"]
    place = statement.placed(finding).rstrip()
    text = prefix + statement.message(finding, result, words)
    if finding.count > 1:
        text += f" ×{finding.count}"
    text = f"{text}（{place}）" if place else text
    return "\n".join(part for part in (text, statement.excuse(finding, words)) if part)


def _fitting(texts: Sequence[str], words: Words) -> str:
    """Texts one below the other, as many as a cell holds, and how many more there are."""
    room = CELL_LIMIT - 100
    for shown, text in enumerate(texts):
        room -= len(visible(text)) + 1
        if room < 0:
            return "\n".join((*texts[:shown], words["table.more"].format(n=len(texts) - shown)))
    return "\n".join(texts)
