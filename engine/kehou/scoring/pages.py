"""Pages of score sheets and of a ranking: self-contained, no script, plots as SVG in the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kehou.render.page import html
from kehou.render.words import safe
from kehou.scoring import charts, ranking_rows, sheet_rows
from kehou.scoring.decimals import plain
from kehou.scoring.indicator_rows import rule_outcome, verdict
from kehou.scoring.ranking import Ranking
from kehou.scoring.reports_in import RuleSeen
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Line, Sheet
from kehou.scoring.shown import Shown

_STYLE = "score.css"
#: The columns of the tables of both pages, by the names that the templates give them.
_SHEET_COLUMNS = {
    "columns": sheet_rows.COLUMNS,
    "veto_columns": sheet_rows.VETO_COLUMNS,
    "unscored_columns": sheet_rows.UNSCORED_COLUMNS,
    "next_columns": sheet_rows.NEXT_COLUMNS,
}
_RANKING_COLUMNS = {
    "grade_columns": ranking_rows.GRADE_COLUMNS,
    "bin_columns": ranking_rows.BIN_COLUMNS,
    "indicator_columns": ranking_rows.INDICATOR_COLUMNS,
    "clause_columns": ranking_rows.CLAUSE_COLUMNS,
    "place_columns": ranking_rows.PLACE_COLUMNS,
    "near_columns": ranking_rows.NEAR_COLUMNS,
    "shift_columns": ranking_rows.SHIFT_COLUMNS,
}


def sheets(scheme: Scheme, found: Sequence[Sheet]) -> str:
    """The page of all sheets."""
    show = Shown(scheme)
    return _page(
        "score.html.j2",
        show,
        show.title("title.sheets"),
        _SHEET_COLUMNS,
        sheets=[_sheet(show, sheet) for sheet in found],
        signatures=sheet_rows.signatures(show),
    )


def _page(
    template: str, show: Shown, title: str, headed: dict[str, tuple[str, ...]], **values: Any
) -> str:
    heads: dict[str, Any] = {name: show.heads(*found) for name, found in headed.items()}
    return html.page(
        template,
        show.words,
        title,
        scheme=show.scheme,
        say=show.say,
        score_hash=html.css_hash(_STYLE),
        **heads,
        **values,
    )


def _sheet(show: Shown, sheet: Sheet) -> dict[str, Any]:
    scheme = show.scheme
    return {
        "name": sheet_rows.subject_name(sheet),
        "headline": sheet_rows.headline(scheme, sheet),
        "about": sheet_rows.about(scheme, sheet),
        "rows": list(sheet_rows.rows(scheme, sheet)),
        "vetoes": sheet_rows.vetoes(scheme, sheet),
        "unscored": sheet_rows.unscored(scheme, sheet),
        "next": sheet_rows.next_rows(scheme, sheet),
        "lines": [_line(line, show) for line in sheet.lines],
    }


def _line(line: Line, show: Shown) -> dict[str, Any]:
    return {
        "title": safe(line.indicator.title),
        "verdict": verdict(line, show),
        "rules": [_rule(rule, show) for rule in line.rules],
    }


def _rule(rule: RuleSeen, show: Shown) -> dict[str, Any]:
    told = [f for f in rule.findings if f.counts in ("fail", "open") or f.waived]
    return {
        "id": rule.rule,
        "title": safe(rule.title) or show.say("no_such_rule"),
        "word": show.words[f"outcome.{rule_outcome(rule)}"],
        "clauses": show.words["list"].join(safe(c) for c, _ in rule.clauses),
        "findings": [
            {
                "word": show.words[f"outcome.{f.outcome}"],
                "text": (safe(f.message) or safe(f.subject))
                + (show.say("subjects", n=f.subjects) if f.subjects > 1 else ""),
                "place": safe(f.place),
                "id": safe(f.fingerprint[:16]),
            }
            for f in told
        ],
    }


def ranking(scheme: Scheme, found: Ranking) -> str:
    """The page of a ranking."""
    show = Shown(scheme)
    every = found.sheets
    about = {
        "scheme": show.version(),
        "issuer": safe(scheme.issuer),
        "subject": show.say("count", n=len(every)),
        "model": show.say(f"model.{every[0].model}") if every else "",
        "not_applicable": show.say(f"not_applicable.{scheme.not_applicable}"),
    }
    return _page(
        "ranking.html.j2",
        show,
        show.title("title.ranking"),
        _RANKING_COLUMNS,
        about=[(show.say(f"about.{name}"), text) for name, text in about.items() if text],
        notes=ranking_rows.notes(scheme, found),
        chart_width=charts.WIDTH,
        charts={
            "places": charts.places(scheme, found),
            "grades": charts.grades(scheme, found),
            "distribution": charts.distribution(scheme, found),
            "indicators": charts.indicators(scheme, found),
        },
        vetoed_columns=ranking_rows.vetoed_columns(scheme),
        vetoed=ranking_rows.vetoed(scheme, found),
        columns=ranking_rows.columns(scheme),
        places=list(ranking_rows.places(scheme, found)),
        grades=ranking_rows.grades(scheme, found),
        bins=ranking_rows.bins(scheme, found),
        indicators=ranking_rows.indicators(scheme, found),
        clauses=ranking_rows.clauses(found),
        by_place=ranking_rows.by_place(scheme, found),
        by_place_title=ranking_rows.by_place_title(show),
        rank_points=4 + len(scheme.called.places),
        near=ranking_rows.near(scheme, found),
        margin=plain(scheme.margin),
        shifts=None if found.past is None else ranking_rows.shifts(scheme, found),
    )
