"""What people said of the values that a program read from prose, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kehou.model.values import Passage

_NOWHERE: Final = Passage()
#: States of a record that changed what was read, as against one that agreed with it.
CHANGED: Final = ("corrected", "rejected")
#: What stands for the sentence where the whole document is meant.
WHOLE: Final = "（全文）"
#: States of records that agree with what was read: of many of one hand one sentence is enough.
ALIKE: Final = ("confirmed", "agreed", "again")
#: Whose a record is: who handed the document in, or who decides on it.
SUBJECT, AUTHORITY = "subject", "authority"


@dataclass(frozen=True, slots=True)
class ConfirmationNote:
    """What became of one record.

    ``state`` is confirmed, corrected or rejected (used); said (of a statement, by whom it does not
    settle); agreed or overruled (the authority decided alike, or not), again or conflict (of
    several of one hand on one reading); fell (its sentence is not
    there any more), differs (it is, and is read otherwise), several (it stands there another
    number of times), partial (a list confirmed whole whose rows are not), unfit (its correction is
    no value) or other (a record of another document). ``decision`` is
    confirm, correct or reject. ``title`` and ``shown`` are what was read,
    ``instead`` what it was corrected to or what is read now; ``paragraph`` counts from 1 and is
    where the sentence, or the one most like it, stands now. ``on`` is an ISO date, ``by`` a role
    or an id, ``whose`` subject or authority, ``place`` file:line of the record, ``passage`` where a
    person finds the paragraph.
    """

    state: str
    decision: str
    title: str
    shown: str
    sentence: str
    instead: str
    file: str
    paragraph: int | None
    by: str
    on: str
    whose: str
    place: str
    passage: Passage = _NOWHERE

    @property
    def is_change(self) -> bool:
        """Whether who handed it in has it read otherwise than the program does."""
        return self.whose == SUBJECT and self.state in CHANGED


@dataclass(frozen=True, slots=True)
class Hand:
    """Who looked readings through on one day: ``whose`` is subject or authority, ``by`` a role or
    an id, ``on`` an ISO date; of them ``corrected`` were put right and ``rejected`` taken out.
    """

    whose: str
    by: str
    on: str
    corrected: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What records did to a document: ``pointers`` are confirmed, with all that is below them.

    ``files`` are the records' files with their SHA-256, of the submitter and of the authority
    apart; ``faults`` are (file:line, what is wrong, what to do) of the submitter's.
    """

    pointers: frozenset[str] = frozenset()
    notes: tuple[ConfirmationNote, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, str, str], ...] = ()

    def covers(self, pointer: str) -> bool:
        """Whether a pointer, or one above it, is confirmed."""
        steps = pointer.split("/")
        return any("/".join(steps[:n]) in self.pointers for n in range(2, len(steps) + 1))

    @property
    def whole(self) -> frozenset[str]:
        """The titles of lists that somebody confirmed to be whole, every row of them too."""
        settled = (one for one in self.notes if one.state == "confirmed" and not one.paragraph)
        return frozenset(one.title for one in settled)

    def hands(self, apart: str = "") -> tuple[Hand, ...]:
        """Who looked the values through, in the order of the records; those of ``apart`` (the title
        of what is said in a text, which is no value) do not count.
        """
        found: dict[tuple[str, str, str], list[str]] = {}
        for note in self.notes:
            if note.state in ("confirmed", *CHANGED) and note.title != apart:
                found.setdefault((note.whose, note.by, note.on), []).append(note.state)
        return tuple(
            Hand(*who, states.count("corrected"), states.count("rejected"))
            for who, states in found.items()
        )


#: Nobody has said anything of a document.
NOTHING: Final = Confirmed()

__all__ = [
    "ALIKE",
    "AUTHORITY",
    "CHANGED",
    "NOTHING",
    "SUBJECT",
    "WHOLE",
    "ConfirmationNote",
    "Confirmed",
    "Hand",
]
