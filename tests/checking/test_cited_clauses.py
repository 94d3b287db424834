"""A school is told what applies to it: no primary school reads a senior or junior school's limit.

Limits are the policy's: 三、服务安排（二）“小学结束时间不晚于18:30，初中结束时间不晚于19:00”;
the region's ceilings for reference are 300 yuan a term in compulsory schooling, 600 above it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kehou
from kehou import CheckOptions
from kehou.model.outcomes import Outcome
from kehou.model.report import Report, RuleResult

pytestmark = pytest.mark.checkout

EXAMPLE = Path(__file__).parents[2] / "examples" / "primary-compliant"
BOTH = "schedule-extended-until"
#: What the example charges; 150 yuan a month for 5 months are 750 a term.
FEE = "      金额: 50.00"


def checked(folder: Path, *edits: tuple[str, str]) -> Report:
    """The report of the example, a primary school, with some of its text replaced."""
    place = folder / "材料"
    shutil.copytree(EXAMPLE, place)
    plan = place / "plan.yaml"
    text = plan.read_text("utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    plan.write_text(text, "utf-8")
    return kehou.check(str(place), CheckOptions(packs=("bayannur-2021",), engine="direct"))


def result(report: Report, rule: str) -> RuleResult:
    """What a rule comes to."""
    return next(one for one in report.results if one.rule == rule)


def quotes(report: Report, rule: str) -> list[str]:
    """The words of the clauses that a result cites."""
    return [clause.quote for clause in result(report, rule).clauses]


def test_a_primary_school_is_not_told_the_junior_schools_end(tmp_path: Path) -> None:
    """Of a rule that rests on both sentences it reads its own."""
    assert quotes(checked(tmp_path), BOTH) == ["小学结束时间不晚于18:30"]


def test_a_school_of_both_levels_is_told_both(tmp_path: Path) -> None:
    report = checked(tmp_path, ("  学段: [小学]\n", "  学段: [小学, 初中]\n"))
    assert quotes(report, BOTH) == ["小学结束时间不晚于18:30", "初中结束时间不晚于19:00"]


def test_a_school_that_does_not_say_which_it_is_is_told_all(tmp_path: Path) -> None:
    report = checked(tmp_path, ("  学段: [小学]\n", ""))
    assert len(quotes(report, BOTH)) == 2


def test_a_primary_school_is_not_held_against_the_senior_schools_ceiling(tmp_path: Path) -> None:
    report = checked(tmp_path, (FEE, "      金额: 150.00"))
    [finding] = result(report, "fee-reference-ceiling").findings
    assert finding.outcome is Outcome.REVIEW
    assert "参考上限300" in finding.message
    assert "高中" not in finding.message
    assert "600" not in finding.message
