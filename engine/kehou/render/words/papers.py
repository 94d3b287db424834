"""What a report lacks, by the paper that it would stand in and by whose it is to add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kehou.model.outcomes import Outcome, Owner, Severity
from kehou.model.report import MissingEvidence, Report, RuleResult
from kehou.model.values import Location
from kehou.render.words.wording import Words, compact

_SEPARATOR = "·"
#: Lines of a file that are told at most.
_LINES = 5
#: What a rule's outcome is that a paper would settle.
_UNSETTLED = (Outcome.INSUFFICIENT, Outcome.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Entry:
    """Things to write in one part of a paper: ``part`` is "" for the paper itself."""

    part: str
    items: tuple[MissingEvidence, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A paper that is missing, whole or in part, and the rules that wait for it.

    ``of_text`` where the submission is a text, of which a program reads only some things: what
    was not read may stand there.
    """

    title: str
    owner: Owner
    whole: bool
    entries: tuple[Entry, ...]
    items: tuple[MissingEvidence, ...]
    results: tuple[RuleResult, ...]
    of_text: bool = False

    @cached_property
    def severity(self) -> Severity:
        """That of the gravest rule that waits for it."""
        return min((r.severity for r in self.results), key=list(Severity).index)

    @cached_property
    def red_lines(self) -> tuple[RuleResult, ...]:
        """The rules of the first severity among those that wait."""
        return tuple(r for r in self.results if r.severity is Severity.CRITICAL)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """The areas of the rules that wait, each once."""
        return tuple(dict.fromkeys(r.area for r in self.results))

    @cached_property
    def places(self) -> tuple[Location, ...]:
        """Where to write, each place once."""
        return once(item.location for item in self.items if item.location)


def once(places: Iterable[Location]) -> tuple[Location, ...]:
    """Places, each once, in their order."""
    return tuple({compact(place): place for place in places}.values())


def papers_of(report: Report) -> tuple[Paper, ...]:
    """The papers by owner; of one owner that first for which the gravest rules wait, then most."""
    results = {result.rule: result for result in report.results}
    groups: dict[tuple[Owner, str], list[MissingEvidence]] = {}
    for item in report.missing_evidence:
        groups.setdefault((item.owner, _title(item)), []).append(item)
    found = []
    for (owner, title), items in groups.items():
        rules = dict.fromkeys(rule for item in items for rule in item.settles)
        waiting = [results[rule] for rule in rules if rule in results]
        order = list(Severity)
        waiting.sort(key=lambda r: order.index(r.severity))
        whole = any(item.path.count("/") == 1 for item in items)
        entries, of_text = _entries(title, items), bool(report.submission.prose)
        found.append(Paper(title, owner, whole, entries, tuple(items), tuple(waiting), of_text))
    owners, order = list(Owner), list(Severity)
    return tuple(
        sorted(
            found,
            key=lambda p: (
                owners.index(p.owner),
                order.index(p.severity) if p.results else len(order),
                -len(p.results),
            ),
        )
    )


def _title(item: MissingEvidence) -> str:
    return item.paper or _split(item.label)[0]


def _split(label: str) -> list[str]:
    return [part.strip() for part in label.split(_SEPARATOR)]


def _entries(title: str, items: list[MissingEvidence]) -> tuple[Entry, ...]:
    """Things to write by the part of the paper that they stand in."""
    found: dict[str, list[tuple[MissingEvidence, str]]] = {}
    for item in items:
        parts = _split(item.label)
        if parts[0] == title:
            parts = parts[1:]
        if not parts:
            continue  # the whole paper
        joint = " · " if f" {_SEPARATOR} " in item.label else _SEPARATOR
        found.setdefault(joint.join(parts[:-1]), []).append((item, parts[-1]))
    return tuple(
        Entry(part, tuple(i for i, _ in inside), tuple(dict.fromkeys(n for _, n in inside)))
        for part, inside in found.items()
    )


def under(paper: Paper, words: Words) -> str:
    """Where a paper's gaps are to be filled: below which lines of which files."""
    lines: dict[str, list[int]] = {}
    for place in paper.places:
        lines.setdefault(place.file, [])
        if place.line is not None:
            lines[place.file].append(place.line)
    told = []
    for file, numbers in lines.items():
        shown = sorted(set(numbers))
        if not shown:
            told.append(file)
            continue
        listed = words["list"].join(map(str, shown[:_LINES]))
        more = words["digest.names.more"] if len(shown) > _LINES else ""
        told.append(words["digest.paper.under"].format(file=file, lines=listed + more))
    if not told and paper.whole and paper.owner is Owner.SUBJECT:
        return words["digest.paper.attach"]
    return words["semicolon"].join(told)
