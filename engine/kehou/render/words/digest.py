"""What a report comes to for a reader: problems folded, papers wanted, what could not be read.

Every format for people is made from this. Nothing adverse is left out: a finding is told as a
problem, or waits for a paper, or for a place that could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kehou.model.outcomes import Outcome, Severity
from kehou.model.report import CitedClause, Finding, Report, RuleResult
from kehou.model.values import Fault, Location
from kehou.render.words.papers import Paper, once, papers_of
from kehou.render.words.seen_breaches import seen_breaches
from kehou.render.words.summary import is_suggestion
from kehou.render.words.wording import compact, waiting

#: Headings of problems as they are told, most serious first.
HEADINGS = ("fail", "review", "error", "insufficient")
#: Outcomes of findings that are told, gravest first.
TOLD = (Outcome.FAIL, Outcome.REVIEW, Outcome.ERROR, Outcome.INSUFFICIENT)
#: So many findings of a rule are told one by one; of more, those that differ in numbers are one.
_APART = 5
_NUMBER = re.compile(r"\d+(?:[.,:—-]\d+)*")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, of one finding or of several alike: how often, of whom, and where.

    ``names`` is empty where it is said of the parts of one row; ``related`` are further places of
    the first. Of those that are not ``exact`` only numbers differ from the first; ``ranges`` are
    (least, greatest) of each number that differs, in the order of the message.
    """

    outcome: Outcome
    message: str
    count: int
    names: tuple[str, ...]
    places: tuple[Location, ...]
    related: tuple[Location, ...]
    findings: tuple[Finding, ...]
    exact: bool = True
    ranges: tuple[tuple[str, str], ...] = ()

    @property
    def only_read(self) -> bool:
        """Whether it is a breach by what a program read from prose and nobody has confirmed."""
        return self.outcome is Outcome.FAIL and all(f.unconfirmed for f in self.findings)

    @property
    def where(self) -> tuple[Location, ...]:
        """Where it was seen; of one place, what it was held against too."""
        return self.places if len(self.places) > 1 else (*self.places, *self.related)


@dataclass(frozen=True)
class Problem:
    """One thing that asks something of somebody: a rule, or several with the same findings."""

    heading: str
    results: tuple[RuleResult, ...]
    seen: tuple[Seen, ...]

    @cached_property
    def severity(self) -> Severity:
        """That of the gravest of its rules."""
        return min((r.severity for r in self.results), key=list(Severity).index)

    @property
    def area(self) -> str:
        """The area of its first rule."""
        return self.results[0].area

    @cached_property
    def clauses(self) -> tuple[CitedClause, ...]:
        """The clauses of all its rules, each once."""
        return tuple(dict.fromkeys(c for r in self.results for c in r.clauses))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that are told here."""
        return tuple(f for one in self.seen for f in one.findings)

    @cached_property
    def remedies(self) -> tuple[str, ...]:
        """What is asked, each once."""
        return tuple(dict.fromkeys(f.remedy for f in self.findings if f.remedy))

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions of ours that it rests on, each once."""
        return tuple(dict.fromkeys(a for f in self.findings for a in f.assumptions))

    @property
    def certain(self) -> Problem | None:
        """What of a breach somebody stands for; None where only a program read it from prose."""
        kept = tuple(one for one in self.seen if not one.only_read)
        if len(kept) == len(self.seen):
            return self
        fails = any(one.outcome is Outcome.FAIL for one in kept)
        return replace(self, seen=kept) if fails else None

    @property
    def only_read(self) -> Problem | None:
        """What of a breach a program read from prose and nobody has confirmed, with the doubts
        beside it where there is nothing else."""
        if self.certain is None:
            return self
        read = tuple(one for one in self.seen if one.only_read)
        return replace(self, seen=read) if read else None

    @property
    def count(self) -> int:
        """Of how many subjects it is told."""
        return sum(one.count for one in self.seen)


@dataclass(frozen=True, slots=True)
class Unread:
    """A place that could not be read, and the rules that wait for it."""

    fault: Fault
    results: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Why some rules are not judged, and which."""

    because: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A report for a reader.

    ``waiting`` are the rules that could not be judged for what could not be read, without it
    being known for which place; ``open`` leaves out what waits for a paper alone.
    """

    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    papers: tuple[Paper, ...]
    unread: tuple[Unread, ...]
    waiting: tuple[RuleResult, ...]
    open: tuple[Open, ...]


def digest(report: Report) -> Digest:
    """The report folded, each part with what is most serious first."""
    wanted = papers_of(report)
    asked = {rule for item in report.missing_evidence for rule in item.settles}
    unread, lost = _unread(report)
    stuck = {r.rule for one in unread for r in one.results} | {r.rule for r in lost}
    told = (*report.results, *seen_breaches(report))
    problems = [p for r in told if (p := _problem(r, asked, stuck)) is not None]
    problems = sorted(_folded(problems), key=_weight)
    return Digest(
        problems=tuple(p for p in problems if p.heading != "advice"),
        advice=tuple(p for p in problems if p.heading == "advice"),
        papers=wanted,
        unread=unread,
        waiting=lost,
        open=tuple(_open(report, asked)),
    )


# --- problems ------------------------------------------------------------------------------


def _problem(result: RuleResult, asked: set[str], stuck: set[str]) -> Problem | None:
    """A rule with those of its findings that no paper and no unreadable place tells."""
    told = [
        f
        for f in result.findings
        if f.outcome in TOLD
        and not (f.outcome is Outcome.INSUFFICIENT and result.rule in asked and f.missing)
        and not (f.outcome is Outcome.ERROR and result.rule in stuck)
    ]
    heading = "advice" if is_suggestion(result) else result.outcome.value
    if not told:
        silent = result.outcome in TOLD and not result.findings and result.rule not in stuck
        return Problem(heading, (result,), ()) if silent else None
    if heading not in (*HEADINGS, "advice"):
        return None
    return Problem(heading, (result,), tuple(_alike(told)))


def _weight(problem: Problem) -> tuple[int, int, int]:
    """Sorts: a breach before a doubt, a red line before what is less."""
    outcomes = [TOLD.index(one.outcome) for one in problem.seen]
    heading = HEADINGS.index(problem.heading) if problem.heading in HEADINGS else len(HEADINGS)
    return (
        min([heading, *outcomes]),
        list(Severity).index(problem.severity),
        heading,
    )


def _alike(findings: Sequence[Finding]) -> list[Seen]:
    """Findings of a rule by what they say, whoever it is said of."""
    ordered = sorted(findings, key=lambda f: TOLD.index(f.outcome))
    found = _grouped(ordered, lambda text: text)
    if len(found) > _APART:
        found = _grouped(ordered, lambda text: _NUMBER.sub("#", text))
    return [_seen(group) for group in found]


def _grouped(findings: Iterable[Finding], said: Callable[[str], str]) -> list[list[Finding]]:
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.outcome.value, said(_apart(finding)), str(finding.owner or ""))
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _seen(group: Sequence[Finding]) -> Seen:
    first = group[0]
    several = len(group) > 1 or bool(first.others)
    names = [name for f in group for name in (f.subject.label, *f.others)] if several else []
    places = once(f.location for f in group if f.location)
    known = set(map(compact, places))
    return Seen(
        first.outcome,
        first.message,
        sum(f.count for f in group),
        tuple(dict.fromkeys(names)),
        places,
        tuple(place for place in once(first.related) if compact(place) not in known),
        tuple(group),
        len({_apart(f) for f in group}) == 1,
        _ranges([_apart(f) for f in group]),
    )


def _ranges(messages: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Of messages that are alike but for numbers, the least and greatest of each that differs."""
    found = []
    for numbers in zip(*map(_NUMBER.findall, messages), strict=False):
        ordered = sorted(dict.fromkeys(numbers), key=_size)
        if len(ordered) > 1:
            found.append((ordered[0], ordered[-1]))
    return tuple(found)


def _size(number: str) -> list[float]:
    """Sorts amounts by their value, times and dates by their parts."""
    if re.fullmatch(r"\d+(,\d{3})*(\.\d+)?", number):
        return [float(number.replace(",", ""))]
    return [float(part) for part in re.findall(r"\d+", number)]


def _apart(finding: Finding) -> str:
    """A finding's message without whom it is said of."""
    label = finding.subject.label
    return finding.message.replace(label, "\0") if label else finding.message


def _folded(problems: Sequence[Problem]) -> list[Problem]:
    """Rules of one severity that say the same of the same places as one problem."""
    groups: dict[object, list[Problem]] = {}
    for at, problem in enumerate(problems):
        said = tuple(
            (one.outcome, one.message, one.count, tuple(map(compact, one.places)))
            for one in problem.seen
        )
        whole = said and all(one.message for one in problem.seen)
        key = (problem.heading, problem.severity, said, problem.remedies) if whole else at
        groups.setdefault(key, []).append(problem)
    return [group[0] if len(group) == 1 else _joined(group) for group in groups.values()]


def _joined(group: Sequence[Problem]) -> Problem:
    """Problems that say the same as one that has the findings of all."""
    seen = tuple(
        replace(parts[0], findings=tuple(f for one in parts for f in one.findings))
        for parts in zip(*(p.seen for p in group), strict=True)
    )
    return Problem(group[0].heading, tuple(r for p in group for r in p.results), seen)


# --- what could not be read, and what is open ----------------------------------------------


def _unread(report: Report) -> tuple[tuple[Unread, ...], tuple[RuleResult, ...]]:
    """Each unreadable place with what waits for it; and what waits for one that is not known."""
    faults = report.submission.faults
    told = [
        r
        for r in report.results
        if r.outcome is Outcome.ERROR or any(f.outcome is Outcome.ERROR for f in r.findings)
    ]
    found: dict[int, list[RuleResult]] = {at: [] for at in range(len(faults))}
    lost = []
    for result in told:
        lacking = [path for f in result.findings for path in _errs(f)]
        hits = [
            at
            for at, fault in enumerate(faults)
            if any(_within(path, fault.path) for path in lacking)
        ]
        for at in hits:
            found[at].append(result)
        if not hits and lacking and faults:
            lost.append(result)
    return (
        tuple(Unread(fault, tuple(found[at])) for at, fault in enumerate(faults)),
        tuple(lost),
    )


def _errs(finding: Finding) -> tuple[str, ...]:
    return finding.missing if finding.outcome is Outcome.ERROR else ()


def _within(path: str, whole: str) -> bool:
    """Whether two pointers are one, or one stands within the other."""
    if not whole:
        return False
    return f"{path}/".startswith(f"{whole}/") or f"{whole}/".startswith(f"{path}/")


def _open(report: Report, asked: set[str]) -> Iterator[Open]:
    """Reasons why rules are not judged, but for those that a paper would settle."""
    titles = {result.rule: result.title for result in report.results}
    found: dict[str, dict[str, None]] = {}
    for reason in waiting(report):
        if reason.rule not in asked:
            title = titles.get(reason.rule, reason.rule)
            found.setdefault(reason.because, {}).setdefault(title)
    for because, names in found.items():
        yield Open(because, tuple(names))
