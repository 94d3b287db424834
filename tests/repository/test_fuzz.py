"""A share of every family of fuzzed inputs, and that each finds the bugs it is there to find."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from tests.support.fuzz import calls, meals
from tests.support.fuzz.families import FAMILIES, make_ready
from tests.support.fuzz.planted import PLANTED, Bug
from tests.support.fuzz.walk import Told, walk
from tests.support.share import share

from kehou import packs

#: Inputs of each family that `make full` goes through; `make test` takes a quarter.
WHOLE = {
    "text": 80,
    "csv": 60,
    "xlsx": 50,
    "prose": 80,
    "folders": 60,
    "options": 100,
    "packs": 120,
    "reports": 100,
    "commands": 100,
}
#: Bugs of each family that `make full` plants; in `make test` the walks to them would cost more
#: than all the rest of what is drawn.
BUGS = 5
#: Inputs in which a planted bug must show, whatever the share.
ENOUGH = 150


@pytest.fixture(scope="module", autouse=True)
def _made_by_sound_code() -> Iterator[None]:
    make_ready()
    yield


def last(steps: Iterator[Told]) -> Told:
    return list(steps)[-1]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_input_of_a_family_shows_a_fault(family: str) -> None:
    told = last(walk(family, most=share(WHOLE[family])))
    assert told.inputs == share(WHOLE[family])
    shown = [
        f"{family} {seed} {case.kind}\n{fault.oracle}: {fault.told[-1500:]}"
        for seed, case, faults in told.faults
        for fault in faults
    ]
    assert not shown, "\n\n".join(shown[:3])


def test_every_family_has_five_planted_bugs() -> None:
    counted = {family: len(set(bugs)) for family, bugs in PLANTED.items()}
    assert counted == dict.fromkeys(FAMILIES, BUGS)


@pytest.mark.parametrize("bug", dict.fromkeys(itertools.chain(*PLANTED.values())))
def test_a_bug_is_planted_in_what_is_there(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)  # raises where the function that it changes has moved


def test_commands_that_write_rules_write_them_into_copies() -> None:
    shipped = {*packs.available(), str(meals.PACK)}
    drawn = [calls.command_case(random.Random(seed)) for seed in range(share(1200))]
    made = [case.calls[0].words for case in drawn if case.kind == "new"]
    assert len(made) > 5
    for words in made:
        assert not shipped.intersection(words), words
        assert any(word.startswith("--pack") for word in words), words


@pytest.mark.parametrize(
    ("family", "bug"),
    [(family, bug) for family, bugs in PLANTED.items() for bug in bugs[: share(BUGS)]],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_planted_bug_is_found(family: str, bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    told = last(walk(family, most=ENOUGH, stop=1))
    assert told.faults, f"{family}: {told.inputs} inputs and {bug.__name__} is not seen"
