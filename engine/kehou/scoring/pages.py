"""Pages of score sheets and of a ranking: self-contained, no script, plots as SVG in the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou.render.page import html
from kehou.render.words import catalogue, safe
from kehou.scoring import charts, ranking_rows
from kehou.scoring import sheet_rows as score_rows
from kehou.scoring.decimals import plain
from kehou.scoring.ranking import Ranking
from kehou.scoring.reports_in import RuleSeen
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Line, Sheet

_STYLE = "score.css"


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """The page of all sheets."""
    title = f"{safe(scheme.title)}　得分表"
    return _page(
        "score.html.j2",
        scheme,
        title,
        columns=score_rows.COLUMNS,
        sheets=[_sheet(scheme, sheet) for sheet in found],
        signatures=score_rows.SIGNATURES,
    )


def _page(template: str, scheme: Scheme, title: str, **values: Any) -> str:
    return html.page(
        template,
        catalogue.load("zh"),
        title,
        scheme=scheme,
        score_hash=html.css_hash(_STYLE),
        example=score_rows.EXAMPLE,
        footer=score_rows.FOOTER,
        **values,
    )


def _sheet(scheme: Scheme, sheet: Sheet) -> dict[str, Any]:
    return {
        "name": score_rows.school_name(sheet),
        "headline": score_rows.headline(scheme, sheet),
        "about": score_rows.about(scheme, sheet),
        "rows": list(score_rows.rows(scheme, sheet)),
        "vetoes": score_rows.vetoes(sheet),
        "unscored": score_rows.unscored(scheme, sheet),
        "next": score_rows.next_rows(scheme, sheet),
        "lines": [_line(line) for line in sheet.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": safe(line.indicator.title),
        "verdict": score_rows.verdict(line),
        "rules": [_rule(rule) for rule in line.rules],
    }


def _rule(rule: RuleSeen) -> dict[str, Any]:
    told = [f for f in rule.findings if f.counts in ("fail", "open") or f.waived]
    return {
        "id": rule.rule,
        "title": safe(rule.title) or "（报告中没有这条规则）",
        "word": score_rows.OUTCOMES[score_rows.rule_outcome(rule)],
        "clauses": "、".join(safe(c) for c, _ in rule.clauses),
        "findings": [
            {
                "word": score_rows.OUTCOMES[f.outcome],
                "text": (safe(f.message) or safe(f.subject))
                + (f"（{f.subjects}个对象）" if f.subjects > 1 else ""),
                "place": safe(f.place),
                "id": safe(f.fingerprint[:16]),
            }
            for f in told
        ],
    }


def ranking(scheme: Scheme, found: Ranking) -> str:
    """The page of a ranking."""
    every = [p.sheet for p in found.places] + list(found.unrated)
    about = [
        (
            "评分办法",
            f"{safe(scheme.title)}　版本 {safe(scheme.version)}　校验值 {scheme.sha256[:12]}",
        ),
        ("制定单位", safe(scheme.issuer)),
        ("学校", f"{len(every)} 所"),
        ("合计办法", score_rows.MODELS[every[0].model] if every else ""),
        ("不适用项", score_rows.NOT_APPLICABLE[scheme.not_applicable]),
    ]
    return _page(
        "ranking.html.j2",
        scheme,
        f"{safe(scheme.title)}　排名与汇总",
        about=[(label, text) for label, text in about if text],
        notes=ranking_rows.notes(scheme, found),
        chart_width=charts.WIDTH,
        charts={
            "schools": charts.schools(scheme, found),
            "grades": charts.grades(found),
            "distribution": charts.distribution(found),
            "indicators": charts.indicators(scheme, found),
        },
        columns=ranking_rows.columns(scheme),
        schools=list(ranking_rows.schools(scheme, found)),
        grades=ranking_rows.grades(found),
        bins=ranking_rows.bins(found),
        indicator_columns=ranking_rows.INDICATOR_COLUMNS,
        indicators=ranking_rows.indicators(scheme, found),
        clauses=ranking_rows.clauses(found),
        place_columns=ranking_rows.PLACE_COLUMNS,
        places=ranking_rows.places(scheme, found),
        near_columns=ranking_rows.NEAR_COLUMNS,
        near=ranking_rows.near(scheme, found),
        margin=plain(scheme.margin),
        shift_columns=ranking_rows.SHIFT_COLUMNS,
        shifts=None if found.past is None else ranking_rows.shifts(scheme, found),
    )
