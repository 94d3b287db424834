"""Memory over many checks in one process: reading, both engines, report and text, again and again.

What grows is what a check leaves behind. The pack is loaded once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.field20.compare import OPTIONS, load_pack, read
from benchmarks.field20.generate import make, text
from benchmarks.timing import shown
from kehou.checking import reporting
from kehou.checking.pack_run import run
from kehou.render import FORMATS
from kehou.render.screen import Manner

#: Different plans, checked in turn.
_PLANS = 50


def report(full: bool) -> Iterator[str]:
    """Resident memory at ten points of the way."""
    pack = load_pack()
    plans = [text(make(7, number)) for number in range(_PLANS)]
    checks = 10_000 if full else 100
    begun, first = perf_counter(), 0
    for number in range(checks + 1):
        if number % (checks // 10) == 0:
            gc.collect()
            kept = resident()
            if number == checks // 10:  # caches are full by then
                first = kept
            yield f"  after {number:6} checks  {kept / 1000:6.1f} MB"
        submission = read(plans[number % _PLANS], pack)
        found = reporting.report("plan.json", submission, [run(pack, submission, OPTIONS)], OPTIONS)
        FORMATS["text"].render([found], Manner())
    each = (perf_counter() - begun) / checks
    grown = (kept - first) / 1000
    yield f"  from the first tenth to the end {grown:+.1f} MB; {shown(each)} wall a check"


def resident() -> int:
    """Resident memory of this process in KB."""
    return int(Path("/proc/self/status").read_text("ascii").split("VmRSS:")[1].split()[0])


__all__ = ["report", "resident"]
