"""Lines for the sheet that a clause nothing was drafted from may ask: they are read, and no more.

A share (每20名读者至少1名…), a number of times (至少开展2次…), a column against another: a line
stands on the sheet as any other; a rule is made of it once a person has answered it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from kehou.authoring.columns import Columns
from kehou.authoring.phrases import parsed
from kehou.authoring.proposals import Candidate, spoken
from kehou.errors import UsageError
from kehou.fields.allowed_values import arabic
from kehou.packs import Pack

_NUMBER: Final = r"(?P<{}>\d+|[一二两三四五六七八九十]+)"
_SHARE: Final = re.compile(
    rf"每{_NUMBER.format('of')}?[名人位个](?P<a>[^\d，。；]{{1,8}}?)(?:应当|必须|至少|最少|不[得]?少于|配备?|有)+"
    rf"[^\d一二两三四五六七八九十，。；]{{0,4}}{_NUMBER.format('one')}[名人位个](?P<b>[^，。；]{{1,8}})"
)
_TIMES: Final = re.compile(
    rf"(?:至少|最少|不得?少于)[^\d一二两三四五六七八九十，。；]{{0,4}}{_NUMBER.format('times')}次"
)
_AGAINST: Final = re.compile(
    r"(?P<a>[^，。；]{2,12})不[得应能]?(?P<way>超过|多于|少于|低于)(?P<b>[^\d，。；]{2,10})$"
)
#: What stands before a title that tells some of its rows from others, or speaks of each.
_OF_WHOM: Final = "(?:[一二两三四五六七八九十百\\d]|[高低中各每]|每(?:一)?个)"
#: How much of a title has to be spoken of.
_ENOUGH: Final = 0.6


def suggested(pack: Pack, clause: str, quote: str) -> str:
    """A line that a clause may ask, which can be read; "" where none is seen."""
    named = Columns(pack)
    for phrase in (*_shares(named, quote), *_times(pack, quote), *_against(named, quote)):
        try:
            parsed(pack, clause, phrase)
        except UsageError:
            continue
        return phrase
    return ""


def _column(named: Columns, words: str, each: str = "") -> Candidate | None:
    """The one column of a number of what some words say: 读者 is 读者人数, and no other."""
    titles = [(one, re.sub("的?(总?人?数|数量)$", "", one.field.title)) for one in named.all]
    found = [one for one, title in titles if title and (not each or one.each == each)]
    scored = [(spoken(t, words), one) for one, t in titles if one in found and t != one.field.title]
    best = [one for score, one in scored if score >= _ENOUGH]
    return best[0] if len(best) == 1 else None


def _shares(named: Columns, quote: str) -> Iterator[str]:
    for match in _SHARE.finditer(quote):
        a = _column(named, match["a"])
        b = _column(named, match["b"], a.each) if a is not None else None
        if a is not None and b is not None and a != b:
            share = Fraction(arabic(match["of"] or "1")) / Fraction(arabic(match["one"]))
            number = f"{float(share):g}"
            yield f"{named.whole(a)}÷{named.whole(b)} 不超过 {number}"


def _times(pack: Pack, quote: str) -> Iterator[str]:
    for match in _TIMES.finditer(quote):
        for definition in pack.entities.values():
            rows = pack.schema.field(definition.path) if definition.form == "list" else None
            if rows is not None and spoken(rows.title, _not_of_whom(rows.title, quote)) >= _ENOUGH:
                yield f"{rows.title}的项数 不少于 {arabic(match['times'])}次"


def _not_of_whom(title: str, quote: str) -> str:
    """A text without the places where it says of whom it speaks by a title: 三年级以上, 各年级."""
    told = rf"{_OF_WHOM}{re.escape(title)}|{re.escape(title)}(?=(?:及|\(含\)|（含）)?以[上下])"
    return re.sub(told, "", quote)


def _against(named: Columns, quote: str) -> Iterator[str]:
    for match in _AGAINST.finditer(quote):
        way = "不超过" if match["way"] in ("超过", "多于") else "不少于"
        for other in named.all:
            if match["b"].startswith(other.field.title):
                for one in named.all:
                    if one != other and one.each == other.each and _spoken_of(one, match["a"]):
                        yield f"{named.whole(one)} {way} {other.field.title}"


def _spoken_of(one: Candidate, words: str) -> bool:
    return spoken(one.field.title, words) >= _ENOUGH


__all__ = ["suggested"]
