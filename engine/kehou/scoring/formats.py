"""The formats of score sheets and of rankings; a format's module is imported only when used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kehou.scoring.ranking import Ranking
from kehou.scoring.scheme import Scheme
from kehou.scoring.sheet import Sheet


def _html(scheme: Scheme, found: Sequence[Sheet]) -> str:
    from kehou.scoring import pages as score_html

    return score_html.sheets(scheme, found)


def _json(scheme: Scheme, found: Sequence[Sheet]) -> str:
    from kehou.scoring import json as score_json

    return score_json.sheets(scheme, found)


def _csv(scheme: Scheme, found: Sequence[Sheet]) -> str:
    from kehou.scoring import csv as score_csv

    return score_csv.sheets(scheme, found)


def _xlsx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    from kehou.scoring import office as score_office

    return score_office.sheets_xlsx(scheme, found)


def _docx(scheme: Scheme, found: Sequence[Sheet]) -> bytes:
    from kehou.scoring import office as score_office

    return score_office.sheets_docx(scheme, found)


#: Formats of sheets besides ``text``.
SHEETS: dict[str, Callable[[Scheme, Sequence[Sheet]], str | bytes]] = {
    "json": _json,
    "html": _html,
    "csv": _csv,
    "xlsx": _xlsx,
    "docx": _docx,
}


def _ranking_html(scheme: Scheme, found: Ranking) -> str:
    from kehou.scoring import pages as score_html

    return score_html.ranking(scheme, found)


def _ranking_json(scheme: Scheme, found: Ranking) -> str:
    from kehou.scoring import json as score_json

    return score_json.ranking(scheme, found)


def _ranking_csv(scheme: Scheme, found: Ranking) -> str:
    from kehou.scoring import csv as score_csv

    return score_csv.ranking(scheme, found)


def _ranking_xlsx(scheme: Scheme, found: Ranking) -> bytes:
    from kehou.scoring import office as score_office

    return score_office.ranking_xlsx(scheme, found)


#: Formats of rankings.
RANKINGS: dict[str, Callable[[Scheme, Ranking], str | bytes]] = {
    "html": _ranking_html,
    "json": _ranking_json,
    "csv": _ranking_csv,
    "xlsx": _ranking_xlsx,
}
