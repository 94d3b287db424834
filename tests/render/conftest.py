"""Reports made by hand and at the limits of a format, and the golden files they must match."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.report_changes import changed
from tests.support.reports_at_limits import ODD, crowded, golden, odd
from tests.support.reports_by_hand import every_outcome, finding, hostile, report, result

from kehou.model.report import Finding, Report, RuleResult

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def make_report() -> Callable[..., Report]:
    return report


@pytest.fixture
def make_result() -> Callable[..., RuleResult]:
    return result


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    return finding


@pytest.fixture
def every_outcome_report() -> Report:
    return every_outcome()


@pytest.fixture
def hostile_report() -> Report:
    return hostile()


@pytest.fixture
def matches_golden() -> Callable[[str, str], None]:
    """Compares with ``tests/golden/NAME``; KEHOU_WRITE_GOLDEN=1 writes it anew, to be read."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("KEHOU_WRITE_GOLDEN") == "1":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def golden_report() -> Report:
    return golden()


@pytest.fixture
def golden_in_english() -> Report:
    """The same check with ``--lang en``; the texts of findings come in the report's language."""
    return changed(golden(), language="en")


@pytest.fixture(scope="session")
def crowded_report() -> Report:
    return crowded()


@pytest.fixture(scope="session")
def odd_report() -> Report:
    return odd(ODD)


@pytest.fixture(scope="session")
def long_report() -> Report:
    return odd("很长" * 50_000, "很长的名字" * 10 + ".yaml")


@pytest.fixture
def same_bytes() -> Callable[[str, str], None]:
    """Compares with ``tests/golden/NAME`` byte for byte; KEHOU_WRITE_GOLDEN=1 writes it anew."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("KEHOU_WRITE_GOLDEN") == "1":
            path.write_bytes(text.encode())
        assert text.encode() == path.read_bytes()

    return compare
