"""The rules as data, for engines that have no language of rules."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.field20.generate import COUNTY, DAYS, EXPENSES, PROHIBITED


class RowRule(NamedTuple):
    """Each ``field`` of a list is among ``good`` (or not among ``bad``), where ``when`` holds.

    ``when`` is (field of the row or, with a dot, of the plan; value).
    """

    rule: str
    list: str
    field: str
    good: tuple[object, ...] = ()
    bad: tuple[object, ...] = ()
    most: str = ""
    when: tuple[str, object] | None = None


ROWS = (
    RowRule(
        "schedule-primary-end", "sessions", "end", most="18:30", when=("school.level", "primary")
    ),
    RowRule(
        "schedule-junior-end", "sessions", "end", most="19:00", when=("school.level", "junior")
    ),
    RowRule("schedule-weekdays", "sessions", "day", tuple(DAYS)),
    RowRule("content-purpose", "activities", "purpose", bad=tuple(PROHIBITED)),
    RowRule(
        "funds-expense-category",
        "ledger.entries",
        "category",
        tuple(EXPENSES),
        when=("type", "expense"),
    ),
    RowRule("funds-no-transfer", "ledger.entries", "type", bad=("transfer_out",)),
    RowRule("vendor-subject", "vendors", "subject_type", ("sports", "arts", "science")),
    RowRule("vendor-listed", "vendors", "id", tuple(COUNTY)),
    RowRule(
        "staff-qualification", "staff", "qualification", bad=("none",), when=("external", True)
    ),
    RowRule("procedure-steps", "steps", "done", (True,)),
)
FLAGS = (
    ("consent-students", "voluntary.students"),
    ("consent-teachers", "voluntary.teachers"),
    ("vendor-exit-mechanism", "vendor_exit_mechanism"),
    ("safety-insurance", "safety.insurance"),
)
ORDERS = (
    ("procedure-filed", "dates.filed_approval", "dates.start", "<="),
    ("procedure-consent-first", "dates.consent", "dates.agreement", "<"),
)
