"""The lines of one rule's result for a terminal: its title, its findings and their places."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Finding, RuleResult
from kehou.model.values import Location
from kehou.render.words.visible_text import excerpt, pad, shortened, width
from kehou.render.words.wording import Words, alike, compact, dotted, line_of, shown_value

#: A style of ``text.py`` and the text it is for.
Line = tuple[str, str]

#: Outcomes of a finding that ask something of somebody, gravest first.
TOLD = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)

_TITLE_COLUMNS = 52
_FINDINGS_SHOWN = 5
_OTHERS_SHOWN = 5
_RELATED_SHOWN = 3


def severity_columns(words: Words) -> int:
    """Terminal columns of the widest severity word."""
    return max(width(words[f"severity.{severity.value}"]) for severity in Severity)


def title(result: RuleResult, words: Words) -> Iterator[Line]:
    """Severity, title and id of a rule, in columns."""
    severity = words[f"severity.{result.severity.value}"]
    red = result.severity is Severity.CRITICAL and result.outcome is Outcome.FAIL
    yield (
        "fail" if red else "strong",
        (
            f"  {pad(severity, severity_columns(words))}  {pad(result.title, _TITLE_COLUMNS)}"
            f"  {result.rule}"
        ),
    )


def told_findings(result: RuleResult) -> list[Finding]:
    """The findings of a rule that ask something, gravest first."""
    told = [f for f in result.findings if f.outcome in TOLD]
    return sorted(told, key=lambda f: TOLD.index(f.outcome))


def findings(result: RuleResult, words: Words, full: bool) -> Iterator[Line]:
    """The findings that ask something; ``full`` caps nothing."""
    told = told_findings(result)
    limit = len(told) if full else _FINDINGS_SHOWN
    line_shown = ""
    for finding in told[:limit]:
        place = compact(finding.location) if finding.location else ""
        other = finding.outcome is not result.outcome
        prefix = words[f"outcome.{finding.outcome.value}"] + words["colon"] if other else ""
        message = shortened(finding.message) or words["cannot_tell"]
        yield "", "    " + "  ".join(part for part in (place, prefix + message) if part)
        here = line_of(finding.location)
        if finding.outcome is not Outcome.INSUFFICIENT and here != line_shown:
            yield from quoted_line(finding.location, 7)
            line_shown = here
        yield from _details(finding, words, full)
    if len(told) > limit:
        hidden = sum(f.count for f in told[limit:])
        yield "", "    " + words["more_findings"].format(n=hidden)


def _details(finding: Finding, words: Words, full: bool) -> Iterator[Line]:
    if finding.count > 1:
        yield "", "      " + alike(finding, words, None if full else _OTHERS_SHOWN)
    related = dict.fromkeys(compact(place) for place in finding.related)
    if finding.location:
        related.pop(compact(finding.location), None)
    for place in list(related)[: None if full else _RELATED_SHOWN]:
        yield "", "      " + words["see_also"].format(place=place)
    if finding.missing and full:
        missing = [dotted(path) for path in dict.fromkeys(finding.missing)]
        yield "", f"    {words['label.missing']}  {words['list'].join(missing)}"
    for assumption in finding.assumptions:
        yield "", f"    {words['label.assumption']}  {shortened(assumption)}"
    if full:
        for name, value in finding.found.items():
            shown = shortened(shown_value(value, words))
            yield "", "      " + words["found"].format(name=name, value=shown)


def quoted_line(location: Location | None, indent: int) -> Iterator[Line]:
    """The line of the submission with carets under the place; ``indent`` is its number's width."""
    window = excerpt(location) if location else None
    if location is None or window is None:
        return
    number = f"{location.line or '':>{indent}}"
    yield "", f"{number} | {window.before}{window.marked}{window.after}"
    yield "caret", " " * (len(number) + 3 + window.offset) + "^" * window.length
