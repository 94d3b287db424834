"""One check: read, build facts, run both engines, agree, write findings, recommend.

A finding is printed only where both engines reach it; where they differ it is an error with both
answers (DESIGN §6). The clock is never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kehou import __version__, direct, packs
from kehou.errors import KehouError, UsageError
from kehou.facts import FactBase
from kehou.findings import Writer, rolled_up, subject_name
from kehou.model import (
    ABSENT,
    CitedClause,
    Decision,
    DecisionFact,
    DecisionRule,
    Fault,
    Finding,
    Firing,
    Inference,
    Location,
    MissingEvidence,
    Outcome,
    PackUsed,
    ParameterUsed,
    Reason,
    Report,
    RuleResult,
    Severity,
    Stage,
    Unknown,
)
from kehou.packs import ROOT, Pack
from kehou.program import BoundRule, bind_rules, prepare
from kehou.rows import Fact
from kehou.submission import Submission, load

ENGINES = ("both", "direct", "rete")
_ADVERSE = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT, Outcome.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check is asked for; ``data`` maps a bureau's table or record to its file."""

    stage: Stage = Stage.APPROVAL
    as_of: str | None = None
    on: str | None = None
    packs: tuple[str, ...] = (packs.DEFAULT_PACK,)
    data: Mapping[str, str] = field(default_factory=dict)
    engine: str = "both"
    language: str = "zh"


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


def check(path: str, options: CheckOptions | None = None) -> Report:
    """Check one submission at a file or folder path, or ``-`` for standard input.

    Raises UsageError, PackError, or UnreadableError where the submission has no readable tree.
    """
    options = options or CheckOptions()
    loaded = [packs.load(name) for name in options.packs]
    submission = load(path, loaded[0].schema, options.stage, data=dict(options.data))
    return report(path, submission, [run(pack, submission, options) for pack in loaded], options)


def run(pack: Pack, submission: Submission, options: CheckOptions) -> Run:
    """Run one pack on a submission with the engines asked for."""
    as_of = options.as_of or _as_of(pack, submission.tree)
    check_date = options.on or date_of(submission.tree, options.stage)
    base = FactBase(
        pack,
        submission.tree,
        pack.in_force(as_of),
        check_values(submission, options.stage, check_date),
        submission.faulted,
    )
    rules, elsewhere = bind_rules(pack, options.stage, as_of, submission.bureau)
    prepare(base, rules)
    running, problem = _start(rules, base, options.engine)
    try:
        outcomes, crossed, differing, problem = _outcomes(rules, base, running, options, problem)
        writer = Writer(pack, base, submission.locate, options.language)
        findings = {
            rule.rule.id: _disagreeing(
                writer.findings(rule, outcomes[rule.rule.id]), rule, differing
            )
            for rule in rules
        }
        facts = decision_facts(pack, base, rules, findings)
        fired, crossed, problem = _inferences(pack.decisions, facts, running, crossed, problem)
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
        outcomes,
        crossed,
        differing,
        fired,
        facts,
        findings,
        problem,
    )


# --- dates ---------------------------------------------------------------------------------


def _as_of(pack: Pack, tree: Mapping[str, Any]) -> str:
    plan = _record(tree, "plan")
    start = plan.get("service_start")
    if isinstance(start, str):
        return start
    term = f"{plan.get('school_year')} {plan.get('term')}"
    if pack.term_starts.get(term):
        return pack.term_starts[term]
    raise UsageError(
        "no-as-of",
        "不知道按哪一天的规定核查：材料中没有服务开始日期，也没有可查的学年学期",
        hint="请在方案中填写 service_start（服务开始日期），或加参数 --as-of 2021-09-01",
    )


def _record(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = tree.get(name)
    return value if isinstance(value, dict) else {}


def date_of(tree: Mapping[str, Any], stage: Stage) -> str | None:
    """What “already” means (language.md §2, Dates); None where nothing says it."""
    if stage is Stage.APPROVAL:
        found = _record(tree, "plan").get("filed_on")
    elif stage is Stage.INSPECTION:
        found = _record(tree, "inspection").get("date")
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
    return {
        "check.stage": str(stage),
        "check.date": date or unknown,
        "check.plan_sha256": submission.plan_sha256 or Unknown(("/plan",), False),
    }


# --- engines -------------------------------------------------------------------------------


def _start(rules: Sequence[BoundRule], base: FactBase, engine: str) -> tuple[Any, str]:
    if engine == "direct":
        return None, ""
    from kehou import rete

    if not rete.available():
        if engine == "rete":
            raise UsageError(
                "no-rete",
                "这台机器上没有 durable_rules，不能用 --engine rete",
                hint="请改用 --engine direct，或用 CPython 3.11、3.12 安装 kehou",
            )
        return None, ""
    return rete.start(rules, base), ""


def _outcomes(
    rules: Sequence[BoundRule], base: FactBase, running: Any, options: CheckOptions, problem: str
) -> tuple[dict[str, list[Outcome]], bool, dict[tuple[str, int], tuple[Outcome, Outcome]], str]:
    """(outcomes, cross-checked, disagreements, problem) of the engines asked for."""
    if running is None:
        return direct.run(rules, base), False, {}, problem
    mine = direct.run(rules, base) if options.engine == "both" else {}
    try:
        theirs = running.outcomes()
    except KehouError as error:
        lost = {r.rule.id: [Outcome.ERROR] * len(base.entities[r.rule.each]) for r in rules}
        return lost, False, {}, error.message
    if options.engine == "rete":
        return theirs, False, {}, problem
    differing: dict[tuple[str, int], tuple[Outcome, Outcome]] = {}
    for rule_id, found in mine.items():
        for i, (a, b) in enumerate(zip(found, theirs[rule_id], strict=True)):
            if a is not b:
                differing[(rule_id, i)] = (a, b)
                found[i] = Outcome.ERROR
    return mine, True, differing, problem


def _disagreeing(
    findings: list[Finding],
    rule: BoundRule,
    differing: Mapping[tuple[str, int], tuple[Outcome, Outcome]],
) -> list[Finding]:
    pairs = [pair for (rule_id, _), pair in differing.items() if rule_id == rule.rule.id]
    if not pairs:
        return findings
    said = "；".join(sorted({f"直接引擎：{a}，规则网络：{b}" for a, b in pairs}))
    return [
        replace(f, message=f"两个引擎结论不一致（{said}），请联系规则包维护者")
        if f.outcome is Outcome.ERROR and not f.missing
        else f
        for f in findings
    ]


def _inferences(
    rules: Sequence[DecisionRule],
    facts: Sequence[DecisionFact],
    running: Any,
    crossed: bool,
    problem: str,
) -> tuple[set[Firing], bool, str]:
    mine = direct.infer(rules, facts)
    if running is None or problem:
        return mine, crossed, problem
    try:
        theirs = running.decide(rules, list(facts))
    except KehouError as error:
        return mine, False, error.message
    if theirs != mine:
        return mine & theirs, crossed, "两个引擎对结论的推断不一致，请联系规则包维护者"
    return mine, crossed, problem


# --- decisions -----------------------------------------------------------------------------


def decision_facts(
    pack: Pack,
    base: FactBase,
    rules: Sequence[BoundRule],
    findings: Mapping[str, Sequence[Finding]],
) -> list[DecisionFact]:
    """Flat facts of the second stratum: adverse findings, and the entities that patterns name."""
    facts: list[DecisionFact] = []
    for rule in rules:
        r = rule.rule
        for f in findings[r.id]:
            if f.outcome in _ADVERSE:
                facts.append(
                    {
                        "kind": "finding",
                        "rule": r.id,
                        "outcome": str(f.outcome),
                        "severity": str(r.severity),
                        "area": r.area,
                        "blocking": r.severity in pack.blocking,
                        "entity": f.subject.entity,
                        "subject": f.subject.key,
                        "title": r.title,
                        "label": f.subject.label,
                    }
                )
    writer = Writer(pack, base, lambda pointer: Location(pointer))
    for entity, names in _entity_fields(pack).items():
        for fact in base.rows(entity):
            if fact.phantom is not None:
                continue
            key = ",".join(str(part) for part in fact.key)
            flat: DecisionFact = {
                "kind": f"entity:{entity}",
                "key": key,
                "subject": key,
                "label": writer.label(fact),
            }
            for name in names:
                value = base.read(fact, name)
                if isinstance(value, (str, int)):
                    flat[name] = value
            facts.append(flat)
    return facts


def _entity_fields(pack: Pack) -> dict[str, list[str]]:
    """Fields that decision rules read, by entity."""
    wanted: dict[str, dict[str, None]] = {}
    for rule in pack.decisions:
        entity_of = {
            p.var: p.kind.removeprefix("entity:") for p in rule.when if p.kind.startswith("entity:")
        }
        for entity in entity_of.values():
            wanted.setdefault(entity, {})
        for p in rule.when:
            for mine, var, other in p.same:
                for owner, name in ((entity_of.get(p.var), mine), (entity_of.get(var), other)):
                    if owner and name not in ("key", "subject", "label"):
                        wanted[owner].setdefault(name)
            if p.var in entity_of:
                for name, _ in p.equals:
                    wanted[entity_of[p.var]].setdefault(name)
        if (
            rule.subject
            and rule.subject[0] in entity_of
            and rule.subject[1] not in ("key", "subject", "label")
        ):
            wanted[entity_of[rule.subject[0]]].setdefault(rule.subject[1])
    return {entity: list(names) for entity, names in wanted.items()}


def _explained(run_: Run, language: str) -> tuple[list[tuple[str, Reason]], list[Inference]]:
    """((decision, reason) pairs, inferences) in a fixed order, without repetition."""
    by_id = {rule.id: rule for rule in run_.pack.decisions}
    english = run_.pack.english
    labels = {f["subject"]: f["label"] for f in run_.decision_facts if f["kind"] != "finding"}
    decided: dict[tuple[str, Reason], None] = {}
    inferred: dict[Inference, None] = {}
    for rule_id, matched in sorted(run_.inferences, key=lambda f: (f[0], _numeric(f[1]))):
        rule = by_id[rule_id]
        variables: dict[str, DecisionFact] = {}
        for pattern, identity in zip(rule.when, matched, strict=True):
            if identity.isdecimal():
                variables[pattern.var] = run_.decision_facts[int(identity)]
            else:
                subject = identity.split(":", 2)[2]
                variables[pattern.var] = {"subject": subject, "label": labels.get(subject, subject)}
        translated = (english.get(rule_id) or {}).get("because")
        template = translated if language == "en" and translated else rule.because
        because = _fill(template, variables)
        if rule.decide:
            decided.setdefault((rule.decide, Reason(_source(rule, variables), because)))
        elif rule.mark and rule.subject:
            source = variables[rule.subject[0]]
            subject = str(source.get(rule.subject[1], ""))
            inferred.setdefault(
                Inference(rule.mark, subject, str(source.get("label", subject)), rule.id, because)
            )
    return list(decided), list(inferred)


def _numeric(identities: Sequence[str]) -> list[tuple[int, str]]:
    return [(int(i), "") if i.isdecimal() else (1 << 40, i) for i in identities]


def _source(rule: DecisionRule, variables: Mapping[str, DecisionFact]) -> str:
    for fact in variables.values():
        if fact.get("kind") == "finding":
            return str(fact["rule"])
    return rule.id


def _fill(template: str, variables: Mapping[str, DecisionFact]) -> str:
    import re

    def slot(match: re.Match[str]) -> str:
        var, _, name = match[1].partition(".")
        return str(variables.get(var, {}).get(name, ""))

    return re.sub(r"\{([a-z_]+\.[a-z_]+)\}", slot, template)


def _decision(runs: Sequence[Run], language: str) -> tuple[Decision, list[Inference]]:
    decided: list[tuple[str, Reason]] = []
    inferences: list[Inference] = []
    for one in runs:
        pairs, found = _explained(one, language)
        decided += pairs
        inferences += found
        if one.problem:
            decided.append(("refer", Reason("engine", one.problem)))
        if one.pack.not_judged == "refer":
            decided += [
                ("refer", Reason(r.rule.id, "未评"))
                for r in one.rules
                if rolled_up(one.findings[r.rule.id]) is Outcome.NOT_JUDGED
            ]
    order = runs[0].pack.order
    values = [value for value, _ in decided]
    strongest = next((value for value in order if value in values), "accept")
    reasons = tuple(dict.fromkeys(reason for value, reason in decided if value == strongest))
    return Decision(strongest, reasons), inferences


# --- report --------------------------------------------------------------------------------


def report(path: str, submission: Submission, runs: Sequence[Run], options: CheckOptions) -> Report:
    """Put together what every format is rendered from."""
    decision, inferences = _decision(runs, options.language)
    results = [_result(one, rule, options) for one in runs for rule in one.rules]
    order = list(Severity)
    results.sort(key=lambda r: (list(Outcome).index(r.outcome), order.index(r.severity)))
    school = _record(submission.tree, "school")
    faults = list(submission.faults)
    for one in runs:
        if one.problem:
            faults.append(
                Fault(
                    Location(path), "", one.problem, "", "请重新运行；仍然如此请加 --engine direct"
                )
            )
    return Report(
        tool_version=__version__,
        stage=options.stage,
        as_of=runs[0].as_of,
        check_date=runs[0].check_date,
        language=options.language,
        cross_checked=all(one.cross_checked for one in runs),
        packs=tuple(PackUsed(r.pack.id, r.pack.title, r.pack.version, r.pack.sha256) for r in runs),
        parameters=tuple(p for one in runs for p in _parameters(one)),
        data=submission.data_files,
        school_id=_text(school.get("school_id")),
        school_name=_text(school.get("name")),
        school_levels=tuple(school.get("levels") or ())
        if school.get("levels") is not ABSENT
        else (),
        path=path,
        files=submission.files,
        unread_files=submission.unread_files,
        plan_sha256=submission.plan_sha256,
        normalised=submission.normalised,
        faults=tuple(faults),
        decision=decision if options.stage is Stage.APPROVAL else None,
        inferences=tuple(inferences),
        results=tuple(results),
        missing_evidence=_missing_evidence(runs, results),
        not_judged=_not_judged(results),
        reviews_off=tuple(
            dict.fromkeys(
                Reason(r.rule.id, f"{reason}（未设定：{_title(one.pack, name)}）")
                for one in runs
                for r in one.rules
                for reason, name in r.reviews_off
            )
        ),
        not_at_this_stage=sum(one.elsewhere for one in runs),
        clauses=_clause_counts(runs),
        areas={k: v for one in runs for k, v in one.pack.areas.items()},
        notes=tuple(note for one in runs for note in one.pack.notes),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _title(pack: Pack, name: str) -> str:
    if name in pack.tables:
        return pack.tables[name].title
    return pack.parameters[name].title if name in pack.parameters else name


def _result(one: Run, rule: BoundRule, options: CheckOptions) -> RuleResult:
    r = rule.rule
    findings = one.findings[r.id]
    writer = Writer(one.pack, one.base, one.submission.locate, options.language)
    if one.problem and not findings:
        findings = []
    elif one.problem:
        findings = [
            replace(f, message=f.message or one.problem) if f.outcome is Outcome.ERROR else f
            for f in findings
        ]
    cited = tuple(
        CitedClause(c, one.pack.clauses[c].citation, one.pack.clauses[c].quote) for c in r.clauses
    )
    return RuleResult(
        r.id, writer.words(rule)[0], r.severity, r.area, cited, rolled_up(findings), tuple(findings)
    )


def _parameters(one: Run) -> list[ParameterUsed]:
    from kehou.conditions import Type
    from kehou.findings import plain

    used = {name for rule in one.rules for name in rule.parameters}
    result = []
    for name, definition in one.pack.parameters.items():
        value = definition.on(one.as_of)
        if name not in used or value is None:
            continue
        kind = Type(definition.type.kind, many=definition.type.many)
        shown: Any = plain(value.value, kind)
        if definition.by:
            shown = {
                "/".join(str(k) for k in key): plain(v, kind) for key, v in value.table.items()
            }
        result.append(ParameterUsed(name, shown, value.ground, value.assumption, definition.layer))
    return result


def _not_judged(results: Sequence[RuleResult]) -> tuple[Reason, ...]:
    return tuple(
        Reason(r.rule, r.findings[0].message) for r in results if r.outcome is Outcome.NOT_JUDGED
    )


def _missing_evidence(
    runs: Sequence[Run], results: Sequence[RuleResult]
) -> tuple[MissingEvidence, ...]:
    """What to hand in next, what settles most rules first; rows alike are shown as one."""
    import re

    settles: dict[str, dict[str, None]] = {}
    example: dict[str, set[str]] = {}
    for result in results:
        for f in result.findings:
            if f.outcome is not Outcome.INSUFFICIENT:
                continue
            for path in f.missing:
                general = re.sub(r"/\d+(?=/|$)", "/*", path)
                settles.setdefault(general, {}).setdefault(result.rule)
                example.setdefault(general, set()).add(path)
    one = runs[0]
    writer = Writer(one.pack, one.base, one.submission.locate)
    found = []
    for general, rules in settles.items():
        paths = example[general]
        path = min(paths) if len(paths) == 1 else general
        found.append(
            MissingEvidence(
                path, writer.path_label(path), tuple(rules), one.submission.locate(min(paths))
            )
        )
    return tuple(sorted(found, key=lambda m: (-len(m.settles), m.path)))


def _clause_counts(runs: Sequence[Run]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in runs:
        for clause in one.pack.clauses.values():
            counts[str(clause.status)] = counts.get(str(clause.status), 0) + 1
    return counts


# --- explain -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One evaluated condition in words: its value, what it saw and where, and what is below it."""

    text: str
    value: bool | None
    locations: tuple[Location, ...]
    steps: tuple[ExplainedStep, ...]


@dataclass(frozen=True, slots=True)
class ExplainedSubject:
    """How one rule came to its outcome on one subject."""

    name: str
    label: str
    outcome: Outcome
    missing: tuple[str, ...]
    steps: tuple[ExplainedStep, ...]


def explain(path: str, rule_id: str, options: CheckOptions | None = None) -> list[ExplainedSubject]:
    """The evaluated conditions of a rule on every subject; raises UsageError for other stages."""
    options = options or CheckOptions()
    for name in options.packs:
        pack = packs.load(name)
        if rule_id in pack.rules:
            break
    else:
        raise UsageError(
            "no-rule", f"没有规则 {rule_id}", hint="用 kehou clauses 查看各条款对应的规则"
        )
    submission = load(path, pack.schema, options.stage, data=dict(options.data))
    one = run(pack, submission, replace(options, engine="direct"))
    rule = next((r for r in one.rules if r.rule.id == rule_id), None)
    if rule is None:
        stages = "、".join(pack.rules[rule_id].stages)
        raise UsageError(
            "other-stage",
            f"规则 {rule_id} 不在 {options.stage} 阶段，或在此日期未生效",
            hint=f"它适用的阶段：{stages}；请用 --stage 或 --as-of 指定",
        )
    writer = Writer(pack, one.base, submission.locate, options.language)
    definition = pack.entities.get(rule.rule.each)
    facts = one.base.entities[rule.rule.each]
    return [
        ExplainedSubject(
            subject_name(fact, definition),
            writer.label(fact),
            outcome,
            direct.missing(rule, one.base, fact) if outcome is Outcome.INSUFFICIENT else (),
            tuple(
                _explained_step(step, one, writer, fact)
                for step in direct.trace(rule, one.base, fact)
            ),
        )
        for fact, outcome in zip(facts, one.outcomes[rule_id], strict=True)
    ]


_ROLES = {"when": "适用条件", "require": "要求", "review": "需人工核对"}
_WORDS = {
    "all": "全部满足",
    "any": "任一满足",
    "not": "并非",
    "true": "恒成立",
    "false": "恒不成立",
}


def _explained_step(step: direct.Step, one: Run, writer: Writer, fact: Fact) -> ExplainedStep:
    from kehou.conditions import OPERATORS, FieldArg, Table, read_operand
    from kehou.findings import plain

    role = _ROLES.get(step.role, "")
    prefix = f"{role}（{step.reason}）：" if step.reason else f"{role}：" if role else ""
    below = tuple(_explained_step(s, one, writer, fact) for s in step.steps)
    if step.leaf is None:
        return ExplainedStep(prefix + _WORDS[step.word], step.value, (), below)
    leaf = step.leaf
    parts, locations = [], []
    for operand in (leaf.left, leaf.right):
        if isinstance(operand, FieldArg):
            field_found = one.pack.field_of(fact.entity, operand.name)
            title = field_found.title if field_found else operand.name
            parts.append(f"{title}（{operand.name}）＝{writer.shown(fact, operand.name)}")
            if not operand.name.startswith("check."):
                locations += [
                    one.submission.locate(p) for p in one.base.places(fact, operand.name, 3)
                ]
        else:
            value = read_operand(operand, fact.values, one.base.root.values)
            kind = leaf.left.type if isinstance(leaf.left, FieldArg) else None
            shown = value if kind is None or leaf.op == "exists" else plain(value, kind)
            parts.append(
                "未设定" if isinstance(operand, Table) and shown is None else _joined(shown)
            )
    text = f" {OPERATORS[leaf.op].zh} ".join(parts)
    return ExplainedStep(prefix + text, step.value, tuple(locations), below)


def _joined(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


__all__ = [
    "ENGINES",
    "ROOT",
    "CheckOptions",
    "ExplainedStep",
    "ExplainedSubject",
    "Run",
    "check",
    "explain",
    "report",
    "run",
]
