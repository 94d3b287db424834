"""What a register adds to what was looked at: the id, the name and the strata that it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kehou.batch.register import Register, Registered
from kehou.batch.survey import Surveyed


def registered(seen: Sequence[Surveyed], register: Register | None) -> list[Surveyed]:
    """What was looked at, with what the register adds where a submission does not say it."""
    if register is None:
        return list(seen)
    rows = [(one, register.row_of(one.id, one.name)) for one in seen]
    return [one if row is None else _with(one, row) for one, row in rows]


def known_by_path(
    single: Sequence[Surveyed], seen: Sequence[Surveyed], register: Register | None
) -> list[Surveyed]:
    """Those of whom nothing says whose they are, by the row whose name stands in their path.

    A row is meant so once, and only where it is nobody else's.
    """
    if register is None:
        return list(single)
    taken = [one.id or one.name for one in seen]
    bare = {one.path: register.row_within(one.path) for one in single if not (one.id or one.name)}
    taken += [row.id or row.name for row in bare.values() if row is not None]
    found = []
    for one in single:
        row = bare.get(one.path)
        once = row is not None and taken.count(row.id or row.name) == 1
        found.append(_with(one, row) if once and row is not None else one)
    return found


def known(one: Surveyed, register: Register | None) -> Surveyed:
    """One alone, with what the register adds."""
    return known_by_path(made := registered([one], register), made, register)[0]


def _with(one: Surveyed, row: Registered) -> Surveyed:
    own = {name: value for name, value in one.strata if value}
    strata = tuple({**dict(one.strata), **row.strata, **own}.items())
    known_as = (row.id, row.name)
    return replace(
        one, id=one.id or row.id, name=one.name or row.name, strata=strata, known_as=known_as
    )
