"""Calls of the command line in a forked child that may be ended, or finds the disk full.

A fork has everything loaded: a call costs what the command does, and a signal meets the command
and not the start of Python. The child is a session of its own, so that whatever it leaves is seen.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

from kehou.cli.main import main

#: What a child ends with that did not get as far as an exit code.
LOST = 99
#: Seconds after which a call that should have ended is given up.
_PATIENCE = 120.0


@dataclass(frozen=True)
class Call:
    """A call that is under way: its process, and the files that hold what it said."""

    pid: int
    out: Path
    told: Path

    def signalled(self, number: int) -> None:
        """Send a signal, unless the call has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def code(self) -> int:
        """The exit code when it has ended, a signal as a negative number."""
        end = time.monotonic() + _PATIENCE
        while True:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.killpg(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise AssertionError("the call did not end")
            time.sleep(0.002)

    def left(self) -> bool:
        """Whether a process of it lives on; a moment is given to those that are ending."""
        for _ in range(200):
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.01)
        os.killpg(self.pid, signal.SIGKILL)
        return True


def begun(words: tuple[str, ...], said: Path, scratch: Path) -> Call:
    """Begin a call; what it says goes to ``said``.out and .err, its own files to ``scratch``."""
    out, told = said.with_suffix(".out"), said.with_suffix(".err")
    with warnings.catch_warnings():
        # Of the threads that run the tests none is in the child, which needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        ready, tell = os.pipe()
        pid = os.fork()
    if pid:
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)
        return Call(pid, out, told)
    code = LOST
    try:
        os.setsid()
        os.close(ready)
        for number, place in ((0, Path(os.devnull)), (1, out), (2, told)):
            opened = os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(open(n, mode, closefd=False), encoding="utf-8")  # noqa: SIM115
            for n, mode in ((0, "rb"), (1, "wb"), (2, "wb"))
        )
        tempfile.tempdir = str(scratch)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.write(tell, b"1")
        os.close(tell)
        code = main(words)
    except SystemExit as asked:
        code = int(asked.code or 0)
    except KeyboardInterrupt:  # before or after the call itself
        code = 128 + signal.SIGINT
    except BaseException:
        with contextlib.suppress(OSError):
            told.with_suffix(".crash").write_text(traceback.format_exc(), "utf-8")
    finally:
        os._exit(code)
