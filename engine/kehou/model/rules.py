"""Rules, their conditions and clauses, and decision rules, as frozen records.

Grammar and meaning: docs/language.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from kehou.model.outcomes import ClauseStatus, Severity, Stage


@dataclass(frozen=True, slots=True)
class Param:
    """``{param: Name, by?: Name|[Name]}``"""

    name: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRef:
    """``{field: Name}`` as an operand."""

    name: str


@dataclass(frozen=True, slots=True)
class LexiconRef:
    """``{lexicon: Name|[Name], except?: Name|[Name]}``: words to be found, and words that mask."""

    names: tuple[str, ...]
    but: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The lexicons in one word."""
        return "+".join(self.names)


@dataclass(frozen=True, slots=True)
class Const:
    """A literal operand, already typed (fen, minutes, ISO date …); lists are tuples.

    A lexicon that a rule names is a literal too, once the pack is loaded.
    """

    value: Any


Arg = Const | Param | FieldRef | LexiconRef


@dataclass(frozen=True, slots=True)
class Test:
    """One operator on a field (or on a parameter); ``args`` has two members for ``within``."""

    subject: FieldRef | Param
    op: str
    args: tuple[Arg, ...]
    line: int = 0


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class All(Generic[T]):
    """Kleene conjunction."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Any_(Generic[T]):
    """Kleene disjunction."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[T]):
    """Kleene negation."""

    item: T


#: A condition as a rule file states it; `conditions.Bound` is the same tree with typed leaves.
Cond = Test | All["Cond"] | Any_["Cond"] | Not["Cond"]


@dataclass(frozen=True, slots=True)
class Review:
    """One reason for which a person must look."""

    when: Cond
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The executable form of one or more clause parts (docs/architecture.md §4)."""

    id: str
    title: str
    clauses: tuple[str, ...]
    severity: Severity
    stages: tuple[Stage, ...]
    valid_from: str | None
    valid_to: str | None
    mandatory: bool
    counterpart: str | None
    each: str
    closed: dict[str, tuple[str, ...]]
    when: Cond | None
    require: Cond | None
    review: tuple[Review, ...]
    message: str | None
    remedy: str
    area: str
    pack: str
    file: str
    line: int = 1
    #: Where in its file a rule stands that the pack did not write out as a file of its own.
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a generated lookup asks: whether ``field`` of ``entity`` stands in one of ``targets``.

    Each target is (entity, its field, title of the list).
    """

    entity: str
    field: str
    targets: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the policy's text; ``offset`` counts characters of ``source.txt`` from 0."""

    id: str
    citation: str
    quote: str
    offset: int
    sentence: int
    modality: str
    addressee: str
    status: ClauseStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a decision rule.

    ``kind`` is ``finding``, ``entity:<name>`` or ``mark:<name>``; ``equals`` pairs a field with a
    literal; ``same`` has (own field, earlier variable, its field).
    """

    var: str
    kind: str
    equals: tuple[tuple[str, Any], ...] = ()
    same: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """``when`` patterns joined by equality, then a mark on a subject or a decision, and why.

    Exactly one of ``mark`` (with ``subject`` as (variable, field)) and ``decide`` is given.
    """

    id: str
    when: tuple[Pattern, ...]
    mark: str | None
    subject: tuple[str, str] | None
    decide: str | None
    because: str
    line: int = 0


#: The key that tells what a fact of the second stratum is; no field can have this name.
KIND: Final = "@kind"
#: A flat fact of the second stratum: its `KIND` and typed scalar fields; unknown ones left out.
DecisionFact = dict[str, Any]
#: A firing: rule id and, pattern by pattern, the identity of the fact it matched. The identity of
#: the n-th input fact is ``"n"``, that of a derived mark ``"mark:<name>:<subject>"``.
Firing = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Off:
    """A rule that a layer takes out of force, from a day on or altogether, and by what right."""

    rule: str
    title: str
    layer: str
    authority: str
    start: str | None = None
    reason: str = ""
