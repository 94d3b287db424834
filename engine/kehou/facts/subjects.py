"""How subjects come about: rows of a list, inner records, expansions, groups, pairs, overlaps.

A list that was not supplied gives one phantom row, a stated 无 gives none (docs/language.md
§2.8). Everything else that a row needs it asks of its `Base`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kehou.facts.overlaps import overlapping
from kehou.language import EntityDef, Parameter
from kehou.language.derivations import paths_of, unknown_of, unplaced_of
from kehou.language.derivations.many_members import Limits
from kehou.model.rules import Cond
from kehou.model.values import ABSENT, Unknown
from kehou.packs import Pack

if TYPE_CHECKING:
    from kehou.facts.known_keys import KeyColumn, KeyIndex


class Fact:
    """One subject: ``values`` by field name, ``pointer`` of its row, ``key`` to name it by.

    ``origin`` is the row it was expanded from (itself otherwise), ``phantom`` the unknown that
    stands for every own field where the row itself was not supplied, ``members`` the rows of a
    group, ``paths`` the pointers of fields that stand elsewhere than under ``pointer``.
    """

    __slots__ = (
        "_origin",
        "_sorting",
        "entity",
        "key",
        "members",
        "ordinal",
        "paths",
        "phantom",
        "pointer",
        "values",
    )

    def __init__(
        self, entity: str, pointer: str, values: dict[str, Any], phantom: Unknown | None = None
    ) -> None:
        self.entity = entity
        self.pointer = pointer
        self.values = values
        self.phantom = phantom
        self.key: tuple[Any, ...] = ()
        self.ordinal = 0
        self._origin: Fact | None = None  # not itself: it would not go before the collector comes
        self.members: tuple[Fact, ...] = ()
        self.paths: dict[str, str] | None = None
        self._sorting: tuple[str, list[str], int] | None = None

    @property
    def origin(self) -> Fact:
        """The row that it was expanded from, else itself."""
        return self if self._origin is None else self._origin

    @origin.setter
    def origin(self, row: Fact) -> None:
        self._origin = None if row is self else row

    @property
    def sorting(self) -> tuple[str, list[str], int]:
        """What subjects are put in order by: entity, key as text, ordinal among equals."""
        if self._sorting is None:
            self._sorting = self.entity, [str(part) for part in self.key], self.ordinal
        return self._sorting

    def path(self, name: str) -> str:
        """JSON pointer of an own field."""
        if self.paths and name in self.paths:
            return self.paths[name]
        return f"{self.pointer}/{name.replace('.', '/')}"

    def __repr__(self) -> str:
        return f"Fact({self.entity}, {self.pointer}, {self.values})"


class Base(Protocol):
    """What building rows and deriving values needs of `facts.FactBase`."""

    pack: Pack
    tree: Mapping[str, Any]
    root: Fact
    faulted: frozenset[str]
    open_lists: frozenset[str]
    open_world: bool
    columns: dict[tuple[str, tuple[str, ...]], KeyColumn]
    indexes: dict[tuple[Any, ...], KeyIndex]
    limits: dict[tuple[str, str], Limits]
    parameters: Mapping[str, Parameter]

    def read(self, fact: Fact, name: str) -> Any:
        """Value of a field; Unknown, never None, if not supplied."""

    def reader(self, entity: str, name: str) -> Callable[[Fact], Any]:
        """A function that reads one field of the subjects of an entity."""

    def rows(self, name: str) -> list[Fact]:
        """The facts of an entity."""

    def where(self, cond: Cond | None, entity: str) -> Callable[[Fact], bool | None]:
        """The verdict of a condition on rows of an entity."""

    def unsettled(self, cond: Cond | None, row: Fact) -> Unknown | None:
        """What keeps a condition from being decided on a row."""

    def is_faulted(self, pointer: str) -> bool:
        """Whether a value, or something it stands in, could not be read."""

    def places(self, fact: Fact, name: str, most: int = 20) -> list[str]:
        """Pointers of what a field was read or derived from."""

    def flatten(self, fact: Fact, row: Mapping[str, Any], prefix: str, pointer: str) -> None:
        """Put the scalars of a row into the values of a fact."""


def build(base: Base, d: EntityDef) -> list[Fact]:
    """The facts of an entity, with their keys."""
    facts = _BUILDERS[d.form](base, d)
    _number(facts, d)
    return facts


def _phantom(base: Base, entity: str, pointer: str, paths: Sequence[str] = ()) -> Fact:
    closable = not paths and not base.is_faulted(pointer)
    return Fact(entity, pointer, {}, Unknown(tuple(paths) or (pointer,), closable))


def _list(base: Base, d: EntityDef) -> list[Fact]:
    value: Any = base.tree
    for part in d.path.split("."):
        value = ABSENT if value is ABSENT else value.get(part) if value else None
    return _rows_of(base, d.name, value, "/" + d.path.replace(".", "/"))


def _rows_of(base: Base, entity: str, value: Any, pointer: str) -> list[Fact]:
    if value is ABSENT:
        return []
    if value is None:
        return [_phantom(base, entity, pointer)]
    facts = []
    for i, row in enumerate(value):
        fact = Fact(entity, f"{pointer}/{i}", {})
        if isinstance(row, dict):
            base.flatten(fact, row, "", fact.pointer)
        elif row is not ABSENT:
            fact.values["value"] = row
            fact.paths = {"value": fact.pointer}
        if fact.pointer in base.faulted:
            fact.phantom = Unknown((fact.pointer,), False)
        facts.append(fact)
    if pointer in base.open_lists:  # there may be rows that nobody has read
        facts.append(Fact(entity, pointer, {}, Unknown((pointer,), False)))
    return facts


def _inner(base: Base, d: EntityDef) -> list[Fact]:
    facts: list[Fact] = []
    for outer in base.rows(d.of):
        if outer.phantom is not None and outer.phantom.paths[:1] == (outer.pointer,):
            inner = [Fact(d.name, outer.pointer, {}, outer.phantom)]
        else:
            inner = _rows_of(base, d.name, _raw(base, outer, d.field), outer.path(d.field))
        for fact in inner:
            fact.paths = dict(fact.paths or {})
            for new, old in d.copy:
                value = base.read(outer, old)
                fact.values[new] = value
                fact.paths[new] = outer.path(old)
        facts += inner
    return facts


def _raw(base: Base, fact: Fact, name: str) -> Any:
    """A list of records as it stands in the tree."""
    value: Any = base.tree
    for part in fact.path(name).split("/")[1:]:
        if value is None or value is ABSENT:
            return value
        value = value[int(part)] if isinstance(value, (list, tuple)) else value.get(part)
    return value


def _expand(base: Base, d: EntityDef) -> list[Fact]:
    facts: list[Fact] = []
    for row in base.rows(d.of):
        choices = [_choices(base, row, d.of, old) for _, old in d.over]
        for combination in itertools.product(*choices):
            fact = Fact(d.name, row.pointer, dict(row.values), row.phantom)
            fact.origin = row.origin
            fact.paths = dict(row.paths or {})
            for (new, old), value in zip(d.over, combination, strict=True):
                fact.values[new] = value
                fact.paths[new] = row.path(old)
            facts.append(fact)
    return facts


def _choices(base: Base, row: Fact, entity: str, name: str) -> tuple[Any, ...]:
    value = base.read(row, name)
    stands_for = base.pack.stands_for(entity, name)
    if isinstance(value, tuple):
        return value
    if isinstance(value, str) and value in stands_for:
        return stands_for[value]
    return (value,)


def _group(base: Base, d: EntityDef) -> list[Fact]:
    groups: dict[tuple[Any, ...], list[Fact]] = {}
    loose: list[Unknown] = []
    where = base.where(d.where, d.of)
    for member in base.rows(d.of):
        verdict = where(member)
        if verdict is False:
            continue
        key = tuple(base.read(member, name) for name in d.by)
        if ABSENT in key:
            continue
        unknown = unplaced_of(key)
        if verdict is None:
            loose.append(unknown_of([base.unsettled(d.where, member), unknown]) or Unknown(()))
        elif unknown:
            loose.append(unknown)
        else:
            groups.setdefault(key, []).append(member)
    facts = []
    for key, members in groups.items():
        fact = Fact(d.name, members[0].pointer, dict(zip(d.by, key, strict=True)))
        fact.members = tuple(members)
        fact.paths = {name: members[0].path(name) for name in d.by}
        facts.append(fact)
    if loose:
        # A row that cannot be placed may make a group of its own: nobody can tell.
        unknown = unknown_of(loose)
        assert unknown is not None
        pointer = unknown.paths[0] if unknown.paths else ""
        facts.append(Fact(d.name, pointer, {}, unknown))
    return facts


def _pairs(base: Base, d: EntityDef) -> list[Fact]:
    facts = []
    for earlier, later in itertools.pairwise(d.pairs):
        fact = Fact(
            d.name,
            _step(base, later),
            {
                "earlier": base.read(base.root, earlier),
                "later": base.read(base.root, later),
                "earlier_step": base.pack.title_of(earlier),
                "later_step": base.pack.title_of(later),
            },
        )
        fact.paths = {"earlier": _step(base, earlier), "later": fact.pointer}
        facts.append(fact)
    return facts


def _step(base: Base, name: str) -> str:
    """Pointer of a step of pairs; of a derived one the row that its value comes from."""
    own = "/" + name.removeprefix("submission.").replace(".", "/")
    if (base.root.entity, own[1:]) not in base.pack.derivations:
        return own
    found = [*base.places(base.root, name), *paths_of(base.read(base.root, name))]
    return found[0] if found else own


def _overlaps(base: Base, d: EntityDef) -> list[Fact]:
    rows = base.rows(d.of)
    pairs, unsettled = overlapping(base, d, rows)
    facts: list[Fact] = []
    for a, b in pairs:
        fact = Fact(d.name, a.pointer, dict(a.values))
        fact.members = (a, b)
        fact.paths = dict(a.paths or {})
        facts.append(fact)
    # Rows that nobody has seen may overlap among themselves.
    phantoms = [row.phantom for row in rows if row.phantom is not None]
    unknown = unknown_of([*phantoms, unsettled])
    if unknown:
        facts.append(Fact(d.name, unknown.paths[0], {}, unknown))
    return facts


def _number(facts: Sequence[Fact], definition: EntityDef) -> None:
    """Give every fact its key, and its ordinal among equals (docs/language.md §2.21)."""
    seen: dict[tuple[Any, ...], int] = {}
    over = tuple(new for new, _ in definition.over)
    names = definition.by or (*definition.key, *over)
    for fact in facts:
        key = tuple(_plain(fact.values.get(name)) for name in names)
        fact.key = key
        fact.ordinal = seen.get(key, 0)
        seen[key] = fact.ordinal + 1


def _plain(value: Any) -> Any:
    return "" if value is None or value is ABSENT or isinstance(value, Unknown) else value


_BUILDERS: dict[str, Callable[[Base, EntityDef], list[Fact]]] = {
    "list": _list,
    "inner": _inner,
    "expand": _expand,
    "group": _group,
    "pairs": _pairs,
    "overlaps": _overlaps,
}
