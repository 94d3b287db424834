"""Another policy is another folder: field20's plans get the findings its reference gives them.

The expected findings come from a program that shares nothing with kehou; `python -m
benchmarks.field20.compare` holds the engines to it on as many plans as one likes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from benchmarks.field20.compare import FOLDER, OPTIONS, differences, found, load_pack, read
from benchmarks.field20.generate import make, text
from benchmarks.field20.reference import Finding, findings

from kehou import data, packs
from kehou.authoring import run_cases as cases
from kehou.checking.pack_run import run
from kehou.cli.main import main
from kehou.judging import rete
from kehou.packs import Pack

EXPECTED: dict[str, Any] = json.loads((FOLDER / "examples" / "expected.json").read_text("utf-8"))
FINDINGS: list[list[Finding]] = [[(a, b, c) for a, b, c in row] for row in EXPECTED["findings"]]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


def plan_text(number: int) -> str:
    return text(make(EXPECTED["seed"], number))


def test_the_plans_are_those_that_the_findings_were_told_of() -> None:
    plans = "\n".join(plan_text(number) for number in range(len(FINDINGS)))
    assert hashlib.sha256(plans.encode()).hexdigest() == EXPECTED["sha256"]


def test_the_reference_here_finds_what_was_expected() -> None:
    for number, expected in enumerate(FINDINGS):
        plan = make(EXPECTED["seed"], number)
        assert differences(findings(plan), expected) == ([], []), number


def test_both_engines_find_what_the_reference_finds_in_every_plan(pack: Pack) -> None:
    assert len(FINDINGS) >= 100
    for number, expected in enumerate(FINDINGS):
        checked = run(pack, read(plan_text(number), pack), OPTIONS)
        assert differences(found(checked), expected) == ([], []), number
        assert checked.cross_checked or not rete.available()


def test_a_finding_that_is_dropped_or_misplaced_would_be_told() -> None:
    expected = next(row for row in FINDINGS if row)
    rule, word, path = expected[0]
    assert differences(expected[1:], expected) == ([], [expected[0]])
    moved = (rule, word, path + "x")
    assert differences([moved, *expected[1:]], expected) == ([moved], [expected[0]])


def test_the_pack_and_its_schema_come_from_outside_kehou(pack: Pack) -> None:
    assert pack.id not in packs.available()
    assert not data.schemas().joinpath("field20.schema.json").is_file()
    assert pack.schema.field("ledger.entries.type") is not None
    assert pack.schema.field("plan.sessions") is None


def test_its_cases_pass() -> None:
    ran = cases.run(str(FOLDER))
    assert ran.failures == []
    assert ran.passed >= 60


def test_the_command_line_checks_a_plan_with_the_pack(capsys: pytest.CaptureFixture[str]) -> None:
    plan = str(FOLDER / "examples" / "example.json")
    code = main(["check", plan, "--pack", str(FOLDER), "--as-of", OPTIONS.as_of or ""])
    told = capsys.readouterr().out
    assert code == 1
    assert "field20" in told
    assert "example.json" in told
