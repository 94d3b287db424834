"""``python -m tests.support.fuzz``: fuzz for minutes, each family in a process of its own.

    make fuzz MINUTES=30               every family in turn, 30 minutes each
    make fuzz MINUTES=30 FAMILY=xlsx   one of them

Prints for each family how many inputs, how many crashes, the slowest input and the most memory.
Each crash goes, minimised, into a folder with its seed, its files and what was told. A process has
a limit on its memory; one that dies or stands still is a crash of the seed that it was at.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from tests.support.fuzz.case import Case, Fault
from tests.support.fuzz.families import FAMILIES
from tests.support.fuzz.forms import PROGRAMS
from tests.support.fuzz.oracle import memory, words_of
from tests.support.fuzz.walk import smaller, walk
from tests.support.shelf import loaded_once

#: Bytes of address space of a process; wall seconds for one input, and crashes of a kind kept.
MOST_MEMORY, MOST_WAIT, KEPT = 3 << 30, 180, 3
_WORKER = "--worker"


def main() -> int:
    """Run by hand; 1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--family", choices=tuple(FAMILIES), action="append")
    parser.add_argument("--seed", type=int, default=1_000_000, help="the first seed")
    parser.add_argument("--into", type=Path, default=Path("fuzz-crashes"))
    parser.add_argument(_WORKER, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    families = options.family or list(FAMILIES)
    if options.worker:
        _work(families[0], options.minutes, options.seed, options.into)
        return 0
    print("family       inputs  crashes  slowest s  memory MB", flush=True)
    totals = [0, 0, 0.0, 0]
    for family in families:
        told = _family(family, options.minutes, options.seed, options.into)
        print(_line(family, *told), flush=True)
        totals = [
            totals[0] + told[0],
            totals[1] + told[1],
            max(totals[2], told[2]),
            max(totals[3], told[3]),
        ]
    print(_line("together", int(totals[0]), int(totals[1]), totals[2], int(totals[3])))
    return 1 if totals[1] else 0


def _line(name: str, inputs: int, crashes: int, slowest: float, most: int) -> str:
    return f"{name:10}{inputs:9,}{crashes:9,}{slowest:11.2f}{most:11,}"


def _family(family: str, minutes: float, seed: int, into: Path) -> tuple[int, int, float, int]:
    """(inputs, crashes, slowest, memory) of a family; a process that dies is begun again."""
    until = time.monotonic() + 60 * minutes
    inputs, crashes, slowest, most = 0, 0, 0.0, 0
    while (left := until - time.monotonic()) > 1:
        words = [sys.executable, "-m", "tests.support.fuzz", "--family", family, _WORKER]
        words += ["--minutes", str(left / 60), "--seed", str(seed), "--into", str(into)]
        here = {"inputs": 0, "crashes": 0, "slowest": 0.0, "memory": 0, "seed": seed}
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                here = json.loads(line)
        inputs, crashes = inputs + int(here["inputs"]), crashes + int(here["crashes"])
        slowest, most = max(slowest, here["slowest"]), max(most, int(here["memory"]))
        seed = int(here["seed"]) + 1
        if child.returncode:
            crashes += 1
            print(f"{family}：种子 {seed} 使进程结束（{child.returncode}）", flush=True)
            seed += 1
    return inputs, crashes, slowest, most


def _work(family: str, minutes: float, first: int, into: Path) -> None:
    """Fuzz in this process, saying after each input how far it is."""
    import signal

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.environ[PROGRAMS] = "1"
    kept: dict[str, int] = {}
    with loaded_once():
        signal.alarm(MOST_WAIT)
        for told in walk(family, first=first, until=time.monotonic() + 60 * minutes):
            seed = first + told.inputs - 1
            if told.faults and told.faults[-1][0] == seed:
                for fault in told.faults[-1][2]:
                    kept[fault.sign] = kept.get(fault.sign, 0) + 1
                    if kept[fault.sign] <= KEPT:
                        _keep(into / f"{family}-{seed}", told.faults[-1][1], fault)
            state = {
                "inputs": told.inputs,
                "crashes": len(told.faults),
                "slowest": round(told.slowest, 2),
                "memory": memory(),
                "seed": seed,
            }
            print(json.dumps(state), flush=True)
            signal.alarm(MOST_WAIT)


def _keep(folder: Path, case: Case, fault: Fault) -> None:
    """Write a crash, as small as it gets: its files, its calls and what was told."""
    import signal

    signal.alarm(0)
    case = smaller(case, fault.sign)
    for name, data in case.files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    text = f"{folder.name}：{case.kind}\n{words_of(case.calls)}\n\n{fault.oracle}\n{fault.told}\n"
    with (folder / "told.txt").open("a", encoding="utf-8", errors="backslashreplace") as out:
        out.write(text)


if __name__ == "__main__":
    sys.exit(main())
