"""A score sheet: every indicator as an interval of exact points, from certain to possible.

Certain is what remains if everything open turns out badly, possible what there is if it turns out
well. What does not apply is told apart from what is lost. Vetoes change no points; what they say of
the grade is told with it, for a person to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kehou.scoring import xccdf
from kehou.scoring.decimals import Range
from kehou.scoring.reports_in import Count, RuleSeen, Submitter
from kehou.scoring.scheme import Indicator, Veto
from kehou.scoring.scores_file import Given

ZERO = Fraction(0)
NOT_APPLICABLE = "not_applicable"
#: The scheme's own way of adding up, and the models of XCCDF 1.2 §7.3 in its place.
MODELS = ("scheme", *xccdf.MODELS)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's score.

    ``state`` is scored, open, or not_applicable. ``own`` counts in the indicator's own points,
    ``part`` what it brings to the total once the points of what does not apply are shared out:
    the lines' ``part`` add up to the total, at either end. ``worth`` are its points then.
    """

    indicator: Indicator
    state: str
    own: Range
    optional: bool
    part: Range
    worth: Range
    rules: tuple[RuleSeen, ...]
    counted: Count
    given: Given | None
    result: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area's subtotal; ``points`` are declared, the rest after sharing out."""

    area: str
    title: str
    points: Fraction
    part: Range
    worth: Range
    not_applicable: Fraction


@dataclass(frozen=True, slots=True)
class VetoLine:
    """A veto item: ``state`` is triggered, possible, clear or not_applicable."""

    veto: Veto
    state: str
    rules: tuple[RuleSeen, ...]
    given: Given | None


@dataclass(frozen=True, slots=True)
class Next:
    """What would settle points: ``kind`` is evidence, review, bureau, fault or value."""

    kind: str
    what: str
    path: str
    indicators: tuple[str, ...]
    rules: tuple[str, ...]
    points: Fraction


@dataclass(frozen=True, slots=True)
class Sheet:
    """A submitter's whole score sheet.

    ``total`` are points with ``bonus`` in it, ``full`` what they are out of; ``rate`` is the
    score out of the scheme's total, by which ``grades`` (worst and best possible) are given.
    ``model`` is what added it up. Where nothing applies ``rated`` is false.
    """

    submitter: Submitter
    model: str
    lines: tuple[Line, ...]
    areas: tuple[AreaLine, ...]
    total: Range
    bonus: Range
    full: Range
    rate: Range
    grades: tuple[str, str]
    rated: bool
    vetoes: tuple[VetoLine, ...]
    next: tuple[Next, ...]

    @property
    def vetoed(self) -> bool:
        """Whether a veto item is triggered, so that the grade by points may not stand."""
        return any(veto.state == "triggered" for veto in self.vetoes)

    @property
    def may_be_vetoed(self) -> bool:
        """Whether none is triggered, but one is not settled yet."""
        return not self.vetoed and any(veto.state == "possible" for veto in self.vetoes)

    @property
    def effects(self) -> tuple[str, ...]:
        """What the scheme says follows from the veto items triggered, each once."""
        told = (v.veto.effect for v in self.vetoes if v.state == "triggered" and v.veto.effect)
        return tuple(dict.fromkeys(told))
