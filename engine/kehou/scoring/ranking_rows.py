"""The tables of a ranking as texts, from which its page, workbook and CSV are made."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.render.words import safe
from kehou.scoring.decimals import plain
from kehou.scoring.ranking import ClauseCount, Ranking, Shift
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet
from kehou.scoring.sheet_rows import Numbers, grade_range, school_name

_COLUMNS = (
    "名次",
    "可能名次",
    "学校标识码",
    "学校",
    "旗县区",
    "苏木乡镇",
    "确定分",
    "最高可能分",
    "等次",
)


def columns(scheme: Scheme) -> tuple[str, ...]:
    """The heads of the ranking; 否决项 only where the bureau's file has such items."""
    return (*_COLUMNS, "否决项") if scheme.vetoes else _COLUMNS


def schools(scheme: Scheme, found: Ranking) -> Iterator[tuple[str, ...]]:
    """One row a school; those with nothing to score stand at the end without a rank."""
    room = len(columns(scheme))
    for row in _schools(scheme, found):
        yield row[:room]


def _schools(scheme: Scheme, found: Ranking) -> Iterator[tuple[str, ...]]:
    show = Numbers(scheme)
    for place in found.places:
        sheet = place.sheet
        span = str(place.best) if place.best == place.worst else f"{place.best}—{place.worst}"
        yield (
            str(place.rank),
            span,
            *_who(sheet),
            show.total(sheet.rate.low),
            show.total(sheet.rate.high),
            safe(grade_range(sheet)),
            _vetoed(sheet),
        )
    for sheet in found.unrated:
        yield ("", "", *_who(sheet), "", "", grade_range(sheet), _vetoed(sheet))


def _who(sheet: Sheet) -> tuple[str, str, str, str]:
    school = sheet.school
    return safe(school.id), school_name(sheet), safe(school.county), safe(school.township)


def _vetoed(sheet: Sheet) -> str:
    told = [safe(v.veto.title) for v in sheet.vetoes if v.state == "triggered"]
    undecided = [f"{safe(v.veto.title)}（未定）" for v in sheet.vetoes if v.state == "possible"]
    return "、".join((*told, *undecided))


def grades(found: Ranking) -> list[tuple[str, str, str]]:
    """(grade, schools that have it, schools that may)."""
    return [(safe(g.name), str(g.certain), str(g.possible)) for g in found.grades]


def bins(found: Ranking) -> list[tuple[str, str, str]]:
    """(scores, schools by certain score, schools by possible score)."""
    last = len(found.bins) - 1
    return [
        (
            f"{plain(b.low)}以上" if i == last else f"{plain(b.low)}—{plain(b.high)}",
            str(b.certain),
            str(b.possible),
        )
        for i, b in enumerate(found.bins)
    ]


INDICATOR_COLUMNS = (
    "考核指标",
    "分值",
    "适用学校",
    "不适用",
    "未定",
    "平均得分率（确定）",
    "平均得分率（最高可能）",
)


def indicators(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row an indicator, with its mean share of points over the schools to which it applies."""
    show = Numbers(scheme)
    return [
        (
            safe(i.title),
            show.points(i.points),
            str(i.schools),
            str(i.not_applicable),
            str(i.open),
            show.percent(i.share.low) if i.schools else "",
            show.percent(i.share.high) if i.schools else "",
        )
        for i in found.indicators
    ]


def clauses(found: Ranking) -> list[tuple[str, str, str, str]]:
    """(clause, citation, schools, findings) of what is breached most."""
    return [_clause(c) for c in found.clauses]


def _clause(clause: ClauseCount) -> tuple[str, str, str, str]:
    return safe(clause.clause), safe(clause.citation), str(clause.schools), str(clause.findings)


PLACE_COLUMNS = ("所在地", "学校数", "平均确定分", "平均最高可能分", "不符合最多的条款（学校数）")


def places(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row a township, or a county where schools do not say their township."""
    show = Numbers(scheme)
    return [
        (
            safe(p.name),
            str(p.schools),
            show.total(p.mean.low),
            show.total(p.mean.high),
            "\n".join(f"{safe(c.clause)} {safe(c.citation)}（{c.schools}）" for c in p.clauses),
        )
        for p in found.by_place
    ]


NEAR_COLUMNS = ("学校标识码", "学校", "等次线", "哪个分数", "分数", "相差")


def near(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """Schools within the margin of a grade."""
    show = Numbers(scheme)
    ends = {"certain": "确定分", "possible": "最高可能分"}
    rows: list[tuple[str, ...]] = []
    for n in found.near:
        value = n.least + n.distance
        short = show.total(abs(n.distance))
        gap = (
            f"高出 {short}" if n.distance > 0 else "正好达到" if n.distance == 0 else f"差 {short}"
        )
        rows.append(
            (
                safe(n.sheet.school.id),
                school_name(n.sheet),
                f"{safe(n.grade)} {plain(n.least)}",
                ends[n.end],
                show.total(value),
                gap,
            )
        )
    return rows


SHIFT_COLUMNS = (
    "学校标识码",
    "学校",
    "上次确定分",
    "本次确定分",
    "增减",
    "上次名次",
    "本次名次",
    "上次等次",
    "本次等次",
)


def shifts(scheme: Scheme, found: Ranking) -> list[tuple[str, ...]]:
    """One row a school, then and now."""
    return [_shift(Numbers(scheme), s) for s in found.shifts]


def _shift(show: Numbers, shift: Shift) -> tuple[str, ...]:
    before, place = shift.before, shift.now
    if place is None:
        assert before is not None
        return (
            safe(before.id),
            safe(before.name),
            show.total(before.low),
            "本次没有",
            "",
            str(before.rank),
            "",
            _grades(before.grades),
            "",
        )
    sheet = place.sheet
    who = (safe(sheet.school.id), school_name(sheet))
    now, grade = show.total(sheet.rate.low), safe(grade_range(sheet))
    if before is None:
        return (*who, "上次没有", now, "", "", str(place.rank), "", grade)
    gain = sheet.rate.low - before.low
    sign = "+" if gain > 0 else ""
    return (
        *who,
        show.total(before.low),
        now,
        f"{sign}{show.total(gain)}",
        str(before.rank),
        str(place.rank),
        _grades(before.grades),
        grade,
    )


def _grades(grades: tuple[str, str]) -> str:
    worst, best = grades
    return safe(worst if worst == best else f"{worst}至{best}（未定）")


def notes(scheme: Scheme, found: Ranking) -> list[str]:
    """What must be known to read the ranking."""
    told = [
        "名次按确定分排列；分数相同的名次相同，按学校标识码先后列出。“可能名次”是未定的分数都定下来以后可能的名次。",
        "不适用的指标不计入该指标的平均；未填苏木乡镇的学校按旗县区汇总。",
    ]
    if found.places and found.places[0].sheet.model != "scheme":
        told.append("合计没有用评分办法，而用了 XCCDF 的模型；“等次”只是对照等次线，不作等次。")
    if found.not_scored:
        listed = "、".join(safe(name) for name in found.not_scored[:20])
        told.append(
            f"有 {len(found.not_scored)} 份材料没有计分，不在排名中：{listed}"
            + ("等。" if len(found.not_scored) > 20 else "。")
        )
    if len(found.packs) > 1:
        listed = "；".join(safe("、".join(made)) for made in found.packs)
        told.append(f"各校报告所用的规则包或版本不一致，比较时请注意：{listed}。")
    if found.past is not None and found.past.sha256 != scheme.sha256:
        told.append(
            f"上次用的评分办法（{safe(found.past.scheme)} 版本 {safe(found.past.version)}）"
            "与本次不同，分数的增减不一定是学校的变化。"
        )
    return told
