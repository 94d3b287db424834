"""Goes through the seeds of a family, and makes a crash as small as it gets."""

from __future__ import annotations

import itertools
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.support.fuzz.case import Case, Fault
from tests.support.fuzz.families import FAMILIES
from tests.support.fuzz.oracle import examine


@dataclass
class Told:
    """What a walk came to: inputs, the slowest in seconds with its seed, faults by seed."""

    inputs: int = 0
    slowest: float = 0.0
    slowest_seed: int = 0
    faults: list[tuple[int, Case, list[Fault]]] = field(default_factory=list)


def case_of(family: str, seed: int) -> Case:
    """The input of a seed: the same on every machine."""
    return FAMILIES[family](random.Random(f"{family} {seed}"))


def look(case: Case) -> list[Fault]:
    """The faults of one input, run in a folder that is gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        return examine(case, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def walk(
    family: str, first: int = 0, most: int = 0, until: float = 0.0, stop: int = 0
) -> Iterator[Told]:
    """Seeds from ``first``: at most so many inputs, until a time, or so many faults.

    Yields the running count after each input, before the next one is drawn.
    """
    told = Told()
    for seed in itertools.count(first):
        if (most and told.inputs >= most) or (until and time.monotonic() > until):
            return
        begun = time.process_time()
        case = case_of(family, seed)
        drawn = time.process_time()
        found = look(case)
        taken = time.process_time() - drawn
        told.inputs += 1
        if taken > told.slowest:
            told.slowest, told.slowest_seed = taken, seed
        if found:
            told.faults.append((seed, case, found))
        yield told
        if stop and len(told.faults) >= stop:
            return
        del begun


def smaller(case: Case, sign: str, tries: int = 150) -> Case:
    """The input with as few calls and as few bytes as still show the same fault."""

    def shows(one: Case) -> bool:
        return any(fault.sign == sign for fault in look(one))

    for call in case.calls:
        fewer = replace(case, calls=[c for c in case.calls if c is not call])
        if tries > 0 and shows(fewer):
            case = fewer
        tries -= 1
    for name in list(case.files):
        size = max(len(case.files[name]) // 2, 1)
        while size and tries > 0:
            at = 0
            while at < len(case.files[name]) and tries > 0:
                data = case.files[name]
                fewer = replace(case, files={**case.files, name: data[:at] + data[at + size :]})
                tries -= 1
                if shows(fewer):
                    case = fewer
                else:
                    at += size
            size //= 2
    return case
