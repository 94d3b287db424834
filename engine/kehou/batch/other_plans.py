"""Documents beside the file of a submission that are the plan of somebody else.

A folder may hold one form and the documents of others: theirs are submissions, not papers of the
form's. It takes reading them to tell; what says nobody's name, or the same, stays a paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kehou.checking.declared_values import text_at
from kehou.errors import KehouError
from kehou.fields import Schema
from kehou.readers import ReadError
from kehou.submission import collect
from kehou.submission.prose_files import named_alike, prose_document


def plans_of_others(own: Path | None, documents: Sequence[Path], schema: Schema) -> list[Path]:
    """The documents that say another name than the submission ``own``, and more than a name.

    Where there is no such submission, all that say a name, and those that are named like a plan
    and cannot be read.
    """
    found = [(entry, _whose_plan(entry, schema)) for entry in documents]
    named = [(entry, name) for entry, name in found if name]
    if own is None:
        closed = named_alike([entry for entry, name in found if name is None], schema)
        return [*(entry for entry, _ in named), *closed]
    if not named:
        return []
    try:
        root = collect(own, schema).root
    except (KehouError, ReadError):
        return [entry for entry, _ in named]
    tree = root.tree if root is not None else None
    ours = _name(tree, schema.declared.whose.name) if isinstance(tree, Mapping) else ""
    return [entry for entry, name in named if ours and not (ours in name or name in ours)]


def _whose_plan(document: Path, schema: Schema) -> str | None:
    """The name that a document says of itself; "" where it says none, or nothing but it; None
    where it cannot be read.
    """
    whose = schema.declared.whose.name
    part = schema.statements
    try:
        tree = prose_document(document, schema).tree
    except ReadError:
        return None
    bare = {part.name if part else "", (whose or "").partition(".")[0]}
    if not isinstance(tree, Mapping) or not set(tree) - bare:
        return ""
    return _name(tree, whose)


def _name(tree: Mapping[str, Any], path: str | None) -> str:
    return (text_at(tree, path) or "").strip() if path else ""
