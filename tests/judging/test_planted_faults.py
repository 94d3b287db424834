"""Faults planted one at a time in either engine; the comparison that CI runs must find each.

A fault changes one engine only, and the odd one out must be that engine: the naive reading and the
sound engine then agree on what is right. The last two stand in code that both engines share, where
only the naive reading can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.judging.test_agreement import PAIRS
from tests.support.agreement import Disagreement, Tally, run

from kehou.judging import BoundRule, network, rete
from kehou.language import FieldArg, closures, conditions, leaf_sets, operators
from kehou.language.dnf import Conjunction
from kehou.language.operators import Verdict
from kehou.model.outcomes import Outcome

Patch = pytest.MonkeyPatch
Patterns = list[tuple[str, Conjunction]]


# --- in the network ------------------------------------------------------------------------


def _patterns(patch: Patch, change: Callable[[Patterns], Patterns]) -> None:
    """Change the patterns of every rule on their way into the network."""
    sound = network.rule_patterns

    def faulty(rule: BoundRule) -> Patterns:
        return change(sound(rule))

    patch.setattr(network, "rule_patterns", faulty)


def dropped_conjunct(patch: Patch) -> None:
    def change(patterns: Patterns) -> Patterns:
        return [
            (letter, frozenset(sorted(c, key=repr)[1:]) if len(c) > 2 else c)
            for letter, c in patterns
        ]

    _patterns(patch, change)


def flipped_bound(patch: Patch) -> None:
    sound = leaf_sets._ends_of

    def faulty(arg: FieldArg) -> tuple[tuple[str, str], ...]:
        low_down, low_up, high_down, high_up = sound(arg)
        return high_down, high_up, low_down, low_up

    patch.setattr(leaf_sets, "_ends_of", faulty)


def is_not_on_absent(patch: Patch) -> None:
    patch.setattr(leaf_sets, "OPERATORS", _with("is_not", when_absent=False))


def by_default(patch: Patch) -> None:
    patch.setattr(leaf_sets, "_not_in_rows", lambda table: ())


def lost_fact(patch: Patch) -> None:
    sound = network.Kind.encode

    def faulty(kind: network.Kind, values: Any, roots: Any) -> dict[str, Any]:
        found = sound(kind, values, roots)
        return found if len(values) % 10 else found | {"kind": "lost"}

    patch.setattr(network.Kind, "encode", faulty)


def lost_pattern(patch: Patch) -> None:
    def change(patterns: Patterns) -> Patterns:
        return patterns[:-1] if len(patterns) > 5 else patterns

    _patterns(patch, change)


def wrong_bucket(patch: Patch) -> None:
    sound: Any = network.Kind.__dict__["buckets"]
    patch.setattr(network.Kind, "buckets", property(lambda kind: max(1, sound.fget(kind) - 1)))


def swapped_precedence(patch: Patch) -> None:
    swap = {"c": "d", "d": "c"}
    _patterns(patch, lambda patterns: [(swap.get(letter, letter), c) for letter, c in patterns])
    swapped = {**network.OUTCOMES, "c": Outcome.REVIEW, "d": Outcome.FAIL}
    patch.setattr(network, "OUTCOMES", swapped)
    patch.setattr(rete, "OUTCOMES", swapped)


# --- in the direct engine --------------------------------------------------------------------


def negated_kleene(patch: Patch) -> None:
    def faulty(inner: Callable[..., Verdict]) -> Callable[..., Verdict]:
        return lambda values, roots: not inner(values, roots)

    patch.setattr(closures, "_not_closure", faulty)


def off_by_one(patch: Patch) -> None:
    def faulty(leaf: conditions.Leaf) -> closures.Closure:
        return sound(replace(leaf, op="less_than") if leaf.op == "at_most" else leaf)

    sound = closures._leaf_closure
    patch.setattr(closures, "_leaf_closure", faulty)


# --- in what both share ----------------------------------------------------------------------


def is_not_on_absent_in_both(patch: Patch) -> None:
    changed = _with("is_not", when_absent=False)
    patch.setattr(leaf_sets, "OPERATORS", changed)
    patch.setattr(operators, "OPERATORS", changed)
    patch.setattr(closures, "OPERATORS", changed)


def closed_forgotten_in_both(patch: Patch) -> None:
    sound = conditions.read_field

    def faulty(arg: FieldArg, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
        return sound(replace(arg, closed=False), values, roots)

    patch.setattr(conditions, "read_field", faulty)
    patch.setattr(leaf_sets, "_states", _open_states)


def _open_states(arg: FieldArg) -> Any:
    return tuple((frozenset({(word, arg.name)}),) for word in ("has", "absent", "unknown"))


def _with(op: str, **changes: Any) -> dict[str, operators.Operator]:
    sound = operators.OPERATORS
    return {**sound, op: replace(sound[op], **changes)}


NETWORK = (
    dropped_conjunct,
    flipped_bound,
    is_not_on_absent,
    by_default,
    lost_fact,
    lost_pattern,
    wrong_bucket,
    swapped_precedence,
)
DIRECT = (negated_kleene, off_by_one)
BOTH = (is_not_on_absent_in_both, closed_forgotten_in_both)


def first_disagreement(folder: Path) -> Disagreement | None:
    """The first one within CI's budget of pairs."""
    return next(run(PAIRS, 1, Tally(), folder), None)


@pytest.mark.both_engines
@pytest.mark.parametrize("fault", NETWORK, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_network_is_found(
    fault: Callable[[Patch], None], monkeypatch: Patch, tmp_path: Path
) -> None:
    fault(monkeypatch)
    found = first_disagreement(tmp_path)
    assert found is not None
    assert found.direct == found.reference != found.rete, found


@pytest.mark.both_engines
@pytest.mark.parametrize("fault", DIRECT, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_direct_engine_is_found(
    fault: Callable[[Patch], None], monkeypatch: Patch, tmp_path: Path
) -> None:
    fault(monkeypatch)
    found = first_disagreement(tmp_path)
    assert found is not None
    assert found.rete == found.reference != found.direct, found


@pytest.mark.both_engines
@pytest.mark.parametrize("fault", BOTH, ids=lambda fault: fault.__name__)
def test_a_fault_that_both_engines_share_is_found_by_the_naive_reading(
    fault: Callable[[Patch], None], monkeypatch: Patch, tmp_path: Path
) -> None:
    fault(monkeypatch)
    found = first_disagreement(tmp_path)
    assert found is not None
    assert found.direct == found.rete != found.reference, found
