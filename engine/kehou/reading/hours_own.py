"""Whether a time of the day is the record's own, by its words, its headings and its table.

What is of the past, another's, of the staff or quoted is none. Source: docs/reading.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from kehou.reading.clock_times import after_noon, intervals
from kehou.reading.hours_context import (
    Context,
    Tables,
    any_has,
    is_elsewhere,
    last_of,
    said_of,
)
from kehou.reading.hours_library import Hours
from kehou.reading.library import Scope

#: An hour up to this one that does not say so is after noon: 7:50 is when schools begin.
LATEST_HOUR: Final = 6
_NUMBERED: Final = re.compile(
    r"^[(]?[0-9一二三四五六七八九十]{1,3}[).、]|^第[一二三四五六七八九十0-9]{1,3}条"
)
_OPENING: Final = 6
#: Within so many characters after a limit it is called a rule (18:30这一规定时限).
_CALLED: Final = 8
#: So many characters (：在) stand between who is named and a time of theirs.
_BESIDE: Final = 2
#: So far before a time it is called an end (课后服务结束时间为).
_ENDED: Final = 12


@dataclass(frozen=True, slots=True)
class Look:
    """What reading a paragraph takes: patterns, scope, the paper's tables, name and title."""

    hours: Hours
    scope: Scope
    tables: Tables
    own: str
    titled: bool


@dataclass(frozen=True, slots=True)
class Times:
    """A begin and an end in minutes of the day; ``soft`` about then, ``limit`` only bounded."""

    first: int | None
    last: int
    soft: bool = False
    limit: bool = False
    #: Whether both ends are written, or how the end was got is told by words beside it.
    is_range: bool = True


def is_ours(times: Times, around: Context, look: Look, goes_on: bool) -> bool:
    """Whether words, headings or the table say that a time is one of the record's own."""
    hours = look.hours
    if _is_past(hours, around):
        return False
    if any_has(hours, "other/never", around.above):
        return False
    named = names_end(around, hours)
    if not named and _of_staff(look, around, times.is_range):
        return False
    if is_elsewhere(hours, around.sentence, look.own):
        return False
    if _is_quoting(hours, around, times.limit):
        return False
    if not times.is_range and _either(hours, around, times.last):
        return False
    if named:
        return True
    strong = any_has(hours, "ours/strong", (around.sentence, *around.beside, *around.over))
    if any_has(hours, "other/heading", (*around.above, *around.over)) and not any_has(
        hours, "ours/strong", (around.sentence, *around.beside)
    ):
        return False
    if strong:
        return True
    headed = any_has(hours, "ours/heading", (*around.above, *around.over))
    labelled = any_has(hours, "ours/label", (around.region, *around.above))
    if headed and (times.is_range or labelled):
        return True
    weak = any_has(hours, "ours/weak", (around.sentence, *around.beside, *around.above))
    if not look.titled:
        return False
    if goes_on and hours.words["roles/until_after"].match(around.after):
        return True
    if headed or labelled:
        return True
    opens = len(_NUMBERED.sub("", around.region)) <= _OPENING
    ends = hours.words["roles/until_after"].match(around.after) is not None
    said = bool(said_of(hours, replace(around, above=(), over=(), title="")))
    return times.is_range and (weak or opens or ends or said)


def says_leaving(times: Times | None, around: Context, look: Look) -> bool:
    """Whether pupils leave at a time that is not read as an end: lessons end so too.

    It gives no row; it is held against an end that is read (小学部17:40放学).
    """
    hours = look.hours
    if times is not None and (times.is_range or times.soft or times.limit):
        return False
    leaving = hours.words["roles/leaving"]
    leaves = leaving.match(around.after) is not None or (
        bool(around.beside) and leaving.fullmatch(around.beside[0]) is not None
    )
    if not leaves or any_has(hours, "roles/not_joining", (around.sentence,)):
        return False
    if _of_staff(look, around, False):
        return False
    if any_has(hours, "roles/early", (around.clause, *around.beside)):
        return False
    if _is_past(hours, around) or _is_quoting(hours, around, False):
        return False
    if any_has(hours, "other/never", around.above):
        return False
    return not is_elsewhere(hours, around.sentence, look.own)


def names_end(around: Context, hours: Hours) -> bool:
    """Whether a time is called the end of the service in the words just beside it."""
    ended = hours.words["ours/named_end"]
    before = around.before[-_ENDED:]
    bare = re.sub("[:为是在于]+$", "", before)
    if ended.match(around.after) or (bare and last_of(ended, bare) == len(bare)):
        return True
    rest = hours.words["roles/until_after"].match(around.after)
    return rest is not None and ended.search(f"{before}{rest[0]}") is not None


def _is_past(hours: Hours, around: Context) -> bool:
    """Whether a sentence tells of what was before, and not yet of what is now."""
    leading = f",{around.leading}"
    changed = last_of(hours.words["roles/changed"], around.before)
    if changed > 0:
        return last_of(hours.words["other/past"], around.before) > changed
    now = last_of(hours.words["other/now"], leading)
    if last_of(hours.words["other/past"], leading) > now:
        return True
    told = around.sentence[len(around.leading) :]
    later = hours.words["other/later"].search(told)
    if now >= 0 or later is None:
        return False
    return hours.words["other/past"].search(f",{told[: later.start()]}") is None


def _either(hours: Hours, around: Context, last: int) -> bool:
    """Whether a time alone is one at which lessons end too, and nothing before it says other.

    Where its sentence goes on to a later end of the service, it is theirs whatever stands above;
    so is one of those who do not join.
    """
    ends = hours.words["roles/either"]
    if ends.match(around.after) is None and ends.search(around.before[-8:]) is None:
        return False
    if hours.has("roles/not_joining", around.clause):
        return True
    if hours.has("ours/strong", around.leading):
        return False
    return _goes_on(hours, around, last) or not any_has(
        hours, "ours/strong", (*around.above, *around.over)
    )


def _goes_on(hours: Hours, around: Context, last: int) -> bool:
    """Whether a sentence tells of the record after a time, and then of a later one."""
    rest = around.sentence[len(around.leading) :]
    named = hours.words["ours/strong"].search(rest)
    if named is None:
        return False
    found = (one.last or one.first for one in intervals(rest[named.end() :], hours.signs))
    return any(after_noon(time, LATEST_HOUR).minutes > last for time in found)


def _of_staff(look: Look, around: Context, is_range: bool) -> bool:
    """Whether the last that is named before a time is the staff, who come and go at others.

    Before a range only where nothing stands between: they are there at the service too.
    """
    named = list(look.scope.who.finditer(around.leading))
    if not named or named[-1].lastgroup != look.hours.not_of:
        return False
    since = around.leading[named[-1].end() :]
    if any(search.search(since) for _, _, search in look.hours.values):
        return False
    return not is_range or len(around.leading) - named[-1].end() <= _BESIDE


def _is_quoting(hours: Hours, around: Context, limit: bool) -> bool:
    """Whether a sentence tells of another's rule before it comes to the record's own.

    So does what stands between quotation marks, and a limit that is called a rule after it.
    """
    if around.leading.count("“") > around.leading.count("”"):
        return True
    if limit and hours.words["other/quoting"].search(around.after[:_CALLED]):
        return True
    last = last_of(hours.words["other/quoting"], around.leading)
    if limit:
        last = max(last, last_of(hours.words["other/quoting_limit"], around.leading))
    return last >= 0 and last_of(hours.words["other/back"], around.leading) < last
