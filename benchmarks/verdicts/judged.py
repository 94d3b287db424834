"""What the engines say of a patched base, and what of it is new against the base itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.verdicts.probes import Base, Probe, as_case, patched_with
from kehou import packs
from kehou.authoring.run_cases import submission_of
from kehou.checking import Writer, check_values, date_of
from kehou.checking.dates import in_force, law_date
from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.model.outcomes import Outcome, Severity, Stage
from kehou.model.values import Location
from kehou.packs import Pack
from kehou.submission import Submission

#: Outcomes that a probe can be right or wrong about, most adverse first.
ADVERSE = (Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW, Outcome.INSUFFICIENT)
#: Stands for a rule where values could not be read.
UNREAD = "读不出来"


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule says of a submission: the subjects by outcome, the most adverse first."""

    rule: str
    clauses: tuple[str, ...]
    severity: Severity
    blocking: bool
    subjects: Mapping[str, Outcome]
    message: str = ""

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcomes that some subject has."""
        return [outcome for outcome in ADVERSE if outcome in self.subjects.values()]


@dataclass
class Judge:
    """Judges trees; packs are loaded, bases judged and rules bound once.

    ``disagreements`` are (what was judged, rule) where the engines differ; ``both`` asks for it.
    """

    bases: Mapping[str, Base]
    both: bool = False
    disagreements: list[tuple[str, str]] = field(default_factory=list)
    _packs: dict[str, Pack] = field(default_factory=dict)
    _bound: dict[Any, list[BoundRule]] = field(default_factory=dict)
    _plain: dict[Any, list[Found]] = field(default_factory=dict)

    def pack(self, name: str) -> Pack:
        """A pack, loaded on first use."""
        if name not in self._packs:
            self._packs[name] = packs.load(name)
        return self._packs[name]

    def new(self, probe: Probe) -> list[Found]:
        """What is adverse with a probe's patch and is not so without it, on the same day."""
        base = self.bases[probe.base]
        key = (probe.base, probe.stage, probe.check_date)
        if key not in self._plain:
            self._plain[key] = self.all(base, probe.base, base.tree, probe.stage, probe.check_date)
        known = {found.rule: found.subjects for found in self._plain[key]}
        tree = patched_with(base.tree, probe.changes, probe.drop)
        result = []
        for found in self.all(base, probe.ref, tree, probe.stage, probe.check_date):
            before = known.get(found.rule, {})
            fresh = {
                subject: outcome
                for subject, outcome in found.subjects.items()
                if ADVERSE.index(outcome) < _rank(before.get(subject))
            }
            if fresh:
                result.append(_of(found, fresh))
        return result

    def all(
        self, base: Base, name: str, tree: Any, stage: Stage, check_date: str | None = None
    ) -> list[Found]:
        """Everything adverse in a tree, under every pack of its base that is in force."""
        date = check_date or base.check_dates.get(stage)
        first = self.pack(base.packs[0])
        submission = submission_of(first, tree, as_case(name, stage, {}, ()))
        as_of = law_date([first], submission.tree)
        result = list(_unread(submission))
        for pack in self.in_force(base, as_of):
            result += list(self._judged(pack, name, submission, stage, as_of, date))
        return result

    def in_force(self, base: Base, as_of: str) -> list[Pack]:
        """The packs of a base that hold on a date."""
        loaded = map(self.pack, base.packs)
        return [p for p in loaded if in_force((p.effective_from, p.effective_to), as_of)]

    def _judged(
        self,
        pack: Pack,
        name: str,
        submission: Submission,
        stage: Stage,
        as_of: str,
        date: str | None,
    ) -> Iterator[Found]:
        parameters = pack.in_force(as_of)
        key = (pack.id, stage, as_of, submission.bureau)
        if key not in self._bound:
            self._bound[key] = bind_rules(pack, stage, as_of, submission.bureau, parameters)[0]
        rules = self._bound[key]
        on = date or date_of(submission.schema, submission.tree, stage)
        check = check_values(submission, stage, on)
        facts = FactBase(pack, submission.tree, parameters, check, submission.faulted)
        prepare(facts, rules)
        outcomes = direct.run(rules, facts)
        if self.both:
            self._compare(name, rules, facts, outcomes)
        writer = Writer(pack, facts, Location)
        for bound in rules:
            found = outcomes[bound.rule.id]
            if any(outcome in ADVERSE for outcome in found):
                yield _found(pack, bound, facts, found, writer)

    def _compare(
        self,
        name: str,
        rules: Sequence[BoundRule],
        facts: FactBase,
        mine: Mapping[str, list[Outcome]],
    ) -> None:
        from kehou.judging import rete

        running = rete.start(rules, facts)
        try:
            theirs = running.outcomes()
        finally:
            running.close()
        self.disagreements += [(name, rule) for rule in mine if mine[rule] != theirs[rule]]


def _unread(submission: Submission) -> Iterator[Found]:
    """Values that could not be read, told as a rule of no clause."""
    faults = submission.faults
    if faults:
        told = "；".join(f"{fault.path} 写的是 {fault.found}" for fault in faults)
        subjects = {fault.path: Outcome.ERROR for fault in faults}
        yield Found(UNREAD, (), Severity.CRITICAL, True, subjects, told)


def _rank(outcome: Outcome | None) -> int:
    return len(ADVERSE) if outcome is None else ADVERSE.index(outcome)


def _of(found: Found, subjects: Mapping[str, Outcome]) -> Found:
    return Found(found.rule, found.clauses, found.severity, found.blocking, subjects, found.message)


def _found(
    pack: Pack, bound: BoundRule, facts: FactBase, outcomes: list[Outcome], writer: Writer
) -> Found:
    subjects: dict[str, Outcome] = {}
    for fact, outcome in zip(facts.entities[bound.rule.each], outcomes, strict=True):
        if outcome is Outcome.INSUFFICIENT:
            outcome = direct.gap(facts, direct.missing(bound, facts, fact))
        name = _name(fact)
        if outcome in ADVERSE and ADVERSE.index(outcome) < _rank(subjects.get(name)):
            subjects[name] = outcome
    rule = bound.rule
    said = writer.findings(bound, outcomes)
    message = said[0].message if said else ""
    blocking = rule.severity in pack.blocking
    return Found(rule.id, rule.clauses, rule.severity, blocking, subjects, message)


def _name(fact: Fact) -> str:
    """A subject by what it is, not by where it stands: rows may move."""
    return f"{fact.entity}[{','.join(str(part) for part in fact.key)}]{fact.ordinal or ''}"
