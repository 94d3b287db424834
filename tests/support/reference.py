"""A third reading of rules, deliberately naive, from docs/language.md §2 alone.

It shares data classes with the engine and nothing else: Kleene's logic over True, False and None;
a number known only by its bounds is tried at every point that could matter, an open list with and
without what could matter, and a test is decided only where all trials agree.
"""

from __future__ import annotations

import operator
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from kehou.language.lexicons import Lexicon
from kehou.model.outcomes import Outcome, Stage
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param, Rule, Test
from kehou.model.values import ABSENT, Bounds, Open, Unknown
from kehou.packs import Pack

Verdict = bool | None
Values = Mapping[str, Any]

#: What nobody has supplied, and a table that has no row for a subject.
MISSING, NO_ROW = object(), object()
#: A value that equals none that is written anywhere.
FRESH = object()

PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "in": lambda x, y: x in list(y),
    "not_in": lambda x, y: x not in list(y),
    "at_most": operator.le,
    "at_least": operator.ge,
    "less_than": operator.lt,
    "more_than": operator.gt,
    "contains_all": lambda x, y: set(y) <= set(x),
    "contains_any": lambda x, y: bool(set(y) & set(x)),
    "contains_none": lambda x, y: not set(y) & set(x),
    "matches": lambda x, y: re.fullmatch(y, x) is not None,
    "mentions": lambda x, y: _mentions(x, y),
}
TRUE_OF_ABSENT = ("is_not", "not_in", "contains_none")


def _mentions(text: str, words: Any) -> bool:
    """A text holds one of several words; those of a lexicon by docs/language.md §2.24."""
    if not isinstance(words, Lexicon):
        return any(word is not FRESH and word in text for word in words)
    masks = [place for near in words.masks for place in _places(text, near)]
    return any(
        not any(a <= start and end <= b for a, b in masks)
        for word in words.words
        for start, end in _places(text, word)
    )


def _places(text: str, word: str) -> list[tuple[int, int]]:
    """(start, end) in a text of every place where a word of a lexicon stands."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return [m.span(1) for m in _looking_for(word).finditer(text)]


@cache
def _looking_for(word: str) -> re.Pattern[str]:
    signs = [c for c in unicodedata.normalize("NFKC", word).casefold() if not c.isspace()]
    wanted = r"\s*".join(map(re.escape, signs))
    before = "(?<![a-z])" if signs[0] in string.ascii_lowercase else ""
    after = "(?![a-z])" if signs[-1] in string.ascii_lowercase else ""
    return re.compile(f"{before}(?=({wanted}){after})")


def state(value: Any) -> str:
    """What is known of an operand, in a word."""
    if value is ABSENT:
        return "absent"
    if value is MISSING or value is NO_ROW:
        return "missing" if value is MISSING else "no row"
    return {Bounds: "bounded", Open: "open"}.get(type(value), "known")


def every(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's conjunction."""
    return False if False in verdicts else None if None in verdicts else True


def some(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's disjunction."""
    return True if True in verdicts else None if None in verdicts else False


def verdict(op: str, x: Any, y: Any) -> Verdict:
    """Whether ``x op y``, where either may be missing, absent, bounded or open."""
    if op == "exists":
        return None if x is MISSING else (x is not ABSENT) is y
    if x is ABSENT or y is ABSENT:
        return op in TRUE_OF_ABSENT
    if x is NO_ROW or y is NO_ROW:
        return False
    if x is MISSING or y is MISSING:
        return None
    trials = {PLAIN[op](a, b) for a in _trials(x, y) for b in _trials(y, x)}
    return trials.pop() if len(trials) == 1 else None


def _trials(value: Any, other: Any) -> list[Any]:
    """Every value that a partly known one stands for, as far as the other could tell."""
    if isinstance(value, Open):
        more = _members(other)
        return [(*value.items, *extra) for extra in ((), more, (FRESH,), (*more, FRESH))]
    if not isinstance(value, Bounds):
        return [value]
    inside = {p for p in _members(other) if value.lo <= p <= value.hi}
    points = sorted({value.lo, value.hi} | inside)
    return [*points, *(_between(a, b) for a, b in pairwise(points))]


def _between(a: Any, b: Any) -> Any:
    return a + "~" if isinstance(a, str) else Fraction(a + b) / 2


def _members(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Bounds):
        return (value.lo, value.hi)
    if isinstance(value, Open):
        return value.items
    return value if isinstance(value, tuple) else (value,)


class Reference:
    """The outcomes of a pack's rules at a stage, on a date, with some bureau's tables loaded."""

    def __init__(self, pack: Pack, stage: Stage, as_of: str, loaded: Collection[str]) -> None:
        self.pack, self.stage, self.as_of, self.loaded = pack, stage, as_of, loaded
        #: How often each (operator, verdict), and each state of an operand, was seen.
        self.seen: Counter[tuple[str, Verdict]] = Counter()
        self.states: Counter[str] = Counter()
        self._unset: dict[tuple[str, Cond | None], bool] = {}

    # --- outcomes ----------------------------------------------------------------------------

    def outcome(self, rule: Rule, values: Values, roots: Values) -> Outcome:
        """The first line of docs/language.md §2.5 that holds."""
        closed = rule.closed.get(self.stage, ())

        def read(name: str) -> Any:
            value = (roots if self._is_root(rule.each, name) else values).get(name)
            if value is not None and not isinstance(value, Unknown):
                return value
            invalid = isinstance(value, Unknown) and not value.closable
            return ABSENT if name in closed and not invalid else MISSING

        reviews = [r.when for r in rule.review if not self.unset(rule.each, r.when)]
        when = self._holds(rule.when, read)
        require = self._holds(rule.require, read)
        looks = [self._holds(review, read) for review in reviews]
        if when is False:
            return Outcome.NOT_APPLICABLE
        if (
            self.unset(rule.each, rule.when)
            or self.unset(rule.each, rule.require)
            or (rule.require is None and rule.review and not reviews)
            or any(self._operand(operand, read) is NO_ROW for operand in operands(rule.require))
        ):
            return Outcome.NOT_JUDGED
        if when is True and require is False:
            return Outcome.FAIL
        if True in looks:
            return Outcome.REVIEW
        if require is True and all(look is False for look in looks):
            return Outcome.PASS
        return Outcome.INSUFFICIENT

    def _holds(self, cond: Cond | None, read: Callable[[str], Any]) -> Verdict:
        if cond is None:
            return True
        if isinstance(cond, Not):
            inner = self._holds(cond.item, read)
            return None if inner is None else not inner
        if isinstance(cond, (All, Any_)):
            verdicts = [self._holds(item, read) for item in cond.items]
            return (every if isinstance(cond, All) else some)(verdicts)
        x = self._operand(cond.subject, read)
        rights = [self._operand(arg, read) for arg in cond.args]
        if cond.op == "within":
            found = every([verdict("at_least", x, rights[0]), verdict("at_most", x, rights[1])])
        else:
            found = verdict(cond.op, x, rights[0])
        self.seen[cond.op, found] += 1
        self.states.update(state(operand) for operand in (x, *rights))
        return found

    def _operand(self, operand: Any, read: Callable[[str], Any]) -> Any:
        if isinstance(operand, Const):
            return operand.value
        if isinstance(operand, FieldRef):
            return read(operand.name)
        definition = self.pack.parameters[operand.name]
        now = definition.on(self.as_of)
        if not definition.by:
            return MISSING if now is None or now.value is None else now.value
        key = [read(name) for name in operand.by or definition.by]
        if any(k is MISSING or isinstance(k, (Bounds, Open)) for k in key):
            return MISSING
        return row(now.table if now else {}, key)

    def _is_root(self, entity: str, name: str) -> bool:
        head, dot, _ = name.partition(".")
        parts = {*self.pack.schema.root.fields, "check", "submission"}
        return entity == "submission" or (bool(dot) and head in parts)

    # --- what nobody set ---------------------------------------------------------------------

    def unset(self, entity: str, cond: Cond | None) -> bool:
        """Whether a condition rests on a parameter without a value, or on a table not loaded."""
        if (entity, cond) not in self._unset:
            self._unset[entity, cond] = self._rests_on_unset(entity, cond)
        return self._unset[entity, cond]

    def _rests_on_unset(self, entity: str, cond: Cond | None) -> bool:
        pending = list(_asked(entity, cond))
        seen: set[Any] = set()
        while pending:
            holder, asked = pending.pop()
            if (holder, asked) in seen:
                continue
            seen.add((holder, asked))
            if isinstance(asked, Param):
                definition = self.pack.parameters[asked.name]
                now = definition.on(self.as_of)
                if now is None or (now.value is None and not now.table):
                    return True
                pending += [(holder, FieldRef(n)) for n in asked.by or definition.by]
            elif self._table_of(holder, asked.name) - set(self.loaded):
                return True
            else:
                pending += self._behind(holder, asked.name)
        return False

    def _table_of(self, entity: str, name: str) -> set[str]:
        if self._is_root(entity, name):
            path = name
        else:
            found = self.pack.entities[entity]
            while found.of:
                found = self.pack.entities[found.of]
            path = found.path
        return {path.partition(".")[0]} & set(self.pack.tables)

    def _behind(self, entity: str, name: str) -> Iterator[tuple[str, Any]]:
        holder = "submission" if self._is_root(entity, name) else entity
        rows = self.pack.entities.get(holder)
        if rows is not None and rows.of:
            decide = (*rows.by, *rows.same, *(old for _, old in rows.over))
            yield from ((rows.of, FieldRef(n)) for n in decide)
            yield from _asked(rows.of, rows.where)
        d = self.pack.derivations.get((holder, name.removeprefix("submission.")))
        if d is None:
            return
        mine = [n for _, n in d.same] + [n for n, _ in d.match] + ([d.at] if d.at else [])
        theirs = [n for n, _ in d.same] + [n for _, n in d.match] + [d.of, d.take]
        yield from ((holder, FieldRef(n)) for n in mine)
        yield from (
            (holder, arg)
            for arg in (*d.args, *(a for _, a in d.named))
            if isinstance(arg, (FieldRef, Param))
        )
        if d.over:
            yield d.over, FieldRef("")
            yield from ((d.over, FieldRef(n)) for n in theirs if n)
            yield from (*_asked(d.over, d.where), *_asked(d.over, d.that))


def _asked(entity: str, cond: Cond | None) -> Iterator[tuple[str, Any]]:
    for operand in operands(cond):
        if isinstance(operand, (FieldRef, Param)):
            yield entity, operand


def operands(cond: Cond | None) -> list[Any]:
    """Everything that the tests of a condition compare."""
    return [operand for test in tests(cond) for operand in (test.subject, *test.args)]


def tests(cond: Cond | None) -> list[Test]:
    """The tests of a condition from left to right."""
    if cond is None:
        return []
    if isinstance(cond, Test):
        return [cond]
    items = (cond.item,) if isinstance(cond, Not) else cond.items
    return [test for item in items for test in tests(item)]


def row(table: Mapping[tuple[Any, ...], Any], key: Sequence[Any]) -> Any:
    """The most exact row of a table for a key; ``*`` stands for any value, not for none."""
    if ABSENT in key:
        return NO_ROW
    said = [str(k).lower() if isinstance(k, bool) else str(k) for k in key]  # as a pack says it
    fitting = [r for r in table if all(p in ("*", k) for p, k in zip(r, said, strict=True))]
    return table[min(fitting, key=lambda r: r.count("*"))] if fitting else NO_ROW
