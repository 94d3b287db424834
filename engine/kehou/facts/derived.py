"""Derived values: what a function's row says it is given, gathered from a subject, and its places.

The functions themselves know no subject: they are rows of `kehou.language.derivations.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from kehou.facts.aggregates import gathered, member_rows
from kehou.facts.known_keys import Key, key_reader
from kehou.facts.lookups import looked_up
from kehou.facts.subjects import Base, Fact
from kehou.language import Parameter
from kehou.language.conditions import stated_row
from kehou.language.derivations import (
    FUNCTIONS,
    Derivation,
    Function,
    join_paths,
    unplaced_of,
)
from kehou.language.derivations.signature import Shape
from kehou.model.rules import Arg, Const, FieldRef, Param
from kehou.model.values import ABSENT, Unknown

Way = Callable[[Fact], Any]


def way(base: Base, d: Derivation) -> Way:
    """A function of a subject that gives what a derivation makes of it."""
    function = FUNCTIONS[d.fn]
    return _BY_SHAPE[function.takes.shape](base, d, function)


def _of_list(base: Base, d: Derivation, function: Function) -> Way:
    compute = function.compute
    args = [_argument(base, d.entity, arg) for arg in d.args]
    if base.open_world and d.fn == "first":
        settled = [isinstance(arg, Param) and not arg.by for arg in d.args]
        return lambda fact: compute(_until_unread(fact, args, settled))
    if function.takes.repeated:
        # Read one by one: what stands behind the first that is supplied may be long to work out.
        return lambda fact: compute(arg(fact) for arg in args)
    if d.worded:
        return lambda fact: compute(*[arg(fact) for arg in args], True)
    if len(args) == 2:
        first, second = args
        return lambda fact: compute(first(fact), second(fact))
    return lambda fact: compute(*[arg(fact) for arg in args])


def _until_unread(fact: Fact, args: Sequence[Way], settled: Sequence[bool]) -> Iterator[Any]:
    """The arguments of ``first`` in an open world: what nobody has read is not what a default,
    which is ``settled`` for all subjects, stands for.
    """
    unread: list[Unknown] = []
    for arg, is_default in zip(args, settled, strict=True):
        if is_default and unread:
            yield Unknown(join_paths(one.paths for one in unread))
            return
        value = arg(fact)
        if isinstance(value, Unknown):
            unread.append(value)
        yield value


def _of_units(base: Base, d: Derivation, function: Function) -> Way:
    args = {name: _argument(base, d.entity, arg) for name, arg in d.named}
    fields = {name: arg.name for name, arg in d.named if isinstance(arg, FieldRef)}
    factors = dict(d.factors)

    def compute(fact: Fact) -> Any:
        named = {name: arg(fact) for name, arg in args.items()}
        result = function.compute(named, factors)
        if function.settled_by is None or not isinstance(result, Unknown) or result.paths:
            return result
        lacking = function.settled_by({name: named[name] for name in fields})
        return Unknown(tuple(fact.path(fields[name]) for name in lacking if name in fields), False)

    return compute


#: What makes the way of a derivation, by what its function takes.
_BY_SHAPE: dict[Shape, Callable[[Base, Derivation, Function], Way]] = {
    "rows": gathered,
    "values": gathered,
    "verdicts": gathered,
    "entries": looked_up,
    "list": _of_list,
    "units": _of_units,
}


def _argument(base: Base, entity: str, arg: Arg) -> Way:
    if isinstance(arg, FieldRef):
        return base.reader(entity, arg.name)
    if isinstance(arg, Const):
        constant = arg.value
        return lambda fact: constant
    assert isinstance(arg, Param)
    parameter = base.parameters[arg.name]
    if not parameter.by:
        value = Unknown(()) if parameter.value is None else parameter.value
        return lambda fact: value
    key_of = key_reader(base, entity, arg.by or parameter.by)
    return lambda fact: _row_of(parameter, key_of(fact))


def _row_of(parameter: Parameter, key: Key) -> Any:
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
