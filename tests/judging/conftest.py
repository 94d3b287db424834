"""Hand-made rules and facts for the network: no pack, no reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from kehou.judging import BoundRule
from kehou.judging.program import BoundReview
from kehou.language import Bound, Parameter, Type, bind
from kehou.language.conditions import evaluate, is_unset
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.rules import Cond, Rule

#: Name → (type, whether the submission's).
FIELDS: dict[str, tuple[Type, bool]] = {
    "kind": (Type("text"), False),
    "id": (Type("text"), False),
    "sid": (Type("integer"), False),
    "a.b": (Type("integer"), False),
    "note": (Type("text"), False),
    "sort": (Type("enum", domain=("甲", "乙", "丙")), False),
    "level": (Type("enum", domain=("primary", "junior", "senior")), False),
    "grade": (Type("integer", domain=(1, 2, 3)), False),
    "flag": (Type("boolean", domain=(True, False)), False),
    "n": (Type("integer"), False),
    "m": (Type("integer"), False),
    "count": (Type("integer", interval=True), False),
    "total": (Type("money", interval=True), False),
    "fee": (Type("money"), False),
    "start": (Type("date"), False),
    "last": (Type("date", interval=True), False),
    "month": (Type("month"), False),
    "end": (Type("time"), False),
    "ratio": (Type("decimal", interval=True), False),
    "share": (Type("decimal"), False),
    "tags": (Type("text", many=True), False),
    "grades": (Type("integer", many=True), False),
    "plan.level": (Type("enum", domain=("primary", "junior", "senior")), True),
    "plan.total": (Type("money", interval=True), True),
    "check.date": (Type("date"), True),
}


@dataclass
class Fact:
    values: dict[str, Any]


@dataclass
class Base:
    entities: dict[str, list[Fact]]
    root: Fact = field(default_factory=lambda: Fact({}))


def base(rows: Sequence[dict[str, Any]], roots: dict[str, Any] | None = None) -> Base:
    return Base({"row": [Fact(row) for row in rows]}, Fact(roots or {}))


class MakeRule(Protocol):
    def __call__(
        self,
        require: Cond | None = None,
        when: Cond | None = None,
        *,
        review: Sequence[Cond] = (),
        id: str = "t-rule",
        each: str = "row",
        parameters: Mapping[str, Parameter] | None = None,
        closed: Sequence[str] = (),
        unset: Sequence[str] = (),
        fields: Mapping[str, tuple[Type, bool]] | None = None,
    ) -> BoundRule: ...


def rule(
    require: Cond | None = None,
    when: Cond | None = None,
    *,
    review: Sequence[Cond] = (),
    id: str = "t-rule",
    each: str = "row",
    parameters: Mapping[str, Parameter] | None = None,
    closed: Sequence[str] = (),
    unset: Sequence[str] = (),
    fields: Mapping[str, tuple[Type, bool]] | None = None,
) -> BoundRule:
    types = FIELDS if fields is None else fields

    def bound(cond: Cond | None) -> Bound | None:
        if cond is None:
            return None
        return bind(cond, types.__getitem__, parameters or {}, frozenset(closed))

    reviews = []
    for cond in review:
        condition = bound(cond)
        assert condition is not None
        reviews.append(BoundReview(condition, "请核对"))
    source = Rule(
        id=id,
        title=id,
        clauses=(),
        severity=Severity.MAJOR,
        stages=(Stage.APPROVAL,),
        valid_from=None,
        valid_to=None,
        mandatory=False,
        counterpart=None,
        each=each,
        closed={},
        when=when,
        require=require,
        review=(),
        message=None,
        remedy="",
        area="t",
        pack="t",
        file="t.yaml",
    )
    return BoundRule(source, bound(when), bound(require), tuple(reviews), tuple(unset))


def expected(rule: BoundRule, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Outcome:
    """The table of docs/language.md §2.5 read aloud, on the plain meaning of conditions."""
    when = evaluate(rule.when, values, roots)
    if when is False:
        return Outcome.NOT_APPLICABLE
    if rule.unset or is_unset(rule.require, values, roots):
        return Outcome.NOT_JUDGED
    require = evaluate(rule.require, values, roots)
    if when is True and require is False:
        return Outcome.FAIL
    reviews = [evaluate(review.when, values, roots) for review in rule.reviews]
    if True in reviews:
        return Outcome.REVIEW
    if require is True and None not in reviews:
        return Outcome.PASS
    return Outcome.INSUFFICIENT


@pytest.fixture
def make_rule() -> MakeRule:
    return rule


@pytest.fixture
def make_base() -> Callable[..., Base]:
    return base


@pytest.fixture
def reference() -> Callable[..., Outcome]:
    return expected


@pytest.fixture
def field_types() -> dict[str, tuple[Type, bool]]:
    return FIELDS
