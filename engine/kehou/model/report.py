"""A check's report, from which every format is rendered (schemas/report.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kehou.model.confirmations import NOTHING, Confirmed
from kehou.model.nouns import Words, nouns, stages
from kehou.model.outcomes import Outcome, Owner, Severity, Stage
from kehou.model.rules import Clause
from kehou.model.values import Fault, Location, Normalised, RecordNote, Stratum


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about; ``pointer`` is the JSON pointer of its row."""

    entity: str
    key: str
    pointer: str
    label: str


@dataclass(frozen=True, slots=True)
class WaiverUsed:
    """Why a finding is waived, by whom, under which document, and until when (ISO date)."""

    reason: str
    office: str
    document: str
    until: str


@dataclass(frozen=True, slots=True)
class WaiverNote:
    """Something to say of a waiver: ``state`` is expired, not_yet, unused, partial or broad."""

    rule: str
    subject: str
    state: str
    place: str


@dataclass(frozen=True, slots=True)
class AttestationUsed:
    """What an inspector saw that settled a finding, with its outcome and message before.

    ``date`` and ``until`` are ISO dates; ``evidence`` names or numbers what was kept.
    """

    before: Outcome
    message: str
    seen: str
    evidence: str
    office: str
    date: str
    until: str


@dataclass(frozen=True, slots=True)
class AttestationNote:
    """What became of one: ``state`` is settled, agrees, doubt (a pass is now under review),
    no_effect (a computed outcome stands), conflict, partial, unused, changed, expired, not_yet."""

    rule: str
    subject: str
    state: str
    place: str
    before: Outcome | None
    verdict: Outcome
    seen: str
    evidence: str
    office: str
    date: str
    until: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One outcome of one rule on one subject, or on ``count`` subjects alike.

    ``owner`` is whose it is to add what is missing or to check it, None where there is no gap;
    ``found_shown`` and ``required_shown`` are ``found`` and ``required`` by title, for people;
    ``unconfirmed`` where it rests on what was read from prose and nobody has confirmed."""

    outcome: Outcome
    subject: Subject
    count: int
    location: Location | None
    related: tuple[Location, ...]
    message: str
    remedy: str
    found: dict[str, Any]
    required: dict[str, Any]
    missing: tuple[str, ...]
    assumptions: tuple[str, ...]
    fingerprint: str
    others: tuple[str, ...] = ()
    waiver: WaiverUsed | None = None
    members: tuple[str, ...] = ()
    state: str | None = None
    attestation: AttestationUsed | None = None
    owner: Owner | None = None
    found_shown: dict[str, str] = field(default_factory=dict)
    required_shown: dict[str, dict[str, str]] = field(default_factory=dict)
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause as a finding cites it."""

    id: str
    citation: str
    quote: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule's rolled-up outcome with its findings; only adverse ones are listed in full."""

    rule: str
    title: str
    severity: Severity
    area: str
    clauses: tuple[CitedClause, ...]
    outcome: Outcome
    findings: tuple[Finding, ...]
    counterpart: str | None = None

    @property
    def only_read(self) -> bool:
        """Whether all its breaches rest on what a program read and nobody has confirmed."""
        fails = [f.unconfirmed for f in self.findings if f.outcome is Outcome.FAIL]
        return bool(fails) and all(fails)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision or an inference was reached."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What kehou recommends at approval: accept, return, supplement or refer.

    ``also`` are the weaker ones for which there are grounds too, the stronger first."""

    value: str
    reasons: tuple[Reason, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """A mark that ``decisions.yaml`` derived, with the rule that gave it and its reason."""

    mark: str
    subject: str
    label: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """One thing to hand in, to load or to see, in a ``paper``, and the rules it would settle;
    ``read`` rows of it were read from prose, of which there may be more."""

    path: str
    label: str
    settles: tuple[str, ...]
    location: Location | None = None
    owner: Owner = Owner.SUBJECT
    paper: str = ""
    read: int | None = None


@dataclass(frozen=True, slots=True)
class ParameterUsed:
    """A parameter in force, its ground, its layer; ``told`` is the value as people read it."""

    name: str
    value: Any
    ground: str
    assumption: bool
    layer: str
    title: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Hashed:
    """A named or placed input with its SHA-256 in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """A rule as its pack declares it, whether or not it ran.

    ``titles`` and ``remedies`` are by language; slots of a remedy are filled with the parameters
    in force, or hold the field's label in 〔〕.
    """

    id: str
    severity: Severity
    area: str
    stages: tuple[Stage, ...]
    clauses: tuple[str, ...]
    titles: dict[str, str]
    remedies: dict[str, str]


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that was applied, with all its rules and clause parts."""

    id: str
    title: str
    version: str
    sha256: str
    rules: tuple[DeclaredRule, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """A rule whose outcome would differ under another reading of vague words."""

    rule: str
    title: str
    outcome: Outcome
    instead: Outcome
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What another reading (``strict`` or ``lenient``) of the policy's vague words would change."""

    name: str
    changes: tuple[ReadingChange, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One subject of one rule since an earlier report.

    ``state`` is new, open, reopened, fixed (it passes now), gone (the rule no longer applies),
    waived, unjudged, or unseen (no such subject now, which proves nothing). ``place`` and
    ``message`` are the present ones, or the earlier where it is no longer open.
    """

    fingerprint: str
    rule: str
    title: str
    state: str
    before: Outcome | None
    after: Outcome | None
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What changed since the report with this SHA-256; ``fixed_before`` had been fixed then."""

    sha256: str
    changes: tuple[Change, ...]
    fixed_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a check was run with and a report does not show elsewhere: enough to run it again.

    ``packs`` are ids or folders as they were given, ``data`` is (table or record, file) in the
    order given; the files are named as on the command line, relative to the current folder.
    """

    engine: str
    packs: tuple[str, ...]
    data: tuple[tuple[str, str], ...] = ()
    waivers: str | None = None
    baseline: str | None = None
    attestations: tuple[str, ...] = ()
    confirmations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """How a check was run: by what, at which stage, on which dates.

    ``as_of`` says which law holds, ``check_date`` what "already" means; both are ISO dates.
    ``check_date_from`` is where the latter is from: option, attestations, or ``check_date_field``.
    ``cross_checked``: both engines reached every finding; else ``single_engine`` says why not:
    asked, unavailable here, or failed (which a fault tells). ``record``: what it takes to rerun it.
    """

    tool_version: str
    stage: Stage
    as_of: str
    check_date: str | None
    language: str
    cross_checked: bool
    tool_sha256: str | None = None
    record: RunRecord | None = None
    single_engine: str | None = None
    check_date_from: str | None = None
    check_date_field: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """What was handed in: whose it is, its files, and what was read otherwise or not at all.

    ``strata``: name → values of the schema; ``period``: by language and title. ``content_sha256``
    covers ``x-hash``; ``prose`` are read in part; ``from_register``: what a register alone says."""

    path: str
    id: str | None = None
    name: str | None = None
    strata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strata_shown: tuple[Stratum, ...] = ()
    period: Words = field(default_factory=dict)
    files: tuple[Hashed, ...] = ()
    unread_files: tuple[str, ...] = ()
    content_sha256: str | None = None
    normalised: tuple[Normalised, ...] = ()
    faults: tuple[Fault, ...] = ()
    records: tuple[RecordNote, ...] = ()
    prose: tuple[str, ...] = ()
    from_register: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PacksApplied:
    """The packs that applied, what they were given and say; of several the first decides:
    ``clauses`` counts clause parts by status, ``data`` are the bureau's tables and records,
    ``lapsed`` notes of layers not in force. ``nouns`` and ``stages`` are names, by language."""

    used: tuple[PackUsed, ...] = ()
    parameters: tuple[ParameterUsed, ...] = ()
    data: tuple[Hashed, ...] = ()
    areas: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    blocking: tuple[Severity, ...] = (Severity.CRITICAL, Severity.MAJOR)
    clauses: dict[str, int] = field(default_factory=dict)
    nouns: Words = field(default_factory=lambda: nouns({}))
    stages: Words = field(default_factory=lambda: stages({}))

    def words(self, language: str) -> dict[str, str]:
        """What a catalogue's ``%…%`` stand for: nouns and, by their ids, titles of stages."""
        return {**self.nouns[language], **self.stages[language]}


@dataclass(frozen=True, slots=True)
class WaiversApplied:
    """What became of each waiver of the file with this SHA-256."""

    notes: tuple[WaiverNote, ...] = ()
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class AttestationsApplied:
    """What became of each attestation, and the files that they stand in."""

    notes: tuple[AttestationNote, ...] = ()
    files: tuple[Hashed, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one check found; of what could not be read, a run and faults alone."""

    run: CheckRun
    submission: SubmissionRecord
    packs: PacksApplied = PacksApplied()
    decision: Decision | None = None
    inferences: tuple[Inference, ...] = ()
    results: tuple[RuleResult, ...] = ()
    missing_evidence: tuple[MissingEvidence, ...] = ()
    not_judged: tuple[Reason, ...] = ()
    reviews_off: tuple[Reason, ...] = ()
    not_at_this_stage: int = 0
    reading: Reading | None = None
    memory: Memory | None = None
    waivers: WaiversApplied = WaiversApplied()
    attestations: AttestationsApplied = AttestationsApplied()
    confirmed: Confirmed = NOTHING
