"""A summary for the terminal: who has to be dealt with first, and what is commonest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kehou.batch.runner import Done
from kehou.batch.sentences import (
    copied,
    group_note,
    lacks,
    left,
    left_n,
    named,
    tally,
    unadopted,
    verdict,
    waived,
)
from kehou.batch.summary import UNJUDGED, Paper, Place, Summary
from kehou.model.outcomes import Outcome
from kehou.render.words import visible

#: How many lines of a list are shown where not everything is asked for.
_SHOWN = 10
Words = Mapping[str, str]


def render(done: Done, words: Words, verbosity: int = 0) -> str:
    """The summary as text; everything at verbosity 1, the verdict and who was not read at -1."""
    lines = list(_lines(done.summary, words, verbosity))
    return "".join(visible(line.rstrip()) + "\n" for line in lines)


def _lines(summary: Summary, words: Words, verbosity: int) -> Iterator[str]:
    yield f"kehou · {words['stage.' + summary.stage]} · {words['batch.title']}"
    yield verdict(summary, words)
    most = None if verbosity > 0 else _SHOWN
    for title, told in (
        (left_n(summary, words), left(summary, words)),
        (words["batch.unadopted"], unadopted(summary, words)),
    ):
        if told:
            yield ""
            yield title.format(n=len(told))
            yield from _first(told, most, words)
    for group in (*UNJUDGED, *(("red", "fail", "open", "clean") if verbosity >= 0 else ())):
        yield from _group(summary, group, words, most)
    for title, told in (
        (
            "batch.late",
            [
                words["batch.days_late"].format(
                    name=p.name, until=p.row.until if p.row else "", n=p.late
                )
                for p in summary.late
            ],
        ),
        ("batch.unregistered", [f"{p.name} {p.path}" for p in summary.unregistered]),
        ("batch.copied", [copied(group, summary, words) for group in summary.copies]),
        ("batch.waived", waived(summary, words)),
    ):
        if told:
            yield ""
            yield words[title].format(n=len(told))
            yield from _first(told, most, words)
    if verbosity >= 0:
        yield from _problems(summary, words, most)
        yield from _papers(summary, words, most)
    if summary.changes is not None:
        yield ""
        yield tally(summary.changes, words)
    yield from summary.notes


def _group(summary: Summary, group: str, words: Words, most: int | None) -> Iterator[str]:
    places = summary.of(group)
    if not places:
        return
    yield ""
    yield words["batch.group_n"].format(
        group=words[f"batch.group.{group}"], n=summary.number(group)
    )
    if group in ("absent", "clean"):
        yield "  " + named(places, words, 40 if most else None)
        if note := group_note(summary, group, words):
            yield "  " + note
        return
    told = [_line(place, words) for place in places]
    yield from _first(told, None if group in UNJUDGED else most, words)


def _line(place: Place, words: Words) -> str:
    entry = place.entry
    assert entry is not None
    if place.group in UNJUDGED:
        why = entry.faults[0] if entry.faults else words["batch.nothing_judged"]
        key = "batch.doubled_with" if place.group == "doubled" else "batch.why"
        whose = f"{entry.name} {entry.path}" if entry.name else entry.path
        return words[key].format(whose=whose, why=why)
    counts = [
        words["batch.count"].format(title=words[title], n=n)
        for title, n in (
            ("severity.critical", entry.red_lines),
            ("outcome.fail", place.count(Outcome.FAIL)),
            ("outcome.error", place.count(Outcome.ERROR)),
            ("outcome.review", place.count(Outcome.REVIEW)),
            ("batch.missing", place.missing),
        )
        if n
    ]
    decided = words[f"decision.{entry.decision}"] if entry.decision else ""
    told = words["comma"].join(filter(None, [*counts, decided]))
    whose = f"{place.name} {place.id}".rstrip()
    return words["batch.why"].format(whose=whose, why=told) if told else whose


def _first(told: Sequence[str], most: int | None, words: Words) -> Iterator[str]:
    for line in told[:most]:
        yield f"  {line}"
    if most is not None and len(told) > most:
        yield "  " + words["batch.more"].format(n=len(told) - most)


def _problems(summary: Summary, words: Words, most: int | None) -> Iterator[str]:
    for key, problems in (
        ("batch.problems", summary.problems),
        ("batch.read_only", summary.read_only),
    ):
        if not problems:
            continue
        yield ""
        yield words[key]
        told = [
            words["batch.problem"].format(
                n=len(problem.places),
                severity=words[f"severity.{problem.rule.severity}"],
                title=problem.rule.title,
                names=named(problem.places, words, 3),
            )
            for problem in problems
        ]
        yield from _first(told, most, words)


def _papers(summary: Summary, words: Words, most: int | None) -> Iterator[str]:
    for owner in dict.fromkeys(paper.owner for paper in summary.papers):
        papers = [paper for paper in summary.papers if paper.owner == owner]
        yield ""
        yield words["batch.papers"].format(owner=words[f"gap.{owner}"])
        told = [
            words["batch.paper"].format(
                n=len(paper.places),
                label=paper.label,
                whole=_counted(paper, words),
                names=named(paper.places, words, 3),
            )
            for paper in papers
        ]
        yield from _first(told, most, words)


def _counted(paper: Paper, words: Words) -> str:
    """How many lack all of a paper, and of how many nobody can say; nothing where none does."""
    return "".join(words["comma"] + told for told in lacks(paper, words))
