"""A summary as one page: no script, nothing fetched; filters act on the screen, paper is whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kehou.batch.runner import Done
from kehou.batch.sentences import (
    copied,
    group_note,
    lacks,
    left,
    left_n,
    reason,
    tally,
    unadopted,
    verdict,
    waived,
)
from kehou.batch.summary import GROUPS, UNJUDGED, WORST, Place, Summary, counted
from kehou.render.page import css_hash, page, style, style_hash

Words = Mapping[str, str]
_STYLE: Final = "summary.css"
#: The most values of a row of filters; with more of them there is none.
_MOST_VALUES: Final = 8
#: Group or outcome → its mark; its colour where that is another.
_MARKS: Final = {
    "unread": "error",
    "doubled": "doubled",
    "absent": "none",
    "red": "fail",
    "open": "missing",
    "clean": "pass",
    "fail": "fail",
    "error": "error",
    "review": "review",
    "insufficient": "missing",
    "not_judged": "unjudged",
    "waived": "waived",
    "pass": "pass",
}
_KINDS: Final = {**_MARKS, "doubled": "error", "absent": "na"}


@dataclass(frozen=True, slots=True)
class _Option:
    id: str
    title: str
    n: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class _Filter:
    """A row of radio buttons; ``name`` is also the start of the classes of its rows."""

    name: str
    title: str
    stratum: str
    options: tuple[_Option, ...]


def render(done: Done, words: Words, verbosity: int = 0) -> str:
    """The summary as HTML."""
    summary = done.summary
    filters = [f for n, name in enumerate(done.titles) if (f := _filter(n, name, done, words))]
    rules = _rules(filters)
    return page(
        "summary.html.j2",
        words,
        words["batch.page.title"].format(stage=words[f"stage.{summary.stage}"]),
        s=summary,
        stage=words[f"stage.{summary.stage}"],
        verdict=verdict(summary, words),
        counts=[(group, n) for group in GROUPS if (n := summary.number(group))],
        first=_first(summary, words),
        grouped=[(group, found) for group in GROUPS if (found := summary.of(group))],
        unjudged=UNJUDGED,
        why=lambda place: reason(place, words),
        note=lambda group: group_note(summary, group, words),
        moved=lambda place: _moved(place, summary, words),
        strata=list(done.titles.values()),
        strata_names=list(done.titles),
        columns=2 + len(done.titles) + len(summary.areas) + (summary.changes is not None),
        marks=_MARKS,
        kinds=_KINDS,
        legend=_legend(summary),
        filters=filters,
        classes=lambda place: [_class_of(f, place) for f in filters],
        filter_css=style(rules),
        filter_hash=style_hash(rules),
        summary_hash=css_hash(_STYLE),
        contents=_contents(summary, words),
        lacks=lambda paper: lacks(paper, words),
        by_owner=_by_owner(summary),
        most=max((len(paper.places) for paper in summary.papers), default=1),
        tally=tally(summary.changes, words) if summary.changes else "",
        links=_links(done),
    )


def _first(summary: Summary, words: Words) -> list[tuple[str, list[str]]]:
    """What a person has to look at first: who is late, unknown, alike, and what was left out."""
    late = [
        words["batch.days_late"].format(name=p.name, until=p.row.until if p.row else "", n=p.late)
        for p in summary.late
    ]
    unknown = [" ".join(dict.fromkeys((p.name, p.path))) for p in summary.unregistered]
    alike = [copied(group, summary, words) for group in summary.copies]
    rows = [
        (left_n(summary, words), left(summary, words)),
        (words["batch.unadopted"], unadopted(summary, words)),
        (words["batch.late"], late),
        (words["batch.unregistered"], unknown),
        (words["batch.copied"], alike),
        (words["batch.waived"], waived(summary, words)),
    ]
    return [(title.format(n=len(lines)), lines) for title, lines in rows if lines]


def _contents(summary: Summary, words: Words) -> list[tuple[str, str]]:
    found = [
        ("s1", words["batch.page.subjects"], True),
        ("s2", words["batch.problems"], bool(summary.problems or summary.read_only)),
        ("s3", words["batch.sheet.papers"], bool(summary.papers)),
        ("s4", words["batch.sheet.strata"], True),
        ("s5", words["batch.page.since"], summary.changes is not None),
    ]
    return [(id, title) for id, title, there in found if there]


def _legend(summary: Summary) -> list[str]:
    seen = {cell.outcome for place in summary.places for cell in place.cells.values()}
    return [outcome.value for outcome in WORST if outcome in seen]


def _by_owner(summary: Summary) -> list[tuple[str, list[object]]]:
    owners = dict.fromkeys(paper.owner for paper in summary.papers)
    return [(owner, [p for p in summary.papers if p.owner == owner]) for owner in owners]


def _moved(place: Place, summary: Summary, words: Words) -> str:
    """What changed with a submitter since the last round."""
    if summary.changes is None:
        return ""
    whose = (place.entry.id or place.entry.name) if place.entry else ""
    if whose not in summary.changes.both:
        return ""
    states = [change.state for change in summary.changes.of(whose)]
    told = [
        words[f"batch.change.{state}"].format(n=states.count(state))
        for state in ("mended", "new")
        if state in states
    ]
    return words["comma"].join(told)


# --- filters -------------------------------------------------------------------------------


def _filter(number: int, name: str, done: Done, words: Words) -> _Filter | None:
    values: dict[str, list[Place]] = {}
    for place in done.summary.places:
        values.setdefault(place.stratum(name), []).append(place)
    if not 1 < len(values) <= _MOST_VALUES:
        return None
    every = _Option(f"f{number}-all", words["batch.page.all"], done.summary.number())
    options = [
        _Option(f"f{number}-{i}", value or words["batch.page.unsaid"], counted(places), value)
        for i, (value, places) in enumerate(sorted(values.items()))
    ]
    return _Filter(f"f{number}", done.titles[name], name, (every, *options))


def _class_of(filter: _Filter, place: Place) -> str:
    value = place.stratum(filter.stratum)
    return next((f"k-{option.id}" for option in filter.options if option.value == value), "")


def _rules(filters: list[_Filter]) -> str:
    """The filters as CSS, for the screen alone."""
    rules = [
        f"#{option.id}:checked~.list .r:not(.k-{option.id}){{display:none}}"
        for filter in filters
        for option in filter.options[1:]
    ]
    return f"@media screen{{{''.join(rules)}}}" if rules else ""


def _links(done: Done) -> dict[str, str]:
    """The page of each submission, as seen from the summary, where one was written."""
    found: dict[str, str] = {}
    for path, files in done.files.items():
        for format, file in files:
            if format == "html" and done.beside is not None:
                found[path] = os.path.relpath(file, done.beside).replace(os.sep, "/")
    return found
