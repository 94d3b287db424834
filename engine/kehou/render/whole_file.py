"""A file that is written whole or not at all, whatever ends the program meanwhile."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from pathlib import Path

#: A file that is being written, and how many seconds one must be old to be nobody's any more.
_SCRATCH = re.compile(r"\.kehou-[0-9a-f]{16}\.tmp")
_STALE = 24 * 3600
#: Why a file cannot be replaced though it may be written: it is a mount, or its folder is not ours.
_IN_PLACE = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or keeps what it was; raises OSError.

    A file that its owner has protected against writing is not replaced either.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():  # one that leads back to itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    try:
        _replace(target, content)
    except OSError as error:
        if error.errno not in _IN_PLACE or not target.is_file():
            raise
        with open(target, "r+b") as file:
            file.write(content)
            file.truncate()


def _replace(target: Path, content: bytes) -> None:
    """Put a new file in the place of another at one stroke, by one that nobody else can name."""
    scratch = target.with_name(f".kehou-{secrets.token_hex(8)}.tmp")
    try:
        with open(scratch, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            made = os.fstat(file.fileno()).st_mtime
        if target.exists():
            scratch.chmod(target.stat().st_mode & 0o777)
        os.replace(scratch, target)
    except FileExistsError:  # somebody else's
        raise
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    _sweep(target.parent, made)


def _sweep(folder: Path, now: float) -> None:
    """Remove what calls of ours that were ended without a chance to tidy left in a folder."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if not _SCRATCH.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            seen = entry.stat(follow_symlinks=False)
            mine = not hasattr(os, "geteuid") or seen.st_uid == os.geteuid()
            if mine and now - seen.st_mtime > _STALE:
                os.unlink(entry.path)
