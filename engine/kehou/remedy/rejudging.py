"""A submission judged again and again with values changed: only outcomes, by rule and place.

The direct engine alone is asked, on typed trees; what is found this way is proven afterwards by a
whole check of the changed text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kehou.checking import CheckOptions, check_values, date_of
from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.language import Parameter
from kehou.model.outcomes import Outcome, Severity
from kehou.packs import Pack
from kehou.submission import Submission

ADVERSE = (
    Outcome.ERROR,
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.INSUFFICIENT,
    Outcome.NOT_JUDGED,
)

#: A rule (``pack/rule``) and the pointer of the row that it judges.
Target = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A pack with the rules that judge, as they are in force."""

    pack: Pack
    parameters: Mapping[str, Parameter]
    rules: tuple[BoundRule, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Outcomes of one tree: how often by rule, outcome and pointer; and the facts they are of."""

    counts: Counter[tuple[str, Outcome, str]]
    bases: tuple[FactBase, ...]
    outcomes: tuple[Mapping[str, list[Outcome]], ...] = field(default=(), repr=False)

    def adverse(self) -> Counter[tuple[str, Outcome, str]]:
        """The outcomes that nobody wants, with how many subjects have them."""
        return Counter({key: n for key, n in self.counts.items() if key[1] in ADVERSE})

    def total(self, name: str, outcome: Outcome) -> int:
        """On how many subjects a rule comes to an outcome."""
        return sum(
            n for (rule, found, _), n in self.counts.items() if (rule, found) == (name, outcome)
        )


@dataclass(frozen=True)
class Bench:
    """What a submission is judged by."""

    submission: Submission
    options: CheckOptions
    bound: tuple[Bound, ...]
    blocking: frozenset[Severity]

    def judge(self, tree: Mapping[str, Any], only: Collection[str] | None = None) -> Judged:
        """Outcomes of a tree; ``only`` names the rules asked for (``pack/rule``)."""
        counts: Counter[tuple[str, Outcome, str]] = Counter()
        bases, outcomes = [], []
        submission = replace(self.submission, tree=dict(tree))
        stage = self.options.stage
        date = self.options.on or date_of(submission.schema, tree, stage)
        values = check_values(submission, stage, date)
        for one in self.bound:
            rules = [r for r in one.rules if only is None or name_of(one.pack, r) in only]
            base = FactBase(
                one.pack,
                tree,
                one.parameters,
                values,
                submission.faulted,
                submission.open_lists,
                submission.open_world,
            )
            prepare(base, rules)
            found = direct.run(rules, base)
            for rule in rules:
                name = name_of(one.pack, rule)
                for fact, outcome in zip(
                    base.entities[rule.rule.each], found[rule.rule.id], strict=True
                ):
                    counts[(name, outcome, fact.pointer)] += 1
            bases.append(base)
            outcomes.append(found)
        return Judged(counts, tuple(bases), tuple(outcomes))

    def failing(self, judged: Judged) -> Iterator[tuple[Target, BoundRule, FactBase, Fact]]:
        """Every blocking fail: its rule and subject."""
        for one, base, found in zip(self.bound, judged.bases, judged.outcomes, strict=True):
            for rule in one.rules:
                if rule.rule.severity not in self.blocking:
                    continue
                facts = base.entities[rule.rule.each]
                for fact, outcome in zip(facts, found[rule.rule.id], strict=True):
                    if outcome is Outcome.FAIL:
                        yield (name_of(one.pack, rule), fact.pointer), rule, base, fact


def name_of(pack: Pack, rule: BoundRule) -> str:
    """A rule's name among all packs."""
    return f"{pack.id}/{rule.rule.id}"


def bench(
    packs: Collection[Pack], submission: Submission, options: CheckOptions, as_of: str
) -> Bench:
    """Everything that judges a submission on a date, bound once."""
    bound = []
    for pack in packs:
        parameters = pack.in_force(as_of)
        rules, _ = bind_rules(pack, options.stage, as_of, submission.bureau, parameters)
        bound.append(Bound(pack, parameters, tuple(rules)))
    blocking = frozenset(severity for pack in packs for severity in pack.blocking)
    return Bench(submission, options, tuple(bound), blocking)


__all__ = ["ADVERSE", "Bench", "Bound", "Judged", "Target", "bench", "name_of"]
