"""Cold start: a whole `kehou check` as a process of its own, beside a Python that does nothing."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.timing import shown

ROOT = Path(__file__).parents[1]
NOTHING = "python -c pass"
_EXAMPLE = ("examples/primary-compliant", "--data", "county_list=examples/bureau/county_list.yaml")
_KEHOU = (sys.executable, "-c", "import sys; from kehou.cli.main import main; sys.exit(main())")
#: The interpreter itself, without what is installed beside it: an environment first looks for what
#: was installed to be edited, which takes as long again and makes all else look quick.
_PLAIN = getattr(sys, "_base_executable", sys.executable)
COMMANDS: Mapping[str, tuple[str, ...]] = {
    NOTHING: (_PLAIN, "-I", "-S", "-c", "pass"),
    "kehou check, both engines": (*_KEHOU, "check", *_EXAMPLE),
    "kehou check --engine direct": (*_KEHOU, "check", *_EXAMPLE, "--engine", "direct"),
    "kehou check -o json": (*_KEHOU, "check", *_EXAMPLE, "-o", "json"),
    "kehou check -o html": (*_KEHOU, "check", *_EXAMPLE, "-o", "html"),
    "kehou check, a field20 plan": (
        *_KEHOU,
        "check",
        "benchmarks/field20/examples/example.json",
        "--pack",
        "benchmarks/field20",
        "--as-of",
        "2025-09-01",
    ),
    "kehou --help": (*_KEHOU, "--help"),
}


def report(full: bool) -> Iterator[str]:
    """Wall and processor time of each command; bytecode and packs are kept, as after one run."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as cache:
        environment = {
            **os.environ,
            "PYTHONPYCACHEPREFIX": cache,
            "KEHOU_CACHE": f"{cache}/kept",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range((15 if full else 4) + 1):
            for name, command in COMMANDS.items():
                times = _run(command, environment)
                if number:
                    taken[name].append(times)
    yield f"  {'':28}  {'wall':>9}  {'×':>6}  {'processor':>9}  {'×':>6}"
    nothing = [median(times) for times in zip(*taken[NOTHING], strict=True)]
    for name, found in taken.items():
        wall, processor = (median(times) for times in zip(*found, strict=True))
        yield (
            f"  {name:28}  {shown(wall):>9}  {wall / nothing[0]:6.1f}"
            f"  {shown(processor):>9}  {processor / nothing[1]:6.1f}"
        )


def _run(command: tuple[str, ...], environment: Mapping[str, str]) -> tuple[float, float]:
    """(wall, processor) seconds of a command and of the children that it waited for."""
    begun, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    wall, after = perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr.decode()[-2000:]}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor


__all__ = ["report"]
