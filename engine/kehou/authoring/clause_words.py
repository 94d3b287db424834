"""Which words of a clause nothing that is drafted from it speaks of: they are told, never dropped.

What a field, its list, the policy and its nouns are called is accounted for, and so are words that
ask or only join; whatever else is left may be a condition, an exception or a leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

#: Words that ask, join or say what is done, by themselves no condition.
_PLAIN: Final = re.compile(
    "不(?:得|应|能|宜|准|可|许)?(?:超过|高于|多于|大于|晚于|迟于|长于|少于|低于|早于|小于|短于)"
    "|严禁|禁止|不得|不准|不允许|不能|必须|应当?|须|需要?|可以?|至[少多]|最[少多低高晚早迟]"
    "|控制在|以[上下内前后]|之[前后内]|为[限宜]|(?<=\\d)[前后]|每[天日](?=(?:的|应当?|必?须|在|于)*(?:\\d|不?得?[早晚]于))"
    "|(?:应当?)?(?:符合|遵守|达到)?(?:下列|以下)(?:要求|规定|条件|标准)?|面向|针对|发生|出现|存在"
    "|[各其该]|所有|一律|均|都|统一|按时|及时|认真|切实|严格|逐[步一]|并|且|及|以及|和|与|或者?"
    "|的|之|在|于|到|由|向|对|将|把|是|为|有|等|内|本|每[个册本份件张]?|(?:开始|结束|完成|进行|开展|实施|离开|离场|到达|开放|开门|关门"
    "|配备|配有|设置|设立|安排|组织|提供|具备|具有|持有|取得|报告|提交|送达|办理|建立|保持|达到"
    "|收取|标准|数量|[人总]数|总额|时间|时刻|日期|期限|金额)"
)
#: What limits whom or when a clause speaks of, or takes back a part of it.
_SHAPE: Final = re.compile(
    "除[^，；]*外|除外|不含|不包括|不受|不适用|[前上]款|前项|原则上|一般|通常|尽量|视情|酌情"
    "|经(?![常营济费过])[^，；]+|特殊|确[需有因实]|必要时|有条件|条件允许"
    "|^如|^若|^遇|^因|^当|^凡|^对|^但|期间|情况|情形|季|节假|[时后前]$|的$|可以?(?!能)"
)
#: Words that take the edge off whatever they stand in.
_HEDGE: Final = re.compile(
    "原则上|一般|通常|尽量|视情况?|酌情|特殊情况|必要时|有条件的?|条件允许|适当|左右|除外|不在此限"
)
_TAKES_BACK: Final = re.compile("除外|不受|不适用|不在此限|^但|^经(?![常营济费过])")
#: What denies the words after it; 不得 and the like ask instead, 不同 and 无关 are words.
_DENIES: Final = re.compile(
    "没有|违[反背]|拒绝|未(?!来|成年)|无(?!关|论|线)|非(?!常)|没(?!收)|缺少|缺乏"
    "|(?<![得准])不(?![得应能宜准可许同断少论仅含包超高低多大小早晚迟长短在受适])"
)
_FORBIDS: Final = re.compile("严禁|禁止|不(?:得|准|许|允许|能|应|宜|可)|必须|应当?|须|需要?|要")
_TRIMMED: Final = "的之在于是为有、，。 　（）()《》“”：:/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a clause, of which ``done`` says for each character whether it is accounted for.

    ``role`` is ``topic`` before what is asked, ``asking`` for the part that asks it, ``more``
    for what follows: an exception or a leave.
    """

    text: str
    role: str
    done: tuple[bool, ...] = ()

    def mark(self, *spans: tuple[int, int]) -> Piece:
        """The piece with more of it accounted for."""
        done = list(self.done or [False] * len(self.text))
        for start, end in spans:
            done[start:end] = [True] * (end - start)
        return replace(self, done=tuple(done))

    def rest(self) -> str:
        """The text with a blank for each character that is accounted for."""
        done = self.done or (False,) * len(self.text)
        return "".join(" " if gone else c for c, gone in zip(self.text, done, strict=True))


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Words that nothing was made of; ``narrows`` where they seem to say for whom or when."""

    words: str
    narrows: bool


def unsaid(piece: Piece, known: Iterable[str], own: str = "") -> Iterator[Unsaid]:
    """What a piece says beyond the ``known`` titles and plain words.

    Of a topic or what follows the whole is told, of the part that asks each run of characters, and
    one character too that stands before a known word and names only some of it.
    ``own`` is the title of the field itself, of which single characters count.
    """
    hedges = [found.span() for found in _HEDGE.finditer(piece.rest())]
    plain = [found.span() for found in _PLAIN.finditer(piece.text)]
    plain += [(i, i + 1) for i, char in enumerate(piece.text) if char in own and char != "的"]
    joining = [span for span in plain if span[1] - span[0] == 1 and piece.text[span[0]] != "的"]
    solid = piece.mark(*_named(piece.text, known), *(s for s in plain if s not in joining))
    left = solid.mark(*joining).rest()
    #: 合并后: a character that may only join is one of the word that it stands in
    inside = [s for s in joining if (left[: s[0]][-1:] + left[s[1] :][:1]).strip(" 、")]
    solid = solid.mark(*(s for s in joining if s not in inside))
    if piece.role != "asking":
        left = solid.rest().replace(" ", "")
        if len(left.strip(_TRIMMED)) > 1 or hedges:
            words = piece.text.strip(_TRIMMED[4:])
            yield Unsaid(words, piece.role == "topic" or bool(_SHAPE.search(words)))
        elif piece.role == "topic":
            yield from _some_of(piece.text, solid.rest())
        return
    for start, end in hedges:
        yield Unsaid(piece.text[start:end], True)
    for found in re.finditer(r"[^\s、]+", solid.mark(*hedges).rest()):
        start, end = found.span()
        hint = _SHAPE.search(piece.text[max(0, start - 1) : end + 1])
        if end - start > 1 or _SHAPE.search(found[0]):
            first = not piece.text[:start].strip(_TRIMMED)
            yield Unsaid(piece.text[start:end], first or bool(hint))
    yield from _some_of(piece.text, solid.mark(*hedges).rest())


def _some_of(text: str, left: str) -> Iterator[Unsaid]:
    """Single characters left before a word that is known, which name only some of it: 低年级.

    A series (一、二年级) is told whole, with the word that it stands before.
    """
    for found in re.finditer(r"(?<![^\s、])[^\s、](?:、[^\s、])*(?![^\s、])", left):
        start, end = found.span()
        whose = start > 0 and text[start] in "员者方"  # 驾驶员 is who does what is known
        if text[start] not in _TRIMMED and not whose and not _SHAPE.search(found[0]):
            yield Unsaid(text[start : end + 2], True)


def _named(text: str, known: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where two characters of a title stand together, or a title of one."""
    pairs = {title[i : i + 2] for title in known for i in range(len(title) - 1)}
    single = {title for title in known if len(title) == 1}
    for i in range(len(text)):
        if text[i : i + 2] in pairs:
            yield i, i + 2
        if text[i] in single:
            yield i, i + 1


def share(title: str, text: str) -> float:
    """Which share of a title, taken two characters at a time, stands in a text."""
    pieces = {title[i : i + 2] for i in range(len(title) - 1)}
    return sum(piece in text for piece in pieces) / max(1, len(pieces))


def takes_back(part: str) -> bool:
    """Whether a part of a clause is an exception to another, or a leave to do otherwise."""
    if _TAKES_BACK.search(part):
        return True
    leave = re.search("可以?(?![能行靠口持见])", part)
    return leave is not None and not re.search("不得|应当?|必须", part)


def denied(title: str, part: str) -> list[tuple[int, int]] | None:
    """Where a part of a clause denies what a title says (没有做过评估的); None if that is open.

    A negation that the title has itself is no other, and one that asks (不得) is none.
    """
    pairs = {title[i : i + 2] for i in range(len(title) - 1)}
    asked = _FORBIDS.search(part)
    found: list[tuple[int, int]] = []
    for match in _DENIES.finditer(part):
        start, end = match.span()
        if part[start : start + 2] in pairs or part[max(0, start - 1) : start + 1] in pairs:
            continue
        after = asked is None or start > asked.start()
        of_title = any(part[i : i + 2] in pairs for i in range(end - 1, end + 3))
        if found or after is not of_title:
            return None
        found += [(start, end)] if after else []
    return found


__all__ = ["Piece", "Unsaid", "denied", "share", "takes_back", "unsaid"]
