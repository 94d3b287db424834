"""The ways of scoring an indicator, a row each: what it reads, what is wrong, what it earns.

``KINDS`` is the vocabulary of ``kind`` in a scheme and ``MEASURES`` that of ``measure`` in one of
bands; the reader, the lint, the scoring, the words of a sheet and scheme.schema.json follow them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kehou.scoring.decimals import Range, plain

if TYPE_CHECKING:
    from kehou.language.yaml_places import Place
    from kehou.render.words import Words
    from kehou.scoring.reports_in import Count
    from kehou.scoring.scheme import Band, Indicator

ZERO = Fraction(0)
#: What one failure may be.
COUNTS = ("rules", "findings", "subjects")


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of scoring.

    ``keys`` stand beside ``kind``, the ``needed`` among them always; ``counts`` are what may be
    counted, the first where nothing is said. ``earned`` gives the points by rules, worst and
    best, ``valued`` those of a value that people gave; None where there is no such way. ``most``
    is the greatest value that people may give, None without end. ``wrong`` tells faults of the
    scheme, ``criteria`` says the way in words.
    """

    keys: tuple[str, ...]
    needed: tuple[str, ...]
    counts: tuple[str, ...]
    earned: Callable[[Indicator, Count], Range] | None
    valued: Callable[[Indicator, Fraction], Fraction] | None
    lowest: Callable[[Indicator], Fraction]
    most: Callable[[Indicator], Fraction | None]
    wrong: Callable[[Indicator, Place], None]
    criteria: Callable[[Indicator, Words], str]


@dataclass(frozen=True, slots=True)
class Measure:
    """What bands are cut by: the key of a band's bound, and whether people give the value.

    ``earned`` gives the points by rules, worst and best. ``rising`` bounds go up from the best
    band to the worst. ``bound`` is a bound as it is shown.
    """

    key: str
    by_people: bool
    rising: bool
    earned: Callable[[Sequence[Band], Count], Range] | None
    bound: Callable[[Fraction], Fraction]


# --- by rules ------------------------------------------------------------------------------
# An open finding may turn out as a breach, as a pass, or as not applicable; the ends are breach
# and pass, because leaving it out lies between them wherever something else applies.


def _worst(counted: Count) -> int | None:
    """The most failures there may be; None where nobody can say."""
    return None if counted.open is None else counted.fails + counted.open


def _all_or_none(one: Indicator, counted: Count) -> Range:
    worst = _worst(counted)
    low = ZERO if worst is None or worst else one.points
    return Range(low, ZERO if counted.fails else one.points)


def _deducted(one: Indicator, counted: Count) -> Range:
    def left(failures: int) -> Fraction:
        return max(one.lowest, one.points - one.method.deduct * failures)

    worst = _worst(counted)
    return Range(one.lowest if worst is None else left(worst), left(counted.fails))


def _proportion(one: Indicator, counted: Count) -> Range:
    low, high = shares(counted)
    return Range(one.points * low, one.points * high)


def _banded(one: Indicator, counted: Count) -> Range:
    earned = MEASURES[one.method.measure].earned
    assert earned is not None
    return earned(one.method.bands, counted)


def _by_share(bands: Sequence[Band], counted: Count) -> Range:
    low, high = shares(counted)
    return Range(_reached(bands, low), _reached(bands, high))


def _by_failures(bands: Sequence[Band], counted: Count) -> Range:
    def few(failures: int) -> Fraction:
        return next(b.points for b in bands if b.bound is None or failures <= b.bound)

    worst = _worst(counted)
    return Range(bands[-1].points if worst is None else few(worst), few(counted.fails))


def shares(counted: Count) -> tuple[Fraction, Fraction]:
    """The least and the greatest share of passes; with no end to the open ones, 0 and 1."""
    fails, undecided, passes = counted.fails, counted.open, counted.passes
    if undecided is None:
        return ZERO, Fraction(1)
    every = fails + undecided + passes
    if not every:
        return ZERO, Fraction(1)
    return Fraction(passes, every), Fraction(passes + undecided, every)


def _reached(bands: Sequence[Band], value: Fraction) -> Fraction:
    return next((b.points for b in bands if b.bound is None or value >= b.bound), bands[-1].points)


# --- by people -----------------------------------------------------------------------------


def _as_given(one: Indicator, value: Fraction) -> Fraction:
    return value


def _of_full(one: Indicator, value: Fraction) -> Fraction:
    return one.points * value / one.method.full


def _in_band(one: Indicator, value: Fraction) -> Fraction:
    return _reached(one.method.bands, value)


# --- bounds --------------------------------------------------------------------------------


def _nothing(one: Indicator) -> Fraction:
    return ZERO


def _floor(one: Indicator) -> Fraction:
    method = one.method
    cap = method.cap
    return method.floor if cap is None else max(method.floor, one.points - cap)


def _last_band(one: Indicator) -> Fraction:
    return one.method.bands[-1].points if one.method.bands else ZERO


def _endless(one: Indicator) -> Fraction | None:
    return None


def _points(one: Indicator) -> Fraction | None:
    return one.points


def _full(one: Indicator) -> Fraction | None:
    return one.method.full


# --- what is wrong -------------------------------------------------------------------------


def _sound(one: Indicator, at: Place) -> None:
    """Nothing can be wrong."""


def _deduction_wrong(one: Indicator, at: Place) -> None:
    method = one.method
    if method.deduct <= 0:
        (at / "deduct").fault("每处扣分要大于 0")
    if method.floor >= one.points:
        (at / "floor").fault("最低分不能达到分值", "写 0，或倒扣时写负数")
    if method.cap is not None and not 0 < method.cap <= one.points - method.floor:
        (at / "cap").fault(f"扣分上限应大于 0，且不超过 {one.points - method.floor}")


def _survey_wrong(one: Indicator, at: Place) -> None:
    if one.method.full <= 0:
        (at / "full").fault("得满分的数值要大于 0")


def _bands_wrong(one: Indicator, at: Place) -> None:
    at = at / "bands"
    bands, measure = one.method.bands, one.method.measure
    if len(bands) < 2:
        at.fault("至少写两档")
        return
    if measure == "pass_share" and one.method.count == "findings":
        at.fault("按达标比例分档时，count 只能是 rules 或 subjects")
    key, rising = MEASURES[measure].key, MEASURES[measure].rising
    for i, band in enumerate(bands[:-1]):
        if band.bound is None:
            (at / i).fault(f"除最后一档外都要写 {key}")
    if bands[-1].bound is not None and (rising or bands[-1].bound != 0):
        (at / (len(bands) - 1)).fault(f"最后一档不写 {key}，表示其余全部", "否则有的情形没有分")
    bounds: list[Fraction] = [band.bound for band in bands if band.bound is not None]
    if any((a >= b) if rising else (a <= b) for a, b in pairwise(bounds)):
        at.fault("各档要从好到差依次写", "下一档的界限写反了，或重复了")
    if measure == "pass_share" and any(not 0 <= b <= 1 for b in bounds):
        at.fault("达标比例写 0 到 1 之间的数，如 0.9")
    if any(a.points <= b.points for a, b in pairwise(bands)):
        at.fault("较差的一档得分要较低")
    if bands[0].points != one.points:
        (at / 0 / "points").fault(f"第一档应得满分 {one.points}", "否则这个指标的分值得不到")


# --- in words ------------------------------------------------------------------------------


def _said(kind: str) -> Callable[[Indicator, Words], str]:
    """The catalogue's sentence on a kind, with the numbers of the indicator put in."""

    def criteria(one: Indicator, words: Words) -> str:
        return words[f"score.criteria.{kind}"].format(
            unit=words[f"score.unit.{one.method.count}"],
            deduct=plain(one.method.deduct),
            lowest=plain(one.lowest),
            full=plain(one.method.full),
        )

    return criteria


def _bands_said(one: Indicator, words: Words) -> str:
    measure = one.method.measure
    unit = words[f"score.unit.{one.method.count}"]
    told = []
    for band in one.method.bands:
        key = "rest" if band.bound is None else measure
        bound = "" if band.bound is None else plain(MEASURES[measure].bound(band.bound))
        text = words[f"score.criteria.bands.{key}"]
        told.append(text.format(bound=bound, unit=unit, points=plain(band.points)))
    return words["semicolon"].join(told)


def _unchanged(bound: Fraction) -> Fraction:
    return bound


def _in_hundred(bound: Fraction) -> Fraction:
    return bound * 100


# --- the tables ----------------------------------------------------------------------------

_PER_FAILURE = ("findings", "rules", "subjects")

#: The word of ``kind`` in a scheme → the way of scoring.
KINDS: Final[Mapping[str, Kind]] = {
    "all_pass": Kind(
        keys=(),
        needed=(),
        counts=COUNTS,
        earned=_all_or_none,
        valued=None,
        lowest=_nothing,
        most=_endless,
        wrong=_sound,
        criteria=_said("all_pass"),
    ),
    "per_failure": Kind(
        keys=("deduct", "floor", "cap", "count"),
        needed=("deduct",),
        counts=_PER_FAILURE,
        earned=_deducted,
        valued=None,
        lowest=_floor,
        most=_endless,
        wrong=_deduction_wrong,
        criteria=_said("per_failure"),
    ),
    "bands": Kind(
        keys=("measure", "count", "bands"),
        needed=("measure", "bands"),
        counts=COUNTS,
        earned=_banded,
        valued=_in_band,
        lowest=_last_band,
        most=_endless,
        wrong=_bands_wrong,
        criteria=_bands_said,
    ),
    "ratio": Kind(
        keys=("count",),
        needed=(),
        counts=("rules", "subjects"),
        earned=_proportion,
        valued=None,
        lowest=_nothing,
        most=_endless,
        wrong=_sound,
        criteria=_said("ratio"),
    ),
    "survey": Kind(
        keys=("full",),
        needed=(),
        counts=COUNTS,
        earned=None,
        valued=_of_full,
        lowest=_nothing,
        most=_full,
        wrong=_survey_wrong,
        criteria=_said("survey"),
    ),
    "manual": Kind(
        keys=(),
        needed=(),
        counts=COUNTS,
        earned=None,
        valued=_as_given,
        lowest=_nothing,
        most=_points,
        wrong=_sound,
        criteria=_said("manual"),
    ),
}

#: The word of ``measure`` in bands → what they are cut by.
MEASURES: Final[Mapping[str, Measure]] = {
    "pass_share": Measure("from", False, False, _by_share, _in_hundred),
    "failures": Measure("up_to", False, True, _by_failures, _unchanged),
    "survey": Measure("from", True, False, None, _unchanged),
}
