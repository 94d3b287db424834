"""The counts of a report and what they mean for the gate; shared by every format and the CLI.

Rules of severity ``advice`` are counted apart: they touch neither decision nor exit code
(docs/language.md §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kehou.errors import EXIT_FAIL, EXIT_OK, EXIT_UNREADABLE, EXIT_UNSETTLED, EXIT_USAGE
from kehou.model.outcomes import ClauseStatus, Outcome, Owner, Severity
from kehou.model.report import AttestationNote, Report, RuleResult
from kehou.render.words.gaps import owner_of_result
from kehou.render.words.seen_breaches import seen_breaches

#: Outcomes of an ``advice`` rule that print as 建议.
SUGGESTED = (Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
#: Severities that stand in the way of acceptance whatever ``--fail-on`` says (docs/architecture.md
#: §8).
BLOCKING = (Severity.CRITICAL, Severity.MAJOR)


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of rules by outcome; every outcome and status is a key, zeros too.

    ``rules`` leaves out the advice rules, ``advice_rules`` holds them alone; ``advice`` is the
    number of them that print as 建议; ``red_lines`` the number of critical rules that fail.
    ``seen`` is what inspectors saw broken of what no rule decides (`seen_breaches`).
    ``gaps`` counts the rules that are insufficient or not judged by whose gap that is.
    """

    rules: dict[str, int]
    advice: int
    advice_rules: dict[str, int]
    red_lines: int
    not_at_this_stage: int
    clauses: dict[str, int]
    gaps: dict[str, int]
    seen: tuple[RuleResult, ...] = ()

    @property
    def breaches(self) -> int:
        """How many breaches there are: rules that fail, and what inspectors saw beside them."""
        return self.rules[Outcome.FAIL.value] + len(self.seen)


def summarise(report: Report) -> Summary:
    """Count a report's rules by rolled-up outcome."""
    advice = [r for r in report.results if r.severity is Severity.ADVICE]
    firm = [r for r in report.results if r.severity is not Severity.ADVICE]
    return Summary(
        rules=_by_outcome(firm),
        advice=sum(r.outcome in SUGGESTED for r in advice),
        advice_rules=_by_outcome(advice),
        red_lines=sum(r.outcome is Outcome.FAIL and r.severity is Severity.CRITICAL for r in firm),
        not_at_this_stage=report.not_at_this_stage,
        clauses={
            status.value: report.packs.clauses.get(status.value, 0) for status in ClauseStatus
        },
        gaps={owner.value: sum(owner_of_result(r) is owner for r in firm) for owner in Owner},
        seen=seen_breaches(report),
    )


def _by_outcome(results: Iterable[RuleResult]) -> dict[str, int]:
    counts = {outcome.value: 0 for outcome in Outcome}
    for result in results:
        counts[result.outcome.value] += 1
    return counts


def groups(report: Report) -> dict[str, list[RuleResult]]:
    """Results by the heading they print under: an outcome, or ``advice``; gravest first."""
    found: dict[str, list[RuleResult]] = {}
    order = tuple(Severity)
    for result in sorted(report.results, key=lambda r: order.index(r.severity)):
        heading = "advice" if is_suggestion(result) else result.outcome.value
        found.setdefault(heading, []).append(result)
    return found


def is_suggestion(result: RuleResult) -> bool:
    """Whether a result prints as 建议 and not under its outcome."""
    return result.severity is Severity.ADVICE and result.outcome in SUGGESTED


@dataclass(frozen=True, slots=True)
class _Gate:
    """What a check must meet: no fail at or above ``severity``; ``None`` lets every fail through.

    With ``new_only`` only what is new or back since the earlier report counts, for the fails and
    for what is not settled. Without a severity nothing that is unsettled counts either.
    """

    severity: Severity | None = Severity.MAJOR
    new_only: bool = False


def _gate(text: str) -> _Gate:
    """``none``, ``new``, a severity, or ``new:`` and a severity; ValueError for anything else."""
    if text == "none":
        return _Gate(None)
    first, colon, rest = text.partition(":")
    if first == "new":
        return _Gate(Severity(rest) if colon else Severity.MAJOR, True)
    return _Gate(Severity(text))


def exit_code(reports: Sequence[Report], fail_on: str = Severity.MAJOR.value) -> int:
    """The exit code of a check (docs/architecture.md §8); the gravest of several reports wins: 4,
    1, 3, 0.

    ``fail_on`` is a severity, ``none``, ``new``, or ``new:`` and a severity; ValueError else. 2
    where nothing was checked: no report, or none in which a rule ran or a fault was found.
    """
    gate = _gate(fail_on)
    codes = {_exit_code_of(report, gate) for report in reports}
    for code in (EXIT_UNREADABLE, EXIT_FAIL, EXIT_UNSETTLED, EXIT_OK):
        if code in codes:
            return code
    return EXIT_USAGE


def _exit_code_of(report: Report, gate: _Gate) -> int:
    graded = [r for r in report.results if r.severity is not Severity.ADVICE]
    if report.submission.faults or any(r.outcome is Outcome.ERROR for r in graded):
        return EXIT_UNREADABLE
    if not report.results:
        return EXIT_USAGE
    if gate.severity is None:
        return EXIT_OK
    counted = _since(report) if gate.new_only else report.results
    failing = _at_or_above(gate.severity)
    fails = [r for r in counted if r.outcome is Outcome.FAIL and r.severity in failing]
    if not all(result.only_read for result in fails):
        return EXIT_FAIL
    if fails:
        return EXIT_UNSETTLED
    unsettled = (Outcome.INSUFFICIENT, Outcome.REVIEW)
    if any(r.outcome in unsettled and r.severity in report.packs.blocking for r in counted):
        return EXIT_UNSETTLED
    if any(_is_breach_beside_rules(note, report) for note in report.attestations.notes):
        return EXIT_UNSETTLED  # an inspector saw a breach of what no rule decides
    if any(note.is_change for note in report.confirmed.notes):
        return EXIT_UNSETTLED  # somebody has to hold a correction against the text
    return EXIT_OK


def _is_breach_beside_rules(note: AttestationNote, report: Report) -> bool:
    """Whether an inspector saw a breach of what no rule decides, or one of two who differ did."""
    if note.verdict is not Outcome.FAIL or note.state not in ("recorded", "conflict"):
        return False
    return note.state == "recorded" or all(r.rule != note.rule for r in report.results)


def _since(report: Report) -> list[RuleResult]:
    """The results whose outcome some subject has since the earlier report and had not then.

    One that was not settled and fails now counts too. What no subject carries is not known from
    then, and counts.
    """
    changes = report.memory.changes if report.memory else ()
    fresh = {
        (c.rule, c.after)
        for c in changes
        if c.state in ("new", "reopened")
        or (c.after is Outcome.FAIL and c.before not in (None, Outcome.FAIL))
    }
    return [r for r in report.results if not r.findings or (r.rule, r.outcome) in fresh]


def _at_or_above(severity: Severity) -> tuple[Severity, ...]:
    """The severities that meet a gate; advice never does."""
    order = tuple(Severity)
    return tuple(s for s in order[: order.index(severity) + 1] if s is not Severity.ADVICE)
