"""Score sheets on a terminal: one submitter in full, several a line each (``full`` for all)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kehou.render.words import pad, safe, width
from kehou.scoring import sheet_rows
from kehou.scoring.decimals import plain
from kehou.scoring.indicator_rows import remarks, verdict
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import NOT_APPLICABLE, Line, Sheet
from kehou.scoring.shown import Shown

_MOST_NEXT = 12


def sheets(scheme: Scheme, found: Sequence[Sheet], full: bool = False) -> str:
    """All sheets; where there are several and not ``full``, a line each."""
    show = Shown(scheme)
    told = [show.say("head", scheme=safe(scheme.title), version=safe(scheme.version))]
    if scheme.example:
        told.append(show.say("example"))
    if found and found[0].model != "scheme":
        told.append(show.say("by_model", model=show.say(f"model.{found[0].model}")))
    if len(found) == 1 or full:
        for sheet in found:
            told += ["", *_sheet(show, sheet)]
    else:
        told += [
            show.say("line", who=_who(s), told=sheet_rows.headline(scheme, s)) + _veto_mark(s, show)
            for s in found
        ]
        told += ["", show.say("how_to_see_all")]
    return "\n".join(told) + "\n"


def _who(sheet: Sheet) -> str:
    code = f"{safe(sheet.submitter.id)} " if sheet.submitter.id else ""
    return code + sheet_rows.subject_name(sheet)


def _veto_mark(sheet: Sheet, show: Shown) -> str:
    triggered = [v for v in sheet.vetoes if v.state == "triggered"]
    return show.say("triggered", n=len(triggered)) if triggered else ""


def _sheet(show: Shown, sheet: Sheet) -> Iterator[str]:
    yield f"{_who(sheet)} {safe(sheet.submitter.source)}"
    yield sheet_rows.headline(show.scheme, sheet)
    room = max((width(safe(n.indicator.title)) for n in sheet.lines), default=0) + 2
    for area in sheet.areas:
        yield ""
        yield f"  {area.title}　{show.range(area.part)} / {show.points(area.points)}"
        for line in sheet.lines:
            if line.indicator.area == area.area and not line.indicator.bonus:
                yield from _line(line, show, room)
    bonuses = [line for line in sheet.lines if line.indicator.bonus]
    if bonuses:
        yield ""
        yield "  " + show.say("bonuses", points=show.range(sheet.bonus))
        for line in bonuses:
            yield from _line(line, show, room)
    yield from _vetoes(show, sheet)
    yield from _unscored(show, sheet)
    yield from _next(show, sheet)


def _line(line: Line, show: Shown, room: int) -> Iterator[str]:
    one = line.indicator
    applies = line.state != NOT_APPLICABLE
    scored = show.range(line.own) if applies else show.words["outcome.not_applicable"]
    told = verdict(line, show).split("\n")
    points = pad(f"{scored} / {plain(one.points)}", 14)
    yield f"    {pad(safe(one.title), room)}{points}{told[0]}"
    extra = []
    if line.part != line.own and applies and not one.bonus:
        extra = [show.say("shared_out", points=show.range(line.part))]
    for text in (*told[1:], *extra, *remarks(line, show)):
        yield f"      {text}"


def _vetoes(show: Shown, sheet: Sheet) -> Iterator[str]:
    told = sheet_rows.vetoes(show.scheme, sheet)
    for n, ((title, state, ground, effect), veto) in enumerate(
        zip(told, sheet.vetoes, strict=True)
    ):
        if n == 0:
            yield ""
            yield show.say("vetoes_above")
        follows = f"　{effect}" if effect and veto.state == "triggered" else ""
        yield "  " + show.say("line", who=title, told=state) + follows
        if ground:
            yield from (f"    {text}" for text in ground.split("\n"))


def _unscored(show: Shown, sheet: Sheet) -> Iterator[str]:
    found = sheet_rows.unscored(show.scheme, sheet)
    if found:
        yield ""
        yield "○ " + show.say("unscored")
    for title, points, why in found:
        yield "  " + show.say("unscored_line", title=title, points=points, why=why)


def _next(show: Shown, sheet: Sheet) -> Iterator[str]:
    found = sheet_rows.next_rows(show.scheme, sheet)
    if found:
        yield ""
        yield "→ " + show.say("next_in_order")
    for kind, what, indicators, points in found[:_MOST_NEXT]:
        yield "  " + show.say("step", kind=kind, what=what, indicators=indicators, points=points)
    if len(found) > _MOST_NEXT:
        yield "  " + show.say("more_steps", n=len(found) - _MOST_NEXT)
