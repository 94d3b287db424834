"""A summary as a workbook: sheets to sort and to filter, each with its head kept in view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kehou.batch.runner import Done
from kehou.batch.sentences import (
    copied,
    group_note,
    left,
    left_n,
    named,
    reason,
    unadopted,
    verdict,
    waived,
)
from kehou.batch.summary import GROUPS, UNJUDGED, Place, Summary
from kehou.model.outcomes import Outcome
from kehou.render.office import Page, workbook

Words = Mapping[str, str]
_COUNTED = (
    ("red", None),
    ("fail", Outcome.FAIL),
    ("review", Outcome.REVIEW),
    ("insufficient", Outcome.INSUFFICIENT),
    ("error", Outcome.ERROR),
)


def render(done: Done, words: Words, verbosity: int = 0) -> bytes:
    """The summary as xlsx."""
    summary = done.summary
    pages = [
        _places(done, words),
        _problems(summary, words),
        _papers(summary, words),
        *_strata(summary, words),
        _look(summary, words),
    ]
    if summary.changes is not None:
        pages.append(_changes(summary, words))
    title = words["batch.page.title"].format(stage=words[f"stage.{summary.stage}"])
    first = verdict(summary, words)
    told = [left_n(summary, words)] if summary.left else []
    if unused := unadopted(summary, words):
        told.append(words["batch.unadopted"].format(n=len(unused)))
    first = words["semicolon"].join((first, *told))
    return workbook(title, pages, first)


def _places(done: Done, words: Words) -> Page:
    """Every submitter in a row: its state, the worst outcome of each area, counts."""
    summary = done.summary
    columns = {words["batch.column.subject"]: 24, words["batch.column.id"]: 13}
    columns |= {title: 10 for title in done.titles.values()}
    columns |= {words["batch.column.group"]: 14, words["batch.column.decision"]: 12}
    areas = list(summary.areas)
    columns |= {summary.areas[area]: 12 for area in areas}
    first = len(columns)
    columns |= {words[f"batch.column.{name}"]: 9 for name, _ in _COUNTED}
    for name in ("unreadable", "missing", "late"):
        columns[words[f"batch.column.{name}"]] = 9
    numbers = frozenset(range(first, len(columns)))
    if summary.registered:
        columns[words["batch.column.registered"]] = 11
    columns |= {words["batch.column.why"]: 34, words["batch.column.path"]: 30}
    rows = [tuple(_row(place, done, areas, words)) for place in summary.places]
    return Page(words["batch.sheet.places"], (), columns, tuple(rows), numbers=numbers)


def _row(place: Place, done: Done, areas: list[str], words: Words) -> Iterator[str]:
    summary, entry = done.summary, place.entry
    judged = place.group not in UNJUDGED
    yield place.name
    yield place.id
    yield from (place.stratum(name) for name in done.titles)
    yield words[f"batch.short.{place.group}"]
    yield words[f"decision.{entry.decision}"] if entry and entry.decision else ""
    for area in areas:
        cell = place.cells.get(area) if judged else None
        red = words["severity.critical"] if cell and cell.red else ""
        yield f"{red}{words[f'outcome.{cell.outcome}']}" if cell else ""
    for _, outcome in _COUNTED:
        n = place.count(outcome) if outcome else (entry.red_lines if entry else 0)
        yield str(n) if judged else ""
    yield str(entry.unreadable) if entry and place.group != "doubled" else ""
    yield str(place.missing) if judged else ""
    yield str(place.late) if place.late else ""
    if summary.registered:
        yield "" if place.row else words["batch.unregistered_short"]
    yield words["comma"].join(filter(None, _why(place, summary, words))) if not judged else ""
    yield place.path


def _why(place: Place, summary: Summary, words: Words) -> tuple[str, str]:
    """Why nothing was judged of a submitter, and what it may only seem to lack."""
    note = group_note(summary, place.group, words) if place.group == "absent" else ""
    return reason(place, words), note


def _problems(summary: Summary, words: Words) -> Page:
    columns = {"severity": 9, "problem": 40, "area": 12, "count": 9, "names": 70}
    rows = [
        (
            words[f"severity.{problem.rule.severity}"],
            f"{problem.rule.title}{mark}",
            summary.areas.get(problem.rule.area, problem.rule.area),
            str(len(problem.places)),
            named(problem.places, words),
        )
        for mark, problems in (("", summary.problems), (words["batch.mark"], summary.read_only))
        for problem in problems
    ]
    return _page("problems", columns, rows, words, {3})


def _papers(summary: Summary, words: Words) -> Page:
    columns = {"owner": 14, "paper": 40, "count": 9, "whole": 9, "names": 80}
    rows = [
        (
            words[f"gap.{paper.owner}"],
            paper.label,
            str(len(paper.places)),
            str(len(paper.whole)),
            named(paper.places, words),
        )
        for paper in summary.papers
    ]
    return _page("papers", columns, rows, words, {2, 3})


def _strata(summary: Summary, words: Words) -> Iterator[Page]:
    """A sheet for each thing that submitters are divided by."""
    for title, found in summary.strata.items():
        columns = {title: 20, words["batch.column.total"]: 9}
        columns |= {words[f"batch.short.{group}"]: 14 for group in GROUPS}
        rows = [
            (
                row.value or words["batch.page.unsaid"],
                str(row.total),
                *(str(row.groups[group]) for group in GROUPS),
            )
            for row in found
        ]
        name = words["batch.page.by"].format(title=title)
        yield Page(name, (), columns, tuple(rows), numbers=frozenset(range(1, len(columns))))


def _look(summary: Summary, words: Words) -> Page:
    """What a person has to look at: likeness, lateness, who is not registered, strays."""
    rows = [(words["batch.look.stray"], told) for told in left(summary, words)]
    rows += [(words["batch.look.unadopted"], told) for told in unadopted(summary, words)]
    rows += [
        (words["batch.look.copied"], copied(group, summary, words)) for group in summary.copies
    ]
    for place in summary.late:
        until = place.row.until if place.row else ""
        told = words["batch.days_late"].format(name=place.name, until=until, n=place.late)
        rows.append((words["batch.look.late"], told))
    for place in summary.unregistered:
        rows.append((words["batch.unregistered_short"], f"{place.name} {place.path}"))
    rows += [(words["batch.look.waived"], told) for told in waived(summary, words)]
    return _page("look", {"group": 16, "why": 110}, rows, words)


def _changes(summary: Summary, words: Words) -> Page:
    assert summary.changes is not None
    columns = {"subject": 24, "id": 13, "severity": 9, "problem": 50, "change": 14}
    rows = [
        (
            one.name,
            one.id,
            words[f"severity.{one.severity}"],
            one.title,
            words[f"batch.changed.{one.state}"],
        )
        for one in summary.changes.changes
    ]
    return _page("changes", columns, rows, words)


def _page(
    name: str,
    columns: Mapping[str, int],
    rows: Sequence[tuple[str, ...]],
    words: Words,
    numbers: set[int] | None = None,
) -> Page:
    titled = {words[f"batch.column.{column}"]: width for column, width in columns.items()}
    title = words[f"batch.sheet.{name}"]
    return Page(title, (), titled, tuple(rows), numbers=frozenset(numbers or ()))
