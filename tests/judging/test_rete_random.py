"""Random rules on random facts: the network against the plain meaning of conditions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from kehou.judging import compile_rules, rete
from kehou.judging.encoding import LintError
from kehou.language import Parameter, Type
from kehou.language.operators import OPERATORS
from kehou.model.outcomes import Outcome
from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Param
from kehou.model.rules import Test as Check
from kehou.model.values import ABSENT, INF, Bounds, Open, Unknown

pytestmark = pytest.mark.skipif(
    not rete.available(), reason="durable_rules cannot be loaded on this Python"
)

TEXTS = ("", "7", "007", " 7", "true", "课后", "课后 服务", '引"号', "\\", "长" * 900, "a\nb")
DATES = ("2021-08-31", "2021-09-01", "2021-09-02", "2022-01-15")
PLAIN: dict[str, tuple[Any, ...]] = {
    "text": TEXTS,
    "enum": ("甲", "乙", "丙"),
    "boolean": (True, False),
    "integer": (0, 1, 2, 3),
    "time": (1020, 1080, 1110),
    "money": (0, 1, 18000, -5),
    "date": DATES,
    "month": ("2021-08", "2021-09", "2021-10"),
    # 1/3 lies between two constants of six places, the closest the network can tell apart.
    "decimal": (Fraction(1, 3), Fraction(333333, 10**6), Fraction(333334, 10**6), Fraction(7)),
}
Fields = dict[str, tuple[Type, bool]]


def plain(rng: random.Random, kind: Type) -> Any:
    return rng.choice(kind.domain or PLAIN[kind.kind])


def value(rng: random.Random, kind: Type) -> Any:
    roll = rng.random()
    if roll < 0.12:
        return rng.choice([None, Unknown(("/x",), True), Unknown(("/x",), False)])
    if roll < 0.22:
        return ABSENT
    if kind.many:
        items = tuple(plain(rng, Type(kind.kind)) for _ in range(rng.randrange(4)))
        return Open(items, ("/x",)) if rng.random() < 0.3 else items
    if kind.interval and rng.random() < 0.5:
        low, high = sorted((plain(rng, kind), plain(rng, kind)))
        if kind.kind != "date":
            low, high = rng.choice([(low, high), (-INF, high), (low, INF)])
        return low if low == high else Bounds(low, high, ("/x",))
    if kind.kind == "money" and rng.random() < 0.1:
        return Fraction(1, 2)
    return plain(rng, kind)


def operand(
    rng: random.Random, kind: Type, fields: Fields, parameters: dict[str, Parameter], many: bool
) -> Any:
    """A constant, a field of the same kind, or a parameter, perhaps looked up by fields."""
    constant = (
        (lambda: tuple(plain(rng, kind) for _ in range(rng.randint(1, 4))))
        if many
        else (lambda: plain(rng, kind))
    )
    roll = rng.random()
    if roll < 0.5:
        return Const(constant())
    if roll < 0.7:
        same = [n for n, (t, _) in fields.items() if t.kind == kind.kind and t.many is many]
        same += [n for n in same if fields[n][0].interval]
        if same:
            return FieldRef(rng.choice(same))
    by = rng.choice(
        [
            ("level",),
            ("grade",),
            ("level", "flag"),
            ("note",),
            ("sort", "grade"),
            ("plan.level",),
            ("a.b", "note"),
        ]
    )
    keys = [[*(fields[n][0].domain or PLAIN[fields[n][0].kind][:3])] for n in by]
    table = {tuple(rng.choice(k) for k in keys): constant() for _ in range(rng.randint(1, 3))}
    if rng.random() < 0.5:
        table[("*",) * len(by)] = constant()
    if len(by) > 1 and all(fields[n][0].domain for n in by) and rng.random() < 0.5:
        table[("*", rng.choice(keys[1]))] = constant()
    name = f"p{len(parameters)}"
    parameters[name] = Parameter(name, Type(kind.kind, many=many), None, by, table)
    return Param(name)


def leaf(rng: random.Random, fields: Fields, parameters: dict[str, Parameter]) -> Cond:
    intervals = [n for n, (t, _) in fields.items() if t.interval]
    name = rng.choice(list(fields) + intervals)
    kind = fields[name][0]
    ordered = kind.kind in ("integer", "time", "date", "month", "money", "decimal")
    if kind.many:
        ops = ["contains_all", "contains_any", "contains_none", "exists"]
    else:
        ops = ["is", "is_not", "in", "not_in", "exists"]
        ops += ["at_most", "at_least", "less_than", "more_than", "within"] if ordered else []
        ops += ["matches", "mentions"] if kind.kind == "text" else []
    op = rng.choice(ops)
    if op == "exists":
        return Check(FieldRef(name), op, (Const(rng.random() < 0.7),))
    if op == "matches":
        return Check(FieldRef(name), op, (Const(r"\d+"),))
    members = OPERATORS[op].right == "members"
    scalar = Type(kind.kind, domain=kind.domain)
    args = [
        operand(rng, scalar, fields, parameters, members) for _ in range(2 if op == "within" else 1)
    ]
    subject: Any = FieldRef(name)
    if rng.random() < 0.05:
        subject = operand(rng, scalar, fields, parameters, kind.many)
        if isinstance(subject, Const):
            subject = FieldRef(name)
    return Check(subject, op, tuple(args))


def condition(
    rng: random.Random, fields: Fields, parameters: dict[str, Parameter], depth: int = 2
) -> Cond:
    if depth == 0 or rng.random() < 0.35:
        return leaf(rng, fields, parameters)
    if rng.random() < 0.25:
        return Not(condition(rng, fields, parameters, depth - 1))
    items = tuple(condition(rng, fields, parameters, depth - 1) for _ in range(rng.randint(1, 3)))
    return All(items) if rng.random() < 0.5 else Any_(items)


def random_rule(rng: random.Random, fields: Fields, make_rule: Any, name: str) -> Any:
    """A rule the network accepts, or None where its normal form is too large."""
    parameters: dict[str, Parameter] = {}

    def cond() -> Cond:
        return condition(rng, fields, parameters)

    rule = make_rule(
        cond() if rng.random() < 0.9 else None,
        cond() if rng.random() < 0.6 else None,
        id=name,
        review=[cond() for _ in range(rng.choice([0, 0, 1, 1, 2]))],
        parameters=parameters,
        closed=rng.sample(list(fields), 4),
        unset=("p",) if rng.random() < 0.05 else (),
    )
    try:
        compile_rules([rule])
    except LintError as error:
        assert "模式" in error.message
        return None
    return rule


@pytest.mark.parametrize("seed", range(6))
def test_network_and_plain_meaning_agree(
    seed: int,
    make_rule: Any,
    make_base: Any,
    reference: Callable[..., Outcome],
    field_types: Fields,
) -> None:
    rng = random.Random(seed)
    made = (random_rule(rng, field_types, make_rule, f"r-{n}") for n in range(45))
    rules = [rule for rule in made if rule is not None]
    own = {n: t for n, (t, root) in field_types.items() if not root}
    rows = [{n: value(rng, t) for n, t in own.items() if rng.random() < 0.9} for _ in range(40)]
    roots = {n: value(rng, t) for n, (t, root) in field_types.items() if root}
    base = make_base(rows, roots)
    with rete.start(rules, base) as running:
        found = running.outcomes()
    seen: Counter[Outcome] = Counter()
    for rule in rules:
        wanted = [reference(rule, row, roots) for row in rows]
        assert found[rule.rule.id] == wanted, (seed, rule)
        seen.update(wanted)
    assert len(rules) > 20
    assert all(seen[o] > 3 for o in (Outcome.FAIL, Outcome.PASS, Outcome.INSUFFICIENT))
