"""Plots of a ranking as shapes with whole coordinates, which the page's template draws as SVG.

Each is readable without colour: certain is a dark bar, possible a hatched one, and every bar has
its number written beside it. The same numbers stand in a table below each plot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kehou.render.words import safe, width
from kehou.scoring.decimals import plain
from kehou.scoring.ranking import Ranking
from kehou.scoring.ranking_rows import bin_told
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet_rows import subject_name
from kehou.scoring.shown import Shown

#: The width of every plot and the room for the names at its left, in units of the drawing.
WIDTH, NAMES = 880, 230
_ROW = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``fill`` is solid or hatched."""

    x: int
    y: int
    width: int
    height: int
    fill: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text; ``anchor`` is start, middle or end."""

    x: int
    y: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line; ``kind`` is axis, grid, threshold or span."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle; ``kind`` is solid or hollow."""

    x: int
    y: int
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One plot with its title, what it shows in a sentence, and its shapes in drawing order."""

    id: str
    title: str
    description: str
    height: int
    strokes: tuple[Stroke, ...] = ()
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()


def distribution(scheme: Scheme, found: Ranking) -> Chart:
    """How many have which score: two bars for each tenth of the total."""
    show = Shown(scheme)
    left, right, top, base = 50, WIDTH - 20, 40, 270
    most = max((max(b.certain, b.possible) for b in found.bins), default=0) or 1
    step = (right - left) // len(found.bins)
    bars, labels = [], [Label(left - 8, top - 20, "start", *show.heads("subjects"))]
    for i, one in enumerate(found.bins):
        x = left + i * step
        for j, (n, fill) in enumerate(((one.certain, "solid"), (one.possible, "hatched"))):
            height = (base - top) * n // most
            at = x + 8 + j * 32
            if n:
                bars.append(Bar(at, base - height, 28, height, fill))
                labels.append(Label(at + 14, base - height - 6, "middle", str(n)))
        bound = bin_told(one, found, show)
        labels.append(Label(x + step // 2, base + 20, "middle", bound))
    strokes = (Stroke(left, base, right, base, "axis"),)
    certain = show.words["list"].join(
        show.say("chart.bin", low=plain(b.low), high=plain(b.high), n=b.certain)
        for b in found.bins
        if b.certain
    )
    return Chart(
        "distribution",
        show.say("ranking.bins"),
        show.say("chart.certain", bins=certain or show.say("chart.nobody")),
        300,
        strokes,
        tuple(bars),
        (),
        tuple(labels),
    )


def grades(scheme: Scheme, found: Ranking) -> Chart:
    """How many have each grade for certain, and how many may have it."""
    show = Shown(scheme)
    most = max((g.certain + g.possible for g in found.grades), default=0) or 1
    rows = [
        (
            g.name,
            Fraction(g.certain, most),
            Fraction(g.certain + g.possible, most),
            show.say("count_close", n=g.certain)
            + (show.say("chart.may", n=g.possible) if g.possible else ""),
        )
        for g in found.grades
    ]
    told = show.words["semicolon"].join(f"{name} {text}" for name, _, _, text in rows)
    return _bars("grades", show.say("ranking.grades"), show.say("chart.told", told=told), rows)


def indicators(scheme: Scheme, found: Ranking) -> Chart:
    """The mean share of points of each indicator, from certain to possible."""
    show = Shown(scheme)
    nobody = show.say("chart.nobody_applies")
    rows = []
    for one in found.indicators:
        if not one.submitters:
            rows.append((one.title, Fraction(0), Fraction(0), nobody))
            continue
        text = show.percent(one.share.low)
        if not one.share.settled:
            text += f"—{show.percent(one.share.high)}"
        rows.append((one.title, max(one.share.low, Fraction(0)), one.share.high, text))
    least = min((r for r in rows if r[3] != nobody), key=lambda r: r[1], default=None)
    told = show.say("chart.nothing")
    if least:
        told = show.say("chart.least", title=safe(least[0]), share=least[3])
    return _bars("indicators", show.say("ranking.shares"), told, rows, scale=True)


def _bars(
    name: str,
    title: str,
    told: str,
    rows: Sequence[tuple[str, Fraction, Fraction, str]],
    scale: bool = False,
) -> Chart:
    """Bars that lie: (name, dark part, part up to the end of the hatched one, text)."""
    right = WIDTH - 190
    top = 34 if scale else 10
    bars, labels, strokes = [], [], []
    bottom = top + _ROW * len(rows)
    x_of = _scale(NAMES, right)
    if scale:
        for tenth in range(0, 11, 2):
            x = x_of(Fraction(tenth, 10))
            strokes.append(Stroke(x, top - 6, x, bottom, "grid"))
            labels.append(Label(x, top - 14, "middle", f"{tenth * 10}%"))
    for i, (row, low, high, text) in enumerate(rows):
        y = top + i * _ROW
        labels.append(Label(NAMES - 10, y + 19, "end", _cut(safe(row))))
        if low > 0:
            bars.append(Bar(NAMES, y + 5, x_of(low) - NAMES, _ROW - 11, "solid"))
        if high > low:
            bars.append(Bar(x_of(low), y + 5, max(x_of(high) - x_of(low), 1), _ROW - 11, "hatched"))
        labels.append(Label(x_of(max(low, high)) + 8, y + 19, "start", text))
    strokes.append(Stroke(NAMES, top, NAMES, bottom, "axis"))
    return Chart(name, title, told, bottom + 10, tuple(strokes), tuple(bars), (), tuple(labels))


def _scale(left: int, right: int) -> Callable[[Fraction], int]:
    return lambda share: left + round((right - left) * share)


def places(scheme: Scheme, found: Ranking) -> Chart:
    """Each certain and possible score on one scale, with the thresholds of the grades."""
    show = Shown(scheme)
    bounds = [g for g in scheme.grades if g.least is not None]
    values = [p.sheet.rate for p in found.places]
    low = min([v.low for v in values] + [Fraction(0)])
    high = max([v.high for v in values] + [scheme.total])
    right, top = WIDTH - 150, 34
    place = _scale(NAMES, right)
    bottom = top + _ROW * len(found.places)

    def x_of(value: Fraction) -> int:
        return place((value - low) / (high - low))

    strokes, labels, dots = [], [], []
    for fifth in range(6):
        x = x_of(scheme.total * fifth / 5)
        strokes.append(Stroke(x, top, x, bottom + 6, "grid"))
        labels.append(Label(x, bottom + 22, "middle", plain(scheme.total * fifth / 5)))
    for grade in bounds:
        assert grade.least is not None
        x = x_of(grade.least)
        strokes.append(Stroke(x, top - 6, x, bottom, "threshold"))
        labels.append(Label(x, top - 14, "middle", f"{safe(grade.name)} {plain(grade.least)}"))
    for i, one in enumerate(found.places):
        y = top + i * _ROW + 15
        rate = one.sheet.rate
        named = f"{one.rank if one.settled else ''} {subject_name(one.sheet)}".strip()
        labels.append(Label(NAMES - 10, y + 5, "end", _cut(named)))
        if not rate.settled:
            strokes.append(Stroke(x_of(rate.low), y, x_of(rate.high), y, "span"))
            dots.append(Dot(x_of(rate.high), y, "hollow"))
        dots.append(Dot(x_of(rate.low), y, "solid"))
        labels.append(Label(x_of(rate.high) + 12, y + 5, "start", show.totals(rate)))
    strokes.append(Stroke(NAMES, top, NAMES, bottom, "axis"))
    undecided = sum(not v.settled for v in values)
    told = show.say("chart.places_told", n=len(values), undecided=undecided)
    title = show.say("chart.places")
    return Chart("places", title, told, bottom + 34, tuple(strokes), (), tuple(dots), tuple(labels))


def _cut(text: str, room: int = 27) -> str:
    """A name that fits at the left, by columns."""
    if width(text) <= room:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > room - 1:
            break
        kept += char
    return kept + "…"
