"""A file that is written whole or not at all, whatever ends the program meanwhile."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

#: Why a file cannot be replaced though it may be written: it is a mount, or its folder is not ours.
_IN_PLACE = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or keeps what it was; raises OSError."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = Path(os.path.realpath(path))
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
    with open(scratch, "xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if target.exists():
                scratch.chmod(target.stat().st_mode & 0o777)
            os.replace(scratch, target)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
