"""Times of the day in a normalised text: 17:30, 下午5时30分, 五点半, 17.30—18.30, 六点一刻.

A time without its half of the day is left as it is written; who reads knows whether it is after
noon. Names made of a time (三点半课堂), ratios (1:20) and lengths (1小时30分) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kehou.fields.allowed_values import arabic

_PART: Final = r"凌晨|清晨|早上|早晨|上午|中午|午间|正午|下午|午后|傍晚|晚上|晚间|夜间|晚"
_HOUR: Final = r"[0-9]{1,2}|十[一二三四五六七八九]?|二十[一二三]?|[一二三四五六七八九两]"
#: One to nine, or digit by digit as clocks are read (十八点三五).
_ONES: Final = "[一二三四五六七八九]"
_BESIDE: Final = "[零一二三四五][一二三四五六七八九]"
_MINUTE: Final = rf"[0-5]?[0-9]|{_BESIDE}|[二三四五]?十{_ONES}?|零?{_ONES}"
_TENS: Final = rf"(?:{_BESIDE}(?![十分])|[二三四五]十{_ONES}?|十{_ONES}?)(?![个名节])"
_TIME: Final = re.compile(
    rf"(?P<part>{_PART})?(?:的)?(?:"
    r"(?<![0-9.])(?<![0-9]:)(?P<h1>[0-9]{1,2}):(?P<m1>[0-5][0-9])(?::00)?(?![0-9:])"
    rf"|(?:(?<![0-9.一二三四五六七八九十])|(?<=[周期拜][一二三四五六]))(?<![0-9]:)(?P<h2>{_HOUR})(?:点钟?|时)(?![间段候常])"
    rf"(?:(?P<half>半)|(?P<quarter>[一二三13])刻|(?P<m2>{_MINUTE})分(?!钟)|(?P<m3>[0-5][0-9]|{_TENS})|(?P<sharp>整))?"
    r"|(?<![0-9.])(?<![0-9]:)(?P<h4>[0-9]{1,2})\.(?P<m4>[0-5][0-9])(?![0-9.])"
    r"|(?<![0-9.])(?<![0-9]:)(?P<h5>1[3-9])(?P<m5>[0-5][05])(?![0-9.:年元人名])"
    r")(?:\(?(?P<meridiem>[AaPp]\.?[Mm]\.?)\)?)?"
)
#: What makes a ratio of a time.
_RATIO_BEFORE: Final = re.compile(r"(?:比|比例)[^,。;]{0,6}$")
_LINK: Final = r"(?:-|~|至|到|直到|直至|持续到|持续至|延续到|延续至|一直到)"
_AFTERNOON: Final = ("下午", "午后", "傍晚")
_NIGHT: Final = ("晚上", "晚间", "夜间", "晚")
_NOON: Final = ("中午", "午间", "正午")
_MORNING: Final = ("凌晨", "清晨", "早上", "早晨", "上午")
_HALF_DAY: Final = 12 * 60


class ClockTime(NamedTuple):
    """A time in minutes of the day at a stretch of a text.

    ``told`` where it says which half of the day, ``bare`` where it is an hour alone (五点) or
    ``unsigned``: written with a point or without any sign, which may be no time at all.
    """

    minutes: int
    start: int
    end: int
    told: bool
    bare: bool
    part: str = ""
    unsigned: bool = False


class Interval(NamedTuple):
    """From one time to another, or one of them alone where the other is None."""

    first: ClockTime
    last: ClockTime | None

    @property
    def end(self) -> int:
        """Where its words end."""
        return (self.last or self.first).end


class Signs(NamedTuple):
    """Words of a language of records: after a begin (开始), after a time that is part of a name."""

    begin: str
    name: str


def clock_times(text: str, signs: Signs) -> Iterator[ClockTime]:
    """All times of a text, in order; those that are part of a name or a ratio are none."""
    name_after = re.compile(f"(?:{signs.name})")
    for match in _TIME.finditer(text):
        if name_after.match(text, match.end()) or _RATIO_BEFORE.search(
            text[max(0, match.start() - 12) : match.start()]
        ):
            continue
        hour = int(arabic(match["h1"] or match["h2"] or match["h4"] or match["h5"]))
        minute = int(
            arabic(match["m1"] or match["m2"] or match["m3"] or match["m4"] or match["m5"] or "0")
        )
        if match["half"]:
            minute = 30
        elif match["quarter"]:
            minute = 15 * int(arabic(match["quarter"]))
        if hour > 23 or minute > 59:
            continue
        part, meridiem = match["part"] or "", (match["meridiem"] or "").lower()
        minutes = _minutes(hour * 60 + minute, part, meridiem)
        bare_hour = bool(match["h2"]) and not (
            match["half"] or match["quarter"] or match["m2"] or match["m3"] or match["sharp"]
        )
        unsigned = bool(match["h4"] or match["h5"]) and not part
        bare = (bare_hour and not part) or unsigned
        told = bool(part or meridiem) or minutes >= _HALF_DAY
        yield ClockTime(minutes, match.start(), match.end(), told, bare, part, unsigned)


def _minutes(minutes: int, part: str, meridiem: str) -> int:
    after_noon = part in (*_AFTERNOON, *_NIGHT) or "p" in meridiem
    if part in _NOON:
        after_noon = minutes < 3 * 60
    return minutes + _HALF_DAY if after_noon and minutes < _HALF_DAY else minutes


def intervals(text: str, signs: Signs) -> Iterator[Interval]:
    """The times of a text, two that are linked (16:30—18:00, 从16:30开始，18:00) as one."""
    times = list(clock_times(text, signs))
    begin = f"(?:{signs.begin})"
    links = re.compile(rf"(?:\([^()]{{0,12}}\))?{begin}?,?{_LINK}|{begin},")
    straight = re.compile(_LINK)
    at = 0
    while at < len(times):
        first = times[at]
        last = times[at + 1] if at + 1 < len(times) else None
        between = text[first.end : last.start] if last is not None else ""
        third = times[at + 2] if at + 2 < len(times) else None
        taken = (  # 16:00放学,16:10-17:30: the second begins what follows
            between.endswith(",")
            and last is not None
            and third is not None
            and straight.fullmatch(text[last.end : third.start]) is not None
        )
        if last is not None and links.fullmatch(between) and not taken and _is_range(first, last):
            yield Interval(first, _after(first, last))
            at += 2
            continue
        if not first.bare:
            yield Interval(first, None)
        at += 1


def _is_range(first: ClockTime, last: ClockTime) -> bool:
    """Whether two linked times are a range: 3.15-4.20 may be days of a year."""
    return not (first.unsigned and last.unsigned) or (first.told and last.told)


def _after(first: ClockTime, last: ClockTime) -> ClockTime:
    """The end of a range: in the half of the day of its begin, or the next."""
    if not last.told and last.minutes <= first.minutes < last.minutes + _HALF_DAY:
        return last._replace(minutes=last.minutes + _HALF_DAY, told=first.told)
    if not last.told and first.told and last.part not in _MORNING:
        return last._replace(told=True)
    return last


def after_noon(time: ClockTime, latest_hour: int) -> ClockTime:
    """A time that does not say so as one after noon, where its hour is one up to the latest."""
    if time.told or time.part in _MORNING or not 60 <= time.minutes < (latest_hour + 1) * 60:
        return time
    return time._replace(minutes=time.minutes + _HALF_DAY, told=True)
