"""Random rules that load: every operand fits its operator, at any depth the grammar allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.support.generators import PARAMETERS, POOLS, chance, several
from tests.support.synthetic import LABELS, Tree

from kehou.language import ROOT, Type
from kehou.language.vocabulary import Vocabulary
from kehou.model.outcomes import Owner, Stage

PATTERNS = ("[甲乙]", "甲.*", "\\d+", '[a-z"\\\\]{3,5}', ".", "t?甲")
_OPERATORS = {
    "scalar": ("is", "is_not", "in", "not_in"),
    "ordered": ("at_most", "at_least", "less_than", "more_than", "within"),
    "text": ("matches", "mentions"),
    "list": ("contains_all", "contains_any", "contains_none"),
    "any": ("exists",),
}
OPERATORS = tuple(op for ops in _OPERATORS.values() for op in ops)
MEMBERS = ("in", "not_in", "mentions", "contains_all", "contains_any", "contains_none")
#: Entities of which a submission has few, so that rules on them are made more often.
FEW_SUBJECTS = (ROOT, ROOT, "clash", "clash", "clash", "owned")


@dataclass(frozen=True)
class Name:
    """A field as a rule names it, with the pool its literals come from."""

    name: str
    type: Type
    pool: str

    @property
    def many(self) -> bool:
        """Whether it holds a list."""
        return self.type.many


class Names:
    """What rules on each entity can name."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        root = [self._name(vocabulary, ROOT, n) for n in self._own(vocabulary, ROOT)]
        others = [
            n
            if "." in n.name or n.type.kind == "record"
            else Name(f"submission.{n.name}", n.type, n.pool)
            for n in root
        ]
        others = [n for n in others if n.type.kind != "record" or "." in n.name]
        checks = [
            Name("check.stage", Type("text"), "text"),
            Name("check.date", Type("date"), "date"),
        ]
        self.roots: dict[str, list[Name]] = {ROOT: root + checks}
        self.own: dict[str, list[Name]] = {ROOT: root}
        for entity in vocabulary.entities:
            found = [self._name(vocabulary, entity, n) for n in self._own(vocabulary, entity)]
            self.own[entity] = found
            self.roots[entity] = others + checks

    @staticmethod
    def _own(v: Vocabulary, entity: str) -> list[str]:
        extra = [n for owner, n in v.derivations if owner == entity]
        if entity != ROOT and v.entities[entity].form == "pairs":
            extra += ["earlier", "later", "earlier_step", "later_step"]
        return [*v.own_fields(entity), *extra]

    @staticmethod
    def _name(v: Vocabulary, entity: str, name: str) -> Name:
        found = v.type_of(entity, name)[0]
        domain = {tuple(labels): kind for kind, labels in LABELS.items()}
        pool = domain.get(found.domain or (), found.kind)
        if found.kind == "integer" and found.domain:
            pool = "small"
        return Name(name, found, "kind" if pool == "enum" else pool)

    def of(self, rng: Random, entity: str, fits: Callable[[Name], bool]) -> Name | None:
        """A random field that fits, more often the subject's own than the submission's."""
        for group in (self.own, self.roots) if chance(rng, 75) else (self.roots, self.own):
            found = [name for name in group[entity] if fits(name)]
            if found:
                return rng.choice(found)
        return None


class Rules:
    """Random rules that load: every operand fits its operator."""

    def __init__(self, rng: Random, names: Names) -> None:
        self.rng, self.names = rng, names

    def rule(self, number: int, stage: Stage) -> Tree:
        """A rule file; the stage asked for is nearly always among its stages."""
        rng = self.rng
        entity = rng.choice([*self.names.own, *FEW_SUBJECTS])
        tree: Tree = {
            "id": f"area-r{number}",
            "title": "规则",
            "clauses": ["A.1"],
            "severity": "major",
            "stages": [stage if chance(rng, 97) else "assessment"],
        }
        if entity != ROOT:
            tree["each"] = entity
        when = self.condition(entity, 2) if chance(rng, 55) else None
        require = self.condition(entity, 1) if chance(rng, 85) else None
        reviews = 0 if require and chance(rng, 60) else rng.randint(1, 2)
        conditions = {"when": when, "require": require}
        tree |= {key: cond for key, cond in conditions.items() if cond is not None}
        if require is not None:
            tree["message"] = "不符合"
        if reviews:
            tree["review"] = [
                {"when": self.condition(entity, 2), "reason": "请核对"} for _ in range(reviews)
            ]
        self._close(tree, stage)
        return tree | {"remedy": "请改正"}

    def _close(self, tree: Tree, stage: Stage) -> None:
        used = sorted({n for key in ("when", "require", "review") for n in _named(tree.get(key))})
        closed = [n for n in used if chance(self.rng, 50)] if chance(self.rng, 30) else []
        # what only the authority can load is nobody's breach to leave out
        entity = str(tree.get("each", ROOT))
        closed = [n for n in closed if self.names.vocabulary.owner(entity, n) is Owner.SUBJECT]
        if closed:
            tree["closed"] = {stage: closed}

    def condition(self, entity: str, depth: int) -> Tree:
        """A condition that starts at a depth; three is the deepest."""
        rng = self.rng
        if depth >= 3 or chance(rng, 50):
            return self._test(entity)
        word = rng.choice(("all", "any", "not"))
        if word == "not":
            return {"not": self.condition(entity, depth + 1)}
        return {word: [self.condition(entity, depth + 1) for _ in range(rng.randint(1, 3))]}

    def _test(self, entity: str) -> Tree:
        rng = self.rng
        op = rng.choice(OPERATORS)
        group = next(g for g, ops in _OPERATORS.items() if op in ops)
        name = self.names.of(rng, entity, lambda n: _accepts(group, n))
        if name is None:
            return self._test(entity)
        subject: Tree = {"field": name.name}
        if group != "any" and chance(rng, 8):
            subject = self._parameter(entity, name, name.many) or subject
        if op == "exists":
            return subject | {op: rng.choice(("true", "false"))}
        if op == "matches":
            return subject | {op: rng.choice(PATTERNS)}
        if op == "within":
            return subject | {op: [self._argument(entity, name, False) for _ in range(2)]}
        return subject | {op: self._argument(entity, name, op in MEMBERS)}

    def _argument(self, entity: str, left: Name, many: bool) -> Any:
        rng = self.rng
        choice = rng.randrange(100)
        if choice >= 75:
            found = self._parameter(entity, left, many)
            if found is not None:
                return found
        elif choice >= 50:
            other = self.names.of(rng, entity, lambda n: n.many == many and _comparable(left, n))
            if other is not None:
                return {"field": other.name}
        if not many:
            return rng.choice(POOLS[left.pool])
        if left.pool == "text" and chance(rng, 20):
            return [*several(rng, left.pool), *(f"词{n}" for n in range(12))]
        return several(rng, left.pool)

    def _parameter(self, entity: str, left: Name, many: bool) -> Tree | None:
        rng = self.rng
        pool = "integer" if left.pool == "small" else left.pool
        fitting = [
            n
            for n, (kind, is_many, _) in PARAMETERS.items()
            if is_many == many and (kind == pool or (pool == "text" and kind in LABELS))
        ]
        if not fitting:
            return None
        name = rng.choice(fitting)
        keys = PARAMETERS[name][2]
        if not keys or chance(rng, 30):
            return {"param": name}
        by = [self.names.of(rng, entity, lambda n, key=key: _keyed(n, key)) for key in keys]  # type: ignore[misc]
        if None in by:
            return {"param": name}
        return {"param": name, "by": [found.name for found in by if found is not None]}


def _accepts(group: str, name: Name) -> bool:
    if group == "any":
        return True
    if name.type.kind == "record" or name.many != (group == "list"):
        return False
    if group == "ordered":
        return name.type.kind in ("integer", "time", "date", "month", "money", "decimal")
    return group != "text" or name.type.kind in ("text", "enum")


def _comparable(a: Name, b: Name) -> bool:
    texts = ("text", "enum")
    return a.type.kind == b.type.kind or (a.type.kind in texts and b.type.kind in texts)


def _keyed(name: Name, key: str) -> bool:
    if name.many:
        return False
    return name.pool == key or (key == "small" and name.pool == "integer")


def _named(tree: Any) -> set[str]:
    """Every field that a condition names, those that parameters are looked up by included."""
    if isinstance(tree, Mapping):
        found = {tree["field"]} if "field" in tree else set()
        found |= set(tree.get("by", ()))
        return found.union(*(_named(v) for k, v in tree.items() if k not in ("field", "by")))
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return set().union(*map(_named, tree))
    return set()
