"""Both engines and a naive third reading agree on random rules and random submissions."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.agreement import Tally, Workshop, program, run
from tests.support.share import reached, share

#: Pairs of a rule and a subject in every run; ``python -m tests.support.agreement`` runs any
#: number.
PAIRS = share(12_000)
#: How often everything that a rule can be made of must at least have been met.
LEAST = reached(100)


@pytest.mark.both_engines
def test_seeded_programs_agree_and_meet_everything_often_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    differing = list(run(PAIRS, 1, tally, tmp_path))
    with capsys.disabled():
        print(f"\n{tally}")
    assert not differing, f"{len(differing)} disagreements, the first:\n{differing[0]}"
    rare = {name: count for name, count in tally.counts().items() if count < LEAST}
    assert not rare


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("pack"))


@pytest.mark.both_engines
@settings(max_examples=share(150, 30))
@given(rng=st.randoms(use_true_random=False))
def test_drawn_rules_agree_on_a_drawn_submission(workshop: Workshop, rng: Random) -> None:
    differing = list(program(workshop, rng, Tally(), rules=2, submissions=1))
    assert not differing, differing[0]
