"""Bound rules are kept with their pack, and give the same on the next submission."""

from __future__ import annotations

from kehou import packs
from kehou.checking import CheckOptions, check
from kehou.judging import bound_program
from kehou.model.outcomes import Stage


def test_rules_are_bound_once_for_a_stage_and_date() -> None:
    pack = packs.load("bayannur-2021")
    rules, elsewhere, _ = bound_program(pack, Stage.APPROVAL, "2024-09-01", set())
    assert bound_program(pack, Stage.APPROVAL, "2024-09-01", set())[0] is rules
    assert bound_program(pack, Stage.INSPECTION, "2024-09-01", set())[0] is not rules
    assert bound_program(pack, Stage.APPROVAL, "2024-09-02", set())[0] is not rules
    assert len(rules) + elsewhere <= len(pack.rules)


def test_a_network_that_was_kept_answers_as_the_first_one_did() -> None:
    shelf = {"bayannur-2021": packs.load("bayannur-2021")}
    shelf["bayannur-2021"].remembered.clear()
    options = CheckOptions(packs=("bayannur-2021",), stage=Stage.APPROVAL)
    reports = [check("examples/primary-compliant", options, shelf) for _ in range(3)]
    kept = [one for one in shelf["bayannur-2021"].remembered.values() if isinstance(one, tuple)]
    assert [program.network is not None for program, _, _ in kept] == [True]
    assert reports[0] == reports[1] == reports[2]
