"""Another program run on a file: with limits on time and memory, ended with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class OutOfTimeError(TimeoutError):
    """A program that did not come to its end in time; ``written`` is what it had put out."""

    def __init__(self, written: bytes) -> None:
        super().__init__("out of time")
        self.written = written


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    given: bytes = b"",
    seconds: int,
    memory: int,
) -> tuple[bytes, bool]:
    """What a program wrote to its output, and whether it ended as it should.

    ``given`` is its input; ``seconds`` bounds both wall and processor time, ``memory`` the bytes of
    its address space (where the platform can). Its messages are thrown away. Raises
    ``OutOfTimeError``.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=(lambda: limit(seconds, memory)) if os.name == "posix" else None,
    )
    try:
        out, _ = process.communicate(given, seconds)
    except subprocess.TimeoutExpired as error:
        raise OutOfTimeError(error.stdout or b"") from None
    finally:
        _end(process)
    return out, process.returncode == 0


def limit(seconds: int, memory: int) -> None:
    """Limit this process; a lower limit that was set for us stays."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        kept = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (kept, kept))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with whatever it started (its session is its own)."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
