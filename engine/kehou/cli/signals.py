"""A call that somebody ends (SIGTERM, SIGHUP, SIGINT) ends as any other: what it began is tidied.

By default SIGTERM and SIGHUP end a process on the spot, and a file half written would stay behind.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_ENDING: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)
)
#: What a shell adds to the number of the signal that ended a program.
_ENDED: Final = 128


class Ended(BaseException):
    """The call was ended by a signal; ``exit_code`` is what a shell would say of it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = _ENDED + number


@contextmanager
def ending() -> Iterator[None]:
    """Let a signal that ends the program raise `Ended`, once; what is ignored stays so."""
    kept: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        usual = (signal.SIG_DFL, signal.default_int_handler)
        for number in _ENDING:
            if signal.getsignal(number) in usual:
                kept[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    # A second one must not break off the tidying that the first began.
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    raise Ended(number)
