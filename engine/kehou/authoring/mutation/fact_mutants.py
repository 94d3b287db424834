"""Mutants of ``facts.yaml`` and of the parameters behind it: what rules read, changed a little.

They belong to no one rule: a mutant is killed where a case of any rule that reads the field fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from kehou.authoring.mutation.rule_mutants import changes, in_words, typer_of
from kehou.authoring.neighbours import parameter_changes
from kehou.language import ROOT, Derivation, EntityDef, Parameter
from kehou.language.derivations import FUNCTIONS
from kehou.model.rules import Const, FieldRef
from kehou.packs import Pack


@dataclass(frozen=True)
class FactMutant:
    """A changed derivation, entity or parameter; ``pointer`` is its place in ``file``."""

    id: str
    words: str
    kill: str
    file: str
    pointer: str
    derivation: Derivation | None = None
    entity: EntityDef | None = None
    parameter: str = ""
    change: Callable[[Parameter], Parameter | None] | None = None


def fact_mutants(
    pack: Pack,
    derived: Collection[tuple[str, str]],
    entities: Collection[str],
    parameters: Collection[str],
    given: Collection[Parameter],
) -> Iterator[FactMutant]:
    """The mutants of some derived fields, entities and parameters, in the order of the pack."""
    for key, d in pack.derivations.items():
        if key in derived and key not in pack.generated:
            yield from derivation_mutants(pack, d)
    for name, definition in pack.entities.items():
        if name in entities and definition.where is not None:
            yield from _group_mutants(pack, definition)
    for name in pack.parameters:
        if name not in parameters:
            continue
        for row, what, kill, change in parameter_changes(pack, name, given):
            yield FactMutant(
                f"facts param {name}{row} {what}",
                f"参数 {name}{row}：{in_words(what)}",
                kill,
                "pack.yaml",
                f"/parameters/{name}",
                parameter=name,
                change=change,
            )


def _group_mutants(pack: Pack, d: EntityDef) -> Iterator[FactMutant]:
    assert d.where is not None
    place = f"/entities/{d.name}"
    kill = f"补一个用例：有一行不满足 {d.name} 的 where"
    found = [("where", "dropped", kill, replace(d, where=None))]
    for change in changes(d.where, "where", typer_of(pack, d.of)):
        found.append((change.at, change.what, change.kill, replace(d, where=change.cond)))
    for at, what, why, changed in found:
        told = f"{d.name} {at}：{in_words(what)}"
        pointer = f"{place}/{at}"
        yield FactMutant(f"{d.name} {at} {what}", told, why, "facts.yaml", pointer, entity=changed)


def derivation_mutants(pack: Pack, d: Derivation) -> Iterator[FactMutant]:
    """Every mutant of one derived field that leaves its type as it is."""
    full = f"{d.entity}.{d.name}"
    for at, what, kill, changed in _changes(pack, d):
        where = f"{full} {at}" if at else full
        place = at if at.startswith(f"{d.fn}/") else f"{d.fn}/{at}".rstrip("/")
        pointer = f"/fields/{full}/{place}"
        told = f"{where}：{in_words(what)}"
        yield FactMutant(f"{where} {what}", told, kill, "facts.yaml", pointer, changed)


#: (where under the function, what, killing case, changed derivation)
_Changed = tuple[str, str, str, Derivation]


def _changes(pack: Pack, d: Derivation) -> Iterator[_Changed]:
    full = f"{d.entity}.{d.name}"
    function = FUNCTIONS[d.fn]
    other = function.other
    if other:
        kill = f"补一个用例，{full} 有几行可算，{d.fn} 与 {other} 的结果不同"
        of = d.of if "of" in FUNCTIONS[other].takes.keys else ""
        yield "", f"{d.fn}→{other}", kill, replace(d, fn=other, of=of)
    # A date less a number of days has no other way round.
    if function.ordered and not (d.fn == "minus" and "date" in _kinds(pack, d)):
        kill = f"补一个用例，使 {full} 不为零，并写明正确的结论"
        yield "", "swapped", kill, replace(d, args=d.args[::-1])
    yield from _condition_changes(pack, d)
    yield from _join_changes(d)
    yield from _argument_changes(d)


def _kinds(pack: Pack, d: Derivation) -> set[str]:
    """The kinds of the fields that a derivation is made of."""
    fields = [arg.name for arg in d.args if isinstance(arg, FieldRef)]
    return {pack.type_of(d.entity, name)[0].kind for name in fields}


def _condition_changes(pack: Pack, d: Derivation) -> Iterator[_Changed]:
    typer = typer_of(pack, d.over) if d.over else typer_of(pack, ROOT)
    if d.where is not None:
        kill = f"补一个用例：有一行 {d.over} 不满足 where"
        yield "where", "dropped", kill, replace(d, where=None)
        for change in changes(d.where, "where", typer):
            yield change.at, change.what, change.kill, replace(d, where=change.cond)
    if d.that is not None:
        kill = f"补一个用例：{d.over} 有行而没有一行满足 that"
        yield "that", "dropped", kill, replace(d, that=None)
        for change in changes(d.that, "that", typer):
            yield change.at, change.what, change.kill, replace(d, that=change.cond)


def _join_changes(d: Derivation) -> Iterator[_Changed]:
    takes = FUNCTIONS[d.fn].takes
    for i, (theirs, _) in enumerate(d.same):
        rest = d.same[:i] + d.same[i + 1 :]
        if rest or not takes.one_of or d.match or d.at:
            kill = f"补一个用例：{d.over} 中有一行只有 {theirs} 不同"
            yield f"same/{theirs}", "dropped", kill, replace(d, same=rest)
    for i, (mine, theirs) in enumerate(d.match):
        rest = d.match[:i] + d.match[i + 1 :]
        if rest or d.same or d.at:
            kill = f"补一个用例：只能由 {mine} 对 {theirs} 找到"
            yield f"match/{i}", "dropped", kill, replace(d, match=rest)
    if len(d.match) > 1:
        kill = "补一个用例：按各个键能找到不同的行"
        yield "match", "reversed", kill, replace(d, match=d.match[::-1])
    if d.at:
        yield "at", "dropped", f"补一个用例：{d.at} 不在有效期内", replace(d, at="")


def _argument_changes(d: Derivation) -> Iterator[_Changed]:
    takes = FUNCTIONS[d.fn].takes
    if takes.repeated and len(d.args) > 1:
        for i, arg in enumerate(d.args):
            name = arg.name if not isinstance(arg, Const) else str(arg.value)
            kill = f"补一个用例：只有 {name} 有值" if i else f"补一个用例：{name} 与后面的值不同"
            yield f"{d.fn}/{i}", "dropped", kill, replace(d, args=d.args[:i] + d.args[i + 1 :])
    if d.overnight:
        yield "", "overnight dropped", "补一个跨过零点的用例", replace(d, overnight=False)
    if d.inclusive:
        yield "", "inclusive dropped", "补一个首尾同一天的用例", replace(d, inclusive=False)
    for i, (name, arg) in enumerate(d.named):
        if name not in takes.required:
            told = arg.name if isinstance(arg, FieldRef) else name
            kill = f"补一个要用 {told} 折算的用例"
            yield name, "dropped", kill, replace(d, named=d.named[:i] + d.named[i + 1 :])
