"""Score sheets on a terminal: one school in full, several a line each (``full`` for all)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kehou.render.words import pad, safe, width
from kehou.scoring import sheet_rows as score_rows
from kehou.scoring.decimals import plain
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Line, Sheet
from kehou.scoring.sheet_rows import Numbers

_MOST_NEXT = 12


def sheets(scheme: Scheme, found: Sequence[Sheet], full: bool = False) -> str:
    """All sheets; where there are several and not ``full``, a line each."""
    told = [f"kehou · 考核评分 · {safe(scheme.title)} 版本 {safe(scheme.version)}"]
    if scheme.example:
        told.append(score_rows.EXAMPLE)
    if found and found[0].model != "scheme":
        told.append(f"合计办法：{score_rows.MODELS[found[0].model]}")
    if len(found) == 1 or full:
        for sheet in found:
            told += ["", *_sheet(scheme, sheet)]
    else:
        told += [f"{_who(s)}：{score_rows.headline(scheme, s)}{_veto_mark(s)}" for s in found]
        told += [
            "",
            "各校得分表：加 -v，或 -o xlsx=得分表.xlsx；排名和汇总：加 --ranking html=排名.html",
        ]
    return "\n".join(told) + "\n"


def _who(sheet: Sheet) -> str:
    code = f"{safe(sheet.school.id)} " if sheet.school.id else ""
    return code + score_rows.school_name(sheet)


def _veto_mark(sheet: Sheet) -> str:
    triggered = [v for v in sheet.vetoes if v.state == "triggered"]
    return f"；触发否决项 {len(triggered)} 项" if triggered else ""


def _sheet(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    show = Numbers(scheme)
    yield f"{_who(sheet)} {safe(sheet.school.source)}"
    yield score_rows.headline(scheme, sheet)
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
        yield f"  加分　{show.range(sheet.bonus)}"
        for line in bonuses:
            yield from _line(line, show, room)
    yield from _vetoes(sheet)
    yield from _unscored(scheme, sheet)
    yield from _next(scheme, sheet)


def _line(line: Line, show: Numbers, room: int) -> Iterator[str]:
    one = line.indicator
    scored = "不适用" if line.state == "not_applicable" else show.range(line.own)
    verdict = score_rows.verdict(line).split("\n")
    points = pad(f"{scored} / {plain(one.points)}", 14)
    yield f"    {pad(safe(one.title), room)}{points}{verdict[0]}"
    shared = line.part != line.own and line.state != "not_applicable" and not one.bonus
    extra = [f"摊入不适用项的分值后：{show.range(line.part)}"] if shared else []
    for text in (*verdict[1:], *extra, *score_rows.remarks(line)):
        yield f"      {text}"


def _vetoes(sheet: Sheet) -> Iterator[str]:
    for n, (title, state, ground, effect) in enumerate(score_rows.vetoes(sheet)):
        if n == 0:
            yield ""
            yield "! 否决项（单独列出，没有改动上面的分数和等次）"
        yield f"  {title}：{state}" + (f"　{effect}" if effect and state == "触发" else "")
        if ground:
            yield from (f"    {text}" for text in ground.split("\n"))


def _unscored(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    found = score_rows.unscored(scheme, sheet)
    if found:
        yield ""
        yield "○ 未计分项"
    for title, points, why in found:
        yield f"  {title}（{points}分）：{why}"


def _next(scheme: Scheme, sheet: Sheet) -> Iterator[str]:
    found = score_rows.next_rows(scheme, sheet)
    if found:
        yield ""
        yield "→ 下一步（能定下的分数多的在前）"
    for kind, what, indicators, points in found[:_MOST_NEXT]:
        yield f"  {kind}：{what}——涉及{indicators}，{points}分"
    if len(found) > _MOST_NEXT:
        yield f"  另有 {len(found) - _MOST_NEXT} 项，见 -o html 或 xlsx"
