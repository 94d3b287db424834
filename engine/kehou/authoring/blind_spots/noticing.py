"""What a change to a submission does to the outcomes of a pack's rules, at each stage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou.authoring.blind_spots.changes import Change
from kehou.authoring.blind_spots.reads import Reads
from kehou.authoring.run_cases import submission_of
from kehou.checking import check_values, date_of
from kehou.checking.dates import in_force
from kehou.checking.declared_values import value_at
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.model.outcomes import Outcome, Stage
from kehou.model.values import Unknown
from kehou.packs import Pack
from kehou.packs.casefiles import Case, patched
from kehou.submission import Submission

_ORDER = {outcome: i for i, outcome in enumerate(Outcome)}
_TOLD = frozenset({Outcome.ERROR, Outcome.FAIL, Outcome.REVIEW})

#: For a pack that holds since ever.
_FIRST_DAY = "0001-01-01"
#: What a rule says of a whole: its rolled-up outcome, and the subjects that it blames or asks of.
Said = tuple[Outcome, frozenset[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Law:
    """A pack and what its rules read."""

    pack: Pack
    reads: Reads


@dataclass
class Judge:
    """Judges changes of one good submission at some stages, against what holds without them.

    ``raw`` is its tree of text, read as the first pack of ``laws`` has it and judged by all of
    these that are in force. With ``whole`` every rule is judged again for every change, not only
    those that read what it touches: slow, and must come to the same.
    """

    laws: Sequence[Law]
    raw: Any
    stages: Collection[Stage]
    whole: bool = False
    _bound: dict[Any, dict[str, BoundRule]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schema = self.laws[0].pack.schema
        self.submission = self._read(self.raw)
        self.known = _faults(self.submission)
        self.applied = self.in_force(self.submission)
        self.before = {
            (law.pack.id, stage): self._said(law.pack, self.submission, stage, _every(law.pack))
            for law in self.applied
            for stage in self.stages
        }

    def notices(self, change: Change) -> bool | None:
        """Whether some rule comes out otherwise at some stage; None where nothing is changed.

        A value that is no longer read is noticed as well, and a day on which other packs hold: the
        report says so.
        """
        submission = self._read(patched(self.raw, _case(change.values, change.dropped)))
        if submission.tree == self.submission.tree:
            return None
        if _faults(submission) - self.known:
            return True
        applied = self.in_force(submission)
        if applied != self.applied:
            return True
        return any(
            self._differs(law, submission, stage, change)
            for law in applied
            for stage in self.stages
        )

    def as_of(self, submission: Submission) -> str:
        """The day whose law applies: the declared one, else the first on which the pack holds."""
        found = value_at(submission.tree, self.schema.declared.dates.as_of)
        first = self.laws[0].pack.effective_from or _FIRST_DAY
        return found if isinstance(found, str) else first

    def in_force(self, submission: Submission) -> list[Law]:
        """The packs that hold on the day of a submission."""
        on = self.as_of(submission)
        dates = [(law, (law.pack.effective_from, law.pack.effective_to)) for law in self.laws]
        return [law for law, between in dates if in_force(between, on)]

    def _differs(self, law: Law, submission: Submission, stage: Stage, change: Change) -> bool:
        before = self.before.get((law.pack.id, stage), {})
        rules = _every(law.pack) if self.whole else self._concerned(law, change, submission)
        said = self._said(law.pack, submission, stage, rules)
        return any(before.get(rule) != found for rule, found in said.items())

    def _concerned(self, law: Law, change: Change, submission: Submission) -> frozenset[str]:
        """The rules that read what a change touches, or contradictions where these are others."""
        found = law.reads.concerned(change)
        part = self.schema.conflicts
        if part is None:
            return found
        now, before = (each.tree.get(part.name) for each in (submission, self.submission))
        return found if now == before else found | law.reads.under(part.path)

    def _read(self, tree: Any) -> Submission:
        copied = patched(tree, _case({}, ()))
        return submission_of(self.laws[0].pack, copied, _case({}, ()))

    def _said(
        self, pack: Pack, submission: Submission, stage: Stage, wanted: frozenset[str]
    ) -> dict[str, Said]:
        """What the wanted rules of a pack say at a stage."""
        on = self.as_of(submission)
        bound = self._rules(pack, stage, on, submission)
        rules = [rule for name, rule in bound.items() if name in wanted]
        if not rules:
            return {}
        check = check_values(submission, stage, date_of(self.schema, submission.tree, stage))
        # The hash stays that of the good submission: else a record of it would notice any change.
        check["check.content_sha256"] = self.submission.content_sha256 or Unknown((), False)
        parameters = pack.in_force(on)
        base = FactBase(pack, submission.tree, parameters, check, submission.faulted)
        prepare(base, rules)
        outcomes = direct.run(rules, base)
        return {rule.rule.id: _said_of(rule, base, outcomes[rule.rule.id]) for rule in rules}

    def _rules(
        self, pack: Pack, stage: Stage, on: str, submission: Submission
    ) -> Mapping[str, BoundRule]:
        key = (pack.id, stage, on, submission.bureau)
        if key not in self._bound:
            bound, _ = bind_rules(pack, stage, on, submission.bureau)
            self._bound[key] = {rule.rule.id: rule for rule in bound}
        return self._bound[key]


def _every(pack: Pack) -> frozenset[str]:
    return frozenset(pack.rules)


def _said_of(rule: BoundRule, base: FactBase, outcomes: Iterable[Outcome]) -> Said:
    facts = base.entities[rule.rule.each]
    pairs = list(zip(facts, outcomes, strict=True))
    worst = min(
        (outcome for _, outcome in pairs), key=_ORDER.__getitem__, default=Outcome.NOT_APPLICABLE
    )
    told = {(fact.key, fact.ordinal, outcome) for fact, outcome in pairs if outcome in _TOLD}
    return worst, frozenset(told)


def _faults(submission: Submission) -> frozenset[str]:
    return frozenset(fault.path for fault in submission.faults)


def _case(values: Mapping[str, Any], dropped: tuple[str, ...]) -> Case:
    return Case("", "", "", Stage.APPROVAL, None, None, {}, values, dropped, {}, {}, {})
