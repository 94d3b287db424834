"""What changed since the last round: broken rules then and now, of those who were read in both.

A breach of then that cannot be told now is neither mended nor open: it is told as what it is now.
What only a program read from prose is no breach in either round, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kehou.batch.entry import Entry
from kehou.model.outcomes import Outcome

#: What became of a breach: mended (the rule passes now), gone (it no longer applies), waived,
#: unknown (it cannot be told now), left, and new ones.
STATES: Final = ("left", "mended", "gone", "waived", "unknown", "new")
#: What became of a reading that nobody had confirmed: it stands as it was, is none any more
#: (confirmed or gone), or came since.
READ: Final = ("read_left", "read_gone", "read_new")


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that a submitter broke then or now, or seemed to, and what became of it."""

    id: str
    name: str
    rule: str
    title: str
    severity: str
    state: str


@dataclass(frozen=True)
class Changes:
    """All changes; ``both`` are the ids or names of those read in both rounds."""

    changes: tuple[Change, ...]
    both: frozenset[str]
    on: str = ""

    def count(self, state: str) -> int:
        """How many have become so."""
        return sum(one.state == state for one in self.changes)

    def of(self, whose: str) -> tuple[Change, ...]:
        """Those of one submitter, by its id or, without one, its name."""
        return tuple(one for one in self.changes if whose in (one.id, one.name))


def changed(before: Sequence[Entry], now: Sequence[Entry], on: str = "") -> Changes:
    """Hold two rounds against each other; ``on`` is the date of the one before."""
    then = {_whose(entry): entry for entry in before if entry.judged and _whose(entry)}
    found: list[Change] = []
    both = set()
    for entry in now:
        old = then.get(_whose(entry)) if entry.judged else None
        if old is None:
            continue
        both.add(_whose(entry))
        found += _of_one(old, entry)
    return Changes(tuple(found), frozenset(both), on)


def _whose(entry: Entry) -> str:
    return entry.id or entry.name


def _of_one(old: Entry, new: Entry) -> list[Change]:
    outcomes: Mapping[str, str] = {one.rule: one.outcome for one in new.rules}
    broken = {one.rule: one for one in old.of(Outcome.FAIL)}
    found = [
        Change(new.id, new.name, rule, one.title, one.severity, _state(outcomes.get(rule)))
        for rule, one in broken.items()
    ]
    found += [
        Change(new.id, new.name, one.rule, one.title, one.severity, "new")
        for one in new.of(Outcome.FAIL)
        if one.rule not in broken
    ]
    return [*found, *_read_only(old, new)]


def _read_only(old: Entry, new: Entry) -> Iterator[Change]:
    """What a program read and nobody confirmed, then and now."""
    then = {one.rule: one for one in old.rules if one.read}
    now = {one.rule: one for one in new.rules if one.read}
    broken = {one.rule for one in old.of(Outcome.FAIL)}
    for rule, one in {**then, **now}.items():
        if rule in then:
            state = "read_left" if rule in now else "read_gone"
        elif rule in broken:  # a breach of then that cannot be told now: told as that
            continue
        else:
            state = "read_new"
        yield Change(new.id, new.name, rule, one.title, one.severity, state)


def _state(outcome: str | None) -> str:
    if outcome is None:
        return "gone"
    known = {"fail": "left", "pass": "mended", "waived": "waived"}
    return known.get(outcome, "unknown")
