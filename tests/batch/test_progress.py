"""The bar of a run over many: on a terminal, and nowhere else."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

PROGRAM = """\
from kehou.batch.progress import watched
print(list(watched(range(4), 4, "检查", "所", "约剩 {time}")))
"""


def on_terminal(columns: int) -> str:
    """What a run shows on a terminal of so many columns; 0 for one that does not say."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert child.wait() == 0
    return shown.decode()


@pytest.mark.parametrize("columns", [0, 60, 120])
def test_a_terminal_shows_how_far_how_fast_and_how_long(columns: int) -> None:
    shown = on_terminal(columns)
    assert "检查 4/4 |" in shown
    assert "所/s 约剩 0" in shown
    assert max(len(line) for line in shown.split("\r")) <= (columns or 80)


def test_nothing_is_shown_where_nobody_looks() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[0, 1, 2, 3]\n", "")
