"""The lines of one rule's result for a terminal: its title, its findings and their places."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Finding, RuleResult
from kehou.model.values import Location
from kehou.render.words.visible_text import excerpt, pad, shortened, width
from kehou.render.words.wording import (
    Words,
    alike,
    dotted,
    placed,
    told_found,
    told_required,
)

#: A style of ``text.py`` and the text it is for.
Line = tuple[str, str]

_TITLE_COLUMNS = 52


def severity_columns(words: Words) -> int:
    """Terminal columns of the widest severity word."""
    return max(width(words[f"severity.{severity.value}"]) for severity in Severity)


def title(result: RuleResult, words: Words, full: bool = True) -> Iterator[Line]:
    """Severity and title of a rule in columns, and its id where everything is told."""
    severity = pad(words[f"severity.{result.severity.value}"], severity_columns(words))
    red = result.severity is Severity.CRITICAL and result.outcome is Outcome.FAIL
    told = f"{pad(result.title, _TITLE_COLUMNS)}  {result.rule}" if full else result.title
    yield "fail" if red else "strong", f"  {severity}  {told}"


def details(finding: Finding, words: Words) -> Iterator[Line]:
    """All there is to a finding: whom it is of, every place, what is missing, seen and wanted."""
    if finding.count > 1:
        yield "", "      " + alike(finding, words, None)
    related = dict.fromkeys(placed(place, words) for place in finding.related)
    if finding.location:
        related.pop(placed(finding.location, words), None)
    for place in related:
        yield "", "      " + words["see_also"].format(place=place)
    if finding.missing:
        missing = [dotted(path) for path in dict.fromkeys(finding.missing)]
        yield "", f"    {words['label.missing']}  {words['list'].join(missing)}"
    for key, told in (
        ("digest.seen", told_found(finding, words)),
        ("digest.wanted", told_required(finding, words)),
    ):
        if told:
            yield "", f"      {words[key]}{words['colon']}{shortened(told)}"


def quoted_line(location: Location | None, indent: int) -> Iterator[Line]:
    """The line of the submission with carets under the place; ``indent`` is its number's width."""
    window = excerpt(location) if location else None
    if location is None or window is None:
        return
    number = f"{location.line or '':>{indent}}"
    yield "", f"{number} | {window.before}{window.marked}{window.after}"
    yield "caret", " " * (len(number) + 3 + window.offset) + "^" * window.length
