"""A requirement as its pack judges: by the value that it derives, not by a column of several.

``grade_level: {first: [stated_level, usual_level, level]}``, read by rules, says that what is in
``level`` is judged as ``grade_level``: who leaves the column empty and says it elsewhere is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kehou.authoring.clause_conditions import Condition
from kehou.authoring.proposal import Proposal
from kehou.language import ROOT
from kehou.language.condition_parts import references
from kehou.model.rules import FieldRef, Param
from kehou.packs import Pack


def as_judged(pack: Pack, made: Proposal) -> tuple[Proposal, tuple[str, ...]]:
    """A requirement whose conditions are of what the pack derives, and what would decide before.

    The latter are columns of the same rows that a case leaves out for its column to decide.
    """
    if made.formula is not None and made.formula.kind == "count":
        return made, ()
    for each in _of_its_rows(pack, made.each):
        own = made.formula is not None and not made.formula.facts
        if own and (each, made.name) not in pack.derivations:
            continue
        told = [_derived(pack, made.each, each, one) for one in made.conditions]
        if not any(name for name, _ in told):
            continue
        chosen = tuple(
            replace(one, name=name) if name else one
            for one, (name, _) in zip(made.conditions, told, strict=True)
        )
        before = dict.fromkeys(column for _, columns in told for column in columns)
        return _moved(replace(made, conditions=chosen), each), tuple(before)
    return made, ()


def _of_its_rows(pack: Pack, each: str) -> Iterator[str]:
    """An entity and those that are its rows taken apart, the least taken apart first."""
    yield each
    apart = [one for one in pack.entities.values() if one.form == "expand" and one.of == each]
    yield from (one.name for one in sorted(apart, key=lambda one: len(one.over)))


def _derived(pack: Pack, rows: str, each: str, one: Condition) -> tuple[str, list[str]]:
    """What a pack judges in place of a column, and the columns of the row that come before it."""
    own = one.name.removeprefix("submission.")
    there = FieldRef(one.name)
    for (holder, name), derivation in pack.derivations.items():
        if holder != each or derivation.fn != "first" or there not in derivation.args:
            continue
        called = f"submission.{name}" if holder == ROOT else name
        kinds = [pack.type_of(each, n)[0] for n in (called, own if each == ROOT else one.name)]
        if kinds[0] != kinds[1] or not _read(pack, each, called):
            continue
        earlier = derivation.args[: derivation.args.index(there)]
        read = {column for arg in earlier for column in _columns(pack, each, arg)}
        apart = dict(pack.entities[each].over) if each != rows else {}
        columns = [apart.get(column, column) for column in sorted(read)]
        return called, [n for n in columns if n in pack.vocabulary.own_fields(rows)]
    return "", []


def _read(pack: Pack, each: str, name: str) -> bool:
    """Whether a rule of these subjects is about a value, so that it is what the pack judges."""
    return any(
        rule.each == each and FieldRef(name) in {*references(rule.when), *references(rule.require)}
        for rule in pack.rules.values()
    )


def _columns(pack: Pack, each: str, arg: object) -> Iterator[str]:
    """The columns of a row that a value is worked out from."""
    if isinstance(arg, Param):
        yield from arg.by
    if not isinstance(arg, FieldRef):
        return
    derivation = pack.derivations.get((each, arg.name.removeprefix("submission.")))
    if derivation is None:
        yield arg.name
        return
    yield from (mine for _, mine in derivation.same)
    for inner in (*derivation.args, *(value for _, value in derivation.named)):
        yield from _columns(pack, each, inner)


def _moved(made: Proposal, each: str) -> Proposal:
    """A requirement of rows as one of what they are taken apart into, which have their columns."""
    formula = made.formula
    if formula is not None and each != made.each:
        facts = formula.facts.replace(f"  {made.each}.", f"  {each}.", 1)
        formula = replace(formula, facts=facts)
    return replace(made, each=each, formula=formula)


__all__ = ["as_judged"]
