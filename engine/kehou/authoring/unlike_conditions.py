"""Whether a line is said of others than its clause: a condition against the clause's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kehou.authoring.clause_conditions import Condition, conditions
from kehou.authoring.clause_words import Piece, share
from kehou.authoring.list_columns import label
from kehou.authoring.proposal import Proposal
from kehou.authoring.proposals import asks
from kehou.authoring.quote_members import excepted, plain, spoken_of
from kehou.authoring.sentence_limits import limits, values_of
from kehou.packs import Pack

#: What denies the words that stand right after it.
_NO: Final = re.compile("(?:没有|未(?:设有?|配有?|有)?|不(?:设|是)?|无|非|没)$")
_EXCEPT: Final = re.compile("除(?:了)?[^，,；;]{0,20}$")
_OTHERS: Final = re.compile("其他|其它|其余|否则|另")
_UP: Final = ("at_least", "more_than")
_DOWN: Final = ("at_most", "less_than")
_AMOUNTS: Final = (*_UP, *_DOWN)
_AGAINST: Final = ("is_not", "not_in", "contains_none")
#: How much of a column's title has to be spoken of.
_ENOUGH: Final = 0.5
#: A title of fewer characters says too little to be seen in a clause.
_SAYS: Final = 3


def unlike_conditions(pack: Pack, made: Proposal, quote: str) -> str:
    """What is wrong with the conditions of a line; "" for nothing that can be seen."""
    said = _about(made, quote)
    if _OTHERS.search(said):
        return ""
    counted = made.formula.where if made.formula is not None else ()
    for one in (*made.conditions, *counted):
        if one.field.kind == "boolean":
            wrong = _yes_or_no(one, said)
        elif one.op in _AMOUNTS:
            wrong = _amount(pack, made, one, said)
        else:
            wrong = _members(pack, one, said)
        if wrong:
            return f"的条件“{one.said}”{wrong}"
    return ""


def left_out(pack: Pack, made: Proposal, quote: str) -> list[str]:
    """The conditions that a clause plainly sets and a line does not have, in words.

    Plain are a yes or no, an amount, and a choice with which a part of the clause begins.
    """
    counted = made.formula.where if made.formula is not None else ()
    own = {made.name, *(one.name for one in (*made.conditions, *counted))}
    own |= {made.formula.a, made.formula.b} if made.formula is not None else set()
    found = [
        one.said
        for part in re.split("[,，;；]", quote)
        for one in _seen(pack, made, part)
        if one.name not in own and not one.guess and _plainly(one, part)
    ]
    return list(dict.fromkeys(found))


_EACH_TIME: Final = re.compile(r"每[个一]?(?P<time>[^\d，。；每]?(?:年度?|期|季度?|月|周|天|日))")

#: Titles of days until which something is valid: they say not when a row took place.
_TO_WHEN: Final = re.compile("有效|到期|截止|止日")
_MOST_NAMED: Final = 3


def any_time(pack: Pack, made: Proposal, quote: str) -> tuple[str, str]:
    """The time that a clause counts in (学年) and the columns that rows say theirs in.

    Both are "" where a count is limited by one of them, or rows do not say when.
    """
    formula, found = made.formula, _EACH_TIME.search(quote)
    if formula is None or formula.kind != "count" or found is None:
        return "", ""
    fields = pack.vocabulary.own_fields(formula.a)
    dated = {n: one.title for n, one in fields.items() if one.kind in ("date", "month")}
    dated = {name: title for name, title in dated.items() if not _TO_WHEN.search(title)}
    if not dated or any(one.name in dated for one in formula.where):
        return "", ""
    return found["time"], "、".join(list(dated.values())[:_MOST_NAMED])


def _plainly(one: Condition, part: str) -> bool:
    if one.field.kind == "boolean":
        return len(re.sub("^(?:是否|有无|有没有)", "", one.field.title)) >= _SAYS
    return one.op in _AMOUNTS or part.startswith(one.said.split("、")[0])


def _about(made: Proposal, quote: str) -> str:
    """The parts of a clause that a line is of: of several limits the one with its number."""
    parts = re.split("[,，;；]", quote)
    limited = [i for i, part in enumerate(parts) if any(True for _ in limits(part, each=True))]
    if len(limited) < 2 or not made.bounded:
        return quote
    own = [i for i in limited if _has(parts[i], made)]
    if len(own) != 1:
        return quote
    first = max((i for i in limited if i < own[0]), default=-1) + 1
    return "，".join(parts[first : own[0] + 1])


def _has(part: str, made: Proposal) -> bool:
    """Whether a limit of a line stands in a part of its clause."""
    own = (made.low, made.high)
    return any(v in own for one in limits(part, each=True) for v in values_of(made.field, one))


def _yes_or_no(one: Condition, said: str) -> str:
    """A yes where the clause denies it, or a no where it does not."""
    title = re.sub("^(?:是否|有无|有没有)", "", one.field.title)
    core = re.sub("^(?:设有|设|有|提供|实行|开设|属于|配有|安排)", "", title) or title
    found = {
        _denied(part, core)
        for part in re.split("[,，;；]", said)
        if share(core, part) >= _ENOUGH or core in part
    }
    if len(found) != 1:
        return ""
    [denied] = found
    if denied is (one.written == "false"):
        return ""
    return f"与引文“{said}”相反"


def _denied(part: str, core: str) -> bool:
    """Whether a part of a clause denies a word, or takes it out."""
    places = [part.find(core[i : i + 2]) for i in range(max(1, len(core) - 1))]
    start = min((at for at in places if at >= 0), default=0)
    before = re.sub("(?:设有|设|有|提供|实行|开设|属于|是|配有|安排|存放|使用)$", "", part[:start])
    out = _EXCEPT.search(part[:start]) is not None and "外" in part[start:]
    return any(_NO.search(text) for text in (part[:start], before)) is not out


def _amount(pack: Pack, made: Proposal, one: Condition, said: str) -> str:
    """An amount in another direction than the clause's own of the same column, or another one."""
    seen = [c for c in _seen(pack, made, said) if c.name == one.name and c.op in _AMOUNTS]
    if not seen:
        return ""
    alike = [c for c in seen if (c.op in _UP) is (one.op in _UP)]
    if not alike:
        return f"与引文“{said}”的方向相反"
    if all(c.written != one.written for c in alike):
        return f"的数不在引文“{said}”里"
    return ""


def _members(pack: Pack, one: Condition, said: str) -> str:
    """Members that the clause takes out where the line is of them, or the other way round."""
    mine = re.findall(r"[^\s,\[\]']+", one.written)
    out, named = excepted(pack, one.field, said), plain(pack, one.field, said)
    if one.op in _AGAINST:
        only = named - out
        return f"与引文“{said}”相反" if only and only == set(mine) else ""
    if out & set(mine) and not named & set(mine):
        return f"与引文“{said}”相反"
    missing = [m for m in mine if m not in named and not spoken_of(one.field, m, said)]
    if named and missing:
        words = "、".join(label(one.field, m) for m in missing)
        return f"：“{words}”不在引文“{said}”里"
    return ""


def _seen(pack: Pack, made: Proposal, said: str) -> Iterator[Condition]:
    """The conditions that the parts of a clause are seen to set."""
    for part in re.split("[,，;；]", said):
        role = "asking" if asks(part) else "topic"
        yield from conditions(pack, made.each, made.name, [], Piece(part, role))[0]


__all__ = ["any_time", "left_out", "unlike_conditions"]
