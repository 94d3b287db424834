"""What a submission says where its schema's root declares it: whose it is, and what divides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kehou.fields import Field, Schema
from kehou.model.values import Stratum


def value_at(tree: Mapping[str, Any], path: str | None) -> Any:
    """The value at a dotted path; None where it is absent, not supplied or not declared."""
    found: Any = tree
    for name in path.split(".") if path else ("",):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text_at(tree: Mapping[str, Any], path: str | None) -> str | None:
    """The text at a dotted path, numbers as they are written."""
    found = value_at(tree, path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else None


def values_at(tree: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The texts at a dotted path, of one value or of a list; () where it has none."""
    found = value_at(tree, path)
    if isinstance(found, tuple):
        return tuple(str(one) for one in found)
    one = text_at(tree, path)
    return (one,) if one is not None else ()


def strata_shown(schema: Schema, tree: Mapping[str, Any], language: str) -> tuple[Stratum, ...]:
    """Every stratum that the schema declares, with its values as people read them."""
    shown = []
    for path in schema.declared.whose.strata.values():
        field = schema.field(path)
        assert field is not None  # the schema was checked when it was loaded
        title = field.title if language == "zh" else field.title_en or field.title
        labels = (field.item or field).labels if language == "zh" else {}
        values = values_at(tree, path)
        shown.append(Stratum(title, tuple(labels.get(value, value) for value in values)))
    return tuple(shown)


def period_shown(schema: Schema, tree: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The period that a submission is of: language → title of a field → its value for people.

    What the submission does not say is left out.
    """
    shown: dict[str, dict[str, str]] = {"zh": {}, "en": {}}
    for path in schema.declared.dates.period.values():
        field, value = schema.field(path), text_at(tree, path)
        if field is None or value is None:
            continue
        title = field.title_en or field.title
        shown["zh"][field.title] = _with_title(field, value)
        shown["en"][title] = f"{value} {title}" if field.labels else f"{title} {value}"
    return shown if any(shown.values()) else {}


def _with_title(field: Field, value: str) -> str:
    told = field.labels.get(value, value)
    if field.form == "year_pair":
        told = told.replace("-", "—")
    return told if told.endswith(field.title) else told + field.title


def pointer_of(path: str) -> str:
    """The JSON pointer of a dotted path."""
    return "/" + path.replace(".", "/")
