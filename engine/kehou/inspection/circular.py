"""The 通报 of an inspection round: what was found in many submitters, grouped by problem.

Only breaches are told, those that an inspector settled among them; what is doubtful or could not
be told is counted and not published. Submitters are of three kinds: those with a problem, those
with none in what could be judged, and those of whose papers nothing could be judged, which are for
the office alone. “None found” never stands for what was not judged. kehou is no issuing organ, so
organ, number and date are placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sys import intern
from typing import Any

from kehou.inspection.worksheets import SUBJECT, Submitter, judged, without_report
from kehou.model.clause_breaches import clause_breaches
from kehou.model.outcomes import NOT_ADOPTED, Outcome, Severity, counted_as, counted_items
from kehou.model.places import in_letter

#: The head of breaches of clauses that no rule of the report cites; the catalogue has its title.
OTHER = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the problem list; ``evidence`` is where it stands in the papers, or was kept.

    ``count`` is how many places are alike; ``seen`` is whether an inspector said it.
    """

    number: int
    submitter: str
    submitter_id: str
    area: str
    text: str
    clauses: tuple[str, ...]
    citation: str
    quote: str
    evidence: str
    title: str
    severity: Severity
    rule: str
    fingerprint: str
    count: int = 1
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind: breaches of one rule, or of a clause that inspectors saw broken."""

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """The problem that says what kind it is."""
        return self.problems[0]

    @property
    def submitters(self) -> int:
        """How many it concerns."""
        return len({problem.submitter_id for problem in self.problems})


@dataclass(frozen=True, slots=True)
class Open:
    """What of a submission is not settled: findings in doubt, undetermined, not judged, unread."""

    submitter: Submitter
    review: int
    insufficient: int
    not_judged: int
    unread: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Unadopted:
    """Attestations that count for nothing: all, the latest that is later than the check, breaches.

    ``day`` is the date of the check.
    """

    count: int
    latest: str
    day: str
    refused: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a round needs of one report; ``fault`` is the first that could not be read, if any.

    ``titles`` are what the report calls its packs, ``period`` the time that it is about, ``day``
    when it was looked at, "" where that was not told.
    """

    submitter: Submitter
    path: str
    name: str
    judged: bool
    areas: Mapping[str, str]
    problems: tuple[Problem, ...]
    open: Open
    fault: Mapping[str, Any] | None
    titles: tuple[str, ...]
    period: Mapping[str, str]
    unadopted: Unadopted | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Circular:
    """A round: its reports in code order, problems by area, and what is not published.

    ``doubled`` are (whose, files) of which several reports came, and none counts; ``absent`` is
    who handed in nothing, ``twice`` (whose, files) who handed in several, of which none was judged.
    """

    told: tuple[Told, ...]
    areas: Mapping[str, str]
    problems: tuple[Problem, ...]
    doubtful: int
    untold: int
    due: str | None
    doubled: tuple[tuple[str, tuple[str, ...]], ...] = ()
    absent: tuple[str, ...] = ()
    twice: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def submitters(self) -> tuple[Submitter, ...]:
        """All of whom one report came, in code order."""
        return tuple(one.submitter for one in self.told)

    def groups(self, area: str) -> tuple[Group, ...]:
        """The problems of an area by kind, those of most submitters first."""
        kinds: dict[tuple[str, tuple[str, ...]], list[Problem]] = {}
        for problem in self.problems:
            if problem.area == area:
                kinds.setdefault(_kind(problem), []).append(problem)
        found = [Group(tuple(problems)) for problems in kinds.values()]
        return tuple(sorted(found, key=lambda g: (-g.submitters, g.first.number)))

    @property
    def days(self) -> tuple[str, ...]:
        """The first and the last day of the round; none where one report does not tell its day."""
        found = sorted({one.day for one in self.told if one.judged})
        return tuple(dict.fromkeys((found[0], found[-1]))) if found and found[0] else ()

    @property
    def named(self) -> int:
        """How many submitters have a problem."""
        return len({problem.submitter_id for problem in self.problems})

    @property
    def breaches(self) -> int:
        """How many rules and clauses are broken, each submitter's by itself, as summaries count."""
        return len({(p.submitter_id, p.rule or p.clauses) for p in self.problems})

    @property
    def clean(self) -> tuple[Open, ...]:
        """Those with no problem in what could be judged, with what is still open of each."""
        named = {problem.submitter_id for problem in self.problems}
        return tuple(
            o.open
            for o in self.told
            if o.submitter.id not in named and o.judged and not o.open.refused
        )

    @property
    def refused(self) -> tuple[Open, ...]:
        """Those with no problem of whom an inspector's finding of a breach was not adopted."""
        named = {problem.submitter_id for problem in self.problems}
        return tuple(o.open for o in self.told if o.submitter.id not in named and o.open.refused)

    @property
    def unread(self) -> tuple[Told, ...]:
        """Those of whose papers nothing could be judged; where they came from is their name."""
        named = {problem.submitter_id for problem in self.problems}
        return tuple(
            o
            for o in self.told
            if o.submitter.id not in named and not o.judged and not o.open.refused
        )


def _open(submitter: Submitter) -> Open:
    return Open(
        without_report(submitter),
        _count(submitter, "review"),
        _count(submitter, "insufficient"),
        sum(r["outcome"] == "not_judged" for r in submitter.results),
        len(submitter.report["faults"]),
        sum(note["verdict"] == "fail" for note in _left_out(submitter)),
    )


def _left_out(submitter: Submitter) -> list[Mapping[str, Any]]:
    return [note for note in submitter.attested if note["state"] in NOT_ADOPTED]


def unadopted(submitter: Submitter) -> Unadopted | None:
    """The attestations of a report that were not adopted; None where all were."""
    left = _left_out(submitter)
    if not left:
        return None
    late = [str(note["date"]) for note in left if note["state"] == "not_yet"]
    day = submitter.report.get("check_date") or submitter.as_of
    refused = sum(note["verdict"] == "fail" for note in left)
    return Unadopted(len(left), max(late, default=""), str(day or ""), refused)


def _counted(finding: Mapping[str, Any]) -> Outcome:
    return counted_as(finding["outcome"], finding.get("unconfirmed", False))


def _kind(problem: Problem) -> tuple[str, tuple[str, ...]]:
    return problem.rule, problem.clauses


def told_of(submitter: Submitter) -> Told:
    """What a round needs of one report; the report itself need not be held any longer."""
    found = [
        _problem(submitter, result, finding)
        for result in submitter.results
        if result["severity"] != Severity.ADVICE
        for finding in result["findings"]
        if _counted(finding) == Outcome.FAIL
    ]
    report = submitter.report
    submission = report["submission"]
    return Told(
        without_report(submitter),
        submission["path"],
        submission[SUBJECT]["name"] or "",
        judged(submitter),
        submitter.areas,
        (*found, *_recorded(submitter)),
        _open(submitter),
        next(iter(report["faults"]), None),
        tuple(intern(str(pack["title"])) for pack in report["packs"]),
        submission.get("period", {}).get("zh", {}),
        unadopted(submitter),
        report.get("check_date") or "",
    )


def circular(
    told: Sequence[Told],
    due: str | None,
    doubled: Sequence[tuple[str, tuple[str, ...]]] = (),
    left_out: Sequence[Mapping[str, Any]] = (),
) -> Circular:
    """Put a round together from its reports, in the order of sentence 78's heads.

    ``left_out`` is of whom there is none, as a file of reports has it.
    """
    told = sorted(told, key=lambda one: one.submitter.id)
    areas: dict[str, str] = {}
    for one in told:
        areas.update(one.areas)
    found = [problem for one in told for problem in one.problems]
    if any(problem.area == OTHER for problem in found):
        areas[OTHER] = OTHER
    found.sort(key=lambda p: (p.submitter_id, p.seen))
    order = list(areas)
    concerned: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for problem in found:
        concerned.setdefault(_kind(problem), set()).add(problem.submitter_id)
    found.sort(
        key=lambda p: (
            order.index(p.area) if p.area in order else len(order),
            -len(concerned[_kind(p)]),
            _kind(p),
        )
    )
    problems = [_numbered(problem, n) for n, problem in enumerate(found, 1)]
    return Circular(
        tuple(told),
        areas,
        tuple(problems),
        sum(one.open.review for one in told),
        sum(one.open.insufficient for one in told),
        due,
        tuple(doubled),
        tuple(one["name"] or one["id"] for one in left_out if one["why"] == "absent"),
        tuple(
            (one["name"] or one["id"], tuple(one["paths"]))
            for one in left_out
            if one["why"] == "doubled"
        ),
    )


def _problem(
    submitter: Submitter, result: Mapping[str, Any], finding: Mapping[str, Any]
) -> Problem:
    clause = result["clauses"][0] if result["clauses"] else {"citation": "", "quote": ""}
    return Problem(
        0,
        submitter.name,
        submitter.id,
        intern(result["area"]),
        intern(finding["message"]),
        tuple(intern(c["id"]) for c in result["clauses"]),
        intern(clause["citation"]),
        intern(clause["quote"]),
        _evidence(finding),
        intern(result["title"]),
        Severity(result["severity"]),
        intern(result["rule"]),
        finding["fingerprint"],
        finding["count"],
    )


def _evidence(finding: Mapping[str, Any]) -> str:
    """What shows it: what an inspector kept of it, else where it stands in the papers."""
    kept = (finding.get("attestation") or {}).get("evidence")
    return kept or in_letter(finding["location"])


def _recorded(submitter: Submitter) -> Iterator[Problem]:
    """Breaches that an inspector saw of what no rule decides: known by their clause."""
    for note in clause_breaches(submitter.attested):
        citing = [
            (result["area"], clause)
            for result in submitter.results
            for clause in result["clauses"]
            if clause["id"] == note["rule"]
        ]
        area, clause = citing[0] if citing else (OTHER, {"citation": note["rule"], "quote": ""})
        yield Problem(
            0,
            submitter.name,
            submitter.id,
            area,
            note["seen"],
            (note["rule"],),
            clause["citation"],
            clause["quote"],
            note["evidence"],
            "",
            Severity.MINOR,
            "",
            note["place"],
            seen=True,
        )


def _numbered(problem: Problem, number: int) -> Problem:
    return replace(problem, number=number)


def _count(submitter: Submitter, outcome: str) -> int:
    """How many rules came out so, as the opinion of the submitter says it."""
    counted = counted_items(
        (result["rule"], finding["outcome"], finding.get("unconfirmed", False))
        for result in submitter.results
        if result["severity"] != Severity.ADVICE
        for finding in result["findings"]
    )
    return sum(one == outcome for one in counted.values())
