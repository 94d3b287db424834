"""Forms for tests: made from trees of text, changed by hand with openpyxl, read again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from openpyxl import load_workbook

from kehou import packs
from kehou.commands.form import workbook
from kehou.fields import Field, Schema
from kehou.forms import layout, open_form
from kehou.model.outcomes import Stage
from kehou.render.form import Form
from kehou.render.form.workbook import render
from kehou.submission import Submission, carry, load_document
from kehou.submission.submission import load_text


@cache
def schema() -> Schema:
    return packs.load().schema


@cache
def empty(stage: Stage = Stage.APPROVAL) -> bytes:
    """The form as `kehou form` makes it."""
    return workbook([packs.load()], stage, {})


@cache
def _small(text: str, lean: bool) -> bytes:
    tree = json.loads(text)
    sheets = [sheet for sheet in layout(schema()) if sheet.path[0] in tree]
    if lean:
        sheets = [sheet for sheet in sheets if _held(tree, sheet.path)]
    return render(Form("表", "approval", "方案备案", "0" * 64, sheets, tree, {}))


def _held(tree: Any, path: tuple[str, ...]) -> bool:
    """Whether a tree says anything at a path, in any row."""
    if not path or isinstance(tree, str):
        return True
    if isinstance(tree, list):
        return any(_held(row, path) for row in tree)
    return path[0] in tree and _held(tree[path[0]], path[1:])


def filled(tree: dict[str, Any], lean: bool = False) -> bytes:
    """A form of the parts of a tree and no others; a ``lean`` one without empty tables."""
    return _small(json.dumps(tree, ensure_ascii=False), lean)


def given(tree: dict[str, Any]) -> Submission:
    """The same tree as a JSON file."""
    return load_text(json.dumps(tree, ensure_ascii=False), schema(), "plan.json")


def carried(tree: dict[str, Any]) -> dict[str, Any]:
    found = carry(given(tree))
    assert found.lost == ()
    return found.tree


def read_form(content: bytes) -> Submission:
    document = open_form(content, "申报表.xlsx", schema())
    assert document is not None
    return load_document(document, schema())


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook after somebody worked on it."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def after(tree: dict[str, Any], change: Callable[[Any], object]) -> Submission:
    """What is read from a form of a tree after a change."""
    return read_form(changed(filled(tree), change))


def cell_of(page: Any, label: str) -> Any:
    """The cell to fill in beside a label of a record's sheet."""
    row = next(row for row in range(1, 90) if page.cell(row, 1).value == label)
    return page.cell(row, 2)


def column_of(page: Any, label: str) -> int:
    return next(c for c in range(1, 60) if page.cell(4, c).value == label)


def faults(submission: Submission) -> list[tuple[str | None, str]]:
    """(sheet!cell, what was found) of every fault."""
    return [(fault.location.cell, fault.found) for fault in submission.faults]


def own(field: Field, tree: Any) -> Any:
    """A generated tree without what only a bureau or the program gives."""
    if isinstance(tree, dict):
        children = field.fields
        return {
            name: own(children[name], value)
            for name, value in tree.items()
            if not children[name].reader and not children[name].bureau
        }
    if isinstance(tree, list) and field.item is not None:
        return [own(field.item, member) for member in tree]
    return tree


def comparable(submission: Submission) -> dict[str, Any]:
    """Values and faulty places; contradictions are told with places, so they are left out."""
    found: dict[str, Any] = {k: v for k, v in submission.tree.items() if k != "conflicts"}
    places = set()
    for pointer in submission.faulted:
        above, _, last = pointer.rpartition("/")
        inner = submission.schema.at(above) if last.isdecimal() else None
        places.add(above if inner is not None and inner.kind == "list" else pointer)
    found["faulted"] = sorted(places)
    return found
