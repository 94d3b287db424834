"""Frozen records and enumerations that every other module speaks in.

Nothing here computes: values, conditions, rules, findings and the report are plain data.
Units inside kehou: money is integer fen, times are minutes of the day, dates are ISO text
(``2021-09-01``), ratios are exact fractions. ``None`` means *not supplied*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar


class Outcome(StrEnum):
    """What a rule says of a subject; members stand in roll-up order, most adverse first."""

    ERROR = "error"
    FAIL = "fail"
    REVIEW = "review"
    INSUFFICIENT = "insufficient"
    NOT_JUDGED = "not_judged"
    WAIVED = "waived"
    PASS = "pass"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How grave a breach is; members stand most severe first (reading-notes §3)."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    ADVICE = "advice"


class Stage(StrEnum):
    """When a submission is looked at: 方案备案, 不定期检查, 年终考核."""

    APPROVAL = "approval"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"


class ClauseStatus(StrEnum):
    """What carries a clause part (DESIGN §5)."""

    AUTOMATED = "automated"
    PARTLY = "partly"
    MANUAL = "manual"
    PERMISSION = "permission"
    NOT_FOR_SCHOOLS = "not_for_schools"
    NOT_CHECKABLE = "not_checkable"
    PLANNED = "planned"


# --- values -------------------------------------------------------------------------------


class Absent:
    """The school states that there is none (无, ``[]``); its only instance is ``ABSENT``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()

#: Stand-ins for an open bound; beyond any count, minute or fen a submission may hold.
INF: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told from what was handed in.

    ``paths`` are JSON pointers of what is missing. ``closable`` is true where nothing was
    supplied at all, so that a rule's ``closed`` may read it as absent; it is false where a
    value was invalid or only a part of a row is missing.
    """

    paths: tuple[str, ...] = ()
    closable: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number known only to lie in ``[lo, hi]``, with the pointers that would settle it."""

    lo: int | Fraction
    hi: int | Fraction
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A collected list of which ``items`` are certain and more may belong to it."""

    items: tuple[Any, ...]
    paths: tuple[str, ...] = ()


# --- conditions (grammar: language.md §1) --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Param:
    """``{param: Name, by?: Name|[Name]}``"""

    name: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRef:
    """``{field: Name}`` as an operand."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A literal operand, already typed (fen, minutes, ISO date …); lists are tuples."""

    value: Any


Arg = Const | Param | FieldRef


@dataclass(frozen=True, slots=True)
class Test:
    """One operator on a field (or on a parameter); ``args`` has two members for ``within``."""

    subject: FieldRef | Param
    op: str
    args: tuple[Arg, ...]
    line: int = 0


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class All(Generic[T]):
    """Kleene conjunction."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Any_(Generic[T]):
    """Kleene disjunction."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[T]):
    """Kleene negation."""

    item: T


#: A condition as a rule file states it; `conditions.Bound` is the same tree with typed leaves.
Cond = Test | All["Cond"] | Any_["Cond"] | Not["Cond"]


@dataclass(frozen=True, slots=True)
class Review:
    """One reason for which a person must look."""

    when: Cond
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The executable form of one or more clause parts (DESIGN §4)."""

    id: str
    title: str
    clauses: tuple[str, ...]
    severity: Severity
    stages: tuple[Stage, ...]
    valid_from: str | None
    valid_to: str | None
    mandatory: bool
    counterpart: str | None
    each: str
    closed: dict[str, tuple[str, ...]]
    when: Cond | None
    require: Cond | None
    review: tuple[Review, ...]
    message: str | None
    remedy: str
    area: str
    pack: str
    file: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the policy's text; ``offset`` counts characters of ``source.txt`` from 0."""

    id: str
    citation: str
    quote: str
    offset: int
    sentence: int
    modality: str
    addressee: str
    status: ClauseStatus
    reason: str | None = None


# --- decisions: a second stratum over the agreed findings (language.md §1, decisions.yaml) --


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a decision rule.

    ``kind`` is ``finding``, ``entity:<name>`` or ``mark:<name>``; ``equals`` pairs a field with a
    literal; ``same`` has (own field, earlier variable, its field).
    """

    var: str
    kind: str
    equals: tuple[tuple[str, Any], ...] = ()
    same: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """``when`` patterns joined by equality, then a mark on a subject or a decision, and why.

    Exactly one of ``mark`` (with ``subject`` as (variable, field)) and ``decide`` is given.
    """

    id: str
    when: tuple[Pattern, ...]
    mark: str | None
    subject: tuple[str, str] | None
    decide: str | None
    because: str
    line: int = 0


#: The key that tells what a fact of the second stratum is; no field can have this name.
KIND: Final = "@kind"

#: A flat fact of the second stratum: its `KIND` and typed scalar fields; unknown ones left out.
DecisionFact = dict[str, Any]

#: A firing: rule id and, pattern by pattern, the identity of the fact it matched. The identity of
#: the n-th input fact is ``"n"``, that of a derived mark ``"mark:<name>:<subject>"``.
Firing = tuple[str, tuple[str, ...]]


# --- places --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands; lines and columns count characters from 1, ends are exclusive.

    ``excerpt`` is the source line with private values masked; empty where there is none.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: str | None = None
    paragraph: int | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a submission that could not be read; it is read as not supplied."""

    location: Location
    path: str
    found: str
    allowed: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value that was read otherwise than it was written, e.g. ``１８点３０分`` as ``18:30``."""

    path: str
    location: Location
    written: str
    read: str


# --- findings and report (DESIGN §7) -------------------------------------------------------


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
    """What became of an attestation: ``state`` is settled, agrees, doubt (a pass is now under
    review), no_effect (a computed outcome stands), conflict, partial, unused, expired or not_yet.
    """

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
    """One outcome of one rule on one subject, or on ``count`` subjects alike."""

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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision or an inference was reached."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What kehou recommends at approval: accept, return, supplement or refer."""

    value: str
    reasons: tuple[Reason, ...]


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
    """One thing to hand in, and the rules it would let kehou judge."""

    path: str
    label: str
    settles: tuple[str, ...]
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ParameterUsed:
    """A parameter in force, with its ground and the layer that set it; value as displayed."""

    name: str
    value: Any
    ground: str
    assumption: bool
    layer: str


@dataclass(frozen=True, slots=True)
class Hashed:
    """A named or placed input with its SHA-256 in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """A rule as its pack declares it, whether or not it ran.

    ``titles`` and ``remedies`` are by language (``zh``, and ``en`` where the pack has it); slots
    of a remedy are filled with the parameters in force, or hold the field's label in 〔〕.
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

    ``state`` is new, open, reopened, fixed (it passes now), gone (the rule no longer applies to
    it), waived, unjudged, or unseen (no such subject now, which proves nothing). ``place`` and
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


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one check found; every format is rendered from this."""

    tool_version: str
    stage: Stage
    as_of: str
    check_date: str | None
    language: str
    cross_checked: bool
    packs: tuple[PackUsed, ...]
    parameters: tuple[ParameterUsed, ...]
    data: tuple[Hashed, ...]
    school_id: str | None
    school_name: str | None
    school_levels: tuple[str, ...]
    path: str
    files: tuple[Hashed, ...]
    unread_files: tuple[str, ...]
    plan_sha256: str | None
    normalised: tuple[Normalised, ...]
    faults: tuple[Fault, ...]
    decision: Decision | None
    inferences: tuple[Inference, ...]
    results: tuple[RuleResult, ...]
    missing_evidence: tuple[MissingEvidence, ...]
    not_judged: tuple[Reason, ...]
    reviews_off: tuple[Reason, ...]
    not_at_this_stage: int
    clauses: dict[str, int]
    areas: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    blocking: tuple[Severity, ...] = (Severity.CRITICAL, Severity.MAJOR)
    reading: Reading | None = None
    waivers: tuple[WaiverNote, ...] = ()
    waivers_sha256: str | None = None
    memory: Memory | None = None
    attestations: tuple[AttestationNote, ...] = ()
    attestation_files: tuple[Hashed, ...] = ()
    tool_sha256: str | None = None
    run: RunRecord | None = None
    school_county: str | None = None
    school_township: str | None = None
