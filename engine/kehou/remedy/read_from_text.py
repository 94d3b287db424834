"""What a program read of a submission of prose, for a letter that does not ask for it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kehou.fields import Field, Schema
from kehou.model.confirmations import Hand
from kehou.submission import Submission


@dataclass(frozen=True, slots=True)
class ReadText:
    """The files, the titles of what was read in them, and the lists that may have more rows.

    ``lists`` are (title, rows) of the lists among ``titles``, which are counted there; ``open``
    are the titles of those of which nobody knows whether there is more, ``whole`` of those that
    somebody confirmed to be whole. ``hands`` looked ``confirmed`` of the readings through;
    ``left`` and ``left_lists`` are what nobody did, as ``titles`` and ``lists``.
    """

    files: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    lists: tuple[tuple[str, int], ...] = ()
    open: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    hands: tuple[Hand, ...] = ()
    confirmed: int = 0
    left: tuple[str, ...] = ()
    left_lists: tuple[tuple[str, int], ...] = ()


NOTHING_READ: Final = ReadText()


def read_from_text(submission: Submission) -> ReadText:
    """What was read of prose, or filled in from it; nothing where all was handed in as data."""
    files = submission.prose_files
    titles: dict[str, None] = {}
    left: dict[str, None] = {}
    lists: list[tuple[str, int]] = []
    left_lists: list[tuple[str, int]] = []
    opened: list[str] = []
    whole: list[str] = []
    confirmed = 0
    for mount in submission.places.mounts:
        if mount.document.name not in files or mount.base:
            continue
        known = mount.document.confirmed
        for pointer, field, rows in _read(mount.document.tree, submission.schema):
            parts = [f"{pointer}/{n}" for n in range(rows)] if rows else [pointer]
            unsure = sum(not known.covers(part) for part in parts)
            confirmed += len(parts) - unsure
            if field.kind != "rows":
                titles[field.title] = None
                if unsure:
                    left[field.title] = None
                continue
            lists.append((field.title, rows))
            left_lists += [(field.title, unsure)] if unsure else []
            if pointer in submission.open_lists:
                opened.append(field.title)
            elif field.title in known.whole:
                whole.append(field.title)
    part = submission.schema.statements
    return ReadText(
        files,
        tuple(titles),
        tuple(lists),
        tuple(opened),
        tuple(whole),
        submission.confirmed.hands(part.title if part else ""),
        confirmed,
        tuple(left),
        tuple(left_lists),
    )


def _read(tree: Any, schema: Schema, path: str = "") -> Iterator[tuple[str, Field, int]]:
    """(pointer, field, members) of all that is read; what the reader alone fills in is none of it.

    ``members`` are those of a list, 0 of what is none.
    """
    for name, value in tree.items() if isinstance(tree, dict) else ():
        part = schema.root.fields.get(name) if not path else None
        if part is not None and part.reader:
            continue
        inner = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _read(value, schema, inner)
        elif value is not None and (field := schema.field(inner)) is not None:
            members = len(value) if isinstance(value, list) else 0
            yield "/" + inner.replace(".", "/"), field, members


__all__ = ["NOTHING_READ", "ReadText", "read_from_text"]
