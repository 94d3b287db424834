"""Derived values: what a function's row says it is given, gathered from a subject, and its places.

The functions themselves know no subject: they are rows of `kehou.language.derivations.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kehou.facts.aggregates import entries_of, member_rows, rows_of, values_of, verdicts_of
from kehou.facts.subjects import Base, Fact
from kehou.language.conditions import stated_row
from kehou.language.derivations import FUNCTIONS, Derivation, Function, unplaced_of
from kehou.language.derivations.signature import Shape
from kehou.model.rules import Arg, Const, FieldRef, Param
from kehou.model.values import ABSENT, Unknown


def derive(base: Base, fact: Fact, d: Derivation) -> Any:
    """What a derivation makes of a subject."""
    gather, function = _WAYS[d.fn]
    return gather(base, fact, d, function)


def _of_rows(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    return function.compute(rows_of(base, fact, d))


def _of_values(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    return function.compute(values_of(base, fact, d))


def _of_verdicts(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    return function.compute(verdicts_of(base, fact, d))


def _of_entries(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    return function.compute(*entries_of(base, fact, d), bool(d.take))


def _of_list(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    if function.takes.repeated:
        # Read one by one: what stands behind the first that is supplied may be long to work out.
        return function.compute(_argument(base, fact, arg) for arg in d.args)
    values = [_argument(base, fact, arg) for arg in d.args]
    return function.compute(*values, True) if d.worded else function.compute(*values)


def _of_units(base: Base, fact: Fact, d: Derivation, function: Function) -> Any:
    named = {name: _argument(base, fact, arg) for name, arg in d.named}
    result = function.compute(named, dict(d.factors))
    if function.settled_by is None or not isinstance(result, Unknown) or result.paths:
        return result
    fields = {name: arg.name for name, arg in d.named if isinstance(arg, FieldRef)}
    lacking = function.settled_by({name: named[name] for name in fields})
    return Unknown(tuple(fact.path(fields[name]) for name in lacking if name in fields), False)


_Way = Callable[[Base, Fact, Derivation, Function], Any]
_BY_SHAPE: dict[Shape, _Way] = {
    "rows": _of_rows,
    "values": _of_values,
    "verdicts": _of_verdicts,
    "entries": _of_entries,
    "list": _of_list,
    "units": _of_units,
}
#: How each function is computed: what gathers what it is given, and its row.
_WAYS: dict[str, tuple[_Way, Function]] = {
    name: (_BY_SHAPE[function.takes.shape], function) for name, function in FUNCTIONS.items()
}


def _argument(base: Base, fact: Fact, arg: Arg) -> Any:
    if isinstance(arg, FieldRef):
        return base.read(fact, arg.name)
    if isinstance(arg, Const):
        return arg.value
    assert isinstance(arg, Param)
    parameter = base.parameters[arg.name]
    if not parameter.by:
        return Unknown(()) if parameter.value is None else parameter.value
    key = tuple(base.read(fact, name) for name in (arg.by or parameter.by))
    unknown = unplaced_of(key)
    if unknown:
        return unknown
    found = None if ABSENT in key else stated_row(parameter.table, key)
    return Unknown(()) if found is None else found


def places_of(base: Base, fact: Fact, d: Derivation) -> Iterator[str]:
    """Pointers of what a derived value comes from, the nearest first."""
    function = FUNCTIONS[d.fn]
    if function.takes.shape == "entries":
        for name in [mine for mine, _ in d.match] + [mine for _, mine in d.same]:
            yield from base.places(fact, name, 1)
    elif not d.over:
        for arg in d.arguments:
            if isinstance(arg, FieldRef):
                yield from base.places(fact, arg.name, 3)
    elif fact.phantom is None:
        value = base.read(fact, d.name) if function.gives == "one" else None
        for row in member_rows(base, fact, d, value):
            yield from base.places(row, d.of, 2) if d.of else [row.pointer]
