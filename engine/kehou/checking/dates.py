"""The two dates of a check: which day's law applies, and what “already” means.

Source: docs/language.md §2.11. The schema's ``x-dates`` name the fields that say them. The clock is
never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kehou.checking.blank_forms import box_of
from kehou.checking.declared_values import pointer_of, text_at, value_at
from kehou.errors import UsageError
from kehou.fields import Schema
from kehou.model.outcomes import Stage
from kehou.model.values import Unknown
from kehou.packs import Pack
from kehou.readers.door import shown
from kehou.submission import Submission, missing


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


def law_date_of(pack: Pack, submission: Submission, path: str | Path) -> str:
    """The date whose law applies to a submission at a path.

    Raises UsageError, which names the path, where nothing says it; UnreadableError, which tells
    what is wrong with the main file, where that one could not be read: the date may well stand
    there.
    """
    try:
        return law_date([pack], submission.tree)
    except UsageError as error:
        if submission.unreadable is None:
            where = submission.places.name if str(path) == "-" else shown(str(path))
            box = box_of(submission, submission.schema.declared.dates.as_of)
            if box:
                hint = f"请填写“{box}”"
                raise UsageError(error.code, error.message, where, hint) from None
            error.where = where
            raise
        raise submission.unreadable from submission.unreadable.__cause__


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
    return message, f"请在{main_file}中写明{field.title}，或加参数 {example}"


def date_of(schema: Schema, tree: Mapping[str, Any], stage: Stage) -> str | None:
    """What “already” means at a stage; None where nothing says it."""
    found = value_at(tree, schema.declared.dates.check.get(stage))
    return found if isinstance(found, str) else None


def check_date(
    schema: Schema, tree: Mapping[str, Any], stage: Stage, asked: str | None, seen: Sequence[str]
) -> tuple[str | None, str | None]:
    """The date of the check, and where it is taken from; (None, None) where nothing says it.

    ``asked`` is the option's date; then the field that the schema names for the stage; then,
    where people have been to see, the latest day of ``seen`` (ISO dates of attestations): what
    they saw was so on that day. A plan is filed before anyone goes, so not at approval. The
    source is ``option``, ``field`` or ``attestations``.
    """
    if asked:
        return asked, "option"
    if found := date_of(schema, tree, stage):
        return found, "field"
    if seen and stage is not Stage.APPROVAL:
        return max(seen), "attestations"
    return None, None


#: Where a date of checking would stand at a stage for which the schema declares no field.
_CHECK_DATE: Final = "/check/date"


def check_values(submission: Submission, stage: Stage, date: str | None) -> dict[str, Any]:
    """Values of the names under ``check.``."""
    schema = submission.schema
    path = schema.declared.dates.check.get(stage)
    undated = Unknown((pointer_of(path) if path else _CHECK_DATE,), False)
    unhashed = Unknown(tuple(f"/{name}" for name in schema.hashed_parts[:1]), False)
    lacking = missing(schema, submission.tree, stage)
    return {
        "check.stage": str(stage),
        "check.date": date or undated,
        "check.content_sha256": submission.content_sha256 or unhashed,
        "check.form_complete": Unknown(lacking) if lacking else True,
    }


def in_force(dates: tuple[str | None, str | None], as_of: str) -> bool:
    """Whether a pack's policy holds on a date, by what ``packs.dates`` says of it."""
    start, end = dates
    return (start is None or start <= as_of) and (end is None or as_of <= end)
