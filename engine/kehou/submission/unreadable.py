"""Why nothing was read of what was handed in: which file, what is wrong with it, the way out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kehou.errors import UnreadableError
from kehou.fields import Schema
from kehou.fields.privacy import quoted_unshown
from kehou.readers import ReadError
from kehou.readers.files import PROSE, READ_PROSE

if TYPE_CHECKING:
    from kehou.submission.files import Sources


def why_no_root(found: Sources, path: str | Path, schema: Schema) -> UnreadableError | None:
    """Why the file that holds the whole gives nothing; None where it does, or there is none."""
    main_file = schema.declared.nouns["zh"]["main_file"]
    for part, names in found.doubled:
        if not part:
            message = f"{main_file}给了两份：{'、'.join(names)}"
            return UnreadableError("main-file-twice", message, str(path), "请只留一份")
    errors = [error for part, _, error in found.failed if not part]
    if found.root is None:
        errors += found.torn
    return as_unreadable(errors[0]) if errors else None


def nothing_read(found: Sources, place: Path, schema: Schema) -> UnreadableError:
    """Why a folder gives nothing at all."""
    if why := why_no_root(found, place, schema):
        return why
    if found.failed:
        return as_unreadable(found.failed[0][2])
    main_file = schema.declared.nouns["zh"]["main_file"]
    return UnreadableError(
        "nothing-to-read",
        f"文件夹里没有{main_file}文件{_prose_in(found, main_file)}",
        str(place),
        f"请把{main_file}写在 {_names_of_root(schema)}里，或填在 kehou form 生成的表格里",
    )


def _prose_in(found: Sources, main_file: str) -> str:
    """The Word and PDF files that a folder has instead."""
    names = [name for name in found.unread if name.lower().endswith(PROSE)]
    told = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
    if not names:
        return ""
    several = sum(name.lower().endswith(tuple(READ_PROSE)) for name in names) > 1
    return f"，只有 Word、PDF 一类的文字：{told}" + (
        f"，不知道哪一份是{main_file}" if several else ""
    )


def _names_of_root(schema: Schema) -> str:
    """Files that may hold the whole submission: ``plan.yaml（或 实施方案.yaml、plan.json）``."""
    stems = schema.root_stems or ("submission",)
    others = [f"{stem}.yaml" for stem in stems[1:2]] + [f"{stems[0]}.json"]
    return f"{stems[0]}.yaml（或 {'、'.join(others)}）"


def as_unreadable(error: ReadError) -> UnreadableError:
    """The same error for a submission; its cause keeps every problem that the file has."""
    message = quoted_unshown(str(error.message))
    found = UnreadableError("unreadable", message, error.where, error.hint)
    found.__cause__ = error
    return found
