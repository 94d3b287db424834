"""What a stage's own check needs beyond what the stage requires, worked out from the rules.

The good submission that a pack brings with it is stripped to what the stage requires, and what
blocking rules then ask for is put back until they ask for nothing. What is asked again when it
alone is taken out is needed; all else may be left empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kehou.checking import check_values, date_of
from kehou.facts import FactBase
from kehou.fields import Field, Schema
from kehou.judging import BoundRule, bind_rules, direct, prepare
from kehou.language import Parameter
from kehou.model.outcomes import Outcome, Owner, Severity, Stage
from kehou.model.values import ABSENT
from kehou.packs import Pack, casefiles
from kehou.render.form.clauses import paths_read
from kehou.submission import Submission, from_tree

#: Rounds after which the search is given up; a good submission has taken five.
_MOST_ROUNDS: Final = 20
_SEVERITIES: Final = tuple(Severity)

#: What rules ask for: schema paths, and the rules that ask by pack and id.
Asked = dict[str, dict[tuple[str, str], None]]


@dataclass(frozen=True, slots=True)
class Need:
    """The rules that cannot be decided without a field: the gravest severity, titles by it.

    ``always`` is false where the good submission does without: its other answers settle them.
    """

    severity: Severity
    titles: tuple[str, ...]
    always: bool = True


def needs(
    packs: Sequence[Pack], stage: Stage, stated: Mapping[str, Any] | None = None
) -> dict[str, Need]:
    """Schema paths of what blocking rules need at a stage; ``stated`` is laid over the good one.

    A pack without a good submission of its own adds nothing.
    """
    found: Asked = {}
    sometimes: Asked = {}
    given: set[str] = set()
    by_id = {pack.id: pack for pack in packs}
    for pack in packs:
        bench = _bench(packs, pack, stage, stated or {})
        if bench is not None:
            needed, rest = bench.needed(found)
            given |= set(_given(bench.schema.root, bench.submission.tree))
            _merge(found, needed)
            _merge(sometimes, rest)
    asked = found | sometimes
    for path in sorted(asked.keys() - given):  # the good submission says it otherwise
        _merge(sometimes, _read_below(path.rpartition(".")[0], asked[path], by_id))
    needs = {path: _need(by_id, rules, True) for path, rules in found.items()}
    return {path: _need(by_id, rules, False) for path, rules in sometimes.items()} | needs


def _read_below(
    above: str, rules: Mapping[tuple[str, str], None], packs: Mapping[str, Pack]
) -> Asked:
    """What some rules read below a path."""
    found: Asked = {}
    for pack, rule in rules:
        read = paths_read(packs[pack], packs[pack].rules[rule])
        below = [path for path in read if path.startswith(f"{above}.")]
        _merge(found, {path: {(pack, rule): None} for path in below})
    return found


def _need(packs: Mapping[str, Pack], names: Collection[tuple[str, str]], always: bool) -> Need:
    rules = [packs[pack].rules[rule] for pack, rule in names]
    rules.sort(key=lambda rule: _SEVERITIES.index(rule.severity))
    return Need(rules[0].severity, tuple(dict.fromkeys(rule.title for rule in rules)), always)


@dataclass(frozen=True)
class _Bench:
    """A good submission and the blocking rules in force on its day, pack by pack."""

    submission: Submission
    stage: Stage
    bound: tuple[tuple[Pack, Mapping[str, Parameter], tuple[BoundRule, ...]], ...]

    @property
    def schema(self) -> Schema:
        """The schema of the submission."""
        return self.submission.schema

    def needed(self, known: Collection[str]) -> tuple[Asked, Asked]:
        """What has to be there beside what is required, and what was asked for on the way only.

        ``known`` paths are needed already and are not tried again.
        """
        required = {field.path for field in self._always()}
        kept, ever = set(required), self.asked(required)
        told_by: dict[str, str] = {}
        here = set(_given(self.schema.root, self.submission.tree))
        for _ in range(_MOST_ROUNDS):
            before = len(kept)
            for path in list(ever):
                kept |= self._with_parents(path) if path not in kept else set()
            now = self.asked(kept)
            for path in now:
                if path in kept:  # what is there holds nothing that can be told
                    told_by |= {below: path for below in self._within(path) - kept}
                    kept |= self._within(path)
            _merge(ever, now)
            if len(kept) == before and not set(now) - kept:
                break
        ever |= {below: ever[path] for below, path in told_by.items()}
        found: Asked = {}
        for group in _apart({path: ever.get(path, {}) for path in sorted(kept - required)}):
            left = [path for path in group if path not in known]
            rules = {rule: None for path in left for rule in ever.get(path, ())}
            asked = self.asked(kept - set(left), rules) if rules else {}
            named = {path: asked.get(path) or asked.get(told_by.get(path, "")) for path in left}
            found |= {path: rules for path, rules in named.items() if rules}
        for path in [path for path in found if path not in here]:
            self._stands_otherwise(path, found, kept, here)
        rest = set(ever) - required - set(found) - set(known) - set(told_by)
        still = self.asked(required | set(known) | set(found) | rest)
        rest |= {below for below, path in told_by.items() if path in still and below not in found}
        return found, {path: ever[path] for path in sorted(rest)}

    def _stands_otherwise(
        self, path: str, found: Asked, kept: Collection[str], here: Collection[str]
    ) -> None:
        """Put what the good submission has in a path's place for it, where there is anything."""
        rules = found[path]
        packs = {pack.id: pack for pack, _, _ in self.bound}
        read = _read_below(path.rpartition(".")[0], rules, packs)
        for other in [other for other in read if other in here and other not in kept]:
            if path not in self.asked({*kept, other}, rules):
                found[other] = rules
                found.pop(path, None)

    def _always(self) -> Iterator[Field]:
        """What stays in the submission: what the stage requires, and what is not the school's."""
        for name, part in self.schema.root.fields.items():
            due = str(self.stage) in part.required
            mine = not (part.bureau or part.reader or (part.record and not due))
            every = (part, *_below(part))
            yield from (field for field in every if field.default is not None)
            if not mine:
                yield from every if name in self.submission.tree else ()
                continue
            yield from (field for field in every if str(self.stage) in field.required)

    def _within(self, path: str) -> set[str]:
        """Paths below a path that the submission has values at."""
        every = _given(self.schema.root, self.submission.tree)
        return {below for below in every if below.startswith(f"{path}.")}

    def _with_parents(self, path: str) -> set[str]:
        steps = path.split(".")
        return {".".join(steps[:length]) for length in range(1, len(steps) + 1)}

    def asked(self, kept: Collection[str], only: Collection[tuple[str, str]] = ()) -> Asked:
        """What blocking rules ask the school for; ``only`` names the rules that may."""
        tree = _kept(self.schema.root, self.submission.tree, frozenset(kept))
        stripped = replace(self.submission, tree=tree)
        values = check_values(stripped, self.stage, date_of(self.schema, tree, self.stage))
        found: Asked = {}
        for pack, parameters, every in self.bound:
            rules = [r for r in every if not only or (pack.id, r.rule.id) in only]
            base = FactBase(pack, tree, parameters, values, stripped.faulted)
            prepare(base, rules)
            outcomes = direct.run(rules, base)
            for rule in rules:
                facts = base.entities[rule.rule.each]
                for fact, outcome in zip(facts, outcomes[rule.rule.id], strict=True):
                    if outcome is not Outcome.INSUFFICIENT:
                        continue
                    for pointer in direct.missing(rule, base, fact):
                        if base.owner(pointer) is Owner.SUBJECT:
                            path = ".".join(s for s in pointer.split("/") if not s.isdecimal())
                            found.setdefault(path[1:], {})[pack.id, rule.rule.id] = None
        return found


def _bench(
    packs: Sequence[Pack], whose: Pack, stage: Stage, stated: Mapping[str, Any]
) -> _Bench | None:
    """What judges a pack's good submission; None where the pack has none."""
    raw = casefiles.base_tree(whose)
    if raw is None:
        return None
    schema = whose.schema
    tree = _over(schema.root, raw, stated)
    for name, value in tree.items():
        part = schema.root.fields.get(name)
        giver = part.given_by if part is not None else None
        if part is not None and giver is not None and isinstance(value, dict):
            by = "subject" if str(stage) in part.required else "authority"
            tree[name] = {**value, giver.name: giver.giver[by]}
    submission = from_tree(tree, schema, stage)
    as_of = _value(submission.tree, schema.declared.dates.as_of or "")
    if not isinstance(as_of, str):
        return None
    bound = []
    for pack in packs:
        start, end = pack.effective_from, pack.effective_to
        if pack.schema.root.node != schema.root.node or not _within(as_of, start, end):
            continue
        parameters = pack.in_force(as_of)
        rules, _ = bind_rules(pack, stage, as_of, submission.bureau, parameters)
        grave = tuple(rule for rule in rules if rule.rule.severity in pack.blocking)
        bound.append((pack, parameters, grave))
    return _Bench(submission, stage, tuple(bound))


def _within(day: str, start: str | None, end: str | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def _value(tree: Any, path: str) -> Any:
    for step in path.split(".") if path else ():
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree


def _over(record: Field, tree: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """A tree with another laid over it, record by record; keys are names."""
    found = {child.name if (child := record.child(k)) else k: v for k, v in tree.items()}
    for name, value in stated.items():
        before = found.get(name)
        if isinstance(value, Mapping):
            inner = before if isinstance(before, Mapping) else {}
            found[name] = _over(record.fields[name], inner, value)
        else:
            found[name] = value
    return found


def _below(field: Field | None) -> Iterator[Field]:
    for child in field.fields.values() if field is not None else ():
        yield child
        yield from _below(child)


def _given(record: Field, tree: Mapping[str, Any]) -> Iterator[str]:
    """Paths of all that a typed tree holds."""
    for name, value in tree.items():
        field = record.fields[name]
        yield field.path
        if isinstance(value, Mapping):
            yield from _given(field, value)
        elif field.kind == "rows" and isinstance(value, list):
            for row in value:
                yield from _given(field, row)


def _apart(asked: Asked) -> Iterator[list[str]]:
    """Paths in groups of which no two are asked for by one rule, to be tried at once."""
    groups: list[tuple[list[str], set[tuple[str, str]]]] = []
    for path, rules in asked.items():
        group = next((g for g in groups if not g[1] & set(rules)), None)
        if group is None:
            groups.append(([path], set(rules)))
        else:
            group[0].append(path)
            group[1].update(rules)
    yield from (paths for paths, _ in groups)


def _merge(found: Asked, more: Asked) -> None:
    for path, rules in more.items():
        found.setdefault(path, {}).update(rules)


def _kept(record: Field, tree: Mapping[str, Any], paths: frozenset[str]) -> dict[str, Any]:
    """A typed tree without what stands at other paths than these."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        field = record.fields[name]
        if isinstance(value, Mapping):
            inner = _kept(field, value, paths)
            if inner or field.path in paths:
                found[name] = inner
        elif field.path in paths:
            rows = field.kind == "rows" and value is not ABSENT
            found[name] = [_kept(field, row, paths) for row in value] if rows else value
    return found


__all__ = ["Need", "needs"]
