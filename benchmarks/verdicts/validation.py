"""Whether probes can be judged at all, without judging them."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.verdicts.judged import Judge
from benchmarks.verdicts.probes import Base, Faults, Line, Probe, as_case, patched_with
from kehou.authoring.run_cases import submission_of
from kehou.checking.dates import law_date
from kehou.errors import KehouError
from kehou.fields import Schema
from kehou.language import suggest
from kehou.model.outcomes import Stage
from kehou.submission import Submission


def check(probes: Iterable[Probe], judge: Judge, faults: Faults) -> list[Probe]:
    """The probes that can be judged; what is wrong with the others, and with bases, is told."""
    known = {
        base.id: {
            fault.path for fault in _submission(base, base.tree, judge, Stage.APPROVAL).faults
        }
        for base in judge.bases.values()
    }
    for base in judge.bases.values():
        for path in sorted(known[base.id]):
            faults.add(f"bases.yaml {base.id}", f"{path} 读不出来")
    return [probe for probe in probes if not _faults(probe, judge, faults, known)]


def _faults(probe: Probe, judge: Judge, faults: Faults, known: dict[str, set[str]]) -> bool:
    before = len(faults.found)
    base = judge.bases.get(probe.base)
    if base is None:
        hint = suggest(probe.base, list(judge.bases))
        faults.add(probe.place, f"没有基础材料 {probe.base}", hint)
        return True
    if probe.stage not in base.stages:
        faults.add(probe.place, f"{base.id} 的材料不够用于 {probe.stage}")
    clauses = {id for name in base.packs for id in judge.pack(name).clauses}
    for line in (*probe.expect, *probe.allow):
        _clauses(probe, line, clauses, faults)
    schema = judge.pack(base.packs[0]).schema
    _pointers(probe, schema, faults)
    try:
        tree = patched_with(base.tree, probe.changes, probe.drop)
    except ValueError as error:
        faults.add(probe.place, f"指针 {error} 在 {base.id} 中找不到")
        return True
    submission = _submission(base, tree, judge, probe.stage)
    for fault in submission.faults:
        if fault.path not in known[base.id] and not probe.words:
            told = f"{fault.path} 写的是 {fault.found}，读不出来"
            faults.add(probe.place, told, fault.hint or fault.allowed)
    try:
        as_of = law_date([judge.pack(base.packs[0])], submission.tree)
    except KehouError as error:
        faults.add(probe.place, error.message, error.hint)
        return True
    if not judge.in_force(base, as_of):
        faults.add(probe.place, f"没有在 {as_of} 有效的规则包")
    return len(faults.found) > before


def _clauses(probe: Probe, line: Line, clauses: set[str], faults: Faults) -> None:
    for clause in sorted(line.clauses - clauses):
        faults.add(probe.place, f"没有条款 {clause}", suggest(clause, sorted(clauses)))


def _pointers(probe: Probe, schema: Schema, faults: Faults) -> None:
    for pointer in (*probe.drop, *probe.changes):
        steps = ["0" if step == "-" else step for step in pointer.split("/")]
        if schema.at("/".join(steps)) is None:
            faults.add(probe.place, f"材料结构中没有 {pointer}")


def _submission(base: Base, tree: object, judge: Judge, stage: Stage) -> Submission:
    pack = judge.pack(base.packs[0])
    return submission_of(pack, patched_with(tree, {}, ()), as_case(base.id, stage, {}, ()))
