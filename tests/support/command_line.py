"""``kehou`` as its command line is called: in this process, or in one of its own.

Starting Python costs a test more than most commands do. A process of its own is for what only one
can show: another encoding, a reader that leaves, the same bytes whatever the hash seed, what is
imported. Everything else calls ``main`` here, with the folder, the input and the output of its own.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from kehou.cli.main import main

PROGRAM = (sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())")
#: (exit code, output, complaints)
Ran = tuple[int, str, str]


def here(*arguments: str, cwd: Path | None = None, stdin: bytes = b"") -> Ran:
    """A run in this process, in UTF-8. ``--help`` and the like leave by SystemExit, as they do."""
    out, told = io.BytesIO(), io.BytesIO()
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8")),
        mock.patch.object(sys, "stdout", io.TextIOWrapper(out, "utf-8", newline="")),
        mock.patch.object(sys, "stderr", io.TextIOWrapper(told, "utf-8", newline="")),
    ):
        code = main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        return code, out.getvalue().decode("utf-8"), told.getvalue().decode("utf-8")


def apart(*arguments: str, cwd: Path | None = None, stdin: bytes | None = None) -> Ran:
    """A run in a process of its own, in UTF-8."""
    ran = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")
