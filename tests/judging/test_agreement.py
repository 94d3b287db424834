"""Both engines and a naive third reading agree on random rules and random submissions.

So they do on references and agreements, and on the shipped packs over changed submissions.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import changed_submissions, generated_reading, generators
from tests.support.agreement import Tally, Workshop, base_of, compare, program, run
from tests.support.lending_pack import write_lending_pack
from tests.support.reference import Reference
from tests.support.share import reached, share

from kehou import packs
from kehou.judging import bind_rules, direct
from kehou.model.outcomes import Outcome, Stage
from kehou.submission import from_tree

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


# --- references, agreements and the shipped packs ---------------------------------------------


@pytest.mark.both_engines
def test_references_and_agreements_mean_what_the_language_says(tmp_path: Path) -> None:
    pack = packs.load(str(write_lending_pack(tmp_path / "pack", generated_reading.EVERY_ENTRY)))
    tally, read = Tally(), Counter[tuple[str, Outcome]]()
    for seed in range(share(400)):
        rng = Random(seed)
        stage = rng.choice(list(Stage))
        raw = generators.submission(rng, pack.schema.root)
        found = from_tree(raw, pack.schema, stage=stage)
        base = base_of(pack, found, stage, "2025-03-01", "2025-03-01")
        rules = bind_rules(pack, stage, "2025-03-01", found.bureau)[0]
        reference = Reference(pack, stage, "2025-03-01", found.bureau)
        trees = {bound.rule.id: {"id": bound.rule.id} for bound in rules}
        differing = list(compare(rules, base, reference, tally, trees))
        assert not differing, differing[0]
        outcomes = direct.run(rules, base)
        for bound in rules:
            rule = bound.rule
            if bound.unset or rule.id not in generated_reading.READ:
                continue
            for fact, judged in zip(base.entities[rule.each], outcomes[rule.id], strict=True):
                wanted = generated_reading.outcome(rule.id, base, fact)
                if wanted is not None:
                    read[rule.id, wanted] += 1
                    assert judged is wanted, (seed, rule.id, fact.values)
    assert {rule for rule, _ in read} == set(generated_reading.READ)
    rare = [key for key, count in read.items() if count < reached(10)]
    assert not rare


@pytest.mark.both_engines
@pytest.mark.checkout
def test_the_shipped_packs_are_judged_alike_on_changed_submissions() -> None:
    tally, met = Tally(), Counter[str]()
    differing = list(changed_submissions.run(share(3_000), 1, tally, met))
    assert not differing, differing[0]
    assert min(met.total(), tally.pairs) >= share(3_000)
