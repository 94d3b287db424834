"""Breadth-first search for the fewest edits that turn blocking fails into passes.

Targets that share a possible edit are searched together, by the number of edits; a set stands only
if every target passes, nothing is newly failed, left open, in doubt or without judgement, and no
rule is met by ceasing to apply. The work is bounded, and what the bound cut off is told as that.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kehou.facts import Fact, FactBase
from kehou.judging import BoundRule
from kehou.model.outcomes import Outcome
from kehou.remedy.edits import Edit, applied
from kehou.remedy.proposals import Proposals, proposals
from kehou.remedy.rejudging import Bench, Judged, Target

#: So many sets of edits are tried at most.
MOST_TRIALS = 3000
#: So many of them are judged by all rules; the others only by the rules that they are to cure.
MOST_WHOLES = 300
#: A set of more edits than this, for targets that hang together, is not looked for.
MOST_TOGETHER = 4
_MOST_POOL = 40
_MOST_ALTERNATIVES = 10
_MOST_SWAPS = 60
_MOST_SUBSETS = 254
_MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Failing:
    """A blocking fail: the rule and row, what may be edited, and what it rests on.

    ``record`` is whether that is a record of what happened.
    """

    target: Target
    rule: BoundRule
    base: FactBase
    fact: Fact
    pool: tuple[Edit, ...]
    sources: tuple[str, ...]
    record: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Edits that together cure some targets, and other sets of the same size that would."""

    edits: tuple[Edit, ...]
    targets: tuple[Target, ...]
    others: tuple[tuple[Edit, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """A target that no edit settles: ``none`` may be made, each raises a ``side`` effect, or the
    ``bound`` on work was reached. ``raises`` names the rules of the first side effect.
    """

    target: Target
    why: str
    raises: tuple[str, ...] = ()


@dataclass
class Search:
    """One search on one submission; ``trials`` counts the sets of edits tried, ``wholes`` those of
    them that all rules judged.
    """

    bench: Bench
    trials: int = 0
    wholes: int = 0
    parts: list[Part] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    failing: dict[Target, Failing] = field(default_factory=dict)
    before: Judged | None = None

    def run(self) -> None:
        """Fill ``failing``, ``parts`` and ``stuck``."""
        self.before = self.bench.judge(self.bench.submission.tree)
        self._gather(self.before)
        for together in _components(list(self.failing.values())):
            found = self._solve(together)
            if isinstance(found, Part):
                self.parts.append(found)
            elif len(together) == 1:
                self.stuck.append(found)
            else:  # not all of them: then each that can be had alone
                for one in together:
                    alone = self._solve([one])
                    if isinstance(alone, Part):
                        self.parts.append(alone)
                    else:
                        self.stuck.append(alone)
        self._join()

    @property
    def cut(self) -> bool:
        """Whether the bound on work is reached."""
        return self.trials >= MOST_TRIALS or self.wholes >= MOST_WHOLES

    # --- what may be done ---------------------------------------------------------------------

    def _gather(self, before: Judged) -> None:
        grouped: dict[Target, list[tuple[BoundRule, FactBase, Fact]]] = {}
        for target, rule, base, fact in self.bench.failing(before):
            grouped.setdefault(target, []).append((rule, base, fact))
        for target, rows in grouped.items():
            known: dict[Edit, bool] = {}

            def cures(edit: Edit, target: Target = target, known: dict[Edit, bool] = known) -> bool:
                if edit not in known:
                    known[edit] = self._cured((edit,), (target,))
                return known[edit]

            edits: dict[Edit, None] = {}
            sources: dict[str, None] = {}
            record = False
            for rule, base, fact in rows[:_MOST_ROWS]:
                found: Proposals = proposals(rule, base, fact, cures)
                edits.update(dict.fromkeys(found.edits))
                sources.update(dict.fromkeys(found.sources))
                record = record or found.record
            rule, base, fact = rows[0]
            pool = () if record else tuple(edits)[:_MOST_POOL]
            self.failing[target] = Failing(target, rule, base, fact, pool, tuple(sources), record)

    # --- whether it helps -----------------------------------------------------------------------

    def _cured(self, edits: Sequence[Edit], targets: Sequence[Target]) -> bool:
        """Whether the targets no longer fail: their rules alone are judged."""
        self.trials += 1
        tree = applied(self.bench.submission.tree, edits)
        now = self.bench.judge(tree, {name for name, _ in targets})
        return not any(now.counts[(name, Outcome.FAIL, at)] for name, at in targets)

    def raised(self, edits: Sequence[Edit], targets: Sequence[Target]) -> tuple[str, ...] | None:
        """Rules that edits newly trouble; None where a target is not truly met by them."""
        assert self.before is not None
        self.trials += 1
        self.wholes += 1
        now = self.bench.judge(applied(self.bench.submission.tree, edits))
        new = now.adverse() - self.before.adverse()
        raised = tuple(dict.fromkeys(name for name, _, _ in new))
        for name, at in targets:
            if now.counts[(name, Outcome.FAIL, at)]:
                return None
            lapsed = now.total(name, Outcome.NOT_APPLICABLE)
            if not now.total(name, Outcome.PASS) and not raised:
                return None
            if lapsed > self.before.total(name, Outcome.NOT_APPLICABLE):
                return None
        return raised

    def stands(self, edits: Sequence[Edit], targets: Sequence[Target]) -> bool:
        """Whether edits meet the targets and trouble nothing else."""
        return self.raised(edits, targets) == ()

    # --- the search -------------------------------------------------------------------------------

    def _solve(self, together: Sequence[Failing]) -> Part | Stuck:
        targets = tuple(one.target for one in together)
        pools = [frozenset(one.pool) for one in together]
        if not all(pools):
            return Stuck(targets[0], "none")
        pool = list(dict.fromkeys(e for tier in _tiers(together) for e in tier))[:_MOST_POOL]
        side: tuple[str, ...] = ()
        for size in range(1, MOST_TOGETHER + 1):
            found: list[tuple[Edit, ...]] = []
            for edits in _sets(pool, pools, size):
                if self.cut or len(found) > _MOST_ALTERNATIVES:
                    break
                if not self._cured(edits, targets):
                    continue
                raised = self.raised(edits, targets)
                if raised == ():
                    found.append(edits)
                side = side or raised or ()
            if found:
                return Part(found[0], targets, tuple(found[1:]))
        places = {edit.pointer for edit in pool}
        if self.cut or len(pool) >= _MOST_POOL or len(places) > MOST_TOGETHER:
            return Stuck(targets[0], "bound", side)
        return Stuck(targets[0], "side" if side else "none", side)

    def _join(self) -> None:
        """Keep the parts that go together, another set of a part where the first does not."""
        kept: list[Part] = []
        for part in self.parts:
            targets = [t for one in [*kept, part] for t in one.targets]
            for edits in (part.edits, *part.others)[:_MOST_SWAPS]:
                whole = merged([*kept, replace(part, edits=edits)])
                if whole is not None and self.stands(whole, targets):
                    others = tuple(x for x in (part.edits, *part.others) if x != edits)
                    kept.append(replace(part, edits=edits, others=others))
                    break
            else:
                self.stuck += [Stuck(target, "side") for target in part.targets]
        self.parts = self._least(kept)

    def _least(self, parts: list[Part]) -> list[Part]:
        """The parts without what is not needed: no proper subset of the edits may do."""
        whole = merged(parts) or ()
        targets = [target for part in parts for target in part.targets]
        for size in range(1, len(whole)):
            subsets = itertools.islice(itertools.combinations(whole, size), _MOST_SUBSETS)
            for subset in subsets:
                if self._cured(subset, targets) and self.stands(subset, targets):
                    return [
                        replace(part, edits=tuple(e for e in part.edits if e in subset))
                        for part in parts
                    ]
        return parts

    def refuse(self, part: Part, why: str) -> None:
        """Give a part up after all."""
        self.parts.remove(part)
        self.stuck += [Stuck(target, why) for target in part.targets]


def merged(parts: Sequence[Part]) -> tuple[Edit, ...] | None:
    """The edits of all parts; None where two give one place two values."""
    edits = tuple(dict.fromkeys(edit for part in parts for edit in part.edits))
    return edits if len({edit.pointer for edit in edits}) == len(edits) else None


def _components(failing: Sequence[Failing]) -> list[list[Failing]]:
    """Targets grouped so that no two groups share a place that may be edited."""
    groups: list[tuple[set[str], list[Failing]]] = []
    for one in failing:
        places, members = {edit.pointer for edit in one.pool}, [one]
        apart = []
        for others, theirs in groups:
            if places & others:
                places, members = places | others, [*theirs, *members]
            else:
                apart.append((others, theirs))
        groups = [*apart, (places, members)]
    return [members for _, members in groups]


def _tiers(together: Sequence[Failing]) -> Iterator[list[Edit]]:
    """The first edit of every target, then the second …: what is preferred comes first."""
    for tier in itertools.zip_longest(*(one.pool for one in together)):
        yield [edit for edit in tier if edit is not None]


def _sets(
    pool: Sequence[Edit], pools: Sequence[frozenset[Edit]], size: int
) -> Iterator[tuple[Edit, ...]]:
    """Sets of edits in different places of which every target has at least one of its own."""
    for edits in itertools.combinations(pool, size):
        if len({edit.pointer for edit in edits}) == size and all(
            not own.isdisjoint(edits) for own in pools
        ):
            yield edits


__all__ = ["MOST_TOGETHER", "MOST_TRIALS", "Failing", "Part", "Search", "Stuck", "merged"]
