"""Many sheets side by side: ranks, grades, distribution, indicators, commonest breaches, changes.

Everything is computed from score sheets, exactly; what is equal shares a rank and stands in
code order, whatever the order in which they were given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kehou.checking.report_files import read_ours
from kehou.errors import UsageError
from kehou.scoring.decimals import Range
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet

FORMAT = "kehou-ranking/1"
ZERO = Fraction(0)
#: Clauses that the list of commonest breaches holds for all submitters, and for each place.
MOST_CLAUSES, MOST_OF_PLACE = 20, 3
#: The key of the format under which all whose sheets are ranked stand, and how many they are.
SUBJECTS = "schools"


@dataclass(frozen=True, slots=True)
class Place:
    """A submitter's rank by its certain score, and the ranks that are still possible.

    Only where one rank is possible is it ``settled``: then alone is the submitter numbered.
    """

    sheet: Sheet
    rank: int
    best: int
    worst: int

    @property
    def settled(self) -> bool:
        """Whether nothing that is still open can change the rank or take the submitter out."""
        return self.best == self.worst and not self.sheet.may_be_vetoed


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Submitters whose grade is certain, and those that may still get it or another."""

    name: str
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Submitters by certain and by possible score, from ``low`` up to but not with ``high``."""

    low: Fraction
    high: Fraction
    certain: int
    possible: int


@dataclass(frozen=True, slots=True)
class IndicatorMean:
    """An indicator over those to whom it applies: mean share of its points at either end."""

    id: str
    title: str
    points: Fraction
    submitters: int
    not_applicable: int
    open: int
    share: Range


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """A clause with the submitters and findings that breach it."""

    clause: str
    citation: str
    submitters: int
    findings: int


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place: those of it, their mean score, what is breached most; "" where none is named."""

    name: str
    submitters: int
    mean: Range
    clauses: tuple[ClauseCount, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A submitter whose certain or possible score is within the margin of a grade's threshold."""

    sheet: Sheet
    grade: str
    least: Fraction
    end: str
    distance: Fraction


@dataclass(frozen=True, slots=True)
class Former:
    """A submitter in an earlier ranking; without a rank where it could not be ranked."""

    id: str
    name: str
    low: Fraction
    high: Fraction
    rank: int | None
    grades: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shift:
    """A submitter then and now; one of the two may be missing.

    ``now`` is its place, or its sheet where it stands apart from the ranks.
    """

    before: Former | None
    now: Place | Sheet | None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier ranking: under which scheme, and its submitters."""

    scheme: str
    version: str
    sha256: str
    submitters: tuple[Former, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All submitters of a round; those with a veto stand apart and have no place."""

    places: tuple[Place, ...]
    vetoed: tuple[Sheet, ...]
    unrated: tuple[Sheet, ...]
    grades: tuple[GradeCount, ...]
    bins: tuple[Bin, ...]
    indicators: tuple[IndicatorMean, ...]
    clauses: tuple[ClauseCount, ...]
    by_place: tuple[PlaceCount, ...]
    near: tuple[Near, ...]
    past: Past | None
    shifts: tuple[Shift, ...]
    not_scored: tuple[str, ...] = ()

    @property
    def packs(self) -> tuple[tuple[str, ...], ...]:
        """Which packs in which versions the reports were made with; one if all alike."""
        made = {
            tuple(f"{i} {v} {s[:12]}" for i, v, s in sheet.submitter.packs) for sheet in self.sheets
        }
        return tuple(sorted(made))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet: ranked, vetoed, and those of which nothing applies."""
        return (*(place.sheet for place in self.places), *self.vetoed, *self.unrated)

    @property
    def unsettled(self) -> tuple[Place, ...]:
        """The places that cannot be numbered yet."""
        return tuple(place for place in self.places if not place.settled)


def rank(
    scheme: Scheme,
    sheets: Sequence[Sheet],
    past: Past | None = None,
    not_scored: Sequence[str] = (),
) -> Ranking:
    """The ranking of sheets made under one scheme and one model.

    ``not_scored`` are paths and codes of what could not be scored, which a ranking must tell.
    """
    ordered = sorted(sheets, key=lambda s: (-s.rate.low, s.submitter.order))
    rated = [sheet for sheet in ordered if sheet.rated]
    running = [sheet for sheet in rated if not sheet.vetoed]
    places = tuple(_places(running))
    return Ranking(
        places=places,
        vetoed=tuple(sheet for sheet in rated if sheet.vetoed),
        unrated=tuple(sheet for sheet in ordered if not sheet.rated),
        grades=tuple(_grades(scheme, running)),
        bins=tuple(_bins(scheme, rated)),
        indicators=tuple(_indicators(scheme, rated)),
        clauses=tuple(_clauses(rated)[:MOST_CLAUSES]),
        by_place=tuple(_by_place(scheme, rated)),
        near=tuple(_near(scheme, running)),
        past=past,
        shifts=tuple(_shifts((*places, *(s for s in rated if s.vetoed)), past)),
        not_scored=tuple(not_scored),
    )


def _places(running: Sequence[Sheet]) -> Iterator[Place]:
    """Competition ranking: equal scores share a rank, and the next is counted on.

    One that may still be vetoed may leave the ranks above another: at best it is not counted.
    """
    lows = sorted(sheet.rate.low for sheet in running)
    highs = sorted(sheet.rate.high for sheet in running)
    certain = sorted(sheet.rate.low for sheet in running if not sheet.may_be_vetoed)
    for sheet in running:
        low, high = sheet.rate.low, sheet.rate.high
        yield Place(
            sheet,
            1 + _above(lows, low),
            1 + _above(certain, high),
            1 + _above(highs, low) - (not sheet.rate.settled),
        )


def _above(values: Sequence[Fraction], value: Fraction) -> int:
    """How many of the sorted values are greater."""
    return len(values) - bisect_right(values, value)


def _grades(scheme: Scheme, rated: Sequence[Sheet]) -> Iterable[GradeCount]:
    names = [grade.name for grade in scheme.grades]
    for at, name in enumerate(names):
        certain = sum(s.grades == (name, name) for s in rated)
        within = sum(names.index(s.grades[1]) <= at <= names.index(s.grades[0]) for s in rated)
        yield GradeCount(name, certain, within - certain)


def _bins(scheme: Scheme, rated: Sequence[Sheet]) -> Iterable[Bin]:
    """Ten bins of the total; what is under 0 falls into the first, what is over into the last."""
    width = scheme.total / 10
    for n in range(10):
        low, high = n * width, (n + 1) * width

        def inside(value: Fraction, n: int = n, width: Fraction = width) -> bool:
            return min(max(value // width, 0), 9) == n

        yield Bin(
            low,
            high,
            sum(inside(s.rate.low) for s in rated),
            sum(inside(s.rate.high) for s in rated),
        )


def _indicators(scheme: Scheme, rated: Sequence[Sheet]) -> Iterable[IndicatorMean]:
    for at, one in enumerate(scheme.indicators):
        lines = [sheet.lines[at] for sheet in rated]
        applying = [line for line in lines if line.state != "not_applicable"]
        n = len(applying)
        yield IndicatorMean(
            one.id,
            one.title,
            one.points,
            n,
            len(lines) - n,
            sum(line.state == "open" for line in applying),
            Range(
                sum((line.own.low for line in applying), ZERO) / one.points / n if n else ZERO,
                sum((line.own.high for line in applying), ZERO) / one.points / n if n else ZERO,
            ),
        )


def _clauses(sheets: Sequence[Sheet]) -> list[ClauseCount]:
    """Clauses that are breached, by submitters, then findings, then clause."""
    citations: dict[str, str] = {}
    submitters: dict[str, int] = {}
    findings: dict[str, int] = {}
    for sheet in sheets:
        mine: set[str] = set()
        for rule in sheet.submitter.rules.values():
            n = sum(f.counts == "fail" for f in rule.findings)
            for clause, citation in rule.clauses if n else ():
                citations.setdefault(clause, citation)
                findings[clause] = findings.get(clause, 0) + n
                mine.add(clause)
        for clause in mine:
            submitters[clause] = submitters.get(clause, 0) + 1
    found = [ClauseCount(c, citations[c], n, findings[c]) for c, n in submitters.items()]
    return sorted(found, key=lambda c: (-c.submitters, -c.findings, c.clause))


def _by_place(scheme: Scheme, rated: Sequence[Sheet]) -> Iterable[PlaceCount]:
    groups: dict[str, list[Sheet]] = {}
    for sheet in rated:
        groups.setdefault(sheet.submitter.place(scheme.called.places), []).append(sheet)
    for name in sorted(groups, key=lambda n: (not n, n)):
        mine = groups[name]
        mean = Range(
            sum((s.rate.low for s in mine), ZERO) / len(mine),
            sum((s.rate.high for s in mine), ZERO) / len(mine),
        )
        yield PlaceCount(name, len(mine), mean, tuple(_clauses(mine)[:MOST_OF_PLACE]))


def _near(scheme: Scheme, rated: Sequence[Sheet]) -> Iterable[Near]:
    for sheet in rated:
        for grade in scheme.grades:
            if grade.least is None:
                continue
            ends = [("certain", sheet.rate.low)]
            if not sheet.rate.settled:
                ends.append(("possible", sheet.rate.high))
            for end, value in ends:
                if abs(value - grade.least) <= scheme.margin:
                    yield Near(sheet, grade.name, grade.least, end, value - grade.least)


def _shifts(present: Sequence[Place | Sheet], past: Past | None) -> Iterable[Shift]:
    if past is None:
        return
    left = {_known_by(f.id, f.name): f for f in past.submitters}
    for one in present:
        submitter = (one.sheet if isinstance(one, Place) else one).submitter
        yield Shift(left.pop(_known_by(submitter.id, submitter.name), None), one)
    for former in sorted(left.values(), key=lambda f: (f.id, f.name)):
        yield Shift(former, None)


def _known_by(code: str, name: str) -> tuple[str, str]:
    """A submitter is known by its code; by its name where it has none."""
    return (code, "") if code else ("", name)


def read_past(path: str) -> Past:
    """An earlier ranking written with ``--ranking json=FILE``; raises UsageError."""
    made_by = "请用上一年 kehou score … --ranking json=文件 生成的排名"
    tree = read_ours(path, FORMAT, "no-previous", "排名", made_by)
    scheme = tree["scheme"]
    try:
        submitters = tuple(_former(one) for one in (*tree[SUBJECTS], *tree["vetoed"]))
    except ZeroDivisionError as error:
        raise UsageError("no-previous", "排名里有分母是 0 的分数", path, made_by) from error
    return Past(scheme["id"], scheme["version"], scheme["sha256"], submitters)


def _former(tree: Mapping[str, Any]) -> Former:
    worst, best, *_ = tree["grades"]
    rate = tree["rate"]
    return Former(
        tree["id"] or "",
        tree["name"] or "",
        Fraction(rate["certain"]),
        Fraction(rate["possible"]),
        tree.get("rank"),
        (worst, best),
    )
