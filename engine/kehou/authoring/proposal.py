"""One requirement that a rule is drafted from, whether guessed from a clause or said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.clause_words import Unsaid
from kehou.fields import Field


@dataclass(frozen=True, slots=True)
class Formula:
    """A value that two fields give, or the number of the rows of a list.

    ``kind`` is days_between, minutes_between, ratio or count. ``a`` and ``b`` are fields of the
    same rows; of ``count`` ``a`` is the entity of the rows and ``where`` what is counted of them.
    ``facts`` is the derivation as facts.yaml holds it.
    """

    kind: str
    a: str
    b: str
    facts: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A requirement on one field: bounds, or a yes or no, or a day that has to be still to come.

    ``low`` and ``high`` are typed values, ``unit`` is what the sentence counts in; ``until`` is
    the field with the day that the other is held against; ``conditions`` are of whom the clause
    speaks, ``open`` the words of it that nothing was made of, which are told.
    ``formula`` says how the field is reckoned where the submission does not have it; ``other`` is
    the field that it is held against on its ``side`` (low, high), ``among`` the choices that it
    has to be of, or ``unlike``; of a list, ``holding`` is the operator and ``told`` its words.
    ``words`` are the ``parts`` of the sentence that ask it, ``topics`` what stands before them.
    """

    clause: str
    each: str
    name: str
    field: Field
    low: Any = None
    high: Any = None
    is_: bool | None = None
    until: str = ""
    unit: str = ""
    conditions: tuple[Condition, ...] = ()
    open: tuple[Unsaid, ...] = ()
    words: str = ""
    parts: int = 1
    topics: str = ""
    formula: Formula | None = None
    other: str = ""
    among: tuple[str, ...] = ()
    unlike: bool = False
    side: str = ""
    holding: str = ""
    told: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it is a limit."""
        return self.low is not None or self.high is not None

    @property
    def only_asks(self) -> bool:
        """Whether nobody can be told to be wrong: what is left open may be a condition."""
        return any(one.narrows for one in self.open)


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit of a requirement, with the parameter that holds it and the words for both sides."""

    side: str
    value: Any
    parameter: str
    title: str
    tighter: str
    beyond: str
    kept: str


def slug_of(text: str, joint: str) -> str:
    """Words as a part of an id, joined by one ``joint`` where anything else stood."""
    return re.sub("[^a-z0-9]+", joint, text.lower())


__all__ = ["Bound", "Formula", "Proposal", "slug_of"]
