"""The summary of a round: who stands where, what is commonest, what is missing by how many.

Made of entries and a register alone. What was not read, not handed in or handed in twice stands
first and is in no count of what was judged: unknown is never good.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from kehou.batch.changes import Changes
from kehou.batch.entry import NO_TEXT, Entry, RuleSeen, Wanted
from kehou.batch.inputs import DOCUMENTS
from kehou.batch.likeness import Alike, alike
from kehou.batch.register import Register, Registered
from kehou.model.outcomes import Outcome, Owner, Severity, Stage

#: Groups of submitters, in the order in which they are to be dealt with.
GROUPS: Final = ("unread", "doubled", "absent", "red", "fail", "open", "clean")
#: Groups of which nothing could be judged.
UNJUDGED: Final = ("unread", "doubled", "absent")
#: Outcomes from the worst: a breach is not hidden by what could not be judged beside it.
WORST: Final = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.REVIEW,
    Outcome.INSUFFICIENT,
    Outcome.NOT_JUDGED,
    Outcome.WAIVED,
    Outcome.PASS,
)
_OPEN: Final = (Outcome.ERROR, Outcome.REVIEW, Outcome.INSUFFICIENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """A submitter in an area: the worst outcome, how many rules came out so, a red line in it."""

    outcome: Outcome
    rules: int
    red: bool


@dataclass(frozen=True)
class Place:
    """A submitter of the round: what was handed in, its row of the register, its group.

    ``late`` are the days since its date of handing in, where it has not or did so later.
    """

    group: str
    entry: Entry | None
    row: Registered | None
    cells: Mapping[str, Cell] = field(default_factory=dict)
    late: int = 0

    @property
    def id(self) -> str:
        """The id, of the submission or of the register."""
        return (self.entry.id if self.entry else "") or (self.row.id if self.row else "")

    @property
    def name(self) -> str:
        """The name; where the register has none either, where it lies."""
        named = (self.entry.name if self.entry else "") or (self.row.name if self.row else "")
        return named or (self.entry.path if self.entry else self.id)

    @property
    def path(self) -> str:
        """Where what was handed in lies."""
        return self.entry.path if self.entry else ""

    def stratum(self, name: str) -> str:
        """A stratum, of the register where it has it."""
        return (self.row.strata.get(name, "") if self.row else "") or (
            self.entry.strata.get(name, "") if self.entry else ""
        )

    def count(self, outcome: Outcome) -> int:
        """How many rules came out so."""
        return len(self.entry.of(outcome)) if self.entry else 0

    @property
    def missing(self) -> int:
        """How many papers are missing, whole or in part, that it has to hand in itself."""
        wanted = self.entry.wanted if self.entry else ()
        return len({_paper(one) for one in wanted if one.owner == Owner.SUBJECT})


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that several break."""

    rule: RuleSeen
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is missing, in whole or in part, and with whom; of ``whole`` all of it is."""

    label: str
    owner: str
    places: tuple[Place, ...]
    whole: tuple[Place, ...] = ()
    #: Those who handed in prose, of which nobody knows whether all of it was read.
    read: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """Submitters alike in one thing, by group."""

    value: str
    groups: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many they are."""
        return sum(self.groups.values())


@dataclass(frozen=True)
class Summary:
    """A round. ``strata`` are titles → rows; ``on`` is the date by which lateness is told."""

    stage: str
    on: str
    areas: Mapping[str, str]
    places: tuple[Place, ...]
    problems: tuple[Problem, ...]
    papers: tuple[Paper, ...]
    #: What only a program read from prose: no breach, and counted as none.
    read_only: tuple[Problem, ...]
    strata: Mapping[str, tuple[Stratum, ...]]
    copies: tuple[Alike, ...] = ()
    strays: tuple[str, ...] = ()
    registered: bool = False
    notes: tuple[str, ...] = ()
    changes: Changes | None = None

    def of(self, group: str) -> tuple[Place, ...]:
        """The submitters of a group."""
        return tuple(place for place in self.places if place.group == group)

    def number(self, group: str = "") -> int:
        """How many submitters are of a group, or all: one who came twice is one."""
        return counted(self.of(group) if group else self.places)

    @property
    def read(self) -> tuple[Place, ...]:
        """Those of whom something was judged."""
        return tuple(place for place in self.places if place.group not in UNJUDGED)

    @property
    def unregistered(self) -> tuple[Place, ...]:
        """Those who handed something in and are not in the register; () without one.

        What says of nobody that it is his is told apart (`nobodys`).
        """
        if not self.registered:
            return ()
        nobodys = {id(place) for place in self.nobodys}
        return tuple(p for p in self.places if p.row is None and id(p) not in nobodys)

    @property
    def nobodys(self) -> tuple[Place, ...]:
        """What could not be read and may be of some who seem to have handed in nothing."""
        return tuple(p for p in self.of("unread") if p.row is None and not p.id)

    @property
    def late(self) -> tuple[Place, ...]:
        """Those who are late, the longest first."""
        found = [place for place in self.places if place.late > 0]
        return tuple(sorted(found, key=lambda place: -place.late))

    @property
    def unadopted(self) -> tuple[Place, ...]:
        """Those of whom attestations were not adopted, who were found in breach first."""
        found = [p for p in self.places if p.entry is not None and p.entry.unadopted]
        return tuple(sorted(found, key=lambda p: not (p.entry and p.entry.refused)))

    @property
    def left(self) -> tuple[tuple[Place | None, tuple[str, ...]], ...]:
        """Files of which nothing was read, with whose they are: documents that people write first,
        each of which may be somebody's; what is a submission of its own is not among them.
        """
        own = {place.path for place in self.places}
        found: list[tuple[Place | None, tuple[str, ...]]] = []
        for place in self.places:
            names = place.entry.left if place.entry else ()
            names = tuple(name for name in names if os.path.join(place.path, name) not in own)
            if names:
                found.append((place, tuple(sorted(names, key=_may_be_one))))
        found += [(None, (path,)) for path in self.strays]
        return tuple(sorted(found, key=lambda one: min(map(_may_be_one, one[1]))))

    @property
    def waived(self) -> tuple[Place, ...]:
        """Those of whom something is excused."""
        return tuple(p for p in self.places if p.entry is not None and p.entry.waived)

    def place_of(self, path: str) -> Place | None:
        """Whose a path is."""
        return next((place for place in self.places if place.path == path), None)


def _may_be_one(name: str) -> bool:
    """False, which sorts first, of a document that may be a submission."""
    return os.path.splitext(name)[1].lower() not in DOCUMENTS


def counted(places: Iterable[Place]) -> int:
    """How many submitters some places are of; the several of one who came twice are one."""
    found = {
        ("", place.id or place.name) if place.group == "doubled" else (place.path, place.id)
        for place in places
    }
    return len(found)


def summarised(
    entries: Sequence[Entry],
    register: Register | None,
    titles: Mapping[str, str],
    *,
    stage: str,
    on: str = "",
    strays: Sequence[str] = (),
    changes: Changes | None = None,
) -> Summary:
    """Put a round together; ``titles`` are what strata are called, by name."""
    places = [_place(entry, register, on) for entry in entries]
    if register is not None:
        seen = [place.row for place in places if place.row is not None]
        places += [
            Place("absent", None, row, late=_days(row.until, on)) for row in register.without(seen)
        ]
    areas: dict[str, str] = {}
    for entry in entries:
        areas.update(entry.areas)
    places.sort(key=_order)
    traits = {e.path: e.likeness for e in entries if e.likeness}
    return Summary(
        stage=stage,
        on=on,
        areas={
            area: title for area, title in areas.items() if any(area in p.cells for p in places)
        },
        places=tuple(places),
        problems=_problems(places, lambda entry: entry.of(Outcome.FAIL)),
        read_only=_problems(places, lambda entry: [one for one in entry.rules if one.read]),
        papers=_papers(places),
        strata={title: _stratum(places, name) for name, title in titles.items()},
        copies=alike(traits),
        strays=tuple(strays),
        registered=register is not None,
        notes=register.notes if register else (),
        changes=changes,
    )


def _place(entry: Entry, register: Register | None, on: str) -> Place:
    row = register.row_of(entry.id, entry.name) if register else None
    if register and row is None and not (entry.id or entry.name):
        row = register.row_within(entry.path)
    cells: dict[str, Cell] = {}
    for area in dict.fromkeys(one.area for one in entry.rules):
        here = [one for one in entry.rules if one.area == area]
        worst = next(o for o in WORST if any(one.outcome == o for one in here))
        found = [one for one in here if one.outcome == worst]
        red = worst is Outcome.FAIL and any(o.severity == Severity.CRITICAL for o in found)
        cells[area] = Cell(worst, len(found), red)
    late = 0
    if row is not None and row.until and entry.dated_by_field and entry.stage == Stage.APPROVAL:
        late = _days(row.until, entry.check_date)
    return Place(_group(entry), entry, row, cells, late)


def _group(entry: Entry) -> str:
    if entry.state == "doubled":
        return "doubled"
    if entry.state != "read" or not entry.judged:
        return "unread"
    if entry.red_lines:
        return "red"
    if entry.of(Outcome.FAIL):
        return "fail"
    if entry.unreadable or entry.refused or any(entry.of(outcome) for outcome in _OPEN):
        return "open"
    return "clean"


def _order(place: Place) -> tuple[int, int, int, int, str, str]:
    """What is to be dealt with first; within a group by red lines, breaches, missing papers."""
    entry = place.entry
    return (
        GROUPS.index(place.group),
        -(entry.red_lines if entry else 0),
        -place.count(Outcome.FAIL),
        -place.missing,
        place.id,
        place.path,
    )


def _days(until: str, on: str) -> int:
    """Days from ``until`` to ``on``; 0 where one of them is not known or it is not past."""
    if not (until and on):
        return 0
    return max(0, (date.fromisoformat(on) - date.fromisoformat(until)).days)


def _problems(
    places: Iterable[Place], of: Callable[[Entry], Sequence[RuleSeen]]
) -> tuple[Problem, ...]:
    """Rules that ``of`` gives of an entry, those of most submitters first, then by severity."""
    found: dict[str, tuple[RuleSeen, list[Place]]] = {}
    for place in places:
        for one in of(place.entry) if place.entry else ():
            found.setdefault(one.rule, (one, []))[1].append(place)
    order = [severity.value for severity in Severity]
    ranked = sorted(
        found.values(), key=lambda p: (-len(p[1]), order.index(p[0].severity), p[0].rule)
    )
    return tuple(Problem(rule, tuple(whose)) for rule, whose in ranked)


def _papers(places: Iterable[Place]) -> tuple[Paper, ...]:
    """Missing papers by owner, those of most submitters first."""
    found: dict[tuple[str, str], list[Place]] = {}
    whole: dict[tuple[str, str], list[Place]] = {}
    read: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        wanted = place.entry.wanted if place.entry else ()
        for key in dict.fromkeys((one.owner, _paper(one)) for one in wanted):
            found.setdefault(key, []).append(place)
        for key in dict.fromkeys((one.owner, _paper(one)) for one in wanted if one.whole):
            whole.setdefault(key, []).append(place)
        for key in dict.fromkeys(
            (one.owner, _paper(one))
            for one in wanted
            if one.text != NO_TEXT and one.path.count("/") == 1
        ):
            read.setdefault(key, []).append(place)
    owners = [owner.value for owner in Owner]
    ranked = sorted(found.items(), key=lambda p: (owners.index(p[0][0]), -len(p[1]), p[0][1]))
    return tuple(
        Paper(key[1], key[0], tuple(whose), tuple(whole.get(key, ())), tuple(read.get(key, ())))
        for key, whose in ranked
    )


def _paper(one: Wanted) -> str:
    """What a paper is called; what was kept before papers were may say it in its label."""
    return one.paper or one.label.partition("·")[0].strip()


def _stratum(places: Iterable[Place], name: str) -> tuple[Stratum, ...]:
    found: dict[str, dict[str, list[Place]]] = {}
    for place in places:
        groups = found.setdefault(place.stratum(name), {group: [] for group in GROUPS})
        groups[place.group].append(place)
    return tuple(
        Stratum(value, {group: counted(inside) for group, inside in found[value].items()})
        for value in sorted(found, key=lambda v: (not v, v))
    )
