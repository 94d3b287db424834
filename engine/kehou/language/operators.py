"""The operators of the rule language: one row each, with their three-valued meaning on scalars.

A test is true, false or unknown (None). Source: docs/language.md §1.5 and §2.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kehou.errors import UsageError
from kehou.language.lexicons import Lexicon
from kehou.language.patterns import pattern_fault
from kehou.model.values import ABSENT, Bounds, Open, Unknown

#: Kinds whose values have an order.
ORDERED = frozenset({"integer", "time", "date", "month", "money", "decimal"})
Verdict = bool | None


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.lo, value.hi) if type(value) is Bounds else (value, value)


def _is(x: Any, y: Any) -> Verdict:
    if type(x) is not Bounds and type(y) is not Bounds:
        return bool(x == y)
    (a, b), (c, d) = _ends(x), _ends(y)
    if b < c or a > d:
        return False
    return True if a == b == c == d else None


def _at_most(x: Any, y: Any) -> Verdict:
    (a, b), (c, d) = _ends(x), _ends(y)
    return True if b <= c else False if a > d else None


def _less_than(x: Any, y: Any) -> Verdict:
    (a, b), (c, d) = _ends(x), _ends(y)
    return True if b < c else False if a >= d else None


def _members(value: Any) -> tuple[Any, bool]:
    return (value.items, True) if type(value) is Open else (value, False)


def _in(x: Any, y: Any) -> Verdict:
    items, is_open = _members(y)
    if type(x) is Bounds:
        verdicts = [_is(x, item) for item in items]
        return True if True in verdicts else None if None in verdicts or is_open else False
    return True if x in items else None if is_open else False


def _contains_all(x: Any, y: Any) -> Verdict:
    have, have_open = _members(x)
    want, want_open = _members(y)
    if all(item in have for item in want):
        return None if want_open else True
    return None if have_open else False


def _contains_any(x: Any, y: Any) -> Verdict:
    have, have_open = _members(x)
    want, want_open = _members(y)
    if any(item in have for item in want):
        return True
    # Of two lists an empty one that cannot grow shares nothing with the other, whatever joins it.
    have_some, want_some = have or have_open, want or want_open
    return None if (have_open or want_open) and have_some and want_some else False


def _mentions(x: Any, y: Any) -> Verdict:
    if type(y) is Lexicon:
        return bool(y.hits(x))
    items, is_open = _members(y)
    return True if any(word in x for word in items) else None if is_open else False


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    # A pack does not load with such a pattern; this is the door that nothing goes round.
    if fault := pattern_fault(text):
        raise UsageError("pattern", fault, hint=f"请规则包的维护者改写：{text[:100]}")
    return re.compile(text)


def _matches(x: Any, y: Any) -> Verdict:
    return _pattern(y).fullmatch(x) is not None


def _negate(test: Callable[[Any, Any], Verdict]) -> Callable[[Any, Any], Verdict]:
    def negated(x: Any, y: Any) -> Verdict:
        verdict = test(x, y)
        return None if verdict is None else not verdict

    return negated


def _at_least(x: Any, y: Any) -> Verdict:
    return _at_most(y, x)


def _more_than(x: Any, y: Any) -> Verdict:
    return _less_than(y, x)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: what it may be given, what it means, and how the network says it.

    ``left`` is ``scalar``, ``ordered``, ``text``, ``list`` or ``any``; ``right`` is ``same`` (one
    value of the same kind), ``members`` (a list of that kind), ``flag`` or ``pattern``.
    ``when_absent`` is its verdict where either operand is stated to be none. ``compare`` is the
    native comparison (``eq le lt ge gt ne``), None where the network needs a precomputed verdict.
    ``flip`` is the operator that a mutant has instead, "" where it is negated.
    """

    left: str
    right: str
    scalar: Callable[[Any, Any], Verdict]
    when_absent: bool
    compare: str | None
    zh: str
    flip: str = ""


OPERATORS: dict[str, Operator] = {
    "is": Operator("scalar", "same", _is, False, "eq", "是", "is_not"),
    "is_not": Operator("scalar", "same", _negate(_is), True, "ne", "不是", "is"),
    "in": Operator("scalar", "members", _in, False, "in", "属于", "not_in"),
    "not_in": Operator("scalar", "members", _negate(_in), True, "not_in", "不属于", "in"),
    "at_most": Operator("ordered", "same", _at_most, False, "le", "不超过", "less_than"),
    "at_least": Operator("ordered", "same", _at_least, False, "ge", "不少于", "more_than"),
    "less_than": Operator("ordered", "same", _less_than, False, "lt", "小于", "at_most"),
    "more_than": Operator("ordered", "same", _more_than, False, "gt", "大于", "at_least"),
    "within": Operator("ordered", "same", _at_most, False, None, "介于"),
    "exists": Operator("any", "flag", _is, False, "exists", "已填写"),
    "contains_all": Operator(
        "list", "members", _contains_all, False, None, "包含全部", "contains_any"
    ),
    "contains_any": Operator(
        "list", "members", _contains_any, False, None, "包含任一", "contains_all"
    ),
    "contains_none": Operator(
        "list", "members", _negate(_contains_any), True, None, "不包含任何", "contains_any"
    ),
    "matches": Operator("text", "pattern", _matches, False, None, "符合格式"),
    "mentions": Operator("text", "members", _mentions, False, None, "提到"),
}


#: Words that people have from other languages and systems, and the operators that they mean.
OTHER_WORDS: Final[Mapping[str, str]] = {
    word: operator
    for operator, words in {
        "is": "= == eq equals equal same 等于 是",
        "is_not": "!= <> ne not_equal not_equals not_is isnt 不等于 不是",
        "in": "one_of any_of is_in among 属于",
        "not_in": "none_of not_one_of nin 不属于",
        "at_most": "<= le lte max maximum no_later_than not_later_than no_more_than not_more_than"
        " up_to 不超过 不晚于 不多于 不高于 不大于",
        "at_least": ">= ge gte min minimum no_earlier_than not_earlier_than no_less_than"
        " not_less_than 不少于 不早于 不低于 不小于",
        "less_than": "< lt before earlier_than below fewer_than 小于 早于 少于 低于",
        "more_than": "> gt after later_than above greater_than 大于 晚于 多于 高于",
        "within": "between range 介于",
        "exists": "present supplied filled 已填写",
        "contains_all": "has_all includes_all 包含全部",
        "contains_any": "contains has_any includes includes_any 包含 包含任一",
        "contains_none": "has_none excludes 不包含",
        "matches": "match regex pattern like 符合格式",
        "mentions": "mention says 提到",
    }.items()
    for word in words.split()
}


def verdict(op: str, x: Any, y: Any) -> Verdict:
    """Three-valued meaning of ``x op y``; None stands for unknown on either side and as answer."""
    if op == "exists":
        if x is ABSENT:
            return not y
        return None if x is None or type(x) is Unknown else bool(y)
    operator = OPERATORS[op]
    if x is ABSENT or y is ABSENT:
        return operator.when_absent
    if x is None or y is None or type(x) is Unknown or type(y) is Unknown:
        return None
    return operator.scalar(x, y)
