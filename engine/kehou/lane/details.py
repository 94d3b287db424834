"""What the direct engine says of a subject of a typed record: its closures, its missing paths.

The fused code only asks whether a subject is worth a look; what it comes to is told here, once for
all subjects that hold the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kehou.judging import BoundRule
from kehou.judging.direct import gap, judge, missing
from kehou.lane.records import Column, Refused, typed
from kehou.language import ROOT, FieldArg, Leaf
from kehou.language.derivations import join_paths, paths_of
from kehou.language.operators import verdict
from kehou.model.outcomes import Outcome, Owner
from kehou.model.values import Unknown
from kehou.packs import Pack

#: (rule, outcome, pointer of the subject, pointers of what is missing)
Finding = tuple[str, Outcome, str, tuple[str, ...]]
#: So many different subjects are remembered; what is read of them, is.
_MOST_KNOWN: Final = 20_000
#: Stands for the pointer of a subject until it is known.
_HERE: Final = "\0"


class OneByOne(Exception):
    """A record that the reader has to read: something in it is not what it seems."""


#: What one rule says of all subjects with certain values: rule, outcome, what is missing: the part
#: below the subject where that is one field of it, "" where it is several, None where none is the
#: subject's own; and the pointers, which may begin with ``_HERE``.
Said = tuple[str, Outcome, str | None, tuple[str, ...]]


class _Subject:
    """A subject as `direct.missing` asks of it."""

    def __init__(self, entity: str, pointer: str, values: dict[str, Any]) -> None:
        self.entity, self.pointer, self.values = entity, pointer, values


class _Facts:
    """The facts of one record as `direct.missing` and `direct.gap` ask of them."""

    def __init__(self, pack: Pack, roots: dict[str, Any]) -> None:
        self._pack = pack
        self.root = _Subject(ROOT, "", roots)

    def read(self, fact: _Subject, name: str) -> Any:
        root = fact.entity == ROOT or self._pack.is_root(name)
        holder = self.root if root else fact
        value = holder.values.get(name)
        if value is not None:
            return value
        return Unknown((f"{holder.pointer}/{name.replace('.', '/')}",), True)

    def is_faulted(self, pointer: str) -> bool:
        return False

    def owner(self, pointer: str) -> Owner:
        return self._pack.schema.owner({}, pointer)


class Detail:
    """What some rules that read the same fields of a subject say of it.

    ``own`` and ``roots`` are the columns that they read, ``derived`` the names of further fields of
    the submission that the caller works out; values come in this order. ``counts`` says that the
    caller does not tell whether a rule applies.
    """

    def __init__(
        self,
        pack: Pack,
        rules: Sequence[BoundRule],
        own: Sequence[Column],
        roots: Sequence[Column],
        derived: Sequence[str],
        counts: bool,
    ) -> None:
        self._pack = pack
        self._entity = rules[0].rule.each
        self._rules = [(rule, judge(rule)) for rule in rules]
        self._own, self._roots, self._derived = own, roots, derived
        self._counts = counts
        self._list = "" if self._entity == ROOT else pack.entities[self._entity].path
        self.known: dict[Any, tuple[Any, ...]] = {}
        self._single = _single_test(rules) if self._entity == ROOT and derived else None

    def learn(self, key: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the rules say where the columns hold the values of a key; it is remembered.

        Of the submission these are findings, of a row what `tell` makes findings of.
        """
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        said = self.told(key)
        found = self.known[key] = as_findings(said) if self._entity == ROOT else said
        return found

    def told(self, key: tuple[Any, ...], phantom: Unknown | None = None) -> tuple[Said, ...]:
        """The same without remembering; ``phantom`` is what an unseen row lacks."""
        owns, rest = key[: len(self._own)], key[len(self._own) :]
        try:
            values = {c.name: typed(c, v) for c, v in zip(self._own, owns, strict=True)}
            root = {c.name: typed(c, v) for c, v in zip(self._roots, rest, strict=False)}
        except Refused:
            raise OneByOne from None
        root |= dict(zip(self._derived, rest[len(self._roots) :], strict=True))
        if phantom is not None:
            values = dict.fromkeys(values, phantom)
        values = {name: value for name, value in values.items() if value is not None}
        facts = _Facts(self._pack, root)
        if self._single is not None:
            return self._of_single(facts, *self._single)
        subject = facts.root if self._entity == ROOT else _Subject(self._entity, _HERE, values)
        return tuple(self._said(subject, facts))

    def _of_single(self, facts: _Facts, rule: str, leaf: Leaf) -> tuple[Said, ...]:
        """What `_said` gives where the only rule is one test of two fields of the submission."""
        assert isinstance(leaf.left, FieldArg) and isinstance(leaf.right, FieldArg)
        x, y = facts.read(facts.root, leaf.left.name), facts.read(facts.root, leaf.right.name)
        met = verdict(leaf.op, x, y)
        if met is not None:
            return () if met else ((rule, Outcome.FAIL, None, ()),)
        paths = join_paths((paths_of(x), paths_of(y)))
        outcome = gap(facts, paths)  # type: ignore[arg-type]
        return ((rule, outcome, None, paths),)

    def _said(self, subject: _Subject, facts: _Facts) -> list[Said]:
        found = []
        for rule, outcome_of in self._rules:
            outcome = outcome_of(subject.values, facts.root.values)
            untold = outcome is Outcome.NOT_APPLICABLE and not self._counts
            if untold or outcome is Outcome.PASS:
                continue
            paths: tuple[str, ...] = ()
            if outcome is Outcome.INSUFFICIENT:
                paths = missing(rule, facts, subject)  # type: ignore[arg-type]
                outcome = gap(facts, self._placed(paths))  # type: ignore[arg-type]
            elif outcome is Outcome.NOT_JUDGED:
                paths = tables_missing(self._pack, rule)
            own = [path[1:] for path in paths if path.startswith(_HERE)]
            below = None if not own else own[0] if len(paths) == 1 else ""
            found.append((rule.rule.id, outcome, below, paths))
        return found

    def _placed(self, paths: Sequence[str]) -> list[str]:
        """Paths as of the first row: whose gap it is does not depend on the row."""
        row = f"/{self._list.replace('.', '/')}/0"
        return [path.replace(_HERE, row, 1) for path in paths]


def _single_test(rules: Sequence[BoundRule]) -> tuple[str, Leaf] | None:
    """(rule, its test) where there is one rule, always to be met, of one test of two fields."""
    rule, leaf = rules[0], rules[0].require
    if len(rules) > 1 or rule.when is not None or rule.unset or rule.reviews:
        return None
    if not isinstance(leaf, Leaf) or leaf.op == "exists":
        return None
    sides = (leaf.left, leaf.right)
    if any(not isinstance(side, FieldArg) or side.closed for side in sides):
        return None
    return rule.rule.id, leaf


def tables_missing(pack: Pack, rule: BoundRule) -> tuple[str, ...]:
    """The authority's tables that a rule was not given, as pointers."""
    return tuple(f"/{name}" for name in rule.unset if name in pack.tables)


def tell(found: list[Finding], said: Sequence[Said], pointer: str) -> None:
    """Add what is said of the row at a pointer."""
    for rule, outcome, below, paths in said:
        if below is not None:
            paths = (pointer + below,) if below else spread(paths, pointer)
        found.append((rule, outcome, pointer, paths))


def spread(paths: Sequence[str], pointer: str) -> tuple[str, ...]:
    """Pointers of what is missing of the row at a pointer."""
    return tuple([p.replace(_HERE, pointer, 1) if p[0] == _HERE else p for p in paths])


def as_findings(said: Sequence[Said]) -> tuple[Finding, ...]:
    """What is said of the submission itself."""
    return tuple((rule, outcome, "", paths) for rule, outcome, _, paths in said)


__all__ = [
    "Detail",
    "Finding",
    "OneByOne",
    "Said",
    "as_findings",
    "spread",
    "tables_missing",
    "tell",
]
