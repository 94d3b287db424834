"""From a submission to entities: flat typed rows with derived values, each with its places.

What is not supplied stays visible: a list that was not handed in gives one *phantom* row all of
whose own fields are unknown, one that may have more rows than were read (``open_lists``) gives it
besides them, a stated 无 gives no row, and every unknown value carries the pointers
of what would settle it (docs/language.md §2.8 and §2.10).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from kehou.facts import derived
from kehou.facts.known_keys import KeyColumn, KeyIndex
from kehou.facts.subjects import Fact, build
from kehou.language import ROOT, Bound, Derivation, FieldArg, Parameter, Table, Type, bind, closure
from kehou.language.closures import Closure
from kehou.language.conditions import bound_fields, deciding_leaves
from kehou.language.derivations import unknown_of
from kehou.language.derivations.many_members import Limits
from kehou.model.outcomes import Owner
from kehou.model.rules import Cond
from kehou.model.values import ABSENT, Bounds, Open, Unknown
from kehou.packs import Pack

#: What the reader puts under ``check.`` besides the submission's own parts.
CHECK_FIELDS = ("check.stage", "check.date", "check.content_sha256", "check.form_complete")


class Reading(NamedTuple):
    """A condition on rows, bound; kept with the condition, by whose identity it is found."""

    bound: Bound
    test: Closure
    fields: list[FieldArg]
    cond: Cond


def readings_of(parameters: Mapping[str, Parameter]) -> tuple[str, int]:
    """Under what a pack remembers the conditions that were bound to parameters it remembers."""
    return "readings", id(parameters)


class FactBase:
    """All facts of one submission; ``entities`` are built on demand and derived values memoised."""

    def __init__(
        self,
        pack: Pack,
        tree: Mapping[str, Any],
        parameters: Mapping[str, Parameter],
        check: Mapping[str, Any],
        faulted: Iterable[str] = (),
        open_lists: Iterable[str] = (),
        open_world: bool = False,
    ) -> None:
        self.pack = pack
        self.tree = tree
        self.parameters = parameters
        self.faulted = frozenset(faulted)
        self.open_lists = frozenset(open_lists)
        self.open_world = open_world
        self.entities: dict[str, list[Fact]] = {}
        self.root = Fact(ROOT, "", {})
        self._faulted_below = _parents(self.faulted)
        self.columns: dict[tuple[str, tuple[str, ...]], KeyColumn] = {}
        self.indexes: dict[tuple[Any, ...], KeyIndex] = {}
        self.limits: dict[tuple[str, str], Limits] = {}
        self._sources: dict[tuple[str, str], Callable[[Fact], Any]] = {}
        self._ways: dict[int, tuple[Derivation, derived.Way]] = {}
        self._closures: dict[int, Reading] = pack.remembered.get(readings_of(parameters), {})
        self.flatten(self.root, tree, "", "")
        self.root.values.update(check)
        self.entities[ROOT] = [self.root]

    def forget(self) -> None:
        """Let go of what was worked out: nothing is asked of these facts any more.

        Ways and indexes know whose they are; without them all facts go at once, uncollected.
        """
        for kept in (self._sources, self._ways, self.indexes, self.columns, self.entities):
            kept.clear()

    # --- reading -----------------------------------------------------------------------------

    def read(self, fact: Fact, name: str) -> Any:
        """Value of a field as a rule on ``fact`` names it; Unknown, never None, if not supplied."""
        value = fact.values.get(name)  # no entity has a field named like one of the submission's
        if value is not None:
            return value
        source = self._sources.get((fact.entity, name)) or self._source(fact.entity, name)
        return source(fact)

    def reader(self, entity: str, name: str) -> Callable[[Fact], Any]:
        """``read`` of one field of the subjects of an entity, its way found beforehand."""
        found: Callable[[Fact], Any] | None = None

        def read(fact: Fact) -> Any:
            nonlocal found
            value = fact.values.get(name)
            if value is not None:
                return value
            if found is None:
                found = self._sources.get((entity, name)) or self._source(entity, name)
            return found(fact)

        return read

    def _source(self, entity: str, name: str) -> Callable[[Fact], Any]:
        """What gives a field that is not among the values of a subject."""
        if self.is_root(entity, name):
            source = self._of_root(name)
        else:
            source = self._of_subject(entity, name)
        self._sources[entity, name] = source
        return source

    def _of_root(self, name: str) -> Callable[[Fact], Any]:
        of_subject = self._of_subject(ROOT, name)

        def source(fact: Fact) -> Any:
            value = self.root.values.get(name)
            return of_subject(self.root) if value is None else value

        return source

    def _of_subject(self, owner: str, name: str) -> Callable[[Fact], Any]:
        derivation = self.pack.derivations.get((owner, name.removeprefix("submission.")))
        if derivation is None and self._is_made(owner, name):
            return self._of_origin(name)
        if derivation is None:
            return lambda fact: fact.phantom or Unknown((fact.path(name),), True)
        compute = derived.way(self, derivation)

        def source(fact: Fact) -> Any:
            if fact.phantom is not None:
                return fact.phantom
            value = fact.values[name] = compute(fact)
            return value

        return source

    def _of_origin(self, name: str) -> Callable[[Fact], Any]:
        def source(fact: Fact) -> Any:
            if fact.phantom is not None:
                return fact.phantom
            row = self.inherited(fact, name)
            if row is None:
                return Unknown((fact.path(name),), True)
            value = fact.values[name] = self.read(row, name)
            return value

        return source

    def inherited(self, fact: Fact, name: str) -> Fact | None:
        """The row that a field derived for it is read from, for what was expanded from the row."""
        d = self.pack.entities.get(fact.entity)
        if d is None or d.form not in ("expand", "overlaps"):
            return None
        source = fact.members[0] if fact.members else fact.origin
        known = source.entity == d.of and (d.of, name) in self.pack.derivations
        return source if known else None

    def is_root(self, entity: str, name: str) -> bool:
        """Whether a name is the submission's rather than the subject's."""
        return entity == ROOT or self.pack.is_root(name)

    def materialise(self, entity: str, names: Iterable[str]) -> None:
        """Compute derived fields of every fact of an entity before the engines read them."""
        for name in names:
            if self.is_root(entity, name):
                if (ROOT, name.removeprefix("submission.")) in self.pack.derivations:
                    self.read(self.root, name)
                continue
            own = name in self.pack.vocabulary.own_fields(entity)
            source = self._sources.get((entity, name)) or self._source(entity, name)
            for fact in self.rows(entity):
                if fact.phantom is not None:
                    fact.values.setdefault(name, fact.phantom)
                elif not own and fact.values.get(name) is None:
                    source(fact)

    # --- rows --------------------------------------------------------------------------------

    def rows(self, name: str) -> list[Fact]:
        """The facts of an entity, built on first use."""
        if name not in self.entities:
            self.entities[name] = build(self, self.pack.entities[name])
        return self.entities[name]

    def is_faulted(self, pointer: str) -> bool:
        """Whether a value, or something it stands in, could not be read."""
        if not self.faulted:
            return False
        parts = pointer.split("/")
        return any("/".join(parts[:n]) in self.faulted for n in range(2, len(parts) + 1))

    def owner(self, pointer: str) -> Owner:
        """Whose gap it is that there is no value at a pointer (docs/language.md §2.14)."""
        return self.pack.schema.owner(self.tree, pointer)

    def flatten(self, fact: Fact, row: Mapping[str, Any], prefix: str, pointer: str) -> None:
        """Put the scalars and lists of scalars of a row, nested records included, into values."""
        for key, value in row.items():
            name = prefix + key
            if isinstance(value, dict):
                fact.values[name] = True
                self.flatten(fact, value, name + ".", f"{pointer}/{key}")
            elif isinstance(value, list):
                fact.values[name] = (
                    True if not value or isinstance(value[0], dict) else tuple(value)
                )
            elif value is ABSENT:
                fact.values[name] = ABSENT
                for inner in self.pack.fields_below(fact.entity, name):
                    fact.values[inner] = ABSENT
            elif value is not None:
                fact.values[name] = value
        for key in self._faulted_below.get(pointer, ()):
            name = prefix + key
            unknown = Unknown((f"{pointer}/{key}",), False)
            fact.values.setdefault(name, unknown)
            if fact.values[name] is unknown:
                for inner in self.pack.fields_below(fact.entity, name):
                    fact.values[inner] = unknown

    # --- derived values ----------------------------------------------------------------------

    def derive(self, fact: Fact, d: Derivation) -> Any:
        """What a derivation makes of a subject, whatever the pack's own may be."""
        if id(d) not in self._ways:
            self._ways[id(d)] = (d, derived.way(self, d))
        return self._ways[id(d)][1](fact)

    # --- conditions on rows ------------------------------------------------------------------

    def where(self, cond: Cond | None, entity: str) -> Callable[[Fact], bool | None]:
        """The verdict of a condition on rows of an entity; a condition left out is true."""
        if cond is None:
            return lambda row: True
        _, test, fields, _ = self._bound(cond, entity)
        roots = self.root.values
        pending = [field for field in fields if field.root]
        made = [f for f in fields if not f.root and self._is_made(entity, f.name)]

        def verdict(row: Fact) -> bool | None:
            while pending:
                self._ensure(row, pending.pop())
            values = row.values
            for field in fields if row.phantom is not None else made:
                if field.root or values.get(field.name) is None:
                    self._ensure(row, field)
            return test(values, roots)

        return verdict

    def _is_made(self, entity: str, name: str) -> bool:
        """Whether a field of an entity may be worked out rather than handed in."""
        d = self.pack.entities.get(entity)
        if (entity, name) in self.pack.derivations or d is None:
            return True
        return d.form in ("expand", "overlaps") and (d.of, name) in self.pack.derivations

    def _bound(self, cond: Cond, entity: str) -> Reading:
        found = self._closures.get(id(cond))
        if found is None:

            def typer(name: str) -> tuple[Type, bool]:
                return self.pack.type_of(entity, name)

            bound = bind(cond, typer, self.parameters, frozenset())
            found = Reading(bound, closure(bound), bound_fields(bound), cond)
            self._closures[id(cond)] = found
        return found

    def _ensure(self, row: Fact, field: FieldArg) -> None:
        holder = self.root if field.root else row
        if holder.values.get(field.name) is None:
            value = self.read(row, field.name)
            if holder.phantom is not None or (holder.entity, field.name) in self.pack.derivations:
                holder.values[field.name] = value

    def unsettled(self, cond: Cond | None, row: Fact) -> Unknown | None:
        """What keeps a condition from being decided on a row: the unknown fields of its tests.

        Only ``exists`` may be closed: a row that lacks the value does not have it, while a row
        that lacks its kind may be of any kind.
        """
        if cond is None:
            return None
        bound = self._bound(cond, row.entity).bound
        found: list[Unknown] = []
        for leaf in deciding_leaves(bound, row.values, self.root.values, None):
            for operand in (leaf.left, leaf.right):
                for field in operand.by if isinstance(operand, Table) else (operand,):
                    if isinstance(field, FieldArg):
                        value = self.read(row, field.name)
                        if isinstance(value, Unknown) and leaf.op == "exists":
                            found.append(value)
                        elif isinstance(value, (Unknown, Bounds, Open)):
                            found.append(Unknown(value.paths))
        return unknown_of(found)

    # --- places ------------------------------------------------------------------------------

    def places(self, fact: Fact, name: str, most: int = 20) -> list[str]:
        """Pointers of what a field was read or derived from, the nearest first."""
        holder = self.root if self.is_root(fact.entity, name) else fact
        derivation = self.pack.derivations.get((holder.entity, name.removeprefix("submission.")))
        if derivation is None:
            return [holder.path(name)]
        found = dict.fromkeys(itertools.islice(derived.places_of(self, holder, derivation), most))
        return list(found)


def _parents(pointers: Iterable[str]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for pointer in pointers:
        parent, _, name = pointer.rpartition("/")
        below.setdefault(parent, []).append(name)
    return below
