"""A form that nobody has filled in yet: told as such, with the first boxes to fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kehou.checking.declared_values import pointer_of, text_at, value_at
from kehou.errors import UnreadableError
from kehou.model.values import ABSENT
from kehou.submission import Submission

#: Kinds of fields that have no box of their own.
_WHOLES: Final = ("record", "rows")
#: Boxes that are named.
_MOST: Final = 6


def refuse_blank(submission: Submission) -> None:
    """Raise UnreadableError for a form that says neither whose it is nor from when it holds."""
    if submission.unreadable is not None or not _is_form(submission) or submission.faults:
        return
    schema, tree, stage = submission.schema, submission.tree, submission.stage
    whose, dates = schema.declared.whose, schema.declared.dates
    told = [path for path in (whose.id, whose.name) if path and text_at(tree, path)]
    if told or value_at(tree, dates.as_of):
        return
    first = [path for path in (whose.id, whose.name, dates.as_of) if path]
    due = [f.path for f in schema.walk() if str(stage) in f.required and f.kind not in _WHOLES]
    boxes: list[str] = []
    for path in dict.fromkeys([*first, *due]):
        if len(boxes) < _MOST and not _is_said(submission, path):
            boxes += [f"{cell}（{label}）" for cell, label in _box(submission, path)]
    raise UnreadableError(
        "blank-form",
        "表格还没有填",
        submission.places.name,
        f"先填{'、'.join(boxes)}，再填其余标“必填”“不填则不能判定”的格；确实没有的写“无”",
    )


def _is_said(submission: Submission, path: str) -> bool:
    """Whether a field, or that there is none of what it is of, was said when the form was made."""
    steps = path.split(".")
    above = (".".join(steps[:n]) for n in range(1, len(steps)))
    none = any(value_at(submission.tree, one) is ABSENT for one in above)
    return none or value_at(submission.tree, path) is not None


def _box(submission: Submission, path: str) -> Iterator[tuple[str, str]]:
    """The cell and the label of the box of a field, where a form shows one."""
    for mount in submission.places.mounts:
        cells = mount.document.cells
        found = cells.box(path.split(".")) if cells is not None and cells.box is not None else None
        if found is not None:
            yield found
            return


def box_of(submission: Submission, path: str | None) -> str:
    """The cell of a form where a field belongs (``实施方案!B11``); empty where it is no form."""
    if not path or not _is_form(submission):
        return ""
    return submission.locate(pointer_of(path)).cell or ""


def _is_form(submission: Submission) -> bool:
    mounts = submission.places.mounts
    return any(not mount.base and mount.document.cells is not None for mount in mounts)


__all__ = ["box_of", "refuse_blank"]
