"""Packs as they were last loaded, kept in the user's cache folder so that the next start is quick.

What is kept is data, never code (`plain_form`), and is taken only where everything that it was made
of is still as it was: the names, sizes and times of the pack's files, of the lexicons and schemas
it may read, and of kehou itself, and the version of Python. A file that is damaged, that belongs to
somebody else or that others may write to is passed over as if it were not there; where nothing can
be written, nothing is. The folder is ``KEHOU_CACHE``, by default ``kehou`` in the platform's own;
``KEHOU_CACHE=0`` keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import stat
import sys
import time
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from kehou import __version__, data
from kehou.packs.lexicons import folders
from kehou.packs.pack import Pack
from kehou.packs.plain_form import UnkeptError, pack_of, plain
from kehou.packs.shipped import NO_SAY

#: How what is kept is laid out; another number, another layout.
_LAYOUT: Final = b"kehou-pack/1\n"
_DIGEST: Final = 32
_MOST_BYTES: Final = 50_000_000
#: So many packs are kept; the one that was kept first makes room for the next.
_MOST_FILES: Final = 32
#: What was written so lately may change again without its time showing it.
_SETTLED: Final = 2.0
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
Stamp = tuple[Any, ...]


def stamp(root: Path | Traversable) -> Stamp | None:
    """Everything by which a pack that is kept may be told from what would be loaded now.

    None where nothing is to be kept, or it cannot be told, as of a pack in an archive.
    """
    code = data.code()
    if _folder() is None or not isinstance(root, Path) or not isinstance(code, Path):
        return None
    found: list[tuple[Any, ...]] = []
    try:
        for folder in (root, *folders(root), data.schemas()):
            found += [(str(folder), *seen) for seen in _seen(str(folder))]
        found += [("", *seen) for seen in _seen(str(code), ".py")]
    except OSError:
        return None
    return (__version__, sys.version, os.path.realpath(root), tuple(found))


def _seen(folder: str, ending: str = "") -> Iterator[tuple[str, int, int, int]]:
    """(name, size, time of writing, time of change) of the files below a folder, by name."""
    try:
        with os.scandir(folder) as there:
            entries = sorted(there, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in NO_SAY:
                for name, size, written, altered in _seen(entry.path, ending):
                    yield f"{entry.name}/{name}", size, written, altered
        elif entry.name.endswith(ending) and not entry.name.endswith(".test.yaml"):
            at = entry.stat()
            yield entry.name, at.st_size, at.st_mtime_ns, at.st_ctime_ns


def read(root: Path | Traversable, now: Stamp | None) -> Pack | None:
    """The pack that is kept of a folder, where it was made of what there is now."""
    folder = _folder()
    if now is None or folder is None or not _is_ours(folder):
        return None
    content = _content(folder / _name(root))
    if content is None or not content.startswith(_LAYOUT):
        return None
    start = len(_LAYOUT) + _DIGEST
    body = content[start:]
    if hashlib.sha256(body).digest() != content[len(_LAYOUT) : start]:
        return None
    try:
        made_of, form = marshal.loads(body)
        return pack_of(form, root) if made_of == now else None
    except Exception:  # whatever is wrong with it, the pack itself is there
        return None


def write(root: Path | Traversable, made_of: Stamp | None, pack: Pack) -> None:
    """Keep a pack that was loaded from what ``made_of`` tells; silently not where that fails."""
    folder = _folder()
    if made_of is None or folder is None:
        return
    latest = max((max(seen[-2:]) for seen in made_of[-1]), default=0) / 1e9
    if time.time() - latest < _SETTLED or stamp(root) != made_of:
        return
    with contextlib.suppress(OSError, UnkeptError, ValueError):
        if not _is_ours(folder):
            folder.mkdir(mode=0o700, parents=True)
        if _is_ours(folder):
            body = marshal.dumps((made_of, plain(pack)))
            _make_room(folder)
            _put(folder / _name(root), _LAYOUT + hashlib.sha256(body).digest() + body)


def _folder() -> Path | None:
    """Where packs are kept, by the platform's rule; None where nothing is to be kept."""
    asked = os.environ.get("KEHOU_CACHE")
    if asked is not None:
        return None if asked in ("", "0") or not os.path.isabs(asked) else Path(asked) / "packs"
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else os.path.join(home, ".cache")
    return Path(base) / "kehou" / "packs" if os.path.isabs(base) else None


def _name(root: Path | Traversable) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(str(root)))).hexdigest()[:32] + ".pack"


def _is_ours(folder: Path) -> bool:
    """Whether a folder is the user's own and nobody else may write into it."""
    try:
        seen = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(seen.st_mode) and _is_owners(seen)


def _is_owners(seen: os.stat_result) -> bool:
    if sys.platform == "win32":  # the folder of the user's profile lets nobody else in
        return True
    return seen.st_uid == os.geteuid() and not seen.st_mode & _OTHERS


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file of the user's own, which is no link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            seen = os.fstat(file.fileno())
            sound = stat.S_ISREG(seen.st_mode) and _is_owners(seen)
            return file.read() if sound and seen.st_size <= _MOST_BYTES else None
    except OSError:
        return None


def _put(path: Path, content: bytes) -> None:
    """Write a file at one stroke."""
    draft = path.with_suffix(f".{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(draft, flags, 0o600), "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def _make_room(folder: Path) -> None:
    """Remove what was kept longest ago, and drafts that were left."""
    with os.scandir(folder) as there:
        by_time = sorted(there, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
    for entry in by_time[: max(0, len(by_time) - _MOST_FILES + 1)]:
        os.unlink(entry.path)
