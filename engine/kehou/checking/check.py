"""One check of one submission: run its packs, and put together the report.

The report is one object from which every format is rendered (DESIGN §7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kehou import __version__, packs
from kehou.checking.attestations import Attestation
from kehou.checking.attestations import load as load_attestations
from kehou.checking.comparison import compare, read_past
from kehou.checking.decisions import explained
from kehou.checking.findings import Writer, rolled_up
from kehou.checking.options import CheckOptions, recorded
from kehou.checking.pack_run import Run, law_date, record, run
from kehou.checking.waivers import load as load_waivers
from kehou.errors import UsageError
from kehou.judging import BoundRule
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.report import (
    AttestationsApplied,
    CheckRun,
    CitedClause,
    Decision,
    Hashed,
    Inference,
    MissingEvidence,
    PacksApplied,
    PackUsed,
    ParameterUsed,
    Reading,
    ReadingChange,
    Reason,
    Report,
    RuleResult,
    SubmissionRecord,
    WaiversApplied,
)
from kehou.model.values import ABSENT, Fault, Location
from kehou.packs import Pack
from kehou.packs.declarations import declared
from kehou.readers import Document
from kehou.submission import Submission, load, load_document


def check(
    path: str,
    options: CheckOptions | None = None,
    shelf: dict[str, Pack] | None = None,
    document: Document | None = None,
) -> Report:
    """Check one submission at a file or folder path, or ``-`` for standard input.

    ``shelf`` keeps loaded packs by name, for a caller that checks many submissions; ``document``
    is the submission where it was read already. Raises UsageError, PackError, or UnreadableError
    where the submission has no readable tree.
    """
    options = options or CheckOptions()
    shelf = {} if shelf is None else shelf
    first = _taken(shelf, options.packs[0])
    if document is None:
        submission = load(path, first.schema, options.stage, data=dict(options.data))
    else:
        submission = load_document(document, first.schema, options.stage, data=dict(options.data))
    as_of = options.as_of or law_date([first], submission.tree)
    dates = {name: _dates(shelf, name) for name in options.packs}
    names = [name for name in options.packs if in_force(dates[name], as_of)]
    if not names:
        known = "、".join(f"{name}（{start or ''}起）" for name, (start, _) in dates.items())
        raise UsageError(
            "no-pack-in-force",
            f"没有在 {as_of} 有效的规则包",
            hint=f"已有：{known}；请用 --as-of 指定适用日期",
        )
    applied = [_taken(shelf, name) for name in names]
    dated = replace(options, as_of=as_of, reading="")
    every = {name: rule for pack in applied for name, rule in pack.rules.items()}
    own = _school_names(submission)
    waivers = load_waivers(options.waivers, every) if options.waivers else []
    waivers = [waiver for waiver in waivers if waiver.is_of(own)]
    seen = _attestations(options.attestations, every, submission)
    runs = [run(pack, submission, dated, waivers, seen) for pack in applied]
    found = report(path, submission, runs, dated)
    if options.baseline:
        found = compare(read_past(options.baseline, found.submission.name), found)
    if not options.reading:
        return found
    other = replace(dated, reading=options.reading)
    others = [run(one.pack, submission, other, waivers, seen) for one in runs]
    return replace(found, reading=_reading(options.reading, runs, others, options.language))


def _attestations(
    paths: Sequence[str], rules: dict[str, Any], submission: Submission
) -> list[Attestation]:
    """The attestations of this school, by its code or its name, of all files given."""
    names = _school_names(submission)
    return [a for path in paths for a in load_attestations(path, rules) if a.school in names]


def _school_names(submission: Submission) -> set[str]:
    """The code and the name of the school, as far as the submission has them."""
    school = record(submission.tree, "school")
    return {name for key in ("school_id", "name") if (name := _text(school.get(key)))}


def _taken(shelf: dict[str, Pack], name: str) -> Pack:
    if name not in shelf:
        shelf[name] = packs.load(name)
    return shelf[name]


def _dates(shelf: dict[str, Pack], name: str) -> tuple[str | None, str | None]:
    """What ``packs.dates`` says, without reading a file where the pack is loaded."""
    if name in shelf:
        return shelf[name].effective_from, shelf[name].effective_to
    return packs.dates(name)


def in_force(dates: tuple[str | None, str | None], as_of: str) -> bool:
    """Whether a pack's policy holds on a date, by what ``packs.dates`` says of it."""
    start, end = dates
    return (start is None or start <= as_of) and (end is None or as_of <= end)


def _reading(name: str, runs: Sequence[Run], others: Sequence[Run], language: str) -> Reading:
    """The rules that come out otherwise when vague words are read the other way."""
    changes = []
    for one, other in zip(runs, others, strict=True):
        writer = Writer(one.pack, one.base, one.submission.locate, language)
        vague = {p.name: p.readings.word for p in one.pack.parameters.values() if p.readings}
        for rule in one.rules:
            before = rolled_up(one.findings[rule.rule.id])
            after = rolled_up(other.findings[rule.rule.id])
            if before is not after:
                words = tuple(vague[name] for name in rule.parameters if name in vague)
                title = writer.words(rule)[0]
                changes.append(ReadingChange(rule.rule.id, title, before, after, words))
    return Reading(name, tuple(changes))


def _decision(runs: Sequence[Run], language: str) -> tuple[Decision, list[Inference]]:
    decided: list[tuple[str, Reason]] = []
    inferences: list[Inference] = []
    for one in runs:
        pairs, found = explained(one.pack, one.decision_facts, one.inferences, language)
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
    results = _paired(
        [(one, rule, _result(one, rule, options)) for one in runs for rule in one.rules]
    )
    order = list(Severity)
    results.sort(key=lambda r: (list(Outcome).index(r.outcome), order.index(r.severity)))
    faults = list(submission.faults)
    for one in runs:
        if one.problem:
            faults.append(
                Fault(
                    Location(path), "", one.problem, "", "请重新运行；仍然如此请加 --engine direct"
                )
            )
    return Report(
        run=CheckRun(
            tool_version=__version__,
            stage=options.stage,
            as_of=runs[0].as_of,
            check_date=runs[0].check_date,
            language=options.language,
            cross_checked=all(one.cross_checked for one in runs),
            single_engine=_single_engine(runs, options),
            record=recorded(options),
        ),
        submission=_submission(path, submission, faults),
        packs=_packs(runs, submission),
        decision=_without_doubles(decision, results) if options.stage is Stage.APPROVAL else None,
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
        waivers=WaiversApplied(
            tuple(note for one in runs for note in one.waivers), _sha256(options.waivers)
        ),
        attestations=AttestationsApplied(
            tuple(dict.fromkeys(note for one in runs for note in one.attestations)),
            tuple(Hashed(Path(file).name, _sha256(file) or "") for file in options.attestations),
        ),
    )


def _single_engine(runs: Sequence[Run], options: CheckOptions) -> str | None:
    """Why the findings are one engine's only, as a `CheckRun` says it; None where they are not."""
    if all(one.cross_checked for one in runs):
        return None
    if options.engine != "both":
        return "asked"
    return "failed" if any(one.problem for one in runs) else "unavailable"


def _submission(path: str, submission: Submission, faults: Sequence[Fault]) -> SubmissionRecord:
    school = record(submission.tree, "school")
    levels = school.get("levels")
    return SubmissionRecord(
        path=path,
        id=_text(school.get("school_id")),
        name=_text(school.get("name")),
        levels=tuple(levels or ()) if levels is not ABSENT else (),
        county=_text(school.get("county")),
        township=_text(school.get("township")),
        files=submission.files,
        unread_files=submission.unread_files,
        plan_sha256=submission.plan_sha256,
        normalised=submission.normalised,
        faults=tuple(faults),
    )


def _packs(runs: Sequence[Run], submission: Submission) -> PacksApplied:
    return PacksApplied(
        used=tuple(p for one in runs for p in (_pack(one), *one.pack.layers)),
        parameters=tuple(p for one in runs for p in _parameters(one)),
        data=submission.data_files,
        areas={k: v for one in runs for k, v in one.pack.areas.items()},
        notes=tuple(note for one in runs for note in one.pack.notes),
        blocking=tuple(s for s in Severity if any(s in one.pack.blocking for one in runs)),
        clauses=_clause_counts(runs),
    )


#: How strict an outcome is where two packs judge the same thing; an error proves nothing.
_STRICTNESS = (
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.INSUFFICIENT,
    Outcome.ERROR,
    Outcome.NOT_JUDGED,
    Outcome.WAIVED,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def _paired(judged: Sequence[tuple[Run, BoundRule, RuleResult]]) -> list[RuleResult]:
    """Results with a rule and its counterpart in another pack as one: the stricter, both cited.

    Of two alike the graver is the stricter. A policy that does not apply is not cited: then both
    results stand.
    """
    by_name = {f"{one.pack.id}/{rule.rule.id}": result for one, rule, result in judged}
    merged: dict[str, RuleResult] = dict(by_name)
    for one, rule, _ in judged:
        name = f"{one.pack.id}/{rule.rule.id}"
        other = rule.rule.counterpart
        if other is None or other not in merged or name not in merged:
            continue
        strict, mild = sorted((merged[other], merged[name]), key=_strictness)
        if mild.outcome is Outcome.NOT_APPLICABLE:
            continue
        cited = tuple(dict.fromkeys((*strict.clauses, *mild.clauses)))
        merged[other] = replace(strict, clauses=cited, counterpart=mild.rule)
        del merged[name]
    return list(merged.values())


def _strictness(result: RuleResult) -> tuple[int, int]:
    return _STRICTNESS.index(result.outcome), list(Severity).index(result.severity)


def _without_doubles(decision: Decision, results: Sequence[RuleResult]) -> Decision:
    """A decision that gives one reason, not two, for a rule and its counterpart."""
    named = {reason.rule for reason in decision.reasons}
    doubles = {r.counterpart for r in results if r.rule in named and r.counterpart != r.rule}
    return replace(decision, reasons=tuple(x for x in decision.reasons if x.rule not in doubles))


def _pack(one: Run) -> PackUsed:
    pack = one.pack
    return PackUsed(
        pack.id,
        pack.title,
        pack.version,
        pack.sha256,
        declared(pack, one.as_of),
        tuple(pack.clauses.values()),
    )


def _sha256(path: str | None) -> str | None:
    if path is None:
        return None
    import hashlib

    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


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
    from kehou.checking.findings import plain
    from kehou.language import Type

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
        result.append(ParameterUsed(name, shown, value.ground, value.assumption, value.layer))
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


__all__ = ["CheckOptions", "Run", "check", "report"]
