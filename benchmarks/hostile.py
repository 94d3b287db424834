"""Files made to hurt: processor time until each is refused or read, and the memory it took.

The files are those of the tests, which hold them to 20 seconds and 300 MB; here the aim is two.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.readers.test_hostile_files import READ, REFUSED

from benchmarks.timing import shown

#: Reads one file, and tells the seconds that took and the most memory that the process ever had.
_CHILD = """
import sys, time
from pathlib import Path
from kehou.readers import ReadError, read_path
import kehou.readers.csv_reader, kehou.readers.json_reader, kehou.readers.yaml_reader
import kehou.readers.decoding, kehou.readers.yaml_faults
begun = time.process_time()
try:
    read_path(Path(sys.argv[1])).span("/1")
except ReadError as error:
    str(error)
taken = time.process_time() - begun
print(taken, Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
#: What a short run looks at: one of each way to hurt.
_FEW = (
    "alias-bomb.yaml",
    "flow-deep.yaml",
    "long-quoted.yaml",
    "same-keys.yaml",
    "deep.json",
    "many.json",
    "open-quote.csv",
)


def report(full: bool) -> Iterator[str]:
    """Files by the time that they take, the slowest first."""
    cases = [(name, build) for name, build, _ in REFUSED]
    cases += [(f"read-{name}", build) for name, build, _ in READ]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, build in cases:
            if not full and name not in _FEW:
                continue
            path = Path(folder, name)
            path.write_text(build(), "utf-8", newline="")
            seconds, memory = _measured(path)
            found.append((seconds, memory, name, path.stat().st_size))
            path.unlink()
    yield f"  {'':20} {'file':>8}  {'time':>8}  {'most memory':>11}"
    for seconds, memory, name, size in sorted(found, reverse=True):
        yield f"  {name:20} {size / 1e6:5.1f} MB  {shown(seconds):>8}  {memory / 1000:8.0f} MB"


def _measured(path: Path) -> tuple[float, int]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


__all__ = ["report"]
