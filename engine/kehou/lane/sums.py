"""Fields of the submission that are added up from rows: which of them fused code can add up.

Where every amount is there it is one addition a row. Where one is not, the sum lies between bounds
and the language's own functions say which, of the same members with the same paths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from kehou.lane.records import Column, Refused, column, rows_path, typed
from kehou.language import ROOT, Bound, Derivation, FieldArg, Parameter, Type, bind
from kehou.language.conditions import bound_fields
from kehou.language.derivations import FUNCTIONS, join_paths, paths_of, unknown_of
from kehou.language.derivations.many_members import Limits, Members, total
from kehou.model.rules import Const, FieldRef
from kehou.model.values import Unknown
from kehou.packs import Pack

_ADDED = ("integer", "money")


class Sum(NamedTuple):
    """A sum of one column of an entity's rows, those that ``where`` takes; by its name."""

    name: str
    entity: str
    of: Column
    where: Bound | None
    by: Column | None
    least: Any


#: Of a sum: what certainly belongs and is known, rows without the amount, rows without their kind.
Partial = tuple[int, Sequence[Any], Sequence[Any]]


class Combined(NamedTuple):
    """A sum or difference of two fields of the submission, in the order in which they are named."""

    name: str
    fn: str
    args: tuple[Column | str, ...]


class Derived:
    """The derived fields that some rules read, in an order in which they can be worked out."""

    def __init__(self, pack: Pack, parameters: Mapping[str, Parameter]) -> None:
        self._pack, self._parameters = pack, parameters
        self.made: dict[str, Sum | Combined] = {}

    def add(self, name: str) -> None:
        """Take a field in, with what it is made of; raises ``Refused``."""
        name = name.removeprefix("submission.")
        if name in self.made:
            return
        d = self._pack.derivations[ROOT, name]
        kind = self._pack.type_of(ROOT, name)[0].kind
        if d.fn == "sum" and kind in _ADDED:
            self.made[name] = self._sum(d)
        elif d.fn in ("plus", "minus") and kind in _ADDED:
            args = tuple(self._argument(d, arg, kind) for arg in d.args)
            self.made[name] = Combined(name, d.fn, args)
        else:
            raise Refused(f"derivation:{d.fn}")

    def _argument(self, d: Derivation, arg: Any, kind: str) -> Column | str:
        if isinstance(arg, Const) or not isinstance(arg, FieldRef):
            raise Refused(f"derivation:{d.fn} of a parameter")
        if self._pack.type_of(ROOT, arg.name)[0].kind != kind:
            raise Refused(f"derivation:{d.fn} of two kinds")
        if (ROOT, arg.name.removeprefix("submission.")) in self._pack.derivations:
            self.add(arg.name)
            return arg.name.removeprefix("submission.")
        return column(self._pack, ROOT, arg.name)

    def _sum(self, d: Derivation) -> Sum:
        if d.same or d.match or d.at or d.flatten:
            raise Refused("derivation:sum by key")
        rows_path(self._pack, d.over)
        of = column(self._pack, d.over, d.of)
        where, by = None, None
        if d.where is not None:

            def typer(name: str) -> tuple[Type, bool]:
                return self._pack.type_of(d.over, name)

            where = bind(d.where, typer, self._parameters, frozenset())
            by = self._by(d, where)
        return Sum(d.name, d.over, of, where, by, self._pack.minimum(d.over, d.of))

    def _by(self, d: Derivation, where: Bound) -> Column:
        fields = bound_fields(where)
        if len(fields) != 1 or fields[0].root:
            raise Refused("derivation:sum where several fields")
        by = column(self._pack, d.over, fields[0].name)
        if by.meaning is None or by.kind not in ("enum", "boolean"):
            raise Refused("derivation:sum where open values")
        others = [m for m in self.made.values() if isinstance(m, Sum) and m.entity == d.over]
        if any(m.by is not None and m.by.name != by.name for m in others):
            raise Refused("derivation:sums where different fields")
        return by

    @property
    def columns(self) -> list[tuple[str, str]]:
        """(entity, field) of all columns that they are made of."""
        found = []
        for made in self.made.values():
            if isinstance(made, Sum):
                found.append((made.entity, made.of.name))
                found += [(made.entity, made.by.name)] if made.by is not None else []
            else:
                found += [(ROOT, arg.name) for arg in made.args if isinstance(arg, Column)]
        return found

    # --- where something is missing ----------------------------------------------------------

    @cached_property
    def _ways(self) -> list[tuple[str, _Total | _Combination]]:
        return [
            (name, _Total(self._pack, made) if isinstance(made, Sum) else _Combination(made))
            for name, made in self.made.items()
        ]

    def values(
        self, record: Any, phantoms: Mapping[str, Any], partial: Sequence[Partial]
    ) -> dict[str, Any]:
        """What all of them come to in a record, between bounds where something is missing.

        ``phantoms`` are the rows of lists that were not handed in; ``partial`` tells of the sums,
        in their order, what was added up.
        """
        found: dict[str, Any] = {}
        told = iter(partial)
        for name, way in self._ways:
            if isinstance(way, _Total):
                found[name] = way.between(record, phantoms, next(told))
            else:
                found[name] = way.of(record, found)
        return found


class _Combination:
    """A sum or difference of two fields of a record."""

    def __init__(self, made: Combined) -> None:
        self._compute = FUNCTIONS[made.fn].compute
        self._args = [(a, None if isinstance(a, str) else _reader(a)) for a in made.args]

    def of(self, record: Any, known: Mapping[str, Any]) -> Any:
        """What they come to, where other fields are ``known``."""
        return self._compute(*[self._value(at, read, record, known) for at, read in self._args])

    def _value(self, at: Column | str, read: Any, record: Any, known: Mapping[str, Any]) -> Any:
        if isinstance(at, str):
            return known[at]
        value = typed(at, read(record))
        return Unknown(("/" + at.name.replace(".", "/"),), True) if value is None else value


class _Total:
    """A sum over the rows of a record, of which some may lack their amount or their kind."""

    def __init__(self, pack: Pack, made: Sum) -> None:
        self._made = made
        self._path = pack.entities[made.entity].path
        self._pointer = "/" + self._path.replace(".", "/")
        self._limits = Limits(least=made.least)
        self._rows = attrgetter(".".join(rows_path(pack, made.entity)))
        self._amount = _reader(made.of)
        self._scale = 100 if made.of.kind == "money" else 1

    def between(self, record: Any, phantoms: Mapping[str, Any], partial: Partial) -> Any:
        """The sum, or what it lies between."""
        rows = self._rows(record)
        if rows is phantoms[self._path]:
            return total(Members([], True, (self._pointer,), False, self._limits))
        certain, lacking, vague = partial
        if not lacking and not vague:
            return certain * self._scale
        # What is certain is one member: a sum does not ask of how many it is made.
        own: list[tuple[Any, bool]] = [(certain * self._scale, True)]
        unsure: list[Unknown] = []
        open_: list[Unknown] = []
        odd = [*_placed(rows, lacking, True), *_placed(rows, vague, False)]
        for number, certainly in sorted(odd):
            if not certainly and self._made.by is not None:
                unsure.append(Unknown((self._place(number, self._made.by),)))
            value = typed(self._made.of, self._amount(rows[number]))
            if value is None:
                value = Unknown((self._place(number, self._made.of),), True)
                open_.append(value)
            own.append((value, certainly))
        told = unknown_of([unknown_of(unsure), *open_]) or Unknown(())
        paths = join_paths([told.paths, *map(paths_of, open_)])
        return total(Members(own, False, paths, told.closable, self._limits))

    def _place(self, number: int, at: Column) -> str:
        return f"{self._pointer}/{number}/{at.name.replace('.', '/')}"


def _placed(rows: Sequence[Any], some: Sequence[Any], certainly: bool) -> list[tuple[int, bool]]:
    """The places of some of the rows."""
    if not some:
        return []
    wanted = set(map(id, some))
    return [(number, certainly) for number, row in enumerate(rows) if id(row) in wanted]


def _reader(at: Column) -> Callable[[Any], Any]:
    return attrgetter(".".join(at.path))


def is_derived(pack: Pack, field: FieldArg, entity: str) -> bool:
    """Whether a field that a rule reads is one of the submission that is worked out."""
    root = field.root or entity == ROOT
    return root and (ROOT, field.name.removeprefix("submission.")) in pack.derivations


def in_order(derived: Derived, sums: bool) -> Sequence[Any]:
    """The sums, or what is made of them, in the order in which they can be worked out."""
    return [made for made in derived.made.values() if isinstance(made, Sum) is sums]


__all__ = ["Combined", "Derived", "Sum", "in_order", "is_derived"]
