"""Schemes and reports made up for scoring tests, small enough to do by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.support.reports_by_hand import NOUNS

from kehou.model.outcomes import Stage
from kehou.render.programs import digest
from kehou.scoring import Scheme, Submitter
from kehou.scoring.reports_in import read
from kehou.scoring.scheme import Area, Called, Grade, Indicator, Method, Veto

ORDER = (
    "error",
    "fail",
    "review",
    "insufficient",
    "not_judged",
    "waived",
    "pass",
    "not_applicable",
)
_STATUSES = (
    "automated",
    "partly",
    "manual",
    "permission",
    "not_for_schools",
    "not_checkable",
    "planned",
)


def indicator(
    name: str, points: int | str, method: Method, *rules: str, area: str = "a", bonus: bool = False
) -> Indicator:
    return Indicator(
        name, f"指标{name}", area, Fraction(points), method, "", (), rules, (), bonus, ""
    )


def scheme(*indicators: Indicator, not_applicable: str = "within_area", **changes: Any) -> Scheme:
    """A scheme whose areas and total are those of its indicators."""
    points: dict[str, Fraction] = {}
    for one in indicators:
        if not one.bonus:
            points[one.area] = points.get(one.area, Fraction(0)) + one.points
    made = Scheme(
        "test",
        "试验办法",
        "1",
        "0" * 64,
        False,
        "",
        ("p",),
        Stage.ASSESSMENT,
        sum(points.values(), Fraction(0)),
        2,
        "half_up",
        not_applicable,
        "pass",
        Fraction(1),
        None,
        (),
        tuple(Area(name, value, f"方面{name}") for name, value in points.items()),
        (Grade("优", Fraction(90)), Grade("良", Fraction(60)), Grade("差", None)),
        (),
        indicators,
        Called(NOUNS["zh"], {"county": "旗县区", "township": "苏木乡镇"}),
    )
    return replace(made, **changes)


def finding(
    outcome: str, count: int = 1, pointer: str = "/rows/0", entity: str = "row", **more: Any
) -> dict[str, Any]:
    if pointer == "/":
        entity = "submission"
    return {
        "outcome": outcome,
        "count": count,
        "message": f"说明{outcome}",
        "missing": [],
        "subject": {"entity": entity, "key": "1", "pointer": pointer, "label": "第1行"},
        "location": dict.fromkeys(("column", "end_line", "end_column", "cell", "paragraph"))
        | {"file": "plan.yaml", "line": 7, "excerpt": ""},
        "related": [],
        "remedy": "",
        "found": {},
        "required": {},
        "assumptions": [],
        "attestation": None,
        "fingerprint": "f" * 64,
    } | more


def result(
    rule: str,
    *findings: Mapping[str, Any],
    outcome: str = "",
    clause: str = "X.1",
    counterpart: str | None = None,
) -> dict[str, Any]:
    rolled = min((f["outcome"] for f in findings), key=ORDER.index, default="not_applicable")
    return {
        "rule": rule,
        "title": f"规则{rule}",
        "severity": "major",
        "area": "a",
        "clauses": [{"id": clause, "citation": f"第{clause}条", "quote": "原文"}],
        "outcome": outcome or rolled,
        "findings": list(findings),
    } | ({"counterpart": counterpart} if counterpart else {})


def report(results: Sequence[Mapping[str, Any]], code: str = "1", **more: Any) -> dict[str, Any]:
    school = {
        "id": code,
        "name": f"{code}号学校（示例）",
        "levels": [],
        "county": None,
        "township": None,
    } | more
    tree: dict[str, Any] = {
        "format": "kehou-report/1",
        "tool": {"name": "kehou", "version": "0.1.0", "sha256": None},
        "run": None,
        "stage": "assessment",
        "as_of": "2021-09-01",
        "check_date": None,
        "language": "zh",
        "cross_checked": True,
        "packs": [],
        "parameters": [],
        "data": [],
        "faults": [],
        "decision": None,
        "summary": {
            "rules": dict.fromkeys(ORDER, 0),
            "advice": 0,
            "not_at_this_stage": 0,
            "clauses": dict.fromkeys(_STATUSES, 0),
        },
        "missing_evidence": [],
        "not_judged": [],
        "submission": {
            "school": school,
            "path": f"{code}.json",
            "files": [],
            "unread_files": [],
            "plan_sha256": None,
            "normalised": [],
        },
        "results": list(results),
    }
    return tree | {"digest": digest(tree)}


def school(
    *results: Mapping[str, Any], code: str = "1", waived: str = "pass", **more: Any
) -> Submitter:
    return read(report(results, code, **more), "r.json", waived)


def veto(*rules: str, name: str = "v") -> Veto:
    return Veto(name, "否决", rules, "评为差")
