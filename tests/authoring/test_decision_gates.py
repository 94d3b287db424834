"""A recommendation to accept is never what is left where something that counts went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_pack import FILES, plant, write_pack

from kehou import packs
from kehou.authoring.lint import lint
from kehou.checking import CheckOptions, check
from kehou.judging import direct
from kehou.model.outcomes import Outcome

GOOD = """\
  - id: {id}
    when:
      - {{as: f, finding: {{outcome: {outcome}, blocking: true}}}}
    then: {{decide: {decide}}}
    because: {because}：{{f.title}}
"""
RULES = {
    "fail": ("return-fail", "return", "不符合"),
    "insufficient": ("supplement-insufficient", "supplement", "材料不足"),
    "error": ("refer-error", "refer", "未能评定"),
}


def row(outcome: str) -> str:
    id_, decide, because = RULES[outcome]
    return GOOD.format(id=id_, outcome=outcome, decide=decide, because=because)


@pytest.mark.parametrize("outcome", list(RULES))
def test_an_outcome_that_nothing_is_inferred_from_is_told(tmp_path: Path, outcome: str) -> None:
    pack = write_pack(tmp_path)
    plant(pack, "decisions.yaml", row(outcome), "")
    # The pack's own inference from one rule that fails is no answer to the others.
    plant(pack, "decisions.yaml", "finding: {rule: room-opens-early,", "finding: {area: book,")
    [(place, message, hint)] = lint(str(pack))
    assert place.startswith("decisions.yaml")
    assert "建议仍会是 accept" in message and f"{outcome}（" in message
    assert f"outcome: {outcome}" in hint and RULES[outcome][1] in hint


def test_an_inference_that_needs_more_than_the_finding_is_not_enough(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    narrow = row("error").replace("blocking: true", "blocking: true, area: book")
    plant(pack, "decisions.yaml", row("error"), narrow)
    [(_, message, _)] = lint(str(pack))
    assert "error（room-opens-early）" in message


def test_a_pack_whose_rules_count_for_nothing_owes_no_inference(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    text = "blocking: []\nrules: []\norder: [return, supplement, refer, accept]\n"
    (pack / "decisions.yaml").write_text(text, encoding="utf-8")
    assert [m for _, m, _ in lint(str(pack)) if "建议仍会是 accept" in m] == []


@pytest.mark.parametrize("kept", [True, False])
def test_what_could_not_be_judged_is_for_a_person_whatever_the_pack_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """Nothing is accepted for want of an inference."""
    pack = write_pack(tmp_path)
    if not kept:
        plant(pack, "decisions.yaml", row("error"), "")
    paper = tmp_path / "paper.yaml"
    paper.write_text(FILES["base.yaml"], encoding="utf-8")
    options = CheckOptions(packs=(str(pack),), engine="direct", as_of="2021-09-06")
    settled = check(str(paper), options)
    assert settled.decision is not None and settled.decision.value == "accept"
    judged = direct.run

    def failing(rules: object, base: object) -> dict[str, list[Outcome]]:
        found = judged(rules, base)  # type: ignore[arg-type]
        return {**found, "room-opens-early": [Outcome.ERROR]}

    monkeypatch.setattr(direct, "run", failing)
    report = check(str(paper), options)
    assert report.decision is not None and report.decision.value == "refer"
    [reason] = report.decision.reasons
    assert reason.rule == "room-opens-early" and "未能评定" in reason.because


def test_what_a_new_pack_begins_with_and_the_example_leave_none_out() -> None:
    example = packs.load(str(Path(__file__).parents[2] / "docs" / "pack-example"))
    assert "refer-error" in {decision.id for decision in example.decisions}
