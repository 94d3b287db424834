"""Whose gap a missing value is: whose the submission is, the authority's, or a visit's.

Source: docs/language.md §2.14.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kehou.model.outcomes import Owner
from kehou.readers import segments

if TYPE_CHECKING:
    from kehou.fields.fields import Field, Schema


def owner(schema: Schema, tree: Mapping[str, Any], pointer: str) -> Owner:
    """Whose gap it is that there is no value at a JSON pointer of a submission's typed tree.

    ``x-owner`` of the field or of the nearest part around it says so. What a record of the
    authority's lacks is its giver's to add, unless the field itself says whose it is.
    """
    tokens = segments(pointer)
    if not tokens:
        return Owner.SUBJECT
    part = schema.root.fields.get(tokens[0])
    if part is None:
        return Owner.AUTHORITY  # the day of a check, which stands in no part
    declared, depth = _declared(part, tokens)
    record, giver = tree.get(part.name), part.given_by
    inside = len(tokens) > 1 and giver is not None and isinstance(record, Mapping)
    if not part.record or not inside or declared is Owner.VISIT:
        return declared
    assert giver is not None and isinstance(record, Mapping)
    if record.get(giver.name) == giver.giver["authority"]:
        return Owner.AUTHORITY
    return declared if depth else Owner.SUBJECT


def _declared(part: Field, tokens: list[str]) -> tuple[Owner, int]:
    """What ``x-owner`` says for a pointer, and how many steps below the part it says so."""
    found, depth = part.owner or Owner.SUBJECT, 0
    field: Field | None = part
    for step, token in enumerate(tokens[1:], 1):
        assert field is not None
        if token.isdecimal() or token == "*":
            continue
        field = field.fields.get(token)
        if field is None:
            break
        if field.owner is not None:
            found, depth = field.owner, step
    return found, depth
