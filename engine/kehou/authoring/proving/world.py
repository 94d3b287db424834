"""One subject as variables of a solver: in what state each field is, and what it holds.

A field has a value, is absent, was not supplied at all (clean), or was supplied and cannot be used
(dirty): docs/language.md §2.2, §3.1. Numbers and times are themselves, dates and months count
days and months, every text is a number of its own. What a text mentions and a list contains is a
free Boolean for each word that some rule asks for. Money is whole fen wherever it comes from.
Source of the model: docs/language.md §2.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import z3

from kehou.language import FieldArg, Type
from kehou.language.lexicons import Lexicon
from kehou.language.operators import OPERATORS

#: A formula, a number or a variable of the solver, which has no types of its own.
Formula = Any

#: The states of a field.
HAS, ABSENT, CLEAN, DIRTY = range(4)
TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


@dataclass(frozen=True)
class Slot:
    """A field: its state, the ends of its value, and whether only a part of the value is known.

    ``partly`` holds for a number known by its bounds and for a list that may have more members.
    """

    type: Type
    state: Formula
    low: Formula
    high: Formula
    partly: Formula


class Codes:
    """A number for every text that is written anywhere; equal texts have one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, value: Any, kind: str) -> Any:
        """A value of a kind as the solver's numbers say it."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (int, Fraction)):
            return value
        if kind == "date":
            return datetime.date.fromisoformat(value).toordinal()
        if kind == "month":
            return int(value[:4]) * 12 + int(value[5:7]) - 1
        return self._numbers.setdefault(str(value), len(self._numbers) + 1)

    def value(self, number: Any, kind: str) -> Any:
        """The value that a number stands for; a text that nobody wrote is told by its number."""
        if kind == "boolean":
            return bool(number)
        if kind == "date":
            return datetime.date.fromordinal(int(number)).isoformat()
        if kind == "month":
            year, month = divmod(int(number), 12)
            return f"{year:04d}-{month + 1:02d}"
        if kind in ("integer", "time", "money", "decimal"):
            return number
        for text, own in self._numbers.items():
            if own == number:
                return text
        return None


@dataclass
class World:
    """The variables of one subject; ``gone`` are the fields that count as not supplied at all."""

    name: str = ""
    codes: Codes = field(default_factory=Codes)
    slots: dict[str, Slot] = field(default_factory=dict)
    axioms: list[Formula] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    _holds: dict[tuple[str, Any], Formula] = field(default_factory=dict)
    _verdicts: dict[Any, Formula] = field(default_factory=dict)
    _texts: dict[str, dict[str, int]] = field(default_factory=dict)

    def without(self, *names: str) -> World:
        """The same subject on which some fields were not supplied."""
        return replace(self, gone=self.gone | set(names))

    # --- fields ------------------------------------------------------------------------------

    def slot(self, arg: FieldArg) -> Slot:
        """The variables of a field."""
        found = self.slots.get(arg.name)
        if found is None:
            found = self.slots[arg.name] = self._slot(arg)
        return found

    def _slot(self, arg: FieldArg) -> Slot:
        kind, name = arg.type, f"{self.name}{arg.name}"
        state = z3.Int(f"{name}?")
        number = z3.Real if kind.kind == "decimal" else z3.Int
        low = number(f"{name}<")
        high, partly = low, FALSE
        if kind.interval and not kind.many:
            high, partly = number(f"{name}>"), z3.Bool(f"{name}~")
            self.axioms += [low <= high, z3.Or(partly, low == high)]
        elif kind.many:
            partly = z3.Bool(f"{name}~")
        self.axioms += [state >= HAS, state <= DIRTY]
        if kind.kind == "date":
            self.axioms += [low >= 1, high <= datetime.date.max.toordinal()]
        if kind.domain is not None and not kind.many and not kind.interval:
            options = [low == self.codes.number(v, kind.kind) for v in kind.domain]
            self.axioms.append(z3.Implies(state == HAS, z3.Or(*options)))
        return Slot(kind, state, low, high, partly)

    def state(self, arg: FieldArg) -> Formula:
        """In which state a field is."""
        return z3.IntVal(CLEAN) if arg.name in self.gone else self.slot(arg).state

    def has(self, arg: FieldArg) -> Formula:
        """Whether a field has a value."""
        return self.state(arg) == HAS

    def absent(self, arg: FieldArg) -> Formula:
        """Whether a field reads as absent: with ``closed`` also where nothing was supplied."""
        state = self.state(arg)
        return z3.Or(state == ABSENT, state == CLEAN) if arg.closed else state == ABSENT

    # --- what a value holds ------------------------------------------------------------------

    def equals(self, arg: FieldArg, value: Any) -> Formula:
        """Whether the value of a field is a constant, wherever that is known for certain."""
        slot = self.slot(arg)
        number = self.number(arg, value)
        return z3.And(slot.low == number, slot.high == number)

    def number(self, arg: FieldArg, value: Any) -> Any:
        """A constant that a field is compared with, as the solver's number."""
        number = self.codes.number(value, arg.type.kind)
        if isinstance(value, str) and arg.type.kind not in ("date", "month"):
            self._texts.setdefault(arg.name, {})[value] = number
        return z3.Q(number.numerator, number.denominator) if type(number) is Fraction else number

    def contains(self, arg: FieldArg, member: Any) -> Formula:
        """Whether the certain members of a list are known to include one."""
        return self._held(arg, ("member", self.codes.number(member, arg.type.kind)))

    def some(self, arg: FieldArg) -> Formula:
        """Whether a list has a certain member at all."""
        return self._held(arg, ("some",))

    def mentions(self, arg: FieldArg, words: Any) -> Formula:
        """Whether a text holds one of some words, or of the words of a lexicon."""
        if isinstance(words, Lexicon):
            return self._held(arg, ("lexicon", frozenset(words.words), frozenset(words.masks)))
        return z3.Or(*[self._held(arg, ("word", word)) for word in words]) if words else FALSE

    def fits(self, arg: FieldArg, pattern: str) -> Formula:
        """Whether a whole text fits a pattern."""
        return self._held(arg, ("pattern", pattern))

    def _held(self, arg: FieldArg, what: tuple[Any, ...]) -> Formula:
        found = self._holds.get((arg.name, what))
        if found is None:
            self.slot(arg)
            found = z3.Bool(f"{self.name}{arg.name}∋{len(self._holds)}")
            self._holds[arg.name, what] = found
        return found

    def held(self) -> Mapping[tuple[str, Any], Formula]:
        """(field, what is asked of its value) → Boolean, for everything that some rule asks."""
        return self._holds

    def verdict(self, key: Any, unsure: Formula) -> tuple[Formula, Formula]:
        """(true, false) of a test of which nothing is known, such as one on two lists.

        It is neither only where ``unsure`` holds.
        """
        found = self._verdicts.get(key)
        if found is None:
            found = self._verdicts[key] = z3.Int(f"{self.name}test{len(self._verdicts)}")
            self.axioms += [found >= 0, found <= 2, z3.Implies(found == 2, unsure)]
        return found == 1, found == 0

    def verdicts(self) -> Mapping[Any, Formula]:
        """(operator, left, right) → what a test comes to of which nothing is known: 0, 1 or 2."""
        return self._verdicts

    # --- what must be so ---------------------------------------------------------------------

    def laws(self) -> list[Formula]:
        """What holds of every subject, given all that was asked of it so far."""
        found = list(self.axioms)
        by_field: dict[str, list[tuple[Any, Formula]]] = {}
        for (name, what), holds in self._holds.items():
            by_field.setdefault(name, []).append((what, holds))
        for name, asked in by_field.items():
            for text, number in self._texts.get(name, {}).items():
                given = self.slots[name].low == number
                for what, holds in asked:
                    if what[0] in ("word", "lexicon", "pattern"):
                        found.append(z3.Implies(given, holds == z3.BoolVal(answer(what, text))))
            some = dict(asked).get(("some",))
            if some is not None:
                found += [z3.Implies(h, some) for what, h in asked if what[0] == "member"]
            found += _larger_lexicons(asked)
        return found


def answer(what: tuple[Any, ...], text: str) -> bool:
    """Whether a text is known to hold a word, a word of a lexicon, or to fit a pattern."""
    if what[0] == "word":
        return what[1] in text
    if what[0] == "pattern":
        return bool(OPERATORS["matches"].scalar(text, what[1]))
    return bool(Lexicon((), "", tuple(sorted(what[1])), tuple(sorted(what[2]))).hits(text))


def _larger_lexicons(asked: list[tuple[Any, Formula]]) -> list[Formula]:
    """A lexicon with more words and fewer near misses finds whatever the other finds."""
    lexicons = [(what, holds) for what, holds in asked if what[0] == "lexicon"]
    return [
        z3.Implies(held, larger)
        for what, held in lexicons
        for other, larger in lexicons
        if other != what and what[1] <= other[1] and what[2] >= other[2]
    ]
