"""One check in a warm process, stage by stage, beside `json.loads` of the same submission.

Reading (bytes to typed values), facts (rows and derived values) and each engine are apart, and so
is what goes on in the rete engine's child. Processor time, the child's as its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.field20.compare import OPTIONS, load_pack
from benchmarks.field20.generate import make, text
from benchmarks.timing import Stages, table
from kehou import packs
from kehou.checking import CheckOptions, Writer, check_values, reporting
from kehou.checking.pack_run import run
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare, rete
from kehou.judging.network import compile_rules
from kehou.judging.worker import fork
from kehou.model.outcomes import Stage
from kehou.packs import Pack
from kehou.render import FORMATS
from kehou.render.screen import Manner
from kehou.submission import Submission, load
from kehou.submission.submission import load_text

UNIT = "json.loads of the same"
_ROOT = Path(__file__).parents[1]
_EXAMPLES = {
    "examples/primary-compliant": Stage.APPROVAL,
    "examples/folder-with-evidence": Stage.INSPECTION,
}


def report(full: bool) -> Iterator[str]:
    """Stages of field20's plans and of two examples."""
    yield f"  field20, 20 rules, plans of 11 KB of JSON, one after another (× {UNIT})"
    yield from _field20(400 if full else 30)
    for example, stage in _EXAMPLES.items():
        yield f"  {example}, the policy's own rules, {stage} (× {UNIT})"
        yield from _example(_ROOT / example, stage, 20 if full else 3)


def _field20(count: int) -> Iterator[str]:
    pack = load_pack()
    stages = Stages()
    for number in range(count):
        plan = text(make(7, number))
        stages.run(UNIT, partial(json.loads, plan))
        read = stages.run("reading", partial(load_text, plan, pack.schema, "plan.json"))
        _one(stages, pack, read, OPTIONS)
    yield from table(stages.medians(), UNIT)


def _example(path: Path, stage: Stage, count: int) -> Iterator[str]:
    pack = packs.load()
    data = {"county_list": str(_ROOT / "examples/bureau/county_list.yaml")}
    options = CheckOptions(stage=stage, as_of="2021-09-06", data=data)
    stages = Stages()
    for _ in range(count):
        read = load(path, pack.schema, stage, data)
        plain = json.dumps(read.tree, default=str)
        stages.run(UNIT, partial(json.loads, plain))
        stages.run("reading", partial(load, path, pack.schema, stage, data))
        _one(stages, pack, read, options)
    yield from table(stages.medians(), UNIT)
    yield f"  (what was read is {len(plain) / 1000:.0f} KB as JSON; the files are YAML and CSV)"


def _one(stages: Stages, pack: Pack, read: Submission, options: CheckOptions) -> None:
    """The stages after reading, as `pack_run.run` has them, and a whole run of each kind."""
    as_of = options.as_of or ""
    parameters = pack.in_force(as_of)
    rules: list[BoundRule] = stages.run(
        "rules bound", lambda: bind_rules(pack, options.stage, as_of, read.bureau, parameters)[0]
    )
    values = check_values(read, options.stage, None)
    base: FactBase = stages.run(
        "facts", lambda: _facts(FactBase(pack, read.tree, parameters, values, read.faulted), rules)
    )
    judges = stages.run("direct: compiled", lambda: [direct.judge(rule) for rule in rules])
    roots = base.root.values
    stages.run(
        "direct: judged",
        lambda: [
            [judge(fact.values, roots) for fact in base.entities[rule.rule.each]]
            for rule, judge in zip(rules, judges, strict=True)
        ],
    )
    outcomes = direct.run(rules, base)
    writer = Writer(pack, base, read.locate)
    stages.run("findings", lambda: [writer.findings(r, outcomes[r.rule.id]) for r in rules])
    for name, seconds in in_child(rules, base).items():
        stages.add(name, seconds)
    stages.run("rete: a child started, ended", _idle_child)
    only = CheckOptions(options.stage, as_of, engine="direct")
    one = stages.run("whole run, direct", lambda: run(pack, read, only))
    stages.run("whole run, both, this process", lambda: run(pack, read, options))
    made = stages.run("report", lambda: reporting.report("plan", read, [one], only))
    stages.run("report as text", lambda: FORMATS["text"].render([made], Manner()))


def _facts(base: FactBase, rules: list[BoundRule]) -> FactBase:
    prepare(base, rules)
    return base


def in_child(rules: list[BoundRule], base: FactBase) -> dict[str, float]:
    """Seconds of the rete engine's own work, measured in a child as it always runs in one."""
    names = {rule.rule.each for rule in rules}
    rows = {name: [fact.values for fact in base.entities[name]] for name in names}
    roots = base.root.values

    def work() -> dict[str, float]:
        stages = Stages()
        loaded = stages.run("rete: compiled", lambda: rete.load(rules, compile_rules(rules)))
        for _ in range(3):
            stages.run("rete: judged", lambda: rete.judge(loaded, rows, roots))
        return stages.medians()

    with fork(work, bytes) as child:
        found: dict[str, float] = child.answer(60)
    return found


def _idle_child() -> None:
    with fork(lambda: None, bytes) as child:
        child.answer(60)


__all__ = ["in_child", "report"]
