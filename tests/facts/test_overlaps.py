"""Rows that overlap in time are found at the cost of what there is to tell, whatever is missing.

Source: docs/language.md §2.8. The judgement on each pair is worked out anew here, pair by pair.
"""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from tests.support import generators, synthetic

from kehou import packs
from kehou.facts import FactBase, overlaps
from kehou.model.values import ABSENT
from kehou.packs import Pack

AS_OF = "2021-09-01"
CHECK = {"check.stage": "approval", "check.date": AS_OF}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    synthetic.write_pack(folder, generators.parameters(random.Random(0)), [])
    return packs.load(str(folder))


def base_of(pack: Pack, items: list[dict[str, Any]]) -> FactBase:
    return FactBase(pack, {"items": items}, pack.in_force(AS_OF), CHECK, ())


def item(n: int, **fields: Any) -> dict[str, Any]:
    return {"parts": [], "marks": [], "code": str(n), **fields}


HOUR = {"at": 960, "until": 1020, "day": "2021-09-06"}
#: Rows of which a key, the times or both are blank, at the same time or one after another.
BLANKS: dict[str, Any] = {
    "a part of the key": lambda n: item(n, grades=(3,), **HOUR),
    "the whole key": lambda n: item(n, **HOUR),
    "everything": lambda n: item(n),
    "the times": lambda n: item(n, grades=(3,), season="summer"),
    "the key, at other times": lambda n: item(n, grades=(3,), at=n % 1440, until=n % 1440 + 1),
    "nothing, at other times": lambda n: item(
        n, grades=(3,), season="summer", at=n % 1440, until=n % 1440 + 1
    ),
    "a key in ten": lambda n: item(
        n, grades=(n % 12 + 1,), **HOUR, **({} if n % 10 == 0 else {"season": f"s{n}"})
    ),
}


@pytest.mark.parametrize("what", BLANKS)
def test_twice_as_many_rows_are_twice_the_pairs_looked_at(
    pack: Pack, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs looked at are counted and not timed."""
    counts = []
    for size in (700, 1400):
        looked_at = 0
        tests = overlaps._Pairs.tests

        def counted(*given: Any, tests: Any = tests) -> Any:
            nonlocal looked_at
            looked_at += 1
            return tests(*given)

        with monkeypatch.context() as patched:
            patched.setattr(overlaps._Pairs, "tests", counted)
            base_of(pack, [BLANKS[what](n) for n in range(size)]).rows("clash")
        counts.append(looked_at)
    assert counts[1] <= 2.2 * counts[0] + 100, counts
    assert counts[1] <= 10 * 1400, counts


def by_definition(base: FactBase, name: str) -> tuple[list[str], set[str], bool]:
    """(pointers of the first of each pair, pointers of what is missing, whether any is open)."""
    d = base.pack.entities[name]
    pointers: list[str] = []
    missing: set[str] = set()
    is_open = False
    for a, b in combinations(base.rows(d.of), 2):
        if a.origin is b.origin and a.phantom is None:
            continue
        value = base.read
        same = [(value(a, n), value(b, n)) for n in d.same]
        times = [(value(x, d.start), value(y, d.end)) for x, y in ((a, b), (b, a))]
        ends = d.valid or (d.start, d.end)
        dates = [(value(x, ends[0]), value(y, ends[1])) for x, y in ((a, b), (b, a))]
        dates = dates if d.valid else []
        every = [
            *(judged(x, y, lambda x, y: x == y) for x, y in same),
            *(judged(x, y, lambda x, y: x < y) for x, y in times),
            *(True if ABSENT in (x, y) else judged(x, y, lambda x, y: x <= y) for x, y in dates),
        ]
        if False in every:
            continue
        if None not in every:
            pointers.append(a.pointer)
            continue
        is_open = True
        for pair in (*same, *times, *dates):
            for one in pair:
                missing |= set(getattr(one, "paths", ()))
    return pointers, missing, is_open


def judged(x: Any, y: Any, test: Any) -> bool | None:
    if x is ABSENT or y is ABSENT:
        return False
    return None if hasattr(x, "paths") or hasattr(y, "paths") else test(x, y)


@pytest.mark.parametrize("name", ["clash", "shared_day"])
def test_the_same_pairs_as_pair_by_pair(pack: Pack, name: str) -> None:
    """Rows at random, each with anything blank or stated to be none, in the order of the file."""
    undecided = 0
    for seed in range(150):
        rng = random.Random(seed)
        choices: dict[str, list[Any]] = {
            "grades": [(1,), (1, 2), (3,)],
            "season": ["summer", "winter", "all"],
            "at": [600, 630, 660, 700],
            "until": [620, 660, 690, 720],
            "day": ["2021-09-06", "2021-09-07"],
        }
        rows = []
        for n in range(rng.randint(0, 9)):
            row = {field: rng.choice(values) for field, values in choices.items()}
            for field in choices:
                if rng.random() < 0.15:
                    del row[field]
                elif rng.random() < 0.05:
                    row[field] = ABSENT
            rows.append(item(n, **row))
        base = base_of(pack, rows)
        found = base.rows(name)
        certain = [fact.pointer for fact in found if fact.phantom is None]
        pointers, missing, is_open = by_definition(base, name)
        assert certain == pointers, seed
        [*rest] = [fact.phantom for fact in found if fact.phantom is not None]
        assert bool(rest) is is_open, seed
        if rest and len(missing) < 40:
            undecided += 1
            assert set(rest[0].paths) == missing, seed
    assert undecided > 50
