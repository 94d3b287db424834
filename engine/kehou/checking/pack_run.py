"""One pack run on one submission: facts, both engines, their agreement, findings, inferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kehou.checking import attestations as attesting
from kehou.checking import engines
from kehou.checking import waivers as waiving
from kehou.checking.attestations import SHORT, Attestation
from kehou.checking.carried_attestations import CARRIED_TOLD, carried_over
from kehou.checking.dates import check_date, check_values, law_date
from kehou.checking.decisions import entity_facts, finding_facts
from kehou.checking.findings import Writer
from kehou.checking.options import CheckOptions
from kehou.checking.own_words import with_own_words
from kehou.checking.subject_names import fingerprint
from kehou.checking.waivers import Waiver
from kehou.facts import FactBase
from kehou.judging import BoundRule, bound_program, prepare
from kehou.model.attested import of_text
from kehou.model.outcomes import Outcome
from kehou.model.report import AttestationNote, Finding, WaiverNote
from kehou.model.rules import DecisionFact, Firing
from kehou.packs import Pack
from kehou.submission import Submission


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
    check_date_from: str | None
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
    since = options.attested_since
    seen = [one.date for one in attestations]
    checked, source = check_date(pack.schema, submission.tree, options.stage, options.on, seen)
    rules, elsewhere, parameters = bound_program(
        pack, options.stage, as_of, submission.bureau, options.reading, submission.open_world
    )
    values = check_values(submission, options.stage, checked)
    read = submission.faulted, submission.open_lists, submission.open_world
    base = FactBase(pack, submission.tree, parameters, values, *read)
    running = engines.start(rules, options.engine)
    try:
        prepare(base, rules)
        entities = entity_facts(pack, base, options.language)
        told_of = submission.locate, options.language, options.track, submission.is_unconfirmed
        writer = Writer(pack, base, *told_of)
        judged = engines.judged(rules, base, running, options.engine, writer)
        on = checked or as_of
        found = with_own_words(judged.findings, submission, options.language)
        text = of_text(file.sha256 for file in submission.files)
        attested, told = _attested(found, attestations, writer, rules, (since, on), text)
        mine = [waiver for waiver in waivers if waiver.rule in pack.rules]
        findings, notes = waiving.apply(attested, mine, on)
        facts = [*finding_facts(pack, rules, findings), *entities]
        fired, crossed, problem = engines.inferences(pack.decisions, facts, running, judged)
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
        checked,
        source,
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


def _attested(
    findings: Mapping[str, Sequence[Finding]],
    attestations: Sequence[Attestation],
    writer: Writer,
    rules: Sequence[BoundRule],
    days: tuple[str | None, str],
    text: str,
) -> tuple[dict[str, list[Finding]], list[AttestationNote]]:
    """Findings with the attested ones settled, those of a counterpart in another pack included.

    ``days`` are the day after which the latest alone counts (else None), and that of the check;
    ``text`` is the mark of the files that were handed in.

    Of one carried over only what did not come out is told: its own pack tells the rest.
    """
    pack = writer.pack
    seen = [one for one in attestations if one.rule in pack.rules or not one.rule]
    twins = [one for one in attestations if one.twin in pack.rules]
    carried = carried_over(twins, writer.base)
    remedies = {one.rule.id: writer.words(one)[2] for one in rules} if attestations else {}
    each = {one.rule.id: one.rule.each for one in rules}

    def there(one: Attestation) -> bool:
        entity = each.get(one.rule)
        if entity is None or entity not in pack.entities:
            return True
        known = {fingerprint(one.rule, fact)[:SHORT] for fact in writer.base.rows(entity)}
        return bool(known & {name for _, name in one.about()})

    settled, told = attesting.apply(
        findings, [*seen, *carried], days[1], remedies, days[0], text, there
    )
    doubles = {(one.rule, one.place) for one in carried}
    return settled, [
        note
        for note in told
        if (note.rule, note.place) not in doubles or note.state in CARRIED_TOLD
    ]
