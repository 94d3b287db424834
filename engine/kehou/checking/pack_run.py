"""One pack run on one submission: facts, both engines, their agreement, findings, inferences.

A finding stands only where both engines reach it; where they differ it is an error with both
answers (DESIGN §6). The clock is never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kehou.checking import attestations as attesting
from kehou.checking import waivers as waiving
from kehou.checking.attestations import Attestation
from kehou.checking.decisions import entity_facts, finding_facts
from kehou.checking.findings import Writer
from kehou.checking.options import CheckOptions
from kehou.checking.waivers import Waiver
from kehou.errors import KehouError, UsageError
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.model.outcomes import Outcome, Stage
from kehou.model.report import AttestationNote, Finding, WaiverNote
from kehou.model.rules import DecisionFact, DecisionRule, Firing
from kehou.model.values import Unknown
from kehou.packs import Pack
from kehou.submission import Submission, missing


@dataclass(frozen=True)
class Run:
    """One pack run on one submission, before anything is said about it."""

    pack: Pack
    submission: Submission
    base: FactBase
    rules: list[BoundRule]
    elsewhere: int
    as_of: str
    check_date: str | None
    outcomes: dict[str, list[Outcome]]
    cross_checked: bool
    disagreements: dict[tuple[str, int], tuple[Outcome, Outcome]]
    inferences: set[Firing]
    decision_facts: list[DecisionFact]
    findings: dict[str, list[Finding]]
    problem: str = ""
    waivers: tuple[WaiverNote, ...] = ()
    attestations: tuple[AttestationNote, ...] = ()


def run(
    pack: Pack,
    submission: Submission,
    options: CheckOptions,
    waivers: Sequence[Waiver] = (),
    attestations: Sequence[Attestation] = (),
) -> Run:
    """Run one pack on a submission with the engines asked for.

    ``attestations`` settle what could not be told; then ``waivers`` excuse findings.
    """
    as_of = options.as_of or law_date([pack], submission.tree)
    check_date = options.on or date_of(submission.tree, options.stage)
    parameters = pack.in_force(as_of, options.reading)
    base = FactBase(
        pack,
        submission.tree,
        parameters,
        check_values(submission, options.stage, check_date),
        submission.faulted,
    )
    rules, elsewhere = bind_rules(pack, options.stage, as_of, submission.bureau, parameters)
    running = _start(rules, options.engine)
    try:
        prepare(base, rules)
        entities = entity_facts(pack, base)
        writer = Writer(pack, base, submission.locate, options.language, options.track)
        judged = _judged(rules, base, running, options.engine, writer)
        seen = [one for one in attestations if one.rule in pack.rules or not one.rule]
        carried = attesting.carried_over(
            [one for one in attestations if one.twin in pack.rules], base
        )
        remedies = {one.rule.id: writer.words(one)[2] for one in rules} if attestations else {}
        attested, told = attesting.apply(
            judged.findings, [*seen, *carried], check_date or as_of, remedies
        )
        doubles = {(one.rule, one.place) for one in carried}
        told = [
            note
            for note in told
            if (note.rule, note.place) not in doubles or note.state in attesting.CARRIED_TOLD
        ]
        mine = [waiver for waiver in waivers if waiver.rule in pack.rules]
        findings, notes = waiving.apply(attested, mine, check_date or as_of)
        facts = [*finding_facts(pack, rules, findings), *entities]
        fired, crossed, problem = _inferences(pack.decisions, facts, running, judged)
    finally:
        if running is not None:
            running.close()
    return Run(
        pack,
        submission,
        base,
        rules,
        elsewhere,
        as_of,
        check_date,
        judged.outcomes,
        crossed,
        judged.differing,
        fired,
        facts,
        findings,
        problem,
        tuple(notes),
        tuple(told),
    )


# --- dates ---------------------------------------------------------------------------------


def law_date(loaded: Sequence[Pack], tree: Mapping[str, Any]) -> str:
    """The date whose law applies: the service's start, else the first day of the term.

    Raises UsageError where the submission says neither (language.md §2, Dates).
    """
    plan = record(tree, "plan")
    start = plan.get("service_start")
    if isinstance(start, str):
        return start
    term = f"{plan.get('school_year')} {plan.get('term')}"
    for pack in loaded:
        if pack.term_starts.get(term):
            return pack.term_starts[term]
    raise UsageError(
        "no-as-of",
        "不知道按哪一天的规定核查：材料中没有服务开始日期，也没有可查的学年学期",
        hint="请在方案中填写 service_start（服务开始日期），或加参数 --as-of 2021-09-01",
    )


def record(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A record of the submission, empty where it is absent or not supplied."""
    value = tree.get(name)
    return value if isinstance(value, dict) else {}


def date_of(tree: Mapping[str, Any], stage: Stage) -> str | None:
    """What “already” means (language.md §2, Dates); None where nothing says it."""
    if stage is Stage.APPROVAL:
        found = record(tree, "plan").get("filed_on")
    elif stage is Stage.INSPECTION:
        found = record(tree, "inspection").get("date")
    else:
        found = None
    return found if isinstance(found, str) else None


_DATE_PATHS = {
    Stage.APPROVAL: "/plan/filed_on",
    Stage.INSPECTION: "/inspection/date",
    Stage.ASSESSMENT: "/check/date",
}


def check_values(submission: Submission, stage: Stage, date: str | None) -> dict[str, Any]:
    """Values of the names under ``check.``."""
    unknown = Unknown((_DATE_PATHS[stage],), False)
    lacking = missing(submission.schema, submission.tree, stage)
    return {
        "check.stage": str(stage),
        "check.date": date or unknown,
        "check.plan_sha256": submission.plan_sha256 or Unknown(("/plan",), False),
        "check.form_complete": Unknown(lacking) if lacking else True,
    }


# --- engines -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the engines asked for found; a ``problem`` is that of an engine that failed."""

    outcomes: dict[str, list[Outcome]]
    findings: dict[str, list[Finding]]
    crossed: bool = False
    differing: dict[tuple[str, int], tuple[Outcome, Outcome]] = field(default_factory=dict)
    problem: str = ""


def _start(rules: Sequence[BoundRule], engine: str) -> Any:
    """The rules at work in a child, which compiles them while the facts are still being built."""
    if engine == "direct":
        return None
    from kehou.judging import rete

    if not rete.available():
        if engine == "rete":
            raise UsageError(
                "no-rete",
                "这台机器上没有 durable_rules，不能用 --engine rete",
                hint="请改用 --engine direct，或用 CPython 3.11、3.12 安装 kehou",
            )
        return None
    return rete.start(rules)


def _judged(
    rules: Sequence[BoundRule], base: FactBase, running: Any, engine: str, writer: Writer
) -> _Judged:
    """The agreed outcomes and their findings; those of the direct engine are written while the
    other one is still at work.
    """

    def written(outcomes: Mapping[str, list[Outcome]]) -> dict[str, list[Finding]]:
        return {r.rule.id: writer.findings(r, outcomes[r.rule.id]) for r in rules}

    if running is not None:
        running.feed(base)
    mine = direct.run(rules, base) if engine != "rete" or running is None else {}
    findings = written(mine) if mine else {}
    if running is None:
        return _Judged(mine, findings)
    try:
        theirs = running.outcomes()
    except KehouError as error:
        lost = {r.rule.id: [Outcome.ERROR] * len(base.entities[r.rule.each]) for r in rules}
        return _Judged(lost, written(lost), problem=error.message)
    if engine == "rete":
        return _Judged(theirs, written(theirs))
    differing: dict[tuple[str, int], tuple[Outcome, Outcome]] = {}
    for rule in rules:
        found = mine[rule.rule.id]
        pairs = {}
        for i, (a, b) in enumerate(zip(found, theirs[rule.rule.id], strict=True)):
            if a is not b:
                pairs[(rule.rule.id, i)] = (a, b)
                found[i] = Outcome.ERROR
        if pairs:
            differing |= pairs
            findings[rule.rule.id] = _disagreeing(writer.findings(rule, found), pairs.values())
    return _Judged(mine, findings, True, differing)


def _disagreeing(
    findings: list[Finding], pairs: Iterable[tuple[Outcome, Outcome]]
) -> list[Finding]:
    said = "；".join(sorted({f"直接引擎：{a}，规则网络：{b}" for a, b in pairs}))
    return [
        replace(f, message=f"两个引擎结论不一致（{said}），请联系规则包维护者")
        if f.outcome is Outcome.ERROR and not f.missing
        else f
        for f in findings
    ]


def _inferences(
    rules: Sequence[DecisionRule], facts: Sequence[DecisionFact], running: Any, judged: _Judged
) -> tuple[set[Firing], bool, str]:
    """(what the engines agree on, whether they were held against each other, problem)."""
    mine = direct.infer(rules, facts)
    if running is None or judged.problem:
        return mine, judged.crossed, judged.problem
    try:
        theirs = running.decide(rules, list(facts))
    except KehouError as error:
        return mine, False, error.message
    if theirs != mine:
        return mine & theirs, judged.crossed, "两个引擎对结论的推断不一致，请联系规则包维护者"
    return mine, judged.crossed, ""
