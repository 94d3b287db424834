"""A scoring scheme: areas, indicators with points and how they are scored, grades, vetoes.

kehou invents no points: every number is the file's. Numbers are exact fractions; they are rounded
only where they are shown, as the scheme says. The file's form: ``schemas/scheme.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kehou.errors import KehouError
from kehou.model.outcomes import Stage
from kehou.scoring.kinds import KINDS, MEASURES


class SchemeError(KehouError):
    """A scheme that does not load; ``faults`` are (file:line, message, hint), all at once."""

    def __init__(
        self, faults: Sequence[tuple[str, str, str]], told: str = "评分办法有错误："
    ) -> None:
        self.faults = list(faults)
        lines = [
            f"  {place}：{message}" + (f"（{hint}）" if hint else "")
            for place, message, hint in faults
        ]
        super().__init__("scheme-invalid", told, details=lines)


@dataclass(frozen=True, slots=True)
class Band:
    """Points for a measure from ``bound`` (of failures: up to it); None takes all the rest."""

    bound: Fraction | None
    points: Fraction


@dataclass(frozen=True, slots=True)
class Method:
    """How an indicator is scored.

    ``deduct`` points for each failure, no more than ``cap`` in all and never below ``floor``;
    ``count`` says what one failure is; ``full`` is the survey value that earns all points.
    """

    kind: str
    count: str = "rules"
    measure: str = ""
    deduct: Fraction = Fraction(0)
    floor: Fraction = Fraction(0)
    cap: Fraction | None = None
    full: Fraction = Fraction(100)
    bands: tuple[Band, ...] = ()

    @property
    def given(self) -> bool:
        """Whether its value is given by people rather than drawn from rules."""
        if KINDS[self.kind].earned is None:
            return True
        return bool(self.measure) and MEASURES[self.measure].by_people


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the scheme; ``rules`` are those it names and those that carry its clauses."""

    id: str
    title: str
    area: str
    points: Fraction
    method: Method
    criteria: str
    clauses: tuple[str, ...]
    rules: tuple[str, ...]
    evidence: tuple[str, ...]
    bonus: bool
    note: str

    @property
    def lowest(self) -> Fraction:
        """The fewest points that it can earn."""
        return KINDS[self.method.kind].lowest(self)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the least score that earns it; the last has None, which is all the rest."""

    name: str
    least: Fraction | None


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto item of the bureau's; without rules a person says yes or no in the scores file."""

    id: str
    title: str
    rules: tuple[str, ...]
    effect: str


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its points and, once the packs are read, its title."""

    id: str
    points: Fraction
    title: str


@dataclass(frozen=True, slots=True)
class Called:
    """What the packs of a scheme call things: nouns of a catalogue, and places by name.

    ``places`` are the strata of one value, from the widest to the finest, with their labels;
    ``packs`` are titles by id.
    """

    nouns: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme; ``margin`` is how near to a threshold counts as near."""

    id: str
    title: str
    version: str
    sha256: str
    example: bool
    issuer: str
    packs: tuple[str, ...]
    stage: Stage
    total: Fraction
    digits: int
    rounding: str
    not_applicable: str
    waived: str
    margin: Fraction
    bonus_limit: Fraction | None
    counted_twice: tuple[str, ...]
    areas: tuple[Area, ...]
    grades: tuple[Grade, ...]
    vetoes: tuple[Veto, ...]
    indicators: tuple[Indicator, ...]
    called: Called = field(default_factory=Called)

    @property
    def bonuses(self) -> tuple[Indicator, ...]:
        """The indicators whose points come on top of the total."""
        return tuple(one for one in self.indicators if one.bonus)

    @property
    def regular(self) -> tuple[Indicator, ...]:
        """The indicators that make up the total."""
        return tuple(one for one in self.indicators if not one.bonus)
