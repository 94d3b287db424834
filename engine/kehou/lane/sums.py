"""Fields of the submission that are added up from rows: which of them fused code can add up.

Where every amount is there it is one addition a row. Where one is not, the sum lies between bounds
and the language's own functions say which, of the same members with the same paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from kehou.lane.details import OneByOne
from kehou.lane.records import Column, Refused, column, rows_path, typed
from kehou.language import ROOT, Bound, Derivation, FieldArg, Parameter, Type, bind, closure
from kehou.language.conditions import bound_fields
from kehou.language.derivations import FUNCTIONS, join_paths, paths_of, unknown_of
from kehou.language.derivations.many_members import Limits, Members
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
            raise Refused(f"派生字段 {name}（{d.fn}）")

    def _argument(self, d: Derivation, arg: Any, kind: str) -> Column | str:
        if isinstance(arg, Const) or not isinstance(arg, FieldRef):
            raise Refused(f"派生字段 {d.name} 用到参数或常数")
        if self._pack.type_of(ROOT, arg.name)[0].kind != kind:
            raise Refused(f"派生字段 {d.name} 的两项不是一种量")
        if (ROOT, arg.name.removeprefix("submission.")) in self._pack.derivations:
            self.add(arg.name)
            return arg.name.removeprefix("submission.")
        return column(self._pack, ROOT, arg.name)

    def _sum(self, d: Derivation) -> Sum:
        if d.same or d.match or d.at or d.flatten:
            raise Refused(f"派生字段 {d.name} 按行连到别的对象")
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
            raise Refused(f"派生字段 {d.name} 按几个字段取行")
        by = column(self._pack, d.over, fields[0].name)
        if by.meaning is None or by.kind not in ("enum", "boolean"):
            raise Refused(f"派生字段 {d.name} 按没有列出取值的字段取行")
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

    def values(self, record: Any, phantoms: Mapping[str, Any]) -> dict[str, Any]:
        """What all of them come to in a record, between bounds where something is missing."""
        found: dict[str, Any] = {}
        for name, made in self.made.items():
            if isinstance(made, Sum):
                found[name] = self._total(made, record, phantoms)
                continue
            args = [found[a] if isinstance(a, str) else _read(record, a) for a in made.args]
            found[name] = FUNCTIONS[made.fn].compute(*args)
        return found

    def _total(self, made: Sum, record: Any, phantoms: Mapping[str, Any]) -> Any:
        path = self._pack.entities[made.entity].path
        pointer = "/" + path.replace(".", "/")
        limits = Limits(least=made.least)
        rows = attrgetter(".".join(rows_path(self._pack, made.entity)))(record)
        if rows is phantoms[path]:
            return FUNCTIONS["sum"].compute(Members([], True, (pointer,), False, limits))
        taken = None if made.where is None else closure(made.where)
        own, open_ = [], []
        for number, row in enumerate(rows):
            at = f"{pointer}/{number}/"
            verdict = True
            if taken is not None and made.by is not None:
                by = typed(made.by, attrgetter(".".join(made.by.path))(row))
                verdict = taken({made.by.name: by}, {})
                if verdict is None:
                    open_.append(Unknown((at + made.by.name.replace(".", "/"),)))
            if verdict is not False:
                value = typed(made.of, attrgetter(".".join(made.of.path))(row))
                if value is None:
                    value = Unknown((at + made.of.name.replace(".", "/"),), True)
                own.append((value, verdict is True))
        values = [value for value, _ in own]
        told = unknown_of([unknown_of(open_), *values]) or Unknown(())
        paths = join_paths([told.paths, *map(paths_of, values)])
        return FUNCTIONS["sum"].compute(Members(own, False, paths, told.closable, limits))


def _read(record: Any, at: Column) -> Any:
    value = typed(at, attrgetter(".".join(at.path))(record))
    return Unknown(("/" + at.name.replace(".", "/"),), True) if value is None else value


def is_derived(pack: Pack, field: FieldArg, entity: str) -> bool:
    """Whether a field that a rule reads is one of the submission that is worked out."""
    root = field.root or entity == ROOT
    return root and (ROOT, field.name.removeprefix("submission.")) in pack.derivations


def in_order(derived: Derived, sums: bool) -> Sequence[Any]:
    """The sums, or what is made of them, in the order in which they can be worked out."""
    return [made for made in derived.made.values() if isinstance(made, Sum) is sums]


__all__ = ["Combined", "Derived", "OneByOne", "Sum", "in_order", "is_derived"]
