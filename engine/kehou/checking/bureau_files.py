"""Files of a bureau's entries, such as waivers.yaml: read whole, or refused with every fault."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kehou.errors import PackError, UsageError
from kehou.language.yaml_places import Faults, Place, listed, mapping
from kehou.readers import ReadError, read_path
from kehou.readers.copied_text import meant

Entry = TypeVar("Entry")


def file_of(path: str, key: str, title: str) -> Path:
    """The file at a path; raises UsageError where there is none. ``key`` is its option's name."""
    file = Path(path)
    if not os.path.lexists(file):
        hint = f"请核对 --{key} 后的文件名"
        raise UsageError(f"no-{key}", f"找不到{title} {path}", hint=hint)
    return file


def entries(
    file: Path, key: str, title: str, read_entry: Callable[[Any, Place], Entry | None]
) -> list[tuple[Entry, str]]:
    """(entry, file:line) of each item under ``key``, as ``read_entry`` makes it of its tree.

    Raises UsageError where the file cannot be read, PackError with every fault that was noted.
    """
    try:
        document = read_path(file)
    except ReadError as error:
        raise UsageError(f"{key}-unreadable", error.message, error.where, error.hint) from error
    faults = Faults()
    at = Place(document, faults)
    tree = mapping(document.tree, at, (key,), (key,))
    found = []
    for i, item in enumerate(listed(tree.get(key), at / key)):
        place = at / key / i
        entry = read_entry(meant(item), place)
        if entry is not None:
            span = document.span(place.pointer)
            found.append((entry, f"{document.name}:{span.line if span else 1}"))
    if faults.found:
        raise PackError(faults.placed(), title)
    return found
