"""Patterns of phrases as policy staff write them, made into expressions of bounded length.

``讲|讲授|上 ~4 新课|新授课``: one of the words, at most four characters, one of the words.
``(再|又)`` may be left out; ``<时间>`` stands for the words of that name; ``~,8`` may cross a
comma. ``^`` stands for the begin of a line; ``{年:year}`` takes what stands there, and
``{名称:word+小学|中学}`` takes it with its ending and what stands in brackets after it. There is no
repetition without a bound, so that searching is linear in the text.
Source: docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kehou.documents import normal

#: The widest gap of a pattern, in characters.
WIDEST: Final = 30
_GAP: Final = re.compile(r"~(,?)([0-9]{1,3})")
_SLOT: Final = re.compile(r"<([^<>|\s]+)>")
_TAKEN: Final = re.compile(r"\{(\w{1,10}):([a-z]+)(?:\+([^{}]+))?\}")
#: What may be taken out of a text, as expressions of bounded length.
KINDS: Final = {"year": r"20[0-9]{2}", "word": r"[〇\u4e00-\u9fff]{1,20}?"}
#: What in brackets right after a name belongs to it (东校区), unless it says something of the text.
_IN_BRACKETS: Final = (
    r"(?:\((?!以下|下称|简称|试行|暂行|修订|草案|征求|讨论|印章|盖章|公章)"
    r"[\u4e00-\u9fff]{1,12}\))?"
)


class TemplateError(ValueError):
    """A pattern that cannot be read; the text says why."""


def expression(template: str, slots: Mapping[str, Sequence[str]]) -> str:
    """The regular expression of a pattern; raises TemplateError."""
    parts = template.split()
    if parts[:1] == ["^"]:
        return "^" + expression(" ".join(parts[1:]), slots)
    if not parts:
        raise TemplateError("模式是空的")
    if _GAP.fullmatch(parts[0]) or _GAP.fullmatch(parts[-1]):
        raise TemplateError("模式不能以间隔 ~ 开头或结尾")
    made = [_part(part, slots) for part in parts]
    words = [part for part in parts if not _GAP.fullmatch(part)]
    if all(part.startswith("(") and part.endswith(")") for part in words):
        raise TemplateError("模式里的词都可以略去，等于什么都能查到")
    return "".join(made)


def quickly(made: str, templates: Sequence[str], slots: Mapping[str, Sequence[str]]) -> str:
    """An expression made of some patterns, tried only where a letter stands that one begins with.

    It finds the same, in a third of the time.
    """
    if any(one.startswith(("^", "{")) for one in templates):
        return made
    letters = {letter for one in templates for letter in _first_letters(one.split(), slots)}
    return f"(?=[{''.join(map(re.escape, sorted(letters)))}])(?:{made})"


def _first_letters(parts: Sequence[str], slots: Mapping[str, Sequence[str]]) -> set[str]:
    """The letters that a pattern of words may begin with."""
    found: set[str] = set()
    for part in parts:
        optional = part.startswith("(") and part.endswith(")")
        for word in (part[1:-1] if optional else part).split("|"):
            slot = _SLOT.fullmatch(word)
            found |= {normal(one).text[:1] for one in (slots[slot[1]] if slot else [word])}
        if not optional:
            break
    return found


def _part(part: str, slots: Mapping[str, Sequence[str]]) -> str:
    gap = _GAP.fullmatch(part)
    if gap:
        if not 0 < int(gap[2]) <= WIDEST:
            raise TemplateError(f"间隔 ~{gap[2]} 应当在 1 到 {WIDEST} 个字之间")
        return ("[^。;!?\\n]" if gap[1] else "[^。;!?,\\n]") + f"{{0,{int(gap[2])}}}?"
    taken = _TAKEN.fullmatch(part)
    if taken:
        if taken[2] not in KINDS:
            raise TemplateError(f"没有“{taken[2]}”这一种，可用：{'、'.join(KINDS)}")
        ending = f"(?:{alternatives(taken[3].split('|'))})" if taken[3] else ""
        after = _IN_BRACKETS if ending and taken[2] == "word" else ""
        return f"(?P<{taken[1]}>{KINDS[taken[2]]}{ending}{after})"
    optional = part.startswith("(") and part.endswith(")")
    words: list[str] = []
    for word in (part[1:-1] if optional else part).split("|"):
        slot = _SLOT.fullmatch(word)
        if slot:
            if slot[1] not in slots:
                raise TemplateError(f"没有一组叫“{slot[1]}”的词")
            words += slots[slot[1]]
        elif not word or set(word) & set("~<>(){}"):
            raise TemplateError(f"看不懂“{part}”")
        else:
            words.append(word)
    return f"(?:{alternatives(words)})" + ("?" if optional else "")


def alternatives(words: Sequence[str]) -> str:
    """Words as alternatives, longest first, so that the longest that stands there is found."""
    folded = dict.fromkeys(normal(word).text for word in words)
    return "|".join(re.escape(word) for word in sorted(folded, key=lambda w: (-len(w), w)))
