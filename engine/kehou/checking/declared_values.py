"""What a submission says where its schema declares it: whose it is, and its dates.

The schema's ``x-subject`` and ``x-dates`` name the fields; the clock is never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.model.outcomes import Stage
from kehou.model.report import Stratum
from kehou.packs import Pack

#: Where a date of checking would stand at a stage for which the schema declares no field.
CHECK_DATE: Final = "/check/date"


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


def pointer_of(path: str) -> str:
    """The JSON pointer of a dotted path."""
    return "/" + path.replace(".", "/")


def law_date(loaded: Sequence[Pack], tree: Mapping[str, Any]) -> str:
    """The date whose law applies: the declared one, else the first day of the period named.

    Raises UsageError where the submission says neither (docs/language.md §2, dates).
    """
    schema = loaded[0].schema
    dates = schema.declared.dates
    start = value_at(tree, dates.as_of)
    if isinstance(start, str):
        return start
    named = {key: text_at(tree, path) for key, path in dates.period.items()}
    for pack in loaded:
        for period in pack.periods:
            if period.keys == named:
                return period.start
    message, hint = _no_date(schema)
    raise UsageError("no-as-of", message, hint=hint)


def _no_date(schema: Schema) -> tuple[str, str]:
    """What is said where nothing tells which law holds, and the way out."""
    dates, example = schema.declared.dates, "--as-of 2021-09-01"
    field = schema.field(dates.as_of) if dates.as_of else None
    period = "".join(
        found.title for path in dates.period.values() if (found := schema.field(path)) is not None
    )
    told = [f"没有{field.title}"] if field is not None else []
    told += [f"没有可查的{period}"] if period else []
    said = f"材料中{'，也'.join(told)}" if told else "材料结构没有说明适用日期在哪个字段"
    message = f"不知道按哪一天的规定核查：{said}"
    if field is None:
        return message, f"请加参数 {example}"
    main_file = schema.declared.nouns["zh"]["main_file"]
    return message, f"请在{main_file}中填写 {field.name}（{field.title}），或加参数 {example}"


def date_of(schema: Schema, tree: Mapping[str, Any], stage: Stage) -> str | None:
    """What “already” means at a stage; None where nothing says it."""
    found = value_at(tree, schema.declared.dates.check.get(stage))
    return found if isinstance(found, str) else None
