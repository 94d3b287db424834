"""Values and what is known of them: absent, unknown, between bounds, an open list; places in files.

Units inside kehou: money is integer fen, times are minutes of the day, dates are ISO text
(``2021-09-01``), ratios are exact fractions. ``None`` means *not supplied*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

#: How a date is written where it is ours: in packs, waivers, replies, options.
ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def at_pointer(tree: Any, pointer: str) -> Any:
    """What stands at a JSON pointer of a typed tree, or None."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, (list, tuple)) and key.isdecimal() and int(key) < len(tree):
            tree = tree[int(key)]
        elif isinstance(tree, Mapping):
            tree = tree.get(key)
        else:
            return None
    return tree


def is_day(text: str) -> bool:
    """Whether a text is an ISO date of a day that there is."""
    from datetime import date

    try:
        return ISO_DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def no_such_day(text: str) -> str:
    """What is wrong, in Chinese, with a text of the form of a date that is no day."""
    year, month, day = text.split("-")
    if int(year) == 0:
        return "没有 0 年"
    if not 1 <= int(month) <= 12:
        return f"没有 {int(month)} 月"
    return f"{int(year)} 年 {int(month)} 月没有 {int(day)} 日"


class Absent:
    """The school states that there is none (无, ``[]``); its only instance is ``ABSENT``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
#: Stand-ins for an open bound; beyond any count, minute or fen a submission may hold.
INF: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told from what was handed in.

    ``paths`` are JSON pointers of what is missing. ``closable`` is true where nothing was
    supplied at all, so that a rule's ``closed`` may read it as absent; it is false where a
    value was invalid or only a part of a row is missing.
    """

    paths: tuple[str, ...] = ()
    closable: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number known only to lie in ``[lo, hi]``, with the pointers that would settle it."""

    lo: int | Fraction
    hi: int | Fraction
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A collected list of which ``items`` are certain and more may belong to it."""

    items: tuple[Any, ...]
    paths: tuple[str, ...] = ()


class Passage(NamedTuple):
    """How a reader finds a paragraph of a document; all count from 1, 0 and "" where there is none.

    ``section`` is the heading above it, ``nth`` which paragraph below that heading it is; of a
    cell of a table which table, row and column.
    """

    page: int = 0
    section: str = ""
    nth: int = 0
    table: int = 0
    row: int = 0
    column: int = 0


_NOWHERE: Final = Passage()


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands; lines and columns count characters from 1, ends are exclusive.

    ``excerpt`` is the source line with private values masked; empty where there is none. ``sheet``
    is where something belongs that a form has no cell for: the sheet of a form that lists it.
    ``passage`` is where a paragraph stands in its document.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: str | None = None
    paragraph: int | None = None
    excerpt: str = ""
    sheet: str = ""
    passage: Passage = _NOWHERE


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a submission that could not be read; it is read as not supplied.

    ``label`` is what people call the place that ``path`` points to, where it is known.
    """

    location: Location
    path: str
    found: str
    allowed: str
    hint: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value that was read otherwise than it was written, e.g. ``１８点３０分`` as ``18:30``.

    ``label`` is what people call the place that ``path`` points to, where it is known.
    """

    path: str
    location: Location
    written: str
    read: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class RecordNote:
    """What became of the authority's records of a part for this submission.

    ``state`` is unnamed (used, though it does not say whose it is), other (they name others: none
    was used), left_out (among several, some do not say whose they are: not used) or unread (a file
    beside them could not be read). ``whose`` are the ids that the ``count`` records name.
    """

    part: str
    title: str
    state: str
    files: tuple[str, ...]
    whose: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Stratum:
    """One thing that submissions are divided by, as shown in the report's language."""

    title: str
    values: tuple[str, ...] = ()
