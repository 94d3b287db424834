"""``kehou test --mutate``: do the cases notice when a rule is changed a little?

Every mutant runs on the cases of its rule, on the direct engine; facts are built once for a case
and anew only where a derived value changes. A surviving mutant that cannot change any outcome
(its normal forms are the rule's) is no mutant. Mutation score = killed / all mutants; what a case
file excuses under ``survivors`` is not killed, but does not fail the run.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kehou import packs
from kehou.authoring.equivalence import same_outcomes
from kehou.authoring.mutation.fact_mutants import FactMutant, fact_mutants
from kehou.authoring.mutation.rule_mutants import Mutant, rule_mutants
from kehou.authoring.run_cases import Bases, Trial, compare, set_up
from kehou.facts import FactBase
from kehou.judging import BoundRule, bind_rule, direct, prepare
from kehou.language import ROOT, Parameter
from kehou.model.outcomes import Outcome
from kehou.model.rules import Rule
from kehou.packs import Pack
from kehou.packs.casefiles import CaseFile, read_cases
from kehou.packs.positions import Sites
from kehou.packs.uses import Uses, behind_fields


@dataclass(frozen=True, slots=True)
class Survived:
    """A mutant that no case noticed: where, its id, what it changes and which case would notice."""

    place: str
    mutant: str
    words: str
    kill: str


@dataclass
class MutationRun:
    """What mutating a pack came to.

    ``survived`` are mutants that no case file excuses. ``untested``, ``unused`` and ``failing``
    are (place, message): rules without a case that could notice anything, excuses that nothing
    needs, and cases that fail without any mutant.
    """

    total: int = 0
    killed: int = 0
    excused: int = 0
    survived: list[Survived] = field(default_factory=list)
    untested: list[tuple[str, str]] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)
    failing: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: MutationRun) -> None:
        """Take in what another pack came to."""
        self.total += other.total
        self.killed += other.killed
        self.excused += other.excused
        self.survived += other.survived
        self.untested += other.untested
        self.unused += other.unused
        self.failing += other.failing

    @property
    def alive(self) -> int:
        """Mutants that are neither killed nor excused."""
        return self.total - self.killed - self.excused

    @property
    def score(self) -> float:
        """Killed mutants of a hundred, cut (not rounded) to one decimal; 100 of none."""
        return 1000 * self.killed // self.total / 10 if self.total else 100.0


def mutate(pack_path: str, rule_ids: Sequence[str] | None = None) -> MutationRun:
    """Run the mutants of a pack, or of some of its rules and what these read.

    Of a pack with layers those of the topmost: the cases below are about the values below.
    """
    pack = packs.load(pack_path)
    return _Mutation(pack, rule_ids or list(pack.topmost().rules)).run()


@dataclass
class _Bench:
    """A rule with its cases made ready and their outcomes without a mutant."""

    rule: Rule
    file: CaseFile
    uses: Uses
    trials: list[tuple[Trial, list[Outcome]]] = field(default_factory=list)

    def parameters(self) -> list[Parameter]:
        """The parameters that its cases set."""
        return [t.parameters[name] for t, _ in self.trials for name in t.case.params]


class _Mutation:
    """One run over a pack."""

    def __init__(self, pack: Pack, wanted: Sequence[str]) -> None:
        self.pack = pack
        self.wanted = set(wanted)
        self.sites = Sites(pack)
        self.result = MutationRun()
        self._bases = Bases(pack)
        self._benches: dict[str, _Bench] = {}

    def run(self) -> MutationRun:
        benches = [self._bench(rule) for rule in self.pack.rules.values() if rule.id in self.wanted]
        survivors: dict[str, set[str]] = {}
        for bench in benches:
            survivors[bench.rule.id] = set(self._rule(bench))
        shared = set(self._facts(benches))
        for bench in benches:
            self._unused(bench, survivors[bench.rule.id] | shared)
        return self.result

    def _bench(self, rule: Rule) -> _Bench:
        if rule.id not in self._benches:
            file = read_cases(self.pack, rule)
            bench = _Bench(rule, file, behind_fields(self.pack, rule))
            self.result.failing += [
                (place, f"{told} {hint}".strip()) for place, told, hint in file.faults
            ]
            for case in file.cases if file.base else ():
                trial = set_up(self.pack, rule, case, self._bases[file.base])
                if isinstance(trial, str):
                    self.result.failing.append((case.place, f"{case.name}：{trial}"))
                    continue
                outcomes = direct.run([trial.bound], trial.base)[rule.id]
                problems = compare(trial, outcomes)
                if problems:
                    self.result.failing.append((case.place, f"{case.name}：{problems[0]}"))
                else:
                    bench.trials.append((trial, outcomes))
            self._benches[rule.id] = bench
        return self._benches[rule.id]

    # --- mutants of a rule -------------------------------------------------------------------

    def _rule(self, bench: _Bench) -> Iterator[str]:
        """Ids of the rule's mutants that live, excused or not."""
        excused = {survivor.mutant for survivor in bench.file.survivors}
        mutants = rule_mutants(self.pack, bench.rule, bench.parameters())
        if not bench.trials:
            self.result.total += len(mutants)
            place = self.sites.of(bench.rule, "id")
            message = f"规则 {bench.rule.id} 没有能运行的用例，改错 {len(mutants)} 处都不会被发现"
            self.result.untested.append((place, message))
            return
        for mutant in mutants:
            if _rule_mutant_killed(bench, mutant):
                self._count(True)
            elif not _changes_nothing(bench, mutant):
                self._count(False)
                yield mutant.id
                place = (
                    self.sites.in_rule(bench.rule, mutant.pointer)
                    if mutant.pointer
                    else self.sites.mention(bench.rule.file, "param", mutant.parameter)
                )
                self._survive(mutant.id in excused, place, mutant, mutant.kill)

    def _rules(self) -> list[Rule]:
        """The rules whose cases are run: of a layer those that it adds, and those asked for."""
        ours = self.wanted | self.pack.topmost().rules.keys()
        return [rule for rule in self.pack.rules.values() if rule.id in ours]

    def _own(self, uses: Uses) -> tuple[set[tuple[str, str]], set[str], set[str]]:
        """The derived fields, entities and parameters in use that a layer adds, or a pack has."""
        if self.pack.top is None:
            return uses.derived, uses.entities, uses.parameters
        document = self.sites.document("facts.yaml")

        def added(*steps: str) -> bool:
            return document is not None and document.key_span("/" + "/".join(steps)) is not None

        layer = self.pack.layers[-1].id
        values = {name: self.pack.parameters[name].values for name in uses.parameters}
        return (
            {(owner, name) for owner, name in uses.derived if added("fields", f"{owner}.{name}")},
            {name for name in uses.entities if added("entities", name)},
            {name for name, all_ in values.items() if {v.layer for v in all_} == {layer}},
        )

    # --- mutants of what rules read ----------------------------------------------------------

    def _facts(self, benches: Sequence[_Bench]) -> Iterator[str]:
        """Ids of the living mutants of derived fields, entities and the parameters behind them."""
        uses = Uses()
        for bench in benches:
            uses.add(bench.uses)
        readers = [
            bench
            for bench in map(self._bench, self._rules())
            if bench.uses.derived & uses.derived
            or bench.uses.entities & uses.entities
            or bench.uses.parameters & uses.parameters
        ]
        given = [parameter for bench in readers for parameter in bench.parameters()]
        found = fact_mutants(self.pack, *self._own(uses), given)
        for mutant in list(found):
            concerned = [bench for bench in readers if _reads(bench.uses, mutant)]
            if _fact_mutant_killed(self.pack, concerned, mutant):
                self._count(True)
                continue
            self._count(False)
            yield mutant.id
            excused = any(s.mutant == mutant.id for b in concerned for s in b.file.survivors)
            place = self.sites.at_pointer(mutant.file, mutant.pointer)
            rules = "、".join(bench.rule.id for bench in concerned[:4])
            self._survive(excused, place, mutant, f"{mutant.kill}；用到它的规则：{rules}")

    # --- counting ----------------------------------------------------------------------------

    def _count(self, killed: bool) -> None:
        self.result.total += 1
        self.result.killed += killed

    def _survive(self, excused: bool, place: str, mutant: Mutant | FactMutant, kill: str) -> None:
        if excused:
            self.result.excused += 1
        else:
            self.result.survived.append(Survived(place, mutant.id, mutant.words, kill))

    def _unused(self, bench: _Bench, alive: set[str]) -> None:
        for survivor in bench.file.survivors:
            if survivor.mutant not in alive:
                message = f"survivors 中的“{survivor.mutant}”已被用例发现，或没有这个变异，请删去"
                self.result.unused.append((survivor.place, message))


# --- one mutant ----------------------------------------------------------------------------


def _rule_mutant_killed(bench: _Bench, mutant: Mutant) -> bool:
    bound_for: dict[Any, BoundRule | None] = {}
    for trial, outcomes in bench.trials:
        key = (trial.case.stage, trial.as_of, trial.submission.bureau, repr(trial.case.params))
        if key not in bound_for:
            bound_for[key] = _bound(trial, mutant)
        bound = bound_for[key]
        if bound is not None and _noticed(replace(trial, bound=bound), trial, outcomes):
            return True
    return False


def _bound(trial: Trial, mutant: Mutant) -> BoundRule | None:
    """The mutant bound as a case asks for; None where it changes nothing there."""
    parameters = trial.parameters
    if mutant.change is not None:
        changed = mutant.change(parameters[mutant.parameter])
        if changed is None:
            return None
        parameters = {**parameters, mutant.parameter: changed}
    return bind_rule(
        trial.pack,
        mutant.rule,
        trial.case.stage,
        parameters,
        trial.as_of,
        trial.submission.bureau,
    )


def _noticed(changed: Trial, trial: Trial, outcomes: list[Outcome]) -> bool:
    """Whether a case fails under a mutant."""
    found = direct.run([changed.bound], changed.base)[changed.bound.rule.id]
    case = trial.case
    if found == outcomes and changed.base is trial.base and not (case.missing or case.found):
        return False
    return bool(compare(changed, found))


def _reads(uses: Uses, mutant: FactMutant) -> bool:
    if mutant.derivation is not None:
        return (mutant.derivation.entity, mutant.derivation.name) in uses.derived
    if mutant.entity is not None:
        return mutant.entity.name in uses.entities
    return mutant.parameter in uses.parameters


def _fact_mutant_killed(pack: Pack, benches: Sequence[_Bench], mutant: FactMutant) -> bool:
    changed_pack = _with(pack, mutant)
    for bench in benches:
        for trial, outcomes in bench.trials:
            parameters = trial.parameters
            if mutant.change is not None:
                changed = mutant.change(parameters[mutant.parameter])
                if changed is None:
                    continue
                parameters = {**parameters, mutant.parameter: changed}
            elif mutant.derivation is not None and not _changes_values(trial.base, mutant):
                continue
            base = FactBase(
                changed_pack, trial.base.tree, parameters, trial.check, trial.base.faulted
            )
            prepare(base, [trial.bound])
            if _noticed(replace(trial, pack=changed_pack, base=base), trial, outcomes):
                return True
    return False


def _with(pack: Pack, mutant: FactMutant) -> Pack:
    """A pack with one derivation or entity changed; types stay as they are."""
    vocabulary = copy.copy(pack.vocabulary)
    if mutant.derivation is not None:
        d = mutant.derivation
        vocabulary.derivations = {**vocabulary.derivations, (d.entity, d.name): d}
    if mutant.entity is not None:
        vocabulary.entities = {**vocabulary.entities, mutant.entity.name: mutant.entity}
    return replace(pack, vocabulary=vocabulary)


def _changes_values(base: FactBase, mutant: FactMutant) -> bool:
    """Whether a changed derivation gives any subject another value."""
    d = mutant.derivation
    assert d is not None
    other = replace(d, name=mutant.id)  # joined rows are remembered by name
    for fact in [base.root] if d.entity == ROOT else base.rows(d.entity):
        if fact.phantom is None and base.read(fact, d.name) != base.derive(fact, other):
            return True
    return False


def _changes_nothing(bench: _Bench, mutant: Mutant) -> bool:
    """Whether a mutant provably has the rule's outcome on every subject, at every stage."""
    judged = [trial for trial, _ in bench.trials if not trial.bound.unset]
    if not judged or mutant.change is not None:
        return False
    trial = judged[0]
    args = (trial.parameters, trial.as_of, trial.submission.bureau)
    return all(
        same_outcomes(
            bind_rule(trial.pack, bench.rule, stage, *args),
            bind_rule(trial.pack, mutant.rule, stage, *args),
        )
        for stage in bench.rule.stages
    )
