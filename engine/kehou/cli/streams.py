"""Standard input, output and error whatever state they are in: closed, full, or left by a reader.

A stream that is closed must neither be mistaken for a file that is opened later and gets its
number, nor end a call with an exit code that means something else: 1 is a breach and nothing more.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from typing import Final

_NUMBERS: Final = (0, 1, 2)


class Closed(io.TextIOBase):
    """Stands for a standard output that is closed: it takes nothing, and says so."""

    encoding = "utf-8"

    def writable(self) -> bool:
        """As of any output."""
        return True

    def write(self, text: str) -> int:
        """Raises OSError for anything but nothing."""
        if text:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return 0


def secure() -> None:
    """Let no file of ours become number 0, 1 or 2, and no stream be None but standard input."""
    for number in _NUMBERS:
        try:
            os.fstat(number)
        except OSError:
            _to_nowhere(number)
    if sys.stdout is None:
        sys.stdout = Closed()
    if sys.stderr is None:
        sys.stderr = io.StringIO()


def settled(code: int, failed: int) -> int:
    """The exit code of a call whose output has been written out: ``failed`` where it was not.

    What could not be written is thrown away, lest Python try again at exit and end with a code of
    its own.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # ValueError: closed by somebody meanwhile
            give_up(stream)
            code = failed if stream is sys.stdout and code in (0, 1, 3) else code
    return code


def give_up(stream: io.TextIOBase | object) -> None:
    """Send what is left of a stream, and what comes after it, nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        _to_nowhere(stream.fileno())  # type: ignore[union-attr]
        stream.flush()  # type: ignore[union-attr]


def _to_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
