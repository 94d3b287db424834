"""Worker processes of a run that are killed or stopped from outside, as a system may do.

The out-of-memory killer ends one, a disk that does not answer holds one up for ever: here each
worker that has a document converted is killed, and one that judges is stopped (SIGSTOP).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ended:
    """A run: its exit code and output, the workers that were killed and stopped, the most memory.

    ``seconds`` is wall time, ``memory`` the resident bytes of its largest worker.
    """

    code: int
    out: str
    told: str
    killed: int
    stopped: int
    seconds: float
    memory: int


def run(words: Sequence[str], cwd: Path, kept: Path) -> Ended:
    """``kehou`` with these words; a worker is stopped once two submissions were ``kept``."""
    begun = time.monotonic()
    with (cwd / "out.txt").open("wb") as out, (cwd / "told.txt").open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "kehou", *words],
            cwd=cwd,
            stdout=out,
            stderr=told,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "TMPDIR": str(cwd)},
        )
        killed: set[int] = set()
        stopped = memory = 0
        while process.poll() is None:
            for worker in _workers(process.pid):
                memory = max(memory, _resident(worker))
                if worker not in killed and any(map(_converts, _children(worker))):
                    os.kill(worker, signal.SIGKILL)
                    killed.add(worker)
                elif not stopped and sum(1 for _ in kept.glob("*/*.kept.gz")) >= 2:
                    os.kill(worker, signal.SIGSTOP)
                    stopped = worker
            time.sleep(0.02)
    return Ended(
        process.returncode,
        (cwd / "out.txt").read_text("utf-8"),
        (cwd / "told.txt").read_text("utf-8"),
        len(killed),
        1 if stopped else 0,
        time.monotonic() - begun,
        memory,
    )


def _workers(parent: int) -> list[int]:
    return [pid for pid in _children(parent) if b"spawn_main" in _command(pid)]


def _converts(pid: int) -> bool:
    return b"soffice" in _command(pid) or any(map(_converts, _children(pid)))


def _children(pid: int) -> list[int]:
    """The processes that all threads of one started; none of one that has ended."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    except OSError:
        return []
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(told.partition("VmHWM:")[2].split()[0]) << 10 if "VmHWM:" in told else 0
