"""The report of one submission, from the runs of its packs: what every format is rendered from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from kehou import __version__
from kehou.checking.cited_clauses import cited
from kehou.checking.counterparts import paired, without_doubles
from kehou.checking.decisions import explained
from kehou.checking.declared_values import (
    period_shown,
    pointer_of,
    strata_shown,
    text_at,
    values_at,
)
from kehou.checking.findings import Writer, rolled_up
from kehou.checking.gaps import part_to_load, rows_read, stated_none, to_load
from kehou.checking.layer_notes import of_layers, out_of_force
from kehou.checking.options import CheckOptions, recorded
from kehou.checking.pack_run import Run
from kehou.checking.seen_values import plain
from kehou.checking.unconfirmed import corrected
from kehou.fields.privacy import code_or_none, unshown
from kehou.fields.scalars import decimal_text
from kehou.judging import BoundRule
from kehou.language import Type
from kehou.model.outcomes import Outcome, Owner, Severity, Stage
from kehou.model.report import (
    AttestationsApplied,
    CheckRun,
    Decision,
    Hashed,
    Inference,
    MissingEvidence,
    PacksApplied,
    PackUsed,
    ParameterUsed,
    Reason,
    Report,
    RuleResult,
    SubmissionRecord,
    WaiversApplied,
)
from kehou.model.sentences import choices, english
from kehou.model.values import Fault, Location, Normalised
from kehou.packs import Pack
from kehou.packs.declarations import declared, in_general
from kehou.readers.files import read_bytes
from kehou.submission import Submission


def report(path: str, submission: Submission, runs: Sequence[Run], options: CheckOptions) -> Report:
    """Put together what every format is rendered from."""
    decision, inferences = _decision(runs, submission, options.language)
    results = paired(
        [(one, rule, _result(one, rule, options)) for one in runs for rule in one.rules]
    )
    order = list(Severity)
    results.sort(key=lambda r: (list(Outcome).index(r.outcome), order.index(r.severity)))
    faults = _named(submission.faults, runs[0], options)
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
            check_date_from=runs[0].check_date_from,
            check_date_field=_date_field(runs[0], options),
            language=options.language,
            cross_checked=all(one.cross_checked for one in runs),
            single_engine=_single_engine(runs, options),
            record=recorded(options),
        ),
        submission=_submission(path, submission, faults, runs[0], options.language),
        packs=_packs(runs, submission, options.language),
        decision=without_doubles(decision, results) if options.stage is Stage.APPROVAL else None,
        inferences=tuple(inferences),
        results=tuple(results),
        missing_evidence=_missing_evidence(runs, results, options.language),
        not_judged=_not_judged(results),
        reviews_off=tuple(
            dict.fromkeys(
                _off(one, r, reason, name, options.language)
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
        confirmed=submission.confirmed,
    )


def _decision(
    runs: Sequence[Run], submission: Submission, language: str
) -> tuple[Decision, list[Inference]]:
    decided: list[tuple[str, Reason]] = list(corrected(submission, language))
    inferences: list[Inference] = []
    for one in runs:
        pairs, found = explained(one.pack, one.decision_facts, one.inferences, language)
        decided += pairs
        inferences += found
        if one.problem:
            decided.append(("refer", Reason("engine", one.problem)))
        decided += _unsettled(one, [reason.rule for _, reason in pairs], language)
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
    also = tuple(v for v in order if v in values and v not in (strongest, "accept"))
    return Decision(strongest, reasons, also), inferences


def _unsettled(one: Run, told: Sequence[str], language: str) -> Iterator[tuple[str, Reason]]:
    """What counts for the recommendation and could not be judged is for a person, never accepted.

    So it is whatever the pack's own inferences say; those that they speak of are left to them.
    """
    because = "could not be judged" if language == "en" else "未能评定"
    for rule in one.rules:
        r = rule.rule
        error = rolled_up(one.findings[r.id]) is Outcome.ERROR
        if error and r.severity in one.pack.blocking and r.id not in told:
            yield "refer", Reason(r.id, because)


def _date_field(one: Run, options: CheckOptions) -> str:
    """What the field is called that the date of the check is taken from; "" where none is."""
    path = one.pack.schema.declared.dates.check.get(options.stage)
    if not path:
        return ""
    writer = Writer(one.pack, one.base, one.submission.locate, options.language)
    return writer.path_label(pointer_of(path))


def _single_engine(runs: Sequence[Run], options: CheckOptions) -> str | None:
    """Why the findings are one engine's only, as a `CheckRun` says it; None where they are not."""
    if all(one.cross_checked for one in runs):
        return None
    if options.engine != "both":
        return "asked"
    return "failed" if any(one.problem for one in runs) else "unavailable"


def _submission(
    path: str, submission: Submission, faults: Sequence[Fault], one: Run, language: str
) -> SubmissionRecord:
    schema, tree = submission.schema, submission.tree
    whose = schema.declared.whose
    return SubmissionRecord(
        path=path,
        id=code_or_none(text_at(tree, whose.id)),
        name=unshown(text_at(tree, whose.name)),
        strata={name: values_at(tree, where) for name, where in whose.strata.items()},
        strata_shown=strata_shown(schema, tree, language),
        period=period_shown(schema, tree),
        files=submission.files,
        unread_files=submission.unread_files,
        content_sha256=submission.content_sha256,
        normalised=_notes(submission, one, language),
        faults=tuple(faults),
        records=submission.records,
        prose=submission.prose_files,
    )


def _named(faults: Iterable[Fault], one: Run, options: CheckOptions) -> list[Fault]:
    """Faults with the names of their places."""
    writer = Writer(one.pack, one.base, one.submission.locate, options.language)
    named = [replace(f, label=writer.path_label(f.path)) if f.path else f for f in faults]
    if options.language == "zh":
        return named
    return [
        replace(f, found=english(f.found), allowed=choices(f.allowed), hint=english(f.hint))
        for f in named
    ]


def _notes(submission: Submission, one: Run, language: str) -> tuple[Normalised, ...]:
    """What was read otherwise than written, by labels; of what the reader says, the English."""
    writer = Writer(one.pack, one.base, submission.locate, language)
    told = []
    for note in submission.normalised:
        field = submission.schema.at(note.path) if note.path else None
        label = writer.path_label(note.path) if field is not None else ""
        read = field.labels.get(note.read, note.read) if field is not None else note.read
        written = note.written
        if language == "en":
            written, read = english(written), english(note.read)
        told.append(replace(note, written=written, read=read, label=label))
    return tuple(told)


def _packs(runs: Sequence[Run], submission: Submission, language: str) -> PacksApplied:
    told = [one.pack.told_in(language) for one in runs]
    return PacksApplied(
        used=tuple(
            p
            for one, pack in zip(runs, told, strict=True)
            for p in (_pack(pack, one.as_of), *pack.layers_on(one.as_of, language))
        ),
        parameters=tuple(
            p
            for one, pack in zip(runs, told, strict=True)
            for p in _parameters(one, pack, language)
        ),
        data=submission.data_files,
        areas={k: v for pack in told for k, v in pack.areas.items()},
        notes=tuple(
            note
            for one, pack in zip(runs, told, strict=True)
            for note in (*pack.notes, *of_layers(pack, one.as_of, language))
        ),
        lapsed=tuple(
            note
            for one, pack in zip(runs, told, strict=True)
            for note in out_of_force(pack, one.as_of, language)
        ),
        blocking=tuple(s for s in Severity if any(s in one.pack.blocking for one in runs)),
        clauses=_clause_counts(runs),
        nouns=runs[0].pack.nouns,
        stages=runs[0].pack.stages,
    )


def _pack(pack: Pack, as_of: str) -> PackUsed:
    return PackUsed(
        pack.id,
        pack.title,
        pack.version,
        pack.sha256,
        declared(pack, as_of),
        tuple(pack.clauses.values()),
    )


def _sha256(path: str | None) -> str | None:
    if path is None:
        return None
    return hashlib.sha256(read_bytes(Path(path))).hexdigest()


def _off(one: Run, rule: BoundRule, reason: str, name: str, language: str) -> Reason:
    """A question that is not asked, in general words, and for want of what."""
    pack = one.pack.told_in(language)
    if language == "en":
        asked = [review.reason for review in rule.rule.review]
        english = (pack.english.get(rule.rule.id) or {}).get("reason") or []
        english = [english] if isinstance(english, str) else english
        reason = dict(zip(asked, english, strict=False)).get(reason, reason)
    said = in_general(pack, rule.rule, reason, one.as_of, language)
    unset = "not set: " if language == "en" else "未设定："
    told = f"{unset}{_title(pack, name)}"
    return Reason(rule.rule.id, f"{said} ({told})" if language == "en" else f"{said}（{told}）")


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
    clauses = cited(r.clauses, one.pack, one.submission, options.language)
    title = writer.words(rule)[0]
    return RuleResult(
        r.id, title, r.severity, r.area, clauses, rolled_up(findings), tuple(findings)
    )


def _parameters(one: Run, pack: Pack, language: str) -> list[ParameterUsed]:
    used = {name for rule in one.rules for name in rule.parameters}
    result = []
    for name, definition in pack.parameters.items():
        value = definition.on(one.as_of)
        if name not in used or value is None:
            continue
        kind = Type(definition.type.kind, many=definition.type.many)
        shown: Any = _limit(value.value, kind)
        if definition.by:
            shown = {
                "/".join(str(k) for k in key): _limit(v, kind) for key, v in value.table.items()
            }
        ground = value.ground
        if value.layer != pack.id:
            ground = one.pack.ground_told(value, language)
        colon, between = ("：", "；") if language == "zh" else (": ", "; ")
        told = between.join(
            f"{by}{colon}{member}" if by else member
            for by, member in pack.told_values(definition, value, language)
        )
        result.append(
            ParameterUsed(
                name, shown, ground, value.assumption, value.layer, definition.title, told
            )
        )
    return result


def _limit(value: Any, kind: Type) -> Any:
    """A value of a parameter as its pack writes it: a decimal in decimal digits."""
    if isinstance(value, tuple):
        return [_limit(item, kind) for item in value]
    return decimal_text(value) if isinstance(value, Fraction) else plain(value, kind)


def _not_judged(results: Sequence[RuleResult]) -> tuple[Reason, ...]:
    return tuple(
        Reason(r.rule, r.findings[0].message) for r in results if r.outcome is Outcome.NOT_JUDGED
    )


def _missing_evidence(
    runs: Sequence[Run], results: Sequence[RuleResult], language: str
) -> tuple[MissingEvidence, ...]:
    """What is missing by its owner, what settles most rules first; rows alike are shown as one."""
    settles: dict[str, dict[str, None]] = {}
    example: dict[str, set[str]] = {}
    one = runs[0]
    writer = Writer(one.pack, one.base, one.submission.locate, language)
    for result in results:
        for f in result.findings:
            if f.outcome not in (Outcome.INSUFFICIENT, Outcome.NOT_JUDGED):
                continue
            for path in f.missing:
                unloaded = part_to_load(writer, path)
                general = f"/{unloaded}" if unloaded else re.sub(r"/\d+(?=/|$)", "/*", path)
                settles.setdefault(general, {}).setdefault(result.rule)
                example.setdefault(general, set()).add(path)
    found = []
    for general, rules in settles.items():
        paths = example[general]
        unloaded = part_to_load(writer, general)
        path = min(paths) if len(paths) == 1 and not unloaded else general
        label = to_load(writer, path) or writer.path_label(path)
        if all(stated_none(writer, one) for one in paths):
            label += " (“无” stands there)" if language == "en" else "（写作“无”）"
        place = None if unloaded else one.submission.locate(min(paths))
        owner = one.base.owner(min(paths))
        paper = writer.path_label("/" + path.split("/")[1])
        read = rows_read(one.base, path)
        found.append(MissingEvidence(path, label, tuple(rules), place, owner, paper, read))
    order = list(Owner)
    return tuple(sorted(found, key=lambda m: (order.index(m.owner), -len(m.settles), m.path)))


def _clause_counts(runs: Sequence[Run]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in runs:
        for clause in one.pack.clauses.values():
            counts[str(clause.status)] = counts.get(str(clause.status), 0) + 1
    return counts
