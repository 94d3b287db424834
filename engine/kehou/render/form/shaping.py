"""A form that leaves out what does not apply, by the answers to a schema's questions.

What an answer states is written into the form, on a hidden sheet where it is a sheet of its own;
short lists are numbered lines of their part's sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kehou.errors import UsageError
from kehou.fields import ABSENT_WORDS, Field, Schema
from kehou.fields.asks import Answer
from kehou.forms import FormSheet, Item
from kehou.forms.layouts import inlined
from kehou.render.form.needed_fields import Need
from kehou.render.form.values import at

#: Numbered lines of a list at most.
_MOST_LINES: Final = 9


def _title(path: str, schema: Schema | None) -> str:
    """The titles of a field and of what holds it; its path without a schema."""
    steps = path.split(".")
    above = [".".join(steps[: n + 1]) for n in range(len(steps))]
    fields = [schema.field(one) for one in above] if schema is not None else [None]
    return path if None in fields else "·".join(field.title for field in fields if field)


def stated(tree: Mapping[str, Any], answer: Answer, schema: Schema | None = None) -> dict[str, Any]:
    """A tree with what answers state put into it; rows are not touched.

    Raises ``UsageError`` where the tree holds something else there, told by its title if there is
    a ``schema``.
    """
    found: dict[str, Any] = {**tree}
    for path, words in answer.state.items():
        before = at(tree, path.split("."))
        if words in ABSENT_WORDS and before and before not in (words, *ABSENT_WORDS):
            raise UsageError(
                "form-answer",
                f"回答说没有，材料里却有内容：{_title(path, schema)}",
                hint="请改回答，或先删去材料里的这一部分",
            )
        *above, name = path.split(".")
        holder = found
        for step in above:
            inner = holder.get(step)
            holder[step] = {**inner} if isinstance(inner, Mapping) else {}
            holder = holder[step]
        holder[name] = words
    return found


def shaped(
    sheets: Sequence[FormSheet],
    answer: Answer,
    stage: str,
    needs: Mapping[str, Need],
    tree: Mapping[str, Any],
) -> list[FormSheet]:
    """The sheets that apply: without what is left out, or neither due nor given."""
    kept = [one for sheet in sheets if (one := _less(sheet, answer, stage, needs, tree))]
    found: list[FormSheet] = []
    for sheet in kept:
        if sheet.table and _record_of(sheet, kept) is not None and _is_short(sheet, tree):
            continue
        if not sheet.table:
            below = [one for one in kept if _record_of(one, kept) is sheet and _is_short(one, tree)]
            sheet = inlined(sheet, below, [_lines(one, tree) for one in below])
        found.append(sheet)
    return found


def _less(
    sheet: FormSheet, answer: Answer, stage: str, needs: Mapping[str, Need], tree: Mapping[str, Any]
) -> FormSheet | None:
    """A sheet without the items that are left out; hidden where it is all stated; or None."""
    value = at(tree, sheet.path)
    if any(_within(sheet.key, path) for path in answer.leave):
        record = len(sheet.path) == 1
        return replace(sheet, hidden=True) if record and value is not None else None
    items = tuple(item for item in sheet.items if _applies(sheet, item, answer, tree))
    if sheet.table:
        due = stage in sheet.field.required or _always(sheet.field.path, needs)
    else:
        due = any(stage in item.field.required or _always(item.field.path, needs) for item in items)
        due = due or any(stage in f.required for f in sheet.field.fields.values() if _few(f))
    return replace(sheet, items=items) if due or value is not None else None


def _always(path: str, needs: Mapping[str, Need]) -> bool:
    return path in needs and needs[path].always


def _applies(sheet: FormSheet, item: Item, answer: Answer, tree: Mapping[str, Any]) -> bool:
    path = ".".join((*sheet.path, *item.path))
    if not any(_within(path, left) for left in answer.leave):
        return True
    if sheet.table:  # a column that holds something stays
        rows = at(tree, sheet.path) if sheet.parent is None else None
        held = [at(row, item.path) for row in rows or () if isinstance(rows, list)]
        return any(value not in (None, *ABSENT_WORDS) for value in held)
    return at(tree, (*sheet.path, *item.path)) is not None


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}.")


def _record_of(sheet: FormSheet, sheets: Sequence[FormSheet]) -> FormSheet | None:
    """The record's sheet that a list stands below, where it can take the list's lines."""
    if not sheet.table or sheet.parent is not None or len(sheet.path) < 2:
        return None
    return next((one for one in sheets if one.path == sheet.path[:1] and not one.table), None)


def _is_short(sheet: FormSheet, tree: Mapping[str, Any]) -> bool:
    """Whether a list's rows are few: the schema says so (``x-few``), and the tree has no more."""
    flat = all(len(item.path) == 1 and not item.whole for item in sheet.items)
    return flat and _few(sheet.field) > 0 and _lines(sheet, tree) <= _MOST_LINES


def _few(field: Field) -> int:
    """How many rows a list has with most submitters, where they are few; else 0."""
    return int(field.node.get("x-few", 0))


def _lines(sheet: FormSheet, tree: Mapping[str, Any]) -> int:
    value = at(tree, sheet.path)
    return max(_few(sheet.field), len(value) + 1 if isinstance(value, list) else 0)


__all__ = ["shaped", "stated"]
