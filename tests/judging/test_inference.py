"""Decision rules on the network: joins by equality, marks that chain, and what is refused."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from kehou.judging import rete
from kehou.judging.encoding import LintError
from kehou.judging.inference import compile_decisions
from kehou.model.rules import DecisionRule, Firing, Pattern

pytestmark = pytest.mark.skipif(
    not rete.available(), reason="durable_rules cannot be loaded on this Python"
)

Fact = dict[str, Any]


def decision(
    id: str, *when: Pattern, mark: tuple[str, str, str] | None = None, decide: str | None = None
) -> DecisionRule:
    subject = (mark[1], mark[2]) if mark else None
    return DecisionRule(id, when, mark and mark[0], subject, decide, "因此", 3)


def reference(rules: Sequence[DecisionRule], facts: Sequence[Fact]) -> set[Firing]:
    """Every combination of facts tried, until nothing new is marked."""
    known: dict[str, Fact] = {str(n): fact for n, fact in enumerate(facts)}
    while True:
        fired = {firing for rule in rules for firing in _tried(rule, known)}
        before = len(known)
        for rule_id, matched in fired:
            rule = next(r for r in rules if r.id == rule_id)
            if rule.mark is None or rule.subject is None:
                continue
            var, name = rule.subject
            value = known[matched[[p.var for p in rule.when].index(var)]].get(name)
            if value is not None:
                fact = {"@kind": f"mark:{rule.mark}", "subject": value}
                known.setdefault(f"mark:{rule.mark}:{value}", fact)
        if len(known) == before:
            return fired


def _tried(rule: DecisionRule, known: Mapping[str, Fact]) -> Iterator[Firing]:
    for identities in itertools.product(list(known), repeat=len(rule.when)):
        chosen = {p.var: known[i] for p, i in zip(rule.when, identities, strict=True)}
        if all(_holds(pattern, chosen) for pattern in rule.when):
            yield rule.id, identities


def _holds(pattern: Pattern, chosen: Mapping[str, Fact]) -> bool:
    fact = chosen[pattern.var]
    return (
        fact["@kind"] == pattern.kind
        and all(fact.get(name) == value for name, value in pattern.equals)
        and all(
            fact.get(mine) is not None and fact.get(mine) == chosen[var].get(other)
            for mine, var, other in pattern.same
        )
    )


@pytest.fixture
def decide(make_base: Any) -> Iterator[Any]:
    with rete.start([], make_base([])) as running:
        yield running.decide


VENDOR = Pattern("v", "entity:vendor")
RED_LINE = Pattern(
    "f", "finding", (("outcome", "fail"), ("severity", "critical")), (("subject", "v", "key"),)
)


def test_a_mark_chains_into_a_decision(decide: Any) -> None:
    rules = [
        decision("exit", VENDOR, RED_LINE, mark=("disqualified", "v", "key")),
        decision("return", Pattern("m", "mark:disqualified"), decide="return"),
        decision("named", Pattern("m", "mark:disqualified", (("subject", "丙"),)), decide="refer"),
    ]
    facts = [
        {"@kind": "entity:vendor", "key": "甲"},
        {"@kind": "entity:vendor", "key": "乙"},
        {"@kind": "finding", "outcome": "fail", "severity": "critical", "subject": "甲"},
        {"@kind": "finding", "outcome": "review", "severity": "critical", "subject": "乙"},
    ]
    assert decide(rules, facts) == {("exit", ("0", "2")), ("return", ("mark:disqualified:甲",))}


def test_as_many_findings_as_a_large_school_has_are_no_chain_without_end(decide: Any) -> None:
    """What fires once for each fact comes to an end, however many facts there are."""
    rules = [decision(f"r{n}", Pattern("f", "finding"), decide="refer") for n in range(2)]
    facts = [{"@kind": "finding", "subject": str(n)} for n in range(10_100)]
    assert len(facts) * len(rules) > rete.MOST_INFERENCES
    assert len(decide(rules, facts)) == len(facts) * len(rules)


def test_text_and_numbers_that_look_alike_do_not_join(decide: Any) -> None:
    rules = [
        decision(
            "r", VENDOR, Pattern("w", "entity:staff", (), (("id", "v", "key"),)), decide="refer"
        )
    ]
    facts = [
        {"@kind": "entity:vendor", "key": "1"},
        {"@kind": "entity:vendor", "key": 1},
        {"@kind": "entity:staff", "id": 1},
        {"@kind": "entity:staff", "id": "01"},
        {"@kind": "entity:staff", "id": None},
        {"@kind": "entity:vendor", "key": None},
    ]
    assert decide(rules, facts) == {("r", ("1", "2"))}


def test_one_fact_may_be_matched_twice(decide: Any) -> None:
    again = Pattern("b", "finding", (), (("rule", "a", "rule"),))
    rules = [decision("r", Pattern("a", "finding"), again, decide="refer")]
    facts = [{"@kind": "finding", "rule": "x"}]
    assert decide(rules, facts) == {("r", ("0", "0"))}


def test_fields_named_like_the_library_s_own_are_ordinary(decide: Any) -> None:
    rules = [
        decision(
            "r",
            Pattern("a", "entity:x", (("id", "f0"), ("sid", "9"), ("a.b", True))),
            decide="refer",
        )
    ]
    facts = [
        {"@kind": "entity:x", "id": "f0", "sid": "9", "a.b": True},
        {"@kind": "entity:x", "id": "f0", "sid": "0", "a.b": True},
    ]
    assert decide(rules, facts) == {("r", ("0",))}


def test_more_patterns_of_one_kind_than_the_library_bears(decide: Any) -> None:
    rules = [
        decision(
            f"r-{n}",
            Pattern("a", "finding", (("n", 1),)),
            Pattern("b", "finding", (("m", n % 7),), (("n", "a", "n"),)),
            decide="refer",
        )
        for n in range(70)
    ]
    facts = [{"@kind": "finding", "n": 1, "m": m} for m in range(7)]
    assert decide(rules, facts) == reference(rules, facts)


def test_nothing_to_decide(decide: Any) -> None:
    assert decide([], []) == set()
    assert decide([decision("r", VENDOR, decide="refer")], []) == set()


def test_marks_that_never_end_are_an_error(decide: Any) -> None:
    pairs = [Pattern("a", "finding"), Pattern("b", "finding"), Pattern("c", "finding")]
    facts = [{"@kind": "finding", "n": n} for n in range(30)]
    with pytest.raises(rete.EngineDied, match="触发超过 20000 次"):
        decide([decision("r", *pairs, decide="refer")], facts)


@pytest.mark.parametrize("seed", range(15))
def test_random_rules_against_every_combination(seed: int, decide: Any) -> None:
    rng = random.Random(seed)
    fields = {
        "entity:a": ["x", "y"],
        "finding": ["x", "kind.of"],
        "mark:m": ["subject"],
        "mark:k": ["subject"],
    }

    def pattern(position: int) -> Pattern:
        kind = rng.choice([*fields, "finding", "entity:a"])
        equals = tuple((name, rng.choice(VALUES)) for name in fields[kind] if rng.random() < 0.2)
        same: tuple[tuple[str, str, str], ...] = ()
        if position and rng.random() < 0.8:
            earlier = rng.randrange(position)
            same = ((rng.choice(fields[kind]), f"v{earlier}", rng.choice(fields[kinds[earlier]])),)
        kinds.append(kind)
        return Pattern(f"v{position}", kind, equals, same)

    rules = []
    for number in range(12):
        kinds: list[str] = []
        when = [pattern(position) for position in range(rng.randint(1, 3))]
        of = rng.randrange(len(when))
        mark = (rng.choice("mk"), f"v{of}", rng.choice(fields[kinds[of]]))
        rules.append(
            decision(f"r-{number}", *when, mark=mark)
            if rng.random() < 0.6
            else decision(f"r-{number}", *when, decide="refer")
        )
    facts = [
        {"@kind": kind, **{name: rng.choice([*VALUES, None]) for name in fields[kind]}}
        for kind in rng.choices(["entity:a", "finding"], k=7)
    ]
    assert decide(rules, facts) == reference(rules, facts)


THIRTEEN = [Pattern(f"v{n}", "finding") for n in range(13)]
COLLIDING = Pattern("v", "finding", (("costarring", 1), ("liquid", 1)))
VALUES = ("甲", "乙", "", '"', 1, 2)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (decision("r", decide="refer"), "1 到 12 项"),
        (decision("r", *THIRTEEN, decide="refer"), "1 到 12 项"),
        (decision("r", VENDOR, VENDOR, decide="refer"), "变量 v 出现两次"),
        (decision("r", RED_LINE, VENDOR, decide="refer"), "前面没有变量 v"),
        (decision("r", VENDOR, mark=("m", "w", "key")), "变量 w 没有出现"),
        (decision("r", VENDOR), "恰好写一个"),
        (decision("r", Pattern("m", "mark:x", (("key", 1),)), decide="refer"), "只有 subject"),
        (decision("r", Pattern("m", "mark:x"), mark=("y", "m", "key")), "只有 subject"),
        (decision("r", Pattern("v", "finding", (("rule", None),)), decide="refer"), "空值"),
        (decision("r", COLLIDING, decide="refer"), None),
    ],
)
def test_what_is_refused(rule: DecisionRule, message: str | None) -> None:
    if message is None:  # the prefix that every field gets takes this pair's hashes apart
        compile_decisions([rule])
        return
    with pytest.raises(LintError, match=message):
        compile_decisions([rule])
