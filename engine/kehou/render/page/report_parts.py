"""What the page of a check draws and lets choose: marks by area, filters, counts of red lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import Report, RuleResult
from kehou.render.words.digest import HEADINGS, Digest
from kehou.render.words.summary import is_suggestion
from kehou.render.words.wording import Words

#: Marks in a row of the picture, and the room of one.
_ROW, _STEP = 36, 13
#: Outcomes of marks, gravest first; what does not apply is not drawn.
_DRAWN = ("fail", "review", "insufficient", "error", "waived", "not_judged", "advice", "pass")
#: The style sheet knows so many areas.
_AREAS = 12


@dataclass(frozen=True, slots=True)
class Area:
    """An area's marks (outcome, x, y) in a picture of a size, and how many of each there are."""

    title: str
    marks: tuple[tuple[str, int, int], ...]
    width: int
    height: int
    counts: tuple[tuple[str, int], ...]


def areas_of(report: Report) -> list[Area]:
    """The areas in the pack's order, each with a mark for every rule that applies."""
    found = []
    for area in _ordered(report, report.results):
        outcomes = sorted(
            (
                "advice" if is_suggestion(r) else r.outcome.value
                for r in report.results
                if r.area == area and r.outcome is not Outcome.NOT_APPLICABLE
            ),
            key=_DRAWN.index,
        )
        if not outcomes:
            continue
        marks = tuple(
            (outcome, at % _ROW * _STEP, at // _ROW * _STEP) for at, outcome in enumerate(outcomes)
        )
        counts = Counter(outcomes)
        found.append(
            Area(
                report.packs.areas.get(area, area),
                marks,
                _ROW * _STEP,
                ((len(outcomes) - 1) // _ROW + 1) * _STEP,
                tuple((name, counts[name]) for name in _DRAWN if counts[name]),
            )
        )
    return found


def by_area(report: Report, results: Sequence[RuleResult]) -> Iterator[tuple[str, list[str]]]:
    """The titles of some rules by area, in the pack's order."""
    for area in _ordered(report, results):
        members = [r.title for r in results if r.area == area]
        yield report.packs.areas.get(area, area), members


def _ordered(report: Report, results: Sequence[RuleResult]) -> list[str]:
    present = {r.area for r in results}
    return [a for a in dict.fromkeys((*report.packs.areas, *sorted(present))) if a in present]


def number_of_area(report: Report, area: str) -> int:
    """The number of an area for the style sheet; all beyond the last share it."""
    areas = list(dict.fromkeys((*report.packs.areas, *(r.area for r in report.results))))
    return min(areas.index(area) + 1, _AREAS) if area in areas else _AREAS


def red_of(report: Report, outcome: str) -> int:
    """How many rules of the first severity have an outcome that asks something."""
    if outcome not in HEADINGS:
        return 0
    return sum(
        r.severity is Severity.CRITICAL and r.outcome.value == outcome for r in report.results
    )


def choices(digest: Digest, kind: str, report: Report, words: Words) -> list[tuple[str, str]]:
    """What a filter offers: values of the style sheet's classes and what they are called."""
    problems, papers = digest.problems, digest.papers
    if kind == "k":
        present = {p.heading for p in problems} | ({"insufficient"} if papers else set())
        return [(name, words[f"outcome.{name}"]) for name in HEADINGS if name in present]
    if kind == "s":
        found = {p.severity for p in problems} | {p.severity for p in papers if p.results}
        return [
            (s.value, words[f"severity.{s.value}"])
            for s in Severity
            if s in found and s is not Severity.ADVICE
        ]
    areas = {p.area for p in problems} | {area for p in papers for area in p.areas}
    named: dict[int, str] = {}
    for area in _ordered(report, report.results):
        if area in areas:
            number = number_of_area(report, area)
            named.setdefault(number, report.packs.areas.get(area, area))
    return [(str(number), title) for number, title in named.items()]
