"""A correction as a person wrote it, as values of the fields that it corrects."""

from __future__ import annotations

import re
from typing import Any, Final

from kehou.fields import BadScalar, Field
from kehou.fields.scalars import members, read, read_range
from kehou.readers import Plain
from kehou.reading.confirmations.read_items import Reading

#: Between the fields of a correction, and between the name of one and its value.
_APART: Final = re.compile(r"[；;\n]+")
_IS: Final = re.compile(r"\s*[：:]\s*")


def corrected(reading: Reading, instead: str) -> dict[str, Any]:
    """The corrected values by the names of their fields; "" names a single value.

    Raises ``BadScalar`` with what may be written.
    """
    field = reading.field
    if reading.kind == "statement":
        polarity = field.fields[field.statement["polarity"]]
        title, value = _named(instead)
        told = value if polarity is field.child(title) else instead
        return {polarity.name: polarity.spellings.get(told) or _refuse(polarity)}
    if reading.kind == "value" or not field.fields:
        return {"": _value(field if reading.kind == "value" else field.item or field, instead)}
    found: dict[str, Any] = {}
    for part in filter(str.strip, _APART.split(instead)):
        title, value = _named(part)
        child = field.child(title) if title else None
        if child is None:
            known = "、".join(one for one, _ in reading.values)
            raise BadScalar(f"“栏目：内容”，栏目如{known}", "几个栏目之间用分号隔开")
        found[child.name] = _value(child, value)
    return found


def _named(part: str) -> tuple[str, str]:
    """“title：value”, of which the title is empty where there is none."""
    first, *rest = _IS.split(part.strip(), maxsplit=1)
    return (first, rest[0]) if rest else ("", first)


def _value(field: Field, text: str) -> Any:
    """A text as the document's tree holds it, once it is known to be a value of the field."""
    if field.kind != "list":
        read(field, text)
        return Plain(text)
    item = field.item or field
    parts = members(field, text)
    for part in parts:
        read_range(item, part) if field.ranged else read(item, part)
    return [Plain(part) for part in parts] or _refuse(item)


def _refuse(field: Field) -> Any:
    from kehou.fields import allowed

    raise BadScalar(allowed(field))


__all__ = ["corrected"]
