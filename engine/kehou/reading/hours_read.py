"""Rows with times of the day out of a paper: which times are the record's own, from and until when.

A time is read only where its words, its headings or its table say that it is one; what is quoted,
forbidden, asked, past or another school's is none. Source: docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from kehou.documents import Paper, Paragraph
from kehou.fields.allowed_values import arabic, side_by_side
from kehou.readers.blocks import Kind
from kehou.reading.clock_times import ClockTime, Interval, after_noon, intervals
from kehou.reading.hours_context import (
    Context,
    Said,
    Tables,
    any_has,
    context,
    last_of,
    led,
    said_of,
)
from kehou.reading.hours_library import Hours
from kehou.reading.hours_own import LATEST_HOUR, Look, Times, is_ours, names_end, says_leaving
from kehou.reading.library import Scope
from kehou.reading.listed_rows import is_stated, sentence_at

#: Begins and ends outside these are no times of what is read here, in minutes of the day.
_EARLIEST: Final = 13 * 60 + 30
_LATEST: Final = 22 * 60
_EARLIEST_END: Final = 14 * 60 + 30
_MORNING: Final = 6 * 60
_LONGEST: Final = 6 * 60
#: Times of one paper and of one paragraph that are looked at.
_MOST: Final = 400
_MOST_IN_ONE: Final = 200
#: Among so many first paragraphs a paper says what it is about.
_OPENINGS: Final = 12
#: The longest title, in characters.
_TITLE: Final = 60
#: The number of a line, whose point is none of a time: 1.16:20.
_LINE_NUMBER: Final = re.compile(r"^[0-9]{1,2}\.(?=[0-9]{1,2}:|[^0-9])")
_MONTH: Final = re.compile(r"(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月")
#: A month without its day.
_MONTH_LONG: Final = re.compile(_MONTH.pattern + "(?![0-9])")
_DENIES: Final = re.compile("[不未没无非禁]")
#: A count of periods; of several (三四节, 2—3节) nothing is worked out.
_COUNT: Final = r"(?<![-~至到或0-9.一二两三四五六])([0-9]{1,2}|[一二两三四五六])"
_MINUTES: Final = r"([0-9]{1,3}|[一二三四五六七八九十]{1,3})分钟"


@dataclass(frozen=True, slots=True)
class Hour:
    """One reading: times in minutes of the day, ``said`` of whom and when, and its place.

    ``whole`` is the service rather than a part of it, ``limit`` an end that is only bounded,
    ``groups`` words for a part of the pupils; ``start_at`` and ``end_at`` as of `Statement`.
    ``hint`` is when pupils leave, which may be the end of the lessons: it gives no row.
    """

    kind: str
    first: int | None
    last: int
    said: dict[str, Said]
    groups: frozenset[str]
    soft: bool
    limit: bool
    whole: bool
    paragraph: int
    start_at: int
    end_at: int
    hint: bool = False


def hours_of(made: Paper, hours: Hours, scope: Scope, own: str) -> list[Hour]:
    """All readings of a paper in reading order; ``own`` is the name of whose paper it is."""
    plain = [p for p in made.paragraphs if p.block.kind is not Kind.FURNITURE]
    told = [p.text for p in plain[:_OPENINGS] if hours.has("ours/title", p.text)]
    tables = Tables(
        made, next((one for one in told[:1] if "。" not in one and len(one) <= _TITLE), "")
    )
    look = Look(hours, scope, tables, own, bool(told))
    found = (hour for one in led(plain) for hour in _of_paragraph(one, look))
    return list(islice(found, _MOST))


def _of_paragraph(paragraph: Paragraph, look: Look) -> Iterator[Hour]:
    seen = _Seen()
    text = _LINE_NUMBER.sub(lambda match: "□" * len(match[0]), paragraph.text)
    for one in islice(intervals(text, look.hours.signs), _MOST_IN_ONE):
        sentence = sentence_at(paragraph, one.first.start)
        around = context(paragraph, sentence, one.first.start, one.end, look.tables)
        between = paragraph.text[seen.after(sentence.start) : one.first.start]
        times = _on_day_off(one, around, look)
        if times is None and _is_other(around, between, seen, look):
            seen.other = one.end
            continue
        times = times or _times(one, paragraph, around, look, seen)
        ours = times is not None and is_ours(times, around, look, seen.ours)
        leaving = not ours and says_leaving(times, around, look)
        if not (ours or leaving):
            continue
        if not is_stated(look.scope, paragraph, one.first.start, one.end):
            continue
        if times is None or leaving:
            last = after_noon(one.first, LATEST_HOUR).minutes
            times = Times(None, last, is_range=False)
        seen.ours = seen.ours or ours
        yield replace(_hour(times, one, paragraph, around, look), hint=leaving)


@dataclass(slots=True)
class _Seen:
    """What was read of a paragraph up to a time: where one of another thing last ended, whether
    one was the record's own, and the last begin that stood alone, with where it ended.
    """

    other: int = 0
    ours: bool = False
    begin: int | None = None
    begins: int = -1

    def after(self, start: int) -> int:
        """Where what stands between the last of another thing and a time begins."""
        return max(self.other, start)


def _is_other(around: Context, between: str, seen: _Seen, look: Look) -> bool:
    """Whether a time is another thing's by its clause, or goes on a list of such."""
    near = (around.clause, *around.beside)
    if names_end(around, look.hours):
        near = tuple(look.hours.words["other/around_end"].sub("", text) for text in near)
        return any_has(look.hours, "other/clause", near)
    if any_has(look.hours, "other/clause", near):
        return True
    if look.hours.has("other/moved", around.clause):
        days = look.hours.numbers[-1].search if look.hours.numbers else None
        if days is None or days.search(around.leading) is None:
            return True
    listed = seen.other > 0 and len(between) < len(around.leading)
    if listed and not look.hours.has("ours/strong", between):
        return True
    last = last_of(look.hours.words["other/clause"], around.leading)
    if last < 0 or last <= last_of(look.hours.words["ours/strong"], around.leading):
        return False
    if look.hours.has("ours/label", around.leading[last:]):
        return False
    since = replace(around, region=around.leading[last:], beside=(), over=(), above=(), title="")
    return not said_of(look.hours, since)


def _times(
    one: Interval, paragraph: Paragraph, around: Context, look: Look, seen: _Seen
) -> Times | None:
    """The begin and end that an interval and the words beside it tell; None where no end is.

    A begin that stands alone is that of the ends that follow up to the full stop.
    """
    hours = look.hours
    first = after_noon(one.first, LATEST_HOUR)
    soft = _is_soft(hours, around)
    if one.last is not None:
        last = after_noon(one.last, LATEST_HOUR)
        if last.minutes <= first.minutes:
            return None
        return _bounded(Times(first.minutes, last.minutes, soft))
    role = _role(hours, one.first, around)
    if role == "limit":
        return _bounded(Times(None, first.minutes, soft, True, False))
    if role == "until":
        stop = paragraph.text.rfind("。", 0, one.first.start)
        begin = seen.begin if seen.begins > stop else None
        begin = begin if begin is not None and begin < first.minutes else None
        return _bounded(Times(begin, first.minutes, soft, False, False))
    if role == "begin":
        if not hours.has("roles/either", around.clause):
            seen.begin, seen.begins = first.minutes, one.end
        length = _length(hours, paragraph.text[sentence_at(paragraph, one.end).start :])
        if length:
            return _bounded(Times(first.minutes, first.minutes + length, soft))
        return None
    return _of_column(first, paragraph, around, look, soft)


def _on_day_off(one: Interval, around: Context, look: Look) -> Times | None:
    """A range at any hour of a day off, where its own clause says that it is the record's."""
    hours = look.hours
    if one.last is None or not hours.has("days_off", around.clause):
        return None
    rest = hours.words["mornings"].sub("", hours.words["days_off"].sub("", around.clause))
    if not hours.has("ours/strong", rest) or hours.has("other/clause", rest):
        return None
    if _DENIES.search(rest):
        return None
    first, last = one.first.minutes, one.last.minutes
    return Times(first, last) if _MORNING <= first < last <= _LATEST else None


def _bounded(times: Times) -> Times | None:
    first, last = times.first, times.last
    if first is not None and (not _EARLIEST <= first < last or last - first > _LONGEST):
        return None
    return times if _EARLIEST_END <= times.last <= _LATEST else None


def _is_soft(hours: Hours, around: Context) -> bool:
    near = around.before[-3:], around.after[:4]
    return any_has(hours, "roles/soft", near) or hours.has("roles/usually", around.before)


def _role(hours: Hours, time: ClockTime, around: Context) -> str:
    """What a time alone is by the words just before and after it; "" where they do not say."""
    bare = re.sub(r"[:为是在于约]+$", "", around.before)
    for role in ("limit", "never", "until"):
        pattern = hours.words[f"roles/{role}_before"]
        for before in (around.before, bare):
            if before and last_of(pattern, before) == len(before):
                return role
    after = re.sub(r"^(?:之?前|以前)", "", around.after)
    if not after and any_has(hours, "ours/ends", around.above):
        return "until"
    if hours.words["ours/named_end"].match(around.after):
        return "until"
    if hours.words["roles/until_after"].match(around.after) or hours.words[
        "roles/until_after"
    ].match(after):
        return "until"
    return "begin" if hours.words["roles/begin"].match(around.after) else ""


def _length(hours: Hours, after: str) -> int:
    """Minutes of so many periods of so many minutes, with the pauses told; 0 where none are."""
    text = re.split("[。\n]", after, maxsplit=2)
    said = "。".join(text[:2])[:80]
    units, each, pause = (
        hours.words[f"periods/{name}"].pattern for name in ("units", "each", "pause")
    )
    count = re.search(f"{_COUNT}(?:{units})", said)
    one = re.search(f"(?:{each})(?:时长|时间)?(?:为|约)?{_MINUTES}", said)
    if count is None or one is None or side_by_side(one[1]):  # 三四十分钟
        return 0
    number, minutes = int(arabic(count[1])), int(arabic(one[1]))
    rest = re.search(f"(?:{pause})(?:时间)?(?:为|各)?{_MINUTES}", said)
    return number * minutes + (number - 1) * (int(arabic(rest[1])) if rest else 0)


def _of_column(
    time: ClockTime, paragraph: Paragraph, around: Context, look: Look, soft: bool
) -> Times | None:
    """A time alone in a cell below the head of a column of ends; its begin is left of it."""
    hours = look.hours
    if paragraph.block.kind is not Kind.CELL or len(paragraph.text) > 16:
        return None
    if not any_has(hours, "roles/until_after", around.over[:2]):
        return None
    for cell in look.tables.left_cells(paragraph):
        heads = look.tables.over(cell)
        begins = any_has(hours, "roles/begin", heads[:2])
        alone = list(intervals(cell.text, hours.signs))
        if begins and len(alone) == 1 and alone[0].last is None:
            first = after_noon(alone[0].first, LATEST_HOUR).minutes
            return _bounded(Times(first, time.minutes, soft))
    return _bounded(Times(None, time.minutes, soft, False, False))


def _hour(times: Times, one: Interval, paragraph: Paragraph, around: Context, look: Look) -> Hour:
    hours = look.hours
    texts = (around.clause, *around.beside, *around.above[:1])
    kind = next(
        (name for name, search in hours.kinds.others if any(map(search.search, texts))),
        hours.kinds.usual,
    )
    said = _consistent(hours, said_of(hours, around))
    groups = {
        match[0]
        for text in (
            around.leading.rpartition(";")[2],
            around.bracketed,
            *around.beside,
            *around.over,
            *around.above[:1],
        )
        for match in hours.words["groups"].finditer(text)
    }
    if not any(name in said for name in hours.every):
        groups |= set(_MONTH.findall(around.clause))
        groups |= set(_MONTH_LONG.findall(around.leading.rpartition(";")[2]))
    start, end = paragraph.normal.original(one.first.start, one.end)
    return Hour(
        kind,
        times.first,
        times.last,
        said,
        frozenset(groups),
        times.soft,
        times.limit,
        _is_whole(hours, around),
        paragraph.index,
        start,
        end,
    )


def _is_whole(hours: Hours, around: Context) -> bool:
    """Whether a time is of the whole: its own words say so, or its headings and nothing else."""
    near = (*around.beside, *around.over[:1], *around.above[:1])
    if any_has(hours, "part", (around.clause, *near)):
        return False
    own = (around.leading, around.clause, *around.beside, *around.over, *around.above[:1])
    if any_has(hours, "whole", own):
        return True
    return any_has(hours, "whole", around.above) and not hours.has("part", around.sentence)


def _consistent(hours: Hours, said: dict[str, Said]) -> dict[str, Said]:
    """Of a named and a numbered field for whom it is, the nearer: 一年级 outranks 小学 above."""
    named, numbered = hours.by_name.field, hours.numbers[0].field if hours.numbers else ""
    if named in said and numbered in said:
        one, other = said[named], said[numbered]
        nearer = (one.distance, -one.offset) < (other.distance, -other.offset)
        said = {
            name: value for name, value in said.items() if name != (numbered if nearer else named)
        }
    return said
