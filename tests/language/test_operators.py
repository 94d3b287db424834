"""One table of operators (operators.csv beside), worked by hand, against every form of a test.

A line's operands stand as constants, fields, exact values of derived fields, parameters and
parameters by a field; each form must give the verdict that the line says, and its negation the
opposite, as a function, as a closure and in the network.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kehou.facts import Fact
from kehou.fields import validation
from kehou.judging import BoundRule, rete
from kehou.language import Parameter, Type, bind, closure
from kehou.language.conditions import evaluate
from kehou.language.operators import OPERATORS, verdict
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.rules import Cond, Const, FieldRef, Not, Param, Rule
from kehou.model.rules import Test as Comparison
from kehou.model.values import ABSENT, Bounds, Open, Unknown

_WORDS = {"true": True, "false": False, "unknown": None}
_DOMAINS: dict[str, tuple[Any, ...]] = {"enum": ("a", "b", "c"), "boolean": (True, False)}
_OUTCOMES = {True: Outcome.PASS, False: Outcome.FAIL, None: Outcome.INSUFFICIENT}
_MISSING = Unknown(("/x",), True)


@dataclass(frozen=True)
class Line:
    """One line of the table; ``rights`` has two members for ``within``."""

    number: int
    op: str
    kind: str
    left: Any
    rights: tuple[Any, ...]
    expected: bool | None

    @property
    def left_type(self) -> Type:
        """Type of the left operand as a plain field."""
        kind = self.kind.removeprefix("list of ")
        return Type(kind, many=kind != self.kind, domain=_DOMAINS.get(kind))

    @property
    def right_type(self) -> Type:
        """Type of the right operand as a plain field."""
        many = OPERATORS[self.op].right == "members"
        return replace(self.left_type, many=many, domain=None if many else self.left_type.domain)


def read_table() -> list[Line]:
    lines = []
    path = Path(__file__).with_name("operators.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            op, kind = row["operator"], row["kind"]
            rights = row["right"].split(" to ") if op == "within" else [row["right"]]
            if op in ("exists", "matches"):
                parsed = tuple(_WORDS.get(right, right) for right in rights)
            else:
                parsed = tuple(value(right, kind) for right in rights)
            lines.append(
                Line(number, op, kind, value(row["left"], kind), parsed, _WORDS[row["expected"]])
            )
    return lines


def value(text: str, kind: str) -> Any:
    """``absent``, ``missing``, ``2..5``, ``[a; b]``, ``[a; ...]`` or a value of the kind."""
    kind = kind.removeprefix("list of ")
    if text in ("absent", "missing"):
        return ABSENT if text == "absent" else _MISSING
    if text.startswith("[") and text.endswith("]"):
        words = [word for word in text[1:-1].split("; ") if word]
        items = tuple(scalar(word, kind) for word in words if word != "...")
        return Open(items, ("/x",)) if "..." in words else items
    if ".." in text:
        low, high = (scalar(end, kind) for end in text.split(".."))
        return low if low == high else Bounds(low, high, ("/x",))
    return scalar(text, kind)


def scalar(text: str, kind: str) -> Any:
    if kind in ("boolean", "record"):
        return _WORDS[text]
    if kind == "integer":
        return int(text)
    if kind == "time":
        return int(text[:2]) * 60 + int(text[3:])
    if kind == "money":
        return int(Fraction(text) * 100)
    return Fraction(text) if kind == "decimal" else text


LINES = read_table()


def is_plain(operand: Any) -> bool:
    return not (operand is ABSENT or isinstance(operand, (Unknown, Bounds, Open)))


# --- the forms of a line -------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A line written in one way: the test, the types of its fields, parameters and values."""

    name: str
    test: Comparison
    types: Mapping[str, Type]
    parameters: Mapping[str, Parameter]
    values: Mapping[str, Any]
    expected: bool | None


def forms(line: Line) -> Iterator[Form]:
    """Every way in which the operands of a line can stand in a rule."""
    rights_plain = all(map(is_plain, line.rights))
    for interval in {isinstance(line.left, Bounds), not line.left_type.many}:
        if rights_plain:
            yield _form(line, "constant", "field", "constant", interval)
            yield _form(line, "parameter", "field", "parameter", interval)
        if line.op in ("exists", "matches"):
            continue
        yield _form(line, "field", "field", "field", interval)
        if rights_plain:
            yield _form(line, "by field", "field", "table", interval)
    if is_plain(line.left) and line.kind != "record":
        if rights_plain:
            yield _form(line, "tested parameter", "parameter", "constant", False)
        if rights_plain or line.op not in ("exists", "matches"):
            right = "constant" if line.op in ("exists", "matches") else "field"
            yield _form(line, "tested by field", "table", right, False)


def _form(line: Line, name: str, left: str, right: str, interval: bool) -> Form:
    prefix = f"{name.replace(' ', '_')}{int(interval)}_{line.number}_"
    types: dict[str, Type] = {}
    parameters: dict[str, Parameter] = {}
    values: dict[str, Any] = {}

    def operand(way: str, suffix: str, given: Any, of: Type) -> Any:
        own = prefix + suffix
        if way == "constant":
            return Const(given)
        if way == "field":
            bounded = interval or isinstance(given, Bounds)
            types[own] = replace(of, interval=bounded and not of.many)
            if given is not _MISSING or line.number % 2:
                values[own] = given
            return FieldRef(own)
        if way == "parameter":
            parameters[own] = Parameter(own, of, given)
            return Param(own)
        types[own] = Type("enum", domain=("k", "m"))
        values[own] = "k"
        parameters[own] = Parameter(own, of, by=(own,), table={("k",): given, ("m",): given})
        return Param(own)

    subject = operand(left, "l", line.left, line.left_type)
    rights = [
        operand(right, f"r{n}", given, line.right_type) for n, given in enumerate(line.rights)
    ]
    test = Comparison(subject, line.op, tuple(rights))
    return Form(f"line {line.number} {name}", test, types, parameters, values, line.expected)


FORMS = [form for line in LINES for form in forms(line)]


def bound(form: Form, negated: bool = False) -> Any:
    test: Cond = Not(form.test) if negated else form.test
    return bind(test, lambda name: (form.types[name], False), form.parameters, frozenset())


def opposite(expected: bool | None) -> bool | None:
    return None if expected is None else not expected


# --- tests ---------------------------------------------------------------------------------


def test_the_table_has_every_operator_with_every_verdict_and_state() -> None:
    seen = {(line.op, line.expected) for line in LINES}
    assert seen == {(op, expected) for op in OPERATORS for expected in (True, False, None)}
    for state in (ABSENT, _MISSING):
        assert {line.op for line in LINES if line.left is state} == set(OPERATORS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.number}-{line.op}")
def test_a_line_as_a_function(line: Line) -> None:
    if line.op == "within":
        ends = zip(("at_least", "at_most"), line.rights, strict=True)
        found = {verdict(op, line.left, right) for op, right in ends}
        assert (False if False in found else None if None in found else True) is line.expected
    else:
        assert verdict(line.op, line.left, line.rights[0]) is line.expected


def test_every_form_as_a_closure_and_by_the_plain_way() -> None:
    wrong = []
    for form in FORMS:
        for negated, expected in ((False, form.expected), (True, opposite(form.expected))):
            cond = bound(form, negated)
            found = closure(cond)(form.values, {}), evaluate(cond, form.values, {})
            if found != (expected, expected):
                wrong.append((form.name, negated, found, expected))
    assert not wrong


@pytest.mark.both_engines
def test_every_form_in_the_network() -> None:
    values: dict[str, Any] = {}
    rules = []
    for n, form in enumerate(FORMS):
        values |= form.values
        rules += [_rule(f"r{n}", bound(form)), _rule(f"n{n}", bound(form, negated=True))]
    base: Any = SimpleNamespace(
        entities={"row": [Fact("row", "/0", values)]}, root=Fact("submission", "", {})
    )
    found: dict[str, list[Outcome]] = {}
    # durable_rules holds at most 4,096 patterns at a time.
    for start in range(0, len(rules), 500):
        with rete.start(rules[start : start + 500], base) as running:
            found |= running.outcomes()
    wrong = []
    for n, form in enumerate(FORMS):
        plain, negated = found[f"r{n}"][0], found[f"n{n}"][0]
        wanted = _OUTCOMES[form.expected], _OUTCOMES[opposite(form.expected)]
        if (plain, negated) != wanted:
            wrong.append((form.name, plain, negated, form.expected))
    assert not wrong


def _rule(name: str, require: Any) -> BoundRule:
    rule = Rule(
        id=name,
        title="",
        clauses=(),
        severity=Severity.MAJOR,
        stages=(Stage.APPROVAL,),
        valid_from=None,
        valid_to=None,
        mandatory=False,
        counterpart=None,
        each="row",
        closed={},
        when=None,
        require=None,
        review=(),
        message=None,
        remedy="",
        area="",
        pack="",
        file="",
    )
    return BoundRule(rule, None, require, ())


def test_a_schema_that_lacks_an_operator_or_has_one_more_is_noticed() -> None:
    """The forms of a test on a field and on a parameter, in schemas/condition.schema.json."""
    forms = validation.load("condition")["$defs"]["condition"]["oneOf"]
    tests = [form["properties"] for form in forms if {"field", "param"} & form["properties"].keys()]
    assert len(tests) == 2
    for properties in tests:
        written = [key for key in properties if key not in ("field", "param", "by")]
        assert written == list(OPERATORS)


def test_the_operator_that_a_mutant_has_takes_the_same_operands() -> None:
    for word, operator in OPERATORS.items():
        if operator.flip:
            other = OPERATORS[operator.flip]
            assert (other.left, other.right) == (operator.left, operator.right), word
            assert operator.flip != word
