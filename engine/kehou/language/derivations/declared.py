"""What ``facts.yaml`` declares: entities and derived fields (docs/language.md §1.6, §1.7)."""

from __future__ import annotations

from dataclasses import dataclass

from kehou.model.rules import Arg, Cond, FieldRef


@dataclass(frozen=True, slots=True)
class EntityDef:
    """One kind of subject.

    ``form`` is ``list`` (rows at ``path``), ``inner`` (records in ``field`` of each ``of``),
    ``expand`` (one row per combination of ``over``), ``group``, ``pairs`` or ``overlaps``.
    """

    name: str
    form: str
    path: str = ""
    of: str = ""
    field: str = ""
    copy: tuple[tuple[str, str], ...] = ()
    over: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    where: Cond | None = None
    pairs: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    valid: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    label: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derived field: ``fn`` of the closed list (`table`), with the members that it takes.

    Where ``over`` is named, rows of that entity are read: those where ``same`` (their field, my
    field) agree, ``where`` holds and the date ``at`` lies between their ``valid`` fields, or those
    found by ``match`` (my field, their field) alternatives. Else it is computed from ``args`` or
    ``named`` arguments.
    """

    entity: str
    name: str
    fn: str
    over: str = ""
    same: tuple[tuple[str, str], ...] = ()
    where: Cond | None = None
    that: Cond | None = None
    of: str = ""
    flatten: bool = False
    match: tuple[tuple[str, str], ...] = ()
    at: str = ""
    valid: tuple[str, ...] = ()
    take: str = ""
    args: tuple[Arg, ...] = ()
    named: tuple[tuple[str, Arg], ...] = ()
    factors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    overnight: bool = False
    inclusive: bool = False
    line: int = 0

    @property
    def worded(self) -> bool:
        """Whether the word that may stand last stands there."""
        return self.overnight or self.inclusive

    @property
    def arguments(self) -> tuple[Arg, ...]:
        """What it is computed from, listed or named."""
        return (*self.args, *(arg for _, arg in self.named))

    @property
    def own_fields(self) -> list[str]:
        """Fields of the subject that it reads."""
        names = [arg.name for arg in self.arguments if isinstance(arg, FieldRef)]
        names += [mine for _, mine in self.same] + [mine for mine, _ in self.match]
        return names + ([self.at] if self.at else [])

    @property
    def their_fields(self) -> list[str]:
        """Fields of the rows of ``over`` that it joins by and takes, without its conditions'."""
        names = [theirs for theirs, _ in self.same] + [theirs for _, theirs in self.match]
        return names + [name for name in (self.of, self.take, *self.valid) if name]

    @property
    def typed_by(self) -> list[tuple[str, Arg]]:
        """(entity, argument) of everything whose type decides the type of the derived field."""
        taken = self.of or self.take
        if self.over:
            return [(self.over, FieldRef(taken))] if taken else []
        return [(self.entity, arg) for arg in self.arguments]
