"""Regular expressions that rules may use: those that any text is matched against in linear time.

Python's `re` goes back and tries again, so a pattern is bounded by how it is built. The steps that
going back may take are counted on the parsed pattern: each repeat of ``m`` to ``n`` characters can
end in ``n - m + 1`` ways, alternatives add up, what stands in a row multiplies. One repeat without
an end is allowed, and whatever is tried at each of its ends counts for each character of the text.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

#: Most steps that a pattern may take on any text, and on each character of it.
MOST_STEPS: Final = 100_000
MOST_PER_CHARACTER: Final = 1_000
#: A pattern with more characters or groups is told without being parsed.
MOST_CHARACTERS: Final = 2_000
MOST_GROUPS: Final = 60

_ENDLESS = "正则只能有一个不限次数的重复（* 或 +），否则匹配时间可能失控"
_GROUP = "正则不能重复一个括号组，也不能回头引用或断言"
_SLOW = "正则里的重复和“或”叠在一起，要试的情形太多，匹配时间可能失控"
_CHARACTERS = frozenset({_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN})
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})


class _NotLinearError(Exception):
    """A pattern that may not be used; its text says why."""


class Cost(NamedTuple):
    """What matching takes at most on a text of L characters: ``steps + per_character × L``.

    ``ways`` is in how many ways it can match without the endless repeat; ``endless`` whether it
    has one, which can end at any character.
    """

    steps: int = 0
    per_character: int = 0
    ways: int = 1
    endless: bool = False


def pattern_fault(text: str) -> str | None:
    """Why a pattern may not be used, or None where it is linear in the text that it is put to."""
    try:
        cost_of(text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        at = getattr(error, "pos", None)
        where = f"，第 {at + 1} 个字附近" if at is not None else ""
        return f"正则写法有误{where}；请核对括号、方括号、重复次数和“\\”"
    except _NotLinearError as error:
        return str(error)
    return None


def cost_of(text: str) -> Cost:
    """What a whole match against a pattern takes at most.

    Raises `re.error` where it is none, and an error of its own where it is not linear.
    """
    if len(text) > MOST_CHARACTERS or text.count("(") > MOST_GROUPS:
        raise _NotLinearError(f"正则太长，上限 {MOST_CHARACTERS} 字、{MOST_GROUPS} 个括号")
    with warnings.catch_warnings():
        # What Python would warn of may mean something else in its next version.
        warnings.simplefilter("error")
        re.compile(text)
        cost = _sequence(_parser.parse(text))
    if cost.steps > MOST_STEPS or cost.per_character > MOST_PER_CHARACTER:
        raise _NotLinearError(_SLOW)
    return cost


def _sequence(items: Iterable[tuple[Any, Any]]) -> Cost:
    found = Cost(steps=1)
    for item in items:
        found = _then(found, _item(*item))
    return found


def _then(first: Cost, second: Cost) -> Cost:
    """What follows is tried anew for each way in which what stands before it can match."""
    if first.endless and second.endless:
        raise _NotLinearError(_ENDLESS)
    ways = first.ways * second.ways
    if ways > MOST_STEPS:
        raise _NotLinearError(_SLOW)
    again = first.ways * second.steps
    return Cost(
        first.steps + again,
        first.per_character + first.ways * second.per_character + (again if first.endless else 0),
        ways,
        first.endless or second.endless,
    )


def _item(op: Any, given: Any) -> Cost:
    if op in _CHARACTERS:
        return Cost(steps=1)
    if op is _constants.AT:
        return Cost(steps=1)
    if op in _REPEATS:
        least, most, item = given
        return _repeat(int(least), most, list(item))
    if op is _constants.SUBPATTERN:
        return _sequence(given[-1])
    if op is _constants.ATOMIC_GROUP:
        return _sequence(given)
    if op is _constants.BRANCH:
        return _branch([_sequence(one) for one in given[1]])
    raise _NotLinearError(_GROUP)


def _repeat(least: int, most: Any, item: list[tuple[Any, Any]]) -> Cost:
    if len(item) != 1 or item[0][0] not in _CHARACTERS:
        raise _NotLinearError(_GROUP)
    if most is _constants.MAXREPEAT:
        return Cost(least + 1, 1, 1, endless=True)
    return Cost(int(most) + 1, 0, int(most) - least + 1)


def _branch(ways: list[Cost]) -> Cost:
    if sum(one.endless for one in ways) > 1:
        # One after the other is tried, each of which can end at any character.
        raise _NotLinearError(_ENDLESS)
    return Cost(
        1 + sum(one.steps for one in ways),
        sum(one.per_character for one in ways),
        sum(one.ways for one in ways),
        any(one.endless for one in ways),
    )
