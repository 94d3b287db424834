"""Conditions: one operator table with types, three-valued meaning, scalar form and network form.

A condition of a rule file (`model.Test`, `All`, `Any_`, `Not`) is *bound* to typed fields and to
the parameters in force, giving a tree of `Leaf`. The direct engine turns a leaf into a closure
with `closure`; the rete engine turns it into three sets of conjunctions (`normal_forms`). Both
come from the entry of the leaf's operator in `OPERATORS`.

Source: language.md §1 (grammar) and §2 (values).
"""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from kehou.model.rules import All, Any_, Cond, Const, FieldRef, Not, Test
from kehou.model.values import ABSENT, Bounds, Open, Unknown

#: Kinds whose values have an order.
ORDERED = frozenset({"integer", "time", "date", "month", "money", "decimal"})


@dataclass(frozen=True, slots=True)
class Type:
    """Type of a field: ``kind`` of its scalars, ``many`` for lists, ``interval`` if it may be open.

    ``domain`` is the closed set of values an enum, boolean or small integer can have.
    """

    kind: str
    many: bool = False
    interval: bool = False
    domain: tuple[Any, ...] | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is in force: ``value``, or ``table`` by the values of ``by`` fields.

    A parameter that nobody set has neither. ``"*"`` in a key stands for any value. ``ground`` is
    what a county's layer says it rests on, and empty where the value is the policy's own.
    """

    name: str
    type: Type
    value: Any = None
    by: tuple[str, ...] = ()
    table: Mapping[tuple[Any, ...], Any] = field(default_factory=dict)
    ground: str = ""

    @property
    def is_set(self) -> bool:
        """Whether a value, or at least one row of a table, is in force."""
        return self.value is not None or bool(self.table)


@dataclass(frozen=True, slots=True)
class FieldArg:
    """A field of the same subject (or of the submission) as an operand."""

    name: str
    type: Type
    root: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A parameter looked up by fields of the subject; the default may be unset (None)."""

    by: tuple[FieldArg, ...]
    rows: Mapping[tuple[Any, ...], Any]
    default: Any
    kind: str
    many: bool
    parameter: str = ""


Operand = Const | FieldArg | Table


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """One test bound to typed operands, with the test it comes from; equal only to itself."""

    op: str
    left: Operand
    right: Operand
    source: Test | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """A test that no subject can change, such as one on a parameter."""

    value: bool


Bound = Leaf | Truth | All["Bound"] | Any_["Bound"] | Not["Bound"]

Verdict = bool | None
Closure = Callable[[Mapping[str, Any], Mapping[str, Any]], Verdict]


# --- scalar meaning ------------------------------------------------------------------------


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.lo, value.hi) if type(value) is Bounds else (value, value)


def _is(x: Any, y: Any) -> Verdict:
    if type(x) is not Bounds and type(y) is not Bounds:
        return bool(x == y)
    (a, b), (c, d) = _ends(x), _ends(y)
    if b < c or a > d:
        return False
    return True if a == b == c == d else None


def _at_most(x: Any, y: Any) -> Verdict:
    (a, b), (c, d) = _ends(x), _ends(y)
    return True if b <= c else False if a > d else None


def _less_than(x: Any, y: Any) -> Verdict:
    (a, b), (c, d) = _ends(x), _ends(y)
    return True if b < c else False if a >= d else None


def _members(value: Any) -> tuple[Any, bool]:
    return (value.items, True) if type(value) is Open else (value, False)


def _in(x: Any, y: Any) -> Verdict:
    items, is_open = _members(y)
    if type(x) is Bounds:
        verdicts = [_is(x, item) for item in items]
        return True if True in verdicts else None if None in verdicts or is_open else False
    return True if x in items else None if is_open else False


def _contains_all(x: Any, y: Any) -> Verdict:
    have, have_open = _members(x)
    want, want_open = _members(y)
    if all(item in have for item in want):
        return None if want_open else True
    return None if have_open else False


def _contains_any(x: Any, y: Any) -> Verdict:
    have, have_open = _members(x)
    want, want_open = _members(y)
    if any(item in have for item in want):
        return True
    # Of two lists an empty one that cannot grow shares nothing with the other, whatever joins it.
    have_some, want_some = have or have_open, want or want_open
    return None if (have_open or want_open) and have_some and want_some else False


def _mentions(x: Any, y: Any) -> Verdict:
    items, is_open = _members(y)
    return True if any(word in x for word in items) else None if is_open else False


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _matches(x: Any, y: Any) -> Verdict:
    return _pattern(y).fullmatch(x) is not None


def _negate(test: Callable[[Any, Any], Verdict]) -> Callable[[Any, Any], Verdict]:
    def negated(x: Any, y: Any) -> Verdict:
        verdict = test(x, y)
        return None if verdict is None else not verdict

    return negated


def _at_least(x: Any, y: Any) -> Verdict:
    return _at_most(y, x)


def _more_than(x: Any, y: Any) -> Verdict:
    return _less_than(y, x)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: what it may be given, what it means, and how the network says it.

    ``left`` is ``scalar``, ``ordered``, ``text``, ``list`` or ``any``; ``right`` is ``same`` (one
    value of the same kind), ``members`` (a list of that kind), ``flag`` or ``pattern``.
    ``when_absent`` is its verdict where either operand is stated to be none. ``compare`` is the
    native comparison (``eq le lt ge gt ne``), None where the network needs a precomputed verdict.
    """

    left: str
    right: str
    scalar: Callable[[Any, Any], Verdict]
    when_absent: bool
    compare: str | None
    zh: str


OPERATORS: dict[str, Operator] = {
    "is": Operator("scalar", "same", _is, False, "eq", "是"),
    "is_not": Operator("scalar", "same", _negate(_is), True, "ne", "不是"),
    "in": Operator("scalar", "members", _in, False, "in", "属于"),
    "not_in": Operator("scalar", "members", _negate(_in), True, "not_in", "不属于"),
    "at_most": Operator("ordered", "same", _at_most, False, "le", "不超过"),
    "at_least": Operator("ordered", "same", _at_least, False, "ge", "不少于"),
    "less_than": Operator("ordered", "same", _less_than, False, "lt", "小于"),
    "more_than": Operator("ordered", "same", _more_than, False, "gt", "大于"),
    "within": Operator("ordered", "same", _at_most, False, None, "介于"),
    "exists": Operator("any", "flag", _is, False, "exists", "已填写"),
    "contains_all": Operator("list", "members", _contains_all, False, None, "包含全部"),
    "contains_any": Operator("list", "members", _contains_any, False, None, "包含任一"),
    "contains_none": Operator("list", "members", _negate(_contains_any), True, None, "不包含任何"),
    "matches": Operator("text", "pattern", _matches, False, None, "符合格式"),
    "mentions": Operator("text", "members", _mentions, False, None, "提到"),
}


def verdict(op: str, x: Any, y: Any) -> Verdict:
    """Three-valued meaning of ``x op y``; None stands for unknown on either side and as answer."""
    if op == "exists":
        if x is ABSENT:
            return not y
        return None if x is None or type(x) is Unknown else bool(y)
    operator = OPERATORS[op]
    if x is ABSENT or y is ABSENT:
        return operator.when_absent
    if x is None or y is None or type(x) is Unknown or type(y) is Unknown:
        return None
    return operator.scalar(x, y)


# --- linear-time patterns ------------------------------------------------------------------

_UNBOUNDED = re.compile(r"(?<!\\)[*+]|(?<!\\)\{\d*,\}")


def pattern_fault(text: str) -> str | None:
    """Why a pattern may not be used, or None: at most one unbounded repeat and no group repeats.

    With a single unbounded repeat over one character class a whole match is linear in the text.
    """
    if len(_UNBOUNDED.findall(text)) > 1:
        return "正则只能有一个不限次数的重复（* 或 +），否则匹配时间可能失控"
    if re.search(r"(?<!\\)\)[*+{?]", text) or re.search(r"\\[1-9]|\(\?[=!<P]", text):
        return "正则不能重复一个括号组，也不能回头引用或断言"
    try:
        re.compile(text)
    except re.error as error:
        return f"正则写法有误：{error}"
    return None


# --- binding -------------------------------------------------------------------------------

#: Gives the type of a field name, and whether it is the submission's rather than the subject's.
Typer = Callable[[str], tuple[Type, bool]]


def bind(
    cond: Cond, typer: Typer, parameters: Mapping[str, Parameter], closed: frozenset[str]
) -> Bound:
    """Bind a condition to field types and the parameters in force.

    ``within`` becomes two comparisons; a test on a parameter becomes a `Truth` unless it is
    looked up by fields. Raises KeyError for an unknown field or parameter, which the pack
    loader has refused before.
    """
    if isinstance(cond, All):
        return All(tuple(bind(c, typer, parameters, closed) for c in cond.items))
    if isinstance(cond, Any_):
        return Any_(tuple(bind(c, typer, parameters, closed) for c in cond.items))
    if isinstance(cond, Not):
        return Not(bind(cond.item, typer, parameters, closed))
    left = _operand(cond.subject, typer, parameters, closed)
    rights = [_operand(arg, typer, parameters, closed) for arg in cond.args]
    if cond.op == "within":
        both = (Leaf("at_least", left, rights[0], cond), Leaf("at_most", left, rights[1], cond))
        return All(both)
    leaf = Leaf(cond.op, left, rights[0], cond)
    if isinstance(left, Const) and isinstance(rights[0], Const):
        settled = verdict(cond.op, left.value, rights[0].value)
        return leaf if settled is None else Truth(settled)
    return leaf


def _operand(
    arg: Any, typer: Typer, parameters: Mapping[str, Parameter], closed: frozenset[str]
) -> Operand:
    if isinstance(arg, Const):
        return arg
    if isinstance(arg, FieldRef):
        return FieldArg(arg.name, *typer(arg.name), arg.name in closed)
    parameter = parameters[arg.name]
    if not parameter.by:
        return Const(parameter.value)
    # An overlay may look a parameter up by more fields than the rule's author knew of.
    names = arg.by if len(arg.by) == len(parameter.by) else parameter.by
    by = tuple(FieldArg(n, *typer(n), n in closed) for n in names)
    rows, default = _exact_rows(parameter, by)
    return Table(by, rows, default, parameter.type.kind, parameter.type.many, parameter.name)


def _exact_rows(
    parameter: Parameter, by: tuple[FieldArg, ...]
) -> tuple[dict[tuple[Any, ...], Any], Any]:
    table = {
        tuple(_typed_part(part, arg.type.kind) for part, arg in zip(key, by, strict=True)): value
        for key, value in parameter.table.items()
    }
    stars = ("*",) * len(by)
    domains = [arg.type.domain for arg in by]
    if any(d is None for d in domains):
        return {key: v for key, v in table.items() if key != stars}, table.get(stars)
    keys = itertools.product(*(d for d in domains if d is not None))
    found = {key: find_row(table, key) for key in keys}
    return {key: value for key, value in found.items() if value is not None}, None


def _typed_part(part: Any, kind: str) -> Any:
    """A part of a key, which a pack states as text, as the value of a field of that kind."""
    if not isinstance(part, str) or part == "*":
        return part
    if kind == "boolean":
        return part == "true"
    return int(part) if kind == "integer" and part.isdecimal() else part


def stated_row(table: Mapping[tuple[Any, ...], Any], key: tuple[Any, ...]) -> Any:
    """The row of a table as a pack states it, with text for keys, for the values of fields."""
    found = find_row(table, key)
    if found is not None:
        return found
    texts = (str(part).lower() if isinstance(part, bool) else str(part) for part in key)
    return find_row(table, tuple(texts))


def find_row(table: Mapping[tuple[Any, ...], Any], key: tuple[Any, ...]) -> Any:
    """The value of the row that fits a key with the fewest ``*``, or None."""
    if key in table:
        return table[key]
    fitting = [row for row in table if all(p in ("*", k) for p, k in zip(row, key, strict=True))]
    return table[min(fitting, key=lambda row: row.count("*"))] if fitting else None


def bound_fields(cond: Bound | None) -> list[FieldArg]:
    """Every field a bound condition reads, in order, without repetition."""
    seen: dict[str, FieldArg] = {}
    for leaf in leaves(cond):
        for operand in (leaf.left, leaf.right):
            args = operand.by if isinstance(operand, Table) else (operand,)
            for arg in args:
                if isinstance(arg, FieldArg):
                    seen.setdefault(arg.name, arg)
    return list(seen.values())


def leaves(cond: Bound | None) -> list[Leaf]:
    """The leaves of a bound condition from left to right."""
    if cond is None or isinstance(cond, Truth):
        return []
    if isinstance(cond, Leaf):
        return [cond]
    if isinstance(cond, Not):
        return leaves(cond.item)
    return [leaf for item in cond.items for leaf in leaves(item)]


def tables(cond: Bound | None) -> list[Table]:
    """The tables (parameters looked up by fields) that a bound condition uses."""
    found = []
    for leaf in leaves(cond):
        found += [o for o in (leaf.left, leaf.right) if isinstance(o, Table)]
    return found


# --- reading operands ----------------------------------------------------------------------


def read_field(arg: FieldArg, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """Value of a field of the subject or of the submission."""
    value = roots.get(arg.name) if arg.root else values.get(arg.name)
    if arg.closed and (value is None or (type(value) is Unknown and value.closable)):
        return ABSENT
    return value


def read_operand(operand: Operand, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """Value of an operand; UNSET where a table has no row for the subject."""
    if isinstance(operand, Const):
        return operand.value
    if isinstance(operand, FieldArg):
        return read_field(operand, values, roots)
    return read_table(operand, values, roots)


class _Unset:
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"


#: A table was asked for a key that nobody set.
UNSET = _Unset()


def read_table(table: Table, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Any:
    """The row of a table for the subject, None if a key is unknown, UNSET if there is no row."""
    key = []
    for arg in table.by:
        value = read_field(arg, values, roots)
        if value is None or type(value) in (Unknown, Bounds, Open):
            return None
        key.append(value)
    if ABSENT in key:
        return UNSET
    found = find_row(table.rows, tuple(key))
    if found is None:
        found = table.default
    return UNSET if found is None else found


def decide(leaf: Leaf, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
    """Verdict of a leaf on a subject, the plain way; an unset table makes a test false."""
    x = read_operand(leaf.left, values, roots)
    y = read_operand(leaf.right, values, roots)
    if x is ABSENT or y is ABSENT:
        return verdict(leaf.op, x, y)
    if x is UNSET or y is UNSET:
        return False
    return verdict(leaf.op, x, y)


def evaluate(cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
    """Kleene value of a bound condition; a condition left out is true."""
    if cond is None:
        return True
    if isinstance(cond, Truth):
        return cond.value
    if isinstance(cond, Leaf):
        return decide(cond, values, roots)
    if isinstance(cond, Not):
        inner = evaluate(cond.item, values, roots)
        return None if inner is None else not inner
    stop = isinstance(cond, Any_)
    result: Verdict = not stop
    for item in cond.items:
        value = evaluate(item, values, roots)
        if value is stop:
            return stop
        if value is None:
            result = None
    return result


def deciding_leaves(
    cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any], wanted: Verdict
) -> Iterator[Leaf]:
    """The leaves that make a condition true, false or unknown (``wanted``) on a subject."""
    if cond is None or isinstance(cond, Truth):
        return
    if isinstance(cond, Leaf):
        if decide(cond, values, roots) is wanted:
            yield cond
    elif isinstance(cond, Not):
        inner = None if wanted is None else not wanted
        yield from deciding_leaves(cond.item, values, roots, inner)
    else:
        for item in cond.items:
            if evaluate(item, values, roots) is wanted:
                yield from deciding_leaves(item, values, roots, wanted)


# --- closures (direct engine) --------------------------------------------------------------

_PLAIN = {
    "integer": int,
    "time": int,
    "money": int,
    "date": str,
    "month": str,
    "text": str,
    "enum": str,
    "boolean": bool,
    "decimal": Fraction,
}


def closure(cond: Bound | None) -> Closure:
    """A function of (subject's values, submission's values) with the meaning of ``evaluate``."""
    if cond is None:
        return lambda values, roots: True
    if isinstance(cond, Truth):
        constant = cond.value
        return lambda values, roots: constant
    if isinstance(cond, Leaf):
        return _leaf_closure(cond)
    if isinstance(cond, Not):
        return _not_closure(closure(cond.item))
    parts = [closure(item) for item in cond.items]
    if len(parts) == 1:
        return parts[0]
    return _fold_closure(parts, isinstance(cond, Any_))


def _not_closure(inner: Closure) -> Closure:
    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = inner(values, roots)
        return None if value is None else not value

    return test


def _fold_closure(parts: Sequence[Closure], stop: bool) -> Closure:
    if len(parts) == 2:
        return _pair_closure(parts[0], parts[1], stop)

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        result: Verdict = not stop
        for part in parts:
            value = part(values, roots)
            if value is stop:
                return stop
            if value is None:
                result = None
        return result

    return test


def _pair_closure(first: Closure, second: Closure, stop: bool) -> Closure:
    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        one = first(values, roots)
        if one is stop:
            return stop
        other = second(values, roots)
        if other is stop:
            return stop
        return None if one is None or other is None else not stop

    return test


#: What operators mean of two plain values, without a look for bounds.
_EXACT: Mapping[str, Callable[[Any, Any], Verdict]] = {
    "is": operator.eq, "is_not": operator.ne, "at_most": operator.le, "at_least": operator.ge,
    "less_than": operator.lt, "more_than": operator.gt,
    "in": lambda x, y: x in y, "not_in": lambda x, y: x not in y,
}  # fmt: skip


def _leaf_closure(leaf: Leaf) -> Closure:
    """A leaf as a closure: quick on plain values and on what is not supplied, else `decide`."""
    left, right, op = leaf.left, leaf.right, leaf.op
    if isinstance(left, FieldArg) and isinstance(right, Const) and right.value is not None:
        return _exists_closure(leaf, left) if op == "exists" else _constant_closure(leaf, left)
    if isinstance(left, FieldArg) and isinstance(right, FieldArg) and op in _EXACT:
        return _fields_closure(leaf, left, right)
    return lambda values, roots: decide(leaf, values, roots)


def _plain_type(arg: FieldArg) -> type:
    return tuple if arg.type.many else _PLAIN[arg.type.kind]


def _exists_closure(leaf: Leaf, left: FieldArg) -> Closure:
    name, root, closed = left.name, left.root, left.closed
    assert isinstance(leaf.right, Const)
    wanted = bool(leaf.right.value)

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = roots.get(name) if root else values.get(name)
        if value is ABSENT:
            return not wanted
        if value is not None and type(value) is not Unknown:
            return wanted
        return decide(leaf, values, roots) if closed else None

    return test


def _constant_closure(leaf: Leaf, left: FieldArg) -> Closure:
    assert isinstance(leaf.right, Const)
    name, root, closed, plain = left.name, left.root, left.closed, _plain_type(left)
    constant = leaf.right.value
    if leaf.op in ("in", "not_in"):
        constant = frozenset(constant)
    exact = _EXACT.get(leaf.op) or OPERATORS[leaf.op].scalar

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        value = roots.get(name) if root else values.get(name)
        kind = type(value)
        if kind is plain:
            return exact(value, constant)
        if not closed and (value is None or kind is Unknown):
            return None
        return decide(leaf, values, roots)

    return test


def _fields_closure(leaf: Leaf, left: FieldArg, right: FieldArg) -> Closure:
    exact, plain, other = _EXACT[leaf.op], _plain_type(left), _plain_type(right)
    name, root, named, rooted = left.name, left.root, right.name, right.root

    def test(values: Mapping[str, Any], roots: Mapping[str, Any]) -> Verdict:
        x = roots.get(name) if root else values.get(name)
        y = roots.get(named) if rooted else values.get(named)
        if type(x) is plain and type(y) is other:
            return exact(x, y)
        return decide(leaf, values, roots)

    return test


def is_unset(cond: Bound | None, values: Mapping[str, Any], roots: Mapping[str, Any]) -> bool:
    """Whether a table in a condition has no row for the subject's known key."""
    return any(read_table(table, values, roots) is UNSET for table in tables(cond))
