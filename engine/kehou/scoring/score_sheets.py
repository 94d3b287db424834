"""A workbook in which people write what no rule decides: one row a submitter and indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from kehou.render.office.blank_table import Column, render
from kehou.render.words import catalogue
from kehou.scoring.decimals import plain
from kehou.scoring.kinds import KINDS
from kehou.scoring.scheme import Indicator, Scheme
from kehou.scoring.scores_file import NOT_APPLICABLE, Given, Values, given_to

#: Widths of the columns by their keys.
_WIDTHS = {"school": 16, "subject": 26, "indicator": 36, "limit": 18, "value": 14, "evidence": 30}
_STEPS = (
    "只填橙色列名下面的格：指标写分数，调查所得的写百分数（83 或 83%），否决项选“是”或“否”。",
    "不适用的写“不适用”。",
    "没有填数值的一行算没有给分，得分表上写明未定。",
)


def workbook(scheme: Scheme, submitters: Sequence[Any], values: Values | None = None) -> bytes:
    """The scores of some submitters (with ``id`` and ``name``), in their order.

    Empty, or with the ``values`` that were given before. Of several that have no code and the same
    name the file stands for the code, so that the rows are told apart.
    """
    known = values or {}
    named = Counter(one.name for one in submitters if not one.id)
    rows = [
        {
            "school": one.id or (one.source if named[one.name] > 1 or not one.name else ""),
            "subject": one.name,
            "indicator": title,
            "limit": limit,
            **_given(given_to(known, one, name)),
        }
        for one in submitters
        for name, title, limit in _asked(scheme)
    ]
    words = catalogue.official(scheme.called.nouns)
    heads = {
        "school": words["score.key.school"],
        "subject": words["score.column.subject"],
        "indicator": words["score.key.indicator"],
        "limit": words["score.column.points"],
        "value": words["score.key.value"],
        "evidence": words["score.key.evidence"],
        "note": words["score.key.note"],
    }
    free, choices = ("value", "evidence", "note"), {"value": ("是", "否", "不适用")}
    columns = [
        Column(key, heading, _WIDTHS.get(key, 20), key in free, choices.get(key, ()))
        for key, heading in heads.items()
    ]
    return render(f"{scheme.title} 给分表"[:100], _STEPS, columns, rows)


def _given(known: Given | None) -> dict[str, str]:
    """What was given, as it is written."""
    if known is None:
        return {}
    value = NOT_APPLICABLE if known.value is None else plain(known.value)
    if known.veto is not None:
        value = "是" if known.veto else "否"
    return {"value": value, "evidence": known.evidence, "note": known.note}


def _asked(scheme: Scheme) -> list[tuple[str, str, str]]:
    """Ids and titles of what people give, each with what may be written."""
    found = [(one.id, one.title, _limit(one)) for one in scheme.indicators if one.method.given]
    return found + [(one.id, one.title, "是、否") for one in scheme.vetoes if not one.rules]


def _limit(one: Indicator) -> str:
    most = KINDS[one.method.kind].most(one)
    if one.method.kind == "survey":
        return f"0—{plain(one.method.full)}（{plain(one.points)} 分）"
    return f"0—{plain(most)}" if most is not None else "不小于 0"


__all__ = ["workbook"]
