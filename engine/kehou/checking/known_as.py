"""Whose a submission is by a register, where it does not say so itself."""

from __future__ import annotations

from dataclasses import replace

from kehou.model.report import SubmissionRecord


def registered(whose: SubmissionRecord, known_as: tuple[str, str]) -> SubmissionRecord:
    """A record with the id and name of the register in place of those that it lacks."""
    id, name = known_as
    lacks = {"id": id and not whose.id, "name": name and not whose.name}
    given = tuple(key for key, lacking in lacks.items() if lacking)
    if not given:
        return whose
    return replace(whose, id=whose.id or id, name=whose.name or name, from_register=given)
