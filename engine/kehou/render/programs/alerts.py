"""SARIF for services that make an alert of every result, as GitHub's code scanning does.

Such a service looks at neither ``kind`` nor ``suppressions``. What is left is what must be mended:
what is not met and not waived, and whatever could not be read or evaluated, which is a result here
lest earlier alerts be taken for mended. What is in doubt or short of evidence is no breach and no
alert; the log for people and other programs is `sarif`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kehou.model.report import Report
from kehou.render.programs.sarif import log_of, run_of

#: Notifications that must not be overlooked.
_FAULTS = ("unreadable-value", "not-evaluated")


def render(reports: Sequence[Report], language: str | None = None) -> str:
    """All reports as one SARIF log, in ``language`` or that of each report."""
    return log_of([_alerts(run_of(report, language or report.run.language)) for report in reports])


def _alerts(run: dict[str, Any]) -> dict[str, Any]:
    """A run with nothing but what must be mended, and its faults as results."""
    results = [one for one in run["results"] if one["kind"] == "fail" and "suppressions" not in one]
    driver = run["tool"]["driver"]
    described = [one for one in driver["notifications"] if one["id"] in _FAULTS]
    rules = [*driver["rules"], *described]
    index = {one["id"]: number for number, one in enumerate(rules)}
    start = run["artifacts"][:1]
    for told in run["invocations"][0]["toolExecutionNotifications"]:
        if told["descriptor"]["id"] in _FAULTS:
            results.append(_result(told, index, start))
    return {
        **run,
        "tool": {"driver": {**driver, "rules": rules}},
        "results": results,
    }


def _result(
    told: Mapping[str, Any], index: Mapping[str, int], start: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A notification as a result: at its place, or at the start of the submission's first file."""
    name = told["descriptor"]["id"]
    first = [
        {"physicalLocation": {"artifactLocation": one["location"], "region": {"startLine": 1}}}
        for one in start
    ]
    return {
        "ruleId": name,
        "ruleIndex": index[name],
        "kind": "fail",
        "level": "error",
        "message": told["message"],
        "locations": told.get("locations") or first,
    }
