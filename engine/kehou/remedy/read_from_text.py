"""What a program read of a submission of prose, for a letter that does not ask for it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kehou.fields import Schema
from kehou.submission import Submission


@dataclass(frozen=True, slots=True)
class ReadText:
    """The files, the titles of what was read in them, and the lists that may have more rows.

    ``lists`` are (title, rows) of the lists among ``titles``, which are counted there.
    """

    files: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    lists: tuple[tuple[str, int], ...] = ()


NOTHING_READ: Final = ReadText()


def read_from_text(submission: Submission) -> ReadText:
    """What was read of prose, or filled in from it; nothing where all was handed in as data."""
    files = submission.prose_files
    titles: list[str] = []
    lists: list[tuple[str, int]] = []
    for mount in submission.places.mounts:
        if mount.document.name not in files or mount.base:
            continue
        for path, value in _values(mount.document.tree, submission.schema):
            field = submission.schema.field(path)
            if field is None:
                continue
            if isinstance(value, list) and field.kind == "rows":
                lists.append((field.title, len(value)))
            else:
                titles.append(field.title)
    return ReadText(files, tuple(dict.fromkeys(titles)), tuple(lists))


def _values(tree: Any, schema: Schema, path: str = "") -> Iterator[tuple[str, Any]]:
    """What is read, by its path; what the reader alone fills in is none of it."""
    for name, value in tree.items() if isinstance(tree, dict) else ():
        part = schema.root.fields.get(name) if not path else None
        if part is not None and part.reader:
            continue
        inner = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _values(value, schema, inner)
        elif value is not None:
            yield inner, value


__all__ = ["NOTHING_READ", "ReadText", "read_from_text"]
