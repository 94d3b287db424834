"""What a clause says of members of a choice or a list: 不得在周五, 应当在周一至周五, 除露天馆外.

Only what stands in the words is told; whether a member is asked, denied or only named of others is
left open wherever the words could be read in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kehou.authoring.clause_words import share
from kehou.authoring.list_columns import domain, label
from kehou.authoring.policy_text import modality
from kehou.authoring.sentence_limits import limits
from kehou.fields import Field
from kehou.packs import Pack

#: A part of a sentence that forbids, and what in it turns that round or leaves it open.
_DENIES: Final = re.compile("严禁|禁止|不(?:得|准|许|允许|能|应|可|宜)")
_TURNS: Final = re.compile(
    "只|仅|单一|取消|停|缺|没有|未|无|减少|拒绝|漏|排除|为由|借|不足|少于|改变"
)
_PASSED: Final = re.compile("(?:以|之)?外(?!部)|(?:以|之)?[前后]")
_EXCEPT: Final = re.compile(
    r"除(?:了)?[^，,；;]{1,30}?(?:(?:之|以)?外|不计)|(?:不含|不包括)[^，,；;（）()的]{1,15}"
    r"|[^，,；;]{1,20}?(?:的)?除外"
)
_GOES_ON: Final = re.compile("(?:以及|或者|[、或和及与])|等")
_LIMITED: Final = re.compile("只|仅|限于|限在")
_COUNTED: Final = "一二三四五六七八九十日天"
_JOINS: Final = "、和及与或至到—~-"
_RANGES: Final = "至到—~-"
#: How much of the name of a member has to be spoken of for it to be named at all.
_ENOUGH: Final = 0.5


def inner(field: Field) -> Field:
    """The field of the members of a list, else the field itself."""
    return field.item if field.kind == "list" and field.item is not None else field


def named(pack: Pack, field: Field, text: str) -> list[tuple[str, int, int]]:
    """The members that stand in a text by their own names, with their places.

    A name in the midst of what things are called by the pack (中小学) is none.
    """
    spread = _spread(field, text)
    if spread:
        return spread
    called = [*pack.schema.declared.nouns.get("zh", {}).values(), pack.title]
    found: list[tuple[str, int, int]] = []
    names = {label(field, one): one for one in domain(field) or list(inner(field).labels)}
    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(re.escape(name), text) if len(name) > 1 else ():
            start, end = match.span()
            wider = text[max(0, start - 1) : end]
            held = any(start < b and a < end for _, a, b in found)
            if held or any(name in one or (wider != name and wider in one) for one in called):
                continue
            if re.search("(?<!其)[大中小高初]$", text[:start]):
                continue
            found.append((names[name], start, end))
    return sorted(found, key=lambda one: one[1])


def _spread(field: Field, text: str) -> list[tuple[str, int, int]]:
    """The numbered members in a text, with those between: 周一至周五, 一、二年级."""
    words = inner(field).words
    heads = sorted({w[:-1] for w in words if len(w) > 1 and w[-1] in _COUNTED}, key=len)
    alone = [w for w in words if len(w) > 1 and w[0] in _COUNTED and w[1] not in _COUNTED]
    tails = sorted({w[1:] for w in alone}, key=len)
    found: list[tuple[str, int, int]] = []
    if heads:
        mark = f"(?:{'|'.join(map(re.escape, reversed(heads)))})"
        series = rf"{mark}[{_COUNTED}](?:[{_JOINS}]{mark}?[{_COUNTED}])*"
        found += _members(words, heads, True, re.finditer(series, text))
    if tails:
        mark = f"(?:{'|'.join(map(re.escape, reversed(tails)))})"
        series = rf"(?:[{_COUNTED}]{mark}?[{_JOINS}])*[{_COUNTED}]{mark}"
        found += _members(words, tails, False, re.finditer(series, text))
    return found


def _members(
    words: Mapping[str, int], marks: Sequence[str], ahead: bool, found: Iterator[re.Match[str]]
) -> Iterator[tuple[str, int, int]]:
    """The members of some enumerations that are written with one head or one tail for all."""
    for match in found:
        mark = next(one for one in reversed(marks) if one in match[0])
        last = 0
        joint = ""
        for piece in re.findall(rf"[{_JOINS}]|[{_COUNTED}]", match[0].replace(mark, "")):
            if piece not in _COUNTED:
                joint = piece
                continue
            number = words.get(mark + piece if ahead else piece + mark, 0)
            between = range(last + 1, number) if last and joint in _RANGES else ()
            yield from ((str(n), *match.span()) for n in (*between, number) if n)
            last, joint = number, ""


def spoken_of(field: Field, member: str, text: str) -> bool:
    """Whether a text may name a member in any of its ways of writing."""
    one = inner(field)
    if one.words:
        written = any(str(n) == member and word in text for word, n in one.words.items())
        return written or any(member == number for number, _, _ in _spread(field, text))
    name = label(field, member)
    names = [name, *(word for word, value in one.aliases.items() if str(value) == member)]
    whole = any(len(word) > 1 and word in text for word in names)
    return whole or share(name, text) > _ENOUGH


def ways(pack: Pack, field: Field, quote: str) -> dict[str, set[str]]:
    """How a clause speaks of each member that it names: ``asked``, ``denied`` or "" for else."""
    found: dict[str, set[str]] = {}
    for part in re.split("[,，;；。]", quote):
        aside = [match.span() for match in _EXCEPT.finditer(part)]
        way, at = _way(part)
        for member, start, end in named(pack, field, part):
            own = way
            if any(a <= start < b for a, b in aside):
                own = ""
            elif _PASSED.match(part, end):
                turned = {"asked": "", "denied": "asked"}.get(way, "")
                own = turned if "外" in part[end : end + 2] else ""
            elif own == "denied" and start < at and not _of_when(part[end:at]):
                own = ""
            found.setdefault(member, set()).add(own)
    return found


def _way(part: str) -> tuple[str, int]:
    """What a part does with what it names, and from where on."""
    text = list(part)
    for limit in limits(part, each=True):
        text[limit.start : limit.end] = "·" * (limit.end - limit.start)
    rest = "".join(text)
    found = _DENIES.search(rest)
    if found is not None:
        return ("" if _TURNS.search(rest) else "denied"), found.start()
    asks = modality(rest) in ("MUST", "SHOULD") or _LIMITED.search(rest) is not None
    return ("asked" if asks and modality(rest) != "MAY" else ""), 0


def _of_when(between: str) -> bool:
    """Whether a member before what forbids stands close to it: 周五不得安排."""
    return len(between) <= 2


def open_ended(pack: Pack, field: Field, quote: str) -> bool:
    """Whether a clause goes on with things that have no name here: 甲或者第三方, 甲、乙等."""
    found = named(pack, field, quote)
    starts, ends = {start for _, start, _ in found}, {end for _, _, end in found}
    joints = [match.span() for match in _GOES_ON.finditer(quote)]
    return any((a in ends) is not (b in starts) for a, b in joints if {a, b} & (starts | ends))


def excepted(pack: Pack, field: Field, text: str) -> set[str]:
    """The members that a text takes out: 除露天馆外."""
    return {
        member for match in _EXCEPT.finditer(text) for member, _, _ in named(pack, field, match[0])
    }


def plain(pack: Pack, field: Field, text: str) -> set[str]:
    """The members that a text names and does not take out."""
    rest = _EXCEPT.sub("，", text)
    return {member for member, _, _ in named(pack, field, rest)}


__all__ = ["excepted", "inner", "named", "open_ended", "plain", "spoken_of", "ways"]
