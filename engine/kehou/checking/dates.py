"""The two dates of a check: which day's law applies, and what “already” means (language.md §2.11).

The clock is never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kehou.errors import UsageError
from kehou.model.outcomes import Stage
from kehou.model.values import Unknown
from kehou.packs import Pack
from kehou.submission import Submission, missing


def law_date(loaded: Sequence[Pack], tree: Mapping[str, Any]) -> str:
    """The date whose law applies: the service's start, else the first day of the term.

    Raises UsageError where the submission says neither (language.md §2, Dates).
    """
    plan = record(tree, "plan")
    start = plan.get("service_start")
    if isinstance(start, str):
        return start
    term = f"{plan.get('school_year')} {plan.get('term')}"
    for pack in loaded:
        if pack.term_starts.get(term):
            return pack.term_starts[term]
    raise UsageError(
        "no-as-of",
        "不知道按哪一天的规定核查：材料中没有服务开始日期，也没有可查的学年学期",
        hint="请在方案中填写 service_start（服务开始日期），或加参数 --as-of 2021-09-01",
    )


def record(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A record of the submission, empty where it is absent or not supplied."""
    value = tree.get(name)
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str | None:
    """A value where it is a text."""
    return value if isinstance(value, str) else None


def date_of(tree: Mapping[str, Any], stage: Stage) -> str | None:
    """What “already” means (language.md §2, Dates); None where nothing says it."""
    if stage is Stage.APPROVAL:
        found = record(tree, "plan").get("filed_on")
    elif stage is Stage.INSPECTION:
        found = record(tree, "inspection").get("date")
    else:
        found = None
    return text_of(found)


_DATE_PATHS = {
    Stage.APPROVAL: "/plan/filed_on",
    Stage.INSPECTION: "/inspection/date",
    Stage.ASSESSMENT: "/check/date",
}


def check_values(submission: Submission, stage: Stage, date: str | None) -> dict[str, Any]:
    """Values of the names under ``check.``."""
    unknown = Unknown((_DATE_PATHS[stage],), False)
    lacking = missing(submission.schema, submission.tree, stage)
    return {
        "check.stage": str(stage),
        "check.date": date or unknown,
        "check.plan_sha256": submission.plan_sha256 or Unknown(("/plan",), False),
        "check.form_complete": Unknown(lacking) if lacking else True,
    }


def in_force(dates: tuple[str | None, str | None], as_of: str) -> bool:
    """Whether a pack's policy holds on a date, by what ``packs.dates`` says of it."""
    start, end = dates
    return (start is None or start <= as_of) and (end is None or as_of <= end)
